#include "sansip/core/message/fields/challenge.h"

#include <span>
#include <utility>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

constexpr AuthMember<Challenge> kChallengeMembers[] = {
    {"realm", AuthForm::kText, &Challenge::realm},
    {"domain", AuthForm::kText, &Challenge::domain},
    {"nonce", AuthForm::kText, &Challenge::nonce},
    {"opaque", AuthForm::kText, &Challenge::opaque},
    {"stale", AuthForm::kToken, &Challenge::stale},
    {"algorithm", AuthForm::kToken, &Challenge::algorithm},
    {"qop", AuthForm::kTokens, &Challenge::qop},
    {"charset", AuthForm::kToken, &Challenge::charset},
    {"userhash", AuthForm::kToken, &Challenge::userhash},
};

// Of a scheme that is not Digest, no parameter is known.
std::span<const AuthMember<Challenge>> MembersOf(const Challenge& challenge) {
  if (!IsDigest(challenge.scheme)) return {};
  return kChallengeMembers;
}

// "name = ..."
bool IsParameter(std::string_view element) {
  Cursor cursor(element);
  if (cursor.TakeAll(kToken).empty()) return true;  // nor a scheme
  cursor.SkipWhiteSpace();
  return cursor.Peek() == '=';
}

}  // namespace

bool ChallengesIn::Next(std::string_view& challenge) {
  std::string_view element;
  std::size_t begin = std::exchange(ahead_, 0);
  if (begin == 0) {
    if (!elements_.Next(element)) return false;
    begin = elements_.offset();
  }
  std::size_t end = line_.size();
  while (elements_.Next(element)) {
    if (IsParameter(element)) continue;
    end = ahead_ = elements_.offset();
    break;
  }
  challenge = Trim(line_.substr(begin, end - begin));
  while (challenge.ends_with(',')) challenge = Trim(challenge.substr(0, challenge.size() - 1));
  return true;
}

ParseError ParseChallenge(std::string_view value, Challenge& challenge) {
  challenge = {};
  Cursor cursor(value);
  const ParseError error = TakeAuthScheme(cursor, challenge.scheme, challenge.token68);
  if (!error.ok() || (cursor.AtEnd() && !IsDigest(challenge.scheme))) return error;
  return TakeAuthParams(cursor, MembersOf(challenge), challenge);
}

void Write(const Challenge& challenge, ValueWriter& value) {
  WriteAuthScheme(challenge.scheme, challenge.token68, value);
  if (!challenge.token68.empty()) return;
  WriteAuthParams(challenge, MembersOf(challenge), " ", value);
}

bool Equivalent(const Challenge& a, const Challenge& b) {
  return EqualsIgnoreCase(a.scheme, b.scheme) && a.token68 == b.token68 &&
         EquivalentAuthParams(a, b, MembersOf(a));
}

bool IsStale(const Challenge& challenge) { return EqualsIgnoreCase(challenge.stale.value_or(""), "true"); }

bool OffersQop(const Challenge& challenge, std::string_view qop) {
  Cursor cursor(challenge.qop.value_or(std::string_view()));
  while (!cursor.AtEnd()) {
    const std::string_view offered = cursor.TakeAll(kToken);
    if (!offered.empty() && EqualsIgnoreCase(offered, qop)) return true;
    if (offered.empty()) cursor.Advance(1);
  }
  return false;
}

}  // namespace sansip
