// What a Via decides about addresses (RFC 3261 18.1.2, 18.2.2; RFC 3581 4). Pure functions. What a response's
// top Via says is in core/message/fields/response_via.h.
#ifndef SANSIP_TRANSPORT_VIA_RULES_H_
#define SANSIP_TRANSPORT_VIA_RULES_H_

#include "sansip/core/base/address.h"
#include "sansip/core/message/fields/via.h"

namespace sansip {

// Where the response to a datagram request goes: maddr, else the source with rport, else the source's address
// at the sent-by port. A name in maddr is not followed: no peer makes this stack look up names.
SocketAddress DatagramResponseTarget(const Via& via, const SocketAddress& source);

// Where to connect for the response when the request's connection is gone: the source's address at the
// sent-by port, else the transport's default.
SocketAddress StreamFallBack(const Via& via, Transport transport, const SocketAddress& source);

// Do the two name the same place? Addresses compare as addresses, names without case, port 0 is the
// transport's default. For 18.1.2: responses with a sent-by that this client does not insert are dropped.
bool SameSentBy(const HostPort& a, const HostPort& b, Transport transport);

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_VIA_RULES_H_
