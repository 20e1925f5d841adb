// P-Associated-URI and P-Called-Party-ID (RFC 7315 5.1, 5.2): which other addresses belong to the registered
// one, and which of its addresses a user was called by.
//
//   name-addr *( SEMI generic-param ); P-Associated-URI is a comma list of it and may be empty.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_P_ADDRESS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_P_ADDRESS_H_

#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// An address without brackets is kBadFieldValue. NameAddr's Write() and Equivalent() serve both fields.
[[nodiscard]] ParseError ParsePAssociatedUri(std::string_view value, NameAddr& address,
                                             std::string_view* rest);
[[nodiscard]] ParseError ParsePCalledPartyId(std::string_view value, NameAddr& address);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_P_ADDRESS_H_
