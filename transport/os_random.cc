#include "sansip/transport/os_random.h"

#include <sys/random.h>

#include <cerrno>

#include "sansip/core/base/check.h"

namespace sansip {

std::uint64_t OsRandom::Next() {
  if (left_ == 0) {
    // Up to 256 bytes come whole and uninterrupted once the kernel's generator is seeded (getrandom(2)).
    static_assert(sizeof(block_) <= 256);
    ssize_t count;
    do {
      count = ::getrandom(block_.data(), sizeof(block_), 0);
    } while (count < 0 && errno == EINTR);
    SANSIP_CHECK(count == static_cast<ssize_t>(sizeof(block_)));
    left_ = block_.size();
  }
  const std::uint64_t value = block_[--left_];
  block_[left_] = 0;  // what was handed out is not kept
  return value;
}

}  // namespace sansip
