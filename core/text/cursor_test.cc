#include "sansip/core/text/cursor.h"

#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(CursorTest, StepsAndStaysInside) {
  Cursor cursor("ab");
  EXPECT_TRUE(cursor.At('a'));
  EXPECT_FALSE(cursor.Skip('b'));
  EXPECT_TRUE(cursor.Skip('a'));
  EXPECT_EQ(cursor.offset(), 1u);
  cursor.Advance(100);
  EXPECT_TRUE(cursor.AtEnd());
  EXPECT_EQ(cursor.offset(), 2u);
  EXPECT_EQ(cursor.Peek(), '\0');
  EXPECT_FALSE(cursor.At('\0'));
  EXPECT_FALSE(cursor.Skip('b'));
  EXPECT_EQ(cursor.Since(1), "b");
  EXPECT_EQ(cursor.rest(), "");
}

TEST(CursorTest, EmptyText) {
  Cursor cursor(std::string_view{});
  EXPECT_TRUE(cursor.AtEnd());
  EXPECT_FALSE(cursor.SkipWhiteSpace());
  EXPECT_FALSE(cursor.SkipQuotedString());
  EXPECT_EQ(cursor.TakeAll(kToken), "");
}

TEST(CursorTest, TakeAll) {
  Cursor cursor("token;rest");
  EXPECT_EQ(cursor.TakeAll(kToken), "token");
  EXPECT_EQ(cursor.rest(), ";rest");
}

// How many characters of white space a text begins with.
std::size_t White(std::string_view text) {
  Cursor cursor(text);
  const bool skipped = cursor.SkipWhiteSpace();
  EXPECT_EQ(skipped, cursor.offset() > 0);
  return cursor.offset();
}

TEST(CursorTest, WhiteSpaceIncludesFolding) {
  EXPECT_EQ(White("x"), 0u);
  EXPECT_EQ(White(" \t x"), 3u);
  EXPECT_EQ(White("\r\n x"), 3u);
  EXPECT_EQ(White(" \r\n\tx"), 4u);
  EXPECT_EQ(White("\r\n \r\n x"), 6u);
  EXPECT_EQ(White("\n x"), 2u);
}

TEST(CursorTest, LineBreaksThatDoNotFoldAreNoWhiteSpace) {
  EXPECT_EQ(White("\r\nx"), 0u);
  EXPECT_EQ(White("\r\n"), 0u);
  EXPECT_EQ(White("\r x"), 0u);
  EXPECT_EQ(White("\nx"), 0u);
  EXPECT_EQ(White(" \r\n\r\n x"), 1u);
}

// What is left behind a quoted string; "bad" if it is none.
std::string_view Behind(std::string_view text) {
  Cursor cursor(text);
  return cursor.SkipQuotedString() ? cursor.rest() : "bad"sv;
}

TEST(CursorTest, QuotedString) {
  EXPECT_EQ(Behind("\"\"x"), "x");
  EXPECT_EQ(Behind("\"a, <b>; c\" x"), " x");
  EXPECT_EQ(Behind("\"say \\\"hi\\\"\"x"), "x");
  EXPECT_EQ(Behind("\"back\\\\\"x"), "x");
  EXPECT_EQ(Behind("\"folded\r\n line\"x"), "x");
  EXPECT_EQ(Behind("\"\xC3\xBC\"x"), "x");
  EXPECT_EQ(Behind("\"\\\0\\\x07\\\x7F\"x"sv), "x");
}

TEST(CursorTest, NotAQuotedString) {
  for (std::string_view text :
       {"x"sv, "\""sv, "\"open"sv, "\"open\\"sv, "\"open\\\""sv, "\"a\0b\""sv, "\"a\r\nb\""sv,
        "\"a\\\r\n b\""sv, "\"a\\\n b\""sv, "\"\\\xC3\xBC\""sv, "\"\x7F\""sv}) {
    EXPECT_EQ(Behind(text), "bad") << text;
  }
}

TEST(CursorTest, WhereAPieceBegins) {
  constexpr std::string_view kText = "ab cd";
  Cursor cursor(kText);
  cursor.Advance(3);
  EXPECT_EQ(OffsetIn(kText, cursor.TakeAll(kAlpha)), 3u);
}

}  // namespace
}  // namespace sansip
