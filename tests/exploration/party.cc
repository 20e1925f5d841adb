#include "sansip/tests/exploration/party.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/transaction/step.h"

namespace sansip::testing {

namespace {

constexpr Effects kFailures = kTellTimeout | kTellTransportError;

MachineState MachineOf(const ArrowTable& table, const Party& party, DeadlineQueue& orders) {
  MachineState machine = {.machine = table.machine, .state = party.state};
  machine.gap = TimerValues().t1;
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    const auto timer = static_cast<Timer>(i);
    if (party.running & BitOf(timer)) {
      machine.timers.Arm(timer, After(Instant(), TimerValues().t1), orders.NextOrder());
    }
  }
  return machine;
}

Effects RunningIn(const MachineState& machine) {
  Effects running = kNoEffect;
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    const auto timer = static_cast<Timer>(i);
    if (machine.timers.IsArmed(timer)) running |= BitOf(timer);
  }
  return running;
}

// Those of `running`, all armed before `last_order`, that were armed again.
Effects RestartedIn(const MachineState& machine, Effects running, std::uint64_t last_order) {
  Effects restarted = kNoEffect;
  for (std::size_t i = 0; i < kTimerCount; ++i) {
    const auto timer = static_cast<Timer>(i);
    const auto* slot = machine.timers.Find(timer);
    if (slot != nullptr && slot->order > last_order) restarted |= BitOf(timer) & running;
  }
  return restarted;
}

std::string_view TimerFault(const ArrowTable& table, State before, const Party& party) {
  if (party.running & ~table.OwnedIn(party.state)) return "a timer runs that the state does not own";
  const Effects missing = table.TimersOf(party.state).on_entry & ~party.running;
  if (before != party.state && missing != 0) return "a state is entered and its timer does not run";
  return {};
}

std::string_view EndFault(const Arrow& arrow, Party& party) {
  const bool is_over = party.state == State::kTerminated;
  party.is_gone = (arrow.effects & kGone) != 0;
  if (party.is_gone && !is_over) return "gone, but not Terminated";
  if (is_over && !party.is_gone) return "Terminated, but not gone";
  if (party.is_gone && party.running != 0) return "gone, and a timer still runs";
  return {};
}

std::string_view ClientFault(const Arrow& arrow, Party& party) {
  const Outcome before = party.outcome;
  if (arrow.effects & kToUser) {
    if (arrow.on == Event::kResponse2xx) {
      // RFC 3261 13.2.2.4: every 2xx of every fork.
      if (before != Outcome::kNone && before != Outcome::kAccepted) return "the user is told of a second end";
      party.outcome = Outcome::kAccepted;
    } else if (arrow.on == Event::kResponse300To699 || arrow.on == Event::kResponseFinal) {
      if (before != Outcome::kNone) return "the user is told of a second end";
      party.outcome = Outcome::kRefused;
    } else if (before != Outcome::kNone) {
      return "the user is given a provisional response after the end";
    }
  }
  if (arrow.effects & kFailures) {
    // RFC 3261 17.1.1.2: that the ACK could not be sent is told after the response.
    const bool is_of_ack = before == Outcome::kRefused && (arrow.effects & kTellTransportError) != 0;
    if (before != Outcome::kNone && !is_of_ack) return "the user is told of a second end";
    if ((arrow.effects & kGone) == 0) return "the user is told of an end that is none";
    if (!is_of_ack) party.outcome = Outcome::kFailed;
  }
  if (party.is_gone && party.outcome == Outcome::kNone) return "over, and the user was never told";
  return {};
}

std::string_view ServerFault(const Arrow& arrow) {
  const bool is_new = arrow.in == State::kStart;
  const bool is_given = arrow.on == Event::kRequest && (arrow.effects & kToUser) != 0;
  if (is_new && !is_given) return "the user is not given the request";
  if (is_given && !is_new) return "the user is given the request twice";
  const bool is_missed = arrow.on == Event::kTimerH;
  const bool is_told = (arrow.effects & kTellNoAck) != 0;
  if (is_missed != is_told) return is_told ? "the user is told of a missing ACK too early" : "H is not told";
  if (is_told && (arrow.effects & kGone) == 0) return "the user is told of an end that is none";
  return {};
}

std::string_view UserFault(const ArrowTable& table, const Arrow& arrow, Party& party) {
  switch (table.machine) {
    case Machine::kInviteClient:
    case Machine::kNonInviteClient:
      return ClientFault(arrow, party);
    case Machine::kInviteServer:
    case Machine::kNonInviteServer:
      return ServerFault(arrow);
    case Machine::kForwardedInvite:
      return {};  // its responses are the client transaction's to give
  }
  return {};
}

}  // namespace

Taken Take(const ArrowTable& table, Event event, Party& party) {
  const std::size_t rows = RowsFor(table, party.state, event);
  if (party.is_gone) return {.fault = rows == 0 ? "" : "something happens after Terminated"};
  if (rows != 1) return {.fault = "a pair of state and event has not one row"};
  static DeadlineQueue orders;  // large to make, and only its numbers are taken
  MachineState machine = MachineOf(table, party, orders);
  const std::uint64_t last_order = orders.NextOrder();
  const State before = party.state;
  const Arrow* arrow = Step(table, {}, event, Instant(), orders, machine);
  const Effects restarted = RestartedIn(machine, party.running, last_order);
  party.state = machine.state;
  party.running = RunningIn(machine);
  if (arrow == nullptr) return {};
  std::string_view fault = EndFault(*arrow, party);
  if (fault.empty()) fault = TimerFault(table, before, party);
  if (fault.empty()) fault = UserFault(table, *arrow, party);
  return {arrow, restarted, fault};
}

}  // namespace sansip::testing
