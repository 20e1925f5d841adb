// A file descriptor of a UDP or TCP socket: owned, non-blocking, closed on exec. Linux.
//
// Start-up (bind, listen) answers with absl::Status whose text says what to do. What happens later is an
// IoResult: an enum that callers can act on, no text, no allocation.
#ifndef SANSIP_TRANSPORT_SOCKET_H_
#define SANSIP_TRANSPORT_SOCKET_H_

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sansip/core/base/address.h"

struct sock_extended_err;  // linux/errqueue.h

namespace sansip {

enum class IoError : std::uint8_t {
  kNone,
  kWouldBlock,      // try again when the event loop says so; a connect: under way
  kClosed,          // the peer ended the stream in order
  kRefused,         // nobody listens there, or speaks the protocol
  kReset,           // the peer, or something between, ended the connection at once
  kUnreachable,     // no route, host or network down
  kTimedOut,        // no answer to a connect, or to data
  kTooBig,          // longer than a datagram can be
  kOutOfResources,  // descriptors, memory, buffers, ephemeral ports
  kNotPermitted,    // a firewall or a privilege
  kOther,
};

// "connection refused", "unreachable", ...: fits after "sip:bob@192.0.2.1: ".
std::string_view IoErrorText(IoError error);
IoError IoErrorFrom(int os_error);
// What an ICMP message comes to. RFC 3261 18.4: time exceeded and source quench say nothing about the peer.
IoError IoErrorFrom(const sock_extended_err& error);

struct IoResult {
  IoError error = IoError::kNone;
  std::size_t count = 0;  // bytes moved
  int os_error = 0;

  bool ok() const { return error == IoError::kNone; }
};

// An error that an earlier datagram met on its way, and where it was going (ICMP: RFC 3261 18.4).
struct DatagramError {
  IoError error = IoError::kNone;  // kNone: RFC 3261 18.4 says to ignore it
  SocketAddress remote;
  SocketAddress local;  // report_local: the address that it had been sent from, port 0; else kNone
};

struct UdpOptions {
  int receive_buffer_bytes = 0;  // SO_RCVBUF; 0: the system's default
  int send_buffer_bytes = 0;
  bool report_icmp = true;    // IP_RECVERR: errors with their destination by ReadErrorQueue()
  bool report_local = false;  // IP_PKTINFO: which of our addresses a datagram came to
};

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { Close(); }

  // Port 0: the system chooses; LocalAddress() tells. An IPv6 socket takes IPv6 only.
  static absl::StatusOr<Socket> BindUdp(const SocketAddress& local, const UdpOptions& options = {});
  static absl::StatusOr<Socket> ListenTcp(const SocketAddress& local, int backlog = 128);
  // Begins to connect: kWouldBlock and kNone both leave a socket to wait on for writability; ConnectResult()
  // then tells. From `local`'s IP address where that is given (its port is ignored).
  static IoResult ConnectTcp(const SocketAddress& remote, const std::optional<SocketAddress>& local,
                             Socket& socket);
  // The next connection of a listening socket.
  IoResult Accept(Socket& connection, SocketAddress& peer);
  // How the connect ended; also takes the pending error of any socket.
  IoResult ConnectResult();

  // From `local`'s IP address unless its family is kNone (for a socket bound to a wildcard).
  IoResult SendTo(std::string_view bytes, const SocketAddress& remote, const SocketAddress& local = {});
  // A datagram longer than `into` is cut and answers kTooBig with count the bytes kept. `local`, if not null,
  // gets the address of ours that it came to, port 0 (UdpOptions::report_local; else kNone).
  IoResult ReceiveFrom(std::span<char> into, SocketAddress& source, SocketAddress* local = nullptr);
  // The next ICMP error of a UDP socket; nullopt: none left.
  std::optional<DatagramError> ReadErrorQueue();

  IoResult Read(std::span<char> into);  // kClosed at the end of the stream
  IoResult Write(std::string_view bytes);
  void ShutdownWrite();

  SocketAddress LocalAddress() const;
  SocketAddress PeerAddress() const;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void Close();
  // Closes with a reset, so that the peer need not guess (and no TIME_WAIT is kept).
  void Abort();

 private:
  int fd_ = -1;
};

// sockaddr conversions. The length of the sockaddr is returned; 0 for an address of no family.
socklen_t ToSockaddr(const SocketAddress& address, sockaddr_storage& storage);
SocketAddress FromSockaddr(const sockaddr_storage& storage);

// The address from which the kernel would send to `remote`; kNone family if it has no route.
SocketAddress RoutedSource(const SocketAddress& remote);

bool IsWildcard(const SocketAddress& address);  // 0.0.0.0 or ::
bool IsMulticast(const SocketAddress& address);
bool IsLoopback(const SocketAddress& address);

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_SOCKET_H_
