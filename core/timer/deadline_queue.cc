#include "sansip/core/timer/deadline_queue.h"

#include <algorithm>

namespace sansip {

void DeadlineQueue::Set(Owner owner, Instant at, std::uint64_t order) {
  if (at == kNever) return Remove(owner);
  if (owner >= links_.size()) MakeRoomFor(owner);
  if (places_[owner].run != kAbsent) return Move({at, order, owner});
  Insert({at, order, owner});
}

void DeadlineQueue::MakeRoomFor(Owner owner) {
  places_.resize(std::size_t{owner} + 1);
  links_.resize(places_.size());
}

// Whose owner has none.
inline void DeadlineQueue::Insert(const Entry& entry) {
  ++size_;
  Place& place = places_[entry.owner];
  place.at = entry.at;
  place.order = entry.order;
  if (!AppendToRun(entry.owner, KeyOf(entry.at, entry.order))) {
    place.run = kInHeap;
    heap_.emplace_back();
    Settle(heap_.size() - 1, entry);
  }
  if (entry.FiresBefore(earliest_)) earliest_ = entry;
}

// Whose owner has one.
void DeadlineQueue::Move(const Entry& entry) {
  const Place& place = places_[entry.owner];
  if (place.at == entry.at && place.order == entry.order) return;
  if (MoveTheEnd(entry)) return;
  const bool was_earliest = earliest_.owner == entry.owner;
  TakeOut(entry.owner);
  Insert(entry);
  if (was_earliest) FindEarliest();
}

// The last one of its run may move on as far as the end of the next run to end. Where few wait nearly all are
// last ones.
bool DeadlineQueue::MoveTheEnd(const Entry& entry) {
  Place& place = places_[entry.owner];
  if (place.run == kInHeap || runs_[place.run].last_owner != entry.owner) return false;
  const Key key = KeyOf(entry.at, entry.order);
  std::uint32_t at = 0;
  while (by_end_[at] != place.run) ++at;
  if (key < ends_[at] || (at + 1 < ends_used_ && key > ends_[at + 1])) return false;
  ends_[at] = key;
  place.at = entry.at;
  place.order = entry.order;
  Run& run = runs_[place.run];
  if (run.first_owner != entry.owner) return true;
  run.first = key;
  if (earliest_.owner == entry.owner) FindEarliest();
  return true;
}

void DeadlineQueue::Remove(Owner owner) {
  if (owner >= places_.size() || places_[owner].run == kAbsent) return;
  TakeOut(owner);
  if (earliest_.owner == owner) FindEarliest();
}

Instant DeadlineQueue::DeadlineOf(Owner owner) const {
  return owner < places_.size() && places_[owner].run != kAbsent ? places_[owner].at : kNever;
}

// Of the runs that end before the entry the one that ends last, so that the others stay open for earlier
// ones; else an empty one, which ends before everything.
inline bool DeadlineQueue::AppendToRun(Owner owner, Key key) {
  std::uint32_t before = 0;
  // No branch depends on the deadlines, which no processor could predict.
  for (std::uint32_t left = ends_used_; left > 0;) {
    const std::uint32_t half = (left + 1) / 2;
    before += ends_[before + half - 1] < key ? half : 0;
    left -= half;
  }
  std::uint32_t number;
  if (before > 0) {
    number = by_end_[--before];
  } else if (ends_used_ < kRunsMax) {
    number = BeginRun();
  } else {
    return false;
  }
  ends_[before] = key;
  Run& run = runs_[number];
  Place& place = places_[owner];
  place.run = number;
  links_[owner] = {run.last_owner, kNobody};
  if (run.is_empty()) {
    run.first = key;
    run.first_owner = owner;
  } else {
    links_[run.last_owner].next = owner;
  }
  run.last_owner = owner;
  return true;
}

std::uint32_t DeadlineQueue::BeginRun() {
  std::uint32_t number = 0;
  while (!runs_[number].is_empty()) ++number;
  runs_used_ = std::max(runs_used_, number + 1);
  for (std::uint32_t at = ends_used_; at > 0; --at) {
    ends_[at] = ends_[at - 1];
    by_end_[at] = by_end_[at - 1];
  }
  by_end_[0] = static_cast<std::uint8_t>(number);
  ++ends_used_;
  return number;
}

void DeadlineQueue::EndRun(std::uint32_t number) {
  runs_[number] = {};
  while (runs_used_ > 0 && runs_[runs_used_ - 1].is_empty()) --runs_used_;
  std::uint32_t at = 0;
  while (by_end_[at] != number) ++at;
  --ends_used_;
  for (; at < ends_used_; ++at) {
    ends_[at] = ends_[at + 1];
    by_end_[at] = by_end_[at + 1];
  }
}

void DeadlineQueue::TakeOut(Owner owner) {
  Place& place = places_[owner];
  --size_;
  const std::uint32_t number = place.run;
  place.run = kAbsent;
  if (number == kInHeap) {
    const std::size_t hole = place.in_heap;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (hole < heap_.size()) Settle(hole, last);
    return;
  }
  Run& run = runs_[number];
  const Links links = links_[owner];
  if (links.previous == kNobody && links.next == kNobody) {
    return EndRun(number);
  }
  if (links.previous == kNobody) {
    run.first = KeyOf(links.next);
    run.first_owner = links.next;
    // Looked at when this one goes; a million do not fit into a cache.
    const Owner after = links_[links.next].next;
    if (after != kNobody) {
      __builtin_prefetch(&places_[after]);
      __builtin_prefetch(&links_[after]);
    }
  } else {
    links_[links.previous].next = links.next;
  }
  if (links.next == kNobody) {
    run.last_owner = links.previous;
  } else {
    links_[links.next].previous = links.previous;
  }
}

void DeadlineQueue::FindEarliest() {
  if (size_ == 0) {
    earliest_ = {};
    return;
  }
  Key earliest = heap_.empty() ? kLast : KeyOf(heap_.front().at, heap_.front().order);
  Owner owner = heap_.empty() ? kNobody : heap_.front().owner;
  for (std::uint32_t run = 0; run < runs_used_; ++run) {
    const bool is_earlier = runs_[run].first < earliest;
    earliest = is_earlier ? runs_[run].first : earliest;
    owner = is_earlier ? runs_[run].first_owner : owner;
  }
  earliest_ = EntryOf(owner);
}

// Puts the entry where it belongs in the heap, starting at i, whose content may be overwritten.
void DeadlineQueue::Settle(std::size_t i, const Entry& entry) {
  while (i > 0) {
    const std::size_t parent = (i - 1) / kArity;
    if (!entry.FiresBefore(heap_[parent])) break;
    PutAt(i, heap_[parent]);
    i = parent;
  }
  for (;;) {
    const std::size_t first = i * kArity + 1;
    if (first >= heap_.size()) break;
    std::size_t earliest = first;
    for (std::size_t child = first + 1; child < std::min(first + kArity, heap_.size()); ++child) {
      if (heap_[child].FiresBefore(heap_[earliest])) earliest = child;
    }
    if (!heap_[earliest].FiresBefore(entry)) break;
    PutAt(i, heap_[earliest]);
    i = earliest;
  }
  PutAt(i, entry);
}

void DeadlineQueue::PutAt(std::size_t i, const Entry& entry) {
  heap_[i] = entry;
  places_[entry.owner].in_heap = static_cast<std::uint32_t>(i);
}

bool DeadlineQueue::IsRunConsistent(std::uint32_t number, std::size_t& entries) const {
  const Run& run = runs_[number];
  if (run.is_empty()) return true;
  if (number >= runs_used_ || links_[run.first_owner].previous != kNobody) return false;
  if (run.first != KeyOf(run.first_owner)) return false;
  const auto end = std::find(by_end_.begin(), by_end_.begin() + ends_used_, number);
  if (end == by_end_.begin() + ends_used_) return false;
  if (ends_[static_cast<std::size_t>(end - by_end_.begin())] < KeyOf(run.last_owner)) return false;
  for (Owner owner = run.first_owner;; owner = links_[owner].next) {
    const Links& links = links_[owner];
    if (places_[owner].run != number || ++entries > size_) return false;
    if (links.next == kNobody) return owner == run.last_owner;
    if (!EntryOf(owner).FiresBefore(EntryOf(links.next))) return false;
    if (links_[links.next].previous != owner) return false;
  }
}

bool DeadlineQueue::IsConsistent() const {
  std::size_t entries = heap_.size();
  for (std::uint32_t run = 0; run < kRunsMax; ++run) {
    if (!IsRunConsistent(run, entries)) return false;
  }
  if (!std::is_sorted(ends_.begin(), ends_.begin() + ends_used_)) return false;
  for (std::size_t i = 0; i < heap_.size(); ++i) {
    if (i > 0 && heap_[i].FiresBefore(heap_[(i - 1) / kArity])) return false;
    const Place& place = places_[heap_[i].owner];
    if (place.run != kInHeap || place.in_heap != i || place.at != heap_[i].at) return false;
  }
  const auto waiting =
      std::count_if(places_.begin(), places_.end(), [](const Place& place) { return place.run != kAbsent; });
  return static_cast<std::size_t>(waiting) == size_ && entries == size_ &&
         std::all_of(places_.begin(), places_.end(),
                     [this](const Place& place) { return place.run == kAbsent || earliest_.at <= place.at; });
}

}  // namespace sansip
