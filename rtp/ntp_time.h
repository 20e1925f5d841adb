// NTP timestamps as RTCP carries them (RFC 3550 4): 32.32 fixed point seconds since 1 January 1900 UTC, and
// the compact form, the middle 32 bits. Wall time is an argument; nothing here reads a clock. All arithmetic
// is modulo 2^64 or 2^32, so that the wrap of 2036 is nothing special.
#ifndef SANSIP_RTP_NTP_TIME_H_
#define SANSIP_RTP_NTP_TIME_H_

#include <cstdint>

#include "sansip/core/base/time.h"

namespace sansip::rtp {

struct NtpTime {
  std::uint64_t value = 0;  // seconds << 32 | fraction

  constexpr std::uint32_t seconds() const { return static_cast<std::uint32_t>(value >> 32); }
  constexpr std::uint32_t fraction() const { return static_cast<std::uint32_t>(value); }
  constexpr std::uint32_t compact() const { return static_cast<std::uint32_t>(value >> 16); }

  // Nanoseconds since 1 January 1970 UTC, as an operating system gives them; not negative.
  static constexpr NtpTime FromUnix(Duration since_1970) {
    constexpr std::uint64_t kSecondsFrom1900To1970 = 2208988800;
    const NtpTime epoch{kSecondsFrom1900To1970 << 32};
    return epoch + since_1970;
  }

  friend constexpr NtpTime operator+(NtpTime time, Duration duration) {
    constexpr std::int64_t kNanosecondsPerSecond = 1000000000;
    std::int64_t seconds = duration.count() / kNanosecondsPerSecond;
    std::int64_t nanoseconds = duration.count() % kNanosecondsPerSecond;
    if (nanoseconds < 0) {
      nanoseconds += kNanosecondsPerSecond;
      --seconds;
    }
    const std::uint64_t fraction =
        (static_cast<std::uint64_t>(nanoseconds) << 32) / static_cast<std::uint64_t>(kNanosecondsPerSecond);
    return {time.value + (static_cast<std::uint64_t>(seconds) << 32) + fraction};
  }
  friend constexpr bool operator==(const NtpTime&, const NtpTime&) = default;
};

// A duration in units of 1/65536 second (DLSR), at most 2^32-1 of them.
constexpr std::uint32_t CompactOf(Duration duration) {
  constexpr std::int64_t kSecondsMax = 65535;
  if (duration <= Duration::zero()) return 0;
  const std::int64_t seconds = duration.count() / 1000000000;
  if (seconds > kSecondsMax) return 0xFFFFFFFF;
  const std::uint64_t nanoseconds = static_cast<std::uint64_t>(duration.count() % 1000000000);
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds) << 16 |
                                    (nanoseconds << 16) / 1000000000);
}

constexpr Duration DurationOfCompact(std::uint32_t compact) {
  return Duration((static_cast<std::int64_t>(compact) * 1000000000) >> 16);
}

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_NTP_TIME_H_
