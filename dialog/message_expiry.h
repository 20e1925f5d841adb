// How long what a MESSAGE says is worth showing (RFC 3428 7). What is done with one that has expired, to drop
// or to mark it, is its user's policy; the core reads no clock, so the time of day is an argument.
#ifndef SANSIP_DIALOG_MESSAGE_EXPIRY_H_
#define SANSIP_DIALOG_MESSAGE_EXPIRY_H_

#include <cstdint>
#include <optional>

#include "sansip/core/message/message_view.h"

namespace sansip {

// In seconds since 1970-01-01 00:00 GMT: Date plus Expires, and without a Date that can be read the time of
// reception plus Expires. Nullopt: it does not expire.
std::optional<std::int64_t> ExpiryOf(const MessageView& message, std::int64_t received);

}  // namespace sansip

#endif  // SANSIP_DIALOG_MESSAGE_EXPIRY_H_
