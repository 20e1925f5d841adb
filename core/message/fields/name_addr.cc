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

ParseError CheckUriAt(std::string_view uri, std::size_t offset) {
  std::size_t fault = 0;
  if (CheckUri(uri, fault)) return {};
  return At(ParseCode::kBadUri, offset + fault);
}

// LAQUOT addr-spec RAQUOT
ParseError TakeBracketed(Cursor& cursor, NameAddr& address) {
  cursor.Advance(1);
  const std::size_t begin = cursor.offset();
  const std::size_t size = cursor.rest().find('>');
  if (size == std::string_view::npos) return At(ParseCode::kBadUri, begin + cursor.left());
  cursor.Advance(size);
  address.uri = cursor.Since(begin);
  cursor.Advance(1);
  address.in_brackets = true;
  return CheckUriAt(address.uri, begin);
}

// addr-spec without brackets. RFC 3261 20: it ends before a semicolon or comma, and a question mark in it is
// not allowed.
ParseError TakeBare(Cursor& cursor, NameAddr& address) {
  const std::size_t begin = cursor.offset();
  const std::size_t size = cursor.rest().find_first_of(";, \t\r\n");
  cursor.Advance(size);
  address.uri = cursor.Since(begin);
  const std::size_t question = address.uri.find('?');
  if (question != std::string_view::npos) return At(ParseCode::kBadUri, begin + question);
  return CheckUriAt(address.uri, begin);
}

ParseError TakeParameters(Cursor& cursor, NameAddr& address) {
  cursor.SkipWhiteSpace();
  const std::size_t begin = cursor.offset();
  std::size_t end = begin;
  bool has_tag = false;
  Param param;
  for (bool found = true;;) {
    const ParseError error = TakeParam(cursor, param, found);
    if (!error.ok()) return error;
    if (!found) break;
    end = cursor.offset();
    if (!EqualsIgnoreCase(param.name, "tag")) continue;
    // RFC 3261 25.1: tag-param = "tag" EQUAL token; 7.3.1: no parameter twice.
    if (has_tag) return At(ParseCode::kRepeatedParameter, end);
    if (!IsTokenText(param.value)) return At(ParseCode::kBadParameter, end);
    has_tag = true;
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
  const ParseError name_error = TakeDisplayName(ahead, address);
  if (!name_error.ok()) return name_error;
  ParseError error;
  if (ahead.At('<')) {
    cursor = ahead;
    error = TakeBracketed(cursor, address);
  } else {
    address.display_name = {};
    error = TakeBare(cursor, address);
  }
  return error.ok() ? TakeParameters(cursor, address) : error;
}

std::string_view TagOf(const MessageView& message, HeaderId id) {
  NameAddr address;
  const auto value = message.First(id);
  if (!value || !ParseNameAddr(*value, address, nullptr).ok()) return {};
  return Parameter(address.parameters, "tag").value_or("");
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

std::string_view FromTag(const MessageView& message) { return TagOf(message, HeaderId::kFrom); }
std::string_view ToTag(const MessageView& message) { return TagOf(message, HeaderId::kTo); }

}  // namespace sansip
