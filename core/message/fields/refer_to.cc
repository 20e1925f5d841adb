#include "sansip/core/message/fields/refer_to.h"

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/uri_headers.h"

namespace sansip {

ParseError ParseReferTo(std::string_view value, ReferTo& refer_to) {
  return ParseSingleNameAddr(value, refer_to.address);
}

void Write(const ReferTo& refer_to, ValueWriter& value) {
  if (refer_to.address.is_star) return value.Refuse();
  Write(refer_to.address, value);
}

bool Equivalent(const ReferTo& a, const ReferTo& b) {
  return EquivalentUris(a.address.uri, b.address.uri) &&
         EquivalentParameters(a.address.parameters, b.address.parameters);
}

Method ReferredMethod(const ReferTo& refer_to, std::string_view& text) {
  const auto uri = ParseSipUri(refer_to.address.uri);
  text = (uri ? UriParameter(*uri, "method") : std::nullopt).value_or("INVITE");
  // RFC 3261 19.1.4: an escaped letter is the letter.
  for (int i = static_cast<int>(Method::kInvite); i <= static_cast<int>(Method::kUpdate); ++i) {
    if (EqualEscaped(text, MethodName(static_cast<Method>(i)))) return static_cast<Method>(i);
  }
  return Method::kExtension;
}

std::optional<std::string_view> EmbeddedField(const ReferTo& refer_to, HeaderId id, std::span<char> storage) {
  const auto uri = ParseSipUri(refer_to.address.uri);
  if (!uri) return std::nullopt;
  std::string_view escaped;
  if (!UriHeadersOf(*uri).Next(HeaderName(id), escaped)) return std::nullopt;
  const auto value = Unescape(escaped, storage);
  if (!value || FindControl(*value, 0) != value->size()) return std::nullopt;
  return value;
}

}  // namespace sansip
