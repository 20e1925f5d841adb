#include "sansip/core/message/field_check.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/content_type.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/rack.h"
#include "sansip/core/message/fields/via.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"

namespace sansip {
namespace {

// A list of elements, each taken by `parse(rest, &rest)`; the error's offset is into `value`.
template <typename ParseElement>
ParseError CheckList(std::string_view value, ParseElement parse) {
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t begin = value.size() - rest.size();
    ParseError error = parse(rest, &rest);
    error.offset += static_cast<std::uint32_t>(begin);
    if (!error.ok()) return error;
  }
  return {};
}

ParseError CheckVia(std::string_view value) {
  if (value.empty()) return {ParseCode::kBadVia, 0};
  return CheckList(value, [](std::string_view text, std::string_view* rest) {
    Via via;
    return ParseVia(text, via, rest);
  });
}

// name-addr *( COMMA name-addr ): Route, Record-Route, Path, Service-Route.
ParseError CheckRoute(std::string_view value) {
  if (value.empty()) return {ParseCode::kBadRoute, 0};
  return CheckList(value, [](std::string_view text, std::string_view* rest) {
    NameAddr address;
    const ParseError error = ParseNameAddr(text, address, rest);
    return error.ok() && !address.in_brackets ? ParseError{ParseCode::kBadRoute, 0} : error;
  });
}

// RFC 3261 20.10: addresses, or "*" alone.
ParseError CheckContact(std::string_view value) {
  if (value == "*") return {};
  if (value.empty()) return {ParseCode::kBadContact, 0};
  return CheckList(value, [](std::string_view text, std::string_view* rest) {
    NameAddr address;
    const ParseError error = ParseNameAddr(text, address, rest);
    return error.ok() && address.is_star ? ParseError{ParseCode::kBadContact, 0} : error;
  });
}

ParseError CheckAddress(std::string_view value) {
  NameAddr address;
  std::string_view rest;
  const ParseError error = ParseNameAddr(value, address, &rest);
  if (!error.ok() || (rest.empty() && !address.is_star)) return error;
  return {ParseCode::kBadFieldValue, static_cast<std::uint32_t>(value.size() - rest.size())};
}

// token *( COMMA token ). RFC 3261 25.1 lets Allow and Supported be empty.
ParseError CheckTokens(std::string_view value, bool may_be_empty) {
  if (value.empty() && !may_be_empty) return {ParseCode::kBadToken, 0};
  return CheckList(value, [](std::string_view text, std::string_view* rest) {
    Cursor cursor(text);
    if (cursor.TakeAll(kToken).empty()) return ParseError{ParseCode::kBadToken, 0};
    return EndElement(cursor, rest);
  });
}

ParseError CheckSeconds(std::string_view value) {
  DeltaSeconds field;
  return ParseDeltaSeconds(value, field);
}

// RFC 3261 25.1: Expires and Min-Expires have no parameters.
ParseError CheckBareSeconds(std::string_view value) {
  DeltaSeconds field;
  const ParseError error = ParseDeltaSeconds(value, field);
  if (!error.ok() || field.parameters.empty()) return error;
  return {ParseCode::kBadFieldValue, static_cast<std::uint32_t>(value.find(';'))};
}

// RFC 4028 4: refresher-param = "refresher" EQUAL ("uas" / "uac"), once.
ParseError CheckSessionExpires(std::string_view value) {
  DeltaSeconds field;
  const ParseError error = ParseDeltaSeconds(value, field);
  if (!error.ok()) return error;
  Cursor cursor(field.parameters);
  bool has_refresher = false;
  Param param;
  for (bool found = true; TakeParam(cursor, param, found).ok() && found;) {
    if (!EqualsIgnoreCase(param.name, "refresher")) continue;
    const bool is_role = EqualsIgnoreCase(param.value, "uas") || EqualsIgnoreCase(param.value, "uac");
    if (has_refresher || !is_role) {
      return {ParseCode::kBadSessionExpires, static_cast<std::uint32_t>(value.find(';') + cursor.offset())};
    }
    has_refresher = true;
  }
  return {};
}

ParseError CheckRetryAfter(std::string_view value) {
  RetryAfter field;
  return ParseRetryAfter(value, field);
}

ParseError CheckMediaType(std::string_view value) {
  MediaType media_type;
  return ParseMediaType(value, media_type);
}

ParseError CheckRAck(std::string_view value) {
  RAck rack;
  return ParseRAck(value, rack);
}

ParseError CheckRSeq(std::string_view value) {
  std::uint32_t rseq = 0;
  return ParseRSeq(value, rseq);
}

// What a malformed value is told as: the field's own code where it has one.
ParseError As(ParseCode code, ParseError error) {
  return error.ok() ? error : ParseError{code, error.offset};
}

ParseError CheckField(HeaderId id, std::string_view value, bool is_request) {
  switch (id) {
    case HeaderId::kVia:
      return As(ParseCode::kBadVia, CheckVia(value));
    case HeaderId::kRoute:
      return is_request ? As(ParseCode::kBadRoute, CheckRoute(value)) : ParseError{};
    case HeaderId::kRecordRoute:
    case HeaderId::kPath:
    case HeaderId::kServiceRoute:
      return As(ParseCode::kBadRoute, CheckRoute(value));
    case HeaderId::kContact:
      return As(ParseCode::kBadContact, CheckContact(value));
    case HeaderId::kReplyTo:
    case HeaderId::kReferTo:
    case HeaderId::kReferredBy:
      return As(ParseCode::kBadFieldValue, CheckAddress(value));
    case HeaderId::kAllow:
    case HeaderId::kSupported:
      return As(ParseCode::kBadFieldValue, CheckTokens(value, /*may_be_empty=*/true));
    case HeaderId::kRequire:
    case HeaderId::kProxyRequire:
    case HeaderId::kUnsupported:
      return As(ParseCode::kBadFieldValue, CheckTokens(value, /*may_be_empty=*/false));
    case HeaderId::kExpires:
    case HeaderId::kMinExpires:
      return As(ParseCode::kBadFieldValue, CheckBareSeconds(value));
    case HeaderId::kSessionExpires:
      return As(ParseCode::kBadSessionExpires, CheckSessionExpires(value));
    case HeaderId::kMinSe:
      return As(ParseCode::kBadMinSe, CheckSeconds(value));
    case HeaderId::kRetryAfter:
      return is_request ? ParseError{} : As(ParseCode::kBadFieldValue, CheckRetryAfter(value));
    case HeaderId::kContentType:
      return As(ParseCode::kBadFieldValue, CheckMediaType(value));
    case HeaderId::kRAck:
      return is_request ? As(ParseCode::kBadFieldValue, CheckRAck(value)) : ParseError{};
    case HeaderId::kRSeq:
      return is_request ? ParseError{} : As(ParseCode::kBadFieldValue, CheckRSeq(value));
    default:
      // From, To, Call-ID, CSeq, Max-Forwards and Content-Length are the parser's; the rest is free text or
      // has no typed form.
      return {};
  }
}

}  // namespace

ParseError CheckField(const MessageView& message, std::size_t i) {
  const HeaderView header = message.header(i);
  ParseError error = CheckField(header.id, header.value, message.is_request());
  if (!error.ok()) error.offset += message.index().headers[i].value.begin;
  return error;
}

ParseError CheckFields(const MessageView& message) {
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const ParseError error = CheckField(message, i);
    if (!error.ok()) return error;
  }
  return {};
}

}  // namespace sansip
