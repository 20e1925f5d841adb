#include "sansip/tests/conformance/scenario.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {
namespace {

std::string SuiteOf(std::string_view section) {
  // "RFC 3261 17.1.1" -> "Rfc3261_17_1_1"
  std::string suite;
  for (const std::string& word : Words(section)) {
    if (word == "RFC") {
      suite += "Rfc";
      continue;
    }
    if (suite.size() > 3) suite += '_';
    for (const char c : word) suite += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return suite;
}

bool IsName(std::string_view text) {
  return !text.empty() && std::isupper(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c); });
}

// "sweep D from -45ms to 45ms step 3ms"
std::optional<Sweep> ReadSweep(const std::vector<std::string>& words) {
  if (words.size() != 8 || words[2] != "from" || words[4] != "to" || words[6] != "step") return std::nullopt;
  const TimeNames names;
  const auto from = ReadTime(words[3], names), to = ReadTime(words[5], names),
             step = ReadTime(words[7], names);
  if (!IsName(words[1]) || !from || !to || !step || *step <= Duration::zero() || *to < *from)
    return std::nullopt;
  if ((*to - *from) / *step >= kSweepRunsMax) return std::nullopt;
  return Sweep{words[1], *from, *to, *step};
}

class Reader {
 public:
  Reader(std::string_view file_name, ScenarioFile* out) : file_name_(file_name), out_(out) {}

  void Line(int number, std::string_view line) {
    const std::size_t hash = line.starts_with("#") ? 0 : line.find(" #");
    const std::string_view code = line.substr(0, hash);
    const std::size_t indent = code.find_first_not_of(' ');
    if (indent == std::string_view::npos) return;
    const std::string_view text = Trimmed(code);
    number_ = number;
    if (indent == 0) {
      Heading(text);
    } else if (out_->scenarios.empty()) {
      Fail("a step before the first scenario");
    } else {
      out_->scenarios.back().source += std::string(line) + "\n";
      if (indent == 2) {
        InScenario(text);
      } else if (indent == 4 && !out_->scenarios.back().steps.empty()) {
        out_->scenarios.back().steps.back().details.emplace_back(text);
      } else {
        Fail("indentation is 2 for a step and 4 for what belongs to it");
      }
    }
  }

  void Finish() {
    if (section_.empty()) Fail("no section");
    for (const Scenario& scenario : out_->scenarios) {
      number_ = scenario.line;
      if (scenario.title.empty()) Fail("a scenario wants a title");
      if (scenario.steps.empty()) Fail("a scenario wants steps");
    }
  }

 private:
  void Fail(std::string_view what) {
    if (out_->error.empty()) {
      out_->error = file_name_ + ":" + std::to_string(number_) + ": " + std::string(what);
    }
  }

  void Heading(std::string_view text) {
    if (text.starts_with("section ")) {
      section_ = Trimmed(text.substr(8));
      return;
    }
    if (!text.starts_with("scenario ")) return Fail("neither a section nor a scenario");
    const std::string name(Trimmed(text.substr(9)));
    if (!IsName(name)) return Fail("a scenario's name is letters and digits, the first a capital");
    if (section_.empty()) return Fail("a scenario before the section");
    if (!names_.insert(section_ + name).second) return Fail("a second scenario of that name");
    Scenario scenario;
    scenario.file = file_name_;
    scenario.section = section_;
    scenario.suite = SuiteOf(section_);
    scenario.name = name;
    scenario.line = number_;
    out_->scenarios.push_back(std::move(scenario));
  }

  void InScenario(std::string_view text) {
    Scenario& scenario = out_->scenarios.back();
    const std::vector<std::string> words = Words(text);
    if (words[0] == "title") {
      scenario.title = Trimmed(text.substr(5));
    } else if (words[0] == "shows") {
      scenario.shows.insert(scenario.shows.end(), words.begin() + 1, words.end());
    } else if (words[0] == "with") {
      if (words.size() < 2) return Fail("with what?");
      scenario.options[words[1]] = Trimmed(text.substr(text.find(words[1]) + words[1].size()));
    } else if (text == "over tcp") {
      scenario.over_tcp = true;
    } else if (text == "parties alice bob") {
      scenario.is_crossing = true;
    } else if (text == "golden") {
      scenario.is_golden = true;
    } else if (words[0] == "sweep") {
      const std::optional<Sweep> sweep = ReadSweep(words);
      if (!sweep) return Fail("sweep NAME from TIME to TIME step TIME");
      scenario.sweeps.push_back(*sweep);
    } else {
      scenario.steps.push_back({number_, std::string(text), {}});
    }
  }

  std::string file_name_;
  ScenarioFile* out_;
  std::string section_;
  std::set<std::string> names_;
  int number_ = 0;
};

}  // namespace

ScenarioFile ReadScenarios(std::string_view file_name, std::string_view text) {
  ScenarioFile file;
  if (text.size() > kScenarioFileBytesMax) {
    file.error = std::string(file_name) + ": longer than 1 MB";
    return file;
  }
  Reader reader(file_name, &file);
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.Line(++number, text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  reader.Finish();
  return file;
}

ScenarioFile ReadScenarioFolder(const std::string& folder) {
  ScenarioFile all;
  std::error_code error;
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".scenario") paths.insert(entry.path());
  }
  if (paths.empty()) all.error = folder + ": there are no scenarios";
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    ScenarioFile one = ReadScenarios(path.filename().string(), text.str());
    if (all.error.empty()) all.error = one.error;
    all.scenarios.insert(all.scenarios.end(), one.scenarios.begin(), one.scenarios.end());
  }
  return all;
}

std::optional<Duration> ReadTime(std::string_view text, const TimeNames& names) {
  Duration sum = Duration::zero();
  text = Trimmed(text);
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    int sign = 1;
    if (text[0] == '+' || text[0] == '-') {
      sign = text[0] == '-' ? -1 : 1;
      text.remove_prefix(1);
    }
    const std::string_view term = text.substr(0, text.find_first_of("+-"));
    text.remove_prefix(term.size());
    std::int64_t count = 1;
    const char* const end = term.data() + term.size();
    const char* unit = term.data();
    if (!term.empty() && std::isdigit(static_cast<unsigned char>(term[0]))) {
      const auto [rest, error] = std::from_chars(term.data(), end, count);
      if (error != std::errc() || count > 1'000'000) return std::nullopt;
      unit = rest;
    }
    const std::string_view name(unit, static_cast<std::size_t>(end - unit));
    Duration one;
    if (const auto swept = names.swept.find(name); swept != names.swept.end()) {
      one = swept->second;
    } else if (name == "T1") {
      one = names.t1;
    } else if (name == "T2") {
      one = names.t2;
    } else if (name == "T4") {
      one = names.t4;
    } else if (unit != term.data() && name == "ms") {
      one = std::chrono::milliseconds(1);
    } else if (unit != term.data() && name == "s") {
      one = std::chrono::seconds(1);
    } else if (unit != term.data() && name == "min") {
      one = std::chrono::minutes(1);
    } else if (unit != term.data() && name == "h") {
      one = std::chrono::hours(1);
    } else {
      return std::nullopt;
    }
    sum += sign * count * one;
  }
  return sum;
}

}  // namespace sansip::conformance
