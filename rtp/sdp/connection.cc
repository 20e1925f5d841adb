#include "sansip/rtp/sdp/connection.h"

#include <algorithm>

#include "sansip/core/text/ascii.h"
#include "sansip/rtp/sdp/grammar.h"

namespace sansip::sdp {
namespace {

constexpr std::uint32_t kAddressesMax = 65535;

bool IsMulticast(const SocketAddress& address) {
  if (address.family == SocketAddress::Family::kIpv4) return address.ip[0] >= 224 && address.ip[0] < 240;
  return address.ip[0] == 0xFF;
}

std::optional<std::uint32_t> Integer(std::string_view text, std::uint32_t max) {
  if (text.empty() || text.front() == '0') return std::nullopt;
  const std::optional<std::uint64_t> value = ParseDecimal(text, max);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

// "/ttl[/count]" of IPv4, "[/count]" of IPv6; `suffix` begins behind the first slash.
bool ReadMulticast(std::string_view suffix, bool has_suffix, Connection& connection) {
  if (connection.address.family == SocketAddress::Family::kIpv4) {
    const std::size_t slash = suffix.find('/');
    const std::string_view ttl_text = suffix.substr(0, slash);
    const std::optional<std::uint64_t> ttl = ParseDecimal(ttl_text, 255);
    if (!ttl || (ttl_text.size() > 1 && ttl_text.front() == '0')) return false;
    connection.ttl = static_cast<std::uint8_t>(*ttl);
    if (slash == std::string_view::npos) return true;
    suffix.remove_prefix(slash + 1);
  } else if (!has_suffix) {
    return true;
  }
  const std::optional<std::uint32_t> count = Integer(suffix, kAddressesMax);
  if (!count) return false;
  connection.count = *count;
  return true;
}

bool ReadInternetAddress(std::string_view text, bool ipv6, Connection& connection) {
  const std::size_t slash = text.find('/');
  connection.host = text.substr(0, slash);
  const std::optional<SocketAddress> address =
      connection.host.find('[') == std::string_view::npos ? ParseIp(connection.host, 0) : std::nullopt;
  if (!address) {
    // Digits and dots that are no IPv4 address are no name either.
    const bool numeric = std::all_of(connection.host.begin(), connection.host.end(),
                                     [](char c) { return IsDigit(c) || c == '.'; });
    return slash == std::string_view::npos && !numeric && IsDomainName(connection.host);
  }
  const auto family = ipv6 ? SocketAddress::Family::kIpv6 : SocketAddress::Family::kIpv4;
  if (address->family != family) return false;
  connection.address = *address;
  connection.multicast = IsMulticast(*address);
  const bool has_suffix = slash != std::string_view::npos;
  // RFC 8866 5.7: no slash for unicast.
  if (!connection.multicast) return !has_suffix;
  return ReadMulticast(has_suffix ? text.substr(slash + 1) : std::string_view(), has_suffix, connection);
}

}  // namespace

bool Connection::is_unspecified() const {
  return address.family != SocketAddress::Family::kNone &&
         std::all_of(address.ip.begin(), address.ip.end(), [](std::uint8_t octet) { return octet == 0; });
}

std::optional<Connection> ParseConnection(std::string_view value) {
  Connection connection;
  Fields fields(value);
  connection.nettype = fields.NextOrEmpty();
  connection.addrtype = fields.NextOrEmpty();
  const std::string_view address = fields.NextOrEmpty();
  if (!IsToken(connection.nettype) || !IsToken(connection.addrtype) || !IsNonWhiteSpace(address)) {
    return std::nullopt;
  }
  const bool ipv4 = connection.addrtype == "IP4";
  if (connection.nettype != "IN" || (!ipv4 && connection.addrtype != "IP6")) {
    // Further fields may follow an address of another kind.
    connection.host = address;
    return connection;
  }
  if (!fields.done() || !ReadInternetAddress(address, !ipv4, connection)) return std::nullopt;
  return connection;
}

}  // namespace sansip::sdp
