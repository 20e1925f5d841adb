// The media of one call on real sockets: an RTP/RTCP port pair, an rtp::Session, something to play and
// something that records. Not part of the core: it reads the time of day and may do file I/O.
//
// Open binds an even port and the next odd one (RFC 3550 11) out of the range. Configure starts or changes
// the stream; from then on the owner calls OnDeadline at next_deadline(), and the EventLoop delivers
// datagrams. After each Wait look at status(): the first failure of the recording or of the played file, such
// as a full disk, is there at once and stays.
#ifndef SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_
#define SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/driver/wav.h"
#include "sansip/rtp/session.h"
#include "sansip/rtp/stream.h"
#include "sansip/rtp/tone.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/socket.h"

namespace sansip::rtp {

enum class Play : std::uint8_t {
  kSilence,  // packets of silence
  kTone,     // tone_hz
  kFile,     // play_path, looped
  kEcho,     // what was received
};

struct MediaOptions {
  SocketAddress local;  // the address to bind; its port is not used
  std::uint16_t port_min = 17000;
  std::uint16_t port_max = 17999;
  Play play = Play::kSilence;
  std::uint32_t tone_hz = 440;  // 50 to 3800
  std::string play_path;        // any format, rate and number of channels that libsndfile reads
  std::string record_path;      // 16-bit mono WAV at 8000 Hz; empty: no recording
  // The frequency to listen for in what is received, for MediaStatistics::tone_frames; 0: none.
  std::uint32_t listen_hz = 0;
  LatchPolicy latch = LatchPolicy::kSameHost;
  bool hear_reflection = false;  // see SessionOptions
  Duration playout_delay = std::chrono::milliseconds(40);
};

struct MediaStatistics {
  SessionStatistics session;
  std::string digits;              // received, as keys
  std::uint64_t send_errors = 0;   // refused by the socket, e.g. nobody listens there
  std::uint64_t frames = 0;        // of 20 ms, heard without a gap
  std::uint64_t tone_frames = 0;   // of these, those in which listen_hz stood out
  std::uint32_t strongest_hz = 0;  // of the last kListenedSamples of them; 0: silence
  std::int32_t level_dbm0 = -127;  // of the same
};

class MediaEndpoint : private EventLoop::Watcher {
 public:
  // kResourceExhausted: no free port pair. kNotFound, kInvalidArgument, ...: the files.
  // `loop` and `random` outlive the endpoint.
  static absl::StatusOr<std::unique_ptr<MediaEndpoint>> Open(EventLoop& loop, RandomSource& random,
                                                             const MediaOptions& options);
  ~MediaEndpoint() override;

  // For sdp::LocalMedia; after Move: the new ones.
  const SocketAddress& local_rtp() const { return (next_ ? *next_ : ports_).local_rtp; }
  const SocketAddress& local_rtcp() const { return (next_ ? *next_ : ports_).local_rtcp; }

  void Configure(const Stream& stream);
  // RFC 3264 8.3.1: another pair of ports, to be told by an offer or answer. Both pairs receive from now on.
  // Media goes out from the new one after the next Configure, and the old one is closed when some arrives at
  // the new one. StayPut: the offer was refused.
  absl::Status Move();
  void StayPut();
  DigitResult SendDigit(char key, Duration length);
  // BYE, and the recording finished and on disk; its status is status()'s. Idempotent.
  absl::Status Stop();

  [[nodiscard]] Instant next_deadline() const;
  void OnDeadline(Instant now);

  const absl::Status& status() const { return status_; }
  MediaStatistics statistics() const;

 private:
  static constexpr std::size_t kListenedSamples = 1600;
  static constexpr std::size_t kEchoMax = 1600;

  struct Ports {
    Socket rtp, rtcp;
    SocketAddress local_rtp, local_rtcp;
  };

  static absl::StatusOr<Ports> Bind(const MediaOptions& options, RandomSource& random);
  MediaEndpoint(EventLoop& loop, RandomSource& random, const MediaOptions& options, Ports ports);
  absl::Status Watch(const Ports& ports);
  void Close(std::optional<Ports>& ports);
  absl::Status OpenFiles();
  void OnReady(int fd, std::uint32_t ready) override;
  // What the session asked for, until it asks for nothing more.
  void Execute(Instant now);
  void Send(Socket& socket, const SocketAddress& to, std::string_view wire);
  void Hear(const action::Frame& frame);
  bool Speak(std::span<std::int16_t> samples);
  void Note(absl::Status status);  // keeps the first failure

  EventLoop& loop_;
  MediaOptions options_;
  RandomSource& random_;
  Ports ports_;                         // where media goes out
  std::optional<Ports> next_, before_;  // to be, and that were
  Session session_;
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink_;
  bool stopped_ = false;
  absl::Status status_;

  ToneGenerator tone_;
  std::optional<WavPlayer> player_;
  std::optional<WavRecorder> recorder_;
  std::array<std::int16_t, kEchoMax> echo_{};  // a ring
  std::size_t echo_first_ = 0, echo_count_ = 0;

  std::string digits_;
  std::uint64_t send_errors_ = 0, frames_ = 0, tone_frames_ = 0;
  std::array<std::int16_t, kListenedSamples> listened_{};  // the last ones, from listened_at_ around
  std::size_t listened_at_ = 0, listened_count_ = 0;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_
