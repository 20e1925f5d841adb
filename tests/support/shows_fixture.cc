// Tests that pass, fail and skip, for shows_test to run and to look at what they leave.

#include <thread>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(Fixture, PassesTwice) {
  SANSIP_SHOWS("1-b", "1-a");
  SANSIP_SHOWS("1-a");
  std::thread([] { SANSIP_SHOWS("1-c"); }).join();
}

TEST(Fixture, Fails) {
  SANSIP_SHOWS("1-d");
  FAIL();
}

TEST(Fixture, Skips) {
  SANSIP_SHOWS("1-e");
  GTEST_SKIP() << "outside data absent: none";
}

TEST(Fixture, PassesSilently) {}

}  // namespace
}  // namespace sansip
