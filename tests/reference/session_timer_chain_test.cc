#include "sansip/tests/reference/session_timer_chains.h"

#include <iostream>

#include "gtest/gtest.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/tests/support/shows.h"

namespace sansip::reference {
namespace {

constexpr int kChains = 100'000;

TEST(SessionTimerChains, EndInAgreement) {
  SANSIP_SHOWS("4028-3-4", "4028-5-1", "4028-7.4-14", "4028-8.2-8", "4028-11.1-2");
  ChainCounts counts;
  EXPECT_EQ(RunChains(4028, kChains, counts), "");
  std::cout << kChains << " chains, " << counts.calls_with_422 << " with a 422 and up to " << counts.tries_max
            << " tries, " << counts.refreshes << " refreshes, " << counts.refreshes_with_422
            << " with a 422\n";
  EXPECT_GT(counts.calls_with_422, 0);
  EXPECT_GT(counts.tries_max, 3);
  EXPECT_GT(counts.refreshes_with_422, 0);
  EXPECT_GT(counts.timers, 0);
}

TEST(SessionTimerChains, EndAmongLiars) {
  SANSIP_SHOWS("4028-7.3-6", "4028-7.3-7", "4028-7.4-6");
  ChainCounts counts;
  EXPECT_EQ(RunChainsAmongLiars(4029, kChains, counts), "");
  EXPECT_EQ(counts.tries_max, kMinSeRetriesMax + 1);
}

}  // namespace
}  // namespace sansip::reference
