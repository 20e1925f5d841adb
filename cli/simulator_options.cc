#include "sansip/cli/simulator_options.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "CLI/CLI.hpp"
#include "fmt/core.h"
#include "sansip/cli/add_option.h"
#include "sansip/cli/help_text.h"
#include "sansip/cli/option_values.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip::cli {
namespace {

constexpr std::string_view kNetworkGroup = "Network";
constexpr std::uint64_t kSeedMax = std::numeric_limits<std::uint64_t>::max() - 1;

bool ReadSeed(std::string_view text, SeedRange& value, std::string& why) {
  if (!ReadNumber(text, 0, kSeedMax, value.first, why)) return false;
  value.last = value.first;
  return true;
}

template <std::uint32_t kMin, std::uint32_t kMax>
bool ReadOptionalCount(std::string_view text, std::optional<std::uint32_t>& value, std::string& why) {
  std::uint64_t number = 0;
  if (!ReadNumber(text, kMin, kMax, number, why)) return false;
  value = static_cast<std::uint32_t>(number);
  return true;
}

bool ReadOptionalChance(std::string_view text, std::optional<std::uint32_t>& value, std::string& why) {
  return ReadChance(text, value.emplace(), why);
}

bool ReadInterval(std::string_view text, std::optional<std::uint32_t>& value, std::string& why) {
  if (!ReadSeconds(text, value.emplace(), why)) return false;
  if (*value == 0 || (*value >= kSessionIntervalMin && *value <= 31'536'000)) return true;
  why = fmt::format("{} is neither 0 nor {} seconds to a year", *value, kSessionIntervalMin);
  return false;
}

bool ReadTransport(std::string_view text, std::optional<Transport>& value, std::string& why) {
  if (text == "udp") value = Transport::kUdp;
  if (text == "tcp") value = Transport::kTcp;
  if (value) return true;
  why = fmt::format("\"{}\" is neither udp nor tcp", text);
  return false;
}

bool ReadJobs(std::string_view text, std::uint32_t& value, std::string& why) {
  std::uint64_t number = 0;
  if (!ReadNumber(text, 1, 256, number, why)) return false;
  value = static_cast<std::uint32_t>(number);
  return true;
}

// "--reorder" or "--reorder=0.2": with "=", so that a bare one takes no word that follows.
void AddChanceFlag(CLI::App& app, const std::string& name, std::optional<std::uint32_t>& value,
                   const std::string& text) {
  app.add_flag(name + "{0.05}")
      ->description(text)
      ->check([&value](const std::string& given) {
        std::string why;
        return ReadOptionalChance(given, value, why) ? std::string() : why;
      })
      ->group(std::string(kNetworkGroup));
}

void AddNetwork(CLI::App& app, sim::SwarmFixed& fixed) {
  const std::string group(kNetworkGroup);
  Add(app, "--loss", "P", fixed.loss, ReadOptionalChance, "Chance that a datagram is lost: 0.1")
      ->group(group);
  AddChanceFlag(app, "--reorder", fixed.reorder,
                "Chance that a datagram comes 200 ms later than it should, so that others overtake it");
  AddChanceFlag(app, "--duplicate", fixed.duplicate, "Chance that a datagram arrives twice");
  Add(app, "--delay", "DURATION", fixed.delay, ReadOptionalDuration, "From one party to another: 50ms")
      ->group(group);
  Add(app, "--jitter", "DURATION", fixed.jitter, ReadOptionalDuration, "Up to so much more delay: 20ms")
      ->group(group);
  Add(app, "--transport", "udp|tcp", fixed.transport, ReadTransport, "What SIP goes over")->group(group);
}

void AddRuns(CLI::App& app, SimulateOptions& options) {
  const std::string group = "Runs";
  auto* seed = Add(app, "--seed", "N", options.seeds, ReadSeed, "The run of this seed. Default: 1");
  auto* seeds =
      Add(app, "--seeds", "A..B", options.seeds, ReadSeedRange, "The runs of all seeds from A to B");
  auto* scenario = app.add_option("--scenario", options.scenario_path,
                                  "Run this schedule: what an earlier failure left, or one of your own");
  seed->group(group);
  seeds->group(group)->excludes(seed);
  scenario->type_name("FILE")->group(group)->excludes(seed)->excludes(seeds);
  app.add_flag("--shrink", options.shrink, "Shorten the schedule of a failure to what it takes")
      ->group(group);
  Add(app, "--jobs", "N", options.jobs, ReadJobs, "Run N seeds at once. Default: 1")->group(group);
}

void AddCalls(CLI::App& app, sim::SwarmFixed& fixed) {
  const std::string group = "Calls";
  Add(app, "--calls", "N", fixed.calls, ReadOptionalCount<1, sim::SwarmOptions::kCallsMax>,
      "How many calls are placed")
      ->group(group);
  Add(app, "--parties", "N", fixed.parties, ReadOptionalCount<2, sim::SwarmOptions::kPartiesMax>,
      "User agents: the first half call, the others answer")
      ->group(group);
  Add(app, "--duration", "DURATION", fixed.duration, ReadOptionalDuration,
      "From a call's ACK to its BYE: 24h, if nobody refuses or gives it up")
      ->group(group);
  Add(app, "--session-expires", "SECONDS", fixed.session_expires, ReadInterval,
      "Session interval (RFC 4028), 90 or more; 0: no session timers")
      ->group(group);
  auto* dialogs =
      app.add_flag("--dialogs", fixed.dialogs,
                   "The seed also picks 100rel, UPDATEs, changes by both sides, transfers, forks");
  dialogs->group(group);
  app.add_flag("--media{20}")
      ->description(
          "RTP in each call, so many ms in a packet: --media, --media=60; talks of a minute at most")
      ->check([&fixed](const std::string& given) {
        std::string why;
        const bool is_read =
            ReadOptionalCount<sim::SwarmOptions::kMediaMsMin, sim::SwarmOptions::kMediaMsMax>(
                given, fixed.media, why);
        return is_read ? std::string() : why;
      })
      ->excludes(dialogs)
      ->group(group);
}

}  // namespace

bool ReadSeedRange(std::string_view text, SeedRange& value, std::string& why) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    why = fmt::format("\"{}\" is no range: write 1..1000", text);
    return false;
  }
  if (!ReadNumber(text.substr(0, dots), 0, kSeedMax, value.first, why)) return false;
  if (!ReadNumber(text.substr(dots + 2), 0, kSeedMax, value.last, why)) return false;
  if (value.first <= value.last) return true;
  why = fmt::format("\"{}\" ends before it begins", text);
  return false;
}

bool ReadChance(std::string_view text, std::uint32_t& value, std::string& why) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string whole(text.substr(0, point));
  std::string digits(text.substr(std::min(point + 1, text.size())));
  const bool is_short = digits.size() <= 6;
  digits.resize(6, '0');
  std::uint64_t units = 0, millionths = 0;
  if (is_short && (!whole.empty() || point + 1 < text.size()) &&
      ReadNumber(whole.empty() ? "0" : whole, 0, 1, units, why) &&
      ReadNumber(digits, 0, 999'999, millionths, why) && units * 1'000'000 + millionths <= 1'000'000) {
    value = static_cast<std::uint32_t>(units * 1'000'000 + millionths);
    return true;
  }
  why = fmt::format("\"{}\" is no chance: write a number from 0 to 1, as 0.05", text);
  return false;
}

void AddSimulate(CLI::App& app, SimulateOptions& options) {
  CLI::App* simulate =
      app.add_subcommand("simulate", "Calls through a faulty network in virtual time, watched by oracles");
  AddRuns(*simulate, options);
  AddCalls(*simulate, options.fixed);
  AddNetwork(*simulate, options.fixed);
  simulate
      ->add_option("--html", options.html_path,
                   "Write a page with the ladder of the run, or of the first failure")
      ->type_name("FILE")
      ->group("Output");
  simulate->add_option("--out", options.out, "Where to write schedules of failures. Default: here")
      ->type_name("DIR")
      ->group("Output");
  simulate
      ->add_flag("--json", options.json, "A JSON line for each run and a summary on stdout (docs/json.md)")
      ->group("Output");
  simulate->footer(std::string(kSimulateFooter));
}

void AddReplay(CLI::App& app, ReplayOptions& options) {
  CLI::App* replay =
      app.add_subcommand("replay", "Play what --trace recorded again, and see whether it goes the same way");
  replay->add_option("FILE", options.path, "A file that call --trace or answer --trace wrote")
      ->type_name("")
      ->required();
  replay->add_flag("--no-ladder", options.quiet, "Only say whether it was the same");
  replay->add_flag("--json", options.json, "One JSON line on stdout (docs/json.md)");
  replay->footer(std::string(kReplayFooter));
}

void AddLadder(CLI::App& app, LadderOptions& options) {
  CLI::App* ladder = app.add_subcommand("ladder", "Draw the SIP messages of a trace or of a packet capture");
  ladder->add_option("FILE", options.path, "What --trace wrote, or a capture of tcpdump (pcap, pcapng)")
      ->type_name("")
      ->required();
  Add(
      *ladder, "--format", "text|svg|html", options.format,
      [&options](std::string_view text, LadderFormat& value, std::string& why) {
        options.is_format_given = true;
        if (text == "text") value = LadderFormat::kText;
        if (text == "svg") value = LadderFormat::kSvg;
        if (text == "html") value = LadderFormat::kHtml;
        if (text == "text" || text == "svg" || text == "html") return true;
        why = fmt::format("\"{}\" is none of text, svg and html", text);
        return false;
      },
      "Default: by the name of --out, else text");
  ladder->add_option("--out", options.out, "Write it there instead of to standard output")->type_name("FILE");
  Add(
      *ladder, "--lines", "N", options.lines_max,
      [](std::string_view text, std::uint64_t& value, std::string& why) {
        return ReadNumber(text, 2, 10'000'000, value, why);
      },
      "Cut the middle out of what has more lines");
  ladder->footer(std::string(kLadderFooter));
}

}  // namespace sansip::cli
