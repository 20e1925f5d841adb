// Can a graph of states be walked for ever, although every duty that is never lifted is done at last?
#ifndef SANSIP_TESTS_EXPLORATION_FAIR_CYCLE_H_
#define SANSIP_TESTS_EXPLORATION_FAIR_CYCLE_H_

#include <cstdint>
#include <optional>
#include <vector>

namespace sansip::testing {

// A set of duties, a bit each: a timer that runs must fire, a user must decide. Done: or put off, to begin
// anew.
using Duties = std::uint64_t;

struct Edge {
  std::uint32_t to = 0;
  Duties done = 0;
};

struct Node {
  std::vector<Edge> edges;
  Duties due = 0;
};

// A state on such a walk, if there is one: a strongly connected part in which each duty is done by an edge of
// the part, or not due in one of its states. (Weak fairness.)
std::optional<std::uint32_t> FindFairCycle(const std::vector<Node>& graph);

}  // namespace sansip::testing

#endif  // SANSIP_TESTS_EXPLORATION_FAIR_CYCLE_H_
