#include "sansip/cli/challenger.h"

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sansip/cli/help_text.h"
#include "sansip/core/auth/digest.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/fields/name_addr.h"

namespace sansip::cli {
namespace {

// RFC 8760 2.3: the strongest first; MD5 is all that many phones know.
constexpr std::array kHashesAsked = {std::pair{DigestHash::kSha256, DigestAlgorithm::kSha256},
                                     std::pair{DigestHash::kMd5, DigestAlgorithm::kMd5}};

DigestServerOptions ServerOptions(const RequiredCredentials& required, bool wants_same_uri) {
  DigestServerOptions options{.realm = required.realm, .wants_same_uri = wants_same_uri};
  options.algorithms.clear();
  for (const auto& [hash, algorithm] : kHashesAsked) {
    if (hash == DigestHash::kMd5 || !required.by_md5_alone) options.algorithms.push_back(algorithm);
  }
  return options;
}

TransactionOptions OutsideOptions() {
  TransactionOptions options;
  options.transactions_max = 1;
  return options;
}

}  // namespace

Challenger::Challenger(const RequiredCredentials& required, bool wants_same_uri, const DigestHashes& hashes,
                       RandomSource& random)
    : server_(ServerOptions(required, wants_same_uri), hashes, random), outside_(OutsideOptions(), random) {
  for (const auto& [user, password] : required.users) {
    Secrets& secrets = users_[user];
    for (std::size_t i = 0; i < secrets.size(); ++i) {
      secrets[i] = SecretOf(hashes, kHashesAsked[i].first, user, required.realm, password).view();
    }
  }
}

DigestServer::Result Challenger::Judge(Instant now, const MessageView& request) {
  known_user_.clear();
  const std::optional<Credentials> credentials = server_.Find(request);
  if (!credentials) return DigestServer::Result::kMissing;
  std::string_view secret;  // empty, of nobody: rejected as a wrong one is
  std::string user;
  const std::optional<DigestHash> hash = server_.SecretFor(*credentials);
  if (hash && DigestServer::UserOf(*credentials, user)) {
    const auto known = users_.find(user);
    for (std::size_t i = 0; known != users_.end() && i < kHashesAsked.size(); ++i) {
      if (kHashesAsked[i].first == *hash) secret = known->second[i];
    }
    if (known != users_.end()) known_user_ = user;
  }
  return server_.Check(
      now, {.method = request.method_text(), .uri = request.request_uri(), .body = request.body()},
      *credentials, secret);
}

bool Challenger::TurnsAway(Instant now, const Origin& origin, const MessageView& request,
                           const TransactionLayer& transactions, UserAgentSink& out) {
  if (!request.is_request() || request.method() == Method::kAck || request.method() == Method::kCancel)
    return false;
  // RFC 3261 12.2.2: of a dialog, or else it will be answered with 481.
  if (!ToTag(request).empty() || transactions.IsCopy(request)) return false;
  using Result = DigestServer::Result;
  const Result result = Judge(now, request);
  failed_login_.reset();
  if (result == Result::kRejected) failed_login_ = {known_user_, origin.source};
  if (result == Result::kAccepted) return false;

  const std::string server = "sansip/" + std::string(kVersion);
  std::vector<HeaderLine> headers;
  if (result != Result::kMalformed) {
    const bool is_stale = result == Result::kStale || result == Result::kReplayed;
    const std::span<const HeaderLine> challenges = server_.Challenge(now, is_stale);
    headers.assign(challenges.begin(), challenges.end());
  }
  headers.push_back({.id = HeaderId::kServer, .value = server});
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> actions;
  outside_.RespondOutside(now, origin, request,
                          {.status_code = result == Result::kMalformed ? 400 : 401, .headers = headers},
                          actions);
  for (const Action& action : actions) {
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) out.Append(*transmit);
  }
  return true;
}

}  // namespace sansip::cli
