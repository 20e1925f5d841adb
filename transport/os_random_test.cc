#include "sansip/transport/os_random.h"

#include <cstdint>
#include <set>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(OsRandom, ManyValuesAllDifferentAcrossBlocksAndObjects) {
  OsRandom a;
  OsRandom b;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(a.Next());
    seen.insert(b.Next());
  }
  EXPECT_EQ(seen.size(), 2000u);
}

TEST(OsRandom, EveryBitIsSometimesSetAndSometimesNot) {
  OsRandom random;
  std::uint64_t ever_set = 0;
  std::uint64_t always_set = ~std::uint64_t{0};
  for (int i = 0; i < 256; ++i) {
    const std::uint64_t value = random.Next();
    ever_set |= value;
    always_set &= value;
  }
  EXPECT_EQ(ever_set, ~std::uint64_t{0});
  EXPECT_EQ(always_set, 0u);
}

}  // namespace
}  // namespace sansip
