#include "sansip/core/message/fields/p_address.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

ParseError InBrackets(std::string_view value, const NameAddr& address) {
  if (address.in_brackets) return {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  return ErrorAt(ParseCode::kBadFieldValue, cursor);
}

}  // namespace

ParseError ParsePAssociatedUri(std::string_view value, NameAddr& address, std::string_view* rest) {
  const ParseError error = ParseNameAddr(value, address, rest);
  return error.ok() ? InBrackets(value, address) : error;
}

ParseError ParsePCalledPartyId(std::string_view value, NameAddr& address) {
  const ParseError error = ParseSingleNameAddr(value, address);
  return error.ok() ? InBrackets(value, address) : error;
}

}  // namespace sansip
