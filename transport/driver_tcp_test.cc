// SipDriver over TCP (RFC 3261 18, RFC 5626 3.5.1): framing, reuse, answers.
#include "sansip/tests/support/shows.h"
#include "sansip/transport/driver_fixture.h"

namespace sansip {
namespace {

class DriverTcpTest : public DriverTest {
 protected:
  Socket Listener() {
    absl::StatusOr<Socket> listener = Socket::ListenTcp(Loopback());
    EXPECT_TRUE(listener.ok()) << listener.status();
    return std::move(*listener);
  }
};

TEST_F(DriverTcpTest, AStreamIsCutIntoMessagesWhereverItIsSplit) {
  Start();
  const SocketAddress here = Listen(Transport::kTcp);
  Socket peer = ConnectTo(here);
  const std::string both = kTcpRequest + Request("SIP/2.0/TCP h;branch=z9hG4bKb");
  std::size_t expected = 0;
  for (std::size_t split = 0; split <= both.size(); split += 7) {
    if (split > 0) {
      ASSERT_TRUE(peer.Write(std::string_view(both).substr(0, split)).ok());
      Step(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(split == both.size() || peer.Write(std::string_view(both).substr(split)).ok());
    expected += 2;
    ASSERT_TRUE(UntilMessages(expected)) << "split at " << split;
    EXPECT_EQ(handler_.messages[expected - 2].bytes + handler_.messages[expected - 1].bytes, both);
  }
  EXPECT_EQ(handler_.messages[0].origin.transport, Transport::kTcp);
  EXPECT_EQ(handler_.messages[0].origin.contact.host, "127.0.0.1");
  EXPECT_EQ(handler_.messages[0].origin.contact.port, here.port);
  EXPECT_EQ(handler_.messages[0].origin.source, peer.LocalAddress());
}

TEST_F(DriverTcpTest, ALargeMessageInSingleBytesIsOneMessage) {
  SANSIP_SHOWS("3261-18-4");
  Start();
  const SocketAddress here = Listen(Transport::kTcp);
  Socket peer = ConnectTo(here);
  const std::string request = Request("SIP/2.0/TCP h", 20000);
  for (std::size_t i = 0; i < request.size(); ++i) {
    ASSERT_TRUE(peer.Write(std::string_view(request).substr(i, 1)).ok());
    if (i % 3 == 0) Step(Duration::zero());
  }
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(handler_.messages[0].bytes, request);
}

TEST_F(DriverTcpTest, LineBreaksBetweenMessagesAreSkipped) {
  SANSIP_SHOWS("3261-7.5-1");
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write("\r\n" + kTcpRequest + "\r\n" + kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(2));
  EXPECT_EQ(handler_.messages[1].bytes, kTcpRequest);
}

TEST_F(DriverTcpTest, PingsAreAnsweredWithOneLineBreak) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write("\r\n\r\n").ok());
  EXPECT_EQ(ReadAt(peer, 2), "\r\n");
  ASSERT_TRUE(peer.Write(kTcpRequest + "\r\n\r\n").ok());
  EXPECT_EQ(ReadAt(peer, 2), "\r\n");
  EXPECT_EQ(driver_->counters().pings_answered, 2u);
  EXPECT_EQ(handler_.messages.size(), 1u);
}

TEST_F(DriverTcpTest, TheAnswerGoesOverTheRequestsConnection) {
  SANSIP_SHOWS("3261-18.2.2-2", "3261-18-1");
  Start();
  AnswerEverything();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  const std::string answer = Response("SIP/2.0/UDP h");
  for (int i = 0; i < 2; ++i) {  // the connection is still there for the second
    ASSERT_TRUE(peer.Write(kTcpRequest).ok());
    EXPECT_EQ(ReadAt(peer, answer.size()), answer);
  }
  EXPECT_EQ(driver_->connections(), 1u);
}

TEST_F(DriverTcpTest, RequestsToOneAddressShareAConnection) {
  SANSIP_SHOWS("3261-18.1.1-15", "5626-4.3-2", "5626-4.3-4");
  Start();
  Socket listener = Listener();
  const FlowId first = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  EXPECT_EQ(*driver_->FlowTo(Transport::kTcp, listener.LocalAddress()), first);  // while connecting
  driver_->Send(first, {}, "one ");                                              // queued
  driver_->Send(first, {}, "two ");
  Socket connection = AcceptAt(listener);
  EXPECT_EQ(ReadAt(connection, 8), "one two ");
  EXPECT_EQ(*driver_->FlowTo(Transport::kTcp, listener.LocalAddress()), first);
  driver_->Send(first, {}, "three");
  EXPECT_EQ(ReadAt(connection, 5), "three");
  EXPECT_EQ(driver_->counters().connections_opened, 1u);
  EXPECT_EQ(driver_->queued_bytes(), 0u);
  // Another next hop, another flow.
  Socket other = Listener();
  EXPECT_NE(*driver_->FlowTo(Transport::kTcp, other.LocalAddress()), first);
  EXPECT_EQ(driver_->counters().connections_opened, 2u);
}

TEST_F(DriverTcpTest, AConnectionThatThePeerOpenedIsUsedToo) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(kTcpRequest).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(*driver_->FlowTo(Transport::kTcp, peer.LocalAddress()), handler_.messages[0].origin.flow);
}

TEST_F(DriverTcpTest, APeerMayOpenASecondConnection) {
  SANSIP_SHOWS("3261-18.1.1-16");
  Start();
  AnswerEverything();
  const SocketAddress here = Listen(Transport::kTcp);
  Socket first = ConnectTo(here);
  Socket second = ConnectTo(here);
  const std::string answer = Response("SIP/2.0/UDP h");
  for (Socket* peer : {&first, &second}) {
    ASSERT_TRUE(peer->Write(kTcpRequest).ok());
    EXPECT_EQ(ReadAt(*peer, answer.size()), answer);
  }
  EXPECT_NE(handler_.messages[0].origin.flow, handler_.messages[1].origin.flow);
}

TEST_F(DriverTcpTest, ResponsesComeOverTheRequestsConnection) {
  SANSIP_SHOWS("3261-18.1.1-9");
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  driver_->Send(flow, {}, kTcpRequest);
  Socket connection = AcceptAt(listener);
  ReadAt(connection, kTcpRequest.size());
  ASSERT_TRUE(connection.Write(Response("SIP/2.0/TCP h")).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_EQ(handler_.messages[0].origin.flow, flow);
}

TEST_F(DriverTcpTest, SentByIsWhereConnectionsAreAccepted) {
  // sent-by is an address with a port, so 18.1.1-11's procedures lead there too (RFC 3263 5).
  SANSIP_SHOWS("3261-18.1.1-7", "3261-18.1.1-10", "3261-18.1.1-11");
  Start();
  const SocketAddress here = Listen(Transport::kTcp);
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  const std::optional<Path> path = driver_->PathFor(flow);
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->sent_by.host, "127.0.0.1");
  EXPECT_EQ(path->sent_by.port, here.port);
  driver_->Send(flow, {}, kTcpRequest);
  // The server closes and answers over a connection of its own.
  {
    Socket connection = AcceptAt(listener);
    ReadAt(connection, kTcpRequest.size());
  }
  Socket back = ConnectTo(Loopback(path->sent_by.port));
  const std::string via = "SIP/2.0/TCP 127.0.0.1:" + std::to_string(here.port) + ";branch=z9hG4bKa";
  ASSERT_TRUE(back.Write(Response(via)).ok());
  ASSERT_TRUE(UntilMessages(1));
  EXPECT_TRUE(IsOwn(handler_.messages[0].origin, via));
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverTcpTest, WithoutAListenerSentByIsTheConnectionsOwnPort) {
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  const std::optional<Path> path = driver_->PathFor(flow);
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->sent_by.port, connection.PeerAddress().port);
  const Origin origin{.flow = flow, .transport = Transport::kTcp, .source = listener.LocalAddress()};
  EXPECT_TRUE(IsOwn(origin, "SIP/2.0/TCP 127.0.0.1:" + std::to_string(path->sent_by.port)));
  EXPECT_FALSE(IsOwn(origin, "SIP/2.0/TCP 127.0.0.1:" + std::to_string(path->sent_by.port ^ 1)));
}

TEST_F(DriverTcpTest, SentByOfAWildcardListener) {
  Start();
  const SocketAddress here = Listen(Transport::kTcp, *ParseIp("0.0.0.0", 0));
  Socket listener = Listener();
  const std::optional<Path> path =
      driver_->PathFor(*driver_->FlowTo(Transport::kTcp, listener.LocalAddress()));
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->sent_by.host, "127.0.0.1");
  EXPECT_EQ(path->sent_by.port, here.port);
}

TEST_F(DriverTcpTest, ConnectionsLeaveFromTheListenersAddress) {
  Start();
  Listen(Transport::kTcp, *ParseIp("127.0.0.3", 0));
  Socket listener = Listener();
  ASSERT_TRUE(driver_->FlowTo(Transport::kTcp, listener.LocalAddress()).ok());
  Socket connection = AcceptAt(listener);
  SocketAddress from = connection.PeerAddress();
  from.port = 0;
  EXPECT_EQ(from, *ParseIp("127.0.0.3", 0));
}

TEST_F(DriverTcpTest, AHalfClosedPeerStillGetsItsAnswer) {
  SANSIP_SHOWS("3261-18.2.2-2");
  Start();
  handler_.refers_to_all = true;
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(kTcpRequest).ok());
  peer.ShutdownWrite();
  ASSERT_TRUE(UntilMessages(1));
  for (int i = 0; i < 5; ++i) Step();
  driver_->Send(handler_.messages[0].origin.flow, {}, "answer");
  EXPECT_EQ(ReadAt(peer, 6), "answer");
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverTcpTest, AHalfClosedConnectionIsNotUsedForNewRequests) {
  Start();
  Listen(Transport::kTcp);
  handler_.refers_to_all = true;
  Socket listener = Listener();
  const FlowId first = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  Socket connection = AcceptAt(listener);
  connection.ShutdownWrite();
  ASSERT_TRUE(Until([&] { return *driver_->FlowTo(Transport::kTcp, listener.LocalAddress()) != first; }));
  EXPECT_EQ(driver_->counters().connections_opened, 2u);
}

TEST_F(DriverTcpTest, AnEndWithNothingOpenClosesQuietly) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(kTcpRequest).ok());
  peer.ShutdownWrite();
  EXPECT_EQ(EndAt(peer), IoError::kClosed);
  EXPECT_EQ(driver_->connections(), 0u);
  EXPECT_TRUE(handler_.failures.empty());
  EXPECT_EQ(handler_.messages.size(), 1u);
}

TEST_F(DriverTcpTest, WithoutAConnectionTheAnswerGoesToTheSentByPort) {
  SANSIP_SHOWS("3261-18.2.2-3", "3263-5-2");
  Start();
  handler_.refers_to_all = true;
  handler_.then = [this](const Origin& origin, std::string_view bytes) { ResponseFlow(origin, bytes); };
  const SocketAddress here = Listen(Transport::kTcp);
  Socket listener = Listener();
  const std::string via = "SIP/2.0/TCP pc.example.com:" + std::to_string(listener.LocalAddress().port);
  {
    Socket peer = ConnectTo(here);
    ASSERT_TRUE(peer.Write(Request(via)).ok());
    ASSERT_TRUE(UntilMessages(1));
    peer.Abort();  // known to be gone before there is an answer
  }
  ASSERT_TRUE(UntilFailures(1));
  EXPECT_EQ(handler_.failures[0].error, SendError::kReset);
  const FlowId flow = handler_.messages[0].origin.flow;
  driver_->Send(flow, {}, "ringing ");
  driver_->Send(flow, {}, "answer");
  Socket back = AcceptAt(listener);
  EXPECT_EQ(ReadAt(back, 14), "ringing answer");
  EXPECT_EQ(driver_->counters().fall_backs, 1u);
}

TEST_F(DriverTcpTest, AnAnswerWrittenToAClosedPeerGoesToTheSentByPort) {
  SANSIP_SHOWS("3261-18.2.2-3");
  Start();
  handler_.refers_to_all = true;
  handler_.then = [this](const Origin& origin, std::string_view bytes) { ResponseFlow(origin, bytes); };
  const SocketAddress here = Listen(Transport::kTcp);
  Socket listener = Listener();
  {
    Socket peer = ConnectTo(here);
    const std::string via = "SIP/2.0/TCP pc.example.com:" + std::to_string(listener.LocalAddress().port);
    ASSERT_TRUE(peer.Write(Request(via)).ok());
    ASSERT_TRUE(UntilMessages(1));
  }  // in order: it looks half-closed until something is written
  for (int i = 0; i < 5; ++i) Step();
  driver_->Send(handler_.messages[0].origin.flow, {}, "answer");
  Socket back = AcceptAt(listener);
  EXPECT_EQ(ReadAt(back, 6), "answer");
  EXPECT_TRUE(handler_.failures.empty());
}

TEST_F(DriverTcpTest, ABrokenConnectionIsOpenedAgainToWhereItWent) {
  Start();
  Socket listener = Listener();
  const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
  AcceptAt(listener).Abort();
  ASSERT_TRUE(UntilFailures(1));
  driver_->Send(flow, {}, "again");
  Socket connection = AcceptAt(listener);
  EXPECT_EQ(ReadAt(connection, 5), "again");
}

TEST_F(DriverTcpTest, AnswersToAnUnreadableStreamArriveBeforeItsEnd) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  handler_.then_unreadable = [this](const Origin& origin) { driver_->Send(origin.flow, {}, "400"); };
  const std::string no_length = "OPTIONS sip:here SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\n";
  ASSERT_TRUE(peer.Write(kTcpRequest + no_length + "and more that is never read").ok());
  EXPECT_EQ(ReadAt(peer, 3), "400");
  EXPECT_EQ(EndAt(peer), IoError::kClosed);
  ASSERT_EQ(handler_.unreadable.size(), 1u);
  EXPECT_EQ(handler_.unreadable[0].bytes, no_length);
  EXPECT_EQ(handler_.unreadable_code, ParseCode::kMissingContentLength);
  EXPECT_EQ(handler_.messages.size(), 1u);
  peer.Close();
  EXPECT_TRUE(Until([&] { return driver_->connections() == 0; }));
  EXPECT_EQ(driver_->counters().streams_unreadable, 1u);
}

TEST_F(DriverTcpTest, EndlessHeadersAreRefusedAtTheLimit) {
  Start({.stream_limits = {.message_bytes_max = 4096}});
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  const std::string line = "X-Filler: 0123456789\r\n";
  std::string sent = "OPTIONS sip:here SIP/2.0\r\n";
  while (sent.size() < 100000) sent += line;
  peer.Write(sent);
  ASSERT_TRUE(Until([&] { return !handler_.unreadable.empty(); }));
  EXPECT_LE(handler_.unreadable[0].bytes.size(), 4096u);
  EXPECT_TRUE(handler_.messages.empty());
}

TEST_F(DriverTcpTest, GarbageIsRefusedAndClosed) {
  Start();
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n\n", 14)).ok());
  EXPECT_EQ(EndAt(peer), IoError::kClosed);
  EXPECT_TRUE(handler_.messages.empty());
  EXPECT_EQ(handler_.unreadable.size(), 1u);
}

TEST_F(DriverTcpTest, TheHandlerMayOpenAndSendFromItsOwnCalls) {
  Start();
  Socket listener = Listener();
  handler_.then = [&](const Origin&, std::string_view) {
    const FlowId flow = *driver_->FlowTo(Transport::kTcp, listener.LocalAddress());
    driver_->Send(flow, {}, "relayed");
  };
  Socket peer = ConnectTo(Listen(Transport::kTcp));
  ASSERT_TRUE(peer.Write(kTcpRequest).ok());
  Socket relayed = AcceptAt(listener);
  EXPECT_EQ(ReadAt(relayed, 7), "relayed");
}

}  // namespace
}  // namespace sansip
