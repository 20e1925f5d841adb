// Runs of a stack with a fault, each in a process of its own: one that dies of a failed CHECK, or does not
// come back, is a find like any other.
#ifndef SANSIP_TESTS_SIM_FAULTS_TRIAL_H_
#define SANSIP_TESTS_SIM_FAULTS_TRIAL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sansip/tests/sim/schedule.h"
#include "sansip/tests/sim/shrink.h"
#include "sansip/tests/sim/swarm.h"

namespace sansip::sim {

struct Find {
  std::uint64_t seed = 0;
  std::string what;  // the oracle that spoke first; "died" of a CHECK or of taking too long
};

// The first seed from 1 to `seeds_max` whose run is not as it should be.
std::optional<Find> FindBySeeds(std::uint64_t seeds_max, const SwarmWatch& watch = {});

// The find's schedule, shrunk; what fails is any run that dies or has a finding of the same oracle.
Shrunk ShrinkFind(const Find& find, const SwarmWatch& watch = {});

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_FAULTS_TRIAL_H_
