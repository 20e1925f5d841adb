#include "sansip/transport/keep_alive.h"

#include <algorithm>

namespace sansip {

KeepAlives::Gap KeepAlives::GapOf(Kind kind, Duration flow_timer) {
  using std::chrono::seconds;
  if (flow_timer > Duration::zero()) return {flow_timer / 5 * 4, flow_timer};
  if (kind == Kind::kBindings) return {seconds(24), seconds(29)};  // 4.4.2
  return {seconds(96), seconds(120)};                              // 4.4.1: 20 % less than the upper bound
}

// The next question, so long after the latest was sent: a pong that takes its time makes no gap longer than
// Flow-Timer allows.
void KeepAlives::Wait(Instant from, Kept& kept) {
  constexpr std::uint32_t kSteps = 1000;
  const Duration more = (kept.gap.most - kept.gap.least) / kSteps * UniformBelow(*kept.random, kSteps + 1);
  kept.at = After(from, kept.gap.least + more);
}

const KeepAlives::Kept* KeepAlives::Find(FlowId flow) const {
  const auto found =
      std::find_if(flows_.begin(), flows_.end(), [flow](const Kept& kept) { return kept.flow == flow; });
  return found == flows_.end() ? nullptr : &*found;
}

bool KeepAlives::Start(Instant now, FlowId flow, Kind kind, Duration flow_timer, RandomSource& random) {
  if (Kept* const kept = Find(flow)) {
    kept->gap = GapOf(kind, flow_timer);
    return true;
  }
  if (flows_.size() >= kFlowsMax) return false;
  flows_.push_back({.flow = flow,
                    .kind = kind,
                    .gap = GapOf(kind, flow_timer),
                    .random = &random,
                    .at = now,
                    .asked = now,
                    .binding = stun::BindingTransaction(bindings_)});
  Wait(now, flows_.back());
  return true;
}

void KeepAlives::Stop(FlowId flow) {
  std::erase_if(flows_, [flow](const Kept& kept) { return kept.flow == flow; });
}

KeepAlives::Heard KeepAlives::OnPong(Instant now, FlowId flow) {
  Kept* const kept = Find(flow);
  if (kept == nullptr || !kept->awaits_pong) return Heard::kNothing;
  kept->awaits_pong = false;
  Wait(kept->asked, *kept);
  kept->at = std::max(kept->at, now);
  return Heard::kAlive;
}

KeepAlives::Heard KeepAlives::OnBinding(Instant now, FlowId flow, const stun::Message& message) {
  Kept* const kept = Find(flow);
  if (kept == nullptr) return Heard::kNothing;
  const stun::BindingTransaction::Outcome outcome = kept->binding.OnMessage(message);
  if (outcome == stun::BindingTransaction::Outcome::kNotOurs) return Heard::kNothing;
  const bool is_answered = outcome == stun::BindingTransaction::Outcome::kAnswered;
  // RFC 5626 4.4.2: changed. A response that says none, which 8 does not allow, is an answer all the same.
  const bool has_moved = is_answered && kept->mapped && message.mapped && *kept->mapped != *message.mapped;
  if (!is_answered || has_moved) {
    Stop(flow);
    return has_moved ? Heard::kMoved : Heard::kRefused;
  }
  if (message.mapped) kept->mapped = message.mapped;
  Wait(kept->asked, *kept);
  kept->at = std::max(kept->at, now);
  return Heard::kAlive;
}

KeepAlives::Event KeepAlives::Ask(Instant now, Kept& kept) {
  const FlowId flow = kept.flow;
  if (kept.kind == Kind::kPings) {
    if (kept.awaits_pong) {
      Stop(flow);
      return {flow, Due::kFailed};
    }
    kept.awaits_pong = true;
    kept.asked = now;
    kept.at = After(now, pong_wait_);
    return {flow, Due::kPing};
  }
  if (!kept.binding.is_asking()) kept.binding.Start(now, *kept.random);
  if (kept.binding.TakeDue(now) == stun::BindingTransaction::Due::kFailed) {
    Stop(flow);
    return {flow, Due::kFailed};
  }
  // What is sent again keeps a NAT's binding as well.
  kept.asked = now;
  return {flow, Due::kBinding, kept.binding.id()};
}

std::optional<KeepAlives::Event> KeepAlives::TakeDue(Instant now) {
  const auto due =
      std::find_if(flows_.begin(), flows_.end(), [now](const Kept& kept) { return kept.due() <= now; });
  if (due == flows_.end()) return std::nullopt;
  return Ask(now, *due);
}

Instant KeepAlives::next_deadline() const {
  Instant earliest = kNever;
  for (const Kept& kept : flows_) earliest = std::min(earliest, kept.due());
  return earliest;
}

std::optional<SocketAddress> KeepAlives::MappedAddress(FlowId flow) const {
  const Kept* const kept = Find(flow);
  return kept == nullptr ? std::nullopt : kept->mapped;
}

}  // namespace sansip
