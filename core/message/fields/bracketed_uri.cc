#include "sansip/core/message/fields/bracketed_uri.h"

#include <cstddef>
#include <cstdint>

#include "sansip/core/message/fields/list.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {

ParseError TakeBracketedUri(Cursor& cursor, std::string_view& uri) {
  cursor.SkipWhiteSpace();
  if (!cursor.Skip('<')) return ErrorAt(ParseCode::kBadFieldValue, cursor);
  const std::size_t begin = cursor.offset();
  const std::size_t size = cursor.rest().find('>');
  cursor.Advance(size);
  if (size == std::string_view::npos) return ErrorAt(ParseCode::kBadUri, cursor);
  uri = cursor.Since(begin);
  std::size_t fault = 0;
  if (!CheckUri(uri, fault)) return {ParseCode::kBadUri, static_cast<std::uint32_t>(begin + fault)};
  cursor.Skip('>');
  return {};
}

void WriteBracketedUri(std::string_view uri, ValueWriter& value) {
  value.Literal("<");
  value.Uri(uri);
  value.Literal(">");
}

}  // namespace sansip
