#include "sansip/core/transaction/step.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip {

// RFC 3261 17.1.1.2: A doubles and doubles; 17.1.2.2, 17.2.1: E and G stop at T2.
void Restart(Effects effects, const TimerValues& values, Instant now, DeadlineQueue& orders,
             MachineState& machine) {
  const Duration doubled = machine.gap < kForever / 2 ? 2 * machine.gap : machine.gap;
  if (effects & kDoubleA) Start(Timer::kA, doubled, now, orders, machine);
  if (effects & kDoubleE) Start(Timer::kE, std::min(doubled, values.t2), now, orders, machine);
  if (effects & kDoubleG) Start(Timer::kG, std::min(doubled, values.t2), now, orders, machine);
  if (effects & kRestartE) Start(Timer::kE, values.t2, now, orders, machine);
  if (effects & kRestartC) {
    Start(Timer::kC, FirstValue(Timer::kC, values, machine.is_reliable, true), now, orders, machine);
  }
}

ArrowIndex::ArrowIndex(const ArrowTable& table) : table_(&table) {
  SANSIP_CHECK(table.arrows.size() < kNoRow);
  for (std::size_t state = 0; state < kStateCount; ++state) {
    owned_[state] = table.OwnedIn(static_cast<State>(state));
    for (std::size_t event = 0; event < kEventCount; ++event) {
      const Arrow* arrow = table.Find(static_cast<State>(state), static_cast<Event>(event));
      rows_[state][event] =
          arrow == nullptr ? kNoRow : static_cast<std::uint8_t>(arrow - table.arrows.data());
    }
  }
}

const Arrow* Step(const ArrowTable& table, const TimerValues& values, Event event, Instant now,
                  DeadlineQueue& orders, MachineState& machine) {
  const Arrow* arrow = table.Find(machine.state, event);
  if (arrow == nullptr) {
    SANSIP_DCHECK(table.FindIgnored(machine.state, event) != nullptr);
    return nullptr;
  }
  Follow(*arrow, table.OwnedIn(arrow->next), values, now, orders, machine);
  return arrow;
}

}  // namespace sansip
