// One RTP session with one peer: media and its control, without sockets, clocks or threads (RFC 3550, 3551,
// 4733, 4961). Verbs in, actions out, next_deadline(); it knows no SIP and no SDP.
//
// The user's loop:  on a datagram: OnRtp/OnRtcp;  at next_deadline(): OnDeadline;  execute the actions, clear
// the sink. FrameDue asks for the next frame: answer with SendFrame at the same instant, or leave it: that is
// silence, the timestamp runs on, and the frame after it carries the marker (RFC 3551 4.1). While the stream
// is received, each 20 ms give one Frame, gaps filled with silence and counted, so that what is recorded
// keeps its length. Frames are played `playout_delay` after the first packet of a talk came.
//
// Laws, beyond those of core/transaction/layer.h (they hold here too):
//  1. `wire` and `samples` are valid until the next call. SendFrame may be given the samples of the last
//  Frame.
//  2. An event has at most kActionsPerEventMax actions, at most one TransmitRtp and one TransmitRtcp among
//  them.
//     A deadline is one tick; after a stall of more than kStallMax the missed ticks are skipped, not sent in
//     a burst, and the timestamps skip with them.
//  3. No allocation, ever.
//  4. Whose packets count. An address ranks: the signalled one, then another port of the signalled host, then
//     (LatchPolicy::kAnyHost) any other. Media is taken from one address, the latched one: the first that
//     gave two consecutive packets of a negotiated payload type. A higher rank takes over from a lower one,
//     so that the signalled address always wins its stream back; an equal or lower rank only where it
//     continues the same SSRC within the sequence window and the latched address has been silent for
//     kMoveSilenceMin. Configure with other remote addresses starts over. All else is counted and dropped.
//  5. Our SSRC in somebody else's packet: BYE, a new SSRC, counters from zero; once per conflicting address
//     (RFC 3550 8.2).
#ifndef SANSIP_RTP_SESSION_H_
#define SANSIP_RTP_SESSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "sansip/core/action/sink.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/ntp_time.h"
#include "sansip/rtp/stream.h"

namespace sansip::rtp {

namespace action {

// Send from the socket that receives RTP (RFC 4961).
struct TransmitRtp {
  SocketAddress destination;
  std::string_view wire;
};
// Send from the socket that receives RTCP.
struct TransmitRtcp {
  SocketAddress destination;
  std::string_view wire;
};
// It is time for a frame of `samples` samples; its RTP timestamp will be `timestamp`.
struct FrameDue {
  std::uint32_t samples = 0;
  std::uint32_t timestamp = 0;
};
// kPlayoutSamples samples to be played or recorded now; `missing` of them were not there in time and are
// silence.
struct Frame {
  std::span<const std::int16_t> samples;
  std::uint32_t timestamp = 0;
  std::uint32_t missing = 0;
};
// RFC 4733: an event that ended; one per event, however many packets told of it. 0-9, 10 *, 11 #, 12-15 A-D.
struct Digit {
  std::uint8_t event = 0;
  std::uint8_t volume = 0;  // -dBm0
  Duration duration{};
};
// Media comes from here and goes there from now on (law 4).
struct RemoteLatched {
  SocketAddress rtp;
};
// Another SSRC is being played now.
struct SourceChanged {
  std::uint32_t ssrc = 0;
};
// A source said BYE, or was silent for five report intervals (RFC 3550 6.2.1).
struct SourceGone {
  std::uint32_t ssrc = 0;
  bool said_bye = false;
};
// Law 5.
struct SsrcCollision {
  std::uint32_t was = 0;
  std::uint32_t now = 0;
};

}  // namespace action

using SessionAction =
    std::variant<action::TransmitRtp, action::TransmitRtcp, action::FrameDue, action::Frame, action::Digit,
                 action::RemoteLatched, action::SourceChanged, action::SourceGone, action::SsrcCollision>;
using SessionSink = Sink<SessionAction>;

enum class LatchPolicy : std::uint8_t {
  kSignalledOnly,  // nothing but the address of the SDP
  kSameHost,       // another port of its host as well
  kAnyHost,        // any address: for peers behind a NAT
};

struct SessionOptions {
  // RFC 3550 6.5.1: user@host; 1 to 255 octets, copied. Keep it over the sessions of one call.
  std::string_view cname;
  LatchPolicy latch = LatchPolicy::kAnyHost;
  // What smooths the network's jitter; at most kPlayoutDelayMax.
  Duration playout_delay = std::chrono::milliseconds(40);
  // RFC 3550 6.2: octets per second for RTCP, 5 % of G.711 at 20 ms with its headers.
  std::uint32_t rtcp_octets_per_second = 500;
  // RFC 4733: dBm0 without its sign.
  std::uint8_t digit_volume = 10;
};

struct SessionStatistics {
  // Sent: since the start, over all SSRCs; octets are of payload.
  std::uint64_t packets_sent = 0;
  std::uint64_t octets_sent = 0;
  std::uint64_t digits_sent = 0;
  std::uint64_t reports_sent = 0;
  // Received from the latched address.
  std::uint64_t packets_received = 0;
  std::uint64_t octets_received = 0;
  std::uint64_t digits_received = 0;
  std::uint64_t reports_received = 0;
  std::int64_t lost = 0;              // RFC 3550 A.3, over all sources; negative: duplicates
  std::uint32_t jitter = 0;           // RFC 3550 A.8, of the played source, in timestamp units
  std::uint64_t late = 0;             // came after their time to be played
  std::uint64_t samples_missing = 0;  // played as silence
  // Dropped.
  std::uint64_t invalid = 0;               // RFC 3550 A.1, A.2
  std::uint64_t unknown_payload_type = 0;  // RFC 3550 5.1
  std::uint64_t strangers = 0;             // law 4
  std::uint64_t loops = 0;                 // our own SSRC from an address known to conflict
  std::uint64_t ticks_skipped = 0;         // law 2
  // What the peer reports about us (RFC 3550 6.4).
  std::uint8_t remote_fraction_lost = 0;
  std::int32_t remote_lost = 0;
  std::uint32_t remote_jitter = 0;
  Duration round_trip{};  // zero: not known
};

enum class [[nodiscard]] SendResult : std::uint8_t{
    kSent,
    kNotDue,     // no FrameDue is open
    kWrongSize,  // not the size that FrameDue named
};

enum class [[nodiscard]] DigitResult : std::uint8_t{
    kQueued,
    kNotNegotiated,  // no telephone-event in the agreement, or not sending
    kNotTaken,       // the peer does not list this event (RFC 4733 2.5.1.1)
    kQueueFull,
};

class Session {
 public:
  static constexpr std::size_t kActionsPerEventMax = 8;
  static constexpr std::size_t kPlayoutSamples = 160;
  static constexpr std::size_t kDigitsQueuedMax = 32;
  static constexpr std::size_t kDatagramMax = 2048;  // 200 ms of G.711 and headers (RFC 3551 4.2)
  static constexpr Duration kPlayoutDelayMax = std::chrono::milliseconds(200);
  static constexpr Duration kStallMax = std::chrono::milliseconds(200);
  static constexpr Duration kMoveSilenceMin = std::chrono::milliseconds(500);
  // RFC 4733 2.5.2.2: an event whose end was lost ends this long after its last packet.
  static constexpr Duration kDigitSilenceMax = std::chrono::milliseconds(150);

  // `wall` is the time of day at `now`, for sender reports. `random` outlives the session.
  Session(Instant now, NtpTime wall, const SessionOptions& options, RandomSource& random);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The first agreement starts the session, each later one changes it; SSRC, sequence numbers and the
  // timeline go on.
  void Configure(Instant now, const Stream& stream, SessionSink& out);
  void OnRtp(Instant now, const SocketAddress& source, std::string_view datagram, SessionSink& out);
  void OnRtcp(Instant now, const SocketAddress& source, std::string_view datagram, SessionSink& out);
  void OnDeadline(Instant now, SessionSink& out);
  SendResult SendFrame(Instant now, std::span<const std::int16_t> samples, SessionSink& out);
  // Digits are sent in order, in place of audio, with pauses between them (RFC 4733).
  DigitResult SendDigit(Instant now, std::uint8_t event, Duration length);
  // RFC 3550 6.3.7: BYE, if anything was ever sent. After it all verbs do nothing.
  void Stop(Instant now, SessionSink& out);

  [[nodiscard]] Instant next_deadline() const;
  SessionStatistics statistics() const;
  std::uint32_t ssrc() const;
  bool IsConsistent() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// "0123456789*#ABCD", either case (RFC 4733 3.2).
std::optional<std::uint8_t> EventOfKey(char key);
char KeyOfEvent(std::uint8_t event);  // '?' beyond 15

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SESSION_H_
