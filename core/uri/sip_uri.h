// SIP and SIPS URIs (RFC 3261 19.1, 25.1): a view and the comparison of 19.1.4.
#ifndef SANSIP_CORE_URI_SIP_URI_H_
#define SANSIP_CORE_URI_SIP_URI_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/text/cursor.h"

namespace sansip {

// More parameters, or more headers, than this are malformed: comparing URIs takes the square of their number,
// and no URI in use has a quarter of it.
inline constexpr std::size_t kUriComponentsMax = 64;

struct SipUri {
  bool is_sips = false;
  std::string_view user;  // escapes kept; empty: none
  bool has_user = false;  // "sip:@h" is not one, "sip:h" has none
  std::string_view password;
  bool has_password = false;         // "sip:a:@h" has one, an empty one
  std::string_view host;             // an IPv6 literal with its brackets
  bool host_has_underscore = false;  // it is no host by the grammar; see TakeHost() in host.h
  std::uint16_t port = 0;            // 0: none
  std::string_view parameters;       // ";transport=tcp;lr", from the first ';' on
  std::string_view headers;          // after the '?'
};

// nullopt: not a SIP or SIPS URI, or malformed.
std::optional<SipUri> ParseSipUri(std::string_view text);
// The same; `fault` is the offset at which the text stopped being one.
bool ParseSipUri(std::string_view text, SipUri& uri, std::size_t& fault);

// Takes a SIP or SIPS URI, as far as it goes; what follows it is the caller's matter. On false the cursor
// stands where the text stopped being one.
bool TakeSipUri(Cursor& cursor, SipUri& uri);

// The value of a URI parameter: nullopt if absent, "" if it has none. Names are case-insensitive.
std::optional<std::string_view> UriParameter(const SipUri& uri, std::string_view name);

// RFC 3261 19.1.4. Not transitive by design; parameters that one side lacks are ignored unless they are
// user, ttl, method, maddr or transport.
bool EquivalentUris(const SipUri& a, const SipUri& b);

// Two URIs of any scheme: SIP and SIPS URIs by the rules above, tel URIs by EquivalentTelUris(), others and
// malformed ones byte by byte.
bool EquivalentUris(std::string_view a, std::string_view b);

// Any URI that may stand where RFC 3261 25.1 says SIP-URI / SIPS-URI / absoluteURI: sip and sips in full, tel
// by CheckTelUri(), of other schemes scheme, characters and escapes. `fault` as above.
bool CheckUri(std::string_view text, std::size_t& fault);
// Takes one, as TakeSipUri() does.
bool TakeUri(Cursor& cursor);

// "sip" of "sip:a@b", as written; empty if the text has no scheme.
std::string_view UriScheme(std::string_view text);

}  // namespace sansip

#endif  // SANSIP_CORE_URI_SIP_URI_H_
