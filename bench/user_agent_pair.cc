#include "sansip/bench/user_agent_pair.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <variant>

#include "sansip/core/base/check.h"

namespace sansip {
namespace {

constexpr Duration kTransactionsGone = std::chrono::seconds(40);  // more than timers J, K and 64*T1

}  // namespace

UserAgentOptions UserAgentPair::Options(bool has_timers) {
  UserAgentOptions options;
  options.session_timer.enabled = has_timers;
  options.limits.calls_max = 1 << 20;
  return options;
}

UserAgentPair::End::End(std::string_view name)
    : path{{1, 1}, Transport::kUdp, {name, 5060}, {name, 5060}},
      origin{{1, 1}, Transport::kUdp, *ParseIp("192.0.2.9", 5060), {name, 5060}} {}

UserAgentPair::UserAgentPair(bool has_timers, Turn turn)
    : has_timers_(has_timers),
      turn_(turn),
      caller_(Options(has_timers), random_),
      callee_(Options(has_timers), random_) {}

CallId UserAgentPair::Establish(bool rings) {
  sink_.Clear();
  const Placed placed =
      caller_.PlaceCall(now_,
                        {.target = "sip:bob@bob.example",
                         .from = "<sip:alice@alice.example>",
                         .content = {.body = kSession},
                         .session_timer = {.enabled = has_timers_, .session_expires = kInterval}},
                        sink_);
  SANSIP_CHECK(placed.error == VerbError::kNone);
  Collect(true);
  Carry();
  if (rings) {
    sink_.Clear();
    SANSIP_CHECK(callee_.Ring(now_, incoming_, 180, {}, sink_) == VerbError::kNone);
    Collect(false);
    Carry();
  }
  sink_.Clear();
  SANSIP_CHECK(callee_.Answer(now_, incoming_, {.body = kSession}, sink_) == VerbError::kNone);
  Collect(false);
  Carry();
  return placed.call;
}

void UserAgentPair::HangUp(CallId call) {
  sink_.Clear();
  SANSIP_CHECK(caller_.HangUp(now_, call, {}, sink_) == VerbError::kNone);
  Collect(true);
  Carry();
}

void UserAgentPair::RunCall() {
  HangUp(Establish(true));
  RunDeadlines(now_ + kTransactionsGone);
}

void UserAgentPair::EstablishMany(std::size_t calls) {
  for (std::size_t i = 0; i < calls; ++i) {
    Establish(false);
    RunDeadlines(now_ + std::chrono::milliseconds(2));
  }
  RunDeadlines(now_ + kTransactionsGone);
}

void UserAgentPair::RunDeadlines(Instant until) {
  for (;;) {
    const Instant callers = caller_.next_deadline(), callees = callee_.next_deadline();
    const Instant next = std::min(callers, callees);
    if (next > until) break;
    now_ = std::max(now_, next);
    Input& input = waiting_[count_++ % waiting_.size()];
    input.is_callers = callers <= callees;
    input.is_located = false;
    input.size = 0;
    Carry();
  }
  now_ = std::max(now_, until);
}

// What the sink holds becomes inputs.
void UserAgentPair::Collect(bool is_callers) {
  for (const UserAgentAction& action : sink_) {
    if (const auto* incoming = std::get_if<ua::Incoming>(&action)) incoming_ = incoming->call;
    const auto* transmit = std::get_if<ua::Transmit>(&action);
    const auto* locate = std::get_if<ua::Locate>(&action);
    if (transmit == nullptr && locate == nullptr) continue;
    SANSIP_CHECK(count_ - first_ < waiting_.size());
    Input& input = waiting_[count_++ % waiting_.size()];
    input.is_callers = (locate != nullptr) == is_callers;
    input.is_located = locate != nullptr;
    if (locate != nullptr) input.locate = locate->cookie;
    input.size = transmit == nullptr ? 0 : transmit->wire.size();
    SANSIP_CHECK(input.size <= input.bytes.size());
    if (transmit != nullptr) std::memcpy(input.bytes.data(), transmit->wire.data(), input.size);
  }
}

void UserAgentPair::Carry() {
  while (first_ < count_) {
    input_ = &waiting_[first_ % waiting_.size()];
    const bool is_callers = input_->is_callers;
    turn_(*this, is_callers ? caller_ : callee_);
    ++first_;
    Collect(is_callers);
  }
}

void UserAgentPair::Act(UserAgent& agent) {
  const End& end = &agent == &caller_ ? callers_ : callees_;
  sink_.Clear();
  if (input_->is_located) {
    agent.OnLocated(now_, input_->locate, end.path, sink_);
  } else if (input_->size == 0) {
    agent.OnDeadline(now_, sink_);
  } else {
    const std::string_view bytes(input_->bytes.data(), input_->size);
    SANSIP_CHECK(parser_.Parse(bytes, Framing::kDatagram, index_).ok());
    agent.OnMessage(now_, end.origin, MessageView(bytes, index_), sink_);
  }
}

}  // namespace sansip
