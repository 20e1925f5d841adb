// Date (RFC 3261 20.17, 25.1 SIP-date): an RFC 1123 date in GMT, to the second and back. Case-sensitive,
// every number with all its digits, and the day of the week must be that of the date. No clock is read and no
// zone table: the arithmetic is that of the Gregorian calendar, before its introduction as well.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_DATE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_DATE_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// A civil time in GMT.
struct Date {
  int year = 1970;  // 0 to 9999
  int month = 1;    // 1 to 12
  int day = 1;      // 1 to the last of the month
  int hour = 0;     // 0 to 23
  int minute = 0;   // 0 to 59
  int second = 0;   // 0 to 59: SIP-date has no leap seconds
};

// "Sat, 13 Nov 2010 23:29:00 GMT"
[[nodiscard]] ParseError ParseDate(std::string_view value, Date& date);
// A date that is none, such as a 30th of February, is refused.
void Write(const Date& date, ValueWriter& value);
bool Equivalent(const Date& a, const Date& b);

// Seconds since 1970-01-01 00:00:00 GMT, without leap seconds. Of a date in the ranges above.
std::int64_t UnixSecondsOf(const Date& date);
// Seconds outside the years 0 to 9999 give the first or last second of these.
Date DateFromUnixSeconds(std::int64_t seconds);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_DATE_H_
