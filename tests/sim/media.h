// Media across the simulated network: one party's calls, each with an rtp::Session of its own on a pair of
// ports, negotiated from the call's offers and answers (RFC 3264), and the user who puts both together.
//
//   Node& alice = world.AddNode(..., std::make_unique<MediaUser>(script));
//   ... after the nodes, so that ladders have no columns for ports:
//   AddMedia(world, alice, {.ptime_ms = 20});
//
// What is said is a function of the RTP timestamp and never silence, so that oracles know every sample again.
#ifndef SANSIP_TESTS_SIM_MEDIA_H_
#define SANSIP_TESTS_SIM_MEDIA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/action/sink.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/sdp/negotiation.h"
#include "sansip/rtp/session.h"
#include "sansip/tests/sim/element.h"
#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/script.h"

namespace sansip::sim {

// Planted in an adapter, for tests of the oracles.
enum class MediaFault : std::uint8_t {
  kNone,
  kPlaysTwice,   // each 16th frame
  kHearsLess,    // each 16th packet that came is kept from the session
  kTalksOnHold,  // whatever was agreed
  kNeverStops,   // after the call
};

struct MediaElementOptions {
  int ptime_ms = 20;  // RFC 3551 4.2: of each packet sent
  MediaFault fault = MediaFault::kNone;
};

class MediaElement final : public Element {
 public:
  // Ports of a call that is over are not given to another one while packets for them may be under way.
  static constexpr Duration kPortsRest = std::chrono::seconds(4);
  static constexpr std::uint16_t kFirstPort = 17000;

  MediaElement(World& world, std::uint32_t number, Node& party, const MediaElementOptions& options);

  using Place = std::uint32_t;  // of a call's media
  Place Open(Instant now);
  void Bind(Place place, CallId call) { lines_[place]->call = call; }
  sdp::Negotiation& negotiation(Place place) { return *lines_[place]->negotiation; }
  // What was agreed is in force from now on.
  void Start(Instant now, Place place);
  void Stop(Instant now, Place place);

  const std::string& name() const override { return no_name_; }
  void OnArrival(Instant now, const Arrival& arrival) override;
  void OnDeadline(Instant now) override;
  [[nodiscard]] Instant next_deadline() const override { return next_; }
  std::size_t left() const override;  // lines that were not stopped

  // Of the first of a party's ports; further ones follow, RTP and RTCP in turn.
  static SocketAddress FirstAddress(const Node& party);

 private:
  struct Line {
    CallId call;
    EndpointId rtp = 0, rtcp = 0;
    std::uint16_t port = 0;
    Instant free_at = kNever;  // stopped, and others may have the ports then
    std::optional<sdp::Negotiation> negotiation;
    std::unique_ptr<rtp::Session> session;
    std::uint32_t heard = 0, played = 0;  // for faults
  };

  Line& AddLine();
  void Execute(Instant now, Line& line);
  void Send(Instant now, Line& line, bool is_rtcp, const SocketAddress& to, std::string_view wire);
  void Play(Instant now, Line& line, const rtp::action::Frame& frame);
  void Note(Instant now, const Line& line, std::string_view name, std::string_view text = {},
            std::uint32_t ssrc = 0);
  void FindNext();

  Node& party_;
  const MediaElementOptions options_;
  SeededRandom random_;
  const std::string no_name_;
  std::string cname_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::map<EndpointId, Place> places_;
  Instant next_ = kNever;
  SinkOf<rtp::SessionAction, rtp::Session::kActionsPerEventMax> sink_;
};

// A scripted user whose calls have media. Its second re-INVITE takes back the hold of the first.
class MediaUser final : public ScriptedUser {
 public:
  explicit MediaUser(const Script& script) : ScriptedUser(script) {}

  void OnAction(Node& node, Instant now, const UserAgentAction& action) override;
  std::string_view Offer(Instant now) override;
  void OnPlaced(Instant now, CallId call) override;

 protected:
  std::string_view Describe(Instant now, CallId call) override;
  std::string_view Reoffer(Instant now, CallId call) override;
  void OnDescribed(Instant now, CallId call) override;
  void OnNotOffered(CallId call) override;

 private:
  friend void AddMedia(World& world, Node& node, const MediaElementOptions& options);
  struct CallMedia {
    MediaElement::Place place = 0;
    std::string answer;  // to an offer of the peer's that is not answered yet
  };

  CallMedia* Find(CallId call);
  void TurnHold(CallMedia& media);
  void ReadOffer(CallMedia& media, std::string_view offer);

  MediaElement* media_ = nullptr;
  std::optional<MediaElement::Place> placing_;  // of the call that is being placed
  std::optional<sdp::Negotiation> before_;      // the latest Reoffer
  std::map<std::uint64_t, CallMedia> calls_;
};

// For a node whose user is a MediaUser.
void AddMedia(World& world, Node& node, const MediaElementOptions& options);

// The octet of PCMU that is said at this RTP timestamp; never one of silence.
constexpr std::uint8_t SaidAt(std::uint32_t timestamp) {
  return static_cast<std::uint8_t>((timestamp ^ timestamp >> 7) % 126);
}

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_MEDIA_H_
