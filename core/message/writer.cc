#include "sansip/core/message/writer.h"

#include <array>

#include "sansip/core/message/header_line.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::string_view kLineBreak = "\r\n";

bool HasControl(std::string_view text) { return FindControl(text, 0) != text.size(); }

}  // namespace

inline void Writer::PutLine(HeaderId id, std::initializer_list<std::string_view> pieces) {
  if (!out_.PutLine(LineBeginOf(id), pieces)) [[unlikely]]
    PutUnusualLine(id, pieces);
}

// How nearly all are written.
inline bool Writer::PutPlainHeader(HeaderId id, std::string_view value, Output& out) {
  const LineBegin& begin = LineBeginOf(id);
  return begin.size != 0 && out.PutLine(begin, {value});
}

void Writer::RequestLine(std::string_view method, std::string_view request_uri) {
  if (!IsTokenText(method)) return Fail(WriteError::kBadName);
  // RFC 3261 7.1: no white space, no control characters, no angle brackets; what no parser reads is not sent.
  std::size_t fault = 0;
  if (!CheckUri(request_uri, fault)) return Fail(WriteError::kBadUri);
  out_.PutKnown(method, std::string_view(" "), request_uri, std::string_view(" SIP/2.0\r\n"));
}

void Writer::StatusLine(int status_code, std::string_view reason) {
  if (status_code < 100 || status_code > 699) return Fail(WriteError::kBadStatus);
  const std::array<char, 4> code = {static_cast<char>('0' + status_code / 100),
                                    static_cast<char>('0' + status_code / 10 % 10),
                                    static_cast<char>('0' + status_code % 10), ' '};
  const std::string_view code_and_space(code.data(), code.size());
  constexpr std::string_view kVersion = "SIP/2.0 ";
  if (reason.empty()) return out_.PutKnown(kVersion, code_and_space, ReasonPhrase(status_code), kLineBreak);
  if (out_.PutLine(LineBeginOf(HeaderId::kOther), {kVersion, code_and_space, reason})) [[likely]]
    return;
  if (HasControl(reason)) return Fail(WriteError::kBadValue);
  PutUnusualLine(HeaderId::kOther, {kVersion, code_and_space, reason});
}

void Writer::Header(HeaderId id, std::string_view value) {
  if (!PutPlainHeader(id, value, out_)) Header(id, {value});
}
void Writer::Header(HeaderId id, std::initializer_list<std::string_view> parts) {
  if (LineBeginOf(id).size == 0) return Fail(WriteError::kBadName);
  PutLine(id, parts);
}
void Writer::Header(std::string_view name, std::string_view value) {
  if (!IsTokenText(name) || HeaderIdFromName(name) == HeaderId::kContentLength) {
    return Fail(WriteError::kBadName);
  }
  PutLine(HeaderId::kOther, {name, ": ", value});
}
void Writer::Header(const HeaderLine& line) {
  if (line.id == HeaderId::kOther) {
    Header(line.name, line.value);
  } else {
    Header(line.id, line.value);
  }
}
void Writer::Headers(std::span<const HeaderLine> lines) {
  // A local of its own stays in registers: no byte that is written may be one of it.
  Output out = out_;
  for (const HeaderLine& line : lines) {
    if (PutPlainHeader(line.id, line.value, out)) continue;
    out_ = out;
    Header(line);
    out = out_;
  }
  out_ = out;
}

void Writer::Head(const RequestHead& head, std::string_view method) {
  const std::string_view to_tag = head.to_tag.empty() ? std::string_view() : ";tag=";
  const DecimalText number(head.cseq);
  if (!head.route.empty()) Header(HeaderId::kRoute, head.route);
  if (out_.PutPrintable("Max-Forwards: 70\r\nFrom: ", head.from, ";tag=", head.from_tag, "\r\nTo: ", head.to,
                        to_tag, head.to_tag, "\r\nCall-ID: ", head.call_id, "\r\nCSeq: ", number.view(), " ",
                        method, "\r\n")) [[likely]] {
    return;
  }
  Header(HeaderId::kMaxForwards, "70");
  Header(HeaderId::kFrom, {head.from, ";tag=", head.from_tag});
  Header(HeaderId::kTo, {head.to, to_tag, head.to_tag});
  Header(HeaderId::kCallId, head.call_id);
  Header(HeaderId::kCSeq, {number.view(), " ", method});
}

bool Writer::BeginField(HeaderId id) {
  field_begin_ = out_.needed();
  const LineBegin& begin = LineBeginOf(id);
  if (begin.size == 0) {
    Fail(WriteError::kBadName);
    return false;
  }
  Put(begin.view());
  return true;
}

void Writer::EndField(const ValueWriter& value) {
  // Pieces that are fine alone may leave a quoted-pair outside of a quoted string.
  const bool is_plain = !HasControl(value.text()) || ValueScan().Feed(value.text()) == ValueScan::npos;
  if (!value.ok() || !is_plain) {
    out_.BackTo(field_begin_);
    return Fail(WriteError::kBadValue);
  }
  out_.Took(value.needed());
  Put(kLineBreak);
}

void Writer::PutUnusualLine(HeaderId id, std::initializer_list<std::string_view> pieces) {
  bool plain = true;
  for (std::string_view piece : pieces) plain = plain && !HasControl(piece);
  ValueScan scan;
  for (std::string_view piece : pieces) {
    if (!plain && scan.Feed(piece) != ValueScan::npos) return Fail(WriteError::kBadValue);
  }
  Put(LineBeginOf(id).view());
  for (std::string_view piece : pieces) {
    if (plain) {
      Put(piece);
    } else {
      out_.PutUnfolded(piece);
    }
  }
  Put(kLineBreak);
}

void Writer::RawHeaders(std::string_view lines) {
  for (std::size_t at = 0; at < lines.size();) {
    HeaderText line;
    const ParseError error = TakeHeaderLine(lines, at, /*accept_bare_lf=*/false, line);
    if (!line.end.found || error.code == ParseCode::kControlCharacter) return Fail(WriteError::kBadValue);
    if (!error.ok() || line.id == HeaderId::kContentLength) return Fail(WriteError::kBadName);
    at = line.end.next;
  }
  Put(lines);
}

void Writer::Body(std::string_view body) {
  if (body.empty()) return out_.PutKnown(std::string_view("Content-Length: 0\r\n\r\n"));
  const DecimalText length(body.size());
  out_.PutKnown(std::string_view("Content-Length: "), length.view(), std::string_view("\r\n\r\n"));
  Put(body);
}

WriteError Writer::error() const {
  return error_ == WriteError::kNone && !out_.fits() ? WriteError::kNoRoom : error_;
}

void Writer::Fail(WriteError error) {
  if (error_ == WriteError::kNone) error_ = error;
}

}  // namespace sansip
