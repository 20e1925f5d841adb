// One long call with session timers, drawn from a seed: two user agents that wish for this and that, none to
// two proxies that ask for timers themselves, a network that loses (RFC 4028 all of it, over a day).
//
// While it runs, whenever nothing is under way and no request is open, both ends have to hold the same
// interval and complementary roles, and a proxy the same expiration. A session ends only with its day, or for
// a reason that RFC 4028 10 knows.
#ifndef SANSIP_TESTS_SIM_TIMER_SWARM_H_
#define SANSIP_TESTS_SIM_TIMER_SWARM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sansip/session_timer/proxy.h"
#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/oracle/oracle.h"

namespace sansip::sim {

struct TimerSwarmOptions {
  std::uint64_t seed = 1;
  Faults faults;
  Duration talk_for = std::chrono::hours(24);
  SessionTimerWish caller;
  SessionTimerWish callee;
  std::vector<ProxySessionTimerPolicy> proxies;  // in the order in which the caller's INVITE passes them
  bool reinvite = false;                         // the callee changes the session half-way

  static TimerSwarmOptions FromSeed(std::uint64_t seed);
  std::string Text() const;
};

struct TimerSwarmResult {
  Findings findings;
  std::string ladder;  // of a run with findings
  std::uint32_t answered = 0;
  std::uint32_t refreshes = 0;  // 2xx that did nothing but refresh, as both ends saw them
  std::uint32_t compared = 0;   // how often both ends were compared
  std::uint32_t ended_early = 0;
  std::uint64_t refused = 0;   // 422 by proxies
  std::uint64_t inserted = 0;  // Session-Expires by proxies
};

TimerSwarmResult RunTimerSwarm(const TimerSwarmOptions& options);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_TIMER_SWARM_H_
