#include "sansip/cli/json_schema.h"

#include <algorithm>
#include <vector>

#include "nlohmann/json.hpp"

namespace sansip::cli {
namespace {

std::string Stripped(std::string_view text) {
  const auto is_edge = [](char c) { return c == ' ' || c == '`'; };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  return std::string(text);
}

// "| `t` | number | yes | seconds |" -> {"t", "number", "yes", "seconds"}
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  for (std::size_t at = 1; at < line.size();) {
    const std::size_t end = std::min(line.find('|', at), line.size());
    cells.push_back(Stripped(line.substr(at, end - at)));
    at = end + 1;
  }
  return cells;
}

bool IsOfType(const nlohmann::json& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

}  // namespace

JsonSchema::JsonSchema(std::string_view markdown) {
  std::string heading;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("## ")) {
      heading.clear();
      std::copy_if(line.begin() + 3, line.end(), std::back_inserter(heading),
                   [](char c) { return c != '`'; });
      continue;
    }
    if (heading.empty() || !line.starts_with("|")) continue;
    Fields& fields = tables_[heading];
    const std::vector<std::string> cells = Cells(line);
    if (cells.size() < 4 || cells[0] == "field" || cells[0].starts_with("---")) continue;
    fields[cells[0]] = {.type = cells[1], .is_always = cells[2] == "yes"};
  }
}

std::string JsonSchema::FaultIn(const nlohmann::json& object, const Fields& fields) const {
  for (const auto& [name, value] : object.items()) {
    const auto field = fields.find(name);
    if (field == fields.end()) return "a field that is not in the tables: " + name;
    if (!IsOfType(value, field->second.type)) return name + " is no " + field->second.type;
  }
  for (const auto& [name, field] : fields) {
    if (field.is_always && !object.contains(name)) return name + " is missing";
  }
  return "";
}

std::string JsonSchema::FaultIn(const nlohmann::json& line) const {
  if (!line.is_object() || !line.contains("event") || !line["event"].is_string()) return "no event";
  const std::string event = line["event"];
  const auto own = tables_.find(event);
  if (own == tables_.end()) return "an event that is not in the page: " + event;
  if (event == "summary") return FaultIn(line, own->second);
  Fields fields = tables_.at("Every event");
  fields.insert(own->second.begin(), own->second.end());
  const std::string fault = FaultIn(line, fields);
  if (!fault.empty() || !line.contains("media")) return fault;
  return FaultIn(line["media"], tables_.at("media of ended"));
}

std::string JsonSchema::FaultInParse(const nlohmann::json& line) const {
  if (!line.is_object()) return "no object";
  for (const nlohmann::json& problem : line.value("problems", nlohmann::json::array())) {
    const std::string fault = FaultIn(problem, tables_.at("A problem of sansip parse"));
    if (!fault.empty()) return fault;
  }
  return FaultIn(line, tables_.at("summary of sansip parse"));
}

std::string JsonSchema::FaultInDemo(const nlohmann::json& line) const {
  return line.is_object() ? FaultIn(line, tables_.at("summary of sansip demo")) : "no object";
}

std::string JsonSchema::FaultInSimulate(const nlohmann::json& line) const {
  if (!line.is_object() || !line.contains("event") || !line["event"].is_string()) return "no event";
  const auto own = tables_.find(line["event"].get<std::string>() + " of sansip simulate");
  if (own == tables_.end()) return "an event that is not in the page";
  for (const nlohmann::json& finding : line.value("findings", nlohmann::json::array())) {
    const std::string fault = FaultIn(finding, tables_.at("finding of sansip simulate"));
    if (!fault.empty()) return fault;
  }
  nlohmann::json rest = line;
  rest.erase("event");
  return FaultIn(rest, own->second);
}

}  // namespace sansip::cli
