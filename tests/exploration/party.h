// One machine as an exploration sees it: its state, which timers run, and what its user was told. A timer
// runs or it does not; when it fires is the explorer's choice, so that every ordering of deadlines is seen.
#ifndef SANSIP_TESTS_EXPLORATION_PARTY_H_
#define SANSIP_TESTS_EXPLORATION_PARTY_H_

#include <compare>
#include <cstdint>
#include <string_view>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::testing {

// What a client's user knows of the end.
enum class Outcome : std::uint8_t { kNone, kAccepted, kRefused, kFailed };

struct Party {
  State state = State::kStart;
  Effects running = kNoEffect;  // bits of timers (BitOf)
  Outcome outcome = Outcome::kNone;
  bool is_gone = false;

  friend auto operator<=>(const Party&, const Party&) = default;
};

struct Taken {
  const Arrow* arrow = nullptr;   // null: ignored
  Effects restarted = kNoEffect;  // bits of timers that ran before, and have a new deadline
  std::string_view fault;         // empty: every property holds
};

// One event, by the real Step on unreliable transport. A timer that fires is to be taken out of `running`
// first. Properties:
//  - the table has one row for the pair, and none once the party is gone;
//  - no timer runs that the state does not own, and each is started that a state owns from its entry;
//  - Terminated and gone are the same, and leave nothing running;
//  - a client's user is told of one end, once, and before the party is gone; a server's user is given the
//    request once, and told of an ACK that did not come only at the end.
Taken Take(const ArrowTable& table, Event event, Party& party);

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_EXPLORATION_PARTY_H_
