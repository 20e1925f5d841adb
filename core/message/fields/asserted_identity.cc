#include "sansip/core/message/fields/asserted_identity.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

bool HasSipScheme(std::string_view uri) { return IsOneOf(UriScheme(uri), {"sip", "sips"}); }

bool HasTelScheme(std::string_view uri) { return EqualsIgnoreCase(UriScheme(uri), "tel"); }

bool SameIdentity(const std::optional<NameAddr>& a, const std::optional<NameAddr>& b) {
  return a && b ? EquivalentUris(a->uri, b->uri) : a.has_value() == b.has_value();
}

// RFC 5876 4.5: the first of its kind counts.
void Add(const NameAddr& identity, Identities& identities) {
  if (HasSipScheme(identity.uri) && !identities.sip) identities.sip = identity;
  if (HasTelScheme(identity.uri) && !identities.tel) identities.tel = identity;
}

bool AddAll(std::string_view value, Identities& identities) {
  std::string_view rest = value;
  do {
    NameAddr identity;
    if (!ParseIdentity(rest, identity, &rest).ok()) return false;
    Add(identity, identities);
  } while (!rest.empty());
  return true;
}

}  // namespace

ParseError ParseIdentity(std::string_view value, NameAddr& identity, std::string_view* rest) {
  const ParseError error = ParseNameAddr(value, identity, rest);
  if (!error.ok() || (!identity.is_star && identity.parameters.empty())) return error;
  const std::string_view wrong = identity.is_star ? identity.text : identity.parameters;
  return {ParseCode::kBadFieldValue, static_cast<std::uint32_t>(OffsetIn(value, wrong))};
}

bool IdentitiesOf(const MessageView& message, HeaderId id, Identities& identities) {
  identities = {};
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView header = message.header(i);
    if (header.id == id && !AddAll(header.value, identities)) return false;
  }
  return identities.sip || identities.tel;
}

void Write(const Identities& identities, ValueWriter& value) {
  const auto write = [&value](const NameAddr& identity, bool is_of_scheme) {
    if (!is_of_scheme || identity.is_star || !identity.parameters.empty()) value.Refuse();
    Write(identity, value);
  };
  if (!identities.sip && !identities.tel) value.Refuse();
  if (identities.sip) write(*identities.sip, HasSipScheme(identities.sip->uri));
  if (identities.sip && identities.tel) value.Literal(", ");
  if (identities.tel) write(*identities.tel, HasTelScheme(identities.tel->uri));
}

bool Equivalent(const Identities& a, const Identities& b) {
  return SameIdentity(a.sip, b.sip) && SameIdentity(a.tel, b.tel);
}

}  // namespace sansip
