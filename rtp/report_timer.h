// When to send RTCP (RFC 3550 6.2, 6.3, A.7): the interval from bandwidth and membership, its randomisation,
// timer reconsideration forward and in reverse. Integers only, randomness from a RandomSource; the owner
// counts members and senders. BYE backoff (6.3.7) is left out: it begins beyond 50 members, and a session
// here never has so many.
#ifndef SANSIP_RTP_REPORT_TIMER_H_
#define SANSIP_RTP_REPORT_TIMER_H_

#include <cstddef>
#include <cstdint>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"

namespace sansip::rtp {

struct Membership {
  std::uint32_t members = 1;  // ourselves included
  std::uint32_t senders = 0;
  bool we_sent = false;  // since the second report before (6.3)
};

class ReportTimer {
 public:
  static constexpr Duration kMinimum = std::chrono::seconds(5);
  static constexpr std::uint32_t kTimeoutIntervals = 5;  // 6.2.1

  // `octets_per_second`: all of RTCP's bandwidth, above zero. `first_octets`: the probable size of our first
  // compound, with the headers below it. 6.3.2: tp is `now`.
  ReportTimer(Instant now, std::uint32_t octets_per_second, std::uint32_t first_octets, RandomSource& random);

  Instant deadline() const { return next_; }
  // 6.3.6, at the deadline: true if a report is to be sent now; then the owner calls OnSent with its size.
  [[nodiscard]] bool OnExpire(Instant now, const Membership& membership);
  void OnSent(Instant now, std::uint32_t octets, const Membership& membership);
  void OnReceived(std::uint32_t octets) { Smooth(octets); }  // 6.3.3: any compound, sizes as above
  // 6.3.4: reverse reconsideration when members have become fewer.
  void OnMembersFewer(Instant now, std::uint32_t members);

  // 6.3.1 without randomisation: Td, with 5 s as the least even at first (6.2.1: for timing others out).
  Duration Deterministic(const Membership& membership) const { return Interval(membership, kMinimum); }
  std::uint32_t average_octets() const { return average_16_ / 16; }

  // 6.3.1: Td times (0.5 + fraction / 65536) / (e - 1.5).
  static Duration Randomised(Duration deterministic, std::uint16_t fraction);

 private:
  Duration Interval(const Membership& membership, Duration minimum) const;
  Duration Draw(const Membership& membership);
  void Smooth(std::uint32_t octets) { average_16_ = average_16_ - average_16_ / 16 + octets; }

  RandomSource& random_;
  std::uint32_t octets_per_second_;
  std::uint32_t average_16_;  // avg_rtcp_size times 16
  bool initial_ = true;
  std::uint32_t members_before_ = 1;  // pmembers
  Instant last_;                      // tp
  Instant next_;                      // tn
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_REPORT_TIMER_H_
