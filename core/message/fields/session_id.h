// Session-ID (RFC 7989 5): a name for a session from end to end, which no element on the way changes.
//
//   local-uuid *( SEMI ( remote-param / generic-param ) ), remote-param = "remote" EQUAL remote-uuid
//
// A UUID is 32 hexadecimal digits, in lower case. Before there was the field of RFC 7329, which has no
// remote; its value is case-insensitive although none but lower case is sent (7.1). So upper case is read,
// compares the same, and is written as lower case.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_SESSION_ID_H_
#define SANSIP_CORE_MESSAGE_FIELDS_SESSION_ID_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// Of an end that is not known, such as the remote one in the first request (RFC 7989 5).
inline constexpr std::string_view kNilUuid = "00000000000000000000000000000000";

struct SessionId {
  std::string_view local = {};       // of the sender
  std::string_view remote = {};      // empty: none, as RFC 7329 has it
  std::string_view parameters = {};  // all of them, as parsed
};

// A local-uuid that is none is kBadFieldValue, a remote-uuid kBadParameter.
[[nodiscard]] ParseError ParseSessionId(std::string_view value, SessionId& session_id);
void Write(const SessionId& session_id, ValueWriter& value);
bool Equivalent(const SessionId& a, const SessionId& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_SESSION_ID_H_
