// The smaller fields: CSeq, delta-seconds, Content-Length, Content-Type, Call-ID, Max-Forwards, RSeq and
// RAck, and the check of all of them.
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/call_id.h"
#include "sansip/core/message/fields/content_length.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/max_forwards.h"
#include "sansip/core/message/fields/rack.h"
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
}

TEST(RAckTest, NumbersAndMethod) {
  RAck rack;
  ASSERT_TRUE(ParseRAck("776656 1 INVITE", rack).ok());
  EXPECT_EQ(rack.rseq, 776656u);
  EXPECT_EQ(rack.cseq.number, 1u);
  EXPECT_EQ(rack.cseq.method, Method::kInvite);
  for (std::string_view value : {""sv, "1"sv, "1 1"sv, "1 INVITE"sv, "4294967296 1 INVITE"sv, "x 1 INVITE"sv,
                                 "1 4294967296 INVITE"sv, "1 1 INVITE x"sv}) {
    EXPECT_FALSE(ParseRAck(value, rack).ok()) << value;
  }
  std::uint32_t rseq = 0;
  EXPECT_TRUE(ParseRSeq("4294967295", rseq).ok());
  EXPECT_FALSE(ParseRSeq("4294967296", rseq).ok());
}

// --- all of them

ParseError Check(std::string_view line, bool response = false) {
  std::string text = RequestWith({line});
  if (response) text.replace(0, text.find("\r\n"), "SIP/2.0 200 OK................");
  const Parsed parsed(text);
  EXPECT_TRUE(parsed.ok()) << line;
  ParseError error = CheckFields(parsed.view());
  if (!error.ok()) error.offset -= static_cast<std::uint32_t>(text.find("\r\n") + 2);
  return error;
}

TEST(FieldCheckTest, WellFormedFields) {
  for (std::string_view line :
       {"Contact: *"sv, "Contact: <sip:a@h>;expires=60, \"x\" <sip:b@h>"sv,
        "Route: <sip:a@h;lr>, <sip:b@h>"sv, "Record-Route: <sip:a@h;lr>"sv, "Allow:"sv,
        "Allow: INVITE, ACK"sv, "Supported:"sv, "Require: a,b"sv, "Expires: 99999999999"sv,
        "Session-Expires: 90;refresher=UAC;x=y"sv, "Min-SE: 90;x"sv, "Content-Type: text/plain"sv,
        "Reply-To: sip:a@h"sv, "Refer-To: <sip:a@h?Replaces=x>"sv, "RAck: 1 2 INVITE"sv, "X-Any: \"("sv,
        "Subject: \""sv, "Via: SIP/2.0/UDP a, SIP/2.0/UDP b"sv}) {
    EXPECT_TRUE(Check(line).ok()) << line;
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
      {"Session-Expires: 90;refresher=proxy", ParseCode::kBadSessionExpires, 35},
      {"Session-Expires: 90;refresher", ParseCode::kBadSessionExpires, 29},
      {"Session-Expires: 90;refresher=uac;refresher=uac", ParseCode::kBadSessionExpires, 47},
      {"Session-Expires: -1", ParseCode::kBadSessionExpires, 17},
      {"Min-SE: x", ParseCode::kBadMinSe, 8},
      {"Require: ", ParseCode::kBadFieldValue, 9},
      {"Supported: a b", ParseCode::kBadFieldValue, 13},
      {"Allow: INVITE,,ACK", ParseCode::kBadFieldValue, 14},
      {"Content-Type: sdp", ParseCode::kBadFieldValue, 17},
      {"Refer-To: <sip:a@h>, <sip:b@h>", ParseCode::kBadFieldValue, 21},
      {"RAck: 1 INVITE", ParseCode::kBadFieldValue, 8},
  };
  for (const Bad& bad : kBad) {
    const ParseError error = Check(bad.line);
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
    EXPECT_EQ(Check("Session-Expires: " + std::string(value)).code, ParseCode::kBadSessionExpires) << value;
  }
  EXPECT_EQ(Parsed(RequestWith({"Session-Expires: 90", "x: 90"})).code(), ParseCode::kRepeatedHeader);
  ASSERT_TRUE(ParseDeltaSeconds("99999999999", field).ok());
  EXPECT_EQ(field.seconds, 4294967295u);
  SANSIP_SHOWS("4028-4-2", "4028-4-10", "4028-4-11", "4028-4-12", "4028-4-13", "4028-4-14", "4028-4-15",
               "4028-5-7");
}

TEST(FieldCheckTest, FieldsOfTheOtherCategoryAreIgnored) {
  EXPECT_TRUE(Check("Retry-After: x").ok());
  EXPECT_FALSE(Check("Retry-After: x", /*response=*/true).ok());
  EXPECT_TRUE(Check("RSeq: x").ok());
  EXPECT_TRUE(Check("Route: x", /*response=*/true).ok());
  EXPECT_TRUE(Check("RAck: x", /*response=*/true).ok());
}

}  // namespace
}  // namespace sansip
