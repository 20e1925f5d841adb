// Plays a scenario between two production user agents, alice and bob, once for every value of its sweeps.
//
// Steps:
//   at TIME alice VERB        as directed_user.h has them; a verb that is too late for the call is nothing
//   lose N PREFIX from alice
//   ends alice CAUSE CAUSE    how the call may end for alice; over the sweep each of these must occur
//   sends bob BYE 0..1        how often; "200 to BYE" are patterns, too; copies do not count
// Every run must end with the call over at both, nothing left, and no word of the oracles.
#ifndef SANSIP_TESTS_CONFORMANCE_CROSSING_RUN_H_
#define SANSIP_TESTS_CONFORMANCE_CROSSING_RUN_H_

#include <string>
#include <vector>

#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/script_run.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::conformance {

struct CrossingOutcome {
  Verdict verdict;
  sim::Trace trace;  // of the run that failed, or of the one in the middle of the sweep
  std::vector<std::string> names;
};

CrossingOutcome PlayCrossing(const Scenario& scenario);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_CROSSING_RUN_H_
