// c= (RFC 8866 5.7) on its own.
#ifndef SANSIP_RTP_SDP_CONNECTION_H_
#define SANSIP_RTP_SDP_CONNECTION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/base/address.h"

namespace sansip::sdp {

// `address` has family kNone where it is a name or of a kind we do not know; its port is 0.
struct Connection {
  std::string_view nettype, addrtype, host;
  SocketAddress address;
  bool multicast = false;
  std::uint8_t ttl = 0;
  std::uint32_t count = 1;  // contiguous addresses; multicast only

  bool is_unspecified() const;  // 0.0.0.0 or ::, hold of old (RFC 3264 8.4)
};

// The value of a c= line; nullopt where it breaks the grammar.
std::optional<Connection> ParseConnection(std::string_view value);

}  // namespace sansip::sdp

#endif  // SANSIP_RTP_SDP_CONNECTION_H_
