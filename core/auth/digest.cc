#include "sansip/core/auth/digest.h"

#include <algorithm>

#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::string_view DigestQopName(DigestQop qop) {
  switch (qop) {
    case DigestQop::kNone:
      return {};
    case DigestQop::kAuth:
      return "auth";
    case DigestQop::kAuthInt:
      return "auth-int";
  }
  return {};
}

std::optional<DigestQop> DigestQopFrom(std::optional<std::string_view> name) {
  if (!name) return DigestQop::kNone;
  if (EqualsIgnoreCase(*name, "auth")) return DigestQop::kAuth;
  if (EqualsIgnoreCase(*name, "auth-int")) return DigestQop::kAuthInt;
  return std::nullopt;
}

std::optional<DigestHash> HashOf(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
    case DigestAlgorithm::kMd5Sess:
      return DigestHash::kMd5;
    case DigestAlgorithm::kSha256:
    case DigestAlgorithm::kSha256Sess:
      return DigestHash::kSha256;
    case DigestAlgorithm::kSha512_256:
    case DigestAlgorithm::kSha512_256Sess:
      return DigestHash::kSha512_256;
    case DigestAlgorithm::kOther:
      return std::nullopt;
  }
  return std::nullopt;
}

bool IsSession(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::kMd5Sess || algorithm == DigestAlgorithm::kSha256Sess ||
         algorithm == DigestAlgorithm::kSha512_256Sess;
}

std::string_view DigestAlgorithmName(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
      return "MD5";
    case DigestAlgorithm::kMd5Sess:
      return "MD5-sess";
    case DigestAlgorithm::kSha256:
      return "SHA-256";
    case DigestAlgorithm::kSha256Sess:
      return "SHA-256-sess";
    case DigestAlgorithm::kSha512_256:
      return "SHA-512-256";
    case DigestAlgorithm::kSha512_256Sess:
      return "SHA-512-256-sess";
    case DigestAlgorithm::kOther:
      return {};
  }
  return {};
}

HexDigest HexDigestOf(const DigestHashes& hashes, DigestHash hash, std::span<const std::string_view> parts) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  HexDigest hex;
  std::array<std::uint8_t, 32> digest;
  if (!hashes.Hash(hash, parts, digest)) return hex;
  for (std::size_t i = 0; i < SizeOf(hash); ++i) {
    hex.digits[hex.size++] = kDigits[digest[i] >> 4];
    hex.digits[hex.size++] = kDigits[digest[i] & 15];
  }
  return hex;
}

HexDigest SecretOf(const DigestHashes& hashes, DigestHash hash, std::string_view user, std::string_view realm,
                   std::string_view password) {
  const std::array<std::string_view, 5> parts{user, ":", realm, ":", password};
  return HexDigestOf(hashes, hash, parts);
}

HexDigest UserHashOf(const DigestHashes& hashes, DigestHash hash, std::string_view user,
                     std::string_view realm) {
  const std::array<std::string_view, 3> parts{user, ":", realm};
  return HexDigestOf(hashes, hash, parts);
}

HexDigest DigestResponseOf(const DigestHashes& hashes, const DigestInput& input) {
  const std::optional<DigestHash> hash = HashOf(input.algorithm);
  if (!hash) return {};
  // RFC 7616 3.4.2
  HexDigest session;
  std::string_view a1 = input.secret;
  if (IsSession(input.algorithm)) {
    const std::array<std::string_view, 5> parts{input.secret, ":", input.nonce, ":", input.session_cnonce};
    session = HexDigestOf(hashes, *hash, parts);
    a1 = session.view();
  }
  // 3.4.3; RFC 8760 2.6: no body is an empty one.
  HexDigest a2;
  if (input.qop == DigestQop::kAuthInt) {
    const std::array<std::string_view, 1> body{input.body};
    const HexDigest body_hash = HexDigestOf(hashes, *hash, body);
    const std::array<std::string_view, 5> parts{input.method, ":", input.uri, ":", body_hash.view()};
    a2 = HexDigestOf(hashes, *hash, parts);
  } else {
    const std::array<std::string_view, 3> parts{input.method, ":", input.uri};
    a2 = HexDigestOf(hashes, *hash, parts);
  }
  // 3.4.1
  if (input.qop == DigestQop::kNone) {
    const std::array<std::string_view, 5> parts{a1, ":", input.nonce, ":", a2.view()};
    return HexDigestOf(hashes, *hash, parts);
  }
  const std::array<std::string_view, 11> parts{
      a1, ":", input.nonce, ":", input.nc, ":", input.cnonce, ":", DigestQopName(input.qop), ":", a2.view()};
  return HexDigestOf(hashes, *hash, parts);
}

bool SameDigest(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(ToLower(a[i]) ^ ToLower(b[i]));
  }
  return difference == 0;
}

bool Unescape(std::string_view quoted, std::string& text) {
  text.clear();
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\\' && ++i == quoted.size()) return false;
    if (IsControl(quoted[i])) return false;
    text += quoted[i];
  }
  return true;
}

bool Escape(std::string_view text, std::string& quoted) {
  quoted.clear();
  for (const char c : text) {
    if (IsControl(c)) return false;
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return true;
}

}  // namespace sansip
