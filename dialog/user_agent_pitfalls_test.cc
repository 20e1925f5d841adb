// What stacks most often get wrong about calls, each under its name.

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
using ::testing::Le;
using ::testing::StartsWith;

RequestText FromCallee(const AgentUnderTest& alice, std::string_view method, int cseq) {
  const std::string invite = alice.LastRequest("INVITE");
  RequestText request;
  request.method = method;
  request.via = "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bK" + std::string(method) + std::to_string(cseq);
  request.from = "<sip:bob@bob.example>;tag=bobtag";
  request.to = "<sip:alice@alice.example>;tag=" + TagIn(invite, "From");
  request.call_id = HeaderOf(invite, "Call-ID");
  request.cseq = std::to_string(cseq);
  request.more = "Contact: <sip:bob@192.0.2.2:5070>\r\n";
  return request;
}

TEST(Pitfall, CancelWithTheToTagOfThe180OrAnotherBranchOrWithoutTheRoutes) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const std::string_view route = "<sip:p.example;lr>";
  draft.routes = {&route, 1};
  alice.Place(draft);
  alice.Respond(180, "bobtag");
  const std::string invite = alice.LastRequest("INVITE");
  alice.HangUp();
  const std::string cancel = alice.LastRequest("CANCEL");
  for (const std::string_view header : {"To", "From", "Call-ID", "Via", "Route"}) {
    EXPECT_EQ(HeaderOf(cancel, header), HeaderOf(invite, header)) << header;
  }
  EXPECT_EQ(HeaderOf(cancel, "CSeq"), "1 CANCEL");
  EXPECT_EQ(CountOf(cancel, "Via"), 1);
  SANSIP_SHOWS("3261-9.1-2", "3261-9.1-3", "3261-9.1-4", "3261-9.1-5");
}

TEST(Pitfall, SeveralSuccessesNotEnded) {
  AgentUnderTest alice;
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  for (const std::string_view tag : {"a", "b", "c"}) alice.RespondTo(invite, 200, tag, "", kAnswer);
  EXPECT_EQ(alice.CountSent("ACK"), 3);
  EXPECT_EQ(alice.CountSent("BYE"), 2);
  EXPECT_EQ(alice.view().remote_tag, "a");
}

TEST(Pitfall, TargetTakenFromTheWrongMessage) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", "", kAnswer);
  RequestText info = FromCallee(alice, "INFO", 1);
  info.more = "Contact: <sip:wrong@h.example>\r\n";
  alice.Receive(info);
  EXPECT_EQ(alice.view().remote_target, "sip:bob@192.0.2.2:5070");
}

TEST(Pitfall, EqualCSeqIsNotOutOfOrder) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.Receive(FromCallee(alice, "OPTIONS", 7));
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 200"));
  alice.Receive(FromCallee(alice, "OPTIONS", 7));  // its copy
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 200"));
  alice.Receive(FromCallee(alice, "OPTIONS", 4000000));
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 200"));
}

TEST(Pitfall, AckDroppedByTheCSeqCheck) {
  Couple couple;
  bool lost = false;
  couple.lose = [&lost](bool from_alice, std::string_view kind, int) {
    return from_alice && kind == "ACK" && !lost;
  };
  couple.alice.Place(DraftToBob());
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  RequestText options;  // a higher CSeq passes the ACK
  const std::string invite = couple.alice.LastRequest("INVITE");
  options.method = "OPTIONS";
  options.from = HeaderOf(invite, "From");
  options.to = HeaderOf(couple.bob.LastResponse("INVITE"), "To");
  options.call_id = HeaderOf(invite, "Call-ID");
  options.cseq = "9";
  couple.bob.Receive(options);
  lost = true;
  couple.Advance(1);
  EXPECT_EQ(couple.bob.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.bob.view().remote_cseq, 9u);
}

TEST(Pitfall, CallIdOwnershipForgottenAfterReinvite) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.AnswerOffer(kNewOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_TRUE(couple.alice.view().owns_call_id);
  EXPECT_FALSE(couple.bob.view().owns_call_id);
  SANSIP_SHOWS("5407-3.3.1-3");
}

TEST(Pitfall, ConfiguredValueInsteadOfTheNegotiatedOneInRefreshes) {
  AgentUnderTest alice;
  alice.Place();  // asks for 1800
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 200;refresher=uac\r\n", kAnswer);
  alice.AdvanceTo(101);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "200;refresher=uac");
}

TEST(Pitfall, The422ToUnawarePeers) {
  UserAgentOptions options;
  options.session_timer.min_se = 600;
  AgentUnderTest bob(options, "bob.example");
  RequestText invite;
  invite.more = "Contact: <sip:a@192.0.2.1>\r\nSession-Expires: 100\r\n";
  bob.Receive(invite);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
}

TEST(Pitfall, RefreshWithAnotherBodyThanTheLast) {
  Couple couple;
  couple.Establish();
  ASSERT_EQ(couple.alice.Reinvite(kNewOffer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.bob.AnswerOffer(kNewAnswer), VerbError::kNone);
  couple.Advance(1000);
  EXPECT_EQ(BodyOf(couple.alice.LastRequest("INVITE")), kNewOffer);
  EXPECT_GT(couple.alice.agent().counters().refreshes_sent, 0u);
}

TEST(Pitfall, MandatoryFieldMissingOnTheResponsePath) {
  AgentUnderTest bob({}, "bob.example");
  RequestText invite;
  invite.more = "Contact: <sip:a@192.0.2.1>\r\n";
  bob.Receive(invite);
  ASSERT_EQ(bob.Answer(kOffer), VerbError::kNone);
  for (const std::string_view header : {"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Type"}) {
    EXPECT_EQ(CountOf(bob.last_wire(), header), 1) << header;
  }
  SANSIP_SHOWS("3261-20-8");
}

TEST(Pitfall, ContactUserOfTheRequestOrOurs) {
  for (const bool ours : {false, true}) {
    UserAgentOptions options;
    options.contact_user = "me";
    options.contact_user_first = ours;
    AgentUnderTest bob(options, "bob.example");
    RequestText invite;
    invite.more = "Contact: <sip:a@192.0.2.1>\r\n";
    bob.Receive(invite);
    ASSERT_EQ(bob.Ring(), VerbError::kNone);
    EXPECT_EQ(HeaderOf(bob.last_wire(), "Contact"),
              ours ? "<sip:me@bob.example:5060>" : "<sip:bob@bob.example:5060>");
  }
}

}  // namespace
}  // namespace sansip::testing
