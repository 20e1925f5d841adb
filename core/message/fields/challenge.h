// WWW-Authenticate and Proxy-Authenticate (RFC 3261 20.44, 20.27, 25.1 challenge; RFC 7616 3.3, RFC 8760 2).
// One challenge a line; of several lines the first that is understood is the one to answer (RFC 8760 2.4), so
// their order means something.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_

#include <optional>
#include <string_view>

#include "sansip/core/message/fields/auth_param.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// Values stand without quotation marks, their escapes kept; what is absent is nullopt, what is "" is not.
struct Challenge {
  std::string_view scheme = {};  // "Digest", as written; the members below are read of Digest alone
  std::optional<std::string_view> realm = {};
  std::optional<std::string_view> domain = {};  // URIs with spaces between them
  std::optional<std::string_view> nonce = {};
  std::optional<std::string_view> opaque = {};
  std::optional<std::string_view> stale = {};
  std::optional<std::string_view> algorithm = {};  // see DigestAlgorithmFrom() in auth_param.h
  std::optional<std::string_view> qop = {};        // "auth,auth-int"
  std::optional<std::string_view> charset = {};
  std::optional<std::string_view> userhash = {};
  std::string_view parameters = {};  // all, as they came; see AuthParameter() in auth_param.h
  std::string_view token68 = {};     // of other schemes, instead of parameters
};

[[nodiscard]] ParseError ParseChallenge(std::string_view value, Challenge& challenge);
void Write(const Challenge& challenge, ValueWriter& value);
bool Equivalent(const Challenge& a, const Challenge& b);

// RFC 7616 3.3: in any case; anything but "true" is not stale.
bool IsStale(const Challenge& challenge);
bool OffersQop(const Challenge& challenge, std::string_view qop);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_
