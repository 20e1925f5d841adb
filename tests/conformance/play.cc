#include "sansip/tests/conformance/play.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "fmt/core.h"
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

std::string GoldenLadder(const Outcome& outcome) {
  // Branches are numbered: who draws them from the seed first is the compiler's choice.
  std::string ladder = sim::TextLadder(outcome.trace, outcome.names);
  constexpr std::string_view kCookie = "z9hG4bK";
  std::map<std::string, int> numbers;
  for (std::size_t at = ladder.find(kCookie); at != std::string::npos; at = ladder.find(kCookie, at + 1)) {
    const std::size_t begin = at + kCookie.size();
    const std::size_t size = std::min(ladder.find(' ', begin), ladder.size()) - begin;
    const auto [found, is_new] = numbers.emplace(ladder.substr(begin, size), numbers.size() + 1);
    ladder.replace(begin, size, fmt::format("{:0{}}", found->second, size));
  }
  return ladder;
}

}  // namespace sansip::conformance
