#include "sansip/tests/conformance/field_check.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

namespace sansip::conformance {
namespace {

// The words behind the operator.
std::string Rest(const std::vector<std::string>& words, std::size_t from) {
  std::string rest;
  for (std::size_t i = from; i < words.size(); ++i) rest += (rest.empty() ? "" : " ") + words[i];
  return rest;
}

// In a list of tokens.
bool Lists(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view one = Trimmed(value.substr(0, comma));
    if (EqualsIgnoringCase(one.substr(0, one.find(';')), token)) return true;
    value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
  }
  return false;
}

// Every token of the list is one of the words behind the operator.
bool ListsOnly(std::string_view value, const std::vector<std::string>& words) {
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string token(Trimmed(rest.substr(0, comma)));
    if (std::find(words.begin() + 2, words.end(), token) == words.end()) return false;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return true;
}

// Of the first header field of that name; the end if there is none.
std::size_t Place(const WireMessage& message, std::string_view name) {
  std::size_t place = 0;
  while (place < message.headers.size() && !EqualsIgnoringCase(message.headers[place].first, name)) ++place;
  return place;
}

// "INVITE" or "INVITE.From.tag"; nullopt: there is no such message.
std::optional<std::string> Other(const std::string& name, const std::string& path, const Peer& peer) {
  const std::size_t dot = name.find('.');
  const WireMessage* const other = peer.Find(name.substr(0, dot));
  if (other == nullptr) return std::nullopt;
  return other->Field(dot == std::string::npos ? path : name.substr(dot + 1)).value_or("(absent)");
}

}  // namespace

std::string FieldFault(const WireMessage& message, std::string_view check, Peer& peer) {
  std::string error;
  const std::optional<std::string> filled = peer.Fill(check, error);
  if (!filled) return error;
  const std::vector<std::string> words = Words(*filled);
  if (words.size() < 2) return "no check";
  const std::string& path = words[0];
  const std::optional<std::string> field = message.Field(path);
  const std::string have = field.value_or("(absent)");
  const std::string fault = "it is " + have;
  const std::string& op = words[1];
  if (op == "present") return field ? "" : fault;
  if (op == "absent") return field ? fault : "";
  if (op == "=") return have == Rest(words, 2) ? "" : fault;
  if (op == "begins") return have.starts_with(Rest(words, 2)) ? "" : fault;
  if (op == "contains") {
    const std::string rest = Rest(words, 2);
    return Lists(have, rest) || (path == "body" && have.find(rest) != std::string::npos) ? "" : fault;
  }
  if (op == "lacks") return !field || !Lists(have, Rest(words, 2)) ? "" : fault;
  if (op == "only") return !field || ListsOnly(have, words) ? "" : fault;
  if (op == "before") return Place(message, path) < Place(message, Rest(words, 2)) ? "" : "it stands behind";
  if (op == "within" && words.size() == 3) {
    const std::size_t dots = words[2].find("..");
    const double low = std::atof(words[2].c_str());
    const double high = dots == std::string::npos ? low : std::atof(words[2].c_str() + dots + 2);
    const double number = std::atof(have.c_str());
    return field && number >= low && number <= high ? "" : fault;
  }
  const bool is_denied = op == "not";
  const std::size_t at = is_denied ? 3 : 2;
  if (words.size() <= at) return "no check";
  const std::string name = Rest(words, at);
  const std::optional<std::string> other = Other(name, path, peer);
  if (!other) return "there is no " + name;
  if (words[at - 1] == "as") return (have == *other) != is_denied ? "" : fault + ", there it is " + *other;
  if (op == "follows") {
    return field && std::atoll(have.c_str()) == std::atoll(other->c_str()) + 1 ? ""
                                                                               : fault + " after " + *other;
  }
  return "no check";
}

}  // namespace sansip::conformance
