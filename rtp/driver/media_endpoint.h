// The media of one call on real sockets: an RTP/RTCP port pair, an rtp::Session, something to play and
// something that records. Not part of the core: it reads the time of day and may do file I/O.
//
// Open binds an even port and the next odd one (RFC 3550 11) out of the range. Configure starts or changes
// the stream; from then on the owner calls OnDeadline at next_deadline(), and the EventLoop delivers
// datagrams. After each Wait look at status(): the first failure of the recording or of the played file, such
// as a full disk, is there at once and stays.
#ifndef SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_
#define SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/rtp/session.h"
#include "sansip/rtp/stream.h"
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
  // The frequency to listen for in what is received, for MediaStatistics::tone_level; 0: none.
  std::uint32_t listen_hz = 0;
  LatchPolicy latch = LatchPolicy::kAnyHost;
  Duration playout_delay = std::chrono::milliseconds(40);
};

struct MediaStatistics {
  SessionStatistics session;
  std::string digits;              // received, as keys
  std::uint64_t send_errors = 0;   // refused by the socket, e.g. nobody listens there
  std::uint64_t tone_frames = 0;   // 20 ms frames heard in which listen_hz stood out
  std::uint64_t frames = 0;        // 20 ms frames heard at all
  std::uint32_t strongest_hz = 0;  // of the last second heard; 0: silence
  std::int32_t level_dbm0 = -127;  // of the last second heard
};

class MediaEndpoint : private EventLoop::Watcher {
 public:
  // kResourceExhausted: no free port pair. kNotFound, kInvalidArgument, ...: the files.
  // `loop` and `random` outlive the endpoint.
  static absl::StatusOr<std::unique_ptr<MediaEndpoint>> Open(EventLoop& loop, RandomSource& random,
                                                             const MediaOptions& options);
  ~MediaEndpoint() override;

  const SocketAddress& local_rtp() const { return local_rtp_; }  // for sdp::LocalMedia
  const SocketAddress& local_rtcp() const { return local_rtcp_; }

  void Configure(const Stream& stream);
  DigitResult SendDigit(char key, Duration length);
  // BYE, and the recording finished and on disk; its status is status()'s. Idempotent.
  absl::Status Stop();

  [[nodiscard]] Instant next_deadline() const;
  void OnDeadline(Instant now);

  const absl::Status& status() const { return status_; }
  MediaStatistics statistics() const;

 private:
  class Player;
  class Recorder;
  class Listener;

  MediaEndpoint(EventLoop& loop, RandomSource& random, const MediaOptions& options);
  void OnReady(int fd, std::uint32_t ready) override;

  SocketAddress local_rtp_, local_rtcp_;
  absl::Status status_;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_DRIVER_MEDIA_ENDPOINT_H_
