#include "sansip/tests/conformance/report.h"

#include <algorithm>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::conformance {
namespace {

constexpr std::string_view kGreen = "\033[32m", kRed = "\033[31m", kYellow = "\033[33m", kFaint = "\033[2m",
                           kBold = "\033[1m", kPlain = "\033[0m";

// "Rfc3261_9" and "RFC 3261 9" are of 3261.
std::string RfcOf(const Scenario& scenario) {
  const std::string rest = scenario.section.substr(std::min<std::size_t>(4, scenario.section.size()));
  return rest.substr(0, rest.find(' '));
}

struct Tally {
  int passed = 0, failed = 0, skipped = 0;
};

std::map<std::string, Tally> TallyByRfc(const Report& report) {
  std::map<std::string, Tally> tallies;
  for (const ScenarioResult& result : report.results) {
    Tally& tally = tallies[RfcOf(result.scenario)];
    tally.passed += result.verdict.kind == Verdict::Kind::kPassed;
    tally.failed += result.verdict.kind == Verdict::Kind::kFailed;
    tally.skipped += result.verdict.kind == Verdict::Kind::kSkipped;
  }
  return tallies;
}

std::string Place(const ScenarioResult& result) {
  return result.scenario.file + ":" + std::to_string(std::max(result.verdict.line, result.scenario.line));
}

}  // namespace

int Report::Count(Verdict::Kind kind) const {
  return static_cast<int>(std::count_if(results.begin(), results.end(), [kind](const ScenarioResult& result) {
    return result.verdict.kind == kind;
  }));
}

std::map<std::string, std::vector<std::string>> Report::ShownBy() const {
  std::map<std::string, std::vector<std::string>> shown;
  for (const ScenarioResult& result : results) {
    if (result.verdict.kind != Verdict::Kind::kPassed) continue;
    for (const std::string& id : result.scenario.shows) shown[id].push_back(result.scenario.full_name());
  }
  return shown;
}

std::string VerdictText(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::kPassed:
      return "passed";
    case Verdict::Kind::kFailed:
      return "failed";
    case Verdict::Kind::kSkipped:
      return "skipped";
  }
  return "";
}

std::string TerminalText(const Report& report, bool is_coloured) {
  const auto paint = [is_coloured](std::string_view colour, const std::string& text) {
    return is_coloured ? std::string(colour) + text + std::string(kPlain) : text;
  };
  std::string out = paint(kBold, "Conformance of " + report.subject) + "\n\n";
  out += paint(kFaint, fmt::format("{:<10}{:>7}{:>9}{:>12}{:>10}  {:<22}{:>10}{:>8}\n", "", "rows", "tested",
                                   "exceptions", "not yet", "", "scenarios", "failed"));
  const std::map<std::string, Tally> tallies = TallyByRfc(report);
  std::map<std::string, Coverage> coverage = CoverageOf(report.rows, report.ShownBy());
  for (const auto& [rfc, tally] : tallies) coverage[rfc];
  for (const auto& [rfc, one] : coverage) {
    const auto found = tallies.find(rfc);
    const Tally tally = found == tallies.end() ? Tally{} : found->second;
    const int due = one.rows - one.not_applicable - one.superseded;
    const int filled = due == 0 ? 0 : 20 * one.tested / due;
    std::string bar;
    for (int i = 0; i < 20; ++i) bar += i < filled ? "█" : "·";
    out += fmt::format("{:<10}{:>7}{:>9}{:>12}{:>10}  ", "RFC " + rfc, one.rows, one.tested, one.exceptions,
                       one.not_yet);
    out += paint(kGreen, bar) + "  ";
    out += fmt::format("{:>10}", tally.passed + tally.failed);
    out += paint(tally.failed > 0 ? kRed : kFaint, fmt::format("{:>8}", tally.failed)) + "\n";
  }
  for (const ScenarioResult& result : report.results) {
    if (result.verdict.kind == Verdict::Kind::kPassed) continue;
    const bool is_failed = result.verdict.kind == Verdict::Kind::kFailed;
    out += "\n" + paint(is_failed ? kRed : kYellow, VerdictText(result.verdict.kind)) + "  " +
           result.scenario.full_name() + ": " + result.verdict.text;
    if (is_failed) out += "\n        " + Place(result);
  }
  const int failed = report.Count(Verdict::Kind::kFailed), skipped = report.Count(Verdict::Kind::kSkipped);
  out +=
      "\n" +
      paint(failed > 0 ? kRed : kGreen, fmt::format("{} passed, {} failed, {} skipped",
                                                    report.Count(Verdict::Kind::kPassed), failed, skipped)) +
      "\n";
  return out;
}

std::string JsonText(const Report& report) {
  nlohmann::ordered_json json = {{"format", 1}, {"subject", report.subject}};
  for (const Verdict::Kind kind : {Verdict::Kind::kPassed, Verdict::Kind::kFailed, Verdict::Kind::kSkipped}) {
    json[VerdictText(kind)] = report.Count(kind);
  }
  json["coverage"] = nlohmann::ordered_json::array();
  for (const auto& [rfc, one] : CoverageOf(report.rows, report.ShownBy())) {
    json["coverage"].push_back({{"rfc", rfc},
                                {"rows", one.rows},
                                {"tested", one.tested},
                                {"exception", one.exceptions},
                                {"not_applicable", one.not_applicable},
                                {"superseded", one.superseded},
                                {"not_yet", one.not_yet}});
  }
  json["scenarios"] = nlohmann::ordered_json::array();
  for (const ScenarioResult& result : report.results) {
    nlohmann::ordered_json one = {{"name", result.scenario.full_name()},
                                  {"section", result.scenario.section},
                                  {"title", result.scenario.title},
                                  {"verdict", VerdictText(result.verdict.kind)},
                                  {"runs", result.verdict.runs},
                                  {"shows", result.scenario.shows},
                                  {"place", Place(result)}};
    if (!result.verdict.text.empty()) one["reason"] = result.verdict.text;
    json["scenarios"].push_back(std::move(one));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string JunitText(const Report& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"conformance\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
                     report.results.size(), report.Count(Verdict::Kind::kFailed),
                     report.Count(Verdict::Kind::kSkipped));
  std::map<std::string, std::string> suites;
  for (const ScenarioResult& result : report.results) {
    std::string& suite = suites[result.scenario.suite];
    suite += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", result.scenario.suite,
                         result.scenario.name);
    if (result.verdict.kind == Verdict::Kind::kPassed) {
      suite += "/>\n";
      continue;
    }
    const std::string what = sim::EscapeHtml(result.verdict.text);
    suite += result.verdict.kind == Verdict::Kind::kFailed
                 ? fmt::format(">\n      <failure message=\"{}\">{}\n{}</failure>\n    </testcase>\n", what,
                               Place(result), sim::EscapeHtml(result.ladder_text))
                 : fmt::format("><skipped message=\"{}\"/></testcase>\n", what);
  }
  for (const auto& [name, cases] : suites) {
    out += fmt::format("  <testsuite name=\"{}\">\n{}  </testsuite>\n", name, cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace sansip::conformance
