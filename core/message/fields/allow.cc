#include "sansip/core/message/fields/allow.h"

#include "sansip/core/message/fields/list.h"

namespace sansip {

ParseError ParseAllow(std::string_view value, AllowedMethod& allowed, std::string_view* rest) {
  const ParseError error = ParseTokenElement(value, allowed.text, rest);
  allowed.method = MethodFromName(allowed.text);
  return error;
}

void Write(const AllowedMethod& allowed, ValueWriter& value) { value.Token(allowed.text); }

bool Equivalent(const AllowedMethod& a, const AllowedMethod& b) { return a.text == b.text; }

}  // namespace sansip
