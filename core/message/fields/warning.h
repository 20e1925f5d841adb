// Warning (RFC 3261 20.43, 25.1 warning-value): warn-code SP warn-agent SP warn-text. Nothing may happen by
// itself because of a 399.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_WARNING_H_
#define SANSIP_CORE_MESSAGE_FIELDS_WARNING_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct Warning {
  std::uint16_t code = 0;       // 000 to 999
  std::string_view agent = {};  // host, host and port, or a pseudonym
  std::string_view text = {};   // between the quotation marks, its escapes kept
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseWarning(std::string_view value, Warning& warning, std::string_view* rest);
void Write(const Warning& warning, ValueWriter& value);
bool Equivalent(const Warning& a, const Warning& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_WARNING_H_
