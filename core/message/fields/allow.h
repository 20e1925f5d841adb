// Allow (RFC 3261 20.5): methods, or none.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_ALLOW_H_
#define SANSIP_CORE_MESSAGE_FIELDS_ALLOW_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct AllowedMethod {
  Method method = Method::kExtension;
  std::string_view text = {};  // what is written; case-sensitive (7.1)
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseAllow(std::string_view value, AllowedMethod& allowed, std::string_view* rest);
void Write(const AllowedMethod& allowed, ValueWriter& value);
bool Equivalent(const AllowedMethod& a, const AllowedMethod& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_ALLOW_H_
