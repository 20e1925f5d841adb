#include "sansip/core/message/fields/credentials.h"

#include <span>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"

namespace sansip {
namespace {

constexpr AuthMember<Credentials> kCredentialsMembers[] = {
    {"username", AuthForm::kText, &Credentials::username},
    {"username*", AuthForm::kToken, &Credentials::username_ext},
    {"realm", AuthForm::kText, &Credentials::realm},
    {"nonce", AuthForm::kText, &Credentials::nonce},
    {"uri", AuthForm::kText, &Credentials::uri},
    {"response", AuthForm::kDigest, &Credentials::response},
    {"algorithm", AuthForm::kToken, &Credentials::algorithm},
    {"cnonce", AuthForm::kText, &Credentials::cnonce},
    {"opaque", AuthForm::kText, &Credentials::opaque},
    {"qop", AuthForm::kToken, &Credentials::qop},
    {"nc", AuthForm::kNonceCount, &Credentials::nc},
    {"userhash", AuthForm::kToken, &Credentials::userhash},
};

// Of a scheme that is not Digest, no parameter is known.
std::span<const AuthMember<Credentials>> MembersOf(const Credentials& credentials) {
  if (!IsDigest(credentials.scheme)) return {};
  return kCredentialsMembers;
}

}  // namespace

ParseError ParseCredentials(std::string_view value, Credentials& credentials) {
  credentials = {};
  Cursor cursor(value);
  ParseError error = TakeAuthScheme(cursor, credentials.scheme, credentials.token68);
  const bool is_digest = IsDigest(credentials.scheme);
  if (!error.ok() || (cursor.AtEnd() && !is_digest)) return error;
  error = TakeAuthParams(cursor, MembersOf(credentials), credentials);
  // RFC 7616 3.4: both names are an error.
  if (error.ok() && credentials.username && credentials.username_ext) {
    const std::size_t offset = OffsetIn(value, *credentials.username_ext);
    return {ParseCode::kBadParameter, static_cast<std::uint32_t>(offset)};
  }
  return error;
}

void Write(const Credentials& credentials, ValueWriter& value) {
  WriteAuthScheme(credentials.scheme, credentials.token68, value);
  if (credentials.username && credentials.username_ext) value.Refuse();
  if (!credentials.token68.empty()) return;
  WriteAuthParams(credentials, MembersOf(credentials), " ", value);
}

bool Equivalent(const Credentials& a, const Credentials& b) {
  return EqualsIgnoreCase(a.scheme, b.scheme) && a.token68 == b.token68 &&
         EquivalentAuthParams(a, b, MembersOf(a));
}

std::optional<std::uint32_t> NonceCountOf(const Credentials& credentials) {
  if (!credentials.nc || !HasForm(AuthForm::kNonceCount, *credentials.nc)) return std::nullopt;
  std::uint32_t count = 0;
  for (char digit : *credentials.nc) count = count << 4 | static_cast<std::uint32_t>(HexDigitValue(digit));
  return count;
}

}  // namespace sansip
