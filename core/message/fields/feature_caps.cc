#include "sansip/core/message/fields/feature_caps.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseFeatureCaps(std::string_view value, FeatureCaps& caps, std::string_view* rest) {
  caps = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('*')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  const ParseError error = TakeParameters(cursor, caps.parameters);
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const FeatureCaps& caps, ValueWriter& value) {
  value.Literal("*");
  value.ParametersExcept(caps.parameters, {});
}

bool Equivalent(const FeatureCaps& a, const FeatureCaps& b) {
  return EquivalentParameters(a.parameters, b.parameters);
}

std::optional<std::string_view> FeatureCapability(const MessageView& message, std::string_view name) {
  ElementsOf elements(message, HeaderId::kFeatureCaps);
  for (std::string_view element; elements.Next(element);) {
    FeatureCaps caps;
    if (!ParseFeatureCaps(element, caps).ok()) continue;
    std::optional<std::string_view> value = Parameter(caps.parameters, name);
    if (!value) continue;
    if (value->size() >= 2 && value->front() == '"') *value = value->substr(1, value->size() - 2);
    return value;
  }
  return std::nullopt;
}

}  // namespace sansip
