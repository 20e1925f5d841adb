// Authorization and Proxy-Authorization (RFC 3261 20.7, 20.28, 25.1 credentials; RFC 7616 3.4, RFC 8760 2.7).
// One value a line: no list, though the lines may be many (7.3.1).
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CREDENTIALS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CREDENTIALS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/auth_param.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// Values stand without quotation marks, their escapes kept; what is absent is nullopt, what is "" is not.
struct Credentials {
  std::string_view scheme = {};  // "Digest", as written; the members below are read of Digest alone
  std::optional<std::string_view> username = {};
  std::optional<std::string_view> username_ext = {};  // "username*": a name that no quoted-string can hold
  std::optional<std::string_view> realm = {};
  std::optional<std::string_view> nonce = {};
  std::optional<std::string_view> uri = {};       // as hashed; no URI is made of it here
  std::optional<std::string_view> response = {};  // hexadecimal digits
  std::optional<std::string_view> algorithm = {};
  std::optional<std::string_view> cnonce = {};
  std::optional<std::string_view> opaque = {};
  std::optional<std::string_view> qop = {};
  std::optional<std::string_view> nc = {};  // eight hexadecimal digits
  std::optional<std::string_view> userhash = {};
  std::string_view parameters = {};  // all, as they came; see AuthParameter() in auth_param.h
  std::string_view token68 = {};     // of other schemes: Bearer has it instead of parameters
};

[[nodiscard]] ParseError ParseCredentials(std::string_view value, Credentials& credentials);
void Write(const Credentials& credentials, ValueWriter& value);
bool Equivalent(const Credentials& a, const Credentials& b);

// The number that nc stands for; nullopt if it is absent or no such.
std::optional<std::uint32_t> NonceCountOf(const Credentials& credentials);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CREDENTIALS_H_
