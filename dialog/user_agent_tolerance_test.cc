// Peers whose session timers are broken, as the user agent bears and counts them, and requests that are right
// but rare: with and without each of the two header fields.
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/session_timer/tolerance.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;

using T = SessionTimerTolerance;

double SecondsAt(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

std::uint64_t CountOf(AgentUnderTest& agent, T tolerance) {
  return agent.agent().counters().session_timers_tolerated[static_cast<std::size_t>(tolerance)];
}

std::uint64_t CountOfAll(AgentUnderTest& agent) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : agent.agent().counters().session_timers_tolerated) all += count;
  return all;
}

// Alice has called a Bob that the test plays.
class BrokenPeer : public ::testing::Test {
 protected:
  void Answer(std::string_view lines) {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", lines, kAnswer);
  }
  SessionTimerStatus timer() const { return alice.view().session_timer; }

  AgentUnderTest alice;
  std::string invite;
};

TEST_F(BrokenPeer, A2xxWithoutARefresherLeavesItToTheUac) {
  SANSIP_SHOWS("4028-7.2-9");
  Answer("Require: timer\r\nSession-Expires: 600\r\n");
  EXPECT_EQ(CountOf(alice, T::kNoRefresher), 1u);
  EXPECT_EQ(CountOfAll(alice), 1u);
  alice.AdvanceTo(300);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "600;refresher=uac");
}

TEST_F(BrokenPeer, AnIntervalBelow90IsKeptAndMoreIsAskedFor) {
  SANSIP_SHOWS("4028-7.2-25");
  Answer("Require: timer\r\nSession-Expires: 20;refresher=uac\r\n");
  EXPECT_EQ(CountOf(alice, T::kIntervalTooSmall), 1u);
  alice.AdvanceTo(9.9);
  EXPECT_EQ(alice.CountSent("INVITE"), 1);
  alice.AdvanceTo(10);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "90;refresher=uac");
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n", kAnswer);
  EXPECT_EQ(CountOf(alice, T::kIntervalTooSmall), 1u);
  EXPECT_DOUBLE_EQ(SecondsAt(timer().next_refresh), 55);
}

TEST_F(BrokenPeer, AnIntervalAboveTheRequestsIsKept) {
  Answer("Require: timer\r\nSession-Expires: 7200;refresher=uac\r\n");
  EXPECT_EQ(CountOf(alice, T::kIntervalRaised), 1u);
  EXPECT_EQ(timer().interval, 7200u);
}

TEST_F(BrokenPeer, ARefreshWhenTheEndWasAnnouncedSavesTheCall) {
  SANSIP_SHOWS("4028-10-21");
  Answer("Require: timer\r\nSession-Expires: 600;refresher=uas\r\n");
  alice.TakeEvents();
  alice.AdvanceTo(560);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("SessionExpiring"));
  alice.Receive(
      RequestFromBob(invite, "UPDATE", 1, "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"));
  EXPECT_EQ(CountOf(alice, T::kRefreshedLate), 1u);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refreshed 600 by peer"));
  alice.AdvanceTo(1000);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  // One in time is not late.
  alice.Receive(
      RequestFromBob(invite, "UPDATE", 2, "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"));
  EXPECT_EQ(CountOf(alice, T::kRefreshedLate), 1u);
}

TEST_F(BrokenPeer, ARefreshAnsweredWithoutSessionExpiresGoesOnByItself) {
  SANSIP_SHOWS("4028-7.2-11");
  Answer("Require: timer\r\nSession-Expires: 600;refresher=uac\r\n");
  alice.AdvanceTo(300);
  alice.Respond(200, "bobtag", "", kAnswer);
  EXPECT_EQ(CountOf(alice, T::kRefreshNotAcknowledged), 1u);
  EXPECT_TRUE(timer().we_refresh);
  EXPECT_DOUBLE_EQ(SecondsAt(timer().next_refresh), 600);
  alice.AdvanceTo(600);
  alice.Respond(200, "bobtag", "", kAnswer);
  EXPECT_EQ(CountOf(alice, T::kRefreshNotAcknowledged), 1u) << "by then it is known";
}

TEST_F(BrokenPeer, ARequireWithoutSessionExpiresIsNone) {
  Answer("Require: timer\r\n");
  EXPECT_EQ(CountOf(alice, T::kRequireAlone), 1u);
  // As of a peer that knows no timers: by oneself, at half of what was asked for.
  EXPECT_DOUBLE_EQ(SecondsAt(timer().next_refresh), 900);
}

TEST_F(BrokenPeer, ASilentChangeOfTheRoleIsFollowed) {
  SANSIP_SHOWS("4028-7.2-5");
  Answer("Require: timer\r\nSession-Expires: 600;refresher=uac\r\n");
  EXPECT_EQ(CountOfAll(alice), 0u);
  alice.AdvanceTo(300);
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 600;refresher=uas\r\n", kAnswer);
  EXPECT_EQ(CountOf(alice, T::kRoleOverridden), 1u);
  EXPECT_FALSE(timer().we_refresh);
  // And back, by a request of the peer's that names us.
  alice.AdvanceTo(400);
  alice.Receive(
      RequestFromBob(invite, "UPDATE", 1, "Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n"));
  EXPECT_TRUE(timer().we_refresh);
  EXPECT_DOUBLE_EQ(SecondsAt(timer().next_refresh), 700);
}

TEST_F(BrokenPeer, WhatCannotBeReadOfA2xxIsLeftOut) {
  Answer("Require: timer\r\nSession-Expires: 600;refresher=me\r\n");
  EXPECT_EQ(CountOf(alice, T::kMalformedIn2xx), 1u);
  EXPECT_EQ(timer().interval, 600u);
  EXPECT_TRUE(timer().we_refresh);
}

// ---- Requests

class TolerantCallee : public ::testing::Test {
 protected:
  explicit TolerantCallee(const UserAgentOptions& options = {}) : bob(options, "bob.example") {}

  std::string AnswerTo(std::string_view lines) {
    RequestText invite;
    invite.more =
        "Contact: <sip:alice@192.0.2.1>\r\n" + std::string(lines) + "Content-Type: application/sdp\r\n";
    invite.body = kOffer;
    bob.Receive(invite);
    EXPECT_EQ(bob.Answer(), VerbError::kNone);
    return bob.LastResponse("INVITE");
  }
  AgentUnderTest bob;
};

TEST_F(TolerantCallee, AnUnawareCallersIntervalBelow90IsNoTimer) {
  const std::string response = AnswerTo("Session-Expires: 60\r\n");
  EXPECT_EQ(sansip::testing::CountOf(response, "Session-Expires"), 0);
  EXPECT_EQ(CountOf(bob, T::kIntervalTooSmall), 1u);
  EXPECT_EQ(bob.view().session_timer.interval, 0u);
}

TEST_F(TolerantCallee, AMinSeBelow90CountsAs90) {
  SANSIP_SHOWS("4028-5-4");
  const std::string response = AnswerTo("Supported: timer\r\nSession-Expires: 90\r\nMin-SE: 30\r\n");
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "90;refresher=uac");
  EXPECT_EQ(CountOf(bob, T::kIntervalTooSmall), 1u);
}

TEST_F(TolerantCallee, AnUnawareCallerNamesNoRefresher) {
  const std::string response = AnswerTo("Session-Expires: 600;refresher=uac\r\n");
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "600;refresher=uas");
  EXPECT_EQ(CountOf(bob, T::kRefresherOfUnaware), 1u);
}

TEST_F(TolerantCallee, SessionExpiresAndMinSeAreBothOptional) {
  SANSIP_SHOWS("4028-4-42", "4028-7.1-8");
  EXPECT_EQ(HeaderOf(AnswerTo("Supported: timer\r\n"), "Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(CountOfAll(bob), 0u);
}

TEST_F(TolerantCallee, BothAreTaken) {
  SANSIP_SHOWS("4028-4-42", "4028-7.1-8");
  EXPECT_EQ(
      HeaderOf(AnswerTo("Supported: timer\r\nSession-Expires: 900\r\nMin-SE: 600\r\n"), "Session-Expires"),
      "900;refresher=uac");
  EXPECT_EQ(CountOfAll(bob), 0u);
}

UserAgentOptions WithoutTimers() {
  UserAgentOptions options;
  options.session_timer.enabled = false;
  return options;
}
class UnwillingCallee : public TolerantCallee {
 protected:
  UnwillingCallee() : TolerantCallee(WithoutTimers()) {}
};

TEST_F(UnwillingCallee, AnswersWithoutSessionExpires) {
  SANSIP_SHOWS("4028-9-31");
  EXPECT_EQ(sansip::testing::CountOf(AnswerTo("Session-Expires: 1800\r\n"), "Session-Expires"), 0);
  bob.AdvanceTo(31);  // the ACK is missing: before the 2xx is given up
  EXPECT_EQ(bob.CountSent("BYE") + bob.CountSent("UPDATE") + bob.CountSent("INVITE"), 0);
}

}  // namespace
}  // namespace sansip::testing
