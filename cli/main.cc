// The `sansip` command.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/demo.h"
#include "sansip/cli/options.h"
#include "sansip/cli/parse_command.h"
#include "sansip/cli/reporter.h"
#include "sansip/cli/run_agent.h"

namespace sansip::cli {
namespace {

// Help, version, or what is wrong with the command line.
int SayText(const CommandLine& line) {
  const bool is_error = line.exit != 0;
  fmt::print(is_error ? stderr : stdout, "{}", line.text);
  if (!is_error || !line.json) return line.exit;
  Reporter reporter(true, Instant(), stdout, stderr);
  const std::string_view text = line.text;
  WriteJsonLine(stdout, {{"t", 0.0},
                         {"event", "error"},
                         {"call", 0},
                         {"exit", line.exit},
                         {"message", text.substr(0, text.find('\n'))}});
  reporter.Summary(0, 0, static_cast<ExitCode>(line.exit), 0);
  return line.exit;
}

int Main(int argc, const char* const* argv) {
  const CommandLine line = ReadCommandLine(argc, argv);
  switch (line.command) {
    case Command::kNone:
      return SayText(line);
    case Command::kParse:
      return static_cast<int>(RunParse(line.parse, stdin, stdout, stderr));
    case Command::kCall:
    case Command::kAnswer:
      return static_cast<int>(RunAgent(line.agent));
    case Command::kDemo:
      return static_cast<int>(RunDemo(line.demo));
  }
  return 1;
}

}  // namespace
}  // namespace sansip::cli

int main(int argc, char** argv) {
  // `bazel run` starts programs elsewhere: file names are meant from where it was typed.
  const char* const typed_in = std::getenv("BUILD_WORKING_DIRECTORY");
  if (typed_in != nullptr && chdir(typed_in) != 0) std::perror(typed_in);
  return sansip::cli::Main(argc, argv);
}
