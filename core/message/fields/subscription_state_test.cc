#include "sansip/core/message/fields/subscription_state.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(SubscriptionStateTest, EveryPart) {
  const SubscriptionState state =
      Read(ParseSubscriptionState, "Terminated ; Retry-After = 5;x=1;reason=GiveUp; expires=0");
  EXPECT_EQ(state.state(), Substate::kTerminated);
  EXPECT_EQ(state.reason(), EventReason::kGiveup);
  EXPECT_EQ(state.retry_after, 5u);
  EXPECT_EQ(state.expires, 0u);
  EXPECT_EQ(Parameter(state.parameters, "x"), "1");
}

TEST(SubscriptionStateTest, LeastAndFolded) {
  const SubscriptionState state = Read(ParseSubscriptionState, "active");
  EXPECT_EQ(state.state(), Substate::kActive);
  EXPECT_EQ(state.reason(), EventReason::kNone);
  EXPECT_EQ(state.expires, std::nullopt);
  EXPECT_EQ(state.retry_after, std::nullopt);
  EXPECT_EQ(Read(ParseSubscriptionState, " pending\r\n ;\r\n expires\r\n =\r\n 60 ").expires, 60u);
  EXPECT_EQ(Read(ParseSubscriptionState, "pending;expires=99999999999").expires, 0xFFFFFFFF);
}

TEST(SubscriptionStateTest, WhatIsNotUnderstoodIsRead) {
  const SubscriptionState state = Read(ParseSubscriptionState, "terminated;reason=foo;x=1");
  EXPECT_EQ(state.reason(), EventReason::kNone);
  EXPECT_EQ(state.reason_text, "foo");
  const SubscriptionState other = Read(ParseSubscriptionState, "waiting;y");
  EXPECT_EQ(other.state(), Substate::kExtension);
  EXPECT_EQ(other.state_text, "waiting");
  EXPECT_EQ(EventTemplates(Read(ParseEvent, "presence.winfo").type), "winfo");
  SANSIP_SHOWS("6665-8.4-1");
}

TEST(SubscriptionStateTest, EveryNameComesBack) {
  for (const Substate state : {Substate::kActive, Substate::kPending, Substate::kTerminated}) {
    EXPECT_EQ(Read(ParseSubscriptionState, SubstateName(state)).state(), state);
  }
  EXPECT_EQ(SubstateName(Substate::kExtension), "");
  for (int i = 1; i <= static_cast<int>(EventReason::kInvariant); ++i) {
    const auto reason = static_cast<EventReason>(i);
    EXPECT_EQ((SubscriptionState{.reason_text = EventReasonName(reason)}).reason(), reason) << i;
  }
  EXPECT_EQ(EventReasonName(EventReason::kNone), "");
}

TEST(SubscriptionStateTest, Malformed) {
  ExpectMalformed(ParseSubscriptionState,
                  {
                      {"", ParseCode::kBadToken, 0},
                      {";expires=1", ParseCode::kBadToken, 0},
                      {"active, pending", ParseCode::kBadFieldValue, 6},
                      {"active expires=1", ParseCode::kBadFieldValue, 7},
                      {"active;", ParseCode::kBadParameter, 7},
                      {"active;expires", ParseCode::kBadNumber, 6},
                      {"active;expires=", ParseCode::kBadParameter, 15},
                      {"active;expires=soon", ParseCode::kBadNumber, 6},
                      {"active;expires=-1", ParseCode::kBadNumber, 6},
                      {"active;expires=\"1\"", ParseCode::kBadNumber, 6},
                      {"active;expires=1;expires=1", ParseCode::kRepeatedParameter, 16},
                      {"active;retry-after=x", ParseCode::kBadNumber, 6},
                      {"terminated;reason", ParseCode::kBadParameter, 10},
                      {"terminated;reason=\"x\"", ParseCode::kBadParameter, 10},
                      {"a;reason=b ;reason=b", ParseCode::kRepeatedParameter, 11},
                  });
}

TEST(SubscriptionStateTest, Written) {
  EXPECT_EQ(Rewritten(ParseSubscriptionState, "active;expires=599"), "active;expires=599");
  EXPECT_EQ(Rewritten(ParseSubscriptionState, "terminated;x=\"a\\\"b\";reason=rejected;y;retry-after=07"),
            "terminated;reason=rejected;retry-after=7;x=\"a\\\"b\";y");
  EXPECT_EQ(Written(SubscriptionState{.state_text = SubstateName(Substate::kTerminated),
                                      .reason_text = EventReasonName(EventReason::kNoresource)}),
            "terminated;reason=noresource");
  EXPECT_EQ(Written(SubscriptionState{.state_text = "active", .expires = 0, .retry_after = 1}),
            "active;expires=0;retry-after=1");
  EXPECT_EQ(Written(SubscriptionState{}), "refused");
  EXPECT_EQ(Written(SubscriptionState{.state_text = "active;x"}), "refused");
  EXPECT_EQ(Written(SubscriptionState{.state_text = "active", .reason_text = "a\r\nX: y"}), "refused");
  EXPECT_EQ(Written(SubscriptionState{.state_text = "active", .reason_text = "a,b"}), "refused");
  EXPECT_EQ(Written(SubscriptionState{.state_text = "active", .parameters = ";a=\"b"}), "refused");
}

TEST(SubscriptionStateTest, Compared) {
  EXPECT_TRUE(AreEquivalent(ParseSubscriptionState, "active;expires=60;x=y", "ACTIVE ; X=Y;expires=060"));
  EXPECT_TRUE(
      AreEquivalent(ParseSubscriptionState, "terminated;reason=timeout", "terminated;reason=Timeout"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active;expires=60", "active;expires=61"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active;expires=60", "active"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active", "pending"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active;reason=a", "active;reason=b"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active;retry-after=1", "active"));
  EXPECT_FALSE(AreEquivalent(ParseSubscriptionState, "active;x", "active"));
}

}  // namespace
}  // namespace sansip
