// Session-Expires and Min-SE (RFC 4028 4, 5): how long a session lives without a refresh, and how short that
// may be.
//
//   Session-Expires = delta-seconds *( SEMI ( refresher-param / generic-param ) )
//   Min-SE          = delta-seconds *( SEMI generic-param )
//
// Seconds; a value above 2^32-1 is read as 2^32-1. That nothing below 90 is sent is for session_timer to see
// to.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_SESSION_EXPIRES_H_
#define SANSIP_CORE_MESSAGE_FIELDS_SESSION_EXPIRES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// refresher-param; kNone: not there.
enum class Refresher : std::uint8_t { kNone, kUac, kUas };

struct SessionExpires {
  std::uint32_t seconds = 0;
  Refresher refresher = Refresher::kNone;
  std::string_view parameters = {};  // all of them, as parsed
};

// A refresher other than uac and uas is kBadParameter.
[[nodiscard]] ParseError ParseSessionExpires(std::string_view value, SessionExpires& session_expires);
// Of the message, without a look at the refresher; nullopt if there is none or it is malformed.
inline std::optional<std::uint32_t> SessionIntervalOf(const MessageView& message) {
  return message.index().session_interval;
}
void Write(const SessionExpires& session_expires, ValueWriter& value);
bool Equivalent(const SessionExpires& a, const SessionExpires& b);

struct MinSe {
  std::uint32_t seconds = 0;
  std::string_view parameters = {};
};

[[nodiscard]] ParseError ParseMinSe(std::string_view value, MinSe& min_se);
void Write(const MinSe& min_se, ValueWriter& value);
bool Equivalent(const MinSe& a, const MinSe& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_SESSION_EXPIRES_H_
