// One header line of a message: where it ends, its name and its value (RFC 3261 7.3.1, 25.1 message-header,
// HCOLON, LWS). The parser, the framer and the writer share this one notion of a line.
#ifndef SANSIP_CORE_MESSAGE_HEADER_LINE_H_
#define SANSIP_CORE_MESSAGE_HEADER_LINE_H_

#include <cstddef>
#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/message/parse_error.h"

namespace sansip {

// Positions in the whole text.
struct LineEnd {
  std::size_t content = 0;        // behind the last character of the line
  std::size_t next = 0;           // of the next line
  bool found = false;             // false: the text ended first, and content == next == text.size()
  bool bare_lf = false;           // some line break in it was LF without CR
  std::size_t lone_break = npos;  // the first CR that breaks no line, or LF without CR
  bool has_control = false;       // a control character other than those
  static constexpr std::size_t npos = std::string_view::npos;
};

// The line that begins at `begin`. With `folds`, lines that begin with white space belong to it. An LF
// without CR ends a line, so that what follows can be read; whether that is tolerated is the caller's matter.
LineEnd FindLineEnd(std::string_view text, std::size_t begin, bool folds);

struct HeaderText {
  std::size_t name_begin = 0;
  std::size_t name_size = 0;
  std::size_t value_begin = 0;
  std::size_t value_size = 0;
  HeaderId id = HeaderId::kOther;
  LineEnd end;
};

// The header line at `begin`. Whatever is wrong, `line.end` tells where the next one begins. An LF without CR
// is an error unless it is tolerated.
[[nodiscard]] ParseError TakeHeaderLine(std::string_view text, std::size_t begin, bool accept_bare_lf,
                                        HeaderText& line);

// Reads a header value, whole or in parts, for what no header value may hold: a CR or LF that is no folding,
// or a control character outside a quoted-pair.
class ValueScan {
 public:
  static constexpr std::size_t npos = std::string_view::npos;
  // Where `part` goes wrong; npos if nowhere. Folding stands within one part.
  std::size_t Feed(std::string_view part);

 private:
  bool quoted_ = false;
  bool escaped_ = false;  // the last character was the backslash of a quoted-pair
  std::size_t comments_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_MESSAGE_HEADER_LINE_H_
