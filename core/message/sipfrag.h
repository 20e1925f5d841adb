// message/sipfrag (RFC 3420): what is left of a SIP message when its start-line, some of its header fields or
// its body are taken out. What a NOTIFY of a REFER tells is one (RFC 3515 2.4.5), often no more than a
// Status-Line.
//
//   sipfrag = [ start-line ] *message-header [ CRLF [ message-body ] ]
//
// Written with Writer: StatusLine(), Header() as wished, Body() if there is one.
#ifndef SANSIP_CORE_MESSAGE_SIPFRAG_H_
#define SANSIP_CORE_MESSAGE_SIPFRAG_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/message/parser.h"

namespace sansip {

enum class StartLine : std::uint8_t { kNone, kRequestLine, kStatusLine };

// Fills `index`, so that MessageView(bytes, index) reads it like a message; without a start-line it has
// neither a method nor a status. A start-line that is there is checked like Parser does, and so is every
// header field that is known (2: all valid); none has to be there. The last line may lack its CRLF. A body
// that is not empty comes with its Content-Type, and is as long as Content-Length says if that is there; a
// Content-Length whose body was taken out tells nothing. No repetition of a field that a message may have
// once.
[[nodiscard]] ParseError ParseSipfrag(std::string_view bytes, StartLine& start_line, MessageIndex& index,
                                      const ParseLimits& limits = {});

struct StatusLine {
  int code = 0;  // 100 to 699
  std::string_view reason;
};

// Only the Status-Line that it begins with, whatever follows: how a referred request stands. kBadStatusLine
// if it begins with something else.
[[nodiscard]] ParseError ParseStatusLine(std::string_view sipfrag, StatusLine& status_line);

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_SIPFRAG_H_
