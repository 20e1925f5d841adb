#include "sansip/core/timer/deadline_queue.h"

#include <algorithm>

namespace sansip {

void DeadlineQueue::Set(Owner owner, Instant at, std::uint64_t order) {
  if (at == kNever) return Remove(owner);
  if (owner >= position_.size()) position_.resize(std::size_t{owner} + 1, kAbsent);
  if (position_[owner] == kAbsent) {
    position_[owner] = static_cast<std::uint32_t>(heap_.size());
    heap_.emplace_back();
  }
  Settle(position_[owner], {at, order, owner});
}

void DeadlineQueue::Remove(Owner owner) {
  if (owner >= position_.size() || position_[owner] == kAbsent) return;
  const std::size_t hole = position_[owner];
  position_[owner] = kAbsent;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (hole < heap_.size()) Settle(hole, last);
}

Instant DeadlineQueue::DeadlineOf(Owner owner) const {
  return owner < position_.size() && position_[owner] != kAbsent ? heap_[position_[owner]].at : kNever;
}

// Puts the entry where it belongs, starting at i, whose content may be overwritten.
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
  position_[entry.owner] = static_cast<std::uint32_t>(i);
}

bool DeadlineQueue::IsConsistent() const {
  for (std::size_t i = 0; i < heap_.size(); ++i) {
    if (i > 0 && heap_[i].FiresBefore(heap_[(i - 1) / kArity])) return false;
    if (heap_[i].owner >= position_.size() || position_[heap_[i].owner] != i) return false;
  }
  return static_cast<std::size_t>(std::count_if(position_.begin(), position_.end(), [](std::uint32_t p) {
           return p != kAbsent;
         })) == heap_.size();
}

}  // namespace sansip
