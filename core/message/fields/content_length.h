// Content-Length (RFC 3261 20.14): 1*DIGIT. A number above 2^64-1 is read as 2^64-1: no body is as long.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LENGTH_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LENGTH_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ContentLength {
  std::uint64_t octets = 0;
};

[[nodiscard]] ParseError ParseContentLength(std::string_view value, std::uint64_t& length);
[[nodiscard]] ParseError ParseContentLength(std::string_view value, ContentLength& length);
// Into a value of one's own: in a message only Writer::Body() writes it.
void Write(const ContentLength& length, ValueWriter& value);
bool Equivalent(const ContentLength& a, const ContentLength& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTENT_LENGTH_H_
