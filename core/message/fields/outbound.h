// Client-initiated connections (RFC 5626 10): Flow-Timer, the Contact parameters reg-id and +sip.instance,
// the URI parameter ob.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_OUTBOUND_H_
#define SANSIP_CORE_MESSAGE_FIELDS_OUTBOUND_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

// Flow-Timer = 1*DIGIT: after so many seconds without keep-alive the server takes a flow for dead (4.4).
struct FlowTimer {
  std::uint32_t seconds = 0;  // what is above 2^32-1 is read as that
};

[[nodiscard]] ParseError ParseFlowTimer(std::string_view value, FlowTimer& timer);
void Write(const FlowTimer& timer, ValueWriter& value);
bool Equivalent(const FlowTimer& a, const FlowTimer& b);

// RFC 5626 4.2: below 2^31.
inline constexpr std::uint32_t kRegIdMax = 0x7FFFFFFF;

// What a Contact says of the flow that it is registered over.
struct OutboundContact {
  std::string_view instance = {};  // of +sip.instance, without <>: "urn:uuid:..."; empty: none
  std::uint32_t reg_id = 0;        // 0: none
};

// Reads the parameters of a Contact, which hold others, too. The offset of an error is into them:
// kBadParameter for an instance that is no "<...>" of URI characters or a reg-id outside 1 to kRegIdMax,
// kRepeatedParameter.
[[nodiscard]] ParseError ParseOutboundContact(std::string_view parameters, OutboundContact& contact);
// ";reg-id=1;+sip.instance=\"<urn:...>\"", to be put behind the other parameters.
void Write(const OutboundContact& contact, ValueWriter& value);
// RFC 5626 4.1: instances by the lexical rules of URNs (RFC 2141 5), those of urn:uuid in any case.
bool Equivalent(const OutboundContact& a, const OutboundContact& b);

// RFC 5626 5: the Contact of a UA whose requests are to come over the flow of this dialog carries ";ob".
bool HasOb(const SipUri& uri);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_OUTBOUND_H_
