// What digest authentication computes (RFC 7616 3.4, RFC 8760 2; RFC 2617 and, without qop, RFC 2069): pure
// functions, the hashes injected. Texts go in as they are meant: without quotation marks and escapes
// (RFC 7616 3.4.5). Basic is not here: RFC 8760 2.6 forbids it.
#ifndef SANSIP_CORE_AUTH_DIGEST_H_
#define SANSIP_CORE_AUTH_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sansip/core/auth/digest_hashes.h"
#include "sansip/core/message/fields/auth_param.h"

namespace sansip {

// A hash in hexadecimal digits, small ones (RFC 7616 3.2); empty: none.
struct HexDigest {
  std::array<char, 64> digits{};
  std::uint8_t size = 0;

  std::string_view view() const { return {digits.data(), size}; }
  bool empty() const { return size == 0; }
  friend bool operator==(const HexDigest& a, const HexDigest& b) { return a.view() == b.view(); }
};

enum class DigestQop : std::uint8_t { kNone, kAuth, kAuthInt };
std::string_view DigestQopName(DigestQop qop);  // empty: none
// nullopt: another token. Absent is kNone.
std::optional<DigestQop> DigestQopFrom(std::optional<std::string_view> name);

// nullopt for kOther.
std::optional<DigestHash> HashOf(DigestAlgorithm algorithm);
bool IsSession(DigestAlgorithm algorithm);
std::string_view DigestAlgorithmName(DigestAlgorithm algorithm);  // as in RFC 7616 6.1

// Empty if `hashes` does not know the function.
HexDigest HexDigestOf(const DigestHashes& hashes, DigestHash hash, std::span<const std::string_view> parts);

// H( user : realm : password ), the secret that a server keeps instead of the password (RFC 7616 3.6).
HexDigest SecretOf(const DigestHashes& hashes, DigestHash hash, std::string_view user, std::string_view realm,
                   std::string_view password);
// H( user : realm ): the username of userhash=true (RFC 7616 3.4.4).
HexDigest UserHashOf(const DigestHashes& hashes, DigestHash hash, std::string_view user,
                     std::string_view realm);

struct DigestInput {
  DigestAlgorithm algorithm = DigestAlgorithm::kMd5;
  DigestQop qop = DigestQop::kNone;
  std::string_view secret = {};  // of SecretOf
  std::string_view nonce = {}, cnonce = {};
  std::string_view session_cnonce = {};  // of the session's first request, for -sess (RFC 7616 3.4.2)
  std::string_view nc = {};              // eight digits
  std::string_view method = {};          // empty: the response's rspauth (RFC 7616 3.5)
  std::string_view uri = {};
  std::string_view body = {};  // for auth-int
};
HexDigest DigestResponseOf(const DigestHashes& hashes, const DigestInput& input);

// In a time that does not depend on where they differ; letters in either case.
bool SameDigest(std::string_view a, std::string_view b);

// The text between the quotation marks of a quoted-string and back, a quoted-pair being the character that it
// escapes. Control characters have no business there: false, and `text` is unusable.
[[nodiscard]] bool Unescape(std::string_view quoted, std::string& text);
[[nodiscard]] bool Escape(std::string_view text, std::string& quoted);

}  // namespace sansip

#endif  // SANSIP_CORE_AUTH_DIGEST_H_
