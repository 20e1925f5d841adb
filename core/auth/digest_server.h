// The server's side of digest authentication (RFC 3261 22.1; RFC 7616 3.3 to 3.7; RFC 8760 2.3, 2.6): issues
// challenges and checks credentials. Who the users are is the owner's: it gives a user's secret (SecretOf) to
// Check.
//
// A nonce proves itself: issue time and serial number under a keyed hash, nothing is kept for a challenge
// that nobody answers. Kept is, for nonces that were used well, which nonce counts were seen: `nonces_max` of
// them, nonce n in place n mod nonces_max. A nonce that lost its place to a later one is stale; none is ever
// accepted twice with the same count.
#ifndef SANSIP_CORE_AUTH_DIGEST_SERVER_H_
#define SANSIP_CORE_AUTH_DIGEST_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/auth/digest.h"
#include "sansip/core/auth/digest_hashes.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

struct DigestServerOptions {
  std::string realm;
  bool is_proxy = false;  // 407 and Proxy-Authenticate
  // In order of preference, each once (RFC 8760 2.3).
  std::vector<DigestAlgorithm> algorithms = {DigestAlgorithm::kSha256, DigestAlgorithm::kMd5};
  bool offers_auth_int = false;
  bool offers_user_hash = false;
  bool says_charset = false;  // that names and passwords are UTF-8 (RFC 7616 4)
  // RFC 8760 2.6: the uri of the credentials is equivalent to the Request-URI (RFC 3261 19.1.4: a proxy may
  // have written it in another way). Off: behind proxies that retarget.
  bool wants_same_uri = true;
  // RFC 3261 22.4, of clients that know RFC 2069 alone: no qop, no count. Each nonce is good for one request.
  bool takes_no_qop = true;
  Duration nonce_lifetime = std::chrono::seconds(300);  // long enough for a call's first requests
  std::size_t nonces_max = 4096;                        // as many clients may be in the middle of a session
  std::size_t cnonce_bytes_max = 64;                    // of what a -sess session keeps; ours are 32
};

class DigestServer {
 public:
  enum class Result : std::uint8_t {
    kAccepted,
    kMissing,    // no credentials for this realm: challenge
    kStale,      // right, but for the nonce: challenge with stale=true
    kReplayed,   // right, but the nonce count was seen: the same
    kRejected,   // wrong: challenge, or 403
    kMalformed,  // 400 (RFC 7616 3.4)
  };
  struct Request {
    std::string_view method = {}, uri = {}, body = {};  // uri: the Request-URI
  };

  // The key of the nonces comes from `random`, which must be unpredictable (RFC 7616 5.12): nonces of another
  // server, or of this one before a restart, are stale. `hashes` must outlive the server and know SHA-256.
  DigestServer(const DigestServerOptions& options, const DigestHashes& hashes, RandomSource& random);

  // A challenge per algorithm that `hashes` knows, the most preferred first. Borrowed until the next call.
  std::span<const HeaderLine> Challenge(Instant now, bool is_stale);
  // The credentials for this realm, if the message has any that can be read: of several, as RFC 3261 22.3
  // allows, the one after so many others.
  std::optional<Credentials> Find(const MessageView& request, std::size_t others = 0) const;
  // The user that they name, by username or username*, into `user`; false: none that can be read. With
  // userhash=true it is the hash.
  static bool UserOf(const Credentials& credentials, std::string& user);
  // Which of a user's secrets Check wants; nullopt: an algorithm that is not offered.
  std::optional<DigestHash> SecretFor(const Credentials& credentials) const;
  // `secret` empty: of nobody, rejected in the time that a wrong one takes.
  Result Check(Instant now, const Request& request, const Credentials& credentials, std::string_view secret);
  // After kAccepted: Authentication-Info (RFC 7616 3.5), with a nextnonce when the nonce is past half its
  // life. Empty: nothing to say. Borrowed until the next call.
  std::string_view AuthenticationInfoFor(Instant now, const Request& request, const Credentials& credentials,
                                         std::string_view secret);

 private:
  // RFC 7616 5.12 leaves the server to judge: counts may come in any order, within 64 of the highest.
  struct Used {
    std::uint64_t serial = 0;  // 0: none
    std::uint32_t highest = 0;
    std::uint64_t seen = 0;  // bit i: highest - i
    std::string session_cnonce;
  };
  struct Nonce {
    std::uint64_t serial = 0;
    Instant issued;
  };

  std::string NewNonce(Instant now);
  std::optional<Nonce> Open(std::string_view nonce) const;
  HexDigest Seal(std::string_view body) const;
  bool TakeCount(Used& used, std::uint32_t count) const;

  DigestServerOptions options_;
  const DigestHashes& hashes_;
  std::string key_;
  std::string quoted_realm_;
  std::uint64_t serial_ = 0;
  std::vector<Used> used_;
  std::vector<std::string> values_;
  std::vector<HeaderLine> lines_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_AUTH_DIGEST_SERVER_H_
