#include "sansip/cli/run_agent.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "fmt/core.h"
#include "sansip/cli/agent.h"
#include "sansip/cli/live_ladder.h"
#include "sansip/cli/print.h"
#include "sansip/cli/reporter.h"
#include "sansip/transport/event_loop.h"
#include "sansip/transport/os_random.h"

namespace sansip::cli {
namespace {

std::string Text(const absl::Status& status) { return std::string(status.message()); }

// What would fail at the first call anyway: better before anybody is called.
absl::Status CheckMedia(const MediaChoice& choice, const SocketAddress& local, EventLoop& loop,
                        RandomSource& random) {
  rtp::MediaOptions trial = MediaOptionsOf(choice, local);
  if (const auto endpoint = rtp::MediaEndpoint::Open(loop, random, trial); !endpoint.ok())
    return endpoint.status();
  if (choice.record_path.empty() || access(choice.record_path.c_str(), W_OK) == 0) return absl::OkStatus();
  const std::size_t slash = choice.record_path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : choice.record_path.substr(0, slash + 1);
  if (errno == ENOENT && access(folder.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("cannot record to {}: {}", choice.record_path, std::strerror(errno)));
}

ExitCode Fail(Reporter& reporter, Instant now, ExitCode exit, const std::string& message) {
  reporter.Error(now, 0, exit, message);
  reporter.Summary(0, 0, exit, 0);
  return exit;
}

// One wish to end may come as two signals: timeout(1) sends to the process and then to its group.
constexpr Duration kSameSignalMax = std::chrono::milliseconds(50);

// Until the end, or the second signal.
void Run(Agent& agent, EventLoop& loop, Reporter& reporter, bool& is_signalled) {
  int first_signal = 0;
  Instant first_at;
  while (!agent.is_done()) {
    agent.Step(kNever);
    if (std::ferror(stdout) != 0 && !is_signalled) {  // nobody hears how it goes on: end what is open
      is_signalled = true;
      agent.Shutdown();
    }
    while (const int signal = loop.TakeSignal()) {
      if (signal == first_signal && loop.Now() - first_at < kSameSignalMax) continue;
      if (is_signalled) return agent.Abandon();
      is_signalled = true;
      first_signal = signal;
      first_at = loop.Now();
      reporter.Note(loop.Now(), 0,
                    fmt::format("{}: ending what is open; once more: at once", strsignal(signal)));
      agent.Shutdown();
    }
  }
}

}  // namespace

ExitCode RunAgent(const AgentOptions& options) {
  absl::StatusOr<EventLoop> loop = EventLoop::Create();
  if (!loop.ok()) {
    PrintTo(stderr, "sansip: {}\n", Text(loop.status()));
    return ExitCode::kLocalResource;
  }
  (void)std::signal(SIGPIPE, SIG_IGN);  // a call is not left open because nobody reads about it
  const Instant zero = loop->Now();
  Reporter reporter(options.output.json, zero, stdout, stderr);
  OsRandom random;
  if (const absl::Status status = loop->CatchSignals({SIGINT, SIGTERM, SIGHUP}); !status.ok()) {
    return Fail(reporter, zero, ExitCode::kLocalResource, Text(status));
  }
  const auto created = Agent::Create(options, &*loop, &random, &reporter);
  if (!created.ok()) return Fail(reporter, loop->Now(), ExitCode::kLocalResource, Text(created.status()));
  Agent& agent = **created;
  const absl::Status media = options.registers_only || options.task != AgentTask::kCalls
                                 ? absl::OkStatus()
                                 : CheckMedia(options.media, agent.bound().front().address, *loop, random);
  if (!media.ok()) return Fail(reporter, loop->Now(), ExitCode::kLocalResource, Text(media));

  std::optional<LiveLadder> ladder;
  if (options.output.verbose) agent.Observe(&ladder.emplace(zero, &agent.driver(), stderr));
  bool is_signalled = false;
  agent.Start();
  Run(agent, *loop, reporter, is_signalled);
  agent.CloseState();

  const Agent::Totals& totals = agent.totals();
  // A callee runs until it is told to end.
  const bool is_endless = !options.is_caller || options.task == AgentTask::kSubscribe;
  const bool is_told = is_signalled && is_endless && totals.status == 0;
  ExitCode exit = is_told ? ExitCode::kOk : totals.exit;
  if (!agent.is_trace_complete() && exit == ExitCode::kOk) {
    exit = ExitCode::kLocalResource;
    reporter.Error(
        loop->Now(), 0, exit,
        fmt::format("{}: the trace is not complete: is the disk full?", options.output.trace_path));
  }
  if (!agent.is_state_complete() && exit == ExitCode::kOk) exit = ExitCode::kLocalResource;
  const UserAgentCounters& counted = agent.user_agent().counters();
  reporter.Summary(totals.calls, totals.ok, exit, totals.status,
                   &agent.user_agent().transaction_layer().counters(),
                   {.refreshes_sent = counted.refreshes_sent,
                    .refreshes_received = counted.refreshes_received,
                    .refreshes_failed = counted.refreshes_failed,
                    .sessions_expired = counted.sessions_expired,
                    .tolerated = counted.session_timers_tolerated});
  return exit;
}

}  // namespace sansip::cli
