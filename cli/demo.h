// `sansip demo`: two agents call each other over loopback and check that the tone was heard; then the same
// agents hold a call of eight hours in virtual time. Ladders and figures on stdout, demo.wav and demo.html.
#ifndef SANSIP_CLI_DEMO_H_
#define SANSIP_CLI_DEMO_H_

#include "sansip/cli/exit_code.h"
#include "sansip/cli/options.h"

namespace sansip::cli {

ExitCode RunDemo(const DemoOptions& options);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_DEMO_H_
