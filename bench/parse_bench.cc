// The parser, the framer and the writer by the clock, over bench/messages. docs/performance.md says how to
// read the figures. Ends with 1 if anything measured here allocates.
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "benchmark/benchmark.h"
#include "sansip/bench/allocations.h"
#include "sansip/bench/input.h"
#include "sansip/bench/work.h"

namespace sansip {
namespace {

constexpr int kCountedRuns = 100;

std::size_t allocated = 0;  // by all of them

template <typename Work>
void Measure(benchmark::State& state, std::string_view bytes, Work& work) {
  if (!work.Run(bytes)) {
    state.SkipWithError("refused");
    return;
  }
  const std::size_t before = AllocationCount();
  for (int i = 0; i < kCountedRuns; ++i) work.Run(bytes);
  const std::size_t made = AllocationCount() - before;
  allocated += made;
  for (auto _ : state) {
    work.Run(bytes);
    benchmark::DoNotOptimize(work);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(bytes.size()));
  state.counters["allocations"] = static_cast<double>(made) / kCountedRuns;
}

// Its name ends with the input's; a work that keeps something of the input is made with it.
template <typename Work>
void Register(const std::string& work_name, std::string_view input) {
  benchmark::RegisterBenchmark((work_name + "/" + std::string(input)).c_str(),
                               [bytes = ReadInput(input)](benchmark::State& state) {
                                 if constexpr (std::is_constructible_v<Work, std::string_view>) {
                                   Work work(bytes);
                                   Measure(state, bytes, work);
                                 } else {
                                   Work work;
                                   Measure(state, bytes, work);
                                 }
                               });
}

// Prints what was measured, and at the end what each ParseAndRead costs in passes over its bytes.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration && !run.error_occurred) {
        nanoseconds_[run.benchmark_name()] = run.GetAdjustedCPUTime();
      }
    }
  }
  void PrintRatios() const {
    for (const std::string_view input : kInputs) {
      const auto whole = nanoseconds_.find("ParseAndRead/" + std::string(input));
      const auto floor = nanoseconds_.find("FindLinesAndColons/" + std::string(input));
      if (whole == nanoseconds_.end() || floor == nanoseconds_.end()) continue;
      std::cout << "ParseAndRead/" << input << " takes as long as " << whole->second / floor->second
                << (FindLinesAndColons::IsVectorised() ? " AVX2" : " plain") << " passes over its bytes\n";
    }
  }

 private:
  std::map<std::string, double> nanoseconds_;
};

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const std::string_view input : kInputs) Register<FindLinesAndColons>("FindLinesAndColons", input);
  for (const std::string_view input : kInputs) Register<ParseOnly>("Parse", input);
  for (const std::string_view input : kInputs) Register<ParseAndRead>("ParseAndRead", input);
  for (const std::string_view input : kInputs) Register<FrameStream>("FrameStream", input);
  Register<WriteRequest>("WriteRequest", "invite");
  Register<WriteOk>("WriteOk", "invite");
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.PrintRatios();
  if (allocated == 0) return 0;
  std::cerr << "it allocates, and may not\n";
  return 1;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) { return sansip::Main(argc, argv); }
