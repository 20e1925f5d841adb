// CANCEL and what it races with (RFC 3261 9, RFC 5407 3.1): swept over the crossing times, not at one
// instant.
#include "gtest/gtest.h"
#include "sansip/tests/scenarios/parties.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

PartiesOptions Ringing(Duration ring_for) {
  PartiesOptions options;
  options.bob.ring_for = ring_for;
  return options;
}

TEST(Cancel, OfARingingCallEndsItWith487) {
  Parties parties(Ringing(seconds(30)));
  parties.Call({.cancel_after = seconds(5)});
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  EXPECT_EQ(parties.Sent(parties.alice(), "CANCEL"), 1);
  EXPECT_EQ(parties.Sent(parties.bob(), "SIP/2.0 487"), 1);
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kLocalCancel);
  EXPECT_EQ(parties.BobBook().cause, EndCause::kRemoteCancel);
}

TEST(Cancel, WaitsForAProvisional) {
  // RFC 3261 9.1: no response yet, no CANCEL yet.
  Parties parties(Ringing(seconds(30)));
  parties.Call({.cancel_after = milliseconds(1)});
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  for (const Record& record : parties.world().trace().records()) {
    if (record.wire.rfind("CANCEL", 0) == 0 && record.kind == Record::Kind::kSent) {
      EXPECT_GE(record.at, Instant(milliseconds(40)));
    }
  }
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kLocalCancel);
  EXPECT_EQ(parties.BobBook().cause, EndCause::kRemoteCancel);
}

TEST(Cancel, LostOnceIsRecovered) {
  Parties parties(Ringing(seconds(30)));
  parties.network().DropNext(kToBob, "CANCEL");
  parties.Call({.cancel_after = seconds(5)});
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  EXPECT_EQ(parties.Sent(parties.alice(), "CANCEL"), 2);
  EXPECT_EQ(parties.BobBook().cause, EndCause::kRemoteCancel);
}

// The callee answers at 2 s; the caller gives up at any millisecond around it. Whoever wins, no call is left
// up on one side.
TEST(Cancel, CrossingTheSuccessLeavesNoCallUp) {
  int cancelled = 0, answered = 0;
  for (int ms = 1900; ms <= 2100; ++ms) {
    Parties parties(Ringing(seconds(2)));
    parties.Call({.cancel_after = milliseconds(ms)});
    parties.RunToEnd();
    ASSERT_EQ(parties.Findings(), "") << ms << "\n" << parties.Ladder();
    ASSERT_TRUE(parties.AliceBook().ended && parties.BobBook().ended) << ms << "\n" << parties.Ladder();
    const bool lost_race = parties.BobBook().answered;
    answered += lost_race;
    cancelled += !lost_race;
    if (lost_race) {
      // The 2xx was on its way: ACK, then BYE.
      EXPECT_GE(parties.Sent(parties.alice(), "ACK"), 1) << ms;
      EXPECT_EQ(parties.Sent(parties.alice(), "BYE"), 1) << ms << parties.Ladder();
    }
  }
  EXPECT_GT(cancelled, 0);
  EXPECT_GT(answered, 0);
}

TEST(Cancel, CrossingTheSuccessThroughLossLeavesNoCallUp) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    PartiesOptions options = Ringing(seconds(2));
    options.world.seed = seed;
    options.world.faults.loss = 300'000;
    options.world.faults.jitter = milliseconds(30);
    Parties parties(options);
    parties.Call({.cancel_after = milliseconds(1940 + seed * 2)});
    parties.RunToEnd();
    ASSERT_EQ(parties.Findings(), "") << seed << "\n" << parties.Ladder();
  }
}

TEST(Refusal, IsAcknowledgedAndEnds) {
  PartiesOptions options;
  options.bob.refuse_with = 486;
  Parties parties(options);
  parties.network().DropNext(kToAlice, "SIP/2.0 486", 2);
  parties.network().DropNext(kToBob, "ACK", 1);
  parties.Call();
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kRefused);
  EXPECT_EQ(parties.AliceBook().status, 486);
  EXPECT_EQ(parties.BobBook().cause, EndCause::kLocalRefusal);
}

// RFC 5407 3.1.3: both hang up at nearly the same time.
TEST(Bye, CrossingByesEndTheCallOnce) {
  for (int ms = 9960; ms <= 10040; ms += 4) {
    PartiesOptions options;
    options.bob.talk_for = milliseconds(ms);
    Parties parties(options);
    parties.Call();
    parties.RunToEnd();
    ASSERT_EQ(parties.Findings(), "") << ms << "\n" << parties.Ladder();
    ASSERT_TRUE(parties.AliceBook().ended && parties.BobBook().ended);
  }
}

// RFC 3261 14.1: both re-INVITE at nearly the same time: 491, and the two waits differ.
TEST(Reinvite, GlareIsResolved) {
  for (int ms = 960; ms <= 1040; ms += 4) {
    PartiesOptions options;
    options.alice.reinvite_after = milliseconds(1000);
    options.alice.talk_for = seconds(60);
    options.bob.reinvite_after = milliseconds(ms);
    Parties parties(options);
    parties.Call();
    parties.RunToEnd();
    ASSERT_EQ(parties.Findings(), "") << ms << "\n" << parties.Ladder();
    ASSERT_EQ(parties.BobBook().cause, EndCause::kRemoteBye) << ms << "\n" << parties.Ladder();
    EXPECT_EQ(parties.AliceBook().ended_at - parties.AliceBook().confirmed_at, seconds(60));
  }
}

TEST(LateOffer, TheAnswerGoesWithTheAck) {
  Parties parties;
  parties.network().DropNext(kToBob, "ACK");
  parties.Call({.late_offer = true});
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
}

}  // namespace
}  // namespace sansip::sim
