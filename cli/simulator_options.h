// The options of `sansip simulate`, `sansip replay` and `sansip ladder`.
#ifndef SANSIP_CLI_SIMULATOR_OPTIONS_H_
#define SANSIP_CLI_SIMULATOR_OPTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "sansip/tests/sim/swarm_options.h"

namespace CLI {
class App;
}

namespace sansip::cli {

struct SeedRange {
  std::uint64_t first = 1, last = 1;  // inclusive
};

struct SimulateOptions {
  SeedRange seeds;
  sim::SwarmFixed fixed;
  std::string scenario_path;  // a schedule to run instead
  bool shrink = false;
  std::string html_path;  // empty: none
  std::string out;        // the folder of schedules; empty: the current one
  std::uint32_t jobs = 1;
  bool json = false;
};

enum class LadderFormat { kText, kSvg, kHtml };

struct LadderOptions {
  std::string path;
  std::string out;  // empty: standard output
  LadderFormat format = LadderFormat::kText;
  bool is_format_given = false;
  std::uint64_t lines_max = 0;  // 0: all
};

struct ReplayOptions {
  std::string path;
  bool json = false;
  bool quiet = false;  // no ladder
};

// "7..12".
bool ReadSeedRange(std::string_view text, SeedRange& value, std::string& why);
// A chance from 0 to 1 as millionths: "0.1" is 100000. At most six digits behind the point.
bool ReadChance(std::string_view text, std::uint32_t& value, std::string& why);

void AddSimulate(CLI::App& app, SimulateOptions& options);
void AddReplay(CLI::App& app, ReplayOptions& options);
void AddLadder(CLI::App& app, LadderOptions& options);

}  // namespace sansip::cli

#endif  // SANSIP_CLI_SIMULATOR_OPTIONS_H_
