// SIP-ETag and SIP-If-Match (RFC 3903 11.3.1, 11.3.2, 12): which publication a PUBLISH refreshes, modifies or
// removes.
//
//   entity-tag = token
//
// Opaque, compared byte by byte; exactly one (8.1).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_ENTITY_TAG_H_
#define SANSIP_CORE_MESSAGE_FIELDS_ENTITY_TAG_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct EntityTag {
  std::string_view text = {};
};

[[nodiscard]] ParseError ParseEntityTag(std::string_view value, EntityTag& tag);
void Write(const EntityTag& tag, ValueWriter& value);
bool Equivalent(const EntityTag& a, const EntityTag& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_ENTITY_TAG_H_
