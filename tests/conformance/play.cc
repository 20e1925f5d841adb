#include "sansip/tests/conformance/play.h"

#include <utility>

#include "sansip/tests/conformance/crossing_run.h"
#include "sansip/tests/conformance/simulated_stage.h"
#include "sansip/tests/sim/ladder.h"

namespace sansip::conformance {

Outcome Play(const Scenario& scenario) {
  if (scenario.is_crossing) {
    CrossingOutcome crossing = PlayCrossing(scenario);
    return {std::move(crossing.verdict), std::move(crossing.trace), std::move(crossing.names)};
  }
  SimulatedStage stage(scenario);
  Outcome outcome;
  outcome.verdict = PlayScript(scenario, TimeNames{}, "1", stage);
  outcome.names = stage.names();
  outcome.trace = stage.TakeTrace();
  return outcome;
}

std::string GoldenLadder(const Outcome& outcome) { return sim::TextLadder(outcome.trace, outcome.names); }

}  // namespace sansip::conformance
