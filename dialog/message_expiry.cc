#include "sansip/dialog/message_expiry.h"

#include <string_view>

#include "sansip/core/message/fields/date.h"
#include "sansip/core/message/fields/delta_seconds.h"

namespace sansip {

std::optional<std::int64_t> ExpiryOf(const MessageView& message, std::int64_t received) {
  const std::optional<std::string_view> expires = message.First(HeaderId::kExpires);
  Expires duration;
  if (!expires || !ParseExpires(*expires, duration).ok()) return std::nullopt;
  const std::optional<std::string_view> value = message.First(HeaderId::kDate);
  Date date;
  const bool is_dated = value && ParseDate(*value, date).ok();
  return (is_dated ? UnixSecondsOf(date) : received) + duration.seconds;
}

}  // namespace sansip
