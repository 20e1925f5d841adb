// The `sansip` command.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/demo.h"
#include "sansip/cli/ladder_command.h"
#include "sansip/cli/options.h"
#include "sansip/cli/parse_command.h"
#include "sansip/cli/print.h"
#include "sansip/cli/replay_command.h"
#include "sansip/cli/reporter.h"
#include "sansip/cli/run_agent.h"
#include "sansip/cli/simulate_command.h"

namespace sansip::cli {
namespace {

// Help, version, or what is wrong with the command line.
int SayText(const CommandLine& line) {
  const bool is_error = line.exit != 0;
  PrintTo(is_error ? stderr : stdout, "{}", line.text);
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

// A closed standard file would be the number of the first socket or file that is opened, and get our text.
void KeepStandardFiles() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(file, F_GETFD) >= 0 || errno != EBADF) continue;
    (void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDWR);  // reading still fails
  }
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
    case Command::kRegister:
    case Command::kTask:
      return static_cast<int>(RunAgent(line.agent));
    case Command::kDemo:
      return static_cast<int>(RunDemo(line.demo));
    case Command::kSimulate:
      return static_cast<int>(RunSimulate(line.simulate, stdout, stderr));
    case Command::kReplay:
      return static_cast<int>(RunReplay(line.replay, stdout, stderr));
    case Command::kLadder:
      return static_cast<int>(RunLadder(line.ladder, stdout, stderr));
  }
  return 1;
}

// What was said must have arrived.
int End(int exit) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit;
  PrintTo(stderr, "sansip: standard output cannot be written: is the disk full, has its reader gone?\n");
  return exit == 0 ? static_cast<int>(ExitCode::kLocalResource) : exit;
}

}  // namespace
}  // namespace sansip::cli

int main(int argc, char** argv) {
  sansip::cli::KeepStandardFiles();
  // `bazel run` starts programs elsewhere: file names are meant from where it was typed.
  const char* const typed_in = std::getenv("BUILD_WORKING_DIRECTORY");
  if (typed_in != nullptr && chdir(typed_in) != 0) std::perror(typed_in);
  return sansip::cli::End(sansip::cli::Main(argc, argv));
}
