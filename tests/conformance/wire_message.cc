#include "sansip/tests/conformance/wire_message.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace sansip::conformance {
namespace {

// RFC 3261 7.3.3, and the compact forms of its extensions.
constexpr std::pair<char, std::string_view> kCompact[] = {
    {'a', "Accept-Contact"}, {'c', "Content-Type"}, {'e', "Content-Encoding"}, {'f', "From"},
    {'i', "Call-ID"},        {'k', "Supported"},    {'l', "Content-Length"},   {'m', "Contact"},
    {'o', "Event"},          {'r', "Refer-To"},     {'s', "Subject"},          {'t', "To"},
    {'u', "Allow-Events"},   {'v', "Via"},          {'x', "Session-Expires"},
};

std::string LongName(std::string_view name) {
  if (name.size() == 1) {
    for (const auto& [letter, text] : kCompact) {
      if (letter == std::tolower(static_cast<unsigned char>(name[0]))) return std::string(text);
    }
  }
  return std::string(name);
}

// Of "<sip:bob@192.0.2.2>;tag=1" the part within brackets, or what stands before the parameters.
std::string UriOf(std::string_view value) {
  const std::size_t open = value.find('<');
  if (open != std::string_view::npos) {
    return std::string(value.substr(open + 1, value.find('>', open) - open - 1));
  }
  return std::string(Trimmed(value.substr(0, value.find(';'))));
}

std::optional<std::string> Parameter(std::string_view value, std::string_view name) {
  const std::size_t close = value.find('>');
  std::string_view rest = close == std::string_view::npos ? value : value.substr(close);
  rest = rest.substr(0, rest.find(','));
  for (std::size_t at = rest.find(';'); at != std::string_view::npos; at = rest.find(';', at)) {
    ++at;
    const std::string_view one = Trimmed(rest.substr(at, rest.find(';', at) - at));
    const std::size_t equals = one.find('=');
    if (EqualsIgnoringCase(Trimmed(one.substr(0, equals)), name)) {
      return equals == std::string_view::npos ? "" : std::string(Trimmed(one.substr(equals + 1)));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (text = Trimmed(text); !text.empty(); text = Trimmed(text)) {
    const std::size_t end = text.find(' ');
    words.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end);
  }
  return words;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

int WireMessage::status() const { return is_response() ? std::atoi(start.c_str() + 8) : 0; }

std::string WireMessage::method() const {
  if (!is_response()) return start.substr(0, start.find(' '));
  const std::vector<std::string> cseq = Words(First("CSeq"));
  return cseq.size() == 2 ? cseq[1] : "";
}

std::string WireMessage::request_uri() const {
  const std::vector<std::string> words = Words(start);
  return is_response() || words.size() != 3 ? "" : words[1];
}

bool WireMessage::Has(std::string_view name) const { return !All(name).empty(); }

std::vector<std::string> WireMessage::All(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [have, value] : headers) {
    if (EqualsIgnoringCase(have, name)) values.push_back(value);
  }
  return values;
}

std::string WireMessage::First(std::string_view name) const {
  const std::vector<std::string> values = All(name);
  return values.empty() ? "" : values[0];
}

void WireMessage::Set(std::string_view name, std::string_view value) {
  for (auto& [have, old] : headers) {
    if (!EqualsIgnoringCase(have, name)) continue;
    old = value;
    bool first = true;
    std::erase_if(headers, [&](const auto& header) {
      return EqualsIgnoringCase(header.first, name) && !std::exchange(first, false);
    });
    return;
  }
  Add(name, value);
}

void WireMessage::Add(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }

void WireMessage::AddOnTop(std::string_view name, std::string_view value) {
  headers.emplace(headers.begin(), name, value);
}

void WireMessage::Remove(std::string_view name) {
  std::erase_if(headers, [&](const auto& header) { return EqualsIgnoringCase(header.first, name); });
}

std::optional<std::string> WireMessage::Field(std::string_view path) const {
  if (path == "Request-URI") return is_response() ? std::nullopt : std::optional(request_uri());
  if (path == "status") return is_response() ? std::optional(start.substr(8, 3)) : std::nullopt;
  if (path == "reason") return is_response() && start.size() > 12 ? std::optional(start.substr(12)) : "";
  if (path == "method") return method();
  if (path == "body") return body.empty() ? std::nullopt : std::optional(body);
  const std::size_t dot = path.find('.');
  const std::vector<std::string> values = All(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    if (values.empty()) return std::nullopt;
    std::string joined = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) joined += ", " + values[i];
    return joined;
  }
  const std::string_view part = path.substr(dot + 1);
  if (part == "count") return std::to_string(values.size());
  if (values.empty()) return std::nullopt;
  const std::vector<std::string> words = Words(values[0]);
  if (part == "number") return words.empty() ? std::nullopt : std::optional(words[0]);
  if (part == "uri") return UriOf(values[0]);
  if (part == "scheme") {
    const std::string uri = UriOf(values[0]);
    return uri.substr(0, uri.find(':'));
  }
  return Parameter(values[0], part);
}

std::string WireMessage::Text() const {
  std::string text = start + "\r\n";
  bool has_length = false;
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
    has_length |= EqualsIgnoringCase(name, "Content-Length");
  }
  if (!has_length) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

std::optional<WireMessage> ReadWireMessage(std::string_view wire) {
  const std::size_t head_end = wire.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  WireMessage message;
  message.body = wire.substr(head_end + 4);
  std::string_view head = wire.substr(0, head_end + 2);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (message.start.empty()) {
      message.start = line;
    } else if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
      if (!message.headers.empty()) message.headers.back().second += " " + std::string(Trimmed(line));
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      message.headers.emplace_back(LongName(Trimmed(line.substr(0, colon))), Trimmed(line.substr(colon + 1)));
    }
  }
  if (message.start.empty()) return std::nullopt;
  return message;
}

}  // namespace sansip::conformance
