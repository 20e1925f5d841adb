// P-Visited-Network-ID and P-Access-Network-Info (RFC 7315 5.3, 5.4 with errata 4474): through which network
// a user comes, and over which kind of access.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_P_NETWORK_H_
#define SANSIP_CORE_MESSAGE_FIELDS_P_NETWORK_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// vnetwork-spec *( COMMA vnetwork-spec ), vnetwork-spec = ( token / quoted-string ) *( SEMI generic-param )
struct VisitedNetwork {
  std::string_view id = {};  // a quoted one with its quotation marks
  std::string_view parameters = {};
};

[[nodiscard]] ParseError ParseVisitedNetwork(std::string_view value, VisitedNetwork& network,
                                             std::string_view* rest);
void Write(const VisitedNetwork& network, ValueWriter& value);
bool Equivalent(const VisitedNetwork& a, const VisitedNetwork& b);

// access-net-spec *( COMMA access-net-spec ), access-net-spec = ( access-type / access-class ) *( SEMI
// access-info ). New types and infos come with every generation of networks, so any token and any
// generic-param is one.
struct AccessNetwork {
  std::string_view type = {};        // "IEEE-802.11", "3GPP-E-UTRAN-FDD" ...
  std::string_view parameters = {};  // see Parameter(): "cgi-3gpp", "utran-cell-id-3gpp" ...
  bool is_network_provided = false;  // np: not what the UA says of itself; written instead of the parameter
};

[[nodiscard]] ParseError ParseAccessNetwork(std::string_view value, AccessNetwork& network,
                                            std::string_view* rest);
void Write(const AccessNetwork& network, ValueWriter& value);
bool Equivalent(const AccessNetwork& a, const AccessNetwork& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_P_NETWORK_H_
