// Where a core meets its sockets: bytes become inputs of the core, and the core's actions become bytes. A
// program's main owns an EventLoop, a core, an Executor and a SipDriver, and calls Step() until it is done:
//
//   auto loop = EventLoop::Create();
//   TransactionLayer layer(options, random);
//   Executor<TransactionLayer, Action> executor(&*loop, &layer, &user);
//   auto driver = SipDriver::Create(&*loop, &executor);
//   executor.Attach(driver->get());
//   while (!done) executor.Step(kNever);
//
// Core is TransactionLayer or anything with its inputs (OnMessage, OnUnparsable, OnTransportError,
// OnFlowFailed, OnDeadline, next_deadline, Refers, kActionsPerEventMax; OnKeepAliveAnswered if it wants to
// know) and an action A that is a variant with action::Transmit. To record inputs or to draw them, give a
// Core that wraps the real one.
//
// Laws 2 and 5 of the border are kept here. All actions of an event are executed, in their order, before the
// core is called again: Transmits by the driver, the others by User::Execute, which notes what it needs and
// may not call the core. Then User::React may, through Call(). Nothing recurses.
#ifndef SANSIP_TRANSPORT_EXECUTOR_H_
#define SANSIP_TRANSPORT_EXECUTOR_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sansip/core/action/action.h"
#include "sansip/core/action/sink.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"
#include "sansip/transport/epoll_driver.h"
#include "sansip/transport/event_loop.h"

namespace sansip {

struct ExecutorCounters {
  std::uint64_t foreign_responses = 0;  // RFC 3261 18.1.2: a sent-by that is not ours; dropped
  std::uint64_t flowless_requests = 0;  // no flow for the response was to be had (FlowLimits); dropped
};

// What to do with bytes that arrived.
struct Reception {
  enum class Verdict : std::uint8_t { kMessage, kUnparsable, kForeignResponse, kNoFlow };
  Verdict verdict = Verdict::kMessage;
  Origin origin;     // with the flow that responses to it go out on
  ParseError error;  // kUnparsable
};
// Parses into `index` and applies the rules of the top Via (RFC 3261 18.1.2, 18.2.2).
Reception Receive(SipDriver& driver, const Parser& parser, const Origin& origin, std::string_view bytes,
                  MessageIndex& index);

template <typename Core, typename A>
class Executor final : public SipDriver::Handler {
 public:
  class User {
   public:
    virtual ~User() = default;
    // Any action but Transmit. No Call() from here: views in the action end with the next call of the core.
    virtual void Execute(Instant now, const A& action) = 0;
    // After the actions of an event: Call() what they ask for. Called again while that brings new actions.
    // The message that an event came with is still there.
    virtual void React(Instant now) = 0;
  };

  // All must outlive the executor.
  Executor(EventLoop* loop, Core* core, User* user, const Parser& parser = Parser())
      : loop_(loop), core_(core), user_(user), parser_(parser), storage_(Core::kActionsPerEventMax) {}

  void Attach(SipDriver* driver) { driver_ = driver; }

  // A verb of the user: verb(now, sink) calls the core once; its actions are executed before Call() returns
  // its result. Not from within Execute().
  template <typename Verb>
  auto Call(Verb&& verb) {
    SANSIP_CHECK(!is_executing_);
    const Instant now = loop_->Now();
    Sink<A> sink(storage_);
    if constexpr (std::is_void_v<decltype(verb(now, sink))>) {
      verb(now, sink);
      Execute(now, sink);
    } else {
      auto result = verb(now, sink);
      Execute(now, sink);
      return result;
    }
  }

  // Waits until something happens, `until` at the latest, and feeds it to the core.
  void Step(Instant until) {
    loop_->Wait(std::min({until, core_->next_deadline(), driver_->next_deadline()}));
    driver_->OnDeadline(loop_->Now());
    if (core_->next_deadline() > loop_->Now()) return;
    Call([this](Instant now, Sink<A>& out) { core_->OnDeadline(now, out); });
  }

  const ExecutorCounters& counters() const { return counters_; }

  void OnMessage(Instant, const Origin& origin, std::string_view bytes) override {
    const Reception reception = Receive(*driver_, parser_, origin, bytes, index_);
    const MessageView message(bytes, index_);
    switch (reception.verdict) {
      case Reception::Verdict::kMessage:
        Call([&](Instant now, Sink<A>& out) { core_->OnMessage(now, reception.origin, message, out); });
        break;
      case Reception::Verdict::kUnparsable:
        OnUnreadable({}, reception.origin, bytes, reception.error);
        break;
      case Reception::Verdict::kForeignResponse:
        ++counters_.foreign_responses;
        break;
      case Reception::Verdict::kNoFlow:
        ++counters_.flowless_requests;
        break;
    }
  }
  void OnUnreadable(Instant, const Origin& origin, std::string_view bytes, ParseError error) override {
    Call([&](Instant now, Sink<A>& out) { core_->OnUnparsable(now, origin, bytes, error, out); });
  }
  void OnSendFailed(Instant, FlowId, TransactionId id, SendError error) override {
    last_error_ = error;
    Call([&](Instant now, Sink<A>& out) { core_->OnTransportError(now, id, out); });
  }
  void OnFlowFailed(Instant, FlowId flow, SendError error) override {
    last_error_ = error;
    Call([&](Instant now, Sink<A>& out) { core_->OnFlowFailed(now, flow, out); });
  }
  void OnKeepAliveAnswered(Instant, FlowId flow) override {
    if constexpr (requires(Core & core, Instant now, Sink<A> & out) {
                    core.OnKeepAliveAnswered(now, flow, out);
                  }) {
      Call([&](Instant now, Sink<A>& out) { core_->OnKeepAliveAnswered(now, flow, out); });
    }
  }
  bool Refers(FlowId flow) const override { return core_->Refers(flow); }

  // Why the latest message or flow failed: while the user is told of a Failed action, its reason.
  SendError last_error() const { return last_error_; }

 private:
  void Execute(Instant now, const Sink<A>& sink) {
    is_executing_ = true;
    for (const A& action : sink) {
      if (const auto* transmit = std::get_if<action::Transmit>(&action)) {
        driver_->Send(transmit->flow, transmit->id, transmit->wire);
      } else {
        has_news_ = true;
        user_->Execute(now, action);
      }
    }
    is_executing_ = false;
    if (is_reacting_) return;  // within React(): its caller goes on
    is_reacting_ = true;
    while (std::exchange(has_news_, false)) user_->React(loop_->Now());
    is_reacting_ = false;
  }

  EventLoop* loop_;
  Core* core_;
  User* user_;
  SipDriver* driver_ = nullptr;
  Parser parser_;
  MessageIndex index_;
  std::vector<A> storage_;
  bool is_executing_ = false;
  bool is_reacting_ = false;
  bool has_news_ = false;  // since React() was called
  SendError last_error_ = SendError::kOther;
  ExecutorCounters counters_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_EXECUTOR_H_
