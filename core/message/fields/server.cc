#include "sansip/core/message/fields/server.h"

#include <cstdint>

#include "sansip/core/message/fields/comment.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {
namespace {

// token [ SLASH product-version ]
ParseError TakeProduct(Cursor& cursor, ServerVal& server_val) {
  server_val.product = cursor.TakeAll(kToken);
  if (server_val.product.empty()) return ErrorAt(ParseCode::kBadToken, cursor);
  Cursor ahead = cursor;
  ahead.SkipWhiteSpace();
  if (!ahead.Skip('/')) return {};
  ahead.SkipWhiteSpace();
  cursor = ahead;
  server_val.version = cursor.TakeAll(kToken);
  return server_val.version.empty() ? ErrorAt(ParseCode::kBadToken, cursor) : ParseError{};
}

}  // namespace

ParseError ParseServer(std::string_view value, ServerVal& server_val, std::string_view* rest) {
  server_val = {};
  Cursor cursor(value);
  cursor.SkipWhiteSpace();
  if (cursor.At('(')) {
    if (!TakeComment(cursor, server_val.comment)) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  } else {
    const ParseError error = TakeProduct(cursor, server_val);
    if (!error.ok()) return error;
  }
  const ParseError unseparated = ErrorAt(ParseCode::kBadFieldValue, cursor);
  const bool separated = cursor.SkipWhiteSpace() || cursor.At('(') || !server_val.comment.empty();
  if (!separated && !cursor.AtEnd()) return unseparated;
  if (rest != nullptr) *rest = cursor.rest();
  return {};
}

void Write(const ServerVal& server_val, ValueWriter& value) {
  if (server_val.product.empty()) return value.Comment(server_val.comment);
  value.Token(server_val.product);
  if (server_val.version.empty()) return;
  value.Literal("/");
  value.Token(server_val.version);
}

bool Equivalent(const ServerVal& a, const ServerVal& b) {
  return EqualsIgnoreCase(a.product, b.product) && EqualsIgnoreCase(a.version, b.version) &&
         EquivalentComments(a.comment, b.comment);
}

}  // namespace sansip
