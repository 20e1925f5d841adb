#include "sansip/core/message/fields/p_network.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {

ParseError ParseVisitedNetwork(std::string_view value, VisitedNetwork& network, std::string_view* rest) {
  network = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  if (cursor.At('"')) {
    if (!cursor.SkipQuotedString()) return ErrorAt(ParseCode::kBadQuotedString, cursor);
  } else if (cursor.TakeAll(kToken).empty()) {
    return ErrorAt(ParseCode::kBadToken, cursor);
  }
  network.id = cursor.Since(begin);
  const ParseError error = TakeParameters(cursor, network.parameters);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const VisitedNetwork& network, ValueWriter& value) {
  const std::string_view text = WithoutQuotes(network.id);
  if (text.size() != network.id.size()) {
    if (network.id.back() != '"') return value.Refuse();
    value.QuotedText(text);
  } else {
    value.Token(network.id);
  }
  value.Parameters(network.parameters);
}

bool Equivalent(const VisitedNetwork& a, const VisitedNetwork& b) {
  return EquivalentParamValues(a.id, b.id) && EquivalentParameters(a.parameters, b.parameters);
}

ParseError ParseAccessNetwork(std::string_view value, AccessNetwork& network, std::string_view* rest) {
  network = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  network.type = cursor.TakeAll(kToken);
  if (network.type.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeParameters(cursor, network.parameters, [&network](const Param& param) {
    if (!EqualsIgnoreCase(param.name, "network-provided")) return ParseCode::kNone;
    if (network.is_network_provided) return ParseCode::kRepeatedParameter;
    network.is_network_provided = true;
    return param.has_value ? ParseCode::kBadParameter : ParseCode::kNone;
  });
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const AccessNetwork& network, ValueWriter& value) {
  value.Token(network.type);
  value.ParametersExcept(network.parameters, {"network-provided"});
  if (network.is_network_provided) value.Literal(";network-provided");
}

bool Equivalent(const AccessNetwork& a, const AccessNetwork& b) {
  return EqualsIgnoreCase(a.type, b.type) && a.is_network_provided == b.is_network_provided &&
         EquivalentParameters(a.parameters, b.parameters, {"network-provided"});
}

}  // namespace sansip
