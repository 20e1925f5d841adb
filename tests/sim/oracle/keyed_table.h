// What oracles find again by a key of 64 bits: slots that are probed in their order, entries in them, and
// nothing allocated for one entry. With its key an entry should fit a cache line, since of thousands of
// calls each look-up is a miss of its own.
//
// Keys are hashes: who takes two things for one does so once in 10^10 runs, and in every one of that seed.
#ifndef SANSIP_TESTS_SIM_ORACLE_KEYED_TABLE_H_
#define SANSIP_TESTS_SIM_ORACLE_KEYED_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sansip::sim {

template <typename Entry>
class KeyedTable {
 public:
  struct Got {
    Entry* entry;
    bool is_new;
  };

  // An entry stays where it is until the next Get() or Erase().
  Got Get(std::uint64_t key) {
    if (2 * (size_ + 1) > slots_.size()) Grow();
    Slot& slot = slots_[PlaceOf(Taken(key))];
    if (slot.key != kFree) return {&slot.entry, false};
    slot.key = Taken(key);
    ++size_;
    return {&slot.entry, true};
  }
  Entry* Find(std::uint64_t key) { return const_cast<Entry*>(std::as_const(*this).Find(key)); }
  const Entry* Find(std::uint64_t key) const {
    if (size_ == 0) return nullptr;
    const Slot& slot = slots_[PlaceOf(Taken(key))];
    return slot.key == kFree ? nullptr : &slot.entry;
  }
  void Erase(std::uint64_t key) {
    if (size_ == 0) return;
    std::size_t hole = PlaceOf(Taken(key));
    if (slots_[hole].key == kFree) return;
    --size_;
    // What stands behind the hole moves up, unless it would come to stand before where it is looked for.
    for (std::size_t at = Next(hole); slots_[at].key != kFree; at = Next(at)) {
      const std::size_t home = slots_[at].key & mask();
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;
      slots_[hole] = std::move(slots_[at]);
      hole = at;
    }
    slots_[hole] = Slot{};
  }
  // It will be looked for soon.
  void Expect(std::uint64_t key) const {
    if (size_ != 0) __builtin_prefetch(&slots_[Taken(key) & mask()]);
  }
  // visit(entry), in no order that means anything.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.key != kFree) visit(slot.entry);
    }
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint64_t kFree = 0;
  static constexpr std::size_t kSlotsMin = 16;
  static constexpr std::size_t kLine = 64;

  struct Unaligned {
    std::uint64_t key;
    Entry entry;
  };
  struct alignas(std::min(kLine, std::bit_ceil(sizeof(Unaligned)))) Slot {
    std::uint64_t key = kFree;
    Entry entry = {};
  };

  static std::uint64_t Taken(std::uint64_t key) { return key == kFree ? 1 : key; }
  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t Next(std::size_t place) const { return (place + 1) & mask(); }
  // Where it is, or would be.
  std::size_t PlaceOf(std::uint64_t key) const {
    std::size_t place = key & mask();
    while (slots_[place].key != key && slots_[place].key != kFree) place = Next(place);
    return place;
  }
  void Grow() {
    std::vector<Slot> before(std::max(kSlotsMin, 2 * slots_.size()));
    before.swap(slots_);
    for (Slot& slot : before) {
      if (slot.key != kFree) slots_[PlaceOf(slot.key)] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half of them taken
  std::size_t size_ = 0;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_KEYED_TABLE_H_
