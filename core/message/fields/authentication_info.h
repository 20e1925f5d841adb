// Authentication-Info (RFC 3261 20.6, 25.1 ainfo; RFC 7616 3.5): what a server proves in return, and the
// nonce to use next.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_AUTHENTICATION_INFO_H_
#define SANSIP_CORE_MESSAGE_FIELDS_AUTHENTICATION_INFO_H_

#include <optional>
#include <string_view>

#include "sansip/core/message/fields/auth_param.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// Values stand without quotation marks, their escapes kept; what is absent is nullopt, what is "" is not.
struct AuthenticationInfo {
  std::optional<std::string_view> nextnonce = {};
  std::optional<std::string_view> qop = {};
  std::optional<std::string_view> rspauth = {};  // hexadecimal digits
  std::optional<std::string_view> cnonce = {};
  std::optional<std::string_view> nc = {};  // eight hexadecimal digits
  std::string_view parameters = {};         // all, as they came; see AuthParameter() in auth_param.h
};

[[nodiscard]] ParseError ParseAuthenticationInfo(std::string_view value, AuthenticationInfo& info);
void Write(const AuthenticationInfo& info, ValueWriter& value);
bool Equivalent(const AuthenticationInfo& a, const AuthenticationInfo& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_AUTHENTICATION_INFO_H_
