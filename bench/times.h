// Prints what was measured, as Google Benchmark does, and keeps the processor times by name, so that a
// program can end with ratios: those say something on any machine.
#ifndef SANSIP_BENCH_TIMES_H_
#define SANSIP_BENCH_TIMES_H_

#include <map>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"

namespace sansip {

class Times : public benchmark::ConsoleReporter {
 public:
  Times() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      nanoseconds_[run.run_name.function_name] = TimeOf(run);
    }
  }
  // Of an iteration; 0 where it was not measured.
  double NanosecondsOf(const std::string& name) const {
    const auto found = nanoseconds_.find(name);
    return found == nanoseconds_.end() ? 0 : found->second;
  }
  double Ratio(const std::string& name, const std::string& to) const {
    const double under = NanosecondsOf(to);
    return under == 0 ? 0 : NanosecondsOf(name) / under;
  }

 private:
  // A time that the program takes itself stands where the real one would.
  static double TimeOf(const Run& run) {
    return run.run_name.time_type.empty() ? run.GetAdjustedCPUTime() : run.GetAdjustedRealTime();
  }
  std::map<std::string, double> nanoseconds_;
};

}  // namespace sansip

#endif  // SANSIP_BENCH_TIMES_H_
