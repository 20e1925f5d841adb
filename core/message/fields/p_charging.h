// P-Charging-Function-Addresses and P-Charging-Vector (RFC 7315 5.5, 5.6): where charging records go, and
// which records belong together. Both are parameters from the first on: gen-param *( SEMI gen-param ).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_P_CHARGING_H_
#define SANSIP_CORE_MESSAGE_FIELDS_P_CHARGING_H_

#include <string_view>

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// charge-addr-params *( COMMA charge-addr-params ). A quoted value comes with its quotation marks.
struct ChargingAddresses {
  Param first = {};                  // "ccf", "ecf" ... and its value
  std::string_view parameters = {};  // the others, ";ccf-2=..."
};

[[nodiscard]] ParseError ParseChargingAddresses(std::string_view value, ChargingAddresses& addresses,
                                                std::string_view* rest);
void Write(const ChargingAddresses& addresses, ValueWriter& value);
bool Equivalent(const ChargingAddresses& a, const ChargingAddresses& b);
// The value of "ccf", "ecf", "ccf-2" or "ecf-2"; empty if there is none.
std::string_view ChargingAddress(const ChargingAddresses& addresses, std::string_view name);

// "icid-value" EQUAL gen-value *( SEMI charge-params )
struct ChargingVector {
  std::string_view icid = {};               // as written, quotation marks included
  std::string_view icid_generated_at = {};  // a host; empty: none
  std::string_view related_icid_generated_at = {};
  std::string_view parameters = {};  // all but icid-value: "orig-ioi", "term-ioi", "transit-ioi" ...
};

[[nodiscard]] ParseError ParseChargingVector(std::string_view value, ChargingVector& vector);
void Write(const ChargingVector& vector, ValueWriter& value);
bool Equivalent(const ChargingVector& a, const ChargingVector& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_P_CHARGING_H_
