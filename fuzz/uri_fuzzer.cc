// URIs: two of them, one per line.
//
// Oracles: the parts of a URI, put together again, are an equivalent URI, and written by UriWriter the same
// text; equivalence is reflexive and symmetric; any bytes, written into any component, come back out of it; a
// number stays the same in and out of a user part; faults lie in the text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/host.h"
#include "sansip/core/uri/phone_user.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/tel_uri.h"
#include "sansip/core/uri/uri_writer.h"

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

// What `write` writes; empty if it is refused. The size is known in advance.
template <typename WriteParts>
std::string Written(WriteParts write) {
  UriWriter counting({});
  write(counting);
  std::string storage(counting.needed(), '\0');
  UriWriter writer(storage);
  write(writer);
  SANSIP_CHECK(writer.needed() == storage.size() && writer.ok() != writer.text().empty());
  return std::string(writer.text());
}

void CheckTel(std::string_view text) {
  TelUri tel;
  std::size_t fault = 0;
  const bool parsed = ParseTelUri(text, tel, fault);
  SANSIP_CHECK(fault <= text.size());
  if (!parsed) return;
  SANSIP_CHECK(CheckTelUri(text, fault) && CheckUri(text, fault) && fault == text.size());
  SANSIP_CHECK(EquivalentTelUris(tel, tel));
  const std::string written = Written([&tel](UriWriter& writer) { writer.Uri(tel); });
  TelUri again;
  SANSIP_CHECK(ParseTelUri(written, again, fault) && EquivalentTelUris(tel, again));
  SANSIP_CHECK(Written([&again](UriWriter& writer) { writer.Uri(again); }) == written);

  const std::string sip =
      Written([&tel](UriWriter& writer) { WriteTelAsSip(tel, false, "h.example", 0, writer); });
  const auto uri = ParseSipUri(sip);
  SANSIP_CHECK(uri && PhoneUserOf(*uri, again));
  // A colon has to be escaped there, which makes it another character.
  if (tel.parameters.find(':') == std::string_view::npos) SANSIP_CHECK(EquivalentTelUris(tel, again));
  const std::string back = Written([&uri](UriWriter& writer) { WritePhoneUserAsTel(*uri, writer); });
  TelUri from_user;
  SANSIP_CHECK(ParseTelUri(back, from_user, fault) && EquivalentTelUris(from_user, again));
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
  SANSIP_CHECK((IsHost(uri.host) != uri.host_has_underscore) && IsHost(uri.host, uri.host_has_underscore));
  SANSIP_CHECK(EquivalentHosts(uri.host, uri.host));
  SANSIP_CHECK(EquivalentUris(uri, uri));
  const std::string composed = Composed(uri);
  const auto again = ParseSipUri(composed);
  SANSIP_CHECK(again && EquivalentUris(uri, *again));
  SANSIP_CHECK(Composed(*again) == composed);
  SANSIP_CHECK(Written([&uri](UriWriter& writer) { writer.Uri(uri); }) == composed);
  TelUri tel;
  if (PhoneUserOf(uri, tel)) SANSIP_CHECK(EquivalentTelUris(tel, tel));
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

// Whatever the bytes are, they stay in their component.
void CheckWriter(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string text = Written([bytes](UriWriter& writer) {
    writer.Sip(false);
    writer.User(bytes);
    writer.Password(bytes);
    writer.Host("h", 5070);
    writer.Parameter("x", bytes);
    writer.Header(bytes, bytes);
  });
  const auto uri = ParseSipUri(text);
  SANSIP_CHECK(uri && uri->host == "h" && uri->port == 5070);
  SANSIP_CHECK(Unescape(uri->user) == bytes && Unescape(uri->password) == bytes);
  SANSIP_CHECK(Unescape(UriParameter(*uri, "x").value_or("")) == bytes);
  const std::size_t equal = uri->headers.find('=');
  SANSIP_CHECK(Unescape(uri->headers.substr(0, equal)) == bytes);
  SANSIP_CHECK(Unescape(uri->headers.substr(equal + 1)) == bytes);

  const std::string tel_text = Written([bytes](UriWriter& writer) {
    writer.Tel("+1");
    writer.Parameter("x", bytes);
  });
  TelUri tel;
  std::size_t fault = 0;
  SANSIP_CHECK(ParseTelUri(tel_text, tel, fault) && tel.number == "+1");
  SANSIP_CHECK(Unescape(TelParameter(tel, "x").value_or("")) == bytes);
  // As a number, a name or a component that has its escapes: refused or what was meant.
  const std::string number = Written([bytes](UriWriter& writer) { writer.Tel(bytes); });
  SANSIP_CHECK(number.empty() || number.substr(4) == bytes);
  SipUri by_hand;
  by_hand.has_user = true;
  by_hand.user = bytes;
  by_hand.host = "h";
  by_hand.parameters = bytes;
  const std::string composed = Written([&by_hand](UriWriter& writer) { writer.Uri(by_hand); });
  const auto again = ParseSipUri(composed);
  SANSIP_CHECK(composed.empty() || (again && again->user == bytes && again->parameters == bytes));
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
  CheckTel(a);
  CheckTel(b);
  CheckEscapes(a);
  CheckWriter(a);
  CheckAddress(a);
  const auto uri_a = ParseSipUri(a);
  const auto uri_b = ParseSipUri(b);
  if (uri_a && uri_b) SANSIP_CHECK(EquivalentUris(*uri_a, *uri_b) == EquivalentUris(*uri_b, *uri_a));
  TelUri tel_a;
  TelUri tel_b;
  std::size_t fault = 0;
  if (!ParseTelUri(a, tel_a, fault) || !ParseTelUri(b, tel_b, fault)) return;
  SANSIP_CHECK(EquivalentTelUris(tel_a, tel_b) == EquivalentTelUris(tel_b, tel_a));
}

}  // namespace
}  // namespace sansip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::Run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
