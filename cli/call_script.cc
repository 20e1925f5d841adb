#include "sansip/cli/call_script.h"

#include <algorithm>
#include <array>

#include "fmt/core.h"
#include "sansip/cli/option_values.h"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/text/ascii.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::string_view kFromStart = "start+";
constexpr std::string_view kKeys = "0123456789*#ABCD";

enum class Needs { kNothing, kStatus, kKeys, kTypeAndText, kText };

struct VerbRow {
  ScriptVerb verb;
  std::string_view name;
  Needs needs = Needs::kNothing;
  int status_min = 0, status_max = 0, status = 0;
};
constexpr std::array<VerbRow, 12> kVerbs = {{
    {ScriptVerb::kRing, "ring", Needs::kStatus, 101, 199, 180},
    {ScriptVerb::kAnswer, "answer"},
    {ScriptVerb::kRefuse, "refuse", Needs::kStatus, 300, 699, 486},
    {ScriptVerb::kHold, "hold"},
    {ScriptVerb::kResume, "resume"},
    {ScriptVerb::kReinvite, "reinvite"},
    {ScriptVerb::kUpdate, "update"},
    {ScriptVerb::kMove, "move"},
    {ScriptVerb::kDtmf, "dtmf", Needs::kKeys},
    {ScriptVerb::kInfo, "info", Needs::kTypeAndText},
    {ScriptVerb::kMessage, "message", Needs::kText},
    {ScriptVerb::kHangUp, "hangup"},
}};

// The next word; `rest` loses it.
std::string_view TakeWord(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of(kBlank), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest = Trim(rest.substr(end));
  return word;
}

bool ReadArgument(const VerbRow& row, std::string_view rest, ScriptStep& step, std::string& why) {
  switch (row.needs) {
    case Needs::kNothing:
      why = "takes nothing after it";
      return rest.empty();
    case Needs::kStatus: {
      std::uint64_t status = static_cast<std::uint64_t>(row.status);
      const auto min = static_cast<std::uint64_t>(row.status_min);
      if (!rest.empty() && !ReadNumber(rest, min, static_cast<std::uint64_t>(row.status_max), status, why)) {
        return false;
      }
      step.status = static_cast<int>(status);
      return true;
    }
    case Needs::kKeys:
      why = fmt::format("needs keys of {}", kKeys);
      step.text = rest;
      return !rest.empty() && rest.find_first_not_of(kKeys) == std::string_view::npos;
    case Needs::kTypeAndText: {
      step.type = TakeWord(rest);
      step.text = rest;
      MediaType type;
      why = "needs a content type and a text";
      return ParseMediaType(step.type, type).ok() && !rest.empty();
    }
    case Needs::kText:
      why = "needs a text";
      step.text = rest;
      return !rest.empty();
  }
  return false;
}

bool ReadStep(std::string_view line, ScriptStep& step, bool& from_start, std::string& why) {
  std::string_view time = TakeWord(line);
  from_start = time.substr(0, kFromStart.size()) == kFromStart;
  if (from_start) time.remove_prefix(kFromStart.size());
  if (!ReadDuration(time, step.after, why)) return false;
  const std::string_view verb = TakeWord(line);
  const auto row =
      std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbRow& one) { return one.name == verb; });
  if (row == kVerbs.end()) {
    why = fmt::format("\"{}\" is no verb; there are", verb);
    for (const VerbRow& one : kVerbs) why += fmt::format(" {}", one.name);
    return false;
  }
  step.verb = row->verb;
  if (ReadArgument(*row, line, step, why)) return true;
  why = fmt::format("{}: {}", verb, why);
  return false;
}

void SortByTime(std::vector<ScriptStep>& steps) {
  std::stable_sort(steps.begin(), steps.end(),
                   [](const ScriptStep& a, const ScriptStep& b) { return a.after < b.after; });
}

}  // namespace

std::string_view ScriptVerbName(ScriptVerb verb) { return kVerbs[static_cast<std::size_t>(verb)].name; }

bool CallScript::responds() const {
  return std::any_of(after_start.begin(), after_start.end(), [](const ScriptStep& step) {
    return step.verb == ScriptVerb::kRing || step.verb == ScriptVerb::kAnswer ||
           step.verb == ScriptVerb::kRefuse;
  });
}

bool ReadCallScript(std::string_view text, CallScript& script, std::string& why) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    ScriptStep step;
    step.line = number;
    bool from_start = false;
    if (!ReadStep(line, step, from_start, why)) {
      why = fmt::format("line {}: {}", number, why);
      return false;
    }
    if (script.after_start.size() + script.after_ack.size() == CallScript::kStepsMax) {
      why = fmt::format("line {}: more than {} steps", number, CallScript::kStepsMax);
      return false;
    }
    (from_start ? script.after_start : script.after_ack).push_back(std::move(step));
  }
  SortByTime(script.after_start);
  SortByTime(script.after_ack);
  why = "there is no step in it";
  return !script.after_start.empty() || !script.after_ack.empty();
}

}  // namespace sansip::cli
