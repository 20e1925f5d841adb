// From, To, Contact, Route, Record-Route, Reply-To, Refer-To, P-Asserted-Identity ...: an address and
// parameters (RFC 3261 20.10, 25.1 name-addr / addr-spec). Without angle brackets all parameters belong to
// the header field, and a URI with a comma, question mark or semicolon is not allowed there (20).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_
#define SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_

#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct NameAddr {
  std::string_view display_name;  // as written, quotes included; empty: none
  std::string_view uri;           // without the angle brackets
  std::string_view parameters;    // ";tag=...;...", from the first ';' on; empty: none
  std::string_view text;          // the whole value
  bool is_star = false;           // Contact: * (20.10)
  bool in_brackets = false;       // a name-addr: Route and Record-Route allow nothing else (20.30, 20.34)
};

// The first address of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseNameAddr(std::string_view value, NameAddr& address, std::string_view* rest);

// The tag of From or To (19.3); empty if none or if the field is malformed.
std::string_view FromTag(const MessageView& message);
std::string_view ToTag(const MessageView& message);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_
