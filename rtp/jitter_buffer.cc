#include "sansip/rtp/jitter_buffer.h"

#include <algorithm>

#include "sansip/core/base/check.h"
#include "sansip/rtp/media_time.h"

namespace sansip::rtp {
namespace {

std::size_t SlotOf(std::uint32_t timestamp) { return timestamp % JitterBuffer::kCapacity; }

}  // namespace

JitterBuffer::JitterBuffer(std::uint32_t delay_samples) : delay_(delay_samples) {
  SANSIP_CHECK(delay_samples <= kDelayMax);
}

void JitterBuffer::Reset() {
  started_ = false;
  late_in_a_row_ = 0;
  present_.reset();
}

void JitterBuffer::Start(std::uint32_t timestamp) {
  Reset();
  started_ = true;
  play_ = timestamp - delay_;
  begin_ = end_ = timestamp;
}

std::uint32_t JitterBuffer::lead() const { return started_ && IsBefore(play_, end_) ? end_ - play_ : 0; }

JitterBuffer::Put JitterBuffer::Insert(std::uint32_t timestamp, Codec codec, std::string_view payload) {
  if (payload.size() > kPayloadMax) return Put::kTooLong;
  const auto size = static_cast<std::uint32_t>(payload.size());
  if (!started_) Start(timestamp);
  if (!IsBefore(play_, timestamp + size)) {
    if (size == 0) return Put::kStored;
    if (++late_in_a_row_ < kLateMax) return Put::kLate;
    Start(timestamp);
  }
  late_in_a_row_ = 0;
  // Silence has been played since the last sample: the sender's own, not a hole.
  if (IsBefore(end_, play_)) begin_ = timestamp;
  const std::uint32_t ahead = timestamp + size - play_;
  if (ahead > delay_ + kLeadMax) {
    // Jumped, or too far behind: go on as if the stream began here.
    const std::uint32_t skipped = timestamp - delay_ - play_;
    if (skipped < kCapacity) {
      Skip(skipped);
    } else {
      Start(timestamp);
    }
  }
  if (IsBefore(timestamp, play_)) {
    const std::uint32_t gone = play_ - timestamp;
    payload.remove_prefix(gone);
    timestamp = play_;
  }
  Store(timestamp, codec, payload);
  return Put::kStored;
}

void JitterBuffer::Store(std::uint32_t timestamp, Codec codec, std::string_view payload) {
  const std::uint32_t end = timestamp + static_cast<std::uint32_t>(payload.size());
  if (IsBefore(end_, end)) end_ = end;
  while (!payload.empty()) {
    const std::size_t slot = SlotOf(timestamp);
    const std::size_t count = std::min(payload.size(), kCapacity - slot);
    Decode(codec, payload.substr(0, count), std::span(samples_).subspan(slot, count));
    for (std::size_t i = 0; i < count; ++i) present_.set(slot + i);
    payload.remove_prefix(count);
    timestamp += static_cast<std::uint32_t>(count);
  }
}

JitterBuffer::Taken JitterBuffer::Take(std::span<std::int16_t> into) {
  SANSIP_CHECK(into.size() <= kCapacity);
  Taken taken{.timestamp = play_};
  const std::uint32_t lead_before = lead();
  for (std::size_t i = 0; i < into.size(); ++i) {
    const std::size_t slot = SlotOf(play_);
    const bool present = started_ && present_[slot];
    into[i] = present ? samples_[slot] : std::int16_t{0};
    if (!present) {
      ++taken.missing;
      if (i < lead_before && !IsBefore(play_, begin_)) ++taken.lost;
    }
    present_.reset(slot);
    ++play_;
  }
  return taken;
}

void JitterBuffer::Skip(std::uint32_t samples) {
  const std::size_t count = std::min<std::size_t>(samples, kCapacity);
  for (std::size_t i = 0; i < count; ++i) present_.reset(SlotOf(play_ + static_cast<std::uint32_t>(i)));
  play_ += samples;
}

}  // namespace sansip::rtp
