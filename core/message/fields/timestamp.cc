#include "sansip/core/message/fields/timestamp.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// *(DIGIT) [ "." *(DIGIT) ]
void TakeNumber(Cursor& cursor, Timestamp::Number& number) {
  number.seconds = cursor.TakeAll(kDigit);
  if (cursor.Skip('.')) number.fraction = cursor.TakeAll(kDigit);
}

void WriteNumber(const Timestamp::Number& number, ValueWriter& value) {
  if (!IsAll(kDigit, number.seconds) || !IsAll(kDigit, number.fraction)) return value.Refuse();
  value.Literal(number.seconds.empty() ? "0" : number.seconds);
  if (number.fraction.empty()) return;
  value.Literal(".");
  value.Literal(number.fraction);
}

bool EqualNumbers(Timestamp::Number a, Timestamp::Number b) {
  for (Timestamp::Number* number : {&a, &b}) {
    while (number->seconds.starts_with('0')) number->seconds.remove_prefix(1);
    while (number->fraction.ends_with('0')) number->fraction.remove_suffix(1);
  }
  return a.seconds == b.seconds && a.fraction == b.fraction;
}

}  // namespace

ParseError ParseTimestamp(std::string_view value, Timestamp& timestamp) {
  timestamp = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  // What was sent has a digit before its point; a delay needs none.
  if (!cursor.AtAny(kDigit)) return ErrorAt(ParseCode::kBadNumber, cursor);
  TakeNumber(cursor, timestamp.sent);
  if (cursor.SkipWhiteSpace() && (cursor.AtAny(kDigit) || cursor.At('.'))) {
    TakeNumber(cursor, timestamp.delay);
    timestamp.has_delay = true;
  }
  return EndValue(cursor);
}

void Write(const Timestamp& timestamp, ValueWriter& value) {
  WriteNumber(timestamp.sent, value);
  if (!timestamp.has_delay) return;
  value.Literal(" ");
  WriteNumber(timestamp.delay, value);
}

bool Equivalent(const Timestamp& a, const Timestamp& b) {
  return EqualNumbers(a.sent, b.sent) && a.has_delay == b.has_delay && EqualNumbers(a.delay, b.delay);
}

}  // namespace sansip
