#include "sansip/core/message/fields/option_tag.h"

#include "sansip/core/message/fields/list.h"
#include "sansip/core/text/ascii.h"

namespace sansip {

ParseError ParseOptionTag(std::string_view value, OptionTag& tag, std::string_view* rest) {
  return ParseTokenElement(value, tag.text, rest);
}

void Write(const OptionTag& tag, ValueWriter& value) { value.Token(tag.text); }

bool Equivalent(const OptionTag& a, const OptionTag& b) { return EqualsIgnoreCase(a.text, b.text); }

}  // namespace sansip
