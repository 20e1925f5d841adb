#include "sansip/core/text/char_class.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

// The class holds these characters and, of the 256, no others.
void ExpectHolds(std::uint32_t classes, const std::string& characters) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    EXPECT_EQ(Is(classes, c), characters.find(c) != std::string::npos) << "character " << i;
  }
}

std::string With(std::string_view a, std::string_view b = {}, std::string_view c = {}) {
  return std::string(a).append(b).append(c);
}

// RFC 3261 25.1, rule by rule.
TEST(CharClassTest, Token) { ExpectHolds(kToken, With(kLetters, kDigits, "-.!%*_+`'~")); }
TEST(CharClassTest, Word) { ExpectHolds(kWord, With(kLetters, kDigits, "-.!%*_+`'~()<>:\\\"/[]?{}")); }
TEST(CharClassTest, Unreserved) { ExpectHolds(kUnreserved, With(kLetters, kDigits, "-_.!~*'()")); }
TEST(CharClassTest, User) { ExpectHolds(kUserChar, With(kLetters, kDigits, "-_.!~*'()&=+$,;?/")); }
TEST(CharClassTest, Password) { ExpectHolds(kPasswordChar, With(kLetters, kDigits, "-_.!~*'()&=+$,")); }
TEST(CharClassTest, Param) { ExpectHolds(kParamChar, With(kLetters, kDigits, "-_.!~*'()[]/:&+$")); }
TEST(CharClassTest, UriHeader) { ExpectHolds(kUriHeaderChar, With(kLetters, kDigits, "-_.!~*'()[]/?:+$")); }
TEST(CharClassTest, Uri) { ExpectHolds(kUriChar, With(kLetters, kDigits, "-_.!~*'();/?:@&=+$,[]")); }
TEST(CharClassTest, Scheme) { ExpectHolds(kSchemeChar, With(kLetters, kDigits, "+-.")); }
TEST(CharClassTest, HostName) { ExpectHolds(kNameChar, With(kLetters, kDigits, "-.")); }
TEST(CharClassTest, Hex) { ExpectHolds(kHexDigit, With(kDigits, "abcdefABCDEF")); }
TEST(CharClassTest, Ip) { ExpectHolds(kIpChar, With(kDigits, "abcdefABCDEF", ":.")); }
TEST(CharClassTest, WhiteSpace) { ExpectHolds(kWhiteSpace, " \t"); }
TEST(CharClassTest, Blank) { ExpectHolds(kBlank, " \t\r\n"); }
TEST(CharClassTest, Plain) {
  ExpectHolds(kPlain, With(kLetters, kDigits, "-.!*_+'~"));
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    EXPECT_TRUE(!Is(kPlain, c) || (Is(kToken, c) && Is(kUserChar, c) && Is(kParamChar, c))) << i;
  }
}
TEST(CharClassTest, Alphanum) { ExpectHolds(kAlphanum, With(kLetters, kDigits)); }

TEST(CharClassTest, LineTextIsAllButControlCharacters) {
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(Is(kLineText, static_cast<char>(i)), i == '\t' || (i >= 0x20 && i != 0x7F)) << i;
    EXPECT_EQ(Is(kQuotedText, static_cast<char>(i)), i > 0x20 && i != 0x7F && i != '"' && i != '\\') << i;
  }
}

TEST(CharClassTest, TokenText) {
  EXPECT_TRUE(IsTokenText("!interesting-Method0123456789_*+`.%indeed'~"));
  EXPECT_FALSE(IsTokenText(""));
  EXPECT_FALSE(IsTokenText("IN VITE"));
  EXPECT_FALSE(IsTokenText("a@b"));
  EXPECT_FALSE(IsTokenText("Gr\xC3\xBC\xC3\x9F"));
}

}  // namespace
}  // namespace sansip
