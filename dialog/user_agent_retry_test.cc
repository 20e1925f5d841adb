// Requests that are refused and tried again with less, or elsewhere (RFC 3261 8.1.3.5, 12.2.1.2), and what a
// caller says, or does not, of itself (8.1.1.3, 8.1.1.9).

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kTwoParts =
    "--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    "--x\r\nContent-Type: application/sdp\r\nContent-Disposition: session;handling=required\r\n\r\n"
    "v=0\r\n\r\n--x--\r\n";

CallDraft Yielding(std::string_view body = kOffer) {
  CallDraft draft = DraftToBob(body);
  draft.yields = true;
  return draft;
}

class RefusedInvite : public ::testing::Test {
 protected:
  // The INVITE is refused; what is sent instead, "" if nothing.
  std::string After(int status, std::string_view more) {
    const std::string refused = alice.LastRequest("INVITE");
    alice.Respond(status, "b", more);
    const std::string next = alice.LastRequest("INVITE");
    if (next == refused) return "";
    for (const std::string_view same : {"From", "To", "Call-ID"}) {
      EXPECT_EQ(HeaderOf(next, same), HeaderOf(refused, same));
    }
    EXPECT_EQ(std::stoi(HeaderOf(next, "CSeq")), std::stoi(HeaderOf(refused, "CSeq")) + 1);
    EXPECT_NE(HeaderOf(next, "Via"), HeaderOf(refused, "Via"));
    return next;
  }

  AgentUnderTest alice;
};

// ---- 415

TEST_F(RefusedInvite, ThePartThatIsAcceptedGoesAlone) {
  SANSIP_SHOWS("3261-7.4.1-5");
  SANSIP_SHOWS("3261-8.1.3.5-3");
  CallDraft draft = Yielding(kTwoParts);
  draft.content.content_type = "multipart/mixed;boundary=x";
  const HeaderLine headers[] = {{HeaderId::kMimeVersion, "1.0", {}}, {HeaderId::kSubject, "lunch", {}}};
  draft.content.headers = headers;
  alice.Place(draft);
  const std::string next = After(415, "Accept: application/sdp\r\nAccept-Encoding: identity\r\n");
  EXPECT_EQ(HeaderOf(next, "Content-Type"), "application/sdp");
  EXPECT_EQ(HeaderOf(next, "Content-Disposition"), "session;handling=required");
  EXPECT_EQ(CountOf(next, "MIME-Version") + CountOf(next, "Content-Encoding"), 0);
  EXPECT_EQ(HeaderOf(next, "Subject"), "lunch");
  EXPECT_EQ(BodyOf(next), "v=0\r\n");
  alice.Respond(200, "b", "", kAnswer);
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Answered 200", "AnswerReceived", "Timer 1800 by us", "Confirmed"));
  EXPECT_EQ(alice.view().local_body, "v=0\r\n");
}

TEST_F(RefusedInvite, WithoutABodyTheCalleeOffers) {
  CallDraft draft = Yielding("<greeting/>");
  draft.content.content_type = "application/greeting+xml";
  alice.Place(draft);
  const std::string next = After(415, "Accept: application/sdp, text/*\r\n");
  EXPECT_EQ(CountOf(next, "Content-Type"), 0);
  EXPECT_EQ(BodyOf(next), "");
  alice.Respond(200, "b", "", kOffer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Answered 200", "OfferReceived", "Timer 1800 by us"));
  EXPECT_EQ(alice.AnswerOffer(kAnswer), VerbError::kNone);
  EXPECT_EQ(BodyOf(alice.LastRequest("ACK")), kAnswer);
}

TEST_F(RefusedInvite, A415ThatAcceptsWhatWasSentIsTheEnd) {
  alice.Place(Yielding());
  EXPECT_EQ(After(415, "Accept: text/plain, application/*\r\n"), "");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 415"));
  alice.Place(Yielding());
  EXPECT_EQ(After(415, "Accept-Language: en\r\n"), "");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 415"));
}

TEST_F(RefusedInvite, WhoDoesNotYieldIsRefused) {
  CallDraft draft = Yielding("x");
  draft.yields = false;
  draft.content.content_type = "text/plain";
  const HeaderLine header = {HeaderId::kRequire, "foo", {}};
  draft.content.headers = {&header, 1};
  for (const int status : {415, 416, 420}) {
    alice.Place(draft);
    EXPECT_EQ(After(status, "Accept: application/sdp\r\nUnsupported: foo\r\n"), "") << status;
    EXPECT_EQ(alice.last_end().status, status);
  }
}

TEST_F(RefusedInvite, AnEncodedPartIsNotTaken) {
  CallDraft draft = Yielding(
      "--x\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0w\r\n--x--\r\n");
  draft.content.content_type = "multipart/mixed;boundary=x";
  alice.Place(draft);
  EXPECT_EQ(BodyOf(After(415, "Accept: application/sdp\r\n")), "");
}

// ---- 416

TEST_F(RefusedInvite, ANumberIsAskedForAsSipUri) {
  SANSIP_SHOWS("3261-8.1.3.5-4");
  CallDraft draft = Yielding();
  const std::string_view route = "<sip:proxy.example;lr>";
  draft.target = "tel:+1-555-0100;ext=7";
  draft.routes = {&route, 1};
  alice.Place(draft);
  const std::string first = alice.LastRequest("INVITE");
  EXPECT_THAT(first, StartsWith("INVITE tel:+1-555-0100;ext=7 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(first, "To"), "<tel:+1-555-0100;ext=7>");
  EXPECT_EQ(alice.last_next_hop(), "sip:proxy.example;lr");
  const std::string next = After(416, "");
  EXPECT_THAT(next, StartsWith("INVITE sip:+1-555-0100;ext=7@alice.example;user=phone SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(next, "Route"), route);
  // It is a SIP URI by now, and a sips URI is left for no other (RFC 5630).
  EXPECT_EQ(After(416, ""), "");
  draft.target = "sips:bob@bob.example";
  alice.Place(draft);
  EXPECT_EQ(After(416, ""), "");
  EXPECT_EQ(alice.last_end().status, 416);
}

TEST_F(RefusedInvite, ANumberNeedsARouteAndAnAnonymousCallerGetsItsDomain) {
  CallDraft draft = Yielding();
  draft.target = "tel:+15550100";
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{draft}).error, VerbError::kBadUri);
  const std::string_view route = "<sip:proxy.example;lr>";
  draft.routes = {&route, 1};
  draft.target = "tel:5550100";  // local, and nobody says where
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{draft}).error, VerbError::kBadUri);
  draft.target = "tel:+15550100";
  draft.from = kAnonymous;
  alice.Place(draft);
  EXPECT_THAT(After(416, ""), StartsWith("INVITE sip:+15550100@proxy.example;user=phone SIP/2.0\r\n"));
}

// ---- 420

TEST_F(RefusedInvite, WithoutTheExtensionsThatAreNotSupported) {
  SANSIP_SHOWS("3261-8.1.3.5-5", "3261-8.1.1.9-4");
  CallDraft draft = Yielding();
  const HeaderLine headers[] = {{HeaderId::kRequire, "foo, bar", {}},
                                {HeaderId::kOther, "baz", "Proxy-Require"},
                                {HeaderId::kRequire, "foo", {}}};
  draft.content.headers = headers;
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Proxy-Require"), "baz");
  const std::string next = After(420, "Unsupported: x, FOO\r\n");
  EXPECT_EQ(HeaderOf(next, "Require"), "bar");
  EXPECT_EQ(CountOf(next, "Require"), 1);
  EXPECT_EQ(HeaderOf(next, "Proxy-Require"), "baz");
  EXPECT_EQ(BodyOf(next), kOffer);
  const std::string last = After(420, "Unsupported: baz\r\nUnsupported: bar\r\n");
  EXPECT_EQ(CountOf(last, "Require") + CountOf(last, "Proxy-Require"), 0);
  EXPECT_EQ(After(420, "Unsupported: baz\r\n"), "");  // it was not asked for
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended refused 420"));
}

TEST_F(RefusedInvite, ReliableProvisionalsAreLeftOutOnlyIfTheyMay) {
  CallDraft draft = Yielding();
  draft.reliable_provisionals = ReliableProvisionals::kRequired;
  alice.Place(draft);
  const std::string next = After(420, "Unsupported: 100rel\r\n");
  EXPECT_EQ(CountOf(next, "Require"), 0);
  EXPECT_THAT(HeaderOf(next, "Supported"), Not(HasSubstr("100rel")));
  draft.yields = false;
  alice.Place(draft);
  EXPECT_EQ(After(420, "Unsupported: 100rel\r\n"), "");
}

// RFC 3891 3: it would be another call than the one that was asked for.
TEST_F(RefusedInvite, ReplacesIsNotLeftOut) {
  CallDraft draft = Yielding();
  draft.replaces = "id@host;to-tag=1;from-tag=2";
  alice.Place(draft);
  EXPECT_EQ(After(420, "Unsupported: replaces\r\n"), "");
}

TEST_F(RefusedInvite, SoOftenAndNoMore) {
  CallDraft draft = Yielding();
  const HeaderLine header = {HeaderId::kRequire, "a1,a2,a3,a4,a5", {}};
  draft.content.headers = {&header, 1};
  alice.Place(draft);
  for (int i = 1; i <= 4; ++i) {
    EXPECT_NE(After(420, "Unsupported: a" + std::to_string(i) + "\r\n"), "") << i;
  }
  EXPECT_EQ(After(420, "Unsupported: a5\r\n"), "");
  EXPECT_EQ(alice.CountDifferent("INVITE"), 5);
}

// ---- requests outside of calls

TEST(RefusedRequest, OptionsAndMethodsByNameGoOnWithLess) {
  AgentUnderTest alice;
  const HeaderLine header = {HeaderId::kRequire, "foo", {}};
  StandaloneDraft draft{.method = "OPTIONS",
                        .target = "sip:bob@bob.example",
                        .from = "<sip:alice@alice.example>",
                        .content = {.body = "x", .content_type = "text/plain", .headers = {&header, 1}},
                        .yields = true};
  ASSERT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Require"), "foo");
  alice.Respond(415, "b", "Accept:\r\n");
  EXPECT_EQ(BodyOf(alice.last_wire()), "");
  alice.Respond(420, "b", "Unsupported: foo\r\n");
  EXPECT_EQ(HeaderOf(alice.last_wire(), "CSeq"), "3 OPTIONS");
  EXPECT_EQ(CountOf(alice.last_wire(), "Require"), 0);
  alice.Respond(420, "b", "Unsupported: foo\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request refused 420"));

  draft.method = "PING";  // its body is what it is for
  ASSERT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  alice.Respond(415, "b", "Accept: application/sdp\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Request refused 415"));
}

// ---- 12.2.1.2: a 3xx within a dialog

class RedirectedWithin : public ::testing::Test {
 protected:
  void Establish() {
    alice.Place();
    alice.Respond(200, "bobtag", "Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>\r\n", kAnswer);
    alice.TakeEvents();
  }
  static constexpr std::string_view kRoute = "<sip:p1.example;lr>, <sip:p2.example;lr>";

  AgentUnderTest alice;
};

TEST_F(RedirectedWithin, AReinviteGoesElsewhereByTheSameRoute) {
  SANSIP_SHOWS("3261-12.2.1.2-2");
  Establish();
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  alice.Respond(302, "bobtag", "Contact: <sip:b@192.0.2.3>;q=0.5, <sip:bob@192.0.2.4;method=BYE>\r\n");
  const std::string next = alice.LastRequest("INVITE");
  EXPECT_THAT(next, StartsWith("INVITE sip:bob@192.0.2.4 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(next, "Route"), kRoute);
  EXPECT_EQ(alice.last_next_hop(), "sip:p1.example;lr");
  EXPECT_EQ(TagIn(next, "To"), "bobtag");
  EXPECT_EQ(BodyOf(next), kNewOffer);
  EXPECT_EQ(HeaderOf(next, "CSeq"), "3 INVITE");
  alice.Respond(200, "bobtag", "Contact: <sip:bob@192.0.2.4>\r\n", kNewAnswer);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:bob@192.0.2.4;method=BYE", "AnswerReceived",
                                              "Reinvited 200 by us", "Timer 1800 by us"));
  EXPECT_EQ(alice.view().local_body, kNewOffer);
  EXPECT_THAT(alice.LastRequest("ACK"), StartsWith("ACK sip:bob@192.0.2.4 SIP/2.0\r\n"));
}

TEST_F(RedirectedWithin, TheTargetIsTheDialogsAgainAndTheNumberOfTriesIsLimited) {
  Establish();
  ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
  for (int i = 0; i < 8; ++i) {
    alice.Respond(302, "bobtag", "Contact: <sip:bob@192.0.2." + std::to_string(3 + i) + ">\r\n");
  }
  EXPECT_EQ(alice.CountDifferent("INVITE"), 1 + 1 + 4);
  EXPECT_THAT(alice.TakeEvents(), ::testing::Contains("Reinvited 302 by us"));
  EXPECT_EQ(alice.view().local_body, kOffer);
  alice.HangUp();
  EXPECT_THAT(alice.LastRequest("BYE"), StartsWith("BYE sip:bob@192.0.2.2:5070 SIP/2.0\r\n"));
}

TEST_F(RedirectedWithin, WithoutAnotherPlaceTheResponseStands) {
  Establish();
  for (const std::string_view contact :
       {"", "Contact: <sip:bob@192.0.2.2:5070>\r\n", "Contact: <mailto:b@x>\r\n"}) {
    ASSERT_EQ(alice.Reinvite(), VerbError::kNone);
    alice.Respond(302, "bobtag", contact);
    EXPECT_THAT(alice.TakeEvents(), ElementsAre("Reinvited 302 by us")) << contact;
  }
}

TEST_F(RedirectedWithin, OtherRequestsAsWell) {
  Establish();
  StandaloneDraft draft{.method = "PING", .call = alice.call()};
  ASSERT_EQ(alice.Do(ua::input::SendRequest{draft}).error, VerbError::kNone);
  alice.Respond(302, "bobtag", "Contact: <sip:bob@192.0.2.4>\r\n");
  EXPECT_THAT(alice.last_wire(), StartsWith("PING sip:bob@192.0.2.4 SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Route"), kRoute);
  alice.Respond(200);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Redirected sip:bob@192.0.2.4", "Request accepted 200"));
}

// ---- of oneself

TEST(Anonymous, NothingSaysWhoCalls) {
  SANSIP_SHOWS("3261-8.1.1.3-1");
  UserAgentOptions options;
  options.contact_user = "alice";
  AgentUnderTest alice(options, "192.0.2.1");
  CallDraft draft = DraftToBob("v=0\r\n");
  draft.from = kAnonymous;
  draft.contact_user = {};
  alice.Place(draft);
  EXPECT_THAT(HeaderOf(alice.last_wire(), "From"),
              StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
  EXPECT_EQ(HeaderOf(alice.last_wire(), "Contact"), "<sip:192.0.2.1:5060>");
  EXPECT_THAT(alice.last_wire(), Not(HasSubstr("alice")));
  alice.Respond(200, "b", "", kAnswer);
  alice.HangUp();
  EXPECT_THAT(alice.LastRequest("BYE"), Not(HasSubstr("alice")));
}

TEST(EarlyAllow, WhatA1xxAllowsIsOverWithThe2xx) {
  SANSIP_SHOWS("3261-13.2.2.1-2");
  CallDraft draft = DraftToBob();
  draft.reliable_provisionals = ReliableProvisionals::kSupported;
  for (const std::string_view allow : {"", "Allow: INVITE, ACK, BYE\r\n"}) {
    AgentUnderTest alice;
    alice.Place(draft);
    const std::string invite = alice.LastRequest("INVITE");
    alice.RespondTo(invite, 183, "b", "Require: 100rel\r\nRSeq: 1\r\nAllow: INVITE, UPDATE\r\n", kAnswer);
    alice.RespondTo(alice.LastRequest("PRACK"), 200, "b");
    ASSERT_EQ(alice.Update(), VerbError::kNone);
    alice.RespondTo(alice.LastRequest("UPDATE"), 200, "b", "Allow: INVITE, UPDATE\r\n", kNewAnswer);
    alice.RespondTo(invite, 200, "b", allow);
    EXPECT_EQ(alice.Update(), VerbError::kWrongState) << allow;
    EXPECT_EQ(alice.CountDifferent("UPDATE"), 1);
  }
}

}  // namespace
}  // namespace sansip::testing
