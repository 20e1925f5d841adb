// A scenario: a short script in virtual time that reads like the requirement it shows. Files in scenarios/
// hold them, one file per RFC section; docs/conformance.md has the language.
//
// Two kinds. With a scripted peer: it sends and expects raw messages, step after step, facing one agent.
// With parties: two production user agents do what is set for set times, and end as one of the ways
// that are named; times may be swept.
#ifndef SANSIP_TESTS_CONFORMANCE_SCENARIO_H_
#define SANSIP_TESTS_CONFORMANCE_SCENARIO_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"

namespace sansip::conformance {

// One line: "expect CANCEL within 1s", and the indented lines below it.
struct ScenarioStep {
  int line = 0;
  std::string text;
  std::vector<std::string> details;
};

// A value that takes every value of a range, in steps: the scenario runs for each.
struct Sweep {
  std::string name;  // "D": times may say "2s+D"
  Duration from = Duration::zero(), to = Duration::zero(), step = Duration::zero();
};

struct Scenario {
  std::string file;                                         // "rfc3261-9.scenario"
  std::string section;                                      // "RFC 3261 9"
  std::string suite;                                        // "Rfc3261_9"
  std::string name;                                         // "CancelWaitsForAProvisional"
  std::string title;                                        // in words
  std::vector<std::string> shows;                           // ids of the register
  std::map<std::string, std::string, std::less<>> options;  // "with NAME VALUE"
  bool is_crossing = false;                                 // parties instead of a scripted peer
  bool over_tcp = false;
  bool is_golden = false;  // golden/SUITE.NAME.txt is its ladder
  std::vector<Sweep> sweeps;
  std::vector<ScenarioStep> steps;
  int line = 0;
  std::string source;  // its lines, as written

  std::string full_name() const { return suite + "." + name; }
};

struct ScenarioFile {
  std::vector<Scenario> scenarios;
  std::string error;  // "file:line: what is wrong"; empty: nothing
};

inline constexpr std::size_t kScenarioFileBytesMax = 1 << 20;
inline constexpr int kSweepRunsMax = 20'000;  // of one scenario

ScenarioFile ReadScenarios(std::string_view file_name, std::string_view text);
// All *.scenario of a folder, in the order of their names.
ScenarioFile ReadScenarioFolder(const std::string& folder);

// What T1, T2 and T4 stand for, and what is swept.
struct TimeNames {
  Duration t1 = std::chrono::milliseconds(500);
  Duration t2 = std::chrono::seconds(4);
  Duration t4 = std::chrono::seconds(5);
  std::map<std::string, Duration, std::less<>> swept = {};
};

// "500ms", "2s", "3min", "64T1", "2s+D", "1950ms-D+T1"; nullopt: no time.
std::optional<Duration> ReadTime(std::string_view text, const TimeNames& names);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_SCENARIO_H_
