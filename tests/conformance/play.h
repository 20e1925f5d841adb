// Plays any scenario in virtual time: what the tests and the report do.
#ifndef SANSIP_TESTS_CONFORMANCE_PLAY_H_
#define SANSIP_TESTS_CONFORMANCE_PLAY_H_

#include <string>
#include <vector>

#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/script_run.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::conformance {

struct Outcome {
  Verdict verdict;
  sim::Trace trace;
  std::vector<std::string> names;  // of the trace's nodes
};

Outcome Play(const Scenario& scenario);

// The ladder that golden/ keeps: messages, and what users asked and were told. The same with
// every compiler.
std::string GoldenLadder(const Outcome& outcome);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_PLAY_H_
