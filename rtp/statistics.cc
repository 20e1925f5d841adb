#include "sansip/rtp/statistics.h"

#include <algorithm>

namespace sansip::rtp {

Sequence::Arrival Statistics::Receive(std::uint16_t sequence, std::uint32_t timestamp,
                                      std::uint32_t arrival) {
  const Sequence::Arrival result = sequence_.Receive(sequence);
  if (result == Sequence::Arrival::kProbation || result == Sequence::Arrival::kJump) return result;
  if (result == Sequence::Arrival::kRestarted) {
    has_transit_ = false;
    jitter_ = 0;
    expected_prior_ = received_prior_ = 0;
  }
  const std::uint32_t transit = arrival - timestamp;
  if (has_transit_) {
    const std::uint32_t change = transit - transit_;
    const std::uint32_t d = std::min(change, 0u - change);
    jitter_ += d - ((jitter_ + 8) >> 4);
  }
  transit_ = transit;
  has_transit_ = true;
  return result;
}

std::int64_t Statistics::lost() const {
  return std::int64_t{sequence_.expected()} - std::int64_t{sequence_.received()};
}

std::int32_t Statistics::CumulativeLost() const {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x800000, 0x7FFFFF));
}

std::uint8_t Statistics::TakeFractionLost() {
  const std::uint32_t expected = sequence_.expected() - expected_prior_;
  const std::uint32_t received = sequence_.received() - received_prior_;
  expected_prior_ = sequence_.expected();
  received_prior_ = sequence_.received();
  if (expected == 0 || received >= expected) return 0;
  return static_cast<std::uint8_t>(
      std::min<std::uint64_t>((std::uint64_t{expected - received} << 8) / expected, 255));
}

}  // namespace sansip::rtp
