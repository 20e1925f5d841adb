#include "sansip/core/message/multipart_writer.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/test_message.h"
#include "sansip/core/message/writer.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

Boundary BoundaryFrom(std::string_view text) {
  Boundary boundary;
  EXPECT_TRUE(boundary.Assign(text));
  return boundary;
}

class Counting : public RandomSource {
 public:
  explicit Counting(std::uint64_t step) : step_(step) {}
  std::uint64_t Next() override { return next_ += step_; }
  std::uint64_t next_ = 0;

 private:
  std::uint64_t step_;
};

class MultipartWriterTest : public testing::Test {
 protected:
  std::array<char, 4096> storage_{};
  MultipartWriter writer_{storage_, BoundaryFrom("b")};
};

TEST_F(MultipartWriterTest, Parts) {
  writer_.Part({{HeaderId::kContentType, "application/sdp"}, {HeaderId::kOther, "<s@h>", "Content-ID"}},
               "v=0\r\n");
  writer_.Part({}, "hello");
  writer_.Close();
  EXPECT_EQ(writer_.error(), WriteError::kNone);
  EXPECT_EQ(writer_.text(), Lines({"--b", "Content-Type: application/sdp", "Content-ID: <s@h>", "", "v=0", "",
                                   "--b", "", "hello", "--b--"}));
  EXPECT_EQ(writer_.needed(), writer_.text().size());
}

// In a message, and back: the same parts, byte for byte.
TEST_F(MultipartWriterTest, IsReadBack) {
  const std::vector<std::string> contents = {
      "", "\r\n", "--", "-- b\r\n--\r\n", "x\r", std::string("\0\xFF", 2)};
  for (const std::string& content : contents) {
    writer_.Part({{HeaderId::kContentType, "application/x"}, {HeaderId::kContentDisposition, "render"}},
                 content);
  }
  writer_.Close();
  ASSERT_EQ(writer_.error(), WriteError::kNone);
  std::string storage(4096, '\0');
  Writer message(storage);
  message.RequestLine("OPTIONS", "sip:h");
  message.Field(HeaderId::kContentType, MultipartType{"mixed", "b"});
  message.Body(writer_.text());
  EXPECT_TRUE(message.text().starts_with(
      Lines({"OPTIONS sip:h SIP/2.0", "Content-Type: multipart/mixed;boundary=b"})));
  EXPECT_TRUE(message.text().ends_with(writer_.text()));
  MediaType media_type;
  ASSERT_TRUE(ParseMediaType("multipart/mixed;boundary=b", media_type).ok());
  MultipartReader reader(media_type, writer_.text(), {.accept_missing_close = false});
  BodyPart part;
  for (const std::string& content : contents) {
    ASSERT_TRUE(reader.Next(part));
    EXPECT_EQ(part.content, content);
    EXPECT_EQ(part.content_disposition, "render");
  }
  EXPECT_FALSE(reader.Next(part));
  EXPECT_TRUE(reader.error().ok() && reader.is_closed());
  EXPECT_EQ(reader.preamble(), "");
  EXPECT_EQ(reader.epilogue(), "");
  SANSIP_SHOWS("3261-7.4.1-6");
}

// RFC 2046 5.1.1: it must not appear in the material.
TEST_F(MultipartWriterTest, ABoundaryThatOccursIsRefused) {
  for (std::string_view content : {"--b"sv, "x--b"sv, "x\r\n--b--\r\n"sv, "--bb"sv, "\r\n--b \r\n"sv}) {
    MultipartWriter writer(storage_, BoundaryFrom("b"));
    writer.Part({}, "fine");
    const std::size_t before = writer.needed();
    writer.Part({}, content);
    EXPECT_EQ(writer.error(), WriteError::kBadParts) << content;
    EXPECT_EQ(writer.needed(), before);
  }
}

TEST_F(MultipartWriterTest, HeaderLinesAreCheckedAsInAMessage) {
  const auto error = [this](const HeaderLine& line) {
    MultipartWriter writer(storage_, BoundaryFrom("b"));
    writer.Part({line}, "x");
    EXPECT_EQ(writer.needed(), 0u);
    return writer.error();
  };
  EXPECT_EQ(error({HeaderId::kContentType, "a/b\r\nEvil: 1"}), WriteError::kBadValue);
  EXPECT_EQ(error({HeaderId::kContentType, "a/b\r\n\r\n--b"}), WriteError::kBadValue);
  EXPECT_EQ(error({HeaderId::kContentLength, "1"}), WriteError::kBadName);
  EXPECT_EQ(error({HeaderId::kOther, "1", "l"}), WriteError::kBadName);
  EXPECT_EQ(error({HeaderId::kOther, "1", "A B"}), WriteError::kBadName);
  EXPECT_EQ(error({HeaderId::kOther, "1", "--b"}), WriteError::kBadName);
}

TEST_F(MultipartWriterTest, AMultipartHasABoundaryAndAPart) {
  writer_.Close();
  EXPECT_EQ(writer_.error(), WriteError::kBadParts);
  MultipartWriter writer(storage_, Boundary{});
  writer.Part({}, "x");
  EXPECT_EQ(writer.error(), WriteError::kBadParts);
  EXPECT_EQ(writer.needed(), 0u);
}

TEST_F(MultipartWriterTest, CountsBeyondItsStorage) {
  const auto write = [](MultipartWriter& writer) {
    writer.Part({{HeaderId::kContentType, "a/b"}}, "one");
    writer.Part({}, "two");
    writer.Close();
  };
  write(writer_);
  const std::string whole(writer_.text());
  for (std::size_t size = 0; size < whole.size() + 2; ++size) {
    std::string storage(whole.size() + 4, '#');
    MultipartWriter writer(std::span<char>(storage.data(), size), BoundaryFrom("b"));
    write(writer);
    EXPECT_EQ(writer.needed(), whole.size());
    EXPECT_EQ(writer.error(), size < whole.size() ? WriteError::kNoRoom : WriteError::kNone);
    EXPECT_EQ(writer.text(), whole.substr(0, size));
    EXPECT_EQ(storage.substr(std::min(size, whole.size())).find_first_not_of('#'), std::string::npos) << size;
  }
}

TEST(ChooseBoundaryTest, OneThatOccursNowhere) {
  Counting random(1);
  Boundary boundary;
  ASSERT_TRUE(ChooseBoundary(random, {}, boundary));
  const std::string first(boundary.view());
  EXPECT_EQ(first,
            "1000000000000000"
            "2000000000000000");
  EXPECT_TRUE(IsTokenText(first));
  // The same draw again, but the first one is held by a content.
  Counting again(1);
  const std::string held = "x--" + first + "y";
  const std::string_view contents[] = {"v=0", held};
  ASSERT_TRUE(ChooseBoundary(again, contents, boundary));
  EXPECT_EQ(boundary.view(),
            "3000000000000000"
            "4000000000000000");
}

// No randomness at all: found out, not looped over.
TEST(ChooseBoundaryTest, GivesUpWhereThereIsNoRandomness) {
  Counting zeros(0);
  Boundary boundary;
  const std::string held = "x\r\n--" + std::string(32, '0');
  const std::string_view contents[] = {held};
  EXPECT_FALSE(ChooseBoundary(zeros, contents, boundary));
  EXPECT_TRUE(ChooseBoundary(zeros, {}, boundary));
  EXPECT_EQ(boundary.view(), std::string(32, '0'));
}

TEST(MultipartTypeTest, InQuotesWhereItIsNoToken) {
  std::array<char, 100> storage;
  const auto written = [&storage](const MultipartType& media_type) {
    ValueWriter value(storage);
    Write(media_type, value);
    return std::string(value.text());
  };
  EXPECT_EQ(written({"mixed", "b1"}), "multipart/mixed;boundary=b1");
  EXPECT_EQ(written({"alternative", "a b=c"}), "multipart/alternative;boundary=\"a b=c\"");
  EXPECT_EQ(written({"mi xed", "b"}), "");
  EXPECT_EQ(written({"mixed", "a\r\nb"}), "");
}

}  // namespace
}  // namespace sansip
