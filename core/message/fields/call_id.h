// Call-ID and In-Reply-To (RFC 3261 20.8, 20.21, 25.1 callid): word [ "@" word ], compared byte by byte.
//
// A word may hold quotation marks and brackets that are never closed, so ElementsOf (list.h) cannot take
// In-Reply-To apart; ParseInReplyTo can.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_
#define SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

struct CallIdField {
  std::string_view text = {};
};

[[nodiscard]] ParseError CheckCallId(std::string_view value);
// Takes one, where more may follow.
[[nodiscard]] ParseError TakeCallId(Cursor& cursor, std::string_view& call_id);

[[nodiscard]] ParseError ParseCallId(std::string_view value, CallIdField& call_id);
// The first of a list; `rest` (may be null) gets what follows its comma, empty at the end.
[[nodiscard]] ParseError ParseInReplyTo(std::string_view value, CallIdField& call_id, std::string_view* rest);
void Write(const CallIdField& call_id, ValueWriter& value);
bool Equivalent(const CallIdField& a, const CallIdField& b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_CALL_ID_H_
