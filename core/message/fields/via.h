// Via (RFC 3261 20.42, 25.1 via-parm; RFC 3581 rport).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_VIA_H_
#define SANSIP_CORE_MESSAGE_FIELDS_VIA_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

inline constexpr std::string_view kBranchCookie = "z9hG4bK";  // RFC 3261 8.1.1.7

// One via-parm. Views into the value.
struct Via {
  std::string_view transport;        // "UDP", as written
  std::string_view host;             // of sent-by, an IPv6 literal with its brackets
  bool host_has_underscore = false;  // see TakeHost() in core/uri/host.h
  std::uint16_t port = 0;            // of sent-by, 0: none
  std::string_view branch;           // empty: none (RFC 2543)
  std::string_view received;
  std::string_view maddr;
  std::optional<std::uint8_t> ttl;
  bool has_rport = false;   // RFC 3581 3: the flag, with or without a value
  std::uint16_t rport = 0;  // 0: no value
  std::string_view text;    // the whole via-parm
};

// The first via-parm of `value`; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseVia(std::string_view value, Via& via, std::string_view* rest);
// The topmost Via of a message, as the parser has read it; false if there is none or it is malformed.
[[nodiscard]] inline bool TopVia(const MessageView& message, Via& via) {
  const ViaSpans& spans = message.index().top_via;
  if (spans.text.size == 0) return false;
  via.transport = message.Text(spans.transport);
  via.host = message.Text(spans.host);
  via.host_has_underscore = spans.host_has_underscore;
  via.port = spans.port;
  via.branch = message.Text(spans.branch);
  via.received = message.Text(spans.received);
  via.maddr = message.Text(spans.maddr);
  via.ttl = spans.ttl;
  via.has_rport = spans.has_rport;
  via.rport = spans.rport;
  via.text = message.Text(spans.text);
  return true;
}

// One that was parsed is written as it came, `text`, its folding undone; one whose text is empty is written
// out of its other members. For a response's top Via there is WriteStampedVia (response_via.h).
void Write(const Via& via, ValueWriter& value);
// RFC 3261 20.42: the same sent-protocol, sent-by and parameters. No port is the transport's port (18.2.2).
bool Equivalent(const Via& a, const Via& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_VIA_H_
