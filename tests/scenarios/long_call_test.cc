// Eight hours through a network that loses every tenth datagram, in well under a second.
#include "sansip/tests/sim/long_call.h"

#include <ctime>

#include "gtest/gtest.h"

namespace sansip::sim {
namespace {

using std::chrono::hours;

TEST(LongCall, EightHoursThroughTenPercentLoss) {
  const std::clock_t begin = std::clock();
  const LongCall run = RunLongCall();
  const double cpu_seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  const LongCallFigures& figures = run.figures;
  EXPECT_EQ(TextOf(figures.findings), "") << run.Text(0);
  EXPECT_TRUE(figures.answered);
  EXPECT_TRUE(figures.ended_as_planned) << run.Text();
  EXPECT_EQ(figures.lasted, hours(8));
  // One refresh every 900 s.
  EXPECT_GE(figures.refreshes, 30u);
  EXPECT_LE(figures.refreshes, 32u);
  EXPECT_GT(figures.lost, figures.datagrams / 20);
  EXPECT_GT(figures.retransmissions, 5u);
  EXPECT_LT(cpu_seconds, 1.0);
}

TEST(LongCall, ShowsItselfAsTextAndDrawing) {
  const LongCall run = RunLongCall({.duration = hours(1)});
  EXPECT_NE(run.Text().find("INVITE z9hG4bK"), std::string::npos);
  EXPECT_NE(run.Svg().find("<svg "), std::string::npos);
}

TEST(LongCall, ManySeedsEndAsPlanned) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const LongCall run = RunLongCall({.seed = seed, .duration = hours(8)});
    ASSERT_EQ(TextOf(run.figures.findings), "") << seed << "\n" << run.Text(200);
    ASSERT_TRUE(run.figures.ended_as_planned) << seed << "\n" << run.Text(200);
  }
}

}  // namespace
}  // namespace sansip::sim
