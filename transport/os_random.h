// Randomness of the operating system, fetched in blocks: unpredictable, as tags, branches and nonces must be
// (RFC 3261 19.3, 8.1.1.7).
#ifndef SANSIP_TRANSPORT_OS_RANDOM_H_
#define SANSIP_TRANSPORT_OS_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "sansip/core/base/random.h"

namespace sansip {

class OsRandom final : public RandomSource {
 public:
  OsRandom() = default;
  OsRandom(const OsRandom&) = delete;  // a copy would repeat what the other gives
  OsRandom& operator=(const OsRandom&) = delete;

  std::uint64_t Next() override;

 private:
  std::array<std::uint64_t, 32> block_{};
  std::size_t left_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_OS_RANDOM_H_
