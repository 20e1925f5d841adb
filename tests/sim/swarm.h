// A run drawn from a seed, or laid down by a schedule. Two phases: calls under faults, then the network heals
// and everything must be gone within 64*T1 and a margin.
#ifndef SANSIP_TESTS_SIM_SWARM_H_
#define SANSIP_TESTS_SIM_SWARM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/sim/media.h"
#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/schedule.h"
#include "sansip/tests/sim/swarm_options.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {

// How a run is watched; but for `alter`, nothing of it changes the run.
struct SwarmWatch {
  bool oracles = true;
  bool keep_trace = false;                      // in SwarmResult::world
  Network::OnDeviation on_deviation = nullptr;  // what the network did, for a schedule
  // A fault planted in every node: NodeOptions::alter.
  std::function<void(std::string_view wire, std::vector<std::string>& sent)> alter = nullptr;
  MediaFault media_fault = MediaFault::kNone;
  std::function<void(Instant now, Instant limit)> progress = nullptr;  // every few thousand events
};

struct SwarmResult {
  std::uint64_t hash = 0;
  std::uint64_t events = 0;
  Findings findings;
  NetworkFigures network;
  std::uint32_t calls_answered = 0;
  std::uint64_t refreshes = 0;
  std::uint64_t forked = 0, answered_again = 0;  // INVITEs, and 2xx of further branches
  Duration lasted = Duration::zero();
  std::unique_ptr<World> world;  // with keep_trace
};

SwarmResult RunSwarm(const SwarmOptions& options, const SwarmWatch& watch = {});
SwarmResult RunSchedule(const Schedule& schedule, const SwarmWatch& watch = {});

// The schedule of a run of these options: all that its network did.
Schedule ScheduleOf(const SwarmOptions& options);

// Its text, with what its run finds above it and what each line befalls behind it: runs it.
std::string AnnotatedText(const Schedule& schedule);

// With transactions' arrows, and cut in the middle. For failure texts: it runs the same again.
std::string LadderOf(const SwarmOptions& options, std::size_t lines_max = 400);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SWARM_H_
