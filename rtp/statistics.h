// What is known of one source's packets: loss and jitter as reception reports want them (RFC 3550 6.4.1, A.3,
// A.8, in its integer form).
#ifndef SANSIP_RTP_STATISTICS_H_
#define SANSIP_RTP_STATISTICS_H_

#include <cstdint>

#include "sansip/rtp/sequence.h"

namespace sansip::rtp {

class Statistics {
 public:
  explicit Statistics(std::uint16_t first_sequence) : sequence_(first_sequence) {}

  // `arrival` is the time of arrival in units of the stream's clock, from any origin.
  Sequence::Arrival Receive(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t arrival);

  const Sequence& sequence() const { return sequence_; }
  // A.3; negative where duplicates outnumber the losses.
  std::int64_t lost() const;
  // As the report's 24 bits hold it.
  std::int32_t CumulativeLost() const;
  std::uint32_t jitter() const { return jitter_ >> 4; }
  // Of 256, since the last call.
  std::uint8_t TakeFractionLost();

 private:
  Sequence sequence_;
  std::uint32_t transit_ = 0;
  bool has_transit_ = false;
  std::uint32_t jitter_ = 0;  // times 16
  std::uint32_t expected_prior_ = 0, received_prior_ = 0;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_STATISTICS_H_
