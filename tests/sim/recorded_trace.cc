#include "sansip/tests/sim/recorded_trace.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/trace_json.h"

namespace sansip::sim {
namespace {

constexpr std::size_t kColumnsMax = 12;

std::string TextAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t NumberAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string Printable(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

class Reading {
 public:
  Reading(Trace& trace, std::vector<std::string>& names) : trace_(trace), names_(names) {
    names_ = {"user agent"};
  }

  void OnInput(const Json& line) {
    // A clock that goes back, or beyond what there is, is no clock.
    const std::int64_t ns =
        std::clamp<std::int64_t>(NumberAt(line, "ns"), 0, kNever.time_since_epoch().count() / 2);
    now_ = std::max(now_, Instant(Duration(ns)));
    const std::string name = TextAt(line, "input");
    const auto origin = line.find("origin");
    if (origin != line.end() && origin->is_object()) return OnMessage(line, *origin);
    static constexpr std::string_view kVerbs[] = {"PlaceCall",   "Ring",       "Answer", "Refuse",
                                                  "HangUp",      "Reinvite",   "Update", "Shutdown",
                                                  "AnswerOffer", "RefuseOffer"};
    if (std::find(std::begin(kVerbs), std::end(kVerbs), name) == std::end(kVerbs)) return;
    trace_.Add({.at = now_, .kind = Record::Kind::kVerb, .name = name});
  }

  void OnOutcome(const Json& line) {
    const auto actions = line.find("actions");
    if (actions == line.end() || !actions->is_array()) return;
    for (const Json& action : *actions) {
      if (action.is_object()) OnAction(action);
    }
  }

 private:
  void OnMessage(const Json& line, const Json& origin) {
    const std::uint32_t peer = ColumnOf(origin);
    if (peer != names_.size() - 1 || !is_shared_) {
      names_[peer] = Printable(TextAt(origin, "host")) + ":" + std::to_string(NumberAt(origin, "port"));
    }
    AddMessage(peer, 0, FromBase64(TextAt(line, "bytes")).value_or(""));
  }

  void OnAction(const Json& action) {
    const std::string name = Printable(TextAt(action, "action"));
    if (name == "Transmit")
      return AddMessage(0, ColumnOf(action), FromBase64(TextAt(action, "wire")).value_or(""));
    if (name == "Locate") return;
    std::string text = name;
    if (const std::string cause = TextAt(action, "cause"); !cause.empty()) text += " " + Printable(cause);
    if (const std::int64_t status = NumberAt(action, "status"); status != 0)
      text += " " + std::to_string(status);
    Record record{.at = now_, .kind = Record::Kind::kEvent, .name = name};
    if (name == "Refreshed") {
      const std::int64_t interval = std::clamp<std::int64_t>(NumberAt(action, "interval"), 0, 0xFFFFFFFF);
      text += " " + std::to_string(interval) + "s";
      if (interval != 0) record.due = After(now_, std::chrono::seconds(interval));
    }
    record.text = text;
    trace_.Add(record);
  }

  void AddMessage(std::uint32_t from, std::uint32_t to, const std::string& wire) {
    const std::string text = Printable(MessageText(wire));
    trace_.Add({.at = now_,
                .kind = Record::Kind::kSent,
                .node = from,
                .peer = to,
                .datagram = ++messages_,
                .text = text,
                .wire = wire});
  }

  // Of the flow that it names.
  std::uint32_t ColumnOf(const Json& json) {
    const auto found = json.find("flow");
    const std::string flow = found == json.end() ? "" : Printable(found->dump());
    const auto [column, is_new] = columns_.try_emplace(flow, static_cast<std::uint32_t>(names_.size()));
    if (!is_new) return column->second;
    if (names_.size() == kColumnsMax) {
      is_shared_ = true;
      names_.back() = "all others";
      return column->second = kColumnsMax - 1;
    }
    names_.push_back("flow " + flow);
    return column->second;
  }

  Trace& trace_;
  std::vector<std::string>& names_;
  Instant now_;
  std::uint64_t messages_ = 0;
  bool is_shared_ = false;
  std::map<std::string, std::uint32_t> columns_;
};

}  // namespace

bool IsRecordedTrace(std::string_view bytes) { return bytes.starts_with("{\"format\":"); }

bool ReadRecordedTrace(std::istream& in, std::uint64_t n, Trace& trace, std::vector<std::string>& names,
                       std::string& why) {
  Reading reading(trace, names);
  std::string text;
  std::uint64_t inputs = 0;
  for (std::uint64_t number = 1; std::getline(in, text); ++number) {
    const Json line = Json::parse(text, nullptr, false);
    if (number == 1 && (!line.is_object() || NumberAt(line, "format") != 1)) break;
    if (!line.is_object()) return true;  // it breaks off
    if (line.contains("input")) {
      if (n != 0 && inputs == n) return true;
      ++inputs;
      reading.OnInput(line);
    } else {
      reading.OnOutcome(line);
    }
  }
  if (inputs == 0) why = "this is no trace of format 1, or an empty one";
  return inputs != 0;
}

}  // namespace sansip::sim
