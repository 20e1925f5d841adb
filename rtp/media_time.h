// The timeline of one stream: where the clock of the media stands at an instant (RFC 3550 5.1: linear and
// monotonic, whatever is sent or not). Timestamps are modulo 2^32.
#ifndef SANSIP_RTP_MEDIA_TIME_H_
#define SANSIP_RTP_MEDIA_TIME_H_

#include <cstdint>

#include "sansip/core/base/time.h"

namespace sansip::rtp {

// Units of a clock in a duration, rounded down; no overflow before 300 years.
constexpr std::int64_t UnitsIn(Duration duration, std::uint32_t clock_rate) {
  constexpr std::int64_t kSecond = 1000000000;
  const std::int64_t rate = clock_rate;
  std::int64_t seconds = duration.count() / kSecond;
  std::int64_t rest = duration.count() % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  return seconds * rate + rest * rate / kSecond;
}

constexpr Duration DurationOfUnits(std::int64_t units, std::uint32_t clock_rate) {
  constexpr std::int64_t kSecond = 1000000000;
  const std::int64_t rate = clock_rate;
  return Duration(units / rate * kSecond + units % rate * kSecond / rate);
}

class MediaTime {
 public:
  MediaTime() = default;
  // `base` is the timestamp at `epoch`.
  constexpr MediaTime(Instant epoch, std::uint32_t base, std::uint32_t clock_rate)
      : epoch_(epoch), base_(base), clock_rate_(clock_rate) {}

  constexpr std::uint32_t At(Instant instant) const {
    return base_ + static_cast<std::uint32_t>(UnitsIn(instant - epoch_, clock_rate_));
  }

 private:
  Instant epoch_{};
  std::uint32_t base_ = 0;
  std::uint32_t clock_rate_ = 8000;
};

// a before b, modulo 2^32.
constexpr bool IsBefore(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_MEDIA_TIME_H_
