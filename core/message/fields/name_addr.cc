#include "sansip/core/message/fields/name_addr.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

ParseError At(ParseCode code, std::size_t offset) { return {code, static_cast<std::uint32_t>(offset)}; }

// *(token LWS) / quoted-string, up to the "<". RFC 4475 3.1.1.6, errata 5598: no LWS is needed before it.
ParseError TakeDisplayName(Cursor& cursor, NameAddr& address) {
  const std::size_t begin = cursor.offset();
  std::size_t end = begin;
  if (cursor.At('"')) {
    if (!cursor.SkipQuotedString()) return At(ParseCode::kBadQuotedString, cursor.offset());
    end = cursor.offset();
    cursor.SkipWhiteSpace();
  } else {
    while (!cursor.TakeAll(kToken).empty()) {
      end = cursor.offset();
      cursor.SkipWhiteSpace();
    }
  }
  address.display_name = cursor.Since(begin).substr(0, end - begin);
  return {};
}

// LAQUOT addr-spec RAQUOT
ParseError TakeBracketed(Cursor& cursor, NameAddr& address) {
  cursor.Advance(1);
  const std::size_t begin = cursor.offset();
  if (!TakeUri(cursor) || !cursor.At('>')) return At(ParseCode::kBadUri, cursor.offset());
  address.uri = cursor.Since(begin);
  address.in_brackets = true;
  cursor.Advance(1);
  return {};
}

// addr-spec without brackets. RFC 3261 20: it ends before a semicolon or comma, and a question mark in it is
// not allowed.
ParseError TakeBare(Cursor& cursor, NameAddr& address) {
  const std::size_t begin = cursor.offset();
  while (!cursor.AtEnd() && !cursor.AtAny(kBlank) && !cursor.At(';') && !cursor.At(',')) cursor.Advance(1);
  address.uri = cursor.Since(begin);
  const std::size_t question = address.uri.find('?');
  if (question != std::string_view::npos) return At(ParseCode::kBadUri, begin + question);
  std::size_t fault = 0;
  if (CheckUri(address.uri, fault)) return {};
  return At(ParseCode::kBadUri, begin + fault);
}

ParseError TakeParameters(Cursor& cursor, NameAddr& address) {
  if (cursor.AtEnd()) return {};
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  std::size_t end = begin;
  Param param;
  for (bool found = true;;) {
    cursor.SkipWhiteSpace();
    const std::size_t semicolon = cursor.offset();
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
    if (!found) break;
    end = cursor.offset();
    if (param.name.size() != 3 || !EqualsIgnoreCase(param.name, "tag")) continue;
    // RFC 3261 25.1: tag-param = "tag" EQUAL token; 7.3.1: no parameter twice.
    if (!address.tag.empty()) return At(ParseCode::kRepeatedParameter, semicolon);
    if (!param.value_is_token()) return At(ParseCode::kBadParameter, end);
    address.tag = param.value;
  }
  address.parameters = cursor.Since(begin).substr(0, end - begin);
  return {};
}

ParseError TakeAddress(Cursor& cursor, NameAddr& address) {
  if (cursor.At('*')) {
    Cursor ahead = cursor;
    ahead.Advance(1);
    ahead.SkipWhiteSpace();
    if (ahead.AtEnd()) {
      address.is_star = true;
      cursor.Advance(1);
      return {};
    }
  }
  Cursor ahead = cursor;
  ParseError error;
  if (!ahead.At('<')) error = TakeDisplayName(ahead, address);
  if (!error.ok()) return error;
  if (ahead.At('<')) {
    cursor = ahead;
    error = TakeBracketed(cursor, address);
  } else {
    address.display_name = {};
    error = TakeBare(cursor, address);
  }
  return error.ok() ? TakeParameters(cursor, address) : error;
}

}  // namespace

ParseError ParseNameAddr(std::string_view value, NameAddr& address, std::string_view* rest) {
  address = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  const ParseError error = TakeAddress(cursor, address);
  if (!error.ok()) return error;
  address.text = Trim(cursor.Since(begin));
  return EndElement(cursor, rest);
}

ParseError ParseSingleNameAddr(std::string_view value, NameAddr& address) {
  std::string_view rest;
  const ParseError error = ParseNameAddr(value, address, &rest);
  if (!error.ok() || (rest.empty() && !address.is_star)) return error;
  return At(ParseCode::kBadFieldValue, value.size() - rest.size());
}

void Write(const NameAddr& address, ValueWriter& value) {
  if (address.is_star) return value.Literal("*");
  if (!address.display_name.empty()) {
    value.DisplayName(address.display_name);
    value.Literal(" ");
  }
  value.Literal("<");
  value.Uri(address.uri);
  value.Literal(">");
  const auto tag = Parameter(address.parameters, "tag");
  if (tag && !IsTokenText(*tag)) value.Refuse();
  value.Parameters(address.parameters);
}

bool Equivalent(const NameAddr& a, const NameAddr& b) {
  if (a.is_star || b.is_star) return a.is_star == b.is_star;
  const auto tag_a = Parameter(a.parameters, "tag");
  const auto tag_b = Parameter(b.parameters, "tag");
  if (tag_a.has_value() != tag_b.has_value()) return false;
  return EqualsIgnoreCase(tag_a.value_or(""), tag_b.value_or("")) && EquivalentUris(a.uri, b.uri) &&
         EquivalentSharedParameters(a.parameters, b.parameters, {"tag"});
}

}  // namespace sansip
