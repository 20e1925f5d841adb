// `sansip ladder FILE`: the SIP messages of a trace or of a packet capture, drawn.
#ifndef SANSIP_CLI_LADDER_COMMAND_H_
#define SANSIP_CLI_LADDER_COMMAND_H_

#include <cstdio>

#include "sansip/cli/exit_code.h"
#include "sansip/cli/simulator_options.h"

namespace sansip::cli {

ExitCode RunLadder(const LadderOptions& options, std::FILE* out, std::FILE* err);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_LADDER_COMMAND_H_
