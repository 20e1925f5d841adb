#include "sansip/transport/keep_alive.h"

#include <algorithm>

namespace sansip {

// RFC 5626 4.4: 80 to 100 % of it.
Instant KeepAlives::NextPing(Instant now, const Kept& kept) {
  constexpr std::uint32_t kSteps = 1000;
  return After(now, kept.upper * 4 / 5 + kept.upper / (5 * kSteps) * UniformBelow(*kept.random, kSteps + 1));
}

KeepAlives::Kept* KeepAlives::Find(FlowId flow) {
  const auto found =
      std::find_if(flows_.begin(), flows_.end(), [flow](const Kept& kept) { return kept.flow == flow; });
  return found == flows_.end() ? nullptr : &*found;
}

bool KeepAlives::Start(Instant now, FlowId flow, Duration upper, RandomSource& random) {
  if (Kept* const kept = Find(flow)) {
    kept->upper = upper;
    return true;
  }
  if (flows_.size() >= kFlowsMax) return false;
  Kept& kept = flows_.emplace_back(Kept{.flow = flow, .upper = upper, .random = &random, .at = now});
  kept.at = NextPing(now, kept);
  return true;
}

void KeepAlives::Stop(FlowId flow) {
  std::erase_if(flows_, [flow](const Kept& kept) { return kept.flow == flow; });
}

void KeepAlives::OnPong(Instant now, FlowId flow) {
  Kept* const kept = Find(flow);
  if (kept == nullptr || !kept->awaits_pong) return;
  kept->awaits_pong = false;
  kept->at = NextPing(now, *kept);
}

std::optional<KeepAlives::Event> KeepAlives::TakeDue(Instant now) {
  for (Kept& kept : flows_) {
    if (now < kept.at) continue;
    const FlowId flow = kept.flow;
    if (kept.awaits_pong) {
      Stop(flow);
      return Event{flow, Due::kFailed};
    }
    kept.awaits_pong = true;
    kept.at = After(now, pong_wait_);
    return Event{flow, Due::kPing};
  }
  return std::nullopt;
}

Instant KeepAlives::next_deadline() const {
  Instant earliest = kNever;
  for (const Kept& kept : flows_) earliest = std::min(earliest, kept.at);
  return earliest;
}

}  // namespace sansip
