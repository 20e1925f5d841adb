#include "sansip/core/message/fields/warning.h"

#include <cstddef>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/host.h"

namespace sansip {
namespace {

// hostport / pseudonym; a host name is a token as well.
bool TakeAgent(Cursor& cursor, std::string_view& agent) {
  const std::size_t begin = cursor.offset();
  if (cursor.At('[')) {
    std::string_view host;
    if (!TakeHost(cursor, host)) return false;
  } else if (cursor.TakeAll(kToken).empty()) {
    return false;
  }
  const std::string_view host = cursor.Since(begin);
  if (cursor.At(':')) {
    std::uint16_t port = 0;
    if (!IsHost(host)) return false;
    cursor.Skip(':');
    if (!TakePort(cursor, port)) return false;
  }
  agent = cursor.Since(begin);
  return true;
}

}  // namespace

ParseError ParseWarning(std::string_view value, Warning& warning, std::string_view* rest) {
  warning = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const ParseError bad_code = ErrorAt(ParseCode::kBadNumber, cursor);
  const std::string_view digits = cursor.TakeAll(kDigit);
  if (digits.size() != 3) return bad_code;
  warning.code = static_cast<std::uint16_t>(*ParseDecimal(digits, 999));
  if (!cursor.SkipWhiteSpace()) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  if (!TakeAgent(cursor, warning.agent)) return ErrorAt(ParseCode::kBadHost, cursor);
  if (!cursor.SkipWhiteSpace()) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  const std::size_t begin = cursor.offset();
  if (!cursor.SkipQuotedString()) return ErrorAt(ParseCode::kBadQuotedString, cursor);
  warning.text = WithoutQuotes(cursor.Since(begin));
  return EndElement(cursor, rest);
}

void Write(const Warning& warning, ValueWriter& value) {
  Cursor cursor(warning.agent);
  std::string_view agent;
  if (warning.code > 999 || !TakeAgent(cursor, agent) || !cursor.AtEnd()) return value.Refuse();
  for (std::uint16_t weight : {100, 10, 1}) value.Number(warning.code / weight % 10);
  value.Literal(" ");
  value.Literal(agent);
  value.Literal(" ");
  value.QuotedText(warning.text);
}

bool Equivalent(const Warning& a, const Warning& b) {
  return a.code == b.code && EqualsIgnoreCase(a.agent, b.agent) && EquivalentQuotedText(a.text, b.text);
}

}  // namespace sansip
