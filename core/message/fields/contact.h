// Contact (RFC 3261 20.10, 25.1 contact-param): an address with the weight and the lifetime that a registrar
// and a redirected caller read; or "*", which stands alone.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CONTACT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CONTACT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// RFC 3261 10.2.1.1: a malformed expires is read as this many seconds.
inline constexpr std::uint32_t kContactExpiresDefault = 3600;

struct Contact {
  NameAddr address = {};                      // its parameters hold q and expires, too, as they came
  std::optional<std::uint16_t> q = {};        // thousandths
  std::optional<std::uint32_t> expires = {};  // seconds; both are written instead of what the parameters say
};

// The first of `value`; `rest` (may be null) gets what follows its comma, empty at the end. That "*" has no
// company is for those to see who take the whole list (CheckFields does).
[[nodiscard]] ParseError ParseContact(std::string_view value, Contact& contact, std::string_view* rest);
void Write(const Contact& contact, ValueWriter& value);
// Equivalent URIs, the same q, expires and further parameters. Which binding a REGISTER means is told by the
// URIs alone (10.2.4).
bool Equivalent(const Contact& a, const Contact& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CONTACT_H_
