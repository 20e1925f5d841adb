// Refer-To (RFC 3515 2.1 with erratum 4652): what the recipient of a REFER is to contact.
//
//   ( name-addr / addr-spec ) *( SEMI generic-param )
//
// The URI may say with which request, and with which header fields: <sip:a@h;method=BYE?Replaces=...>.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REFER_TO_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REFER_TO_H_

#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/header_id.h"
#include "sansip/core/message/method.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct ReferTo {
  NameAddr address = {};
};

[[nodiscard]] ParseError ParseReferTo(std::string_view value, ReferTo& refer_to);
void Write(const ReferTo& refer_to, ValueWriter& value);
bool Equivalent(const ReferTo& a, const ReferTo& b);

// The method of the request to send (RFC 3515 2.4.3): INVITE unless a SIP URI names another. `text` gets the
// name as the URI has it, escapes kept.
Method ReferredMethod(const ReferTo& refer_to, std::string_view& text);

// The value of a header field for that request, the first of its name, unescaped into `storage`, which it
// never needs to be larger than the URI. nullopt if it is not there, does not fit or holds a control
// character: a line break in it would begin another field. What the value means is still to be parsed:
// ParseReplaces().
std::optional<std::string_view> EmbeddedField(const ReferTo& refer_to, HeaderId id, std::span<char> storage);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REFER_TO_H_
