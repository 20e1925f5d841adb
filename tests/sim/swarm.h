// A run drawn from a seed: the seed picks the options first, then every fate. Two phases: calls under faults,
// then the network heals and everything must be gone within 64*T1 and a margin.
#ifndef SANSIP_TESTS_SIM_SWARM_H_
#define SANSIP_TESTS_SIM_SWARM_H_

#include <cstdint>
#include <string>

#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/trace.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {

struct SwarmOptions {
  std::uint64_t seed = 1;
  Faults faults;
  bool over_tcp = false;
  std::uint32_t calls = 2;
  Duration apart = std::chrono::seconds(1);  // from call to call, in turn from either side
  Duration ring_for = Duration::zero();
  Duration talk_for = std::chrono::seconds(30);
  bool callee_hangs_up = false;
  std::uint32_t refuse_with = 0;   // 0: the callee answers
  std::uint32_t cancel_every = 0;  // each n-th call is given up after `cancel_after`
  Duration cancel_after = std::chrono::seconds(2);
  std::uint32_t reinvite = 0;            // 1: the caller, 2: the callee, 3: both re-invite
  std::uint32_t late_offer_every = 0;    // each n-th call's INVITE has no offer
  std::uint32_t session_expires = 1800;  // 0: no session timers wished
  std::uint32_t callee_refresher = 0;    // 1: the callee chooses itself
  bool probe_early = false;
  Duration late_max = Duration::zero();

  static SwarmOptions FromSeed(std::uint64_t seed);
  // Every option, in one line: what a failure prints.
  std::string Text() const;
};

struct SwarmResult {
  std::uint64_t hash = 0;
  std::uint64_t events = 0;
  Findings findings;
  NetworkFigures network;
  std::uint32_t calls_answered = 0;
  Duration lasted = Duration::zero();
  std::string ladder;  // of a run with findings
};

SwarmResult RunSwarm(const SwarmOptions& options);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SWARM_H_
