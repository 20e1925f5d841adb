// Which owner's deadline is the earliest: one entry per owner, owners named by small numbers (slots).
//
// Protocols have few durations, and time does not run backwards: deadlines of one duration come in the
// order in which they expire. So entries stand in a few runs, lists that are sorted because nothing is
// appended to one that would have to stand before its end; what fits no run goes to a 4-ary heap. Start,
// restart, stop and expiry cost a look at the ends of the runs, whatever the number of owners, and O(log n)
// in the heap: with more durations than runs, as when each peer has its own T1.
//
// No allocation beyond the largest number of owners so far. Equal deadlines come in the order of their
// order numbers, that is, in the order in which they were armed (law 9); where an entry stands changes
// nothing.
#ifndef SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_
#define SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_

#include <array>
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
  std::uint64_t last_order() const { return last_order_; }
  // Whoever brings deadlines of another queue brings their orders, too: later ones come after `order`.
  void ContinueAfter(std::uint64_t order) { last_order_ = order; }

  // Replaces the owner's entry; kNever removes it.
  void Set(Owner owner, Instant at, std::uint64_t order);
  void Remove(Owner owner);

  // Null if nobody waits.
  const Entry* Earliest() const { return size_ == 0 ? nullptr : &earliest_; }
  Instant next_deadline() const { return earliest_.at; }
  Instant DeadlineOf(Owner owner) const;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t size_of_heap() const { return heap_.size(); }
  bool IsConsistent() const;  // O(n)

 private:
  static constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kInHeap = kAbsent - 1;
  static constexpr std::uint32_t kNobody = kAbsent;
  static constexpr std::size_t kArity = 4;
  // The INVITE client alone has seven durations (timers A and B), and all others share some of them.
  static constexpr std::uint32_t kRunsMax = 16;

  // Of one owner.
  struct Place {
    Instant at = kNever;
    std::uint64_t order = 0;
    std::uint32_t run = kAbsent;      // or kInHeap
    std::uint32_t in_heap = kAbsent;  // its position there
  };
  // In its run. Apart from the rest, since a restart touches those of its neighbours: of a million more fit
  // into a cache.
  struct Links {
    Owner previous = kNobody;
    Owner next = kNobody;
  };
  // Instant and order as one number, so that a look at all runs takes no branch. Above zero, since orders
  // are.
  using Key = unsigned __int128;
  static constexpr Key kLast = ~Key{0};
  struct Run {
    Key first = kLast;  // as here while it is empty
    Owner first_owner = kNobody, last_owner = kNobody;
    bool is_empty() const { return first_owner == kNobody; }
  };

  static Key KeyOf(Instant at, std::uint64_t order) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
    return Key{static_cast<std::uint64_t>(at.time_since_epoch().count()) ^ kSign} << 64 | order;
  }
  Entry EntryOf(Owner owner) const { return {places_[owner].at, places_[owner].order, owner}; }
  Key KeyOf(Owner owner) const { return KeyOf(places_[owner].at, places_[owner].order); }
  [[gnu::noinline]] void MakeRoomFor(Owner owner);
  void Insert(const Entry& entry);
  [[gnu::noinline]] void Move(const Entry& entry);
  bool MoveTheEnd(const Entry& entry);     // false: it is not the last one of a run, or may not go there
  bool AppendToRun(Owner owner, Key key);  // false: it fits none
  [[gnu::noinline]] std::uint32_t BeginRun();
  void EndRun(std::uint32_t run);
  void TakeOut(Owner owner);
  void FindEarliest();
  void Settle(std::size_t i, const Entry& entry);
  void PutAt(std::size_t i, const Entry& entry);
  bool IsRunConsistent(std::uint32_t run, std::size_t& entries) const;

  std::vector<Place> places_;  // by owner
  std::vector<Links> links_;   // by owner
  std::array<Run, kRunsMax> runs_;
  std::uint32_t runs_used_ = 0;  // behind them all are empty
  // The runs that are not empty, by where they end: nothing may be appended to one before that. An append
  // leaves their order as it is, since it is to the last one that it fits.
  std::array<Key, kRunsMax> ends_{};
  std::array<std::uint8_t, kRunsMax> by_end_{};
  std::uint32_t ends_used_ = 0;
  std::vector<Entry> heap_;
  Entry earliest_;
  std::size_t size_ = 0;
  std::uint64_t last_order_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_CORE_TIMER_DEADLINE_QUEUE_H_
