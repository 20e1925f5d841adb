#include "sansip/transport/locate.h"

#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "sansip/transport/socket.h"

namespace sansip {
namespace {

class GetAddrInfo final : public NameResolver {
 public:
  LocateError Resolve(std::string_view name, std::vector<SocketAddress>& addresses) override {
    const std::string host(name);
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;  // one entry per address, not one per socket type
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (error == EAI_NONAME || error == EAI_ADDRFAMILY) {
      // AI_ADDRCONFIG hides loopback's addresses on a machine that has no others.
      hints.ai_flags = 0;
      error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    }
    if (error != 0 && ::strcasecmp(host.c_str(), "localhost") == 0) {
      // RFC 6761 6.3: loopback, whatever a machine without a hosts file says.
      addresses = {*ParseIp("127.0.0.1", 0), *ParseIp("::1", 0)};
      return LocateError::kNone;
    }
    if (error == EAI_NONAME || error == EAI_NODATA) return LocateError::kNoSuchName;
    if (error != 0) return LocateError::kResolverFailed;
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
      sockaddr_storage storage{};
      std::memcpy(&storage, entry->ai_addr, std::min<std::size_t>(entry->ai_addrlen, sizeof(storage)));
      const SocketAddress address = FromSockaddr(storage);
      const bool is_new = std::find(addresses.begin(), addresses.end(), address) == addresses.end();
      if (address.family != SocketAddress::Family::kNone && is_new) addresses.push_back(address);
    }
    ::freeaddrinfo(list);
    return addresses.empty() ? LocateError::kNoSuchName : LocateError::kNone;
  }
};

// The transport that the URI asks for; kUdp by default (RFC 3263 4.1).
LocateError TransportOf(const SipUri& uri, std::optional<Transport>& asked) {
  const std::optional<std::string_view> name = UriParameter(uri, "transport");
  if (name.has_value()) {
    asked = TransportFromName(*name);
    if (!asked.has_value()) return LocateError::kUnsupportedTransport;
  }
  if (uri.is_sips) {
    // RFC 3261 19.1.1, 26.2.2: sips goes over TLS, and never over a datagram transport.
    return asked == Transport::kUdp ? LocateError::kUnsupportedTransport : LocateError::kTlsNotBuilt;
  }
  if (asked == Transport::kTls) return LocateError::kTlsNotBuilt;
  if (asked.has_value() && *asked != Transport::kUdp && *asked != Transport::kTcp) {
    return LocateError::kUnsupportedTransport;
  }
  return LocateError::kNone;
}

Located Failure(LocateError error) { return {.targets = {}, .error = error}; }

}  // namespace

std::string LocateErrorText(LocateError error, std::string_view next_hop) {
  const std::string subject = "cannot find " + std::string(next_hop) + ": ";
  switch (error) {
    case LocateError::kNone:
      return "";
    case LocateError::kBadUri:
      return subject + "not a SIP URI; write it like sip:bob@192.0.2.1:5060";
    case LocateError::kUnsupportedTransport:
      return subject + "its transport is not one of udp and tcp";
    case LocateError::kTlsNotBuilt:
      return subject + "TLS is not built yet; use sip: with udp or tcp";
    case LocateError::kMulticast:
      return subject + "requests to multicast groups are not built";
    case LocateError::kNoSuchName:
      return subject + "no such name";
    case LocateError::kResolverFailed:
      return subject + "the name service does not answer; try again later";
  }
  return subject + "unknown reason";
}

NameResolver& SystemResolver() {
  static GetAddrInfo resolver;
  return resolver;
}

Located Locate(std::string_view next_hop, std::size_t wire_bytes_estimate, NameResolver& resolver,
               std::size_t datagram_bytes_max) {
  const std::optional<SipUri> uri = ParseSipUri(next_hop);
  if (!uri.has_value()) return Failure(LocateError::kBadUri);
  return Locate(*uri, wire_bytes_estimate, resolver, datagram_bytes_max);
}

Located Locate(const SipUri& next_hop, std::size_t wire_bytes_estimate, NameResolver& resolver,
               std::size_t datagram_bytes_max) {
  std::optional<Transport> asked;
  const LocateError refusal = TransportOf(next_hop, asked);
  if (refusal != LocateError::kNone) return Failure(refusal);

  // RFC 3263 4: TARGET is maddr if present, else the host.
  std::string_view host = next_hop.host;
  if (const auto maddr = UriParameter(next_hop, "maddr"); maddr.has_value() && !maddr->empty()) host = *maddr;
  std::vector<SocketAddress> addresses;
  if (const std::optional<SocketAddress> numeric = ParseIp(host, 0)) {
    addresses.push_back(*numeric);
  } else if (const LocateError error = resolver.Resolve(host, addresses); error != LocateError::kNone) {
    return Failure(error);
  }

  const Transport transport = asked.value_or(Transport::kUdp);
  const bool is_too_long = transport == Transport::kUdp && wire_bytes_estimate > datagram_bytes_max;
  Located located;
  for (SocketAddress& address : addresses) {
    if (IsMulticast(address)) continue;
    // RFC 3261 18.1.1: too long for a datagram: TCP, and UDP again should nothing speak TCP there.
    if (is_too_long) {
      address.port = next_hop.port != 0 ? next_hop.port : DefaultPort(Transport::kTcp);
      located.targets.push_back({.transport = Transport::kTcp, .address = address});
    }
    address.port = next_hop.port != 0 ? next_hop.port : DefaultPort(transport);
    located.targets.push_back({.transport = transport, .address = address, .is_fall_back = is_too_long});
  }
  return located.targets.empty() ? Failure(LocateError::kMulticast) : located;
}

std::size_t NextTarget(const Located& located, const Attempts& attempts) {
  if (attempts.failed == 0 && !attempts.was_refused) return 0;
  // A target that is not listed any more was counted at least. The last of equals: an answer is progress.
  std::size_t next = attempts.failed;
  for (std::size_t i = 0; i < located.targets.size(); ++i) {
    const Target& target = located.targets[i];
    if (target.transport == attempts.transport && target.address == attempts.address) next = i + 1;
  }
  const auto is_barred = [&](const Target& target) { return target.is_fall_back && !attempts.was_refused; };
  while (next < located.targets.size() && is_barred(located.targets[next])) ++next;
  return std::min(next, located.targets.size());
}

}  // namespace sansip
