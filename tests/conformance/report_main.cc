// Runs every scenario and writes the conformance report: docs/conformance.md.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/core.h"
#include "sansip/tests/conformance/play.h"
#include "sansip/tests/conformance/report.h"
#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/target_run.h"
#include "sansip/tests/conformance/timer_spans.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::conformance {
namespace {

constexpr std::string_view kHelp =
    R"(usage: report [options]          (./bazelw run //tests/conformance:report -- [options])

Runs the conformance scenarios in virtual time, prints a table, and writes
conformance.html, conformance.json and conformance.xml (JUnit).

  --out DIR         where to write them, created if need be; default: here
  --filter TEXT     only scenarios whose "Suite.Name" contains it
  --json            print the JSON instead of the table
  --golden DIR      write the ladders that golden/ keeps into DIR, and nothing else
  --scenarios DIR   of other *.scenario files
  --register DIR    of other *.tsv files than docs/rfc

Against a program at an address, in real time:
  --target T:H:P    udp:127.0.0.1:5060 or tcp:127.0.0.1:5060
  --user NAME       of its URI; default: ua
  --answers HOW     what it does with a call: at-once (default) or never: it rings
  --t1 TIME         its T1, if it can be set: 100ms; T2 and T4 are taken as 8 and 10 times that

Exit code: 0 all passed, 1 a scenario failed, 2 the command line, 7 a file cannot be read or written.
)";

struct Options {
  std::string out, filter, golden, scenarios = "tests/conformance/scenarios", registers = "docs/rfc";
  bool json = false, help = false;
  TargetOptions target;
};

// What is wrong with the command line; empty: nothing.
std::string ReadOptions(const std::vector<std::string>& arguments, Options& options) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (name == "--help" || name == "-h") {
      options.help = true;
      return "";
    }
    if (name == "--json") {
      options.json = true;
      continue;
    }
    std::string value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    } else {
      return name + " wants a value, or is no option; try --help";
    }
    std::string* const place = name == "--out"         ? &options.out
                               : name == "--filter"    ? &options.filter
                               : name == "--golden"    ? &options.golden
                               : name == "--scenarios" ? &options.scenarios
                               : name == "--register"  ? &options.registers
                               : name == "--target"    ? &options.target.address
                               : name == "--user"      ? &options.target.user
                                                       : nullptr;
    if (place != nullptr) {
      *place = value;
    } else if (name == "--answers" && (value == "at-once" || value == "never")) {
      options.target.rings = value == "never";
    } else if (const std::optional<Duration> t1 = ReadTime(value, {});
               name == "--t1" && t1 && *t1 >= std::chrono::milliseconds(10)) {
      options.target.times = {.t1 = *t1, .t2 = 8 * *t1, .t4 = 10 * *t1};
    } else {
      return name + " " + value + ": try --help";
    }
  }
  return "";
}

// A path as the person who typed it meant it: `bazel run` starts elsewhere.
std::filesystem::path Meant(const std::string& path) {
  const char* const home = std::getenv("BUILD_WORKING_DIRECTORY");
  return home != nullptr ? std::filesystem::path(home) / path : std::filesystem::path(path);
}

bool Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) fmt::print(stderr, "report: {} cannot be written\n", path.string());
  return static_cast<bool>(out);
}

bool MakeFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fmt::print(stderr, "report: {} cannot be made: {}\n", path.string(), error.message());
  return !error;
}

ScenarioResult ResultOf(const Scenario& scenario, const Outcome& outcome) {
  sim::LadderOptions drawing{.lines_max = 400, .spans = TimerSpans(outcome.trace)};
  return {scenario, outcome.verdict, sim::TextLadder(outcome.trace, outcome.names, {.lines_max = 400}),
          sim::SvgLadder(outcome.trace, outcome.names, scenario.title, drawing)};
}

int WriteGolden(const std::vector<Scenario>& scenarios, const std::filesystem::path& folder) {
  if (!MakeFolder(folder)) return 7;
  for (const Scenario& scenario : scenarios) {
    if (!scenario.is_golden) continue;
    if (!Write(folder / (scenario.full_name() + ".txt"), GoldenLadder(Play(scenario)))) return 7;
  }
  return 0;
}

bool WriteAll(const Report& report, const std::filesystem::path& folder) {
  return MakeFolder(folder) && Write(folder / "conformance.html", HtmlText(report)) &&
         Write(folder / "conformance.json", JsonText(report)) &&
         Write(folder / "conformance.xml", JunitText(report));
}

int Run(const Options& options) {
  const bool is_default = options.scenarios == Options{}.scenarios;
  ScenarioFile all = ReadScenarioFolder(is_default ? options.scenarios : Meant(options.scenarios).string());
  if (!all.error.empty()) {
    fmt::print(stderr, "report: {}\n", all.error);
    return 7;
  }
  std::erase_if(all.scenarios, [&](const Scenario& scenario) {
    return scenario.full_name().find(options.filter) == std::string::npos;
  });
  if (all.scenarios.empty()) {
    fmt::print(stderr, "report: no scenario's name contains \"{}\"\n", options.filter);
    return 2;
  }
  if (!options.golden.empty()) return WriteGolden(all.scenarios, Meant(options.golden));

  Report report{.subject = "sansip, in virtual time", .results = {}, .rows = {}};
  report.rows = ReadRegister(options.registers == Options{}.registers ? options.registers
                                                                      : Meant(options.registers).string());
  if (options.target.address.empty()) {
    for (const Scenario& scenario : all.scenarios)
      report.results.push_back(ResultOf(scenario, Play(scenario)));
  } else {
    // The register tells of sansip, not of the program at the other end.
    report.rows.clear();
    report.subject = options.target.address;
    std::string error;
    TargetRun target(options.target, error);
    if (!error.empty()) {
      fmt::print(stderr, "report: {}\n", error);
      return 2;
    }
    for (const Scenario& scenario : all.scenarios) {
      report.results.push_back(ResultOf(scenario, target.Play(scenario)));
      if (isatty(STDERR_FILENO) != 0) {
        fmt::print(stderr, "{:<8} {}\n", VerdictText(report.results.back().verdict.kind),
                   scenario.full_name());
      }
    }
  }
  std::cout << (options.json ? JsonText(report) : TerminalText(report, isatty(STDOUT_FILENO) != 0))
            << std::flush;
  if (!WriteAll(report, Meant(options.out))) return 7;
  return report.Count(Verdict::Kind::kFailed) > 0 ? 1 : 0;
}

}  // namespace
}  // namespace sansip::conformance

int main(int argc, char** argv) {
  sansip::conformance::Options options;
  const std::string error =
      sansip::conformance::ReadOptions(std::vector<std::string>(argv + 1, argv + argc), options);
  if (!error.empty()) {
    fmt::print(stderr, "report: {}\n", error);
    return 2;
  }
  if (options.help) {
    std::cout << sansip::conformance::kHelp;
    return 0;
  }
  return sansip::conformance::Run(options);
}
