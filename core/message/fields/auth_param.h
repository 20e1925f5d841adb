// auth-param (RFC 3261 25.1, RFC 7235 2.1): token EQUAL ( token / quoted-string ), with commas between them;
// what credentials, challenges and Authentication-Info are made of. The parameters that a field has members
// for stand in a table, and one piece of code parses, writes and compares them.
//
// Read with tolerance: any value may come quoted or not (RFC 7616 3.3 blames history). Written by the rule.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_AUTH_PARAM_H_
#define SANSIP_CORE_MESSAGE_FIELDS_AUTH_PARAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

// A field of more parameters is malformed: none in use has half as many, and each is compared with all
// others.
inline constexpr std::size_t kAuthParamsMax = 32;

struct AuthParam {
  std::string_view name;
  std::string_view value;  // without quotation marks, escapes kept
  bool is_quoted = false;
};

// The form of a value, with the quotation marks that it is written with.
enum class AuthForm : std::uint8_t {
  kText,        // quoted
  kDigest,      // quoted; 32 hexadecimal digits or more, or none yet (RFC 8760 2.7)
  kHexDigits,   // quoted; any number of them
  kTokens,      // quoted; tokens with commas between them
  kToken,       // not quoted
  kNonceCount,  // not quoted; eight hexadecimal digits
};

template <typename Field>
struct AuthMember {
  std::string_view name;
  AuthForm form;
  std::optional<std::string_view> Field::*value;  // without quotation marks, escapes kept
};

// Takes auth-param *( COMMA auth-param ) up to the end of the text.
class AuthParamReader {
 public:
  explicit AuthParamReader(const Cursor& cursor) : cursor_(cursor) {}
  // The next one; `found` is false behind the last. A name that was there is kRepeatedParameter.
  [[nodiscard]] ParseError Next(AuthParam& param, bool& found);
  // Where the last one begins.
  std::uint32_t offset() const { return offset_; }

 private:
  Cursor cursor_;
  std::uint32_t offset_ = 0;
  std::array<std::string_view, kAuthParamsMax> names_;
  std::size_t count_ = 0;
};

bool HasForm(AuthForm form, std::string_view value);
void WriteAuthParam(std::string_view name, AuthForm form, std::string_view value, ValueWriter& writer);
bool EquivalentAuthValues(AuthForm form, std::string_view a, std::string_view b);

// The value of a parameter in text as parsed, without quotation marks; nullopt if absent.
std::optional<std::string_view> AuthParameter(std::string_view parameters, std::string_view name);

// A token, or quoted where it is none.
void WriteOtherAuthParam(const AuthParam& param, ValueWriter& writer);
bool EquivalentOtherAuthParams(const AuthParam& a, const AuthParam& b);

// auth-scheme, and behind it nothing, parameters or, but not for Digest, token68 (RFC 7235 2.1; a Bearer
// token, RFC 8898). Parameters stay untaken.
[[nodiscard]] ParseError TakeAuthScheme(Cursor& cursor, std::string_view& scheme, std::string_view& token68);
// What stands before the parameters. Refuses what is neither a scheme nor a token68.
void WriteAuthScheme(std::string_view scheme, std::string_view token68, ValueWriter& writer);
bool IsDigest(std::string_view scheme);

// RFC 7616 3.3, RFC 8760 2.1. In any case; MD5 where nothing is said.
enum class DigestAlgorithm : std::uint8_t {
  kMd5,
  kMd5Sess,
  kSha256,
  kSha256Sess,
  kSha512_256,
  kSha512_256Sess,
  kOther,
};
DigestAlgorithm DigestAlgorithmFrom(std::optional<std::string_view> name);

template <typename Field>
const AuthMember<Field>* FindAuthMember(std::span<const AuthMember<Field>> members, std::string_view name);

// All parameters from the cursor to the end; `field.parameters` gets their text, those with members included.
template <typename Field>
[[nodiscard]] ParseError TakeAuthParams(Cursor& cursor, std::span<const AuthMember<Field>> members,
                                        Field& field) {
  cursor.SkipWhiteSpace();
  field.parameters = Trim(cursor.rest());
  AuthParamReader reader(cursor);
  AuthParam param;
  for (bool found = true;;) {
    const ParseError error = reader.Next(param, found);
    if (!error.ok() || !found) return error;
    const AuthMember<Field>* member = FindAuthMember(members, param.name);
    if (member == nullptr) continue;
    if (!HasForm(member->form, param.value)) return {ParseCode::kBadParameter, reader.offset()};
    field.*(member->value) = param.value;
  }
}

// Those with members first, out of the members; then the others of field.parameters. `separator` stands
// before the first one.
template <typename Field>
void WriteAuthParams(const Field& field, std::span<const AuthMember<Field>> members,
                     std::string_view separator, ValueWriter& writer) {
  const auto separate = [&] {
    writer.Literal(separator);
    separator = ", ";
  };
  for (const AuthMember<Field>& member : members) {
    const std::optional<std::string_view>& value = field.*(member.value);
    if (!value) continue;
    separate();
    WriteAuthParam(member.name, member.form, *value, writer);
  }
  if (field.parameters.empty()) return;
  AuthParamReader reader{Cursor(field.parameters)};
  AuthParam param;
  for (bool found = true;;) {
    if (!reader.Next(param, found).ok()) return writer.Refuse();
    if (!found) return;
    if (FindAuthMember(members, param.name) != nullptr) continue;
    separate();
    WriteOtherAuthParam(param, writer);
  }
}

// Every one of `a` that has no member is in `b`.
template <typename Field>
bool OtherAuthParamsAreIn(const Field& a, const Field& b, std::span<const AuthMember<Field>> members) {
  if (a.parameters.empty()) return true;
  AuthParamReader reader{Cursor(a.parameters)};
  AuthParam param;
  for (bool found = true; reader.Next(param, found).ok() && found;) {
    if (FindAuthMember(members, param.name) != nullptr) continue;
    AuthParamReader other_reader{Cursor(b.parameters)};
    AuthParam other;
    bool is_there = false;
    for (bool more = true; !is_there && other_reader.Next(other, more).ok() && more;) {
      is_there = EquivalentOtherAuthParams(param, other);
    }
    if (!is_there) return false;
  }
  return true;
}

template <typename Field>
bool EquivalentAuthParams(const Field& a, const Field& b, std::span<const AuthMember<Field>> members) {
  for (const AuthMember<Field>& member : members) {
    const std::optional<std::string_view>& in_a = a.*(member.value);
    const std::optional<std::string_view>& in_b = b.*(member.value);
    if (in_a.has_value() != in_b.has_value()) return false;
    if (in_a && !EquivalentAuthValues(member.form, *in_a, *in_b)) return false;
  }
  return a.parameters == b.parameters ||
         (OtherAuthParamsAreIn(a, b, members) && OtherAuthParamsAreIn(b, a, members));
}

template <typename Field>
const AuthMember<Field>* FindAuthMember(std::span<const AuthMember<Field>> members, std::string_view name) {
  for (const AuthMember<Field>& member : members) {
    if (EqualsIgnoreCase(member.name, name)) return &member;
  }
  return nullptr;
}

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_AUTH_PARAM_H_
