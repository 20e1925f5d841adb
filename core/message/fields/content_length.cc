#include "sansip/core/message/fields/content_length.h"

#include <limits>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseContentLength(std::string_view value, std::uint64_t& length) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  Cursor cursor(value);
  const std::string_view digits = cursor.TakeAll(kDigit);
  if (digits.empty() || !cursor.AtEnd()) {
    return {ParseCode::kBadContentLength, static_cast<std::uint32_t>(cursor.offset())};
  }
  length = ParseDecimal(digits, kMax).value_or(kMax);
  return {};
}

}  // namespace sansip
