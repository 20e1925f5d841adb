// The top Via of a request as its response repeats it: with what the receiver knows about the source
// (RFC 3261 18.2.1 received, RFC 3581 4 rport). The same on every transport.
//
// A received parameter that came with the request is forged or stale and never survives.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_RESPONSE_VIA_H_
#define SANSIP_CORE_MESSAGE_FIELDS_RESPONSE_VIA_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/message/fields/via.h"

namespace sansip {

// Which parameters the receiver adds.
struct ViaStamp {
  bool received = false;
  bool rport = false;
};

ViaStamp StampFor(const Via& via, const SocketAddress& source);

// The most that stamping adds to a via-parm: ";received=" and an IPv6 address, "=65535".
inline constexpr std::size_t kViaStampBytesMax = 72;

// Of a via-parm that has the flag of RFC 3581 and no received: is it the last parameter, as nearly all
// clients write it? Then the stamp is "=", the port, ";received=" and the address behind it all.
inline bool EndsWithItsRport(std::string_view via) { return via.ends_with(";rport"); }

// Writes the stamped via-parm (without its header field's name and without what follows its comma), folding
// undone. Returns the bytes needed; `into` holds all of it only if that is no more than its size.
std::size_t WriteStampedVia(const Via& via, const SocketAddress& source, std::span<char> into);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_RESPONSE_VIA_H_
