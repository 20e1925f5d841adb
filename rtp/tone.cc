#include "sansip/rtp/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "sansip/core/base/check.h"

namespace sansip::rtp {
namespace {

// 32767 * sin of the first quarter turn in 64 steps.
constexpr std::array<std::int32_t, 65> kQuarter = {
    0,     804,   1608,  2410,  3212,  4011,  4808,  5602,  6393,  7179,  7962,  8739,  9512,
    10278, 11039, 11793, 12539, 13279, 14010, 14732, 15446, 16151, 16846, 17530, 18204, 18868,
    19519, 20159, 20787, 21403, 22005, 22594, 23170, 23731, 24279, 24811, 25329, 25832, 26319,
    26790, 27245, 27683, 28105, 28510, 28898, 29268, 29621, 29956, 30273, 30571, 30852, 31113,
    31356, 31580, 31785, 31971, 32137, 32285, 32412, 32521, 32609, 32678, 32728, 32757, 32767};
constexpr std::uint32_t kQuarterTurn = 1u << 30;
constexpr unsigned kStepBits = 24;  // of the phase, between two entries
constexpr double kPi = 3.14159265358979323846;

// Linear between the entries: wrong by less than 3 of 32767.
std::int32_t Sine(std::uint32_t phase) {
  const bool falls = (phase & kQuarterTurn) != 0;
  const bool negative = (phase & 2 * kQuarterTurn) != 0;
  std::uint32_t in_quarter = phase % kQuarterTurn;
  if (falls) in_quarter = kQuarterTurn - in_quarter;
  const std::size_t entry = in_quarter >> kStepBits;
  std::int32_t value = kQuarter[entry];
  if (entry + 1 < kQuarter.size()) {
    const std::int64_t rest = in_quarter & ((1u << kStepBits) - 1);
    value += static_cast<std::int32_t>((kQuarter[entry + 1] - value) * rest >> kStepBits);
  }
  return negative ? -value : value;
}

double SumOfSquares(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (std::int16_t sample : samples) sum += static_cast<double>(sample) * sample;
  return sum;
}

// Goertzel.
double Power(std::span<const std::int16_t> samples, double hz) {
  const double coefficient = 2 * std::cos(2 * kPi * hz / kClockRate);
  double before = 0, last = 0;
  for (std::int16_t sample : samples) {
    const double next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - coefficient * last * before;
}

}  // namespace

ToneGenerator::ToneGenerator(std::uint32_t hz, std::int32_t amplitude)
    : step_(static_cast<std::uint32_t>((std::uint64_t{hz} << 32) / kClockRate)), amplitude_(amplitude) {
  SANSIP_CHECK(hz < kHzMax && amplitude >= 0 && amplitude <= 32767);
}

void ToneGenerator::Generate(std::span<std::int16_t> samples) {
  for (std::int16_t& sample : samples) {
    sample = static_cast<std::int16_t>(Sine(phase_) * amplitude_ / 32767);
    phase_ += step_;
  }
}

double LevelDbm0(std::span<const std::int16_t> samples) {
  constexpr double kSilence = -127;
  // G.711: the largest sine that mu-law carries has its peak at 8159 of 8192 and +3.17 dBm0.
  constexpr double kPeak = 8159.0 * 4;
  const double sum = SumOfSquares(samples);
  if (samples.empty() || sum == 0) return kSilence;
  return 10 * std::log10(sum / static_cast<double>(samples.size()) / (kPeak * kPeak / 2)) + 3.17;
}

double ToneShare(std::span<const std::int16_t> samples, double hz) {
  const double energy = SumOfSquares(samples);
  if (energy == 0) return 0;
  return 2 * Power(samples, hz) / (static_cast<double>(samples.size()) * energy);
}

std::uint32_t StrongestHz(std::span<const std::int16_t> samples) {
  // Coarse first, over so few samples that no tone falls between two steps; then around what was found. Calls
  // that end ask for it while others play: it must take much less than a frame.
  constexpr std::uint32_t kCoarseHz = 10;
  constexpr std::size_t kCoarseSamples = 400;
  const auto search = [](std::span<const std::int16_t> in, std::uint32_t from, std::uint32_t to,
                         std::uint32_t step) {
    std::uint32_t strongest = 0;
    double most = 0;
    for (std::uint32_t hz = from; hz <= to; hz += step) {
      const double power = Power(in, hz);
      if (power <= most) continue;
      most = power;
      strongest = hz;
    }
    return strongest;
  };
  const auto is_silent = [](std::int16_t sample) { return sample == 0; };
  if (std::all_of(samples.begin(), samples.end(), is_silent)) return 0;
  const std::uint32_t about = search(samples.last(std::min(samples.size(), kCoarseSamples)), kStrongestMinHz,
                                     ToneGenerator::kHzMax - kStrongestMinHz, kCoarseHz);
  if (about == 0) return 0;
  return search(samples, std::max(about - kCoarseHz, kStrongestMinHz),
                std::min(about + kCoarseHz, ToneGenerator::kHzMax - kStrongestMinHz), 1);
}

}  // namespace sansip::rtp
