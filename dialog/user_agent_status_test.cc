// What status codes mean to a user agent (RFC 3261 21), where more counts than the flow of messages: what the
// user can say in a refusal, and can read in one.

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

// ---- read

TEST(Status, RetryAfterIsTheUsersToRead) {
  for (const int status : {404, 413, 480, 486, 500, 503, 600, 603}) {
    UserAgentOptions options;
    options.limits.paths_max = 1;  // for a 503 there may be another server (21.5.4)
    AgentUnderTest alice(options);
    alice.Place();
    alice.Respond(status, "a", "Retry-After: 60 (in a meeting);duration=3600\r\n");
    EXPECT_EQ(alice.last_end().status, status);
    EXPECT_EQ(HeaderOf(alice.last_message(), "Retry-After"), "60 (in a meeting);duration=3600");
    alice.Advance(120);
    EXPECT_EQ(alice.CountSent("INVITE"), 1) << status;
  }
  SANSIP_SHOWS("3261-21.4.18-1", "3261-21.4.24-1", "3261-21.6.1-1", "3261-21.6.2-1", "3261-21.5.4-1");
}

TEST(Status, RefusalWithWarning) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(606, "a", "Warning: 305 bob.example \"no, thanks\"\r\n");
  EXPECT_EQ(HeaderOf(alice.last_message(), "Warning"), "305 bob.example \"no, thanks\"");
  SANSIP_SHOWS("3261-21.6.4-1");
}

TEST(Status, TheTextOfA182IsToldAsItIs) {
  AgentUnderTest alice;
  alice.Place();
  std::string queued = ResponseText(alice.last_wire(), 182, "a");
  queued.replace(0, queued.find("\r\n"), "SIP/2.0 182 5 calls queued; expected waiting time is 15 minutes");
  alice.Receive(queued);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 182"));
  EXPECT_THAT(alice.last_message(),
              StartsWith("SIP/2.0 182 5 calls queued; expected waiting time is 15 minutes\r\n"));
  SANSIP_SHOWS("3261-21.1.4-1");
}

// 8.1.3.2: as the x00 of its class.
TEST(Status, AnUnknownCodeIsOneOfItsClass) {
  SANSIP_SHOWS("3261-21-2");
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(188, "a");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 188"));
  EXPECT_EQ(alice.view().state, UsageState::kEarly);
  alice.Respond(399, "a", "Contact: <sip:one@h.example>;q=1, <sip:two@h.example>;q=0.5\r\n");
  EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:one@h.example "));
  alice.Respond(499, "b");
  EXPECT_THAT(alice.LastRequest("INVITE"), StartsWith("INVITE sip:two@h.example "));
  alice.Respond(398, "c", "Contact: <sip:three@h.example>, <sip:four@h.example>\r\n");
  alice.TakeEvents();
  alice.Respond(699, "d");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 699"));
}

TEST(Status, A500WithRetryAfterIsNotAskedAgainBefore) {
  SANSIP_SHOWS("3261-21.5.1-2");
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", kTimer600, kAnswer);
  alice.Advance(300);
  const std::string refresh = alice.LastRequest("INVITE");
  alice.Respond(500, "bobtag", "Retry-After: 20\r\n");
  alice.Advance(19.9);
  EXPECT_EQ(alice.LastRequest("INVITE"), refresh);
  alice.Advance(0.2);
  EXPECT_NE(alice.LastRequest("INVITE"), refresh);
}

// ---- said

TEST(Status, A100IsSentWhereTheUserTakesItsTime) {
  SANSIP_SHOWS("3261-21.1-1");
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n"});
  bob.Advance(0.19);
  EXPECT_THAT(bob.wires(), IsEmpty());
  bob.Advance(0.02);
  ASSERT_THAT(bob.wires(), ::testing::SizeIs(1));
  EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 100 "));
}

// 21.4.23: who does not want to be guessed says no more than this.
TEST(Status, AnAmbiguousAddressNeedNotListItsChoices) {
  SANSIP_SHOWS("3261-21.4.23-2");
  for (const int status : {404, 485}) {
    AgentUnderTest bob({}, "bob.example");
    bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n"});
    ASSERT_EQ(bob.Refuse(status), VerbError::kNone);
    EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 " + std::to_string(status)));
    EXPECT_EQ(CountOf(bob.last_wire(), "Contact"), 0);
  }
}

TEST(Status, APriorityIsNormalWhereThereIsNone) {
  SANSIP_SHOWS("3261-20.26-1");
  std::string answers[2];
  for (const bool is_said : {false, true}) {
    AgentUnderTest bob({}, "bob.example");
    bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n" +
                                    std::string(is_said ? "Priority: normal\r\n" : "")});
    EXPECT_THAT(bob.TakeEvents(), ElementsAre(StartsWith("Incoming")));
    bob.Answer();
    answers[is_said ? 1 : 0] = bob.last_wire();
  }
  EXPECT_THAT(answers[0], StartsWith("SIP/2.0 200"));
  EXPECT_EQ(answers[0], answers[1]);
}

// 20.4, 20.9: what they name is the user's to look at, or not.
TEST(Status, NothingIsFetchedThatACallerNames) {
  SANSIP_SHOWS("3261-20.4-1", "3261-20.9-1");
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(RequestText{.more =
                              "Contact: <sip:alice@192.0.2.1>\r\nAlert-Info: <http://h.example/ring.wav>\r\n"
                              "Call-Info: <sip:h.example>;purpose=icon\r\n"});
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  EXPECT_THAT(bob.locates(), IsEmpty());
}

TEST(Status, ABodyHasAType) {
  SANSIP_SHOWS("3261-20.15-1");
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  draft.content.content_type = {};
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{draft}).error, VerbError::kBadHeader);
  alice.Place();
  EXPECT_EQ(CountOf(alice.last_wire(), "Content-Type"), 1);
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n", .body = "v=0\r\n"});
  EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 4"));
}

// Table 2's m*: sent by all, and nobody depends on them.
TEST(Status, WhatShouldBeSaidIsSaidAndNotWaitedFor) {
  SANSIP_SHOWS("3261-20-1", "3261-20-5");
  Couple couple;
  couple.Establish();
  EXPECT_EQ(CountOf(couple.alice.LastRequest("INVITE"), "Supported"), 1);
  EXPECT_EQ(CountOf(couple.bob.LastResponse("INVITE"), "Supported"), 1);
  EXPECT_EQ(CountOf(couple.bob.LastResponse("INVITE"), "Allow"), 1);
  couple.bob.Receive(RequestText{.method = "OPTIONS"});
  EXPECT_EQ(CountOf(couple.bob.LastResponse("OPTIONS"), "Accept"), 1);
  // A peer that says none of it, nor minds what it hears.
  AgentUnderTest alice;
  CallDraft draft = DraftToBob();
  const HeaderLine optional[] = {{HeaderId::kPriority, "urgent", {}}, {HeaderId::kSubject, "lunch", {}}};
  draft.content.headers = optional;
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Priority"), "urgent");
  alice.Respond(200, "bobtag", "", kAnswer);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  alice.HangUp();
  EXPECT_EQ(alice.CountSent("BYE"), 1);
}

TEST(Status, ReasonPhraseAndBodyOfARefusalAreTheUsers) {
  for (const int status : {480, 484}) {
    AgentUnderTest bob({}, "bob.example");
    bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n"});
    ASSERT_EQ(
        bob
            .Do(ua::input::Refuse{
                bob.call(), status, {.body = "three", .content_type = "text/plain", .reason = "Not Today"}})
            .error,
        VerbError::kNone);
    EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 " + std::to_string(status) + " Not Today\r\n"));
    EXPECT_EQ(HeaderOf(bob.last_wire(), "Content-Type"), "text/plain");
    EXPECT_EQ(BodyOf(bob.last_wire()), "three");
  }
  SANSIP_SHOWS("3261-21.4.18-2", "3261-21.4.18-3", "3261-21.4.22-1");
}

TEST(Status, ReasonPhraseIsOneLine) {
  AgentUnderTest bob({}, "bob.example");
  bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n"});
  EXPECT_EQ(bob.Do(ua::input::Refuse{bob.call(), 480, {.reason = "a\r\nX: b"}}).error, VerbError::kBadHeader);
  EXPECT_THAT(bob.wires(), IsEmpty());
}

TEST(Status, ChoicesAreContacts) {
  const HeaderLine contacts[] = {{HeaderId::kContact, "<sip:one@h.example>", {}},
                                 {HeaderId::kContact, "<sip:two@h.example>", {}}};
  for (const int status : {300, 485}) {
    AgentUnderTest bob({}, "bob.example");
    bob.Receive(RequestText{.more = "Contact: <sip:alice@192.0.2.1>\r\n"});
    ASSERT_EQ(bob.Do(ua::input::Refuse{bob.call(), status, {.headers = contacts}}).error, VerbError::kNone);
    EXPECT_THAT(bob.last_wire(),
                HasSubstr("Contact: <sip:one@h.example>\r\nContact: <sip:two@h.example>\r\n"));
  }
  SANSIP_SHOWS("3261-21.3.1-2");
}

// ---- the way of a 305

TEST(Status, A305WithoutAProxyThatCanBeIsARefusal) {
  for (const char* contact : {"*", "<mailto:proxy@h.example>", "<sip:>"}) {
    AgentUnderTest alice;
    alice.Place();
    alice.Respond(305, "a", "Contact: " + std::string(contact) + "\r\n");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 305")) << contact;
  }
}

TEST(Status, A305GoesBeforeTheRoutesThatAreThere) {
  AgentUnderTest alice;
  const std::string_view routes[] = {"<sip:edge.example;lr>"};
  CallDraft draft = DraftToBob();
  draft.routes = routes;
  alice.Place(draft);
  const std::string before = HeaderOf(alice.last_wire(), "Route");
  alice.Respond(305, "a", "Contact: <sip:proxy.example;transport=tcp;method=INVITE?Subject=x>\r\n");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), "<sip:proxy.example;transport=tcp;lr>, " + before);
  EXPECT_EQ(alice.last_next_hop(), "sip:proxy.example;transport=tcp;lr");
  alice.Respond(305, "b", "Contact: <sip:other.example;lr>\r\n");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), "<sip:other.example;lr>, " + before);
  for (int i = 0; i < 4; ++i) alice.Respond(305, "c", "Contact: <sip:other.example;lr>\r\n");
  EXPECT_EQ(alice.agent().counters().redirects_followed, 5u);
  EXPECT_EQ(alice.last_end().status, 305);
}

TEST(Status, ARegistrationGoesThroughTheProxyOfA305Once) {
  AgentUnderTest alice;
  ASSERT_EQ(
      alice.Do(ua::input::Register{{.registrar = "sip:r.example", .address = "<sip:alice@r.example>"}}).error,
      VerbError::kNone);
  alice.Respond(305, "a", "Contact: <sip:proxy.example>\r\n");
  EXPECT_THAT(alice.last_wire(), StartsWith("REGISTER sip:r.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), "<sip:proxy.example;lr>");
  alice.Respond(200, "b", "Contact: " + HeaderOf(alice.last_wire(), "Contact") + ";expires=60\r\n");
  alice.Advance(60);
  EXPECT_EQ(alice.CountDifferent("REGISTER"), 3);
  EXPECT_EQ(HeaderOf(alice.LastRequest("REGISTER"), "Route"), "");
}

}  // namespace
}  // namespace sansip::testing
