// From a next hop to transports and addresses (RFC 3263 4, in part; RFC 3261 8.1.2, 18.1.1).
//
// Numeric hosts, explicit ports and transports, maddr, sips and the size rule are as the RFCs say. Requests
// to multicast groups (18.1.1) are not built. Names are looked up with the system's resolver (A and AAAA,
// hosts file): NAPTR and SRV are not asked yet, and the call blocks while the resolver does.
#ifndef SANSIP_TRANSPORT_LOCATE_H_
#define SANSIP_TRANSPORT_LOCATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

enum class LocateError : std::uint8_t {
  kNone,
  kBadUri,                // not a sip or sips URI
  kUnsupportedTransport,  // transport=sctp, ws, an unknown token, or sips with udp
  kTlsNotBuilt,           // sips or transport=tls
  kMulticast,             // a group's address: no responses come from there
  kNoSuchName,            // the resolver knows the name not, or no address of it
  kResolverFailed,        // it could not be asked; try again later
};
// "cannot find sip2.example.com: no such name": for the user, with the next hop named.
std::string LocateErrorText(LocateError error, std::string_view next_hop);

struct Target {
  Transport transport = Transport::kUdp;
  SocketAddress address;
  // UDP for what is too long for it: only if the connection to the target before was refused (18.1.1).
  bool is_fall_back = false;
  friend bool operator==(const Target&, const Target&) = default;
};

struct Located {
  std::vector<Target> targets;  // to be tried in this order (RFC 3263 4.2, 4.3); empty on error
  LocateError error = LocateError::kNone;
};

// How names become addresses (ports are set by Locate). Real: SystemResolver(); tests give a table.
class NameResolver {
 public:
  virtual ~NameResolver() = default;
  virtual LocateError Resolve(std::string_view name, std::vector<SocketAddress>& addresses) = 0;
};
NameResolver& SystemResolver();  // getaddrinfo: blocks

// `next_hop`: the topmost Route's URI or the Request-URI, as user_agent's Locate gives it. A request of more
// than `datagram_bytes_max` (see DatagramRequestBytesMax) goes over TCP.
Located Locate(std::string_view next_hop, std::size_t wire_bytes_estimate, NameResolver& resolver,
               std::size_t datagram_bytes_max = DatagramRequestBytesMax(0));
Located Locate(const SipUri& next_hop, std::size_t wire_bytes_estimate, NameResolver& resolver,
               std::size_t datagram_bytes_max = DatagramRequestBytesMax(0));

// What came of the targets that were tried.
struct Attempts {
  std::size_t failed = 0;
  Transport transport = Transport::kUdp;  // of the last one
  SocketAddress address = {};             // kNone: not known
  bool was_refused = false;               // a reset, or ICMP, instead of a connection
};
// The place of the target to try next; located.targets.size(): there is none.
std::size_t NextTarget(const Located& located, const Attempts& attempts);

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_LOCATE_H_
