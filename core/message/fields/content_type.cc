#include "sansip/core/message/fields/content_type.h"

#include <utility>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

bool MediaType::Is(std::string_view other_type, std::string_view other_subtype) const {
  return EqualsIgnoreCase(type, other_type) && EqualsIgnoreCase(subtype, other_subtype);
}

// m-type SLASH m-subtype *(SEMI m-attribute EQUAL m-value)
ParseError ParseMediaType(std::string_view value, MediaType& media_type) {
  media_type = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  media_type.type = cursor.TakeAll(kToken);
  if (media_type.type.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('/')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  cursor.SkipWhiteSpace();
  media_type.subtype = cursor.TakeAll(kToken);
  if (media_type.subtype.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  cursor.SkipWhiteSpace();
  bool has_boundary = false;
  const ParseError error = TakeParameters(cursor, media_type.parameters, [&has_boundary](const Param& param) {
    if (!param.has_value) return ParseCode::kBadParameter;
    if (!EqualsIgnoreCase(param.name, "boundary")) return ParseCode::kNone;
    // Two boundaries are two ways to take a body apart.
    return std::exchange(has_boundary, true) ? ParseCode::kRepeatedParameter : ParseCode::kNone;
  });
  if (!error.ok()) return error;
  return EndValue(cursor);
}

void Write(const MediaType& media_type, ValueWriter& value) {
  value.Token(media_type.type);
  value.Literal("/");
  value.Token(media_type.subtype);
  value.Parameters(media_type.parameters);
}

bool Equivalent(const MediaType& a, const MediaType& b) {
  const auto boundary_a = Parameter(a.parameters, "boundary");
  const auto boundary_b = Parameter(b.parameters, "boundary");
  return a.Is(b.type, b.subtype) && boundary_a.has_value() == boundary_b.has_value() &&
         EquivalentQuotedText(WithoutQuotes(boundary_a.value_or("")),
                              WithoutQuotes(boundary_b.value_or(""))) &&
         EquivalentParameters(a.parameters, b.parameters, {"boundary"});
}

}  // namespace sansip
