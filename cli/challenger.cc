#include "sansip/cli/challenger.h"

#include <algorithm>
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
#include "sansip/core/uri/sip_uri.h"

namespace sansip::cli {
namespace {

// RFC 8760 2.3: the strongest first; MD5 is all that many phones know.
constexpr std::array kHashesAsked = {std::pair{DigestHash::kSha256, DigestAlgorithm::kSha256},
                                     std::pair{DigestHash::kMd5, DigestAlgorithm::kMd5}};

DigestServerOptions ServerOptions(const RequiredCredentials& required, bool wants_same_uri) {
  DigestServerOptions options{
      .realm = required.realm, .says_charset = true, .wants_same_uri = wants_same_uri};
  options.algorithms.clear();
  for (const auto& [hash, algorithm] : kHashesAsked) {
    if (hash == DigestHash::kMd5 || !required.by_md5_alone) options.algorithms.push_back(algorithm);
  }
  return options;
}

constexpr std::size_t kCredentialsMax = 4;  // of one request: each costs hashes

TransactionOptions OutsideOptions() {
  TransactionOptions options;
  options.transactions_max = 1;
  return options;
}

}  // namespace

Challenger::Challenger(const RequiredCredentials& required, bool wants_same_uri, const DigestHashes& hashes,
                       RandomSource& random)
    : within_calls_(required.within_calls),
      for_own_name_alone_(required.for_own_name_alone),
      server_(ServerOptions(required, wants_same_uri), hashes, random),
      outside_(OutsideOptions(), random) {
  for (const auto& [user, password] : required.users) {
    Secrets& secrets = users_[user];
    for (std::size_t i = 0; i < secrets.size(); ++i) {
      secrets[i] = SecretOf(hashes, kHashesAsked[i].first, user, required.realm, password).view();
    }
  }
}

// RFC 3261 22.3: of several credentials for the realm one will do.
DigestServer::Result Challenger::Judge(Instant now, const MessageView& request) {
  known_user_.clear();
  DigestServer::Result first = DigestServer::Result::kMissing;
  for (std::size_t i = 0; i < kCredentialsMax; ++i) {
    const std::optional<Credentials> credentials = server_.Find(request, i);
    if (!credentials) break;
    const DigestServer::Result result = Judge(now, request, *credentials);
    if (result == DigestServer::Result::kAccepted) return result;
    if (i == 0) first = result;
  }
  return first;
}

DigestServer::Result Challenger::Judge(Instant now, const MessageView& request,
                                       const Credentials& credentials) {
  std::string_view secret;  // empty, of nobody: rejected as a wrong one is
  std::string user;
  const std::optional<DigestHash> hash = server_.SecretFor(credentials);
  if (hash && DigestServer::UserOf(credentials, user)) {
    const auto known = users_.find(user);
    for (std::size_t i = 0; known != users_.end() && i < kHashesAsked.size(); ++i) {
      if (kHashesAsked[i].first == *hash) secret = known->second[i];
    }
    if (known != users_.end()) known_user_ = user;
  }
  const DigestServer::Request asked = {
      .method = request.method_text(), .uri = request.request_uri(), .body = request.body()};
  const DigestServer::Result result = server_.Check(now, asked, credentials, secret);
  // The proof is of the response's body, which counts under qop=auth-int alone.
  if (result == DigestServer::Result::kAccepted)
    authentication_info_ = server_.AuthenticationInfoFor(now, {}, credentials, secret);
  return result;
}

// RFC 3261 22.1; 12.2.2: what claims to be of a dialog and is not will be answered with 481.
bool Challenger::IsAsked(const MessageView& request, const UserAgent& agent) const {
  if (!request.is_request() || request.method() == Method::kAck || request.method() == Method::kCancel)
    return false;
  if (agent.transaction_layer().IsCopy(request)) return false;
  if (ToTag(request).empty()) return true;
  if (!within_calls_) return false;
  std::vector<CallId> calls(agent.calls_kept());
  calls.resize(std::min(calls.size(), agent.Calls(calls)));
  return std::none_of(calls.begin(), calls.end(), [&](CallId id) {
    const std::optional<CallView> call = agent.Find(id);
    return call && call->role == UsageRole::kCaller && call->call_id == request.First(HeaderId::kCallId);
  });
}

// Users are named as "alice" or as "alice@example.com". RFC 3903 6: a PUBLISH is about its Request-URI.
bool Challenger::IsOwnName(const MessageView& request) const {
  const auto is_own = [&](std::string_view text) {
    const std::optional<SipUri> uri = ParseSipUri(text);
    if (!uri || !uri->has_user) return false;
    const std::string user(uri->user);
    return user == known_user_ || user + "@" + std::string(uri->host) == known_user_;
  };
  NameAddr from;
  const bool is_read = ParseNameAddr(request.First(HeaderId::kFrom).value_or(""), from, nullptr).ok();
  return is_read && is_own(from.uri) &&
         (request.method() != Method::kPublish || is_own(request.request_uri()));
}

bool Challenger::TurnsAway(Instant now, const Origin& origin, const MessageView& request,
                           const UserAgent& agent, UserAgentSink& out) {
  authentication_info_.clear();
  if (!IsAsked(request, agent)) return false;
  using Result = DigestServer::Result;
  const Result result = Judge(now, request);
  failed_login_.reset();
  if (result == Result::kRejected) failed_login_ = {known_user_, origin.source};
  const bool is_forbidden = result == Result::kAccepted && for_own_name_alone_ && !IsOwnName(request);
  if (result == Result::kAccepted && !is_forbidden) return false;

  const std::string server = "sansip/" + std::string(kVersion);
  std::vector<HeaderLine> headers;
  const int status = is_forbidden ? 403 : result == Result::kMalformed ? 400 : 401;
  if (status == 401) {
    const bool is_stale = result == Result::kStale || result == Result::kReplayed;
    const std::span<const HeaderLine> challenges = server_.Challenge(now, is_stale);
    headers.assign(challenges.begin(), challenges.end());
  }
  headers.push_back({.id = HeaderId::kServer, .value = server});
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> actions;
  outside_.RespondOutside(now, origin, request, {.status_code = status, .headers = headers}, actions);
  for (const Action& action : actions) {
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) out.Append(*transmit);
  }
  return true;
}

}  // namespace sansip::cli
