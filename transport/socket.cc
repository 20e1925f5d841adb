#include "sansip/transport/socket.h"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace sansip {
namespace {

int FamilyOf(const SocketAddress& address) {
  return address.family == SocketAddress::Family::kIpv6 ? AF_INET6 : AF_INET;
}

void SetOption(int fd, int level, int name, int value) { setsockopt(fd, level, name, &value, sizeof(value)); }

IoResult Failure(int os_error) { return {.error = IoErrorFrom(os_error), .count = 0, .os_error = os_error}; }

std::string Describe(std::string_view protocol, const SocketAddress& address) {
  const AddressText text = TextOf(address);
  return absl::StrCat(absl::string_view(protocol.data(), protocol.size()), " ",
                      absl::string_view(text.view().data(), text.view().size()));
}

absl::Status StartUpFailure(int os_error, std::string_view protocol, const SocketAddress& address) {
  const std::string what = Describe(protocol, address);
  switch (os_error) {
    case EADDRINUSE:
      return absl::AlreadyExistsError(
          absl::StrCat("address in use: another program holds ", what, "; choose another port"));
    case EADDRNOTAVAIL:
      return absl::NotFoundError(absl::StrCat("no such local address: ", what,
                                              " is on no interface of this machine; choose one of its own"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          absl::StrCat("not permitted to bind ", what, "; choose a port of 1024 or above"));
    case EAFNOSUPPORT:
      return absl::UnimplementedError(
          absl::StrCat("this machine does not speak the address family of ", what));
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return absl::ResourceExhaustedError(
          absl::StrCat("out of descriptors or memory for ", what, ": ", std::strerror(os_error)));
    default:
      return absl::InternalError(absl::StrCat("cannot bind ", what, ": ", std::strerror(os_error)));
  }
}

// Room for either family's.
constexpr std::size_t kLocalControlBytes = CMSG_SPACE(sizeof(in6_pktinfo));

SocketAddress FromIpv4(const in_addr& ip) {
  SocketAddress address{.family = SocketAddress::Family::kIpv4};
  std::memcpy(address.ip.data(), &ip, 4);
  return address;
}

// The local address of a datagram or ICMP error that was received; kNone if it was not reported.
SocketAddress LocalOf(msghdr& message, bool is_error) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      // A datagram's own destination may be a group; an error's is whom it is for.
      return FromIpv4(is_error ? info.ipi_addr : info.ipi_spec_dst);
    }
    if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      SocketAddress address{.family = SocketAddress::Family::kIpv6};
      std::memcpy(address.ip.data(), &info.ipi6_addr, 16);
      return IsMulticast(address) ? SocketAddress() : address;
    }
  }
  return {};
}

// Asks for `local` as the source address of `message`.
void PutLocal(const SocketAddress& local, std::span<char> control, msghdr& message) {
  message.msg_control = control.data();
  const auto put = [&](int level, int type, const auto& info) {
    message.msg_controllen = CMSG_SPACE(sizeof(info));
    std::memset(control.data(), 0, message.msg_controllen);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof(info));
    std::memcpy(CMSG_DATA(header), &info, sizeof(info));
  };
  if (local.family == SocketAddress::Family::kIpv4) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, local.ip.data(), 4);
    put(IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, local.ip.data(), 16);
    put(IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

absl::StatusOr<Socket> Bind(int type, std::string_view protocol, const SocketAddress& local) {
  sockaddr_storage storage;
  const socklen_t size = ToSockaddr(local, storage);
  if (size == 0) return absl::InvalidArgumentError("an address to bind needs an IPv4 or IPv6 address");
  Socket socket(::socket(FamilyOf(local), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return StartUpFailure(errno, protocol, local);
  if (FamilyOf(local) == AF_INET6) SetOption(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  // A listener may take the port of connections that are still closing; two listeners never share one.
  if (type == SOCK_STREAM) SetOption(socket.fd(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    return StartUpFailure(errno, protocol, local);
  }
  return socket;
}

}  // namespace

std::string_view IoErrorText(IoError error) {
  switch (error) {
    case IoError::kNone:
      return "no error";
    case IoError::kWouldBlock:
      return "would block";
    case IoError::kClosed:
      return "connection closed by the peer";
    case IoError::kRefused:
      return "connection refused: nobody listens there";
    case IoError::kReset:
      return "connection reset by the peer";
    case IoError::kUnreachable:
      return "unreachable";
    case IoError::kTimedOut:
      return "connection timed out";
    case IoError::kTooBig:
      return "message too big for a datagram";
    case IoError::kOutOfResources:
      return "out of descriptors, memory or ports";
    case IoError::kNotPermitted:
      return "not permitted";
    case IoError::kOther:
      return "input or output failed";
  }
  return "input or output failed";
}

IoError IoErrorFrom(int os_error) {
  switch (os_error) {
    case 0:
      return IoError::kNone;
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
    case EINPROGRESS:
    case EINTR:
      return IoError::kWouldBlock;
    case ECONNREFUSED:
    case ENOPROTOOPT:  // ICMP protocol unreachable
      return IoError::kRefused;
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
    case ENOTCONN:
      return IoError::kReset;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case EINVAL:  // a socket bound to loopback cannot send elsewhere
      return IoError::kUnreachable;
    case ETIMEDOUT:
      return IoError::kTimedOut;
    case EMSGSIZE:
      return IoError::kTooBig;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return IoError::kOutOfResources;
    case EACCES:
    case EPERM:
      return IoError::kNotPermitted;
    default:
      return IoError::kOther;
  }
}

IoError IoErrorFrom(const sock_extended_err& error) {
  constexpr int kSourceQuench = 4;
  constexpr int kTimeExceeded = 11;
  constexpr int kTimeExceededV6 = 3;
  const bool is_icmp = error.ee_origin == SO_EE_ORIGIN_ICMP;
  if (is_icmp && (error.ee_type == kTimeExceeded || error.ee_type == kSourceQuench)) return IoError::kNone;
  if (error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == kTimeExceededV6) return IoError::kNone;
  return IoErrorFrom(static_cast<int>(error.ee_errno));
}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

absl::StatusOr<Socket> Socket::BindUdp(const SocketAddress& local, const UdpOptions& options) {
  absl::StatusOr<Socket> socket = Bind(SOCK_DGRAM, "udp", local);
  if (!socket.ok()) return socket;
  const int fd = socket->fd();
  if (options.receive_buffer_bytes > 0) SetOption(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer_bytes);
  if (options.send_buffer_bytes > 0) SetOption(fd, SOL_SOCKET, SO_SNDBUF, options.send_buffer_bytes);
  const bool is_ipv6 = FamilyOf(local) == AF_INET6;
  if (options.report_icmp) {
    SetOption(fd, is_ipv6 ? int{IPPROTO_IPV6} : int{IPPROTO_IP}, is_ipv6 ? IPV6_RECVERR : IP_RECVERR, 1);
  }
  if (options.report_local) {
    SetOption(fd, is_ipv6 ? int{IPPROTO_IPV6} : int{IPPROTO_IP}, is_ipv6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1);
  }
  return socket;
}

absl::StatusOr<Socket> Socket::ListenTcp(const SocketAddress& local, int backlog) {
  absl::StatusOr<Socket> socket = Bind(SOCK_STREAM, "tcp", local);
  if (!socket.ok()) return socket;
  if (::listen(socket->fd(), backlog) != 0) return StartUpFailure(errno, "tcp", local);
  return socket;
}

IoResult Socket::ConnectTcp(const SocketAddress& remote, const std::optional<SocketAddress>& local,
                            Socket& socket) {
  sockaddr_storage to;
  const socklen_t to_size = ToSockaddr(remote, to);
  if (to_size == 0) return Failure(EHOSTUNREACH);
  socket = Socket(::socket(FamilyOf(remote), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return Failure(errno);
  // SIP messages are written whole: waiting to fill a segment only delays them.
  SetOption(socket.fd(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (local.has_value() && local->family == remote.family) {
    SocketAddress from = *local;
    from.port = 0;
    sockaddr_storage storage;
    const socklen_t size = ToSockaddr(from, storage);
    // The port is chosen at connect, when the whole 4-tuple is known.
    SetOption(socket.fd(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) return Failure(errno);
  }
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&to), to_size) != 0) return Failure(errno);
  return {};
}

IoResult Socket::Accept(Socket& connection, SocketAddress& peer) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  const int fd = ::accept4(fd_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return Failure(errno);
  connection = Socket(fd);
  SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  peer = FromSockaddr(storage);
  return {};
}

IoResult Socket::ConnectResult() {
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? IoResult{} : Failure(error);
}

IoResult Socket::SendTo(std::string_view bytes, const SocketAddress& remote, const SocketAddress& local) {
  sockaddr_storage storage;
  const socklen_t size = ToSockaddr(remote, storage);
  if (size == 0) return Failure(EHOSTUNREACH);
  iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  alignas(cmsghdr) char control[kLocalControlBytes];
  msghdr message{};
  message.msg_name = &storage;
  message.msg_namelen = size;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (local.family == remote.family) PutLocal(local, control, message);
  // With IP_RECVERR an earlier datagram's error is reported by the next send: it is in the error queue too,
  // with its destination, so this send is tried once more.
  for (int attempt = 0;; ++attempt) {
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return {.error = IoError::kNone, .count = static_cast<std::size_t>(sent), .os_error = 0};
    const bool maybe_earlier = errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH;
    if (!maybe_earlier || attempt == 1) return Failure(errno);
  }
}

IoResult Socket::ReceiveFrom(std::span<char> into, SocketAddress& source, SocketAddress* local) {
  sockaddr_storage storage{};
  iovec part{.iov_base = into.data(), .iov_len = into.size()};
  alignas(cmsghdr) char control[kLocalControlBytes];
  msghdr message{};
  message.msg_name = &storage;
  message.msg_namelen = sizeof(storage);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t received = ::recvmsg(fd_, &message, 0);
  if (received < 0) return Failure(errno);
  source = FromSockaddr(storage);
  if (local != nullptr) *local = LocalOf(message, false);
  IoResult result{.error = IoError::kNone, .count = static_cast<std::size_t>(received), .os_error = 0};
  if ((message.msg_flags & MSG_TRUNC) != 0) result.error = IoError::kTooBig;
  return result;
}

std::optional<DatagramError> Socket::ReadErrorQueue() {
  sockaddr_storage storage{};
  char payload[1];
  iovec part{.iov_base = payload, .iov_len = sizeof(payload)};
  alignas(cmsghdr) char control[512];
  msghdr message{};
  message.msg_name = &storage;
  message.msg_namelen = sizeof(storage);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  if (::recvmsg(fd_, &message, MSG_ERRQUEUE) < 0) return std::nullopt;
  DatagramError result{
      .error = IoError::kOther, .remote = FromSockaddr(storage), .local = LocalOf(message, true)};
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    const bool is_error = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
                          (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
    if (!is_error) continue;
    sock_extended_err error;
    std::memcpy(&error, CMSG_DATA(header), sizeof(error));
    result.error = IoErrorFrom(error);
  }
  return result;
}

IoResult Socket::Read(std::span<char> into) {
  const ssize_t count = ::read(fd_, into.data(), into.size());
  if (count < 0) return Failure(errno);
  if (count == 0) return {.error = IoError::kClosed, .count = 0, .os_error = 0};
  return {.error = IoError::kNone, .count = static_cast<std::size_t>(count), .os_error = 0};
}

IoResult Socket::Write(std::string_view bytes) {
  const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count < 0) return Failure(errno);
  return {.error = IoError::kNone, .count = static_cast<std::size_t>(count), .os_error = 0};
}

void Socket::ShutdownWrite() { ::shutdown(fd_, SHUT_WR); }

SocketAddress Socket::LocalAddress() const {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return FromSockaddr(storage);
}

SocketAddress Socket::PeerAddress() const {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (::getpeername(fd_, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  return FromSockaddr(storage);
}

void Socket::Close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Socket::Abort() {
  if (fd_ < 0) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  Close();
}

socklen_t ToSockaddr(const SocketAddress& address, sockaddr_storage& storage) {
  std::memset(&storage, 0, sizeof(storage));
  switch (address.family) {
    case SocketAddress::Family::kNone:
      return 0;
    case SocketAddress::Family::kIpv4: {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_port = htons(address.port);
      std::memcpy(&v4.sin_addr, address.ip.data(), 4);
      std::memcpy(&storage, &v4, sizeof(v4));
      return sizeof(v4);
    }
    case SocketAddress::Family::kIpv6: {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(address.port);
      v6.sin6_scope_id = address.scope_id;
      std::memcpy(&v6.sin6_addr, address.ip.data(), 16);
      std::memcpy(&storage, &v6, sizeof(v6));
      return sizeof(v6);
    }
  }
  return 0;
}

SocketAddress FromSockaddr(const sockaddr_storage& storage) {
  SocketAddress address;
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &storage, sizeof(v4));
    address.family = SocketAddress::Family::kIpv4;
    address.port = ntohs(v4.sin_port);
    std::memcpy(address.ip.data(), &v4.sin_addr, 4);
  } else if (storage.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &storage, sizeof(v6));
    address.family = SocketAddress::Family::kIpv6;
    address.port = ntohs(v6.sin6_port);
    address.scope_id = v6.sin6_scope_id;
    std::memcpy(address.ip.data(), &v6.sin6_addr, 16);
  }
  return address;
}

SocketAddress RoutedSource(const SocketAddress& remote) {
  sockaddr_storage storage;
  const socklen_t size = ToSockaddr(remote, storage);
  if (size == 0) return {};
  // Connecting a UDP socket sends nothing; it only makes the kernel choose.
  const Socket probe(::socket(FamilyOf(remote), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!probe.is_open()) return {};
  if (::connect(probe.fd(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) return {};
  SocketAddress local = probe.LocalAddress();
  local.port = 0;
  return local;
}

bool IsWildcard(const SocketAddress& address) {
  return std::all_of(address.ip.begin(), address.ip.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool IsMulticast(const SocketAddress& address) {
  switch (address.family) {
    case SocketAddress::Family::kIpv4:
      return address.ip[0] >= 224 && address.ip[0] <= 239;
    case SocketAddress::Family::kIpv6:
      return address.ip[0] == 0xff;
    case SocketAddress::Family::kNone:
      return false;
  }
  return false;
}

bool IsLoopback(const SocketAddress& address) {
  switch (address.family) {
    case SocketAddress::Family::kIpv4:
      return address.ip[0] == 127;
    case SocketAddress::Family::kIpv6:
      return std::all_of(address.ip.begin(), address.ip.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
             address.ip[15] == 1;
    case SocketAddress::Family::kNone:
      return false;
  }
  return false;
}

}  // namespace sansip
