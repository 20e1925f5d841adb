// Sequence numbers of one source: validation, cycles, what is a restart and what a latecomer (RFC 3550 A.1).
//
// A source is valid after kMinSequential packets in sequence. A jump of kMaxDropout and more is believed only
// when the packet after it follows: then the source has restarted and all is counted anew. Duplicates are
// counted as received, as A.1 and A.3 want it; they are told apart here for those who play packets.
#ifndef SANSIP_RTP_SEQUENCE_H_
#define SANSIP_RTP_SEQUENCE_H_

#include <cstdint>

namespace sansip::rtp {

class Sequence {
 public:
  static constexpr unsigned kMaxDropout = 3000;
  static constexpr unsigned kMaxMisorder = 100;
  static constexpr unsigned kMinSequential = 2;

  enum class [[nodiscard]] Arrival : std::uint8_t{
      kProbation,  // not valid yet
      kInOrder,    // the next, or a later one
      kReordered,  // an earlier one
      kDuplicate,  // an earlier one again, as far back as kWindow
      kJump,       // too far off to be believed yet; not counted
      kRestarted,  // the jump is believed, or the source has just become valid
  };
  static constexpr unsigned kWindow = 128;

  explicit Sequence(std::uint16_t first);

  Arrival Receive(std::uint16_t sequence);
  // Whether Receive would take it as in order or reordered.
  bool Continues(std::uint16_t sequence) const;

  bool valid() const { return probation_ == 0; }
  // RFC 3550 6.4.1: extended highest sequence number received.
  std::uint32_t extended_highest() const { return cycles_ + highest_; }
  std::uint32_t base() const { return base_; }
  // A.3; modulo 2^32 like all of it.
  std::uint32_t expected() const { return valid() ? extended_highest() - base_ + 1 : 0; }
  std::uint32_t received() const { return received_; }
  std::uint32_t duplicates() const { return duplicates_; }
  std::uint32_t reordered() const { return reordered_; }

 private:
  void Restart(std::uint16_t sequence);
  void ShiftWindow(unsigned by);
  bool MarkSeen(unsigned behind);  // false: seen before

  static constexpr std::uint32_t kNone = 0x10000;  // no sequence number

  std::uint16_t highest_;
  std::uint32_t cycles_ = 0;  // counts of 2^16
  std::uint32_t base_ = 0;
  std::uint32_t bad_ = kNone;  // what would confirm a jump
  unsigned probation_ = kMinSequential;
  std::uint32_t received_ = 0, duplicates_ = 0, reordered_ = 0;
  std::uint64_t seen_[2] = {0, 0};  // bit i: highest - i was received
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SEQUENCE_H_
