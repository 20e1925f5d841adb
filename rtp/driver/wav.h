// WAV files through libsndfile: one that is played in a loop, brought to 8000 Hz mono, and one that records
// 16-bit mono at 8000 Hz.
#ifndef SANSIP_RTP_DRIVER_WAV_H_
#define SANSIP_RTP_DRIVER_WAV_H_

#include <sndfile.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sansip::rtp {

// Plays over and over. Higher rates are averaged down, lower ones interpolated; channels are mixed.
class WavPlayer {
 public:
  static absl::StatusOr<WavPlayer> Open(const std::string& path);

  // Fills `samples`; silence and an error where the file can no longer be read.
  absl::Status Read(std::span<std::int16_t> samples);

 private:
  struct Close {
    void operator()(SNDFILE* file) const { sf_close(file); }
  };

  WavPlayer(std::string path, SNDFILE* file, const SF_INFO& info);
  // The next mono sample of the file.
  bool Next(float& sample);
  bool Fill();

  std::string path_;
  std::unique_ptr<SNDFILE, Close> file_;
  std::uint32_t rate_;
  std::size_t channels_;
  std::vector<float> block_;
  std::size_t block_at_ = 0, block_size_ = 0;  // in frames
  std::uint32_t phase_ = 0;                    // of kClockRate, from `before_` to `after_`
  float before_ = 0, after_ = 0;
};

// Each write reaches the file system before it returns, so that a full disk is known at once; Finish writes
// the header, has all of it on disk and says so.
class WavRecorder {
 public:
  static absl::StatusOr<WavRecorder> Create(const std::string& path);
  WavRecorder(WavRecorder&& other) noexcept;
  WavRecorder& operator=(WavRecorder&& other) = delete;
  ~WavRecorder();

  absl::Status Write(std::span<const std::int16_t> samples);
  absl::Status Finish();  // nothing more is written after it

 private:
  WavRecorder(std::string path, int fd, SNDFILE* file) : path_(std::move(path)), fd_(fd), file_(file) {}
  absl::Status Failure() const;

  std::string path_;
  int fd_ = -1;
  SNDFILE* file_ = nullptr;
  std::uint64_t samples_ = 0;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_DRIVER_WAV_H_
