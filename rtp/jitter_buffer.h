// Samples between the network and the ear: put in by timestamp in any order, taken out in time.
//
// It holds decoded samples and not packets, so that packets of any length, overlapping or half late, need no
// rule of their own. The owner takes a frame at each tick of its clock; what is not there is silence. The
// first sample is played `delay` after it came. Timestamps wrap. A stream that has run away heals: kLateMax
// packets in a row that came too late start it anew, and more than kLeadMax ahead is skipped.
#ifndef SANSIP_RTP_JITTER_BUFFER_H_
#define SANSIP_RTP_JITTER_BUFFER_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/rtp/codec/codec.h"

namespace sansip::rtp {

class JitterBuffer {
 public:
  static constexpr std::size_t kCapacity = 8192;      // about one second
  static constexpr std::uint32_t kPayloadMax = 1600;  // 200 ms (RFC 3551 4.2)
  static constexpr std::uint32_t kDelayMax = 1600;
  static constexpr std::uint32_t kLeadMax = 3200;  // beyond the delay
  static constexpr unsigned kLateMax = 5;
  static_assert(kDelayMax + kLeadMax + kPayloadMax <= kCapacity);

  enum class [[nodiscard]] Put : std::uint8_t{kStored, kLate, kTooLong};

  explicit JitterBuffer(std::uint32_t delay_samples);

  Put Insert(std::uint32_t timestamp, Codec codec, std::string_view payload);

  struct Taken {
    std::uint32_t timestamp = 0;  // of the first sample
    std::uint32_t missing = 0;    // silence among them
    std::uint32_t lost = 0;       // of that, with later samples already here: a hole, not the end
  };
  Taken Take(std::span<std::int16_t> into);
  void Skip(std::uint32_t samples);  // the owner missed their time
  void Reset();

  bool started() const { return started_; }
  // Samples from the next to be played to the last one here; 0 when it has run dry.
  std::uint32_t lead() const;

 private:
  void Start(std::uint32_t timestamp);
  void Store(std::uint32_t timestamp, Codec codec, std::string_view payload);

  std::uint32_t delay_;
  bool started_ = false;
  unsigned late_in_a_row_ = 0;
  std::uint32_t play_ = 0;   // timestamp of the next sample to be taken
  std::uint32_t begin_ = 0;  // of what has come since it was last dry
  std::uint32_t end_ = 0;    // behind the latest sample
  std::array<std::int16_t, kCapacity> samples_{};
  std::bitset<kCapacity> present_;
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_JITTER_BUFFER_H_
