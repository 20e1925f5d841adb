// Two transaction layers on real sockets: an executor, a driver and a layer each, on one event loop.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/action/action.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/tests/support/shows.h"
#include "sansip/transport/epoll_driver.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/executor.h"
#include "sansip/transport/os_random.h"
#include "sansip/transport/socket.h"

namespace sansip {
namespace {

using LayerExecutor = Executor<TransactionLayer, Action>;
using std::chrono::milliseconds;

SocketAddress Loopback(std::uint16_t port = 0) { return *ParseIp("127.0.0.1", port); }

// Sends requests; answers every request but ACK with 200.
class Node final : public LayerExecutor::User {
 public:
  explicit Node(EventLoop* loop) : layer_({}, random_), executor_(loop, &layer_, this) {
    driver_ = std::move(*SipDriver::Create(loop, &executor_));
    executor_.Attach(driver_.get());
  }

  SocketAddress Listen(Transport transport, const SocketAddress& local = Loopback()) {
    return *driver_->Listen(transport, local);
  }

  void SendRequest(Method method, Transport transport, const SocketAddress& to, std::size_t body_bytes = 0) {
    std::optional<Path> path = driver_->PathFor(*driver_->FlowTo(transport, to));
    ASSERT_TRUE(path.has_value());
    path->request_bytes_max = 0;  // as an older peer would, that knows nothing of RFC 3261 18.1.1
    const std::string cseq = "1 " + std::string(MethodName(method));
    const std::string body(body_bytes, 'b');
    const HeaderLine headers[] = {{HeaderId::kMaxForwards, "70"},
                                  {HeaderId::kFrom, "<sip:a@example.com>;tag=1"},
                                  {HeaderId::kTo, "<sip:b@example.com>"},
                                  {HeaderId::kCallId, "c@example.com"},
                                  {HeaderId::kCSeq, cseq}};
    const RequestDraft draft{
        .method = method, .request_uri = "sip:b@example.com", .headers = headers, .body = body};
    const Started started = executor_.Call(
        [&](Instant now, ActionSink& out) { return layer_.SendRequest(now, *path, draft, Cookie{1}, out); });
    ASSERT_EQ(started.error, StartError::kNone);
  }

  void Execute(Instant, const Action& action) override {
    if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      requests.emplace_back(request->request->bytes());
      if (!request->id.is_nil()) unanswered_.push_back(request->id);
    } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
      statuses.push_back(response->response->status_code());
      via = std::string(*response->response->First(HeaderId::kVia));
    } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
      failure = failed->reason;
      error = executor_.last_error();
    }
  }
  void React(Instant) override {
    for (const TransactionId id : std::exchange(unanswered_, {})) {
      executor_.Call([&](Instant now, ActionSink& out) {
        EXPECT_EQ(layer_.SendResponse(now, id, {.status_code = 200, .to_tag = "2"}, out),
                  RespondError::kNone);
      });
    }
  }

  void Step(Instant until) { executor_.Step(until); }
  const SipDriver& driver() const { return *driver_; }

  std::vector<std::string> requests;
  std::vector<int> statuses;
  std::string via;  // of the latest response
  std::optional<FailureReason> failure;
  SendError error = SendError::kOther;

 private:
  OsRandom random_;
  TransactionLayer layer_;
  LayerExecutor executor_;
  std::unique_ptr<SipDriver> driver_;
  std::vector<TransactionId> unanswered_;
};

class TransactionsOnSockets : public testing::Test {
 protected:
  TransactionsOnSockets() : loop_(*EventLoop::Create()), client_(&loop_), server_(&loop_) {}

  bool Until(const std::function<bool()>& done) {
    const Instant end = loop_.Now() + std::chrono::seconds(5);
    while (!done()) {
      if (loop_.Now() > end) return false;
      client_.Step(loop_.Now() + milliseconds(2));
      server_.Step(loop_.Now() + milliseconds(2));
    }
    return true;
  }

  EventLoop loop_;
  Node client_;
  Node server_;
};

TEST_F(TransactionsOnSockets, ARequestIsAnsweredOverUdpAndOverTcp) {
  SANSIP_SHOWS("3261-18-3", "3261-18.1.2-2");
  for (const Transport transport : {Transport::kUdp, Transport::kTcp}) {
    client_.Listen(transport);
    const SocketAddress server = server_.Listen(transport);
    client_.statuses.clear();
    client_.SendRequest(Method::kOptions, transport, server);
    ASSERT_TRUE(Until([&] { return !client_.statuses.empty(); })) << TransportName(transport);
    EXPECT_EQ(client_.statuses, std::vector<int>{200});
  }
  EXPECT_EQ(server_.requests.size(), 2u);
}

TEST_F(TransactionsOnSockets, TheResponsesViaHasReceivedAndRport) {
  SANSIP_SHOWS("3581-3-1", "3581-3-2", "3581-4-1", "3581-4-2");
  const SocketAddress client = client_.Listen(Transport::kUdp);
  client_.SendRequest(Method::kOptions, Transport::kUdp, server_.Listen(Transport::kUdp));
  ASSERT_TRUE(Until([&] { return !client_.statuses.empty(); }));
  EXPECT_NE(server_.requests[0].find(";rport"), std::string::npos);
  EXPECT_EQ(server_.requests[0].find(";rport="), std::string::npos);
  EXPECT_NE(client_.via.find(";rport=" + std::to_string(client.port)), std::string::npos);
  EXPECT_NE(client_.via.find(";received=127.0.0.1"), std::string::npos);
}

TEST_F(TransactionsOnSockets, ALargeRequestOverTcpIsHandled) {
  SANSIP_SHOWS("3261-18-4");
  client_.Listen(Transport::kTcp);
  client_.SendRequest(Method::kOptions, Transport::kTcp, server_.Listen(Transport::kTcp), 40000);
  ASSERT_TRUE(Until([&] { return !client_.statuses.empty(); }));
  EXPECT_GT(server_.requests[0].size(), 40000u);
}

TEST_F(TransactionsOnSockets, ALargeRequestInOneDatagramIsHandled) {
  SANSIP_SHOWS("3261-18.1.1-3");
  client_.Listen(Transport::kUdp);
  client_.SendRequest(Method::kOptions, Transport::kUdp, server_.Listen(Transport::kUdp), 60000);
  ASSERT_TRUE(Until([&] { return !client_.statuses.empty(); }));
  EXPECT_EQ(server_.requests[0].substr(server_.requests[0].size() - 60000), std::string(60000, 'b'));
}

TEST_F(TransactionsOnSockets, ADeadPortFailsTheTransactionSoon) {
  SANSIP_SHOWS("3261-18.4-1", "3261-18.4-3");
  for (const Transport transport : {Transport::kUdp, Transport::kTcp}) {
    client_.Listen(transport);
    const SocketAddress dead = transport == Transport::kUdp ? Socket::BindUdp(Loopback())->LocalAddress()
                                                            : Socket::ListenTcp(Loopback())->LocalAddress();
    client_.failure.reset();
    const Instant begin = loop_.Now();
    client_.SendRequest(Method::kInvite, transport, dead);
    ASSERT_TRUE(Until([&] { return client_.failure.has_value(); })) << TransportName(transport);
    EXPECT_EQ(client_.failure, FailureReason::kTransportError);
    EXPECT_EQ(client_.error, SendError::kRefused);
    EXPECT_LT(loop_.Now() - begin, std::chrono::seconds(2));
  }
}

TEST_F(TransactionsOnSockets, ManyRequestsOverOneConnection) {
  client_.Listen(Transport::kTcp);
  const SocketAddress server = server_.Listen(Transport::kTcp);
  for (int i = 0; i < 200; ++i) client_.SendRequest(Method::kOptions, Transport::kTcp, server);
  ASSERT_TRUE(Until([&] { return client_.statuses.size() == 200; }));
  EXPECT_EQ(server_.driver().counters().connections_accepted, 1u);
}

// RFC 3261 18.3: what is shorter than its Content-Length.
TEST_F(TransactionsOnSockets, AShortRequestIsAnswered400AndAShortResponseIsIgnored) {
  SANSIP_SHOWS("3261-18.3-2", "3261-18.3-3");
  const SocketAddress server = server_.Listen(Transport::kUdp);
  Socket peer = std::move(*Socket::BindUdp(Loopback()));
  const std::string headers =
      "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKshort\r\nMax-Forwards: 70\r\n"
      "From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
      "Content-Length: 9999\r\n\r\nshort";
  ASSERT_TRUE(peer.SendTo("SIP/2.0 200 OK\r\n" + headers, server).ok());
  ASSERT_TRUE(peer.SendTo("INVITE sip:b@h SIP/2.0\r\n" + headers, server).ok());
  std::vector<char> into(65536);
  IoResult result;
  SocketAddress source;
  ASSERT_TRUE(Until([&] {
    result = peer.ReceiveFrom(into, source);
    return result.ok();
  }));
  EXPECT_EQ(std::string_view(into.data(), result.count).substr(0, 12), "SIP/2.0 400 ");
  EXPECT_TRUE(server_.requests.empty());
  EXPECT_TRUE(server_.statuses.empty());
}

}  // namespace
}  // namespace sansip
