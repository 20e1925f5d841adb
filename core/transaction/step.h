// One step of one machine: the event finds its arrow, the state changes, timers stop and start. What is to be
// transmitted, delivered and destroyed is left to the owner, in that order, as the arrow's effects say.
//
// Takes the table as an argument and knows no message, so that tables can be explored and mutated as data.
#ifndef SANSIP_CORE_TRANSACTION_STEP_H_
#define SANSIP_CORE_TRANSACTION_STEP_H_

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

// Null: ignored, nothing changed. `orders` numbers the armings (law 9).
const Arrow* Step(const ArrowTable& table, const TimerValues& values, Event event, Instant now,
                  DeadlineQueue& orders, MachineState& machine);

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_STEP_H_
