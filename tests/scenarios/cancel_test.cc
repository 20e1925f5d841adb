// CANCEL, refusals and losses (RFC 3261 9). Races without loss are in tests/conformance/scenarios.
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

TEST(LateOffer, TheAnswerGoesWithTheAck) {
  Parties parties;
  parties.network().DropNext(kToBob, "ACK");
  parties.Call({.late_offer = true});
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
}

}  // namespace
}  // namespace sansip::sim
