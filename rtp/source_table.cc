#include "sansip/rtp/source_table.h"

namespace sansip::rtp {
namespace {

constexpr int kSignalledRank = 2;
constexpr int kSameHostRank = 1;
constexpr int kAnyHostRank = 0;
constexpr int kNoRank = -1;

}  // namespace

void SourceTable::SetSignalled(const SocketAddress& address) {
  if (address == signalled_) return;
  for (Source& source : sources_) {
    if (source.in_use && source.has_rtp() && source.address == latched_) Remove(source);
  }
  signalled_ = address;
  latched_.reset();
}

int SourceTable::RankOf(const SocketAddress& address) const {
  if (address == signalled_) return kSignalledRank;
  if (policy_ == LatchPolicy::kSignalledOnly) return kNoRank;
  if (IsSameHost(address, signalled_)) return kSameHostRank;
  return policy_ == LatchPolicy::kAnyHost ? kAnyHostRank : kNoRank;
}

void SourceTable::Remove(Source& source) {
  if (source.has_rtp() && source.address == latched_) lost_before_ += source.statistics.lost();
  source = Source();
}

// A free entry, or the one that matters least: of the lowest rank below or equal to `rank`, the longest
// silent; never one that is trusted.
Source* SourceTable::Allocate(Instant now, int rank) {
  Source* least = nullptr;
  int least_rank = 0;
  for (Source& source : sources_) {
    if (!source.in_use) return &source;
    if (source.said_bye ? now - *source.said_bye < kByeMemory : IsTrusted(source)) continue;
    const int its_rank = RankOf(source.address);
    if (its_rank > rank) continue;
    if (least == nullptr || its_rank < least_rank ||
        (its_rank == least_rank && source.last_heard < least->last_heard)) {
      least = &source;
      least_rank = its_rank;
    }
  }
  if (least != nullptr) Remove(*least);
  return least;
}

Source* SourceTable::OnRtp(Instant now, std::uint32_t ssrc, const SocketAddress& address,
                           std::uint16_t sequence) {
  const int rank = RankOf(address);
  if (rank < 0) return nullptr;
  Source* from_rtcp = nullptr;
  for (Source& source : sources_) {
    if (!source.in_use || source.ssrc != ssrc) continue;
    if (source.address == address) return &source;
    if (!source.has_rtp() && address == latched_.value_or(signalled_)) from_rtcp = &source;
  }
  Source* source = from_rtcp != nullptr ? from_rtcp : Allocate(now, rank);
  if (source == nullptr) return nullptr;
  source->in_use = true;
  source->ssrc = ssrc;
  source->address = address;
  // The caller has this packet received like any other; that changes nothing here.
  source->statistics = Statistics(sequence);
  source->last_rtp = source->last_heard = now;
  return source;
}

Source* SourceTable::FindLatched(std::uint32_t ssrc) {
  for (Source& source : sources_) {
    if (source.in_use && source.ssrc == ssrc && source.has_rtp() && source.address == latched_)
      return &source;
  }
  return nullptr;
}

SourceTable::Trust SourceTable::Judge(Instant now, Source*& source, std::uint16_t sequence) {
  if (source->address == latched_) return Trust::kTrusted;
  if (!latched_ || RankOf(source->address) > RankOf(*latched_)) {
    for (Source& other : sources_) {
      if (&other != source && other.in_use && other.has_rtp() && other.address == latched_) Remove(other);
    }
    latched_ = source->address;
    return Trust::kLatched;
  }
  // RFC 3550 8.2: a source may move; two that claim the same SSRC at once are not mixed.
  Source* before = FindLatched(source->ssrc);
  if (before == nullptr || before->said_bye || now - before->last_rtp < kMoveSilenceMin ||
      !before->statistics.sequence().Continues(sequence)) {
    return Trust::kStranger;
  }
  const SocketAddress address = source->address;
  *source = Source();
  before->address = address;
  latched_ = address;
  source = before;
  return Trust::kLatched;
}

Source* SourceTable::FindTrusted(std::uint32_t ssrc) {
  for (Source& source : sources_) {
    if (source.ssrc == ssrc && IsTrusted(source)) return &source;
  }
  return nullptr;
}

Source* SourceTable::AddFromRtcp(Instant now, std::uint32_t ssrc) {
  for (const Source& source : sources_) {
    if (source.in_use && source.ssrc == ssrc) return nullptr;
  }
  Source* source = Allocate(now, kSignalledRank);
  if (source == nullptr) return nullptr;
  source->in_use = true;
  source->ssrc = ssrc;
  source->last_heard = now;
  return source;
}

bool SourceTable::HasSsrc(std::uint32_t ssrc) const {
  for (const Source& source : sources_) {
    if (source.in_use && source.ssrc == ssrc) return true;
  }
  return false;
}

std::uint32_t SourceTable::members() const {
  std::uint32_t count = 0;
  for (const Source& source : sources_) count += IsTrusted(source) ? 1 : 0;
  return count;
}

std::uint32_t SourceTable::senders(Instant heard_after) const {
  std::uint32_t count = 0;
  for (const Source& source : sources_) {
    count += IsTrusted(source) && source.has_rtp() && source.last_rtp > heard_after ? 1 : 0;
  }
  return count;
}

std::int64_t SourceTable::lost() const {
  std::int64_t lost = lost_before_;
  for (const Source& source : sources_) {
    if (source.in_use && source.has_rtp() && source.address == latched_) lost += source.statistics.lost();
  }
  return lost;
}

std::optional<std::uint32_t> SourceTable::RemoveSilentMember(Instant now, Instant heard_after) {
  for (Source& source : sources_) {
    if (!source.in_use) continue;
    const bool bye_is_old = source.said_bye && now - *source.said_bye >= kByeMemory;
    if (!bye_is_old && source.last_heard > heard_after) continue;
    const bool was_member = IsTrusted(source);
    const std::uint32_t ssrc = source.ssrc;
    Remove(source);
    if (was_member) return ssrc;
  }
  return std::nullopt;
}

}  // namespace sansip::rtp
