// Every header field that has a typed form, parsed to its end: what Parser leaves to those who use a field.
//
// For those who want to know whether a message is well formed as a whole (a strict element, `sansip parse`,
// a conformance tester) before they use any of it. Fields that a request or a response does not have are
// passed over (RFC 3261 7.3.2), unknown ones as well. Text for people is not asked to be UTF-8: IsUtf8
// (text.h) does.
#ifndef SANSIP_CORE_MESSAGE_FIELD_CHECK_H_
#define SANSIP_CORE_MESSAGE_FIELD_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// The first malformed field; its offset is into the bytes that were parsed, as the parser's.
[[nodiscard]] ParseError CheckFields(const MessageView& message);
// The i-th header field alone.
[[nodiscard]] ParseError CheckField(const MessageView& message, std::size_t i);

// RFC 3261 10.2.2: the Contact "*" stands in a REGISTER, alone, beside "Expires: 0". Where one begins in a
// request that is not so.
std::optional<std::uint32_t> FindStrayStar(const MessageView& message);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELD_CHECK_H_
