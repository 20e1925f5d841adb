#include "sansip/core/message/multipart.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

MediaType TypeOf(std::string_view value) {
  MediaType media_type;
  EXPECT_TRUE(ParseMediaType(value, media_type).ok()) << value;
  return media_type;
}

// A multipart read to its end; checks on the way that its pieces follow one another in the body.
struct Read {
  explicit Read(std::string_view body, std::string_view type = "multipart/mixed;boundary=b",
                const MultipartLimits& limits = {})
      : reader(TypeOf(type), body, limits) {
    for (BodyPart part; reader.Next(part);) parts.push_back(part);
    error = reader.error();
  }
  std::string_view content(std::size_t i) const { return parts.at(i).content; }

  MultipartReader reader;
  std::vector<BodyPart> parts;
  ParseError error;
};

ParseCode BoundaryCode(std::string_view type) {
  Boundary boundary;
  return ParseBoundary(TypeOf(type).parameters, boundary).code;
}

std::string BoundaryText(std::string_view type) {
  Boundary boundary;
  EXPECT_TRUE(ParseBoundary(TypeOf(type).parameters, boundary).ok()) << type;
  return std::string(boundary.view());
}

TEST(BoundaryTest, OneToSeventyOfItsCharacters) {
  Boundary boundary;
  for (std::string_view text : {"b"sv, "0"sv, "a b"sv, " a"sv, "'()+_,-./:=?"sv, "--"sv}) {
    EXPECT_TRUE(boundary.Assign(text)) << text;
    EXPECT_EQ(boundary.view(), text);
  }
  EXPECT_TRUE(boundary.Assign(std::string(70, 'x')));
  for (std::string_view text : {""sv, " "sv, "a "sv, "a\tb"sv, "a\r\nb"sv, "a*"sv, "a\"b"sv, "a\\b"sv,
                                "a;b"sv, "\xC3\xBC"sv, "a\0"sv, "~"sv}) {
    EXPECT_FALSE(boundary.Assign(text)) << text;
    EXPECT_EQ(boundary.view(), "");
  }
  EXPECT_FALSE(boundary.Assign(std::string(71, 'x')));
}

TEST(BoundaryTest, OfAContentType) {
  EXPECT_EQ(BoundaryText("multipart/mixed;boundary=unique-boundary-1"), "unique-boundary-1");
  EXPECT_EQ(BoundaryText("multipart/mixed; x=y ; BOUNDARY = \"simple boundary\""), "simple boundary");
  EXPECT_EQ(BoundaryText("multipart/mixed;boundary=\"a\\-\\b\""), "a-b");
  EXPECT_EQ(BoundaryText("multipart/mixed;boundary=\"" + std::string(70, 'b') + "\""), std::string(70, 'b'));
}

TEST(BoundaryTest, MalformedInAContentType) {
  EXPECT_EQ(BoundaryCode("multipart/mixed"), ParseCode::kBadParameter);
  EXPECT_EQ(BoundaryCode("multipart/mixed;bound=b"), ParseCode::kBadParameter);
  EXPECT_EQ(BoundaryCode("multipart/mixed;boundary=\"\""), ParseCode::kBadParameter);
  EXPECT_EQ(BoundaryCode("multipart/mixed;boundary=\"b \""), ParseCode::kBadParameter);
  EXPECT_EQ(BoundaryCode("multipart/mixed;boundary=\"b\r\n c\""), ParseCode::kBadParameter);
  EXPECT_EQ(BoundaryCode("multipart/mixed;boundary=" + std::string(71, 'b')), ParseCode::kBadParameter);
  Boundary boundary;
  EXPECT_EQ(ParseBoundary(";x=y;boundary=b*", boundary).offset, 14u);
  EXPECT_EQ(ParseBoundary(";x=y;boundary=a;Boundary=b", boundary).offset, 25u);
}

// RFC 5621 3.1: a session description and a list of recipients.
TEST(MultipartTest, PartsWithHeaderFieldsOfTheirOwn) {
  const std::string body =
      Lines({"--boundary1", "Content-Type: application/sdp", "", "v=0", "s=-", "", "--boundary1",
             "Content-Type: application/resource-lists+xml", "Content-Disposition: recipient-list", "",
             "<resource-lists/>", "--boundary1--"});
  const Read read(body, "multipart/mixed;boundary=\"boundary1\"");
  ASSERT_EQ(read.parts.size(), 2u);
  EXPECT_TRUE(read.error.ok());
  EXPECT_TRUE(read.reader.is_closed());
  EXPECT_EQ(read.parts[0].headers, "Content-Type: application/sdp\r\n");
  EXPECT_EQ(read.parts[0].content_type, "application/sdp");
  EXPECT_EQ(read.content(0), "v=0\r\ns=-\r\n");
  EXPECT_FALSE(read.parts[0].content_disposition.has_value());
  EXPECT_EQ(read.parts[1].content_disposition, "recipient-list");
  EXPECT_EQ(read.content(1), "<resource-lists/>");
  SANSIP_SHOWS("3261-7.4.1-4");
}

// RFC 2046 5.1.1: what is around the parts, and a part without header fields.
TEST(MultipartTest, PreambleEpilogueAndDefaults) {
  const std::string body = Lines({"For those who cannot read it.", "", "--simple boundary", "",
                                  "Not typed, and without a line break at its end.", "--simple boundary",
                                  "Content-type: text/plain; charset=us-ascii", "", "With one.", "",
                                  "--simple boundary--", "", "To be ignored, too."});
  const Read read(body, "multipart/mixed; boundary=\"simple boundary\"");
  ASSERT_EQ(read.parts.size(), 2u);
  EXPECT_EQ(read.reader.preamble(), "For those who cannot read it.\r\n");
  EXPECT_EQ(read.reader.epilogue(), "\r\nTo be ignored, too.\r\n");
  EXPECT_EQ(read.parts[0].headers, "");
  EXPECT_FALSE(read.parts[0].content_type.has_value());
  EXPECT_EQ(read.content(0), "Not typed, and without a line break at its end.");
  EXPECT_EQ(read.content(1), "With one.\r\n");
  MediaType media_type;
  ASSERT_TRUE(MediaTypeOf(read.parts[0], media_type).ok());
  EXPECT_TRUE(media_type.Is("text", "plain"));
  ASSERT_TRUE(MediaTypeOf(read.parts[1], media_type).ok());
  EXPECT_EQ(media_type.parameters, "; charset=us-ascii");
}

TEST(MultipartTest, ADigestHoldsMessages) {
  const std::string body =
      Lines({"--b", "", "From: a", "", "x", "--b", "Content-Type: text/html", "", "y", "--b--"});
  const Read read(body, "multipart/Digest;boundary=b");
  ASSERT_EQ(read.parts.size(), 2u);
  MediaType media_type;
  ASSERT_TRUE(MediaTypeOf(read.parts[0], media_type).ok());
  EXPECT_TRUE(media_type.Is("message", "rfc822"));
  EXPECT_EQ(read.content(0), "From: a\r\n\r\nx");
  ASSERT_TRUE(MediaTypeOf(read.parts[1], media_type).ok());
  EXPECT_TRUE(media_type.Is("text", "html"));
}

TEST(MultipartTest, AMalformedTypeIsTheOneWhoAsks) {
  const Read read("--b\r\nContent-Type: application\r\n\r\nx\r\n--b--");
  ASSERT_EQ(read.parts.size(), 1u);
  MediaType media_type;
  EXPECT_EQ(MediaTypeOf(read.parts[0], media_type).code, ParseCode::kBadFieldValue);
}

// RFC 2046 5.1.1 transport-padding, on either delimiter.
TEST(MultipartTest, PaddingBehindABoundary) {
  const Read read("--b \t\r\n\r\nx\r\n--b\t\r\n\r\ny\r\n--b--  \r\nz");
  ASSERT_EQ(read.parts.size(), 2u);
  EXPECT_EQ(read.content(0), "x");
  EXPECT_EQ(read.content(1), "y");
  EXPECT_EQ(read.reader.epilogue(), "z");
}

TEST(MultipartTest, LinesThatOnlyLookLikeDelimiters) {
  for (std::string_view line : {"--bb"sv, "-- b"sv, "--b-"sv, "--b---"sv, "--b-- x"sv, "--b x"sv, "-b"sv,
                                " --b"sv, "--B"sv, "--b\n"sv, "--b\r"sv, "x--b"sv, "--b--x"sv}) {
    const std::string body = "--b\r\n\r\n1\r\n" + std::string(line) + "\r\n2\r\n--b--";
    const Read read(body);
    ASSERT_EQ(read.parts.size(), 1u) << line;
    EXPECT_EQ(read.content(0), "1\r\n" + std::string(line) + "\r\n2");
  }
  // A delimiter begins a line, and lines end with CRLF.
  EXPECT_EQ(Read("--b\r\n\r\n1\n--b\n2\r--b\r\n--b--").content(0), "1\n--b\n2\r--b");
}

// Of two boundaries that begin alike each has its own lines, whichever is the outer one.
TEST(MultipartTest, OneBoundaryIsThePrefixOfAnother) {
  const std::string body = Lines({"--b", "Content-Type: multipart/alternative;boundary=bb", "", "--bb", "",
                                  "1", "--bb", "", "2", "--bb--", "--b", "", "3", "--b--"});
  const Read outer(body);
  ASSERT_EQ(outer.parts.size(), 2u);
  EXPECT_EQ(outer.content(1), "3");
  const Read inner(outer.content(0), *outer.parts[0].content_type);
  ASSERT_EQ(inner.parts.size(), 2u);
  EXPECT_EQ(inner.content(0), "1");
  EXPECT_EQ(inner.content(1), "2");

  const std::string reversed =
      Lines({"--bb", "Content-Type: multipart/mixed;boundary=b", "", "--b", "", "1", "--b--", "--bb--"});
  const Read other(reversed, "multipart/mixed;boundary=bb");
  ASSERT_EQ(other.parts.size(), 1u);
  EXPECT_EQ(Read(other.content(0), *other.parts[0].content_type).content(0), "1");
}

TEST(MultipartTest, ABoundaryThatEndsWithHyphens) {
  const Read read("--b--\r\n\r\n1\r\n--b--\r\n\r\n2\r\n--b----\r\n", "multipart/mixed;boundary=b--");
  ASSERT_EQ(read.parts.size(), 2u);
  EXPECT_TRUE(read.reader.is_closed());
}

// RFC 2046 5.1.2: the outer boundary ends an inner multipart that lacks its own end.
TEST(MultipartTest, AnOuterBoundaryEndsWhatIsOpen) {
  const std::string body =
      Lines({"--o", "Content-Type: multipart/mixed;boundary=i", "", "--i", "", "1", "--o", "", "2", "--o--"});
  const Read outer(body, "multipart/mixed;boundary=o");
  ASSERT_EQ(outer.parts.size(), 2u);
  const Read inner(outer.content(0), "multipart/mixed;boundary=i");
  ASSERT_EQ(inner.parts.size(), 1u);
  EXPECT_EQ(inner.content(0), "1");
  EXPECT_FALSE(inner.reader.is_closed());
}

TEST(MultipartTest, WithoutCloseDelimiter) {
  const Read read("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n");
  ASSERT_EQ(read.parts.size(), 2u);
  EXPECT_TRUE(read.error.ok());
  EXPECT_FALSE(read.reader.is_closed());
  EXPECT_EQ(read.content(1), "2\r\n");
  EXPECT_EQ(read.reader.epilogue(), "");
  const Read strict("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n", "multipart/mixed;boundary=b",
                    {.accept_missing_close = false});
  EXPECT_EQ(strict.parts.size(), 1u);
  EXPECT_EQ(strict.error, (ParseError{ParseCode::kBadMultipart, 20}));
  const Read cut("x\r\n--b");
  ASSERT_EQ(cut.parts.size(), 1u);
  EXPECT_EQ(cut.parts[0].text, "");
}

TEST(MultipartTest, EmptyParts) {
  const Read read(
      "--b\r\n--b\r\n\r\n--b\r\n\r\n\r\n--b\r\nContent-Type: a/b\r\n--b\r\nContent-Type: a/c\r\n\r\n--b--");
  ASSERT_EQ(read.parts.size(), 5u);
  EXPECT_TRUE(read.error.ok());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(read.content(i), "") << i;
  EXPECT_EQ(read.parts[3].content_type, "a/b");
  EXPECT_EQ(read.parts[4].content_type, "a/c");
}

TEST(MultipartTest, NoPartAtAll) {
  for (std::string_view body :
       {""sv, "x"sv, "--b--"sv, "\r\n--b--\r\n"sv, "x\r\n--c\r\n"sv, "--"sv, "\r\n"sv}) {
    const Read read(body);
    EXPECT_EQ(read.parts.size(), 0u) << body;
    EXPECT_EQ(read.error.code, ParseCode::kBadMultipart) << body;
  }
}

TEST(MultipartTest, WithoutBoundaryThereIsNothingToRead) {
  EXPECT_EQ(Read("--b\r\n\r\nx\r\n--b--", "multipart/mixed").error.code, ParseCode::kBadParameter);
}

// RFC 3261 7.4.1
TEST(MultipartTest, ContentsAreBytes) {
  const std::string content = "\0\r\xFF\n\r\n\r\n-- \r\n--\r\n"s;
  const std::string body = "--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: binary\r\n\r\n" +
                           content + "\r\n--b--\r\n";
  const Read read(body);
  ASSERT_EQ(read.parts.size(), 1u);
  EXPECT_EQ(read.content(0), content);
  EXPECT_EQ(read.parts[0].content_transfer_encoding, "binary");
  SANSIP_SHOWS("3261-7.4.1-6");
}

TEST(MultipartTest, HeaderFieldsOfAPart) {
  const Read read(
      "--b\r\ncontent-TYPE :\tapplication/isup;\r\n version=nxv3\r\nContent-ID: <a@h>\r\nContent-Length: "
      "99\r\n"
      "Content-Encoding: gzip\r\nX-Own: y\r\nc: text/plain\r\n\r\nx\r\n--b--");
  ASSERT_EQ(read.parts.size(), 1u);
  EXPECT_EQ(read.parts[0].content_type, "application/isup;\r\n version=nxv3");
  EXPECT_EQ(read.parts[0].content_id, "<a@h>");
  EXPECT_EQ(read.parts[0].content_encoding, "gzip");
  EXPECT_EQ(read.content(0), "x");
  MediaType media_type;
  ASSERT_TRUE(MediaTypeOf(read.parts[0], media_type).ok());
  EXPECT_EQ(media_type.subtype, "isup");
}

TEST(MultipartTest, MalformedHeaderFieldsOfAPart) {
  const auto error = [](std::string_view headers) {
    return Read("--b\r\n" + std::string(headers) + "\r\n\r\nx\r\n--b--").error;
  };
  EXPECT_EQ(error("v=0"), (ParseError{ParseCode::kBadHeaderLine, 6}));
  EXPECT_EQ(error("A: b\r\nno colon"), (ParseError{ParseCode::kBadHeaderLine, 14}));
  EXPECT_EQ(error("A: b\nB: c").code, ParseCode::kControlCharacter);
  EXPECT_EQ(error(" A: b").code, ParseCode::kBadHeaderName);
  EXPECT_EQ(error("Content-Type: a/b\r\nContent-Type: c/d"), (ParseError{ParseCode::kRepeatedHeader, 24}));
  EXPECT_EQ(error("Content-ID: <a>\r\ncontent-id: <b>").code, ParseCode::kRepeatedHeader);
}

TEST(MultipartTest, PartsAreLimited) {
  std::string body;
  for (int i = 0; i < 33; ++i) body += "--b\r\n\r\nx\r\n";
  const Read read(body + "--b--");
  EXPECT_EQ(read.parts.size(), 32u);
  EXPECT_EQ(read.error, (ParseError{ParseCode::kTooManyBodyParts, 33 * 10 - 5}));
  EXPECT_EQ(Read(body + "--b--", "multipart/mixed;boundary=b", {.part_count_max = 33}).parts.size(), 33u);
}

// Near-boundaries, hyphens and line breaks without end: each takes a moment, though it would not if the cost
// were the square of the size.
TEST(MultipartTest, HostileBodiesCostNoMoreThanTheirSize) {
  const std::string boundary(70, '-');
  const std::string type = "multipart/mixed;boundary=" + boundary;
  constexpr std::size_t kSize = std::size_t{1} << 20;
  for (std::string_view unit :
       {"\r\n"sv, "-"sv, "\r"sv, "\r\n--"sv, " "sv, "\r\n-----------------------------"sv}) {
    std::string body = "--" + boundary + "\r\n\r\n";
    while (body.size() < kSize) body += unit;
    const Read read(body, type);
    EXPECT_EQ(read.parts.size(), 1u);
  }
  std::string padded;
  while (padded.size() < kSize) padded += "--b" + std::string(1000, ' ') + "x\r\n";
  EXPECT_EQ(Read(padded).error.code, ParseCode::kBadMultipart);
}

}  // namespace
}  // namespace sansip
