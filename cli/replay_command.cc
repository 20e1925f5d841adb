#include "sansip/cli/replay_command.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/print.h"
#include "sansip/cli/reporter.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/recorded_trace.h"
#include "sansip/tests/sim/trace_file.h"

namespace sansip::cli {
namespace {

ExitCode End(const ReplayOptions& options, std::FILE* out, ExitCode exit, const sim::ReplayResult& result) {
  if (!options.json) return exit;
  nlohmann::ordered_json line = {{"event", "summary"},
                                 {"inputs", result.inputs},
                                 {"same", result.same},
                                 {"cut_off", result.cut_off},
                                 {"exit", static_cast<int>(exit)}};
  if (!result.difference.empty()) line["message"] = result.difference;
  WriteJsonLine(out, line);
  return exit;
}

}  // namespace

ExitCode RunReplay(const ReplayOptions& options, std::FILE* out, std::FILE* err) {
  std::ifstream file(options.path, std::ios::binary);
  sim::Trace trace;
  std::vector<std::string> names;
  std::string why;
  sim::ReplayResult result;
  if (!file.is_open() || file.peek() == std::ifstream::traits_type::eof()) {
    result.difference = file.is_open() ? "it is empty" : std::strerror(errno);
    PrintTo(err, "sansip replay: cannot read {}: {}\n", options.path, result.difference);
    return End(options, out, ExitCode::kLocalResource, result);
  }
  result = sim::ReplayTrace(file, {.same_session = &sdp::SameSession});
  file.clear();
  file.seekg(0);
  const std::uint64_t shown = result.same ? 0 : std::max<std::uint64_t>(result.inputs, 1);
  if (!sim::ReadRecordedTrace(file, shown, trace, names, why)) {
    PrintTo(err, "sansip replay: {}: {}\n", options.path, why);
    result.difference = why;
    return End(options, out, ExitCode::kInvalid, result);
  }
  if (!options.json && !options.quiet) PrintTo(out, "{}\n", sim::TextLadder(trace, names));
  if (!result.same) {
    PrintTo(err, "sansip replay: {} differs: {}\n", options.path, result.difference);
    return End(options, out, ExitCode::kInternal, result);
  }
  if (!options.json) {
    PrintTo(out, "the same, bit for bit: {} inputs{}\n", result.inputs,
            result.cut_off ? "; the recording broke off with the last one" : "");
  }
  return End(options, out, ExitCode::kOk, result);
}

}  // namespace sansip::cli
