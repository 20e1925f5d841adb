// Requests outside of calls, and none of the call's own within: OPTIONS, MESSAGE, INFO (RFC 3261 11, RFC
// 3428).

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/listed_bindings.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

StandaloneDraft MessageTo(std::string_view target, std::string_view text) {
  return {.target = target,
          .from = "<sip:alice@alice.example>",
          .content = {.body = text, .content_type = "text/plain"}};
}

UserAgentOptions Taking(std::string methods, int message_status = 200) {
  UserAgentOptions options;
  options.methods = std::move(methods);
  options.message_status = message_status;
  return options;
}

class Requesting : public ::testing::Test {
 protected:
  VerbError Send(const StandaloneDraft& draft) { return alice.Do(ua::input::SendRequest{draft}).error; }
  VerbError SendMessage(std::string_view text = "hello", std::string_view target = "sip:bob@bob.example") {
    return Send(MessageTo(target, text));
  }
  VerbError Respond(int status, const Content& content = {}) {
    return alice.Do(ua::input::RespondTo{alice.last_received(), status, content}).error;
  }
  std::string Last() const { return alice.LastRequest("MESSAGE"); }
  // A MESSAGE of Bob's.
  RequestText Message(int n, std::string more = "Content-Type: text/plain\r\n", std::string body = "hi") {
    RequestText text = Numbered(n, "MESSAGE");
    text.call_id = "m" + std::to_string(n);
    text.more = std::move(more);
    text.body = std::move(body);
    return text;
  }

  AgentUnderTest alice{Taking("MESSAGE, INFO, PING")};
};

TEST_F(Requesting, AMessageSaysWhatItMustAndMakesNoDialog) {
  SANSIP_SHOWS("3428-3-1", "3428-4-1", "3428-4-2", "3428-5-2", "3428-2-1");
  ASSERT_EQ(SendMessage(), VerbError::kNone);
  const std::string first = Last();
  EXPECT_THAT(first, StartsWith("MESSAGE sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(first, "To"), "<sip:bob@bob.example>");
  EXPECT_THAT(HeaderOf(first, "From"), StartsWith("<sip:alice@alice.example>;tag="));
  EXPECT_EQ(HeaderOf(first, "Content-Type"), "text/plain");
  EXPECT_EQ(CountOf(first, "Contact"), 0);
  EXPECT_EQ(BodyOf(first), "hello");
  alice.Respond(200, "b", "Contact: <sip:elsewhere@x>\r\nRecord-Route: <sip:p;lr>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request accepted 200"));
  ASSERT_EQ(SendMessage("again"), VerbError::kNone);
  EXPECT_NE(HeaderOf(Last(), "Call-ID"), HeaderOf(first, "Call-ID"));
  EXPECT_EQ(TagIn(Last(), "To"), "");
  EXPECT_EQ(CountOf(Last(), "Route"), 0);
  EXPECT_EQ(alice.CountSent("INVITE"), 0);
  alice.Respond(202);
  alice.Advance(40);
  EXPECT_EQ(alice.agent().standalones(), 0u);
  EXPECT_EQ(alice.agent().next_deadline(), kNever);
}

TEST_F(Requesting, OutcomesHaveTheirCause) {
  SANSIP_SHOWS("3428-4-3", "3428-4-4", "3428-7-5", "3261-11.2-4", "3261-11.2-5", "3261-11.2-6");
  const struct {
    int status;
    const char* more;
    const char* event;
  } kRows[] = {
      {200, "", "Request accepted 200"},
      {200, "Warning: 399 h \"x\"\r\n", "Request accepted 200"},
      {200, "Contact: <sip:a@b>, <mailto:x@y>\r\n", "Request accepted 200"},
      {202, "", "Request accepted 202"},
      {404, "", "Request refused 404"},
      {408, "", "Request timed-out 408"},
      {603, "", "Request refused 603"},
  };
  for (const auto& row : kRows) {
    ASSERT_EQ(Send({.method = "OPTIONS", .target = "sip:bob@b", .from = "<sip:a@b>"}), VerbError::kNone);
    alice.Respond(row.status, "b", row.more, row.status == 200 ? kAnswer : "");
    EXPECT_THAT(alice.TakeEvents(), ElementsAre(row.event));
  }
  ASSERT_EQ(SendMessage(), VerbError::kNone);
  alice.Advance(33);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request timed-out"));
  alice.locating = AgentUnderTest::Locating::kFails;
  ASSERT_EQ(SendMessage(), VerbError::kNone);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request unreachable"));
}

TEST_F(Requesting, OptionsSayWhatIsWanted) {
  SANSIP_SHOWS("3261-11.1-2", "3261-11.1-1");
  ASSERT_EQ(Send({.method = "OPTIONS", .target = "sip:bob@b", .from = "<sip:a@b>", .contact_user = "alice"}),
            VerbError::kNone);
  const std::string wire = alice.LastRequest("OPTIONS");
  EXPECT_EQ(HeaderOf(wire, "Accept"), "application/sdp");
  EXPECT_EQ(HeaderOf(wire, "Contact"), "<sip:alice@alice.example:5060>");
  EXPECT_THAT(HeaderOf(wire, "Allow"), HasSubstr("MESSAGE"));
  EXPECT_EQ(HeaderOf(wire, "CSeq"), "1 OPTIONS");
}

// RFC 3261 11: whoever got it last may answer, or say how it came to it.
TEST_F(Requesting, OptionsThatGoNoFurtherAreAnsweredByAnybody) {
  SANSIP_SHOWS("3261-11-2");
  for (const int status : {200, 483}) {
    ASSERT_EQ(Send({.method = "OPTIONS", .target = "sip:bob@b", .from = "<sip:a@b>"}), VerbError::kNone);
    alice.Respond(status, "hop", "Contact: <sip:hop.example>\r\nAllow: OPTIONS\r\n");
    EXPECT_THAT(alice.TakeEvents(),
                ElementsAre("Request " + std::string(status == 200 ? "accepted 200" : "refused 483")));
  }
}

TEST_F(Requesting, AReinviteBesideAnInfoIsTakenAsEver) {
  SANSIP_SHOWS("3261-13.2.1-2", "3261-14.1-9");
  alice.Place();
  const std::string invite = alice.LastRequest("INVITE");
  EXPECT_THAT(HeaderOf(invite, "Allow"), HasSubstr("INFO"));
  alice.Respond(200, "bobtag", "", kAnswer);
  alice.TakeEvents();
  ASSERT_EQ(Send({.method = "INFO", .call = alice.call()}), VerbError::kNone);  // ours, and Bob's
  alice.Receive(RequestFromBob(invite, "INFO", 1));
  alice.Receive(RequestFromBob(invite, "INVITE", 2, "Contact: <sip:bob@192.0.2.2:5070>\r\n", kNewOffer));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre(StartsWith("Received"), "OfferReceived"));
  EXPECT_EQ(alice.AnswerOffer(), VerbError::kNone);
  EXPECT_THAT(alice.LastResponse("INVITE"), StartsWith("SIP/2.0 200"));
}

// RFC 3261 10.2.3
TEST_F(Requesting, ARegistrarIsAskedForTheBindings) {
  SANSIP_SHOWS("3261-10.2-4", "3261-10.2-6");
  StandaloneDraft draft{
      .method = "REGISTER", .target = "sip:alice.example", .from = "<sip:alice@alice.example>"};
  ASSERT_EQ(Send(draft), VerbError::kNone);
  const std::string first = alice.LastRequest("REGISTER");
  EXPECT_THAT(first, StartsWith("REGISTER sip:alice.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(first, "To"), "<sip:alice@alice.example>");
  EXPECT_EQ(CountOf(first, "Contact") + CountOf(first, "Expires"), 0);
  alice.Respond(302, "r", "Contact: <sip:bob@elsewhere.example>, <sip:elsewhere.example>\r\n");
  EXPECT_THAT(alice.LastRequest("REGISTER"), StartsWith("REGISTER sip:elsewhere.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.LastRequest("REGISTER"), "To"), "<sip:alice@alice.example>");
  alice.Respond(200, "r", "Contact: <sip:a@h>\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:elsewhere.example", "Request accepted 200"));
  draft.target = "sip:alice@alice.example";
  EXPECT_EQ(Send(draft), VerbError::kBadUri);
  draft.target = "sip:alice.example";
  draft.expires = 60;
  EXPECT_EQ(Send(draft), VerbError::kBadMethod);
  alice.Advance(40);
  EXPECT_EQ(alice.agent().standalones(), 0u);
}

TEST(ListedBindingsTest, SayWhatTheRegistrarDoes) {
  const Parsed response(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
      "To: <sip:a@h>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nExpires: 60\r\n"
      "Contact: <sip:a@h:5070>;q=0.7;expires=30, <sip:a@h;x>;+sip.instance=\"<urn:uuid:1>\";reg-id=2;"
      "pub-gruu=\"sip:a@h;gr=1\";temp-gruu=\"sip:t@h;gr\"\r\nContact: <sip:\r\n"
      "Contact: <mailto:a@h>\r\nContent-Length: 0\r\n\r\n");
  ListedBindings all(response.view());
  ListedBinding listed;
  ASSERT_TRUE(all.Next(listed));
  EXPECT_EQ(listed.uri, "sip:a@h:5070");
  EXPECT_EQ(listed.expires, 30u);
  EXPECT_EQ(listed.q, 700);
  EXPECT_EQ(std::string(listed.instance) + std::string(listed.pub_gruu), "");
  ASSERT_TRUE(all.Next(listed));
  EXPECT_EQ(listed.uri, "sip:a@h;x");
  EXPECT_EQ(listed.expires, 60u);
  EXPECT_EQ(listed.instance, "urn:uuid:1");
  EXPECT_EQ(listed.reg_id, "2");
  EXPECT_EQ(listed.pub_gruu, "sip:a@h;gr=1");
  EXPECT_EQ(listed.temp_gruu, "sip:t@h;gr");
  ASSERT_TRUE(all.Next(listed));
  EXPECT_EQ(listed.uri, "mailto:a@h");
  EXPECT_FALSE(all.Next(listed));
}

TEST_F(Requesting, MessagesToOnePeerKeepTheirOrder) {
  SANSIP_SHOWS("3428-8-3", "3428-8-6");
  SendMessage("one");
  SendMessage("two");
  SendMessage("three");
  SendMessage("other", "sip:carol@c");
  EXPECT_EQ(alice.CountSent("MESSAGE"), 2);
  EXPECT_EQ(BodyOf(Last()), "other");
  EXPECT_EQ(alice.agent().client_transactions_pending(), 4u);
  alice.Respond(200);
  EXPECT_EQ(alice.CountSent("MESSAGE"), 2);
  const std::string first = alice.wires().front();
  alice.RespondTo(first, 486);
  EXPECT_EQ(BodyOf(Last()), "two");
  alice.Advance(33);
  EXPECT_EQ(BodyOf(Last()), "three");
  alice.Respond(200);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request accepted 200", "Request refused 486",
                                              "Request timed-out", "Request accepted 200"));
}

TEST_F(Requesting, ALongMessageWantsAPathWithCongestionControl) {
  SANSIP_SHOWS("3428-8-2");
  const std::string text(1000, 'x');
  alice.locating = AgentUnderTest::Locating::kHeld;
  SendMessage(text);
  alice.AnswerLocate();
  EXPECT_EQ(alice.CountSent("MESSAGE"), 0);
  EXPECT_GT(alice.locates().back().wire_bytes_estimate, 1300u);
  alice.transport = Transport::kTcp;
  alice.AnswerLocate();
  EXPECT_EQ(BodyOf(Last()), text);
  alice.Respond(200);
  // Where there is none it is not sent.
  alice.transport = Transport::kUdp;
  SendMessage(text);
  alice.AnswerLocate();
  alice.AnswerLocate();
  EXPECT_EQ(alice.CountSent("MESSAGE"), 1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request accepted 200", "Request too-long"));
}

TEST_F(Requesting, WhatCannotBeIsRefused) {
  SANSIP_SHOWS("3428-4-6", "3428-5-1", "6665-8.2.1-4");
  for (const char* method : {"INVITE", "ACK", "BYE", "CANCEL", "SUBSCRIBE", "NOTIFY", "PUBLISH", "UPDATE",
                             "PRACK", "INFO", "A B", ""}) {
    EXPECT_EQ(Send({.method = method, .target = "sip:b@b", .from = "<sip:a@b>"}), VerbError::kBadMethod);
  }
  EXPECT_EQ(SendMessage("x", "tel:+1"), VerbError::kBadUri);
  StandaloneDraft draft = MessageTo("sip:b@b", "x");
  draft.expires = 60;
  EXPECT_EQ(Send(draft), VerbError::kBadHeader);
  const HeaderLine event{HeaderId::kEvent, "presence", {}};
  draft.content.headers = {&event, 1};
  EXPECT_EQ(Send(draft), VerbError::kBadHeader);
  const HeaderLine date{HeaderId::kDate, "Sat, 13 Nov 2010 23:29:00 GMT", {}};
  draft.content.headers = {&date, 1};
  EXPECT_EQ(Send(draft), VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "60");
  EXPECT_EQ(SendMessage("x", "im:bob@bob.example"), VerbError::kNone);
  EXPECT_THAT(Last(), StartsWith("MESSAGE sip:bob@bob.example SIP/2.0"));
}

TEST_F(Requesting, ARedirectIsFollowedAndAnotherPathIsTried) {
  SendMessage();
  alice.Respond(302, "b", "Contact: <sip:bob@mobile.example>\r\n");
  EXPECT_THAT(Last(), StartsWith("MESSAGE sip:bob@mobile.example SIP/2.0"));
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 MESSAGE");
  alice.paths = 2;
  alice.Respond(503);
  EXPECT_EQ(alice.CountSent("MESSAGE"), 3);
  alice.Respond(200);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:bob@mobile.example", "Request accepted 200"));
}

TEST_F(Requesting, AMessageIsAnsweredAtOnce) {
  SANSIP_SHOWS("3428-7-1", "3428-7-2", "3428-7-3", "3428-7-6", "3428-9-1");
  alice.Receive(Message(1));
  const std::string answer = alice.LastResponse("MESSAGE");
  EXPECT_THAT(answer, StartsWith("SIP/2.0 200"));
  EXPECT_EQ(CountOf(answer, "Contact"), 0);
  EXPECT_EQ(BodyOf(answer), "");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Received MESSAGE 200"));
  alice.Receive(Message(2, "Content-Type: image/png\r\n"));
  EXPECT_THAT(alice.LastResponse("MESSAGE"), StartsWith("SIP/2.0 415"));
  EXPECT_EQ(HeaderOf(alice.LastResponse("MESSAGE"), "Accept"), "text/plain");
  alice.Receive(Message(3, "", ""));
  EXPECT_THAT(alice.LastResponse("MESSAGE"), StartsWith("SIP/2.0 200"));
  RequestText lower = Message(4);
  lower.method = "message";
  alice.Receive(lower);
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 501"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Received MESSAGE 200"));
}

TEST_F(Requesting, ARelayAnswers202AndWhoTakesNoneAnswers405) {
  SANSIP_SHOWS("3428-7-4");
  AgentUnderTest relay(Taking("MESSAGE", 202));
  relay.Receive(Message(1));
  EXPECT_THAT(relay.LastResponse("MESSAGE"), StartsWith("SIP/2.0 202"));
  AgentUnderTest none;
  none.Receive(Message(1));
  EXPECT_THAT(none.LastResponse("MESSAGE"), StartsWith("SIP/2.0 405"));
  EXPECT_THAT(none.TakeEvents(), IsEmpty());
}

TEST_F(Requesting, TheUserAnswersOrIsTooSlow) {
  alice.Receive(Numbered(1, "PING"));
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Received PING"));
  EXPECT_EQ(Respond(100), VerbError::kBadStatus);
  EXPECT_EQ(Respond(200, {.body = "pong", .content_type = "text/plain"}), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.last_wire()), "pong");
  EXPECT_EQ(Respond(200), VerbError::kStale);
  RequestText second = Numbered(2, "PING");
  second.call_id = "second";
  alice.Receive(second);
  alice.Advance(20.1);
  EXPECT_THAT(alice.last_wire(), StartsWith("SIP/2.0 480"));
  EXPECT_EQ(Respond(200), VerbError::kStale);
  EXPECT_EQ(alice.agent().counters().requests_unanswered, 1u);
}

TEST_F(Requesting, OnlySoManyWaitForTheUser) {
  UserAgentOptions options = Taking("MESSAGE", 0);
  options.limits.unanswered_max = 3;
  options.limits.requests_max = 2;
  AgentUnderTest small(options);
  for (int n = 1; n <= 3; ++n) small.Receive(Message(n));
  EXPECT_EQ(small.CountSent("SIP/2.0"), 0);
  const TransactionId third = small.last_received();
  small.Receive(Message(4));
  EXPECT_THAT(small.last_wire(), StartsWith("SIP/2.0 503"));
  EXPECT_EQ(small.Do(ua::input::RespondTo{third, 200, {.body = "x", .content_type = "text/plain"}}).error,
            VerbError::kBadHeader);
  EXPECT_EQ(small.Do(ua::input::RespondTo{third, 200, {}}).error, VerbError::kNone);
  small.Receive(Message(5));
  EXPECT_THAT(small.TakeEvents(),
              ElementsAre("Received MESSAGE", "Received MESSAGE", "Received MESSAGE", "Received MESSAGE"));
  const ua::input::SendRequest send{MessageTo("sip:b@b", "x")};
  EXPECT_EQ(small.Do(send).error, VerbError::kNone);
  EXPECT_EQ(small.Do(send).error, VerbError::kNone);
  EXPECT_EQ(small.Do(send).error, VerbError::kTooManyCalls);
}

TEST_F(Requesting, WithinACall) {
  SANSIP_SHOWS("3428-7-7", "3428-8-4", "3428-8-5");
  Couple couple(Taking("MESSAGE"), Taking("MESSAGE, INFO"));
  couple.Establish();
  StandaloneDraft draft{.call = couple.alice.call(), .content = {.body = "a", .content_type = "text/plain"}};
  const std::string target(couple.bob.view().remote_target);
  EXPECT_EQ(couple.alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  EXPECT_EQ(couple.alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  EXPECT_EQ(couple.alice.CountSent("MESSAGE"), 1);
  EXPECT_EQ(HeaderOf(couple.alice.LastRequest("MESSAGE"), "Call-ID"), couple.alice.view().call_id);
  draft.method = "INFO";
  EXPECT_EQ(couple.alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.last_received_in(), couple.bob.call());
  EXPECT_THAT(couple.bob.TakeEvents(),
              ElementsAre("Received MESSAGE 200", "Received INFO", "Received MESSAGE 200"));
  EXPECT_EQ(couple.bob.Do(ua::input::RespondTo{couple.bob.last_received(), 200, {}}).error,
            VerbError::kStale);
  EXPECT_EQ(couple.bob.view().remote_target, target);
  couple.ExpectAgreement();
  couple.alice.HangUp();
  EXPECT_EQ(couple.alice.Do(ua::input::SendRequest{draft}).error, VerbError::kWrongState);
  couple.Advance(60);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
  EXPECT_EQ(couple.alice.agent().standalones(), 0u);
}

TEST_F(Requesting, ALostDialogEndsTheCall) {
  Couple couple;
  couple.Establish();
  const StandaloneDraft draft{.method = "PING", .call = couple.alice.call()};
  couple.lose = [](bool, std::string_view kind, int) { return kind == "PING"; };
  EXPECT_EQ(couple.alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  couple.Advance(33);
  EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Request timed-out", "Ended dialog-lost"));
  couple.Advance(60);
  EXPECT_EQ(couple.alice.agent().calls_kept() + couple.bob.agent().calls_kept(), 0u);
}

}  // namespace
}  // namespace sansip::testing
