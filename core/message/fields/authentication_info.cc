#include "sansip/core/message/fields/authentication_info.h"

#include <span>

namespace sansip {
namespace {

constexpr AuthMember<AuthenticationInfo> kMembers[] = {
    {"nextnonce", AuthForm::kText, &AuthenticationInfo::nextnonce},
    {"qop", AuthForm::kToken, &AuthenticationInfo::qop},
    {"rspauth", AuthForm::kHexDigits, &AuthenticationInfo::rspauth},
    {"cnonce", AuthForm::kText, &AuthenticationInfo::cnonce},
    {"nc", AuthForm::kNonceCount, &AuthenticationInfo::nc},
};

std::span<const AuthMember<AuthenticationInfo>> Members() { return kMembers; }

}  // namespace

ParseError ParseAuthenticationInfo(std::string_view value, AuthenticationInfo& info) {
  info = {};
  Cursor cursor(value);
  return TakeAuthParams(cursor, Members(), info);
}

void Write(const AuthenticationInfo& info, ValueWriter& value) {
  WriteAuthParams(info, Members(), "", value);
}

bool Equivalent(const AuthenticationInfo& a, const AuthenticationInfo& b) {
  return EquivalentAuthParams(a, b, Members());
}

}  // namespace sansip
