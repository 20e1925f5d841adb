#include "sansip/tests/reference/message.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/status_code.h"

namespace sansip::reference {

namespace {

std::vector<std::string> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

std::string Value(const MessageView& message, HeaderId id) {
  return std::string(message.First(id).value_or(""));
}

// RFC 3261 18.2.1: received, if the sent-by is a name or another address. RFC 3581 4: rport gets the port it
// came from, and received is written in any case.
std::string Stamped(const std::string& value, const SocketAddress& source) {
  Via via;
  SANSIP_CHECK(ParseVia(value, via, nullptr).ok());
  std::string stamped;
  for (const std::string& part : Split(value, ";")) {
    if (Lower(part).starts_with("received")) continue;
    if (!stamped.empty()) stamped += ";";
    stamped += Lower(part) == "rport" ? "rport=" + std::to_string(source.port) : part;
  }
  const std::optional<SocketAddress> address = ParseIp(via.host, source.port);
  if (via.has_rport || !address || *address != source) {
    stamped += ";received=" + std::string(BareIpTextOf(source).view());
  }
  return stamped;
}

}  // namespace

Read::Read(std::string_view text) : index_(std::make_unique<MessageIndex>()), view_(text, *index_) {
  static const Parser kParser;
  SANSIP_CHECK(kParser.Parse(text, Framing::kDatagram, *index_).ok());
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Key KeyOf(const MessageView& message) {
  Via via;
  CSeq cseq;
  SANSIP_CHECK(ParseVia(message.First(HeaderId::kVia).value_or(""), via, nullptr).ok());
  SANSIP_CHECK(ParseCSeq(message.First(HeaderId::kCSeq).value_or(""), cseq).ok());
  Key key;
  key.branch = Lower(via.branch);
  key.host = Lower(via.host);
  key.port = via.port != 0 ? via.port : DefaultPort(*TransportFromName(via.transport));
  key.method = std::string(cseq.method_text);  // of a request that of its first line
  // RFC 4475 3.2.1: nothing behind the cookie is no identifier.
  key.has_cookie = key.branch.starts_with("z9hg4bk") && key.branch.size() > 7;
  key.via = std::string(via.text);
  if (message.is_request()) key.uri = std::string(message.request_uri());
  key.from_tag = Lower(FromTag(message));
  key.to_tag = Lower(ToTag(message));
  key.call_id = Value(message, HeaderId::kCallId);
  key.cseq = cseq.number;
  return key;
}

std::string MakeFromInvite(std::string_view invite, std::string_view method, std::string_view to) {
  const Read request(invite);
  const std::string name(method);
  const std::string cseq = Value(*request, HeaderId::kCSeq);
  // 17.1.1.3: Call-ID, From and Request-URI of the request, a single Via that equals its top Via, the number
  // of its CSeq with the method ACK, and its Route fields. 9.1 says the same of a CANCEL.
  std::string text = name + " " + std::string(request->request_uri()) + " SIP/2.0\r\n";
  text += "Via: " + Value(*request, HeaderId::kVia) + "\r\n";
  for (std::size_t i = 0; i < request->header_count(); ++i) {
    const HeaderView header = request->header(i);
    if (header.id == HeaderId::kRoute) text += "Route: " + std::string(header.value) + "\r\n";
  }
  text += "From: " + Value(*request, HeaderId::kFrom) + "\r\n";
  text += "To: " + std::string(to) + "\r\n";
  text += "Call-ID: " + Value(*request, HeaderId::kCallId) + "\r\n";
  text += "CSeq: " + cseq.substr(0, cseq.find(' ')) + " " + name + "\r\n";
  // 8.1.1: Max-Forwards in every request, 70 unless there is a reason.
  return text + "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
}

std::string MakeResponse(std::string_view text, const SocketAddress& source, int status_code,
                         std::string_view to_tag, Duration age) {
  const Read request(text);
  std::string response =
      "SIP/2.0 " + std::to_string(status_code) + " " + std::string(ReasonPhrase(status_code)) + "\r\n";
  // 8.2.6.2: From, Call-ID, CSeq, Vias and their order as in the request; To too, with a tag.
  bool is_top = true;
  for (std::size_t i = 0; i < request->header_count(); ++i) {
    const HeaderView header = request->header(i);
    if (header.id != HeaderId::kVia) continue;
    const std::string value(header.value);
    response += "Via: " + (is_top ? Stamped(value, source) : value) + "\r\n";
    is_top = false;
  }
  std::string to = Value(*request, HeaderId::kTo);
  if (status_code != 100 && ToTag(*request).empty()) to += ";tag=" + std::string(to_tag);
  response += "From: " + Value(*request, HeaderId::kFrom) + "\r\nTo: " + to + "\r\n";
  response += "Call-ID: " + Value(*request, HeaderId::kCallId) + "\r\n";
  response += "CSeq: " + Value(*request, HeaderId::kCSeq) + "\r\n";
  // 8.2.6.1: a 100 repeats the Timestamp, with the delay if there was one.
  if (status_code == 100 && request->Has(HeaderId::kTimestamp)) {
    response += "Timestamp: " + Value(*request, HeaderId::kTimestamp);
    const long long ms = std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
    char delay[40];
    std::snprintf(delay, sizeof(delay), " %lld.%03lld", ms / 1000, ms % 1000);
    if (ms > 0) response += delay;
    response += "\r\n";
  }
  return response + "Content-Length: 0\r\n\r\n";
}

std::string Canonical(std::string_view text) {
  const std::size_t end = text.find("\r\n\r\n");
  std::vector<std::string> lines = Split(text.substr(0, end), "\r\n");
  for (std::string& line : lines) {
    if (!line.starts_with("Via: ")) continue;
    std::vector<std::string> parts = Split(line, ";");
    std::sort(parts.begin() + 1, parts.end());
    line = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) line += ";" + parts[i];
  }
  std::stable_sort(lines.begin() + 1, lines.end(), [](const std::string& a, const std::string& b) {
    return a.substr(0, a.find(':')) < b.substr(0, b.find(':'));
  });
  std::string canonical;
  for (const std::string& line : lines) canonical += line + "\r\n";
  return canonical + std::string(text.substr(end));
}

}  // namespace sansip::reference
