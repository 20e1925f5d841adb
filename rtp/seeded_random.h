// A RandomSource for tests: the same bits for the same seed (SplitMix64).
#ifndef SANSIP_RTP_SEEDED_RANDOM_H_
#define SANSIP_RTP_SEEDED_RANDOM_H_

#include <cstdint>

#include "sansip/core/base/random.h"

namespace sansip::rtp {

class SeededRandom : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() override {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

// Always the same bits.
class FixedRandom : public RandomSource {
 public:
  explicit FixedRandom(std::uint64_t value) : value_(value) {}
  std::uint64_t Next() override { return value_; }

 private:
  std::uint64_t value_;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SEEDED_RANDOM_H_
