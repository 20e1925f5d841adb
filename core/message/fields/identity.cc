#include "sansip/core/message/fields/identity.h"

#include <cstddef>

#include "sansip/core/message/fields/bracketed_uri.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

const std::initializer_list<std::string_view> kOwnParameters = {"alg", "ppt"};

// *base64url-char = ALPHA / DIGIT / "-" / "_"
std::string_view TakeBase64Url(Cursor& cursor) {
  const std::size_t begin = cursor.offset();
  while (!cursor.TakeAll(kAlphanum).empty() || cursor.Skip('-') || cursor.Skip('_')) {
  }
  return cursor.Since(begin);
}

bool IsBase64Url(std::string_view text) {
  Cursor cursor(text);
  TakeBase64Url(cursor);
  return cursor.AtEnd();
}

bool IsPassport(const SignedIdentity& identity) {
  return !identity.signature.empty() && identity.header.empty() == identity.payload.empty();
}

ParseError TakeDigest(Cursor& cursor, SignedIdentity& identity) {
  const Cursor begin = cursor;
  identity.header = TakeBase64Url(cursor);
  if (!cursor.Skip('.')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  identity.payload = TakeBase64Url(cursor);
  if (!cursor.Skip('.')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  identity.signature = TakeBase64Url(cursor);
  return IsPassport(identity) ? ParseError{} : ErrorAt(ParseCode::kBadFieldValue, begin);
}

// SEMI "info" EQUAL LAQUOT absoluteURI RAQUOT
ParseError TakeInfo(Cursor& cursor, std::string_view& info) {
  cursor.SkipWhiteSpace();
  const Cursor at_semicolon = cursor;
  Param param;
  bool found = false;
  const ParseError error = TakeParamName(cursor, param, found);
  if (!error.ok()) return error;
  if (!found || !EqualsIgnoreCase(param.name, "info") || !param.has_value) {
    return ErrorAt(ParseCode::kBadParameter, at_semicolon);
  }
  return TakeBracketedUri(cursor, info);
}

ParseCode KeepTokenOrQuoted(const Param& param, std::string_view& kept) {
  Param bare = param;
  bare.value = WithoutQuotes(param.value);
  return KeepToken(bare, kept);
}

}  // namespace

ParseError ParseSignedIdentity(std::string_view value, SignedIdentity& identity) {
  identity = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  ParseError error = TakeDigest(cursor, identity);
  if (error.ok()) error = TakeInfo(cursor, identity.info);
  if (!error.ok()) return error;
  error = TakeParameters(cursor, identity.parameters, [&identity](const Param& param) {
    if (EqualsIgnoreCase(param.name, "info")) return ParseCode::kRepeatedParameter;
    if (EqualsIgnoreCase(param.name, "alg")) return KeepTokenOrQuoted(param, identity.algorithm);
    if (EqualsIgnoreCase(param.name, "ppt")) return KeepTokenOrQuoted(param, identity.type);
    return ParseCode::kNone;
  });
  return error.ok() ? EndValue(cursor) : error;
}

void Write(const SignedIdentity& identity, ValueWriter& value) {
  if (!IsPassport(identity)) return value.Refuse();
  const std::string_view parts[] = {identity.header, identity.payload, identity.signature};
  for (std::string_view part : parts) {
    if (!IsBase64Url(part)) return value.Refuse();
  }
  value.Text(identity.header);
  value.Literal(".");
  value.Text(identity.payload);
  value.Literal(".");
  value.Text(identity.signature);
  value.Literal(";info=");
  WriteBracketedUri(identity.info, value);
  if (!identity.algorithm.empty()) {
    value.Literal(";alg=");
    value.Token(identity.algorithm);
  }
  if (!identity.type.empty()) {
    value.Literal(";ppt=\"");
    value.Token(identity.type);
    value.Literal("\"");
  }
  value.ParametersExcept(identity.parameters, kOwnParameters);
}

bool Equivalent(const SignedIdentity& a, const SignedIdentity& b) {
  const auto algorithm = [](const SignedIdentity& identity) {
    return identity.algorithm.empty() ? std::string_view("ES256") : identity.algorithm;
  };
  return a.header == b.header && a.payload == b.payload && a.signature == b.signature &&
         EquivalentUris(a.info, b.info) && EqualsIgnoreCase(algorithm(a), algorithm(b)) &&
         EqualsIgnoreCase(a.type, b.type) && EquivalentParameters(a.parameters, b.parameters, kOwnParameters);
}

bool IsCompact(const SignedIdentity& identity) { return identity.header.empty() && identity.payload.empty(); }

}  // namespace sansip
