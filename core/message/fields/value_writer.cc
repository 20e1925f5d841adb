#include "sansip/core/message/fields/value_writer.h"

#include <algorithm>

#include "sansip/core/message/fields/comment.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/header_line.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/host.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

void ValueWriter::Literal(std::string_view text) { out_.Put(text); }

void ValueWriter::Token(std::string_view token) {
  if (!IsTokenText(token)) return Refuse();
  out_.Put(token);
}

void ValueWriter::Number(std::uint64_t number) { out_.PutNumber(number); }

void ValueWriter::Quoted(std::string_view text) {
  if (FindControl(text, 0) != text.size()) return Refuse();
  out_.Put("\"");
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of("\"\\"), text.size());
    out_.Put(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    out_.Put("\\");
    out_.Put(text.substr(0, 1));
    text.remove_prefix(1);
  }
  out_.Put("\"");
}

void ValueWriter::Text(std::string_view text) {
  if (FindControl(text, 0) == text.size()) {
    out_.Put(text);
  } else if (ValueScan().Feed(text) == ValueScan::npos) {
    out_.PutUnfolded(text);
  } else {
    Refuse();
  }
}

void ValueWriter::Element(std::string_view text) {
  if (!IsOneElement(text)) return Refuse();
  Text(text);
}

void ValueWriter::QuotedText(std::string_view text) {
  if (!IsQuotedText(text)) return Refuse();
  out_.Put("\"");
  out_.PutUnfolded(text);
  out_.Put("\"");
}

void ValueWriter::DisplayName(std::string_view name) {
  if (!name.empty() && name.front() == '"') {
    if (name.size() < 2 || name.back() != '"') return Refuse();
    return QuotedText(WithoutQuotes(name));
  }
  // RFC 3261 25.1, errata 5598: token *(LWS token)
  Cursor cursor(name);
  while (!cursor.TakeAll(kToken).empty()) cursor.SkipWhiteSpace();
  if (!cursor.AtEnd()) return Refuse();
  out_.PutUnfolded(name);
}

void ValueWriter::Comment(std::string_view comment) {
  Cursor cursor(comment);
  std::string_view whole;
  if (!TakeComment(cursor, whole) || !cursor.AtEnd()) return Refuse();
  out_.PutUnfolded(comment);
}

void ValueWriter::Host(std::string_view host, bool may_have_underscore) {
  if (!IsHost(host, may_have_underscore)) return Refuse();
  out_.Put(host);
}

void ValueWriter::Uri(std::string_view uri) {
  std::size_t fault = 0;
  if (!CheckUri(uri, fault)) return Refuse();
  out_.Put(uri);
}

void ValueWriter::ParametersExcept(std::string_view parameters,
                                   std::initializer_list<std::string_view> names) {
  Cursor cursor(parameters);
  Param param;
  for (bool found = true;;) {
    if (!TakeParam(cursor, param, found).ok()) return Refuse();
    if (!found) break;
    if (IsOneOf(param.name, names)) continue;
    out_.Put(";");
    out_.Put(param.name);
    if (!param.has_value) continue;
    out_.Put("=");
    out_.PutUnfolded(param.value);
  }
  if (!cursor.AtEnd()) Refuse();
}

void ValueWriter::Parameters(std::string_view parameters) {
  Cursor cursor(parameters);
  Param param;
  for (bool found = true; found;) {
    // An error may stand at the end, too: a quotation mark that is not closed.
    if (!TakeParam(cursor, param, found).ok()) return Refuse();
  }
  if (!cursor.AtEnd()) return Refuse();
  Text(parameters);
}

}  // namespace sansip
