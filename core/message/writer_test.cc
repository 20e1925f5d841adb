#include "sansip/core/message/writer.h"

#include <array>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

class WriterTest : public testing::Test {
 protected:
  std::array<char, 4096> storage_{};
  Writer writer_{storage_};
};

TEST_F(WriterTest, Request) {
  writer_.RequestLine("INVITE", "sip:bob@biloxi.example;transport=tcp");
  writer_.Header(HeaderId::kVia, {"SIP/2.0/UDP ", "h", ";branch=", "z9hG4bKx"});
  writer_.Header("X-Custom", "a  b");
  writer_.Header(HeaderLine{HeaderId::kCallId, "abc"});
  writer_.Header(HeaderLine{HeaderId::kOther, "v", "X-Other"});
  writer_.Body("v=0\r\n");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), Lines({"INVITE sip:bob@biloxi.example;transport=tcp SIP/2.0",
                                   "Via: SIP/2.0/UDP h;branch=z9hG4bKx", "X-Custom: a  b", "Call-ID: abc",
                                   "X-Other: v", "Content-Length: 5", "", "v=0"}));
  EXPECT_EQ(writer_.needed(), writer_.text().size());
  SANSIP_SHOWS("3261-7.1-4", "3261-7.1-5", "3261-20.14-1");
}

TEST_F(WriterTest, HeadOfARequestInItsParts) {
  RequestHead head{.route = {},
                   .from = "Alice <sip:alice@h>",
                   .from_tag = "1",
                   .to = "<sip:bob@h>",
                   .to_tag = {},
                   .call_id = "abc",
                   .cseq = 4294967295};
  writer_.Head(head, "INVITE");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), Lines({"Max-Forwards: 70", "From: Alice <sip:alice@h>;tag=1", "To: <sip:bob@h>",
                                   "Call-ID: abc", "CSeq: 4294967295 INVITE"}));
  head.route = "<sip:p;lr>, <sip:q;lr>";
  head.to_tag = "2";
  Writer again(storage_);
  again.Head(head, "BYE");
  EXPECT_EQ(again.text(),
            Lines({"Route: <sip:p;lr>, <sip:q;lr>", "Max-Forwards: 70", "From: Alice <sip:alice@h>;tag=1",
                   "To: <sip:bob@h>;tag=2", "Call-ID: abc", "CSeq: 4294967295 BYE"}));
}

TEST_F(WriterTest, NoPartOfAHeadBringsItsOwnLines) {
  const RequestHead good{.route = "<sip:p;lr>",
                         .from = "f",
                         .from_tag = "1",
                         .to = "t",
                         .to_tag = "2",
                         .call_id = "c",
                         .cseq = 1};
  for (std::string_view RequestHead::*const part :
       {&RequestHead::route, &RequestHead::from, &RequestHead::from_tag, &RequestHead::to,
        &RequestHead::to_tag, &RequestHead::call_id}) {
    RequestHead head = good;
    head.*part = "x\r\nEvil: 1";
    Writer writer(storage_);
    writer.Head(head, "INVITE");
    EXPECT_EQ(writer.error(), WriteError::kBadValue);
    EXPECT_EQ(writer.text().find("Evil"), std::string_view::npos);
  }
}

TEST_F(WriterTest, Response) {
  writer_.StatusLine(200, "");
  writer_.Body("");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  SANSIP_SHOWS("3261-7-1", "3261-7-2", "3261-20.14-2", "3261-20.14-3", "3261-18.3-4", "3261-20-3",
               "3261-7.4.2-1");
}

TEST_F(WriterTest, ReasonInAnyLanguage) {
  writer_.StatusLine(180, "\xC3\x87\x61 sonne");
  EXPECT_EQ(writer_.text(), "SIP/2.0 180 \xC3\x87\x61 sonne\r\n");
}

TEST_F(WriterTest, BodiesAreBytes) {
  writer_.Body("\0\r\n\xFF"sv);
  EXPECT_EQ(writer_.text(), "Content-Length: 4\r\n\r\n\0\r\n\xFF"sv);
}

// Nothing with a line break, or that a parser would not read back, gets into a message.
TEST_F(WriterTest, ValuesCannotBringTheirOwnLines) {
  for (std::string_view value : {"a\r\nEvil: 1"sv, "a\nEvil: 1"sv, "a\rEvil: 1"sv, "a\r\n"sv,
                                 "\r\n\r\nbody"sv, "a\n"sv, "a\r"sv, "\0"sv, "a\x01"sv, "a\x7F"sv,
                                 "\"a\\\r\nEvil: 1\""sv, "a\\\nb"sv, "a\r\n \r\nEvil: 1"sv, "a\n\n b"sv}) {
    Writer writer(storage_);
    writer.Header(HeaderId::kSubject, value);
    EXPECT_EQ(writer.error(), WriteError::kBadValue) << value;
    EXPECT_EQ(writer.text(), "") << value;
    writer.Header(HeaderId::kSubject, {"a", value});
    writer.Header("X-A", value);
    writer.Header(HeaderLine{HeaderId::kSubject, value});
    writer.StatusLine(200, value);
    EXPECT_EQ(writer.needed(), 0u);
  }
}

// Wherever in the value it stands, and however long that is; and what was written before stays as it was.
TEST_F(WriterTest, NoControlCharacterGetsThroughAtAnyPlace) {
  for (std::size_t size : {1, 3, 4, 7, 8, 15, 16, 17, 40, 64}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (char bad : {'\r', '\n', '\0', '\x1F', '\x7F'}) {
        std::string value(size, 'a');
        value[at] = bad;
        Writer writer(storage_);
        writer.Header(HeaderId::kSubject, "x");
        writer.Header(HeaderId::kSubject, value);
        ASSERT_EQ(writer.error(), WriteError::kBadValue) << size << " " << at;
        writer.Header(HeaderId::kSubject, {"a", value});
        writer.Header("X-A", value);
        const HeaderLine line = {HeaderId::kSubject, value};
        writer.Headers({&line, 1});
        writer.StatusLine(200, value);
        ASSERT_EQ(writer.text(), "Subject: x\r\n") << size << " " << at;
      }
    }
  }
}

TEST_F(WriterTest, TabsAndOtherAlphabetsPass) {
  writer_.Header(HeaderId::kSubject, "\xD0\x9E\tb");
  writer_.Header(HeaderId::kFrom, {"\"\xC3\xBC\" <sip:a@h>", ";tag=", "1"});
  writer_.Header("X-A", "a\tb, longer than a step of sixteen bytes, \xE2\x82\xAC");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), Lines({"Subject: \xD0\x9E\tb", "From: \"\xC3\xBC\" <sip:a@h>;tag=1",
                                   "X-A: a\tb, longer than a step of sixteen bytes, \xE2\x82\xAC"}));
}

// Each with values of every length around a step's: with the room that it takes, and with a byte less.
TEST_F(WriterTest, EveryNameFitsExactly) {
  for (std::size_t i = 1; i < kHeaderIdCount; ++i) {
    const auto id = static_cast<HeaderId>(i);
    if (id == HeaderId::kContentLength) continue;
    for (std::size_t size = 0; size <= 34; ++size) {
      const std::string value(size, 'v');
      const std::string line = std::string(HeaderName(id)) + ": " + value + "\r\n";
      std::string storage(line.size() + 1, '#');
      Writer writer(std::span<char>(storage.data(), line.size()));
      writer.Header(id, value);
      ASSERT_EQ(writer.error(), WriteError::kNone) << line;
      ASSERT_EQ(storage, line + "#");
      storage.assign(line.size(), '#');
      Writer short_of_one(std::span<char>(storage.data(), line.size() - 1));
      short_of_one.Header(id, value);
      ASSERT_EQ(short_of_one.error(), WriteError::kNoRoom) << line;
      ASSERT_EQ(storage, line.substr(0, line.size() - 1) + "#");
    }
  }
}

TEST_F(WriterTest, Headers) {
  const HeaderLine lines[] = {{HeaderId::kSubject, "x"},
                              {HeaderId::kOther, "y", "X-A"},
                              {HeaderId::kContentLength, "5"},
                              {HeaderId::kOther, "y", "X A"},
                              {HeaderId::kCallId, "a\r\n b"}};
  writer_.Headers(lines);
  EXPECT_EQ(writer_.error(), WriteError::kBadName);
  EXPECT_EQ(writer_.text(), "Subject: x\r\nX-A: y\r\nCall-ID: a b\r\n");
}

TEST_F(WriterTest, PartsCannotMakeALineBreakTogether) {
  writer_.Header(HeaderId::kSubject, {"a\r", "\nEvil: 1"});
  EXPECT_EQ(writer_.error(), WriteError::kBadValue);
  Writer quoted(storage_);
  quoted.Header(HeaderId::kSubject, {"\"", "\"\\\0\""sv});  // the second mark closes: the NUL is in no string
  EXPECT_EQ(quoted.error(), WriteError::kBadValue);
  EXPECT_EQ(quoted.needed(), 0u);
}

TEST_F(WriterTest, FoldingIsWrittenAsOneSpace) {
  writer_.Header(HeaderId::kSubject, "one\r\n  two\r\n\tthree\n four \r\n five");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), "Subject: one two three four  five\r\n");
}

// RFC 4475 3.1.1.2: what the parser took can be copied into a response.
TEST_F(WriterTest, QuotedPairsPass) {
  writer_.Header(HeaderId::kTo, {"\"NUL:\\\0 DEL:\\\x7F\" <sip:a@h>"sv, ";tag=", "x"});
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), "To: \"NUL:\\\0 DEL:\\\x7F\" <sip:a@h>;tag=x\r\n"sv);
}

TEST_F(WriterTest, NamesAreTokens) {
  for (std::string_view name : {""sv, "a b"sv, "a:"sv, "a\r\nb"sv, "a\0"sv, "(x)"sv, "\xC3\xBC"sv, " a"sv}) {
    Writer writer(storage_);
    writer.Header(name, "x");
    EXPECT_EQ(writer.error(), WriteError::kBadName) << name;
    EXPECT_EQ(writer.needed(), 0u);
  }
  writer_.Header(HeaderId::kOther, "x");
  EXPECT_EQ(writer_.error(), WriteError::kBadName);
  EXPECT_EQ(writer_.needed(), 0u);
}

TEST_F(WriterTest, ContentLengthIsTheBodysAlone) {
  for (std::string_view name : {"Content-Length"sv, "content-length"sv, "l"sv, "L"sv}) {
    Writer writer(storage_);
    writer.Header(name, "5");
    EXPECT_EQ(writer.error(), WriteError::kBadName) << name;
    EXPECT_EQ(writer.needed(), 0u);
  }
  writer_.RawHeaders("Subject: x\r\nL: 5\r\n");
  EXPECT_EQ(writer_.error(), WriteError::kBadName);
  EXPECT_EQ(writer_.needed(), 0u);
}

TEST_F(WriterTest, MethodsAreTokens) {
  for (std::string_view method : {""sv, "IN VITE"sv, "A\r\nB"sv, "SIP/2.0"sv}) {
    Writer writer(storage_);
    writer.RequestLine(method, "sip:a@h");
    EXPECT_EQ(writer.error(), WriteError::kBadName) << method;
    EXPECT_EQ(writer.needed(), 0u);
  }
}

TEST_F(WriterTest, RequestUrisHaveNoSpacesControlsOrBrackets) {
  for (std::string_view uri :
       {""sv, "sip:a b@h"sv, " sip:a@h"sv, "sip:a@h SIP/2.0\r\nEvil: 1"sv, "sip:a\t@h"sv, "<sip:a@h>"sv,
        "sip:a\0@h"sv, "sip:\xC3\xBC@h"sv, "sip:a\"@h"sv, "sip:a\x7F@h"sv, "bob"sv, "sip:"sv, "sip:@h"sv,
        "tel:"sv, "sip:h:99999"sv, "sip:a%4@h"sv}) {
    Writer writer(storage_);
    writer.RequestLine("INVITE", uri);
    EXPECT_EQ(writer.error(), WriteError::kBadUri) << uri;
    EXPECT_EQ(writer.needed(), 0u);
  }
  writer_.RequestLine("INVITE", "sip:a%20b@[2001:db8::1]:5070;lr?x=y");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  SANSIP_SHOWS("3261-7.1-1", "3261-7.1-2", "3261-19.1.2-2");
}

TEST_F(WriterTest, StatusCodesAre100To699) {
  for (int code : {-1, 0, 99, 700, 1000, 65736}) {
    Writer writer(storage_);
    writer.StatusLine(code, "x");
    EXPECT_EQ(writer.error(), WriteError::kBadStatus) << code;
    EXPECT_EQ(writer.needed(), 0u);
  }
  writer_.StatusLine(100, "x");
  writer_.StatusLine(699, "y");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
}

TEST_F(WriterTest, RawHeadersPassByteForByte) {
  constexpr std::string_view kLines = "Via:  SIP/2.0/UDP\r\n  h\r\nX-y : \xC3\xBC\r\nv: SIP/2.0/TCP g\r\n";
  writer_.RawHeaders(kLines);
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), kLines);
  writer_.RawHeaders("");
  EXPECT_EQ(writer_.error(), WriteError::kNone);
}

TEST_F(WriterTest, RawHeadersAreHeaderLinesAndNothingElse) {
  for (std::string_view lines : {"Via: x"sv, "Via: x\n"sv, "Via: x\r\n\r\n"sv, "\r\n"sv, " folded\r\n"sv,
                                 "no colon\r\n"sv, "a: b\r\nc"sv, "a: b\rc\r\n"sv, "a: \0\r\n"sv,
                                 "a: b\r\n\r\nbody"sv, "a: b\nc: d\r\n"sv, ": x\r\n"sv, "a: b\r\n "sv}) {
    Writer writer(storage_);
    writer.RawHeaders(lines);
    EXPECT_NE(writer.error(), WriteError::kNone) << lines;
    EXPECT_EQ(writer.needed(), 0u) << lines;
  }
}

TEST_F(WriterTest, TheFirstErrorStays) {
  writer_.StatusLine(99, "");
  writer_.Header("a b", "x");
  EXPECT_EQ(writer_.error(), WriteError::kBadStatus);
}

// The storage, byte for byte from none to enough: never written beyond, always counted to the end.
TEST_F(WriterTest, CountsBeyondItsStorage) {
  const auto write = [](Writer& writer) {
    writer.RequestLine("BYE", "sip:a@h");
    writer.Header(HeaderId::kSubject, "fo\r\n ld");
    writer.Body("body");
  };
  write(writer_);
  const std::string whole(writer_.text());
  for (std::size_t size = 0; size < whole.size() + 2; ++size) {
    std::string storage(whole.size() + 4, '#');
    Writer writer(std::span<char>(storage.data(), size));
    write(writer);
    EXPECT_EQ(writer.needed(), whole.size());
    EXPECT_EQ(writer.error(), size < whole.size() ? WriteError::kNoRoom : WriteError::kNone);
    EXPECT_EQ(writer.text(), whole.substr(0, size));
    EXPECT_EQ(storage.substr(std::min(size, whole.size())).find_first_not_of('#'), std::string::npos) << size;
  }
}

// RFC 3261 7.3.1: credentials and challenges stay rows of their own, as they were given.
TEST_F(WriterTest, RowsStayRows) {
  writer_.Header(HeaderId::kAuthorization, "Digest username=\"a\", realm=\"x\"");
  writer_.Header(HeaderId::kAuthorization, "Digest username=\"a\", realm=\"y\"");
  writer_.Header(HeaderId::kProxyAuthorization, "Digest realm=\"x\"");
  writer_.Header(HeaderId::kProxyAuthorization, "Digest realm=\"y\"");
  EXPECT_EQ(writer_.text(),
            Lines({"Authorization: Digest username=\"a\", realm=\"x\"",
                   "Authorization: Digest username=\"a\", realm=\"y\"",
                   "Proxy-Authorization: Digest realm=\"x\"", "Proxy-Authorization: Digest realm=\"y\""}));
  SANSIP_SHOWS("3261-7.3.1-5", "3261-20.7-1", "3261-20.28-1");
}

TEST_F(WriterTest, WhatIsWrittenIsStrictlyWellFormed) {
  writer_.RequestLine("OPTIONS", "sip:bob@biloxi.example");
  writer_.Header(HeaderId::kVia, "SIP/2.0/TCP h;branch=z9hG4bKx");
  writer_.Header(HeaderId::kMaxForwards, "70");
  writer_.Header(HeaderId::kFrom, "<sip:a@h>;tag=1");
  writer_.Header(HeaderId::kTo, "<sip:b@h>");
  writer_.Header(HeaderId::kCallId, "x");
  writer_.Header(HeaderId::kCSeq, "1 OPTIONS");
  writer_.Body("");
  ASSERT_EQ(writer_.error(), WriteError::kNone);
  const Parsed parsed(std::string(writer_.text()), ParsePolicy::Strict(), Framing::kStream);
  EXPECT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.view().index().tolerances, 0u);
}

}  // namespace
}  // namespace sansip
