#include "sansip/core/message/fields/outbound.h"

#include <cstddef>

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/escape.h"

namespace sansip {
namespace {

// instance-val = 1*uric
bool IsInstance(std::string_view text) {
  Cursor cursor(text);
  return !TakeEscaped(cursor, kUriChar).empty() && cursor.AtEnd();
}

ParseCode Keep(const Param& param, OutboundContact& contact) {
  if (EqualsIgnoreCase(param.name, "reg-id")) {
    if (contact.reg_id != 0) return ParseCode::kRepeatedParameter;
    contact.reg_id = static_cast<std::uint32_t>(ParseDecimal(param.value, kRegIdMax).value_or(0));
    return contact.reg_id != 0 ? ParseCode::kNone : ParseCode::kBadParameter;
  }
  if (!EqualsIgnoreCase(param.name, "+sip.instance")) return ParseCode::kNone;
  if (!contact.instance.empty()) return ParseCode::kRepeatedParameter;
  if (!param.value.starts_with("\"<") || !param.value.ends_with(">\"")) return ParseCode::kBadParameter;
  contact.instance = param.value.substr(2, param.value.size() - 4);
  return IsInstance(contact.instance) ? ParseCode::kNone : ParseCode::kBadParameter;
}

// "urn:" NID ":" and their size: what a URN has in any case (RFC 2141 5). 0: no URN.
std::size_t UrnHeadSize(std::string_view text) {
  if (!EqualsIgnoreCase(text.substr(0, 4), "urn:")) return 0;
  const std::size_t colon = text.find(':', 4);
  return colon == std::string_view::npos ? 0 : colon + 1;
}

bool EquivalentInstances(std::string_view a, std::string_view b) {
  const std::size_t head = UrnHeadSize(a);
  if (!EqualsIgnoreCase(a.substr(0, head), b.substr(0, head))) return false;
  // RFC 4122 3: the digits of a UUID are read in any case.
  if (EqualsIgnoreCase(a.substr(0, head), "urn:uuid:")) return EqualsIgnoreCase(a, b);
  return a.substr(head) == b.substr(head);
}

}  // namespace

ParseError ParseFlowTimer(std::string_view value, FlowTimer& timer) {
  timer = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const auto seconds = SecondsFrom(cursor.TakeAll(kDigit));
  if (!seconds) return ErrorAt(ParseCode::kBadNumber, cursor);
  timer.seconds = *seconds;
  return EndValue(cursor);
}

void Write(const FlowTimer& timer, ValueWriter& value) { value.Number(timer.seconds); }

bool Equivalent(const FlowTimer& a, const FlowTimer& b) { return a.seconds == b.seconds; }

ParseError ParseOutboundContact(std::string_view parameters, OutboundContact& contact) {
  contact = {};
  Cursor cursor(parameters);
  std::string_view all;
  const ParseError error =
      TakeParameters(cursor, all, [&contact](const Param& param) { return Keep(param, contact); });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const OutboundContact& contact, ValueWriter& value) {
  if (contact.reg_id > kRegIdMax) return value.Refuse();
  if (contact.reg_id != 0) {
    value.Literal(";reg-id=");
    value.Number(contact.reg_id);
  }
  if (contact.instance.empty()) return;
  if (!IsInstance(contact.instance)) return value.Refuse();
  value.Literal(";+sip.instance=\"<");
  value.Text(contact.instance);
  value.Literal(">\"");
}

bool Equivalent(const OutboundContact& a, const OutboundContact& b) {
  return a.reg_id == b.reg_id && EquivalentInstances(a.instance, b.instance);
}

bool HasOb(const SipUri& uri) { return UriParameter(uri, "ob").has_value(); }

}  // namespace sansip
