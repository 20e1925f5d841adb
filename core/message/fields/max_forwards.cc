#include "sansip/core/message/fields/max_forwards.h"

#include "sansip/core/text/ascii.h"

namespace sansip {

ParseError ParseMaxForwards(std::string_view value, std::uint8_t& max_forwards) {
  const auto number = ParseDecimal(value, 255);
  if (!number) return {ParseCode::kBadMaxForwards, 0};
  max_forwards = static_cast<std::uint8_t>(*number);
  return {};
}

ParseError ParseMaxForwards(std::string_view value, MaxForwards& max_forwards) {
  return ParseMaxForwards(value, max_forwards.hops);
}

void Write(const MaxForwards& max_forwards, ValueWriter& value) { value.Number(max_forwards.hops); }

bool Equivalent(const MaxForwards& a, const MaxForwards& b) { return a.hops == b.hops; }

std::uint8_t MaxForwardsOf(const MessageView& request) {
  return request.index().max_forwards.value_or(kMaxForwardsDefault);
}

}  // namespace sansip
