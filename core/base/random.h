// The one way in for randomness. Production drivers give one backed by the operating system (tags, branches
// and nonces must be unpredictable: RFC 3261 19.3); tests give a seeded generator.
#ifndef SANSIP_CORE_BASE_RANDOM_H_
#define SANSIP_CORE_BASE_RANDOM_H_

#include <cstdint>

namespace sansip {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t Next() = 0;  // 64 independent, uniform bits
};

// Uniform in [0, bound), bound > 0. Bias below 2^-32 for bounds below 2^32.
inline std::uint32_t UniformBelow(RandomSource& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>((random.Next() >> 32) * bound >> 32);
}

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_RANDOM_H_
