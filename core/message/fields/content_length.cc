#include "sansip/core/message/fields/content_length.h"

#include <limits>

#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

ParseError ParseContentLength(std::string_view value, std::uint64_t& length) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  const auto number = ParseDecimal(value, kMax);
  length = number.value_or(kMax);
  if (number) return {};
  Cursor cursor(value);
  // So many digits that they do not fit are a number all the same.
  if (!cursor.TakeAll(kDigit).empty() && cursor.AtEnd()) return {};
  return {ParseCode::kBadContentLength, static_cast<std::uint32_t>(cursor.offset())};
}

ParseError ParseContentLength(std::string_view value, ContentLength& length) {
  return ParseContentLength(value, length.octets);
}

void Write(const ContentLength& length, ValueWriter& value) { value.Number(length.octets); }

bool Equivalent(const ContentLength& a, const ContentLength& b) { return a.octets == b.octets; }

}  // namespace sansip
