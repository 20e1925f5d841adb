#include "sansip/core/auth/digest_server.h"

#include <algorithm>
#include <array>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/authentication_info.h"
#include "sansip/core/message/fields/challenge.h"
#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::size_t kValueBytesMax = 4096;
constexpr std::size_t kNumberDigits = 16, kSealDigits = 32;
constexpr std::size_t kNonceSize = 2 * kNumberDigits + kSealDigits;
constexpr std::uint32_t kCountWindow = 64;

void AppendHex(std::string& text, std::uint64_t bits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[bits >> shift & 15];
}

std::uint64_t HexNumber(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) number = number << 4 | static_cast<std::uint64_t>(HexDigitValue(digit));
  return number;
}

template <typename Field>
std::string ValueOf(const Field& field) {
  std::string value(kValueBytesMax, '\0');
  ValueWriter writer(value);
  Write(field, writer);
  value.resize(writer.text().size());
  return value;
}

bool Means(std::string_view quoted, std::string_view text) {
  std::string meant;
  return Unescape(quoted, meant) && meant == text;
}

// RFC 8187 3.2: UTF-8'language'name, what is no attr-char of it in percent signs.
bool ReadExtendedName(std::string_view text, std::string& name) {
  constexpr std::string_view kCharset = "UTF-8'";
  if (!EqualsIgnoreCase(text.substr(0, kCharset.size()), kCharset)) return false;
  const std::size_t quote = text.find('\'', kCharset.size());
  if (quote == std::string_view::npos) return false;
  name.clear();
  for (std::size_t at = quote + 1; at < text.size();) {
    const UriCharacter character = TakeUriCharacter(text, at);
    if (character.c == '%' && !character.is_escaped) return false;
    name += character.c;
  }
  return !name.empty();
}

bool IsSameUri(std::string_view named, std::string_view request_uri) {
  return named == request_uri || EquivalentUris(named, request_uri);
}

// RFC 2069. A session needs a cnonce.
bool IsPlain(const Credentials& credentials) {
  return !credentials.qop && !credentials.cnonce && !credentials.nc &&
         !IsSession(DigestAlgorithmFrom(credentials.algorithm));
}

}  // namespace

DigestServer::DigestServer(const DigestServerOptions& options, const DigestHashes& hashes,
                           RandomSource& random)
    : options_(options), hashes_(hashes), used_(std::max<std::size_t>(options.nonces_max, 1)) {
  for (int i = 0; i < 4; ++i) AppendHex(key_, random.Next());
  SANSIP_CHECK(Escape(options_.realm, quoted_realm_));
  SANSIP_CHECK(!Seal({}).empty());
}

// The hash of a hash, each with the key in front: nothing can be put behind it.
HexDigest DigestServer::Seal(std::string_view body) const {
  const std::array<std::string_view, 3> inner_parts{key_, options_.realm, body};
  const HexDigest inner = HexDigestOf(hashes_, DigestHash::kSha256, inner_parts);
  const std::array<std::string_view, 2> outer_parts{key_, inner.view()};
  return HexDigestOf(hashes_, DigestHash::kSha256, outer_parts);
}

// RFC 7616 3.3: hexadecimal digits alone.
std::string DigestServer::NewNonce(Instant now) {
  std::string nonce;
  AppendHex(nonce, static_cast<std::uint64_t>(now.time_since_epoch().count()));
  AppendHex(nonce, ++serial_);
  nonce += Seal(nonce).view().substr(0, kSealDigits);
  return nonce;
}

std::optional<DigestServer::Nonce> DigestServer::Open(std::string_view nonce) const {
  if (nonce.size() != kNonceSize) return std::nullopt;
  const std::string_view body = nonce.substr(0, 2 * kNumberDigits);
  if (!SameDigest(Seal(body).view().substr(0, kSealDigits), nonce.substr(body.size()))) return std::nullopt;
  const auto issued = static_cast<std::int64_t>(HexNumber(body.substr(0, kNumberDigits)));
  return Nonce{HexNumber(body.substr(kNumberDigits)), Instant(Duration(issued))};
}

std::span<const HeaderLine> DigestServer::Challenge(Instant now, bool is_stale) {
  values_.clear();
  lines_.clear();
  for (const DigestAlgorithm algorithm : options_.algorithms) {
    const std::optional<DigestHash> hash = HashOf(algorithm);
    if (!hash || HexDigestOf(hashes_, *hash, {}).empty()) continue;
    const std::string nonce = NewNonce(now);
    sansip::Challenge challenge{.scheme = "Digest"};
    challenge.realm = quoted_realm_;
    challenge.nonce = nonce;
    if (is_stale) challenge.stale = "true";
    challenge.algorithm = DigestAlgorithmName(algorithm);
    challenge.qop = options_.offers_auth_int ? "auth,auth-int" : "auth";  // RFC 8760 2.6: always
    if (options_.says_charset) challenge.charset = "UTF-8";               // RFC 7616 4
    if (options_.offers_user_hash) challenge.userhash = "true";
    values_.push_back(ValueOf(challenge));
  }
  for (const std::string& value : values_) {
    lines_.push_back({options_.is_proxy ? HeaderId::kProxyAuthenticate : HeaderId::kWwwAuthenticate, value});
  }
  return lines_;
}

// Others in the message are for other realms (RFC 3261 22.3).
std::optional<Credentials> DigestServer::Find(const MessageView& request, std::size_t others) const {
  const HeaderId id = options_.is_proxy ? HeaderId::kProxyAuthorization : HeaderId::kAuthorization;
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    Credentials credentials;
    if (header.id != id || !ParseCredentials(header.value, credentials).ok()) continue;
    if (!IsDigest(credentials.scheme) || !credentials.realm) continue;
    if (Means(*credentials.realm, options_.realm) && others-- == 0) return credentials;
  }
  return std::nullopt;
}

// RFC 7616 3.4.4: username* is for a name as it is, not for a hash.
bool DigestServer::UserOf(const Credentials& credentials, std::string& user) {
  if (credentials.username) return Unescape(*credentials.username, user);
  if (!credentials.username_ext || credentials.userhash.value_or("") == "true") return false;
  return ReadExtendedName(*credentials.username_ext, user);
}

std::optional<DigestHash> DigestServer::SecretFor(const Credentials& credentials) const {
  const DigestAlgorithm algorithm = DigestAlgorithmFrom(credentials.algorithm);
  const bool is_offered = std::find(options_.algorithms.begin(), options_.algorithms.end(), algorithm) !=
                          options_.algorithms.end();
  return is_offered ? HashOf(algorithm) : std::nullopt;
}

bool DigestServer::TakeCount(Used& used, std::uint32_t count) const {
  if (count > used.highest) {
    const std::uint32_t step = count - used.highest;
    used.seen = (step >= kCountWindow ? 0 : used.seen << step) | 1;
    used.highest = count;
    return true;
  }
  const std::uint32_t behind = used.highest - count;
  if (behind >= kCountWindow || (used.seen >> behind & 1) != 0) return false;
  used.seen |= std::uint64_t{1} << behind;
  return true;
}

DigestServer::Result DigestServer::Check(Instant now, const Request& request, const Credentials& credentials,
                                         std::string_view secret) {
  // RFC 7616 3.4: what an answer to our challenge has.
  const std::optional<DigestQop> qop = DigestQopFrom(credentials.qop);
  const bool is_plain = options_.takes_no_qop && IsPlain(credentials);
  const std::optional<std::uint32_t> count = is_plain ? 1 : NonceCountOf(credentials);
  std::string nonce, cnonce, uri;
  const std::string_view quoted_cnonce = credentials.cnonce.value_or(std::string_view());
  const bool is_counted = is_plain || (credentials.cnonce && qop && *qop != DigestQop::kNone);
  std::string user;
  if (!UserOf(credentials, user) || !credentials.nonce || !credentials.uri || !credentials.response ||
      !is_counted || !count || *count == 0 || quoted_cnonce.size() > options_.cnonce_bytes_max ||
      !Unescape(*credentials.nonce, nonce) || !Unescape(quoted_cnonce, cnonce) ||
      !Unescape(*credentials.uri, uri)) {
    return Result::kMalformed;
  }
  if (options_.wants_same_uri && !IsSameUri(uri, request.uri)) return Result::kMalformed;  // RFC 7616 3.4.6
  if (!SecretFor(credentials)) return Result::kRejected;
  if (*qop == DigestQop::kAuthInt && !options_.offers_auth_int) return Result::kRejected;
  const std::optional<Nonce> opened = Open(nonce);
  Used* const used = opened ? &used_[opened->serial % used_.size()] : nullptr;
  const bool is_known = used != nullptr && used->serial == opened->serial;
  const HexDigest expected =
      DigestResponseOf(hashes_, {.algorithm = DigestAlgorithmFrom(credentials.algorithm),
                                 .qop = *qop,
                                 .secret = secret,
                                 .nonce = nonce,
                                 .cnonce = cnonce,
                                 .session_cnonce = is_known ? std::string_view(used->session_cnonce) : cnonce,
                                 .nc = credentials.nc.value_or(std::string_view()),
                                 .method = request.method,
                                 .uri = uri,
                                 .body = request.body});
  const bool is_right = !expected.empty() && SameDigest(expected.view(), *credentials.response);
  if (!is_right || secret.empty()) return Result::kRejected;
  // 3.3: stale is for those who know the secret.
  const bool is_live = opened && now - opened->issued <= options_.nonce_lifetime && now >= opened->issued;
  if (!is_live || used->serial > opened->serial) return Result::kStale;
  if (!is_known) *used = {opened->serial, 0, 0, cnonce};
  return TakeCount(*used, *count) ? Result::kAccepted : Result::kReplayed;
}

std::string_view DigestServer::AuthenticationInfoFor(Instant now, const Request& request,
                                                     const Credentials& credentials,
                                                     std::string_view secret) {
  const std::optional<DigestQop> qop = DigestQopFrom(credentials.qop);
  std::string nonce, cnonce, uri;
  if (!qop || !credentials.nonce || !credentials.cnonce || !credentials.uri || !credentials.nc ||
      !Unescape(*credentials.nonce, nonce) || !Unescape(*credentials.cnonce, cnonce) ||
      !Unescape(*credentials.uri, uri)) {
    return {};
  }
  const std::optional<Nonce> opened = Open(nonce);
  if (!opened) return {};
  const Used& used = used_[opened->serial % used_.size()];
  const std::string_view session_cnonce = used.serial == opened->serial ? used.session_cnonce : cnonce;
  const HexDigest proof = DigestResponseOf(hashes_, {.algorithm = DigestAlgorithmFrom(credentials.algorithm),
                                                     .qop = *qop,
                                                     .secret = secret,
                                                     .nonce = nonce,
                                                     .cnonce = cnonce,
                                                     .session_cnonce = session_cnonce,
                                                     .nc = *credentials.nc,
                                                     .uri = uri,
                                                     .body = request.body});
  std::string next;
  AuthenticationInfo info;
  if (now - opened->issued > options_.nonce_lifetime / 2) {
    next = NewNonce(now);
    info.nextnonce = next;
  }
  info.qop = DigestQopName(*qop);
  info.rspauth = proof.view();
  info.cnonce = credentials.cnonce;
  info.nc = credentials.nc;
  values_.assign(1, ValueOf(info));
  return values_.front();
}

}  // namespace sansip
