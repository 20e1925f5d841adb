// `sansip replay FILE`: what --trace recorded, played again in virtual time.
#ifndef SANSIP_CLI_REPLAY_COMMAND_H_
#define SANSIP_CLI_REPLAY_COMMAND_H_

#include <cstdio>

#include "sansip/cli/exit_code.h"
#include "sansip/cli/simulator_options.h"

namespace sansip::cli {

ExitCode RunReplay(const ReplayOptions& options, std::FILE* out, std::FILE* err);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_REPLAY_COMMAND_H_
