// LAQUOT absoluteURI RAQUOT (RFC 3261 25.1), as Geolocation and Identity have it: a URI that is never without
// its angle brackets and has no display-name.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_BRACKETED_URI_H_
#define SANSIP_CORE_MESSAGE_FIELDS_BRACKETED_URI_H_

#include <string_view>

#include "sansip/core/message/fields/value_writer.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/text/cursor.h"

namespace sansip {

// `uri` comes without the brackets. Without "<" it is kBadFieldValue, kBadUri where the URI goes wrong.
[[nodiscard]] ParseError TakeBracketedUri(Cursor& cursor, std::string_view& uri);
void WriteBracketedUri(std::string_view uri, ValueWriter& value);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_BRACKETED_URI_H_
