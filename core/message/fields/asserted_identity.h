// P-Asserted-Identity and P-Preferred-Identity (RFC 3325 9.1, 9.2 with errata 3744 and 3894): who sends,
// between elements that trust one another.
//
//   PAssertedID-value *( COMMA PAssertedID-value ), PAssertedID-value = name-addr / addr-spec
//
// A value has no parameters: ";" and "?" of the URI stand in brackets.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_ASSERTED_IDENTITY_H_
#define SANSIP_CORE_MESSAGE_FIELDS_ASSERTED_IDENTITY_H_

#include <optional>
#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// One value, with a URI of any scheme.
[[nodiscard]] ParseError ParseIdentity(std::string_view value, NameAddr& identity, std::string_view* rest);

// All that a message may say: one SIP or SIPS URI, one tel URI, or both (RFC 3325 9.1).
struct Identities {
  std::optional<NameAddr> sip = {};
  std::optional<NameAddr> tel = {};
};

// P-Asserted-Identity or P-Preferred-Identity of a message, as RFC 5876 4.5 has it read: URIs of other
// schemes, and those beyond the first of their kind, are ignored. False if none is left, or if one is
// malformed.
[[nodiscard]] bool IdentitiesOf(const MessageView& message, HeaderId id, Identities& identities);
// Refused: none, a URI of another scheme than its place asks for, parameters.
void Write(const Identities& identities, ValueWriter& value);
bool Equivalent(const Identities& a, const Identities& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_ASSERTED_IDENTITY_H_
