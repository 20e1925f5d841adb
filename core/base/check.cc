#include "sansip/core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sansip {

void CheckFailed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: sansip is wrong: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace sansip
