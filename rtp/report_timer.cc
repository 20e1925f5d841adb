#include "sansip/rtp/report_timer.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip::rtp {
namespace {

constexpr std::uint64_t kSecond = 1000000000;
// Longer than any session; keeps the products below 2^63.
constexpr std::uint64_t kIntervalMax = 10000 * kSecond;

// duration * numerator / denominator, numerator <= denominator.
Duration Scaled(Duration duration, std::uint32_t numerator, std::uint32_t denominator) {
  const std::int64_t whole = duration.count() / denominator;
  const std::int64_t rest = duration.count() % denominator;
  return Duration(whole * numerator + rest * numerator / denominator);
}

}  // namespace

ReportTimer::ReportTimer(Instant now, std::uint32_t octets_per_second, std::uint32_t first_octets,
                         RandomSource& random)
    : random_(random), octets_per_second_(octets_per_second), average_16_(first_octets * 16), last_(now) {
  SANSIP_CHECK(octets_per_second > 0);
  next_ = After(now, Draw({}));
}

// 6.3.1: a quarter of the bandwidth is the senders' while they are at most a quarter of the members.
Duration ReportTimer::Interval(const Membership& membership, Duration minimum) const {
  std::uint64_t n = membership.members;
  std::uint64_t quarters = 4;
  if (std::uint64_t{membership.senders} * 4 <= membership.members) {
    quarters = membership.we_sent ? 1 : 3;
    n = membership.we_sent ? membership.senders : membership.members - membership.senders;
  }
  const std::uint64_t octets_4_16 = std::min<std::uint64_t>(n * average_16_, std::uint64_t{1} << 33) * 4;
  const std::uint64_t bandwidth_16 = quarters * octets_per_second_ * 16;
  const std::uint64_t seconds = octets_4_16 / bandwidth_16;
  std::uint64_t interval = kIntervalMax;
  if (seconds < kIntervalMax / kSecond) {
    // The remainder is below 2^40: nanoseconds in two steps stay below 2^64.
    const std::uint64_t millionths = octets_4_16 % bandwidth_16 * 1000000 / bandwidth_16;
    interval = seconds * kSecond + millionths * 1000;
  }
  return std::max(minimum, Duration(static_cast<std::int64_t>(interval)));
}

Duration ReportTimer::Randomised(Duration deterministic, std::uint16_t fraction) {
  const std::int64_t spread = (deterministic.count() * (32768 + std::int64_t{fraction})) / 65536;
  return Duration(spread / 121828 * 100000 + spread % 121828 * 100000 / 121828);
}

Duration ReportTimer::Draw(const Membership& membership) {
  // 6.2: half the minimum before the first report.
  const Duration minimum = initial_ ? kMinimum / 2 : kMinimum;
  return Randomised(Interval(membership, minimum), static_cast<std::uint16_t>(random_.Next() >> 48));
}

bool ReportTimer::OnExpire(Instant now, const Membership& membership) {
  // A.7 OnExpire: reconsider with the membership of now.
  next_ = After(last_, Draw(membership));
  members_before_ = membership.members;
  return next_ <= now;
}

void ReportTimer::OnSent(Instant now, std::uint32_t octets, const Membership& membership) {
  Smooth(octets);
  last_ = now;
  next_ = After(now, Draw(membership));
  // A.7 draws the next interval before it clears `initial`; the redraw at its end has the full minimum.
  initial_ = false;
}

void ReportTimer::OnMembersFewer(Instant now, std::uint32_t members) {
  if (members >= members_before_ || members_before_ == 0) return;
  if (next_ > now) next_ = now + Scaled(next_ - now, members, members_before_);
  if (now > last_) last_ = now - Scaled(now - last_, members, members_before_);
  members_before_ = members;
}

}  // namespace sansip::rtp
