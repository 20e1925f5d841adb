#include "sansip/core/message/fields/call_id.h"

#include <cstdint>

#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError CheckCallId(std::string_view value) {
  Cursor cursor(value);
  const bool has_word = !cursor.TakeAll(kWord).empty();
  const bool has_host = !cursor.Skip('@') || !cursor.TakeAll(kWord).empty();
  if (has_word && has_host && cursor.AtEnd()) return {};
  return {ParseCode::kBadCallId, static_cast<std::uint32_t>(cursor.offset())};
}

}  // namespace sansip
