#include "sansip/session_timer/tolerance.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/session_timer/timer_driver.h"

namespace sansip {
namespace {

using T = SessionTimerTolerance;

std::vector<std::string> Names(SessionTimerTolerances tolerated) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kSessionTimerTolerances; ++i) {
    const T tolerance = static_cast<T>(i);
    if (tolerated.Has(tolerance)) names.emplace_back(SessionTimerToleranceName(tolerance));
  }
  return names;
}

using Texts = std::vector<std::string>;

const SessionTimerHeaders kSent{.session_expires = 1800, .refresher = Refresher::kUac, .min_se = 120};

Texts In2xx(std::optional<std::uint32_t> interval, Refresher refresher, bool required = true) {
  SessionTimerFacts facts;
  facts.session_expires = interval;
  facts.refresher = refresher;
  facts.required = required;
  return Names(ToleratedIn2xx(kSent, facts));
}

TEST(Tolerance, ACorrect2xxNeedsNone) {
  EXPECT_EQ(In2xx(1800, Refresher::kUac), Texts{});
  EXPECT_EQ(In2xx(120, Refresher::kUac), Texts{});
  EXPECT_EQ(In2xx({}, Refresher::kNone, false), Texts{});
}

TEST(Tolerance, A2xxWithoutRefresher) { EXPECT_EQ(In2xx(1800, Refresher::kNone), Texts{"no-refresher"}); }

TEST(Tolerance, A2xxBelowMinSeOr90) {
  EXPECT_EQ(In2xx(119, Refresher::kUac), Texts{"interval-too-small"});
  SessionTimerFacts facts;
  facts.session_expires = 89;
  facts.refresher = Refresher::kUac;
  EXPECT_EQ(Names(ToleratedIn2xx({.session_expires = 90}, facts)), Texts{"interval-too-small"});
  facts.session_expires = 90;
  EXPECT_EQ(Names(ToleratedIn2xx({.session_expires = 90}, facts)), Texts{});
}

TEST(Tolerance, A2xxAboveTheRequest) {
  EXPECT_EQ(In2xx(1801, Refresher::kUac), Texts{"interval-raised"});
  SessionTimerFacts facts;
  facts.session_expires = 1801;
  facts.refresher = Refresher::kUac;
  EXPECT_EQ(Names(ToleratedIn2xx({}, facts)), Texts{}) << "none was asked for";
}

TEST(Tolerance, A2xxThatTurnsTheRoles) { EXPECT_EQ(In2xx(1800, Refresher::kUas), Texts{"role-overridden"}); }

TEST(Tolerance, A2xxThatRequiresATimerAndHasNone) {
  EXPECT_EQ(In2xx({}, Refresher::kNone), Texts{"require-alone"});
}

TEST(Tolerance, A2xxThatCannotBeRead) {
  SessionTimerFacts facts;
  facts.malformed = true;
  facts.session_expires = 1800;
  EXPECT_EQ(Names(ToleratedIn2xx(kSent, facts)), Texts{"malformed-in-2xx"});
}

TEST(Tolerance, RequestsBelow90AndRefreshersOfTheUnaware) {
  SessionTimerFacts facts;
  facts.session_expires = 89;
  EXPECT_EQ(Names(ToleratedInRequest(facts)), Texts{"interval-too-small"});
  facts.session_expires = 90;
  facts.min_se = 89;
  EXPECT_EQ(Names(ToleratedInRequest(facts)), Texts{"interval-too-small"});
  facts.min_se = 90;
  facts.refresher = Refresher::kUas;
  EXPECT_EQ(Names(ToleratedInRequest(facts)), Texts{"refresher-of-unaware"});
  facts.supported = true;
  EXPECT_EQ(Names(ToleratedInRequest(facts)), Texts{});
}

// ---- What only the running timer knows

TEST(Tolerance, ARefreshWhenTheEndWasNear) {
  TimerDriver driver;
  driver.Send2xx(0, 1800, Refresher::kUac);
  EXPECT_EQ(driver.RunUntil(1757.9), Texts{});
  EXPECT_TRUE(
      driver.timer()
          .On2xxSent(At(1757.9), Method::kUpdate, {.session_expires = 1800, .refresher = Refresher::kUac})
          .empty());
  driver.RunUntil(1757.9 + 1758.5);
  EXPECT_EQ(Names(driver.timer().On2xxSent(At(3517), Method::kUpdate,
                                           {.session_expires = 1800, .refresher = Refresher::kUac})),
            Texts{"refreshed-late"});
  EXPECT_EQ(SecondsOf(driver.timer().status().expiry), 3517 + 1800);
}

TEST(Tolerance, ARefreshThatAnAwarePeerDoesNotAcknowledge) {
  TimerDriver driver;
  const SessionTimerHeaders sent{.session_expires = 1800, .refresher = Refresher::kUac};
  driver.SetSent(sent);
  driver.Receive2xx(0, 1800, Refresher::kUac);
  driver.Deadline(900);
  EXPECT_EQ(Names(driver.timer().On2xxReceived(At(901), Method::kInvite, 7, sent, {})),
            Texts{"refresh-not-acknowledged"});
  // It goes on by itself, and then that is how things are.
  EXPECT_EQ(driver.next(), 901 + 900);
  driver.Deadline(1801);
  EXPECT_TRUE(driver.timer().On2xxReceived(At(1802), Method::kInvite, 8, sent, {}).empty());
  EXPECT_EQ(driver.next(), 1802 + 900);
}

}  // namespace
}  // namespace sansip
