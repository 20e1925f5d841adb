#include "sansip/core/message/fields/route.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

ParseError ParseRoute(std::string_view value, Route& route, std::string_view* rest) {
  route = {};
  const ParseError error = ParseNameAddr(value, route.address, rest);
  if (!error.ok()) return error;
  if (!route.address.in_brackets) {
    return {ParseCode::kBadRoute, static_cast<std::uint32_t>(OffsetIn(value, route.address.text))};
  }
  const auto uri = ParseSipUri(route.address.uri);
  route.is_loose = uri && UriParameter(*uri, "lr");
  return {};
}

void Write(const Route& route, ValueWriter& value) {
  if (route.address.is_star) return value.Refuse();
  Write(route.address, value);
}

bool Equivalent(const Route& a, const Route& b) {
  return EquivalentUris(a.address.uri, b.address.uri) &&
         EquivalentParameters(a.address.parameters, b.address.parameters);
}

}  // namespace sansip
