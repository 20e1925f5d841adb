#include "sansip/core/base/source_counts.h"

#include <algorithm>
#include <array>
#include <span>

#include "sansip/core/base/check.h"

namespace sansip {

namespace {

// Before an IPv4 address: ::ffff:0:0/96, 64:ff9b::/96.
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> kTranslated = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

std::uint64_t NumberOf(std::span<const std::uint8_t> bytes) {
  std::uint64_t number = 0;
  for (std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

bool HoldsIpv4(const std::array<std::uint8_t, 16>& ip) {
  return std::equal(kMapped.begin(), kMapped.end(), ip.begin()) ||
         std::equal(kTranslated.begin(), kTranslated.end(), ip.begin());
}

}  // namespace

SourceCounts::Source SourceCounts::SourceOf(const SocketAddress& address) {
  using Family = SocketAddress::Family;
  const std::span<const std::uint8_t> ip(address.ip);
  if (address.family == Family::kIpv4) return {address.family, NumberOf(ip.first(4))};
  if (address.family == Family::kNone) return {};
  if (HoldsIpv4(address.ip)) return {Family::kIpv4, NumberOf(ip.last(4))};
  return {address.family, NumberOf(ip.first(8))};
}

std::uint64_t SourceCounts::HashOf(const Source& source) const {
  return TupleHash(hash_).Add(static_cast<std::uint64_t>(source.family)).Add(source.network).Finish();
}

std::uint32_t SourceCounts::Find(std::uint64_t hash, const Source& source) const {
  return index_.Find(hash, [&](std::uint32_t slot) { return entries_[slot].source == source; });
}

std::uint32_t SourceCounts::Enter(const SocketAddress& address, std::size_t count_max) {
  const Source source = SourceOf(address);
  const std::uint64_t hash = HashOf(source);
  std::uint32_t slot = Find(hash, source);
  if ((slot == kNone ? 0 : entries_[slot].count) >= count_max) return kNone;
  if (slot == kNone) {
    if (free_head_ == kNone) {
      free_head_ = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    }
    slot = free_head_;
    free_head_ = entries_[slot].next_free;
    entries_[slot].source = source;
    index_.Insert(hash, slot);
  }
  ++entries_[slot].count;
  return slot;
}

void SourceCounts::Leave(std::uint32_t slot) {
  if (slot == kNone) return;
  SANSIP_CHECK(slot < entries_.size() && entries_[slot].count > 0);
  Entry& entry = entries_[slot];
  if (--entry.count > 0) return;
  index_.Erase(HashOf(entry.source), slot);
  entry.next_free = free_head_;
  free_head_ = slot;
}

std::size_t SourceCounts::CountOf(const SocketAddress& address) const {
  const Source source = SourceOf(address);
  const std::uint32_t slot = Find(HashOf(source), source);
  return slot == kNone ? 0 : entries_[slot].count;
}

}  // namespace sansip
