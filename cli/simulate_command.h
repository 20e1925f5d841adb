// `sansip simulate`: runs of the simulator (tests/sim), one seed after the other or several at once, and what
// came of them.
#ifndef SANSIP_CLI_SIMULATE_COMMAND_H_
#define SANSIP_CLI_SIMULATE_COMMAND_H_

#include <cstdio>

#include "sansip/cli/exit_code.h"
#include "sansip/cli/simulator_options.h"

namespace sansip::cli {

// A progress bar is drawn on `err` if it is a terminal and the runs take longer than a second.
ExitCode RunSimulate(const SimulateOptions& options, std::FILE* out, std::FILE* err);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_SIMULATE_COMMAND_H_
