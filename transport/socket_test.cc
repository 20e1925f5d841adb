#include "sansip/transport/socket.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

SocketAddress Loopback(std::uint16_t port = 0) { return *ParseIp("127.0.0.1", port); }

bool WaitFor(const Socket& socket, short events) {
  pollfd entry{.fd = socket.fd(), .events = events, .revents = 0};
  return ::poll(&entry, 1, 5000) == 1;
}

bool HasIpv6() { return Socket::BindUdp(*ParseIp("::1", 0)).ok(); }

Socket BoundUdp(const SocketAddress& local = Loopback()) {
  absl::StatusOr<Socket> socket = Socket::BindUdp(local);
  EXPECT_TRUE(socket.ok()) << socket.status();
  return std::move(*socket);
}

struct Pair {
  Socket client;
  Socket server;
};

Pair ConnectedPair() {
  absl::StatusOr<Socket> listener = Socket::ListenTcp(Loopback());
  EXPECT_TRUE(listener.ok());
  Pair pair;
  EXPECT_LE(Socket::ConnectTcp(listener->LocalAddress(), std::nullopt, pair.client).error,
            IoError::kWouldBlock);
  EXPECT_TRUE(WaitFor(*listener, POLLIN));
  SocketAddress peer;
  EXPECT_TRUE(listener->Accept(pair.server, peer).ok());
  EXPECT_EQ(peer, pair.client.LocalAddress());
  EXPECT_TRUE(WaitFor(pair.client, POLLOUT));
  EXPECT_TRUE(pair.client.ConnectResult().ok());
  return pair;
}

// A port where nothing listens: bound a moment ago, and closed.
SocketAddress DeadTcp() { return Socket::ListenTcp(Loopback())->LocalAddress(); }
SocketAddress DeadUdp() { return BoundUdp().LocalAddress(); }

TEST(Socket, IcmpThatSaysNothingAboutThePeerIsIgnored) {
  SANSIP_SHOWS("3261-18.4-2");
  const auto error_of = [](int origin, int type, int os_error) {
    sock_extended_err error{};
    error.ee_origin = static_cast<std::uint8_t>(origin);
    error.ee_type = static_cast<std::uint8_t>(type);
    error.ee_errno = static_cast<std::uint32_t>(os_error);
    return IoErrorFrom(error);
  };
  // RFC 792, RFC 4443: time exceeded, source quench.
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 11, EHOSTUNREACH), IoError::kNone);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 4, EHOSTUNREACH), IoError::kNone);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP6, 3, EHOSTUNREACH), IoError::kNone);
  // Network, host, protocol, port; parameter problem.
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 3, ENETUNREACH), IoError::kUnreachable);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 3, EHOSTUNREACH), IoError::kUnreachable);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 3, ENOPROTOOPT), IoError::kRefused);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 3, ECONNREFUSED), IoError::kRefused);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP, 12, EPROTO), IoError::kOther);
  EXPECT_EQ(error_of(SO_EE_ORIGIN_ICMP6, 1, EACCES), IoError::kNotPermitted);
}

TEST(Socket, AddressesSurviveTheSystemsForm) {
  for (const char* ip : {"192.0.2.1", "2001:db8::1", "::"}) {
    SocketAddress address = *ParseIp(ip, 5071);
    if (address.family == SocketAddress::Family::kIpv6) address.scope_id = 3;
    sockaddr_storage storage;
    EXPECT_GT(ToSockaddr(address, storage), 0u);
    EXPECT_EQ(FromSockaddr(storage), address);
  }
  sockaddr_storage storage;
  EXPECT_EQ(ToSockaddr(SocketAddress(), storage), 0u);
}

TEST(Socket, AddressClasses) {
  EXPECT_TRUE(IsWildcard(*ParseIp("0.0.0.0", 1)));
  EXPECT_TRUE(IsWildcard(*ParseIp("::", 1)));
  EXPECT_FALSE(IsWildcard(*ParseIp("127.0.0.1", 1)));
  EXPECT_TRUE(IsLoopback(*ParseIp("127.1.2.3", 1)));
  EXPECT_TRUE(IsLoopback(*ParseIp("::1", 1)));
  EXPECT_FALSE(IsLoopback(*ParseIp("::", 1)));
  EXPECT_TRUE(IsMulticast(*ParseIp("224.0.1.75", 1)));
  EXPECT_TRUE(IsMulticast(*ParseIp("ff02::1", 1)));
  EXPECT_FALSE(IsMulticast(*ParseIp("192.0.2.1", 1)));
}

TEST(Socket, PortInUseIsSaidWithWhatToDo) {
  const Socket first = BoundUdp();
  const absl::StatusOr<Socket> second = Socket::BindUdp(first.LocalAddress());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  const std::string port = std::to_string(first.LocalAddress().port);
  EXPECT_EQ(second.status().message(),
            "address in use: another program holds udp 127.0.0.1:" + port + "; choose another port");
}

TEST(Socket, ListeningPortInUseIsSaid) {
  const absl::StatusOr<Socket> first = Socket::ListenTcp(Loopback());
  ASSERT_TRUE(first.ok());
  const absl::StatusOr<Socket> second = Socket::ListenTcp(first->LocalAddress());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
}

TEST(Socket, ForeignLocalAddressIsSaid) {
  const absl::StatusOr<Socket> socket = Socket::BindUdp(*ParseIp("192.0.2.77", 0));
  EXPECT_EQ(socket.status().code(), absl::StatusCode::kNotFound);
}

TEST(Socket, DatagramsCarrySourceAndWholeContent) {
  SANSIP_SHOWS("3261-18.1.1-3");
  Socket a = BoundUdp();
  Socket b = BoundUdp();
  // RFC 3261 18.1.1: 65,535 bytes, headers of IP and UDP included.
  const std::string sent(65535 - 28, 'x');
  ASSERT_TRUE(a.SendTo(sent, b.LocalAddress()).ok());
  ASSERT_TRUE(WaitFor(b, POLLIN));
  std::vector<char> into(65536);
  SocketAddress source;
  const IoResult received = b.ReceiveFrom(into, source);
  ASSERT_TRUE(received.ok());
  EXPECT_EQ(std::string_view(into.data(), received.count), sent);
  EXPECT_EQ(source, a.LocalAddress());
  EXPECT_EQ(b.ReceiveFrom(into, source).error, IoError::kWouldBlock);
}

TEST(Socket, DatagramBeyondTheLongestIsTooBig) {
  Socket a = BoundUdp();
  EXPECT_EQ(a.SendTo(std::string(65536, 'x'), DeadUdp()).error, IoError::kTooBig);
}

TEST(Socket, CutDatagramIsTold) {
  Socket a = BoundUdp();
  Socket b = BoundUdp();
  ASSERT_TRUE(a.SendTo("0123456789", b.LocalAddress()).ok());
  ASSERT_TRUE(WaitFor(b, POLLIN));
  std::array<char, 4> into;
  SocketAddress source;
  const IoResult received = b.ReceiveFrom(into, source);
  EXPECT_EQ(received.error, IoError::kTooBig);
  EXPECT_EQ(received.count, 4u);
}

TEST(Socket, DatagramsOverIpv6) {
  if (!HasIpv6()) GTEST_SKIP() << "optional peer absent: IPv6 on the loopback interface";
  Socket a = BoundUdp(*ParseIp("::1", 0));
  Socket b = BoundUdp(*ParseIp("::1", 0));
  ASSERT_TRUE(a.SendTo("hello", b.LocalAddress()).ok());
  ASSERT_TRUE(WaitFor(b, POLLIN));
  std::array<char, 16> into;
  SocketAddress source;
  EXPECT_EQ(b.ReceiveFrom(into, source).count, 5u);
  EXPECT_EQ(source, a.LocalAddress());
}

TEST(Socket, IcmpErrorNamesItsDestination) {
  Socket socket = BoundUdp();
  const SocketAddress dead = DeadUdp();
  ASSERT_TRUE(socket.SendTo("anybody?", dead).ok());
  ASSERT_TRUE(WaitFor(socket, POLLIN));  // POLLERR
  const std::optional<DatagramError> error = socket.ReadErrorQueue();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->error, IoError::kRefused);
  EXPECT_EQ(error->remote, dead);
  EXPECT_FALSE(socket.ReadErrorQueue().has_value());
}

TEST(Socket, AnEarlierDatagramsErrorDoesNotStopTheNext) {
  Socket socket = BoundUdp();
  Socket alive = BoundUdp();
  ASSERT_TRUE(socket.SendTo("anybody?", DeadUdp()).ok());
  ASSERT_TRUE(WaitFor(socket, POLLIN));
  EXPECT_TRUE(socket.SendTo("you?", alive.LocalAddress()).ok());
  ASSERT_TRUE(WaitFor(alive, POLLIN));
}

TEST(Socket, RefusedConnectionIsRefused) {
  Socket socket;
  const IoResult begun = Socket::ConnectTcp(DeadTcp(), std::nullopt, socket);
  if (begun.error == IoError::kRefused) return;  // known at once
  ASSERT_EQ(begun.error, IoError::kWouldBlock);
  ASSERT_TRUE(WaitFor(socket, POLLOUT));
  EXPECT_EQ(socket.ConnectResult().error, IoError::kRefused);
}

TEST(Socket, ConnectsFromTheAddressGiven) {
  absl::StatusOr<Socket> listener = Socket::ListenTcp(Loopback());
  ASSERT_TRUE(listener.ok());
  Socket socket;
  Socket::ConnectTcp(listener->LocalAddress(), *ParseIp("127.0.0.9", 5060), socket);
  ASSERT_TRUE(WaitFor(socket, POLLOUT));
  SocketAddress from = socket.LocalAddress();
  EXPECT_NE(from.port, 5060);
  from.port = 0;
  EXPECT_EQ(from, *ParseIp("127.0.0.9", 0));
}

TEST(Socket, StreamEndsInOrder) {
  Pair pair = ConnectedPair();
  ASSERT_TRUE(pair.client.Write("abc").ok());
  pair.client.ShutdownWrite();
  ASSERT_TRUE(WaitFor(pair.server, POLLIN));
  std::array<char, 16> into;
  EXPECT_EQ(pair.server.Read(into).count, 3u);
  EXPECT_EQ(pair.server.Read(into).error, IoError::kClosed);
  EXPECT_TRUE(pair.server.Write("still here").ok());
  EXPECT_TRUE(WaitFor(pair.client, POLLIN));
}

TEST(Socket, AbortIsAReset) {
  Pair pair = ConnectedPair();
  pair.client.Abort();
  ASSERT_TRUE(WaitFor(pair.server, POLLIN));
  std::array<char, 16> into;
  EXPECT_EQ(pair.server.Read(into).error, IoError::kReset);
  EXPECT_EQ(pair.server.Write("x").error, IoError::kReset);
}

TEST(Socket, SlowReaderWouldBlock) {
  Pair pair = ConnectedPair();
  const std::string block(65536, 'x');
  IoResult result;
  for (int i = 0; i < 1000 && result.ok(); ++i) result = pair.client.Write(block);
  EXPECT_EQ(result.error, IoError::kWouldBlock);
}

TEST(Socket, MovedFromIsClosed) {
  Socket a = BoundUdp();
  const int fd = a.fd();
  Socket b = std::move(a);
  EXPECT_EQ(b.fd(), fd);
  a = Socket();
  EXPECT_FALSE(a.is_open());
  b = Socket();
  EXPECT_FALSE(b.is_open());
}

TEST(Socket, RoutedSourceOfLoopbackIsLoopback) {
  const SocketAddress source = RoutedSource(Loopback(9));
  EXPECT_EQ(source, Loopback(0));
  EXPECT_EQ(RoutedSource(SocketAddress()).family, SocketAddress::Family::kNone);
}

TEST(Socket, EveryErrorHasAText) {
  for (int error = 0; error <= static_cast<int>(IoError::kOther); ++error) {
    EXPECT_FALSE(IoErrorText(static_cast<IoError>(error)).empty());
  }
}

}  // namespace
}  // namespace sansip
