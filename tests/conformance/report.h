// What `//tests/conformance:report` found, and how it is written.
#ifndef SANSIP_TESTS_CONFORMANCE_REPORT_H_
#define SANSIP_TESTS_CONFORMANCE_REPORT_H_

#include <map>
#include <string>
#include <vector>

#include "sansip/tests/conformance/register_file.h"
#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/conformance/script_run.h"

namespace sansip::conformance {

struct ScenarioResult {
  Scenario scenario;
  Verdict verdict;
  std::string ladder_text, ladder_svg;
};

struct Report {
  std::string subject;  // "sansip, in virtual time", "udp:127.0.0.1:5060"
  std::vector<ScenarioResult> results;
  std::vector<RegisterRow> rows;

  int Count(Verdict::Kind kind) const;
  // The ids that passed scenarios show, with their names.
  std::map<std::string, std::vector<std::string>> ShownBy() const;
};

std::string VerdictText(Verdict::Kind kind);  // "passed"

std::string TerminalText(const Report& report, bool is_coloured);
std::string JsonText(const Report& report);
std::string JunitText(const Report& report);
std::string HtmlText(const Report& report);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_REPORT_H_
