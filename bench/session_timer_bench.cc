// What session timers cost: a negotiation, and a million calls whose sessions are refreshed every 900 s, in
// one thread, the wire of each refresh included. docs/performance.md says what the goals are.
#include <time.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "sansip/core/base/check.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parser.h"
#include "sansip/core/message/writer.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/session_timer/session_timer.h"

namespace sansip {
namespace {

constexpr std::uint32_t kCalls = 1'000'000;
constexpr std::uint32_t kInterval = 1800;

const SessionTimerFacts kRequest{.supported = true, .session_expires = kInterval};
const SessionTimerHeaders kSent{.session_expires = kInterval};

// The answer to a request, and what its 2xx agrees.
void BM_Negotiate(benchmark::State& state) {
  const SessionTimerWish wish;
  SessionTimerFacts request = kRequest;
  for (auto _ : state) {
    benchmark::DoNotOptimize(request);
    const SessionTimerAnswer answer = AnswerSessionTimer(wish, request);
    SessionTimerFacts facts;
    facts.session_expires = answer.session_expires;
    facts.refresher = answer.refresher;
    benchmark::DoNotOptimize(AgreementFrom2xx(wish, kSent, facts));
  }
}
BENCHMARK(BM_Negotiate);

// What is written into a refresh.
void BM_HeadersForRefresh(benchmark::State& state) {
  const SessionTimerWish wish;
  SessionTimerMemory memory{.interval = kInterval, .we_refresh = true};
  for (auto _ : state) {
    benchmark::DoNotOptimize(memory);
    benchmark::DoNotOptimize(HeadersForRefresh(wish, memory));
  }
}
BENCHMARK(BM_HeadersForRefresh);

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// A million dialogs' timers in one deadline queue. A refresh is written as an UPDATE; its 200 is read.
class ManyCalls {
 public:
  ManyCalls() {
    timers_.reserve(kCalls);
    const SessionTimerFacts answer = Agreed();
    for (std::uint32_t i = 0; i < kCalls; ++i) {
      SessionTimer& timer = timers_.emplace_back(wish_, true);
      SessionTimerFacts facts = answer;
      facts.allows_update = true;
      // The calls begin evenly over the time between two refreshes.
      timer.On2xxReceived(Instant(std::chrono::microseconds(std::uint64_t{i} * 900)), Method::kInvite, 1,
                          kSent, facts);
      queue_.Set(i, timer.next_deadline(), queue_.NextOrder());
    }
    response_ =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds\r\n"
        "To: <sip:bob@example.com>;tag=8321234356\r\nFrom: <sip:alice@example.com>;tag=1928301774\r\n"
        "Call-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 2 UPDATE\r\nContact: <sip:bob@192.0.2.4>\r\n"
        "Require: timer\r\nSupported: timer\r\nSession-Expires: 1800;refresher=uac\r\nContent-Length: "
        "0\r\n\r\n";
  }

  // All deadlines of so much time.
  std::uint64_t RunFor(Duration time) {
    std::uint64_t refreshes = 0;
    SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> out;
    if (now_ == Instant{}) now_ = queue_.next_deadline();
    const Instant end = now_ + time;
    while (queue_.next_deadline() <= end) {
      const std::uint32_t call = queue_.Earliest()->owner;
      now_ = queue_.next_deadline();
      SessionTimer& timer = timers_[call];
      out.Clear();
      timer.OnDeadline(now_, out);
      if (!out.empty()) {
        Refresh(timer);
        ++refreshes;
      }
      queue_.Set(call, timer.next_deadline(), queue_.NextOrder());
    }
    now_ = end;
    return refreshes;
  }

 private:
  static SessionTimerFacts Agreed() {
    SessionTimerFacts facts;
    facts.session_expires = kInterval;
    facts.refresher = Refresher::kUac;
    return facts;
  }

  void Refresh(SessionTimer& timer) {
    const SessionTimerHeaders headers = timer.HeadersForRequest();
    const SessionTimerLines lines(headers);
    lines_.assign({{HeaderId::kVia, "SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds", {}},
                   {HeaderId::kMaxForwards, "70", {}},
                   {HeaderId::kFrom, "<sip:alice@example.com>;tag=1928301774", {}},
                   {HeaderId::kTo, "<sip:bob@example.com>;tag=8321234356", {}},
                   {HeaderId::kCallId, "a84b4c76e66710@pc33.example.com", {}},
                   {HeaderId::kCSeq, "2 UPDATE", {}},
                   {HeaderId::kContact, "<sip:alice@pc33.example.com>", {}},
                   {HeaderId::kSupported, "timer", {}}});
    lines_.insert(lines_.end(), lines.lines().begin(), lines.lines().end());
    Writer writer(wire_);
    writer.RequestLine("UPDATE", "sip:bob@192.0.2.4");
    writer.Headers(lines_);
    writer.Body({});
    SANSIP_CHECK(writer.error() == WriteError::kNone);
    SANSIP_CHECK(parser_.Parse(response_, Framing::kDatagram, index_).ok());
    timer.On2xxReceived(now_, Method::kUpdate, 2, headers,
                        ReadSessionTimerFacts(MessageView(response_, index_)));
  }

  const SessionTimerWish wish_;
  std::vector<SessionTimer> timers_;
  DeadlineQueue queue_;
  Instant now_{};
  std::vector<HeaderLine> lines_;
  std::string response_;
  Parser parser_;
  MessageIndex index_;
  std::array<char, 4096> wire_{};
};

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  ManyCalls calls;
  calls.RunFor(std::chrono::seconds(10));
  constexpr std::chrono::seconds kTime(100);
  const double before = ThreadSeconds();
  const std::uint64_t refreshes = calls.RunFor(kTime);
  const double seconds = ThreadSeconds() - before;
  std::cout << kCalls << " calls, interval " << kInterval << " s: " << refreshes / kTime.count()
            << " refreshes a second, " << 1e9 * seconds / static_cast<double>(refreshes) << " ns each, "
            << 100 * seconds / static_cast<double>(kTime.count()) << " % of a core; " << sizeof(SessionTimer)
            << " bytes of timer a call\n";
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) { return sansip::Main(argc, argv); }
