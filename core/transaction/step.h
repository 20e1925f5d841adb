// One step of one machine: the event finds its arrow, the state changes, timers stop and start. What is to be
// transmitted, delivered and destroyed is left to the owner, in that order, as the arrow's effects say.
//
// Takes the table as an argument and knows no message, so that tables can be explored and mutated as data.
#ifndef SANSIP_CORE_TRANSACTION_STEP_H_
#define SANSIP_CORE_TRANSACTION_STEP_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sansip/core/base/time.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/timer/timer_slots.h"
#include "sansip/core/transaction/arrow_table.h"
#include "sansip/core/transaction/timers.h"

namespace sansip {

struct MachineState {
  Machine machine = Machine::kInviteClient;
  State state = State::kStart;
  bool is_reliable = false;          // of the transport
  Duration gap = Duration::zero();   // the value that A, E or G was set to last
  TimerSlots<Timer, 3> timers = {};  // two of a state, and kFlow; or one, and those of no table
};

const ArrowTable& TableOf(Machine machine);

// A table's rows by state and event, for whoever steps often.
class ArrowIndex {
 public:
  explicit ArrowIndex(const ArrowTable& table);  // the table must outlive it
  const ArrowTable& table() const { return *table_; }
  // As the table's own.
  const Arrow* Find(State in, Event on) const {
    const std::uint8_t row = rows_[static_cast<std::size_t>(in)][static_cast<std::size_t>(on)];
    return row == kNoRow ? nullptr : &table_->arrows[row];
  }
  Effects OwnedIn(State state) const { return owned_[static_cast<std::size_t>(state)]; }

 private:
  static constexpr std::uint8_t kNoRow = 255;
  const ArrowTable* table_;
  std::array<std::array<std::uint8_t, kEventCount>, kStateCount> rows_;
  std::array<Effects, kStateCount> owned_;
};

// Null: ignored, nothing changed. `orders` numbers the armings (law 9).
const Arrow* Step(const ArrowTable& table, const TimerValues& values, Event event, Instant now,
                  DeadlineQueue& orders, MachineState& machine);

// What Follow() does where a timer that runs is set again (17.1.1.2, 17.1.2.2, 17.2.1, 16.6).
void Restart(Effects effects, const TimerValues& values, Instant now, DeadlineQueue& orders,
             MachineState& machine);

inline void Start(Timer timer, Duration value, Instant now, DeadlineQueue& orders, MachineState& machine) {
  if (value == kForever) return;
  if (timer == Timer::kA || timer == Timer::kE || timer == Timer::kG) machine.gap = value;
  machine.timers.Arm(timer, After(now, value), orders.NextOrder());
}

// The same as Step() once the arrow is found. `owned`: the timers of its next state. Inlined: each message is
// a step or two.
[[gnu::always_inline]] inline void Follow(const Arrow& arrow, Effects owned, const TimerValues& values,
                                          Instant now, DeadlineQueue& orders, MachineState& machine) {
  machine.state = arrow.next;
  machine.timers.StopIf([owned](Timer timer) { return IsInTables(timer) && (owned & BitOf(timer)) == 0; });
  if ((arrow.effects & kTimerEffects) == 0) return;
  if (arrow.effects & kStopTrying) machine.timers.Stop(Timer::kTrying);
  const bool is_invite =
      machine.machine == Machine::kInviteClient || machine.machine == Machine::kInviteServer;
  for (Effects starts = arrow.effects & kStartEffects; starts != 0; starts &= starts - 1) {
    const auto timer = static_cast<Timer>(std::countr_zero(starts));
    Start(timer, FirstValue(timer, values, machine.is_reliable, is_invite), now, orders, machine);
  }
  if (arrow.effects & kRestartEffects) Restart(arrow.effects, values, now, orders, machine);
}

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_STEP_H_
