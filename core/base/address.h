// Where bytes came from and how they can be sent somewhere, without a socket.
//
// SocketAddress is a plain value (IP address bytes in network order, port in host order). HostPort is what a
// message says: a host as text, an IPv6 literal in brackets, and a port, 0 meaning "none given".
#ifndef SANSIP_CORE_BASE_ADDRESS_H_
#define SANSIP_CORE_BASE_ADDRESS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/ids.h"

namespace sansip {

// RFC 3261 7 and 18, RFC 4168, RFC 7118: what a Via can name and this stack can tell apart.
enum class Transport : std::uint8_t { kUdp, kTcp, kTls, kSctp, kWs, kWss };

constexpr bool IsReliable(Transport transport) { return transport != Transport::kUdp; }

// "UDP", "TCP", ... as a Via writes it (RFC 3261 25.1: transport).
std::string_view TransportName(Transport transport);
// Case-insensitive; nullopt for any other token.
std::optional<Transport> TransportFromName(std::string_view name);
// 5060, or 5061 over TLS, 80/443 over WS/WSS (RFC 3261 18.2.2, RFC 7118 5).
std::uint16_t DefaultPort(Transport transport);

struct SocketAddress {
  enum class Family : std::uint8_t { kNone, kIpv4, kIpv6 };

  Family family = Family::kNone;
  std::array<std::uint8_t, 16> ip{};  // kIpv4 uses the first four
  std::uint16_t port = 0;
  std::uint32_t scope_id = 0;  // of a link-local IPv6 address

  friend constexpr auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

// Text of an address in storage of its own; no allocation.
class AddressText {
 public:
  std::string_view view() const { return {bytes_.data(), size_}; }
  operator std::string_view() const { return view(); }

 private:
  friend AddressText HostTextOf(const SocketAddress&);
  friend AddressText TextOf(const SocketAddress&);
  friend AddressText BareIpTextOf(const SocketAddress&);
  std::array<char, 64> bytes_{};
  std::size_t size_ = 0;
};

AddressText HostTextOf(
    const SocketAddress& address);  // "192.0.2.1" or "[2001:db8::1]": a host of a URI or Via
AddressText BareIpTextOf(const SocketAddress& address);  // without the brackets (RFC 5118 4.5: received, SDP)
AddressText TextOf(const SocketAddress& address);        // "192.0.2.1:5060" or "[2001:db8::1]:5060"

// An IPv4 address, or an IPv6 address with or without brackets; nullopt for anything else (a name).
std::optional<SocketAddress> ParseIp(std::string_view host, std::uint16_t port);
bool IsIpv4(std::string_view host);  // four numbers below 256

struct HostPort {
  std::string_view host;   // borrowed
  std::uint16_t port = 0;  // 0: none given
};

// Where bytes came from. contact: how the local end of the flow is reached, for the Contact of responses,
// borrowed like a Path's; an empty host: not known, then the Request-URI's is taken.
struct Origin {
  FlowId flow;
  Transport transport = Transport::kUdp;
  SocketAddress source;
  HostPort contact = {};
};

// How to send somewhere. sent_by goes into the Via, contact into Contact; both are borrowed for the call that
// the Path is an argument of.
struct Path {
  FlowId flow;
  Transport transport = Transport::kUdp;
  HostPort sent_by;
  HostPort contact;
  // RFC 3261 18.1.1: of a request, in bytes; what is longer is not sent but refused, with its size. 0: any.
  std::size_t request_bytes_max = 0;
};

// RFC 3261 18.1.1: the longest request that may go in a datagram, so that its response, which may be longer,
// needs no fragments either. 0: the path's MTU is not known.
constexpr std::size_t DatagramRequestBytesMax(std::size_t path_mtu) {
  constexpr std::size_t kUnknown = 1300;
  constexpr std::size_t kRoomForResponse = 200;
  if (path_mtu == 0) return kUnknown;
  return path_mtu > kRoomForResponse ? path_mtu - kRoomForResponse : 1;
}

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_ADDRESS_H_
