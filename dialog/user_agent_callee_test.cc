// A callee against scripted requests: inspection (RFC 3261 8.2), the dialog and the responses that an INVITE
// makes (12.1.1, 13.3), CANCEL, OPTIONS, limits.

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

constexpr std::string_view kAlices = "Contact: <sip:alice@192.0.2.1:5066>\r\n";
constexpr std::string_view kSdp = "Content-Type: application/sdp\r\n";

std::string Branch(std::string_view branch) {
  return "SIP/2.0/UDP pc33.atlanta.example:5066;rport;branch=z9hG4bK" + std::string(branch);
}

RequestText Invite(std::string_view body = kOffer, std::string_view more = "") {
  RequestText invite;
  invite.more = std::string(kAlices) + std::string(more);
  if (!body.empty()) invite.more += kSdp;
  invite.body = body;
  return invite;
}

// A request of the caller within the dialog that `bob` answered.
RequestText Within(const AgentUnderTest& bob, std::string_view method, std::string_view cseq,
                   std::string_view more = "", std::string_view body = "") {
  RequestText request;
  request.method = method;
  request.uri = "sip:bob@bob.example:5060";
  request.via =
      "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::string(method) + std::string(cseq);
  request.cseq = cseq;
  request.to = "Bob <sip:bob@biloxi.example>;tag=" + TagIn(bob.LastResponse("INVITE"), "To");
  request.more = more;
  if (!body.empty()) request.more += kSdp;
  request.body = body;
  return request;
}

class Callee : public ::testing::Test {
 protected:
  AgentUnderTest bob{{}, "bob.example", 2};

  int StatusOf(const std::string& request) {
    const std::size_t before = bob.wires().size();
    bob.Receive(request);
    for (std::size_t i = before; i < bob.wires().size(); ++i) {
      if (bob.wires()[i].starts_with("SIP/2.0 ")) return std::stoi(bob.wires()[i].substr(8, 3));
    }
    return 0;
  }
  void Establish() {
    bob.Receive(Invite());
    ASSERT_EQ(bob.Answer(), VerbError::kNone);
    bob.Receive(Within(bob, "ACK", "314159"));
    ASSERT_EQ(bob.view().state, UsageState::kEstablished);
    bob.TakeEvents();
    bob.TakeSent();
  }
};

// ---- the dialog

// Found by dialog_fuzzer: it waited for ever, and the call with it.
TEST_F(Callee, AnUpdateThatWaitsWhenNoAckComesIsAnswered) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  bob.Advance(31.5);
  EXPECT_EQ(StatusOf(Within(bob, "UPDATE", "314160", "", kNewOffer)), 0);
  bob.TakeSent();
  bob.Advance(0.5);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("32 487 UPDATE", "32 BYE"));
  bob.Respond(200, "");
  bob.Advance(70);
  EXPECT_EQ(bob.agent().calls_kept(), 0u);
}

// Found by dialog_fuzzer: the caller has no dialog before a response has told the tag.
TEST_F(Callee, ADialogThatNobodyWasToldOfHasNoUpdate) {
  bob.Receive(Invite(kOffer, "Allow: UPDATE\r\n"));
  EXPECT_EQ(bob.Update({}), VerbError::kWrongState);
  EXPECT_EQ(bob.LastRequest("UPDATE"), "");
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(bob.Update({}), VerbError::kNone);
  EXPECT_EQ(TagIn(bob.LastRequest("UPDATE"), "From"), TagIn(bob.LastResponse("INVITE"), "To"));
}

TEST_F(Callee, ResponsesCarryWhatMakesTheDialog) {
  bob.Receive(Invite(kOffer,
                     "Record-Route: <sip:p3.example;lr;x=1>;h=\"a,b\"\r\n"
                     "Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>\r\n"));
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  const std::string ringing = bob.last_wire();
  ASSERT_EQ(bob.Ring(183), VerbError::kNone);
  const std::string progress = bob.last_wire();
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  const std::string success = bob.last_wire();
  for (const std::string& response : {ringing, progress, success}) {
    EXPECT_EQ(HeaderOf(response, "Record-Route"),
              "<sip:p3.example;lr;x=1>;h=\"a,b\", <sip:p2.example;lr>, <sip:p1.example;lr>");
    EXPECT_EQ(CountOf(response, "Contact"), 1);
    EXPECT_EQ(HeaderOf(response, "Contact"), "<sip:bob@bob.example:5060>");
    EXPECT_EQ(HeaderOf(response, "To"), HeaderOf(ringing, "To"));
    EXPECT_EQ(HeaderOf(response, "Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, NOTIFY");
    EXPECT_EQ(HeaderOf(response, "Supported"), "timer");
  }
  EXPECT_EQ(TagIn(ringing, "To").size(), 16u);
  EXPECT_EQ(BodyOf(success), kAnswer);
  bob.Receive(Within(bob, "ACK", "314159"));
  bob.HangUp();
  const std::string bye = bob.LastRequest("BYE");
  EXPECT_THAT(bye, StartsWith("BYE sip:alice@192.0.2.1:5066 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(bye, "Route"),
            "<sip:p3.example;lr;x=1>;h=\"a,b\", <sip:p2.example;lr>, <sip:p1.example;lr>");
  EXPECT_EQ(bob.last_next_hop(), "sip:p3.example;lr;x=1");
  EXPECT_EQ(HeaderOf(bye, "CSeq"), "1 BYE");
  SANSIP_SHOWS("3261-12.1.1-1", "3261-12.1.1-2", "3261-12.1.1-3", "3261-12.1.1-4", "3261-12.1.1-9");
  SANSIP_SHOWS("3261-12.1.1-14", "3261-13.3.1.1-2", "3261-13.3.1.4-1", "3311-4-3", "3311-4-4");
  SANSIP_SHOWS("3261-8.2.6.2-8", "3261-8.2.6.2-10", "3261-12.2.1.1-10");
}

TEST_F(Callee, ContactIsSipsWhereItMustBe) {
  RequestText invite = Invite();
  invite.uri = "sips:bob@biloxi.example";
  bob.Receive(invite.text(), Transport::kTls);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Contact"), "<sips:bob@bob.example:5060>");
  invite = Invite();
  invite.call_id = "other";
  invite.via = Branch("2");
  invite.more = "Contact: <sips:alice@192.0.2.1>\r\n" + std::string(kSdp);
  bob.Receive(invite.text(), Transport::kTls);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Contact"), "<sips:bob@bob.example:5060>");
  invite.call_id = "third";
  invite.via = Branch("3");
  invite.more = std::string(kAlices) + "Record-Route: <sips:p.example;lr>\r\n" + std::string(kSdp);
  bob.Receive(invite.text(), Transport::kTls);
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Contact"), "<sips:bob@bob.example:5060>");
  SANSIP_SHOWS("3261-12.1.1-5");
}

TEST_F(Callee, NullFromTagIsAccepted) {
  RequestText invite = Invite();
  invite.from = "<sip:old@atlanta.example>";
  bob.Receive(invite);
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  RequestText ack = Within(bob, "ACK", "314159");
  ack.from = invite.from;
  bob.Receive(ack);
  ASSERT_EQ(bob.view().state, UsageState::kEstablished);
  bob.HangUp();
  EXPECT_EQ(HeaderOf(bob.LastRequest("BYE"), "To"), "<sip:old@atlanta.example>");
  SANSIP_SHOWS("3261-12.1.1-18", "3261-12.2.1.1-5");
}

TEST_F(Callee, ContactThatCannotBeATargetIsA400) {
  RequestText invite = Invite();
  invite.more = "Contact: <tel:+1555>\r\n" + std::string(kSdp);
  EXPECT_EQ(StatusOf(invite), 400);
  invite = Invite("", "Contact: <sip:second@h.example>\r\n");
  invite.via = Branch("2");
  invite.call_id = "two";
  EXPECT_EQ(StatusOf(invite), 400);
  EXPECT_EQ(bob.agent().calls_kept(), 0u);
}

TEST_F(Callee, RingingIsRepeatedEveryMinute) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Ring(183, kAnswer), VerbError::kNone);
  bob.TakeSent();
  bob.AdvanceTo(300);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("60 183 INVITE", "120 183 INVITE", "180 183 INVITE",
                                          "240 183 INVITE", "300 183 INVITE"));
  EXPECT_EQ(BodyOf(bob.last_wire()), kAnswer);
  SANSIP_SHOWS("3261-13.3.1.1-3");
}

TEST_F(Callee, ExpiresEndsAnUnansweredCall) {
  bob.Receive(Invite(kOffer, "Expires: 20\r\n"));
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  bob.AdvanceTo(19.9);
  EXPECT_EQ(bob.CountSent("SIP/2.0 487"), 0);
  bob.AdvanceTo(20);
  EXPECT_EQ(bob.CountSent("SIP/2.0 487"), 1);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming", "Ended expired 487"));
  SANSIP_SHOWS("3261-13.3.1-1");
}

TEST_F(Callee, CopyOfTheInviteIsNoSecondCall) {
  bob.Receive(Invite());
  bob.Receive(Invite());
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  bob.Receive(Invite());
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(bob.agent().calls_kept(), 1u);
  SANSIP_SHOWS("5407-3.1.1-1", "5407-3.1.1-3", "6026-6-1");
}

TEST_F(Callee, RefusesWithTheUsersHeaders) {
  bob.Receive(Invite());
  const HeaderLine warning{HeaderId::kWarning, "305 bob.example \"Incompatible media format\"", {}};
  ASSERT_EQ(bob.Do(ua::input::Refuse{bob.call(), 488, {.headers = {&warning, 1}}}).error, VerbError::kNone);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Warning"), "305 bob.example \"Incompatible media format\"");
  EXPECT_EQ(bob.Refuse(486), VerbError::kWrongState);
  EXPECT_EQ(bob.Answer(), VerbError::kWrongState);
  bob.Receive(Invite());  // a copy: the same response
  EXPECT_EQ(bob.CountSent("SIP/2.0 488"), 2);
  const CallId other = bob.call();
  EXPECT_EQ(bob.Do(ua::input::Ring{other, 200, {}}).error, VerbError::kWrongState);
}

TEST_F(Callee, StatusesOfVerbsAreChecked) {
  bob.Receive(Invite());
  EXPECT_EQ(bob.Ring(100), VerbError::kBadStatus);
  EXPECT_EQ(bob.Ring(200), VerbError::kBadStatus);
  EXPECT_EQ(bob.Refuse(200), VerbError::kBadStatus);
  EXPECT_EQ(bob.Refuse(700), VerbError::kBadStatus);
  const HeaderLine contact{HeaderId::kContact, "<sip:x@y>", {}};
  EXPECT_EQ(bob.Do(ua::input::Refuse{bob.call(), 486, {.headers = {&contact, 1}}}).error,
            VerbError::kBadHeader);
  EXPECT_THAT(bob.wires(), IsEmpty());
}

TEST_F(Callee, HangUpBeforeTheAnswerIsA480) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.HangUp(), VerbError::kNone);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming", "Ended local-refusal 480"));
  EXPECT_EQ(bob.CountSent("BYE"), 0);
  SANSIP_SHOWS("3261-15-5");
}

// ---- inspection (8.2)

TEST_F(Callee, MethodsAreAnsweredTruthfully) {
  for (const std::string_view method :
       {"REGISTER", "INFO", "MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH", "PRACK"}) {
    RequestText request;
    request.method = method;
    request.via = Branch(method);
    EXPECT_EQ(StatusOf(request), 405) << method;
    EXPECT_EQ(HeaderOf(bob.last_wire(), "Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, NOTIFY");
  }
  RequestText request;
  request.method = "Update";
  request.more = "Require: foo\r\n";
  EXPECT_EQ(StatusOf(request), 501);
  EXPECT_EQ(CountOf(bob.last_wire(), "Allow"), 1);
  EXPECT_EQ(bob.agent().counters().refused_method, 8u);
  SANSIP_SHOWS("3261-8.2.1-1", "3261-8.2.1-2", "3261-8.2.1-3", "3261-8.2.1-4", "3311-7-1");
}

TEST_F(Callee, OnlyFieldsThatAreNeededHaveToBeWellFormed) {
  RequestText options;
  options.method = "OPTIONS";
  options.more = "Date: some time\r\nContact: <\r\nRecord-Route: none\r\n";
  EXPECT_EQ(StatusOf(options), 200);
  EXPECT_EQ(StatusOf(Invite(kOffer, "Record-Route: none\r\n")), 400);
  EXPECT_THAT(bob.TakeEvents(), IsEmpty());
  SANSIP_SHOWS("3261-8.2.2-2");
}

TEST_F(Callee, AnInviteWhoseAnswerNobodyCouldReadIsA406) {
  EXPECT_EQ(StatusOf(Invite(kOffer, "Accept: text/odd\r\n")), 406);
  EXPECT_THAT(bob.TakeEvents(), IsEmpty());
}

TEST_F(Callee, UnknownOptionIsA420WithWhatIsUnknown) {
  EXPECT_EQ(StatusOf(Invite(kOffer, "Require: timer, 100rel\r\nRequire: foo\r\n")), 420);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Unsupported"), "100rel, foo");
  EXPECT_THAT(bob.TakeEvents(), IsEmpty());
  EXPECT_EQ(bob.agent().counters().refused_extension, 1u);
  SANSIP_SHOWS("3261-8.2.2.3-1", "3261-8.2.2.3-2", "3261-20.32-1", "3261-20.32-2");
}

TEST_F(Callee, UnsupportedSchemeIsA416) {
  RequestText options;
  options.method = "OPTIONS";
  options.uri = "tel:+15551234";
  EXPECT_EQ(StatusOf(options), 416);
  options.via = Branch("2");
  options.call_id = "2";
  options.uri = "sip:anyone@anywhere.example";
  EXPECT_EQ(StatusOf(options), 200);
  SANSIP_SHOWS("3261-8.2.2.1-3", "3261-8.1.1.2-2", "3261-8.2.2.1-1");
}

TEST_F(Callee, BodiesThatAreNotUnderstoodAreA415) {
  RequestText invite = Invite("");
  invite.more = std::string(kAlices) + "Content-Type: application/x-foo\r\n";
  invite.body = "foo";
  EXPECT_EQ(StatusOf(invite), 415);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Accept"), "application/sdp");
  invite.via = Branch("2");
  invite.call_id = "2";
  invite.more = std::string(kAlices) + std::string(kSdp) + "Content-Encoding: gzip\r\n";
  EXPECT_EQ(StatusOf(invite), 415);
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Accept-Encoding"), "identity");
  EXPECT_EQ(bob.agent().counters().refused_body, 2u);
  invite.via = Branch("3");
  invite.call_id = "3";
  invite.more = std::string(kAlices) +
                "Content-Type: application/x-foo\r\nContent-Disposition: x;handling=optional\r\n";
  EXPECT_EQ(StatusOf(invite), 0);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(bob.last_description(), "");
  invite.via = Branch("4");
  invite.call_id = "4";
  invite.more = std::string(kAlices) + std::string(kSdp) + "Content-Disposition: render\r\n";
  bob.Receive(invite);
  EXPECT_EQ(bob.last_description(), "");
  SANSIP_SHOWS("3261-8.2.3-1", "3261-8.2.3-2", "3261-8.2.3-3", "3261-20.11-2", "3261-13.2.1-14");
}

TEST_F(Callee, UnknownHeaderFieldsAndToAreNoReasonToRefuse) {
  RequestText invite = Invite(kOffer, "X-Foo: bar\r\nPriority: \x01\r\n");
  invite.to = "<isbn:2983792873>";
  invite.more = std::string(kAlices) + "X-Foo: bar\r\n" + std::string(kSdp);
  bob.Receive(invite);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  SANSIP_SHOWS("3261-8.2.2-1", "3261-8.2.2.1-1");
}

// 8.2.2.1: by option, of Request-URI and To; not within dialogs.
TEST_F(Callee, WhoIsNotServedIsA404AndAToThatIsNotAnsweredToA403) {
  SANSIP_SHOWS("3261-8.2.2.1-2", "3261-8.2.2.1-4", "3261-21.4.10-1");
  UserAgentOptions options;
  options.methods = "MESSAGE";
  options.serves = [](std::string_view uri) { return uri == "sip:bob@biloxi.example"; };
  options.answers_to = [](std::string_view uri) { return uri.ends_with("@biloxi.example"); };
  AgentUnderTest carol(options, "biloxi.example");
  const auto status_of = [&](RequestText request) {
    carol.Receive(request);
    return carol.last_wire().substr(8, 3);
  };
  for (const std::string_view method : {"INVITE", "OPTIONS", "MESSAGE"}) {
    RequestText request = Invite();
    request.method = method;
    if (method == "MESSAGE") request.more = "Content-Type: text/plain\r\n";
    request.via = Branch(std::string(method) + "1");
    request.call_id = std::string(method) + "1";
    request.uri = "sip:stranger@biloxi.example";
    EXPECT_EQ(status_of(request), "404") << method;
    request.via = Branch(std::string(method) + "2");
    request.call_id = std::string(method) + "2";
    request.uri = "sip:bob@biloxi.example";
    request.to = "<sip:bob@elsewhere.example>";
    EXPECT_EQ(status_of(request), "403") << method;
  }
  EXPECT_THAT(carol.TakeEvents(), IsEmpty());
  carol.Receive(Invite());
  EXPECT_EQ(carol.Answer(), VerbError::kNone);
  RequestText bye = Within(carol, "BYE", "314160");
  bye.uri = "sip:biloxi.example:5060";  // our Contact, whatever it is
  EXPECT_EQ(status_of(bye), "200");
}

// RFC 3261 13.2.1, 20.11
TEST_F(Callee, OnlyASessionsBodyIsAnOffer) {
  SANSIP_SHOWS("3261-13.2.1-16", "3261-13.2.1-17");
  UserAgentOptions options;
  options.accept = "application/sdp, text/plain, image/png";
  const struct {
    std::string_view headers;
    bool is_offer;
  } kBodies[] = {{"Content-Type: application/sdp\r\n", true},
                 {"Content-Type: Application/SDP\r\n", true},
                 {"Content-Type: application/sdp\r\nContent-Disposition: render\r\n", false},
                 {"Content-Type: text/plain\r\n", false},
                 {"Content-Type: text/plain\r\nContent-Disposition: session\r\n", true},
                 {"Content-Type: image/png\r\nContent-Disposition: render\r\n", false}};
  for (const auto& row : kBodies) {
    AgentUnderTest carol(options, "bob.example");
    RequestText invite = Invite("");
    invite.more += row.headers;
    invite.body = kOffer;
    carol.Receive(invite);
    EXPECT_EQ(carol.last_description().empty(), !row.is_offer) << row.headers;
    if (row.is_offer) continue;
    ASSERT_EQ(carol.Answer(kOffer), VerbError::kNone);
    carol.TakeEvents();
    carol.Receive(Within(carol, "ACK", "314159", "", kAnswer));
    EXPECT_THAT(carol.TakeEvents(), ElementsAre("AnswerReceived", "Confirmed"));
  }
}

// 12.1.1, 12.1.2: sips, and it came over TLS.
TEST_F(Callee, ADialogIsSecureOnlyIfItsInviteWas) {
  SANSIP_SHOWS("3261-12.1.1-8", "3261-12.2.1.1-21");
  for (const bool is_sips : {true, false}) {
    AgentUnderTest carol({}, "bob.example");
    carol.transport = Transport::kTls;
    RequestText invite = Invite();
    if (is_sips) invite.uri = "sips:bob@biloxi.example";
    carol.Receive(invite, Transport::kTls);
    carol.Answer();
    carol.Receive(Within(carol, "ACK", "314159"), Transport::kTls);
    // The target that Alice has named is a sip one.
    ASSERT_EQ(carol.Reinvite(), VerbError::kNone);
    EXPECT_THAT(carol.LastRequest("INVITE"), StartsWith("INVITE sip:alice@192.0.2.1:5066 "));
    EXPECT_THAT(HeaderOf(carol.LastRequest("INVITE"), "Contact"), StartsWith(is_sips ? "<sips:" : "<sip:"));
  }
}

TEST_F(Callee, MergedRequestIsA482) {
  bob.Receive(Invite());
  RequestText other = Invite();
  other.via = "SIP/2.0/UDP other.example;branch=z9hG4bKother";
  EXPECT_EQ(StatusOf(other), 482);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  EXPECT_EQ(bob.agent().counters().merged_requests, 1u);
  other.cseq = "314160";
  other.via = Branch("2");
  bob.Receive(other);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming"));
  SANSIP_SHOWS("3261-8.2.2.2-1", "3261-8.2.2.2-2");
}

TEST_F(Callee, UnknownDialogIsA481) {
  for (const std::string_view method : {"INVITE", "BYE", "UPDATE", "OPTIONS"}) {
    RequestText request = method == "INVITE" ? Invite() : RequestText{};
    request.method = method;
    request.via = Branch(method);
    request.to = "<sip:bob@biloxi.example>;tag=unknown";
    EXPECT_EQ(StatusOf(request), 481) << method;
    EXPECT_EQ(HeaderOf(bob.last_wire(), "To"), "<sip:bob@biloxi.example>;tag=unknown");
    bob.Receive(request);
    EXPECT_THAT(bob.last_wire(), StartsWith("SIP/2.0 481"));
  }
  RequestText bye;
  bye.method = "BYE";
  bye.via = Branch("untagged");
  EXPECT_EQ(StatusOf(bye), 481);
  RequestText ack;
  ack.method = "ACK";
  ack.to = "<sip:bob@biloxi.example>;tag=unknown";
  EXPECT_EQ(StatusOf(ack), 0);
  SANSIP_SHOWS("3261-12.2.2-5", "3261-12.2.2-3", "3261-15.1.2-1", "3261-8.2.6.2-6");
}

// ---- OPTIONS

TEST_F(Callee, OptionsSaysWhatAnInviteWouldGet) {
  UserAgentOptions options;
  options.limits.calls_max = 1;
  options.capabilities = "v=0\r\n";
  AgentUnderTest carol(options, "carol.example");
  RequestText request;
  request.method = "OPTIONS";
  request.more = "Contact: <sip:x@y>\r\n";
  carol.Receive(request);
  const std::string success = carol.last_wire();
  EXPECT_THAT(success, StartsWith("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(HeaderOf(success, "Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, NOTIFY");
  EXPECT_EQ(HeaderOf(success, "Accept"), "application/sdp");
  EXPECT_EQ(HeaderOf(success, "Accept-Encoding"), "identity");
  EXPECT_EQ(HeaderOf(success, "Accept-Language"), "*");
  EXPECT_EQ(HeaderOf(success, "Supported"), "timer");
  EXPECT_EQ(HeaderOf(success, "Content-Type"), "application/sdp");
  EXPECT_EQ(BodyOf(success), "v=0\r\n");
  carol.Place();  // the only call there may be
  request.via = Branch("2");
  request.call_id = "2";
  carol.Receive(request);
  EXPECT_THAT(carol.last_wire(), StartsWith("SIP/2.0 486"));
  bob.Do(ua::input::SetBusy{true});
  EXPECT_EQ(StatusOf(request), 486);
  EXPECT_EQ(StatusOf(Invite()), 486);
  EXPECT_EQ(bob.agent().counters().refused_busy, 1u);
  SANSIP_SHOWS("3261-11-1", "3261-11.2-1", "3261-11.2-2", "3261-11.2-7", "3261-13.3.1.3-1", "3261-11.1-1");
}

// ---- CANCEL and BYE

TEST_F(Callee, CancelOfNothingIsA481) {
  RequestText cancel;
  cancel.method = "CANCEL";
  EXPECT_EQ(StatusOf(cancel), 481);
  SANSIP_SHOWS("3261-9.2-1");
}

TEST_F(Callee, CancelWithRequireIsObeyedAllTheSame) {
  bob.Receive(Invite());
  RequestText cancel;
  cancel.method = "CANCEL";
  cancel.more = "Require: foo\r\n";
  EXPECT_EQ(StatusOf(cancel), 200);
  EXPECT_EQ(bob.CountSent("SIP/2.0 487"), 1);
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming", "Ended remote-cancel 487"));
  EXPECT_EQ(bob.Answer(), VerbError::kWrongState);
  SANSIP_SHOWS("3261-8.2.2.3-4", "3261-9.2-2");
}

TEST_F(Callee, CancelAfterTheAnswerChangesNothing) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Answer(), VerbError::kNone);
  RequestText cancel;
  cancel.method = "CANCEL";
  EXPECT_EQ(StatusOf(cancel), 200);
  EXPECT_EQ(bob.CountSent("SIP/2.0 487"), 0);
  EXPECT_EQ(bob.view().state, UsageState::kMoratorium);
  SANSIP_SHOWS("5407-C-2", "5407-3.1.2-1");
}

TEST_F(Callee, CancelOfAnotherMethodIsA200WithItsTagAndChangesNothing) {
  RequestText options;
  options.method = "OPTIONS";
  EXPECT_EQ(StatusOf(options), 200);
  const std::string tag = TagIn(bob.last_wire(), "To");
  options.method = "CANCEL";
  EXPECT_EQ(StatusOf(options), 200);
  EXPECT_EQ(TagIn(bob.last_wire(), "To"), tag);
  // An UPDATE that waits for its user goes on waiting.
  Establish();
  RequestText update = Within(bob, "UPDATE", "314160", kAlices, kNewOffer);
  EXPECT_EQ(StatusOf(update), 0);
  bob.TakeEvents();
  bob.TakeSent();
  update.method = "CANCEL";
  update.more = "";
  update.body = "";
  EXPECT_EQ(StatusOf(update), 200);
  EXPECT_THAT(bob.TakeEvents(), IsEmpty());
  EXPECT_EQ(bob.AnswerOffer(), VerbError::kNone);
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0 200 CANCEL", "0 200 UPDATE"));
  SANSIP_SHOWS("3261-9.2-3");
}

TEST_F(Callee, ByeWhileEarlyAnswersBoth) {
  bob.Receive(Invite());
  ASSERT_EQ(bob.Ring(), VerbError::kNone);
  bob.TakeSent();
  bob.Receive(Within(bob, "BYE", "314160"));
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0 200 BYE", "0 487 INVITE"));
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Incoming", "Ended remote-bye"));
  SANSIP_SHOWS("3261-15-3", "3261-15.1.2-6", "3261-15.1.2-7", "5407-2-13", "5407-A-2", "5407-2-1");
}

TEST_F(Callee, AfterTheEndOnlyByeIsAccepted) {
  Establish();
  ASSERT_EQ(bob.HangUp(), VerbError::kNone);
  EXPECT_EQ(StatusOf(Within(bob, "INVITE", "314160", kAlices)), 481);
  EXPECT_EQ(StatusOf(Within(bob, "UPDATE", "314161")), 481);
  EXPECT_EQ(StatusOf(Within(bob, "REFER", "314162")), 481);
  EXPECT_EQ(StatusOf(Within(bob, "BYE", "314163")), 200);
  EXPECT_EQ(bob.Reinvite(), VerbError::kWrongState);
  SANSIP_SHOWS("5407-2-17", "5407-2-18", "5407-3.2.1-2", "5407-3.2.2-1", "5407-3.3.3-1");
}

TEST_F(Callee, ReferWithinACallIsA405AndNoHarm) {
  Establish();
  EXPECT_EQ(StatusOf(Within(bob, "REFER", "314160")), 405);
  EXPECT_EQ(StatusOf(Within(bob, "INFO", "314161", "Contact: <sip:moved@h.example>\r\n")), 405);
  EXPECT_EQ(StatusOf(Within(bob, "OPTIONS", "314162", "Contact: <sip:moved@h.example>\r\n")), 200);
  EXPECT_EQ(bob.view().remote_target, "sip:alice@192.0.2.1:5066");
  EXPECT_EQ(bob.view().state, UsageState::kEstablished);
  SANSIP_SHOWS("3261-12.2-3", "3261-12.2.1.1-22", "3261-11-3", "3261-12.2.2-6");
}

// RFC 3261 17.1: two-way handshakes are answered in the event that brought the request.
TEST_F(Callee, NonInvitesAreAnsweredAtOnce) {
  RequestText options;
  options.method = "OPTIONS";
  EXPECT_EQ(StatusOf(options), 200);
  Establish();
  EXPECT_EQ(StatusOf(Within(bob, "OPTIONS", "314160")), 200);
  EXPECT_EQ(StatusOf(Within(bob, "INFO", "314161")), 405);
  EXPECT_EQ(StatusOf(Within(bob, "UPDATE", "314162", kAlices)), 200);
  EXPECT_EQ(StatusOf(Within(bob, "BYE", "314163")), 200);
  SANSIP_SHOWS("3261-17.1-2");
}

// ---- limits

TEST_F(Callee, CallsBeyondTheLimitAreBusy) {
  UserAgentOptions options;
  options.limits.calls_max = 2;
  AgentUnderTest carol(options);
  for (int i = 0; i < 3; ++i) {
    RequestText invite = Invite();
    invite.call_id = std::to_string(i);
    invite.via = Branch(std::to_string(i));
    carol.Receive(invite);
  }
  EXPECT_THAT(carol.TakeEvents(), ElementsAre("Incoming", "Incoming"));
  EXPECT_THAT(carol.last_wire(), StartsWith("SIP/2.0 486"));
  EXPECT_EQ(carol.agent().counters().refused_busy, 1u);
}

TEST_F(Callee, LongBodiesRoutesAndIdentitiesAreRefused) {
  const std::string body(20000, 'b');
  EXPECT_EQ(StatusOf(Invite(body)), 413);
  std::string routes;
  for (int i = 0; i < 33; ++i) routes += "Record-Route: <sip:p" + std::to_string(i) + ".example;lr>\r\n";
  RequestText invite = Invite(kOffer, routes);
  invite.call_id = "3";
  invite.via = Branch("3");
  EXPECT_EQ(StatusOf(invite), 500);
  invite = Invite();
  invite.call_id = std::string(3000, 'c');
  invite.via = Branch("4");
  EXPECT_EQ(StatusOf(invite), 500);
  EXPECT_EQ(bob.agent().counters().refused_limit, 3u);
  EXPECT_EQ(bob.agent().calls_kept(), 0u);
}

}  // namespace
}  // namespace sansip::testing
