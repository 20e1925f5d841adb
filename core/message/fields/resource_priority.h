// Resource-Priority and Accept-Resource-Priority (RFC 4412 3.1, 3.2): in which networks a request has which
// priority, and which ones a user agent server knows.
//
//   [ r-value *( COMMA r-value ) ], r-value = namespace "." r-priority; Resource-Priority has one at least.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_RESOURCE_PRIORITY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_RESOURCE_PRIORITY_H_

#include <cstddef>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ResourceValue {
  std::string_view name_space = {};  // "ets", "dsn" ...
  std::string_view priority = {};    // "0", "flash" ...
};

[[nodiscard]] ParseError ParseResourceValue(std::string_view value, ResourceValue& resource,
                                            std::string_view* rest);
void Write(const ResourceValue& resource, ValueWriter& value);
// In any case (RFC 4412 3.1).
bool Equivalent(const ResourceValue& a, const ResourceValue& b);

// A whole line of Resource-Priority: no namespace twice (RFC 4412 3.1: kRepeatedParameter), no more values
// than these (kBadFieldValue).
inline constexpr std::size_t kResourceValuesMax = 64;
[[nodiscard]] ParseError CheckResourcePriority(std::string_view value);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_RESOURCE_PRIORITY_H_
