#include "sansip/core/transaction/ack.h"

#include <cstddef>

#include "sansip/core/message/fields/via.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/message/method.h"

namespace sansip {

namespace {

constexpr std::string_view kLineBreak = "\r\n";

// visit(id, value) for each header line. False if one is none, or the blank line is missing.
template <typename Visit>
bool ForEachLine(std::string_view text, std::size_t at, Visit visit) {
  while (text.substr(at, kLineBreak.size()) != kLineBreak) {
    HeaderText line;
    if (!TakeHeaderLine(text, at, /*accept_bare_lf=*/false, line).ok() || !line.end.found) return false;
    visit(line.id, text.substr(line.value_begin, line.value_size));
    at = line.end.next;
  }
  return true;
}

void KeepFirst(std::string_view value, std::string_view& first) {
  if (first.data() == nullptr) first = value;
}

void WriteRepeating(const SentInvite& invite, Method method, std::string_view to, Writer& writer) {
  writer.RequestLine(MethodName(method), invite.request_uri);
  // A single Via, the INVITE's top one.
  writer.Header(HeaderId::kVia, invite.via);
  // RFC 3261 22.1: the ACK has the credentials of its INVITE; a CANCEL is never asked for any.
  const bool has_credentials = method == Method::kAck;
  static_cast<void>(ForEachLine(invite.lines, 0, [&](HeaderId id, std::string_view value) {
    const bool is_credentials = id == HeaderId::kAuthorization || id == HeaderId::kProxyAuthorization;
    // RFC 7989 6: of a CANCEL it is that of the INVITE.
    const bool is_repeated = id == HeaderId::kRoute || id == HeaderId::kSessionId;
    if (is_repeated || (is_credentials && has_credentials)) writer.Header(id, value);
  }));
  writer.Header(HeaderId::kMaxForwards, "70");
  writer.Header(HeaderId::kFrom, invite.from);
  writer.Header(HeaderId::kTo, to);
  writer.Header(HeaderId::kCallId, invite.call_id);
  // "4711 INVITE": the number as it was written.
  const std::string_view number = invite.cseq.substr(0, invite.cseq.find_first_of(" \t"));
  writer.Header(HeaderId::kCSeq, {number, " ", MethodName(method)});
  writer.Body("");
}

}  // namespace

bool ReadSentInvite(std::string_view wire, SentInvite& invite) {
  invite = {};
  const std::size_t uri = wire.find(' ') + 1;
  const std::size_t uri_end = wire.find(' ', uri);
  const std::size_t line_end = wire.find(kLineBreak);
  if (uri == 0 || line_end == std::string_view::npos || uri_end > line_end) return false;
  invite.request_uri = wire.substr(uri, uri_end - uri);
  const std::size_t begin = line_end + kLineBreak.size();
  std::string_view top;
  const auto keep = [&](HeaderId id, std::string_view value) {
    if (id == HeaderId::kVia) KeepFirst(value, top);
    if (id == HeaderId::kFrom) KeepFirst(value, invite.from);
    if (id == HeaderId::kTo) KeepFirst(value, invite.to);
    if (id == HeaderId::kCallId) KeepFirst(value, invite.call_id);
    if (id == HeaderId::kCSeq) KeepFirst(value, invite.cseq);
  };
  if (!ForEachLine(wire, begin, keep)) return false;
  invite.lines = wire.substr(begin);
  for (const std::string_view value : {invite.from, invite.to, invite.call_id, invite.cseq}) {
    if (value.data() == nullptr) return false;
  }
  Via via;
  std::string_view rest;
  if (!ParseVia(top, via, &rest).ok()) return false;
  invite.via = via.text;
  invite.branch = via.branch;
  return true;
}

void WriteAck(const SentInvite& invite, std::string_view to, Writer& writer) {
  WriteRepeating(invite, Method::kAck, to, writer);
}

void WriteCancel(const SentInvite& invite, Writer& writer) {
  WriteRepeating(invite, Method::kCancel, invite.to, writer);
}

}  // namespace sansip
