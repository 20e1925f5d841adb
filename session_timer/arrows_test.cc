// One test for every arrow of session_timer_table.h, named after it.
#include "gtest/gtest.h"
#include "sansip/session_timer/session_timer.h"
#include "sansip/session_timer/timer_driver.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using S = SessionTimerState;
using Texts = std::vector<std::string>;

// A timer in that state at 10 s: interval 1800 since 0, or since the refresh of 900 s.
TimerDriver In(S state) {
  TimerDriver driver;
  switch (state) {
    case S::kOff:
      break;
    case S::kListening:
      driver.Receive2xx(0, 1800, Refresher::kUas);
      break;
    case S::kWaiting:
      driver.Receive2xx(0, 1800, Refresher::kUac);
      break;
    case S::kRefreshing:
      driver.Receive2xx(0, 1800, Refresher::kUac);
      driver.Deadline(900);
      break;
    case S::kWaning:
      driver.Receive2xx(0, 1800, Refresher::kUac);
      driver.Deadline(900);
      driver.Fail(901, 603);
      break;
    case S::kEnded:
      driver.timer().OnCallEnded();
      break;
  }
  EXPECT_EQ(driver.state(), state);
  return driver;
}

void ExpectWeRefresh(S from) {
  TimerDriver driver = In(from);
  driver.Receive2xx(1000, 600, Refresher::kUac);
  EXPECT_EQ(driver.state(), S::kWaiting);
  EXPECT_EQ(driver.next(), 1300);
}

void ExpectPeerRefreshes(S from) {
  TimerDriver driver = In(from);
  driver.Receive2xx(1000, 600, Refresher::kUas);
  EXPECT_EQ(driver.state(), S::kListening);
  EXPECT_EQ(driver.next(), 1000 + 600 - 32 - 10);  // the notice
}

void ExpectNoTimer(S from) {
  TimerDriver driver = In(from);
  driver.Receive2xx(1000, 0, Refresher::kNone);
  EXPECT_EQ(driver.state(), S::kOff);
  EXPECT_TRUE(driver.idle());
}

void ExpectNotice(S state, double at) {
  TimerDriver driver = In(state);
  EXPECT_EQ(driver.Deadline(at).front(), "expiring");
  EXPECT_NE(driver.state(), S::kEnded);
  EXPECT_TRUE(driver.Deadline(at).empty());
}

void ExpectEnd(S state, double at, const char* text) {
  TimerDriver driver = In(state);
  EXPECT_EQ(driver.Deadline(at), Texts{text});
  EXPECT_EQ(driver.state(), S::kEnded);
  EXPECT_TRUE(driver.idle());
}

void ExpectFatal(S state) {
  TimerDriver driver = In(state);
  EXPECT_EQ(driver.Fail(950, kTransactionTimedOut), Texts{"end: refresh timed out"});
  EXPECT_EQ(driver.state(), S::kEnded);
  EXPECT_TRUE(driver.idle());
}

void ExpectCallEnded(S state) {
  TimerDriver driver = In(state);
  driver.timer().OnCallEnded();
  EXPECT_EQ(driver.state(), S::kEnded);
  EXPECT_TRUE(driver.idle());
}

TEST(SessionTimerArrows, A1_Off_WeRefresh) { ExpectWeRefresh(S::kOff); }
TEST(SessionTimerArrows, A2_Off_PeerRefreshes) { ExpectPeerRefreshes(S::kOff); }
TEST(SessionTimerArrows, A3_Off_NoTimer) { ExpectNoTimer(S::kOff); }
TEST(SessionTimerArrows, A4_Listening_WeRefresh) { ExpectWeRefresh(S::kListening); }
TEST(SessionTimerArrows, A5_Listening_PeerRefreshes) { ExpectPeerRefreshes(S::kListening); }
TEST(SessionTimerArrows, A6_Listening_NoTimer) { ExpectNoTimer(S::kListening); }
TEST(SessionTimerArrows, A7_Waiting_WeRefresh) { ExpectWeRefresh(S::kWaiting); }
TEST(SessionTimerArrows, A8_Waiting_PeerRefreshes) { ExpectPeerRefreshes(S::kWaiting); }
TEST(SessionTimerArrows, A9_Waiting_NoTimer) { ExpectNoTimer(S::kWaiting); }
TEST(SessionTimerArrows, A10_Refreshing_WeRefresh) { ExpectWeRefresh(S::kRefreshing); }
TEST(SessionTimerArrows, A11_Refreshing_PeerRefreshes) { ExpectPeerRefreshes(S::kRefreshing); }
TEST(SessionTimerArrows, A12_Refreshing_NoTimer) { ExpectNoTimer(S::kRefreshing); }
TEST(SessionTimerArrows, A13_Waning_WeRefresh) { ExpectWeRefresh(S::kWaning); }
TEST(SessionTimerArrows, A14_Waning_PeerRefreshes) { ExpectPeerRefreshes(S::kWaning); }
TEST(SessionTimerArrows, A15_Waning_NoTimer) { ExpectNoTimer(S::kWaning); }

TEST(SessionTimerArrows, R1_Waiting_RefreshDue) {
  TimerDriver driver = In(S::kWaiting);
  EXPECT_EQ(driver.Deadline(900), Texts{"refresh reinvite"});
  EXPECT_EQ(driver.state(), S::kRefreshing);
}
TEST(SessionTimerArrows, R2_Refreshing_RetryLater) {
  TimerDriver driver = In(S::kRefreshing);
  EXPECT_TRUE(driver.Fail(901, 503, 60).empty());
  EXPECT_EQ(driver.state(), S::kWaiting);
  EXPECT_EQ(driver.next(), 961);
}
TEST(SessionTimerArrows, R3_Refreshing_RetryNow) {
  TimerDriver driver = In(S::kRefreshing);
  EXPECT_EQ(driver.Fail422(901, 3600), Texts{"refresh reinvite"});
  EXPECT_EQ(driver.state(), S::kRefreshing);
}
TEST(SessionTimerArrows, R4_Refreshing_GiveUp) {
  TimerDriver driver = In(S::kRefreshing);
  EXPECT_TRUE(driver.Fail(901, 603).empty());
  EXPECT_EQ(driver.state(), S::kWaning);
  EXPECT_EQ(driver.next(), 1790);  // the notice, 10 s before the unchanged expiry
}

TEST(SessionTimerArrows, N1_Listening_NoticeDue) { ExpectNotice(S::kListening, 1758); }
TEST(SessionTimerArrows, N2_Waiting_NoticeDue) { ExpectNotice(S::kWaiting, 1790); }
TEST(SessionTimerArrows, N3_Refreshing_NoticeDue) { ExpectNotice(S::kRefreshing, 1790); }
TEST(SessionTimerArrows, N4_Waning_NoticeDue) { ExpectNotice(S::kWaning, 1790); }

TEST(SessionTimerArrows, E1_Listening_EndDue) {
  ExpectEnd(S::kListening, 1768, "end: not refreshed by peer");
}
TEST(SessionTimerArrows, E2_Waiting_EndDue) { ExpectEnd(S::kWaiting, 1800, "end: not refreshed by us"); }
TEST(SessionTimerArrows, E3_Refreshing_EndDue) {
  SANSIP_SHOWS("4028-10-17");
  ExpectEnd(S::kRefreshing, 1800, "end: not refreshed by us");
}
TEST(SessionTimerArrows, E4_Waning_EndDue) {
  SANSIP_SHOWS("4028-10-16");
  ExpectEnd(S::kWaning, 1800, "end: not refreshed by us");
}
TEST(SessionTimerArrows, E5_Listening_Fatal) { ExpectFatal(S::kListening); }
TEST(SessionTimerArrows, E6_Waiting_Fatal) { ExpectFatal(S::kWaiting); }
TEST(SessionTimerArrows, E7_Refreshing_Fatal) { ExpectFatal(S::kRefreshing); }
TEST(SessionTimerArrows, E8_Waning_Fatal) { ExpectFatal(S::kWaning); }

TEST(SessionTimerArrows, C1_Off_CallEnded) { ExpectCallEnded(S::kOff); }
TEST(SessionTimerArrows, C2_Listening_CallEnded) { ExpectCallEnded(S::kListening); }
TEST(SessionTimerArrows, C3_Waiting_CallEnded) { ExpectCallEnded(S::kWaiting); }
TEST(SessionTimerArrows, C4_Refreshing_CallEnded) { ExpectCallEnded(S::kRefreshing); }
TEST(SessionTimerArrows, C5_Waning_CallEnded) { ExpectCallEnded(S::kWaning); }

// The other cells: nothing happens, whatever comes.
TEST(SessionTimerArrows, OvertakenOutcomesAreIgnored) {
  for (const S state : {S::kOff, S::kListening, S::kWaiting, S::kWaning}) {
    for (const int status : {422, 491, 500, 503, 405, 488, 603, 302}) {
      TimerDriver driver = In(state);
      EXPECT_TRUE(driver.Fail(950, status, 1).empty()) << status;
      EXPECT_EQ(driver.state(), state) << status;
    }
  }
}
TEST(SessionTimerArrows, OffIgnoresFatal) {
  TimerDriver driver = In(S::kOff);
  EXPECT_TRUE(driver.Fail(950, 481).empty());
  EXPECT_EQ(driver.state(), S::kOff);
}
TEST(SessionTimerArrows, EndedStaysEnded) {
  TimerDriver driver = In(S::kEnded);
  driver.Receive2xx(20, 1800, Refresher::kUac);
  driver.Send2xx(21, 1800, Refresher::kUac);
  driver.Send2xx(22, 0, Refresher::kNone);
  for (const int status : {0, 408, 422, 481, 491, 500, 603}) EXPECT_TRUE(driver.Fail(23, status).empty());
  EXPECT_TRUE(driver.Deadline(1e9).empty());
  driver.timer().OnCallEnded();
  EXPECT_EQ(driver.state(), S::kEnded);
  EXPECT_TRUE(driver.idle());
}
TEST(SessionTimerArrows, EveryArrowHasAnIdAndNoIgnoredOneHas) {
  for (const SessionTimerArrow& arrow : session_timer_table::kRows) {
    EXPECT_EQ(arrow.id.empty(), arrow.ignored != IgnoredBecause::kNotIgnored);
    EXPECT_FALSE(SessionTimerStateName(arrow.in).empty());
    if (arrow.ignored != IgnoredBecause::kNotIgnored) {
      EXPECT_EQ(arrow.in, arrow.next);
      EXPECT_EQ(arrow.effect, SessionTimerEffect::kNothing);
    }
  }
}

}  // namespace
}  // namespace sansip
