// Within a confirmed dialog: sequence numbers, target refresh, re-INVITE and UPDATE in both directions,
// glare, the end of dialogs (RFC 3261 12.2, 14; RFC 3311 5; RFC 6141 4; RFC 5407 3).

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kMoved = "Contact: <sip:bob@192.0.2.77>\r\n";

// Alice has called a Bob that the test plays.
class InDialog : public ::testing::Test {
 protected:
  InDialog() {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", "", kAnswer);
    EXPECT_EQ(alice.view().state, UsageState::kEstablished);
    Forget();
  }

  void Forget() {
    alice.TakeEvents();
    alice.TakeSent();
  }
  // A request of Bob's.
  RequestText FromBob(std::string_view method, int cseq, std::string_view more = "",
                      std::string_view body = "") {
    return RequestFromBob(invite, method, cseq, more, body);
  }
  int StatusOf(const std::string& request) {
    const std::size_t before = alice.wires().size();
    alice.Receive(request);
    for (std::size_t i = before; i < alice.wires().size(); ++i) {
      if (alice.wires()[i].starts_with("SIP/2.0 ")) return std::stoi(alice.wires()[i].substr(8, 3));
    }
    return 0;
  }
  int RetryAfterOf(const std::string& response) {
    const std::string value = HeaderOf(response, "Retry-After");
    return value.empty() ? -1 : std::stoi(value);
  }

  AgentUnderTest alice;
  std::string invite;
};

// ---- identifiers and sequence numbers

TEST_F(InDialog, LowerCSeqIsA500AndHigherIsTaken) {
  EXPECT_EQ(StatusOf(FromBob("OPTIONS", 5)), 200);
  EXPECT_EQ(StatusOf(FromBob("OPTIONS", 4)), 500);
  EXPECT_EQ(StatusOf(FromBob("OPTIONS", 20)), 200);
  EXPECT_EQ(StatusOf(FromBob("BYE", 15)), 500);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().remote_cseq, 20u);
  EXPECT_EQ(alice.agent().counters().old_cseqs, 2u);
  SANSIP_SHOWS("3261-12.2.2-7", "3261-12.2.2-8", "3261-12.2.2-9", "3261-12.2.2-10", "3261-15.1.2-2");
  SANSIP_SHOWS("3261-12.1.2-10");
}

// Found by dialog_fuzzer
TEST_F(InDialog, AfterTheByeNothingIsRedirected) {
  StandaloneDraft draft{.method = "OPTIONS"};
  draft.call = alice.call();
  ASSERT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  alice.TakeSent();
  alice.RespondTo(alice.LastRequest("OPTIONS"), 302, "", "Contact: <sip:bob@192.0.2.99>\r\n");
  EXPECT_THAT(alice.TakeSent(), IsEmpty());
}

// Found by dialog_fuzzer: the user had not answered the offer in it yet, and the peer went on to repeat it.
TEST_F(InDialog, A2xxIsAcknowledgedThoughTheByeOvertakesTheAnswerToItsOffer) {
  ASSERT_EQ(alice.Reinvite(""), VerbError::kNone);
  const std::string reinvite = alice.LastRequest("INVITE");
  alice.RespondTo(reinvite, 200, "bobtag", "", kNewAnswer);
  alice.TakeSent();
  EXPECT_EQ(StatusOf(FromBob("BYE", 1)), 200);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 200 BYE", "0 ACK"));
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "2 ACK");
  alice.RespondTo(reinvite, 200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK"));
  alice.Advance(70);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
}

TEST_F(InDialog, AfterTheBYEThereIsNoDialogForAnother) {
  const RequestText bye = FromBob("BYE", 1);
  EXPECT_EQ(StatusOf(bye), 200);
  EXPECT_EQ(StatusOf(FromBob("BYE", 2)), 481);
  EXPECT_EQ(StatusOf(bye), 200);  // a copy
  EXPECT_EQ(alice.agent().calls_kept(), 1u);
}

// RFC 3261 8.2: all of it, or nothing.
TEST_F(InDialog, AnAcceptedRequestChangesAllThatItSays) {
  SANSIP_SHOWS("3261-8.2-1");
  const std::string more =
      "Contact: <sip:bob@192.0.2.77>\r\nSupported: timer\r\nSession-Expires: 300;refresher=uac\r\n";
  EXPECT_EQ(StatusOf(FromBob("INVITE", 1, more + "Require: foo\r\n", kNewOffer)), 420);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.2:5070");
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  alice.Receive(FromBob("INVITE", 2, more, kNewOffer));
  ASSERT_EQ(alice.AnswerOffer(kNewAnswer), VerbError::kNone);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
  EXPECT_EQ(alice.view().remote_body, kNewOffer);
  EXPECT_EQ(alice.view().local_body, kNewAnswer);
  EXPECT_EQ(alice.view().session_timer.interval, 300u);
}

TEST_F(InDialog, TagsMustMatchBothWays) {
  RequestText bye = FromBob("BYE", 1);
  bye.from = "<sip:bob@bob.example>;tag=other";
  EXPECT_EQ(StatusOf(bye), 481);
  bye = FromBob("BYE", 1);
  std::swap(bye.from, bye.to);
  bye.via += "s";
  EXPECT_EQ(StatusOf(bye), 481);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  SANSIP_SHOWS("3261-12-1");
}

TEST_F(InDialog, StateIsKeptForHours) {
  CallDraft draft = DraftToBob();
  draft.session_timer.enabled = false;
  alice.Place(draft);
  invite = alice.LastRequest("INVITE");
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.Advance(50000);
  EXPECT_EQ(StatusOf(FromBob("OPTIONS", 1)), 200);
  SANSIP_SHOWS("3261-12.1.2-3");
}

TEST_F(InDialog, RequireAndBodyAreInspectedAsOutside) {
  EXPECT_EQ(StatusOf(FromBob("INVITE", 1, "Require: foo\r\nContact: <sip:b@h>\r\n")), 420);
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 2, "Require: foo\r\n")), 420);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  SANSIP_SHOWS("3261-12.2.2-2");
}

// ---- the target

TEST_F(InDialog, TargetFollowsReinviteAndUpdateOnce2xxIsSent) {
  EXPECT_EQ(StatusOf(FromBob("INVITE", 1, kMoved, kNewAnswer)), 0);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.2:5070");
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
  alice.Receive(FromBob("ACK", 1));
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 2, "Contact: <sip:bob@192.0.2.78>\r\n")), 200);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.78");
  EXPECT_EQ(HeaderOf(alice.LastResponse("UPDATE"), "Contact"), "<sip:alice@alice.example:5060>");
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 3)), 200);  // without Contact: unchanged
  alice.HangUp();
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:bob@192.0.2.78 SIP/2.0"));
  SANSIP_SHOWS("3261-12.2.2-11", "6141-4.6-3", "3311-5.1-4", "3311-7-2", "3261-12.2-2", "3311-5.2-8");
}

TEST_F(InDialog, RefusedReinviteLeavesTargetAndSession) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  ASSERT_EQ(alice.RefuseOffer(488), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 488 by peer"));
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.2:5070");
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_FALSE(alice.view().remote_offer_open);
  SANSIP_SHOWS("6141-4.6-4", "3261-12.2.2-1", "3261-8.2-2", "3264-4-3", "6141-3.1-1");
}

TEST_F(InDialog, SuccessToOurReinviteRefreshesTheTarget) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(180, "bobtag", "Contact: <sip:provisional@h>\r\n");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.2:5070");
  alice.Respond(200, "bobtag", kMoved, kNewAnswer);
  EXPECT_THAT(alice.LastRequest("ACK"), StartsWith("ACK sip:bob@192.0.2.77 SIP/2.0"));
  EXPECT_THAT(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "2 ACK");
  SANSIP_SHOWS("3261-12.2.1.2-3", "6141-4.7-1", "6141-4.7-2", "3261-13.2.2.4-5");
}

// ---- our re-INVITE

TEST_F(InDialog, ReinviteOffersAndIsAnswered) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string request = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(request, "CSeq"), "2 INVITE");
  EXPECT_EQ(TagIn(request, "To"), "bobtag");
  EXPECT_EQ(HeaderOf(request, "Contact"), HeaderOf(invite, "Contact"));
  EXPECT_EQ(BodyOf(request), kNewOffer);
  EXPECT_EQ(HeaderOf(request, "Max-Forwards"), "70");
  EXPECT_EQ(alice.Reinvite(), VerbError::kPending);
  EXPECT_TRUE(alice.view().local_offer_open);
  alice.Respond(200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  alice.RespondTo(request, 200, "bobtag", "", kNewAnswer);  // a copy
  EXPECT_EQ(alice.CountSent("ACK"), 3);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  SANSIP_SHOWS("3261-14.1-4", "3261-14.1-5", "3261-14.1-6", "3264-4-6", "3261-13.2.1-11", "3261-14.2-8");
  SANSIP_SHOWS("3261-12.2.1.1-8", "3261-12.2.1.1-19", "3261-12.2.1.1-20", "3261-12.2.1.1-2");
}

TEST_F(InDialog, RefusedReinviteKeepsTheSession) {
  for (const int status : {488, 401, 603, 500}) {
    ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
    alice.Respond(status, "bobtag");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited " + std::to_string(status) + " by us"));
    EXPECT_EQ(alice.view().local_body, kOffer);
    EXPECT_EQ(alice.view().remote_body, kAnswer);
    EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  }
  SANSIP_SHOWS("3261-14.1-10");
}

// 8.1.3.1: as a 503, which ends no dialog.
// RFC 6141 5.1, 5.3: the re-INVITE is answered and acknowledged as it went, whatever became of the target;
// and an ACK that goes nowhere is no reason to end what goes on.
TEST_F(InDialog, TheAckOfARefusedReinviteGoesWhereItWentAndMayBeLost) {
  SANSIP_SHOWS("6141-5.1-1", "6141-5.3-2", "6141-3.3-1");
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string reinvite = alice.LastRequest("INVITE");
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 1, kMoved)), 200);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
  alice.RespondTo(reinvite, 488);
  const std::string ack = alice.LastRequest("ACK");
  EXPECT_EQ(ack.substr(4, ack.find('\r') - 4), reinvite.substr(7, reinvite.find('\r') - 7));
  EXPECT_EQ(HeaderOf(ack, "CSeq"), "2 ACK");
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:bob@192.0.2.77 SIP/2.0"));
  alice.RespondTo(alice.LastRequest("INVITE"), 200, "bobtag", kMoved, kAnswer);
  alice.Advance(40);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
}

TEST_F(InDialog, ReinviteThatFindsNoWayKeepsTheSession) {
  alice.locating = AgentUnderTest::Locating::kFails;
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 503 by us"));
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 503 by us"));
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  SANSIP_SHOWS("3261-14.1-10", "3261-8.1.3.1-2");
}

TEST_F(InDialog, OfferlessReinviteIsAnsweredInTheAck) {
  ASSERT_EQ(alice.Reinvite(""), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), "");
  alice.Respond(200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("OfferReceived"));
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_EQ(alice.CountSent("ACK"), 2);
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), kNewOffer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  SANSIP_SHOWS("3261-14.1-1");
}

TEST_F(InDialog, LostDialogEndsWithBye) {
  for (const int status : {481, 408, 0}) {
    AgentUnderTest caller;
    caller.Place();
    caller.Respond(200, "bobtag", "", kAnswer);
    ASSERT_EQ(caller.Reinvite(), VerbError::kNone);
    caller.TakeEvents();
    caller.TakeSent();
    if (status == 0) {
      caller.Advance(33);
      EXPECT_THAT(caller.TakeSent(), Contains("32 BYE"));
    } else {
      caller.Respond(status, "bobtag");
      EXPECT_THAT(caller.TakeSent(), ElementsAre("0 ACK", "0 BYE"));
    }
    EXPECT_EQ(caller.last_end().cause, EndCause::kDialogLost);
    EXPECT_EQ(caller.last_end().status, status);
  }
  SANSIP_SHOWS("3261-14.1-11", "3261-12.2.1.2-4", "3261-12.2.1.2-5", "3261-12.2.1.2-6", "3261-12.2.1.2-1");
}

TEST_F(InDialog, The491IsRetriedByTheOwnerOfTheCallIdAfter2100To4000Milliseconds) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(491, "bobtag");
  const double refused = alice.now();
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.TakeSent();
  while (alice.CountSent("INVITE") < 3 && alice.now() < 10) alice.Advance(0.01);
  const double waited = alice.now() - refused;
  EXPECT_THAT(waited, AllOf(Ge(2.1 - 1e-6), Le(4.0 + 1e-6)));
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "3 INVITE");
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), kNewOffer);
  alice.Respond(200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  SANSIP_SHOWS("3261-14.1-12", "3261-14.1-13", "3261-14.1-15");
}

TEST_F(InDialog, The491IsRetriedSoOften) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  for (int i = 0; i < 10; ++i) {
    alice.Respond(491, "bobtag");
    alice.Advance(5);
  }
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "6 INVITE");  // the re-INVITE, four retries
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 491 by us"));
}

TEST_F(InDialog, WaitingReinviteIsForgottenWithTheCall) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(491, "bobtag");
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  alice.Advance(10);
  EXPECT_EQ(alice.CountSent("INVITE"), 2);
}

TEST_F(InDialog, SuccessToAReinviteAfterTheByeIsAcknowledged) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string request = alice.LastRequest("INVITE");
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  Forget();
  alice.RespondTo(request, 200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK"));
  EXPECT_THAT(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "2 ACK");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  SANSIP_SHOWS("5407-3.2.3-1");
}

TEST_F(InDialog, ReinviteThatIsNeverAnsweredDoesNotOutliveTheCall) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(180, "bobtag");
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  alice.AdvanceTo(31);
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.AdvanceTo(200);
  EXPECT_EQ(alice.CountSent("CANCEL"), 11);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
}

// ---- the peer's re-INVITE

TEST_F(InDialog, OfferIsTheUsersAndItsAnswerStarts2xxUntilAck) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  EXPECT_EQ(alice.last_description(), kNewAnswer);
  EXPECT_EQ(alice.Reinvite(), VerbError::kPending);
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by peer"));
  alice.Advance(1.6);
  EXPECT_EQ(alice.CountSent("SIP/2.0 200"), 3);
  alice.Receive(FromBob("ACK", 1));
  alice.Advance(20);
  EXPECT_EQ(alice.CountSent("SIP/2.0 200"), 3);
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  SANSIP_SHOWS("3261-14.2-5", "3264-4-5", "3261-14.1-7");
}

TEST_F(InDialog, The2xxWithoutAckEndsTheCall) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  alice.AdvanceTo(32.1);
  EXPECT_EQ(alice.last_end().cause, EndCause::kNoAck);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
  SANSIP_SHOWS("3261-14.2-7");
}

TEST_F(InDialog, TheSameOfferIsARefreshUnasked) {
  EXPECT_EQ(StatusOf(FromBob("INVITE", 1, kMoved, kAnswer)), 200);
  EXPECT_EQ(BodyOf(alice.last_wire()), kOffer);
  EXPECT_THAT(alice.TakeEvents(), Contains(StartsWith("Refreshed")));
  SANSIP_SHOWS("3261-14.2-4");
}

TEST_F(InDialog, SameSessionIsTheHooksToSay) {
  UserAgentOptions options;
  options.same_session = [](std::string_view, std::string_view) { return true; };
  AgentUnderTest bob(options, "bob.example");
  Couple couple({}, options);
  couple.Establish();
  ASSERT_EQ(couple.alice.Reinvite(kNewOffer), VerbError::kNone);
  couple.Advance(1);
  EXPECT_THAT(couple.bob.TakeEvents(), Contains(StartsWith("Refreshed")));
  EXPECT_EQ(couple.bob.view().remote_body, kNewOffer);
  couple.ExpectAgreement();
}

TEST_F(InDialog, OfferlessReinviteAsksForAnOffer) {
  alice.Receive(FromBob("INVITE", 1, kMoved));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived none"));
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.last_wire()), kNewOffer);
  EXPECT_TRUE(alice.view().local_offer_open);
  // RFC 5407 3.1.5: until the ACK brings the answer, another offer is a 491.
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 2, kMoved, kNewAnswer)), 491);
  EXPECT_EQ(StatusOf(FromBob("INVITE", 3, kMoved, kNewAnswer)), 491);
  RequestText ack = FromBob("ACK", 1, "", kNewAnswer);
  alice.Receive(ack);
  EXPECT_THAT(alice.TakeEvents(), Contains("AnswerReceived"));
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  SANSIP_SHOWS("5407-3.1.5-1", "3261-14.1-1", "5407-3.1.4-4");
}

TEST_F(InDialog, SecondInviteBeforeTheFirstFinalIsA500WithRetryAfter) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  EXPECT_EQ(StatusOf(FromBob("INVITE", 2, kMoved, kNewAnswer)), 500);
  EXPECT_THAT(RetryAfterOf(alice.last_wire()), AllOf(Ge(0), Le(10)));
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 3, kMoved, kNewAnswer)), 500);
  EXPECT_THAT(RetryAfterOf(alice.last_wire()), AllOf(Ge(0), Le(10)));
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 4, kMoved)), 200);  // no offer: no conflict
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "CSeq"), "1 INVITE");
  SANSIP_SHOWS("3261-14.2-1", "3261-14.2-2", "3311-5.2-4", "3311-5.2-5", "3311-5.2-11", "3261-14.1-8");
}

TEST_F(InDialog, InviteAndOffersDuringOurInviteAre491) {
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  EXPECT_EQ(StatusOf(FromBob("INVITE", 1, kMoved, kNewAnswer)), 491);
  EXPECT_EQ(StatusOf(FromBob("INVITE", 2, kMoved)), 491);
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 3, kMoved, kNewAnswer)), 491);
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 4, kMoved)), 200);
  EXPECT_EQ(StatusOf(FromBob("OPTIONS", 5)), 200);
  alice.Respond(200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_EQ(alice.agent().counters().overlapping_offers, 3u);
  SANSIP_SHOWS("3261-14.2-3", "3311-5.2-3", "6141-3.5-1", "5407-3.3.2-1", "5407-3.3.2-2", "3261-14.1-8");
  SANSIP_SHOWS("3261-21.4.27-1");
}

TEST_F(InDialog, CancelledReinviteKeepsTheSession) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  RequestText cancel = FromBob("CANCEL", 1);
  cancel.via = FromBob("INVITE", 1).via;
  Forget();
  alice.Receive(cancel);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 200 CANCEL", "0 487 INVITE"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 487 by peer"));
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  SANSIP_SHOWS("6141-3.8-1");
}

TEST_F(InDialog, ByeAnswersThePendingReinvite) {
  alice.Receive(FromBob("INVITE", 1, kMoved, kNewAnswer));
  Forget();
  alice.Receive(FromBob("BYE", 2));
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 200 BYE", "0 487 INVITE"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended remote-bye"));
  EXPECT_EQ(alice.AnswerOffer(), VerbError::kWrongState);
  SANSIP_SHOWS("3261-15.1.2-6", "3261-15.1.2-7");
}

// ---- the peer's UPDATE

TEST_F(InDialog, UpdateWithAnOfferIsTheUsers) {
  alice.Receive(FromBob("UPDATE", 1, kMoved, kNewAnswer));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 2, kMoved)), 500);
  EXPECT_THAT(RetryAfterOf(alice.last_wire()), AllOf(Ge(0), Le(10)));
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(BodyOf(alice.last_wire()), kNewOffer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  alice.Advance(30);
  EXPECT_EQ(alice.CountSent("SIP/2.0 200"), 1);  // no ACK is waited for
  SANSIP_SHOWS("3311-3-1", "3311-5.2-1", "3311-5.2-2", "3311-5.2-7", "3311-5.1-1");
}

TEST_F(InDialog, UpdateThatTheUserDoesNotAnswerIsA504) {
  alice.Receive(FromBob("UPDATE", 1, kMoved, kNewAnswer));
  alice.TakeSent();
  alice.Advance(2);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("1 504 UPDATE"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived", "Reinvited 504 by peer"));
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  SANSIP_SHOWS("3311-5.2-9");
}

TEST_F(InDialog, UpdateOfTheSameSessionIsARefresh) {
  EXPECT_EQ(StatusOf(FromBob("UPDATE", 1, kMoved, kAnswer)), 200);
  EXPECT_EQ(BodyOf(alice.last_wire()), kOffer);
  SANSIP_SHOWS("3311-5.2-6");
}

TEST(EarlyDialog, UpdateWithAnOfferMustWait) {
  AgentUnderTest alice;
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  alice.Respond(180, "bobtag");
  RequestText update;
  update.method = "UPDATE";
  update.uri = "sip:alice@alice.example:5060";
  update.from = "<sip:bob@bob.example>;tag=bobtag";
  update.to = "<sip:alice@alice.example>;tag=" + TagIn(invite, "From");
  update.call_id = HeaderOf(invite, "Call-ID");
  update.cseq = "1";
  update.more = "Contact: <sip:early@192.0.2.9>\r\nContent-Type: application/sdp\r\n";
  update.body = kNewAnswer;
  alice.Receive(update);
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 491"));
  update.cseq = "2";
  update.via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKu2";
  update.body = "";
  update.more = "Contact: <sip:early@192.0.2.9>\r\n";
  alice.Receive(update);
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(alice.view().remote_target, "sip:early@192.0.2.9");
  SANSIP_SHOWS("6141-4.9-1", "3311-5.1-1", "3311-5.1-2");
}

// ---- both at once

TEST(Glare, BothRetryAndTheNonOwnerComesFirst) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.alice.Reinvite(kNewOffer), VerbError::kNone);
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.alice.CountSent("SIP/2.0 491"), 1);
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 491"), 1);
  const double glare = couple.alice.now();
  while (!couple.alice.view().remote_offer_open && couple.alice.now() < glare + 5) couple.Advance(0.01);
  EXPECT_LE(couple.alice.now() - glare, 2.1);
  ASSERT_EQ(couple.alice.AnswerOffer(kOffer), VerbError::kNone);
  while (!couple.bob.view().remote_offer_open && couple.alice.now() < glare + 5) couple.Advance(0.01);
  EXPECT_THAT(couple.alice.now() - glare, AllOf(Ge(2.0), Le(4.1)));
  ASSERT_EQ(couple.bob.AnswerOffer(kNewAnswer), VerbError::kNone);
  couple.Advance(1);
  couple.ExpectAgreement();
  EXPECT_EQ(couple.alice.view().local_body, kNewOffer);
  EXPECT_TRUE(couple.alice.view().owns_call_id);
  SANSIP_SHOWS("5407-3.3.1-1", "5407-3.3.1-2", "5407-3.3.1-3", "3261-14.1-13", "3261-14.1-14");
}

TEST(Race, ReinviteAgainstBye) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.alice.Reinvite(), VerbError::kNone);
  ASSERT_EQ(couple.bob.HangUp(), VerbError::kNone);
  couple.Advance(1);
  EXPECT_EQ(couple.alice.last_end().cause, EndCause::kRemoteBye);
  EXPECT_THAT(couple.bob.LastResponse("INVITE"), StartsWith("SIP/2.0 481"));
  EXPECT_EQ(couple.alice.CountSent("BYE"), 0);
  couple.Advance(70);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
  SANSIP_SHOWS("5407-3.2.2-1", "5407-3.2.2-2", "5407-B-2", "5407-B-3");
}

TEST(Race, ReinviteBeforeTheAckIsA491) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int count) {
    return from_alice && kind == "ACK" && count == 1;
  };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.Reinvite(), VerbError::kNone);
  couple.Advance(5);
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 491"), 1);
  EXPECT_EQ(couple.bob.last_description(), kNewOffer);
  EXPECT_TRUE(couple.bob.view().remote_offer_open);
  SANSIP_SHOWS("5407-3.1.4-1");
}

}  // namespace
}  // namespace sansip::testing
