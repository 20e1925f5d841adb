// Reliable provisional responses (RFC 3262) against scripted peers: numbers, copies, PRACK, Require and
// Supported, on both sides.

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

UserAgentOptions Reliably(ReliableProvisionals how = ReliableProvisionals::kSupported) {
  UserAgentOptions options;
  options.reliable_provisionals = how;
  return options;
}

std::string RAckOf(std::string_view response) {
  return "RAck: " + HeaderOf(response, "RSeq") + " " + HeaderOf(response, "CSeq") + "\r\n";
}

// ---- callee

class ReliableCallee : public ::testing::Test {
 protected:
  AgentUnderTest bob{Reliably(), "bob.example", 2};
  int cseq = 314160;

  static RequestText Invite(std::string_view more = "Supported: 100rel\r\n", std::string_view body = kOffer) {
    RequestText invite;
    invite.more =
        "Contact: <sip:alice@192.0.2.1:5066>\r\nAllow: INVITE, UPDATE, PRACK\r\n" + std::string(more);
    if (!body.empty()) invite.more += "Content-Type: application/sdp\r\n";
    invite.body = body;
    return invite;
  }
  // A request of the caller in the dialog of Bob's last response; the status it gets.
  std::string Within(std::string_view method, std::string_view more, std::string_view body = "") {
    RequestText request;
    request.method = method;
    request.uri = "sip:bob@bob.example:5060";
    request.cseq = std::to_string(cseq++);
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bKin" + request.cseq;
    request.to = "Bob <sip:bob@biloxi.example>;tag=" + TagIn(bob.LastResponse("INVITE"), "To");
    request.more = more;
    if (!body.empty()) request.more += "Content-Type: application/sdp\r\n";
    request.body = body;
    bob.Receive(request);
    const std::string response = bob.LastResponse(method);
    return response.empty() ? "" : response.substr(8, 3);
  }
  std::string Prack(std::string_view body = "") {
    return Within("PRACK", RAckOf(bob.LastResponse("INVITE")), body);
  }
};

TEST_F(ReliableCallee, IsRepeatedWithoutT2UntilThePrack) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(183), VerbError::kNone);
  const std::string first = bob.last_wire();
  EXPECT_EQ(HeaderOf(first, "Require"), "100rel");
  EXPECT_EQ(CountOf(first, "RSeq"), 1);
  EXPECT_THAT(HeaderOf(first, "Allow"), HasSubstr("UPDATE"));
  EXPECT_EQ(HeaderOf(first, "Supported"), "timer, 100rel");
  bob.TakeSent();
  bob.Advance(20);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0.5 183 INVITE", "1.5 183 INVITE", "3.5 183 INVITE",
                                          "7.5 183 INVITE", "15.5 183 INVITE"));
  EXPECT_EQ(bob.last_wire(), first);
  bob.TakeEvents();
  EXPECT_EQ(Prack(), "200");
  EXPECT_EQ(CountOf(bob.LastResponse("PRACK"), "Contact"), 0);
  EXPECT_EQ(CountOf(bob.LastResponse("PRACK"), "Accept"), 0);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("PrackReceived 183"));
  bob.TakeSent();
  bob.Advance(20);
  EXPECT_THAT(bob.TakeSent(), IsEmpty());
  // The same RAck again, in a new transaction.
  EXPECT_EQ(Prack(), "481");
  EXPECT_EQ(bob.agent().counters().unknown_pracks, 1u);
  EXPECT_EQ(bob.agent().counters().reliable_provisionals_resent, 5u);
  SANSIP_SHOWS("3262-3-1", "3262-3-11", "3262-3-12", "3262-3-17", "3262-3-18", "3262-3-21", "3262-3-22");
  SANSIP_SHOWS("3262-3-23", "3262-3-24", "3262-4-4", "3311-4-2", "3262-7-2");
  SANSIP_SHOWS("3261-8.2.4-6");
}

TEST_F(ReliableCallee, WithoutPrackTheInviteIsRejected) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(), VerbError::kNone);
  bob.TakeEvents();
  bob.Advance(31.9);
  EXPECT_THAT(bob.TakeEvents(), IsEmpty());
  bob.Advance(0.2);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Ended no-prack 504"));
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 504"));
  EXPECT_EQ(bob.last_end().clause, "RFC 3262 3");
  SANSIP_SHOWS("3262-3-25");
}

TEST_F(ReliableCallee, OnlyThePrackThatMatchesEndsIt) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(), VerbError::kNone);
  const std::uint32_t rseq = static_cast<std::uint32_t>(std::stoul(HeaderOf(bob.last_wire(), "RSeq")));
  const std::string right = std::to_string(rseq);
  EXPECT_EQ(Within("PRACK", "RAck: " + std::to_string(rseq + 1) + " 314159 INVITE\r\n"), "481");
  EXPECT_EQ(Within("PRACK", "RAck: " + right + " 314160 INVITE\r\n"), "481");
  EXPECT_EQ(Within("PRACK", "RAck: " + right + " 314159 invite\r\n"), "481");
  EXPECT_EQ(Within("PRACK", ""), "400");
  EXPECT_EQ(Within("PRACK", "RAck: 0 314159 INVITE\r\n"), "400");
  // An old number.
  const int next = std::exchange(cseq, 314159);
  EXPECT_EQ(Within("PRACK", "RAck: " + right + " 314159 INVITE\r\n"), "500");
  cseq = next;
  bob.TakeSent();
  bob.Advance(0.6);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0.5 180 INVITE"));
  EXPECT_EQ(Within("PRACK", "RAck: " + right + "  314159\t INVITE\r\n"), "200");
  SANSIP_SHOWS("3262-3-19", "3262-3-20", "3262-7.2-2", "3262-7-1");
}

TEST_F(ReliableCallee, OneAfterTheOtherAndNumberedSo) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Ring(183), VerbError::kNone);
  ASSERT_EQ(bob.Ring(180), VerbError::kNone);
  EXPECT_EQ(bob.Ring(182), VerbError::kPending);
  EXPECT_EQ(bob.Do(ua::input::Ring{bob.call(), 181, {}, Reliability::kUnreliable}).error, VerbError::kNone);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0 183 INVITE", "0 181 INVITE"));
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 0);
  const std::uint64_t rseq = std::stoul(HeaderOf(bob.wires()[bob.wires().size() - 2], "RSeq"));
  EXPECT_EQ(Within("PRACK", "RAck: " + std::to_string(rseq) + " 314159 INVITE\r\n"), "200");
  EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 180"));
  EXPECT_EQ(std::stoul(HeaderOf(bob.last_wire(), "RSeq")), rseq + 1);
  ASSERT_EQ(bob.Ring(182), VerbError::kNone);
  EXPECT_EQ(Prack(), "200");
  EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 182"));
  EXPECT_EQ(std::stoul(HeaderOf(bob.last_wire(), "RSeq")), rseq + 2);
  SANSIP_SHOWS("3262-3-27", "3262-3-28", "3262-3-29", "3262-3-30", "3262-3-31");
}

TEST_F(ReliableCallee, FirstNumbersAreSpreadOver31Bits) {
  std::set<std::uint64_t> numbers;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    AgentUnderTest fresh(Reliably(), "bob.example", seed);
    fresh.Receive(Invite());
    ASSERT_EQ(fresh.RingReliably(), VerbError::kNone);
    const std::uint64_t rseq = std::stoull(HeaderOf(fresh.last_wire(), "RSeq"));
    EXPECT_GE(rseq, 1u);
    EXPECT_LE(rseq, 2147483647u);
    numbers.insert(rseq >> 28);
  }
  EXPECT_GE(numbers.size(), 5u);
  SANSIP_SHOWS("3262-3-13", "3262-3-14");
}

TEST_F(ReliableCallee, AsTheInviteAndTheOptionSay) {
  // Not offered: unreliable, and never repeated.
  bob.Receive(Invite(""));
  EXPECT_EQ(bob.RingReliably(), VerbError::kWrongState);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 0);
  EXPECT_EQ(CountOf(bob.last_wire(), "Require"), 0);
  bob.TakeSent();
  bob.Advance(10);
  EXPECT_THAT(bob.TakeSent(), IsEmpty());

  // Required by the INVITE: all of them.
  AgentUnderTest asked(Reliably(), "bob.example");
  asked.Receive(Invite("Require: 100rel\r\n"));
  EXPECT_EQ(asked.Do(ua::input::Ring{asked.call(), 180, {}, Reliability::kUnreliable}).error,
            VerbError::kWrongState);
  ASSERT_EQ(asked.Ring(), VerbError::kNone);
  EXPECT_EQ(CountOf(asked.last_wire(), "RSeq"), 1);

  // Switched off, or required by us.
  AgentUnderTest off({}, "bob.example");
  off.Receive(Invite("Require: 100rel\r\n"));
  EXPECT_THAT(off.last_wire(), StartsWith("SIP/2.0 420"));
  EXPECT_EQ(HeaderOf(off.last_wire(), "Unsupported"), "100rel");
  AgentUnderTest insists(Reliably(ReliableProvisionals::kRequired), "bob.example");
  insists.Receive(Invite(""));
  EXPECT_THAT(insists.last_wire(), StartsWith("SIP/2.0 421"));
  EXPECT_EQ(HeaderOf(insists.last_wire(), "Require"), "100rel");
  insists.TakeEvents();
  RequestText other = Invite();
  other.call_id = "other";
  other.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bKother";
  insists.Receive(other);
  EXPECT_THAT(insists.TakeEvents(), ElementsAre("Incoming"));
  SANSIP_SHOWS("3262-3-2", "3262-3-3", "3262-3-6", "3262-8.1-1", "3261-21.4.16-1");
}

TEST_F(ReliableCallee, TheSuccessWaitsForWhatWasDescribed) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  bob.Advance(1);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_EQ(bob.Answer(), VerbError::kWrongState);
  EXPECT_EQ(bob.Ring(), VerbError::kWrongState);
  bob.Advance(2);
  EXPECT_EQ(bob.CountSent("SIP/2.0 200"), 0);
  EXPECT_EQ(Prack(), "200");
  const std::string success = bob.LastResponse("INVITE");
  EXPECT_THAT(success, StartsWith("SIP/2.0 200"));
  EXPECT_EQ(BodyOf(success), "");
  EXPECT_EQ(bob.view().state, UsageState::kMoratorium);
  EXPECT_EQ(bob.view().local_body, kAnswer);
  EXPECT_EQ(bob.view().remote_body, kOffer);
  EXPECT_EQ(bob.RingReliably(), VerbError::kWrongState);
  SANSIP_SHOWS("3262-3-33", "3262-3-36", "3262-5-1", "3262-5-7");
  SANSIP_SHOWS("3261-13.2.1-12");
}

TEST_F(ReliableCallee, OtherFinalResponsesDoNotWaitAndThePrackIsStillTaken) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(180), VerbError::kNone);
  const std::string rack = RAckOf(bob.last_wire());
  ASSERT_EQ(bob.Refuse(486), VerbError::kNone);
  bob.TakeSent();
  bob.Advance(0.6);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0.5 486 INVITE"));
  EXPECT_EQ(Within("PRACK", rack), "200");
  EXPECT_EQ(Within("PRACK", rack), "481");
  SANSIP_SHOWS("3262-3-32", "3262-3-34");
}

TEST_F(ReliableCallee, ASuccessWaitsForNothingThatWasNotDescribed) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(180), VerbError::kNone);
  const std::string other = RAckOf(bob.last_wire());
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_EQ(bob.CountSent("SIP/2.0 200"), 1);
  EXPECT_EQ(Within("PRACK", other), "200");
  SANSIP_SHOWS("3262-3-35");
}

TEST_F(ReliableCallee, LongRingingIsKeptUpByAReliableOneEvery150Seconds) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Ring(183), VerbError::kNone);
  EXPECT_EQ(Prack(), "200");
  bob.TakeSent();
  bob.Advance(149);
  EXPECT_THAT(bob.TakeSent(), IsEmpty());
  bob.Advance(1.1);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("150 183 INVITE"));
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 1);
  EXPECT_EQ(Prack(), "200");
  bob.TakeSent();
  bob.Advance(150);
  EXPECT_EQ(bob.TakeSent().size(), 1u);
  SANSIP_SHOWS("3262-3-9", "3262-3-10");
}

TEST_F(ReliableCallee, AnInviteWithoutOfferGetsItInTheFirst) {
  bob.Receive(Invite("Supported: 100rel\r\n", ""));
  EXPECT_EQ(bob.RingReliably(), VerbError::kWrongState);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 0);
  ASSERT_EQ(bob.Ring(183, kOffer), VerbError::kNone);
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 1);
  EXPECT_EQ(BodyOf(bob.last_wire()), kOffer);
  EXPECT_TRUE(bob.view().local_offer_open);
  EXPECT_EQ(bob.Update(), VerbError::kPending);
  bob.TakeEvents();
  EXPECT_EQ(Prack(kAnswer), "200");
  EXPECT_EQ(BodyOf(bob.LastResponse("PRACK")), "");
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("PrackReceived 183", "AnswerReceived early"));
  EXPECT_EQ(bob.view().local_body, kOffer);
  EXPECT_EQ(bob.view().remote_body, kAnswer);
  ASSERT_EQ(bob.Answer(kOffer), VerbError::kNone);
  EXPECT_EQ(BodyOf(bob.LastResponse("INVITE")), "");
  SANSIP_SHOWS("3262-5-2", "3311-5.1-10");
}

TEST_F(ReliableCallee, AnOfferInThePrackIsAnsweredInIts200) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  EXPECT_EQ(bob.Update(), VerbError::kPending);
  bob.TakeEvents();
  Prack(kNewOffer);
  EXPECT_EQ(bob.CountSent("SIP/2.0 200"), 0);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("PrackReceived 183", "OfferReceived"));
  ASSERT_EQ(bob.Answer(), VerbError::kNone);  // waits
  ASSERT_EQ(bob.AnswerOffer(), VerbError::kNone);
  EXPECT_EQ(BodyOf(bob.LastResponse("PRACK")), kNewAnswer);
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(bob.view().local_body, kNewAnswer);
  EXPECT_EQ(bob.view().remote_body, kNewOffer);
  SANSIP_SHOWS("3262-4-12", "3262-5-4", "3262-5-5", "3311-5.1-9");
}

TEST_F(ReliableCallee, AnOfferInThePrackThatNobodyAnswersEndsTheInvite) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(183, kAnswer), VerbError::kNone);
  Prack(kNewOffer);
  bob.TakeEvents();
  bob.Advance(1.1);
  EXPECT_THAT(bob.LastResponse("PRACK"), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob.LastResponse("INVITE"), StartsWith("SIP/2.0 504"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Reinvited 200 by peer", "Ended no-prack 504"));
}

TEST_F(ReliableCallee, APrackWithAnotherBodyIsAnsweredAllTheSame) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(), VerbError::kNone);
  bob.TakeEvents();
  // No answer was given yet: this cannot be an offer either.
  EXPECT_EQ(Prack(kNewOffer), "200");
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("PrackReceived 180"));
  EXPECT_TRUE(bob.view().remote_offer_open);
  SANSIP_SHOWS("3262-3-26");
}

TEST_F(ReliableCallee, OtherRequestsHaveNone) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.RingReliably(), VerbError::kNone);
  EXPECT_EQ(Within("OPTIONS", "Supported: 100rel\r\n"), "200");
  EXPECT_EQ(CountOf(bob.last_wire(), "RSeq"), 0);
  EXPECT_EQ(CountOf(bob.last_wire(), "Require"), 0);
  for (const std::string& wire : bob.wires()) {
    if (wire.starts_with("SIP/2.0 100")) {
      EXPECT_EQ(CountOf(wire, "RSeq"), 0);
    }
  }
  SANSIP_SHOWS("3262-3-4", "3262-3-5");
}

// ---- caller

class ReliableCaller : public ::testing::Test {
 protected:
  AgentUnderTest alice{Reliably()};
  std::string invite;

  void Place(std::string_view body = kOffer) {
    alice.Place("sip:bob@bob.example", body);
    invite = alice.last_wire();
    alice.TakeEvents();
    alice.TakeSent();
  }
  void Reliable(int status, std::uint64_t rseq, std::string_view body = "", std::string_view tag = "bobtag",
                std::string_view more = "") {
    alice.RespondTo(invite, status, tag,
                    "Require: 100rel\r\nAllow: INVITE, UPDATE\r\nRSeq: " + std::to_string(rseq) + "\r\n" +
                        std::string(more),
                    body);
  }
};

TEST_F(ReliableCaller, OffersOrRequiresItInInvitesOnly) {
  Place();
  EXPECT_EQ(HeaderOf(invite, "Supported"), "timer, 100rel");
  EXPECT_EQ(CountOf(invite, "Require"), 0);
  EXPECT_THAT(HeaderOf(invite, "Allow"), HasSubstr("PRACK"));
  alice.Respond(200, "bobtag", "Allow: INVITE, UPDATE\r\n", kAnswer);
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Supported"), "timer, 100rel");
  alice.Respond(200, "bobtag", "", kNewAnswer);

  AgentUnderTest insists(Reliably(ReliableProvisionals::kRequired));
  insists.Place();
  EXPECT_EQ(HeaderOf(insists.last_wire(), "Require"), "100rel");
  insists.RespondTo(insists.LastRequest("INVITE"), 183, "bobtag", "Require: 100rel\r\nRSeq: 1\r\n", kAnswer);
  EXPECT_EQ(CountOf(insists.LastRequest("PRACK"), "Require"), 0);
  insists.RespondTo(insists.LastRequest("INVITE"), 200, "bobtag", "Allow: UPDATE\r\n", "");
  ASSERT_EQ(insists.Update(), VerbError::kNone);
  EXPECT_EQ(CountOf(insists.LastRequest("UPDATE"), "Require"), 0);
  insists.HangUp();
  EXPECT_EQ(CountOf(insists.LastRequest("BYE"), "Require"), 0);

  // 8.2.2.3: nor the CANCEL of the INVITE that had one, and the ACK to its refusal.
  AgentUnderTest cancels(Reliably(ReliableProvisionals::kRequired));
  cancels.Place();
  cancels.Respond(180);
  cancels.HangUp();
  EXPECT_THAT(cancels.last_wire(), StartsWith("CANCEL "));
  EXPECT_EQ(CountOf(cancels.last_wire(), "Require") + CountOf(cancels.last_wire(), "Proxy-Require"), 0);
  cancels.RespondTo(cancels.LastRequest("INVITE"), 487);
  EXPECT_THAT(cancels.last_wire(), StartsWith("ACK "));
  EXPECT_EQ(CountOf(cancels.last_wire(), "Require") + CountOf(cancels.last_wire(), "Proxy-Require"), 0);

  // By the draft.
  AgentUnderTest off(Reliably());
  CallDraft draft = DraftToBob();
  draft.reliable_provisionals = ReliableProvisionals::kNo;
  off.Place(draft);
  EXPECT_EQ(HeaderOf(off.last_wire(), "Supported"), "timer");
  off.Respond(183, "bobtag", "Require: 100rel\r\nRSeq: 1\r\n", kAnswer);
  EXPECT_EQ(off.CountSent("PRACK"), 0);
  SANSIP_SHOWS("3262-4-1", "3262-4-6", "3262-4-7", "3261-8.2.2.3-3", "3261-8.1.1.9-3");
}

TEST_F(ReliableCaller, PracksEachOnceAndInOrder) {
  Place();
  Reliable(183, 4711, "", "bobtag", "Record-Route: <sip:p1.example;lr>\r\n");
  const std::string prack = alice.LastRequest("PRACK");
  EXPECT_THAT(prack, StartsWith("PRACK sip:bob@192.0.2.2:5070 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(prack, "Route"), "<sip:p1.example;lr>");
  EXPECT_EQ(HeaderOf(prack, "RAck"), "4711 1 INVITE");
  EXPECT_EQ(HeaderOf(prack, "CSeq"), "2 PRACK");
  EXPECT_EQ(HeaderOf(prack, "Max-Forwards"), "70");
  EXPECT_EQ(TagIn(prack, "To"), "bobtag");
  EXPECT_EQ(HeaderOf(prack, "Call-ID"), HeaderOf(invite, "Call-ID"));
  EXPECT_EQ(CountOf(prack, "Via"), 1);
  for (const char* absent : {"Contact", "Expires", "Alert-Info", "Call-Info", "Organization", "Priority",
                             "Reply-To", "Subject", "In-Reply-To", "RSeq", "Require"}) {
    EXPECT_EQ(CountOf(prack, absent), 0) << absent;
  }
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183 reliable"));
  alice.RespondTo(prack, 200);
  // Copies, those ahead of their time, and what is no number are nothing at all.
  Reliable(183, 4711);
  Reliable(180, 4713, kAnswer);
  Reliable(180, 0);
  alice.RespondTo(invite, 180, "bobtag", "Require: 100rel\r\nRSeq: 4294967296\r\n");
  EXPECT_EQ(alice.CountSent("PRACK"), 1);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.agent().counters().provisionals_dropped, 4u);
  Reliable(180, 4712);
  Reliable(180, 4713);
  EXPECT_EQ(alice.CountSent("PRACK"), 3);
  EXPECT_EQ(HeaderOf(alice.LastRequest("PRACK"), "RAck"), "4713 1 INVITE");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 180 reliable", "Progress 180 reliable"));
  // Neither is a PRACK for every copy, nor after the end.
  alice.RespondTo(invite, 486, "bobtag");
  Reliable(180, 4714);
  EXPECT_EQ(alice.CountSent("PRACK"), 3);
  SANSIP_SHOWS("3262-4-2", "3262-4-3", "3262-4-11", "3262-4-13", "3262-4-14", "3262-4-16", "3262-4-17");
  SANSIP_SHOWS("3262-4-18", "3262-4-19", "3262-4-20", "3262-4-21", "3262-7.1-1", "3262-7.2-1");
}

TEST_F(ReliableCaller, A100IsNeverReliable) {
  Place();
  alice.RespondTo(invite, 100, "", "Require: 100rel\r\nRSeq: 1\r\n");
  EXPECT_EQ(alice.CountSent("PRACK"), 0);
  // Nor what makes no dialog.
  alice.RespondTo(invite, 180, "", "Require: 100rel\r\nRSeq: 1\r\n");
  EXPECT_EQ(alice.CountSent("PRACK"), 0);
  Reliable(180, 7);
  EXPECT_EQ(alice.CountSent("PRACK"), 1);
  EXPECT_EQ(alice.view().early_dialogs, 1u);
  SANSIP_SHOWS("3262-4-8", "3262-4-9", "3262-4-10");
}

TEST_F(ReliableCaller, EachForkHasItsOwnNumbers) {
  Place();
  Reliable(183, 1, "", "taga");
  Reliable(183, 1, "", "tagb");
  Reliable(180, 100, "", "tagc");
  Reliable(180, 2, "", "taga");
  EXPECT_EQ(alice.CountSent("PRACK"), 4);
  EXPECT_EQ(TagIn(alice.LastRequest("PRACK"), "To"), "taga");
  EXPECT_EQ(HeaderOf(alice.LastRequest("PRACK"), "CSeq"), "3 PRACK");
  SANSIP_SHOWS("3262-3-15", "3262-4-15");
}

TEST_F(ReliableCaller, TheAnswerInItIsTheAnswer) {
  Place();
  Reliable(183, 1, kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183 reliable", "AnswerReceived early"));
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  // What comes after it is not read (RFC 6337 3.1.1).
  Reliable(180, 2, kNewAnswer);
  alice.RespondTo(invite, 200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Progress 180 reliable", "Answered 200", "Timer 1800 by us", "Confirmed"));
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), "");
  SANSIP_SHOWS("3262-3-16", "3262-5-6");
}

TEST_F(ReliableCaller, APreviewIsNoAnswerYet) {
  Place();
  alice.RespondTo(invite, 183, "bobtag", "Allow: INVITE, UPDATE\r\n", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183", "AnswerReceived early"));
  EXPECT_TRUE(alice.view().local_offer_open);
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  Reliable(180, 1);  // without one
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  Reliable(183, 2, kNewAnswer);  // another one: the first holds
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  EXPECT_EQ(alice.Update(), VerbError::kNone);
  SANSIP_SHOWS("3311-5.1-6");
}

TEST_F(ReliableCaller, AnOfferInItIsAnsweredInThePrack) {
  Place("");
  Reliable(183, 1, kOffer);
  EXPECT_EQ(alice.CountSent("PRACK"), 0);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183 reliable", "OfferReceived"));
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  Reliable(183, 1, kOffer);
  ASSERT_EQ(alice.AnswerOffer(kAnswer), VerbError::kNone);
  EXPECT_EQ(alice.AnswerOffer(kAnswer), VerbError::kWrongState);
  EXPECT_EQ(alice.CountSent("PRACK"), 1);
  EXPECT_EQ(BodyOf(alice.last_wire()), kAnswer);
  alice.RespondTo(invite, 200, "bobtag");
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), "");
  EXPECT_EQ(alice.view().local_body, kAnswer);
  EXPECT_EQ(alice.view().remote_body, kOffer);
  SANSIP_SHOWS("3262-5-3", "3311-5.1-7");
}

// RFC 3262 5: a further offer in the PRACK, answered in its 2xx.
class OfferingInPrack : public ReliableCaller {
 protected:
  VerbError Offer(std::string_view body = kNewOffer) {
    return alice.Do(ua::input::OfferInPrack{alice.call(), {.body = body}, {}}).error;
  }
  // Alice's PRACK waits for its path.
  void Hold() {
    Place();
    alice.locating = AgentUnderTest::Locating::kHeld;
    Reliable(183, 1, kAnswer);
    alice.TakeEvents();
  }
};

TEST_F(OfferingInPrack, ItsSuccessHasTheAnswer) {
  SANSIP_SHOWS("3262-5-4");
  Hold();
  ASSERT_EQ(Offer(), VerbError::kNone);
  EXPECT_EQ(Offer(), VerbError::kWrongState);
  EXPECT_EQ(alice.Update(), VerbError::kPending);
  alice.AnswerLocate();
  const std::string prack = alice.LastRequest("PRACK");
  EXPECT_EQ(BodyOf(prack), kNewOffer);
  EXPECT_EQ(HeaderOf(prack, "Content-Type"), "application/sdp");
  alice.locating = AgentUnderTest::Locating::kAtOnce;
  alice.RespondTo(prack, 200, "bobtag", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("AnswerReceived early", "Reinvited 200 by us"));
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
  alice.RespondTo(invite, 200, "bobtag", "", kAnswer);
  EXPECT_EQ(alice.view().remote_body, kNewAnswer);
}

TEST_F(OfferingInPrack, WithoutAnAnswerNothingHasChanged) {
  for (const int status : {200, 500, 0}) {
    Hold();
    ASSERT_EQ(Offer(), VerbError::kNone);
    alice.AnswerLocate(status != 0);
    if (status != 0) alice.RespondTo(alice.LastRequest("PRACK"), status, "bobtag");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited " + std::to_string(status) + " by us"));
    EXPECT_EQ(alice.view().local_body, kOffer);
    EXPECT_EQ(alice.view().remote_body, kAnswer);
    EXPECT_FALSE(alice.view().local_offer_open);
    alice.locating = AgentUnderTest::Locating::kAtOnce;
  }
}

TEST_F(OfferingInPrack, OnlyWhereOneMayBe) {
  Place();
  EXPECT_EQ(Offer(), VerbError::kWrongState);
  alice.locating = AgentUnderTest::Locating::kHeld;
  Reliable(180, 1);  // no answer yet
  EXPECT_EQ(Offer(), VerbError::kPending);
  alice.AnswerLocate();
  EXPECT_EQ(Offer(), VerbError::kWrongState);
  Reliable(183, 2, kAnswer);
  EXPECT_EQ(Offer(""), VerbError::kBadHeader);
  alice.RespondTo(invite, 486, "bobtag");
  EXPECT_EQ(Offer(), VerbError::kWrongState);
}

TEST_F(ReliableCaller, ARefusedOfferInItCancelsTheCall) {
  Place("");
  Reliable(183, 1, kOffer);
  ASSERT_EQ(alice.RefuseOffer(488, kAnswer), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.LastRequest("PRACK")), kAnswer);
  EXPECT_EQ(alice.CountSent("CANCEL"), 1);
}

}  // namespace
}  // namespace sansip::testing
