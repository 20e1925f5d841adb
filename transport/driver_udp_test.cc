// SipDriver over UDP (RFC 3261 18, RFC 3581) with plain sockets as peers.
#include <cstdlib>
#include <new>

#include "sansip/tests/support/shows.h"
#include "sansip/transport/driver_fixture.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace sansip {
namespace {

constexpr TransactionId kTransaction{.slot = 7, .generation = 1};

class DriverUdpTest : public DriverTest {
 protected:
  Socket Peer(const SocketAddress& local = Loopback()) {
    absl::StatusOr<Socket> peer = Socket::BindUdp(local);
    EXPECT_TRUE(peer.ok()) << peer.status();
    return std::move(*peer);
  }
  SocketAddress Dead() { return Peer().LocalAddress(); }
};

TEST_F(DriverUdpTest, ADatagramIsAMessageAndItsAnswerGoesToTheSourceWithRport) {
  SANSIP_SHOWS("3581-4-4", "3581-3-3");
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  AnswerEverything();
  Socket peer = Peer();
  const std::string request = Request("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKa");
  ASSERT_TRUE(peer.SendTo(request, here).ok());
  SocketAddress source;
  EXPECT_EQ(ReceiveAt(peer, &source), Response("SIP/2.0/UDP h"));
  EXPECT_EQ(source, here);
  ASSERT_EQ(handler_.messages.size(), 1u);
  EXPECT_EQ(handler_.messages[0].bytes, request);
  EXPECT_EQ(handler_.messages[0].origin.source, peer.LocalAddress());
  EXPECT_EQ(handler_.messages[0].origin.transport, Transport::kUdp);
  EXPECT_EQ(handler_.messages[0].origin.contact.host, "127.0.0.1");
  EXPECT_EQ(handler_.messages[0].origin.contact.port, here.port);
}

TEST_F(DriverUdpTest, WithoutRportTheAnswerGoesToTheSentByPort) {
  SANSIP_SHOWS("3261-18.2.2-7");
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  AnswerEverything();
  Socket sender = Peer();
  Socket named = Peer();
  const std::string port = std::to_string(named.LocalAddress().port);
  ASSERT_TRUE(sender.SendTo(Request("SIP/2.0/UDP pc.example.com:" + port), here).ok());
  EXPECT_EQ(ReceiveAt(named), Response("SIP/2.0/UDP h"));
}

TEST_F(DriverUdpTest, MaddrGetsTheAnswer) {
  SANSIP_SHOWS("3261-18.2.2-5");
  Start();
  const SocketAddress here = Listen(Transport::kUdp, *ParseIp("0.0.0.0", 0));
  AnswerEverything();
  Socket sender = Peer();
  Socket named = Peer(*ParseIp("127.0.0.2", 0));
  const std::string port = std::to_string(named.LocalAddress().port);
  ASSERT_TRUE(
      sender.SendTo(Request("SIP/2.0/UDP h:" + port + ";maddr=127.0.0.2;rport"), Loopback(here.port)).ok());
  EXPECT_EQ(ReceiveAt(named), Response("SIP/2.0/UDP h"));
}

TEST_F(DriverUdpTest, AnswersLeaveFromThePortThatTheRequestCameTo) {
  SANSIP_SHOWS("3581-4-5");
  Start();
  Listen(Transport::kUdp);
  const SocketAddress second = Listen(Transport::kUdp);
  AnswerEverything();
  Socket sender = Peer();
  Socket named = Peer();
  // With rport, and without, where the flow is another one.
  ASSERT_TRUE(sender.SendTo(Request("SIP/2.0/UDP h;rport"), second).ok());
  SocketAddress source;
  ReceiveAt(sender, &source);
  EXPECT_EQ(source, second);
  const std::string port = std::to_string(named.LocalAddress().port);
  ASSERT_TRUE(sender.SendTo(Request("SIP/2.0/UDP h:" + port), second).ok());
  ReceiveAt(named, &source);
  EXPECT_EQ(source, second);
}

TEST_F(DriverUdpTest, ADeadPortIsToldSoonAndByFlow) {
  SANSIP_SHOWS("3261-18.4-1");
  Start();
  Listen(Transport::kUdp);
  Socket alive = Peer();
  const FlowId to_dead = *driver_->FlowTo(Transport::kUdp, Dead());
  const FlowId to_alive = *driver_->FlowTo(Transport::kUdp, alive.LocalAddress());
  const Instant begin = loop_.Now();
  driver_->Send(to_dead, kTransaction, "anybody?");
  driver_->Send(to_alive, kTransaction, "you?");
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_LT(loop_.Now() - begin, std::chrono::seconds(2));
  EXPECT_EQ(handler_.failures[0].flow, to_dead);
  EXPECT_EQ(handler_.failures[0].error, SendError::kRefused);
  EXPECT_TRUE(handler_.failures[0].transaction.is_nil());
  EXPECT_EQ(ReceiveAt(alive), "you?");
  EXPECT_EQ(handler_.failures.size(), 1u);
}

TEST_F(DriverUdpTest, AWildcardAnswersFromTheAddressThatTheRequestCameTo) {
  SANSIP_SHOWS("3581-4-5");
  Start();
  const SocketAddress here = Listen(Transport::kUdp, *ParseIp("0.0.0.0", 0));
  AnswerEverything();
  Socket peer = Peer();
  for (const char* ip : {"127.0.0.5", "127.0.0.1"}) {
    const SocketAddress asked = *ParseIp(ip, here.port);
    ASSERT_TRUE(peer.SendTo(Request("SIP/2.0/UDP h;rport"), asked).ok());
    SocketAddress source;
    ReceiveAt(peer, &source);
    EXPECT_EQ(source, asked);
    EXPECT_EQ(driver_->PathFor(handler_.messages.back().origin.flow)->sent_by.host, ip);
  }
  // What the peer sends to our usual address comes on the flow that we would open to it.
  EXPECT_EQ(*driver_->FlowTo(Transport::kUdp, peer.LocalAddress()), handler_.messages[1].origin.flow);
  EXPECT_NE(handler_.messages[0].origin.flow, handler_.messages[1].origin.flow);
}

TEST_F(DriverUdpTest, ADeadPortIsToldToAWildcardsFlowToo) {
  Start();
  Listen(Transport::kUdp, *ParseIp("0.0.0.0", 0));
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, Dead());
  driver_->Send(flow, kTransaction, "anybody?");
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].flow, flow);
  EXPECT_EQ(handler_.failures[0].error, SendError::kRefused);
}

TEST_F(DriverUdpTest, Ipv6OnAWildcardAndOnAnAddress) {
  if (!Socket::BindUdp(*ParseIp("::1", 0)).ok()) {
    GTEST_SKIP() << "optional peer absent: IPv6 on the loopback interface";
  }
  Start();
  AnswerEverything();
  for (const char* ip : {"::1", "::"}) {
    const SocketAddress here = Listen(Transport::kUdp, *ParseIp(ip, 0));
    Socket peer = Peer(*ParseIp("::1", 0));
    ASSERT_TRUE(
        peer.SendTo(Request("SIP/2.0/UDP [2001:db8::9]:5070;rport"), *ParseIp("::1", here.port)).ok());
    SocketAddress source;
    EXPECT_EQ(ReceiveAt(peer, &source), Response("SIP/2.0/UDP h"));
    EXPECT_EQ(source, *ParseIp("::1", here.port));
    const std::optional<Path> path = driver_->PathFor(handler_.messages.back().origin.flow);
    EXPECT_EQ(path->sent_by.host, "[::1]");
    EXPECT_EQ(path->sent_by.port, here.port);
    const SocketAddress dead = Peer(*ParseIp("::1", 0)).LocalAddress();
    const FlowId flow = *driver_->FlowTo(Transport::kUdp, dead);
    handler_.failures.clear();
    driver_->Send(flow, kTransaction, "anybody?");
    ASSERT_TRUE(UntilFailures(1)) << ip;
    EXPECT_EQ(handler_.failures[0].flow, flow);
  }
}

TEST_F(DriverUdpTest, ResponsesAreTakenAtTheSentByPort) {
  // sent-by is an address with a port, so 18.1.1-13's procedures lead there too (RFC 3263 5).
  SANSIP_SHOWS("3261-18.1.1-12", "3261-18.1.1-13", "3581-3-3", "3581-3-4");
  Start();
  Listen(Transport::kUdp);
  Socket server = Peer();
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, server.LocalAddress());
  const std::optional<Path> path = driver_->PathFor(flow);
  driver_->Send(flow, kTransaction, Request("SIP/2.0/UDP h"));
  SocketAddress source;
  ReceiveAt(server, &source);
  EXPECT_EQ(source.port, path->sent_by.port);
  // By the server itself, and by another of its ports: both arrive at where the request says it is from.
  Socket other = Peer();
  ASSERT_TRUE(server.SendTo(Response("SIP/2.0/UDP h"), source).ok());
  ASSERT_TRUE(other.SendTo(Response("SIP/2.0/UDP h"), Loopback(path->sent_by.port)).ok());
  ASSERT_TRUE(UntilMessages(2));
  EXPECT_EQ(handler_.messages[0].origin.flow, flow);
}

TEST_F(DriverUdpTest, PathsTakeRequestsAsLongAsTheirMtuLets) {
  Start();
  const SocketAddress peer = Listen(Transport::kUdp);
  EXPECT_EQ(driver_->PathFor(*driver_->FlowTo(Transport::kUdp, peer))->request_bytes_max, 1300u);
  Start({.path_mtu = 9000});
  Listen(Transport::kUdp);
  EXPECT_EQ(driver_->PathFor(*driver_->FlowTo(Transport::kUdp, peer))->request_bytes_max, 8800u);
  const SocketAddress bound = Listen(Transport::kTcp);
  EXPECT_EQ(driver_->PathFor(*driver_->FlowTo(Transport::kTcp, bound))->request_bytes_max, 0u);
}

TEST_F(DriverUdpTest, UdpAndTcpShareTheirPort) {
  SANSIP_SHOWS("3261-18.2.1-3");
  Start();
  const absl::StatusOr<SocketAddress> bound = driver_->ListenOnUdpAndTcp(Loopback());
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_NE(bound->port, 0);
  Socket datagrams = Peer();
  ASSERT_TRUE(datagrams.SendTo(Request("SIP/2.0/UDP 127.0.0.1"), *bound).ok());
  ASSERT_TRUE(UntilMessages(1));
  Socket stream = ConnectTo(*bound);
  ASSERT_TRUE(stream.Write(Request("SIP/2.0/TCP 127.0.0.1")).ok());
  ASSERT_TRUE(UntilMessages(2));
  EXPECT_EQ(handler_.messages[0].origin.transport, Transport::kUdp);
  EXPECT_EQ(handler_.messages[1].origin.transport, Transport::kTcp);
  EXPECT_EQ(handler_.messages[1].origin.contact.port, bound->port);
}

TEST_F(DriverUdpTest, APortThatOneOfThemCannotHaveIsRefused) {
  Start();
  Socket taken = Peer();
  const SocketAddress port = taken.LocalAddress();
  EXPECT_FALSE(driver_->ListenOnUdpAndTcp(port).ok());
  // Nothing is left of the other half.
  EXPECT_EQ(Listen(Transport::kTcp, port), port);
}

TEST_F(DriverUdpTest, FailuresWaitForADeadlineThatIsAtOnce) {
  Start({.flows = {.datagram_flows_max = 1}});
  Listen(Transport::kUdp);
  EXPECT_EQ(driver_->next_deadline(), kNever);
  driver_->Send({.slot = 5, .generation = 5}, kTransaction, "x");
  EXPECT_TRUE(handler_.failures.empty());  // never from within Send
  EXPECT_LE(driver_->next_deadline(), loop_.Now());
  driver_->OnDeadline(loop_.Now());
  ASSERT_EQ(handler_.failures.size(), 1u);
  EXPECT_EQ(handler_.failures[0].error, SendError::kStaleFlow);
  EXPECT_EQ(handler_.failures[0].transaction, kTransaction);
  EXPECT_EQ(driver_->next_deadline(), kNever);
}

TEST_F(DriverUdpTest, KeepAlivesAreIgnoredAndCounted) {
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  Socket peer = Peer();
  for (std::string_view keep_alive :
       {std::string_view(""), std::string_view("\r\n\r\n"), std::string_view("\0\0\0\0", 4)}) {
    ASSERT_TRUE(peer.SendTo(keep_alive, here).ok());
  }
  ASSERT_TRUE(peer.SendTo("x", here).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(handler_.messages[0].bytes, "x");
  EXPECT_EQ(driver_->counters().datagrams_empty, 3u);
  EXPECT_EQ(driver_->counters().messages_in, 1u);
}

TEST_F(DriverUdpTest, TheLargestDatagramIsTaken) {
  SANSIP_SHOWS("3261-18.1.1-3");
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  Socket peer = Peer();
  const std::string request = Request("SIP/2.0/UDP h;rport", 65000);
  ASSERT_TRUE(peer.SendTo(request, here).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(handler_.messages[0].bytes, request);
}

TEST_F(DriverUdpTest, WhatIsTooBigForADatagramIsToldByTransaction) {
  Start();
  Listen(Transport::kUdp);
  Socket peer = Peer();
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, peer.LocalAddress());
  driver_->Send(flow, kTransaction, std::string(70000, 'x'));
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kTooBig);
  EXPECT_EQ(handler_.failures[0].transaction, kTransaction);
}

TEST_F(DriverUdpTest, FlowsAreEvictedButNotThoseInUse) {
  Start({.flows = {.datagram_flows_max = 2}});
  const SocketAddress here = Listen(Transport::kUdp);
  std::vector<Socket> peers;
  for (int i = 0; i < 4; ++i) {
    peers.push_back(Peer());
    ASSERT_TRUE(peers.back().SendTo("x", here).ok());
    ASSERT_TRUE(UntilMessages(static_cast<std::size_t>(i) + 1));
    if (i == 0) handler_.in_use.insert(handler_.messages[0].origin.flow);
  }
  driver_->Send(handler_.messages[0].origin.flow, kTransaction, "to the first");
  EXPECT_EQ(ReceiveAt(peers[0]), "to the first");
  driver_->Send(handler_.messages[1].origin.flow, kTransaction, "to the second");
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kStaleFlow);
  EXPECT_EQ(driver_->flows().counters().evicted, 2u);
}

TEST_F(DriverUdpTest, AFloodOfPeersIsDroppedWhileAllFlowsAreInUse) {
  Start({.flows = {.datagram_flows_max = 2}});
  const SocketAddress here = Listen(Transport::kUdp);
  handler_.refers_to_all = true;
  std::vector<Socket> peers;
  for (int i = 0; i < 5; ++i) {
    peers.push_back(Peer());
    ASSERT_TRUE(peers.back().SendTo("x", here).ok());
  }
  ASSERT_TRUE(Until([&] { return driver_->flows().counters().refused == 3; }));
  EXPECT_EQ(handler_.messages.size(), 2u);
}

TEST_F(DriverUdpTest, SentByIsTheBoundAddress) {
  SANSIP_SHOWS("3261-18.1.1-7");
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, Loopback(9));
  const std::optional<Path> path = driver_->PathFor(flow);
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->flow, flow);
  EXPECT_EQ(path->transport, Transport::kUdp);
  EXPECT_EQ(path->sent_by.host, "127.0.0.1");
  EXPECT_EQ(path->sent_by.port, here.port);
  EXPECT_EQ(path->contact.host, "127.0.0.1");
  EXPECT_FALSE(driver_->PathFor({}).has_value());
}

TEST_F(DriverUdpTest, SentByOfAWildcardIsWhereTheKernelSendsFrom) {
  SANSIP_SHOWS("3261-18.1.1-7");
  Start();
  const SocketAddress here = Listen(Transport::kUdp, *ParseIp("0.0.0.0", 0));
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, Loopback(9));
  for (int i = 0; i < 2; ++i) {  // the second from what is remembered
    const std::optional<Path> path = driver_->PathFor(flow);
    ASSERT_TRUE(path.has_value());
    EXPECT_EQ(path->sent_by.host, "127.0.0.1");
    EXPECT_EQ(path->sent_by.port, here.port);
  }
}

TEST_F(DriverUdpTest, OnlyOwnSentBysAreOwn) {
  SANSIP_SHOWS("3261-18.1.2-1");
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, Loopback(9));
  ASSERT_TRUE(driver_->PathFor(flow).has_value());
  const Origin origin{.flow = flow, .transport = Transport::kUdp, .source = Loopback(9)};
  const std::string port = std::to_string(here.port);
  EXPECT_TRUE(IsOwn(origin, "SIP/2.0/UDP 127.0.0.1:" + port + ";branch=z9hG4bKa"));
  EXPECT_FALSE(IsOwn(origin, "SIP/2.0/UDP 127.0.0.1:" + std::to_string(here.port ^ 1)));
  EXPECT_FALSE(IsOwn(origin, "SIP/2.0/UDP 192.0.2.1:" + port));
  EXPECT_FALSE(IsOwn(origin, "SIP/2.0/UDP 127.0.0.1"));
}

TEST_F(DriverUdpTest, TheSocketThatSuitsIsChosen) {
  Start();
  Listen(Transport::kUdp, *ParseIp("127.0.0.2", 0));
  const SocketAddress routed = Listen(Transport::kUdp);
  const std::optional<Path> path = driver_->PathFor(*driver_->FlowTo(Transport::kUdp, Loopback(9)));
  EXPECT_EQ(path->sent_by.port, routed.port);
  // From a loopback address nothing beyond this machine is reached.
  const absl::StatusOr<FlowId> beyond = driver_->FlowTo(Transport::kUdp, *ParseIp("192.0.2.1", 5060));
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.status().message(), "no UDP address is bound from which 192.0.2.1:5060 can be reached");
  EXPECT_FALSE(driver_->FlowTo(Transport::kUdp, *ParseIp("::1", 5060)).ok());
}

TEST_F(DriverUdpTest, WhatIsNotBuiltIsSaid) {
  Start();
  EXPECT_EQ(driver_->Listen(Transport::kTls, Loopback()).status().message(),
            "TLS is not built yet; listen on UDP or TCP");
  EXPECT_FALSE(driver_->FlowTo(Transport::kTls, Loopback(5061)).ok());
  DriverOptions options;
  options.write_queue_bytes_max = 10;
  EXPECT_FALSE(SipDriver::Create(&loop_, &handler_, options).ok());
}

TEST_F(DriverUdpTest, NoEventAllocatesAfterWarmUp) {
  Start();
  const SocketAddress here = Listen(Transport::kUdp);
  Socket peer = Peer();
  const std::string request = Request("SIP/2.0/UDP h;rport");
  // Written out, because std::function and the recorder allocate themselves.
  struct Quiet final : SipDriver::Handler {
    void OnMessage(Instant, const Origin& origin, std::string_view bytes) override {
      ++messages;
      driver->Send(origin.flow, {}, bytes);
    }
    void OnUnreadable(Instant, const Origin&, std::string_view, ParseError) override {}
    void OnSendFailed(Instant, FlowId, TransactionId, SendError) override {}
    void OnFlowFailed(Instant, FlowId, SendError) override {}
    bool Refers(FlowId) const override { return false; }
    SipDriver* driver = nullptr;
    int messages = 0;
  } quiet;
  auto driver = SipDriver::Create(&loop_, &quiet);
  ASSERT_TRUE(driver.ok());
  quiet.driver = driver->get();
  const SocketAddress there = *(*driver)->Listen(Transport::kUdp, Loopback());
  ASSERT_NE(there, here);
  std::vector<char> into(65536);
  const auto exchange = [&](int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(peer.SendTo(request, there).ok());
      const int before = quiet.messages;
      while (quiet.messages == before) loop_.Wait(loop_.Now() + std::chrono::milliseconds(100));
      SocketAddress source;
      while (!peer.ReceiveFrom(into, source).ok()) continue;
    }
  };
  exchange(10);
  const std::size_t before = allocations;
  exchange(1000);
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace sansip
