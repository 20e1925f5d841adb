#include "sansip/transport/executor.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"
#include "sansip/transport/driver_fixture.h"

namespace sansip {
namespace {

using std::chrono::milliseconds;

// Notes its inputs; what it answers is up to the test.
class ScriptedCore {
 public:
  static constexpr std::size_t kActionsPerEventMax = 4;

  void OnMessage(Instant, const Origin& origin, const MessageView& message, ActionSink& out) {
    Note("message", out);
    origins.push_back(origin);
    if (message.is_response()) return;
    out.Append(action::Transmit{origin.flow, {}, "trying"});
    out.Append(action::DeliverRequest{{}, &message});
  }
  void OnUnparsable(Instant, const Origin& origin, std::string_view, ParseError error, ActionSink& out) {
    Note("unparsable", out);
    origins.push_back(origin);
    code = error.code;
    out.Append(action::Transmit{origin.flow, {}, "bad"});
  }
  void OnTransportError(Instant, TransactionId id, ActionSink& out) {
    Note("send failed", out);
    failed = id;
    out.Append(action::Failed{id, {}, FailureReason::kTransportError});
  }
  void OnFlowFailed(Instant, FlowId flow, ActionSink& out) {
    Note("flow failed", out);
    failed_flow = flow;
    out.Append(action::Failed{{}, {}, FailureReason::kTransportError});
  }
  void OnDeadline(Instant now, ActionSink& out) {
    Note("deadline", out);
    EXPECT_GE(now, deadline);
    deadline = kNever;
  }
  Instant next_deadline() const { return deadline; }
  bool Refers(FlowId) const { return false; }

  // A verb.
  int Send(FlowId flow, std::string_view wire, ActionSink& out) {
    Note("verb", out);
    out.Append(action::Transmit{flow, {}, wire});
    return 42;
  }

  std::vector<std::string> inputs;
  std::vector<Origin> origins;
  ParseCode code = ParseCode::kNone;
  TransactionId failed;
  FlowId failed_flow;
  Instant deadline = kNever;

 private:
  void Note(std::string_view input, const ActionSink& out) {
    EXPECT_TRUE(out.empty()) << "law 2";
    EXPECT_GE(out.capacity(), kActionsPerEventMax);
    inputs.emplace_back(input);
  }
};

using CoreExecutor = Executor<ScriptedCore, Action>;

struct NotingUser final : CoreExecutor::User {
  void Execute(Instant, const Action& action) override {
    actions.push_back(action);
    if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      methods.emplace_back(request->request->method_text());
    }
    if (execute) execute();
  }
  void React(Instant) override {
    ++reactions;
    if (react) react();
  }
  std::vector<Action> actions;
  std::vector<std::string> methods;
  int reactions = 0;
  std::function<void()> execute;
  std::function<void()> react;
};

class ExecutorTest : public testing::Test {
 protected:
  ExecutorTest() : loop_(*EventLoop::Create()), executor_(&loop_, &core_, &user_) {
    driver_ = std::move(*SipDriver::Create(&loop_, &executor_));
    executor_.Attach(driver_.get());
    here_ = *driver_->Listen(Transport::kUdp, Loopback());
    peer_ = std::move(*Socket::BindUdp(Loopback()));
  }

  bool Until(const std::function<bool()>& done) {
    const Instant end = loop_.Now() + std::chrono::seconds(5);
    while (!done()) {
      if (loop_.Now() > end) return false;
      executor_.Step(loop_.Now() + milliseconds(10));
    }
    return true;
  }
  std::string Receive() {
    std::vector<char> into(2000);
    IoResult result;
    SocketAddress source;
    Until([&] {
      result = peer_.ReceiveFrom(into, source);
      return result.ok();
    });
    return {into.data(), result.count};
  }
  bool UntilInput(std::string_view input) {
    return Until([&] { return !core_.inputs.empty() && core_.inputs.back() == input; });
  }

  EventLoop loop_;
  ScriptedCore core_;
  NotingUser user_;
  CoreExecutor executor_;
  std::unique_ptr<SipDriver> driver_;
  SocketAddress here_;
  Socket peer_;
};

TEST_F(ExecutorTest, AMessageIsAnInputAndItsActionsAreExecuted) {
  ASSERT_TRUE(peer_.SendTo(Request("SIP/2.0/UDP h;rport"), here_).ok());
  EXPECT_EQ(Receive(), "trying");
  EXPECT_EQ(core_.inputs, std::vector<std::string>{"message"});
  ASSERT_EQ(user_.actions.size(), 1u);  // the Transmit is the driver's
  EXPECT_EQ(user_.methods, std::vector<std::string>{"OPTIONS"});
  EXPECT_EQ(user_.reactions, 1);
}

TEST_F(ExecutorTest, TheUserReactsAfterAllActionsWithTheMessageStillThere) {
  user_.react = [&] {
    ASSERT_EQ(user_.actions.size(), 1u);
    const MessageView* request = std::get<action::DeliverRequest>(user_.actions[0]).request;
    EXPECT_EQ(request->method_text(), "OPTIONS");
    const FlowId flow = core_.origins[0].flow;
    EXPECT_EQ(executor_.Call([&](Instant, ActionSink& out) { return core_.Send(flow, "answer", out); }), 42);
  };
  ASSERT_TRUE(peer_.SendTo(Request("SIP/2.0/UDP h;rport"), here_).ok());
  EXPECT_EQ(Receive(), "trying");
  EXPECT_EQ(Receive(), "answer");
  EXPECT_EQ(user_.reactions, 1);  // the verb brought nothing new for the user
}

TEST_F(ExecutorTest, ReactionsGoOnWhileTheyBringNews) {
  user_.react = [&] {
    if (user_.reactions > 2) return;
    executor_.Call([](Instant, ActionSink& out) { out.Append(action::Gone{}); });
    EXPECT_EQ(user_.actions.size(), static_cast<std::size_t>(user_.reactions) + 1);
  };
  executor_.Call([](Instant, ActionSink& out) { out.Append(action::Gone{}); });
  EXPECT_EQ(user_.reactions, 3);
}

TEST_F(ExecutorTest, CallingTheCoreWhileActionsAreExecutedIsOurBug) {
  user_.execute = [&] { executor_.Call([](Instant, ActionSink&) {}); };
  EXPECT_DEATH(executor_.Call([](Instant, ActionSink& out) { out.Append(action::Gone{}); }), "is_executing_");
}

TEST_F(ExecutorTest, AResponseWithAForeignSentByIsDropped) {
  SANSIP_SHOWS("3261-18.1.2-1");
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, peer_.LocalAddress());
  const std::optional<Path> path = driver_->PathFor(flow);
  const std::string own = "SIP/2.0/UDP 127.0.0.1:" + std::to_string(path->sent_by.port) + ";branch=z9hG4bKa";
  ASSERT_TRUE(peer_.SendTo(Response("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa"), here_).ok());
  ASSERT_TRUE(peer_.SendTo(Response(own), here_).ok());
  ASSERT_TRUE(UntilInput("message"));
  EXPECT_EQ(core_.inputs.size(), 1u);
  EXPECT_EQ(executor_.counters().foreign_responses, 1u);
}

TEST_F(ExecutorTest, WhatCannotBeParsedIsAnsweredWhereItsViaSays) {
  Socket named = std::move(*Socket::BindUdp(Loopback()));
  std::string request = Request("SIP/2.0/UDP h:" + std::to_string(named.LocalAddress().port), 3);
  request.pop_back();  // shorter than its Content-Length: RFC 3261 18.3
  ASSERT_TRUE(peer_.SendTo(request, here_).ok());
  ASSERT_TRUE(UntilInput("unparsable"));
  EXPECT_EQ(core_.code, ParseCode::kContentLengthMismatch);
  std::vector<char> into(100);
  SocketAddress source;
  ASSERT_TRUE(Until([&] { return named.ReceiveFrom(into, source).ok(); }));
  EXPECT_EQ(source, here_);
}

TEST_F(ExecutorTest, GarbageIsUnparsable) {
  ASSERT_TRUE(peer_.SendTo("\x04\x02garbage", here_).ok());
  ASSERT_TRUE(UntilInput("unparsable"));
  EXPECT_EQ(Receive(), "bad");
}

TEST_F(ExecutorTest, DeadlinesAreMetAndNotBefore) {
  const Instant deadline = loop_.Now() + milliseconds(30);
  core_.deadline = deadline;
  executor_.Step(loop_.Now() + milliseconds(5));
  EXPECT_TRUE(core_.inputs.empty());
  while (core_.inputs.empty()) executor_.Step(kNever);
  EXPECT_GE(loop_.Now(), deadline);
  EXPECT_EQ(core_.inputs, std::vector<std::string>{"deadline"});
}

TEST_F(ExecutorTest, FailuresAreInputsWithTheirReason) {
  const TransactionId id{.slot = 3, .generation = 1};
  const FlowId stale{.slot = 9, .generation = 9};
  executor_.Call([&](Instant, ActionSink& out) { out.Append(action::Transmit{stale, id, "x"}); });
  ASSERT_TRUE(UntilInput("send failed"));
  EXPECT_EQ(core_.failed, id);
  EXPECT_EQ(executor_.last_error(), SendError::kStaleFlow);
  EXPECT_TRUE(std::holds_alternative<action::Failed>(user_.actions[0]));

  const SocketAddress dead = Socket::BindUdp(Loopback())->LocalAddress();
  const FlowId flow = *driver_->FlowTo(Transport::kUdp, dead);
  executor_.Call([&](Instant, ActionSink& out) { out.Append(action::Transmit{flow, id, "x"}); });
  ASSERT_TRUE(UntilInput("flow failed"));
  EXPECT_EQ(core_.failed_flow, flow);
  EXPECT_EQ(executor_.last_error(), SendError::kRefused);
}

TEST_F(ExecutorTest, AStreamThatCannotBeReadIsUnparsable) {
  const SocketAddress here = *driver_->Listen(Transport::kTcp, Loopback());
  Socket peer;
  Socket::ConnectTcp(here, std::nullopt, peer);
  ASSERT_TRUE(Until([&] { return peer.PeerAddress().family != SocketAddress::Family::kNone; }));
  ASSERT_TRUE(peer.Write("OPTIONS sip:here SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\n").ok());
  ASSERT_TRUE(UntilInput("unparsable"));
  EXPECT_EQ(core_.code, ParseCode::kMissingContentLength);
}

}  // namespace
}  // namespace sansip
