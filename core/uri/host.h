// host and hostport (RFC 3261 25.1), as URIs and Via have them.
#ifndef SANSIP_CORE_URI_HOST_H_
#define SANSIP_CORE_URI_HOST_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/text/cursor.h"

namespace sansip {

// hostname / IPv4address / IPv6reference: the whole text. An IPv4 address has four numbers below 256. Whether
// an underscore may be in it: see TakeHost().
bool IsHost(std::string_view text, bool may_have_underscore = false);

// Takes a host, the longest text that could be one; false if it is none. The cursor then stands at its begin.
// An underscore is in no host name by the grammar, and in many by those who name hosts: with `has_underscore`
// one is read and told of, without it is no part of a host.
bool TakeHost(Cursor& cursor, std::string_view& host, bool* has_underscore = nullptr);

// Takes 1*DIGIT, a port from 1 to 65535; false otherwise. 0 is no port that anything could be sent to.
bool TakePort(Cursor& cursor, std::uint16_t& port);

// Hosts are equal case-insensitively, addresses by value (RFC 5954 4.2: "[2001:DB8::9:01]" is
// "[2001:db8::9:1]").
bool EquivalentHosts(std::string_view a, std::string_view b);

}  // namespace sansip

#endif  // SANSIP_CORE_URI_HOST_H_
