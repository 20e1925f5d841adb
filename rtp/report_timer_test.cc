#include "sansip/rtp/report_timer.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart(seconds(1000));
constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;  // draws 0.5
const Membership kTwo{2, 1, false};

ReportTimer TimerOf(RandomSource& random, std::uint32_t bandwidth = 500, std::uint32_t first = 128) {
  return ReportTimer(kStart, bandwidth, first, random);
}
// The instant at which the next report is to go out.
Instant NextReport(ReportTimer& timer, const Membership& membership) {
  while (true) {
    const Instant now = timer.deadline();
    if (timer.OnExpire(now, membership)) return now;
  }
}
double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

TEST(ReportTimer, DeterministicInterval) {
  SANSIP_SHOWS("3550-6.3.1-1", "3550-6.3.1-2", "3550-6.3.1-3", "3550-6.3.1-6", "3550-6.2-5", "3550-6.2-9",
               "3550-6.2-4", "3550-6.2-7", "3551-2-4");
  FixedRandom random(0);
  const ReportTimer timer = TimerOf(random);
  EXPECT_EQ(timer.Deterministic({100, 2, true}), seconds(5));
  EXPECT_NEAR(Seconds(timer.Deterministic({100, 2, false})), 33.4507, 0.001);
  EXPECT_NEAR(Seconds(timer.Deterministic({100, 30, true})), 25.6, 0.001);
  EXPECT_NEAR(Seconds(timer.Deterministic({100, 30, false})), 25.6, 0.001);
  EXPECT_EQ(timer.Deterministic(kTwo), seconds(5));
  // Against the formula over a grid.
  for (std::uint32_t members : {1u, 2u, 4u, 17u, 100u, 5000u, 4000000000u}) {
    for (std::uint32_t senders : {0u, 1u, 2u, 30u}) {
      if (senders > members) continue;
      for (bool we_sent : {false, true}) {
        double n = members, bandwidth = 500;
        if (senders <= 0.25 * members) {
          n = we_sent ? senders : members - senders;
          bandwidth *= we_sent ? 0.25 : 0.75;
        }
        const double expected = std::max(5.0, n * 128 / bandwidth);
        const double actual = Seconds(timer.Deterministic({members, senders, we_sent}));
        if (expected < 10000) {
          EXPECT_NEAR(actual, expected, 0.001);
        } else {
          EXPECT_EQ(actual, 10000);
        }
      }
    }
  }
}

TEST(ReportTimer, Randomised) {
  SANSIP_SHOWS("3550-6.3.1-7", "3550-6.2-11");
  EXPECT_NEAR(Seconds(ReportTimer::Randomised(seconds(5), 0)), 2.052, 0.001);
  EXPECT_NEAR(Seconds(ReportTimer::Randomised(seconds(5), 32768)), 4.104, 0.001);
  EXPECT_NEAR(Seconds(ReportTimer::Randomised(seconds(5), 65535)), 6.156, 0.001);
  EXPECT_NEAR(Seconds(ReportTimer::Randomised(seconds(10000), 65535)), 12312.4, 1);
}

TEST(ReportTimer, FirstIntervalIsHalved) {
  SANSIP_SHOWS("3550-6.2-10", "3550-6.3.1-5", "3550-6.3.2-1");
  FixedRandom middle(kHalf), least(0);
  EXPECT_NEAR(Seconds(TimerOf(middle).deadline() - kStart), 2.052, 0.001);
  EXPECT_NEAR(Seconds(TimerOf(least).deadline() - kStart), 1.026, 0.001);
}

TEST(ReportTimer, SecondReportIsReconsideredWithTheFullMinimum) {
  SANSIP_SHOWS("3550-A.7-2", "3550-6.3.6-2");
  FixedRandom random(kHalf);
  ReportTimer timer = TimerOf(random, 500, 80);
  Instant now = timer.deadline();
  ASSERT_TRUE(timer.OnExpire(now, kTwo));
  timer.OnSent(now, 240, kTwo);
  EXPECT_EQ(timer.average_octets(), 90u);
  const Instant first = now;
  now = timer.deadline();
  EXPECT_NEAR(Seconds(now - first), 2.052, 0.001);
  EXPECT_FALSE(timer.OnExpire(now, kTwo));
  now = timer.deadline();
  EXPECT_NEAR(Seconds(now - first), 4.104, 0.001);
  EXPECT_TRUE(timer.OnExpire(now, kTwo));
}

TEST(ReportTimer, AverageOfReceivedSizes) {
  SANSIP_SHOWS("3550-6.3.3-3", "3550-A.7-5");
  FixedRandom random(0);
  ReportTimer timer = TimerOf(random, 500, 100);
  timer.OnReceived(260);
  EXPECT_EQ(timer.average_octets(), 110u);
}

TEST(ReportTimer, ReconsidersWhenMembersAreMany) {
  SANSIP_SHOWS("3550-6.3.6-1");
  FixedRandom random(kHalf);
  ReportTimer timer = TimerOf(random);
  const Instant at = timer.deadline();
  const Membership many{1000, 0, false};
  EXPECT_FALSE(timer.OnExpire(at, many));
  EXPECT_NEAR(Seconds(timer.deadline() - kStart), 1000 * 128 / 375.0 * 0.8208, 0.1);
}

TEST(ReportTimer, ReverseReconsideration) {
  SANSIP_SHOWS("3550-6.3.4-2", "3550-6.3.4-3");
  FixedRandom random(kHalf);
  ReportTimer timer = TimerOf(random);
  const Membership hundred{100, 0, false};
  // Learn of a hundred members, send, and wait.
  const Instant sent = NextReport(timer, hundred);
  timer.OnSent(sent, 128, hundred);
  const Instant before = timer.deadline();
  const Instant now = sent + seconds(10);
  timer.OnMembersFewer(now, 100);  // no fewer: nothing
  EXPECT_EQ(timer.deadline(), before);
  timer.OnMembersFewer(now, 50);
  EXPECT_NEAR(Seconds(timer.deadline() - now), Seconds(before - now) / 2, 0.001);
  const Instant halved = timer.deadline();
  timer.OnMembersFewer(now, 200);
  EXPECT_EQ(timer.deadline(), halved);
}

TEST(ReportTimer, SpacingsOfATwoPartyCall) {
  SANSIP_SHOWS("3550-6.2-11", "3550-6.3-2", "3550-A.6-1");
  SeededRandom random(7);
  ReportTimer timer = TimerOf(random);
  Instant before = kStart;
  Duration least = kForever, most{}, total{};
  constexpr int kReports = 3000;
  for (int i = 0; i < kReports; ++i) {
    const Instant now = NextReport(timer, kTwo);
    timer.OnSent(now, 128, kTwo);
    if (i > 0) {
      least = std::min(least, now - before);
      most = std::max(most, now - before);
      total += now - before;
    }
    before = now;
  }
  EXPECT_GE(least, milliseconds(2050));
  EXPECT_LE(most, milliseconds(6160));
  EXPECT_LT(least, milliseconds(2700));
  EXPECT_GT(most, milliseconds(5800));
  EXPECT_NEAR(Seconds(total) / (kReports - 1), 5.0, 0.15);
}

}  // namespace
}  // namespace sansip::rtp
