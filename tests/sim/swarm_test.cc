#include "sansip/tests/sim/swarm.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

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

TEST(Swarm, SeedsWithDialogsFindNothing) {
  SwarmFixed fixed;
  fixed.dialogs = true;
  std::uint64_t answered = 0, reports = 0, views = 0, forked = 0, answered_again = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const SwarmOptions options = SwarmOptions::FromSeed(seed, fixed);
    const SwarmResult result = RunSwarm(options, {.keep_trace = true});
    ASSERT_TRUE(result.findings.empty()) << options.Text() << "\n"
                                         << TextOf(result.findings) << LadderOf(options);
    answered += result.calls_answered;
    forked += result.forked;
    answered_again += result.answered_again;
    for (const Record& record : result.world->trace().records()) {
      reports += record.name == "PrackReceived" || record.name == "ReferChanged";
      views += record.name == "view";
    }
  }
  EXPECT_GT(answered, 30u);
  EXPECT_GT(reports, 100u);
  EXPECT_GT(views, 200u);
  EXPECT_GT(forked, 30u);
  EXPECT_GT(answered_again, 5u);
}

// RFC 3261 13.2.2.4: three answer at the same time. Planted at the wire: the caller says no BYE to two of
// them.
TEST(Swarm, AForkThatIsNotEndedIsFound) {
  SwarmOptions options;
  options.parties = 5;
  options.fork = 3;
  const SwarmResult right = RunSwarm(options);
  EXPECT_EQ(TextOf(right.findings), "");
  EXPECT_EQ(right.forked, 1u);
  EXPECT_EQ(right.answered_again, 2u);
  const auto alter = [](std::string_view wire, std::vector<std::string>& sent) {
    if (!wire.starts_with("BYE ")) sent.emplace_back(wire);
  };
  const Findings findings = RunSwarm(options, {.alter = alter}).findings;
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front().text, "of a call that forked two dialogs are up") << TextOf(findings);
}

// Planted at the wire: each side believes that the other one refreshes.
TEST(Swarm, ViewsThatDifferAreFound) {
  SwarmOptions options;
  options.session_expires = 300;
  options.talk_for = std::chrono::seconds(60);
  options.provisionals = 1;
  EXPECT_EQ(TextOf(RunSwarm(options).findings), "");
  const auto alter = [](std::string_view wire, std::vector<std::string>& sent) {
    std::string altered(wire);
    const std::size_t refresher = altered.find(";refresher=uac");
    if (refresher != std::string::npos) altered.replace(refresher, 14, ";refresher=uas");
    sent.push_back(altered);
  };
  const Findings findings = RunSwarm(options, {.alter = alter}).findings;
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front().oracle, "both views");
  EXPECT_NE(findings.front().text.find("refresher"), std::string::npos) << TextOf(findings);
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
