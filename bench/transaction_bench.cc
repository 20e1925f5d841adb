// What transactions cost by the clock, both sides in one thread, in memory, writing and parsing included:
// an OPTIONS with its 200, and a call of six messages, among so many live transactions; and what they hold
// of memory. docs/performance.md says how to read the figures. Ends with 1 if anything allocates.
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "benchmark/benchmark.h"
#include "sansip/bench/allocations.h"
#include "sansip/bench/times.h"
#include "sansip/bench/transaction_work.h"

namespace sansip {
namespace {

using Work = TransactionLoad::Work;

constexpr std::size_t kLive[] = {0, 100000, 500000};

std::size_t allocated = 0;  // by all of them

// Made once for all the runs of a benchmark: it takes seconds.
TransactionLoad& LoadOf(Work work, std::size_t live) {
  static std::unique_ptr<TransactionLoad> load;
  static std::pair<Work, std::size_t> made_for;
  if (load == nullptr || made_for != std::pair(work, live)) {
    load.reset();
    load = std::make_unique<TransactionLoad>(work, live);
    made_for = {work, live};
  }
  return *load;
}

void BM_Work(benchmark::State& state, Work work, std::size_t live) {
  TransactionLoad& load = LoadOf(work, live);
  for (int i = 0; i < 100; ++i) load.Run();
  const std::size_t before = AllocationCount();
  for (auto _ : state) load.Run();
  allocated += AllocationCount() - before;
  state.counters["live"] = static_cast<double>(load.pair().live()) / 2;
}

// A flow fails on which so many calls ring: one event, whatever their number.
void BM_FlowFailedAmong(benchmark::State& state) {
  const auto pair = std::make_unique<TransactionPair>();
  for (std::int64_t i = 0; i < state.range(0); ++i) pair->Ring();
  for (auto _ : state) pair->FailServersFlow();
}
BENCHMARK(BM_FlowFailedAmong)->Arg(100)->Arg(10000);

std::string NameOf(Work work, std::size_t live) {
  return (work == Work::kOptions ? "OptionsPair/" : "InviteCall/") + std::to_string(live);
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Work work : {Work::kOptions, Work::kCall}) {
    for (const std::size_t live : kLive) {
      benchmark::RegisterBenchmark(NameOf(work, live).c_str(),
                                   [=](benchmark::State& state) { BM_Work(state, work, live); });
    }
  }
  Times times;
  benchmark::RunSpecifiedBenchmarks(&times);
  for (const Work work : {Work::kOptions, Work::kCall}) {
    for (const std::size_t live : kLive) {
      const double ratio = times.Ratio(NameOf(work, live), NameOf(work, 0));
      if (live != 0 && ratio != 0) {
        std::cout << NameOf(work, live) << " takes " << ratio << " times as long as among none\n";
      }
    }
  }
  for (const std::size_t count : {std::size_t{100000}, std::size_t{140000}}) {
    std::cout << "of " << count << ": " << BytesPerPair(Held::kFinishedOptions, count)
              << " bytes per finished OPTIONS pair, " << BytesPerPair(Held::kRingingInvite, count)
              << " per ringing INVITE pair\n";
  }
  if (allocated == 0) return 0;
  std::cerr << "it allocates, and may not\n";
  return 1;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) { return sansip::Main(argc, argv); }
