// Organization and Subject (RFC 3261 20.25, 20.36; 25.1 TEXT-UTF8-TRIM): text for people, or none. It is not
// interpreted and passes as it is; whether it is UTF-8 is for those to ask who show it.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_TEXT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_TEXT_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct FreeText {
  std::string_view text = {};  // folding included
};

// kControlCharacter where it holds one.
[[nodiscard]] ParseError ParseText(std::string_view value, FreeText& text);
void Write(const FreeText& text, ValueWriter& value);
// Case counts; white space is one space, however it folds.
bool Equivalent(const FreeText& a, const FreeText& b);

// RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF; stricter than RFC 3261 25.1, which
// dates from before and counts up to six bytes.
bool IsUtf8(std::string_view text);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_TEXT_H_
