// Who may offer now, and the two descriptions in force (RFC 3264 4, 5, 8; RFC 3261 13.2.1; RFC 3311 5).
//
// Bodies are bytes. One offer at a time, in either direction; an exchange that fails leaves everything as it
// was. An empty description stands for none.
//
//   Stable --local offer--> LocalOffer --answer--> Stable      (or --failed--> Stable, as before)
//   Stable --remote offer-> RemoteOffer --answer--> Stable
#ifndef SANSIP_DIALOG_OFFER_ANSWER_H_
#define SANSIP_DIALOG_OFFER_ANSWER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sansip {

class OfferAnswer {
 public:
  enum class State : std::uint8_t { kStable, kLocalOffer, kRemoteOffer };

  State state() const { return state_; }
  bool CanOffer() const { return state_ == State::kStable; }
  bool has_session() const { return !local_.empty() || !remote_.empty(); }

  // Each false, and without effect, in another state than the one it belongs to.
  [[nodiscard]] bool OnLocalOffer(std::string_view offer);
  [[nodiscard]] bool OnRemoteOffer(std::string_view offer);
  [[nodiscard]] bool OnRemoteAnswer(std::string_view answer);
  [[nodiscard]] bool OnLocalAnswer(std::string_view answer);
  // The open offer was refused, cancelled or never answered.
  void OnFailure();

  // In force; the offer under way is not.
  std::string_view local() const { return local_; }
  std::string_view remote() const { return remote_; }
  std::string_view open_offer() const { return offer_; }

  void Reset();  // keeps the storage
  void CopyFrom(const OfferAnswer& other);
  bool IsConsistent() const { return (state_ == State::kStable) == offer_.empty(); }

 private:
  State state_ = State::kStable;
  std::string local_, remote_, offer_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_OFFER_ANSWER_H_
