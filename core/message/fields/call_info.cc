#include "sansip/core/message/fields/call_info.h"

#include "sansip/core/message/fields/bracketed_uri.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

ParseError ParseCallInfo(std::string_view value, CallInfo& info, std::string_view* rest) {
  info = {};
  Cursor cursor(value);
  ParseError error = TakeBracketedUri(cursor, info.uri);
  if (!error.ok()) return error;
  std::string_view purpose;
  error = TakeParameters(cursor, info.parameters, [&purpose](const Param& param) {
    return EqualsIgnoreCase(param.name, "purpose") ? KeepToken(param, purpose) : ParseCode::kNone;
  });
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const CallInfo& info, ValueWriter& value) {
  WriteBracketedUri(info.uri, value);
  const auto purpose = Parameter(info.parameters, "purpose");
  if (purpose && !IsTokenText(*purpose)) value.Refuse();
  value.Parameters(info.parameters);
}

bool Equivalent(const CallInfo& a, const CallInfo& b) {
  return EquivalentUris(a.uri, b.uri) && EquivalentParameters(a.parameters, b.parameters);
}

std::string_view PurposeOf(const CallInfo& info) {
  return Parameter(info.parameters, "purpose").value_or(std::string_view());
}

}  // namespace sansip
