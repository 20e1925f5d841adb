// What the end of a call means to a person and to a script.
#ifndef SANSIP_CLI_OUTCOME_H_
#define SANSIP_CLI_OUTCOME_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/cli/exit_code.h"
#include "sansip/core/message/message_view.h"
#include "sansip/dialog/user_agent_action.h"

namespace sansip::cli {

struct CauseFacts {
  std::string_view name;  // of docs/json.md: "local-bye"
  std::string_view by;    // "us", "peer", "nobody"
  std::string_view text;  // "we hung up"
};
CauseFacts FactsOf(EndCause cause);

ExitCode ExitCodeOf(EndCause cause, int status);

// The phrase of the response, or else the usual one for its status code.
std::string ReasonOf(const MessageView* message, int status);

// For an end that is none of the normal ones: what happened, and what to do. `peer` is the URI called, or the
// caller; `detail` is what the transport or the resolver said last, empty if nothing; `retry_after` the
// seconds after which the peer wants to be tried again, 0 if it said none.
std::string FailureText(EndCause cause, int status, std::string_view reason, std::string_view peer,
                        std::string_view detail, std::uint32_t retry_after = 0);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_OUTCOME_H_
