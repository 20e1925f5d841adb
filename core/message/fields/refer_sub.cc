#include "sansip/core/message/fields/refer_sub.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseReferSub(std::string_view value, ReferSub& refer_sub) {
  refer_sub = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const Cursor at_value = cursor;
  const std::string_view text = cursor.TakeAll(kToken);
  if (!IsOneOf(text, {"true", "false"})) return ErrorAt(ParseCode::kBadToken, at_value);
  refer_sub.subscribes = EqualsIgnoreCase(text, "true");
  const ParseError error = TakeParameters(cursor, refer_sub.parameters);
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const ReferSub& refer_sub, ValueWriter& value) {
  value.Literal(refer_sub.subscribes ? "true" : "false");
  value.Parameters(refer_sub.parameters);
}

bool Equivalent(const ReferSub& a, const ReferSub& b) {
  return a.subscribes == b.subscribes && EquivalentParameters(a.parameters, b.parameters);
}

}  // namespace sansip
