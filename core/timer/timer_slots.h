// The named deadlines of one owner: few, fixed in number, and which of them is the earliest.
//
// Each arming carries an order number that grows over all owners (DeadlineQueue::NextOrder), so that equal
// deadlines fire in the order they were armed, within an owner as well as between owners (law 9).
#ifndef SANSIP_CORE_TIMER_TIMER_SLOTS_H_
#define SANSIP_CORE_TIMER_TIMER_SLOTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "sansip/core/base/check.h"
#include "sansip/core/base/time.h"

namespace sansip {

template <typename Name, std::size_t N>
class TimerSlots {
 public:
  struct Slot {
    Instant at = kNever;           // kNever: the slot is free
    std::uint64_t order : 56 = 0;  // enough for two years of a billion armings a second
    Name name : 8 {};

    bool FiresBefore(const Slot& other) const { return at != other.at ? at < other.at : order < other.order; }
  };

  // visit(slot) for each that is armed.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.at == kNever) return;
      visit(slot);
    }
  }

  // Starts or restarts; kNever stops. At most N are armed at a time.
  void Arm(Name name, Instant at, std::uint64_t order) {
    if (at == kNever) return Stop(name);
    std::size_t place = 0;
    while (place < N && slots_[place].at != kNever && slots_[place].name != name) ++place;
    SANSIP_CHECK(place < N && "more timers armed than the owner has slots");
    slots_[place] = {at, order, name};
  }

  void Stop(Name name) {
    StopIf([name](Name armed) { return armed == name; });
  }

  template <typename Predicate>
  void StopIf(Predicate stop) {
    std::size_t left = 0, end = 0;
    for (; end < N && slots_[end].at != kNever; ++end) {
      if (stop(slots_[end].name)) continue;
      if (left != end) slots_[left] = slots_[end];
      ++left;
    }
    for (; left < end; ++left) slots_[left].at = kNever;
  }

  bool IsArmed(Name name) const { return Find(name) != nullptr; }

  Instant DeadlineOf(Name name) const {
    const Slot* slot = Find(name);
    return slot == nullptr ? kNever : slot->at;
  }

  // Null if it is not armed.
  const Slot* Find(Name name) const {
    for (const Slot& slot : slots_) {
      if (slot.at == kNever) break;
      if (slot.name == name) return &slot;
    }
    return nullptr;
  }

  // Null if none is armed.
  const Slot* Earliest() const {
    const Slot* earliest = &slots_[0];
    for (std::size_t i = 1; i < N && slots_[i].at != kNever; ++i) {
      if (slots_[i].FiresBefore(*earliest)) earliest = &slots_[i];
    }
    return earliest->at == kNever ? nullptr : earliest;
  }

 private:
  std::array<Slot, N> slots_{};  // those that are armed, then those that are free
};

}  // namespace sansip

#endif  // SANSIP_CORE_TIMER_TIMER_SLOTS_H_
