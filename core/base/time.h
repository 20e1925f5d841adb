// Time as the core knows it: an argument.
//
// CoreClock has no now(), so that reading a clock in the core cannot compile. An Instant counts nanoseconds
// from an origin that the driver chooses (a steady clock, a simulation's zero); instants of one object come
// from one origin.
#ifndef SANSIP_CORE_BASE_TIME_H_
#define SANSIP_CORE_BASE_TIME_H_

#include <chrono>
#include <cstdint>

namespace sansip {

struct CoreClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<CoreClock>;
  static constexpr bool is_steady = true;
};

using Duration = CoreClock::duration;
using Instant = CoreClock::time_point;

// Later than everything: "no deadline".
inline constexpr Instant kNever = Instant::max();

// A duration that never elapses; After(now, kForever) is kNever.
inline constexpr Duration kForever = Duration::max();

// now + delay, kNever instead of overflow. delay >= 0.
constexpr Instant After(Instant now, Duration delay) {
  const bool overflows = now.time_since_epoch() >= Duration::zero() && delay >= kNever - now;
  return delay == kForever || overflows ? kNever : now + delay;
}

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_TIME_H_
