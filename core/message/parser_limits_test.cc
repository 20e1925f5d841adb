// Each limit: a message that reaches it is accepted, one byte or field more is refused, and where.
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

Parsed WithLimits(const std::string& text, const ParseLimits& limits) {
  return Parsed(text, {}, Framing::kDatagram, limits);
}

TEST(ParserLimitsTest, MessageBytes) {
  const std::string text = RequestWith({}) + std::string(100, 'x');
  ParseLimits limits;
  limits.message_bytes_max = text.size();
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.message_bytes_max = text.size() - 1;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kMessageTooLong);
  EXPECT_EQ(parsed.error().offset, text.size() - 1);
  EXPECT_TRUE(parsed.view().Has(HeaderId::kCSeq));
  EXPECT_EQ(ResponseCodeFor(parsed.code()), 513);
}

TEST(ParserLimitsTest, TheLargestDatagramIsAMessage) {
  const std::string head = RequestWith({});
  const std::string text = head + std::string(65535 - head.size(), 'x');
  EXPECT_TRUE(Parsed(text).ok());
  EXPECT_EQ(Parsed(text + "x").code(), ParseCode::kMessageTooLong);
  SANSIP_SHOWS("3261-18.1.1-3");
}

TEST(ParserLimitsTest, HeaderSectionBytes) {
  const std::string text = RequestWith({}) + "body";
  const std::size_t begin = text.find("\r\n") + 2;
  const std::size_t size = text.size() - begin - 6;
  ParseLimits limits;
  limits.header_section_bytes_max = size;
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.header_section_bytes_max = size - 1;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kHeaderSectionTooLong);
  EXPECT_EQ(parsed.error().offset, begin + size - 1);
}

TEST(ParserLimitsTest, HeaderCount) {
  const std::string text = RequestWith({"X-A: 1", "X-A: 2"});
  ParseLimits limits;
  limits.header_count_max = 8;
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.header_count_max = 7;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kTooManyHeaders);
  EXPECT_EQ(parsed.at_error().substr(0, 4), "CSeq");
  EXPECT_EQ(parsed.view().header_count(), 7u);
}

TEST(ParserLimitsTest, NoIndexHoldsMoreThanItsHeaders) {
  std::string lines;
  for (std::size_t i = 0; i < kHeaderCountMax - 6; ++i) lines += "X-A: 1\r\n";
  std::string text = RequestWith({});
  const std::size_t begin = text.find("\r\n") + 2;
  ParseLimits limits;
  limits.header_count_max = 1000000;
  EXPECT_TRUE(WithLimits(std::string(text).insert(begin, lines), limits).ok());
  const Parsed parsed = WithLimits(std::string(text).insert(begin, lines + "X-A: 1\r\n"), limits);
  EXPECT_EQ(parsed.code(), ParseCode::kTooManyHeaders);
  EXPECT_EQ(parsed.view().header_count(), kHeaderCountMax);
}

TEST(ParserLimitsTest, HeaderBytes) {
  const std::string line = "Subject: " + std::string(91, 'a') + "\r\n " + std::string(97, 'b');  // 200 bytes
  ASSERT_EQ(line.size(), 200u);
  const std::string text = RequestWith({line});
  ParseLimits limits;
  limits.header_bytes_max = 200;
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.header_bytes_max = 199;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kHeaderTooLong);
  EXPECT_EQ(parsed.error().offset, 40u + 199u);
  EXPECT_TRUE(parsed.view().Has(HeaderId::kCSeq));
  EXPECT_FALSE(parsed.view().Has(HeaderId::kSubject));
}

TEST(ParserLimitsTest, UriBytes) {
  const std::string text = RequestWith({});
  ParseLimits limits;
  limits.uri_bytes_max = 22;
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.uri_bytes_max = 21;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kUriTooLong);
  EXPECT_EQ(parsed.error().offset, 8u + 21u);
  EXPECT_EQ(ResponseCodeFor(parsed.code()), 414);
}

TEST(ParserLimitsTest, BodyBytes) {
  const std::string text = RequestWith({"Content-Length: 10"}) + "0123456789";
  ParseLimits limits;
  limits.body_bytes_max = 10;
  EXPECT_TRUE(WithLimits(text, limits).ok());
  limits.body_bytes_max = 9;
  const Parsed parsed = WithLimits(text, limits);
  EXPECT_EQ(parsed.code(), ParseCode::kBodyTooLong);
  EXPECT_EQ(parsed.at_error(), "9");
  EXPECT_EQ(ResponseCodeFor(parsed.code()), 413);
}

std::string WithParameters(std::string text, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) text += ";p";
  return text;
}

// 64 are taken, and of 65 it is told where the last begins, wherever they are.
TEST(ParserLimitsTest, Parameters) {
  // `begin` is what they stand behind, and how many are there already.
  const auto check = [](std::string_view begin, std::size_t there) {
    const auto request = [&](std::size_t count) {
      std::string text = RequestWith({"Contact: <sip:c@h.example>"});
      return text.insert(text.find(begin) + begin.size(), WithParameters("", count - there));
    };
    EXPECT_TRUE(Parsed(request(64)).ok()) << begin;
    const Parsed parsed(request(65));
    EXPECT_EQ(parsed.code(), ParseCode::kTooManyParameters) << begin;
    EXPECT_EQ(parsed.error().offset, parsed.bytes().rfind(";p")) << begin;
    EXPECT_EQ(ResponseCodeFor(parsed.code()), 513);
  };
  check("OPTIONS sip:bob@biloxi.example", 0);
  check("branch=z9hG4bK776asdhds", 1);
  check("tag=1928301774", 1);
  check("To: Bob <sip:bob@biloxi.example", 0);
  check("To: Bob <sip:bob@biloxi.example>", 0);
  check("<sip:c@h.example>", 0);
}

TEST(ParserLimitsTest, WhatCountsAsAParameter) {
  ParseLimits limits;
  limits.parameters_max = 2;
  const auto code = [&](const char* contact) {
    return WithLimits(RequestWith({std::string("Contact: ") + contact}), limits).code();
  };
  EXPECT_EQ(code("<sip:a@h.example;lr>;q=1"), ParseCode::kNone);
  EXPECT_EQ(code("<sip:a@h.example;lr>;q=1;a"), ParseCode::kTooManyParameters);
  EXPECT_EQ(code("\";;;\\\";;;\" <sip:a@h.example;lr>;q=1"), ParseCode::kNone);
  EXPECT_EQ(code("<sip:a@h.example>;q=1;a, <sip:b@h.example>;q=1;a"), ParseCode::kNone);
  limits.parameters_max = 0;
  EXPECT_EQ(code("<sip:a@h.example>"), ParseCode::kTooManyParameters);  // of the Via
}

TEST(ParserLimitsTest, SurplusOctetsCountForTheMessageAlone) {
  const std::string text = RequestWith({"Content-Length: 1"}) + "0123456789";
  ParseLimits limits;
  limits.body_bytes_max = 1;
  EXPECT_TRUE(WithLimits(text, limits).ok());
}

TEST(ParserLimitsTest, NothingIsReadIntoALimitOfZero) {
  ParseLimits limits;
  limits.message_bytes_max = 0;
  EXPECT_EQ(WithLimits(RequestWith({}), limits).code(), ParseCode::kMessageTooLong);
  limits = {};
  limits.header_count_max = 0;
  EXPECT_EQ(WithLimits(RequestWith({}), limits).code(), ParseCode::kTooManyHeaders);
  limits = {};
  limits.header_section_bytes_max = 0;
  EXPECT_EQ(WithLimits(RequestWith({}), limits).code(), ParseCode::kHeaderSectionTooLong);
  limits = {};
  limits.uri_bytes_max = 0;
  EXPECT_EQ(WithLimits(RequestWith({}), limits).code(), ParseCode::kUriTooLong);
}

// Values that add up beyond 32 or 64 bits do not wrap.
TEST(ParserLimitsTest, SumsDoNotWrap) {
  ParseLimits limits;
  limits.message_bytes_max = limits.body_bytes_max = limits.header_section_bytes_max = SIZE_MAX;
  limits.header_bytes_max = limits.uri_bytes_max = SIZE_MAX;
  EXPECT_TRUE(WithLimits(RequestWith({"Content-Length: 1"}) + "0", limits).ok());
  for (const char* length : {"4294967295", "4294967296", "18446744073709551615", "18446744073709551600"}) {
    EXPECT_EQ(WithLimits(RequestWith({std::string("Content-Length: ") + length}) + "0", limits).code(),
              ParseCode::kContentLengthMismatch);
  }
}

}  // namespace
}  // namespace sansip
