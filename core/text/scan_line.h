// Where a line stops being plain text: the block scan behind the parser's and the framer's passes over header
// sections. Bounds in, a position out.
#ifndef SANSIP_CORE_TEXT_SCAN_LINE_H_
#define SANSIP_CORE_TEXT_SCAN_LINE_H_

#include <cstddef>
#include <string_view>

namespace sansip {

// The first control character but HTAB (CR and LF among them; 0x00-0x08, 0x0A-0x1F, 0x7F) at or after `from`;
// text.size() if there is none. from <= text.size().
std::size_t FindControl(std::string_view text, std::size_t from);

// The same, a character at a time: what the block scan is tested against, and what machines without one use.
std::size_t FindControlPortable(std::string_view text, std::size_t from);

}  // namespace sansip

#endif  // SANSIP_CORE_TEXT_SCAN_LINE_H_
