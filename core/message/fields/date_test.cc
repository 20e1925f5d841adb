#include "sansip/core/message/fields/date.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

std::int64_t SecondsFrom(std::string_view value) { return UnixSecondsOf(Read(ParseDate, value)); }

TEST(DateTest, Read) {
  const Date date = Read(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(date.year, 2010);
  EXPECT_EQ(date.month, 11);
  EXPECT_EQ(date.day, 13);
  EXPECT_EQ(date.hour, 23);
  EXPECT_EQ(date.minute, 29);
  EXPECT_EQ(date.second, 0);
}

TEST(DateTest, SecondsOfTheEpoch) {
  EXPECT_EQ(SecondsFrom("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(SecondsFrom("Wed, 31 Dec 1969 23:59:59 GMT"), -1);
  EXPECT_EQ(SecondsFrom("Sat, 13 Nov 2010 23:29:00 GMT"), 1289690940);
  EXPECT_EQ(SecondsFrom("Sun, 09 Sep 2001 01:46:40 GMT"), 1000000000);
  EXPECT_EQ(SecondsFrom("Tue, 29 Feb 2000 12:00:00 GMT"), 951825600);
  EXPECT_EQ(SecondsFrom("Tue, 19 Jan 2038 03:14:08 GMT"), 2147483648);
  EXPECT_EQ(SecondsFrom("Sat, 01 Jan 0000 00:00:00 GMT"), -62167219200);
  EXPECT_EQ(SecondsFrom("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799);
}

// Every day of the ten thousand years is the day behind the one before, there and back.
TEST(DateTest, EveryDayThereAndBack) {
  Date expected{.year = 0, .month = 1, .day = 1, .hour = 0, .minute = 0, .second = 0};
  for (std::int64_t seconds = -62167219200; seconds <= 253402300799; seconds += 86400) {
    const Date date = DateFromUnixSeconds(seconds + 86399);
    ASSERT_EQ(UnixSecondsOf(date), seconds + 86399);
    ASSERT_EQ(date.hour * 10000 + date.minute * 100 + date.second, 235959);
    ASSERT_EQ(date.year, expected.year);
    ASSERT_EQ(date.month, expected.month);
    ASSERT_EQ(date.day, expected.day);
    const bool leap = expected.year % 400 == 0 || (expected.year % 4 == 0 && expected.year % 100 != 0);
    const int february = leap ? 29 : 28;
    const int days[] = {31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (++expected.day <= days[expected.month - 1]) continue;
    expected.day = 1;
    if (++expected.month <= 12) continue;
    expected.month = 1;
    ++expected.year;
  }
  EXPECT_EQ(expected.year, 10000);
}

TEST(DateTest, BeyondTheYearsThatCanBeWritten) {
  EXPECT_EQ(UnixSecondsOf(DateFromUnixSeconds(INT64_MIN)), -62167219200);
  EXPECT_EQ(UnixSecondsOf(DateFromUnixSeconds(INT64_MAX)), 253402300799);
}

TEST(DateTest, Written) {
  EXPECT_EQ(Rewritten(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT"), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(Rewritten(ParseDate, " Sat,\r\n 13  Nov 2010\t23:29:00 GMT "), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_EQ(Written(DateFromUnixSeconds(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(Written(DateFromUnixSeconds(-62167219200)), "Sat, 01 Jan 0000 00:00:00 GMT");
  EXPECT_EQ(Written(Date{.year = 2023, .month = 2, .day = 29}), "refused");
  EXPECT_EQ(Written(Date{.month = 13}), "refused");
  EXPECT_EQ(Written(Date{.month = 0}), "refused");
  EXPECT_EQ(Written(Date{.year = 10000}), "refused");
  EXPECT_EQ(Written(Date{.second = 60}), "refused");
}

TEST(DateTest, Malformed) {
  ExpectMalformed(ParseDate, {{"", ParseCode::kBadFieldValue, 0},
                              {"sat, 13 Nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 0},
                              {"Saturday, 13 Nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 3},
                              {"Sat 13 Nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 3},
                              {"Sat,13 Nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 4},
                              {"Sat, 3 Nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 5},
                              {"Sat, 13-Nov-2010 23:29:00 GMT", ParseCode::kBadFieldValue, 7},
                              {"Sat, 13 nov 2010 23:29:00 GMT", ParseCode::kBadFieldValue, 8},
                              {"Sat, 13 Nov 10 23:29:00 GMT", ParseCode::kBadFieldValue, 12},
                              {"Sat, 13 Nov 20100 23:29:00 GMT", ParseCode::kBadFieldValue, 12},
                              {"Sat, 13 Nov 2010 3:29:00 GMT", ParseCode::kBadFieldValue, 17},
                              {"Sat, 13 Nov 2010 23:29 GMT", ParseCode::kBadFieldValue, 22},
                              {"Sat, 13 Nov 2010 23:29:00", ParseCode::kBadFieldValue, 25},
                              {"Sat, 13 Nov 2010 23:29:00 EST", ParseCode::kBadFieldValue, 26},
                              {"Sat, 13 Nov 2010 23:29:00 gmt", ParseCode::kBadFieldValue, 26},
                              {"Sat, 13 Nov 2010 23:29:00 GMT+1", ParseCode::kBadFieldValue, 29},
                              {"Sat, 13 Nov 2010\n23:29:00 GMT", ParseCode::kBadFieldValue, 16}});
}

// What has the form and is no date goes wrong where it begins.
TEST(DateTest, NoSuchDate) {
  for (std::string_view value :
       {"Fri, 13 Nov 2010 23:29:00 GMT", "Thu, 29 Feb 1900 00:00:00 GMT", "Sat, 31 Nov 2010 00:00:00 GMT",
        "Sat, 00 Nov 2010 00:00:00 GMT", "Sat, 13 Nov 2010 24:00:00 GMT", "Sat, 13 Nov 2010 00:60:00 GMT",
        "Sat, 31 Dec 2016 23:59:60 GMT"}) {
    EXPECT_EQ(ErrorOf(ParseDate, value), (ParseError{ParseCode::kBadFieldValue, 0})) << value;
  }
}

TEST(DateTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT", "Sat,  13 Nov 2010 23:29:00 GMT"));
  EXPECT_FALSE(AreEquivalent(ParseDate, "Sat, 13 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:01 GMT"));
}

}  // namespace
}  // namespace sansip
