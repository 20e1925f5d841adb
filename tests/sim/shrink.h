// Shrinking: from a run that fails to the shortest schedule that still does, by delta debugging. First the
// options become plainer, then deviations are taken out, in halves, quarters and so on down to single ones.
//
// What counts as failing is the caller's: it judges whole runs, in this process or in another.
#ifndef SANSIP_TESTS_SIM_SHRINK_H_
#define SANSIP_TESTS_SIM_SHRINK_H_

#include <cstdint>
#include <functional>
#include <string>

#include "sansip/tests/sim/schedule.h"

namespace sansip::sim {

struct ShrinkLimits {
  std::uint32_t runs_max = 3000;
};

struct Shrunk {
  Schedule schedule;
  std::uint32_t runs = 0;   // that it took
  bool reproduced = false;  // false: the schedule given does not fail, and is given back
};

// True: this one fails too, and in the same way.
using Judge = std::function<bool(const Schedule& schedule)>;

Shrunk Shrink(const Schedule& failing, const Judge& fails, const ShrinkLimits& limits = {});

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SHRINK_H_
