#include "sansip/transport/via_rules.h"

#include <algorithm>
#include <optional>

namespace sansip {
namespace {

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::uint16_t PortOr(std::uint16_t port, Transport transport) {
  return port != 0 ? port : DefaultPort(transport);
}

}  // namespace

SocketAddress DatagramResponseTarget(const Via& via, const SocketAddress& source) {
  const std::uint16_t port = PortOr(via.port, Transport::kUdp);
  // RFC 3261 18.2.2: maddr first; RFC 3581 4: then rport counts for nothing.
  if (!via.maddr.empty()) {
    if (const std::optional<SocketAddress> maddr = ParseIp(via.maddr, port)) return *maddr;
  }
  if (via.has_rport) return source;
  // `received` is the source's address wherever sent-by does not name it already (18.2.1).
  SocketAddress target = source;
  target.port = port;
  return target;
}

SocketAddress StreamFallBack(const Via& via, Transport transport, const SocketAddress& source) {
  SocketAddress target = source;
  target.port = PortOr(via.port, transport);
  return target;
}

bool SameSentBy(const HostPort& a, const HostPort& b, Transport transport) {
  if (PortOr(a.port, transport) != PortOr(b.port, transport)) return false;
  const std::optional<SocketAddress> ip_a = ParseIp(a.host, 0);
  const std::optional<SocketAddress> ip_b = ParseIp(b.host, 0);
  if (ip_a.has_value() || ip_b.has_value()) {
    return ip_a.has_value() && ip_b.has_value() && ip_a->family == ip_b->family && ip_a->ip == ip_b->ip;
  }
  return std::equal(a.host.begin(), a.host.end(), b.host.begin(), b.host.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace sansip
