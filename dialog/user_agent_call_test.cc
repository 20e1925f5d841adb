// Complete calls between two user agents, messages lost on the way, and the races of RFC 5407: RFC 3261 9,
// 13, 14, 15.

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
  SANSIP_SHOWS("3261-13.1-3", "3261-13.2.1-13", "3261-15.1.2-4", "3261-15.1.2-3", "3261-15-1");
  SANSIP_SHOWS("3261-13.3.1.4-2", "3261-13.2.1-6", "5407-2-12", "5407-2-9", "5407-2-11");
}

TEST(Call, CalleeHangsUp) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.bob.HangUp(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Ended local-bye"));
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended remote-bye"));
  const std::string bye = couple.bob.LastRequest("BYE");
  EXPECT_EQ(HeaderOf(bye, "To"), "Alice <sip:alice@alice.example>;tag=" + TagIn(bye, "To"));
  EXPECT_EQ(TagIn(bye, "From"), TagIn(couple.bob.LastResponse("INVITE"), "To"));
  EXPECT_THAT(bye, HasSubstr("BYE sip:alice@alice.example:5060 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(bye, "Call-ID"), HeaderOf(couple.alice.LastRequest("INVITE"), "Call-ID"));
  SANSIP_SHOWS("3261-15-4", "3261-12.1.1-15", "3261-12.1.1-16", "3261-12.1.1-17", "3261-12.1.1-19");
  SANSIP_SHOWS("3261-12.1.1-20", "3261-12.1.1-10", "3261-12.1.1-12", "3261-12.1.2-10", "3261-12.2-1");
}

TEST(Call, LateOfferIsAnsweredInTheAck) {
  Couple couple;
  couple.alice.Place(DraftToBob(""));
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.last_description(), "");
  ASSERT_EQ(couple.bob.Answer(kOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Answered 200", "OfferReceived", "Timer 1800 by us"));
  EXPECT_EQ(couple.alice.last_description(), kOffer);
  EXPECT_EQ(couple.alice.CountSent("ACK"), 0);
  ASSERT_EQ(couple.alice.AnswerOffer(kAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Confirmed"));
  EXPECT_THAT(couple.bob.TakeEvents(),
              ElementsAre("Incoming", "Timer 1800 by peer", "AnswerReceived", "Confirmed"));
  EXPECT_EQ(couple.bob.last_description(), kAnswer);
  EXPECT_EQ(BodyOf(couple.alice.LastRequest("ACK")), kAnswer);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3261-13.2.1-5", "3261-13.2.1-10", "3261-13.2.2.4-8", "3261-13.3.1-3", "3261-13.3.1.4-3");
}

TEST(Call, LateOfferThatIsRefusedIsAcknowledgedThenEnded) {
  Couple couple;
  couple.alice.Place(DraftToBob(""));
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(kOffer), VerbError::kNone);
  couple.Advance(0.1);
  couple.alice.TakeSent();
  ASSERT_EQ(couple.alice.RefuseOffer(488, "v=0\r\nm=audio 0 RTP/AVP 0\r\n"), VerbError::kNone);
  EXPECT_THAT(couple.alice.TakeSent(), ElementsAre("0.2 ACK", "0.2 BYE"));
  EXPECT_THAT(couple.alice.LastRequest("ACK"), HasSubstr("m=audio 0"));
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.last_end().cause, EndCause::kRemoteBye);
  SANSIP_SHOWS("3261-13.2.2.4-9", "3261-13.2.2.4-13");
}

TEST(Call, WithoutAnySessionDescriptionStands) {
  Couple couple;
  couple.alice.Place(DraftToBob(""));
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(""), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.bob.view().state, UsageState::kEstablished);
  couple.Advance(1000);  // refreshed without a question to anybody
  EXPECT_THAT(couple.bob.TakeEvents(), Contains("Refreshed 1800 by peer"));
  EXPECT_EQ(couple.bob.agent().calls_live(), 1u);
}

TEST(Call, RefusedByTheCallee) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Refuse(486), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Incoming", "Ended local-refusal 486"));
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended refused 486"));
  EXPECT_THAT(couple.alice.LastRequest("ACK"), HasSubstr("ACK sip:bob@bob.example SIP/2.0"));
  couple.Advance(40);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
  SANSIP_SHOWS("3261-13.1-1", "3261-12.3-1", "3261-15-5");
}

TEST(Call, RefusalWithContactRedirects) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  const HeaderLine contact{HeaderId::kContact, "<sip:carol@carol.example>", {}};
  ASSERT_EQ(couple.bob.Do(ua::input::Refuse{couple.bob.call(), 302, {.headers = {&contact, 1}}}).error,
            VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeEvents(), Contains("Redirected sip:carol@carol.example"));
  SANSIP_SHOWS("3261-13.3.1.2-1", "3261-8.1.3.4-1");
}

// ---- CANCEL

TEST(Cancel, WhileRinging) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  EXPECT_EQ(couple.alice.HangUp(), VerbError::kWrongState);
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Incoming", "Ended remote-cancel 487"));
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Progress 180", "Ended local-cancel 487"));
  const std::string cancel = couple.alice.LastRequest("CANCEL");
  EXPECT_EQ(HeaderOf(cancel, "To"), "<sip:bob@bob.example>");
  EXPECT_EQ(couple.alice.CountSent("BYE"), 0);
  EXPECT_EQ(TagIn(couple.bob.LastResponse("CANCEL"), "To"), TagIn(couple.bob.LastResponse("INVITE"), "To"));
  couple.Advance(70);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
  SANSIP_SHOWS("3261-9.2-2", "3261-9.2-3", "3261-9.1-2", "5407-A-1", "5407-C-1", "5407-2-16", "3261-15-2");
}

TEST(Cancel, IsHeldUntilAProvisional) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  EXPECT_EQ(couple.alice.CountSent("CANCEL"), 0);
  couple.Advance(0.5);  // the 100 leaves after 200 ms
  EXPECT_EQ(couple.alice.CountSent("CANCEL"), 1);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended local-cancel 487"));
  SANSIP_SHOWS("3261-9.1-7", "3261-9.1-8", "3261-9.1-9");
}

TEST(Cancel, BeforeThePathIsKnownSendsNothing) {
  AgentUnderTest alice;
  alice.locating = AgentUnderTest::Locating::kHeld;
  alice.Place();
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended local-cancel", "CallGone"));
  alice.AnswerLocate();
  EXPECT_THAT(alice.wires(), IsEmpty());
  EXPECT_EQ(alice.agent().counters().stale_cookies, 1u);
}

TEST(Cancel, CrossingThe200LeavesNoCallUp) {
  Couple couple;
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.alice.TakeSent();
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.TakeSent(), ElementsAre("0.21 ACK", "0.21 BYE"));
  EXPECT_THAT(couple.bob.TakeSent(),
              ElementsAre("0.1 180 INVITE", "0.2 200 INVITE", "0.21 200 CANCEL", "0.22 200 BYE"));
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Progress 180", "Ended local-cancel 200"));
  EXPECT_EQ(couple.bob.last_end().cause, EndCause::kRemoteBye);
  SANSIP_SHOWS("5407-3.1.2-1", "5407-3.1.2-3", "3261-15-7", "5407-C-2");
}

TEST(Cancel, WithoutAnyFinalResponseEndsTheCallAllTheSame) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180);
  const std::string invite = alice.LastRequest("INVITE");
  alice.HangUp();
  alice.Respond(200);  // to the CANCEL
  alice.AdvanceTo(31);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 180"));
  alice.AdvanceTo(33);
  EXPECT_THAT(alice.TakeEvents(), Contains("Ended local-cancel"));
  alice.RespondTo(invite, 487);
  EXPECT_EQ(alice.CountSent("ACK"), 0);
  SANSIP_SHOWS("3261-9.1-12", "3261-9.1-13");
}

// ---- the answer and its ACK

TEST(Answer, IsRepeatedFromT1ToT2UntilTheAck) {
  for (const Transport transport : {Transport::kUdp, Transport::kTcp}) {
    Couple couple({}, {}, transport);
    couple.lose = [](bool from_alice, std::string_view kind, int) { return from_alice && kind == "ACK"; };
    couple.alice.Place(DraftToBob());
    couple.Advance(0.1);
    ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
    couple.bob.TakeEvents();
    couple.Advance(40);
    std::vector<std::string> expected = {"0.1 200 INVITE",  "0.6 200 INVITE",  "1.6 200 INVITE",
                                         "3.6 200 INVITE",  "7.6 200 INVITE",  "11.6 200 INVITE",
                                         "15.6 200 INVITE", "19.6 200 INVITE", "23.6 200 INVITE",
                                         "27.6 200 INVITE", "31.6 200 INVITE"};
    expected.push_back("32.1 BYE");
    EXPECT_THAT(couple.bob.TakeSent(), ::testing::ElementsAreArray(expected));
    EXPECT_THAT(couple.bob.TakeEvents(), Contains("Ended no-ack"));
    EXPECT_EQ(couple.alice.last_end().cause, EndCause::kRemoteBye);
    EXPECT_EQ(couple.bob.agent().counters().successes_resent, 10u);
  }
  SANSIP_SHOWS("3261-13.3.1.4-5", "3261-13.3.1.4-6", "6026-8.1-2", "6026-8.1-1", "5407-3.1.4-3");
}

TEST(Answer, EveryCopyIsAcknowledgedWithTheSameBytes) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int count) {
    return from_alice && kind == "ACK" && count <= 2;
  };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(5);
  EXPECT_EQ(couple.alice.CountSent("ACK"), 3);
  std::vector<std::string> acks;
  for (const std::string& wire : couple.alice.wires()) {
    if (wire.starts_with("ACK")) acks.push_back(wire);
  }
  EXPECT_EQ(acks[0], acks[1]);
  EXPECT_EQ(acks[0], acks[2]);
  EXPECT_NE(HeaderOf(acks[0], "Via"), HeaderOf(couple.alice.LastRequest("INVITE"), "Via"));
  EXPECT_EQ(couple.bob.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 200"), 3);
  EXPECT_THAT(couple.alice.TakeEvents(),
              ElementsAre("Answered 200", "AnswerReceived", "Timer 1800 by us", "Confirmed"));
  SANSIP_SHOWS("3261-13.2.2.4-11", "3261-13.2.2.4-10", "3261-13.2.2.4-6", "5407-2-8", "5407-3.1.4-2");
}

TEST(Answer, HangUpWaitsForTheAck) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int count) {
    return from_alice && kind == "ACK" && count <= 2;
  };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  ASSERT_EQ(couple.bob.HangUp(), VerbError::kNone);
  EXPECT_EQ(couple.bob.agent().client_transactions_pending(), 1u);
  EXPECT_THAT(couple.bob.TakeEvents(), Contains("Ended local-bye"));
  couple.Advance(1);
  EXPECT_EQ(couple.bob.CountSent("BYE"), 0);
  couple.Advance(1);
  EXPECT_EQ(couple.bob.CountSent("BYE"), 1);
  EXPECT_EQ(couple.alice.last_end().cause, EndCause::kRemoteBye);
  SANSIP_SHOWS("3261-15-6", "5407-2-14");
}

TEST(Answer, HangUpWithoutAnyAckSendsTheByeAfter64T1) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int) { return from_alice && kind == "ACK"; };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  ASSERT_EQ(couple.bob.HangUp(), VerbError::kNone);
  couple.AdvanceTo(32);
  EXPECT_EQ(couple.bob.CountSent("BYE"), 0);
  couple.AdvanceTo(33);
  EXPECT_EQ(couple.bob.CountSent("BYE"), 1);
  couple.AdvanceTo(110);
  EXPECT_EQ(couple.bob.agent().calls_kept(), 0u);
}

TEST(Answer, ByeBeforeTheAckEndsTheSession) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int) { return from_alice && kind == "ACK"; };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.last_end().cause, EndCause::kRemoteBye);
  EXPECT_THAT(couple.bob.LastResponse("BYE"), HasSubstr("200 OK"));
  const int answers = couple.bob.CountSent("SIP/2.0 200");
  couple.Advance(40);
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 200"), answers);
  SANSIP_SHOWS("5407-3.1.6-1");
}

TEST(Answer, CopyAfterTheByeIsStillAcknowledged) {
  Couple couple;
  couple.lose = [](bool from_alice, std::string_view kind, int count) {
    return from_alice && ((kind == "ACK" && count == 1) || (kind == "BYE" && count <= 2));
  };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.alice.TakeEvents();
  couple.Advance(0.6);
  EXPECT_EQ(couple.alice.CountSent("ACK"), 2);
  EXPECT_THAT(couple.alice.TakeEvents(), IsEmpty());
  SANSIP_SHOWS("5407-2-10", "5407-3.1.6-2", "5407-D-1", "5407-D-2");
}

// ---- a message lost once is recovered

class Lost : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Lost, OnceIsRecovered) {
  Couple couple;
  couple.lose = [](bool, std::string_view kind, int count) { return kind == GetParam() && count == 1; };
  couple.alice.Place(DraftToBob());
  couple.Advance(2);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(2);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(5);
  EXPECT_EQ(couple.alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.bob.view().state, UsageState::kEstablished);
  couple.ExpectAgreement();
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  couple.Advance(5);
  EXPECT_EQ(couple.bob.last_end().cause, EndCause::kRemoteBye);
  EXPECT_EQ(couple.alice.agent().client_transactions_pending(), 0u);
  couple.Advance(70);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Messages, Lost,
                         ::testing::Values("INVITE", "100 INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE",
                                           "200 BYE"));

TEST(Bye, CrossingEachOtherAreBothAnswered) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  ASSERT_EQ(couple.bob.HangUp(), VerbError::kNone);
  couple.Advance(1);
  EXPECT_THAT(couple.alice.LastResponse("BYE"), HasSubstr("SIP/2.0 200"));
  EXPECT_THAT(couple.bob.LastResponse("BYE"), HasSubstr("SIP/2.0 200"));
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended local-bye"));
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Ended local-bye"));
  couple.Advance(70);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
  SANSIP_SHOWS("5407-3.2.1-1", "5407-2-15");
}

TEST(Bye, UnansweredIsOverAfter64T1) {
  Couple couple;
  couple.Establish();
  couple.lose = [](bool, std::string_view, int) { return true; };
  ASSERT_EQ(couple.alice.HangUp(), VerbError::kNone);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Ended local-bye"));
  couple.Advance(33);
  EXPECT_EQ(couple.alice.agent().client_transactions_pending(), 0u);
  EXPECT_EQ(couple.alice.agent().calls_kept(), 0u);
  SANSIP_SHOWS("3261-15.1.1-2", "3261-15.1.1-3");
}

// ---- all at the end

TEST(Shutdown, EndsEverythingByWhatItsStateAsksFor) {
  Couple couple;
  couple.Establish();  // a confirmed call: BYE
  const CallId confirmed = couple.bob.call();
  couple.alice.Place(DraftToBob());  // one that rings at Bob: CANCEL
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Ring(), VerbError::kNone);
  couple.Advance(0.1);
  couple.bob.Place("sip:alice@alice.example");  // one that rings at Alice: 480
  couple.Advance(0.1);
  couple.alice.TakeSent();
  couple.alice.Shutdown();
  couple.Advance(1);
  EXPECT_THAT(couple.alice.TakeSent(),
              ::testing::UnorderedElementsAre("0.6 BYE", "0.6 CANCEL", "0.6 480 INVITE", "0.62 ACK"));
  EXPECT_EQ(couple.alice.agent().calls_live(), 0u);
  EXPECT_EQ(couple.bob.agent().calls_live(), 0u);
  EXPECT_EQ(couple.bob.agent().Find(confirmed)->state, UsageState::kMortal);
  EXPECT_EQ(couple.alice.agent().client_transactions_pending(), 0u);
  couple.bob.Place("sip:alice@alice.example");
  couple.Advance(1);
  EXPECT_THAT(couple.bob.TakeEvents(), Contains("Ended refused 503"));
  UserAgentInput again = ua::input::PlaceCall{DraftToBob()};
  EXPECT_EQ(couple.alice.Do(again).error, VerbError::kShutDown);
}

TEST(Shutdown, OfManyCallsComesInBatches) {
  AgentUnderTest alice;
  alice.locating = AgentUnderTest::Locating::kHeld;
  for (int i = 0; i < 200; ++i) alice.Place();
  alice.Shutdown();
  EXPECT_GT(alice.agent().calls_live(), 0u);
  EXPECT_LE(alice.agent().next_deadline(), Instant{});
  alice.AdvanceTo(0);
  EXPECT_EQ(alice.agent().calls_live(), 0u);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
  EXPECT_LE(alice.most_actions(), UserAgent::kActionsPerEventMax);
}

}  // namespace
}  // namespace sansip::testing
