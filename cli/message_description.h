// What a message says, field by field, as a tree that prints as JSON or as text (`sansip parse`).
#ifndef SANSIP_CLI_MESSAGE_DESCRIPTION_H_
#define SANSIP_CLI_MESSAGE_DESCRIPTION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json_fwd.hpp"
#include "sansip/core/message/message_view.h"

namespace sansip::cli {

// {"type", "method" or "status", "headers": [{"field", "value", "parts": [...]}], "body", "tolerated"}.
// `bytes` are those that were parsed; nothing in the message is malformed.
nlohmann::ordered_json DescribeMessage(std::string_view bytes, const MessageView& message);

// The deviations that the parser read past, each with its clause; without those of `refused`, bits of
// Tolerance, which it notes and refuses.
std::vector<std::string> ToleratedIn(std::string_view bytes, const MessageView& message,
                                     std::uint32_t refused = 0);

// The same tree for people.
std::string DescriptionText(const nlohmann::ordered_json& description);

// Where `offset` is in `bytes`: the line, 1-based, the column in characters, 1-based, and the line's text
// with a caret under it, printable, cut to what a terminal is wide.
struct TextPosition {
  std::size_t line = 1, column = 1;
  std::string excerpt;
};
TextPosition PositionOf(std::string_view bytes, std::size_t offset);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_MESSAGE_DESCRIPTION_H_
