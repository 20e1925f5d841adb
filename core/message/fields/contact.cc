#include "sansip/core/message/fields/contact.h"

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/qvalue.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

ParseCode TakeContactParam(const Param& param, Contact& contact) {
  if (EqualsIgnoreCase(param.name, "q")) {
    if (contact.q) return ParseCode::kRepeatedParameter;
    contact.q = ParseQValue(param.value);
    if (!contact.q) return ParseCode::kBadParameter;
  } else if (EqualsIgnoreCase(param.name, "expires")) {
    if (contact.expires) return ParseCode::kRepeatedParameter;
    contact.expires = SecondsFrom(param.value).value_or(kContactExpiresDefault);
  }
  return ParseCode::kNone;
}

}  // namespace

ParseError ParseContact(std::string_view value, Contact& contact, std::string_view* rest) {
  contact = {};
  ParseError error = ParseNameAddr(value, contact.address, rest);
  if (!error.ok() || contact.address.parameters.empty()) return error;
  Cursor cursor(contact.address.parameters);
  std::string_view all;
  error = TakeParameters(cursor, all,
                         [&contact](const Param& param) { return TakeContactParam(param, contact); });
  if (!error.ok()) {
    error.offset += static_cast<std::uint32_t>(OffsetIn(value, contact.address.parameters));
  }
  return error;
}

void Write(const Contact& contact, ValueWriter& value) {
  NameAddr address = contact.address;
  address.parameters = {};
  Write(address, value);
  if (address.is_star) return;
  if (contact.q) WriteQParam(*contact.q, value);
  if (contact.expires) {
    value.Literal(";expires=");
    value.Number(*contact.expires);
  }
  value.ParametersExcept(contact.address.parameters, {"q", "expires"});
}

bool Equivalent(const Contact& a, const Contact& b) {
  if (a.address.is_star || b.address.is_star) return a.address.is_star == b.address.is_star;
  return EquivalentUris(a.address.uri, b.address.uri) && a.q == b.q && a.expires == b.expires &&
         EquivalentParameters(a.address.parameters, b.address.parameters, {"q", "expires"});
}

}  // namespace sansip
