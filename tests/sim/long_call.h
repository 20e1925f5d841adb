// A call of hours through a bad network, in virtual time: two user agents, session timers, and what it took.
#ifndef SANSIP_TESTS_SIM_LONG_CALL_H_
#define SANSIP_TESTS_SIM_LONG_CALL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sansip/core/base/address.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {

struct LongCallOptions {
  std::uint64_t seed = 1;
  Faults faults = {.loss = 100'000, .jitter = std::chrono::milliseconds(10)};
  Duration duration = std::chrono::hours(8);  // from confirmation to BYE
  Duration ring_for = std::chrono::seconds(2);
  SessionTimerWish caller = {};
  SessionTimerWish callee = {};
  Transport transport = Transport::kUdp;
  std::string caller_name = "alice";
  std::string callee_name = "bob";
};

struct LongCallFigures {
  bool answered = false;
  bool ended_as_planned = false;  // by the caller's BYE, after the duration, and both were told
  Duration lasted = Duration::zero();
  std::uint64_t datagrams = 0;
  std::uint64_t lost = 0;
  std::uint64_t retransmissions = 0;  // copies of a message, of requests and responses
  std::uint64_t refreshes = 0;        // 2xx that extended the session, as the caller saw them
  std::uint64_t events = 0;
  std::uint64_t hash = 0;
  Findings findings;  // of all oracles; empty if all is well
};

// The world after the run, for ladders, and its figures.
struct LongCall {
  std::unique_ptr<World> world;
  LongCallFigures figures;

  // The call's beginning and end, with the middle cut out.
  std::string Text(std::size_t lines_max = 60) const;
  std::string Svg(std::size_t lines_max = 60) const;
};

LongCall RunLongCall(const LongCallOptions& options = {});

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_LONG_CALL_H_
