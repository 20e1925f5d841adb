// Which owner's deadline is the earliest: one entry per owner, owners named by small numbers (slots).
//
// A 4-ary heap with positions. The earliest is O(1), everything else O(log n); no allocation beyond the
// largest number of owners so far. Equal deadlines come in the order of their order numbers, that is, in the
// order in which they were armed (law 9).
#ifndef SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_
#define SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sansip/core/base/time.h"

namespace sansip {

class DeadlineQueue {
 public:
  using Owner = std::uint32_t;

  struct Entry {
    Instant at = kNever;
    std::uint64_t order = 0;
    Owner owner = 0;

    bool FiresBefore(const Entry& other) const {
      return at != other.at ? at < other.at : order < other.order;
    }
  };

  // To be given to the next deadline armed.
  std::uint64_t NextOrder() { return ++last_order_; }

  // Replaces the owner's entry; kNever removes it.
  void Set(Owner owner, Instant at, std::uint64_t order);
  void Remove(Owner owner);

  // Null if nobody waits.
  const Entry* Earliest() const { return heap_.empty() ? nullptr : &heap_.front(); }
  Instant next_deadline() const { return heap_.empty() ? kNever : heap_.front().at; }
  Instant DeadlineOf(Owner owner) const;

  std::size_t size() const { return heap_.size(); }
  bool empty() const { return heap_.empty(); }
  bool IsConsistent() const;  // O(n)

 private:
  static constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kArity = 4;

  void Settle(std::size_t i, const Entry& entry);
  void PutAt(std::size_t i, const Entry& entry);

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> position_;  // by owner
  std::uint64_t last_order_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_
