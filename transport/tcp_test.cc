#include "sansip/transport/tcp.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>

#include "gtest/gtest.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/socket.h"

namespace sansip {
namespace {

struct Ends final : TcpConnection::Owner {
  void OnStreamConnected(std::uint32_t) override { ++connected; }
  void OnStreamFrame(std::uint32_t, const Frame&) override {}
  void OnStreamEnd(std::uint32_t, bool) override {}
  void OnStreamFailed(std::uint32_t, IoError why) override {
    error = why;
    connection->Close();
  }
  void OnStreamDone(std::uint32_t) override { ++done; }
  TcpConnection* connection = nullptr;
  std::optional<IoError> error;
  int connected = 0;
  int done = 0;
};

// A connect to a free ephemeral port of one's own address may be given just that port to leave from.
TEST(TcpConnection, AConnectionThatMeetsItselfIsRefused) {
  EventLoop loop = *EventLoop::Create();
  Socket self(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_storage storage;
  socklen_t size = ToSockaddr(*ParseIp("127.0.0.1", 0), storage);
  ASSERT_EQ(::bind(self.fd(), reinterpret_cast<sockaddr*>(&storage), size), 0);
  size = ToSockaddr(self.LocalAddress(), storage);
  ::connect(self.fd(), reinterpret_cast<sockaddr*>(&storage), size);
  ASSERT_EQ(self.PeerAddress(), self.LocalAddress());

  Ends ends;
  WaitingBytes waiting;
  TcpConnection connection(&loop, {}, 0, &ends, &waiting);
  ends.connection = &connection;
  ASSERT_TRUE(connection.Start(std::move(self), TcpConnection::State::kConnecting));
  loop.Wait(kNever);
  EXPECT_EQ(ends.error, IoError::kRefused);
  EXPECT_EQ(ends.connected, 0);
  EXPECT_EQ(ends.done, 1);
  EXPECT_EQ(connection.state(), TcpConnection::State::kClosed);
  EXPECT_EQ(connection.Send("x"), IoError::kClosed);
}

}  // namespace
}  // namespace sansip
