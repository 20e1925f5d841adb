#include "sansip/core/message/fields/call_info.h"

#include <cstddef>

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
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('<')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  const std::size_t begin = cursor.offset();
  const std::size_t size = cursor.rest().find('>');
  if (size == std::string_view::npos) {
    return {ParseCode::kBadUri, static_cast<std::uint32_t>(value.size())};
  }
  cursor.Advance(size);
  info.uri = cursor.Since(begin);
  std::size_t fault = 0;
  if (!CheckUri(info.uri, fault)) return {ParseCode::kBadUri, static_cast<std::uint32_t>(begin + fault)};
  cursor.Skip('>');
  std::string_view purpose;
  const ParseError error = TakeParameters(cursor, info.parameters, [&purpose](const Param& param) {
    return EqualsIgnoreCase(param.name, "purpose") ? KeepToken(param, purpose) : ParseCode::kNone;
  });
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const CallInfo& info, ValueWriter& value) {
  value.Literal("<");
  value.Uri(info.uri);
  value.Literal(">");
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
