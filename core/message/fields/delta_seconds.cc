#include "sansip/core/message/fields/delta_seconds.h"

#include <algorithm>
#include <cstddef>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, const Cursor& cursor) {
  return {code, static_cast<std::uint32_t>(cursor.offset())};
}

ParseError TakeSeconds(Cursor& cursor, std::uint32_t& seconds) {
  cursor.SkipWhiteSpace();
  std::uint64_t number = 0;
  const std::size_t begin = cursor.offset();
  for (; cursor.AtAny(kDigit); cursor.Advance(1)) {
    number =
        std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(cursor.Peek() - '0'), 0xFFFFFFFF);
  }
  seconds = static_cast<std::uint32_t>(number);
  return cursor.offset() == begin ? At(ParseCode::kBadNumber, cursor) : ParseError{};
}

ParseError TakeParameters(Cursor& cursor, std::string_view& parameters) {
  if (cursor.AtEnd()) return {};
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  Param param;
  for (bool found = true; found;) {
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
  }
  parameters = Trim(cursor.Since(begin));
  if (!cursor.AtEnd()) return At(ParseCode::kBadFieldValue, cursor);
  return {};
}

// comment = LPAREN *(ctext / quoted-pair / comment) RPAREN; the depth is a count, so nesting costs nothing.
bool SkipComment(Cursor& cursor) {
  std::size_t depth = 0;
  while (!cursor.AtEnd()) {
    const char c = cursor.Peek();
    cursor.Advance(c == '\\' ? 2 : 1);
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return true;
  }
  return false;
}

}  // namespace

ParseError ParseDeltaSeconds(std::string_view value, DeltaSeconds& field) {
  field = {};
  Cursor cursor(value);
  const ParseError error = TakeSeconds(cursor, field.seconds);
  return error.ok() ? TakeParameters(cursor, field.parameters) : error;
}

ParseError ParseRetryAfter(std::string_view value, RetryAfter& field) {
  field = {};
  Cursor cursor(value);
  const ParseError error = TakeSeconds(cursor, field.delay.seconds);
  if (!error.ok()) return error;
  cursor.SkipWhiteSpace();
  if (cursor.At('(')) {
    const std::size_t begin = cursor.offset();
    if (!SkipComment(cursor)) return At(ParseCode::kBadFieldValue, cursor);
    field.comment = cursor.Since(begin);
  }
  return TakeParameters(cursor, field.delay.parameters);
}

}  // namespace sansip
