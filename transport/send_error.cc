#include "sansip/transport/send_error.h"

namespace sansip {

std::string_view SendErrorText(SendError error) {
  switch (error) {
    case SendError::kRefused:
      return "connection refused: nobody listens there";
    case SendError::kReset:
      return "connection reset by the peer";
    case SendError::kClosed:
      return "connection closed by the peer";
    case SendError::kUnreachable:
      return "unreachable: no route to there";
    case SendError::kTimedOut:
      return "connection timed out";
    case SendError::kTooBig:
      return "message too big for a datagram";
    case SendError::kOverflow:
      return "the peer reads too slowly: its queue is full";
    case SendError::kOutOfResources:
      return "out of connections, descriptors or memory";
    case SendError::kNotPermitted:
      return "not permitted: perhaps a firewall";
    case SendError::kStaleFlow:
      return "the way to the peer is forgotten";
    case SendError::kMoved:
      return "a NAT has given us another address";
    case SendError::kNotKept:
      return "the peer refuses keep-alives";
    case SendError::kOther:
      return "sending failed";
  }
  return "sending failed";
}

SendError SendErrorFrom(IoError error) {
  switch (error) {
    case IoError::kRefused:
      return SendError::kRefused;
    case IoError::kReset:
      return SendError::kReset;
    case IoError::kClosed:
      return SendError::kClosed;
    case IoError::kUnreachable:
      return SendError::kUnreachable;
    case IoError::kTimedOut:
      return SendError::kTimedOut;
    case IoError::kTooBig:
      return SendError::kTooBig;
    case IoError::kOutOfResources:
      return SendError::kOutOfResources;
    case IoError::kNotPermitted:
      return SendError::kNotPermitted;
    case IoError::kNone:
    case IoError::kWouldBlock:
    case IoError::kOther:
      return SendError::kOther;
  }
  return SendError::kOther;
}

}  // namespace sansip
