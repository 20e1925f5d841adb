// From a 64-bit hash to the slots that have it: the look-up half of a hash table whose keys lie elsewhere.
//
// Different keys may share a hash, and different hashes the 32 bits that are kept of each: Find asks the
// caller about every candidate, so the full key decides. Open addressing with linear probing and
// backward-shift deletion: no tombstones, no allocation but to grow, no iteration; eight entries to a cache
// line. Hashes must be salted where the keys are a stranger's.
#ifndef SANSIP_CORE_BASE_SLOT_INDEX_H_
#define SANSIP_CORE_BASE_SLOT_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sansip/core/base/check.h"

namespace sansip {

class SlotIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  void Insert(std::uint64_t hash, std::uint32_t slot) {
    if ((size_ + 1) * 2 > entries_.size()) Grow();
    Place({Fold(hash), slot});
    ++size_;
  }

  // The first slot with this hash, or one like it, for which is_it(slot) holds; kNone if there is none.
  template <typename Predicate>
  std::uint32_t Find(std::uint64_t hash, Predicate is_it) const {
    if (entries_.empty()) return kNone;
    const std::uint32_t folded = Fold(hash);
    for (std::size_t i = HomeOf(folded); entries_[i].slot != kNone; i = Next(i)) {
      if (entries_[i].hash == folded && is_it(entries_[i].slot)) return entries_[i].slot;
    }
    return kNone;
  }

  // The pair must have been inserted.
  void Erase(std::uint64_t hash, std::uint32_t slot) {
    std::size_t hole = PlaceOf(Fold(hash), slot);
    // Whatever was pushed past the hole by it moves back.
    for (std::size_t i = Next(hole); entries_[i].slot != kNone; i = Next(i)) {
      const std::size_t displaced = (i - HomeOf(entries_[i].hash)) & mask();
      if (displaced < ((i - hole) & mask())) continue;
      entries_[hole] = entries_[i];
      hole = i;
    }
    entries_[hole] = {};
    --size_;
  }

  // Another slot with the same hash in the place of one. The pair must have been inserted.
  void Replace(std::uint64_t hash, std::uint32_t slot, std::uint32_t by) {
    entries_[PlaceOf(Fold(hash), slot)].slot = by;
  }

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return entries_.size(); }

  // O(n): the most entries that lie between an entry and where its hash wants it.
  std::size_t LongestDisplacement() const {
    std::size_t longest = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].slot != kNone) longest = std::max(longest, (i - HomeOf(entries_[i].hash)) & mask());
    }
    return longest;
  }

 private:
  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t slot = kNone;
  };

  std::size_t mask() const { return entries_.size() - 1; }
  static std::uint32_t Fold(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ hash >> 32); }
  std::size_t HomeOf(std::uint32_t hash) const { return hash & mask(); }
  std::size_t Next(std::size_t i) const { return (i + 1) & mask(); }

  std::size_t PlaceOf(std::uint32_t hash, std::uint32_t slot) const {
    SANSIP_CHECK(size_ > 0);
    std::size_t i = HomeOf(hash);
    while (entries_[i].slot != slot || entries_[i].hash != hash) {
      SANSIP_CHECK(entries_[i].slot != kNone);
      i = Next(i);
    }
    return i;
  }

  void Place(Entry entry) {
    std::size_t i = HomeOf(entry.hash);
    while (entries_[i].slot != kNone) i = Next(i);
    entries_[i] = entry;
  }

  void Grow() {
    std::vector<Entry> old(entries_.empty() ? 64 : entries_.size() * 2);
    std::swap(old, entries_);
    for (const Entry& entry : old) {
      if (entry.slot != kNone) Place(entry);
    }
  }

  std::vector<Entry> entries_;  // a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_SLOT_INDEX_H_
