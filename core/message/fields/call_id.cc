#include "sansip/core/message/fields/call_id.h"

#include <cstddef>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError TakeCallId(Cursor& cursor, std::string_view& call_id) {
  const std::size_t begin = cursor.offset();
  if (cursor.TakeAll(kWord).empty() || (cursor.Skip('@') && cursor.TakeAll(kWord).empty())) {
    return ErrorAt(ParseCode::kBadCallId, cursor);
  }
  call_id = cursor.Since(begin);
  return {};
}

ParseError CheckCallId(std::string_view value) {
  Cursor cursor(value);
  std::string_view call_id;
  const ParseError error = TakeCallId(cursor, call_id);
  return error.ok() && !cursor.AtEnd() ? ErrorAt(ParseCode::kBadCallId, cursor) : error;
}

ParseError ParseCallId(std::string_view value, CallIdField& call_id) {
  call_id.text = value;
  return CheckCallId(value);
}

ParseError ParseInReplyTo(std::string_view value, CallIdField& call_id, std::string_view* rest) {
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const ParseError error = TakeCallId(cursor, call_id.text);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const CallIdField& call_id, ValueWriter& value) {
  if (!CheckCallId(call_id.text).ok()) return value.Refuse();
  value.Literal(call_id.text);
}

bool Equivalent(const CallIdField& a, const CallIdField& b) { return a.text == b.text; }

}  // namespace sansip
