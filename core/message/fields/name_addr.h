// From, To, Contact, Route, Record-Route, Reply-To, Refer-To, P-Asserted-Identity ...: an address and
// parameters (RFC 3261 20.10, 25.1 name-addr / addr-spec). Without angle brackets all parameters belong to
// the header field, and a URI with a comma, question mark or semicolon is not allowed there (20).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_
#define SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_

#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct NameAddr {
  std::string_view display_name = {};  // as written, quotes included; empty: none
  std::string_view uri = {};           // without the angle brackets
  std::string_view parameters = {};    // ";tag=...;...", from the first ';' on; empty: none
  std::string_view tag = {};           // the value of the parameter of this name (19.3); empty: none
  std::string_view text = {};          // the whole value
  bool is_star = false;                // Contact: * (20.10)
  bool in_brackets = false;  // a name-addr: Route and Record-Route allow nothing else (20.30, 20.34)
};

// The first address of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseNameAddr(std::string_view value, NameAddr& address, std::string_view* rest);

// The address of a field that has one: no list, no "*".
[[nodiscard]] ParseError ParseSingleNameAddr(std::string_view value, NameAddr& address);

// Of a message, as the parser has read them. False if there is none or it is malformed.
[[nodiscard]] inline bool AddressOf(const MessageView& message, const AddressSpans& spans,
                                    NameAddr& address) {
  if (spans.text.size == 0) return false;
  address.display_name = message.Text(spans.display_name);
  address.uri = message.Text(spans.uri);
  address.parameters = message.Text(spans.parameters);
  address.tag = message.Text(spans.tag);
  address.text = message.Text(spans.text);
  address.is_star = spans.is_star;
  address.in_brackets = spans.in_brackets;
  return true;
}
[[nodiscard]] inline bool FromOf(const MessageView& message, NameAddr& address) {
  return AddressOf(message, message.index().from, address);
}
[[nodiscard]] inline bool ToOf(const MessageView& message, NameAddr& address) {
  return AddressOf(message, message.index().to, address);
}
// The first address of the first Contact.
[[nodiscard]] inline bool FirstContact(const MessageView& message, NameAddr& address) {
  return AddressOf(message, message.index().contact, address);
}

// As a name-addr, whatever form it came in: a URI with a comma, question mark or semicolon must stand in
// brackets (20.10, 20.20, 20.31), and any other may.
void Write(const NameAddr& address, ValueWriter& value);
// RFC 3261 20.20, 20.39: equivalent URIs, the same tag or none, and no other parameter that both have and
// that differs. Display names and brackets do not count.
bool Equivalent(const NameAddr& a, const NameAddr& b);

// The tag of From or To (19.3); empty if none or if the field is malformed.
inline std::string_view FromTag(const MessageView& message) { return message.Text(message.index().from.tag); }
inline std::string_view ToTag(const MessageView& message) { return message.Text(message.index().to.tag); }

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_NAME_ADDR_H_
