// Reason (RFC 3326 2): why a request was sent, such as a CANCEL or BYE.
//
//   reason-value *( COMMA reason-value ), reason-value = protocol *( SEMI reason-params )
#ifndef SANSIP_CORE_MESSAGE_FIELDS_REASON_H_
#define SANSIP_CORE_MESSAGE_FIELDS_REASON_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct Reason {
  std::string_view protocol = {};             // "SIP", "Q.850"
  std::optional<std::uint32_t> cause = {};    // a status code, a Q.850 cause value ...
  std::optional<std::string_view> text = {};  // between its quotation marks, escapes kept
  std::string_view parameters = {};           // all of them, as parsed
};

[[nodiscard]] ParseError ParseReason(std::string_view value, Reason& reason, std::string_view* rest);
void Write(const Reason& reason, ValueWriter& value);
bool Equivalent(const Reason& a, const Reason& b);

// The reason of this protocol: a message has at most one of each (RFC 3326 2), of more the first counts.
// False if there is none; malformed ones are passed over.
[[nodiscard]] bool ReasonOf(const MessageView& message, std::string_view protocol, Reason& reason);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_REASON_H_
