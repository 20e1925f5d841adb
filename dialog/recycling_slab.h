// Objects with ids that are never reused (see core/base/slab.h), each in storage of its own, which is used
// again: what is removed is Reset() and handed out anew, so that texts inside keep their capacity and nothing
// is allocated in the steady state. Of what a burst has left behind as many are kept as an eighth of those
// that live, and kSparesMin: who has many calls has few requests open.
//
// A removed object stays as it is until Recycle(), which the owner calls when an event begins: views of it
// that the last event gave out stay readable until then (law 5 of the border).
#ifndef SANSIP_DIALOG_RECYCLING_SLAB_H_
#define SANSIP_DIALOG_RECYCLING_SLAB_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace sansip {

template <typename T, typename IdType>
class RecyclingSlab {
 public:
  static constexpr std::size_t kSparesMin = 256;

  // `has_removed`: the owner's, to be set when something is removed; it may be that of several slabs.
  RecyclingSlab(std::size_t size_max, bool& has_removed) : size_max_(size_max), has_removed_(has_removed) {}

  // Nil if size_max objects live.
  IdType Add() {
    if (size_ == size_max_ || (free_head_ == kNoSlot && !AddCells())) return {};
    const std::uint32_t slot = free_head_;
    Cell& cell = cells_[slot];
    free_head_ = cell.next_free;
    cell.object = TakeFresh();
    ++size_;
    return {slot, cell.generation};
  }

  // Null for a stale or nil id.
  T* Find(IdType id) { return const_cast<T*>(std::as_const(*this).Find(id)); }
  const T* Find(IdType id) const {
    if (id.slot >= cells_.size()) return nullptr;
    const Cell& cell = cells_[id.slot];
    return cell.generation == id.generation ? cell.object.get() : nullptr;
  }

  // The object in a slot that is known to be taken.
  const T& At(std::uint32_t slot) const { return *cells_[slot].object; }
  IdType IdAt(std::uint32_t slot) const { return {slot, cells_[slot].generation}; }

  void Remove(IdType id) {  // a stale id is ignored
    if (Find(id) == nullptr) return;
    Cell& cell = cells_[id.slot];
    spares_.push_back(std::move(cell.object));
    has_removed_ = true;
    --size_;
    if (cell.generation == std::numeric_limits<std::uint32_t>::max()) return;  // used up
    ++cell.generation;
    cell.next_free = free_head_;
    free_head_ = id.slot;
  }

  void Recycle() {
    if (free_spares_ == spares_.size()) return;  // nothing was removed
    // Too many go, those just removed first, and then one an event.
    const std::size_t spares_max = size_ / 8 + kSparesMin;
    if (spares_.size() > spares_max) spares_.resize(std::max(spares_max, free_spares_ - (free_spares_ > 0)));
    free_spares_ = spares_.size();
  }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
      const Cell& cell = cells_[slot];
      if (cell.object != nullptr) visit(IdType{slot, cell.generation}, *cell.object);
    }
  }

  // Of all, as many as `out` holds; how many there are.
  std::size_t Ids(std::span<IdType> out) const {
    std::size_t count = 0;
    ForEach([&](IdType id, const T&) {
      if (count < out.size()) out[count] = id;
      ++count;
    });
    return count;
  }

  std::size_t size() const { return size_; }
  std::uint32_t slots() const { return static_cast<std::uint32_t>(cells_.size()); }

 private:
  static constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kCellsAtATime = 64;

  struct Cell {
    std::unique_ptr<T> object;  // null: free, or used up
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNoSlot;
  };

  bool AddCells() {
    if (slots() > kNoSlot - 2 * kCellsAtATime) return false;
    std::uint32_t slot = slots();
    free_head_ = slot;
    cells_.resize(cells_.size() + kCellsAtATime);
    while (++slot < slots()) cells_[slot - 1].next_free = slot;
    return true;
  }

  // The last of those that may be used, whose place one of those removed since takes.
  std::unique_ptr<T> TakeFresh() {
    if (free_spares_ == 0) return std::make_unique<T>();
    std::unique_ptr<T> object = std::move(spares_[--free_spares_]);
    spares_[free_spares_] = std::move(spares_.back());
    spares_.pop_back();
    object->Reset();
    return object;
  }

  std::vector<Cell> cells_;
  std::size_t size_ = 0, size_max_;
  std::uint32_t free_head_ = kNoSlot;
  std::vector<std::unique_ptr<T>> spares_;
  std::size_t free_spares_ = 0;  // of these the first so many may be used, the others since the next event
  bool& has_removed_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_RECYCLING_SLAB_H_
