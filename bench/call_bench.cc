// What a whole call costs by the clock, both sides in one thread, in memory, writing and parsing included,
// among so many calls that are up. What it costs in instructions says bench/call_instructions.
#include <cstddef>

#include "benchmark/benchmark.h"
#include "sansip/bench/user_agent_pair.h"

namespace sansip {
namespace {

void BM_Call(benchmark::State& state) {
  UserAgentPair pair(false);
  pair.EstablishMany(static_cast<std::size_t>(state.range(0)));
  for (int i = 0; i < 100; ++i) pair.RunCall();
  for (auto _ : state) pair.RunCall();
}
BENCHMARK(BM_Call)->Arg(0)->Arg(10000);

}  // namespace
}  // namespace sansip
