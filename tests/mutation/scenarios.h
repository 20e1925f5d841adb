// What the five machines must do, written by hand from the RFC's text and timer tables: a script, and the log
// that it must give (table_run.h). Short enough to be run once for every mutant of every table.
#ifndef SANSIP_TESTS_MUTATION_SCENARIOS_H_
#define SANSIP_TESTS_MUTATION_SCENARIOS_H_

#include <span>
#include <string_view>

#include "sansip/core/transaction/arrow.h"

namespace sansip::testing {

struct Scenario {
  Machine machine = Machine::kInviteClient;
  bool is_reliable = false;
  std::string_view name;
  std::string_view script;
  std::string_view log;
};

std::span<const Scenario> Scenarios();

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_MUTATION_SCENARIOS_H_
