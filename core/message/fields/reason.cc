#include "sansip/core/message/fields/reason.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseCode KeepParam(const Param& param, Reason& reason) {
  if (EqualsIgnoreCase(param.name, "text")) {
    if (reason.text) return ParseCode::kRepeatedParameter;
    if (!param.value.starts_with('"')) return ParseCode::kBadQuotedString;
    reason.text = WithoutQuotes(param.value);
    return ParseCode::kNone;
  }
  if (!EqualsIgnoreCase(param.name, "cause")) return ParseCode::kNone;
  if (reason.cause) return ParseCode::kRepeatedParameter;
  // cause = 1*DIGIT. It names something, so one that does not fit is not brought to a limit.
  const auto cause = ParseDecimal(param.value, 0xFFFFFFFF);
  if (!cause) return ParseCode::kBadNumber;
  reason.cause = static_cast<std::uint32_t>(*cause);
  return ParseCode::kNone;
}

}  // namespace

ParseError ParseReason(std::string_view value, Reason& reason, std::string_view* rest) {
  reason = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  reason.protocol = cursor.TakeAll(kToken);
  if (reason.protocol.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError error = TakeParameters(cursor, reason.parameters,
                                          [&reason](const Param& param) { return KeepParam(param, reason); });
  return error.ok() ? EndElement(cursor, rest) : error;
}

void Write(const Reason& reason, ValueWriter& value) {
  value.Token(reason.protocol);
  if (reason.cause) {
    value.Literal(";cause=");
    value.Number(*reason.cause);
  }
  if (reason.text) {
    value.Literal(";text=");
    value.QuotedText(*reason.text);
  }
  value.ParametersExcept(reason.parameters, {"cause", "text"});
}

bool Equivalent(const Reason& a, const Reason& b) {
  return EqualsIgnoreCase(a.protocol, b.protocol) && a.cause == b.cause &&
         a.text.has_value() == b.text.has_value() &&
         EquivalentQuotedText(a.text.value_or(""), b.text.value_or("")) &&
         EquivalentParameters(a.parameters, b.parameters, {"cause", "text"});
}

bool ReasonOf(const MessageView& message, std::string_view protocol, Reason& reason) {
  ElementsOf elements(message, HeaderId::kReason);
  for (std::string_view element; elements.Next(element);) {
    if (ParseReason(element, reason, nullptr).ok() && EqualsIgnoreCase(reason.protocol, protocol))
      return true;
  }
  reason = {};
  return false;
}

}  // namespace sansip
