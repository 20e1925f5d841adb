// `sansip call` and `sansip answer`: one agent from start to end, with signals.
#ifndef SANSIP_CLI_RUN_AGENT_H_
#define SANSIP_CLI_RUN_AGENT_H_

#include "sansip/cli/exit_code.h"
#include "sansip/cli/options.h"

namespace sansip::cli {

ExitCode RunAgent(const AgentOptions& options);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_RUN_AGENT_H_
