#include "sansip/core/transaction/forwarded_invite.h"

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/transaction/step.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

constexpr double kC = 181;  // seconds, as by default

class ForwardedInviteTest : public ::testing::Test {
 protected:
  // Null: ignored.
  const Arrow* Take(double seconds, Event event) {
    return Step(kForwardedInvite, {}, event, Instant() + Seconds(seconds), orders_, machine);
  }
  std::string_view OnResponse(double seconds, int status_code) {
    const Arrow* arrow = Take(seconds, forwarded_invite::EventOfResponse(status_code));
    return arrow == nullptr ? "ignored" : arrow->id;
  }
  void Forward() {
    machine = {.machine = Machine::kForwardedInvite};
    EXPECT_EQ(Take(0, Event::kSendRequest)->id, "F0");
  }
  // When timer C is due, in seconds; 0: it does not run.
  double Deadline() const {
    const Instant at = machine.timers.DeadlineOf(Timer::kC);
    return at == kNever ? 0 : static_cast<double>(at.time_since_epoch().count()) / 1e9;
  }

  MachineState machine;

 private:
  DeadlineQueue orders_;
};

TEST_F(ForwardedInviteTest, F0_InviteForwarded_StartsTimerC) {
  Forward();
  EXPECT_EQ(machine.state, State::kCalling);
  EXPECT_EQ(Deadline(), kC);
  SANSIP_SHOWS("3261-16.6-65");
}

TEST_F(ForwardedInviteTest, F1_100InCalling_LeavesTimerC) {
  Forward();
  EXPECT_EQ(OnResponse(170, 100), "F1");
  EXPECT_EQ(machine.state, State::kProceeding);
  EXPECT_EQ(Deadline(), kC);
  SANSIP_SHOWS("3261-16.7-5");
}

TEST_F(ForwardedInviteTest, F2_101To199InCalling_RestartsTimerC) {
  for (int status_code : {101, 180, 199}) {
    Forward();
    EXPECT_EQ(OnResponse(170, status_code), "F2");
    EXPECT_EQ(machine.state, State::kProceeding);
    EXPECT_EQ(Deadline(), 170 + kC);
  }
  SANSIP_SHOWS("3261-16.7-4");
}

TEST_F(ForwardedInviteTest, F3_FinalInCalling_Ends) {
  for (int status_code : {200, 302, 486, 699}) {
    Forward();
    EXPECT_EQ(OnResponse(1, status_code), "F3");
    EXPECT_EQ(machine.state, State::kTerminated);
    EXPECT_EQ(Deadline(), 0);
  }
}

TEST_F(ForwardedInviteTest, F4_TimerCInCalling_ActsAsIfA408Came) {
  Forward();
  const Arrow* arrow = Take(kC, Event::kTimerC);
  ASSERT_NE(arrow, nullptr);
  EXPECT_EQ(arrow->id, "F4");
  EXPECT_EQ(arrow->effects, kActAs408 | kGone);
  EXPECT_EQ(machine.state, State::kTerminated);
  SANSIP_SHOWS("3261-16.8-1", "3261-16.8-3");
}

TEST_F(ForwardedInviteTest, F5_101To199InProceeding_RestartsTimerC) {
  Forward();
  OnResponse(1, 180);
  for (double at : {100.0, 250.0, 400.0}) {
    EXPECT_EQ(OnResponse(at, 183), "F5");
    EXPECT_EQ(Deadline(), at + kC);
  }
  SANSIP_SHOWS("3261-16.7-4");
}

TEST_F(ForwardedInviteTest, F6_FinalInProceeding_Ends) {
  Forward();
  OnResponse(1, 180);
  EXPECT_EQ(OnResponse(2, 200), "F6");
  EXPECT_EQ(machine.state, State::kTerminated);
  EXPECT_EQ(Deadline(), 0);
}

TEST_F(ForwardedInviteTest, F7_TimerCInProceeding_SendsCancel) {
  for (int status_code : {100, 180}) {
    Forward();
    OnResponse(0, status_code);
    const Arrow* arrow = Take(kC, Event::kTimerC);
    ASSERT_NE(arrow, nullptr);
    EXPECT_EQ(arrow->id, "F7");
    EXPECT_EQ(arrow->effects, kSendTheCancel);
    EXPECT_EQ(machine.state, State::kCancelled);
    EXPECT_EQ(Deadline(), 0);
  }
  SANSIP_SHOWS("3261-16.8-1", "3261-16.8-2");
}

TEST_F(ForwardedInviteTest, F8_FinalInCancelled_Ends) {
  Forward();
  OnResponse(0, 180);
  Take(kC, Event::kTimerC);
  EXPECT_EQ(OnResponse(kC, 487), "F8");
  EXPECT_EQ(machine.state, State::kTerminated);
}

TEST_F(ForwardedInviteTest, Ignored_100InProceeding) {
  Forward();
  OnResponse(10, 180);
  EXPECT_EQ(OnResponse(170, 100), "ignored");
  EXPECT_EQ(Deadline(), 10 + kC);
  SANSIP_SHOWS("3261-16.7-5");
}

TEST_F(ForwardedInviteTest, Ignored_ProvisionalsInCancelled) {
  Forward();
  OnResponse(0, 180);
  Take(kC, Event::kTimerC);
  EXPECT_EQ(OnResponse(kC, 100), "ignored");
  EXPECT_EQ(OnResponse(kC, 183), "ignored");
  EXPECT_EQ(Deadline(), 0);
}

TEST(ForwardedInviteTimer, IsAboveThreeMinutesWhateverIsAsked) {
  for (Duration asked : {Duration::zero(), Duration(std::chrono::minutes(3))}) {
    EXPECT_EQ(FirstValue(Timer::kC, {.c = asked}, false, true), Seconds(kC));
  }
  EXPECT_EQ(FirstValue(Timer::kC, {.c = std::chrono::minutes(5)}, true, true), std::chrono::minutes(5));
  SANSIP_SHOWS("3261-16.6-66");
}

// Beside its client transaction, as a proxy would have the two.
TEST(ForwardedInvite, ACallThatRingsForEverIsCancelledByTimerC) {
  for (bool callee_answers : {true, false}) {
    LayerUnderTest t;
    DeadlineQueue orders;
    MachineState machine{.machine = Machine::kForwardedInvite};
    const TransactionId id = t.Send(Method::kInvite);
    const std::string invite = t.last_wire();
    Step(kForwardedInvite, {}, Event::kSendRequest, t.now(), orders, machine);
    t.AdvanceTo(2);
    t.Receive(ResponseText(invite, 180));
    Step(kForwardedInvite, {}, forwarded_invite::EventOfResponse(180), t.now(), orders, machine);
    t.Forget();
    t.AdvanceTo(2 + kC);
    ASSERT_EQ(machine.timers.DeadlineOf(Timer::kC), t.now());
    const Arrow* arrow = Step(kForwardedInvite, {}, Event::kTimerC, t.now(), orders, machine);
    ASSERT_TRUE(arrow->effects & kSendTheCancel);
    t.Cancel(id);
    EXPECT_THAT(t.TakeLog(), ElementsAre("183 send CANCEL"));
    if (callee_answers) {
      t.Receive(ResponseText(t.last_wire(), 200));
      t.Receive(ResponseText(invite, 487));
      EXPECT_THAT(t.TakeLog(), ElementsAre("183 send ACK", "183 deliver 487"));
    } else {
      t.AdvanceTo(2 + kC + 32);
      EXPECT_THAT(t.TakeLog(), Contains("215 failed timeout"));
    }
    arrow = Step(kForwardedInvite, {}, Event::kResponseFinal, t.now(), orders, machine);
    EXPECT_EQ(arrow->id, "F8");
  }
  SANSIP_SHOWS("3261-16.8-2", "3261-16.8-4", "3261-A-6");
}

}  // namespace
}  // namespace sansip::testing
