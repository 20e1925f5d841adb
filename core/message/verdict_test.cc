#include "sansip/core/message/verdict.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

constexpr ElementPolicy kAgent = {.methods = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE", .options = "timer"};
constexpr ElementPolicy kProxy = {.role = Role::kProxy, .options = "path", .schemes = "sip, sips, tel"};
constexpr ElementPolicy kRegistrar = {.role = Role::kRegistrar, .methods = "REGISTER, OPTIONS"};

// A request of this method, these lines among its header fields.
std::string Request(std::string_view method, std::string_view lines = "", std::string_view body = "",
                    std::string_view uri = "sip:bob@biloxi.example") {
  return std::string(method) + " " + std::string(uri) +
         " SIP/2.0\r\n"
         "Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776\r\n" +
         std::string(lines) +
         "To: <sip:bob@biloxi.example>\r\n"
         "From: <sip:alice@atlanta.example>;tag=1928\r\n"
         "Call-ID: a84b\r\n"
         "CSeq: 31 " +
         std::string(method) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// "accept", "drop (clause)", "status (clause)", with the header field that the answer carries and, behind an
// "@", what stands where it is wrong.
std::string Judge(const std::string& text, const ElementPolicy& policy = kAgent,
                  const MessageFacts& facts = {}) {
  const Parsed parsed(text);
  const Verdict verdict = VerdictOf(parsed.view(), parsed.error(), policy, facts);
  if (verdict.accepted()) return "accept";
  std::string said = verdict.action == Verdict::Action::kDrop ? "drop" : std::to_string(verdict.status);
  said += " (" + std::string(verdict.clause) + ")";
  if (verdict.header != HeaderId::kOther) {
    std::array<char, 200> storage;
    ValueWriter value(storage);
    WriteAnswerHeader(verdict, parsed.view(), policy, value);
    said += " " + std::string(HeaderName(verdict.header)) + ": " + std::string(value.text());
  }
  return said + " @" +
         text.substr(verdict.offset, text.find_first_of("\r,; ", verdict.offset) - verdict.offset);
}

std::string ReasonOf(const std::string& text, const ElementPolicy& policy = kAgent) {
  const Parsed parsed(text);
  return std::string(VerdictOf(parsed.view(), parsed.error(), policy).reason);
}

constexpr std::string_view kContact = "Contact: <sip:alice@pc33.atlanta.example>\r\n";
constexpr std::string_view kSdp = "Content-Type: application/sdp\r\n";

TEST(VerdictTest, AcceptsWhatIsInOrder) {
  EXPECT_EQ(Judge(Request("INVITE", kContact)), "accept");
  EXPECT_EQ(Judge(Request("OPTIONS")), "accept");
  EXPECT_EQ(Judge(Request("NEWMETHOD"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("REGISTER", kContact), kRegistrar), "accept");
  SANSIP_SHOWS("3261-16.3-7", "3261-16.3-9");
}

TEST(VerdictTest, MethodsThatAreNotServed) {
  EXPECT_EQ(Judge(Request("REGISTER")),
            "405 (RFC 3261 8.2.1) Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE @REGISTER");
  EXPECT_EQ(Judge(Request("invite")),
            "501 (RFC 3261 21.5.2) Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE @invite");
  EXPECT_EQ(Judge(Request("INVITE", kContact), kRegistrar),
            "405 (RFC 3261 8.2.1) Allow: REGISTER, OPTIONS @INVITE");
  EXPECT_EQ(ReasonOf(Request("REGISTER")), "Method Not Allowed");
  SANSIP_SHOWS("3261-8.2.1-2", "3261-8.2.1-3", "3261-8.2.1-4");
}

// The order of RFC 3261 8.2: what is wrong later is not told.
TEST(VerdictTest, TheOrderOfAUserAgentsChecks) {
  constexpr std::string_view kWrong =
      "Require: foo\r\nContact: <\r\nAccept: text/odd\r\nContent-Type: text/odd\r\n";
  std::string text = Request("REGISTER", kWrong, "x", "odd:uri");
  const MessageFacts merged = {.is_merged = true};
  EXPECT_TRUE(Judge(text, kAgent, merged).starts_with("405"));
  text = Request("INVITE", kWrong, "x", "odd:uri");
  EXPECT_EQ(Judge(text, kAgent, merged), "400 (RFC 3261 20.10) @");
  text = Replaced(text, "Contact: <\r\n", kContact);
  EXPECT_EQ(Judge(text, kAgent, merged), "416 (RFC 3261 8.2.2.1) @odd:uri");
  text = Replaced(text, "odd:uri", "sips:bob@biloxi.example");
  EXPECT_EQ(Judge(text, kAgent, merged), "482 (RFC 3261 8.2.2.2) @a84b");
  EXPECT_EQ(Judge(text), "420 (RFC 3261 8.2.2.3) Unsupported: foo @foo");
  text = Replaced(text, "Require: foo", "Require: timer");
  EXPECT_EQ(Judge(text), "415 (RFC 3261 8.2.3) Accept: application/sdp @text/odd");
  text = Replaced(text, "Content-Type: text/odd", "Content-Type: application/sdp");
  ElementPolicy insists = kAgent;
  insists.needed_options = "100rel";
  EXPECT_EQ(Judge(text, insists).substr(0, 37), "421 (RFC 3261 8.2.4) Require: 100rel ");
  EXPECT_EQ(Judge(text), "406 (RFC 3261 21.4.7) @text/odd");
  EXPECT_EQ(Judge(Replaced(text, "Accept: text/odd", "Accept: text/odd, Application/*;q=0.1")), "accept");
  SANSIP_SHOWS("3261-8.2.1-1", "3261-8.2.2.1-3", "3261-8.2.2.2-2", "3261-8.2.2.3-1", "3261-8.2.4-4",
               "3261-8.2.4-5");
}

TEST(VerdictTest, OnlyNeededFieldsHaveToBeWellFormed) {
  constexpr std::string_view kBroken =
      "Date: tomorrow\r\nReply-To: <\r\nRecord-Route: none\r\nRoute: none\r\nContact: <\r\nRetry-After: "
      "x\r\n";
  EXPECT_EQ(Judge(Request("OPTIONS", kBroken)), "accept");
  EXPECT_EQ(Judge(Request("INVITE", "Record-Route: none\r\n")), "400 (RFC 3261 20.30) @none");
  EXPECT_EQ(ReasonOf(Request("INVITE", "Record-Route: none\r\n")), "Malformed Route");
  EXPECT_EQ(Judge(Request("INVITE", "Record-Route: none\r\nContact: <\r\n"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("INVITE", "Route: none\r\n"), kProxy), "400 (RFC 3261 20.34) @none");
  EXPECT_EQ(Judge(Request("OPTIONS", "Require: (\r\n")), "400 (RFC 3261 20.32) @(");
  EXPECT_EQ(Judge(Request("OPTIONS", "Require: (\r\n"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("REGISTER", "Contact: a b\r\n"), kRegistrar).substr(0, 20), "400 (RFC 3261 20.10)");
  SANSIP_SHOWS("3261-8.2.2-2", "3261-16.3-5", "3261-16.3-6", "3261-21.4.1-1");
}

TEST(VerdictTest, FieldsOfAnExtensionAreNeededByWhoHasIt) {
  const std::string text = Request("INVITE", "Session-Expires: soon\r\n");
  EXPECT_EQ(Judge(text), "400 (RFC 4028 4) @soon");
  EXPECT_EQ(Judge(text, {}), "accept");
  std::string_view clause;
  EXPECT_TRUE(IsFieldNeeded(HeaderId::kSessionExpires, Method::kUpdate, kAgent, &clause));
  EXPECT_EQ(clause, "RFC 4028 4");
  EXPECT_FALSE(IsFieldNeeded(HeaderId::kSessionExpires, Method::kBye, kAgent));
  EXPECT_FALSE(IsFieldNeeded(HeaderId::kDate, Method::kInvite, kAgent));
}

TEST(VerdictTest, WhatTheParserRefusesIsAnsweredByItsCode) {
  EXPECT_EQ(Judge(Replaced(Request("OPTIONS"), "CSeq: 31", "CSeq: 4294967296")),
            "400 (RFC 3261 20.16) @4294967296");
  EXPECT_EQ(ReasonOf(Replaced(Request("OPTIONS"), "CSeq: 31", "CSeq: 4294967296")), "Malformed CSeq");
  EXPECT_TRUE(Judge(Replaced(Request("OPTIONS"), "SIP/2.0\r\nV", "SIP/3.0\r\nV")).starts_with("505"));
  EXPECT_TRUE(Judge(Request("OPTIONS", "", "", "sip:" + std::string(5000, 'a'))).starts_with("414"));
  EXPECT_TRUE(Judge(Request("OPTIONS", "X: " + std::string(9000, 'a') + "\r\n")).starts_with("513"));
  // RFC 4475 3.1.2.17, 3.1.2.18
  EXPECT_EQ(Judge(Replaced(Request("OPTIONS"), "31 OPTIONS", "31 INVITE")), "400 (RFC 3261 8.1.1.5) @INVITE");
  EXPECT_EQ(Judge(Replaced(Request("NEWMETHOD"), "31 NEWMETHOD", "31 INVITE"), kProxy).substr(0, 22),
            "501 (RFC 3261 21.5.2) ");
}

TEST(VerdictTest, AnAckIsNeverAnswered) {
  EXPECT_EQ(Judge(Replaced(Request("ACK"), "CSeq: 31", "CSeq: x")), "drop (RFC 3261 20.16) @x");
  EXPECT_EQ(Judge(Request("ACK", "Require: foo\r\nProxy-Require: foo\r\n", "x", "odd:uri")), "accept");
  EXPECT_EQ(Judge(Request("ACK", "Proxy-Require: foo\r\nMax-Forwards: 0\r\n"), kProxy),
            "drop (RFC 3261 16.3) @0");
  EXPECT_EQ(Judge(Request("ACK", "Proxy-Require: foo\r\n"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("ACK"), kAgent, {.dialog = MessageFacts::Dialog::kUnknown}).substr(0, 22),
            "drop (RFC 3261 12.2.2)");
  SANSIP_SHOWS("3261-8.2.2.3-4");
}

TEST(VerdictTest, RequireInACancelIsIgnored) {
  EXPECT_EQ(Judge(Request("CANCEL", "Require: foo\r\n")), "accept");
  EXPECT_EQ(Judge(Request("CANCEL", "Proxy-Require: foo\r\n"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("CANCEL"), kAgent, {.has_no_transaction = true}).substr(0, 18),
            "481 (RFC 3261 9.2)");
  SANSIP_SHOWS("3261-8.2.2.3-4");
}

TEST(VerdictTest, RequestsOfNoDialog) {
  EXPECT_TRUE(Judge(Request("BYE")).starts_with("481 (RFC 3261 15.1.2)"));
  EXPECT_TRUE(Judge(Request("UPDATE")).starts_with("481 (RFC 3311 5.2)"));
  const std::string tagged = Replaced(Request("OPTIONS"), "example>\r\nFrom", "example>;tag=1\r\nFrom");
  EXPECT_TRUE(Judge(tagged, kAgent, {.dialog = MessageFacts::Dialog::kUnknown}).starts_with("481"));
  EXPECT_EQ(Judge(tagged, kAgent, {.dialog = MessageFacts::Dialog::kKnown}), "accept");
  EXPECT_EQ(Judge(Request("BYE"), kAgent, {.dialog = MessageFacts::Dialog::kKnown}), "accept");
  EXPECT_EQ(Judge(Request("BYE"), kProxy), "accept");
}

TEST(VerdictTest, ExtensionsThatARequestNeeds) {
  EXPECT_EQ(Judge(Request("OPTIONS", "Require: Timer, 100rel\r\nX: y\r\nRequire: foo\r\n")),
            "420 (RFC 3261 8.2.2.3) Unsupported: 100rel, foo @100rel");
  EXPECT_EQ(Judge(Request("OPTIONS", "Proxy-Require: path,\r\n  foo\r\nRequire: bar\r\n"), kProxy),
            "420 (RFC 3261 16.3) Unsupported: foo @foo");
  EXPECT_EQ(Judge(Request("OPTIONS", "Proxy-Require: foo\r\n")), "accept");
  const std::string many = Request("OPTIONS", "Require: a, " + std::string(198, 'b') + ", c\r\n");
  EXPECT_EQ(Judge(many).find("bbbb"), std::string::npos) << "more than there was room for";
  SANSIP_SHOWS("3261-8.2.2.3-2", "3261-16.3-16", "3261-16.3-17", "3261-16.3-19");
}

TEST(VerdictTest, BodiesThatAreNotUnderstood) {
  const auto judge = [](std::string_view lines, ElementPolicy policy = kAgent) {
    return Judge(Request("OPTIONS", lines, "body"), policy);
  };
  EXPECT_EQ(judge(kSdp), "accept");
  EXPECT_EQ(judge("Content-Type: Application/SDP;x=y\r\n"), "accept");
  EXPECT_TRUE(judge("").starts_with("415"));
  EXPECT_EQ(judge("c: text/odd\r\n"), "415 (RFC 3261 8.2.3) Accept: application/sdp @text/odd");
  EXPECT_EQ(judge("c: text/odd\r\nContent-Disposition: x;handling=OPTIONAL\r\n"), "accept");
  const std::string sdp(kSdp);
  EXPECT_EQ(judge(sdp + "e: gzip, tar\r\n"), "415 (RFC 3261 8.2.3) Accept-Encoding: identity @gzip");
  EXPECT_EQ(judge(sdp + "e: identity\r\n"), "accept");
  ElementPolicy policy = kAgent;
  policy.types = "text/*, application/sdp";
  policy.encodings = "gzip";
  policy.languages = "en, de;q=0.5";
  policy.dispositions = "session, render";
  EXPECT_EQ(judge("c: text/odd\r\ne: GZip\r\nContent-Language: en-gb, DE\r\n", policy), "accept");
  EXPECT_EQ(judge(sdp + "Content-Language: en, eno\r\n", policy),
            "415 (RFC 3261 8.2.3) Accept-Language: en, de;q=0.5 @eno");
  EXPECT_EQ(judge(sdp + "Content-Disposition: icon\r\n", policy), "415 (RFC 3261 20.11) @icon");
  EXPECT_EQ(judge(sdp + "Content-Disposition: Render\r\n", policy), "accept");
  policy.body_bytes_max = 3;
  EXPECT_EQ(judge(sdp, policy), "413 (RFC 3261 21.4.11) @body");
  EXPECT_EQ(judge(sdp + "Content-Disposition: x;handling=optional\r\n", policy), "accept");
  EXPECT_EQ(judge("c: text/odd\r\n", kProxy), "accept");
  EXPECT_EQ(Judge(Request("OPTIONS", kSdp, "v=0"), kAgent, {.is_undecipherable = true}),
            "493 (RFC 3261 21.4.27) @v=0");
  SANSIP_SHOWS("3261-8.2.3-1", "3261-8.2.3-2", "3261-8.2.3-3", "3261-8.2.3-4", "3261-20.11-2", "3261-20.12-1",
               "3261-20.12-3");
}

// RFC 5621 4.2, 8.2
TEST(VerdictTest, MultipartsByTheirParts) {
  const auto judge = [](std::string_view parts, const ElementPolicy& policy = kAgent) {
    return Judge(Request("OPTIONS", "c: multipart/mixed;boundary=b\r\n", std::string(parts) + "--b--"),
                 policy);
  };
  const std::string sdp = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";
  const std::string isup = "--b\r\nContent-Type: application/isup\r\n\r\nx\r\n";
  const std::string optional =
      "--b\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\nx\r\n";
  EXPECT_EQ(judge(sdp), "accept");
  EXPECT_EQ(judge(optional + sdp), "accept");
  EXPECT_TRUE(judge(sdp + isup).starts_with("415 (RFC 5621 8.2) Accept: application/sdp"));
  ElementPolicy policy = kAgent;
  policy.types = "application/sdp, application/isup";
  EXPECT_EQ(judge(sdp + isup, policy), "accept");
  policy.dispositions = "session";
  EXPECT_TRUE(judge(sdp + isup, policy).starts_with("415 (RFC 5621 8.2) @"));
  EXPECT_TRUE(judge("--b\r\nContent-Type: application/sdp\r\nContent-Encoding: gzip\r\n\r\nx\r\n")
                  .starts_with("415 (RFC 5621 8.2) Accept-Encoding: identity"));
  EXPECT_TRUE(judge("").starts_with("400 (RFC 2046 5.1)"));
  std::string many;
  for (int i = 0; i < 17; ++i) many += sdp;
  EXPECT_TRUE(judge(many).starts_with("413 (RFC 2046 5.1)"));
  policy = kAgent;
  policy.multiparts = false;
  EXPECT_TRUE(judge(sdp, policy).starts_with("415 (RFC 3261 8.2.3) Accept: application/sdp"));
  // Who takes them whole looks into them as it likes.
  policy.types = "multipart/*";
  EXPECT_EQ(judge("", policy), "accept");
}

TEST(VerdictTest, AProxyForwardsWhatCanStillTravel) {
  const std::string last = Request("INVITE", "Max-Forwards: 0\r\n");
  EXPECT_EQ(Judge(last, kProxy), "483 (RFC 3261 16.3) @0");
  EXPECT_EQ(Judge(last), "accept");
  ElementPolicy traced = kProxy;
  traced.answers_last_hop_options = true;
  EXPECT_TRUE(Judge(last, traced).starts_with("483"));
  EXPECT_EQ(Judge(Request("OPTIONS", "Max-Forwards: 0\r\n"), traced), "accept");
  EXPECT_EQ(Judge(Request("INVITE", "", "", "tel:+1")), "416 (RFC 3261 8.2.2.1) @tel:+1");
  EXPECT_EQ(Judge(Request("INVITE", "", "", "tel:+1"), kProxy), "accept");
  EXPECT_EQ(Judge(Request("INVITE", "", "", "isbn:1"), kProxy), "416 (RFC 3261 16.3) @isbn:1");
  EXPECT_TRUE(Judge(Request("INVITE"), kProxy, {.is_looping = true}).starts_with("482 (RFC 3261 16.3)"));
  // Merged requests are the endpoint's matter.
  EXPECT_EQ(Judge(Request("INVITE"), kProxy, {.is_merged = true}), "accept");
  SANSIP_SHOWS("3261-16.3-3", "3261-16.3-8", "3261-16.3-10", "3261-16.3-12");
}

TEST(VerdictTest, ARegistrarNeedsAnAddressOfRecord) {
  const std::string text =
      Replaced(Request("REGISTER", kContact), "To: <sip:bob@biloxi.example>", "To: isbn:29837");
  EXPECT_EQ(Judge(text, kRegistrar), "400 (RFC 3261 10.3) @isbn:29837");
  EXPECT_EQ(ReasonOf(text, kRegistrar), "Malformed To");
  EXPECT_EQ(Judge(Replaced(text, "REGISTER sip:bob", "REGISTER sip:x"), kProxy), "accept");
}

TEST(VerdictTest, AStarRemovesAllBindingsAndNothingElse) {
  EXPECT_EQ(Judge(Request("REGISTER", "Contact: *\r\nExpires: 0\r\n"), kRegistrar), "accept");
  for (std::string_view lines :
       {"Contact: *\r\n", "Contact: *\r\nExpires: 60\r\n", "Contact: *\r\nExpires: none\r\n",
        "Contact: *\r\nContact: <sip:c@h>\r\nExpires: 0\r\n", "m: *\r\nm: *\r\nExpires: 0\r\n"}) {
    EXPECT_EQ(Judge(Request("REGISTER", lines), kRegistrar), "400 (RFC 3261 10.3) @*") << lines;
    EXPECT_EQ(ReasonOf(Request("REGISTER", lines), kRegistrar), "Malformed Contact");
  }
  EXPECT_TRUE(Judge(Request("REGISTER", "Contact: *, <sip:c@h>\r\nExpires: 0\r\n"), kRegistrar)
                  .starts_with("400 (RFC 3261 20.10)"));
  EXPECT_EQ(Judge(Request("INVITE", "Contact: *\r\nExpires: 0\r\n")), "400 (RFC 3261 12.1.1) @*");
  EXPECT_EQ(Judge(Request("OPTIONS", "Contact: *\r\n")), "accept");
  SANSIP_SHOWS("3261-10.3-17");
}

TEST(VerdictTest, FieldsThatAMethodIsNothingWithout) {
  const ElementPolicy agent = {.methods = "REFER, SUBSCRIBE, PUBLISH, NOTIFY"};
  EXPECT_EQ(Judge(Request("REFER", kContact), agent), "400 (RFC 3515 2.4.2) @REFER");
  EXPECT_EQ(Judge(Request("SUBSCRIBE", kContact), agent), "489 (RFC 6665 4.2.3) @SUBSCRIBE");
  EXPECT_EQ(Judge(Request("PUBLISH"), agent), "489 (RFC 3903 6) @PUBLISH");
  const MessageFacts known = {.dialog = MessageFacts::Dialog::kKnown};
  EXPECT_EQ(Judge(Request("NOTIFY", "Event: presence\r\n"), agent, known), "400 (RFC 6665 4.1.3) @NOTIFY");
  EXPECT_EQ(Judge(Request("NOTIFY", "o: a\r\nSubscription-State: active\r\n"), agent, known), "accept");
  EXPECT_EQ(Judge(Request("REFER", "r: <sip:c@h>\r\n"), agent), "accept");
  // Exactly one.
  EXPECT_TRUE(Judge(Request("REFER", "r: <sip:c@h>, <sip:d@h>\r\n"), agent).starts_with("400"));
  EXPECT_TRUE(Judge(Request("REFER", "r: <sip:c@h>\r\nRefer-To: <sip:d@h>\r\n"), agent).starts_with("400"));
  EXPECT_EQ(Judge(Request("REFER"), kProxy), "accept");
  SANSIP_SHOWS("3515-2.4.2-3", "6665-4.2.3-1");
}

TEST(VerdictTest, OnlyAnInviteNamesACallAndOnlyOne) {
  const ElementPolicy agent = {.methods = "INVITE, REFER, BYE", .options = "replaces, join"};
  const std::string replaces = "Replaces: a;to-tag=1;from-tag=2\r\n";
  const std::string join = "Join: b;to-tag=1;from-tag=2\r\n";
  EXPECT_EQ(Judge(Request("INVITE", replaces), agent), "accept");
  EXPECT_EQ(Judge(Request("INVITE", join), agent), "accept");
  EXPECT_EQ(Judge(Request("INVITE", join + replaces), agent), "400 (RFC 3891 3) @a");
  EXPECT_TRUE(Judge(Request("INVITE", replaces + replaces), agent).starts_with("400"));
  EXPECT_EQ(Judge(Request("REFER", "r: <sip:c@h>\r\n" + replaces), agent), "400 (RFC 3891 3) @a");
  const MessageFacts known = {.dialog = MessageFacts::Dialog::kKnown};
  EXPECT_EQ(Judge(Request("BYE", replaces), agent, known), "400 (RFC 3891 3) @a");
  EXPECT_EQ(Judge(Request("BYE", join), agent, known), "400 (RFC 3911 4) @b");
  // Unknown fields of who has not the extension.
  EXPECT_EQ(Judge(Request("INVITE", join + replaces)), "accept");
  SANSIP_SHOWS("3891-3-2", "3891-3-3");
}

// RFC 3903 6 step 3: one entity-tag, or none.
TEST(VerdictTest, APublicationHasOneTag) {
  const ElementPolicy agent = {.methods = "PUBLISH"};
  const std::string event = "Event: presence\r\n";
  EXPECT_EQ(Judge(Request("PUBLISH", event + "SIP-If-Match: a\r\n"), agent), "accept");
  for (std::string_view lines :
       {"SIP-If-Match: a, b\r\n", "SIP-If-Match: a\r\nSIP-If-Match: b\r\n", "SIP-If-Match: \r\n"}) {
    EXPECT_TRUE(Judge(Request("PUBLISH", event + std::string(lines)), agent).starts_with("400")) << lines;
  }
  SANSIP_SHOWS("3903-6-9");
}

TEST(VerdictTest, ResponsesAreTakenOrDropped) {
  const std::string response = Replaced(
      Replaced(Request("INVITE", kContact), "INVITE sip:bob@biloxi.example SIP/2.0", "SIP/2.0 200 OK"),
      "Via:", "Via: SIP/2.0/UDP own.example;branch=z9hG4bK1\r\nVia:");
  EXPECT_EQ(Judge(response), "drop (RFC 3261 8.1.3.3) @SIP/2.0/UDP");
  EXPECT_EQ(Judge(response, kProxy), "accept");
  EXPECT_EQ(Judge(Replaced(response, "pc33.atlanta.example", "255.255.255.255"), kProxy),
            "drop (RFC 3261 16.7) @SIP/2.0/UDP");
  EXPECT_EQ(Judge(Replaced(response, "UDP pc33.atlanta.example", "UDP"), kProxy),
            "drop (RFC 3261 16.7) @SIP/2.0/UDP");
  const std::string own = Replaced(response, "Via: SIP/2.0/UDP own.example;branch=z9hG4bK1\r\n", "");
  EXPECT_EQ(Judge(own), "accept");
  EXPECT_EQ(Judge(Replaced(own, "Contact: <", "Contact: ")), "accept");
  EXPECT_EQ(Judge(own, kAgent, {.is_via_foreign = true}), "drop (RFC 3261 18.1.2) @SIP/2.0/UDP");
  EXPECT_EQ(Judge(Replaced(own, "CSeq: 31", "CSeq: 99999999999")), "drop (RFC 3261 20.16) @99999999999");
  SANSIP_SHOWS("3261-8.1.3.3-1");
}

}  // namespace
}  // namespace sansip
