// comment (RFC 3261 25.1): LPAREN *(ctext / quoted-pair / comment) RPAREN, as Server, User-Agent and
// Retry-After have it.
#ifndef SANSIP_CORE_MESSAGE_FIELDS_COMMENT_H_
#define SANSIP_CORE_MESSAGE_FIELDS_COMMENT_H_

#include <string_view>

#include "sansip/core/text/cursor.h"

namespace sansip {

// Takes a comment whose "(" is here, parentheses included. False if it is not closed or holds what it must
// not, and then the cursor stands there.
bool TakeComment(Cursor& cursor, std::string_view& comment);

// Two comments that stand for the same text: quoted-pairs for their character, white space for one space.
bool EquivalentComments(std::string_view a, std::string_view b);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_FIELDS_COMMENT_H_
