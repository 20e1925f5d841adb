// The client's side of digest authentication for one call or registration (RFC 3261 22.2, 22.3; RFC 7616 3.3
// to 3.6; RFC 8760 2.4): takes challenges, knows which realms want credentials, and writes Authorization and
// Proxy-Authorization into every request from then on (RFC 7616 3.6: ahead of any challenge).
//
// A password is hashed for its realm when it comes and not kept; nothing here gives it back. Sans-IO: hashes
// and randomness are arguments. Bounded: see DigestClientLimits.
#ifndef SANSIP_CORE_AUTH_DIGEST_CLIENT_H_
#define SANSIP_CORE_AUTH_DIGEST_CLIENT_H_

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
#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/authentication_info.h"
#include "sansip/core/message/fields/challenge.h"
#include "sansip/core/message/message_view.h"

namespace sansip {

struct DigestClientLimits {
  static constexpr std::size_t kRealmsMax = 8;   // of one call: its server and the proxies on the way
  static constexpr std::size_t kTextMax = 1024;  // of each text of a challenge; others are not understood
  static constexpr std::uint8_t kChallengesMax =
      8;  // of one request, however stale its nonces are said to be
};

// What has happened to one request, over all its attempts. The owner keeps it beside the request.
struct DigestAttempt {
  std::uint8_t challenges = 0;
  std::uint8_t challenged = 0;  // a bit per realm: by the latest response
  std::uint8_t answered = 0;    // had credentials made of a challenge to this request
  std::uint8_t sent = 0;        // had credentials when it was sent last
};
static_assert(DigestClientLimits::kRealmsMax <= 8);

class DigestClient {
 public:
  // What a server says of itself (RFC 7616 3.5).
  enum class Proof : std::uint8_t {
    kNone,   // nothing, or nothing that can be checked
    kGiven,  // it knows the secret
    kWrong,  // it does not: another server, or the answer was changed on the way
  };
  enum class Verdict : std::uint8_t {
    kGiveUp,  // the response stands: nothing to answer it with, or it was answered already
    kAsk,     // see NextQuestion()
    kRetry,   // the request again: with a new CSeq number and branch (RFC 3261 22.2)
  };
  struct Question {
    std::string_view realm;  // as it is meant, without escapes; borrowed until the next call
    bool is_proxy = false;
    bool was_rejected = false;  // what was given before is wrong
  };
  struct Request {
    std::string_view method = {}, uri = {}, body = {};  // uri: the Request-URI
    bool is_invite = false;                             // its credentials are kept for the ACK (22.1)
  };

  // A 401 or 407 to a request of `attempt`.
  Verdict OnChallenge(const DigestHashes& hashes, const MessageView& response, DigestAttempt& attempt);
  // The next realm that nobody was asked about; it counts as asked from now on.
  std::optional<Question> NextQuestion();
  // The answer. False: that realm was not asked about.
  bool Provide(const DigestHashes& hashes, std::string_view realm, bool is_proxy, std::string_view user,
               std::string_view password);
  bool Refuse(std::string_view realm, bool is_proxy);
  void RefuseAll();  // what is asked about
  // What is to be done with a request that waits for an answer: kAsk, it waits on.
  Verdict Resume(const DigestAttempt& attempt) const;

  // The header lines of a request about to be sent. Borrowed until the next call.
  std::span<const HeaderLine> Authorize(const DigestHashes& hashes, RandomSource& random,
                                        const Request& request, DigestAttempt& attempt);
  // Those of the last INVITE, for the ACK to its 2xx (RFC 3261 22.1).
  std::span<const HeaderLine> AuthorizeAck();
  // A final response that is no challenge: nextnonce and rspauth (RFC 7616 3.5). What follows from a proof is
  // the owner's policy.
  Proof OnAccepted(const DigestHashes& hashes, const MessageView& response, const DigestAttempt& attempt);

  void Reset() { protections_.clear(); }
  bool has_credentials() const;

 private:
  friend class DigestCache;

  // A protection space: in SIP, the realm (RFC 3261 22.1).
  struct Protection {
    enum class State : std::uint8_t { kUnknown, kAsked, kKnown, kRefused };
    State state = State::kUnknown;
    bool is_proxy = false;
    bool was_rejected = false;
    bool wants_user_hash = false;
    bool has_opaque = false;
    bool has_algorithm = false;
    bool is_fresh = true;  // no DigestCache has its nonce
    DigestAlgorithm algorithm = DigestAlgorithm::kMd5;
    DigestQop qop = DigestQop::kNone;
    std::uint32_t nc = 0;
    HexDigest secret, user_hash, rejected_secret;
    std::string realm, user;                                 // as they are meant
    std::string quoted_realm, quoted_user;                   // as they are written
    std::string nonce, quoted_nonce, quoted_opaque, cnonce;  // cnonce: one for each nonce
    std::string value, invite_value;                         // of the header field, as written last
  };

  Protection* Find(std::string_view realm, bool is_proxy);
  Protection* FindOrAdd(const std::string& realm, bool is_proxy);
  bool Take(const DigestHashes& hashes, const Challenge& challenge, bool is_proxy, DigestAttempt& attempt);
  // Whose an Authentication-Info is: it names no realm, so only where there is one it can be told.
  Protection* OwnerOfInfo(const DigestAttempt& attempt);
  static Proof Judge(const DigestHashes& hashes, const Protection& protection, const AuthenticationInfo& info,
                     std::string_view body);
  void Write(const DigestHashes& hashes, RandomSource& random, const Request& request,
             Protection& protection) const;

  std::vector<Protection> protections_;
  std::vector<HeaderLine> lines_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_AUTH_DIGEST_CLIENT_H_
