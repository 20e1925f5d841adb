// Who may offer now, and the two descriptions in force (RFC 3264 4, 5, 8; RFC 3261 13.2.1; RFC 3311 5; RFC
// 6337 3, 4).
//
// Bodies are bytes. One offer at a time, in either direction; an exchange that fails leaves everything as it
// was. An empty description stands for none. kExchangeArrows is all that may happen:
//
//                 Stable         LocalOffer    Previewed     RemoteOffer
//   local offer   LocalOffer     -             -             -
//   remote offer  RemoteOffer    - (491)       - (491)       - (500)
//   preview       -              Previewed     -             -
//   remote answer -              Stable        Stable        -
//   local answer  -              -             -             Stable
//   failure       Stable         Stable        Stable        Stable
//
// A preview is the answer in an unreliable provisional response: in force, but it ends no exchange; the
// answer that does is the same (RFC 6337 3.1.1), so that its words are not read again.
#ifndef SANSIP_DIALOG_OFFER_ANSWER_H_
#define SANSIP_DIALOG_OFFER_ANSWER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/dialog/kept_text.h"

namespace sansip {

class OfferAnswer {
 public:
  enum class State : std::uint8_t { kStable, kLocalOffer, kPreviewed, kRemoteOffer };
  enum class Event : std::uint8_t {
    kLocalOffer,
    kRemoteOffer,
    kRemotePreview,
    kRemoteAnswer,
    kLocalAnswer,
    kFailure
  };

  State state() const { return state_; }
  bool CanOffer() const { return state_ == State::kStable; }
  bool local_offer_open() const { return state_ == State::kLocalOffer || state_ == State::kPreviewed; }
  bool has_session() const { return !local_.empty() || !remote_.empty(); }

  // Each false, and without effect, in another state than the one it belongs to.
  [[nodiscard]] bool OnLocalOffer(std::string_view offer);
  [[nodiscard]] bool OnRemoteOffer(std::string_view offer);
  [[nodiscard]] bool OnRemotePreview(std::string_view answer);
  // Empty, after a preview: a 2xx that does not repeat it.
  [[nodiscard]] bool OnRemoteAnswer(std::string_view answer);
  [[nodiscard]] bool OnLocalAnswer(std::string_view answer);
  // The open offer was refused, cancelled or never answered.
  void OnFailure();

  // A re-INVITE begins: what is agreed from here on may be undone. It succeeded: no more. It failed: the
  // session is that of the mark (RFC 3261 14.1; RFC 6141 3.1), whatever was agreed since, in its reliable
  // provisionals, PRACKs or UPDATEs; true if anything was. An offer that is open now is not touched.
  void Mark();
  void Unmark();
  bool RollBack();

  // In force; the offer under way is not.
  std::string_view local() const { return local_; }
  std::string_view remote() const { return remote_; }
  std::string_view open_offer() const { return offer_; }

  void Reset();  // keeps the storage
  // The session in force, of a snapshot; into one that is as new.
  void Restore(std::string_view local, std::string_view remote);
  void CopyFrom(const OfferAnswer& other);
  bool IsConsistent() const {
    return (state_ == State::kLocalOffer || state_ == State::kRemoteOffer) == !offer_.empty() &&
           (is_marked_ || !has_changed_);
  }

 private:
  bool Take(Event event);
  void KeepMarked();  // before a session agreed replaces the one of the mark

  State state_ = State::kStable;
  bool is_marked_ = false, has_changed_ = false;
  KeptText local_, remote_, offer_;
  KeptText marked_local_, marked_remote_;
};

inline constexpr std::size_t kExchangeStates = 4, kExchangeEvents = 6;

struct ExchangeArrow {
  OfferAnswer::State from;
  OfferAnswer::Event on;
  OfferAnswer::State to;
};

inline constexpr auto kExchangeArrows = std::to_array<ExchangeArrow>({
    {OfferAnswer::State::kStable, OfferAnswer::Event::kLocalOffer, OfferAnswer::State::kLocalOffer},
    {OfferAnswer::State::kStable, OfferAnswer::Event::kRemoteOffer, OfferAnswer::State::kRemoteOffer},
    {OfferAnswer::State::kStable, OfferAnswer::Event::kFailure, OfferAnswer::State::kStable},
    {OfferAnswer::State::kLocalOffer, OfferAnswer::Event::kRemotePreview, OfferAnswer::State::kPreviewed},
    {OfferAnswer::State::kLocalOffer, OfferAnswer::Event::kRemoteAnswer, OfferAnswer::State::kStable},
    {OfferAnswer::State::kLocalOffer, OfferAnswer::Event::kFailure, OfferAnswer::State::kStable},
    {OfferAnswer::State::kPreviewed, OfferAnswer::Event::kRemoteAnswer, OfferAnswer::State::kStable},
    {OfferAnswer::State::kPreviewed, OfferAnswer::Event::kFailure, OfferAnswer::State::kStable},
    {OfferAnswer::State::kRemoteOffer, OfferAnswer::Event::kLocalAnswer, OfferAnswer::State::kStable},
    {OfferAnswer::State::kRemoteOffer, OfferAnswer::Event::kFailure, OfferAnswer::State::kStable},
});

// nullopt: the state has no such arrow, nothing happens.
constexpr std::optional<OfferAnswer::State> NextExchangeState(OfferAnswer::State from,
                                                              OfferAnswer::Event on) {
  for (const ExchangeArrow& arrow : kExchangeArrows) {
    if (arrow.from == from && arrow.on == on) return arrow.to;
  }
  return std::nullopt;
}

}  // namespace sansip

#endif  // SANSIP_DIALOG_OFFER_ANSWER_H_
