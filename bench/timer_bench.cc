// What a timer costs among a million: started, restarted, expired. Beside the deadline queue two that one
// would write first: a std::multimap, and a std::priority_queue that leaves behind what was restarted.
// Times are those of the thread; what counts is their ratio, in one run.
#include <time.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"
#include "sansip/bench/times.h"
#include "sansip/core/base/time.h"
#include "sansip/core/timer/deadline_queue.h"

namespace sansip {
namespace {

constexpr std::uint32_t kLive = 1000000;
constexpr std::uint32_t kBatch = 4096;

class Runs {
 public:
  static constexpr const char* kName = "DeadlineQueue";
  void Set(std::uint32_t owner, Instant at) { queue_.Set(owner, at, queue_.NextOrder()); }
  void Remove(std::uint32_t owner) { queue_.Remove(owner); }
  std::uint32_t Expire() {
    const std::uint32_t owner = queue_.Earliest()->owner;
    queue_.Remove(owner);
    return owner;
  }

 private:
  DeadlineQueue queue_;
};

class SortedMap {
 public:
  static constexpr const char* kName = "std::multimap";
  SortedMap() : places_(kLive + kBatch, deadlines_.end()) {}
  void Set(std::uint32_t owner, Instant at) {
    Remove(owner);
    places_[owner] = deadlines_.emplace(at, owner);
  }
  void Remove(std::uint32_t owner) {
    if (places_[owner] == deadlines_.end()) return;
    deadlines_.erase(places_[owner]);
    places_[owner] = deadlines_.end();
  }
  std::uint32_t Expire() {
    const std::uint32_t owner = deadlines_.begin()->second;
    Remove(owner);
    return owner;
  }

 private:
  std::multimap<Instant, std::uint32_t> deadlines_;
  std::vector<std::multimap<Instant, std::uint32_t>::iterator> places_;
};

class LazyHeap {
 public:
  static constexpr const char* kName = "std::priority_queue";
  LazyHeap() : current_(kLive + kBatch) {}
  void Set(std::uint32_t owner, Instant at) {
    current_[owner] = ++last_order_;
    deadlines_.emplace(at, last_order_, owner);
  }
  void Remove(std::uint32_t owner) { current_[owner] = 0; }
  std::uint32_t Expire() {
    for (;;) {
      const auto [at, order, owner] = deadlines_.top();
      deadlines_.pop();
      if (current_[owner] != order) continue;
      current_[owner] = 0;
      return owner;
    }
  }

 private:
  using Entry = std::tuple<Instant, std::uint64_t, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> deadlines_;
  std::vector<std::uint64_t> current_;  // by owner, 0: none
  std::uint64_t last_order_ = 0;
};

enum class Durations { kOfSip, kAny };

// A million timers begun at random times; from then on as many end as begin.
template <typename Queue>
class Timers {
 public:
  explicit Timers(Durations durations) : durations_(durations) {
    for (std::uint32_t owner = 0; owner < kLive; ++owner) queue_.Set(owner, Next());
    // What ends begins again, until the deadlines lie as they do after hours.
    for (std::uint32_t i = 0; i < 2 * kLive; ++i) queue_.Set(queue_.Expire(), Next());
  }
  void Start() {
    for (std::uint32_t i = 0; i < kBatch; ++i) queue_.Set(kLive + i, Next());
  }
  void StopStarted() {
    for (std::uint32_t i = 0; i < kBatch; ++i) queue_.Remove(kLive + i);
  }
  void Restart() {
    for (std::uint32_t i = 0; i < kBatch; ++i) queue_.Set(Random() % kLive, Next());
  }
  void Expire() {
    for (std::uint32_t& owner : expired_) owner = queue_.Expire();
  }
  void StartExpired() {
    for (const std::uint32_t owner : expired_) queue_.Set(owner, Next());
  }

 private:
  // The instant for the next timer; time passes.
  Instant Next() {
    using std::chrono::milliseconds;
    // Timers A and E, the 100 of both kinds, I and K, and those of 64*T1, of which most are.
    static constexpr std::array<milliseconds, 16> kOfSip = {
        milliseconds(500),   milliseconds(1000),  milliseconds(2000),  milliseconds(4000),
        milliseconds(8000),  milliseconds(16000), milliseconds(200),   milliseconds(3500),
        milliseconds(5000),  milliseconds(5000),  milliseconds(32000), milliseconds(32000),
        milliseconds(32000), milliseconds(32000), milliseconds(32000), milliseconds(64000)};
    now_ += std::chrono::microseconds(10);
    if (durations_ == Durations::kOfSip) return now_ + kOfSip[Random() % kOfSip.size()];
    return now_ + milliseconds(500) + Duration(static_cast<std::int64_t>(Random()) * 15);
  }
  std::uint32_t Random() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 32);
  }

  Durations durations_;
  std::uint64_t state_ = 7;
  Instant now_{};
  Queue queue_;
  std::array<std::uint32_t, kBatch> expired_{};
};

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Times `work`, and undoes it untimed; a batch is one iteration.
template <typename Timers>
void Measure(benchmark::State& state, Timers& timers, void (Timers::*work)(), void (Timers::*undo)()) {
  for (auto _ : state) {
    const double began = ThreadSeconds();
    (timers.*work)();
    state.SetIterationTime(ThreadSeconds() - began);
    if (undo != nullptr) (timers.*undo)();
  }
}

std::string NameOf(const char* work, const char* queue, Durations durations) {
  return std::string(work) + "/" + queue + (durations == Durations::kAny ? "/any" : "/sip");
}

template <typename Queue>
void Register(Durations durations) {
  using Of = Timers<Queue>;
  const auto timers = std::make_shared<std::unique_ptr<Of>>();  // made when it is first used
  const auto add = [&](const char* work, void (Of::*run)(), void (Of::*undo)()) {
    benchmark::RegisterBenchmark(NameOf(work, Queue::kName, durations).c_str(),
                                 [=](benchmark::State& state) {
                                   if (*timers == nullptr) *timers = std::make_unique<Of>(durations);
                                   Measure(state, **timers, run, undo);
                                 })
        ->UseManualTime()
        ->Iterations(100);
  };
  add("Start", &Of::Start, &Of::StopStarted);
  add("Restart", &Of::Restart, nullptr);
  add("Expire", &Of::Expire, &Of::StartExpired);
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Durations durations : {Durations::kOfSip, Durations::kAny}) {
    Register<Runs>(durations);
    Register<SortedMap>(durations);
    Register<LazyHeap>(durations);
  }
  Times times;
  benchmark::RunSpecifiedBenchmarks(&times);
  for (const Durations durations : {Durations::kOfSip, Durations::kAny}) {
    for (const char* work : {"Start", "Restart", "Expire"}) {
      const std::string own = NameOf(work, Runs::kName, durations);
      std::cout << own << ": " << times.NanosecondsOf(own) / kBatch << " ns a timer";
      for (const char* other : {SortedMap::kName, LazyHeap::kName}) {
        std::cout << ", " << times.Ratio(NameOf(work, other, durations), own) << " times that in " << other;
      }
      std::cout << "\n";
    }
  }
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) { return sansip::Main(argc, argv); }
