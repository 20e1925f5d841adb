// `sansip parse FILE|-`: what a message says, or what is wrong with it and by which clause.
#ifndef SANSIP_CLI_PARSE_COMMAND_H_
#define SANSIP_CLI_PARSE_COMMAND_H_

#include <cstdio>

#include "sansip/cli/exit_code.h"
#include "sansip/cli/options.h"

namespace sansip::cli {

ExitCode RunParse(const ParseOptions& options, std::FILE* in, std::FILE* out, std::FILE* err);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_PARSE_COMMAND_H_
