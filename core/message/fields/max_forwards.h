// Max-Forwards (RFC 3261 20.22): 0 to 255.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_MAX_FORWARDS_H_
#define SANSIP_CORE_MESSAGE_FIELDS_MAX_FORWARDS_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

inline constexpr std::uint8_t kMaxForwardsDefault = 70;  // RFC 3261 8.1.1.6

struct MaxForwards {
  std::uint8_t hops = kMaxForwardsDefault;
};

[[nodiscard]] ParseError ParseMaxForwards(std::string_view value, std::uint8_t& max_forwards);
[[nodiscard]] ParseError ParseMaxForwards(std::string_view value, MaxForwards& max_forwards);
void Write(const MaxForwards& max_forwards, ValueWriter& value);
bool Equivalent(const MaxForwards& a, const MaxForwards& b);
// Of a parsed request; 70 where it is missing (16.3 leaves the choice).
std::uint8_t MaxForwardsOf(const MessageView& request);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_MAX_FORWARDS_H_
