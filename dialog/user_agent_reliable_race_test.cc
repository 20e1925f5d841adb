// Two user agents with reliable provisionals: UPDATE before the answer (RFC 3311), lost and crossing
// messages, and re-INVITEs whose provisionals are reliable (RFC 6141).

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

class ReliableCouple : public ::testing::Test {
 protected:
  static UserAgentOptions Options() {
    UserAgentOptions options;
    options.reliable_provisionals = ReliableProvisionals::kSupported;
    return options;
  }
  Couple couple{Options(), Options()};
  AgentUnderTest& alice = couple.alice;
  AgentUnderTest& bob = couple.bob;

  void RingWith(std::string_view answer) {
    alice.Place(DraftToBob());
    couple.Advance(0.1);
    ASSERT_EQ(bob.RingReliably(183, answer), VerbError::kNone);
    couple.Advance(0.1);
    alice.TakeEvents();
    bob.TakeEvents();
    alice.TakeSent();
    bob.TakeSent();
  }
  // A re-INVITE of Alice's, answered in a reliable provisional.
  void ReinviteUntil183() {
    ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
    couple.Advance(0.1);
    ASSERT_EQ(bob.RingReliably(183, kNewAnswer), VerbError::kNone);
    couple.Advance(0.1);
    alice.TakeEvents();
    bob.TakeEvents();
  }
};

TEST_F(ReliableCouple, BothUpdateBeforeTheAnswer) {
  RingWith(kAnswer);
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  const std::string update = alice.LastRequest("UPDATE");
  EXPECT_EQ(CountOf(update, "Contact"), 1);
  for (const char* absent : {"Alert-Info", "Expires", "In-Reply-To", "Min-Expires", "Priority", "RAck",
                             "Reply-To", "RSeq", "Subject", "Event", "Subscription-State", "Allow-Events"}) {
    EXPECT_EQ(CountOf(update, absent), 0) << absent;
  }
  for (const char* once : {"Call-ID", "CSeq", "From", "To", "Via", "Max-Forwards"}) {
    EXPECT_EQ(CountOf(update, once), 1) << once;
  }
  couple.Advance(0.1);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("OfferReceived"));
  ASSERT_EQ(bob.AnswerOffer(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(CountOf(bob.LastResponse("UPDATE"), "Contact"), 1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("AnswerReceived early", "Reinvited 200 by us"));
  bob.TakeEvents();

  ASSERT_EQ(bob.Update(kAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  ASSERT_EQ(alice.AnswerOffer(kOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("AnswerReceived early", "Reinvited 200 by us"));

  ASSERT_EQ(bob.Answer(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(BodyOf(bob.LastResponse("INVITE")), "");
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), "");
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3311-3-1", "3311-4-5", "3311-5.1-1", "3311-5.1-2", "3311-7-2", "3311-7-3", "3311-7-4");
  SANSIP_SHOWS("3311-8-1", "6141-4.9-1");
}

TEST_F(ReliableCouple, UpdatesThatCrossAreRefusedWith491AndTriedAgain) {
  RingWith(kAnswer);
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  ASSERT_EQ(bob.Update(kNewAnswer), VerbError::kNone);
  const double start = alice.now();
  couple.Advance(0.1);
  EXPECT_THAT(alice.LastResponse("UPDATE"), StartsWith("SIP/2.0 491"));
  EXPECT_THAT(bob.LastResponse("UPDATE"), StartsWith("SIP/2.0 491"));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.on_transmit = [&, send = alice.on_transmit](const std::string& wire) {
    if (wire.starts_with("UPDATE")) {
      EXPECT_GE(alice.now() - start, 2.1);
      EXPECT_LE(alice.now() - start, 4.1);
    }
    send(wire);
  };
  // Bob does not own the Call-ID: he is first.
  for (int i = 0; i < 60; ++i) {
    couple.Advance(0.1);
    if (alice.view().remote_offer_open) alice.AnswerOffer(kOffer);
    if (bob.view().remote_offer_open) bob.AnswerOffer(kAnswer);
  }
  EXPECT_EQ(alice.CountSent("UPDATE"), 2);
  EXPECT_EQ(bob.CountSent("UPDATE"), 2);
  EXPECT_EQ(HeaderOf(alice.LastRequest("UPDATE"), "CSeq"), "4 UPDATE");
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_THAT(bob.TakeEvents(), Contains("Reinvited 200 by us"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3311-5.3-3", "3311-5.3-4", "3311-5.3-5", "3311-5.3-6", "3264-4-7");
}

// RFC 3264 4: the ACK of an INVITE that had its answer is about no offer, though one is open.
TEST_F(ReliableCouple, TheAckIsNoAnswerToAnUpdateThatIsTriedAgain) {
  RingWith(kAnswer);
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  ASSERT_EQ(bob.Update(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(bob.LastResponse("UPDATE"), StartsWith("SIP/2.0 491"));
  couple.lose = [](bool from_alice, std::string_view kind, int) { return from_alice && kind == "ACK"; };
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  for (int i = 0; i < 40 && bob.CountDifferent("UPDATE") < 2; ++i) couple.Advance(0.1);
  couple.Advance(0.1);
  ASSERT_TRUE(alice.view().remote_offer_open && bob.view().local_offer_open);
  bob.Receive(alice.LastRequest("ACK"));  // no longer lost, before Alice has her answer
  EXPECT_EQ(bob.view().state, UsageState::kEstablished);
  ASSERT_EQ(alice.AnswerOffer(kOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(bob.view().local_body, kNewAnswer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
}

// RFC 4028 7.4: what is tried again when the call is answered refreshes the session like any other request.
TEST_F(ReliableCouple, AnUpdateTriedAgainAfterTheAnswerLeavesOneRefresher) {
  RingWith(kAnswer);
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  ASSERT_EQ(bob.Update(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(bob.LastResponse("UPDATE"), StartsWith("SIP/2.0 491"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  for (int i = 0; i < 60; ++i) {
    couple.Advance(0.1);
    if (alice.view().remote_offer_open) alice.AnswerOffer(kOffer);
    if (bob.view().remote_offer_open) bob.AnswerOffer(kAnswer);
    const SessionTimerStatus at_alices = alice.view().session_timer, at_bobs = bob.view().session_timer;
    if (at_alices.interval == 0 || bob.view().state != UsageState::kEstablished) continue;
    EXPECT_EQ(at_alices.interval, at_bobs.interval) << i;
  }
  EXPECT_EQ(bob.CountSent("UPDATE"), 2);
  EXPECT_NE(HeaderOf(bob.LastRequest("UPDATE"), "Session-Expires"), "");
  EXPECT_EQ(alice.view().session_timer.interval, 1800u);
  EXPECT_NE(alice.view().session_timer.we_refresh, bob.view().session_timer.we_refresh);
  couple.ExpectAgreement();
}

// RFC 3311 5.3: the dialog is ended.
TEST_F(ReliableCouple, AnEarlyUpdateWithoutResponseEndsTheCall) {
  for (AgentUnderTest* one : {&alice, &bob}) {
    RingWith(kAnswer);
    couple.lose = [](bool, std::string_view kind, int) { return kind == "UPDATE"; };
    ASSERT_EQ(one->Update(kNewAnswer), VerbError::kNone);
    couple.Advance(33);
    EXPECT_EQ(alice.CountSent("CANCEL"), 1);  // hers; Bob refuses
    EXPECT_THAT(one->TakeEvents(), Contains(StartsWith("Ended dialog-lost")));
    couple.lose = nullptr;
    couple.Advance(70);
    EXPECT_EQ(alice.agent().calls_kept() + bob.agent().calls_kept(), 0u);
  }
  SANSIP_SHOWS("3311-5.3-2");
}

TEST_F(ReliableCouple, ARefusedUpdateChangesNothing) {
  RingWith(kAnswer);
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(bob.RefuseOffer(488), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 488 by us"));
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(bob.view().remote_body, kOffer);
  // One that the user does not answer gets 504 (RFC 3311 5.2).
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  couple.Advance(1.2);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 504 by us"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3311-5.3-1");
}

TEST_F(ReliableCouple, AnUpdateOfContactAloneNeedsNoAnswerBefore) {
  alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(bob.RingReliably(180), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  ASSERT_EQ(alice.Update(""), VerbError::kNone);
  ASSERT_EQ(bob.Update(""), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_THAT(bob.TakeEvents(), Contains("Reinvited 200 by us"));
  // An offer of Alice's would cross her first one: 491 to Bob; hers reaches him before his answer: 500.
  RequestText update = RequestFromBob(alice.LastRequest("INVITE"), "UPDATE", 9, "", kNewOffer);
  update.from = "<sip:bob@bob.example>;tag=" + std::string(alice.view().remote_tag);
  alice.Receive(update);
  EXPECT_THAT(alice.LastResponse("UPDATE"), StartsWith("SIP/2.0 491"));
}

TEST_F(ReliableCouple, HeldAnswersWaitForAnUpdateOfOurs) {
  RingWith(kAnswer);
  ASSERT_EQ(bob.Update(kNewAnswer), VerbError::kNone);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_EQ(bob.CountSent("SIP/2.0 200 OK"), 1);  // to the PRACK
  couple.Advance(0.1);
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  couple.ExpectAgreement();
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}

// ---- loss

TEST_F(ReliableCouple, LostProvisionalsAndPracksAreRepeated) {
  couple.lose = [](bool, std::string_view kind, int count) {
    return count <= 2 && (kind == "183 INVITE" || kind == "PRACK" || kind == "200 PRACK");
  };
  alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  couple.Advance(10);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183 reliable", "AnswerReceived early", "Answered 200",
                                              "Timer 1800 by us", "Confirmed"));
  EXPECT_EQ(alice.agent().counters().pracks_sent, 1u);
  EXPECT_EQ(bob.agent().counters().pracks_received, 1u);
  couple.ExpectAgreement();
}

TEST_F(ReliableCouple, ACancelCrossesThePrack) {
  alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  couple.lose = [](bool, std::string_view kind, int count) { return kind == "PRACK" && count == 1; };
  couple.Advance(0.015);  // the PRACK is on its way, and lost
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  couple.Advance(40);
  EXPECT_EQ(alice.CountSent("PRACK"), 2);
  EXPECT_THAT(bob.LastResponse("PRACK"), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 487"));
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
  EXPECT_EQ(bob.agent().calls_kept(), 0u);
}

TEST_F(ReliableCouple, SeveralProvisionalsWhileTheFirstIsLost) {
  couple.lose = [](bool, std::string_view kind, int count) { return kind == "183 INVITE" && count == 1; };
  alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(bob.RingReliably(183), VerbError::kNone);
  ASSERT_EQ(bob.RingReliably(180, kAnswer), VerbError::kNone);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  couple.Advance(5);
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Progress 183 reliable", "Progress 180 reliable", "AnswerReceived early",
                          "Answered 200", "Timer 1800 by us", "Confirmed"));
  couple.ExpectAgreement();
  SANSIP_SHOWS("3262-5-8");
}

// Seeds: provisionals, offers by both and the answer, while a third of all messages is lost. What is left
// when the network heals is one call in which both see the same, or none.
TEST(ReliableSeeds, BothSeeTheSameInTheEnd) {
  UserAgentOptions options;
  options.reliable_provisionals = ReliableProvisionals::kSupported;
  int established = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    Couple couple(options, options);
    AgentUnderTest &alice = couple.alice, &bob = couple.bob;
    couple.lose = [&](bool, std::string_view, int) { return bob.now() < 6 && UniformBelow(random, 3) == 0; };
    const bool is_late = UniformBelow(random, 3) == 0;
    alice.Place(DraftToBob(is_late ? "" : kOffer));
    int bodies = 0;
    const auto body = [&] { return "v=0\r\ns=" + std::to_string(++bodies) + "\r\n"; };
    const auto answer_offers = [&](AgentUnderTest& agent) {
      const auto view = agent.agent().Find(agent.call());
      if (view && view->remote_offer_open) static_cast<void>(agent.AnswerOffer(body()));
    };
    for (int step = 0; step < 80; ++step) {
      couple.Advance(0.25);
      answer_offers(alice);
      if (!bob.call().is_nil() && bob.agent().Find(bob.call())) {
        const bool is_new = bob.view().state <= UsageState::kEarly;
        if (!is_new) answer_offers(bob);
        if (is_new && bob.view().remote_offer_open && bob.view().local_body.size() > 0) answer_offers(bob);
        const std::uint64_t draw = UniformBelow(random, 12);
        if (draw == 0) static_cast<void>(bob.Ring(180, body()));
        if (draw == 1) static_cast<void>(bob.Ring(183));
        if (draw == 2) static_cast<void>(bob.Update(body()));
        if (draw == 3 || step == 60) static_cast<void>(bob.Answer(body()));
      }
      if (UniformBelow(random, 12) == 0) static_cast<void>(alice.Update(body()));
    }
    couple.Advance(40);
    const auto a = alice.agent().Find(alice.call()), b = bob.agent().Find(bob.call());
    if (a && b && a->state == UsageState::kEstablished && b->state == UsageState::kEstablished) {
      ++established;
      couple.ExpectAgreement();
    }
    alice.HangUp();
    couple.Advance(80);
    EXPECT_EQ(alice.agent().calls_kept(), 0u);
    EXPECT_EQ(bob.agent().calls_kept(), 0u);
  }
  EXPECT_GE(established, 30);
}

// ---- re-INVITE

TEST_F(ReliableCouple, AReinviteAnsweredReliablyIsNotRefusedAnyMore) {
  couple.Establish();
  ReinviteUntil183();
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  EXPECT_EQ(bob.RefuseOffer(488), VerbError::kWrongState);
  // Undone by UPDATE, then accepted (RFC 6141 3.2).
  ASSERT_EQ(bob.Update(kAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(alice.AnswerOffer(kOffer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(bob.AnswerOffer(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  couple.ExpectAgreement();
  SANSIP_SHOWS("6141-3.2-1", "6141-3.3-2", "6141-3.3-3", "6141-3.6-1");
}

TEST_F(ReliableCouple, ACancelledReinviteThatIsCarriedOutSucceeds) {
  couple.Establish();
  RequestText cancel;
  ReinviteUntil183();
  const std::string reinvite = alice.LastRequest("INVITE");
  cancel.method = "CANCEL";
  cancel.uri = reinvite.substr(7, reinvite.find(" SIP/2.0") - 7);
  cancel.via = HeaderOf(reinvite, "Via");
  cancel.from = HeaderOf(reinvite, "From");
  cancel.to = HeaderOf(reinvite, "To");
  cancel.call_id = HeaderOf(reinvite, "Call-ID");
  cancel.cseq = HeaderOf(reinvite, "CSeq").substr(0, 1);
  bob.Receive(cancel);
  EXPECT_THAT(bob.LastResponse("CANCEL"), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  couple.Advance(0.1);
  couple.ExpectAgreement();
  SANSIP_SHOWS("6141-3.8-2");
}

TEST_F(ReliableCouple, ARefusalAfterAReliableAnswerIsUndoneAndSaidSo) {
  couple.Establish();
  ReinviteUntil183();
  const std::string reinvite = alice.LastRequest("INVITE");
  // Bob's proxy, or a Bob that knows no RFC 6141.
  alice.RespondTo(reinvite, 488, std::string(alice.view().remote_tag));
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 488 by us"));
  const std::string update = alice.LastRequest("UPDATE");
  EXPECT_EQ(BodyOf(update), kOffer);
  SANSIP_SHOWS("6141-3.1-1", "6141-3.4-1", "6141-3.4-2");
}

TEST_F(ReliableCouple, AReliableProvisionalRefreshesTheTarget) {
  couple.Establish();
  ASSERT_EQ(bob.Reinvite(), VerbError::kNone);
  const std::string reinvite = bob.LastRequest("INVITE");
  std::string moved = reinvite;
  const std::string contact = "Contact: " + HeaderOf(reinvite, "Contact");
  moved.replace(moved.find(contact), contact.size(), "Contact: <sip:bob@192.0.2.77>");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@bob.example:5060");
  alice.Receive(moved);
  // At once, before the user says anything.
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 183"));
  EXPECT_EQ(HeaderOf(alice.LastResponse("INVITE"), "Require"), "100rel");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
  // And ours, by the Contact of the response.
  std::string response = alice.LastResponse("INVITE");
  const std::string own = "Contact: " + HeaderOf(response, "Contact");
  response.replace(response.find(own), own.size(), "Contact: <sip:alice@192.0.2.66>");
  bob.Receive(response);
  EXPECT_EQ(bob.view().remote_target, "sip:alice@192.0.2.66");
  EXPECT_THAT(bob.LastRequest("PRACK"), StartsWith("PRACK sip:alice@192.0.2.66 SIP/2.0"));
  ASSERT_EQ(alice.RefuseOffer(488), VerbError::kNone);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
  SANSIP_SHOWS("6141-4.3-1", "6141-4.4-2", "6141-4.4-3", "6141-4.5-1", "6141-4.6-1", "6141-4.6-3",
               "6141-4.7-1", "6141-4.4-5");
}

TEST_F(ReliableCouple, AnOfferGoesWithThePrackAndItsAnswerWithThe200) {
  SANSIP_SHOWS("3262-5-4", "3262-5-5");
  alice.Place(DraftToBob());
  couple.Advance(0.1);
  alice.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(alice.Do(ua::input::OfferInPrack{alice.call(), {.body = kNewOffer}, {}}).error, VerbError::kNone);
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  alice.AnswerLocate();
  couple.lose = [](bool, std::string_view kind, int count) { return kind == "PRACK" && count == 1; };
  bob.TakeEvents();
  couple.Advance(0.7);
  EXPECT_THAT(bob.TakeEvents(), Contains("OfferReceived"));
  EXPECT_EQ(bob.last_description(), kNewOffer);
  ASSERT_EQ(bob.AnswerOffer(kNewAnswer), VerbError::kNone);
  EXPECT_EQ(BodyOf(bob.LastResponse("PRACK")), kNewAnswer);
  ASSERT_EQ(bob.Answer(""), VerbError::kNone);
  couple.Advance(1);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  couple.ExpectAgreement();
}

TEST_F(ReliableCouple, AnUnreliableOneDoesNot) {
  alice.Place(DraftToBob());
  const std::string invite = alice.LastRequest("INVITE");
  alice.RespondTo(invite, 180, "t", "Contact: <sip:bob@192.0.2.1>\r\n");
  alice.RespondTo(invite, 183, "t", "Contact: <sip:bob@192.0.2.2>\r\n");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.1");
  alice.RespondTo(invite, 183, "t", "Contact: <sip:bob@192.0.2.3>\r\nRequire: 100rel\r\nRSeq: 1\r\n");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.3");
  SANSIP_SHOWS("6141-4.9-2");
}

TEST_F(ReliableCouple, UpdateInsteadOfAReinvite) {
  couple.Establish();
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  EXPECT_EQ(alice.Reinvite(), VerbError::kPending);
  couple.Advance(0.1);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("OfferReceived"));
  EXPECT_EQ(bob.Update(), VerbError::kPending);
  ASSERT_EQ(bob.AnswerOffer(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_EQ(alice.CountSent("INVITE"), 1);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3311-5.1-8", "3311-5.1-11");
}

TEST_F(ReliableCouple, AContactToldByUpdateStaysInTheSuccess) {
  RingWith(kAnswer);
  bob.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(bob.Update(""), VerbError::kNone);
  const HostPort moved{"moved.example", 5060};
  bob.Do(ua::input::Located{bob.locates().back().cookie, {bob.FlowOf(0), Transport::kUdp, moved, moved}});
  couple.Advance(0.1);
  EXPECT_THAT(std::string(alice.view().remote_target), HasSubstr("moved.example"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_THAT(HeaderOf(bob.LastResponse("INVITE"), "Contact"), HasSubstr("moved.example"));
  SANSIP_SHOWS("3311-5.1-5");
}

TEST_F(ReliableCouple, AnUpdateWithoutResponseEndsTheCall) {
  couple.Establish();
  couple.lose = [](bool, std::string_view kind, int) { return kind == "UPDATE"; };
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  couple.Advance(31);
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  couple.Advance(1.5);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
  EXPECT_THAT(alice.TakeEvents(), Contains("Ended dialog-lost"));
  EXPECT_EQ(alice.last_end().clause, "RFC 3261 12.2.1.2");
  SANSIP_SHOWS("3311-5.3-2");
}

TEST_F(ReliableCouple, ARefusedUpdateHasTheUsersWarning) {
  couple.Establish();
  ASSERT_EQ(alice.Update(), VerbError::kNone);
  couple.Advance(0.1);
  const HeaderLine warning{HeaderId::kWarning, "305 bob.example \"no\"", {}};
  EXPECT_EQ(bob.Do(ua::input::RefuseOffer{bob.call(), 488, {.headers = {&warning, 1}}}).error,
            VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.LastResponse("UPDATE"), "Warning"), "305 bob.example \"no\"");
  SANSIP_SHOWS("3311-5.2-10");
}

TEST_F(ReliableCouple, WhoDoesNotAllowUpdateGetsNone) {
  alice.Place(DraftToBob());
  alice.Respond(183, "t", "Require: 100rel\r\nRSeq: 1\r\nAllow: INVITE, ACK, PRACK\r\n", kAnswer);
  EXPECT_EQ(alice.Update(), VerbError::kWrongState);
  alice.RespondTo(alice.LastRequest("INVITE"), 200, "t", "Allow: INVITE, ACK\r\n");
  EXPECT_EQ(alice.Update(), VerbError::kWrongState);
  EXPECT_EQ(alice.Reinvite(), VerbError::kNone);
  SANSIP_SHOWS("3311-4-6");
}

TEST(Unreliable, APrackIsAMethodThatIsNotAllowed) {
  Couple couple;
  couple.Establish();
  RequestText prack = RequestFromBob(couple.alice.LastRequest("INVITE"), "PRACK", 9, "RAck: 1 1 INVITE\r\n");
  prack.from = "<sip:bob@bob.example>;tag=" + std::string(couple.alice.view().remote_tag);
  couple.alice.Receive(prack);
  EXPECT_THAT(couple.alice.LastResponse("PRACK"), StartsWith("SIP/2.0 405"));
  EXPECT_THAT(HeaderOf(couple.alice.LastResponse("PRACK"), "Allow"), Not(HasSubstr("PRACK")));
  for (const char* method : {"PRACK", "UPDATE"}) {
    UserAgentOptions options;
    options.reliable_provisionals = ReliableProvisionals::kSupported;
    Couple asked(options, options);
    asked.Establish();
    RequestText request =
        RequestFromBob(asked.alice.LastRequest("INVITE"), method, 9, "Require: foo\r\nRAck: 1 1 INVITE\r\n");
    request.from = "<sip:bob@bob.example>;tag=" + std::string(asked.alice.view().remote_tag);
    asked.alice.Receive(request);
    EXPECT_THAT(asked.alice.LastResponse(method), StartsWith("SIP/2.0 420"));
    EXPECT_EQ(HeaderOf(asked.alice.LastResponse(method), "Unsupported"), "foo");
  }
  SANSIP_SHOWS("3262-4-5", "3311-7-5");  // 401 and 407 are never sent
}

// A call may be placed with what the options do not say: it takes PRACK, in and out, and tells so.
TEST(Unreliable, ButForTheCallThatAsksForIt) {
  UserAgentOptions options;
  options.reliable_provisionals = ReliableProvisionals::kSupported;
  Couple couple({}, options);
  CallDraft draft = DraftToBob();
  draft.reliable_provisionals = ReliableProvisionals::kSupported;
  couple.Establish(draft);
  const std::string invite = couple.alice.LastRequest("INVITE");
  EXPECT_THAT(HeaderOf(invite, "Allow"), HasSubstr("PRACK"));
  EXPECT_EQ(HeaderOf(invite, "Supported"), "timer, 100rel");
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.RingReliably(183), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.alice.LastResponse("PRACK"), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(HeaderOf(couple.alice.LastResponse("PRACK"), "Allow"), HasSubstr("PRACK"));
  EXPECT_EQ(couple.alice.AnswerOffer(kNewOffer), VerbError::kNone);
  couple.Advance(0.1);
  couple.ExpectAgreement();
  // Outside of that call nothing has changed.
  couple.alice.Receive(Numbered(1, "OPTIONS"));
  EXPECT_THAT(HeaderOf(couple.alice.last_wire(), "Allow"), Not(HasSubstr("PRACK")));
}

// RFC 5407 E
TEST_F(ReliableCouple, AForkThatRingsAfterTheAnswerOfAnotherGetsItsPrack) {
  SANSIP_SHOWS("5407-E-4");
  alice.Place(DraftToBob());
  const std::string invite = alice.LastRequest("INVITE");
  alice.RespondTo(invite, 180, "a");
  alice.RespondTo(invite, 200, "a", "", kAnswer);
  alice.TakeEvents();
  constexpr std::string_view kReliably = "Require: 100rel\r\nRSeq: 7\r\nContact: <sip:b@192.0.2.12>\r\n";
  alice.RespondTo(invite, 180, "b", "Contact: <sip:b@192.0.2.12>\r\n");
  EXPECT_EQ(alice.LastRequest("PRACK"), "");
  alice.RespondTo(invite, 180, "b", kReliably);
  const std::string prack = alice.LastRequest("PRACK");
  EXPECT_THAT(prack, StartsWith("PRACK sip:b@192.0.2.12 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(prack, "RAck"), "7 1 INVITE");
  EXPECT_EQ(TagIn(prack, "To"), "b");
  alice.RespondTo(invite, 180, "b", kReliably);  // a copy
  EXPECT_EQ(alice.CountDifferent("PRACK"), 1);
  alice.RespondTo(prack, 200, "b");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  alice.Advance(40);
  EXPECT_EQ(alice.view().early_dialogs, 0u);
}

TEST_F(ReliableCouple, ForksThatAreOverLeaveNothing) {
  alice.locating = AgentUnderTest::Locating::kHeld;
  alice.Place(DraftToBob());
  alice.AnswerLocate();
  const std::string invite = alice.LastRequest("INVITE");
  for (const char* tag : {"a", "b"}) {
    alice.RespondTo(invite, 183, tag, "Allow: UPDATE\r\nRequire: 100rel\r\nRSeq: 1\r\n", kAnswer);
  }
  const DialogId second = alice.last_dialog();
  ASSERT_EQ(alice.Update(kNewOffer, second), VerbError::kNone);
  // Two PRACKs and the UPDATE wait for their Paths; the INVITE fails.
  alice.RespondTo(invite, 486, "a");
  for (int i = 0; i < 3; ++i) alice.AnswerLocate();
  EXPECT_EQ(alice.CountSent("PRACK"), 0);
  EXPECT_EQ(alice.CountSent("UPDATE"), 0);
  alice.Advance(40);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
}

// Found by simulated dialogs (seed 642453): it had taken the UPDATE, whose 200 was lost, and won the call
// later, in which both sides had different sessions from then on.
TEST(ReliableForks, OneThatAnswersNoUpdateEndsAlone) {
  UserAgentOptions options;
  options.reliable_provisionals = ReliableProvisionals::kSupported;
  AgentUnderTest alice(options);
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  constexpr std::string_view kReliably = "Require: 100rel\r\nRSeq: 7\r\nAllow: UPDATE\r\n";
  for (const std::string_view tag : {"one", "two"}) {
    alice.RespondTo(invite, 183, tag, kReliably, kAnswer);
    alice.RespondTo(alice.LastRequest("PRACK"), 200, "");
  }
  ASSERT_EQ(alice.Update(kNewOffer), VerbError::kNone);  // on the last one
  EXPECT_EQ(TagIn(alice.LastRequest("UPDATE"), "To"), "two");
  alice.TakeEvents();
  alice.Advance(33);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 0 by us"));
  EXPECT_EQ(TagIn(alice.LastRequest("BYE"), "To"), "two");
  alice.RespondTo(alice.LastRequest("BYE"), 200, "");
  alice.RespondTo(invite, 200, "two");
  EXPECT_EQ(TagIn(alice.LastRequest("ACK"), "To"), "two");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.RespondTo(invite, 200, "one");
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().remote_tag, "one");
}

}  // namespace
}  // namespace sansip::testing
