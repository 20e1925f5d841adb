#include "sansip/core/text/ascii.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(AsciiTest, EqualsIgnoreCase) {
  EXPECT_TRUE(EqualsIgnoreCase("", ""));
  EXPECT_TRUE(EqualsIgnoreCase("Call-ID", "cAlL-iD"));
  EXPECT_FALSE(EqualsIgnoreCase("Call-ID", "Call-I"));
  EXPECT_FALSE(EqualsIgnoreCase("@", "`"));        // one bit apart, like upper and lower case
  EXPECT_FALSE(EqualsIgnoreCase("[", "{"));        //
  EXPECT_FALSE(EqualsIgnoreCase("\xC4", "\xE4"));  // no letters of US-ASCII
}

TEST(AsciiTest, Trim) {
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim(" \t\r\n "), "");
  EXPECT_EQ(Trim(" a b\r\n "), "a b");
}

TEST(AsciiTest, HexDigitValue) {
  EXPECT_EQ(HexDigitValue('0'), 0);
  EXPECT_EQ(HexDigitValue('9'), 9);
  EXPECT_EQ(HexDigitValue('a'), 10);
  EXPECT_EQ(HexDigitValue('F'), 15);
  EXPECT_EQ(HexDigitValue('g'), -1);
  EXPECT_EQ(HexDigitValue('\0'), -1);
}

TEST(AsciiTest, ParseDecimalAtItsLimits) {
  EXPECT_EQ(ParseDecimal("0", 0), 0u);
  EXPECT_EQ(ParseDecimal("1", 0), std::nullopt);
  EXPECT_EQ(ParseDecimal("255", 255), 255u);
  EXPECT_EQ(ParseDecimal("256", 255), std::nullopt);
  EXPECT_EQ(ParseDecimal("4294967295", 0xFFFFFFFF), 0xFFFFFFFFu);
  EXPECT_EQ(ParseDecimal("4294967296", 0xFFFFFFFF), std::nullopt);
  EXPECT_EQ(ParseDecimal("18446744073709551615", UINT64_MAX), UINT64_MAX);
  EXPECT_EQ(ParseDecimal("18446744073709551616", UINT64_MAX), std::nullopt);
  EXPECT_EQ(ParseDecimal("36893488147419103232", UINT64_MAX), std::nullopt);
  EXPECT_EQ(ParseDecimal("00000000000000000000000000000000068", 255), 68u);
}

TEST(AsciiTest, ParseDecimalTakesDigitsAlone) {
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1a", "0x1", "1.0"}) {
    EXPECT_EQ(ParseDecimal(text, UINT64_MAX), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sansip
