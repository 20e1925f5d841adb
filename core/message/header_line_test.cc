#include "sansip/core/message/header_line.h"

#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(HeaderLineTest, EndOfALine) {
  constexpr std::string_view kText = "one\r\ntwo";
  const LineEnd end = FindLineEnd(kText, 0, /*folds=*/true);
  EXPECT_TRUE(end.found);
  EXPECT_EQ(end.content, 3u);
  EXPECT_EQ(end.next, 5u);
  EXPECT_FALSE(end.bare_lf);
  EXPECT_FALSE(end.has_control);
  EXPECT_EQ(end.lone_break, LineEnd::npos);
  const LineEnd last = FindLineEnd(kText, 5, /*folds=*/true);
  EXPECT_FALSE(last.found);
  EXPECT_EQ(last.content, kText.size());
  EXPECT_EQ(last.next, kText.size());
}

TEST(HeaderLineTest, FoldedLinesBelongTogether) {
  constexpr std::string_view kText = "a: b\r\n c\r\n\td\r\ne: f\r\n";
  EXPECT_EQ(FindLineEnd(kText, 0, /*folds=*/true).content, 12u);
  EXPECT_EQ(FindLineEnd(kText, 0, /*folds=*/false).content, 4u);
  EXPECT_EQ(FindLineEnd("a: b\r\n ", 0, /*folds=*/true).found, false);
}

TEST(HeaderLineTest, LoneBreaks) {
  const LineEnd lf = FindLineEnd("a: b\nc", 0, /*folds=*/true);
  EXPECT_TRUE(lf.found);
  EXPECT_TRUE(lf.bare_lf);
  EXPECT_EQ(lf.lone_break, 4u);
  EXPECT_EQ(lf.next, 5u);
  const LineEnd cr = FindLineEnd("a: b\rc\r\n", 0, /*folds=*/true);
  EXPECT_TRUE(cr.found);
  EXPECT_EQ(cr.content, 6u);
  EXPECT_EQ(cr.lone_break, 4u);
  EXPECT_FALSE(cr.bare_lf);
}

TEST(HeaderLineTest, NameAndValue) {
  HeaderText line;
  constexpr std::string_view kText = "x\r\nSubject \t: \r\n hello\r\n world \r\nnext";
  ASSERT_TRUE(TakeHeaderLine(kText, 3, false, line).ok());
  EXPECT_EQ(kText.substr(line.name_begin, line.name_size), "Subject");
  EXPECT_EQ(kText.substr(line.value_begin, line.value_size), "hello\r\n world");
  EXPECT_EQ(kText.substr(line.end.next), "next");
}

TEST(HeaderLineTest, EmptyValue) {
  HeaderText line;
  ASSERT_TRUE(TakeHeaderLine("a:  \r\n", 0, false, line).ok());
  EXPECT_EQ(line.value_size, 0u);
  EXPECT_LE(line.value_begin, 6u);
}

TEST(HeaderLineTest, WhateverIsWrongTheNextLineIsFound) {
  for (std::string_view text : {"no colon\r\nnext"sv, ": x\r\nnext"sv, "a: \0\r\nnext"sv,
                                "a\r\n : b\r\nnext"sv, "a: b\rc\r\nnext"sv, "a: b\nnext"sv}) {
    HeaderText line;
    EXPECT_FALSE(TakeHeaderLine(text, 0, false, line).ok()) << text;
    EXPECT_EQ(text.substr(line.end.next), "next") << text;
  }
}

TEST(HeaderLineTest, ValueScan) {
  EXPECT_EQ(ValueScan().Feed(""), ValueScan::npos);
  EXPECT_EQ(ValueScan().Feed("plain \t text \xFF"), ValueScan::npos);
  EXPECT_EQ(ValueScan().Feed("fold\r\n ed\n\ttwice"), ValueScan::npos);
  EXPECT_EQ(ValueScan().Feed("a\r\nb"), 1u);
  EXPECT_EQ(ValueScan().Feed("a\r\n"), 1u);
  EXPECT_EQ(ValueScan().Feed("a\0"sv), 1u);
  EXPECT_EQ(ValueScan().Feed("\"\\\0\""sv), ValueScan::npos);
  EXPECT_EQ(ValueScan().Feed("\"\0\""sv), 1u);
  EXPECT_EQ(ValueScan().Feed("\"\\\r\n x\""), ValueScan::npos);  // free text, if it is no quoted-string
  EXPECT_EQ(ValueScan().Feed("\"\\\r\nx\""), 2u);
  EXPECT_EQ(ValueScan().Feed("(\\\0)"sv), ValueScan::npos);
  EXPECT_EQ(ValueScan().Feed("\"(\" \\\0"sv), 5u);
}

TEST(HeaderLineTest, ValueScanRemembersFromPartToPart) {
  ValueScan scan;
  EXPECT_EQ(scan.Feed("\"a\\"), ValueScan::npos);
  EXPECT_EQ(scan.Feed("\0b\""sv), ValueScan::npos);
  EXPECT_EQ(scan.Feed("\0"sv), 0u);
}

}  // namespace
}  // namespace sansip
