#include "sansip/cli/simulate_command.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/page.h"
#include "sansip/cli/print.h"
#include "sansip/cli/progress_bar.h"
#include "sansip/cli/reporter.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/ladder_svg.h"
#include "sansip/tests/sim/schedule.h"
#include "sansip/tests/sim/shrink.h"
#include "sansip/tests/sim/swarm.h"

namespace sansip::cli {
namespace {

using sim::Schedule;
using sim::SwarmOptions;
using sim::SwarmResult;

constexpr std::size_t kFindingsShown = 10;
constexpr std::uint64_t kSchedulesMax =
    10;  // written for one campaign: after that it is the same fault again
constexpr std::size_t kLadderLines = 60;
constexpr std::size_t kPageLines = 400;

struct Totals {
  std::uint64_t runs = 0, failed = 0, calls = 0, datagrams = 0, lost = 0;
  Duration virtual_time = Duration::zero();
};

double SecondsOf(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

nlohmann::ordered_json JsonOf(const SwarmOptions& options, const SwarmResult& result,
                              const std::string& file) {
  nlohmann::ordered_json line = {{"event", "run"}, {"seed", options.seed}};
  options.ForEach(
      [&](std::string_view name, const std::string& value) { line["options"][std::string(name)] = value; });
  line["calls"] = options.calls;
  line["answered"] = result.calls_answered;
  line["refreshes"] = result.refreshes;
  line["seconds"] = SecondsOf(result.lasted);
  line["events"] = result.events;
  line["datagrams"] = result.network.sent;
  line["lost"] = result.network.lost;
  line["duplicated"] = result.network.duplicated;
  line["reordered"] = result.network.reordered;
  line["hash"] = fmt::format("{:016x}", result.hash);
  line["findings"] = nlohmann::ordered_json::array();
  for (const sim::Finding& finding : result.findings) {
    line["findings"].push_back({{"oracle", finding.oracle},
                                {"t", SecondsOf(finding.at - Instant{})},
                                {"node", finding.node},
                                {"text", finding.text}});
  }
  if (!file.empty()) line["schedule"] = file;
  return line;
}

std::string FiguresText(const SwarmOptions& options, const SwarmResult& result) {
  return fmt::format(
      "  {} calls, {} answered, {} refreshes; {} of virtual time, {} events\n"
      "  {} datagrams: {} lost, {} twice, {} reordered; hash {:016x}\n",
      options.calls, result.calls_answered, result.refreshes, sim::ClockText(Instant(result.lasted)),
      result.events, result.network.sent, result.network.lost, result.network.duplicated,
      result.network.reordered, result.hash);
}

std::string FindingsText(const sim::Findings& findings) {
  const std::size_t shown = std::min(findings.size(), kFindingsShown);
  std::string text = sim::TextOf({findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(shown)});
  if (shown < findings.size()) text += fmt::format("and {} more\n", findings.size() - shown);
  return text;
}

class Simulation {
 public:
  Simulation(const SimulateOptions& options, std::FILE* out, std::FILE* err)
      : options_(options), out_(out), err_(err), bar_(err) {}

  ExitCode Run() {
    std::error_code error;
    if (!options_.out.empty() && !std::filesystem::create_directories(options_.out, error) && error) {
      return End(Fail(ExitCode::kLocalResource,
                      fmt::format("cannot make the folder {}: {}", options_.out, error.message())));
    }
    if (!options_.scenario_path.empty()) {
      if (const ExitCode exit = RunScenario(); exit != ExitCode::kOk) return End(exit);
    } else {
      RunSeeds();
    }
    const ExitCode exit = totals_.failed > 0 ? ExitCode::kInternal : ExitCode::kOk;
    return End(exit_ == ExitCode::kOk ? exit : exit_);
  }

 private:
  ExitCode RunScenario() {
    std::ifstream file(options_.scenario_path, std::ios::binary);
    std::string text(Schedule::kBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad() || (!file.is_open())) {
      return Fail(ExitCode::kLocalResource,
                  fmt::format("cannot read {}: {}", options_.scenario_path, std::strerror(errno)));
    }
    Schedule schedule;
    std::string why;
    if (!Schedule::Read(text, schedule, why)) {
      return Fail(ExitCode::kInvalid, fmt::format("{} is no schedule: {}", options_.scenario_path, why));
    }
    Report(schedule, sim::RunSchedule(schedule, {.progress = OneRunsProgress()}), true);
    return ExitCode::kOk;
  }

  std::function<void(Instant, Instant)> OneRunsProgress() {
    return [this](Instant now, Instant limit) {
      const double share = SecondsOf(now - Instant{}) / std::max(1.0, SecondsOf(limit - Instant{}));
      bar_.Show(share, fmt::format("{} of virtual time", sim::ClockText(now)));
    };
  }

  void RunSeeds() {
    const auto& [first, last] = options_.seeds;
    if (first == last) {
      const SwarmOptions options = SwarmOptions::FromSeed(first, options_.fixed);
      return Report({options, {}}, sim::RunSwarm(options, {.progress = OneRunsProgress()}), false);
    }
    std::vector<std::thread> workers;
    next_ = first;
    for (std::uint32_t i = 0; i < options_.jobs; ++i) workers.emplace_back([this] { Work(); });
    for (std::uint64_t seed = first; seed <= last; ++seed) {
      const SwarmResult result = Take(seed);
      Report({SwarmOptions::FromSeed(seed, options_.fixed), {}}, result, false);
      const double share = static_cast<double>(totals_.runs) / static_cast<double>(last - first + 1);
      bar_.Show(share, fmt::format("seed {}, {} of {} runs, {} failed", seed, totals_.runs, last - first + 1,
                                   totals_.failed));
    }
    for (std::thread& worker : workers) worker.join();
  }

  // A worker does not run ahead of what is reported by more than this.
  static constexpr std::uint64_t kAheadMax = 1024;

  void Work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return next_ > options_.seeds.last || next_ < taken_ + kAheadMax; });
      if (next_ > options_.seeds.last) return;
      const std::uint64_t seed = next_++;
      lock.unlock();
      SwarmResult result = sim::RunSwarm(SwarmOptions::FromSeed(seed, options_.fixed));
      lock.lock();
      results_.emplace(seed, std::move(result));
      changed_.notify_all();
    }
  }

  SwarmResult Take(std::uint64_t seed) {
    std::unique_lock lock(mutex_);
    taken_ = seed;
    changed_.notify_all();
    changed_.wait(lock, [&] { return results_.contains(seed); });
    return std::move(results_.extract(seed).mapped());
  }

  void Report(const Schedule& schedule, const SwarmResult& result, bool is_scheduled) {
    ++totals_.runs;
    totals_.failed += !result.findings.empty();
    totals_.calls += schedule.options.calls;
    totals_.datagrams += result.network.sent;
    totals_.lost += result.network.lost;
    totals_.virtual_time += result.lasted;
    std::string file;
    Schedule shown = schedule;
    bool is_shown_scheduled = is_scheduled;
    if (!result.findings.empty() && totals_.failed <= kSchedulesMax) {
      bar_.Clear();
      file = WriteSchedule(shown, result, is_shown_scheduled);
    }
    if (options_.json) {
      WriteJsonLine(out_, JsonOf(schedule.options, result, file));
    } else if (!result.findings.empty() || IsOneRun()) {
      bar_.Clear();
      Print(shown, result, file, is_shown_scheduled);
    }
    const bool is_first_of_page = !has_page_ && (!result.findings.empty() || IsOneRun());
    if (!options_.html_path.empty() && (is_first_of_page || schedule.options.seed == options_.seeds.last)) {
      if (!has_page_) WritePage(shown, is_shown_scheduled);
      has_page_ = true;
    }
  }

  bool IsOneRun() const {
    return !options_.scenario_path.empty() || options_.seeds.first == options_.seeds.last;
  }

  // Turns `schedule` into what failed, shortened if that is wanted; its file's name.
  std::string WriteSchedule(Schedule& schedule, const SwarmResult& result, bool& is_scheduled) {
    const std::string oracle = result.findings.front().oracle;
    if (!is_scheduled) schedule = sim::ScheduleOf(schedule.options);
    is_scheduled = true;
    if (options_.shrink) {
      const auto fails = [&](const Schedule& candidate) {
        const sim::Findings findings = sim::RunSchedule(candidate).findings;
        return std::any_of(findings.begin(), findings.end(),
                           [&](const sim::Finding& finding) { return finding.oracle == oracle; });
      };
      const sim::Shrunk shrunk = sim::Shrink(schedule, fails);
      if (!options_.json) {
        PrintTo(err_, "seed {}: shrunk from {} to {} lines in {} runs\n", schedule.options.seed,
                schedule.Lines(), shrunk.schedule.Lines(), shrunk.runs);
      }
      schedule = shrunk.schedule;
    }
    std::string name = fmt::format("seed-{}.schedule", schedule.options.seed);
    if (!options_.scenario_path.empty()) {
      if (!options_.shrink) return options_.scenario_path;
      name = "shrunk.schedule";
    }
    if (!options_.out.empty()) name = options_.out + "/" + name;
    if (!WriteFile(name, sim::AnnotatedText(schedule))) return {};
    return name;
  }

  bool WriteFile(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (file) return true;
    exit_ = Fail(ExitCode::kLocalResource, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
    return false;
  }

  void Print(const Schedule& schedule, const SwarmResult& result, const std::string& file,
             bool is_scheduled) {
    PrintTo(out_, "{}\n{}", schedule.options.Text(), FiguresText(schedule.options, result));
    if (result.findings.empty()) {
      PrintTo(out_, "  no oracle found anything\n");
      return;
    }
    PrintTo(out_, "{}", FindingsText(result.findings));
    if (totals_.failed > kSchedulesMax) return;
    PrintTo(out_, "{}", LadderText(schedule, is_scheduled));
    if (!file.empty()) PrintTo(out_, "run it again: sansip simulate --scenario {}\n", file);
  }

  static SwarmResult Again(const Schedule& schedule, bool is_scheduled) {
    const sim::SwarmWatch watch{.keep_trace = true};
    return is_scheduled ? sim::RunSchedule(schedule, watch) : sim::RunSwarm(schedule.options, watch);
  }

  static std::string LadderText(const Schedule& schedule, bool is_scheduled) {
    const SwarmResult result = Again(schedule, is_scheduled);
    return sim::TextLadder(result.world->trace(), result.world->Names(), {.lines_max = kLadderLines});
  }

  void WritePage(const Schedule& schedule, bool is_scheduled) {
    const SwarmResult result = Again(schedule, is_scheduled);
    const bool holds = result.findings.empty();
    PagePart part;
    part.title = fmt::format("Seed {}", schedule.options.seed);
    part.explanation = schedule.options.Text();
    part.figures = {{"calls", fmt::format("{}", schedule.options.calls)},
                    {"answered", fmt::format("{}", result.calls_answered)},
                    {"session refreshes", fmt::format("{}", result.refreshes)},
                    {"virtual time", sim::ClockText(Instant(result.lasted))},
                    {"datagrams", fmt::format("{}", result.network.sent)},
                    {"lost", fmt::format("{}", result.network.lost)}};
    if (holds) part.checks.push_back({"no oracle found anything", true});
    for (std::size_t i = 0; i < std::min(result.findings.size(), kFindingsShown); ++i) {
      part.checks.push_back({sim::TextOf({result.findings[i]}), false});
    }
    if (is_scheduled) part.text = schedule.Text();
    part.ladder_svg =
        sim::SvgLadder(result.world->trace(), result.world->Names(), part.title, {.lines_max = kPageLines});
    (void)WriteFile(
        options_.html_path,
        HtmlPage({.command = "simulate",
                  .heading = holds ? "As it should be" : "An oracle spoke",
                  .lead = "Production user agents under a virtual clock, and a network that does to "
                          "datagrams what it may.",
                  .parts = {part}}));
  }

  ExitCode Fail(ExitCode exit, const std::string& message) {
    bar_.Clear();
    PrintTo(err_, "sansip simulate: {}\n", message);
    return exit;
  }

  ExitCode End(ExitCode exit) {
    bar_.Clear();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    if (options_.json) {
      WriteJsonLine(out_, {{"event", "summary"},
                           {"runs", totals_.runs},
                           {"failed", totals_.failed},
                           {"calls", totals_.calls},
                           {"datagrams", totals_.datagrams},
                           {"lost", totals_.lost},
                           {"virtual_seconds", SecondsOf(totals_.virtual_time)},
                           {"seconds", seconds},
                           {"exit", static_cast<int>(exit)}});
    } else if (totals_.runs > 1) {
      PrintTo(out_, "{} runs, {} failed; {} calls, {} datagrams ({} lost), {} of virtual time in {:.1f} s\n",
              totals_.runs, totals_.failed, totals_.calls, totals_.datagrams, totals_.lost,
              sim::ClockText(Instant(totals_.virtual_time)), seconds);
    }
    return exit;
  }

  const SimulateOptions& options_;
  std::FILE* out_;
  std::FILE* err_;
  ProgressBar bar_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Totals totals_;
  ExitCode exit_ = ExitCode::kOk;
  bool has_page_ = false;

  std::mutex mutex_;  // of the following
  std::condition_variable changed_;
  std::uint64_t next_ = 0;   // seed to be run
  std::uint64_t taken_ = 0;  // seed that is waited for
  std::map<std::uint64_t, SwarmResult> results_;
};

}  // namespace

ExitCode RunSimulate(const SimulateOptions& options, std::FILE* out, std::FILE* err) {
  return Simulation(options, out, err).Run();
}

}  // namespace sansip::cli
