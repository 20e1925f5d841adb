// How fast the simulator is, on one core, by the processor's time, with all oracles on and with them off:
//
//   simulation_bench calls 20000   so many complete calls, two parties, one datagram in ten lost
//   simulation_bench day 10000     24 hours of so many calls at a time with session timers of 1800 s
//
//   --apart MS   the time between two calls' beginnings, and so how many are live; 20 unless said
//
// For instructions of one call: `valgrind --tool=callgrind` of `calls 1000 on` and `calls 3000 on`, and the
// difference divided by 2000 (`off`: without oracles).
#include <charconv>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/swarm.h"
#include "sansip/tests/sim/swarm_options.h"

namespace sansip::sim {
namespace {

SwarmOptions Calls(std::uint32_t calls, std::chrono::milliseconds apart) {
  SwarmOptions options;
  options.seed = 7;
  options.faults.loss = 100'000;
  options.faults.delay = std::chrono::milliseconds(20);
  options.faults.jitter = std::chrono::milliseconds(10);
  options.calls = calls;
  options.apart = apart;
  options.ring_for = std::chrono::seconds(2);
  return options;
}

SwarmOptions Day(std::uint32_t calls) {
  SwarmOptions options = Calls(calls, {});
  options.session_expires = 1800;
  options.talk_for = std::chrono::hours(24);
  options.apart = std::chrono::minutes(30) / calls;
  return options;
}

void Measure(const SwarmOptions& options, bool oracles) {
  const std::clock_t begin = std::clock();
  const SwarmResult result = RunSwarm(options, {.oracles = oracles});
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::cout << (oracles ? "oracles on:  " : "oracles off: ") << options.calls << " calls, "
            << result.calls_answered << " answered, " << result.refreshes << " refreshes, "
            << result.network.sent << " datagrams in " << seconds << " s of the processor, "
            << static_cast<std::uint64_t>(options.calls / seconds) << " calls a second; "
            << result.findings.size() << " findings\n";
}

// Above zero; 0: it is no such number.
std::uint32_t NumberOf(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  return std::from_chars(text.data(), end, number).ptr == end ? number : 0;
}

bool Main(std::vector<std::string_view> words) {
  std::uint32_t apart = 20;
  if (words.size() > 2 && words[words.size() - 2] == "--apart") {
    apart = NumberOf(words.back());
    words.resize(words.size() - 2);
    if (words.front() != "calls") return false;
  }
  if (words.size() < 2 || words.size() > 3) return false;
  const std::uint32_t calls = NumberOf(words[1]);
  const std::string_view which = words.size() == 3 ? words[2] : "";
  if (calls == 0 || apart == 0 || (words[0] != "calls" && words[0] != "day")) return false;
  if (!which.empty() && which != "on" && which != "off") return false;
  const SwarmOptions options =
      words[0] == "day" ? Day(calls) : Calls(calls, std::chrono::milliseconds(apart));
  if (which != "on") Measure(options, false);
  if (which != "off") Measure(options, true);
  return true;
}

}  // namespace
}  // namespace sansip::sim

int main(int argc, char** argv) {
  if (argc >= 3 && sansip::sim::Main({argv + 1, argv + argc})) return 0;
  std::cerr << "usage: simulation_bench calls|day COUNT [on|off] [--apart MS]\n";
  return 2;
}
