#include "sansip/rtp/sequence.h"

namespace sansip::rtp {
namespace {

constexpr unsigned kModulus = 1u << 16;

}  // namespace

// RFC 3550 A.1: a new source. The first packet counts towards probation.
Sequence::Sequence(std::uint16_t first) : highest_(first), probation_(kMinSequential - 1) {}

void Sequence::Restart(std::uint16_t sequence) {
  highest_ = sequence;
  base_ = sequence;
  cycles_ = 0;
  bad_ = kNone;
  received_ = duplicates_ = reordered_ = 0;
  seen_[0] = seen_[1] = 0;
}

void Sequence::ShiftWindow(unsigned by) {
  if (by >= kWindow) {
    seen_[0] = seen_[1] = 0;
  } else if (by >= 64) {
    seen_[1] = seen_[0] << (by - 64);
    seen_[0] = 0;
  } else if (by != 0) {
    seen_[1] = seen_[1] << by | seen_[0] >> (64 - by);
    seen_[0] <<= by;
  }
}

bool Sequence::MarkSeen(unsigned behind) {
  std::uint64_t& word = seen_[behind / 64];
  const std::uint64_t bit = std::uint64_t{1} << behind % 64;
  const bool fresh = (word & bit) == 0;
  word |= bit;
  return fresh;
}

bool Sequence::Continues(std::uint16_t sequence) const {
  const unsigned ahead = static_cast<std::uint16_t>(sequence - highest_);
  return valid() && (ahead < kMaxDropout || ahead > kModulus - kMaxMisorder);
}

Sequence::Arrival Sequence::Receive(std::uint16_t sequence) {
  const unsigned ahead = static_cast<std::uint16_t>(sequence - highest_);
  if (probation_ > 0) {
    // In 16 bits: 0 follows 65535.
    if (ahead == 1 && --probation_ == 0) {
      Restart(sequence);
      MarkSeen(0);
      ++received_;
      return Arrival::kRestarted;
    }
    if (ahead != 1) probation_ = kMinSequential - 1;
    highest_ = sequence;
    return Arrival::kProbation;
  }
  Arrival arrival = Arrival::kInOrder;
  if (ahead < kMaxDropout) {
    if (ahead == 0) {
      arrival = Arrival::kDuplicate;
    } else {
      if (sequence < highest_) cycles_ += kModulus;
      ShiftWindow(ahead);
      MarkSeen(0);
      highest_ = sequence;
    }
  } else if (ahead <= kModulus - kMaxMisorder) {
    if (sequence != bad_) {
      bad_ = (sequence + 1u) % kModulus;
      return Arrival::kJump;
    }
    Restart(sequence);
    MarkSeen(0);
    arrival = Arrival::kRestarted;
  } else {
    arrival = MarkSeen(kModulus - ahead) ? Arrival::kReordered : Arrival::kDuplicate;
  }
  ++received_;
  if (arrival == Arrival::kDuplicate) ++duplicates_;
  if (arrival == Arrival::kReordered) ++reordered_;
  return arrival;
}

}  // namespace sansip::rtp
