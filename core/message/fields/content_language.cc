#include "sansip/core/message/fields/content_language.h"

#include <cstddef>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {

ParseError ParseContentLanguage(std::string_view value, LanguageTag& tag, std::string_view* rest) {
  tag = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  if (!TakeLanguageTag(cursor, tag.text)) return ErrorAt(ParseCode::kBadToken, cursor);
  return EndElement(cursor, rest);
}

void Write(const LanguageTag& tag, ValueWriter& value) {
  Cursor cursor(tag.text);
  std::string_view whole;
  if (!TakeLanguageTag(cursor, whole) || !cursor.AtEnd()) return value.Refuse();
  value.Literal(whole);
}

bool Equivalent(const LanguageTag& a, const LanguageTag& b) { return EqualsIgnoreCase(a.text, b.text); }

bool TakeLanguageTag(Cursor& cursor, std::string_view& tag) {
  constexpr std::size_t kSubtagMax = 8;
  const std::size_t begin = cursor.offset();
  std::uint32_t classes = kAlpha;
  do {
    Cursor ahead = cursor;
    const std::size_t size = ahead.TakeAll(classes).size();
    if (size == 0 || size > kSubtagMax) return false;
    cursor = ahead;
    classes = kAlphanum;
  } while (cursor.Skip('-'));
  tag = cursor.Since(begin);
  return true;
}

}  // namespace sansip
