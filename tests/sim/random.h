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
constexpr std::uint64_t KeyedRandom(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  return Mix(Mix(Mix(seed) ^ a) ^ b);
}
constexpr std::uint64_t KeyedRandom(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return Mix(KeyedRandom(seed, a, b) ^ c);
}

// Two words as one, by the two halves of their product.
constexpr std::uint64_t Folded(std::uint64_t first, std::uint64_t second) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{first} * (second ^ 0xD1342543DE82EF95ull);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Of bytes; the same everywhere. Sixteen at a time.
inline std::uint64_t HashOf(std::string_view text) {
  if (text.empty()) return 0;
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ull;
  std::uint64_t sum = text.size() * kOdd;
  const auto take = [&sum](std::uint64_t first, std::uint64_t second) { sum = Folded(first ^ sum, second); };
  const auto word = [](const char* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, 8);
    return std::endian::native == std::endian::big ? __builtin_bswap64(value) : value;
  };
  const auto half = [](const char* bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, 4);
    return std::uint64_t{std::endian::native == std::endian::big ? __builtin_bswap32(value) : value};
  };
  for (; text.size() >= 64; text.remove_prefix(64)) {
    for (std::size_t at = 0; at < 64; at += 16) take(word(text.data() + at), word(text.data() + at + 8));
  }
  for (; text.size() >= 16; text.remove_prefix(16)) take(word(text.data()), word(text.data() + 8));
  // The rest, as if zeros followed it.
  const std::size_t size = text.size();
  const char* const rest = text.data();
  const auto byte = [rest](std::size_t at) {
    return std::uint64_t{static_cast<unsigned char>(rest[at])} << 8 * at;
  };
  std::uint64_t first = 0, second = 0;
  if (size >= 8) {
    first = word(rest);
    if (size > 8) second = word(rest + size - 8) >> 8 * (16 - size);
  } else if (size >= 4) {
    first = half(rest) | half(rest + size - 4) << 8 * (size - 4);
  } else if (size > 0) {
    first = byte(0) | byte(size / 2) | byte(size - 1);
  }
  take(first ^ kOdd, second);
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
