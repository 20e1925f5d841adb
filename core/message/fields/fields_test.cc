// The smaller fields: CSeq, delta-seconds, Content-Length, Content-Type, Call-ID, Max-Forwards, and the check
// of all fields.
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(CSeqTest, NumberAndMethod) {
  CSeq cseq;
  ASSERT_TRUE(ParseCSeq("4711 INVITE", cseq).ok());
  EXPECT_EQ(cseq.number, 4711u);
  EXPECT_EQ(cseq.method, Method::kInvite);
  ASSERT_TRUE(ParseCSeq("0009\r\n   FOO", cseq).ok());
  EXPECT_EQ(cseq.number, 9u);
  EXPECT_EQ(cseq.method, Method::kExtension);
  EXPECT_EQ(cseq.method_text, "FOO");
}

TEST(CSeqTest, TheWholeRangeOf32Bits) {
  CSeq cseq;
  for (std::uint64_t number : {0ull, 2147483647ull, 2147483648ull, 4294967295ull}) {
    ASSERT_TRUE(ParseCSeq(std::to_string(number) + " ACK", cseq).ok()) << number;
    EXPECT_EQ(cseq.number, number);
  }
  for (std::string_view value :
       {"4294967296 ACK"sv, "36893488147419103232 ACK"sv, "99999999999999999999999 ACK"sv}) {
    const ParseError error = ParseCSeq(value, cseq);
    EXPECT_EQ(error.code, ParseCode::kBadNumber) << value;
    EXPECT_EQ(error.offset, 0u);
  }
  SANSIP_SHOWS("3261-20.16-1");
}

TEST(DeltaSecondsTest, SecondsAndParameters) {
  DeltaSeconds field;
  ASSERT_TRUE(ParseDeltaSeconds("4000;refresher=uac", field).ok());
  EXPECT_EQ(field.seconds, 4000u);
  EXPECT_EQ(field.parameters, ";refresher=uac");
  EXPECT_EQ(Parameter(field.parameters, "refresher"), "uac");
  ASSERT_TRUE(ParseDeltaSeconds(" 90 ; refresher = UAS ; x=\"y;z\" ", field).ok());
  EXPECT_EQ(field.seconds, 90u);
  EXPECT_EQ(Parameter(field.parameters, "Refresher"), "UAS");
  ASSERT_TRUE(ParseDeltaSeconds("0", field).ok());
  EXPECT_EQ(field.seconds, 0u);
  EXPECT_EQ(field.parameters, "");
}

TEST(DeltaSecondsTest, LongNumbersAreTheLongestWait) {
  DeltaSeconds field;
  ASSERT_TRUE(ParseDeltaSeconds("4294967295", field).ok());
  EXPECT_EQ(field.seconds, 4294967295u);
  ASSERT_TRUE(ParseDeltaSeconds("4294967296", field).ok());
  EXPECT_EQ(field.seconds, 4294967295u);
  ASSERT_TRUE(ParseDeltaSeconds("10000000000000000000000000000000000000000;x", field).ok());
  EXPECT_EQ(field.seconds, 4294967295u);
  ASSERT_TRUE(ParseDeltaSeconds("000000000000000000000000000090", field).ok());
  EXPECT_EQ(field.seconds, 90u);
}

TEST(DeltaSecondsTest, Malformed) {
  DeltaSeconds field;
  for (std::string_view value : {""sv, "-1"sv, "+1"sv, "x"sv, "1.5"sv, "90 90"sv, "90;"sv, "90;;a"sv,
                                 "90;a=\"open"sv, "90, 91"sv, "90 (why)"sv, ";refresher=uac"sv}) {
    EXPECT_FALSE(ParseDeltaSeconds(value, field).ok()) << value;
  }
}

// RFC 3261 20.33
TEST(RetryAfterTest, Comments) {
  RetryAfter field;
  ASSERT_TRUE(ParseRetryAfter("18000;duration=3600", field).ok());
  EXPECT_EQ(field.delay.seconds, 18000u);
  EXPECT_EQ(Parameter(field.delay.parameters, "duration"), "3600");
  ASSERT_TRUE(ParseRetryAfter("120 (I'm in a meeting (again; \\) ) ) ;duration=60", field).ok());
  EXPECT_EQ(field.delay.seconds, 120u);
  EXPECT_EQ(field.comment, "(I'm in a meeting (again; \\) ) )");
  EXPECT_EQ(Parameter(field.delay.parameters, "duration"), "60");
  for (std::string_view value : {"(x) 1"sv, "1 (open"sv, "1 (a\\)"sv, "1 (a) b"sv, "1 x"sv}) {
    EXPECT_FALSE(ParseRetryAfter(value, field).ok()) << value;
  }
  EXPECT_FALSE(ParseRetryAfter("1 " + std::string(100000, '('), field).ok());
}

TEST(ContentLengthTest, Numbers) {
  std::uint64_t length = 1;
  EXPECT_TRUE(ParseContentLength("0", length).ok());
  EXPECT_EQ(length, 0u);
  EXPECT_TRUE(ParseContentLength("99999999999999999999999", length).ok());
  EXPECT_EQ(length, UINT64_MAX);
  EXPECT_EQ(ParseContentLength("12a", length), (ParseError{ParseCode::kBadContentLength, 2}));
}

TEST(MediaTypeTest, TypeAndParameters) {
  MediaType type;
  ASSERT_TRUE(ParseMediaType("multipart/mixed ; boundary=\"a;b\"", type).ok());
  EXPECT_TRUE(type.Is("Multipart", "MIXED"));
  EXPECT_FALSE(type.Is("multipart", "signed"));
  EXPECT_EQ(Parameter(type.parameters, "boundary"), "\"a;b\"");
  ASSERT_TRUE(ParseMediaType("application / sdp", type).ok());
  EXPECT_TRUE(type.Is("application", "sdp"));
  EXPECT_EQ(type.parameters, "");
  for (std::string_view value : {""sv, "application"sv, "application/"sv, "/sdp"sv, "a/b/c"sv, "a/b;c"sv,
                                 "a/b;c="sv, "a/b c"sv, "a/b, c/d"sv}) {
    EXPECT_FALSE(ParseMediaType(value, type).ok()) << value;
  }
}

TEST(CallIdTest, Words) {
  EXPECT_TRUE(CheckCallId("a84b4c76e66710@pc33.atlanta.com").ok());
  EXPECT_TRUE(CheckCallId("(<\"[{?}]:\\/>").ok());
  EXPECT_EQ(CheckCallId("a b").offset, 1u);
  EXPECT_FALSE(CheckCallId("").ok());
  EXPECT_FALSE(CheckCallId("@b").ok());
  Cursor cursor("a@b ;c");
  std::string_view call_id;
  ASSERT_TRUE(TakeCallId(cursor, call_id).ok());
  EXPECT_EQ(call_id, "a@b");
  EXPECT_EQ(cursor.rest(), " ;c");
}

// --- written and compared

TEST(DeltaSecondsTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseDeltaSeconds, " 0090 ;refresher=uac;x=\"a\r\n b\""), "90;refresher=uac;x=\"a b\"");
  EXPECT_EQ(Written(DeltaSeconds{.seconds = 1, .parameters = ", 2"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseDeltaSeconds, "90;a=B;c", "090;C;A=b"));
  EXPECT_FALSE(AreEquivalent(ParseDeltaSeconds, "90;a", "90"));
  EXPECT_FALSE(AreEquivalent(ParseDeltaSeconds, "90", "91"));
}

TEST(ExpiresTest, SecondsAlone) {
  EXPECT_EQ(Rewritten(ParseExpires, " 05 "), "5");
  EXPECT_EQ(Rewritten(ParseExpires, "99999999999"), "4294967295");
  EXPECT_TRUE(AreEquivalent(ParseExpires, "5", "05"));
  EXPECT_FALSE(AreEquivalent(ParseExpires, "5", "6"));
  ExpectMalformed(ParseExpires, {{"", ParseCode::kBadNumber, 0},
                                 {"x", ParseCode::kBadNumber, 0},
                                 {"5;a", ParseCode::kBadFieldValue, 1},
                                 {"5, 6", ParseCode::kBadFieldValue, 1}});
}

TEST(RetryAfterTest, WrittenAndCompared) {
  EXPECT_EQ(Read(ParseRetryAfter, "18000;duration=3600").duration, 3600u);
  EXPECT_FALSE(Read(ParseRetryAfter, "120").duration);
  EXPECT_EQ(Rewritten(ParseRetryAfter, "120(in a\r\n meeting) ; x ; Duration = 060"),
            "120 (in a meeting);duration=60;x");
  RetryAfter field = Read(ParseRetryAfter, "1;duration=2");
  field.duration.reset();
  EXPECT_EQ(Written(field), "1");
  field.comment = "(a) b";
  EXPECT_EQ(Written(field), "refused");
  EXPECT_TRUE(AreEquivalent(ParseRetryAfter, "1 (a);duration=02", "1 (b);duration=2"));
  EXPECT_FALSE(AreEquivalent(ParseRetryAfter, "1;duration=2", "1"));
  EXPECT_FALSE(AreEquivalent(ParseRetryAfter, "1;x", "1"));
  ExpectMalformed(ParseRetryAfter, {{"1;duration", ParseCode::kBadParameter, 1},
                                    {"1 (a) ;duration=x", ParseCode::kBadParameter, 6},
                                    {"1;duration=1;duration=1", ParseCode::kRepeatedParameter, 12},
                                    {"1 (a", ParseCode::kBadFieldValue, 4},
                                    {"1 (a\x01)", ParseCode::kBadFieldValue, 4}});
}

TEST(MediaTypeTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseMediaType, " text / html ;charset=x"), "text/html;charset=x");
  EXPECT_EQ(Written(MediaType{.type = "a", .subtype = "b, c", .parameters = {}}), "refused");
  EXPECT_EQ(Written(MediaType{.type = "a", .subtype = "b", .parameters = ";c\r\nX: y"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseMediaType, "Text/HTML;a=B", "text/html;A=b"));
  EXPECT_FALSE(AreEquivalent(ParseMediaType, "text/html", "text/plain"));
  EXPECT_TRUE(AreEquivalent(ParseMediaType, "a/b;boundary=\"x\"", "a/b;boundary=x"));
  EXPECT_FALSE(AreEquivalent(ParseMediaType, "a/b;boundary=x", "a/b;boundary=X"));
  EXPECT_FALSE(AreEquivalent(ParseMediaType, "a/b;boundary=x", "a/b"));
  ExpectMalformed(ParseMediaType, {{"a/b ;boundary=x;Boundary=x", ParseCode::kRepeatedParameter, 15},
                                   {"a/b;c", ParseCode::kBadParameter, 3},
                                   {"a/b c", ParseCode::kBadFieldValue, 4}});
}

TEST(CallIdTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseCallId, "f81d@biloxi.example"), "f81d@biloxi.example");
  EXPECT_FALSE(AreEquivalent(ParseCallId, "a@h", "a@H"));
  EXPECT_EQ(Written(CallIdField{"a b"}), "refused");
  EXPECT_EQ(Written(CallIdField{"a\r\nX: y"}), "refused");
}

TEST(InReplyToTest, CallIds) {
  const auto ids = Read(ParseInReplyTo, "70710@saturn.example, a\"<(@[ ,\r\n 17320@saturn.example");
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids[1].text, "a\"<(@[");
  EXPECT_EQ(Rewritten(ParseInReplyTo, " a@b ,c"), "a@b, c");
  EXPECT_EQ(Written(CallIdField{"a,b"}), "refused");
  ExpectMalformed(ParseInReplyTo, {{"", ParseCode::kBadCallId, 0},
                                   {"a@", ParseCode::kBadCallId, 2},
                                   {"a, @b", ParseCode::kBadCallId, 3},
                                   {"a b", ParseCode::kBadFieldValue, 2},
                                   {"a,", ParseCode::kBadFieldValue, 1}});
}

TEST(ContentLengthTest, WrittenAndCompared) {
  ContentLength length;
  ASSERT_TRUE(ParseContentLength("0349", length).ok());
  EXPECT_EQ(Written(length), "349");
  EXPECT_TRUE(Equivalent(length, ContentLength{349}));
  EXPECT_FALSE(Equivalent(length, ContentLength{}));
}

TEST(MaxForwardsTest, WrittenAndCompared) {
  EXPECT_EQ(Written(MaxForwards{}), "70");
  MaxForwards max_forwards;
  ASSERT_TRUE(ParseMaxForwards("006", max_forwards).ok());
  EXPECT_EQ(Written(max_forwards), "6");
  EXPECT_TRUE(Equivalent(max_forwards, MaxForwards{6}));
  EXPECT_FALSE(Equivalent(max_forwards, MaxForwards{}));
  EXPECT_FALSE(ParseMaxForwards("256", max_forwards).ok());
}

// --- all of them

TEST(FieldCheckTest, WellFormedFields) {
  for (std::string_view line : {"Contact: *"sv,
                                "Contact: <sip:a@h>;expires=60, \"x\" <sip:b@h>"sv,
                                "Route: <sip:a@h;lr>, <sip:b@h>"sv,
                                "Record-Route: <sip:a@h;lr>"sv,
                                "Allow:"sv,
                                "Allow: INVITE, ACK"sv,
                                "Supported:"sv,
                                "Require: a,b"sv,
                                "Expires: 99999999999"sv,
                                "Session-Expires: 90;refresher=UAC;x=y"sv,
                                "Min-SE: 90;x"sv,
                                "Content-Type: text/plain"sv,
                                "Reply-To: sip:a@h"sv,
                                "Refer-To: <sip:a@h?Replaces=x>"sv,
                                "RAck: 1 2 INVITE"sv,
                                "X-Any: \"("sv,
                                "Subject: \""sv,
                                "Via: SIP/2.0/UDP a, SIP/2.0/UDP b"sv,
                                "Accept:"sv,
                                "Accept-Encoding:"sv,
                                "Accept-Language:"sv,
                                "Alert-Info: <http://h/>"sv,
                                "Authorization: Bearer abc"sv,
                                "Contact: <sip:a@h>;expires=soon"sv,
                                "Call-Info: <http://h/>;purpose=icon"sv,
                                "Content-Disposition: session"sv,
                                "Content-Encoding: gzip"sv,
                                "Content-Language: fr"sv,
                                "Date: Sat, 13 Nov 2010 23:29:00 GMT"sv,
                                "In-Reply-To: a, b"sv,
                                "MIME-Version: 1.0"sv,
                                "Organization:"sv,
                                "Priority: urgent"sv,
                                "Proxy-Authorization: Digest a=b"sv,
                                "Proxy-Require: x"sv,
                                "Timestamp: 54"sv,
                                "User-Agent: a/b (c)"sv}) {
    EXPECT_TRUE(CheckLine(line).ok()) << line;
  }
}

TEST(FieldCheckTest, MalformedFields) {
  struct Bad {
    std::string_view line;
    ParseCode code;
    std::uint32_t offset;
  };
  constexpr Bad kBad[] = {
      {"Contact: ", ParseCode::kBadContact, 9},
      {"Contact: *, <sip:a@h>", ParseCode::kBadContact, 9},
      {"Contact: <sip:a@h>, *", ParseCode::kBadContact, 20},
      {"Contact: sip:user@example.com?Route=%3Csip:example.com%3E", ParseCode::kBadContact, 29},
      {"Contact: <sip:a@h>,", ParseCode::kBadContact, 18},
      {"Route: sip:a@h", ParseCode::kBadRoute, 7},
      {"Route: <sip:a@h>, x", ParseCode::kBadRoute, 18},
      {"Record-Route: ", ParseCode::kBadRoute, 14},
      {"Via: SIP/2.0/UDP h, SIP/2.0", ParseCode::kBadVia, 27},
      {"Expires: 60;x", ParseCode::kBadFieldValue, 11},
      {"Expires: soon", ParseCode::kBadFieldValue, 9},
      {"Session-Expires: 90;refresher=proxy", ParseCode::kBadSessionExpires, 19},
      {"Session-Expires: 90;refresher", ParseCode::kBadSessionExpires, 19},
      {"Session-Expires: 90;refresher=uac;refresher=uac", ParseCode::kBadSessionExpires, 33},
      {"Session-Expires: -1", ParseCode::kBadSessionExpires, 17},
      {"Min-SE: x", ParseCode::kBadMinSe, 8},
      {"Require: ", ParseCode::kBadFieldValue, 9},
      {"Supported: a b", ParseCode::kBadFieldValue, 13},
      {"Allow: INVITE,,ACK", ParseCode::kBadFieldValue, 14},
      {"Content-Type: sdp", ParseCode::kBadFieldValue, 17},
      {"Refer-To: <sip:a@h>, <sip:b@h>", ParseCode::kBadFieldValue, 21},
      {"RAck: 1 INVITE", ParseCode::kBadFieldValue, 8},
      {"Accept: a/b, c", ParseCode::kBadFieldValue, 14},
      {"Accept-Encoding: a;q=2", ParseCode::kBadFieldValue, 18},
      {"Accept-Language: 1", ParseCode::kBadFieldValue, 17},
      {"Alert-Info: ", ParseCode::kBadFieldValue, 12},
      {"Authorization: Digest a", ParseCode::kBadFieldValue, 23},
      {"Call-Info: http://h/", ParseCode::kBadFieldValue, 11},
      {"Contact: <sip:a@h>;q=7", ParseCode::kBadContact, 18},
      {"Content-Disposition: a b", ParseCode::kBadFieldValue, 23},
      {"Content-Encoding: ", ParseCode::kBadFieldValue, 18},
      {"Content-Language: fr, *", ParseCode::kBadFieldValue, 22},
      {"Date: Fri, 01 Jan 2010 16:00:00 EST", ParseCode::kBadFieldValue, 32},
      {"In-Reply-To: a b", ParseCode::kBadFieldValue, 15},
      {"MIME-Version: 1", ParseCode::kBadFieldValue, 15},
      {"Priority: ", ParseCode::kBadFieldValue, 10},
      {"Proxy-Authorization: Digest a=b,a=b", ParseCode::kBadFieldValue, 32},
      {"Proxy-Require: a b", ParseCode::kBadFieldValue, 17},
      {"Timestamp: now", ParseCode::kBadFieldValue, 11},
      {"User-Agent: a (", ParseCode::kBadFieldValue, 15},
  };
  for (const Bad& bad : kBad) {
    const ParseError error = CheckLine(bad.line);
    EXPECT_EQ(error.code, bad.code) << bad.line;
    EXPECT_EQ(error.offset, bad.offset) << bad.line;
  }
}

// RFC 4028 4, 5
TEST(FieldCheckTest, SessionExpiresAndMinSe) {
  const Parsed parsed(RequestWith({"x: 1800 ; foo=bar ; refresher = UAS;baz", "Min-SE: 120;x=y"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(CheckFields(parsed.view()).ok());
  DeltaSeconds field;
  ASSERT_TRUE(ParseDeltaSeconds(*parsed.view().First(HeaderId::kSessionExpires), field).ok());
  EXPECT_EQ(field.seconds, 1800u);
  EXPECT_EQ(Parameter(field.parameters, "refresher"), "UAS");
  ASSERT_TRUE(ParseDeltaSeconds(*parsed.view().First(HeaderId::kMinSe), field).ok());
  EXPECT_EQ(field.seconds, 120u);
  EXPECT_FALSE(Parsed(RequestWith({"m: <sip:a@h>"})).view().Has(HeaderId::kMinSe));
  for (std::string_view value : {"1800.5"sv, "-1"sv, "abc"sv, ""sv, "90, 91"sv, "1800;refresher=me"sv,
                                 "1800;refresher=uac;refresher=uas"sv}) {
    EXPECT_EQ(CheckLine("Session-Expires: " + std::string(value)).code, ParseCode::kBadSessionExpires)
        << value;
  }
  EXPECT_EQ(Parsed(RequestWith({"Session-Expires: 90", "x: 90"})).code(), ParseCode::kRepeatedHeader);
  ASSERT_TRUE(ParseDeltaSeconds("99999999999", field).ok());
  EXPECT_EQ(field.seconds, 4294967295u);
  SANSIP_SHOWS("4028-4-2", "4028-4-10", "4028-4-11", "4028-4-12", "4028-4-13", "4028-4-14", "4028-4-15",
               "4028-5-7");
}

TEST(FieldCheckTest, FieldsOfCalls) {
  struct Pair {
    std::string_view good;
    std::string_view bad;
  };
  constexpr Pair kInRequests[] = {
      {"Allow-Events: a, b.c", "u: a,"},
      {"Event: a.b;id=1", "o: a..b"},
      {"Subscription-State: active;expires=1", "Subscription-State: active;expires=x"},
      {"Reason: SIP;cause=200, Q.850;cause=16", "Reason: SIP;text=bye"},
      {"Path: <sip:p;lr>", "Path: sip:p"},
      {"Referred-By: <sip:a@h>;cid=\"1@h\"", "b: <sip:a@h>;cid=1"},
      {"Refer-Sub: false", "Refer-Sub: no"},
      {"Replaces: a;to-tag=1;from-tag=2", "Replaces: a;to-tag=1"},
      {"Join: a;to-tag=1;from-tag=2", "Join: a;from-tag=2"},
      {"SIP-If-Match: a", "SIP-If-Match: a, b"},
      {"Session-ID: ab30317f1a784dc48ff824d0d3715d86", "Session-ID: 1"},
      {"P-Asserted-Identity: <sip:a@h>, tel:+1", "P-Asserted-Identity: <sip:a@h>;x"},
      {"P-Preferred-Identity: <sip:a@h>", "P-Preferred-Identity: "},
      {"Privacy: id;user", "Privacy: id;id"},
      {"Info-Package: a;b", "Info-Package: a, b"},
      {"Recv-Info: a, b;c", "Recv-Info: a,,b"},
      {"Recv-Info:", "Recv-Info: ;"},
  };
  for (const Pair& pair : kInRequests) {
    EXPECT_TRUE(CheckLine(pair.good).ok()) << pair.good;
    EXPECT_FALSE(CheckLine(pair.bad).ok()) << pair.bad;
  }
  constexpr Pair kInResponses[] = {
      {"RSeq: 1", "RSeq: 0"},
      {"Service-Route: <sip:p;lr>", "Service-Route: sip:p"},
      {"SIP-ETag: a", "SIP-ETag: "},
  };
  for (const Pair& pair : kInResponses) {
    EXPECT_TRUE(CheckLine(pair.good, /*response=*/true).ok()) << pair.good;
    EXPECT_FALSE(CheckLine(pair.bad, /*response=*/true).ok()) << pair.bad;
    EXPECT_TRUE(CheckLine(pair.bad).ok()) << pair.bad;
  }
  EXPECT_EQ(CheckLine("Allow-Events: a, b.c, d..").offset, 24u);
  EXPECT_EQ(CheckLine("Reason: SIP, Q.850;cause=x").offset, 18u);
}

TEST(FieldCheckTest, FieldsOfTheOtherCategoryAreIgnored) {
  EXPECT_TRUE(CheckLine("Retry-After: x").ok());
  EXPECT_FALSE(CheckLine("Retry-After: x", /*response=*/true).ok());
  EXPECT_TRUE(CheckLine("RSeq: x").ok());
  EXPECT_TRUE(CheckLine("Route: x", /*response=*/true).ok());
  EXPECT_TRUE(CheckLine("RAck: x", /*response=*/true).ok());
  for (std::string_view line :
       {"Authentication-Info: x"sv, "Error-Info: x"sv, "Min-Expires: x"sv, "Proxy-Authenticate: Digest a"sv,
        "Server: ("sv, "Unsupported: a b"sv, "Warning: x"sv, "WWW-Authenticate: Digest a"sv}) {
    EXPECT_TRUE(CheckLine(line).ok()) << line;
    EXPECT_EQ(CheckLine(line, /*response=*/true).code, ParseCode::kBadFieldValue) << line;
  }
  for (std::string_view line : {"Authorization: Digest a"sv, "In-Reply-To: @"sv, "Priority: ,"sv,
                                "Proxy-Authorization: Digest a"sv, "Proxy-Require: ,"sv}) {
    EXPECT_EQ(CheckLine(line).code, ParseCode::kBadFieldValue) << line;
    EXPECT_TRUE(CheckLine(line, /*response=*/true).ok()) << line;
  }
  SANSIP_SHOWS("3261-7.3.2-1");
}

}  // namespace
}  // namespace sansip
