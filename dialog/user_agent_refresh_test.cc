// What a refresh of ours leads to: RFC 4028 10, one rule a test, in virtual time, against a Bob that the test
// plays.
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kAllowsUpdate = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";

double Seconds(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

// Alice has called Bob and refreshes after 300 s, by UPDATE if he allows it.
class Refresh : public ::testing::Test {
 protected:
  void Establish(bool allows_update, std::string_view timer = kTimer600) {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", std::string(timer) + std::string(allows_update ? kAllowsUpdate : ""),
                  kAnswer);
    Forget();
  }
  // Until just after the refresh went out.
  void UntilRefresh() {
    alice.AdvanceTo(300);
    ASSERT_EQ(alice.TakeSent().size(), 1u);
  }
  void Accept(std::string_view body = {}) { alice.Respond(200, "bobtag", kTimer600, body); }
  void Forget() {
    alice.TakeEvents();
    alice.TakeSent();
  }
  SessionTimerStatus timer() const { return alice.view().session_timer; }
  std::string CSeqOfLast(std::string_view method) const {
    return HeaderOf(alice.LastRequest(method), "CSeq");
  }

  AgentUnderTest alice;
  std::string invite;
};

// ---- How

TEST_F(Refresh, IsAnUpdateWithoutABodyWherePeerAllowsIt) {
  SANSIP_SHOWS("4028-7.4-19", "4028-7.4-20", "4028-7.4-21", "4028-7.1-1");
  Establish(true);
  UntilRefresh();
  const std::string update = alice.LastRequest("UPDATE");
  EXPECT_EQ(BodyOf(update), "");
  EXPECT_EQ(HeaderOf(update, "Content-Length"), "0");
  EXPECT_EQ(HeaderOf(update, "Session-Expires"), "600;refresher=uac");
  EXPECT_EQ(HeaderOf(update, "Supported"), "timer");
  Accept();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refreshed 600 by us"));
  EXPECT_DOUBLE_EQ(Seconds(timer().next_refresh), 600);
  EXPECT_DOUBLE_EQ(Seconds(timer().expiry), 900);
  EXPECT_EQ(timer().last_outcome, 200);
}

TEST_F(Refresh, IsAReinviteWithTheOfferInForceWhereItDoesNot) {
  SANSIP_SHOWS("4028-7.4-19", "4028-7.4-22", "4028-7.4-23");
  Establish(false);
  UntilRefresh();
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), kOffer);
  EXPECT_EQ(CSeqOfLast("INVITE"), "2 INVITE");
  Accept(kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("300 ACK"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refreshed 600 by us"));
}

// After a change of the session the offer is that of the change.
TEST_F(Refresh, RepeatsTheOfferThatHoldsNow) {
  SANSIP_SHOWS("4028-7.4-24");
  Establish(false);
  alice.AdvanceTo(10);
  ASSERT_EQ(alice.Reinvite(kNewOffer), VerbError::kNone);
  Accept(kNewAnswer);
  alice.AdvanceTo(309.9);
  EXPECT_EQ(CSeqOfLast("INVITE"), "2 INVITE");
  alice.AdvanceTo(310);
  EXPECT_EQ(CSeqOfLast("INVITE"), "3 INVITE");
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), kNewOffer);
}

TEST_F(Refresh, WaitsForTheOwnReinviteThatRings) {
  SANSIP_SHOWS("4028-10-26", "4028-7.4-27");
  Establish(true);
  alice.AdvanceTo(299);
  ASSERT_EQ(alice.Reinvite(kNewOffer), VerbError::kNone);
  alice.Respond(180);
  alice.AdvanceTo(320);
  EXPECT_EQ(alice.CountSent("UPDATE"), 0);
  EXPECT_EQ(CSeqOfLast("INVITE"), "2 INVITE");
  alice.RespondTo(alice.LastRequest("INVITE"), 488);
  alice.Advance(0);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "3 UPDATE") << "right after the final response";
}

TEST_F(Refresh, WaitsForAnOfferOfThePeer) {
  SANSIP_SHOWS("4028-7.4-27");
  Establish(true);
  alice.AdvanceTo(299);
  alice.Receive(RequestFromBob(invite, "INVITE", 1,
                               "Contact: <sip:bob@192.0.2.2:5070>\r\nSupported: timer\r\n", kNewAnswer));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  alice.AdvanceTo(310);
  EXPECT_EQ(alice.CountSent("UPDATE"), 0);
  ASSERT_EQ(alice.RefuseOffer(488), VerbError::kNone);
  alice.Advance(0);
  EXPECT_EQ(alice.CountSent("UPDATE"), 1);
}

TEST_F(Refresh, ThatGetsLostIsRecoveredByItsTransaction) {
  SANSIP_SHOWS("4028-10-4");
  Establish(true);
  alice.AdvanceTo(315);
  EXPECT_GT(alice.CountSent("UPDATE"), 3);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "2 UPDATE");
  Accept();
  EXPECT_DOUBLE_EQ(Seconds(timer().next_refresh), 615);
  alice.AdvanceTo(400);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "2 UPDATE");
}

TEST_F(Refresh, ACopyOfIts2xxIsAcknowledgedAndRestartsNothing) {
  SANSIP_SHOWS("4028-7.2-18");
  Establish(false);
  UntilRefresh();
  const std::string refresh = alice.LastRequest("INVITE");
  Accept(kAnswer);
  alice.AdvanceTo(302);
  alice.TakeSent();
  alice.RespondTo(refresh, 200, "bobtag", kTimer600, kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("302 ACK"));
  EXPECT_DOUBLE_EQ(Seconds(timer().next_refresh), 600);
}

TEST_F(Refresh, ALateCopyOfThe2xxBeforeItIsAcknowledgedAsWell) {
  SANSIP_SHOWS("3261-13.2.2.4-11");
  Establish(false);
  const std::string first = alice.LastRequest("INVITE");
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string second = alice.LastRequest("INVITE");
  Accept(kNewAnswer);
  const std::string kept = alice.LastRequest("ACK");
  alice.TakeSent();
  alice.RespondTo(first, 200, "bobtag", kTimer600, kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK"));
  EXPECT_EQ(CSeqOfLast("ACK"), "1 ACK");
  // And the later one's is what it was.
  alice.RespondTo(second, 200, "bobtag", kTimer600, kNewAnswer);
  EXPECT_EQ(alice.LastRequest("ACK"), kept);
}

TEST_F(Refresh, A2xxMayTurnTheRole) {
  SANSIP_SHOWS("4028-7.2-24", "4028-10-18");
  Establish(true);
  UntilRefresh();
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 600;refresher=uas\r\n");
  EXPECT_FALSE(timer().we_refresh);
  EXPECT_EQ(timer().next_refresh, kNever);
  alice.AdvanceTo(867.9);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  alice.AdvanceTo(868);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
}

// ---- When it fails

TEST_F(Refresh, On491TheOwnerOfTheCallIdWaits2To4Seconds) {
  SANSIP_SHOWS("4028-10-11");
  Establish(true);
  UntilRefresh();
  alice.Respond(491);
  const double next = Seconds(timer().next_refresh);
  EXPECT_GE(next, 302.1);
  EXPECT_LE(next, 304.0);
  EXPECT_EQ(timer().last_outcome, 491);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre(StartsWith("RefreshFailed 491 next 30")));
  alice.AdvanceTo(next - 0.001);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "2 UPDATE");
  alice.AdvanceTo(next);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "3 UPDATE");
}

TEST(RefreshOfTheCallee, On491ItWaitsUpTo2Seconds) {
  SANSIP_SHOWS("4028-10-11", "4028-10-1");
  UserAgentOptions options;
  options.session_timer.refresher = Refresher::kUas;
  AgentUnderTest bob(options, "bob.example");
  RequestText invite;
  invite.more =
      "Contact: <sip:alice@192.0.2.1>\r\nSupported: timer\r\nAllow: UPDATE\r\n"
      "Session-Expires: 600\r\nContent-Type: application/sdp\r\n";
  invite.body = kOffer;
  bob.Receive(invite);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  RequestText ack = invite;
  ack.method = "ACK";
  ack.to += ";tag=" + TagIn(bob.LastResponse("INVITE"), "To");
  ack.via += "ack";
  ack.more = {};
  ack.body = {};
  bob.Receive(ack);
  ASSERT_EQ(bob.view().state, UsageState::kEstablished);
  bob.AdvanceTo(300);
  const std::string update = bob.LastRequest("UPDATE");
  EXPECT_EQ(HeaderOf(update, "Session-Expires"), "600;refresher=uac");
  bob.RespondTo(update, 491, TagIn(update, "To"));
  bob.AdvanceTo(302);
  EXPECT_EQ(HeaderOf(bob.LastRequest("UPDATE"), "CSeq").front(), '2');
}

TEST(RefreshGlare, BothReinviteAtOnceAndTheCallSurvives) {
  SANSIP_SHOWS("4028-10-31", "4028-10-11");
  CallDraft draft = DraftToBob();
  draft.session_timer.method = RefreshMethod::kReinvite;
  Couple couple;
  couple.Establish(draft);
  const Instant due = couple.alice.view().session_timer.next_refresh;
  couple.AdvanceTo(Seconds(due) - 0.005);
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(1);
  EXPECT_EQ(couple.alice.CountSent("SIP/2.0 491") + couple.bob.CountSent("SIP/2.0 491"), 2);
  couple.Advance(10);
  if (couple.alice.view().remote_offer_open) {
    ASSERT_EQ(couple.alice.AnswerOffer(kNewOffer), VerbError::kNone);
  }
  couple.Advance(10);
  couple.ExpectAgreement();
  EXPECT_EQ(couple.alice.CountSent("BYE") + couple.bob.CountSent("BYE"), 0);
  EXPECT_GT(couple.alice.view().session_timer.expiry, due + std::chrono::seconds(1800));
}

TEST_F(Refresh, On500And503ItWaitsForRetryAfter) {
  SANSIP_SHOWS("4028-10-12", "4028-10-8");
  for (const int status : {500, 503}) {
    AgentUnderTest fresh;
    fresh.Place();
    fresh.Respond(200, "bobtag", std::string(kTimer600) + std::string(kAllowsUpdate), kAnswer);
    fresh.AdvanceTo(300);
    fresh.TakeEvents();
    fresh.Respond(status, "bobtag", "Retry-After: 7\r\n");
    EXPECT_THAT(fresh.TakeEvents(), ElementsAre("RefreshFailed " + std::to_string(status) + " next 307"));
    fresh.AdvanceTo(306.9);
    EXPECT_EQ(HeaderOf(fresh.LastRequest("UPDATE"), "CSeq"), "2 UPDATE");
    fresh.AdvanceTo(307);
    EXPECT_EQ(HeaderOf(fresh.LastRequest("UPDATE"), "CSeq"), "3 UPDATE");
    EXPECT_DOUBLE_EQ(Seconds(fresh.view().session_timer.expiry), 600) << "only a 2xx moves it";
  }
}

TEST_F(Refresh, On503WithALaterRetryAfterThanTheExpiryItEndsThere) {
  SANSIP_SHOWS("4028-10-12", "4028-10-16");
  Establish(true);
  UntilRefresh();
  alice.Respond(503, "bobtag", "Retry-After: 301\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("RefreshFailed 503"));
  alice.AdvanceTo(589.9);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.AdvanceTo(600);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("SessionExpiring", "SessionExpiring", "Ended session-expired"));
  EXPECT_EQ(alice.last_expiring().reason, SessionEndReason::kNotRefreshedByUs);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("600 BYE"));
}

TEST_F(Refresh, On503WithoutRetryAfterItTriesOnceHalfWayToTheEnd) {
  Establish(true);
  UntilRefresh();
  alice.Respond(503);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("RefreshFailed 503 next 450"));
  alice.AdvanceTo(450);
  EXPECT_EQ(CSeqOfLast("UPDATE"), "3 UPDATE");
}

// RFC 3261 8.1.3.1: as a 503. A network that is away for a moment ends no call.
TEST_F(Refresh, ThatFindsNoWayIsTriedAgain) {
  Establish(true);
  alice.locating = AgentUnderTest::Locating::kFails;
  alice.AdvanceTo(300);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("RefreshFailed 503 next 450"));
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  alice.AdvanceTo(450);
  Accept();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refreshed 600 by us"));
  EXPECT_EQ(alice.CountSent("BYE"), 0);
}

TEST_F(Refresh, On405And501ToUpdateItReinvitesFromNowOn) {
  SANSIP_SHOWS("4028-10-13");
  for (const int status : {405, 501}) {
    AgentUnderTest fresh;
    fresh.Place();
    fresh.Respond(200, "bobtag", std::string(kTimer600) + std::string(kAllowsUpdate), kAnswer);
    fresh.AdvanceTo(300);
    fresh.Respond(status, "bobtag");
    fresh.Advance(0);
    EXPECT_EQ(HeaderOf(fresh.LastRequest("INVITE"), "CSeq"), "3 INVITE");
    EXPECT_EQ(BodyOf(fresh.LastRequest("INVITE")), kOffer);
    fresh.Respond(200, "bobtag", std::string(kTimer600) + std::string(kAllowsUpdate), kAnswer);
    fresh.AdvanceTo(600);
    EXPECT_EQ(HeaderOf(fresh.LastRequest("INVITE"), "CSeq"), "4 INVITE");
    EXPECT_EQ(fresh.CountSent("UPDATE"), 1);
  }
}

TEST_F(Refresh, On422ItAsksForMoreBeforeTheOldExpiry) {
  SANSIP_SHOWS("4028-10-3", "4028-10-10", "4028-10-27", "4028-7.3-2");
  Establish(true);
  UntilRefresh();
  alice.Respond(422, "bobtag", "Min-SE: 3600\r\n");
  alice.Advance(0);
  const std::string again = alice.LastRequest("UPDATE");
  EXPECT_EQ(HeaderOf(again, "CSeq"), "3 UPDATE");
  EXPECT_EQ(HeaderOf(again, "Session-Expires"), "3600;refresher=uac");
  EXPECT_EQ(HeaderOf(again, "Min-SE"), "3600");
  EXPECT_DOUBLE_EQ(Seconds(timer().expiry), 600);
  alice.AdvanceTo(301);
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 3600;refresher=uac\r\n");
  EXPECT_DOUBLE_EQ(Seconds(timer().next_refresh), 301 + 1800);
  EXPECT_EQ(alice.agent().counters().refreshes_failed, 1u);
}

TEST_F(Refresh, On422sWithoutEndItStops) {
  SANSIP_SHOWS("4028-10-15");
  Establish(true);
  UntilRefresh();
  for (int min_se = 700; min_se < 800; ++min_se) {
    if (timer().state != SessionTimerState::kRefreshing) break;
    alice.RespondTo(alice.LastRequest("UPDATE"), 422, "bobtag", "Min-SE: " + std::to_string(min_se) + "\r\n");
    alice.Advance(0);
  }
  EXPECT_EQ(alice.CountSent("UPDATE"), SessionTimer::kTriesMax);
  alice.AdvanceTo(599.9);
  EXPECT_EQ(alice.CountSent("UPDATE"), SessionTimer::kTriesMax);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  alice.AdvanceTo(600);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
}

TEST_F(Refresh, OnAnythingElseItTriesTheOtherMethodOnce) {
  SANSIP_SHOWS("4028-10-14", "4028-10-15", "4028-10-16");
  Establish(true);
  UntilRefresh();
  alice.Respond(488);
  alice.Advance(0);
  EXPECT_EQ(CSeqOfLast("INVITE"), "3 INVITE");
  alice.Respond(488);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("RefreshFailed 488 next 300", "RefreshFailed 488"));
  alice.AdvanceTo(599);
  EXPECT_EQ(alice.CountSent("INVITE") + alice.CountSent("UPDATE"), 3);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  // A refresh of the peer's would still save it.
  alice.Receive(
      RequestFromBob(invite, "UPDATE", 1, "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"));
  EXPECT_DOUBLE_EQ(Seconds(timer().expiry), 1199);
  EXPECT_FALSE(timer().we_refresh);
}

// ---- When that is the end

class FatalRefresh : public Refresh, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Outcomes, FatalRefresh, ::testing::Values(0, 408, 481),
                         [](const auto& status) { return "On" + std::to_string(status.param); });

TEST_P(FatalRefresh, TellsWhyAndSendsABye) {
  SANSIP_SHOWS("4028-10-5", "4028-10-6", "4028-10-7", "4028-3-9", "4028-8.3-2");
  Establish(true);
  UntilRefresh();
  const bool times_out = GetParam() == 0;
  if (times_out) {
    alice.AdvanceTo(331.9);
    EXPECT_THAT(alice.TakeEvents(), IsEmpty());
    alice.TakeSent();
    alice.AdvanceTo(332);
  } else {
    alice.Respond(GetParam());
  }
  EXPECT_THAT(alice.TakeSent(), ElementsAre(times_out ? "332 BYE" : "300 BYE"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("SessionExpiring", StartsWith("Ended session-expired")));
  EXPECT_EQ(alice.last_expiring().reason,
            GetParam() == 481 ? SessionEndReason::kNoDialog : SessionEndReason::kRefreshTimedOut);
  EXPECT_THAT(HeaderOf(alice.LastRequest("BYE"), "Reason"), HasSubstr("SIP;cause=408"));
  EXPECT_EQ(alice.agent().counters().sessions_expired, 1u);
  EXPECT_EQ(alice.agent().counters().refreshes_failed, 1u);
}

// Ten seconds before, and with the BYE.
TEST_F(Refresh, OfThePeersThatNeverComesIsAnnounced) {
  SANSIP_SHOWS("4028-10-18", "4028-10-19", "4028-8.3-2");
  Establish(true, "Require: timer\r\nSession-Expires: 600;refresher=uas\r\n");
  alice.AdvanceTo(557.9);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.AdvanceTo(558);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("SessionExpiring"));
  EXPECT_EQ(alice.last_expiring().reason, SessionEndReason::kNotRefreshedByPeer);
  EXPECT_DOUBLE_EQ(Seconds(alice.last_expiring().end), 568);
  alice.AdvanceTo(568);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("SessionExpiring", "Ended session-expired"));
  EXPECT_EQ(alice.last_end().clause, "RFC 4028 10");
}

// The proxies between have dropped their state.
TEST_F(Refresh, TheByeAfterTheExpiryMayFail) {
  SANSIP_SHOWS("4028-8.3-1", "4028-10-29");
  for (const int status : {408, 481}) {
    AgentUnderTest fresh;
    fresh.Place();
    fresh.Respond(200, "bobtag", kTimer600, kAnswer);
    fresh.AdvanceTo(300);
    fresh.RespondTo(fresh.LastRequest("INVITE"), 603, "bobtag");
    fresh.AdvanceTo(600);
    ASSERT_EQ(fresh.CountSent("BYE"), 1);
    fresh.RespondTo(fresh.LastRequest("BYE"), status, "bobtag");
    fresh.Advance(40);
    EXPECT_EQ(fresh.CountSent("BYE"), 1);
    EXPECT_FALSE(fresh.agent().Find(fresh.call()));
    EXPECT_EQ(fresh.agent().next_deadline(), kNever);
  }
}

// ---- What is said

// docs/decisions/0016.
TEST_F(Refresh, SaysTheOwnMinimum) {
  SANSIP_SHOWS("4028-7.4-10");
  CallDraft draft = DraftToBob();
  draft.session_timer.min_se = 120;
  alice.Place(draft);
  alice.Respond(200, "bobtag", kTimer600, kAnswer);
  alice.AdvanceTo(300);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Min-SE"), "120");
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "600;refresher=uac");
}

TEST(RefreshSips, TheContactIsSipsWhereTheUriIs) {
  SANSIP_SHOWS("4028-11.2-4");
  AgentUnderTest alice;
  alice.transport = Transport::kTls;
  alice.Place("sips:bob@bob.example");
  const std::string invite = alice.LastRequest("INVITE");
  EXPECT_THAT(HeaderOf(invite, "Contact"), StartsWith("<sips:"));
  EXPECT_EQ(HeaderOf(invite, "Session-Expires"), "1800");
  EXPECT_TRUE(alice.locates().back().sips);
}

}  // namespace
}  // namespace sansip::testing
