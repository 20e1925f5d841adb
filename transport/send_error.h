// Why a message could not be sent, as programs tell it (RFC 3261 18.4).
#ifndef SANSIP_TRANSPORT_SEND_ERROR_H_
#define SANSIP_TRANSPORT_SEND_ERROR_H_

#include <cstdint>
#include <string_view>

#include "sansip/transport/socket.h"

namespace sansip {

enum class SendError : std::uint8_t {
  kRefused,         // nobody listens there: RST, ICMP port unreachable
  kReset,           // the connection broke
  kClosed,          // the peer ended the connection and cannot open one to us
  kUnreachable,     // no route, ICMP unreachable
  kTimedOut,        // connect_timeout, or the kernel gave the connection up
  kTooBig,          // longer than a datagram can be
  kOverflow,        // the peer reads too slowly: write_queue_bytes_max
  kOutOfResources,  // connections_max, descriptors, memory
  kNotPermitted,    // a firewall
  kStaleFlow,       // the flow is forgotten
  kMoved,           // a NAT has given the flow another address (RFC 5626 4.4.2)
  kNotKept,         // the peer answers keep-alives with an error
  kOther,
};
std::string_view SendErrorText(SendError error);  // "connection refused: nobody listens there"
SendError SendErrorFrom(IoError error);

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_SEND_ERROR_H_
