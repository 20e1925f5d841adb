// Flows that SipDriver keeps alive (RFC 5626 4.4, 8), with plain sockets as peers.
#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "sansip/core/stun/message.h"
#include "sansip/tests/support/shows.h"
#include "sansip/transport/driver_fixture.h"
#include "sansip/transport/os_random.h"

namespace sansip {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kPing = "\r\n\r\n";

class DriverKeepAliveTest : public DriverTest {
 protected:
  void OpenStream(const DriverOptions& options) {
    Start(options);
    listener_ = std::move(*Socket::ListenTcp(Loopback()));
    flow_ = *driver_->FlowTo(Transport::kTcp, listener_.LocalAddress());
    peer_ = AcceptAt(listener_);
  }
  // A peer on UDP, asked every 32 to 40 ms.
  void AskByStun(const stun::Retransmissions& bindings = {}) {
    Start({.bindings = bindings});
    here_ = Listen(Transport::kUdp);
    peer_ = std::move(*Socket::BindUdp(Loopback()));
    flow_ = *driver_->FlowTo(Transport::kUdp, peer_.LocalAddress());
    ASSERT_TRUE(driver_->KeepAlive(flow_, milliseconds(40), random_));
  }
  stun::Message NextRequest() {
    const std::string bytes = ReceiveAt(peer_);
    const std::optional<stun::Message> request = stun::Read(bytes);
    EXPECT_TRUE(request && request->message_class == stun::MessageClass::kRequest) << bytes;
    return request.value_or(stun::Message{});
  }
  void AnswerWith(const stun::Message& request, const SocketAddress& mapped) {
    std::array<char, stun::kAnswerBytesMax> storage;
    ASSERT_TRUE(peer_.SendTo(stun::WriteAnswer(request, mapped, storage), here_).ok());
  }

  OsRandom random_;
  Socket listener_, peer_;
  SocketAddress here_;
  FlowId flow_;
};

TEST_F(DriverKeepAliveTest, AStreamIsPingedAndFailsWithoutAPong) {
  SANSIP_SHOWS("5626-4.4.1-1", "5626-4.4.1-3", "5626-4.4.1-4", "5626-4.4.1-5", "5626-4.4.2-2");
  OpenStream({.pong_wait = milliseconds(300)});
  ASSERT_TRUE(driver_->KeepAlive(flow_, milliseconds(40), random_));
  EXPECT_EQ(ReadAt(peer_, 4), kPing);
  EXPECT_TRUE(handler_.alive.empty());
  ASSERT_TRUE(peer_.Write("\r\n").ok());
  EXPECT_EQ(ReadAt(peer_, 4), kPing);
  EXPECT_EQ(handler_.alive, (std::vector{flow_}));
  ASSERT_TRUE(peer_.Write("\r\n" + kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(ReadAt(peer_, 4), kPing);
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].flow, flow_);
  EXPECT_EQ(handler_.failures[0].error, SendError::kTimedOut);
  EXPECT_EQ(driver_->counters().pings_sent, 3u);
  EXPECT_EQ(driver_->counters().pongs_missed, 1u);
  EXPECT_EQ(driver_->counters().bindings_sent, 0u);
  EXPECT_EQ(driver_->connections(), 0u);
  EXPECT_EQ(driver_->next_deadline(), kNever);
  EXPECT_FALSE(driver_->KeepAlive({}, std::chrono::seconds(1), random_));
  EXPECT_FALSE(driver_->KeepAlive(flow_, std::chrono::seconds(1), random_));  // no longer open
}

// 4.2: with or without a listener of ours that the peer could connect to.
TEST_F(DriverKeepAliveTest, AStreamThatThePeerClosesIsAFailureAtOnce) {
  for (const bool listens : {false, true}) {
    OpenStream({});
    if (listens) Listen(Transport::kTcp);
    ASSERT_TRUE(driver_->KeepAlive(flow_, {}, random_));
    peer_ = Socket();
    ASSERT_TRUE(UntilFailures(1)) << listens;
    EXPECT_EQ(handler_.failures[0].flow, flow_);
    EXPECT_EQ(handler_.failures[0].error, SendError::kClosed);
    EXPECT_EQ(handler_.failures.size(), 1u);
    EXPECT_EQ(driver_->next_deadline(), kNever);
    handler_.failures.clear();
  }
}

// connections_max
TEST_F(DriverKeepAliveTest, OneThatMakesRoomForAnotherIsAFailure) {
  OpenStream({.connections_max = 1});
  ASSERT_TRUE(driver_->KeepAlive(flow_, milliseconds(40), random_));
  EXPECT_EQ(ReadAt(peer_, 4), kPing);
  Socket other = std::move(*Socket::ListenTcp(Loopback()));
  ASSERT_TRUE(driver_->FlowTo(Transport::kTcp, other.LocalAddress()).ok());
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].flow, flow_);
  EXPECT_EQ(driver_->counters().connections_reclaimed, 1u);
}

// 4.4.1: "or immediately after processing any incoming message being received when that 10 seconds expires".
TEST_F(DriverKeepAliveTest, WhatHasArrivedWhenTheTimeIsUpCounts) {
  SANSIP_SHOWS("5626-4.4.1-8");
  OpenStream({.pong_wait = milliseconds(30)});
  ASSERT_TRUE(driver_->KeepAlive(flow_, milliseconds(40), random_));
  EXPECT_EQ(ReadAt(peer_, 4), kPing);
  ASSERT_TRUE(peer_.Write(kTcpRequest + "\r\n").ok());
  std::this_thread::sleep_for(milliseconds(60));  // nobody looks
  Step();
  EXPECT_EQ(handler_.alive.size(), 1u);
  EXPECT_EQ(driver_->counters().pongs_missed, 0u);
  EXPECT_EQ(driver_->connections(), 1u);
}

TEST_F(DriverKeepAliveTest, ADatagramFlowIsAskedByStunFromTheSipPort) {
  SANSIP_SHOWS("5626-4.4.2-1", "5626-4.4.1-2", "5626-4.4.2-3");
  AskByStun();
  const SocketAddress mapped = *ParseIp("203.0.113.7", 40001);
  for (std::size_t answered = 1; answered <= 3; ++answered) {
    SocketAddress source;
    const std::string bytes = ReceiveAt(peer_, &source);
    EXPECT_EQ(source, here_);
    const std::optional<stun::Message> request = stun::Read(bytes);
    ASSERT_TRUE(request);
    AnswerWith(*request, mapped);
    ASSERT_TRUE(Until([&] { return handler_.alive.size() == answered; }));
    EXPECT_EQ(driver_->MappedAddress(flow_), mapped);
  }
  EXPECT_EQ(driver_->counters().pings_sent, 0u);
  EXPECT_TRUE(handler_.messages.empty());  // no SIP
  driver_->StopKeepAlive(flow_);
  EXPECT_FALSE(driver_->MappedAddress(flow_));
  EXPECT_EQ(driver_->next_deadline(), kNever);
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverKeepAliveTest, AnotherMappedAddressIsAFailure) {
  SANSIP_SHOWS("5626-4.4.2-6");
  AskByStun();
  AnswerWith(NextRequest(), *ParseIp("203.0.113.7", 40001));
  AnswerWith(NextRequest(), *ParseIp("203.0.113.7", 40002));
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].flow, flow_);
  EXPECT_EQ(handler_.failures[0].error, SendError::kMoved);
  EXPECT_EQ(driver_->counters().bindings_moved, 1u);
  EXPECT_EQ(driver_->next_deadline(), kNever);
  // It is the same socket and peer: who registers anew goes on with it.
  EXPECT_TRUE(driver_->KeepAlive(flow_, milliseconds(40), random_));
}

TEST_F(DriverKeepAliveTest, AnErrorIsAFailure) {
  AskByStun();
  const stun::Message request = NextRequest();
  std::array<char, 64> storage;
  stun::Writer writer(storage, stun::MessageClass::kError, request.id);
  writer.AddError(400, "Bad Request");
  ASSERT_TRUE(peer_.SendTo(writer.wire(), here_).ok());
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kNotKept);
  EXPECT_EQ(driver_->counters().bindings_refused, 1u);
}

TEST_F(DriverKeepAliveTest, NoAnswerIsAFailureAfterSevenRequests) {
  SANSIP_SHOWS("5626-4.4.2-5");
  AskByStun({.rto = milliseconds(1)});
  const stun::TransactionId id = NextRequest().id;
  for (int again = 1; again < 7; ++again) EXPECT_EQ(NextRequest().id, id);
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kTimedOut);
  EXPECT_EQ(driver_->counters().bindings_sent, 7u);
  EXPECT_EQ(driver_->counters().bindings_missed, 1u);
}

TEST_F(DriverKeepAliveTest, APeerThatIsGoneIsAFailureAtOnce) {
  AskByStun();
  peer_ = Socket();
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kRefused);
  EXPECT_EQ(driver_->next_deadline(), kNever);
}

// Only the answer to what was asked, and from whom, counts.
TEST_F(DriverKeepAliveTest, WhatWasNotAskedForIsIgnored) {
  AskByStun();
  stun::Message request = NextRequest();
  request.id[0] = static_cast<char>(request.id[0] ^ 1);
  AnswerWith(request, here_);
  request.id[0] = static_cast<char>(request.id[0] ^ 1);
  Socket other = std::move(*Socket::BindUdp(Loopback()));
  std::array<char, stun::kAnswerBytesMax> storage;
  ASSERT_TRUE(other.SendTo(stun::WriteAnswer(request, here_, storage), here_).ok());
  ASSERT_TRUE(other.SendTo(std::string_view("\x01\x01\0\0", 4), here_).ok());
  ASSERT_TRUE(Until([&] { return driver_->counters().stun_ignored == 3; }));
  EXPECT_TRUE(handler_.alive.empty());
  AnswerWith(request, here_);
  ASSERT_TRUE(Until([&] { return handler_.alive.size() == 1; }));
}

TEST_F(DriverKeepAliveTest, BindingRequestsOfPeersAreAnsweredBesideSip) {
  SANSIP_SHOWS("5626-8-1", "5626-8-2");
  Start();
  here_ = Listen(Transport::kUdp);
  peer_ = std::move(*Socket::BindUdp(Loopback()));
  std::array<char, stun::kHeaderBytes> storage;
  ASSERT_TRUE(peer_.SendTo(stun::WriteBindingRequest({'i', 'd'}, storage), here_).ok());
  SocketAddress source;
  const std::string bytes = ReceiveAt(peer_, &source);
  EXPECT_EQ(source, here_);
  const std::optional<stun::Message> answer = stun::Read(bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->id, (stun::TransactionId{'i', 'd'}));
  EXPECT_EQ(answer->mapped, peer_.LocalAddress());
  EXPECT_EQ(driver_->counters().bindings_answered, 1u);
  EXPECT_EQ(driver_->flows().datagram_flows(), 0u);
  ASSERT_TRUE(peer_.SendTo(Request("SIP/2.0/UDP h;rport"), here_).ok());
  EXPECT_TRUE(UntilMessages(1));
}

}  // namespace
}  // namespace sansip
