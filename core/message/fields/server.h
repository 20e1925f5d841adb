// Server and User-Agent (RFC 3261 20.35, 20.41; 25.1 server-val): products and comments, the most significant
// first, with white space between them instead of commas.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_SERVER_H_
#define SANSIP_CORE_MESSAGE_FIELDS_SERVER_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// A product, perhaps with a version, or a comment.
struct ServerVal {
  std::string_view product = {};  // empty: a comment
  std::string_view version = {};  // empty: none
  std::string_view comment = {};  // with its parentheses
};

// The first of `value`; `rest` (may be null) gets what follows it, empty at the end. RFC 3261 25.1 wants
// white space before a comment; many a product has none there ("a/1.0(b)"), and it is not missed.
[[nodiscard]] ParseError ParseServer(std::string_view value, ServerVal& server_val, std::string_view* rest);
void Write(const ServerVal& server_val, ValueWriter& value);
bool Equivalent(const ServerVal& a, const ServerVal& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_SERVER_H_
