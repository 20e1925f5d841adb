#include "sansip/dialog/registration.h"

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using Action = Registration::Action;
using State = Registration::State;

class RegistrationMachine : public ::testing::Test {
 protected:
  Action Answer(int status, std::uint32_t granted = 0) {
    return registration.OnAnswer(now, {.status = status, .granted = granted}, random);
  }
  double wait() const { return std::chrono::duration<double>(registration.next_deadline() - now).count(); }
  // To the deadline, which makes progress (law 6); just before it nothing happens.
  Action Due() {
    now = registration.next_deadline();
    EXPECT_EQ(registration.OnDeadline(now - Duration(1)), Action::kNone);
    return registration.OnDeadline(now);
  }

  SeededRandom random{3};
  Registration registration;
  Instant now{std::chrono::seconds(100)};
};

TEST_F(RegistrationMachine, RefreshesBeforeTheEnd) {
  SANSIP_SHOWS("3261-10.3-24");
  EXPECT_EQ(registration.Start(), Action::kSend);
  EXPECT_EQ(registration.Start(), Action::kNone);
  EXPECT_EQ(registration.expires(), 3600u);
  EXPECT_EQ(Answer(200, 600), Action::kTell);
  EXPECT_TRUE(registration.is_bound());
  EXPECT_EQ(wait(), 540);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(Answer(200, 60), Action::kTell);
  EXPECT_EQ(wait(), 30);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(Answer(200, 0), Action::kTell);
  EXPECT_GT(wait(), 0);
}

TEST_F(RegistrationMachine, TooBriefIsMadeLonger) {
  SANSIP_SHOWS("3261-10.2.8-1");
  ASSERT_EQ(registration.Start(), Action::kSend);
  EXPECT_EQ(registration.OnAnswer(now, {.status = 423, .min_expires = 7200}, random), Action::kSend);
  EXPECT_EQ(registration.expires(), 7200u);
  // Not longer, too long, or for ever longer: another failure.
  EXPECT_EQ(registration.OnAnswer(now, {.status = 423, .min_expires = 7200}, random), Action::kTell);
  EXPECT_EQ(registration.state(), State::kWaiting);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(registration.OnAnswer(now, {.status = 423, .min_expires = 4'000'000'000}, random), Action::kTell);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(registration.OnAnswer(now, {.status = 423, .min_expires = 7201}, random), Action::kSend);
  EXPECT_EQ(registration.OnAnswer(now, {.status = 423, .min_expires = 7202}, random), Action::kTell);
}

TEST_F(RegistrationMachine, WaitsLongerAndLonger) {
  SANSIP_SHOWS("3261-10.2.7-1", "5626-4.5-3", "5626-4.5-4", "5626-4.5-5");
  ASSERT_EQ(registration.Start(), Action::kSend);
  double most = 60;  // RFC 5626 4.5: base-time * 2^failures
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(Answer(i % 2 == 0 ? 408 : 503), Action::kTell);
    EXPECT_EQ(registration.state(), State::kWaiting);
    EXPECT_GE(wait(), most / 2);
    EXPECT_LE(wait(), most);
    most = std::min(2 * most, 1800.0);
    EXPECT_EQ(Due(), Action::kSend);
  }
  EXPECT_EQ(Answer(200, 3600), Action::kTell);
  EXPECT_EQ(registration.failures(), 0u);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(registration.OnAnswer(now, {.status = 503, .retry_after = 500}, random), Action::kTell);
  EXPECT_EQ(wait(), 500);
}

// RFC 5626 4.5: 90 s where another flow is up.
TEST_F(RegistrationMachine, WaitsThriceAsLongBesideAnotherFlow) {
  SANSIP_SHOWS("5626-4.5-4");
  ASSERT_EQ(registration.Start(), Action::kSend);
  for (double most = 180; most < 2000; most *= 2) {
    const Registration::Answer answer{.status = 503, .others_up = true};
    EXPECT_EQ(registration.OnAnswer(now, answer, random), Action::kTell);
    EXPECT_GE(wait(), std::min(most, 1800.0) / 2);
    EXPECT_LE(wait(), std::min(most, 1800.0));
    EXPECT_EQ(Due(), Action::kSend);
  }
  EXPECT_EQ(Answer(200, 3600), Action::kTell);
  EXPECT_EQ(registration.OnFlowFailed(now, true, random), Action::kTell);
  EXPECT_GE(wait(), 45);
  EXPECT_LE(wait(), 90);
}

// RFC 5626 4.5: "at least one subsequent keep-alive response was received".
TEST_F(RegistrationMachine, AFlowIsSuccessfulWithTheFirstKeepAliveThatIsAnswered) {
  SANSIP_SHOWS("5626-4.5-6", "5626-4.5-4");
  const auto accept = [&] {
    return registration.OnAnswer(now, {.status = 200, .granted = 3600, .is_unproved = true}, random);
  };
  ASSERT_EQ(registration.Start(), Action::kSend);
  // The registrar takes it each time, and nothing else comes over it.
  for (double most : {60, 120, 240}) {
    EXPECT_EQ(accept(), Action::kTell);
    EXPECT_EQ(registration.OnFlowFailed(now, false, random), Action::kTell);
    EXPECT_GE(wait(), most / 2);
    EXPECT_LE(wait(), most);
    EXPECT_EQ(Due(), Action::kSend);
  }
  EXPECT_EQ(accept(), Action::kTell);
  EXPECT_EQ(registration.failures(), 3u);
  registration.OnKeepAliveAnswered();
  EXPECT_EQ(registration.failures(), 0u);
  EXPECT_EQ(registration.OnFlowFailed(now, false, random), Action::kTell);
  EXPECT_LE(wait(), 30);
}

TEST_F(RegistrationMachine, ItsTimesCanBeChosen) {
  SANSIP_SHOWS("5626-4.5-2");
  registration = Registration({.retry_min = std::chrono::seconds(2), .retry_max = std::chrono::seconds(10)});
  ASSERT_EQ(registration.Start(), Action::kSend);
  for (const double most : {4, 8, 10, 10}) {
    EXPECT_EQ(Answer(503), Action::kTell);
    EXPECT_GE(wait(), most / 2);
    EXPECT_LE(wait(), most);
    EXPECT_EQ(Due(), Action::kSend);
  }
  EXPECT_EQ(registration.OnAnswer(now, {.status = 200, .granted = 60}, random), Action::kTell);
  EXPECT_EQ(registration.OnFlowFailed(now, true, random), Action::kTell);
  EXPECT_GE(wait(), 3);
  EXPECT_LE(wait(), 6);
}

TEST_F(RegistrationMachine, WhatCannotGetBetterIsOver) {
  for (const int status : {401, 403, 404, 501, 603}) {
    registration = Registration();
    ASSERT_EQ(registration.Start(), Action::kSend);
    EXPECT_EQ(Answer(status), Action::kTell);
    EXPECT_EQ(registration.state(), State::kOver);
    EXPECT_EQ(registration.next_deadline(), kNever);
  }
}

TEST_F(RegistrationMachine, IsRemovedFromEveryState) {
  SANSIP_SHOWS("3261-10.2-11");
  EXPECT_EQ(registration.Remove(), Action::kTell);
  EXPECT_EQ(registration.state(), State::kOver);
  EXPECT_EQ(registration.Remove(), Action::kNone);

  registration = Registration();
  ASSERT_EQ(registration.Start(), Action::kSend);
  EXPECT_EQ(registration.Remove(), Action::kNone);  // one at a time
  EXPECT_EQ(Answer(200, 600), Action::kRemove);
  EXPECT_EQ(registration.Remove(), Action::kNone);
  EXPECT_EQ(Answer(200), Action::kTell);
  EXPECT_EQ(registration.state(), State::kOver);
  EXPECT_FALSE(registration.is_bound());

  registration = Registration();
  ASSERT_EQ(registration.Start(), Action::kSend);
  EXPECT_EQ(registration.Remove(), Action::kNone);
  EXPECT_EQ(Answer(503), Action::kTell);  // there is nothing to remove
  EXPECT_EQ(registration.state(), State::kOver);

  registration = Registration();
  ASSERT_EQ(registration.Start(), Action::kSend);
  EXPECT_EQ(Answer(200, 600), Action::kTell);
  EXPECT_EQ(Due(), Action::kSend);
  EXPECT_EQ(Answer(503), Action::kTell);
  EXPECT_TRUE(registration.is_bound());  // still
  EXPECT_EQ(registration.Remove(), Action::kRemove);
  EXPECT_EQ(registration.next_deadline(), kNever);
  EXPECT_EQ(Answer(408), Action::kTell);
  EXPECT_EQ(registration.state(), State::kOver);
}

}  // namespace
}  // namespace sansip::testing
