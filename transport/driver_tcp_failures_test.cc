// SipDriver over TCP where things go wrong (RFC 3261 18.4) or peers misbehave: every end has its own word,
// every queue and table its maximum.
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sansip/tests/support/shows.h"
#include "sansip/transport/driver_fixture.h"

namespace sansip {
namespace {

using std::chrono::milliseconds;

class DriverTcpFailuresTest : public DriverTest {
 protected:
  Socket Listener(int backlog = 128) {
    absl::StatusOr<Socket> listener = Socket::ListenTcp(Loopback(), backlog);
    EXPECT_TRUE(listener.ok()) << listener.status();
    return std::move(*listener);
  }
  SocketAddress Dead() { return Listener().LocalAddress(); }
  // Both ends' kernel buffers, so that little is enough to fill them.
  static void ShrinkBuffers(Socket& peer, int bytes) {
    ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    for (int fd = 3; fd < 256; ++fd) {
      sockaddr_storage storage{};
      socklen_t size = sizeof(storage);
      if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) continue;
      if (FromSockaddr(storage) != peer.LocalAddress()) continue;
      ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
    }
  }
  // Fails the test unless the flow fails, with this.
  void ExpectFailure(FlowId flow, SendError error) {
    ASSERT_TRUE(UntilFailures(1));
    EXPECT_EQ(handler_.failures[0].flow, flow);
    EXPECT_EQ(SendErrorText(handler_.failures[0].error), SendErrorText(error));
    EXPECT_TRUE(handler_.failures[0].transaction.is_nil());
  }
};

TEST_F(DriverTcpFailuresTest, RefusedIsRefusedAndSoon) {
  SANSIP_SHOWS("3261-18.4-3");
  Start();
  const Instant begin = loop_.Now();
  const absl::StatusOr<FlowId> flow = driver_->FlowTo(Transport::kTcp, Dead());
  ASSERT_TRUE(flow.ok()) << flow.status();
  driver_->Send(*flow, {}, kTcpRequest);
  ExpectFailure(*flow, SendError::kRefused);
  EXPECT_LT(loop_.Now() - begin, std::chrono::seconds(2));
  EXPECT_EQ(driver_->connections(), 0u);
  EXPECT_TRUE(driver_->flows().Find(*flow)->is_refused);
}

TEST_F(DriverTcpFailuresTest, AnUnansweredConnectTimesOut) {
  SANSIP_SHOWS("3261-18.4-3");
  Start({.connect_timeout = milliseconds(200)});
  // A backlog that is full swallows further connects.
  Socket listener = Listener(0);
  std::vector<Socket> fillers(4);
  for (Socket& filler : fillers) Socket::ConnectTcp(listener.LocalAddress(), std::nullopt, filler);
  Step(milliseconds(50));
  const Instant begin = loop_.Now();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  driver_->Send(flow, {}, kTcpRequest);
  ExpectFailure(flow, SendError::kTimedOut);
  EXPECT_FALSE(driver_->flows().Find(flow)->is_refused);
  EXPECT_GE(loop_.Now() - begin, milliseconds(200));
  EXPECT_EQ(driver_->connections(), 0u);
}

TEST_F(DriverTcpFailuresTest, ResetInsideAMessage) {
  SANSIP_SHOWS("3261-18.4-3");
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  ASSERT_TRUE(connection.Write("SIP/2.0 200 OK\r\nVia: ").ok());
  for (int i = 0; i < 3; ++i) Step();
  connection.Abort();
  ExpectFailure(flow, SendError::kReset);
  EXPECT_TRUE(handler_.messages.empty());
}

TEST_F(DriverTcpFailuresTest, EndInsideAMessage) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(std::string_view(kTcpRequest).substr(0, kTcpRequest.size() - 1)).ok());
  peer.ShutdownWrite();
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kClosed);
  EXPECT_TRUE(handler_.messages.empty());
  EXPECT_EQ(driver_->counters().streams_cut, 1u);
  EXPECT_EQ(driver_->connections(), 0u);
}

TEST_F(DriverTcpFailuresTest, WhatWasSaidBeforeAResetIsHeard) {
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  for (int i = 0; i < 3; ++i) Step();
  ASSERT_TRUE(connection.Write(Response("SIP/2.0/TCP h")).ok());
  ASSERT_TRUE(UntilMessages(1));
  connection.Abort();
  ExpectFailure(flow, SendError::kReset);
}

TEST_F(DriverTcpFailuresTest, AnEndWithoutAnswerFailsAtOnceIfNobodyCouldConnect) {
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  AcceptAt(listener).Close();
  ExpectFailure(flow, SendError::kClosed);
}

TEST_F(DriverTcpFailuresTest, ASlowReaderOverflowsItsQueueAndNothingElse) {
  Start({.write_queue_bytes_max = 200000});
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  ShrinkBuffers(connection, 65536);
  const std::string message = Request("SIP/2.0/TCP h", 60000);
  for (int i = 0; i < 1000 && driver_->counters().overflows == 0; ++i) {
    driver_->Send(flow, {}, message);
    EXPECT_LE(driver_->queued_bytes(), 200000u);
    Step(Duration::zero());
  }
  ExpectFailure(flow, SendError::kOverflow);
  EXPECT_EQ(driver_->queued_bytes(), 0u);
  EXPECT_EQ(driver_->connections(), 0u);
}

TEST_F(DriverTcpFailuresTest, AQueueIsBoundedWhileConnectingToo) {
  Start({.write_queue_bytes_max = 65535});
  Socket listener = Listener(0);
  std::vector<Socket> fillers(4);
  for (Socket& filler : fillers) Socket::ConnectTcp(listener.LocalAddress(), std::nullopt, filler);
  Step(milliseconds(50));
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  driver_->Send(flow, {}, std::string(60000, 'x'));
  EXPECT_EQ(driver_->queued_bytes(), 60000u);
  driver_->Send(flow, {}, std::string(6000, 'x'));
  ExpectFailure(flow, SendError::kOverflow);
}

TEST_F(DriverTcpFailuresTest, SlowReadersTogetherOverflowAndLeaveOthersAMessage) {
  Start({.write_queue_bytes_max = 500000, .waiting_bytes_max = 600000});
  const std::string message = Request("SIP/2.0/TCP h", 60000);
  std::vector<Socket> listeners, readers;
  std::vector<FlowId> flows;
  for (int i = 0; i < 4; ++i) {
    listeners.push_back(Listener());
    flows.push_back(*driver_->FlowTo(Transport::kTcp, listeners.back().LocalAddress()));
    readers.push_back(AcceptAt(listeners.back()));
    ShrinkBuffers(readers.back(), 65536);
  }
  // Two that read nothing have all that is there between them before either has all that it may.
  for (int i = 0; i < 1000 && driver_->counters().overflows == 0; ++i) {
    driver_->Send(flows[static_cast<std::size_t>(i % 2)], {}, message);
    EXPECT_LE(driver_->queued_bytes(), 600000u + 2 * message.size());
    Step(Duration::zero());
  }
  ASSERT_EQ(driver_->counters().overflows, 1u);
  ASSERT_TRUE(Until([&] { return handler_.failures.size() == 1; }));
  EXPECT_EQ(handler_.failures[0].error, SendError::kOverflow);
  // Its bytes are given back; the others go on.
  EXPECT_LT(driver_->queued_bytes(), 500000u);
  driver_->Send(flows[2], {}, message);
  EXPECT_EQ(ReadAt(readers[2], message.size()), message);
  EXPECT_EQ(handler_.failures.size(), 1u);
}

TEST_F(DriverTcpFailuresTest, AnEmptyQueueTakesAMessageWhateverOthersHold) {
  Start({.waiting_bytes_max = 0});
  Socket listener = Listener(0);
  std::vector<Socket> fillers(4);
  for (Socket& filler : fillers) Socket::ConnectTcp(listener.LocalAddress(), std::nullopt, filler);
  Step(milliseconds(50));
  // As if all were taken: one message waits for the connection, a second does not.
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  driver_->Send(flow, {}, std::string(60000, 'x'));
  EXPECT_EQ(driver_->queued_bytes(), 60000u);
  driver_->Send(flow, {}, "x");
  ExpectFailure(flow, SendError::kOverflow);
  EXPECT_EQ(driver_->queued_bytes(), 0u);
}

TEST_F(DriverTcpFailuresTest, ASourceHasItsMaximumOfConnections) {
  Start({.connections_max = 4, .connections_per_source_max = 2});
  const SocketAddress here = Listen(Transport::kTcp);
  Socket first = ConnectTo(here);
  Socket second = ConnectTo(here);
  ASSERT_TRUE(Until([&] { return driver_->connections() == 2; }));
  Socket third = ConnectTo(here);
  EXPECT_EQ(EndAt(third), IoError::kReset);
  EXPECT_EQ(driver_->counters().connections_refused_by_source, 1u);
  // Others have room, and so have our own connections to it.
  Socket other;
  ASSERT_TRUE(Socket::ConnectTcp(here, *ParseIp("127.0.0.2", 0), other).error != IoError::kRefused);
  ASSERT_TRUE(Until([&] { return driver_->connections() == 3; }));
  Socket listener = Listener();
  EXPECT_TRUE(driver_->FlowTo(Transport::kTcp, listener.LocalAddress()).ok());
  Socket outbound = AcceptAt(listener);
  EXPECT_EQ(driver_->connections(), 4u);
  // When one has gone there is room again.
  first.Close();
  ASSERT_TRUE(Until([&] { return driver_->connections() == 3; }));
  Socket fourth = ConnectTo(here);
  ASSERT_TRUE(Until([&] { return driver_->connections() == 4; }));
  EXPECT_EQ(driver_->counters().connections_refused_by_source, 1u);
}

TEST_F(DriverTcpFailuresTest, AFloodOnOneConnectionDoesNotStarveAnother) {
  Start({.reads_per_wakeup_max = 1});
  const SocketAddress here = Listen(Transport::kTcp);
  Socket flood = ConnectTo(here);
  Socket other = ConnectTo(here);
  ASSERT_TRUE(Until([&] { return driver_->connections() == 2; }));
  std::string many;
  const std::size_t count = 1000;
  for (std::size_t i = 0; i < count; ++i) many += kTcpRequest;
  ASSERT_EQ(flood.Write(many).count, many.size());
  ASSERT_TRUE(other.Write(kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(count + 1));
  const SocketAddress source = other.LocalAddress();
  const auto of_other = std::find_if(handler_.messages.begin(), handler_.messages.end(),
                                     [&](const auto& message) { return message.origin.source == source; });
  ASSERT_NE(of_other, handler_.messages.end());
  EXPECT_LT(of_other - handler_.messages.begin(), 500);
}

TEST_F(DriverTcpFailuresTest, PartialWritesArriveWholeAndInOrder) {
  Start({.write_queue_bytes_max = 8 << 20});
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  ShrinkBuffers(connection, 65536);
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    const std::string message(60000, static_cast<char>('a' + i % 26));
    driver_->Send(flow, {}, message);
    expected += message;
  }
  Step();
  ASSERT_GT(driver_->queued_bytes(), 0u);
  EXPECT_EQ(ReadAt(connection, expected.size()), expected);
  EXPECT_EQ(driver_->queued_bytes(), 0u);
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverTcpFailuresTest, APingFloodWithoutReadingEndsInOverflow) {
  Start({.stream_limits = {.message_bytes_max = 1000}, .write_queue_bytes_max = 1000});
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(Until([&] { return driver_->connections() == 1; }));
  ShrinkBuffers(peer, 1);  // the kernel takes its minimum
  std::string pings;
  for (int i = 0; i < 10000; ++i) pings += "\r\n\r\n";
  const Instant end = loop_.Now() + std::chrono::seconds(30);
  while (driver_->counters().overflows == 0 && loop_.Now() < end &&
         peer.Write(pings).error != IoError::kReset) {
    Step(Duration::zero());
  }
  EXPECT_EQ(driver_->counters().overflows, 1u);
  EXPECT_EQ(driver_->connections(), 0u);
}

TEST_F(DriverTcpFailuresTest, BeyondTheMaximumTheIdlestConnectionMakesRoom) {
  Start({.connections_max = 2});
  const SocketAddress here = Listen(Transport::kTcp);
  Socket first = ConnectTo(here);
  Socket second = ConnectTo(here);
  ASSERT_TRUE(first.Write(kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(1));  // now the second is the idlest
  ASSERT_TRUE(Until([&] { return driver_->connections() == 2; }));
  Socket third = ConnectTo(here);
  EXPECT_EQ(EndAt(second), IoError::kClosed);
  ASSERT_TRUE(third.Write(kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(2));
  EXPECT_EQ(driver_->counters().connections_reclaimed, 1u);
  EXPECT_EQ(driver_->connections(), 2u);
}

TEST_F(DriverTcpFailuresTest, BeyondTheMaximumWithNoneIdleConnectionsAreRefused) {
  Start({.connections_max = 1});
  handler_.refers_to_all = true;
  const SocketAddress here = Listen(Transport::kTcp);
  Socket first = ConnectTo(here);
  ASSERT_TRUE(Until([&] { return driver_->connections() == 1; }));
  Socket second = ConnectTo(here);
  EXPECT_EQ(EndAt(second), IoError::kReset);
  EXPECT_EQ(driver_->counters().connections_refused, 1u);
  EXPECT_FALSE(driver_->FlowTo(Transport::kTcp, Listener().LocalAddress()).ok());
  ASSERT_TRUE(first.Write(kTcpRequest).ok());
  EXPECT_TRUE(UntilMessages(1));
}

TEST_F(DriverTcpFailuresTest, OldConnectionsInUseDoNotHideIdleOnes) {
  Start({.connections_max = 12});
  const SocketAddress here = Listen(Transport::kTcp);
  std::vector<Socket> peers;
  for (std::size_t i = 0; i < 12; ++i) {
    peers.push_back(ConnectTo(here));
    ASSERT_TRUE(peers.back().Write(kTcpRequest).ok());
    ASSERT_TRUE(UntilMessages(i + 1));
    if (i < 10) handler_.in_use.insert(handler_.messages.back().origin.flow);
  }
  // Some of the oldest are asked about at a time; the next connection asks about others.
  const Socket refused = ConnectTo(here);
  ASSERT_TRUE(Until([&] { return driver_->counters().connections_refused == 1; }));
  Socket taken = ConnectTo(here);
  ASSERT_TRUE(taken.Write(kTcpRequest).ok());
  EXPECT_TRUE(UntilMessages(13));
  EXPECT_EQ(driver_->counters().connections_reclaimed, 1u);
  EXPECT_EQ(EndAt(peers[10]), IoError::kClosed);
}

TEST_F(DriverTcpFailuresTest, WithoutDescriptorsConnectionsAreRefusedNotLeftWaiting) {
  Start();
  const SocketAddress here = Listen(Transport::kTcp);
  Socket peer;
  Socket::ConnectTcp(here, std::nullopt, peer);
  // Few enough that using them up is quick.
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit before = limit;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, 256);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  std::vector<Socket> fillers;
  for (;;) {
    fillers.emplace_back(::dup(peer.fd()));
    if (!fillers.back().is_open()) break;
  }
  EXPECT_TRUE(Until([&] { return driver_->counters().connections_refused == 1; }));
  fillers.clear();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(EndAt(peer), IoError::kReset);
  Socket next = ConnectTo(here);
  ASSERT_TRUE(next.Write(kTcpRequest).ok());
  EXPECT_TRUE(UntilMessages(1));
}

TEST_F(DriverTcpFailuresTest, IdleConnectionsAreClosedAndTricklingBytesDoNotHelp) {
  Start({.idle_timeout = milliseconds(150)});
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(Until([&] { return driver_->connections() == 1; }));
  const Instant begin = loop_.Now();
  std::size_t sent = 0;
  ASSERT_TRUE(Until([&] {
    if (sent < 50) peer.Write(std::string_view(kTcpRequest).substr(sent++, 1));
    return driver_->connections() == 0;
  }));
  EXPECT_GE(loop_.Now() - begin, milliseconds(140));
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverTcpFailuresTest, AConnectionInUseOutlivesItsIdleTime) {
  SANSIP_SHOWS("3261-18-2");
  Start({.idle_timeout = milliseconds(50)});
  handler_.refers_to_all = true;
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(Until([&] { return driver_->connections() == 1; }));
  const Instant end = loop_.Now() + milliseconds(200);
  while (loop_.Now() < end) Step();
  EXPECT_EQ(driver_->connections(), 1u);
  EXPECT_GE(DriverOptions().idle_timeout, std::chrono::seconds(32));
}

TEST_F(DriverTcpFailuresTest, HalfClosedConnectionsAreNotKeptForEver) {
  Start({.half_closed_timeout = milliseconds(100)});
  handler_.refers_to_all = true;
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  peer.ShutdownWrite();
  EXPECT_EQ(EndAt(peer), IoError::kClosed);
  EXPECT_EQ(driver_->connections(), 0u);
}

TEST_F(DriverTcpFailuresTest, AFailingFallBackIsAFailureOfTheFlow) {
  Start();
  handler_.refers_to_all = true;
  handler_.then = [this](const Origin& origin, std::string_view bytes) { ResponseFlow(origin, bytes); };
  const SocketAddress here = Listen(Transport::kTcp);
  {
    Socket peer = ConnectTo(here);
    ASSERT_TRUE(peer.Write(Request("SIP/2.0/TCP h:" + std::to_string(Dead().port))).ok());
    ASSERT_TRUE(UntilMessages(1));
    peer.Abort();
  }
  ASSERT_TRUE(UntilFailures(1));
  handler_.failures.clear();
  driver_->Send(handler_.messages[0].origin.flow, {}, "answer");
  ExpectFailure(handler_.messages[0].origin.flow, SendError::kRefused);
}

TEST_F(DriverTcpFailuresTest, WithoutARequestThereIsNoFallBack) {
  Start();
  handler_.refers_to_all = true;
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(Response("SIP/2.0/TCP h")).ok());
  ASSERT_TRUE(UntilMessages(1));
  peer.Abort();
  ASSERT_TRUE(UntilFailures(1));
  handler_.failures.clear();
  driver_->Send(handler_.messages[0].origin.flow, {}, "x");
  ExpectFailure(handler_.messages[0].origin.flow, SendError::kClosed);
}

TEST_F(DriverTcpFailuresTest, WhatAReportCausesIsReportedLater) {
  Start();
  handler_.then_failed = [this](FlowId flow) { driver_->Send(flow, {}, "once more"); };
  ASSERT_TRUE(driver_->FlowTo(Transport::kTcp, Dead()).ok());
  ASSERT_TRUE(UntilFailures(3));  // each its own, none recursive
  EXPECT_EQ(handler_.failures[2].error, SendError::kRefused);
}

TEST_F(DriverTcpFailuresTest, ManyConnectionsComeAndGo) {
  Start({.flows = {.closed_stream_flows_max = 8}, .connections_max = 4});
  const SocketAddress here = Listen(Transport::kTcp);
  for (int i = 0; i < 50; ++i) {
    Socket peer = ConnectTo(here);
    ASSERT_TRUE(peer.Write(kTcpRequest).ok());
    ASSERT_TRUE(UntilMessages(static_cast<std::size_t>(i) + 1));
    if (i % 2 == 0) peer.Abort();
  }
  EXPECT_TRUE(Until([&] { return driver_->connections() == 0; }));
  EXPECT_LE(driver_->flows().closed_streams(), 8u);
  EXPECT_TRUE(driver_->flows().IsConsistent());
}

TEST_F(DriverTcpFailuresTest, EveryErrorHasAText) {
  for (int error = 0; error <= static_cast<int>(SendError::kOther); ++error) {
    EXPECT_FALSE(SendErrorText(static_cast<SendError>(error)).empty());
  }
}

}  // namespace
}  // namespace sansip
