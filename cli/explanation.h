// A problem of a message in the words of who has to repair it: what was expected, what was found, what a
// receiver does with it and what to change. The words are a table by code and field (explanation.cc).
#ifndef SANSIP_CLI_EXPLANATION_H_
#define SANSIP_CLI_EXPLANATION_H_

#include <span>
#include <string>
#include <string_view>

#include "sansip/cli/message_problems.h"

namespace sansip::cli {

struct Explanation {
  std::string rule = {};         // "Malformed CSeq"
  std::string_view clause = {};  // "RFC 3261 20.16": of the field, where it is the field's grammar
  std::string_view field = {};   // "CSeq"; empty: of no field that is known
  std::string expected = {};
  std::string found = {};
  std::string grammar = {};   // the rule and where it stands; empty: it is none of the grammar's
  std::string receiver = {};  // "answers 400 Malformed CSeq"
  int response = 0;           // the status code in it; 0: none
  std::string hint = {};      // empty: there is none
};

Explanation Explain(const Problem& problem, std::span<const Problem> all, std::string_view bytes,
                    const MessageView& message, Framing framing);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_EXPLANATION_H_
