// Supported, Require, Proxy-Require and Unsupported (RFC 3261 20.37, 20.32, 20.29, 20.40; 25.1 option-tag): a
// token each. Supported alone may be empty. Whether a message has one: HasToken() in list.h.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_OPTION_TAG_H_
#define SANSIP_CORE_MESSAGE_FIELDS_OPTION_TAG_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct OptionTag {
  std::string_view text = {};
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseOptionTag(std::string_view value, OptionTag& tag, std::string_view* rest);
void Write(const OptionTag& tag, ValueWriter& value);
bool Equivalent(const OptionTag& a, const OptionTag& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_OPTION_TAG_H_
