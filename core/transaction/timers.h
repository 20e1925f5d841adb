// The timer values of RFC 3261 table 4 and 17, as amended by RFC 6026, for one transport's reliability.
#ifndef SANSIP_CORE_TRANSACTION_TIMERS_H_
#define SANSIP_CORE_TRANSACTION_TIMERS_H_

#include <chrono>

#include "sansip/core/base/time.h"

namespace sansip {

struct TimerValues {
  Duration t1 = std::chrono::milliseconds(500);  // RTT estimate
  Duration t2 = std::chrono::seconds(4);         // longest retransmission gap of non-INVITE and of responses
  Duration t4 = std::chrono::seconds(5);         // longest life of a message in the network
  Duration d = std::chrono::seconds(32);         // timer D on unreliable transports: at least 32 s, not 64*T1

  constexpr Duration transaction_timeout() const { return 64 * t1; }  // B, F, H, J, L, M
};

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_TIMERS_H_
