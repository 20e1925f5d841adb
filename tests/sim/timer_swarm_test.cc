#include "sansip/tests/sim/timer_swarm.h"

#include <cstdlib>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

// SANSIP_SEEDS: how many, for a campaign. Shard i of n takes every n-th.
TEST(TimerSwarm, ADayOfSessionTimersThroughProxiesFindsNothing) {
  const auto number = [](const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
  };
  const std::uint64_t seeds = number("SANSIP_SEEDS", 30);
  const std::uint64_t step = number("TEST_TOTAL_SHARDS", 1);
  TimerSwarmResult sum;
  for (std::uint64_t seed = 1 + number("TEST_SHARD_INDEX", 0); seed <= seeds; seed += step) {
    const TimerSwarmOptions options = TimerSwarmOptions::FromSeed(seed);
    const TimerSwarmResult result = RunTimerSwarm(options);
    ASSERT_TRUE(result.findings.empty()) << options.Text() << "\n"
                                         << TextOf(result.findings) << result.ladder;
    sum.answered += result.answered;
    sum.refreshes += result.refreshes;
    sum.compared += result.compared;
    sum.ended_early += result.ended_early;
    sum.refused += result.refused;
    sum.inserted += result.inserted;
  }
  std::printf("answered %u, refreshes %u, compared %u, ended early %u, 422 by proxies %llu, inserted %llu\n",
              sum.answered, sum.refreshes, sum.compared, sum.ended_early,
              static_cast<unsigned long long>(sum.refused), static_cast<unsigned long long>(sum.inserted));
  // The seeds do reach what they are for.
  EXPECT_GT(sum.answered, seeds / step / 2);
  EXPECT_GT(sum.refreshes, sum.answered * 10);
  EXPECT_GT(sum.refused, 0u);
  EXPECT_GT(sum.inserted, 0u);
  SANSIP_SHOWS("4028-1-3", "4028-8-1", "4028-8.3-3");
}

// Seed 107 loses a whole refresh: the end is seen, and its reason found good.
TEST(TimerSwarm, ALostRefreshEndsTheSession) {
  const TimerSwarmOptions options = TimerSwarmOptions::FromSeed(107);
  const TimerSwarmResult result = RunTimerSwarm(options);
  EXPECT_EQ(result.ended_early, 1u) << options.Text();
  EXPECT_TRUE(result.findings.empty()) << TextOf(result.findings) << result.ladder;
}

// Seed 7163 lets a refresh cross the BYE: its 481 ends the session at the other end.
TEST(TimerSwarm, ARefreshThatCrossesTheByeEndsTheSession) {
  const TimerSwarmOptions options = TimerSwarmOptions::FromSeed(7163);
  const TimerSwarmResult result = RunTimerSwarm(options);
  EXPECT_EQ(result.ended_early, 1u) << options.Text();
  EXPECT_TRUE(result.findings.empty()) << TextOf(result.findings) << result.ladder;
}

}  // namespace
}  // namespace sansip::sim
