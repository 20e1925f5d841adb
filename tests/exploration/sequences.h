// Every sequence of events of one machine, up to a depth.
#ifndef SANSIP_TESTS_EXPLORATION_SEQUENCES_H_
#define SANSIP_TESTS_EXPLORATION_SEQUENCES_H_

#include <cstddef>
#include <string>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::testing {

struct Sequences {
  std::size_t sequences = 0;  // each once, those that end early and the beginnings of others included
  std::size_t ended = 0;      // of them, those that end in Terminated
  std::string fault;          // empty: Take's properties hold in all
  std::string trace;          // the events that led to it
};

// Events: what the network and the user may do in any order, the running timers in any order, and the verb
// that starts the timer of RFC 3261 9.1. In Terminated: every event there is.
Sequences ExploreSequences(const ArrowTable& table, std::size_t depth_max);

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_EXPLORATION_SEQUENCES_H_
