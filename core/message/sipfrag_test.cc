#include "sansip/core/message/sipfrag.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/core/message/writer.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

struct Fragment {
  explicit Fragment(std::string text, const ParseLimits& limits = {})
      : bytes(std::move(text)), index(std::make_unique<MessageIndex>()) {
    error = ParseSipfrag(bytes, start_line, *index, limits);
  }
  MessageView view() const { return MessageView(bytes, *index); }

  std::string bytes;
  std::unique_ptr<MessageIndex> index;
  StartLine start_line = StartLine::kNone;
  ParseError error;
};

// RFC 3420 3.1
TEST(SipfragTest, OnlyAStartLine) {
  const Fragment request(Lines({"INVITE sip:alice@atlanta.example SIP/2.0"}));
  ASSERT_TRUE(request.error.ok());
  EXPECT_EQ(request.start_line, StartLine::kRequestLine);
  EXPECT_EQ(request.view().method(), Method::kInvite);
  EXPECT_EQ(request.view().request_uri(), "sip:alice@atlanta.example");
  const Fragment response(Lines({"SIP/2.0 603 Declined"}));
  ASSERT_TRUE(response.error.ok());
  EXPECT_EQ(response.start_line, StartLine::kStatusLine);
  EXPECT_EQ(response.view().status_code(), 603);
  EXPECT_EQ(response.view().reason_phrase(), "Declined");
  EXPECT_EQ(response.view().header_count(), 0u);
}

TEST(SipfragTest, SomeHeaderFields) {
  const Fragment request(
      Lines({"REGISTER sip:atlanta.example SIP/2.0", "To: sip:alice@atlanta.example",
             "Contact: <sip:alicepc@atlanta.example>;q=0.9,", "\t<sip:mobile@atlanta.example>;q=0.1"}));
  ASSERT_TRUE(request.error.ok());
  EXPECT_EQ(request.view().header_count(), 2u);
  EXPECT_EQ(request.view().First(HeaderId::kTo), "sip:alice@atlanta.example");
  const Fragment response(
      Lines({"SIP/2.0 400 Bad Request", "Warning: 399 atlanta.example \"Event was malformed\""}));
  ASSERT_TRUE(response.error.ok());
  EXPECT_TRUE(response.view().Has(HeaderId::kWarning));
}

TEST(SipfragTest, NoStartLine) {
  const Fragment fragment(
      Lines({"From: Alice <sip:alice@atlanta.example>", "To : Bob <sip:bob@biloxi.example>",
             "Date: Thu, 21 Feb 2002 13:02:03 GMT", "i: a84b4c76e66710", "CSeq: 314159 INVITE"}));
  ASSERT_TRUE(fragment.error.ok());
  EXPECT_EQ(fragment.start_line, StartLine::kNone);
  EXPECT_EQ(fragment.view().header_count(), 5u);
  EXPECT_EQ(fragment.view().First(HeaderId::kCallId), "a84b4c76e66710");
  EXPECT_EQ(fragment.view().status_code(), 0);
  // A method may be a field's name: it is the colon that tells.
  const Fragment odd(Lines({"INVITE : sip:x SIP/2.0"}));
  ASSERT_TRUE(odd.error.ok());
  EXPECT_EQ(odd.start_line, StartLine::kNone);
}

TEST(SipfragTest, WithABody) {
  const Fragment response(
      Lines({"SIP/2.0 200 OK", "Content-Type: application/sdp", "Content-Length: 5", "", "v=0"}));
  ASSERT_TRUE(response.error.ok());
  EXPECT_EQ(response.view().body(), "v=0\r\n");
  EXPECT_EQ(response.view().bytes(), response.bytes);
  const Fragment text("Content-Type: text/plain\r\nContent-Length: 9\r\n\r\nHi There!");
  ASSERT_TRUE(text.error.ok());
  EXPECT_EQ(text.view().body(), "Hi There!");
  EXPECT_EQ(Fragment("c: text/plain\r\n\r\nHi").view().body(), "Hi");
}

// Every end that the grammar allows, and a last line without its CRLF, as some peers send it.
TEST(SipfragTest, WhereItMayEnd) {
  for (std::string_view text :
       {""sv, "\r\n"sv, "SIP/2.0 200 OK"sv, "SIP/2.0 200 OK\r\n"sv, "SIP/2.0 200 OK\r\n\r\n"sv,
        "Subject: x"sv, "Subject: x\r\n"sv, "Subject: x\r\n\r\n"sv, "SIP/2.0 200 OK\r\nSubject: x"sv,
        "SIP/2.0 200 \r\n"sv}) {
    EXPECT_TRUE(Fragment(std::string(text)).error.ok()) << text;
  }
}

// RFC 3420 2: the body may have been taken out and Content-Length not.
TEST(SipfragTest, ContentLengthOfABodyThatWasTakenOut) {
  EXPECT_TRUE(Fragment(Lines({"SIP/2.0 200 OK", "Content-Length: 142"})).error.ok());
  EXPECT_TRUE(Fragment(Lines({"SIP/2.0 200 OK", "Content-Length: 142", ""})).error.ok());
}

// RFC 3420 3.2 and more.
TEST(SipfragTest, Malformed) {
  const auto code = [](std::string_view text) { return Fragment(std::string(text)).error.code; };
  EXPECT_EQ(code("INVITE\r\n"), ParseCode::kBadRequestLine);
  EXPECT_EQ(code("INVITE sip:alice@atlanta.example SIP/1.09\r\n"), ParseCode::kUnsupportedVersion);
  EXPECT_EQ(code("SIP/2.0\r\n"), ParseCode::kBadStatusLine);
  EXPECT_EQ(code("404 Not Found\r\n"), ParseCode::kBadRequestLine);
  EXPECT_EQ(code("INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP ;branch=z9hG4bK29342a\r\nTo: <>;tag=39234\r\n"),
            ParseCode::kBadUri);
  EXPECT_EQ(code("INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP ;branch=z9hG4bK29342a\r\n"), ParseCode::kBadVia);
  EXPECT_EQ(code("To: sip:alice@atlanta.example\r\nCall-ID: this is invalid\r\n"), ParseCode::kBadCallId);
  EXPECT_EQ(code("From: <sip:bob@biloxi.example>;tag=a;tag=b\r\n"), ParseCode::kRepeatedParameter);
  EXPECT_EQ(code("MESSAGE sip:alice@atlanta.example SIP/2.0\r\nHi There!\r\n"), ParseCode::kBadHeaderLine);
  EXPECT_EQ(code("INVITE sip:a@h SIP/2.0\r\nCSeq: 1 BYE\r\n"), ParseCode::kCSeqMethodMismatch);
  EXPECT_EQ(code("To: *\r\n"), ParseCode::kBadFieldValue);
  EXPECT_EQ(code("To: <sip:a@h>, <sip:b@h>\r\n"), ParseCode::kBadFieldValue);
  EXPECT_EQ(code("Max-Forwards: 256\r\n"), ParseCode::kBadMaxForwards);
  EXPECT_EQ(code("CSeq: x INVITE\r\n"), ParseCode::kBadNumber);
  EXPECT_EQ(code("Content-Length: x\r\n"), ParseCode::kBadContentLength);
  EXPECT_EQ(code("To: <sip:a@h>\r\nt: <sip:a@h>\r\n"), ParseCode::kRepeatedHeader);
  EXPECT_EQ(code("SIP/2.0 200 OK\nSubject: x\r\n"), ParseCode::kControlCharacter);
  EXPECT_EQ(code("SIP/2.0 200 OK\r\nSubject: x\n"), ParseCode::kControlCharacter);
  EXPECT_EQ(code(" Subject: x\r\n"), ParseCode::kBadMethod);
  EXPECT_EQ(code("SIP/2.0 200 OK\r\n\r\nbody"), ParseCode::kMissingContentType);
  EXPECT_EQ(code("\r\nbody"), ParseCode::kMissingContentType);
  EXPECT_EQ(code("c: a/b\r\nl: 3\r\n\r\nbody"), ParseCode::kContentLengthMismatch);
  EXPECT_EQ(code("c: a/b\r\nl: 5\r\n\r\nbody"), ParseCode::kContentLengthMismatch);
  const Fragment offset("Subject: x\r\nCall-ID: a b\r\n");
  EXPECT_EQ(offset.bytes.substr(offset.error.offset), " b\r\n");
}

TEST(SipfragTest, Limits) {
  const std::string two = Lines({"Subject: 12345", "Y-: y"});
  EXPECT_TRUE(Fragment(two).error.ok());
  EXPECT_EQ(Fragment(two, {.message_bytes_max = 22}).error.code, ParseCode::kMessageTooLong);
  EXPECT_EQ(Fragment(two, {.header_section_bytes_max = 22}).error.code, ParseCode::kHeaderSectionTooLong);
  EXPECT_EQ(Fragment(two, {.header_count_max = 1}).error.code, ParseCode::kTooManyHeaders);
  EXPECT_EQ(Fragment(two, {.header_bytes_max = 13}).error.code, ParseCode::kHeaderTooLong);
  EXPECT_EQ(Fragment("c: a/b\r\n\r\n12345", {.body_bytes_max = 4}).error.code, ParseCode::kBodyTooLong);
  std::string many;
  for (std::size_t i = 0; i <= kHeaderCountMax; ++i) many += "Y-: y\r\n";
  EXPECT_EQ(Fragment(many, {.header_count_max = 1000}).error.code, ParseCode::kTooManyHeaders);
}

// RFC 3515 2.4.5: how the referred request stands, whatever else is told about it.
TEST(SipfragTest, TheStatusLineOfANotify) {
  for (std::string_view body :
       {"SIP/2.0 486 Busy Here"sv, "SIP/2.0 486 Busy Here\r\n"sv,
        "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP h\r\nContent-Length: 0\r\n\r\n"sv,
        "SIP/2.0 486 Busy Here\r\n\r\n\r\n"sv, "sip/2.0 486 Busy Here\r\nno field"sv}) {
    StatusLine status_line;
    ASSERT_TRUE(ParseStatusLine(body, status_line).ok()) << body;
    EXPECT_EQ(status_line.code, 486);
    EXPECT_EQ(status_line.reason, "Busy Here");
  }
  SANSIP_SHOWS("3515-2.4.5-4");
}

TEST(SipfragTest, NoStatusLine) {
  const auto code = [](std::string_view body) {
    StatusLine status_line;
    const ParseCode code = ParseStatusLine(body, status_line).code;
    EXPECT_EQ(status_line.code, 0);
    return code;
  };
  EXPECT_EQ(code(""), ParseCode::kBadStatusLine);
  EXPECT_EQ(code("\r\nSIP/2.0 200 OK"), ParseCode::kBadStatusLine);
  EXPECT_EQ(code("INVITE sip:a@h SIP/2.0\r\n"), ParseCode::kBadStatusLine);
  EXPECT_EQ(code("Subject: x\r\n"), ParseCode::kBadStatusLine);
  EXPECT_EQ(code("SIP/2.0 99 x\r\n"), ParseCode::kBadStatusCode);
  EXPECT_EQ(code("SIP/3.0 200 OK\r\n"), ParseCode::kUnsupportedVersion);
  EXPECT_EQ(code("SIP/2.0 200 O\x01K\r\n"), ParseCode::kControlCharacter);
}

TEST(SipfragTest, WriterWritesOne) {
  std::array<char, 200> storage;
  Writer writer(storage);
  writer.StatusLine(180, "");
  writer.Header(HeaderId::kContact, "<sip:b@h>");
  const Fragment fragment{std::string(writer.text())};
  ASSERT_TRUE(fragment.error.ok());
  EXPECT_EQ(fragment.view().status_code(), 180);
  EXPECT_EQ(fragment.view().First(HeaderId::kContact), "<sip:b@h>");
}

}  // namespace
}  // namespace sansip
