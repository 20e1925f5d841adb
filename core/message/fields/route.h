// Route, Record-Route, Path and Service-Route (RFC 3261 20.34, 20.30; RFC 3327 4; RFC 3608 5): lists of the
// proxies that a request visits.
//
//   route-param *( COMMA route-param ), route-param = name-addr *( SEMI rr-param )
//
// A URI without brackets is kBadRoute.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_ROUTE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_ROUTE_H_

#include <string_view>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

struct Route {
  NameAddr address = {};
  // The URI is sip or sips with the parameter lr (RFC 3261 16.12, 19.1.1), as every value of Record-Route,
  // Path and Service-Route has it. Not written: it stands in the URI.
  bool is_loose = false;
};

[[nodiscard]] ParseError ParseRoute(std::string_view value, Route& route, std::string_view* rest);
void Write(const Route& route, ValueWriter& value);
// The same URI and parameters; the display name says nothing about the way.
bool Equivalent(const Route& a, const Route& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_ROUTE_H_
