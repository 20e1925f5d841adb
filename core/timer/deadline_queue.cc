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
  const std::uint32_t run = RunFor(entry);
  if (run == kInHeap) {
    place.run = kInHeap;
    heap_.emplace_back();
    Settle(heap_.size() - 1, entry);
  } else {
    Append(run, entry);
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

// Of the runs that end before the entry the one that ends last, so that the others stay open for earlier ones;
// else an empty one.
std::uint32_t DeadlineQueue::RunFor(const Entry& entry) const {
  std::uint32_t best = kInHeap, empty = kInHeap;
  for (std::uint32_t run = 0; run < runs_used_; ++run) {
    if (runs_[run].is_empty()) {
      empty = std::min(empty, run);
    } else if (runs_[run].last.FiresBefore(entry) &&
               (best == kInHeap || runs_[best].last.FiresBefore(runs_[run].last))) {
      best = run;
    }
  }
  if (best != kInHeap) return best;
  return empty == kInHeap && runs_used_ < kRunsMax ? runs_used_ : empty;
}

void DeadlineQueue::Append(std::uint32_t number, const Entry& entry) {
  Run& run = runs_[number];
  Place& place = places_[entry.owner];
  place.run = number;
  place.next = kNobody;
  if (run.is_empty()) {
    place.previous = kNobody;
    run.first = entry;
    runs_used_ = std::max(runs_used_, number + 1);
  } else {
    place.previous = run.last.owner;
    places_[run.last.owner].next = entry.owner;
  }
  run.last = entry;
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
    run.first = EntryOf(place.next);
  } else {
    places_[place.previous].next = place.next;
  }
  if (place.next == kNobody) {
    run.last = EntryOf(place.previous);
  } else {
    places_[place.next].previous = place.previous;
  }
}

void DeadlineQueue::FindEarliest() {
  earliest_ = heap_.empty() ? Entry{} : heap_.front();
  for (std::uint32_t run = 0; run < runs_used_; ++run) {
    if (runs_[run].first.FiresBefore(earliest_)) earliest_ = runs_[run].first;
  }
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
  if (number >= runs_used_ || places_[run.first.owner].previous != kNobody) return false;
  for (Owner owner = run.first.owner;; owner = places_[owner].next) {
    const Place& place = places_[owner];
    if (place.run != number || ++entries > size_) return false;
    if (place.next == kNobody) return owner == run.last.owner && place.at == run.last.at;
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
  const auto waiting = std::count_if(places_.begin(), places_.end(),
                                     [](const Place& place) { return place.run != kAbsent; });
  return static_cast<std::size_t>(waiting) == size_ && entries == size_ &&
         std::all_of(places_.begin(), places_.end(), [this](const Place& place) {
           return place.run == kAbsent || earliest_.at <= place.at;
         });
}

}  // namespace sansip
