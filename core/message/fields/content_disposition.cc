#include "sansip/core/message/fields/content_disposition.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseContentDisposition(std::string_view value, ContentDisposition& disposition) {
  disposition = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  disposition.type = cursor.TakeAll(kToken);
  if (disposition.type.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeParameters(cursor, disposition.parameters, [&disposition](const Param& param) {
    return EqualsIgnoreCase(param.name, "handling") ? KeepToken(param, disposition.handling)
                                                    : ParseCode::kNone;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const ContentDisposition& disposition, ValueWriter& value) {
  value.Token(disposition.type);
  if (!disposition.handling.empty()) {
    value.Literal(";handling=");
    value.Token(disposition.handling);
  }
  value.ParametersExcept(disposition.parameters, {"handling"});
}

bool Equivalent(const ContentDisposition& a, const ContentDisposition& b) {
  const Handling handling = HandlingOf(a);
  return EqualsIgnoreCase(a.type, b.type) && handling == HandlingOf(b) &&
         (handling != Handling::kOther || EqualsIgnoreCase(a.handling, b.handling)) &&
         EquivalentParameters(a.parameters, b.parameters, {"handling"});
}

Handling HandlingOf(const ContentDisposition& disposition) {
  if (disposition.handling.empty() || EqualsIgnoreCase(disposition.handling, "required")) {
    return Handling::kRequired;
  }
  return EqualsIgnoreCase(disposition.handling, "optional") ? Handling::kOptional : Handling::kOther;
}

}  // namespace sansip
