// A SipDriver on the loopback interface, a handler that records, and plain sockets as its peers.
#ifndef SANSIP_TRANSPORT_DRIVER_FIXTURE_H_
#define SANSIP_TRANSPORT_DRIVER_FIXTURE_H_

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"
#include "sansip/transport/epoll_driver.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/socket.h"

namespace sansip {

inline SocketAddress Loopback(std::uint16_t port = 0) { return *ParseIp("127.0.0.1", port); }

inline std::string Request(std::string_view via, std::size_t body_bytes = 0) {
  std::string text = "OPTIONS sip:here SIP/2.0\r\nVia: " + std::string(via) +
                     "\r\nMax-Forwards: 70\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n"
                     "CSeq: 1 OPTIONS\r\nContent-Length: ";
  return text + std::to_string(body_bytes) + "\r\n\r\n" + std::string(body_bytes, 'b');
}

inline const std::string kTcpRequest = Request("SIP/2.0/TCP h;branch=z9hG4bKa", 3);

inline std::string Response(std::string_view via) {
  return "SIP/2.0 200 OK\r\nVia: " + std::string(via) +
         "\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
         "Content-Length: 0\r\n\r\n";
}

struct Recorder final : SipDriver::Handler {
  struct Message {
    Origin origin;
    std::string bytes;
  };
  struct Failure {
    FlowId flow;
    TransactionId transaction;  // nil: of the flow
    SendError error;
  };

  void OnMessage(Instant, const Origin& origin, std::string_view bytes) override {
    messages.push_back({origin, std::string(bytes)});
    if (then) then(origin, bytes);
  }
  void OnUnreadable(Instant, const Origin& origin, std::string_view bytes, ParseError error) override {
    unreadable.push_back({origin, std::string(bytes)});
    unreadable_code = error.code;
    if (then_unreadable) then_unreadable(origin);
  }
  void OnSendFailed(Instant, FlowId flow, TransactionId id, SendError error) override {
    failures.push_back({flow, id, error});
  }
  void OnFlowFailed(Instant, FlowId flow, SendError error) override {
    failures.push_back({flow, {}, error});
    if (then_failed) then_failed(flow);
  }
  void OnKeepAliveAnswered(Instant, FlowId flow) override { alive.push_back(flow); }
  bool Refers(FlowId flow) const override { return refers_to_all || in_use.count(flow) > 0; }

  std::vector<Message> messages;
  std::vector<Message> unreadable;
  ParseCode unreadable_code = ParseCode::kNone;
  std::vector<Failure> failures;
  std::vector<FlowId> alive;
  std::set<FlowId> in_use;
  bool refers_to_all = false;
  std::function<void(const Origin&, std::string_view)> then;
  std::function<void(const Origin&)> then_unreadable;
  std::function<void(FlowId)> then_failed;
};

class DriverTest : public testing::Test {
 protected:
  DriverTest() : loop_(*EventLoop::Create()) {}

  void Start(const DriverOptions& options = {}) {
    auto driver = SipDriver::Create(&loop_, &handler_, options);
    ASSERT_TRUE(driver.ok()) << driver.status();
    driver_ = std::move(*driver);
  }

  SocketAddress Listen(Transport transport, const SocketAddress& local = Loopback()) {
    const absl::StatusOr<SocketAddress> bound = driver_->Listen(transport, local);
    EXPECT_TRUE(bound.ok()) << bound.status();
    return *bound;
  }

  void Step(Duration most = std::chrono::milliseconds(10)) {
    loop_.Wait(std::min(loop_.Now() + most, driver_->next_deadline()));
    driver_->OnDeadline(loop_.Now());
  }
  // Turns the loop until `done`; false after five seconds.
  bool Until(const std::function<bool()>& done) {
    const Instant end = loop_.Now() + std::chrono::seconds(5);
    while (!done()) {
      if (loop_.Now() > end) return false;
      Step();
    }
    return true;
  }
  bool UntilMessages(std::size_t count) {
    return Until([&] { return handler_.messages.size() >= count; });
  }
  bool UntilFailures(std::size_t count) {
    return Until([&] { return handler_.failures.size() >= count; });
  }

  // What arrives at a peer's socket, turning the loop meanwhile.
  std::string ReceiveAt(Socket& peer, SocketAddress* source = nullptr) {
    std::vector<char> into(65536);
    IoResult result;
    SocketAddress from;
    const bool arrived = Until([&] {
      result = peer.ReceiveFrom(into, from);
      return result.ok();
    });
    EXPECT_TRUE(arrived) << "no datagram";
    if (source != nullptr) *source = from;
    return {into.data(), result.count};
  }
  // Reads from a stream until `bytes` are there or it ends.
  std::string ReadAt(Socket& peer, std::size_t bytes) {
    std::string text;
    std::vector<char> into(65536);
    Until([&] {
      const IoResult result = peer.Read(std::span(into).first(std::min(into.size(), bytes - text.size())));
      text.append(into.data(), result.count);
      return text.size() == bytes || (!result.ok() && result.error != IoError::kWouldBlock);
    });
    return text;
  }
  // How the stream ended for the peer: kClosed or kReset.
  IoError EndAt(Socket& peer) {
    std::vector<char> into(65536);
    IoResult result;
    Until([&] {
      result = peer.Read(into);
      return !result.ok() && result.error != IoError::kWouldBlock;
    });
    return result.error;
  }
  Socket ConnectTo(const SocketAddress& remote) {
    Socket peer;
    EXPECT_LE(Socket::ConnectTcp(remote, std::nullopt, peer).error, IoError::kWouldBlock);
    EXPECT_TRUE(Until([&] { return peer.PeerAddress().family != SocketAddress::Family::kNone; }));
    return peer;
  }
  Socket AcceptAt(Socket& listener) {
    Socket connection;
    SocketAddress peer;
    EXPECT_TRUE(Until([&] { return listener.Accept(connection, peer).ok(); }));
    return connection;
  }

  // What the executor does with a request: the flow that its response goes out on.
  FlowId ResponseFlow(const Origin& origin, std::string_view bytes) {
    MessageIndex index;
    const Framing framing = IsReliable(origin.transport) ? Framing::kStream : Framing::kDatagram;
    EXPECT_TRUE(Parser().Parse(bytes, framing, index).ok());
    Via via;
    EXPECT_TRUE(TopVia(MessageView(bytes, index), via));
    return driver_->ResponseFlow(origin, via);
  }
  void AnswerEverything() {
    handler_.then = [this](const Origin& origin, std::string_view bytes) {
      driver_->Send(ResponseFlow(origin, bytes), {}, Response("SIP/2.0/UDP h"));
    };
  }
  bool IsOwn(const Origin& origin, std::string_view via_text) {
    Via via;
    EXPECT_TRUE(ParseVia(via_text, via, nullptr).ok());
    return driver_->IsOwnSentBy(origin, via);
  }

  EventLoop loop_;
  Recorder handler_;
  std::unique_ptr<SipDriver> driver_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_DRIVER_FIXTURE_H_
