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
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "sansip/core/action/sink.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/dtmf.h"
#include "sansip/rtp/jitter_buffer.h"
#include "sansip/rtp/media_time.h"
#include "sansip/rtp/ntp_time.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/report_timer.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/rtp/rtcp/writer.h"
#include "sansip/rtp/source_table.h"
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

struct SessionOptions {
  // RFC 3550 6.5.1: user@host; 1 to 255 octets, copied. Keep it over the sessions of one call.
  std::string_view cname;
  LatchPolicy latch = LatchPolicy::kSameHost;
  // Own packets that come back from the signalled address are heard, as if another source had sent them: echo
  // tests and test tools reflect what they get. Off: they are a collision (law 5).
  bool hear_reflection = false;
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
  static constexpr Duration kMoveSilenceMin = SourceTable::kMoveSilenceMin;
  // Another source is played only after the one that is played has been silent for this long.
  static constexpr Duration kSourceSilenceMin = std::chrono::milliseconds(60);
  // RFC 4733 3.1: receivers want 50 ms between digits; the final copies are sent in this time.
  static constexpr Duration kDigitPause = std::chrono::milliseconds(80);
  // Lengths asked for are brought into these bounds (RFC 4733 3.1 wants 40 ms at least).
  static constexpr Duration kDigitMin = std::chrono::milliseconds(40);
  static constexpr Duration kDigitMax = std::chrono::seconds(60);
  static constexpr std::size_t kConflictsMax = 4;
  // RFC 3550 8.2: ten report intervals without conflict.
  static constexpr Duration kConflictMemory = std::chrono::seconds(50);
  static constexpr std::size_t kRtcpOctetsMax = 576;  // a report of every source, CNAME, BYE
  // RFC 4733 2.5.2.2: an event whose end was lost ends this long after its last packet.
  static constexpr Duration kDigitSilenceMax = std::chrono::milliseconds(150);

  // `wall` is the time of day at `now`, for sender reports. `random` outlives the session.
  Session(Instant now, NtpTime wall, const SessionOptions& options, RandomSource& random);
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
  std::uint32_t ssrc() const { return ssrc_; }
  bool IsConsistent() const;

 private:
  enum class Port : std::uint8_t { kRtp, kRtcp };
  struct Conflict {
    SocketAddress address;
    Port port = Port::kRtp;
    Instant last{};
  };
  struct QueuedDigit {
    std::uint8_t event = 0;
    std::uint32_t length = 0;
  };

  Instant Clamp(Instant now);
  Instant NextOnGrid(Instant now) const;
  bool CanSend() const;
  // RTP in.
  void PlayPacket(Instant now, const Packet& packet, Source& source, Sequence::Arrival arrival,
                  SessionSink& out);
  bool SelectSource(Instant now, const Source& source, SessionSink& out);
  void TakeEvents(Instant now, const Packet& packet, SessionSink& out);
  void TellDigit(const EventHeard& heard, SessionSink& out);
  // RTP out.
  void OnPlayoutTick(Instant now, SessionSink& out);
  void OnSendTick(Instant now, SessionSink& out);
  void SendEvent(Instant tick, SessionSink& out);
  void Transmit(std::uint8_t payload_type, bool marker, std::uint32_t timestamp, std::size_t payload_octets,
                SessionSink& out);
  // RTCP.
  void OnReport(Instant now, const rtcp::Report& report);
  void OnBye(Instant now, const rtcp::Packet& packet, SessionSink& out);
  bool TakesRtcpFrom(const SocketAddress& address) const;
  SocketAddress RtcpDestination() const;
  Membership membership(Instant now) const;
  bool WeSent() const { return sent_since_report_ || sent_before_report_; }
  void OnReportDue(Instant now, SessionSink& out);
  std::size_t TransmitReport(Instant now, bool bye, SessionSink& out);
  std::uint32_t WithLowerHeaders(std::size_t octets) const;
  void OnOwnSsrc(Instant now, const SocketAddress& address, Port port, SessionSink& out);

  RandomSource& random_;
  SessionOptions options_;  // cname is in cname_
  std::array<char, rtcp::kItemTextMax> cname_{};
  std::size_t cname_size_ = 0;
  const Instant epoch_;
  const NtpTime wall_at_epoch_;
  const MediaTime send_time_;
  Instant latest_;

  bool configured_ = false, stopped_ = false;
  Stream stream_;
  SourceTable sources_;
  std::optional<std::uint32_t> played_ssrc_;
  Instant played_last_{};
  std::array<Conflict, kConflictsMax> conflicts_{};
  std::size_t conflict_count_ = 0;
  std::optional<SocketAddress> rtcp_heard_from_;

  std::uint32_t ssrc_;
  std::uint16_t next_sequence_;
  std::uint32_t ssrc_packets_ = 0, ssrc_octets_ = 0;  // of this SSRC (RFC 3550 6.4.1)
  bool sent_anything_ = false;
  bool sent_since_report_ = false, sent_before_report_ = false;

  Instant send_tick_ = kNever;
  bool frame_due_ = false;
  std::uint32_t frame_samples_ = 0, frame_timestamp_ = 0;
  bool after_silence_ = false;
  EventSender event_sender_;
  std::array<QueuedDigit, kDigitsQueuedMax> digits_{};
  std::size_t digit_first_ = 0, digit_count_ = 0;
  Instant digit_not_before_{};

  Instant playout_tick_ = kNever;
  JitterBuffer jitter_buffer_;
  EventReceiver event_receiver_;

  std::optional<ReportTimer> report_timer_;
  SessionStatistics statistics_;
  std::array<char, kHeaderOctets + kPtimeMsMax * kSamplesPerMillisecond> rtp_wire_{};
  std::array<char, kRtcpOctetsMax> rtcp_wire_{};
  std::array<std::int16_t, kPlayoutSamples> playout_{};
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SESSION_H_
