// Plays scenarios against a program at an address, over real UDP or TCP, in real time: those for which the
// wire suffices. There is no user to be directed: the program must answer, or ring, by itself.
#ifndef SANSIP_TESTS_CONFORMANCE_TARGET_RUN_H_
#define SANSIP_TESTS_CONFORMANCE_TARGET_RUN_H_

#include <optional>
#include <string>

#include "sansip/core/base/address.h"
#include "sansip/tests/conformance/play.h"
#include "sansip/tests/conformance/scenario.h"
#include "sansip/transport/event_loop.h"

namespace sansip::conformance {

struct TargetOptions {
  std::string address;  // "udp:127.0.0.1:5060"; empty: none
  std::string user = "ua";
  bool rings = false;  // and does not answer; else it answers at once
  TimeNames times;     // its timers
};

class TargetRun {
 public:
  // `error` is what is wrong with the options.
  TargetRun(const TargetOptions& options, std::string& error);
  Outcome Play(const Scenario& scenario);

 private:
  TargetOptions options_;
  SocketAddress address_;
  bool over_tcp_ = false;
  std::optional<EventLoop> loop_;
  int plays_ = 0;
};

// Why a scenario cannot be played without directing the subject; empty: it can.
std::string UnsuitedBecause(const Scenario& scenario, const TargetOptions& options, bool over_tcp);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_TARGET_RUN_H_
