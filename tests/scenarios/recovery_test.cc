// A message lost once is recovered: by the transaction that sent it, or by the 2xx's own clock.
#include "gtest/gtest.h"
#include "sansip/tests/scenarios/parties.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

TEST(Recovery, NothingLost) {
  Parties parties;
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 1);
  EXPECT_EQ(parties.Sent(parties.alice(), "ACK"), 1);
  EXPECT_EQ(parties.Sent(parties.alice(), "BYE"), 1);
  EXPECT_EQ(parties.AliceBook().ended_at - parties.AliceBook().confirmed_at, seconds(10));
}

TEST(Recovery, InviteLostOnce) {
  Parties parties;
  parties.network().DropNext(kToBob, "INVITE");
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  // RFC 3261 17.1.1.2: timer A, T1.
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 2);
  EXPECT_EQ(parties.AliceBook().confirmed_at, Instant(milliseconds(500 + 40)));
}

TEST(Recovery, SuccessLostOnce) {
  Parties parties;
  parties.network().DropNext(kToAlice, "SIP/2.0 200");
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  // 13.3.1.4: the user agent core sends it again, T1 after the first.
  EXPECT_GE(parties.Sent(parties.bob(), "SIP/2.0 200"), 3);
  EXPECT_EQ(parties.AliceBook().confirmed_at, Instant(milliseconds(20 + 500 + 20)));
}

TEST(Recovery, AckLostOnce) {
  Parties parties;
  parties.network().DropNext(kToBob, "ACK");
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  // 13.2.2.4: each copy of the 2xx gets the ACK again.
  EXPECT_EQ(parties.Sent(parties.alice(), "ACK"), 2);
  EXPECT_EQ(parties.BobBook().confirmed_at, Instant(milliseconds(20 + 500 + 40)));
}

TEST(Recovery, ByeLostOnce) {
  Parties parties;
  parties.network().DropNext(kToBob, "BYE");
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_EQ(parties.Sent(parties.alice(), "BYE"), 2);
}

TEST(Recovery, EachOfThemLostFourTimes) {
  Parties parties;
  parties.network().DropNext(kToBob, "INVITE", 4);
  parties.network().DropNext(kToAlice, "SIP/2.0 200", 4);
  parties.network().DropNext(kToBob, "ACK", 4);
  parties.network().DropNext(kToBob, "BYE", 4);
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
}

TEST(Recovery, AckNeverArrives) {
  Parties parties({.alice = {.talk_for = std::chrono::hours(1)}});
  parties.network().DropNext(kToBob, "ACK", 1000);
  parties.Call();
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  // 13.3.1.4: no ACK within 64*T1: BYE, and both are told.
  EXPECT_EQ(parties.BobBook().cause, EndCause::kNoAck);
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kRemoteBye);
}

TEST(Recovery, NobodyThere) {
  Parties parties;
  parties.network().Cut(kToBob, true);
  parties.Call();
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  EXPECT_EQ(parties.AliceBook().cause, EndCause::kTimedOut);
  // Timer A at 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s; timer B at 32 s.
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 7);
  EXPECT_EQ(parties.AliceBook().ended_at, Instant(seconds(32)));
}

TEST(Recovery, OverTcpNothingIsSentTwice) {
  Parties parties({.transport = Transport::kTcp});
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 1);
}

TEST(Recovery, DuplicatesAndReorderingChangeNothing) {
  Parties parties(
      {.world = {.faults = {.duplicate = 1'000'000, .reorder = 400'000, .delay = milliseconds(20)}},
       .bob = {.ring_for = seconds(3)}});
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
}

}  // namespace
}  // namespace sansip::sim
