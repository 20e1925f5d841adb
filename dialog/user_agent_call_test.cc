// Complete calls between two user agents: RFC 3261 13, 14, 15.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Call, InviteRingAnswerAckBye) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(couple.bob.last_description(), kOffer);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Progress 180"));
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(),
              ElementsAre("Answered 200", "AnswerReceived", "Timer 1800 by us", "Confirmed"));
  EXPECT_EQ(couple.alice.last_description(), kAnswer);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Timer 1800 by peer", "Confirmed"));
  couple.ExpectAgreement();

  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended local-bye"));
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Ended remote-bye"));
  EXPECT_EQ(couple.alice.agent().client_transactions_pending(), 0u);
  EXPECT_EQ(couple.alice.agent().calls_live(), 0u);
  couple.Advance(64);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("CallGone"));
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("CallGone"));
  EXPECT_EQ(couple.alice.agent().calls_kept(), 0u);
  EXPECT_EQ(couple.bob.agent().next_deadline(), kNever);
  SANSIP_SHOWS("3261-13.1-3", "3261-13.2.1-13", "3261-15.1.2-4", "3261-12.3-2");
}

}  // namespace
}  // namespace sansip::testing
