#include "sansip/tests/sim/swarm.h"

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace sansip::sim {
namespace {

// Shard i of n takes every n-th seed, so that a campaign spreads. SANSIP_SEEDS: how many in all.
TEST(Swarm, SeedsFindNothing) {
  const char* const wanted = std::getenv("SANSIP_SEEDS");
  const std::uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 400;
  const char* const total = std::getenv("TEST_TOTAL_SHARDS");
  const char* const index = std::getenv("TEST_SHARD_INDEX");
  const std::uint64_t step = total != nullptr ? std::strtoull(total, nullptr, 10) : 1;
  std::uint64_t answered = 0, lost = 0;
  for (std::uint64_t seed = 1 + (index != nullptr ? std::strtoull(index, nullptr, 10) : 0); seed <= seeds;
       seed += step) {
    const SwarmOptions options = SwarmOptions::FromSeed(seed);
    const SwarmResult result = RunSwarm(options);
    ASSERT_TRUE(result.findings.empty()) << options.Text() << "\n"
                                         << TextOf(result.findings) << LadderOf(options);
    answered += result.calls_answered;
    lost += result.network.lost;
  }
  // The seeds do reach what they are for.
  EXPECT_GT(answered, 100 / step);
  EXPECT_GT(lost, 1000 / step);
}

TEST(Swarm, OptionsArePrintedInFull) {
  const std::string text = SwarmOptions::FromSeed(7).Text();
  for (const char* name : {"seed=7 ", "tcp=", "loss=", "burst=", "duplicate=", "reorder=", "delay=",
                           "jitter=", "calls=", "session_expires=", "probe_early=", "late="}) {
    EXPECT_NE(text.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sansip::sim
