// Plays a scenario with a scripted peer on a stage, step after step, and says how it went.
//
// What arrives must be expected, in the order of the steps. Only copies of what was seen before, byte for
// byte, and provisional responses that no step waits for, may come at any time.
#ifndef SANSIP_TESTS_CONFORMANCE_SCRIPT_RUN_H_
#define SANSIP_TESTS_CONFORMANCE_SCRIPT_RUN_H_

#include <string>

#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/stage.h"

namespace sansip::conformance {

struct Verdict {
  enum class Kind { kPassed, kFailed, kSkipped };
  Kind kind = Kind::kPassed;
  int line = 0;      // of the step that failed
  std::string text;  // why
  int runs = 1;      // of a sweep
};

// `names.swept` has a value for every sweep of the scenario. `unique` tells runs apart: it goes into tags.
Verdict PlayScript(const Scenario& scenario, const TimeNames& names, const std::string& unique, Stage& stage);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_SCRIPT_RUN_H_
