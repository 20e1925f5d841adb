#include "sansip/core/message/fields/referred_by.h"

#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/host.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

// dot-atom = atom *( "." atom ), where an atom is a token without dots
bool IsDotAtom(std::string_view text) {
  return IsTokenText(text) && !text.starts_with('.') && !text.ends_with('.') &&
         text.find("..") == std::string_view::npos;
}

// sip-clean-msg-id without its quotes: dot-atom "@" ( dot-atom / host )
bool IsCleanMessageId(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || !IsDotAtom(text.substr(0, at))) return false;
  const std::string_view right = text.substr(at + 1);
  return IsDotAtom(right) || IsHost(right);
}

ParseCode KeepCid(const Param& param, std::string_view& cid) {
  if (!EqualsIgnoreCase(param.name, "cid")) return ParseCode::kNone;
  if (!cid.empty()) return ParseCode::kRepeatedParameter;
  if (!param.value.starts_with('"')) return ParseCode::kBadParameter;
  const std::string_view id = param.value.substr(1, param.value.size() - 2);
  if (!IsCleanMessageId(id)) return ParseCode::kBadParameter;
  cid = id;
  return ParseCode::kNone;
}

}  // namespace

ParseError ParseReferredBy(std::string_view value, ReferredBy& referred_by) {
  referred_by = {};
  NameAddr& address = referred_by.address;
  const ParseError error = ParseSingleNameAddr(value, address);
  if (!error.ok() || address.parameters.empty()) return error;
  Cursor cursor(value);
  cursor.Advance(OffsetIn(value, address.parameters));
  return TakeParameters(cursor, address.parameters,
                        [&referred_by](const Param& param) { return KeepCid(param, referred_by.cid); });
}

void Write(const ReferredBy& referred_by, ValueWriter& value) {
  NameAddr address = referred_by.address;
  if (address.is_star) return value.Refuse();
  address.parameters = {};
  Write(address, value);
  if (!referred_by.cid.empty()) {
    if (!IsCleanMessageId(referred_by.cid)) return value.Refuse();
    value.Literal(";cid=");
    value.Quoted(referred_by.cid);
  }
  value.ParametersExcept(referred_by.address.parameters, {"cid"});
}

bool Equivalent(const ReferredBy& a, const ReferredBy& b) {
  return a.cid == b.cid && EquivalentUris(a.address.uri, b.address.uri) &&
         EquivalentParameters(a.address.parameters, b.address.parameters, {"cid"});
}

}  // namespace sansip
