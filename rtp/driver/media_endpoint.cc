#include "sansip/rtp/driver/media_endpoint.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sansip/core/base/check.h"

namespace sansip::rtp {
namespace {

constexpr std::size_t kDatagramsPerWake = 64;  // then the others' sockets have their turn
constexpr double kToneShareMin = 0.5;
constexpr double kToneLevelMin = -45;      // dBm0
constexpr std::int32_t kSilenceMax = -60;  // dBm0: A-law's silence is not zero
constexpr std::uint32_t kToneHzMin = 50, kToneHzMax = 3800;

NtpTime TimeOfDay() {
  return NtpTime::FromUnix(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

// RFC 3550 6.5.1: user@host, unique among the endpoints of one host.
std::string MakeCname(RandomSource& random, const SocketAddress& local) {
  char user[17];
  std::snprintf(user, sizeof user, "%016llx", static_cast<unsigned long long>(random.Next()));
  return std::string(user) + "@" + std::string(BareIpTextOf(local).view());
}

}  // namespace

// RFC 3550 11: an even port and the next one. The search begins anywhere, so that ports are not reused at
// once.
absl::StatusOr<MediaEndpoint::Ports> MediaEndpoint::Bind(const MediaOptions& media, RandomSource& random) {
  const std::uint32_t port_min = media.port_min, port_max = media.port_max;
  SocketAddress local = media.local;
  const std::uint32_t first = (port_min + 1) / 2 * 2;
  if (port_min == 0 || port_max < first + 1)
    return absl::InvalidArgumentError("no even port and its odd neighbour in the RTP port range");
  const std::uint32_t pairs = (port_max - first + 1) / 2;
  const std::uint32_t start = UniformBelow(random, pairs);
  // Errors come without: nobody reads them, and a refused packet of media is just lost.
  const UdpOptions options{.report_icmp = false};
  for (std::uint32_t i = 0; i < pairs; ++i) {
    local.port = static_cast<std::uint16_t>(first + (start + i) % pairs * 2);
    absl::StatusOr<Socket> rtp = Socket::BindUdp(local, options);
    if (!rtp.ok() && !absl::IsAlreadyExists(rtp.status())) return rtp.status();
    if (!rtp.ok()) continue;
    ++local.port;
    absl::StatusOr<Socket> rtcp = Socket::BindUdp(local, options);
    if (rtcp.ok()) {
      const SocketAddress local_rtp = rtp->LocalAddress(), local_rtcp = rtcp->LocalAddress();
      return Ports{*std::move(rtp), *std::move(rtcp), local_rtp, local_rtcp};
    }
    if (!absl::IsAlreadyExists(rtcp.status())) return rtcp.status();
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("no free pair of RTP ports between ", port_min, " and ", port_max));
}

absl::StatusOr<std::unique_ptr<MediaEndpoint>> MediaEndpoint::Open(EventLoop& loop, RandomSource& random,
                                                                   const MediaOptions& options) {
  if (options.play == Play::kTone && (options.tone_hz < kToneHzMin || options.tone_hz > kToneHzMax)) {
    return absl::InvalidArgumentError(absl::StrCat("a tone has ", kToneHzMin, " to ", kToneHzMax, " Hz"));
  }
  absl::StatusOr<Ports> ports = Bind(options, random);
  if (!ports.ok()) return ports.status();
  std::unique_ptr<MediaEndpoint> endpoint(new MediaEndpoint(loop, random, options, *std::move(ports)));
  if (absl::Status status = endpoint->OpenFiles(); !status.ok()) return status;
  if (absl::Status status = endpoint->Watch(endpoint->ports_); !status.ok()) return status;
  return endpoint;
}

MediaEndpoint::MediaEndpoint(EventLoop& loop, RandomSource& random, const MediaOptions& options, Ports ports)
    : loop_(loop),
      options_(options),
      random_(random),
      ports_(std::move(ports)),
      session_(loop.Now(), TimeOfDay(),
               {.cname = MakeCname(random, ports_.local_rtp),
                .latch = options.latch,
                .hear_reflection = options.hear_reflection,
                .playout_delay = options.playout_delay},
               random),
      tone_(options.play == Play::kTone ? options.tone_hz : 0) {}

absl::Status MediaEndpoint::OpenFiles() {
  if (options_.play == Play::kFile) {
    absl::StatusOr<WavPlayer> player = WavPlayer::Open(options_.play_path);
    if (!player.ok()) return player.status();
    player_.emplace(*std::move(player));
  }
  if (!options_.record_path.empty()) {
    absl::StatusOr<WavRecorder> recorder = WavRecorder::Create(options_.record_path);
    if (!recorder.ok()) return recorder.status();
    recorder_.emplace(*std::move(recorder));
  }
  return absl::OkStatus();
}

MediaEndpoint::~MediaEndpoint() { static_cast<void>(Stop()); }

void MediaEndpoint::Note(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
}

void MediaEndpoint::Configure(const Stream& stream) {
  if (stopped_) return;
  if (next_) {
    Close(before_);
    before_.emplace(std::exchange(ports_, *std::exchange(next_, std::nullopt)));
  }
  const Instant now = loop_.Now();
  session_.Configure(now, stream, sink_);
  Execute(now);
}

absl::Status MediaEndpoint::Watch(const Ports& ports) {
  for (const int fd : {ports.rtp.fd(), ports.rtcp.fd()}) {
    if (absl::Status status = loop_.Watch(fd, EventLoop::kRead, this); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void MediaEndpoint::Close(std::optional<Ports>& ports) {
  if (!ports) return;
  for (Socket* socket : {&ports->rtp, &ports->rtcp}) {
    loop_.Unwatch(socket->fd());
    socket->Close();
  }
  ports.reset();
}

absl::Status MediaEndpoint::Move() {
  if (stopped_) return absl::FailedPreconditionError("the media have stopped");
  Close(next_);
  absl::StatusOr<Ports> ports = Bind(options_, random_);
  if (!ports.ok()) return ports.status();
  next_.emplace(*std::move(ports));
  absl::Status status = Watch(*next_);
  if (!status.ok()) Close(next_);
  return status;
}

void MediaEndpoint::StayPut() { Close(next_); }

DigitResult MediaEndpoint::SendDigit(char key, Duration length) {
  const std::optional<std::uint8_t> event = EventOfKey(key);
  return event ? session_.SendDigit(loop_.Now(), *event, length) : DigitResult::kNotTaken;
}

absl::Status MediaEndpoint::Stop() {
  if (stopped_) return status_;
  const Instant now = loop_.Now();
  session_.Stop(now, sink_);
  Execute(now);
  stopped_ = true;
  Close(next_);
  Close(before_);
  for (Socket* socket : {&ports_.rtp, &ports_.rtcp}) {
    loop_.Unwatch(socket->fd());
    socket->Close();
  }
  if (recorder_) Note(recorder_->Finish());
  return status_;
}

Instant MediaEndpoint::next_deadline() const { return stopped_ ? kNever : session_.next_deadline(); }

void MediaEndpoint::OnDeadline(Instant now) {
  if (stopped_) return;
  session_.OnDeadline(now, sink_);
  Execute(now);
}

void MediaEndpoint::OnReady(int fd, std::uint32_t) {
  std::array<char, Session::kDatagramMax + 1> buffer;
  Ports* ports = &ports_;
  for (std::optional<Ports>* other : {&next_, &before_}) {
    if (*other && ((*other)->rtp.fd() == fd || (*other)->rtcp.fd() == fd)) ports = &**other;
  }
  const bool is_rtp = fd == ports->rtp.fd();
  Socket& socket = is_rtp ? ports->rtp : ports->rtcp;
  for (std::size_t i = 0; i < kDatagramsPerWake; ++i) {
    SocketAddress source;
    const IoResult result = socket.ReceiveFrom(buffer, source);
    if (result.error == IoError::kWouldBlock) return;
    // An error that an earlier datagram met; what was cut is too long for the session as well.
    if (!result.ok() && result.error != IoError::kTooBig) continue;
    const Instant now = loop_.Now();
    const std::string_view datagram(buffer.data(), result.count);
    if (is_rtp) {
      const bool has_moved = before_ && ports == &ports_;
      const std::uint64_t received = has_moved ? session_.statistics().packets_received : 0;
      session_.OnRtp(now, source, datagram, sink_);
      // RFC 3264 8.3.1: the peer sends to where we have moved.
      if (has_moved && session_.statistics().packets_received > received) Close(before_);
    } else {
      session_.OnRtcp(now, source, datagram, sink_);
    }
    Execute(now);
  }
}

void MediaEndpoint::Execute(Instant now) {
  while (!sink_.empty()) {
    std::optional<action::FrameDue> due;
    for (const SessionAction& one : sink_) {
      if (const auto* transmit = std::get_if<action::TransmitRtp>(&one)) {
        Send(ports_.rtp, transmit->destination, transmit->wire);
      } else if (const auto* report = std::get_if<action::TransmitRtcp>(&one)) {
        Send(ports_.rtcp, report->destination, report->wire);
      } else if (const auto* frame = std::get_if<action::Frame>(&one)) {
        Hear(*frame);
      } else if (const auto* digit = std::get_if<action::Digit>(&one)) {
        digits_ += KeyOfEvent(digit->event);
      } else if (const auto* frame_due = std::get_if<action::FrameDue>(&one)) {
        due = *frame_due;
      }
    }
    sink_.Clear();
    std::array<std::int16_t, kPtimeMsMax * kSamplesPerMillisecond> storage;
    if (!due) continue;
    const std::span<std::int16_t> samples(storage.data(), due->samples);
    if (!Speak(samples)) continue;
    const SendResult result = session_.SendFrame(now, samples, sink_);
    SANSIP_CHECK(result == SendResult::kSent);
  }
}

void MediaEndpoint::Send(Socket& socket, const SocketAddress& to, std::string_view wire) {
  // Media is not sent again: what the socket does not take now is lost.
  if (!socket.SendTo(wire, to).ok()) ++send_errors_;
}

void MediaEndpoint::Hear(const action::Frame& frame) {
  if (recorder_ && status_.ok()) Note(recorder_->Write(frame.samples));
  if (frame.missing != 0) return;
  ++frames_;
  for (std::int16_t sample : frame.samples) {
    listened_[listened_at_] = sample;
    listened_at_ = (listened_at_ + 1) % kListenedSamples;
    if (options_.play != Play::kEcho) continue;
    if (echo_count_ == kEchoMax) {
      echo_first_ = (echo_first_ + 1) % kEchoMax;
      --echo_count_;
    }
    echo_[(echo_first_ + echo_count_++) % kEchoMax] = sample;
  }
  listened_count_ = std::min(listened_count_ + frame.samples.size(), kListenedSamples);
  if (options_.listen_hz != 0 && LevelDbm0(frame.samples) > kToneLevelMin &&
      ToneShare(frame.samples, options_.listen_hz) > kToneShareMin) {
    ++tone_frames_;
  }
}

bool MediaEndpoint::Speak(std::span<std::int16_t> samples) {
  switch (options_.play) {
    case Play::kSilence:
      std::fill(samples.begin(), samples.end(), std::int16_t{0});
      return true;
    case Play::kTone:
      tone_.Generate(samples);
      return true;
    case Play::kFile:
      Note(player_->Read(samples));
      return true;
    case Play::kEcho:
      break;
  }
  if (echo_count_ < samples.size()) return false;
  for (std::int16_t& sample : samples) {
    sample = echo_[echo_first_];
    echo_first_ = (echo_first_ + 1) % kEchoMax;
  }
  echo_count_ -= samples.size();
  return true;
}

MediaStatistics MediaEndpoint::statistics() const {
  MediaStatistics statistics;
  statistics.session = session_.statistics();
  statistics.digits = digits_;
  statistics.send_errors = send_errors_;
  statistics.frames = frames_;
  statistics.tone_frames = tone_frames_;
  std::vector<std::int16_t> listened;
  for (std::size_t i = 0; i < listened_count_; ++i) {
    listened.push_back(listened_[(listened_at_ + kListenedSamples - listened_count_ + i) % kListenedSamples]);
  }
  statistics.level_dbm0 = static_cast<std::int32_t>(LevelDbm0(listened));
  statistics.strongest_hz = statistics.level_dbm0 > kSilenceMax ? StrongestHz(listened) : 0;
  return statistics;
}

}  // namespace sansip::rtp
