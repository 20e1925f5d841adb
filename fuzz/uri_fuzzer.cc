// URIs: two of them, one per line.
//
// Oracles: the parts of a URI, put together again, are an equivalent URI; equivalence is reflexive and
// symmetric; escaping any bytes makes a component out of which they come back; faults lie in the text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/host.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

std::string Composed(const SipUri& uri) {
  std::string text(uri.is_sips ? "sips:" : "sip:");
  if (uri.has_user) {
    text += uri.user;
    if (uri.has_password) text.append(":").append(uri.password);
    text += '@';
  }
  text += uri.host;
  if (uri.port != 0) text.append(":").append(std::to_string(uri.port));
  text += uri.parameters;
  if (!uri.headers.empty()) text.append("?").append(uri.headers);
  return text;
}

void CheckOne(std::string_view text) {
  SipUri uri;
  std::size_t fault = 0;
  const bool parsed = ParseSipUri(text, uri, fault);
  SANSIP_CHECK(fault <= text.size());
  SANSIP_CHECK(parsed == ParseSipUri(text).has_value());
  std::size_t any_fault = 0;
  const bool any = CheckUri(text, any_fault);
  SANSIP_CHECK(any_fault <= text.size());
  if (any) SANSIP_CHECK(!UriScheme(text).empty() && any_fault == text.size());
  if (!parsed) return;
  SANSIP_CHECK(any && fault == text.size());
  SANSIP_CHECK(IsHost(uri.host) && EquivalentHosts(uri.host, uri.host));
  SANSIP_CHECK(EquivalentUris(uri, uri));
  const std::string composed = Composed(uri);
  const auto again = ParseSipUri(composed);
  SANSIP_CHECK(again && EquivalentUris(uri, *again));
  SANSIP_CHECK(Composed(*again) == composed);
  static_cast<void>(UriParameter(uri, "transport"));
}

void CheckEscapes(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string text = "sip:" + EscapeUser(bytes) + "@h;" + EscapeUriParameter(bytes) + "?" +
                           EscapeUriHeader(bytes) + "=" + EscapeUriHeader(bytes);
  const auto uri = ParseSipUri(text);
  // A parameter that is named like one with a value of its own, and has none, is malformed.
  if (!uri) {
    const std::string_view names[] = {"ttl", "maddr", "transport", "user", "method"};
    bool is_named = false;
    for (std::string_view name : names)
      is_named = is_named || EqualEscapedIgnoreCase(name, EscapeUriParameter(bytes));
    SANSIP_CHECK(is_named);
    return;
  }
  SANSIP_CHECK(Unescape(uri->user) == bytes);
  SANSIP_CHECK(EquivalentUris(*uri, *uri));
}

void CheckAddress(std::string_view text) {
  const auto address = ParseIp(text, 1);
  if (!address) return;
  SANSIP_CHECK(ParseIp(HostTextOf(*address), 1) == address);
  SANSIP_CHECK(ParseIp(BareIpTextOf(*address), 1) == address);
}

void Run(std::string_view bytes) {
  const std::size_t line = bytes.find('\n');
  const std::string_view a = bytes.substr(0, line);
  const std::string_view b = line == std::string_view::npos ? std::string_view{} : bytes.substr(line + 1);
  CheckOne(a);
  CheckOne(b);
  CheckEscapes(a);
  CheckAddress(a);
  const auto uri_a = ParseSipUri(a);
  const auto uri_b = ParseSipUri(b);
  if (uri_a && uri_b) SANSIP_CHECK(EquivalentUris(*uri_a, *uri_b) == EquivalentUris(*uri_b, *uri_a));
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
