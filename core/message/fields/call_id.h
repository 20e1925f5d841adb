// Call-ID (RFC 3261 20.8, 25.1 callid): word [ "@" word ], compared byte by byte.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_

#include <string_view>

#include "sansip/core/message/parse_error.h"

namespace sansip {

[[nodiscard]] ParseError CheckCallId(std::string_view value);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_
