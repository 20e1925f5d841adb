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

void Writer::RequestLine(std::string_view method, std::string_view request_uri) {
  if (!IsTokenText(method)) return Fail(WriteError::kBadName);
  // RFC 3261 7.1: no white space, no control characters, no angle brackets; what no parser reads is not sent.
  std::size_t fault = 0;
  if (!CheckUri(request_uri, fault)) return Fail(WriteError::kBadUri);
  Put(method);
  Put(" ");
  Put(request_uri);
  Put(" SIP/2.0\r\n");
}

void Writer::StatusLine(int status_code, std::string_view reason) {
  if (status_code < 100 || status_code > 699) return Fail(WriteError::kBadStatus);
  if (reason.empty()) reason = ReasonPhrase(status_code);
  if (HasControl(reason)) return Fail(WriteError::kBadValue);
  Put("SIP/2.0 ");
  out_.PutNumber(static_cast<std::uint64_t>(status_code));
  Put(" ");
  Put(reason);
  Put("\r\n");
}

void Writer::Header(HeaderId id, std::string_view value) {
  // How nearly all are.
  if (id != HeaderId::kOther && id != HeaderId::kContentLength && !HasControl(value)) {
    out_.PutHeader(HeaderName(id), value);
  } else {
    Header(id, {value});
  }
}
void Writer::Header(HeaderId id, std::initializer_list<std::string_view> parts) {
  if (id == HeaderId::kOther || id == HeaderId::kContentLength) return Fail(WriteError::kBadName);
  HeaderOfToken(HeaderName(id), parts);
}
void Writer::Header(std::string_view name, std::string_view value) {
  if (!IsTokenText(name) || HeaderIdFromName(name) == HeaderId::kContentLength) {
    return Fail(WriteError::kBadName);
  }
  HeaderOfToken(name, {value});
}
void Writer::Header(const HeaderLine& line) {
  if (line.id == HeaderId::kOther) {
    Header(line.name, line.value);
  } else {
    Header(line.id, line.value);
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

void Writer::HeaderOfToken(std::string_view name, std::initializer_list<std::string_view> parts) {
  bool plain = true;
  for (std::string_view part : parts) plain = plain && !HasControl(part);
  ValueScan scan;
  for (std::string_view part : parts) {
    if (!plain && scan.Feed(part) != ValueScan::npos) return Fail(WriteError::kBadValue);
  }
  Put(name);
  Put(": ");
  for (std::string_view part : parts) {
    if (plain) {
      Put(part);
    } else {
      out_.PutUnfolded(part);
    }
  }
  Put("\r\n");
}

void Writer::RawHeaders(std::string_view lines) {
  for (std::size_t at = 0; at < lines.size();) {
    HeaderText line;
    const ParseError error = TakeHeaderLine(lines, at, /*accept_bare_lf=*/false, line);
    if (!line.end.found || error.code == ParseCode::kControlCharacter) return Fail(WriteError::kBadValue);
    if (!error.ok() ||
        HeaderIdFromName(lines.substr(line.name_begin, line.name_size)) == HeaderId::kContentLength) {
      return Fail(WriteError::kBadName);
    }
    at = line.end.next;
  }
  Put(lines);
}

void Writer::Body(std::string_view body) {
  Put("Content-Length: ");
  out_.PutNumber(body.size());
  Put("\r\n\r\n");
  Put(body);
}

WriteError Writer::error() const {
  return error_ == WriteError::kNone && !out_.fits() ? WriteError::kNoRoom : error_;
}

void Writer::Fail(WriteError error) {
  if (error_ == WriteError::kNone) error_ = error;
}

}  // namespace sansip
