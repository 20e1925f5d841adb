#include "sansip/core/message/fields/parameter.h"

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, const Cursor& cursor) {
  return {code, static_cast<std::uint32_t>(cursor.offset())};
}

}  // namespace

ParseError TakeParamName(Cursor& cursor, Param& param, bool& found) {
  cursor.SkipWhiteSpace();
  param = {};
  found = cursor.Skip(';');
  if (!found) return {};
  cursor.SkipWhiteSpace();
  param.name = cursor.TakeAll(kToken);
  if (param.name.empty()) return At(ParseCode::kBadParameter, cursor);
  Cursor ahead = cursor;
  ahead.SkipWhiteSpace();
  if (!ahead.Skip('=')) return {};
  ahead.SkipWhiteSpace();
  cursor = ahead;
  param.has_value = true;
  return {};
}

// gen-value = token / host / quoted-string; a host name is a token.
ParseError TakeParamValue(Cursor& cursor, std::uint32_t classes, Param& param) {
  const std::size_t begin = cursor.offset();
  if (cursor.At('"')) {
    if (!cursor.SkipQuotedString()) return At(ParseCode::kBadQuotedString, cursor);
    param.value = cursor.Since(begin);
  } else if (cursor.At('[')) {
    if (!TakeHost(cursor, param.value)) return At(ParseCode::kBadHost, cursor);
  } else {
    param.value = cursor.TakeAll(classes);
    if (param.value.empty()) return At(ParseCode::kBadParameter, cursor);
  }
  return {};
}

ParseError TakeParam(Cursor& cursor, Param& param, bool& found) {
  const ParseError error = TakeParamName(cursor, param, found);
  return error.ok() && param.has_value ? TakeParamValue(cursor, kToken, param) : error;
}

std::optional<std::string_view> Parameter(std::string_view parameters, std::string_view name) {
  Cursor cursor(parameters);
  Param param;
  for (bool found = true; TakeParam(cursor, param, found).ok() && found;) {
    if (EqualsIgnoreCase(param.name, name)) return param.value;
  }
  return std::nullopt;
}

}  // namespace sansip
