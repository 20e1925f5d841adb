#include "sansip/core/message/fields/content_encoding.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"

namespace sansip {

ParseError ParseContentEncoding(std::string_view value, ContentCoding& coding, std::string_view* rest) {
  return ParseTokenElement(value, coding.text, rest);
}

void Write(const ContentCoding& coding, ValueWriter& value) { value.Token(coding.text); }

// RFC 3261 20.12: case-insensitive.
bool Equivalent(const ContentCoding& a, const ContentCoding& b) { return EqualsIgnoreCase(a.text, b.text); }

}  // namespace sansip
