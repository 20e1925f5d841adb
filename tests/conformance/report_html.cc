#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "sansip/tests/conformance/report.h"
#include "sansip/tests/conformance/report_page.h"
#include "sansip/tests/sim/html_head.h"
#include "sansip/tests/sim/ladder_svg.h"

namespace sansip::conformance {
namespace {

nlohmann::ordered_json Data(const Report& report) {
  nlohmann::ordered_json data = {{"subject", report.subject}};
  const std::map<std::string, std::vector<std::string>> shown_by = report.ShownBy();
  data["coverage"] = nlohmann::ordered_json::array();
  for (const auto& [rfc, one] : CoverageOf(report.rows, shown_by)) {
    data["coverage"].push_back(
        {rfc, one.rows, one.tested, one.exceptions, one.not_applicable, one.superseded, one.not_yet});
  }
  data["rows"] = nlohmann::ordered_json::array();
  for (const RegisterRow& row : report.rows) {
    const auto shown = shown_by.find(row.id);
    std::vector<std::string> tests = row.tests;
    std::string status = row.status;
    if (shown != shown_by.end()) {
      status = "tested";
      for (const std::string& name : shown->second) {
        if (std::find(tests.begin(), tests.end(), name) == tests.end()) tests.push_back(name);
      }
    }
    data["rows"].push_back({row.id, status, tests, row.reason});
  }
  data["scenarios"] = nlohmann::ordered_json::array();
  for (const ScenarioResult& result : report.results) {
    data["scenarios"].push_back({{"suite", result.scenario.suite},
                                 {"name", result.scenario.name},
                                 {"section", result.scenario.section},
                                 {"title", result.scenario.title},
                                 {"verdict", VerdictText(result.verdict.kind)},
                                 {"why", result.verdict.text},
                                 {"runs", result.verdict.runs},
                                 {"shows", result.scenario.shows},
                                 {"source", result.scenario.source},
                                 {"svg", result.ladder_svg}});
  }
  return data;
}

}  // namespace

std::string HtmlText(const Report& report) {
  // Within a script element nothing may look like its end.
  std::string json = Data(report).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  for (std::size_t at = json.find("</"); at != std::string::npos; at = json.find("</", at + 3)) {
    json.replace(at, 2, "<\\/");
  }
  std::string html(sim::kHtmlHead);
  html += "<title>Conformance of " + sim::EscapeHtml(report.subject) + "</title>\n";
  html += sim::kHtmlColours;
  html += kReportPageStyle;
  html += kReportPageBody;
  html += "<script type=\"application/json\" id=\"data\">" + json + "</script>\n";
  html += kReportPageScript;
  return html;
}

}  // namespace sansip::conformance
