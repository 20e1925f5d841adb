// Every table that differs from a given one in a single place.
#ifndef SANSIP_TESTS_MUTATION_MUTANT_H_
#define SANSIP_TESTS_MUTATION_MUTANT_H_

#include <string>
#include <vector>

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::testing {

struct Mutant {
  std::string name;  // "C1: not double A", "C4: to Completed", "Accepted on 1xx: to user"
  std::vector<Arrow> arrows;
  std::vector<Ignored> ignored;

  // The table with this difference; valid as long as the mutant.
  ArrowTable Of(const ArrowTable& table) const;
};

// Of each row: each other target state, each effect left out, each effect replaced by each other of its kind
// (timers started, timers restarted, transmissions, what the user is told), each effect added that CheckTable
// does not refuse for its timer, and the row left out. Of each ignored pair: an arrow to each other state,
// and an arrow with each such effect.
std::vector<Mutant> MutantsOf(const ArrowTable& table);

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_MUTATION_MUTANT_H_
