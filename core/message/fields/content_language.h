// Content-Language (RFC 3261 20.13, 25.1 language-tag): primary-tag *( "-" subtag ), of one to eight letters
// each. RFC 5646 2.1: subtags may hold digits as well ("es-419").
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LANGUAGE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LANGUAGE_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

struct LanguageTag {
  std::string_view text = {};
};

// The first tag of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseContentLanguage(std::string_view value, LanguageTag& tag,
                                              std::string_view* rest);
void Write(const LanguageTag& tag, ValueWriter& value);
bool Equivalent(const LanguageTag& a, const LanguageTag& b);

// Takes a language-tag; false where it goes wrong, and there the cursor stands.
bool TakeLanguageTag(Cursor& cursor, std::string_view& tag);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LANGUAGE_H_
