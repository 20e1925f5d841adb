// The timer values of RFC 3261 table 4 and 17, as amended by RFC 6026, for one transport's reliability.
//
// Reliable transports are not guards in the machines but durations here: a timer that never fires, or one
// that fires at once.
#ifndef SANSIP_CORE_TRANSACTION_TIMERS_H_
#define SANSIP_CORE_TRANSACTION_TIMERS_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sansip/core/base/time.h"

namespace sansip {

struct TimerValues {
  Duration t1 = std::chrono::milliseconds(500);  // RTT estimate
  Duration t2 = std::chrono::seconds(4);         // longest retransmission gap of non-INVITE and of responses
  Duration t4 = std::chrono::seconds(5);         // longest life of a message in the network
  Duration d = std::chrono::seconds(32);         // timer D on unreliable transports: at least 32 s, not 64*T1
  Duration trying =
      std::chrono::milliseconds(200);  // RFC 3261 17.2.1: 100 to an INVITE unless the user answers

  Duration c = std::chrono::seconds(181);  // RFC 3261 16.6: above three minutes, else as here

  constexpr Duration transaction_timeout() const { return 64 * t1; }  // B, F, H, J, L, M
};

// What one transaction has instead (17.1.1.1: T1 may be another where the round trip time is known). Zero or
// less: the layer's value. Above kMax: kMax.
struct TimerOverride {
  static constexpr Duration kMax = std::chrono::hours(1);

  Duration t1 = Duration::zero();
  Duration t2 = Duration::zero();
  Duration t4 = Duration::zero();
};

constexpr bool HasAny(const TimerOverride& own) {
  return (own.t1.count() | own.t2.count() | own.t4.count()) != 0;
}

constexpr TimerValues Overridden(TimerValues values, const TimerOverride& own) {
  if (own.t1 > Duration::zero()) values.t1 = std::min(own.t1, TimerOverride::kMax);
  if (own.t2 > Duration::zero()) values.t2 = std::min(own.t2, TimerOverride::kMax);
  if (own.t4 > Duration::zero()) values.t4 = std::min(own.t4, TimerOverride::kMax);
  return values;
}

enum class Timer : std::uint8_t {
  kA,  // INVITE client, Calling: resends the request
  kB,  // INVITE client, Calling: gives up
  kC,  // a proxy's INVITE client: gives up (16.6, forwarded_invite.h)
  kD,  // INVITE client, Completed: waits for response retransmissions
  kE,  // non-INVITE client: resends the request
  kF,  // non-INVITE client: gives up
  kG,  // INVITE server, Completed: resends the response
  kH,  // INVITE server, Completed: gives up waiting for the ACK
  kI,  // INVITE server, Confirmed: waits for ACK retransmissions
  kJ,  // non-INVITE server, Completed: waits for request retransmissions
  kK,  // non-INVITE client, Completed: waits for response retransmissions
  kL,  // INVITE server, Accepted: waits for request retransmissions (RFC 6026)
  kM,  // INVITE client, Accepted: waits for 2xx retransmissions and those of other forks (RFC 6026)
  // without a letter
  kTrying,     // servers: sends a 100 (17.2.1, RFC 4320 4.1)
  kCancelled,  // INVITE client, Proceeding: no final response to a cancelled INVITE (9.1)
  // in no table
  kFlow,  // any: tells what OnFlowFailed could not tell for want of room; then the next on its flow has it
  kAbandoned,  // a server whose user gave it up without a final response: its end
  kKeepAlive,  // INVITE client, Proceeding: resends the request through a NAT (RFC 3581 3), where that is
               // asked for
};
inline constexpr std::size_t kTimerCount = 18;
constexpr bool IsInTables(Timer timer) { return timer < Timer::kFlow; }

std::string_view TimerName(Timer timer);  // "A", ..., "100", "cancelled"

// RFC 4320 4.1: the time after which a client's timer E is first reset to T2, T1 at the least; no 100 to a
// non-INVITE before it (on unreliable transports), one at it (on all) if there was no other response. 3.5 s
// by default.
constexpr Duration NonInviteTryingDelay(const TimerValues& values) {
  Duration delay = values.t1;
  for (Duration gap = 2 * values.t1; gap > Duration::zero() && gap < values.t2; gap *= 2) delay += gap;
  return delay;
}

// RFC 3581 3: how often a request goes out again to keep a NAT's binding, by how long that lasts unused.
// Zero: nobody knows.
constexpr Duration KeepAliveInterval(Duration binding) {
  constexpr Duration kUnknown = std::chrono::seconds(20);
  if (binding <= Duration::zero()) return kUnknown;
  return binding > std::chrono::minutes(1) ? binding / 2 : std::min(kUnknown, binding / 2);
}

// RFC 3261 17.1.1.2, 17.1.2.2, 17.2.1, 17.2.2, table 4; RFC 6026 8.4, 8.7, 8.11. The value with which a timer
// starts; kForever: it is never started.
constexpr Duration FirstValue(Timer timer, const TimerValues& values, bool is_reliable, bool is_invite) {
  const Duration never_if_reliable = is_reliable ? kForever : values.t1;
  switch (timer) {
    case Timer::kA:
    case Timer::kE:
    case Timer::kG:
      return never_if_reliable;
    case Timer::kB:
    case Timer::kF:
    case Timer::kH:
    case Timer::kL:
    case Timer::kM:
    case Timer::kCancelled:
    case Timer::kAbandoned:
      return values.transaction_timeout();
    case Timer::kC:
      return values.c > std::chrono::minutes(3) ? values.c : TimerValues().c;
    case Timer::kD:
      return is_reliable ? Duration::zero() : std::max<Duration>(values.d, std::chrono::seconds(32));
    case Timer::kI:
    case Timer::kK:
      return is_reliable ? Duration::zero() : values.t4;
    case Timer::kJ:
      return is_reliable ? Duration::zero() : values.transaction_timeout();
    case Timer::kTrying:
      return is_invite ? values.trying : NonInviteTryingDelay(values);
    case Timer::kKeepAlive:
      return kForever;  // it has no value of its own
    case Timer::kFlow:
      return Duration::zero();
  }
  return kForever;
}

}  // namespace sansip

#endif  // SANSIP_CORE_TRANSACTION_TIMERS_H_
