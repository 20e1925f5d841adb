#include "sansip/session_timer/session_timer.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/session_timer/timer_driver.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using S = SessionTimerState;
using Texts = std::vector<std::string>;

constexpr std::uint32_t kLargest = 4294967295u;

// ---- RFC 4028 7.2, 9: when

TEST(SessionTimer, RefreshesAtHalfTheInterval) {
  SANSIP_SHOWS("4028-7.2-7", "4028-7.2-20", "4028-7.2-21", "4028-4-5", "4028-4-7", "4028-7.2-17",
               "4028-13-11");
  for (const std::uint32_t interval : {90u, 91u, 100u, 1800u, 4000u, 86400u, kLargest}) {
    TimerDriver driver;
    driver.Receive2xx(10, interval, Refresher::kUac);
    EXPECT_EQ(driver.next(), 10 + interval / 2.0) << interval;
    EXPECT_EQ(driver.Deadline(driver.next()), Texts{"refresh reinvite"}) << interval;
    EXPECT_EQ(SecondsOf(driver.timer().status().expiry), 10.0 + interval);
  }
}

TEST(SessionTimer, UnrefreshedByThePeerEndsBeforeTheExpiry) {
  SANSIP_SHOWS("4028-10-18", "4028-10-19", "4028-10-20", "4028-3-10", "4028-7.2-8", "4028-4-7", "4028-13-14");
  const struct {
    std::uint32_t interval;
    double end;
  } cases[] = {{90, 60}, {93, 62}, {95, 63.333}, {96, 64}, {97, 65}, {1800, 1768}, {4000, 3968}};
  for (const auto& [interval, end] : cases) {
    TimerDriver driver;
    driver.Receive2xx(0, interval, Refresher::kUas);
    const Texts all = driver.RunUntil(interval);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_NE(all[0].find(" expiring"), std::string::npos);
    EXPECT_DOUBLE_EQ(std::stod(all[1]), end);
    EXPECT_NE(all[1].find("end: not refreshed by peer"), std::string::npos);
  }
}

TEST(SessionTimer, TheUasCountsFromThe2xxItSent) {
  SANSIP_SHOWS("4028-9-36", "4028-9-38", "4028-9-39", "4028-9-32");
  TimerDriver refresher;
  refresher.Send2xx(10, 1800, Refresher::kUas);
  EXPECT_EQ(refresher.next(), 910);
  TimerDriver listener;
  listener.Send2xx(10, 1800, Refresher::kUac);
  EXPECT_EQ(listener.RunUntil(2000).back(), "1778 end: not refreshed by peer");
}

TEST(SessionTimer, WithoutSessionExpiresNothingEverHappens) {
  SANSIP_SHOWS("4028-4-9", "4028-7.2-12", "4028-9-35", "4028-7.2-13");
  TimerDriver uac;
  uac.Receive2xx(0, 0, Refresher::kNone);
  EXPECT_TRUE(uac.idle());
  EXPECT_TRUE(uac.Deadline(1e6).empty());
  TimerDriver uas;
  uas.Send2xx(0, 1800, Refresher::kUas);
  uas.Send2xx(10, 0, Refresher::kNone);
  EXPECT_TRUE(uas.RunUntil(1e6).empty());
}

TEST(SessionTimer, AskedForButNotAnsweredItRefreshesByItself) {
  SANSIP_SHOWS("4028-7.2-10", "4028-7.2-11", "4028-7.2-14", "4028-3-2", "4028-9-41", "4028-1-3");
  TimerDriver driver;
  driver.SetSent({.session_expires = 1800});
  driver.Receive2xx(0, 0, Refresher::kNone);
  EXPECT_EQ(driver.RunUntil(900), Texts{"900 refresh reinvite"});
  EXPECT_EQ(driver.timer().HeadersForRequest().refresher, Refresher::kUac);
  driver.Receive2xx(901, 0, Refresher::kNone);
  EXPECT_EQ(driver.next(), 1801);
  driver.Deadline(1801);
  EXPECT_EQ(driver.Fail(1833, kTransactionTimedOut), Texts{"end: refresh timed out"});
}

TEST(SessionTimer, TheNewest2xxRules) {
  SANSIP_SHOWS("4028-2-3", "4028-7.2-15", "4028-7.2-22", "4028-7.2-27", "4028-9-33", "4028-9-34", "4028-3-11",
               "4028-4-35");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Receive2xx(100, 200, Refresher::kUac, Method::kUpdate);
  EXPECT_EQ(driver.next(), 200);
  driver.Receive2xx(150, 1800, Refresher::kUac);
  EXPECT_EQ(driver.next(), 1050);
  driver.Send2xx(500, 600, Refresher::kUas);
  EXPECT_EQ(driver.next(), 800);
  driver.Send2xx(600, 600, Refresher::kUac);
  EXPECT_EQ(driver.state(), S::kListening);
}

TEST(SessionTimer, ARoleIsThatOfTheTransaction) {
  SANSIP_SHOWS("4028-7.2-24", "4028-7.2-23", "4028-9-25");
  // The callee, who listened, sends an UPDATE and is named uac: it refreshes from now on.
  TimerDriver callee;
  callee.Send2xx(0, 1800, Refresher::kUac);
  EXPECT_EQ(callee.state(), S::kListening);
  callee.Receive2xx(100, 1800, Refresher::kUac, Method::kUpdate);
  EXPECT_EQ(callee.state(), S::kWaiting);
  // The caller, who refreshed, answers the UPDATE and hands the role over.
  TimerDriver caller;
  caller.Receive2xx(0, 1800, Refresher::kUac);
  caller.Send2xx(100, 1800, Refresher::kUac, Method::kUpdate);
  EXPECT_EQ(caller.state(), S::kListening);
}

// A 2xx need not have Supported (RFC 4028 9); that the peer refreshes is enough.
TEST(SessionTimer, APeerThatRefreshesIsAskedToGoOnDoingSo) {
  SANSIP_SHOWS("4028-7.4-14");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUas);
  EXPECT_EQ(driver.timer().HeadersForRequest().refresher, Refresher::kUas);
  EXPECT_EQ(driver.timer().HeadersForRequest().session_expires, 1800u);
}

TEST(SessionTimer, RolesChangeWithThe2xxNotWithTheRequest) {
  SANSIP_SHOWS("4028-7.4-18");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  SessionTimerFacts request;
  request.supported = true;
  request.session_expires = 1800;
  request.refresher = Refresher::kUac;
  driver.timer().OnPeerMessage(request, true);
  EXPECT_EQ(driver.state(), S::kWaiting);
  EXPECT_EQ(driver.next(), 900);
}

TEST(SessionTimer, APeersRefreshMakesTheOwnObsolete) {
  SANSIP_SHOWS("4028-10-25", "4028-10-21");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Send2xx(890, 1800, Refresher::kUas);
  EXPECT_EQ(driver.next(), 890 + 900);
  TimerDriver listener;
  listener.Receive2xx(0, 1800, Refresher::kUas);
  EXPECT_EQ(listener.RunUntil(1767.9), Texts{"1758 expiring"});
  listener.Send2xx(1767.9, 1800, Refresher::kUac);
  EXPECT_TRUE(listener.RunUntil(1768).empty());
  EXPECT_EQ(listener.state(), S::kListening);
}

TEST(SessionTimer, ACopyOfA2xxRestartsNothing) {
  SANSIP_SHOWS("4028-7.2-18");
  TimerDriver driver;
  driver.Receive2xx(10, 1800, Refresher::kUac);
  driver.Receive2xxAgain(12, 1800, Refresher::kUac);
  EXPECT_EQ(driver.next(), 910);
  // Nor a late copy, after an UPDATE.
  driver.Receive2xx(20, 600, Refresher::kUac, Method::kUpdate);
  driver.timer().On2xxReceived(At(22), Method::kInvite, 1, {}, {});
  EXPECT_EQ(driver.next(), 320);
}

TEST(SessionTimer, NothingStartsBeforeThe2xxToTheInvite) {
  SANSIP_SHOWS("4028-7.2-28", "4028-7.2-29");
  TimerDriver driver;
  driver.Receive2xx(0, 90, Refresher::kUac, Method::kUpdate);
  driver.Send2xx(1, 90, Refresher::kUas, Method::kUpdate);
  EXPECT_TRUE(driver.idle());
  driver.timer().OnCallEnded();
  EXPECT_TRUE(driver.idle());
}

TEST(SessionTimer, ForksRunIndependently) {
  SANSIP_SHOWS("4028-7.2-1", "4028-7.2-16", "4028-7.4-9", "4028-9-32");
  TimerDriver a, b, c;
  a.Receive2xx(0, 600, Refresher::kUac);
  b.Receive2xx(0, 0, Refresher::kNone);
  c.Receive2xx(0, 1800, Refresher::kUas);
  a.RunUntil(300);
  EXPECT_EQ(a.Fail422(301, 700), Texts{"refresh reinvite"});
  EXPECT_EQ(a.timer().HeadersForRequest().min_se, 700u);
  EXPECT_TRUE(b.idle());
  EXPECT_FALSE(c.timer().HeadersForRequest().min_se);
  EXPECT_EQ(c.RunUntil(1800).back(), "1768 end: not refreshed by peer");
}

TEST(SessionTimer, AnEndedCallLeavesNoTimer) {
  SANSIP_SHOWS("4028-10-30", "4028-7.2-26");
  TimerDriver driver;
  driver.Receive2xx(0, 90, Refresher::kUac);
  driver.timer().OnCallEnded();
  EXPECT_TRUE(driver.RunUntil(1e6).empty());
}

// ---- RFC 4028 7.4: what a refresh says

TEST(SessionTimer, RefreshHeadersFollowTheDialog) {
  SANSIP_SHOWS("4028-7.4-2", "4028-7.4-5", "4028-7.4-11", "4028-4-46", "4028-10-1");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  SessionTimerFacts update;
  update.supported = true;
  update.min_se = 200;
  driver.timer().OnPeerMessage(update, true);
  EXPECT_EQ(driver.timer().HeadersForRequest().min_se, 200u);
  driver.Deadline(900);
  driver.Fail422(901, 500);
  update.min_se = 300;
  driver.timer().OnPeerMessage(update, true);
  EXPECT_EQ(driver.timer().HeadersForRequest().min_se, 500u);
  EXPECT_EQ(driver.timer().HeadersForRequest().session_expires, 1800u);
  EXPECT_EQ(driver.timer().HeadersForRequest().refresher, Refresher::kUac);
}

TEST(SessionTimer, TheMinSeBeforeTheDialogIsForgotten) {
  SANSIP_SHOWS("4028-7.4-7", "4028-7.4-8", "4028-5-6");
  TimerDriver driver;
  SessionTimerFacts invite;
  invite.supported = true;
  invite.min_se = 600;
  driver.timer().OnPeerMessage(invite, false);
  driver.Send2xx(0, 1800, Refresher::kUas);
  EXPECT_FALSE(driver.timer().HeadersForRequest().min_se);
}

TEST(SessionTimer, UpdateIsUsedWhereThePeerAllowsItAndItIsWished) {
  SANSIP_SHOWS("4028-7.4-19", "4028-7.4-20");
  TimerDriver unknown({.method = RefreshMethod::kUpdate});
  unknown.Receive2xx(0, 1800, Refresher::kUac);
  EXPECT_EQ(unknown.Deadline(900), Texts{"refresh reinvite"});
  TimerDriver allowed({.method = RefreshMethod::kUpdate});
  allowed.Receive2xx(0, 1800, Refresher::kUac);
  allowed.PeerAllowsUpdate();
  EXPECT_EQ(allowed.Deadline(900), Texts{"refresh update"});
  TimerDriver unwished({.method = RefreshMethod::kReinvite});
  unwished.Receive2xx(0, 1800, Refresher::kUac);
  unwished.PeerAllowsUpdate();
  EXPECT_EQ(unwished.Deadline(900), Texts{"refresh reinvite"});
}

TEST(SessionTimer, NoRefreshWhileAnOfferIsPending) {
  SANSIP_SHOWS("4028-7.4-27");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.timer().OnOfferPending();
  EXPECT_EQ(driver.next(), 1790);
  EXPECT_TRUE(driver.Deadline(900).empty());
  driver.timer().OnOfferSettled();
  EXPECT_EQ(driver.next(), 900);
  EXPECT_EQ(driver.Deadline(950), Texts{"refresh reinvite"});
}

TEST(SessionTimer, ARetryWaitsForAPendingOffer) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Deadline(900);
  driver.timer().OnOfferPending();
  EXPECT_TRUE(driver.Fail422(901, 3600).empty());
  EXPECT_EQ(driver.next(), 1790);
  driver.timer().OnOfferSettled();
  EXPECT_EQ(driver.Deadline(902), Texts{"refresh reinvite"});
}

// ---- RFC 4028 10: each outcome by its own rule

class FailedRefresh : public testing::Test {
 protected:
  FailedRefresh() {
    driver_.Receive2xx(0, 1800, Refresher::kUac);
    driver_.Deadline(900);
  }
  TimerDriver driver_;
};

TEST_F(FailedRefresh, TimeoutEndsAtOnce) {
  SANSIP_SHOWS("4028-3-9", "4028-10-4", "4028-10-5");
  EXPECT_EQ(driver_.Fail(932, kTransactionTimedOut), Texts{"end: refresh timed out"});
}
TEST_F(FailedRefresh, On408EndsAtOnce) {
  SANSIP_SHOWS("4028-10-6");
  EXPECT_EQ(driver_.Fail(901, 408), Texts{"end: refresh timed out"});
}
TEST_F(FailedRefresh, On481EndsAtOnce) {
  SANSIP_SHOWS("4028-10-7");
  EXPECT_EQ(driver_.Fail(901, 481), Texts{"end: no dialog"});
}
TEST_F(FailedRefresh, On422RetriesBeforeTheOldExpiry) {
  SANSIP_SHOWS("4028-10-2", "4028-10-3", "4028-10-8", "4028-10-10");
  EXPECT_EQ(driver_.Fail422(901, 3600), Texts{"refresh reinvite"});
  EXPECT_EQ(driver_.timer().HeadersForRequest().session_expires, 3600u);
  EXPECT_EQ(driver_.timer().HeadersForRequest().min_se, 3600u);
  EXPECT_EQ(SecondsOf(driver_.timer().status().expiry), 1800);
  EXPECT_EQ(driver_.timer().status().last_outcome, 422);
  // 2xx restarts from itself.
  driver_.Receive2xx(902, 3600, Refresher::kUac);
  EXPECT_EQ(driver_.next(), 902 + 1800);
  EXPECT_EQ(driver_.timer().status().last_outcome, 200);
}
TEST_F(FailedRefresh, On422ThatDemandsNothingNewStops) {
  EXPECT_EQ(driver_.Fail422(901, 3600), Texts{"refresh reinvite"});
  EXPECT_TRUE(driver_.Fail422(902, 3600).empty());
  EXPECT_EQ(driver_.state(), S::kWaning);
}
TEST_F(FailedRefresh, On422WithoutMinSeStops) {
  EXPECT_TRUE(driver_.Fail422(901, {}).empty());
  EXPECT_EQ(driver_.state(), S::kWaning);
}
TEST_F(FailedRefresh, On422RisingForEverIsBounded) {
  SANSIP_SHOWS("4028-10-15");
  int tries = 1;
  for (std::uint32_t min_se = 100; !driver_.Fail422(901, min_se).empty(); ++min_se) ++tries;
  EXPECT_EQ(tries, SessionTimer::kTriesMax);
  EXPECT_EQ(driver_.RunUntil(1800).back(), "1800 end: not refreshed by us");
}
TEST_F(FailedRefresh, On491TheOwnerOfTheCallIdWaitsLonger) {
  SANSIP_SHOWS("4028-10-11", "4028-10-31");
  EXPECT_TRUE(driver_.Fail(901, 491, {}, RefreshMethod::kReinvite, 0).empty());
  EXPECT_EQ(driver_.next(), 901 + 2.1);
  driver_.Deadline(driver_.next());
  EXPECT_TRUE(driver_.Fail(910, 491, {}, RefreshMethod::kReinvite, ~0ull).empty());
  EXPECT_EQ(driver_.next(), 910 + 4.0);

  TimerDriver other({}, false);
  other.Receive2xx(0, 1800, Refresher::kUac);
  other.Deadline(900);
  EXPECT_EQ(other.Fail(901, 491, {}, RefreshMethod::kReinvite, 0), Texts{"refresh reinvite"});
  EXPECT_TRUE(other.Fail(910, 491, {}, RefreshMethod::kReinvite, ~0ull).empty());
  EXPECT_EQ(other.next(), 912);
}
TEST_F(FailedRefresh, On500And503WaitForRetryAfter) {
  SANSIP_SHOWS("4028-10-12");
  EXPECT_TRUE(driver_.Fail(901, 500, 5).empty());
  EXPECT_EQ(driver_.next(), 906);
  EXPECT_EQ(driver_.Deadline(906), Texts{"refresh reinvite"});
  EXPECT_TRUE(driver_.Fail(907, 503, 5).empty());
  EXPECT_EQ(driver_.Deadline(912), Texts{"refresh reinvite"});
  // Beyond the expiry there is nothing to wait for.
  EXPECT_TRUE(driver_.Fail(913, 503, 3600).empty());
  EXPECT_EQ(driver_.state(), S::kWaning);
}
TEST_F(FailedRefresh, On503WithoutRetryAfterOneTryHalfWayToTheEnd) {
  EXPECT_TRUE(driver_.Fail(900, 503).empty());
  EXPECT_EQ(driver_.next(), 1350);
  driver_.Deadline(1350);
  EXPECT_TRUE(driver_.Fail(1351, 503).empty());
  EXPECT_EQ(driver_.state(), S::kWaning);
}
TEST_F(FailedRefresh, AnythingElseLeavesTheSessionUntilItsExpiry) {
  SANSIP_SHOWS("4028-10-14", "4028-10-15", "4028-10-16", "4028-10-28");
  for (const int status : {302, 401, 403, 407, 420, 486, 488, 505, 600, 603, 606, 699, 799}) {
    TimerDriver driver;
    driver.Receive2xx(0, 1800, Refresher::kUac);
    driver.Deadline(900);
    EXPECT_TRUE(driver.Fail(901, status).empty()) << status;
    EXPECT_EQ(driver.RunUntil(1800), (Texts{"1790 expiring", "1800 end: not refreshed by us"})) << status;
  }
}
TEST_F(FailedRefresh, AnythingElseIsTriedOnceWithTheOtherMethod) {
  SANSIP_SHOWS("4028-10-14", "4028-10-15");
  TimerDriver driver({.method = RefreshMethod::kReinvite});
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.PeerAllowsUpdate();
  EXPECT_EQ(driver.Deadline(900), Texts{"refresh reinvite"});
  EXPECT_EQ(driver.Fail(901, 488), Texts{"refresh update"});
  EXPECT_TRUE(driver.Fail(902, 488, {}, RefreshMethod::kUpdate).empty());
  EXPECT_EQ(driver.state(), S::kWaning);
}
TEST_F(FailedRefresh, AfterAChangedTryTheNextIntervalBeginsAsWished) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.PeerAllowsUpdate();
  EXPECT_EQ(driver.Deadline(900), Texts{"refresh update"});
  EXPECT_EQ(driver.Fail(901, 488, {}, RefreshMethod::kUpdate), Texts{"refresh reinvite"});
  driver.Receive2xx(902, 1800, Refresher::kUac);
  EXPECT_EQ(driver.Deadline(1802), Texts{"refresh update"});
}

TEST(FailedUpdate, On405Or501ReinviteFromNowOn) {
  SANSIP_SHOWS("4028-10-13");
  for (const int status : {405, 501}) {
    TimerDriver driver({.method = RefreshMethod::kUpdate});
    driver.Receive2xx(0, 1800, Refresher::kUac);
    driver.PeerAllowsUpdate();
    EXPECT_EQ(driver.Deadline(900), Texts{"refresh update"});
    EXPECT_EQ(driver.Fail(901, status, {}, RefreshMethod::kUpdate), Texts{"refresh reinvite"});
    driver.Receive2xx(902, 1800, Refresher::kUac);
    EXPECT_EQ(driver.Deadline(1802), Texts{"refresh reinvite"});
    EXPECT_TRUE(driver.Fail(1803, status).empty());
    EXPECT_EQ(driver.state(), S::kWaning);
  }
}

TEST(FailedRequest, OfAnotherPurposeTeachesItsMinSe) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  EXPECT_TRUE(driver.Fail422(100, 2400).empty());
  EXPECT_EQ(driver.next(), 900);
  EXPECT_EQ(driver.timer().HeadersForRequest().min_se, 2400u);
}

TEST(RefreshedSession, ARefusedRefreshOfThePeerExtendsNothing) {
  SANSIP_SHOWS("4028-10-23");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUas);
  SessionTimerFacts request;
  request.supported = true;
  request.session_expires = 60;
  ASSERT_EQ(AnswerSessionTimer({}, request).refuse_status, 422);
  driver.timer().OnPeerMessage(request, true);
  EXPECT_EQ(driver.RunUntil(1800).back(), "1768 end: not refreshed by peer");
}

TEST(RefreshedSession, A2xxToARetryRestartsFromItself) {
  SANSIP_SHOWS("4028-10-27");
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Deadline(900);
  driver.Receive2xx(901, 1800, Refresher::kUac);
  EXPECT_EQ(driver.next(), 1801);
}

// ---- the laws of the border

TEST(SessionTimerLaws, Law1_OneCallIsOneEvent) {
  // A 2xx that comes when a refresh is long due starts the interval anew, and the refresh is not sent
  // besides.
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Receive2xx(1000, 1800, Refresher::kUac);
  EXPECT_EQ(driver.state(), S::kWaiting);
  EXPECT_EQ(driver.next(), 1900);
}

TEST(SessionTimerLaws, Law2_ItOnlyAppends) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> out;
  out.Append(session_timer_action::End{});
  driver.timer().OnDeadline(At(900), out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<session_timer_action::End>(out[0]));
  EXPECT_TRUE(std::holds_alternative<session_timer_action::Refresh>(out[1]));
}

TEST(SessionTimerLaws, Law3_OnlyAGlareDrawsARandomNumber) {
  class Counting : public RandomSource {
   public:
    std::uint64_t Next() override { return static_cast<std::uint64_t>(++drawn); }
    int drawn = 0;
  } random;
  for (const int status : {0, 302, 405, 408, 422, 481, 488, 491, 500, 501, 503, 603}) {
    TimerDriver driver;
    driver.Receive2xx(0, 1800, Refresher::kUac);
    driver.Deadline(900);
    random.drawn = 0;
    SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> out;
    driver.timer().OnRefreshFailed(At(901), {.status = status}, random, out);
    EXPECT_EQ(random.drawn, status == 491 ? 1 : 0) << status;
  }
}

TEST(SessionTimerLaws, Law4_TimeIsAnArgumentAndClamped) {
  TimerDriver driver;
  driver.Receive2xx(100, 1800, Refresher::kUac);
  driver.Send2xx(50, 1800, Refresher::kUas);
  EXPECT_EQ(driver.next(), 1000);
  EXPECT_TRUE(driver.Deadline(0).empty());
}

TEST(SessionTimerLaws, Law5_ItBorrowsTheWishAlone) {
  TimerDriver driver;
  {
    auto facts = std::make_unique<SessionTimerFacts>();
    auto sent = std::make_unique<SessionTimerHeaders>();
    facts->session_expires = 600;
    facts->refresher = Refresher::kUac;
    driver.timer().On2xxReceived(At(0), Method::kInvite, 1, *sent, *facts);
  }
  EXPECT_EQ(driver.Deadline(300), Texts{"refresh reinvite"});
  EXPECT_EQ(driver.timer().HeadersForRequest().session_expires, 600u);
}

TEST(SessionTimerLaws, Law6_DeadlinesAreHonest) {
  for (const Refresher refresher : {Refresher::kUac, Refresher::kUas}) {
    TimerDriver driver;
    driver.Receive2xx(0, 93, refresher);
    int events = 0;
    while (!driver.idle()) {
      const Instant due = driver.timer().next_deadline();
      SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> early, late;
      driver.timer().OnDeadline(due - Duration(1), early);
      EXPECT_TRUE(early.empty());
      EXPECT_EQ(driver.timer().next_deadline(), due);
      driver.timer().OnDeadline(due, late);
      EXPECT_EQ(late.size(), 1u);
      ASSERT_LT(++events, 10);
    }
    EXPECT_EQ(driver.state(), S::kEnded);
  }
}

TEST(SessionTimerLaws, Law7_ADeadlineHasAtMostTwoActions) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  EXPECT_EQ(driver.Deadline(1795), (Texts{"expiring", "refresh reinvite"}));
}

TEST(SessionTimerLaws, Law8_ALateOutcomeIsAnOrdinaryAnswer) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Deadline(900);
  driver.Send2xx(901, 1800, Refresher::kUac);
  EXPECT_TRUE(driver.Fail(902, 491).empty());
  EXPECT_EQ(driver.state(), S::kListening);
}

TEST(SessionTimerLaws, Law9_EndComesBeforeNoticeAndRefresh) {
  TimerDriver driver;
  driver.Receive2xx(0, 1800, Refresher::kUac);
  EXPECT_EQ(driver.Deadline(1800), Texts{"end: not refreshed by us"});
}

TEST(SessionTimerLaws, Law10_FitsIn64Bytes) { EXPECT_LE(sizeof(SessionTimer), 64u); }

TEST(SessionTimer, LargestIntervalAtTheEndOfTimeDoesNotOverflow) {
  TimerDriver driver;
  SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> out;
  driver.timer().On2xxSent(kNever - std::chrono::seconds(1), Method::kInvite,
                           {.session_expires = kLargest, .refresher = Refresher::kUas});
  EXPECT_EQ(driver.timer().status().expiry, kNever);
  driver.timer().OnDeadline(kNever - std::chrono::nanoseconds(1), out);
  EXPECT_EQ(driver.timer().status().state, S::kWaiting);
}

TEST(SessionTimerStatus, ShowsTheSpans) {
  TimerDriver driver;
  EXPECT_EQ(driver.timer().status().expiry, kNever);
  driver.Receive2xx(0, 1800, Refresher::kUas);
  const SessionTimerStatus status = driver.timer().status();
  EXPECT_EQ(status.interval, 1800u);
  EXPECT_FALSE(status.we_refresh);
  EXPECT_EQ(status.next_refresh, kNever);
  EXPECT_EQ(SecondsOf(status.expiry), 1800);
  EXPECT_EQ(SecondsOf(status.end), 1768);
}

}  // namespace
}  // namespace sansip
