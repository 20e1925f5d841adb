// The state machines as data: what a row of a table is, and what a table must be to compile.
//
// A row is an arrow of the RFC's figure: { id, in state, on event, next state, effects }. What a figure
// leaves out is listed, with the reason, as ignored. CheckTable (static_asserted beside each table) refuses
//  - a pair of state and event that is neither an arrow nor ignored, or that is both, or is twice;
//  - a state that cannot be reached, or one from which Terminated cannot;
//  - an arrow that starts a timer which its next state does not own, or enters a state without starting what
//    the state owns;
//  - an arrow to Terminated that does not destroy the transaction, or another one that does.
// Timers belong to states: leaving a state stops the timers that the next one does not own.
#ifndef SANSIP_CORE_TRANSACTION_ARROW_TABLE_H_
#define SANSIP_CORE_TRANSACTION_ARROW_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/core/transaction/arrow.h"
#include "sansip/core/transaction/timers.h"

namespace sansip {

// What a message, a user's request or a timer is to a machine, after classification.
enum class Event : std::uint8_t {
  // from the network
  kResponse100,  // where it makes a difference
  kResponse1xx,
  kResponse2xx,
  kResponse300To699,
  kResponseFinal,  // 200-699, to a non-INVITE or to a forwarded INVITE
  kRequest,        // the one that makes the server transaction, then its retransmissions
  kAck,
  kTransportError,
  // from the user
  kSendRequest,
  kSend1xx,
  kSend2xx,
  kSend300To699,
  kSendFinal,  // 200-699, to a non-INVITE
  // timers, in the order of enum Timer
  kTimerA,
  kTimerB,
  kTimerC,
  kTimerD,
  kTimerE,
  kTimerF,
  kTimerG,
  kTimerH,
  kTimerI,
  kTimerJ,
  kTimerK,
  kTimerL,
  kTimerM,
  kTimerTrying,
  kTimerCancelled,
};
inline constexpr std::size_t kEventCount = 28;

constexpr bool IsTimer(Event event) { return event >= Event::kTimerA; }
constexpr Timer TimerOf(Event event) {
  return static_cast<Timer>(static_cast<int>(event) - static_cast<int>(Event::kTimerA));
}
constexpr Event EventOf(Timer timer) {
  return static_cast<Event>(static_cast<int>(Event::kTimerA) + static_cast<int>(timer));
}

// What an arrow does, a bit each. Whatever their order in a row, they happen in this one: state, timers,
// transmit, deliver, gone.
using Effects = std::uint32_t;
enum Effect : Effects {
  kNoEffect = 0,
  // timers: bit n starts the n-th of enum Timer at its first value
  kStartA = 1u << static_cast<int>(Timer::kA),
  kStartB = 1u << static_cast<int>(Timer::kB),
  kStartC = 1u << static_cast<int>(Timer::kC),
  kStartD = 1u << static_cast<int>(Timer::kD),
  kStartE = 1u << static_cast<int>(Timer::kE),
  kStartF = 1u << static_cast<int>(Timer::kF),
  kStartG = 1u << static_cast<int>(Timer::kG),
  kStartH = 1u << static_cast<int>(Timer::kH),
  kStartI = 1u << static_cast<int>(Timer::kI),
  kStartJ = 1u << static_cast<int>(Timer::kJ),
  kStartK = 1u << static_cast<int>(Timer::kK),
  kStartL = 1u << static_cast<int>(Timer::kL),
  kStartM = 1u << static_cast<int>(Timer::kM),
  kStartTrying = 1u << static_cast<int>(Timer::kTrying),
  kStopTrying = 1u << 15,
  kDoubleA = 1u << 16,   // restart with twice the last value
  kDoubleE = 1u << 17,   // the same, at most T2
  kDoubleG = 1u << 18,   // the same, at most T2
  kRestartE = 1u << 19,  // restart with T2
  kRestartC = 1u << 20,  // restart with its first value
  // transmit
  kSendTheRequest = 1u << 21,
  kSendTheAck = 1u << 22,       // 17.1.1.3; made of the first final response, the same bytes ever after
  kSendThe100 = 1u << 23,       // made now; it becomes the latest response
  kSendTheResponse = 1u << 24,  // the latest
  kSendTheCancel = 1u << 25,    // 16.8
  // deliver
  kToUser = 1u << 26,  // the message
  kTellTimeout = 1u << 27,
  kTellNoAck = 1u << 28,
  kTellTransportError = 1u << 29,
  kActAs408 = 1u << 30,  // 16.8: as if a 408 had come
  // gone
  kGone = 1u << 31,
};
inline constexpr Effects kStartEffects = (1u << 14) - 1;
inline constexpr Effects kRestartEffects = kDoubleA | kDoubleE | kDoubleG | kRestartE | kRestartC;
inline constexpr Effects kTimerEffects = (1u << 21) - 1;

struct Arrow {
  std::string_view id;
  State in = State::kStart;
  Event on = Event::kRequest;
  State next = State::kTerminated;
  Effects effects = kNoEffect;
};

struct Ignored {
  State in = State::kStart;
  Event on = Event::kRequest;
  std::string_view reason;
};

struct StateTimers {
  State state = State::kStart;
  Effects on_entry = kNoEffect;   // started by the arrow that enters, unless already running
  Effects elsewhere = kNoEffect;  // bits of timers started by a verb: Timer::kCancelled
};

inline constexpr Effects kCancelledTimer = 1u << static_cast<int>(Timer::kCancelled);

struct ArrowTable {
  Machine machine = Machine::kInviteClient;
  std::string_view name;  // "INVITE client transaction"
  std::string_view source;
  Event begin = Event::kRequest;  // leaves kStart
  std::span<const Event> events;  // all others that can happen, timers excepted
  std::span<const StateTimers> states;
  std::span<const Arrow> arrows;
  std::span<const Ignored> ignored;

  constexpr bool Has(State state) const { return TimersOf(state).state == state; }
  // Of a state that the table does not have: none, and kStart's name.
  constexpr StateTimers TimersOf(State state) const {
    for (const StateTimers& timers : states) {
      if (timers.state == state) return timers;
    }
    return {};
  }
  // The bits of the timers that may run in a state.
  constexpr Effects OwnedIn(State state) const {
    const StateTimers timers = TimersOf(state);
    return timers.on_entry | timers.elsewhere;
  }
  constexpr const Arrow* Find(State in, Event on) const {
    for (const Arrow& arrow : arrows) {
      if (arrow.in == in && arrow.on == on) return &arrow;
    }
    return nullptr;
  }
  constexpr const Ignored* FindIgnored(State in, Event on) const {
    for (const Ignored& pair : ignored) {
      if (pair.in == in && pair.on == on) return &pair;
    }
    return nullptr;
  }
};

constexpr Effects BitOf(Timer timer) { return 1u << static_cast<int>(timer); }

// Can this event happen in this state? Timers only where they are owned.
constexpr bool CanHappen(const ArrowTable& table, State in, Event on) {
  if (in == State::kStart) return on == table.begin;
  if (!table.Has(in)) return false;
  if (IsTimer(on)) return (table.OwnedIn(in) & BitOf(TimerOf(on))) != 0;
  for (Event event : table.events) {
    if (event == on) return true;
  }
  return false;
}

constexpr std::size_t RowsFor(const ArrowTable& table, State in, Event on) {
  std::size_t rows = 0;
  for (const Arrow& arrow : table.arrows) rows += arrow.in == in && arrow.on == on;
  for (const Ignored& pair : table.ignored) rows += pair.in == in && pair.on == on;
  return rows;
}

// Every pair that can happen has exactly one row, every other pair none.
constexpr bool IsTotal(const ArrowTable& table) {
  for (std::size_t state = 0; state < kStateCount; ++state) {
    for (std::size_t event = 0; event < kEventCount; ++event) {
      const auto in = static_cast<State>(state);
      const auto on = static_cast<Event>(event);
      if (RowsFor(table, in, on) != (CanHappen(table, in, on) ? 1u : 0u)) return false;
    }
  }
  return true;
}

// Every state can be reached from kStart, Terminated too, and every ignored pair has its reason.
constexpr bool IsReachable(const ArrowTable& table) {
  bool reached[kStateCount] = {true};
  for (std::size_t round = 0; round < kStateCount; ++round) {
    for (const Arrow& arrow : table.arrows) {
      if (reached[static_cast<int>(arrow.in)]) reached[static_cast<int>(arrow.next)] = true;
    }
  }
  for (const StateTimers& timers : table.states) {
    if (!reached[static_cast<int>(timers.state)]) return false;
  }
  for (const Ignored& pair : table.ignored) {
    if (pair.reason.empty()) return false;
  }
  return reached[static_cast<int>(State::kTerminated)];
}

// From every state Terminated can be reached.
constexpr bool CanTerminate(const ArrowTable& table) {
  bool ends[kStateCount] = {};
  ends[static_cast<int>(State::kTerminated)] = true;
  for (std::size_t round = 0; round < kStateCount; ++round) {
    for (const Arrow& arrow : table.arrows) {
      if (ends[static_cast<int>(arrow.next)]) ends[static_cast<int>(arrow.in)] = true;
    }
  }
  for (const StateTimers& timers : table.states) {
    if (!ends[static_cast<int>(timers.state)]) return false;
  }
  return true;
}

constexpr bool TimersBelongToStates(const ArrowTable& table) {
  for (const Arrow& arrow : table.arrows) {
    const Effects owned = table.OwnedIn(arrow.next);
    if ((arrow.effects & kStartEffects & ~owned) != 0) return false;
    if (arrow.in == arrow.next) continue;
    const Effects missing = table.TimersOf(arrow.next).on_entry & ~table.OwnedIn(arrow.in);
    if ((arrow.effects & kStartEffects) != missing) return false;
  }
  return true;
}

constexpr bool TerminatedIsGone(const ArrowTable& table) {
  for (const Arrow& arrow : table.arrows) {
    if ((arrow.next == State::kTerminated) != ((arrow.effects & kGone) != 0)) return false;
  }
  return true;
}

constexpr bool CheckTable(const ArrowTable& table) {
  return IsTotal(table) && IsReachable(table) && CanTerminate(table) && TimersBelongToStates(table) &&
         TerminatedIsGone(table);
}

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_ARROW_TABLE_H_
