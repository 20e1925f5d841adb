// A caller against scripted responses: what the INVITE says, forks, routes, redirection, failures of every
// kind (RFC 3261 8.1, 12.1.2, 12.2.1.1, 13.2.2; RFC 5407; RFC 4028 7.3).

#include <set>

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
using ::testing::UnorderedElementsAre;

constexpr std::string_view kContact = "Contact: <sip:bob@192.0.2.2:5070>\r\n";

// ---- the INVITE

TEST(Invite, SaysWhatItMust) {
  AgentUnderTest alice;
  alice.Place();
  const std::string invite = alice.last_wire();
  EXPECT_THAT(invite, StartsWith("INVITE sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(invite, "To"), "<sip:bob@bob.example>");
  EXPECT_THAT(HeaderOf(invite, "From"), StartsWith("\"Alice\" <sip:alice@alice.example>;tag="));
  EXPECT_EQ(HeaderOf(invite, "Max-Forwards"), "70");
  EXPECT_EQ(HeaderOf(invite, "CSeq"), "1 INVITE");
  EXPECT_EQ(HeaderOf(invite, "Contact"), "<sip:alice@alice.example:5060>");
  EXPECT_EQ(CountOf(invite, "Contact"), 1);
  EXPECT_EQ(HeaderOf(invite, "Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, NOTIFY");
  EXPECT_EQ(HeaderOf(invite, "Supported"), "timer");
  EXPECT_EQ(HeaderOf(invite, "Content-Type"), "application/sdp");
  EXPECT_EQ(HeaderOf(invite, "Session-Expires"), "1800");
  EXPECT_EQ(BodyOf(invite), kOffer);
  EXPECT_EQ(CountOf(invite, "Via"), 1);
  EXPECT_EQ(HeaderOf(invite, "Call-ID").size(), 32u);
  EXPECT_EQ(TagIn(invite, "From").size(), 16u);
  alice.Place();
  EXPECT_NE(HeaderOf(alice.last_wire(), "Call-ID"), HeaderOf(invite, "Call-ID"));
  EXPECT_NE(TagIn(alice.last_wire(), "From"), TagIn(invite, "From"));
  SANSIP_SHOWS("3261-8.1.1-1", "3261-8.1.1.1-1", "3261-8.1.1.2-4", "3261-8.1.1.3-2", "3261-8.1.1.4-3");
  SANSIP_SHOWS("3261-8.1.1.5-1", "3261-8.1.1.6-1", "3261-8.1.1.6-2", "3261-8.1.1.7-1", "3261-8.1.1.8-1");
  SANSIP_SHOWS("3261-8.1.1.9-1", "3261-13.2.1-1", "3261-13.2.1-3", "3261-12.1.2-1", "3311-4-1", "3261-20-6");
}

TEST(Invite, ContactNamesTheTransportAndSips) {
  AgentUnderTest alice;
  alice.transport = Transport::kTcp;
  alice.Place();
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Contact"), "<sip:alice@alice.example:5060;transport=tcp>");
  alice.transport = Transport::kTls;
  alice.Place("sips:bob@bob.example");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Contact"), "<sips:alice@alice.example:5060>");
  EXPECT_TRUE(alice.locates().back().sips);
  CallDraft draft = DraftToBob();
  const std::string_view route = "<sips:proxy.example;lr>";
  draft.routes = {&route, 1};
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Contact"), "<sips:alice@alice.example:5060>");
  SANSIP_SHOWS("3261-12.1.2-2", "3261-8.1.1.8-3");
}

TEST(Invite, PreloadedLooseRoute) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const std::string_view routes[] = {"<sip:p1.example;lr>", "<sip:p2.example;lr;x=1>"};
  draft.routes = routes;
  alice.Place(draft);
  EXPECT_THAT(alice.last_wire(), StartsWith("INVITE sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), "<sip:p1.example;lr>, <sip:p2.example;lr;x=1>");
  EXPECT_EQ(alice.last_next_hop(), "sip:p1.example;lr");
  alice.Respond(180);
  alice.HangUp();
  EXPECT_EQ(HeaderOf(alice.LastRequest("CANCEL"), "Route"), "<sip:p1.example;lr>, <sip:p2.example;lr;x=1>");
  SANSIP_SHOWS("3261-8.1.1.1-2", "3261-8.1.1.1-3", "3261-8.1.2-6", "3261-8.1.2-7", "3261-9.1-5");
}

TEST(Invite, PreloadedStrictRoute) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const std::string_view routes[] = {"<sip:p1.example;method=INVITE;x=1?h=v>", "<sip:p2.example;lr>"};
  draft.routes = routes;
  alice.Place(draft);
  EXPECT_THAT(alice.last_wire(), StartsWith("INVITE sip:p1.example;x=1 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), "<sip:p2.example;lr>, <sip:bob@bob.example>");
  EXPECT_EQ(alice.last_next_hop(), "sip:p1.example;x=1");
  SANSIP_SHOWS("3261-8.1.2-2", "3261-8.1.2-5", "3261-12.2.1.1-16");
}

TEST(Invite, WhatTheUserAdds) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const HeaderLine headers[] = {{HeaderId::kSubject, "lunch", {}}, {HeaderId::kOther, "1", "X-Id"}};
  draft.content.headers = headers;
  draft.contact_user = "a%20b";
  draft.expires = std::chrono::seconds(30);
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Subject"), "lunch");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "X-Id"), "1");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Contact"), "<sip:a%20b@alice.example:5060>");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Expires"), "30");
  alice.Respond(180);
  alice.AdvanceTo(29);
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.AdvanceTo(30);
  EXPECT_EQ(alice.CountSent("CANCEL"), 1);
  alice.RespondTo(alice.LastRequest("INVITE"), 487);
  EXPECT_EQ(alice.last_end().cause, EndCause::kExpired);
  SANSIP_SHOWS("3261-13.2.1-4");
}

// ---- early and confirmed dialogs

TEST(Response, OneHundredMakesNoDialogAnd101To199EachToItsTag) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(100, "x");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.view().state, UsageState::kPreparative);
  alice.Respond(180, "");
  EXPECT_TRUE(alice.last_dialog().is_nil());
  alice.Respond(180, "a");
  const DialogId a = alice.last_dialog();
  alice.Respond(183, "b");
  const DialogId b = alice.last_dialog();
  alice.Respond(185, "a");
  EXPECT_EQ(alice.last_dialog(), a);
  EXPECT_NE(a, b);
  EXPECT_EQ(alice.view().early_dialogs, 2u);
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Progress 180", "Progress 180", "Progress 183", "Progress 185"));
  alice.Respond(486, "c");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 486"));
  EXPECT_EQ(alice.view().early_dialogs, 0u);
  SANSIP_SHOWS("3261-12.1-1", "3261-13.2.2.1-1", "3261-8.2.6.2-9", "3261-8.1.3.2-3", "3261-8.1.3.2-4");
  SANSIP_SHOWS("3261-13.2.2.3-2", "3261-12-2", "5407-2-3", "5407-2-4", "3261-12.3-1");
}

TEST(Response, FirstDescriptionIsTheAnswer) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(183, "a", "", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183", "AnswerReceived early"));
  EXPECT_EQ(alice.last_description(), kAnswer);
  alice.Respond(183, "a", "", kNewAnswer);
  alice.Respond(183, "b", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 183", "Progress 183", "AnswerReceived early"));
  alice.Respond(200, "a", "", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Answered 200", "Timer 1800 by us", "Confirmed"));
  EXPECT_EQ(alice.view().remote_body, kAnswer);
  SANSIP_SHOWS("3261-13.2.1-7", "3261-13.2.1-8", "3261-13.2.1-9");
}

TEST(Response, SuccessConfirmsItsEarlyDialogAndGivesTheRouteAnew) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const std::string_view route = "<sip:out.example;lr>";
  draft.routes = {&route, 1};
  alice.Place(draft);
  alice.Respond(180, "a", "Contact: <sip:early@192.0.2.7>\r\n");
  const DialogId early = alice.last_dialog();
  alice.Respond(200, "a",
                "Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr;x=y>;h=\"z\"\r\n"
                "Contact: \"B\" <sip:bob@192.0.2.8;line=1>;q=1\r\n",
                kAnswer);
  EXPECT_EQ(alice.last_dialog(), early);
  const std::string ack = alice.LastRequest("ACK");
  EXPECT_THAT(ack, StartsWith("ACK sip:bob@192.0.2.8;line=1 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(ack, "Route"), "<sip:p1.example;lr;x=y>;h=\"z\", <sip:p2.example;lr>");
  EXPECT_EQ(alice.last_next_hop(), "sip:p1.example;lr;x=y");
  EXPECT_NE(HeaderOf(ack, "Via"), HeaderOf(alice.LastRequest("INVITE"), "Via"));  // a branch of its own
  EXPECT_EQ(HeaderOf(ack, "CSeq"), "1 ACK");
  EXPECT_EQ(TagIn(ack, "To"), "a");
  EXPECT_EQ(HeaderOf(ack, "Max-Forwards"), "70");
  EXPECT_EQ(CountOf(ack, "Supported") + CountOf(ack, "Require"), 0);
  alice.HangUp();
  const std::string bye = alice.LastRequest("BYE");
  EXPECT_EQ(HeaderOf(bye, "Route"), HeaderOf(ack, "Route"));
  EXPECT_EQ(HeaderOf(bye, "CSeq"), "2 BYE");
  EXPECT_EQ(CountOf(bye, "Contact"), 0);
  SANSIP_SHOWS("3261-13.2.2.4-1", "3261-13.2.2.4-2", "3261-13.2.2.4-5", "3261-13.2.2.4-6", "3261-12.1.2-5");
  SANSIP_SHOWS("3261-12.1.2-7", "3261-12.1.2-8", "3261-12.1.2-9", "3261-12.1.2-13", "3261-12.2.1.1-14");
  SANSIP_SHOWS("3261-12.2.1.1-15", "3261-12.2.1.1-23", "3261-8.1.2-8", "6141-4.9-3", "3261-8.2.2.3-5");
  SANSIP_SHOWS("3261-15.1.1-1", "3261-20-10", "3261-12.2.1.1-7", "3261-12.2.1.1-11");
  SANSIP_SHOWS("3261-17.1.1.3-1");
}

TEST(Response, StrictRouterOfTheRouteSet) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(
      200, "a",
      "Record-Route: <sip:p3.example>\r\nRecord-Route: <sip:p2.example;lr>, <sip:p1.example;method=X>\r\n" +
          std::string(kContact),
      kAnswer);
  const std::string ack = alice.LastRequest("ACK");
  EXPECT_THAT(ack, StartsWith("ACK sip:p1.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(ack, "Route"), "<sip:p2.example;lr>, <sip:p3.example>, <sip:bob@192.0.2.2:5070>");
  SANSIP_SHOWS("3261-12.2.1.1-16", "3261-12.2.1.1-17", "3261-12.2.1.1-18");
}

TEST(Response, WithoutRecordRouteThereIsNoRoute) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "a", "", kAnswer);
  EXPECT_EQ(CountOf(alice.LastRequest("ACK"), "Route"), 0);
  alice.HangUp();
  EXPECT_EQ(CountOf(alice.LastRequest("BYE"), "Route"), 0);
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:bob@192.0.2.2:5070 SIP/2.0\r\n"));
  SANSIP_SHOWS("3261-12.1.2-6", "3261-12.2.1.1-12", "3261-12.2.1.1-13");
}

TEST(Response, WithoutToTagIsTolerated) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "", "", kAnswer);
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "To"), "<sip:bob@bob.example>");
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  SANSIP_SHOWS("3261-12.1.2-14", "3261-12.2.1.1-5");
}

TEST(Response, SuccessWithoutUsableContactIsEnded) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "a", "Contact: <tel:+15551234>\r\n", kAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended protocol-error 200"));
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
}

TEST(Response, SuccessWithoutContactIsEnded) {
  AgentUnderTest alice;
  alice.Place();
  alice.Receive(ResponseText(alice.last_wire(), 200, "a", ""));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended protocol-error 200"));
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  EXPECT_EQ(alice.CountSent("BYE"), 1);
}

TEST(Response, WithTwoViasIsNotForUs) {
  AgentUnderTest alice;
  alice.Place();
  std::string text = ResponseText(alice.last_wire(), 180, "a", kContact);
  const std::size_t at = text.find("From:");
  text.insert(at, "Via: SIP/2.0/UDP other.example;branch=z9hG4bKother\r\n");
  alice.Receive(text);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.agent().counters().misdirected_responses, 1u);
  SANSIP_SHOWS("3261-8.1.3.3-1");
}

// ---- forks

TEST(Fork, FurtherSuccessIsAcknowledgedAndEnded) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180, "a");
  alice.Respond(180, "b");
  const std::string invite = alice.LastRequest("INVITE");
  alice.RespondTo(invite, 200, "b", "", kAnswer);
  EXPECT_EQ(alice.view().remote_tag, "b");
  alice.TakeEvents();
  alice.TakeSent();
  alice.AdvanceTo(10);
  alice.RespondTo(invite, 200, "a", "Contact: <sip:a@192.0.2.50>\r\nRecord-Route: <sip:pa.example;lr>\r\n",
                  kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("10 ACK", "10 BYE"));
  EXPECT_THAT(alice.LastRequest("ACK"), StartsWith("ACK sip:a@192.0.2.50 "));
  EXPECT_EQ(HeaderOf(alice.LastRequest("ACK"), "Route"), "<sip:pa.example;lr>");
  EXPECT_EQ(TagIn(alice.LastRequest("BYE"), "To"), "a");
  alice.RespondTo(invite, 200, "never-seen", "", kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("10 ACK", "10 BYE"));
  alice.RespondTo(invite, 200, "a", "", kAnswer);  // a copy: its ACK again, no BYE
  EXPECT_THAT(alice.TakeSent(), ElementsAre("10 ACK"));
  EXPECT_EQ(TagIn(alice.last_wire(), "To"), "a");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.agent().counters().forks_ended, 2u);
  SANSIP_SHOWS("3261-13.1-2", "3261-13.2.2.4-3", "3261-13.2.2.4-4", "3261-13.2.2.4-13", "5407-2-6");
  SANSIP_SHOWS("5407-E-2", "5407-E-3", "5407-2-2");
}

TEST(Fork, EarlyDialogsEnd64T1AfterTheFirstSuccess) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180, "a");
  alice.Respond(180, "b");
  alice.Respond(200, "a", "", kAnswer);
  alice.AdvanceTo(31);
  EXPECT_EQ(alice.view().early_dialogs, 1u);
  alice.AdvanceTo(32.1);
  EXPECT_EQ(alice.view().early_dialogs, 0u);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  SANSIP_SHOWS("3261-13.2.2.4-12", "5407-E-1");
}

TEST(Fork, BeyondTheLimitIsNotKeptButASuccessIsAcknowledged) {
  UserAgentOptions options;
  options.limits.forks_max = 3;
  AgentUnderTest alice(options);
  alice.Place();
  for (int i = 0; i < 50; ++i) alice.Respond(180, "t" + std::to_string(i));
  EXPECT_EQ(alice.view().early_dialogs, 3u);
  EXPECT_EQ(alice.agent().counters().forks_beyond_limit, 47u);
  EXPECT_EQ(alice.TakeEvents().size(), 50u);
  alice.Respond(200, "t49", "", kAnswer);
  EXPECT_EQ(alice.CountSent("ACK"), 1);
  EXPECT_EQ(alice.view().remote_tag, "t49");
  SANSIP_SHOWS("3261-13.3.1.1-1");
}

// Every copy of Bob's 2xx was lost: he gives up with a BYE (RFC 3261 13.3.1.4).
TEST(Fork, ByeOnTheOnlyEarlyDialogEndsTheCallAndItsInvite) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180);
  const std::string invite = alice.LastRequest("INVITE");
  alice.AdvanceTo(32);
  alice.TakeEvents();
  alice.TakeSent();
  alice.Receive(RequestFromBob(invite, "BYE", 1));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended remote-bye"));
  EXPECT_THAT(alice.TakeSent(), UnorderedElementsAre("32 200 BYE", "32 CANCEL"));
  EXPECT_EQ(alice.view().state, UsageState::kMortal);
  alice.AdvanceTo(100);  // nobody answers the CANCEL, or the INVITE
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
  EXPECT_FALSE(alice.agent().Find(alice.call()).has_value());
  SANSIP_SHOWS("3261-15.1.2-3");
}

// Its UPDATE says nothing of the call that went on with another.
TEST(Fork, TheOneThatLostHasNoSession) {
  AgentUnderTest alice;
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  alice.Respond(183, "bobtag", "Contact: <sip:bob@192.0.2.60>\r\n", kAnswer);
  alice.Respond(200, "b", kContact, kAnswer);
  const std::string target(alice.view().remote_target);
  const std::string body(alice.view().remote_body);
  alice.TakeEvents();
  alice.TakeSent();
  const std::string_view refresh =
      "Contact: <sip:bob@192.0.2.61>\r\nSupported: timer\r\nSession-Expires: 90\r\n";
  alice.Receive(RequestFromBob(invite, "UPDATE", 1, refresh));
  alice.Receive(RequestFromBob(invite, "UPDATE", 2, refresh, kNewOffer));
  alice.Receive(RequestFromBob(invite, "INVITE", 3, refresh));
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 200 UPDATE", "0 488 UPDATE", "0 488 INVITE"));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.view().remote_target, target);
  EXPECT_EQ(alice.view().remote_body, body);
  // When its 2xx comes it is ended where it is now.
  alice.RespondTo(invite, 200, "bobtag", "Contact: <sip:bob@192.0.2.62>\r\n", kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK", "0 BYE"));
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:bob@192.0.2.62 "));
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
}

TEST(Fork, AnUpdateOnTheOneThatLostIsNotSentAgain) {
  AgentUnderTest alice;
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  alice.Respond(183, "b", kContact);
  alice.Respond(183, "bobtag", "Allow: UPDATE\r\nContact: <sip:bob@192.0.2.60>\r\n");
  EXPECT_EQ(alice.Update(""), VerbError::kNone);  // the last one
  const std::string update = alice.LastRequest("UPDATE");
  alice.RespondTo(invite, 200, "b", kContact, kAnswer);
  alice.TakeEvents();
  alice.TakeSent();
  alice.RespondTo(update, 491);
  alice.Advance(10);
  EXPECT_THAT(alice.TakeSent(), IsEmpty());
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.HangUp(), VerbError::kNone);
  alice.Respond(200, "b");
  alice.Advance(40);
  EXPECT_THAT(alice.TakeEvents(), Contains("CallGone"));
}

TEST(Fork, ByeOnOneOfTwoLeavesTheOther) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180, "bobtag");
  alice.Respond(180, "b");
  const std::string invite = alice.LastRequest("INVITE");
  alice.TakeEvents();
  alice.Receive(RequestFromBob(invite, "BYE", 1));
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.RespondTo(invite, 200, "b", "", kAnswer);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.view().remote_tag, "b");
}

TEST(Fork, SuccessBehindItsByeIsAcknowledgedAndNoCall) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180);
  const std::string invite = alice.LastRequest("INVITE");
  alice.Receive(RequestFromBob(invite, "BYE", 1));
  alice.TakeEvents();
  alice.TakeSent();
  alice.RespondTo(invite, 200, "bobtag", "", kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK"));
  alice.RespondTo(invite, 200, "bobtag", "", kAnswer);
  EXPECT_THAT(alice.TakeSent(), ElementsAre("0 ACK"));
  alice.AdvanceTo(100);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
  SANSIP_SHOWS("3261-13.2.2.4-4");
}

TEST(Fork, ByeBehindOurCancelEndsTheCallAsCancelled) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(180);
  const std::string invite = alice.LastRequest("INVITE");
  EXPECT_EQ(alice.HangUp(), VerbError::kNone);
  alice.TakeEvents();
  alice.Receive(RequestFromBob(invite, "BYE", 1));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended local-cancel"));
  EXPECT_EQ(alice.CountSent("CANCEL"), 1);
  alice.AdvanceTo(100);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
}

// ---- what a URI may ask for, and what is drawn

// 19.1.5: what a URI would have the request say of the dialog, its way or the caller is not said.
TEST(Invite, WhatAUriMayNotSayIsNotTaken) {
  AgentUnderTest plain, asked;
  plain.Place();
  asked.Place(
      "sip:bob@bob.example;method=INVITE?From=x&Call-ID=y&CSeq=7&Via=z&Record-Route=%3Csip:evil%3E"
      "&Route=%3Csip:evil.example%3Blr%3E&Accept=a&Accept-Encoding=b&Accept-Language=c&Allow=FOO"
      "&Contact=%3Csip:evil%3E&Organization=o&Supported=foo&User-Agent=u&Content-Length=5");
  EXPECT_EQ(asked.last_wire(), plain.last_wire());
  EXPECT_EQ(asked.last_next_hop(), "sip:bob@bob.example");
  AgentUnderTest odd;
  odd.Place("sip:bob?@bob.example?Subject=x");  // 25.1: user-unreserved
  EXPECT_THAT(odd.last_wire(), StartsWith("INVITE sip:bob?@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(odd.last_wire(), "To"), "<sip:bob?@bob.example>");
  SANSIP_SHOWS("3261-19.1.5-6", "3261-19.1.5-7", "3261-19.1.5-8", "3261-19.1.5-9");
}

TEST(Invite, TagsCallIdsAndBranchesAreNeverTheSame) {
  AgentUnderTest alice;
  std::set<std::string> tags, call_ids, branches;
  for (int i = 0; i < 300; ++i) {
    alice.Place();
    const std::string& invite = alice.last_wire();
    tags.insert(TagIn(invite, "From"));
    call_ids.insert(HeaderOf(invite, "Call-ID"));
    branches.insert(HeaderOf(invite, "Via"));
  }
  EXPECT_EQ(tags.size(), 300u);
  EXPECT_EQ(call_ids.size(), 300u);
  EXPECT_EQ(branches.size(), 300u);
  // 64 and 128 bits of the source, which a program takes from the system: each digit has every value at
  // every place, so none counts or tells the time.
  for (const std::set<std::string>* const texts : {&tags, &call_ids}) {
    const std::size_t size = texts == &tags ? 16 : 32;
    for (std::size_t place = 0; place < size; ++place) {
      std::set<char> digits;
      for (const std::string& text : *texts) {
        ASSERT_EQ(text.size(), size);
        digits.insert(text[place]);
      }
      EXPECT_EQ(digits.size(), 16u) << place;
    }
  }
  SANSIP_SHOWS("3261-19.3-1", "3261-8.1.1.4-4");
}

// ---- redirection

TEST(Redirect, IsFollowedByQ) {
  AgentUnderTest alice;
  alice.Place();
  const std::string first = alice.last_wire();
  alice.Respond(302, "a",
                "Contact: <sip:low@h.example>;q=0.1, "
                "<sip:high@h.example;transport=tcp;method=INVITE?Subject=x>;q=0.9\r\n"
                "Contact: <sip:bob@bob.example>, <mailto:bob@bob.example>\r\n");
  EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:high@h.example;transport=tcp SIP/2.0\r\n"));
  const std::string second = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(second, "To"), HeaderOf(first, "To"));
  EXPECT_EQ(HeaderOf(second, "From"), HeaderOf(first, "From"));
  EXPECT_EQ(HeaderOf(second, "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(second, "CSeq"), "2 INVITE");
  EXPECT_NE(HeaderOf(second, "Via"), HeaderOf(first, "Via"));
  EXPECT_EQ(BodyOf(second), kOffer);
  EXPECT_EQ(HeaderOf(second, "Supported"), "timer");
  alice.Respond(404, "b");
  EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:low@h.example SIP/2.0\r\n"));
  alice.Respond(486, "c");
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Redirected sip:high@h.example;transport=tcp;method=INVITE?Subject=x",
                          "Redirected sip:low@h.example", "Ended refused 486"));
  SANSIP_SHOWS("3261-8.1.3.4-1", "3261-8.1.3.4-2", "3261-8.1.3.4-4", "3261-8.1.3.4-5", "3261-8.1.3.4-6");
  SANSIP_SHOWS("3261-8.1.3.4-7", "3261-8.1.3.4-8", "3261-8.1.3.4-9", "3261-19.1.5-1", "3261-19.1.5-3");
  SANSIP_SHOWS("3261-19.1.5-4", "3261-8.3-3");
}

TEST(Redirect, AtMostFiveTimesAndTheCookieStays) {
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  draft.cookie = {42};
  alice.Place(draft);
  for (int i = 0; i < 6; ++i) {
    alice.Respond(302, "a", "Contact: <sip:hop" + std::to_string(i) + "@h.example>\r\n");
  }
  EXPECT_EQ(alice.agent().counters().redirects_followed, 5u);
  EXPECT_EQ(alice.last_end().cause, EndCause::kRefused);
  EXPECT_EQ(alice.last_end().status, 302);
  EXPECT_EQ(alice.last_end().cookie, Cookie{42});
}

TEST(Redirect, LoopAndSameTargetEnd) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(302, "a", "Contact: <sip:bob@BOB.example>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 302"));
}

TEST(Redirect, CanBeSwitchedOff) {
  UserAgentOptions options;
  options.follow_redirects = false;
  AgentUnderTest alice(options);
  alice.Place();
  alice.Respond(301, "a", "Contact: <sip:c@h.example>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 301"));
}

TEST(Redirect, LeavingSipsIsTold) {
  AgentUnderTest alice;
  alice.Place("sips:bob@bob.example");
  alice.Respond(302, "a", "Contact: <sip:c@h.example>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:c@h.example insecure"));
  SANSIP_SHOWS("3261-8.1.3.4-3");
}

TEST(Redirect, GlobalFailureTriesNoOtherTarget) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(302, "a", "Contact: <sip:c@h.example>, <sip:d@h.example>\r\n");
  alice.Respond(603, "b");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:c@h.example", "Ended refused 603"));
}

// ---- paths

TEST(Path, The503TriesTheNextPathWithANewBranch) {
  AgentUnderTest alice;
  alice.paths = 2;
  alice.Place();
  const std::string first = alice.last_wire();
  alice.Respond(503, "a");
  const std::string second = alice.LastRequest("INVITE");
  EXPECT_NE(HeaderOf(first, "Via"), HeaderOf(second, "Via"));
  EXPECT_EQ(HeaderOf(second, "CSeq"), "1 INVITE");
  EXPECT_EQ(alice.locates().back().failed, 1);
  EXPECT_EQ(alice.locates().back().failed_flow, alice.FlowOf(0));
  EXPECT_EQ(alice.locates().back().cookie, alice.locates().front().cookie);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.Respond(503, "a");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 503"));
  SANSIP_SHOWS("3261-8.1.2-9", "3261-8.1.1.7-4");
  SANSIP_SHOWS("3261-21.5.4-3");
}

TEST(Path, TransportErrorTriesTheNext) {
  AgentUnderTest alice;
  alice.paths = 2;
  alice.Place();
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  EXPECT_EQ(alice.CountSent("INVITE"), 2);
  alice.Do(ua::input::FlowFailed{alice.FlowOf(1)});
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended unreachable", "CallGone"));
  EXPECT_EQ(alice.agent().counters().paths_failed, 2u);
  SANSIP_SHOWS("3261-8.1.3.1-2");
  SANSIP_SHOWS("3261-21.5.4-5");
}

TEST(Path, ANonInviteThatNobodyAnswersTriesTheNext) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "a", "", kAnswer);
  alice.paths = 2;
  alice.HangUp();
  const std::string first = alice.LastRequest("BYE");
  const std::size_t locates = alice.locates().size();
  alice.Advance(31.9);
  EXPECT_EQ(alice.LastRequest("BYE"), first);
  alice.Advance(0.2);
  EXPECT_EQ(alice.locates().size(), locates + 1);
  EXPECT_EQ(alice.locates().back().failed, 1);
  EXPECT_NE(HeaderOf(alice.LastRequest("BYE"), "Via"), HeaderOf(first, "Via"));
  SANSIP_SHOWS("4320-3-1");
}

TEST(Path, NoneIsUnreachable) {
  AgentUnderTest alice;
  alice.locating = AgentUnderTest::Locating::kFails;
  alice.Place();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended unreachable", "CallGone"));
}

TEST(Path, SilenceTimesOut) {
  AgentUnderTest alice;
  alice.Place();
  alice.AdvanceTo(31.9);
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.AdvanceTo(32.1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended timed-out", "CallGone"));
  EXPECT_EQ(alice.CountSent("CANCEL") + alice.CountSent("ACK"), 0);
  SANSIP_SHOWS("3261-8.1.3.1-1", "3261-13.2.2-1");
}

TEST(Path, AtMostPathsMaxAreTried) {
  UserAgentOptions options;
  options.limits.paths_max = 3;
  AgentUnderTest alice(options);
  alice.paths = 100;
  alice.Place();
  for (int i = 0; i < 3; ++i) alice.Respond(503, "a");
  EXPECT_EQ(alice.CountSent("INVITE"), 3);
  EXPECT_EQ(alice.last_end().status, 503);
}

TEST(Path, RequestsThatWaitForOneAreLimited) {
  UserAgentOptions options;
  options.limits.unlocated_max = 2;
  AgentUnderTest alice(options);
  alice.locating = AgentUnderTest::Locating::kHeld;
  alice.Place();
  alice.Place();
  alice.TakeEvents();
  alice.Place();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended unreachable", "CallGone"));
  EXPECT_EQ(alice.agent().counters().refused_limit, 1u);
  EXPECT_EQ(alice.agent().client_transactions_pending(), 2u);
}

TEST(Path, OfTheAckIsAskedAgainWhenItsFlowFailed) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "a", "", kAnswer);
  const std::string invite = alice.LastRequest("INVITE");
  alice.Do(ua::input::FlowFailed{alice.FlowOf(0)});
  const std::size_t locates = alice.locates().size();
  alice.RespondTo(invite, 200, "a", "", kAnswer);
  EXPECT_EQ(alice.locates().size(), locates + 1);
  EXPECT_EQ(alice.CountSent("ACK"), 2);
}

// ---- other finals

TEST(Final, EachClassEndsTheCallWithItsStatus) {
  for (const int status : {300, 400, 401, 407, 420, 480, 499, 500, 599, 600, 699}) {
    AgentUnderTest alice;
    alice.Place();
    alice.Respond(status, "a");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused " + std::to_string(status)));
    EXPECT_EQ(alice.CountSent("ACK"), 1);
    EXPECT_NE(alice.last_end().message, nullptr);
    EXPECT_EQ(alice.last_end().clause, "RFC 3261 13.2.2.3");
  }
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(408, "a");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended timed-out 408"));
  SANSIP_SHOWS("3261-8.1.3.2-1", "3261-8.1.3.2-2");
}

TEST(Final, AfterTheFirstIsIgnored) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(486, "a");
  alice.TakeEvents();
  alice.Respond(200, "b", "", kAnswer);
  alice.Respond(603, "c");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  EXPECT_EQ(alice.CountSent("BYE"), 0);
  SANSIP_SHOWS("3261-13.2.2.3-1");
}

TEST(Final, The422IsAnsweredWithTheLargestMinSe) {
  AgentUnderTest alice;
  alice.Place();
  const std::string first = alice.last_wire();
  alice.Respond(422, "a", "Min-SE: 3600\r\n");
  const std::string second = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(second, "CSeq"), "2 INVITE");
  EXPECT_EQ(HeaderOf(second, "Min-SE"), "3600");
  EXPECT_EQ(HeaderOf(second, "Session-Expires"), "3600");
  EXPECT_EQ(HeaderOf(second, "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(HeaderOf(second, "From"), HeaderOf(first, "From"));
  EXPECT_EQ(HeaderOf(second, "To"), HeaderOf(first, "To"));
  EXPECT_NE(HeaderOf(second, "Via"), HeaderOf(first, "Via"));
  alice.Respond(422, "b", "Min-SE: 4000\r\n");
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Min-SE"), "4000");
  alice.Respond(422, "b", "Min-SE: 4000\r\n");  // demands nothing new
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 422"));
  EXPECT_EQ(alice.CountSent("INVITE"), 3);
}

// ---- what a user must not do

TEST(Verbs, RefuseWhatCouldInjectOrCannotBeRead) {
  AgentUnderTest alice;
  const auto error = [&](const CallDraft& draft) { return alice.Do(ua::input::PlaceCall{draft}).error; };
  CallDraft draft = DraftToBob();
  draft.target = "sip:bob@bob.example\r\nX: y";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft.target = "tel:+1555";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft = DraftToBob();
  draft.from = "Alice\r\n <sip:a@b>";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft.from = "<sip:a@b>;tag=mine";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft.from = "<sip:a@b>, <sip:c@d>";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft = DraftToBob();
  draft.contact_user = "a@b";
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  draft = DraftToBob();
  draft.content.content_type = "application/sdp\r\nVia: x";
  EXPECT_EQ(error(draft), VerbError::kBadHeader);
  draft = DraftToBob();
  const std::string_view route = "<sip:p;lr>\r\nX: y";
  draft.routes = {&route, 1};
  EXPECT_EQ(error(draft), VerbError::kBadUri);
  for (const HeaderLine& line :
       {HeaderLine{HeaderId::kSubject, "a\r\nVia: b", {}}, HeaderLine{HeaderId::kOther, "v", "X y"},
        HeaderLine{HeaderId::kOther, "v", ""}, HeaderLine{HeaderId::kOther, "v", "via"},
        HeaderLine{HeaderId::kOther, "v", "l"}, HeaderLine{HeaderId::kContact, "<sip:a@b>", {}},
        HeaderLine{HeaderId::kSupported, "100rel", {}}}) {
    draft = DraftToBob();
    draft.content.headers = {&line, 1};
    EXPECT_EQ(error(draft), VerbError::kBadHeader);
  }
  const std::string long_text(3000, 'x');
  draft = DraftToBob();
  const std::string target = "sip:" + long_text + "@h.example";
  draft.target = target;
  EXPECT_EQ(error(draft), VerbError::kTooLong);
  draft = DraftToBob();
  const std::string body(20000, 'b');
  draft.content.body = body;
  EXPECT_EQ(error(draft), VerbError::kTooLong);
  draft = DraftToBob();
  const std::vector<HeaderLine> many(33, HeaderLine{HeaderId::kSubject, "s", {}});
  draft.content.headers = many;
  EXPECT_EQ(error(draft), VerbError::kTooLong);
  EXPECT_EQ(alice.agent().calls_kept(), 0u);
  EXPECT_THAT(alice.wires(), IsEmpty());
  SANSIP_SHOWS("3261-19.1.5-10", "3261-19.1.5-12");
}

TEST(Verbs, OfStaleAndUnsuitableCallsAreOrdinaryAnswers) {
  AgentUnderTest alice;
  const CallId stale{7, 9};
  EXPECT_EQ(alice.Do(ua::input::HangUp{stale, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::Ring{stale, 180, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::Answer{stale, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::Refuse{stale, 486, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::Reinvite{stale, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::AnswerOffer{stale, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::RefuseOffer{stale, 488, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.Do(ua::input::SetCookie{stale, {}}).error, VerbError::kStale);
  EXPECT_EQ(alice.agent().counters().stale_ids, 8u);
  alice.Place();
  EXPECT_EQ(alice.Ring(), VerbError::kWrongState);
  EXPECT_EQ(alice.Answer(), VerbError::kWrongState);
  EXPECT_EQ(alice.Refuse(486), VerbError::kWrongState);
  EXPECT_EQ(alice.Reinvite(), VerbError::kWrongState);
  EXPECT_EQ(alice.AnswerOffer(), VerbError::kWrongState);
  EXPECT_EQ(alice.RefuseOffer(), VerbError::kWrongState);
}

TEST(Verbs, CallsAreLimited) {
  UserAgentOptions options;
  options.limits.calls_max = 2;
  AgentUnderTest alice(options);
  alice.Place();
  alice.Place();
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{DraftToBob()}).error, VerbError::kTooManyCalls);
  alice.Respond(486, "x");
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{DraftToBob()}).error, VerbError::kNone);
}

}  // namespace
}  // namespace sansip::testing
