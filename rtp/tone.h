// Tones: made sample by sample with integers alone, the same on every machine; and found again in samples
// (Goertzel), in floating point, for tests and figures, never for a machine's decisions.
#ifndef SANSIP_RTP_TONE_H_
#define SANSIP_RTP_TONE_H_

#include <cstdint>
#include <span>

#include "sansip/rtp/codec/codec.h"

namespace sansip::rtp {

class ToneGenerator {
 public:
  static constexpr std::uint32_t kHzMax = kClockRate / 2;
  static constexpr std::int32_t kAmplitude = 8192;  // about -9 dBm0

  // `hz` below kHzMax; `amplitude` up to 32767.
  explicit ToneGenerator(std::uint32_t hz, std::int32_t amplitude = kAmplitude);
  void Generate(std::span<std::int16_t> samples);

 private:
  std::uint32_t step_;  // of 2^32 a turn
  std::uint32_t phase_ = 0;
  std::int32_t amplitude_;
};

// The mean power; G.711's largest sine stands at +3.17 dBm0. -127 for silence.
double LevelDbm0(std::span<const std::int16_t> samples);

// How much of the samples' energy is at this frequency: 1 for a pure tone, about 2/n for noise of n samples.
double ToneShare(std::span<const std::int16_t> samples, double hz);

// The frequency with the largest share, to the next Hz; 0 for silence. As far from 0 and from half the clock
// rate as kStrongestMinHz.
inline constexpr std::uint32_t kStrongestMinHz = 50;
std::uint32_t StrongestHz(std::span<const std::int16_t> samples);

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_TONE_H_
