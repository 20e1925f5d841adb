// Priority (RFC 3261 20.26): how urgent a request is to those who read it. A message without one is normal.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_PRIORITY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_PRIORITY_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

enum class Urgency : std::uint8_t { kNonUrgent, kNormal, kUrgent, kEmergency, kOther };

struct Priority {
  Urgency urgency = Urgency::kNormal;
  std::string_view text = "normal";  // what is written: any token
};

[[nodiscard]] ParseError ParsePriority(std::string_view value, Priority& priority);
void Write(const Priority& priority, ValueWriter& value);
bool Equivalent(const Priority& a, const Priority& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_PRIORITY_H_
