// Feature-Caps (RFC 6809 6.3.1): what an element on the way can do, as feature-capability indicators.
//
//   fc-value *( COMMA fc-value ), fc-value = "*" *( SEMI "+" fcap-name [ EQUAL ( DQUOTE ... DQUOTE / token )
//   ] )
//
// Those that a registrar's 2xx has for push (RFC 8599 4.1, 10) are read here.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_FEATURE_CAPS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_FEATURE_CAPS_H_

#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct FeatureCaps {
  std::string_view parameters = {};  // as parsed; names with their "+"
};

// One of the comma list at the front of `value`; `rest`: what follows it; null: nothing may.
[[nodiscard]] ParseError ParseFeatureCaps(std::string_view value, FeatureCaps& caps,
                                          std::string_view* rest = nullptr);
void Write(const FeatureCaps& caps, ValueWriter& value);
bool Equivalent(const FeatureCaps& a, const FeatureCaps& b);

// The value of an indicator ("+sip.pns") in any of a message's fields, without quotes; empty: it has none.
// Nullopt: nobody has the capability. Fields that cannot be read are passed over.
std::optional<std::string_view> FeatureCapability(const MessageView& message, std::string_view name);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_FEATURE_CAPS_H_
