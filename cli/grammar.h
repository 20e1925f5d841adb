// The rules of the grammar by name: what a start-line or a header field's value is made of, as its RFC writes
// it, and a value that has that form.
#ifndef SANSIP_CLI_GRAMMAR_H_
#define SANSIP_CLI_GRAMMAR_H_

#include <string_view>

#include "sansip/core/message/header_id.h"
#include "sansip/core/message/parse_error.h"

namespace sansip::cli {

struct Grammar {
  std::string_view rule = {};     // ABNF; empty: nothing of the grammar
  std::string_view example = {};  // of a header field's value
};

Grammar GrammarOf(HeaderId field);  // of a field's value
Grammar GrammarOf(ParseCode code);  // of what is no field's value: the start-line, a line, a text
std::string_view ClauseOfGrammar(std::string_view field_clause);  // where the rule stands: "RFC 3261 25.1"

}  // namespace sansip::cli

#endif  // SANSIP_CLI_GRAMMAR_H_
