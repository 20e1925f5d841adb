// Content-Encoding (RFC 3261 20.12, 25.1 content-coding): tokens, in the order in which they were applied.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTENT_ENCODING_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTENT_ENCODING_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ContentCoding {
  std::string_view text = {};
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseContentEncoding(std::string_view value, ContentCoding& coding,
                                              std::string_view* rest);
void Write(const ContentCoding& coding, ValueWriter& value);
bool Equivalent(const ContentCoding& a, const ContentCoding& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTENT_ENCODING_H_
