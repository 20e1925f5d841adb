#include "sansip/core/message/fields/text.h"

#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(TextTest, PassesAsItIs) {
  EXPECT_EQ(Read(ParseText, " Need more boxes ").text, "Need more boxes");
  EXPECT_EQ(Read(ParseText, "").text, "");
  EXPECT_EQ(Rewritten(ParseText, ""), "");
  EXPECT_EQ(Rewritten(ParseText, "Boxes, \"Bob; (<\\"), "Boxes, \"Bob; (<\\");
  EXPECT_EQ(Rewritten(ParseText, "a\r\n \t b\xC3\xA9"), "a b\xC3\xA9");
  EXPECT_EQ(Rewritten(ParseText, "\"open\r\n quote"), "\"open quote");
  EXPECT_EQ(Rewritten(ParseText, "not UTF-8: \xFF"), "not UTF-8: \xFF");
}

TEST(TextTest, NoControlCharacters) {
  ExpectMalformed(ParseText, {{"a\x01", ParseCode::kControlCharacter, 1},
                              {"a\r\nb", ParseCode::kControlCharacter, 1},
                              {"a\rb", ParseCode::kControlCharacter, 1},
                              {"a\x7F", ParseCode::kControlCharacter, 1},
                              {"\0"sv, ParseCode::kControlCharacter, 0},
                              {"\"a\\\x01\"", ParseCode::kControlCharacter, 3}});
  EXPECT_EQ(Written(FreeText{"a\r\nX: y"}), "refused");
  EXPECT_EQ(Written(FreeText{"a\nb"}), "refused");
  EXPECT_EQ(Written(FreeText{"a\0b"sv}), "refused");
}

TEST(TextTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseText, "a\r\n  b", "a b"));
  EXPECT_TRUE(AreEquivalent(ParseText, " a", "a "));
  EXPECT_FALSE(AreEquivalent(ParseText, "a b", "ab"));
  EXPECT_FALSE(AreEquivalent(ParseText, "a", "A"));
  EXPECT_FALSE(AreEquivalent(ParseText, "a", ""));
}

// RFC 3629 4
TEST(Utf8Test, ShortestFormsOnly) {
  for (std::string_view text : {""sv, "plain"sv, "\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv,
                                "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv,
                                "\xF4\x8F\xBF\xBF"sv, "a\xE2\x82\xAC z"sv}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  for (std::string_view text :
       {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xC2 "sv, "\xE0\x9F\xBF"sv,
        "\xED\xA0\x80"sv, "\xE2\x82"sv, "\xE2\x82 "sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv,
        "\xF5\x80\x80\x80"sv, "\xF8\x88\x80\x80\x80"sv, "\xFF"sv, "ok\xC3"sv}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace sansip
