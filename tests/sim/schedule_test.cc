// Schedules: what is written is read again, what is none is refused, and a run is the same by seed and by the
// list of what its network did. Shrinking gives back what a failure takes, and no more.
#include "sansip/tests/sim/schedule.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"
#include "sansip/tests/sim/shrink.h"
#include "sansip/tests/sim/swarm.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using Kind = Deviation::Kind;

TEST(Schedule, WhatIsWrittenIsRead) {
  Schedule schedule;
  schedule.options.seed = 9;
  schedule.options.parties = 4;
  schedule.options.faults.delay = std::chrono::microseconds(1500);
  for (std::uint64_t n = 1; n <= 4; ++n) schedule.deviations.push_back({.link = {0, 2}, .n = n});
  schedule.deviations.push_back({.link = {2, 0}, .n = 0, .kind = Kind::kDelay, .delay = milliseconds(250)});
  schedule.deviations.push_back({.link = {2, 0}, .n = 0, .kind = Kind::kCopy, .delay = Duration(7)});
  schedule.deviations.push_back({.link = {2, 0}, .n = 3, .kind = Kind::kCorrupt, .value = 120 << 8 | 17});
  schedule.deviations.push_back(
      {.link = {0, 2}, .stream = 2, .n = 4, .kind = Kind::kDelay, .delay = milliseconds(3)});
  schedule.deviations.push_back({.link = {0, 2}, .stream = 2, .n = 4, .kind = Kind::kChunk, .value = 7});
  schedule.deviations.push_back({.link = {0, 2}, .stream = 2, .n = 5, .kind = Kind::kReset});
  const std::string text = schedule.Text("a remark\nof two lines");
  EXPECT_EQ(text,
            "# sansip schedule\n"
            "# a remark\n"
            "# of two lines\n"
            "run seed=9 delay=1500000ns parties=4\n"
            "lose alice>carol 2-5\n"
            "hold alice>carol/2 5 3ms\n"
            "chunk alice>carol/2 5 7\n"
            "reset alice>carol/2 6\n"
            "delay carol>alice 1 250ms\n"
            "copy carol>alice 1 7ns\n"
            "corrupt carol>alice 4 120 17\n");
  EXPECT_EQ(schedule.Lines(), 8u);
  Schedule read;
  std::string why;
  ASSERT_TRUE(Schedule::Read(text, read, why)) << why;
  EXPECT_EQ(read.Text("a remark\nof two lines"), text);
}

TEST(Schedule, WhatIsNoneIsRefusedWithItsLine) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"", "no line that begins with run"},
      {"lose alice>bob 1\n", "line 1 should be"},
      {"run seed=1 colour=3", "no option \"colour\""},
      {"run loss=x", "no value for loss"},
      {"run calls=0", "calls: 1 to"},
      {"run talk=99999999999999999999s", "no value for talk"},
      {"run seed=1\n# fine\ndrop alice>bob 1", "line 3 is none of"},
      {"run\nlose alice>bob", "line 2"},
      {"run\nlose alice>bob 0", "line 2"},
      {"run\nlose alice>bob 3-2", "line 2"},
      {"run\nlose alice-bob 1", "line 2"},
      {"run\nlose alice>carol 1", "does not have"},
      {"run\nlose alice>bob/1 1", "line 2"},
      {"run\nchunk alice>bob 1 7", "line 2"},
      {"run\nhold alice>bob 1 7ms", "line 2"},
      {"run\ndelay alice>bob 1", "line 2"},
      {"run\ncorrupt alice>bob 1 3 0", "line 2"},
      {"run\nlose alice>bob 1-999999999", "at most 100000"},
  };
  for (const auto& [text, reason] : kWrong) {
    Schedule schedule;
    std::string why;
    EXPECT_FALSE(Schedule::Read(text, schedule, why)) << text;
    EXPECT_NE(why.find(reason), std::string::npos) << text << ": " << why;
  }
}

TEST(Schedule, ARunAndItsScheduleAreTheSame) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const SwarmOptions options = SwarmOptions::FromSeed(seed);
    const Schedule schedule = ScheduleOf(options);
    Schedule read;
    std::string why;
    ASSERT_TRUE(Schedule::Read(AnnotatedText(schedule), read, why)) << why;
    const std::uint64_t hash = RunSwarm(options).hash;
    EXPECT_EQ(RunSchedule(schedule).hash, hash) << options.Text();
    EXPECT_EQ(RunSchedule(read).hash, hash) << options.Text();
  }
}

// The 2xx of an INVITE comes again after the ACK of the re-INVITE.
TEST(Schedule, WhatACampaignFoundStaysMended) {
  Schedule schedule;
  std::string why;
  ASSERT_TRUE(
      Schedule::Read("run seed=8460 ring=100ms talk=50ms reinvite=1\n"
                     "delay bob>alice 2 1000ms\n",
                     schedule, why))
      << why;
  EXPECT_EQ(TextOf(RunSchedule(schedule).findings), "");
}

TEST(Shrink, KeepsWhatAFailureTakes) {
  Schedule schedule;
  SwarmFixed fixed;
  fixed.calls = 40;
  schedule.options = SwarmOptions::FromSeed(5, fixed);
  for (std::uint64_t n = 0; n < 300; ++n) {
    schedule.deviations.push_back({.link = {0, 1},
                                   .n = n,
                                   .kind = n % 2 == 0 ? Kind::kLose : Kind::kDelay,
                                   .delay = n % 2 == 0 ? Duration::zero() : milliseconds(1234)});
  }
  // It takes the 12th and the 201st to be lost, the 34th to be late, and thirty calls.
  const auto fails = [](const Schedule& candidate) {
    const auto has = [&](std::uint64_t n) {
      return std::any_of(candidate.deviations.begin(), candidate.deviations.end(),
                         [n](const Deviation& one) { return one.n == n; });
    };
    return has(12) && has(200) && has(33) && candidate.options.calls >= 30;
  };
  const Shrunk shrunk = Shrink(schedule, fails);
  EXPECT_TRUE(shrunk.reproduced);
  EXPECT_LT(shrunk.runs, 400u);
  EXPECT_EQ(shrunk.schedule.Text(),
            "# sansip schedule\n"
            "run seed=5 calls=30\n"
            "lose alice>bob 13\n"
            "delay alice>bob 34 2000ms\n"
            "lose alice>bob 201\n");
}

TEST(Shrink, WhatDoesNotFailIsGivenBack) {
  Schedule schedule;
  schedule.deviations.push_back({.link = {0, 1}, .n = 3});
  const Shrunk shrunk = Shrink(schedule, [](const Schedule&) { return false; });
  EXPECT_FALSE(shrunk.reproduced);
  EXPECT_EQ(shrunk.schedule.Text(), schedule.Text());
}

TEST(Shrink, StopsAtItsLimit) {
  Schedule schedule;
  for (std::uint64_t n = 0; n < 1000; ++n) schedule.deviations.push_back({.link = {0, 1}, .n = 2 * n});
  const auto all = [](const Schedule& candidate) { return candidate.deviations.size() == 1000; };
  EXPECT_LE(Shrink(schedule, all, {.runs_max = 50}).runs, 50u);
}

}  // namespace
}  // namespace sansip::sim
