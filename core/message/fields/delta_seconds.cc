#include "sansip/core/message/fields/delta_seconds.h"

#include <algorithm>
#include <cstddef>

#include "sansip/core/message/fields/comment.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError TakeSeconds(Cursor& cursor, std::uint32_t& seconds) {
  cursor.SkipWhiteSpace();
  std::uint64_t number = 0;
  const std::size_t begin = cursor.offset();
  for (; cursor.AtAny(kDigit); cursor.Advance(1)) {
    number =
        std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(cursor.Peek() - '0'), 0xFFFFFFFF);
  }
  seconds = static_cast<std::uint32_t>(number);
  return cursor.offset() == begin ? ErrorAt(ParseCode::kBadNumber, cursor) : ParseError{};
}

}  // namespace

std::optional<std::uint32_t> SecondsFrom(std::string_view digits) {
  if (digits.empty() || !IsAll(kDigit, digits)) return std::nullopt;
  return static_cast<std::uint32_t>(ParseDecimal(digits, 0xFFFFFFFF).value_or(0xFFFFFFFF));
}

ParseError ParseDeltaSeconds(std::string_view value, DeltaSeconds& field) {
  field = {};
  Cursor cursor(value);
  ParseError error = TakeSeconds(cursor, field.seconds);
  if (error.ok()) error = TakeParameters(cursor, field.parameters);
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const DeltaSeconds& field, ValueWriter& value) {
  value.Number(field.seconds);
  value.Parameters(field.parameters);
}

bool Equivalent(const DeltaSeconds& a, const DeltaSeconds& b) {
  return a.seconds == b.seconds && EquivalentParameters(a.parameters, b.parameters);
}

ParseError ParseExpires(std::string_view value, Expires& expires) {
  Cursor cursor(value);
  const ParseError error = TakeSeconds(cursor, expires.seconds);
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const Expires& expires, ValueWriter& value) { value.Number(expires.seconds); }

bool Equivalent(const Expires& a, const Expires& b) { return a.seconds == b.seconds; }

ParseError ParseRetryAfter(std::string_view value, RetryAfter& field) {
  field = {};
  Cursor cursor(value);
  ParseError error = TakeSeconds(cursor, field.delay.seconds);
  if (!error.ok()) return error;
  cursor.SkipWhiteSpace();
  if (cursor.At('(') && !TakeComment(cursor, field.comment)) {
    return ErrorAt(ParseCode::kBadFieldValue, cursor);
  }
  error = TakeParameters(cursor, field.delay.parameters, [&field](const Param& param) {
    if (!EqualsIgnoreCase(param.name, "duration")) return ParseCode::kNone;
    if (field.duration) return ParseCode::kRepeatedParameter;
    field.duration = SecondsFrom(param.value);
    return field.duration ? ParseCode::kNone : ParseCode::kBadParameter;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const RetryAfter& field, ValueWriter& value) {
  value.Number(field.delay.seconds);
  if (!field.comment.empty()) {
    value.Literal(" ");
    value.Comment(field.comment);
  }
  if (field.duration) {
    value.Literal(";duration=");
    value.Number(*field.duration);
  }
  value.ParametersExcept(field.delay.parameters, {"duration"});
}

bool Equivalent(const RetryAfter& a, const RetryAfter& b) {
  return a.delay.seconds == b.delay.seconds && a.duration == b.duration &&
         EquivalentParameters(a.delay.parameters, b.delay.parameters, {"duration"});
}

}  // namespace sansip
