#include "sansip/core/message/fields/auth_param.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

// token EQUAL ( token / quoted-string )
ParseError TakeAuthParam(Cursor& cursor, AuthParam& param) {
  param = {};
  param.name = cursor.TakeAll(kToken);
  if (param.name.empty()) return ErrorAt(ParseCode::kBadParameter, cursor);
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('=')) return ErrorAt(ParseCode::kBadParameter, cursor);
  cursor.SkipWhiteSpace();
  if (!cursor.At('"')) {
    param.value = cursor.TakeAll(kToken);
    return param.value.empty() ? ErrorAt(ParseCode::kBadParameter, cursor) : ParseError{};
  }
  const std::size_t begin = cursor.offset();
  if (!cursor.SkipQuotedString()) return ErrorAt(ParseCode::kBadQuotedString, cursor);
  param.value = WithoutQuotes(cursor.Since(begin));
  param.is_quoted = true;
  return {};
}

// Tokens with commas between them, or none: a qop-options that offers nothing is of no use, but does no harm.
bool IsTokens(std::string_view text) {
  Cursor cursor(text);
  while (cursor.SkipWhiteSpace() || cursor.Skip(',') || !cursor.TakeAll(kToken).empty()) {
  }
  return cursor.AtEnd();
}

// 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
bool IsToken68(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  for (char c : text) {
    if (!Is(kAlphanum, c) && std::string_view("-._~+/").find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

}  // namespace

ParseError AuthParamReader::Next(AuthParam& param, bool& found) {
  cursor_.SkipWhiteSpace();
  found = !cursor_.AtEnd() || count_ == 0;
  if (!found) return {};
  if (count_ > 0) {
    if (!cursor_.Skip(',')) return ErrorAt(ParseCode::kBadFieldValue, cursor_);
    cursor_.SkipWhiteSpace();
  }
  offset_ = static_cast<std::uint32_t>(cursor_.offset());
  const ParseError error = TakeAuthParam(cursor_, param);
  if (!error.ok()) return error;
  for (std::size_t i = 0; i < count_; ++i) {
    // RFC 7235 2.1: a name once in a challenge.
    if (EqualsIgnoreCase(names_[i], param.name)) return {ParseCode::kRepeatedParameter, offset_};
  }
  if (count_ == kAuthParamsMax) return {ParseCode::kBadFieldValue, offset_};
  names_[count_++] = param.name;
  return {};
}

bool HasForm(AuthForm form, std::string_view value) {
  switch (form) {
    case AuthForm::kText:
      return IsQuotedText(value);
    case AuthForm::kDigest:
      return IsAll(kHexDigit, value) && (value.empty() || value.size() >= 32);
    case AuthForm::kHexDigits:
      return IsAll(kHexDigit, value);
    case AuthForm::kTokens:
      return IsTokens(value);
    case AuthForm::kToken:
      return IsTokenText(value);
    case AuthForm::kNonceCount:
      return IsAll(kHexDigit, value) && value.size() == 8;
  }
  return false;
}

void WriteAuthParam(std::string_view name, AuthForm form, std::string_view value, ValueWriter& writer) {
  if (!HasForm(form, value)) return writer.Refuse();
  writer.Literal(name);
  writer.Literal("=");
  if (form == AuthForm::kToken || form == AuthForm::kNonceCount) {
    writer.Literal(value);
  } else {
    writer.QuotedText(value);
  }
}

bool EquivalentAuthValues(AuthForm form, std::string_view a, std::string_view b) {
  return form == AuthForm::kText || form == AuthForm::kTokens ? EquivalentQuotedText(a, b)
                                                              : EqualsIgnoreCase(a, b);
}

std::optional<std::string_view> AuthParameter(std::string_view parameters, std::string_view name) {
  if (parameters.empty()) return std::nullopt;
  AuthParamReader reader{Cursor(parameters)};
  AuthParam param;
  for (bool found = true; reader.Next(param, found).ok() && found;) {
    if (EqualsIgnoreCase(param.name, name)) return param.value;
  }
  return std::nullopt;
}

void WriteOtherAuthParam(const AuthParam& param, ValueWriter& writer) {
  writer.Token(param.name);
  writer.Literal("=");
  if (param.is_quoted) {
    writer.QuotedText(param.value);
  } else {
    writer.Token(param.value);
  }
}

bool EquivalentOtherAuthParams(const AuthParam& a, const AuthParam& b) {
  return EqualsIgnoreCase(a.name, b.name) && a.is_quoted == b.is_quoted &&
         (a.is_quoted ? EquivalentQuotedText(a.value, b.value) : EqualsIgnoreCase(a.value, b.value));
}

ParseError TakeAuthScheme(Cursor& cursor, std::string_view& scheme, std::string_view& token68) {
  cursor.SkipWhiteSpace();
  scheme = cursor.TakeAll(kToken);
  if (scheme.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  const ParseError unseparated = ErrorAt(ParseCode::kBadFieldValue, cursor);
  if (!cursor.SkipWhiteSpace() && !cursor.AtEnd()) return unseparated;
  if (IsDigest(scheme)) return {};
  const std::string_view rest = Trim(cursor.rest());
  if (!IsToken68(rest)) return {};
  token68 = rest;
  cursor.Advance(cursor.left());
  return {};
}

void WriteAuthScheme(std::string_view scheme, std::string_view token68, ValueWriter& writer) {
  writer.Token(scheme);
  if (token68.empty()) return;
  if (!IsToken68(token68) || IsDigest(scheme)) return writer.Refuse();
  writer.Literal(" ");
  writer.Literal(token68);
}

bool IsDigest(std::string_view scheme) { return EqualsIgnoreCase(scheme, "Digest"); }

DigestAlgorithm DigestAlgorithmFrom(std::optional<std::string_view> name) {
  struct Row {
    std::string_view name;
    DigestAlgorithm algorithm;
  };
  constexpr Row kRows[] = {
      {"MD5", DigestAlgorithm::kMd5},
      {"MD5-sess", DigestAlgorithm::kMd5Sess},
      {"SHA-256", DigestAlgorithm::kSha256},
      {"SHA-256-sess", DigestAlgorithm::kSha256Sess},
      {"SHA-512-256", DigestAlgorithm::kSha512_256},
      {"SHA-512-256-sess", DigestAlgorithm::kSha512_256Sess},
  };
  if (!name) return DigestAlgorithm::kMd5;
  for (const Row& row : kRows) {
    if (EqualsIgnoreCase(*name, row.name)) return row.algorithm;
  }
  return DigestAlgorithm::kOther;
}

}  // namespace sansip
