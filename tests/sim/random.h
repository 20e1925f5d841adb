// Randomness of a simulation: small generators of our own, so that a seed means the same run with every
// compiler and library. Probabilities are millionths; nothing here is a float.
#ifndef SANSIP_TESTS_SIM_RANDOM_H_
#define SANSIP_TESTS_SIM_RANDOM_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "sansip/core/base/random.h"

namespace sansip::sim {

// SplitMix64's output function: a good hash of 64 bits.
constexpr std::uint64_t Mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

// A pure function of its keys: what decides fates.
constexpr std::uint64_t KeyedRandom(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return Mix(Mix(Mix(Mix(seed) ^ a) ^ b) ^ c);
}

// Of bytes; the same everywhere.
inline std::uint64_t HashOf(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ull;
  std::uint64_t sum = text.size() * kOdd;
  const auto take = [&sum](std::uint64_t word) {
    sum = (sum ^ word) * kOdd;
    sum ^= sum >> 32;
  };
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    take(std::endian::native == std::endian::big ? __builtin_bswap64(word) : word);
  }
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    rest |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  take(rest);
  return sum;
}

inline constexpr std::uint32_t kMillion = 1'000'000;

// True with the chance of `ppm` millionths.
constexpr bool Chance(std::uint64_t random, std::uint32_t ppm) {
  return (random >> 32) * kMillion >> 32 < ppm;
}

// xoshiro256**, seeded by SplitMix64.
class SeededRandom : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = seed = Mix(seed);
  }
  std::uint64_t Next() override {
    const std::uint64_t result = Rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

 private:
  static constexpr std::uint64_t Rotate(std::uint64_t x, int by) { return x << by | x >> (64 - by); }

  std::array<std::uint64_t, 4> state_;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_RANDOM_H_
