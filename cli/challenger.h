// Stands before a user agent and asks who is there: requests outside of dialogs are taken from known users,
// others get a Digest challenge (RFC 3261 22.1, 22.2). Never asked for are credentials of ACK and CANCEL,
// which cannot be sent again with them (22.1). Of requests within dialogs they are only if that is wanted,
// for tags are secret enough for many; and not in calls of our own placing, whose peers are nobody's users.
//
// It answers without a transaction (8.2.7), so that strangers cost no memory: a copy of a request is asked
// again, by the same To tag and a nonce that is as good as the first. Whether a known user may speak in the
// name that From has is looked at if that is wanted, too: 403 (22).
#ifndef SANSIP_CLI_CHALLENGER_H_
#define SANSIP_CLI_CHALLENGER_H_

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sansip/cli/required_credentials.h"
#include "sansip/core/auth/digest_hashes.h"
#include "sansip/core/auth/digest_server.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/dialog/user_agent.h"

namespace sansip::cli {

class Challenger {
 public:
  // `wants_same_uri`: of the credentials, that of the Request-URI; not to be had where a proxy retargets.
  // `hashes` and `random` must outlive it; `random` must be unpredictable.
  Challenger(const RequiredCredentials& required, bool wants_same_uri, const DigestHashes& hashes,
             RandomSource& random);

  // True: the request is answered, in `out`, by 401, 403 or 400, and goes no further. A copy of one that
  // lives in `agent` has been asked before. Its nonce's count is used up, and it goes on. Law 5: `wire` is
  // valid until the next call.
  bool TurnsAway(Instant now, const Origin& origin, const MessageView& request, const UserAgent& agent,
                 UserAgentSink& out);
  // RFC 7616 3.5: for the 2xx to the request that was let past last; empty: it was not asked, or has no qop.
  std::string_view authentication_info() const { return authentication_info_; }

  // RFC 7616 3.4: whose response was wrong, of the last one that was turned away. Nullopt: it had none, or
  // only its nonce was old. A name that no user has is not told: it may be a password in the wrong place.
  struct FailedLogin {
    std::string user;  // empty: of nobody
    SocketAddress source;
  };
  const std::optional<FailedLogin>& failed_login() const { return failed_login_; }

 private:
  using Secrets = std::array<std::string, 2>;  // by kAlgorithms

  DigestServer::Result Judge(Instant now, const MessageView& request);
  DigestServer::Result Judge(Instant now, const MessageView& request, const Credentials& credentials);
  bool IsAsked(const MessageView& request, const UserAgent& agent) const;
  bool IsOwnName(const MessageView& request) const;

  const bool within_calls_, for_own_name_alone_;
  DigestServer server_;
  std::map<std::string, Secrets> users_;
  std::string known_user_;  // that the request being judged names; empty: none
  std::string authentication_info_;
  std::optional<FailedLogin> failed_login_;
  TransactionLayer outside_;  // writes responses, never has a transaction
};

}  // namespace sansip::cli

#endif  // SANSIP_CLI_CHALLENGER_H_
