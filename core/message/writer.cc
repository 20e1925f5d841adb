#include "sansip/core/message/writer.h"

#include <algorithm>

#include "sansip/core/message/header_line.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

bool HasControl(std::string_view text) { return FindControl(text, 0) != text.size(); }

}  // namespace

inline void Writer::PutLine(HeaderId id, std::initializer_list<std::string_view> pieces) {
  if (!out_.PutLine(LineBeginOf(id), pieces)) [[unlikely]]
    PutUnusualLine(id, pieces);
}

// How nearly all are written.
inline bool Writer::PutPlainHeader(HeaderId id, std::string_view value) {
  return id != HeaderId::kOther && id != HeaderId::kContentLength && out_.PutLine(LineBeginOf(id), {value});
}

void Writer::RequestLine(std::string_view method, std::string_view request_uri) {
  if (!IsTokenText(method)) return Fail(WriteError::kBadName);
  // RFC 3261 7.1: no white space, no control characters, no angle brackets; what no parser reads is not sent.
  std::size_t fault = 0;
  if (!CheckUri(request_uri, fault)) return Fail(WriteError::kBadUri);
  PutLine(HeaderId::kOther, {method, " ", request_uri, " SIP/2.0"});
}

void Writer::StatusLine(int status_code, std::string_view reason) {
  if (status_code < 100 || status_code > 699) return Fail(WriteError::kBadStatus);
  if (reason.empty()) reason = ReasonPhrase(status_code);
  char begin[] = "SIP/2.0 000 ";
  for (std::size_t place = 10; status_code > 0; --place, status_code /= 10) {
    begin[place] = static_cast<char>('0' + status_code % 10);
  }
  const std::string_view version_and_code(begin, sizeof(begin) - 1);
  if (out_.PutLine(LineBeginOf(HeaderId::kOther), {version_and_code, reason})) [[likely]]
    return;
  if (HasControl(reason)) return Fail(WriteError::kBadValue);
  PutUnusualLine(HeaderId::kOther, {version_and_code, reason});
}

void Writer::Header(HeaderId id, std::string_view value) {
  if (!PutPlainHeader(id, value)) Header(id, {value});
}
void Writer::Header(HeaderId id, std::initializer_list<std::string_view> parts) {
  if (id == HeaderId::kOther || id == HeaderId::kContentLength) return Fail(WriteError::kBadName);
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
  for (const HeaderLine& line : lines) {
    if (!PutPlainHeader(line.id, line.value)) Header(line);
  }
}

bool Writer::BeginField(HeaderId id) {
  field_begin_ = out_.needed();
  if (id == HeaderId::kOther || id == HeaderId::kContentLength) {
    Fail(WriteError::kBadName);
    return false;
  }
  Put(HeaderName(id));
  Put(": ");
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
  Put("\r\n");
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
  Put("\r\n");
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
  PutLine(HeaderId::kContentLength, {DecimalText(body.size()).view()});
  Put("\r\n");
  Put(body);
}

WriteError Writer::error() const {
  return error_ == WriteError::kNone && !out_.fits() ? WriteError::kNoRoom : error_;
}

void Writer::Fail(WriteError error) {
  if (error_ == WriteError::kNone) error_ = error;
}

}  // namespace sansip
