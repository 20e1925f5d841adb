// Objects with ids that are never reused, in storage that never moves.
//
// Grows in chunks up to a stated maximum and keeps what it has: after warm-up nothing is allocated. All
// operations are O(1); the one iteration there is runs in slot order, so that nothing depends on how slots
// came free. An id is a slot and its generation; a slot whose generations are used up is retired.
#ifndef SANSIP_CORE_BASE_SLAB_H_
#define SANSIP_CORE_BASE_SLAB_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/core/base/prefetch.h"

namespace sansip {

template <typename T, typename IdType>
class Slab {
 public:
  explicit Slab(std::size_t size_max) : size_max_(size_max) {}
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  // Nil if size_max objects live.
  template <typename... Args>
  IdType Emplace(Args&&... args) {
    const IdType id = Next();
    if (id.is_nil()) return {};
    Cell& cell = CellAt(id.slot);
    free_head_ = cell.next_free;
    cell.value.emplace(std::forward<Args>(args)...);
    ++size_;
    return id;
  }
  // What Emplace would give now.
  IdType Next() {
    if (size_ == size_max_) return {};
    if (free_head_ == kNoSlot && !AddChunk()) return {};
    return IdAt(free_head_);
  }

  // Null for a stale or nil id.
  T* Find(IdType id) { return const_cast<T*>(std::as_const(*this).Find(id)); }
  const T* Find(IdType id) const {
    if (id.is_nil() || id.slot >= slots()) return nullptr;
    const Cell& cell = CellAt(id.slot);
    return cell.generation == id.generation && cell.value ? &*cell.value : nullptr;
  }

  // The object in a slot that is known to be taken.
  T& At(std::uint32_t slot) { return const_cast<T&>(std::as_const(*this).At(slot)); }
  const T& At(std::uint32_t slot) const {
    SANSIP_CHECK(slot < slots() && CellAt(slot).value);
    return *CellAt(slot).value;
  }
  // Null if it is not taken, or there is none.
  T* InSlot(std::uint32_t slot) {
    return slot < slots() && CellAt(slot).value ? &*CellAt(slot).value : nullptr;
  }
  // The object in a slot will soon be asked for. There is such a slot.
  void Expect(std::uint32_t slot) const { Prefetch(&CellAt(slot)); }
  IdType IdAt(std::uint32_t slot) const { return {slot, CellAt(slot).generation}; }

  // False for a stale id.
  bool Erase(IdType id) {
    if (Find(id) == nullptr) return false;
    Cell& cell = CellAt(id.slot);
    cell.value.reset();
    --size_;
    if (cell.generation == std::numeric_limits<std::uint32_t>::max()) return true;  // retired
    ++cell.generation;
    cell.next_free = free_head_;
    free_head_ = id.slot;
    return true;
  }

  // visit(id, object) for every object, in slot order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::uint32_t slot = 0; slot < slots(); ++slot) {
      const Cell& cell = CellAt(slot);
      if (cell.value) visit(IdType{slot, cell.generation}, *cell.value);
    }
  }

  // visit(id) for every id that Emplace would give before it needs more slots, in its order.
  template <typename Visit>
  void ForEachFree(Visit visit) const {
    for (std::uint32_t slot = free_head_; slot != kNoSlot; slot = CellAt(slot).next_free) visit(IdAt(slot));
  }

  // To take over the ids of another slab, by what its ForEach and ForEachFree told. Only without slots yet:
  // adds `slots` of them, all retired until EmplaceAt or FreeAt gives them an id. False, and nothing is
  // changed, where that is no number of whole chunks or more than twice as many as size_max objects need.
  bool AddRetired(std::uint32_t slots) {
    SANSIP_CHECK(chunks_.empty());
    const std::size_t chunks = (size_max_ + kChunkSize - 1) / kChunkSize;
    if (slots % kChunkSize != 0 || slots / kChunkSize > 2 * chunks) return false;
    while (this->slots() < slots) {
      chunks_.push_back(std::make_unique<Chunk>());
      for (Cell& cell : *chunks_.back()) cell.generation = 0;
    }
    return true;
  }
  // Null if the slot has an id, if there is no such slot, or if size_max objects live.
  T* EmplaceAt(IdType id) {
    if (size_ == size_max_ || !IsRetired(id)) return nullptr;
    Cell& cell = CellAt(id.slot);
    cell.generation = id.generation;
    cell.value.emplace();
    ++size_;
    return &*cell.value;
  }
  // Emplace gives this id next. False as above.
  bool FreeAt(IdType id) {
    if (!IsRetired(id)) return false;
    Cell& cell = CellAt(id.slot);
    cell.generation = id.generation;
    cell.next_free = free_head_;
    free_head_ = id.slot;
    return true;
  }
  // As it was made: what ids there were may come again.
  void Clear() {
    chunks_.clear();
    size_ = 0;
    free_head_ = kNoSlot;
  }

  std::size_t size() const { return size_; }
  std::size_t size_max() const { return size_max_; }
  std::uint32_t slots() const { return static_cast<std::uint32_t>(chunks_.size() * kChunkSize); }

 private:
  friend class SlabTest;
  static constexpr std::uint32_t kChunkSize = 64;
  static constexpr std::uint32_t kNoSlot = std::numeric_limits<std::uint32_t>::max();

  struct Cell {
    std::optional<T> value;
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNoSlot;
  };
  using Chunk = std::array<Cell, kChunkSize>;

  bool IsRetired(IdType id) const {
    return !id.is_nil() && id.slot < slots() && CellAt(id.slot).generation == 0;
  }
  Cell& CellAt(std::uint32_t slot) { return (*chunks_[slot / kChunkSize])[slot % kChunkSize]; }
  const Cell& CellAt(std::uint32_t slot) const { return (*chunks_[slot / kChunkSize])[slot % kChunkSize]; }

  bool AddChunk() {
    if (slots() > kNoSlot - 2 * kChunkSize) return false;
    const std::uint32_t first = slots();
    chunks_.push_back(std::make_unique<Chunk>());
    for (std::uint32_t i = kChunkSize; i-- > 0;) {
      CellAt(first + i).next_free = free_head_;
      free_head_ = first + i;
    }
    return true;
  }

  std::size_t size_max_;
  std::size_t size_ = 0;
  std::uint32_t free_head_ = kNoSlot;
  std::vector<std::unique_ptr<Chunk>> chunks_;
};

}  // namespace sansip

#endif  // SANSIP_CORE_BASE_SLAB_H_
