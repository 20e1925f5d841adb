#include "sansip/core/timer/deadline_queue.h"

#include <algorithm>

namespace sansip {

void DeadlineQueue::Set(Owner owner, Instant at, std::uint64_t order) {
  if (at == kNever) return Remove(owner);
  if (owner >= places_.size()) places_.resize(std::size_t{owner} + 1);
  Place& place = places_[owner];
  const bool was_earliest = size_ != 0 && earliest_.owner == owner;
  if (place.run != kAbsent) {
    if (place.at == at && place.order == order) return;
    TakeOut(owner);
  }
  ++size_;
  const Entry entry = {at, order, owner};
  place.at = at;
  place.order = order;
  const Key key = KeyOf(at, order);
  const std::uint32_t run = RunFor(key);
  if (run == kInHeap) {
    place.run = kInHeap;
    heap_.emplace_back();
    Settle(heap_.size() - 1, entry);
  } else {
    Append(run, owner, key);
  }
  if (was_earliest) {
    FindEarliest();
  } else if (entry.FiresBefore(earliest_)) {
    earliest_ = entry;
  }
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
std::uint32_t DeadlineQueue::RunFor(Key key) const {
  std::uint32_t best = kInHeap;
  Key latest = 0;
  for (std::uint32_t run = 0; run < runs_used_; ++run) {
    const Key last = runs_[run].last;
    const bool is_better = last < key && last >= latest;
    best = is_better ? run : best;
    latest = is_better ? last : latest;
  }
  return best == kInHeap && runs_used_ < kRunsMax ? runs_used_ : best;
}

void DeadlineQueue::Append(std::uint32_t number, Owner owner, Key key) {
  Run& run = runs_[number];
  Place& place = places_[owner];
  place.run = number;
  place.next = kNobody;
  place.previous = run.last_owner;
  if (run.is_empty()) {
    run.first = key;
    run.first_owner = owner;
    runs_used_ = std::max(runs_used_, number + 1);
  } else {
    places_[run.last_owner].next = owner;
  }
  run.last = key;
  run.last_owner = owner;
}

void DeadlineQueue::TakeOut(Owner owner) {
  Place& place = places_[owner];
  --size_;
  const std::uint32_t number = place.run;
  place.run = kAbsent;
  if (number == kInHeap) {
    const std::size_t hole = place.previous;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (hole < heap_.size()) Settle(hole, last);
    return;
  }
  Run& run = runs_[number];
  if (place.previous == kNobody && place.next == kNobody) {
    run = {};
    while (runs_used_ > 0 && runs_[runs_used_ - 1].is_empty()) --runs_used_;
    return;
  }
  if (place.previous == kNobody) {
    run.first = KeyOf(place.next);
    run.first_owner = place.next;
    // Looked at when this one goes; a million do not fit into a cache.
    const Owner after = places_[place.next].next;
    if (after != kNobody) __builtin_prefetch(&places_[after]);
  } else {
    places_[place.previous].next = place.next;
  }
  if (place.next == kNobody) {
    run.last = KeyOf(place.previous);
    run.last_owner = place.previous;
  } else {
    places_[place.next].previous = place.previous;
  }
}

void DeadlineQueue::FindEarliest() {
  Key earliest = heap_.empty() ? kLast : KeyOf(heap_.front().at, heap_.front().order);
  Owner owner = heap_.empty() ? kNobody : heap_.front().owner;
  for (std::uint32_t run = 0; run < runs_used_; ++run) {
    const bool is_earlier = runs_[run].first < earliest;
    earliest = is_earlier ? runs_[run].first : earliest;
    owner = is_earlier ? runs_[run].first_owner : owner;
  }
  earliest_ = owner == kNobody ? Entry{} : EntryOf(owner);
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
  places_[entry.owner].previous = static_cast<std::uint32_t>(i);
}

bool DeadlineQueue::IsRunConsistent(std::uint32_t number, std::size_t& entries) const {
  const Run& run = runs_[number];
  if (run.is_empty()) return true;
  if (number >= runs_used_ || places_[run.first_owner].previous != kNobody) return false;
  if (run.first != KeyOf(run.first_owner) || run.last != KeyOf(run.last_owner)) return false;
  for (Owner owner = run.first_owner;; owner = places_[owner].next) {
    const Place& place = places_[owner];
    if (place.run != number || ++entries > size_) return false;
    if (place.next == kNobody) return owner == run.last_owner;
    if (!EntryOf(owner).FiresBefore(EntryOf(place.next))) return false;
    if (places_[place.next].previous != owner) return false;
  }
}

bool DeadlineQueue::IsConsistent() const {
  std::size_t entries = heap_.size();
  for (std::uint32_t run = 0; run < kRunsMax; ++run) {
    if (!IsRunConsistent(run, entries)) return false;
  }
  for (std::size_t i = 0; i < heap_.size(); ++i) {
    if (i > 0 && heap_[i].FiresBefore(heap_[(i - 1) / kArity])) return false;
    const Place& place = places_[heap_[i].owner];
    if (place.run != kInHeap || place.previous != i || place.at != heap_[i].at) return false;
  }
  const auto waiting =
      std::count_if(places_.begin(), places_.end(), [](const Place& place) { return place.run != kAbsent; });
  return static_cast<std::size_t>(waiting) == size_ && entries == size_ &&
         std::all_of(places_.begin(), places_.end(),
                     [this](const Place& place) { return place.run == kAbsent || earliest_.at <= place.at; });
}

}  // namespace sansip
