// One test per arrow of RFC 5407's figures as they are drawn in invite_usage.h.

#include "sansip/dialog/invite_usage.h"

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using State = UsageState;
using Event = UsageEvent;

std::optional<State> Caller(State from, Event on) { return NextUsageState(UsageRole::kCaller, from, on); }
std::optional<State> Callee(State from, Event on) { return NextUsageState(UsageRole::kCallee, from, on); }

TEST(InviteUsage, U1_ProvisionalMakesEarly) {
  EXPECT_EQ(Caller(State::kPreparative, Event::kProvisional), State::kEarly);
}
TEST(InviteUsage, U2_SuccessMakesMoratorium) {
  EXPECT_EQ(Caller(State::kPreparative, Event::kSuccess), State::kMoratorium);
}
TEST(InviteUsage, U3_FailureMakesMortal) {
  EXPECT_EQ(Caller(State::kPreparative, Event::kFailure), State::kMortal);
}
TEST(InviteUsage, U4_EarlyStaysEarly) {
  EXPECT_EQ(Caller(State::kEarly, Event::kProvisional), State::kEarly);
}
TEST(InviteUsage, U5_SuccessEndsEarly) {
  EXPECT_EQ(Caller(State::kEarly, Event::kSuccess), State::kMoratorium);
}
TEST(InviteUsage, U6_FailureEndsEarly) { EXPECT_EQ(Caller(State::kEarly, Event::kFailure), State::kMortal); }
TEST(InviteUsage, U7_AnotherRequestStaysPreparative) {
  EXPECT_EQ(Caller(State::kPreparative, Event::kRetried), State::kPreparative);
}
TEST(InviteUsage, U8_AnotherRequestBeginsAnew) {
  EXPECT_EQ(Caller(State::kEarly, Event::kRetried), State::kPreparative);
}
TEST(InviteUsage, U9_AckSentEstablishes) {
  EXPECT_EQ(Caller(State::kMoratorium, Event::kAck), State::kEstablished);
}
TEST(InviteUsage, U10_ByeEndsMoratorium) {
  EXPECT_EQ(Caller(State::kMoratorium, Event::kBye), State::kMortal);
}
TEST(InviteUsage, U11_LostInMoratorium) {
  EXPECT_EQ(Caller(State::kMoratorium, Event::kLost), State::kMortal);
}
TEST(InviteUsage, U12_ByeEndsEstablished) {
  EXPECT_EQ(Caller(State::kEstablished, Event::kBye), State::kMortal);
}
TEST(InviteUsage, U13_LostInEstablished) {
  EXPECT_EQ(Caller(State::kEstablished, Event::kLost), State::kMortal);
}
TEST(InviteUsage, U14_DoneIsTheMorgue) { EXPECT_EQ(Caller(State::kMortal, Event::kDone), State::kMorgue); }
TEST(InviteUsage, U15_ByeEndsEarly) { EXPECT_EQ(Caller(State::kEarly, Event::kBye), State::kMortal); }

TEST(InviteUsage, V1_ProvisionalMakesEarly) {
  EXPECT_EQ(Callee(State::kPreparative, Event::kProvisional), State::kEarly);
}
TEST(InviteUsage, V2_SuccessMakesMoratorium) {
  EXPECT_EQ(Callee(State::kPreparative, Event::kSuccess), State::kMoratorium);
}
TEST(InviteUsage, V3_FailureMakesMortal) {
  EXPECT_EQ(Callee(State::kPreparative, Event::kFailure), State::kMortal);
}
TEST(InviteUsage, V4_EarlyStaysEarly) {
  EXPECT_EQ(Callee(State::kEarly, Event::kProvisional), State::kEarly);
}
TEST(InviteUsage, V5_SuccessEndsEarly) {
  EXPECT_EQ(Callee(State::kEarly, Event::kSuccess), State::kMoratorium);
}
TEST(InviteUsage, V6_FailureEndsEarly) { EXPECT_EQ(Callee(State::kEarly, Event::kFailure), State::kMortal); }
TEST(InviteUsage, V7_ByeEndsEarly) { EXPECT_EQ(Callee(State::kEarly, Event::kBye), State::kMortal); }
TEST(InviteUsage, V8_AckEstablishes) {
  EXPECT_EQ(Callee(State::kMoratorium, Event::kAck), State::kEstablished);
}
TEST(InviteUsage, V9_NoAckEnds) { EXPECT_EQ(Callee(State::kMoratorium, Event::kNoAck), State::kMortal); }
TEST(InviteUsage, V10_ByeEndsMoratorium) {
  EXPECT_EQ(Callee(State::kMoratorium, Event::kBye), State::kMortal);
}
TEST(InviteUsage, V11_ByeEndsEstablished) {
  EXPECT_EQ(Callee(State::kEstablished, Event::kBye), State::kMortal);
}
TEST(InviteUsage, V12_LostInEstablished) {
  EXPECT_EQ(Callee(State::kEstablished, Event::kLost), State::kMortal);
}
TEST(InviteUsage, V13_DoneIsTheMorgue) { EXPECT_EQ(Callee(State::kMortal, Event::kDone), State::kMorgue); }

TEST(InviteUsage, OnlyTheDrawnArrowsExist) {
  std::size_t arrows = 0;
  for (const UsageRole role : {UsageRole::kCaller, UsageRole::kCallee}) {
    for (std::size_t from = 0; from < kUsageStates; ++from) {
      for (std::size_t on = 0; on < kUsageEvents; ++on) {
        arrows += NextUsageState(role, static_cast<State>(from), static_cast<Event>(on)).has_value();
      }
    }
  }
  EXPECT_EQ(arrows, kUsageArrows.size());
  EXPECT_FALSE(Caller(State::kPreparative, Event::kBye));  // there is no dialog yet
  EXPECT_FALSE(Callee(State::kMortal, Event::kAck));       // an ACK revives nothing
  EXPECT_FALSE(Caller(State::kMortal, Event::kSuccess));
  EXPECT_EQ(UsageStateName(State::kMoratorium), "Moratorium");
  SANSIP_SHOWS("5407-2-3", "5407-2-5", "5407-2-7", "5407-2-12", "5407-2-13", "5407-2-14");
}

}  // namespace
}  // namespace sansip
