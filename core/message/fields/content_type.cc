#include "sansip/core/message/fields/content_type.h"

#include <cstddef>

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
  const auto at = [&cursor](ParseCode code) {
    return ParseError{code, static_cast<std::uint32_t>(cursor.offset())};
  };
  cursor.SkipWhiteSpace();
  media_type.type = cursor.TakeAll(kToken);
  if (media_type.type.empty()) return at(ParseCode::kBadToken);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('/')) return at(ParseCode::kBadFieldValue);
  cursor.SkipWhiteSpace();
  media_type.subtype = cursor.TakeAll(kToken);
  if (media_type.subtype.empty()) return at(ParseCode::kBadToken);
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  Param param;
  for (bool found = true; found;) {
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
    if (found && !param.has_value) return at(ParseCode::kBadParameter);
  }
  media_type.parameters = Trim(cursor.Since(begin));
  return cursor.AtEnd() ? ParseError{} : at(ParseCode::kBadFieldValue);
}

}  // namespace sansip
