#include "sansip/rtp/driver/wav.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sansip/rtp/codec/codec.h"

namespace sansip::rtp {
namespace {

constexpr std::size_t kBlockFrames = 1024;
constexpr std::uint32_t kRateMax = 384000;
constexpr int kChannelsMax = 64;

absl::Status FromErrno(int error, const std::string& path, const char* what) {
  const std::string text = absl::StrCat(path, ": ", what, ": ", std::strerror(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(text);
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(text);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

}  // namespace

WavPlayer::WavPlayer(std::string path, SNDFILE* file, const SF_INFO& info)
    : path_(std::move(path)),
      file_(file),
      rate_(static_cast<std::uint32_t>(info.samplerate)),
      channels_(static_cast<std::size_t>(info.channels)),
      block_(kBlockFrames * channels_) {}

absl::StatusOr<WavPlayer> WavPlayer::Open(const std::string& path) {
  // libsndfile tells no errno.
  if (access(path.c_str(), R_OK) != 0) return FromErrno(errno, path, "cannot be played");
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr)
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be played: ", sf_strerror(nullptr)));
  const bool fits = info.samplerate > 0 && info.samplerate <= static_cast<int>(kRateMax) &&
                    info.channels > 0 && info.channels <= kChannelsMax;
  WavPlayer player(path, file, info);
  if (!fits)
    return absl::InvalidArgumentError(absl::StrCat(path, ": rate or number of channels is not supported"));
  if (info.seekable == 0)
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be played in a loop"));
  if (!player.Next(player.before_) || !player.Next(player.after_)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": holds no sound"));
  }
  return player;
}

// Again from the start behind the end; false where nothing can be read even there.
bool WavPlayer::Fill() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const sf_count_t frames = sf_readf_float(file_.get(), block_.data(), kBlockFrames);
    block_at_ = 0;
    block_size_ = frames > 0 ? static_cast<std::size_t>(frames) : 0;
    if (block_size_ != 0) return true;
    if (sf_seek(file_.get(), 0, SEEK_SET) != 0) return false;
  }
  return false;
}

bool WavPlayer::Next(float& sample) {
  if (block_at_ == block_size_ && !Fill()) return false;
  float sum = 0;
  for (std::size_t channel = 0; channel < channels_; ++channel)
    sum += block_[block_at_ * channels_ + channel];
  ++block_at_;
  sample = sum / static_cast<float>(channels_);
  return true;
}

absl::Status WavPlayer::Read(std::span<std::int16_t> samples) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    // Between the two samples around this instant.
    float value = before_ + (after_ - before_) * static_cast<float>(phase_) / static_cast<float>(kClockRate);
    float sum = 0;
    int passed = 0;
    for (phase_ += rate_; phase_ >= kClockRate; phase_ -= kClockRate) {
      sum += before_;
      ++passed;
      before_ = after_;
      if (!Next(after_)) {
        std::fill(samples.begin() + static_cast<std::ptrdiff_t>(i), samples.end(), std::int16_t{0});
        return absl::DataLossError(
            absl::StrCat(path_, ": cannot be read any more: ", sf_strerror(file_.get())));
      }
    }
    // Several at once: their mean keeps what cannot be carried out of the band.
    if (passed > 1) value = sum / static_cast<float>(passed);
    samples[i] = static_cast<std::int16_t>(std::clamp(value * 32767.0f, -32768.0f, 32767.0f));
  }
  return absl::OkStatus();
}

absl::StatusOr<WavRecorder> WavRecorder::Create(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return FromErrno(errno, path, "cannot be recorded to");
  SF_INFO info{};
  info.samplerate = static_cast<int>(kClockRate);
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  errno = 0;
  SNDFILE* file = sf_open_fd(fd, SFM_WRITE, &info, SF_FALSE);
  if (file == nullptr) {
    const int error = errno;
    const std::string text = sf_strerror(nullptr);
    close(fd);
    if (error == ENOSPC) return FromErrno(error, path, "cannot be recorded to");
    return absl::UnavailableError(absl::StrCat(path, ": cannot be recorded to: ", text));
  }
  WavRecorder recorder(path, fd, file);
  // The header now, so that a disk that is full is known before the call.
  errno = 0;
  sf_command(file, SFC_UPDATE_HEADER_NOW, nullptr, 0);
  if (absl::Status status = recorder.Failure(); !status.ok()) return status;
  return recorder;
}

WavRecorder::WavRecorder(WavRecorder&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      file_(std::exchange(other.file_, nullptr)),
      samples_(other.samples_) {}

WavRecorder::~WavRecorder() {
  if (file_ != nullptr) sf_close(file_);
  if (fd_ >= 0) close(fd_);
}

absl::Status WavRecorder::Failure() const {
  if (sf_error(file_) == SF_ERR_NO_ERROR) return absl::OkStatus();
  const int error = errno;
  if (error != 0) return FromErrno(error, path_, "the recording failed");
  return absl::UnavailableError(absl::StrCat(path_, ": the recording failed: ", sf_strerror(file_)));
}

absl::Status WavRecorder::Write(std::span<const std::int16_t> samples) {
  if (file_ == nullptr)
    return absl::FailedPreconditionError(absl::StrCat(path_, ": the recording is finished"));
  errno = 0;
  const sf_count_t written = sf_write_short(file_, samples.data(), static_cast<sf_count_t>(samples.size()));
  samples_ += samples.size();
  if (absl::Status status = Failure(); !status.ok()) return status;
  if (written != static_cast<sf_count_t>(samples.size())) {
    return FromErrno(errno != 0 ? errno : ENOSPC, path_, "the recording failed");
  }
  return absl::OkStatus();
}

absl::Status WavRecorder::Finish() {
  if (file_ == nullptr) return absl::OkStatus();
  errno = 0;
  sf_command(file_, SFC_UPDATE_HEADER_NOW, nullptr, 0);
  absl::Status status = Failure();
  sf_close(std::exchange(file_, nullptr));
  const int fd = std::exchange(fd_, -1);
  struct stat info {};
  if (status.ok() && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
    constexpr std::uint64_t kHeaderOctets = 44;
    if (static_cast<std::uint64_t>(info.st_size) < kHeaderOctets + samples_ * 2) {
      status = FromErrno(ENOSPC, path_, "the recording is cut short");
    } else if (fsync(fd) != 0) {
      status = FromErrno(errno, path_, "the recording failed");
    }
  }
  if (close(fd) != 0 && status.ok()) status = FromErrno(errno, path_, "the recording failed");
  return status;
}

}  // namespace sansip::rtp
