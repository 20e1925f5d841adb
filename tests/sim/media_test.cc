#include "sansip/tests/sim/media.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/schedule.h"
#include "sansip/tests/sim/swarm.h"
#include "sansip/tests/sim/swarm_options.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// One call of some seconds in which each side holds and resumes.
SwarmOptions HeldTwice() {
  SwarmOptions options;
  options.faults.loss = 100'000;
  options.faults.duplicate = 100'000;
  options.faults.reorder = 20'000;
  options.faults.jitter = milliseconds(20);
  options.ring_for = seconds(1);
  options.talk_for = seconds(12);
  options.reinvite = 3;
  options.media = 20;
  return options;
}

bool Has(const Findings& findings, const std::string& oracle) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.oracle == oracle; });
}

Findings FindingsWith(MediaFault fault) { return RunSwarm(HeldTwice(), {.media_fault = fault}).findings; }

TEST(Media, CrossesTheNetworkAsItShould) {
  const SwarmResult result = RunSwarm(HeldTwice(), {.keep_trace = true});
  EXPECT_TRUE(result.findings.empty()) << TextOf(result.findings);
  std::size_t sent = 0, lost = 0, reports = 0, heard = 0;
  for (const Record& record : result.world->trace().records()) {
    const bool is_lost = record.kind == Record::Kind::kMediaLost;
    if (is_lost || record.kind == Record::Kind::kMediaSent) {
      ++(record.name == "RTCP" ? reports : sent);
      lost += is_lost;
    }
    heard += record.kind == Record::Kind::kPlayed && !record.wire.empty();
  }
  EXPECT_GT(sent, 400u);
  EXPECT_GT(lost, 20u);
  EXPECT_GT(heard, 300u);
  EXPECT_GE(reports, 4u);  // a BYE of each side, and more
}

TEST(Media, SeedsFindNothing) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SwarmFixed fixed;
    fixed.media = seed % 2 == 0 ? 20 : 60;
    fixed.duration = seconds(8);
    const SwarmOptions options = SwarmOptions::FromSeed(seed, fixed);
    const SwarmResult result = RunSwarm(options);
    ASSERT_TRUE(result.findings.empty()) << options.Text() << "\n" << TextOf(result.findings);
  }
}

TEST(Media, IsPlantedWithFaultsThatAreFound) {
  EXPECT_TRUE(Has(FindingsWith(MediaFault::kPlaysTwice), "media heard"));
  EXPECT_TRUE(Has(FindingsWith(MediaFault::kHearsLess), "media reports"));
  EXPECT_TRUE(Has(FindingsWith(MediaFault::kHearsLess), "media figures"));
  EXPECT_TRUE(Has(FindingsWith(MediaFault::kTalksOnHold), "media as agreed"));
  EXPECT_TRUE(Has(FindingsWith(MediaFault::kNeverStops), "media ends"));
}

TEST(Media, IsDrawnAsItsFirstPacketAndHowManyMore) {
  SwarmOptions options;
  options.talk_for = seconds(1);
  options.media = 20;
  const SwarmResult result = RunSwarm(options, {.keep_trace = true});
  const std::string ladder = TextLadder(result.world->trace(), result.world->Names());
  EXPECT_NE(ladder.find("| RTP from port 17000 --------------> |"), std::string::npos) << ladder;
  EXPECT_NE(ladder.find("| <-------------- RTP ... 50 packets  |"), std::string::npos) << ladder;
}

TEST(Media, RunsAgainFromItsSchedule) {
  SwarmOptions options = HeldTwice();
  options.talk_for = seconds(2);
  const Schedule schedule = ScheduleOf(options);
  Schedule again;
  std::string why;
  ASSERT_TRUE(Schedule::Read(schedule.Text(), again, why)) << why;
  EXPECT_EQ(again.options.media, 20u);
  EXPECT_EQ(RunSchedule(again).hash, RunSwarm(options).hash);
}

}  // namespace
}  // namespace sansip::sim
