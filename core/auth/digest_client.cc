#include "sansip/core/auth/digest_client.h"

#include <algorithm>
#include <array>

#include "sansip/core/message/fields/authentication_info.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

constexpr std::size_t kCredentialsBytesMax = 16384;  // above six texts of kTextMax, each escaped

std::uint8_t BitOf(std::size_t place) { return static_cast<std::uint8_t>(1u << place); }

bool IsUsableText(const std::optional<std::string_view>& text) {
  return text && text->size() <= DigestClientLimits::kTextMax;
}

// RFC 8760 2.4: what is not understood is ignored. nullopt: no qop that is known (RFC 7616 3.3).
std::optional<DigestQop> QopOf(const Challenge& challenge) {
  if (!challenge.qop) return DigestQop::kNone;
  if (OffersQop(challenge, "auth")) return DigestQop::kAuth;
  if (OffersQop(challenge, "auth-int")) return DigestQop::kAuthInt;
  return std::nullopt;
}

bool IsUsable(const DigestHashes& hashes, const Challenge& challenge) {
  // RFC 8760 2.6: never Basic.
  if (!IsDigest(challenge.scheme) || !IsUsableText(challenge.realm) || !IsUsableText(challenge.nonce)) {
    return false;
  }
  if (challenge.opaque && !IsUsableText(challenge.opaque)) return false;
  const DigestAlgorithm algorithm = DigestAlgorithmFrom(challenge.algorithm);
  const std::optional<DigestHash> hash = HashOf(algorithm);
  const std::optional<DigestQop> qop = QopOf(challenge);
  if (!hash || !qop) return false;
  // RFC 2617 3.2.2: no cnonce without qop, and no session without cnonce.
  if (IsSession(algorithm) && *qop == DigestQop::kNone) return false;
  return !HexDigestOf(hashes, *hash, {}).empty();
}

void AssignRandomHex(RandomSource& random, std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text.clear();
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random.Next();
    for (int i = 0; i < 16; ++i, bits >>= 4) text += kDigits[bits & 15];
  }
}

std::array<char, 8> NonceCountText(std::uint32_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 8> text;
  for (std::size_t i = text.size(); i-- > 0; count >>= 4) text[i] = kDigits[count & 15];
  return text;
}

}  // namespace

DigestClient::Protection* DigestClient::Find(std::string_view realm, bool is_proxy) {
  for (Protection& protection : protections_) {
    if (protection.is_proxy == is_proxy && protection.realm == realm) return &protection;
  }
  return nullptr;
}

DigestClient::Protection* DigestClient::FindOrAdd(const std::string& realm, bool is_proxy) {
  if (Protection* known = Find(realm, is_proxy)) return known;
  if (protections_.size() == DigestClientLimits::kRealmsMax) return nullptr;
  Protection& added = protections_.emplace_back();
  added.realm = realm;
  added.is_proxy = is_proxy;
  return &added;
}

// False: not one to answer. RFC 8760 2.4: of a realm's challenges the topmost that is understood.
bool DigestClient::Take(const DigestHashes& hashes, const Challenge& challenge, bool is_proxy,
                        DigestAttempt& attempt) {
  std::string realm, nonce;
  if (!IsUsable(hashes, challenge) || !Unescape(*challenge.realm, realm) ||
      !Unescape(*challenge.nonce, nonce)) {
    return false;
  }
  Protection* const protection = FindOrAdd(realm, is_proxy);
  if (protection == nullptr) return false;
  const std::uint8_t bit = BitOf(static_cast<std::size_t>(protection - protections_.data()));
  if ((attempt.challenged & bit) != 0) return false;
  attempt.challenged |= bit;
  const DigestAlgorithm algorithm = DigestAlgorithmFrom(challenge.algorithm);
  using State = Protection::State;
  if (protection->state == State::kKnown) {
    // RFC 3261 22.2: what was just rejected is not tried again, unless it was the nonce that was wrong. A
    // server that has forgotten a nonce of an earlier request need not say so: one try with the new one.
    // Stale, with the very nonce that was sent, is no new nonce.
    const bool is_stale = IsStale(challenge) && nonce != protection->nonce;
    const bool is_rejected = (attempt.sent & attempt.answered & bit) != 0 && !is_stale;
    if (is_rejected) {
      protection->was_rejected = true;
      protection->rejected_secret = protection->secret;
    }
    // Of another algorithm no secret is known, for no password is.
    if (is_rejected || HashOf(protection->algorithm) != HashOf(algorithm))
      protection->state = State::kUnknown;
  }
  protection->algorithm = algorithm;
  protection->has_algorithm = challenge.algorithm.has_value();
  protection->qop = *QopOf(challenge);
  protection->wants_user_hash = EqualsIgnoreCase(challenge.userhash.value_or(""), "true");
  protection->quoted_realm.assign(*challenge.realm);
  protection->nonce = nonce;
  protection->quoted_nonce.assign(*challenge.nonce);
  protection->has_opaque = challenge.opaque.has_value();
  protection->quoted_opaque.assign(challenge.opaque.value_or(""));
  protection->nc = 0;
  protection->cnonce.clear();
  protection->is_fresh = true;
  return true;
}

DigestClient::Verdict DigestClient::OnChallenge(const DigestHashes& hashes, const MessageView& response,
                                                DigestAttempt& attempt) {
  attempt.challenged = 0;
  if (attempt.challenges == DigestClientLimits::kChallengesMax) return Verdict::kGiveUp;
  ++attempt.challenges;
  // 16.7: a forking proxy gathers challenges of both kinds into one response.
  for (std::size_t i = 0; i < response.header_count(); ++i) {
    const HeaderView header = response.header(i);
    const bool is_proxy = header.id == HeaderId::kProxyAuthenticate;
    if (!is_proxy && header.id != HeaderId::kWwwAuthenticate) continue;
    ChallengesIn challenges(header.value);
    for (std::string_view text; challenges.Next(text);) {
      Challenge challenge;
      if (ParseChallenge(text, challenge).ok()) Take(hashes, challenge, is_proxy, attempt);
    }
  }
  return Resume(attempt);
}

std::optional<DigestClient::Question> DigestClient::NextQuestion() {
  for (Protection& protection : protections_) {
    if (protection.state != Protection::State::kUnknown) continue;
    protection.state = Protection::State::kAsked;
    return Question{protection.realm, protection.is_proxy, protection.was_rejected};
  }
  return std::nullopt;
}

bool DigestClient::Provide(const DigestHashes& hashes, std::string_view realm, bool is_proxy,
                           std::string_view user, std::string_view password) {
  Protection* const protection = Find(realm, is_proxy);
  if (protection == nullptr || protection->state != Protection::State::kAsked) return false;
  const DigestHash hash = *HashOf(protection->algorithm);
  protection->secret = SecretOf(hashes, hash, user, realm, password);
  protection->user_hash = UserHashOf(hashes, hash, user, realm);
  protection->user.assign(user);
  const bool is_usable = user.size() <= DigestClientLimits::kTextMax && !protection->secret.empty() &&
                         Escape(user, protection->quoted_user);
  // 22.2: the same credentials are rejected again.
  const bool is_old = protection->was_rejected && protection->secret == protection->rejected_secret;
  protection->state = is_usable && !is_old ? Protection::State::kKnown : Protection::State::kRefused;
  return true;
}

bool DigestClient::Refuse(std::string_view realm, bool is_proxy) {
  Protection* const protection = Find(realm, is_proxy);
  if (protection == nullptr || protection->state != Protection::State::kAsked) return false;
  protection->state = Protection::State::kRefused;
  return true;
}

void DigestClient::RefuseAll() {
  for (Protection& protection : protections_) {
    if (protection.state == Protection::State::kAsked) protection.state = Protection::State::kRefused;
  }
}

DigestClient::Verdict DigestClient::Resume(const DigestAttempt& attempt) const {
  Verdict verdict = Verdict::kGiveUp;
  for (std::size_t i = 0; i < protections_.size(); ++i) {
    if ((attempt.challenged & BitOf(i)) == 0) continue;
    switch (protections_[i].state) {
      case Protection::State::kUnknown:
      case Protection::State::kAsked:
        return Verdict::kAsk;
      case Protection::State::kKnown:
        verdict = Verdict::kRetry;  // 22.3: of several realms, those that are known
        break;
      case Protection::State::kRefused:
        break;
    }
  }
  return verdict;
}

void DigestClient::Write(const DigestHashes& hashes, RandomSource& random, const Request& request,
                         Protection& protection) const {
  if (protection.cnonce.empty()) AssignRandomHex(random, protection.cnonce);
  const std::array<char, 8> count = NonceCountText(++protection.nc);
  const std::string_view nc(count.data(), count.size());
  const HexDigest response = DigestResponseOf(hashes, {.algorithm = protection.algorithm,
                                                       .qop = protection.qop,
                                                       .secret = protection.secret.view(),
                                                       .nonce = protection.nonce,
                                                       .cnonce = protection.cnonce,
                                                       .session_cnonce = protection.cnonce,
                                                       .nc = nc,
                                                       .method = request.method,
                                                       .uri = request.uri,
                                                       .body = request.body});
  Credentials credentials{.scheme = "Digest"};
  credentials.username =
      protection.wants_user_hash ? protection.user_hash.view() : std::string_view(protection.quoted_user);
  credentials.realm = protection.quoted_realm;
  credentials.nonce = protection.quoted_nonce;
  credentials.uri = request.uri;
  credentials.response = response.view();
  // RFC 3261 22.4: a challenge of RFC 2069 names none.
  if (protection.has_algorithm) credentials.algorithm = DigestAlgorithmName(protection.algorithm);
  if (protection.has_opaque) credentials.opaque = protection.quoted_opaque;
  if (protection.qop != DigestQop::kNone) {
    credentials.cnonce = protection.cnonce;
    credentials.qop = DigestQopName(protection.qop);
    credentials.nc = nc;
  }
  if (protection.wants_user_hash) credentials.userhash = "true";
  protection.value.resize(kCredentialsBytesMax);
  ValueWriter writer(protection.value);
  sansip::Write(credentials, writer);
  protection.value.resize(writer.text().size());  // it stands at the beginning
  protection.value.shrink_to_fit();
}

std::span<const HeaderLine> DigestClient::Authorize(const DigestHashes& hashes, RandomSource& random,
                                                    const Request& request, DigestAttempt& attempt) {
  lines_.clear();
  attempt.sent = 0;
  for (std::size_t i = 0; i < protections_.size(); ++i) {
    Protection& protection = protections_[i];
    if (request.is_invite) protection.invite_value.clear();
    if (protection.state != Protection::State::kKnown) continue;
    Write(hashes, random, request, protection);
    if (protection.value.empty()) continue;  // a Request-URI that cannot be quoted
    attempt.sent |= BitOf(i);
    if (request.is_invite) protection.invite_value = protection.value;
    lines_.push_back(
        {protection.is_proxy ? HeaderId::kProxyAuthorization : HeaderId::kAuthorization, protection.value});
  }
  attempt.answered |= attempt.sent & attempt.challenged;
  return lines_;
}

std::span<const HeaderLine> DigestClient::AuthorizeAck() {
  lines_.clear();
  for (const Protection& protection : protections_) {
    if (protection.invite_value.empty()) continue;
    lines_.push_back({protection.is_proxy ? HeaderId::kProxyAuthorization : HeaderId::kAuthorization,
                      protection.invite_value});
  }
  return lines_;
}

DigestClient::Protection* DigestClient::OwnerOfInfo(const DigestAttempt& attempt) {
  Protection* owner = nullptr;
  for (std::size_t i = 0; i < protections_.size(); ++i) {
    if ((attempt.sent & BitOf(i)) == 0 || protections_[i].is_proxy) continue;
    if (owner != nullptr) return nullptr;
    owner = &protections_[i];
  }
  return owner;
}

// By the credentials that it answers, which are kept as they were sent: `info` repeats their count.
DigestClient::Proof DigestClient::Judge(const DigestHashes& hashes, const Protection& protection,
                                        const AuthenticationInfo& info, std::string_view body) {
  if (!info.rspauth) return Proof::kNone;
  for (const std::string_view value :
       {std::string_view(protection.value), std::string_view(protection.invite_value)}) {
    Credentials sent;
    if (value.empty() || !ParseCredentials(value, sent).ok() || sent.nc != info.nc) continue;
    if (sent.nonce != protection.quoted_nonce || sent.cnonce != info.cnonce) continue;
    const HexDigest proof =
        DigestResponseOf(hashes, {.algorithm = protection.algorithm,
                                  .qop = DigestQopFrom(info.qop).value_or(DigestQop::kNone),
                                  .secret = protection.secret.view(),
                                  .nonce = protection.nonce,
                                  .cnonce = protection.cnonce,
                                  .session_cnonce = protection.cnonce,
                                  .nc = info.nc.value_or(std::string_view()),
                                  .uri = *sent.uri,
                                  .body = body});
    return SameDigest(proof.view(), *info.rspauth) ? Proof::kGiven : Proof::kWrong;
  }
  return Proof::kNone;  // of another request than the last one
}

DigestClient::Proof DigestClient::OnAccepted(const DigestHashes& hashes, const MessageView& response,
                                             const DigestAttempt& attempt) {
  const std::optional<std::string_view> value = response.First(HeaderId::kAuthenticationInfo);
  AuthenticationInfo info;
  if (!value || !ParseAuthenticationInfo(*value, info).ok()) return Proof::kNone;
  Protection* const owner = OwnerOfInfo(attempt);
  if (owner == nullptr) return Proof::kNone;
  const Proof proof = Judge(hashes, *owner, info, response.body());
  std::string nonce;
  // A nonce of who is not the server is not taken.
  if (proof == Proof::kWrong || !IsUsableText(info.nextnonce) || !Unescape(*info.nextnonce, nonce) ||
      nonce == owner->nonce) {
    return proof;
  }
  owner->nonce = nonce;
  owner->quoted_nonce.assign(*info.nextnonce);
  owner->nc = 0;
  owner->cnonce.clear();
  owner->is_fresh = true;
  return proof;
}

bool DigestClient::has_credentials() const {
  return std::any_of(protections_.begin(), protections_.end(), [](const Protection& protection) {
    return protection.state == Protection::State::kKnown;
  });
}

}  // namespace sansip
