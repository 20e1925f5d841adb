// WWW-Authenticate and Proxy-Authenticate (RFC 3261 20.44, 20.27, 25.1 challenge; RFC 7616 3.3, RFC 8760 2).
// One challenge a line by the grammar, several with commas between them by that of HTTP (RFC 7235 4.1), which
// servers send; of several the first that is understood is the one to answer (RFC 8760 2.4), so their order
// means something.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/auth_param.h"
#include "sansip/core/message/fields/list.h"
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

// The challenges of one line, in order, for ParseChallenge. What can be no parameter of the one before it
// begins another.
class ChallengesIn {
 public:
  explicit ChallengesIn(std::string_view line) : line_(line), elements_(line) {}
  [[nodiscard]] bool Next(std::string_view& challenge);  // false at the end

 private:
  std::string_view line_;
  Elements elements_;
  std::size_t ahead_ = 0;  // where the next one begins; 0: not found yet
};

[[nodiscard]] ParseError ParseChallenge(std::string_view value, Challenge& challenge);
void Write(const Challenge& challenge, ValueWriter& value);
bool Equivalent(const Challenge& a, const Challenge& b);

// RFC 7616 3.3: in any case; anything but "true" is not stale.
bool IsStale(const Challenge& challenge);
bool OffersQop(const Challenge& challenge, std::string_view qop);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CHALLENGE_H_
