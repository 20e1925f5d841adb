#include "sansip/core/message/fields/date.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t kSecondsOfDay = 86400;
constexpr std::int64_t kDaysOfEra = 146097;  // of 400 years

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysOfMonth(int year, int month) {
  constexpr std::array<int, 12> kDaysOf = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDaysOf[static_cast<std::size_t>(month - 1)];
}

bool IsDate(const Date& date) {
  const auto within = [](int number, int min, int max) { return number >= min && number <= max; };
  return within(date.year, 0, 9999) && within(date.month, 1, 12) &&
         within(date.day, 1, DaysOfMonth(date.year, date.month)) && within(date.hour, 0, 23) &&
         within(date.minute, 0, 59) && within(date.second, 0, 59);
}

// Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last.
std::int64_t DaysOf(const Date& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0) + 400;  // never negative
  const std::int64_t year_of_era = year % 400;
  const std::int64_t month = (date.month + 9) % 12;  // 0 is March
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  // 719468 days from 0000-03-01 to 1970-01-01.
  return (year / 400 - 1) * kDaysOfEra + day_of_era - 719468;
}

std::string_view DayNameOf(const Date& date) {
  return kDays[static_cast<std::size_t>((DaysOf(date) + 7 * kDaysOfEra) % 7)];
}

// Takes digits, all of them and no more.
bool TakeDigits(Cursor& cursor, std::size_t count, int& number) {
  const Cursor begin = cursor;
  const std::string_view digits = cursor.TakeAll(kDigit);
  if (digits.size() == count) {
    number = static_cast<int>(*ParseDecimal(digits, 9999));
    return true;
  }
  cursor = begin;
  return false;
}

// One of the names; its position among them, or -1.
template <std::size_t kSize>
int TakeName(Cursor& cursor, const std::array<std::string_view, kSize>& names) {
  for (std::size_t i = 0; i < kSize; ++i) {
    if (!cursor.rest().starts_with(names[i])) continue;
    cursor.Advance(names[i].size());
    return static_cast<int>(i);
  }
  return -1;
}

// date1: day, month and year.
bool TakeDay(Cursor& cursor, Date& date) {
  if (!cursor.SkipWhiteSpace() || !TakeDigits(cursor, 2, date.day)) return false;
  if (!cursor.SkipWhiteSpace()) return false;
  const int month = TakeName(cursor, kMonths);
  if (month < 0) return false;
  date.month = month + 1;
  return cursor.SkipWhiteSpace() && TakeDigits(cursor, 4, date.year);
}

bool TakeTime(Cursor& cursor, Date& date) {
  return cursor.SkipWhiteSpace() && TakeDigits(cursor, 2, date.hour) && cursor.Skip(':') &&
         TakeDigits(cursor, 2, date.minute) && cursor.Skip(':') && TakeDigits(cursor, 2, date.second);
}

void WriteDigits(int number, int weight, ValueWriter& value) {
  for (; weight > 0; weight /= 10) value.Number(static_cast<std::uint64_t>(number / weight % 10));
}

}  // namespace

ParseError ParseDate(std::string_view value, Date& date) {
  date = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const ParseError bad_date = ErrorAt(ParseCode::kBadFieldValue, cursor);
  const int day_name = TakeName(cursor, kDays);
  if (day_name < 0 || !cursor.Skip(',')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  if (!TakeDay(cursor, date) || !TakeTime(cursor, date) || !cursor.SkipWhiteSpace()) {
    return ErrorAt(ParseCode::kBadFieldValue, cursor);
  }
  // RFC 3261 20.17: no zone but GMT.
  if (!cursor.rest().starts_with("GMT")) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  cursor.Advance(3);
  if (!IsDate(date) || DayNameOf(date) != kDays[static_cast<std::size_t>(day_name)]) return bad_date;
  return EndValue(cursor);
}

void Write(const Date& date, ValueWriter& value) {
  if (!IsDate(date)) return value.Refuse();
  value.Literal(DayNameOf(date));
  value.Literal(", ");
  WriteDigits(date.day, 10, value);
  value.Literal(" ");
  value.Literal(kMonths[static_cast<std::size_t>(date.month - 1)]);
  value.Literal(" ");
  WriteDigits(date.year, 1000, value);
  value.Literal(" ");
  WriteDigits(date.hour, 10, value);
  value.Literal(":");
  WriteDigits(date.minute, 10, value);
  value.Literal(":");
  WriteDigits(date.second, 10, value);
  value.Literal(" GMT");
}

bool Equivalent(const Date& a, const Date& b) { return UnixSecondsOf(a) == UnixSecondsOf(b); }

std::int64_t UnixSecondsOf(const Date& date) {
  return DaysOf(date) * kSecondsOfDay + date.hour * 3600 + date.minute * 60 + date.second;
}

Date DateFromUnixSeconds(std::int64_t seconds) {
  constexpr std::int64_t kFirst = -62167219200;  // 0000-01-01 00:00:00
  constexpr std::int64_t kLast = 253402300799;   // 9999-12-31 23:59:59
  const std::int64_t since_first = std::clamp(seconds, kFirst, kLast) - kFirst;
  // From 0000-03-01 of the era before, so that nothing is negative.
  const std::int64_t days = since_first / kSecondsOfDay + kDaysOfEra - 60;
  const std::int64_t day_of_era = days % kDaysOfEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  const std::int64_t second = since_first % kSecondsOfDay;
  Date date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<int>((days / kDaysOfEra - 1) * 400 + year_of_era + (date.month <= 2 ? 1 : 0));
  date.hour = static_cast<int>(second / 3600);
  date.minute = static_cast<int>(second / 60 % 60);
  date.second = static_cast<int>(second % 60);
  return date;
}

}  // namespace sansip
