#include "sansip/core/transaction/timers.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Row {
  Timer timer;
  bool is_invite;
  Duration unreliable;
  Duration reliable;
};

class TimerValueTest : public ::testing::TestWithParam<Row> {};

TEST_P(TimerValueTest, StartsAsTheTableSays) {
  const TimerValues values;
  const Row& row = GetParam();
  EXPECT_EQ(FirstValue(row.timer, values, false, row.is_invite), row.unreliable);
  EXPECT_EQ(FirstValue(row.timer, values, true, row.is_invite), row.reliable);
  SANSIP_SHOWS("3261-17.1.1.2-11", "3261-17.1.2.2-6", "3261-17.1.2.2-20");
}

// RFC 3261 table 4, RFC 6026 8.11, RFC 4320 4.1.
INSTANTIATE_TEST_SUITE_P(
    Table4, TimerValueTest,
    ::testing::Values(
        Row{Timer::kA, true, milliseconds(500), kForever}, Row{Timer::kB, true, seconds(32), seconds(32)},
        Row{Timer::kD, true, seconds(32), seconds(0)}, Row{Timer::kE, false, milliseconds(500), kForever},
        Row{Timer::kF, false, seconds(32), seconds(32)}, Row{Timer::kG, true, milliseconds(500), kForever},
        Row{Timer::kH, true, seconds(32), seconds(32)}, Row{Timer::kI, true, seconds(5), seconds(0)},
        Row{Timer::kJ, false, seconds(32), seconds(0)}, Row{Timer::kK, false, seconds(5), seconds(0)},
        Row{Timer::kL, true, seconds(32), seconds(32)}, Row{Timer::kM, true, seconds(32), seconds(32)},
        Row{Timer::kTrying, true, milliseconds(200), milliseconds(200)},
        Row{Timer::kTrying, false, milliseconds(3500), milliseconds(3500)},
        Row{Timer::kCancelled, true, seconds(32), seconds(32)}),
    [](const auto& row) {
      return "Timer" + std::string(TimerName(row.param.timer)) + (row.param.is_invite ? "" : "NonInvite");
    });

TEST(Timers, DIsAtLeast32SecondsWhateverT1Is) {
  EXPECT_EQ(FirstValue(Timer::kD, {.t1 = milliseconds(100)}, false, true), seconds(32));
  EXPECT_EQ(FirstValue(Timer::kD, {.d = seconds(1)}, false, true), seconds(32));
  EXPECT_EQ(FirstValue(Timer::kD, {.d = seconds(40)}, false, true), seconds(40));
}

TEST(Timers, TheOthersScaleWithT1) {
  const TimerValues slow = {.t1 = seconds(2)};
  for (Timer timer : {Timer::kB, Timer::kF, Timer::kH, Timer::kJ, Timer::kL, Timer::kM}) {
    EXPECT_EQ(FirstValue(timer, slow, false, true), seconds(128));
  }
  SANSIP_SHOWS("3261-17.1.1.1-2");
}

TEST(Timers, The100ToANonInviteComesWhenEWouldReachT2) {
  EXPECT_EQ(NonInviteTryingDelay({}), milliseconds(3500));
  EXPECT_EQ(NonInviteTryingDelay({.t1 = seconds(1), .t2 = seconds(4)}), seconds(3));
  // Reset, not set: a T2 that is no longer than T1 is first seen when E fires.
  EXPECT_EQ(NonInviteTryingDelay({.t1 = seconds(4), .t2 = seconds(4)}), seconds(4));
  EXPECT_EQ(NonInviteTryingDelay({.t1 = seconds(4), .t2 = seconds(1)}), seconds(4));
  EXPECT_EQ(NonInviteTryingDelay({.t1 = seconds(1), .t2 = seconds(5)}), seconds(7));
}

// The times at which a request leaves when nobody answers.
std::vector<double> SendTimes(Method method, const TimerValues& values, double until) {
  TransactionOptions options;
  options.timers = values;
  LayerUnderTest t(options);
  t.Send(method);
  t.AdvanceTo(until);
  std::vector<double> times;
  for (const std::string& line : t.TakeLog()) {
    if (line.find(" send ") != std::string::npos) times.push_back(std::stod(line));
  }
  return times;
}

TEST(Timers, AHasNoCap) {
  EXPECT_EQ(SendTimes(Method::kInvite, {}, 100), (std::vector<double>{0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5}));
  EXPECT_EQ(SendTimes(Method::kInvite, {.t1 = seconds(2)}, 200),
            (std::vector<double>{0, 2, 6, 14, 30, 62, 126}));
  EXPECT_EQ(SendTimes(Method::kInvite, {.t1 = milliseconds(100)}, 100),
            (std::vector<double>{0, 0.1, 0.3, 0.7, 1.5, 3.1, 6.3}));
  SANSIP_SHOWS("3261-17.1.1.2-9", "3261-17.1.1.2-13", "3261-17.1.1.2-14", "3261-17.1.1.2-17", "3261-A-1",
               "3261-A-4");
}

TEST(Timers, EIsCappedAtT2) {
  EXPECT_EQ(SendTimes(Method::kOptions, {}, 100),
            (std::vector<double>{0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5}));
  EXPECT_EQ(SendTimes(Method::kOptions, {.t2 = seconds(2)}, 10),
            (std::vector<double>{0, 0.5, 1.5, 3.5, 5.5, 7.5, 9.5}));
  // A T2 below T1 caps from the first doubling on.
  EXPECT_EQ(SendTimes(Method::kOptions, {.t1 = seconds(1), .t2 = milliseconds(500)}, 3),
            (std::vector<double>{0, 1, 1.5, 2, 2.5, 3}));
  SANSIP_SHOWS("3261-17.1.2.2-5", "3261-17.1.2.2-6", "3261-17.1.2.1-1", "3261-A-2", "3261-A-8");
}

TEST(Timers, WhereEAndFMeetFFiresFirst) {
  // F was armed first: law 9.
  const std::vector<double> times = SendTimes(Method::kOptions, {.t1 = seconds(1), .t2 = seconds(1)}, 100);
  EXPECT_EQ(times.size(), 64u);
  EXPECT_EQ(times.back(), 63);
}

TEST(Timers, DefaultsAreTheRfcs) {
  EXPECT_EQ(TimerValues().t1, milliseconds(500));
  EXPECT_EQ(TimerValues().t2, seconds(4));
  EXPECT_EQ(TimerValues().t4, seconds(5));
  SANSIP_SHOWS("3261-17.1.1.2-11", "3261-17.1.1.2-12", "3261-17.1.2.2-6", "3261-17.1.2.2-20", "3261-A-1",
               "3261-A-2", "3261-A-3");
}

}  // namespace
}  // namespace sansip::testing
