#include "sansip/cli/demo.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/agent.h"
#include "sansip/cli/loopback_trace.h"
#include "sansip/cli/page.h"
#include "sansip/cli/print.h"
#include "sansip/cli/reporter.h"
#include "sansip/cli/tone.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/ladder_svg.h"
#include "sansip/tests/sim/long_call.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/os_random.h"

namespace sansip::cli {
namespace {

constexpr std::uint32_t kToneHz = 440;
constexpr double kTalkSeconds = 3;
constexpr double kHeardSecondsMin = 2.4;  // of them: the playout delay and a late packet are forgiven
constexpr Duration kLiveMax = std::chrono::seconds(20);
constexpr int kHours = 8;
constexpr std::size_t kLadderLines = 44;

double SecondsOf(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

AgentOptions PartyOptions(const char* user) {
  AgentOptions options;
  options.user = user;
  options.listen = {{Transport::kUdp, *ParseIp("127.0.0.1", 0)}};
  options.media.ports = {.min = 20000, .max = 59999};  // some pair of them is free on any machine
  options.calls = 1;
  return options;
}

struct LiveCall {
  std::unique_ptr<LoopbackTrace> trace;
  Agent::Totals caller, callee;
  bool is_over = false;
};

absl::StatusOr<LiveCall> RunLiveCall(const std::string& wav_path) {
  absl::StatusOr<EventLoop> loop = EventLoop::Create();
  if (!loop.ok()) return loop.status();
  OsRandom random;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> quiet(std::fopen("/dev/null", "w"), &std::fclose);
  if (quiet == nullptr) return absl::InternalError("cannot open /dev/null");
  Reporter reporter(false, loop->Now(), quiet.get(), stderr);

  AgentOptions callee_options = PartyOptions("bob");
  callee_options.media.echo = true;
  callee_options.ring_for = std::chrono::milliseconds(400);
  auto callee = Agent::Create(callee_options, &*loop, &random, &reporter);
  if (!callee.ok()) return callee.status();

  AgentOptions caller_options = PartyOptions("alice");
  caller_options.is_caller = true;
  caller_options.target = fmt::format("sip:bob@{}", TextOf((*callee)->bound().front().address).view());
  caller_options.media.tone_hz = kToneHz;
  caller_options.media.record_path = wav_path;
  caller_options.hangup_after = std::chrono::seconds(3);
  auto caller = Agent::Create(caller_options, &*loop, &random, &reporter);
  if (!caller.ok()) return caller.status();

  LiveCall live;
  live.trace = std::make_unique<LoopbackTrace>(loop->Now());
  (*caller)->Observe(live.trace->side(0));
  (*callee)->Observe(live.trace->side(1));
  const Instant give_up = After(loop->Now(), kLiveMax);
  (*caller)->Start();
  while (loop->Now() < give_up && !live.is_over) {
    (*caller)->Step(std::min(give_up, (*callee)->next_deadline()));
    (*callee)->Step(loop->Now());
    live.is_over = (*caller)->is_done() && (*callee)->is_done();
  }
  live.caller = (*caller)->totals();
  live.callee = (*callee)->totals();
  return live;
}

absl::StatusOr<PagePart> LivePart(const std::string& wav_path) {
  absl::StatusOr<LiveCall> live = RunLiveCall(wav_path);
  if (!live.ok()) return live.status();
  const absl::StatusOr<Recording> recording = ReadRecording(wav_path);
  if (!recording.ok()) return recording.status();
  const ToneFacts tone = MeasureTone(*recording, kToneHz);
  const rtp::SessionStatistics& heard = live->caller.last_heard.session;

  PagePart part;
  part.title = "A call over loopback";
  part.explanation = fmt::format(
      "alice calls bob over UDP on 127.0.0.1 and plays a tone of {} Hz for three seconds; bob sends back "
      "what he "
      "hears; alice records it.",
      kToneHz);
  const std::vector<std::string> names = {"alice", "bob"};
  part.ladder_text = sim::TextLadder(live->trace->trace(), names);
  part.ladder_svg = sim::SvgLadder(live->trace->trace(), names, part.title);
  part.figures = {{"SIP messages", fmt::format("{}", live->trace->messages())},
                  {"RTP sent", fmt::format("{} packets", heard.packets_sent)},
                  {"RTP received", fmt::format("{} packets", heard.packets_received)},
                  {"jitter", fmt::format("{:.1f} ms", heard.jitter / 8.0)},
                  {"tone heard", fmt::format("{:.2f} s", tone.seconds)}};
  part.checks = {
      {"the call was answered and ended by alice's BYE", live->is_over && live->caller.ok == 1},
      {"bob was told that it ended", live->callee.ok == 1},
      {fmt::format("{} Hz came back for at least {} s of {}", kToneHz, kHeardSecondsMin, kTalkSeconds),
       tone.seconds >= kHeardSecondsMin},
  };
  return part;
}

PagePart LongPart() {
  const auto begin = std::chrono::steady_clock::now();
  sim::LongCallOptions options;
  options.duration = std::chrono::hours(kHours);
  const sim::LongCall run = sim::RunLongCall(options);
  const double seconds = SecondsOf(std::chrono::steady_clock::now() - begin);
  const sim::LongCallFigures& figures = run.figures;

  PagePart part;
  part.title = "Eight hours, through 10 % loss, in virtual time";
  part.explanation =
      "The same user agents under a virtual clock that jumps from event to event. The session interval is "
      "1800 s: "
      "without a refresh every 15 minutes the call would end by itself. The ladder has its beginning and its "
      "end.";
  part.ladder_text = run.Text(kLadderLines);
  part.ladder_svg = run.Svg(kLadderLines);
  part.figures = {{"call lasted", fmt::format("{:.3f} h", SecondsOf(figures.lasted) / 3600)},
                  {"computed in", fmt::format("{:.3f} s", seconds)},
                  {"datagrams", fmt::format("{}", figures.datagrams)},
                  {"lost", fmt::format("{}", figures.lost)},
                  {"retransmissions", fmt::format("{}", figures.retransmissions)},
                  {"session refreshes", fmt::format("{}", figures.refreshes)}};
  // Refreshed at half the interval of 1800 s.
  constexpr std::uint64_t kRefreshesMin = kHours * 3600 / 1800;
  part.checks = {
      {"the call was answered and lasted eight hours, and both sides saw it end",
       figures.answered && figures.ended_as_planned && figures.lasted >= std::chrono::hours(kHours)},
      {fmt::format("the session was refreshed at least {} times", kRefreshesMin),
       figures.refreshes >= kRefreshesMin},
      {"datagrams were lost and recovered", figures.lost > 0 && figures.retransmissions > 0},
      {"no oracle found anything: retransmission gaps, ACKs, finals, CSeq, branches, deadlines",
       figures.findings.empty()},
  };
  for (const sim::Finding& finding : figures.findings) {
    part.checks.push_back({fmt::format("{}: {}", finding.oracle, finding.text), false});
  }
  return part;
}

void Print(const PagePart& part) {
  PrintTo(stdout, "\n{}\n{}\n\n{}\n\n{}\n", part.title, std::string(part.title.size(), '='), part.explanation,
          part.ladder_text);
  for (const PageFigure& figure : part.figures) PrintTo(stdout, "  {:<20} {}\n", figure.name, figure.value);
  for (const PageCheck& check : part.checks)
    PrintTo(stdout, "  [{}] {}\n", check.holds ? "ok" : "FAILED", check.text);
  std::fflush(stdout);
}

std::string OutFolder(const DemoOptions& options) {
  if (!options.out.empty()) return options.out;
  const char* const workspace = std::getenv("BUILD_WORKING_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  return workspace != nullptr && *workspace != '\0' ? workspace : ".";
}

bool Holds(const PagePart& part) {
  return std::all_of(part.checks.begin(), part.checks.end(),
                     [](const PageCheck& check) { return check.holds; });
}

ExitCode End(const DemoOptions& options, ExitCode exit, const std::vector<PagePart>& parts,
             const std::string& error) {
  if (!error.empty()) PrintTo(stderr, "sansip demo: {}\n", error);
  if (!options.json) return exit;
  nlohmann::ordered_json line = {{"event", "summary"},
                                 {"calls", parts.size()},
                                 {"ok", std::count_if(parts.begin(), parts.end(), Holds)},
                                 {"exit", static_cast<int>(exit)}};
  if (!error.empty()) line["message"] = error;
  nlohmann::ordered_json shown = nlohmann::ordered_json::array();
  for (const PagePart& part : parts) {
    nlohmann::ordered_json one = {{"title", part.title}};
    for (const PageFigure& figure : part.figures) one["figures"][figure.name] = figure.value;
    for (const PageCheck& check : part.checks) one["checks"][check.text] = check.holds;
    shown.push_back(one);
  }
  line["parts"] = shown;
  WriteJsonLine(stdout, line);
  return exit;
}

}  // namespace

ExitCode RunDemo(const DemoOptions& options) {
  const std::string folder = OutFolder(options);
  const std::string wav_path = folder + "/demo.wav";
  const std::string html_path = folder + "/demo.html";
  std::vector<PagePart> parts;
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return End(
        options, ExitCode::kLocalResource, parts,
        fmt::format("cannot write to {}: {}: name another folder with --out", folder, std::strerror(errno)));
  }
  absl::StatusOr<PagePart> live = LivePart(wav_path);
  if (!live.ok()) return End(options, ExitCode::kLocalResource, parts, std::string(live.status().message()));
  parts.push_back(*std::move(live));
  if (!options.json) Print(parts.back());
  parts.push_back(LongPart());
  if (!options.json) Print(parts.back());

  std::ifstream wav(wav_path, std::ios::binary);
  const std::string sound(std::istreambuf_iterator<char>(wav), {});
  std::ofstream html(html_path, std::ios::binary);
  parts.front().wav = sound;
  const bool all_hold = std::all_of(parts.begin(), parts.end(), Holds);
  html << HtmlPage(
      {.command = "demo",
       .heading = all_hold ? "Two calls, both as they should be" : "Something did not hold",
       .lead = "The same protocol machines twice: once on real sockets with real audio, once under a "
               "virtual clock and a network that loses every tenth datagram.",
       .parts = parts});
  html.close();
  if (!html) {
    return End(
        options, ExitCode::kLocalResource, parts,
        fmt::format("cannot write {}: {}: name another folder with --out", html_path, std::strerror(errno)));
  }
  const ExitCode exit = all_hold ? ExitCode::kOk : ExitCode::kInternal;
  if (!options.json) PrintTo(stdout, "\n{}\n{}\n", wav_path, html_path);
  return End(options, exit, parts, exit == ExitCode::kOk ? "" : "a check failed");
}

}  // namespace sansip::cli
