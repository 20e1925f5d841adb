// Session timers at the border of the user agent: RFC 4028 table 1, the requests that a peer may send and the
// ways its answers may go, against a peer that the test plays.

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// What no method but INVITE and UPDATE may carry (RFC 4028 table 1), and too small for anybody.
constexpr std::string_view kMisplaced = "Supported: timer\r\nSession-Expires: 10\r\nMin-SE: 5000\r\n";

// Alice has called a Bob that the test plays; she refreshes every 300 s.
class TimedDialog : public ::testing::Test {
 protected:
  TimedDialog() {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", kTimer600, kAnswer);
    Forget();
  }

  void Forget() {
    alice.TakeEvents();
    alice.TakeSent();
  }
  SessionTimerStatus timer() const { return alice.view().session_timer; }
  static double Seconds(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

  RequestText FromBob(std::string_view method, int cseq, std::string_view more = "",
                      std::string_view body = "") {
    return RequestFromBob(invite, method, cseq, more, body);
  }
  // The response to it; empty: none.
  std::string AnswerTo(const std::string& request) {
    const std::size_t before = alice.wires().size();
    alice.Receive(request);
    for (std::size_t i = before; i < alice.wires().size(); ++i) {
      if (alice.wires()[i].starts_with("SIP/2.0 ")) return alice.wires()[i];
    }
    return "";
  }

  AgentUnderTest alice;
  std::string invite;
};

// ---- Table 1: where the two header fields may stand

// True if the message may carry what it carries.
bool IsWithinTableOne(const std::string& wire) {
  const bool has_expires = CountOf(wire, "Session-Expires") > 0;
  const bool has_min_se = CountOf(wire, "Min-SE") > 0;
  const std::string cseq = HeaderOf(wire, "CSeq");
  const bool refreshes = cseq.ends_with(" INVITE") || cseq.ends_with(" UPDATE");
  if (wire.starts_with("SIP/2.0 422")) return refreshes && CountOf(wire, "Min-SE") == 1 && !has_expires;
  if (wire.starts_with("SIP/2.0 2")) return !has_min_se && (refreshes || !has_expires);
  if (wire.starts_with("SIP/2.0 ")) return !has_expires && !has_min_se;
  const bool may = wire.starts_with("INVITE ") || wire.starts_with("UPDATE ");
  return may || (!has_expires && !has_min_se);
}

TEST(SessionTimerTableOne, NothingIsSentWhereItDoesNotBelong) {
  UserAgentOptions bob;
  bob.session_timer.min_se = 200;
  Couple couple({}, bob);
  CallDraft draft = DraftToBob();
  draft.session_timer.session_expires = 100;
  draft.session_timer.method = RefreshMethod::kUpdate;
  couple.alice.Place(draft);
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(1000);
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.RefuseOffer(488), VerbError::kNone);
  couple.Advance(1);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.Advance(40);
  couple.alice.Place(draft);
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(1);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.Advance(40);

  for (const AgentUnderTest* agent : {&couple.alice, &couple.bob}) {
    for (const std::string& wire : agent->wires()) EXPECT_TRUE(IsWithinTableOne(wire)) << wire;
  }
  // All kinds were there.
  for (const char* start : {"INVITE", "UPDATE", "ACK", "BYE", "CANCEL"}) {
    EXPECT_GT(couple.alice.CountSent(start), 0) << start;
  }
  for (const char* start : {"SIP/2.0 422", "SIP/2.0 180", "SIP/2.0 200", "SIP/2.0 487"}) {
    EXPECT_GT(couple.bob.CountSent(start), 0) << start;
  }
  EXPECT_GT(couple.alice.CountSent("SIP/2.0 488"), 0);
  EXPECT_EQ(CountOf(couple.bob.LastResponse("UPDATE"), "Session-Expires"), 1);
  EXPECT_EQ(CountOf(couple.alice.LastRequest("UPDATE"), "Session-Expires"), 1);
  // Message 4 of the flow in section 13.
  const std::string retry = couple.alice.wires()[2];
  EXPECT_EQ(HeaderOf(retry, "CSeq"), "2 INVITE");
  EXPECT_EQ(HeaderOf(retry, "Session-Expires") + "/" + HeaderOf(retry, "Min-SE"), "200/200");
  EXPECT_EQ(HeaderOf(retry, "Call-ID"), HeaderOf(couple.alice.wires()[0], "Call-ID"));
  EXPECT_NE(HeaderOf(retry, "Via"), HeaderOf(couple.alice.wires()[0], "Via"));
  EXPECT_EQ(TagIn(retry, "To"), "");
  EXPECT_TRUE(couple.alice.wires()[1].starts_with("ACK "));
  EXPECT_EQ(HeaderOf(couple.alice.wires()[1], "Via"), HeaderOf(couple.alice.wires()[0], "Via"));
  SANSIP_SHOWS("4028-2-6", "4028-4-1", "4028-4-19", "4028-4-20", "4028-4-24", "4028-4-29", "4028-4-30",
               "4028-4-31", "4028-4-53", "4028-5-5", "4028-7.3-1", "4028-13-3", "4028-13-4");
}

TEST_F(TimedDialog, OtherMethodsNeitherRefreshNorAreRefused) {
  SANSIP_SHOWS("4028-2-4", "4028-4-21", "4028-4-22", "4028-4-23", "4028-4-25", "4028-4-26", "4028-4-32",
               "4028-4-43", "4028-4-44", "4028-4-45", "4028-4-47", "4028-4-48", "4028-4-54", "4028-4-55",
               "4028-4-56", "4028-4-58", "4028-4-59");
  const SessionTimerStatus before = timer();
  int cseq = 1;
  for (const char* method : {"OPTIONS", "INFO", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY", "MESSAGE"}) {
    alice.Advance(1);
    const std::string response = AnswerTo(FromBob(method, cseq++, kMisplaced));
    ASSERT_TRUE(response.starts_with("SIP/2.0 ")) << method;
    EXPECT_FALSE(response.starts_with("SIP/2.0 422")) << method;
    EXPECT_EQ(CountOf(response, "Session-Expires") + CountOf(response, "Min-SE"), 0) << method;
    EXPECT_EQ(timer().expiry, before.expiry) << method;
    EXPECT_EQ(timer().next_refresh, before.next_refresh) << method;
  }
  // Nor does their Min-SE count.
  alice.AdvanceTo(301);
  EXPECT_EQ(CountOf(alice.LastRequest("INVITE"), "Min-SE"), 0);
}

TEST_F(TimedDialog, AcksAndByesHeadersAreIgnored) {
  SANSIP_SHOWS("4028-4-17", "4028-4-18", "4028-4-28", "4028-4-39", "4028-4-40", "4028-4-50", "4028-4-51");
  // The ACK is to a re-INVITE of Bob's.
  ASSERT_TRUE(
      AnswerTo(FromBob("INVITE", 1, "Supported: timer\r\nSession-Expires: 900;refresher=uas\r\n", kAnswer))
          .starts_with("SIP/2.0 200"));
  const SessionTimerStatus before = timer();
  EXPECT_EQ(before.interval, 900u);
  alice.Advance(1);
  EXPECT_EQ(AnswerTo(FromBob("ACK", 1, kMisplaced)), "");
  EXPECT_EQ(timer().expiry, before.expiry);
  EXPECT_EQ(timer().next_refresh, before.next_refresh);
  EXPECT_EQ(CountOf(alice.LastRequest("ACK"), "Session-Expires"), 0);
  const std::string bye = AnswerTo(FromBob("BYE", 2, kMisplaced));
  EXPECT_TRUE(bye.starts_with("SIP/2.0 200"));
  EXPECT_EQ(CountOf(bye, "Session-Expires") + CountOf(bye, "Min-SE"), 0);
}

TEST(SessionTimerTableOne, ACancelIsAnsweredWhateverItCarries) {
  SANSIP_SHOWS("4028-4-41", "4028-4-52");
  AgentUnderTest bob({}, "bob.example");
  RequestText invite;
  invite.more = "Contact: <sip:alice@192.0.2.1>\r\nSupported: timer\r\nSession-Expires: 1800\r\n";
  bob.Receive(invite);
  RequestText cancel;
  cancel.method = "CANCEL";
  cancel.more = kMisplaced;
  bob.Receive(cancel);
  const std::string response = bob.LastResponse("CANCEL");
  EXPECT_TRUE(response.starts_with("SIP/2.0 200")) << response;
  EXPECT_EQ(CountOf(response, "Session-Expires") + CountOf(response, "Min-SE"), 0);
  EXPECT_TRUE(bob.LastResponse("INVITE").starts_with("SIP/2.0 487"));
}

// An INVITE of Alice's with these header lines and an offer.
RequestText InviteWith(std::string_view lines) {
  RequestText invite;
  invite.more =
      "Contact: <sip:alice@192.0.2.1>\r\n" + std::string(lines) + "Content-Type: application/sdp\r\n";
  invite.body = kOffer;
  return invite;
}

// ---- As UAC

TEST(SessionTimerPeer, ProvisionalsStartNothing) {
  SANSIP_SHOWS("4028-7.2-2", "4028-7.2-19");
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(183, "bobtag", "Session-Expires: 90;refresher=uac\r\n");
  EXPECT_EQ(alice.view().session_timer.interval, 0u);
  alice.Advance(100);
  EXPECT_EQ(alice.CountSent("INVITE") + alice.CountSent("UPDATE"), 1);
  alice.Respond(200, "bobtag", kTimer600, kAnswer);
  EXPECT_EQ(alice.view().session_timer.interval, 600u);
  alice.Advance(299);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "1 INVITE");
  alice.Advance(2);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "2 INVITE");
}

TEST(SessionTimerPeer, A2xxThatRequiresATimerIsObeyedEvenIfNoneWasWanted) {
  SANSIP_SHOWS("4028-12.3-3");
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  draft.session_timer.enabled = false;
  alice.Place(draft);
  EXPECT_EQ(CountOf(alice.LastRequest("INVITE"), "Session-Expires"), 0);
  alice.Respond(200, "bobtag", kTimer600, kAnswer);
  alice.Advance(301);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "600;refresher=uac");
}

TEST(SessionTimerPeer, NinetySecondsAreEnoughForARefreshToTimeOut) {
  SANSIP_SHOWS("4028-4-8", "4028-10-29", "4028-13-15");
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n", kAnswer);
  alice.TakeSent();
  alice.AdvanceTo(76.9);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  alice.AdvanceTo(77.1);
  EXPECT_THAT(alice.TakeSent(), Contains("77 BYE"));
  // The BYE's own failure ends it as well.
  alice.Respond(408, "bobtag");
  alice.Advance(60);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
  EXPECT_FALSE(alice.agent().Find(alice.call()));
}

TEST_F(TimedDialog, ARefreshIsTheSameOfferAndMayMoveTheTarget) {
  SANSIP_SHOWS("4028-2-5", "4028-7.4-24", "4028-7.4-26", "4028-9-1", "4028-13-13");
  alice.AdvanceTo(301);
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), BodyOf(invite));
  alice.Respond(200, "bobtag", kTimer600, kAnswer);
  Forget();
  alice.AdvanceTo(400);
  const std::string update =
      FromBob("UPDATE", 1,
              "Contact: <sip:bob@192.0.2.77>\r\nSupported: timer\r\nSession-Expires: 700;refresher=uac\r\n");
  const std::string response = AnswerTo(update);
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "700;refresher=uac");
  EXPECT_EQ(HeaderOf(response, "Require"), "timer");
  EXPECT_DOUBLE_EQ(Seconds(timer().expiry), 1100);
  EXPECT_FALSE(timer().we_refresh);
  EXPECT_THAT(alice.TakeEvents(), Not(Contains("OfferReceived")));
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  EXPECT_TRUE(alice.LastRequest("BYE").starts_with("BYE sip:bob@192.0.2.77 "));
}

// ---- As UAS

TEST_F(TimedDialog, TooSmallARefreshIsRefusedAndChangesNothing) {
  SANSIP_SHOWS("4028-4-57", "4028-6-3", "4028-9-4", "4028-12.2-1");
  const SessionTimerStatus before = timer();
  int cseq = 1;
  for (const char* method : {"UPDATE", "INVITE"}) {
    alice.Advance(1);
    const std::string response =
        AnswerTo(FromBob(method, cseq++, "Supported: timer\r\nSession-Expires: 60\r\n", kAnswer));
    EXPECT_TRUE(response.starts_with("SIP/2.0 422 Session Interval Too Small\r\n")) << response;
    EXPECT_EQ(HeaderOf(response, "Min-SE"), "90");
    EXPECT_EQ(timer().expiry, before.expiry);
    EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  }
}

TEST_F(TimedDialog, ARefreshWithoutARefresherLetsTheUasChoose) {
  SANSIP_SHOWS("4028-7.4-17", "4028-9-4");
  const std::string response = AnswerTo(FromBob("UPDATE", 1, "Supported: timer\r\nSession-Expires: 700\r\n"));
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "700;refresher=uac");
  EXPECT_EQ(HeaderOf(response, "Require"), "timer");
  EXPECT_FALSE(timer().we_refresh);
}

TEST_F(TimedDialog, TheRoleMayBeHandedOver) {
  SANSIP_SHOWS("4028-7.4-15");
  const std::string response =
      AnswerTo(FromBob("UPDATE", 1, "Supported: timer\r\nSession-Expires: 1700;refresher=uas\r\n"));
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "1700;refresher=uas");
  EXPECT_EQ(HeaderOf(response, "Require"), "timer");
  EXPECT_TRUE(timer().we_refresh);
  EXPECT_DOUBLE_EQ(Seconds(timer().next_refresh), 850);
}

TEST(SessionTimerPeer, WhoDoesNotKnowTimersIsRefreshedByTheUas) {
  SANSIP_SHOWS("4028-9-20", "4028-12.3-1");
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(InviteWith("Session-Expires: 1800\r\n"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  const std::string response = bob.LastResponse("INVITE");
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "1800;refresher=uas");
  EXPECT_EQ(CountOf(response, "Require"), 0);
  EXPECT_THAT(HeaderOf(response, "Supported"), ::testing::HasSubstr("timer"));
  EXPECT_TRUE(bob.view().session_timer.we_refresh);
}

TEST(SessionTimerPeer, RequireTimerInARequestIsUnderstood) {
  SANSIP_SHOWS("4028-7.1-3", "4028-12.3-2");
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(InviteWith("Supported: timer\r\nRequire: timer\r\nSession-Expires: 1800\r\n"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.LastResponse("INVITE"), "Session-Expires"), "1800;refresher=uac");
}

// Message 13 of the flow in section 13, and a 2xx that is never acknowledged.
TEST(SessionTimerPeer, The2xxAgainStartsNothingAnewAndNoByeComesBeforeItsAck) {
  SANSIP_SHOWS("4028-9-37", "4028-10-24", "4028-13-9");
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(InviteWith("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  const std::string response = bob.LastResponse("INVITE");
  EXPECT_EQ(HeaderOf(response, "Session-Expires"), "90;refresher=uac");
  EXPECT_EQ(HeaderOf(response, "Require"), "timer");
  EXPECT_EQ(CountOf(response, "Min-SE"), 0);
  const Instant expiry = bob.view().session_timer.expiry;
  bob.AdvanceTo(20);
  EXPECT_GT(bob.CountSent("SIP/2.0 200"), 3);
  EXPECT_EQ(bob.view().session_timer.expiry, expiry);
  EXPECT_EQ(bob.CountSent("BYE"), 0);
  bob.TakeSent();
  bob.AdvanceTo(33);
  EXPECT_THAT(bob.TakeSent(), Contains("32 BYE"));
}

TEST_F(TimedDialog, WhatComesAfterTheByeFindsNoDialog) {
  SANSIP_SHOWS("4028-10-22");
  ASSERT_TRUE(AnswerTo(FromBob("UPDATE", 1, "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"))
                  .starts_with("SIP/2.0 200"));
  alice.AdvanceTo(568.1);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
  alice.RespondTo(alice.LastRequest("BYE"), 200, "bobtag");
  EXPECT_TRUE(AnswerTo(FromBob("UPDATE", 2, "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"))
                  .starts_with("SIP/2.0 481"));
}

}  // namespace
}  // namespace sansip::testing
