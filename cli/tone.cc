#include "sansip/cli/tone.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "absl/status/status.h"
#include "fmt/core.h"

namespace sansip::cli {
namespace {

constexpr double kBlockSeconds = 0.02;
constexpr double kShareMin = 0.9;          // the rest is the codec's noise
constexpr double kMeanSquareMin = 1000.0;  // about -60 dBm0: silence below

}  // namespace

absl::StatusOr<Recording> ReadRecording(const std::string& path) {
  SF_INFO info{};
  SNDFILE* const file = sf_open(path.c_str(), SFM_READ, &info);
  if (file == nullptr) {
    return absl::NotFoundError(fmt::format("cannot read {}: {}", path, sf_strerror(nullptr)));
  }
  Recording recording{.rate = info.samplerate, .samples = {}};
  if (info.channels == 1 && info.frames >= 0) {
    recording.samples.resize(static_cast<std::size_t>(info.frames));
    const sf_count_t count = sf_readf_short(file, recording.samples.data(), info.frames);
    recording.samples.resize(static_cast<std::size_t>(count));
  }
  sf_close(file);
  if (info.channels != 1) return absl::InvalidArgumentError(fmt::format("{}: not one channel", path));
  return recording;
}

double ShareOfTone(std::span<const std::int16_t> block, int rate, double hz) {
  const double step = 2 * std::numbers::pi * hz / rate;
  const double coefficient = 2 * std::cos(step);
  double before = 0, last = 0, energy = 0;
  for (const std::int16_t sample : block) {
    const double now = sample + coefficient * last - before;
    before = last;
    last = now;
    energy += static_cast<double>(sample) * sample;
  }
  const auto count = static_cast<double>(block.size());
  if (block.empty() || energy < kMeanSquareMin * count) return 0;
  const double power = last * last + before * before - coefficient * last * before;
  return std::min(1.0, power / (energy * count / 2));
}

ToneFacts MeasureTone(const Recording& recording, double hz) {
  ToneFacts facts;
  facts.total_seconds = static_cast<double>(recording.samples.size()) / recording.rate;
  const auto block = static_cast<std::size_t>(kBlockSeconds * recording.rate);
  const std::span<const std::int16_t> samples = recording.samples;
  for (std::size_t at = 0; at + block <= samples.size(); at += block) {
    if (ShareOfTone(samples.subspan(at, block), recording.rate, hz) >= kShareMin)
      facts.seconds += kBlockSeconds;
  }
  return facts;
}

}  // namespace sansip::cli
