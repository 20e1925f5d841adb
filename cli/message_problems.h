// Everything that is wrong with a message, not only what a parser stumbles over first (`sansip parse`).
#ifndef SANSIP_CLI_MESSAGE_PROBLEMS_H_
#define SANSIP_CLI_MESSAGE_PROBLEMS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"

namespace sansip::cli {

// More are not told: a file that is no message has one on every line.
inline constexpr std::size_t kProblemsMax = 20;

struct Problem {
  ParseError error = {};
  HeaderId field = HeaderId::kOther;  // kOther: of no field, or of one that is not known by name
  std::string_view value = {};        // where it is: the field's value or the start-line; may be empty
  std::size_t value_begin = 0;        // of it, in the bytes
  bool is_fatal = false;              // no element can process the message; false: those that need the field
};

struct Problems {
  std::vector<Problem> list;  // by offset
  bool has_more = false;
};

// `error` is what `parser` said about `message`, which is made of `bytes`.
Problems FindProblems(std::string_view bytes, const MessageView& message, ParseError error,
                      const Parser& parser, Framing framing);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_MESSAGE_PROBLEMS_H_
