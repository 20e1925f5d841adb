// A user agent that is elsewhere in the middle of a re-INVITE, or whose peer is (RFC 6141 4.4 to 5.5), and
// changes that cross a late refusal (3.5, 3.7).

#include <span>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kBobMoved = "Contact: <sip:bob@192.0.2.77>\r\n";
constexpr std::string_view kMayBeUpdated = "Allow: INVITE, ACK, BYE, UPDATE\r\n";

// Alice has called a Bob that the test plays.
class Moved : public ::testing::Test {
 protected:
  Moved() {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", kMayBeUpdated, kAnswer);
    alice.TakeEvents();
    alice.TakeSent();
  }
  void FromBob(std::string_view method, int cseq, std::string more, std::string_view body = "") {
    alice.Receive(RequestFromBob(invite, method, cseq, more, body));
  }
  // Bob's re-INVITE, answered.
  void AnswerReinvite(int cseq, std::string more) {
    FromBob("INVITE", cseq, std::move(more), std::string(kNewOffer) + "s=" + std::to_string(cseq) + "\r\n");
    EXPECT_EQ(alice.AnswerOffer(kNewAnswer), VerbError::kNone);
    EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  }

  AgentUnderTest alice;
  std::string invite;
};

// ---- the peer, while our re-INVITE is open (5.3)

class Refused : public Moved, public ::testing::WithParamInterface<bool> {};

TEST_P(Refused, AnAckThatFindsNobodyIsFollowedByAReinviteToWhereThePeerIs) {
  SANSIP_SHOWS("6141-5.3-2", "6141-5.3-3");
  const bool moves = GetParam();
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string reinvite = alice.LastRequest("INVITE");
  alice.RespondTo(reinvite, 180);
  if (moves) FromBob("UPDATE", 1, std::string(kBobMoved));
  alice.RespondTo(reinvite, 488, "bobtag");
  EXPECT_EQ(alice.view().remote_target, moves ? "sip:bob@192.0.2.77" : "sip:bob@192.0.2.2:5070");
  EXPECT_THAT(alice.last_wire(), StartsWith("ACK "));
  alice.TakeEvents();
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_THAT(alice.LastRequest("BYE"), "");
  if (!moves) {
    EXPECT_EQ(alice.LastRequest("INVITE"), reinvite);
    return;
  }
  const std::string next = alice.LastRequest("INVITE");
  EXPECT_THAT(next, StartsWith("INVITE sip:bob@192.0.2.77 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(next, "CSeq"), "3 INVITE");
  EXPECT_EQ(BodyOf(next), kOffer);
  alice.RespondTo(next, 200, "bobtag", kBobMoved, kAnswer);
  EXPECT_THAT(alice.TakeEvents(), Contains("Reinvited 200 by us"));
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}
INSTANTIATE_TEST_SUITE_P(Peer, Refused, ::testing::Bool());

// ---- the peer, while its re-INVITE is open (5.4)

TEST_F(Moved, AMissingAckEndsNothingWhereAnotherReinviteComes) {
  SANSIP_SHOWS("6141-5.4-1");
  AnswerReinvite(1, std::string("Contact: <sip:bob@192.0.2.2:5070>\r\n"));
  alice.Advance(3);
  // From elsewhere; its ACK was never sent.
  AnswerReinvite(2, std::string(kBobMoved));
  FromBob("ACK", 2, "");
  alice.Advance(40);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.LastRequest("BYE"), "");
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
}

TEST_F(Moved, TheFirstOneMayHaveToldTheNewTarget) {
  AnswerReinvite(1, std::string(kBobMoved));
  AnswerReinvite(2, std::string(kBobMoved));
  FromBob("ACK", 2, "");
  alice.Advance(40);
  EXPECT_EQ(alice.LastRequest("BYE"), "");
}

TEST_F(Moved, WhoStaysIsWaitedForAndEndedAsEver) {
  AnswerReinvite(1, "Contact: <sip:bob@192.0.2.2:5070>\r\n");
  FromBob("INVITE", 2, "Contact: <sip:bob@192.0.2.2:5070>\r\n", kNewOffer);
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 491"));
  alice.Advance(40);
  EXPECT_NE(alice.LastRequest("BYE"), "");
}

TEST_F(Moved, AnOfferInThe2xxWaitsForItsAnswerButNotForever) {
  FromBob("INVITE", 1, std::string(kBobMoved));
  ASSERT_EQ(alice.AnswerOffer(kNewOffer), VerbError::kNone);
  FromBob("INVITE", 2, "Contact: <sip:bob@192.0.2.78>\r\n", kNewOffer);
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 491"));  // the ACK may still bring the answer
  alice.Advance(33);
  EXPECT_EQ(alice.LastRequest("BYE"), "");
  EXPECT_EQ(alice.view().local_body, kOffer);
  AnswerReinvite(3, "Contact: <sip:bob@192.0.2.78>\r\n");
}

// ---- ourselves (5.5)

class Lost : public Moved {
 protected:
  static constexpr std::string_view kNewContact = "<sip:alice@192.0.2.50:5080>";

  VerbError LoseContact() { return alice.Do(ua::input::LoseContact{alice.call()}).error; }
  // What asked for a Path last goes out from elsewhere.
  void Relocate() {
    const HostPort elsewhere{"192.0.2.50", 5080};
    alice.Do(ua::input::Located{alice.locates().back().cookie,
                                Path{alice.FlowOf(1), Transport::kUdp, elsewhere, elsewhere}});
  }
  // A re-INVITE of Alice's that rings, and then she is elsewhere.
  void LoseInReinvite(std::string_view offer = kNewOffer) {
    ASSERT_EQ(alice.Reinvite(offer), VerbError::kNone);
    reinvite = alice.LastRequest("INVITE");
    alice.RespondTo(reinvite, 180, "bobtag");
    alice.TakeEvents();
    alice.locating = AgentUnderTest::Locating::kHeld;
    ASSERT_EQ(LoseContact(), VerbError::kNone);
  }

  std::string reinvite;
};

TEST_F(Lost, APendingReinviteIsCancelledAndAnotherGoesOutFromTheNewAddress) {
  SANSIP_SHOWS("6141-5.5-1", "6141-5.5-2");
  LoseInReinvite();
  EXPECT_EQ(HeaderOf(alice.LastRequest("CANCEL"), "CSeq"),
            HeaderOf(reinvite, "CSeq").substr(0, 2) + "CANCEL");
  EXPECT_EQ(HeaderOf(alice.LastRequest("CANCEL"), "Via"), HeaderOf(reinvite, "Via"));
  EXPECT_EQ(alice.LastRequest("INVITE"), reinvite);
  Relocate();
  const std::string next = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(reinvite, "CSeq"), "2 INVITE");
  EXPECT_EQ(HeaderOf(next, "CSeq"), "3 INVITE");
  EXPECT_EQ(HeaderOf(next, "Contact"), kNewContact);
  EXPECT_EQ(BodyOf(next), kNewOffer);
  // The old one is over, whatever comes to it.
  alice.RespondTo(reinvite, 487, "bobtag");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.RespondTo(next, 200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("AnswerReceived", "Reinvited 200 by us", "Timer 1800 by us"));
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  alice.AnswerLocate();
  alice.AnswerLocate();
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "3 ACK");
  alice.Advance(40);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}

TEST_F(Lost, A2xxThatCrossesTheCancelIsAcknowledged) {
  LoseInReinvite();
  Relocate();
  const std::string next = alice.LastRequest("INVITE");
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  for (int copy = 0; copy < 2; ++copy) {
    alice.RespondTo(reinvite, 200, "bobtag", "", kNewAnswer);
    EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "2 ACK");
  }
  EXPECT_EQ(alice.CountSent("ACK"), 3);  // the first call's, and these
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.RespondTo(next, 491, "bobtag");
  alice.Advance(5);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "4 INVITE");
  alice.RespondTo(alice.LastRequest("INVITE"), 200, "bobtag", "", kNewAnswer);
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "4 ACK");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("AnswerReceived", "Reinvited 200 by us", "Timer 1800 by us"));
}

TEST_F(Lost, AnOfferInSuchA2xxIsAnsweredByWhatIsInForce) {
  LoseInReinvite("");
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  Relocate();
  alice.RespondTo(reinvite, 200, "bobtag", "", kNewAnswer);
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), kOffer);
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), "");
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}

TEST_F(Lost, WithNothingUnderWayThePeerIsTold) {
  alice.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(LoseContact(), VerbError::kNone);
  Relocate();
  EXPECT_EQ(HeaderOf(alice.LastRequest("UPDATE"), "Contact"), kNewContact);
  EXPECT_EQ(BodyOf(alice.LastRequest("UPDATE")), "");
  EXPECT_EQ(LoseContact(), VerbError::kPending);
  alice.RespondTo(alice.LastRequest("UPDATE"), 200, "bobtag", "Allow: INVITE, ACK, BYE\r\n");
  ASSERT_EQ(LoseContact(), VerbError::kNone);
  Relocate();
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Contact"), kNewContact);
  EXPECT_EQ(BodyOf(alice.LastRequest("INVITE")), kOffer);
}

TEST_F(Lost, AnInitialInviteWithAnEarlyDialogIsAskedAfresh) {
  SANSIP_SHOWS("6141-5-1");
  alice.Place();
  const std::string first = alice.LastRequest("INVITE");
  alice.RespondTo(first, 180, "early", "Contact: <sip:bob@192.0.2.2:5070>\r\n");
  alice.TakeEvents();
  alice.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(LoseContact(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(alice.LastRequest("CANCEL"), "Via"), HeaderOf(first, "Via"));
  Relocate();
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  const std::string next = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(next, "CSeq"), "2 INVITE");
  EXPECT_EQ(HeaderOf(next, "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(next, "To"), "<sip:bob@bob.example>");
  EXPECT_EQ(HeaderOf(next, "Contact"), kNewContact);
  EXPECT_EQ(BodyOf(next), kOffer);
  // A 2xx of the old one is acknowledged and its dialog ended; the call goes on.
  alice.RespondTo(first, 200, "early", "Contact: <sip:bob@192.0.2.2:5070>\r\n", kAnswer);
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "CSeq"), "1 ACK");
  EXPECT_EQ(TagIn(alice.LastRequest("BYE"), "To"), "early");
  alice.RespondTo(alice.LastRequest("BYE"), 200, "early");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.RespondTo(next, 200, "late", "Contact: <sip:bob@192.0.2.2:5070>\r\n", kAnswer);
  EXPECT_EQ(TagIn(alice.LastRequest("ACK"), "To"), "late");
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  alice.Advance(40);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.CountDifferent("BYE"), 1);
}

TEST_F(Lost, OfAnEarlyDialogThatIsCancelledNothingIsLeft) {
  alice.Place();
  const std::string first = alice.LastRequest("INVITE");
  ASSERT_EQ(LoseContact(), VerbError::kNone);  // no provisional yet: the CANCEL is held
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.RespondTo(first, 180, "early");
  EXPECT_EQ(alice.CountSent("CANCEL"), 1);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  const std::string next = alice.LastRequest("INVITE");
  alice.RespondTo(first, 487, "early");
  alice.RespondTo(next, 486, "late");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 486"));
  EXPECT_EQ(LoseContact(), VerbError::kWrongState);
  alice.Advance(40);
  EXPECT_EQ(alice.agent().calls_kept(), 1u);  // the first one
  EXPECT_EQ(LoseContact(), VerbError::kStale);
}

// ---- 5.3 of an early dialog: who moved and then refuses gets an ACK that finds nobody.

TEST_F(Moved, AnEarlyDialogsRefusalStandsThoughItsAckFails) {
  SANSIP_SHOWS("6141-5-1");
  alice.Place();
  const std::string first = alice.LastRequest("INVITE");
  alice.RespondTo(first, 180, "bobtag", kMayBeUpdated);
  alice.Receive(RequestFromBob(first, "UPDATE", 1, std::string(kBobMoved)));
  EXPECT_THAT(alice.LastResponse("UPDATE"), StartsWith("SIP/2.0 200"));
  alice.RespondTo(first, 486, "bobtag");
  EXPECT_THAT(alice.TakeEvents(), Contains("Ended refused 486"));
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_THAT(alice.TakeEvents(), Not(Contains(StartsWith("Ended"))));
  EXPECT_EQ(alice.LastRequest("BYE"), "");
}

// ---- 4.4 to 4.8

TEST_F(Moved, ANewTargetThatNoResponseCanConfirmGetsAnUpdate) {
  SANSIP_SHOWS("6141-4.6-2");
  FromBob("INVITE", 1, std::string(kBobMoved), kNewOffer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("OfferReceived"));
  EXPECT_EQ(alice.LastRequest("UPDATE"), "");  // the user may be fast
  alice.Advance(1);
  const std::string update = alice.LastRequest("UPDATE");
  EXPECT_THAT(update, StartsWith("UPDATE sip:bob@192.0.2.77 SIP/2.0\r\n"));
  EXPECT_EQ(BodyOf(update), "");
  alice.RespondTo(update, 200, "bobtag", kBobMoved);
  ASSERT_EQ(alice.RefuseOffer(488), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 488 by peer"));
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.77");
}

TEST_F(Moved, ANewTargetOfOurOwnThatIsRefusedIsNotTold) {
  SANSIP_SHOWS("6141-4.4-1");
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(488, "bobtag");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 488 by us"));
}

// 4.8: a response says the Contact that the last request of ours said.
TEST_F(Moved, ANewContactIsToldByARequestFirst) {
  SANSIP_SHOWS("6141-4.8-1");
  AnswerReinvite(1, "Contact: <sip:bob@192.0.2.2:5070>\r\n");
  FromBob("ACK", 1, "");
  EXPECT_EQ(HeaderOf(alice.LastResponse("INVITE"), "Contact"), HeaderOf(invite, "Contact"));
  alice.locating = AgentUnderTest::Locating::kHeld;
  ASSERT_EQ(alice.Update(""), VerbError::kNone);
  const HostPort elsewhere{"192.0.2.50", 5080};
  alice.Do(ua::input::Located{alice.locates().back().cookie,
                              Path{alice.FlowOf(0), Transport::kUdp, elsewhere, elsewhere}});
  EXPECT_EQ(HeaderOf(alice.LastRequest("UPDATE"), "Contact"), "<sip:alice@192.0.2.50:5080>");
  alice.RespondTo(alice.LastRequest("UPDATE"), 200, "bobtag");
  AnswerReinvite(2, "Contact: <sip:bob@192.0.2.2:5070>\r\n");
  EXPECT_EQ(HeaderOf(alice.LastResponse("INVITE"), "Contact"), "<sip:alice@192.0.2.50:5080>");
}

// ---- 3.5, 3.7: Bob's UPDATE comes before his refusal, which was sent first

TEST(LateRefusal, IsUndoneAndSaidSoByAnUpdateWithTheSessionOfBefore) {
  SANSIP_SHOWS("6141-3.5-2", "6141-3.7-1");
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  draft.reliable_provisionals = ReliableProvisionals::kSupported;
  alice.Place(draft);
  const std::string invite = alice.LastRequest("INVITE");
  alice.Respond(200, "bobtag", kMayBeUpdated, kAnswer);
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  const std::string reinvite = alice.LastRequest("INVITE");
  alice.RespondTo(reinvite, 183, "bobtag", "Require: 100rel\r\nRSeq: 1\r\n", kNewAnswer);
  alice.RespondTo(alice.LastRequest("PRACK"), 200, "bobtag");
  constexpr std::string_view kHold = "v=0\r\no=bob 1 3 IN IP4 192.0.2.2\r\na=recvonly\r\n";
  constexpr std::string_view kHeld = "v=0\r\no=alice 1 3 IN IP4 192.0.2.1\r\na=sendonly\r\n";
  alice.Receive(RequestFromBob(invite, "UPDATE", 1, "Contact: <sip:bob@192.0.2.2:5070>\r\n", kHold));
  ASSERT_EQ(alice.AnswerOffer(kHeld), VerbError::kNone);
  alice.RespondTo(reinvite, 488, "bobtag");
  EXPECT_EQ(alice.view().local_body, kOffer);
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  const std::string update = alice.LastRequest("UPDATE");
  EXPECT_EQ(BodyOf(update), kOffer);
  alice.RespondTo(update, 200, "bobtag", "", kHold);
  EXPECT_EQ(alice.view().remote_body, kHold);
}

// ---- RFC 3261 14.2: descriptions that will not do

TEST_F(Moved, ARefusedReinviteSaysWhy) {
  SANSIP_SHOWS("3261-14.2-6");
  FromBob("INVITE", 1, "Contact: <sip:bob@192.0.2.2:5070>\r\n", kNewOffer);
  const HeaderLine warning = {HeaderId::kWarning, "305 alice.example \"No such codec\"", {}};
  ASSERT_EQ(alice.Do(ua::input::RefuseOffer{alice.call(), 488, {.headers = {&warning, 1}}}).error,
            VerbError::kNone);
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 488"));
  EXPECT_EQ(HeaderOf(alice.LastResponse("INVITE"), "Warning"), warning.value);
}

TEST_F(Moved, AnOfferIn2xxThatWillNotDoIsAnsweredAndTheCallEnds) {
  SANSIP_SHOWS("3261-14.2-12");
  ASSERT_EQ(alice.Reinvite(""), VerbError::kNone);
  alice.Respond(200, "bobtag", "", kNewOffer);
  constexpr std::string_view kNothing = "v=0\r\no=alice 1 2 IN IP4 192.0.2.1\r\nm=audio 0 RTP/AVP 18\r\n";
  ASSERT_EQ(alice.RefuseOffer(488, kNothing), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), kNothing);
  EXPECT_THAT(alice.last_wire(), StartsWith("BYE "));
  EXPECT_EQ(alice.last_end().cause, EndCause::kLocalBye);
}

// ---- 12.1.2

TEST(Secure, OnlyWhatWentToSipsOverTls) {
  SANSIP_SHOWS("3261-12.1.2-4", "3261-12.2.1.1-21");
  for (const bool is_sips : {true, false}) {
    AgentUnderTest alice;
    alice.transport = Transport::kTls;
    alice.Place(is_sips ? "sips:bob@bob.example" : "sip:bob@bob.example");
    alice.Respond(200, "bobtag", "", kAnswer);  // its Contact is a sip one
    ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
    EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:bob@192.0.2.2:5070 "));
    EXPECT_THAT(HeaderOf(alice.LastRequest("INVITE"), "Contact"), StartsWith(is_sips ? "<sips:" : "<sip:"));
  }
}

// ---- RFC 5407 A, 3.1.3: a BYE on one early dialog

class EarlyBye : public ::testing::Test {
 protected:
  // Two forks ring; the first one's dialog ends.
  void EndTheFirst() {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.RespondTo(invite, 180, "a", "Contact: <sip:a@192.0.2.11>\r\n");
    first = alice.last_dialog();
    alice.RespondTo(invite, 180, "b", "Contact: <sip:b@192.0.2.12>\r\n");
    const HeaderLine reason = {HeaderId::kReason, "SIP;cause=480", {}};
    EXPECT_EQ(End(first, {&reason, 1}), VerbError::kNone);
    alice.RespondTo(alice.LastRequest("BYE"), 200, "a");
    alice.TakeEvents();
  }
  VerbError End(DialogId dialog, std::span<const HeaderLine> headers = {}) {
    return alice.Do(ua::input::HangUp{alice.call(), headers, dialog}).error;
  }

  AgentUnderTest alice;
  std::string invite;
  DialogId first;
};

TEST_F(EarlyBye, TheCallGoesOnWithTheOther) {
  SANSIP_SHOWS("5407-A-3");
  EndTheFirst();
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:a@192.0.2.11 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.LastRequest("BYE"), "Reason"), "SIP;cause=480");
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  EXPECT_EQ(End(first), VerbError::kWrongState);
  alice.RespondTo(invite, 200, "b", "Contact: <sip:b@192.0.2.12>\r\n", kAnswer);
  EXPECT_THAT(alice.LastRequest("ACK"), StartsWith("ACK sip:b@192.0.2.12 "));
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
  alice.HangUp();
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:b@192.0.2.12 "));
  EXPECT_EQ(CountOf(alice.LastRequest("BYE"), "Reason"), 0);
}

TEST_F(EarlyBye, A200OfTheEndedOneIsAcknowledgedAndSetsNothingUp) {
  SANSIP_SHOWS("5407-3.1.3-2");
  EndTheFirst();
  alice.RespondTo(invite, 200, "a", "Contact: <sip:a@192.0.2.11>\r\n", kAnswer);
  EXPECT_THAT(alice.LastRequest("ACK"), StartsWith("ACK sip:a@192.0.2.11 "));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  // Still ready for the other, and over when no more can come.
  alice.Advance(20);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.Advance(15);
  EXPECT_EQ(alice.last_end().cause, EndCause::kLocalBye);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
}

TEST_F(EarlyBye, AFinalRefusalEndsTheCall) {
  EndTheFirst();
  alice.RespondTo(invite, 487, "b");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 487"));
}

TEST_F(EarlyBye, OnlyOfAnEarlyDialogOfThatCall) {
  EndTheFirst();
  EXPECT_EQ(End(DialogId{77, 1}), VerbError::kWrongState);
  alice.RespondTo(invite, 200, "b", "", kAnswer);
  const DialogId winner = alice.last_dialog();
  EXPECT_EQ(End(first), VerbError::kWrongState);
  EXPECT_EQ(End(winner), VerbError::kNone);  // the call's own: as without
  EXPECT_EQ(alice.last_end().cause, EndCause::kLocalBye);
}

}  // namespace
}  // namespace sansip::testing
