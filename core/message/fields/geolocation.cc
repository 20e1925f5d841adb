#include "sansip/core/message/fields/geolocation.h"

#include "sansip/core/message/fields/bracketed_uri.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

ParseError ParseLocationValue(std::string_view value, LocationValue& location, std::string_view* rest) {
  location = {};
  Cursor cursor(value);
  ParseError error = TakeBracketedUri(cursor, location.uri);
  if (error.ok()) error = TakeParameters(cursor, location.parameters);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const LocationValue& location, ValueWriter& value) {
  WriteBracketedUri(location.uri, value);
  value.Parameters(location.parameters);
}

bool Equivalent(const LocationValue& a, const LocationValue& b) {
  return EquivalentUris(a.uri, b.uri) && EquivalentParameters(a.parameters, b.parameters);
}

ParseError ParseGeolocationRouting(std::string_view value, GeolocationRouting& routing) {
  routing = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  routing.name = cursor.TakeAll(kToken);
  if (routing.name.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  cursor.SkipWhiteSpace();
  if (cursor.Skip('=')) {
    cursor.SkipWhiteSpace();
    Param param;
    const ParseError error = TakeParamValue(cursor, kToken, param);
    if (!error.ok()) return error;
    routing.value = param.value;
    routing.has_value = true;
  }
  return EndValue(cursor);
}

void Write(const GeolocationRouting& routing, ValueWriter& value) {
  value.Token(routing.name);
  if (!routing.has_value) return;
  Cursor cursor(routing.value);
  Param param;
  if (!TakeParamValue(cursor, kToken, param).ok() || !cursor.AtEnd()) return value.Refuse();
  value.Literal("=");
  value.Text(routing.value);
}

bool Equivalent(const GeolocationRouting& a, const GeolocationRouting& b) {
  return EqualsIgnoreCase(a.name, b.name) && a.has_value == b.has_value &&
         EquivalentParamValues(a.value, b.value);
}

bool AllowsRouting(const GeolocationRouting& routing) {
  return !routing.has_value && EqualsIgnoreCase(routing.name, "yes");
}

bool AllowsRouting(const MessageView& message) {
  const auto value = message.First(HeaderId::kGeolocationRouting);
  GeolocationRouting routing;
  return value && ParseGeolocationRouting(*value, routing).ok() && AllowsRouting(routing);
}

ParseError ParseGeolocationError(std::string_view value, GeolocationError& error) {
  error = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const Cursor at_code = cursor;
  const std::string_view digits = cursor.TakeAll(kDigit);
  if (digits.empty() || digits.size() > 3) return ErrorAt(ParseCode::kBadNumber, at_code);
  error.code = static_cast<std::uint16_t>(*ParseDecimal(digits, 999));
  const ParseError bad = TakeParameters(cursor, error.parameters, [&error](const Param& param) {
    if (!EqualsIgnoreCase(param.name, "code")) return ParseCode::kNone;
    if (error.text) return ParseCode::kRepeatedParameter;
    error.text = WithoutQuotes(param.value);
    return error.text->size() != param.value.size() ? ParseCode::kNone : ParseCode::kBadParameter;
  });
  return bad.ok() ? EndValue(cursor) : bad;
}

void Write(const GeolocationError& error, ValueWriter& value) {
  if (error.code > 999) return value.Refuse();
  value.Number(error.code);
  if (error.text) {
    value.Literal(";code=");
    value.QuotedText(*error.text);
  }
  value.ParametersExcept(error.parameters, {"code"});
}

bool Equivalent(const GeolocationError& a, const GeolocationError& b) {
  return a.code == b.code && a.text.has_value() == b.text.has_value() &&
         EquivalentQuotedText(a.text.value_or(""), b.text.value_or("")) &&
         EquivalentParameters(a.parameters, b.parameters, {"code"});
}

}  // namespace sansip
