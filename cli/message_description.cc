#include "sansip/cli/message_description.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/multipart.h"
#include "sansip/core/message/parse_policy.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip::cli {
namespace {

using Json = nlohmann::ordered_json;

// A folded value on one line (RFC 3261 7.3.1).
std::string Unfolded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\r' && value[i] != '\n') {
      text += value[i];
      continue;
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    while (i + 1 < value.size() && std::string_view("\r\n \t").find(value[i + 1]) != std::string_view::npos)
      ++i;
    text += ' ';
  }
  return text;
}

Json ParametersOf(std::string_view text) {
  Json object = Json::object();
  Cursor cursor(text);
  Param param;
  for (bool found = true; TakeParam(cursor, param, found).ok() && found;) {
    object[std::string(param.name)] = param.has_value ? Json(param.value) : Json(true);
  }
  return object;
}

Json UriParts(std::string_view text) {
  Json parts = {{"uri", text}};
  const std::optional<SipUri> uri = ParseSipUri(text);
  parts["scheme"] = UriScheme(text);
  if (!uri) return parts;
  if (uri->has_user) parts["user"] = uri->user;
  if (uri->has_password) parts["password"] = uri->password;
  parts["host"] = uri->host;
  if (uri->port != 0) parts["port"] = uri->port;
  if (!uri->parameters.empty()) {
    Json object = Json::object();
    for (std::string_view rest = uri->parameters.substr(1); !rest.empty();) {
      const std::string_view one = rest.substr(0, rest.find(';'));
      const std::size_t equal = one.find('=');
      object[std::string(one.substr(0, equal))] =
          equal == std::string_view::npos ? Json(true) : Json(one.substr(equal + 1));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
    parts["uri_parameters"] = object;
  }
  if (!uri->headers.empty()) parts["uri_headers"] = uri->headers;
  return parts;
}

Json AddressParts(std::string_view value, std::string_view* rest) {
  NameAddr address;
  if (!ParseNameAddr(value, address, rest).ok()) return {};
  if (address.is_star) return {{"uri", "*"}};
  Json parts = Json::object();
  if (!address.display_name.empty()) parts["display_name"] = Unquote(address.display_name);
  parts.update(UriParts(address.uri));
  if (!address.parameters.empty()) parts["parameters"] = ParametersOf(address.parameters);
  return parts;
}

Json ViaParts(std::string_view value, std::string_view* rest) {
  Via via;
  if (!ParseVia(value, via, rest).ok()) return {};
  Json parts = {{"transport", via.transport}, {"host", via.host}};
  if (via.port != 0) parts["port"] = via.port;
  if (!via.branch.empty()) parts["branch"] = via.branch;
  if (!via.received.empty()) parts["received"] = via.received;
  if (via.has_rport) parts["rport"] = via.rport == 0 ? Json(true) : Json(via.rport);
  if (!via.maddr.empty()) parts["maddr"] = via.maddr;
  if (via.ttl) parts["ttl"] = *via.ttl;
  return parts;
}

Json SecondsParts(std::string_view value) {
  DeltaSeconds field;
  if (!ParseDeltaSeconds(value, field).ok()) return {};
  Json parts = {{"seconds", field.seconds}};
  if (!field.parameters.empty()) parts["parameters"] = ParametersOf(field.parameters);
  return parts;
}

Json CSeqParts(std::string_view value) {
  CSeq cseq;
  if (!ParseCSeq(value, cseq).ok()) return {};
  return {{"number", cseq.number}, {"method", cseq.method_text}};
}

Json MediaTypeParts(std::string_view value) {
  MediaType type;
  if (!ParseMediaType(value, type).ok()) return {};
  Json parts = {{"type", type.type}, {"subtype", type.subtype}};
  if (!type.parameters.empty()) parts["parameters"] = ParametersOf(type.parameters);
  return parts;
}

template <typename Read>
Json ListOf(std::string_view value, Read read) {
  Json list = Json::array();
  for (std::string_view rest = value; !rest.empty();) {
    std::string_view next;
    Json parts = read(rest, &next);
    if (parts.is_null()) break;
    list.push_back(std::move(parts));
    rest = next;
  }
  return list;
}

// The elements of a typed field; an empty array for free text.
Json PartsOf(const HeaderView& header) {
  switch (header.id) {
    case HeaderId::kVia:
      return ListOf(header.value, ViaParts);
    case HeaderId::kFrom:
    case HeaderId::kTo:
    case HeaderId::kContact:
    case HeaderId::kRoute:
    case HeaderId::kRecordRoute:
    case HeaderId::kPath:
    case HeaderId::kServiceRoute:
    case HeaderId::kReplyTo:
    case HeaderId::kReferTo:
    case HeaderId::kReferredBy:
      return ListOf(header.value, AddressParts);
    case HeaderId::kCSeq:
      return Json::array({CSeqParts(header.value)});
    case HeaderId::kExpires:
    case HeaderId::kMinExpires:
    case HeaderId::kSessionExpires:
    case HeaderId::kMinSe:
      return Json::array({SecondsParts(header.value)});
    case HeaderId::kContentType:
      return Json::array({MediaTypeParts(header.value)});
    default:
      return Json::array();
  }
}

struct ToleranceText {
  Tolerance bit;
  std::string_view text;
};
constexpr std::array<ToleranceText, kToleranceCount> kToleranceTexts = {{
    {Tolerance::kBareLf, "lines end in LF alone (RFC 3261 7)"},
    {Tolerance::kLeadingCrlf, "empty lines before the start-line (RFC 3261 7.5)"},
    {Tolerance::kMissingMaxForwards, "no Max-Forwards, taken as 70 (RFC 3261 8.1.1.6)"},
    {Tolerance::kMissingStreamContentLength, "no Content-Length over a stream (RFC 3261 20.14)"},
    {Tolerance::kMissingReasonSpace, "no space before the empty Reason-Phrase (RFC 3261 25.1)"},
    {Tolerance::kRequestUriHeaders, "header fields in the Request-URI, ignored (RFC 3261 19.1.1)"},
    {Tolerance::kRepeatedInformativeField,
     "a field twice that may stand once, the first counts (RFC 3261 7.3.1)"},
    {Tolerance::kMissingBlankLine, "no empty line behind the header fields (RFC 3261 7)"},
    {Tolerance::kUnderscoreInHost, "an underscore in a host name (RFC 3261 25.1)"},
}};

std::string PartText(const Json& value) {
  if (value.is_string()) return Unfolded(value.get<std::string>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void AppendParts(std::string& text, const Json& parts) {
  for (const auto& [name, value] : parts.items()) {
    if (value.is_object()) {
      for (const auto& [parameter, content] : value.items()) {
        text += content == true ? fmt::format("      ;{}\n", parameter)
                                : fmt::format("      ;{:<15} {}\n", parameter, PartText(content));
      }
      continue;
    }
    text += fmt::format("      {:<16} {}\n", name, PartText(value));
  }
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t CharactersIn(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// RFC 3261 8.1.1: what no grammar asks for, and every request has; without it the rules of RFC 2543 hold.
void AddWhatIsMissed(const MessageView& message, std::vector<std::string>& tolerated) {
  Via via;
  if (TopVia(message, via)) {
    if (via.branch.empty()) {
      tolerated.emplace_back("no branch in the top Via: matched as RFC 2543 had it (RFC 3261 8.1.1.7)");
    } else if (!via.branch.starts_with("z9hG4bK")) {
      tolerated.emplace_back(
          "a branch without \"z9hG4bK\" in the top Via: matched as RFC 2543 had it (RFC 3261 8.1.1.7)");
    }
  }
  NameAddr from;
  if (FromOf(message, from) && from.tag.empty()) {
    tolerated.emplace_back("no tag in From (RFC 3261 8.1.1.3)");
  }
}

// A body is no part of a message's grammar (RFC 3261 7.4): it is for who reads it to refuse it.
void AddMultipart(const MessageView& message, std::vector<std::string>& tolerated) {
  MediaType type;
  const auto value = message.First(HeaderId::kContentType);
  if (!value || !ParseMediaType(*value, type).ok() || !EqualsIgnoreCase(type.type, "multipart")) return;
  MultipartReader reader(type, message.body());
  BodyPart part;
  while (reader.Next(part)) {
  }
  if (!reader.error().ok()) {
    const bool is_boundary = reader.error().code == ParseCode::kBadParameter;
    tolerated.push_back(
        is_boundary ? std::string("no boundary in the Content-Type of a multipart body (RFC 2046 5.1.1)")
                    : fmt::format("a body that its receiver will refuse: {} at its byte {} ({})",
                                  ParseCodeText(reader.error().code), reader.error().offset,
                                  ParseCodeClause(reader.error().code)));
  } else if (!reader.is_closed()) {
    tolerated.emplace_back("a multipart body without its last delimiter (RFC 2046 5.1.2)");
  }
}

}  // namespace

std::vector<std::string> ToleratedIn(std::string_view bytes, const MessageView& message,
                                     std::uint32_t refused) {
  std::vector<std::string> tolerated;
  for (const ToleranceText& row : kToleranceTexts) {
    if ((message.index().tolerances & ~refused & static_cast<std::uint32_t>(row.bit)) != 0)
      tolerated.emplace_back(row.text);
  }
  const TextSpan span = message.index().message;
  if (const std::size_t surplus = bytes.size() - span.begin - span.size; surplus > 0) {
    tolerated.push_back(fmt::format("{} bytes behind the body, dropped (RFC 3261 18.3)", surplus));
  }
  if (message.is_request()) AddWhatIsMissed(message, tolerated);
  AddMultipart(message, tolerated);
  return tolerated;
}

Json DescribeMessage(std::string_view bytes, const MessageView& message) {
  Json tree = {{"type", message.is_request() ? "request" : "response"}};
  if (message.is_request()) {
    tree["method"] = message.method_text();
    tree["request_uri"] = UriParts(message.request_uri());
  } else {
    tree["status"] = message.status_code();
    tree["reason"] = message.reason_phrase();
  }
  Json headers = Json::array();
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    const std::string_view known = HeaderName(header.id);
    Json one = {{"field", known.empty() ? header.name : known},
                {"name", header.name},
                {"value", Unfolded(header.value)}};
    if (Json parts = PartsOf(header); !parts.empty()) one["parts"] = parts;
    headers.push_back(one);
  }
  tree["headers"] = headers;
  Json body = {{"bytes", message.body().size()}};
  if (const auto type = message.First(HeaderId::kContentType)) body["content_type"] = Unfolded(*type);
  if (!message.body().empty()) body["text"] = message.body();
  tree["body"] = body;
  tree["tolerated"] = ToleratedIn(bytes, message);
  return tree;
}

std::string DescriptionText(const Json& tree) {
  std::string text;
  if (tree["type"] == "request") {
    const Json& uri = tree["request_uri"];
    text = fmt::format("Request    {}\nURI        {}\n", PartText(tree["method"]), PartText(uri["uri"]));
    Json parts = uri;
    parts.erase("uri");
    AppendParts(text, parts);
  } else {
    text = fmt::format("Response   {} {}\n", tree["status"].get<int>(), PartText(tree["reason"]));
  }
  text += "\n";
  for (const Json& header : tree["headers"]) {
    text += fmt::format("{}: {}\n", PartText(header["field"]), PartText(header["value"]));
    if (!header.contains("parts")) continue;
    const Json& parts = header["parts"];
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts.size() > 1) text += fmt::format("    {}.\n", i + 1);
      AppendParts(text, parts[i]);
    }
  }
  const Json& body = tree["body"];
  const std::string type = body.contains("content_type") ? " of " + PartText(body["content_type"]) : "";
  text += fmt::format("\nBody       {} bytes{}\n", body["bytes"].get<std::size_t>(), type);
  if (body.contains("text")) {
    const std::string content = body["text"].get<std::string>();
    const bool is_text = std::none_of(content.begin(), content.end(), [](char c) {
      return static_cast<unsigned char>(c) < ' ' && c != '\r' && c != '\n' && c != '\t';
    });
    std::string_view rest = is_text ? std::string_view(content) : "(not text)\n";
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
      std::string_view line = rest.substr(0, end + 1);
      rest.remove_prefix(end + 1);
      while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
      text += fmt::format("      {}\n", line);
    }
  }
  for (const Json& deviation : tree["tolerated"]) text += fmt::format("\nTolerated  {}", PartText(deviation));
  if (!tree["tolerated"].empty()) text += '\n';
  return text;
}

TextPosition PositionOf(std::string_view bytes, std::size_t offset) {
  constexpr std::size_t kBefore = 60, kAfter = 36;
  offset = std::min(offset, bytes.size());
  std::size_t begin = offset;
  while (begin > 0 && bytes[begin - 1] != '\n') --begin;
  std::size_t end = std::min(bytes.find('\n', offset), bytes.size());
  while (end > offset && bytes[end - 1] == '\r') --end;

  TextPosition position;
  position.line = 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + begin, '\n'));
  position.column = 1 + CharactersIn(bytes.substr(begin, offset - begin));
  std::size_t from = offset - begin > kBefore ? offset - kBefore : begin;
  std::size_t to = std::min(end, offset + kAfter);
  while (from > begin && IsContinuation(bytes[from])) --from;
  while (to < end && IsContinuation(bytes[to])) ++to;
  std::string line = from > begin ? "..." : "";
  const std::size_t indent = line.size() + CharactersIn(bytes.substr(from, offset - from));
  for (const char c : bytes.substr(from, to - from)) {
    const bool is_control = static_cast<unsigned char>(c) < ' ' || c == 0x7F;
    line += is_control ? (c == '\t' || c == '\r' ? ' ' : '?') : c;
  }
  if (to < end) line += "...";
  position.excerpt = fmt::format("    {}\n    {}^\n", line, std::string(indent, ' '));
  return position;
}

}  // namespace sansip::cli
