// A slab whose objects keep their storage: what is removed is Reset() and used again, so that texts inside
// keep their capacity and nothing is allocated in the steady state. Of what a burst has left behind as many
// are kept as an eighth of those that live, and kSparesMin: who has many calls has few requests open.
//
// A removed object stays as it is until Recycle(), which the owner calls when an event begins: views of it
// that the last event gave out stay readable until then (law 5 of the border).
#ifndef SANSIP_DIALOG_RECYCLING_SLAB_H_
#define SANSIP_DIALOG_RECYCLING_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sansip/core/base/prefetch.h"
#include "sansip/core/base/slab.h"

namespace sansip {

template <typename T, typename IdType>
class RecyclingSlab {
 public:
  static constexpr std::size_t kSparesMin = 256;

  explicit RecyclingSlab(std::size_t size_max) : slab_(size_max) {}

  // Nil if size_max objects live.
  IdType Add() {
    const IdType id = slab_.Emplace();
    if (id.is_nil()) return id;
    std::unique_ptr<T>& object = *slab_.Find(id);
    if (spare_.empty()) {
      object = std::make_unique<T>();
    } else {
      object = std::move(spare_.back());
      spare_.pop_back();
    }
    return id;
  }

  // Null for a stale or nil id.
  T* Find(IdType id) {
    std::unique_ptr<T>* object = slab_.Find(id);
    return object == nullptr ? nullptr : object->get();
  }
  const T* Find(IdType id) const {
    const std::unique_ptr<T>* object = slab_.Find(id);
    return object == nullptr ? nullptr : object->get();
  }

  const T& At(std::uint32_t slot) const { return *slab_.At(slot); }
  IdType IdAt(std::uint32_t slot) const { return slab_.IdAt(slot); }

  void Remove(IdType id) {  // a stale id is ignored
    std::unique_ptr<T>* object = slab_.Find(id);
    if (object == nullptr) return;
    Prefetch(object->get());  // Reset() writes to all of it
    removed_.push_back(std::move(*object));
    slab_.Erase(id);
  }

  bool has_removed() const { return !removed_.empty(); }
  void Recycle() {
    if (removed_.empty()) return;
    const std::size_t spares_max = slab_.size() / 8 + kSparesMin;
    for (std::unique_ptr<T>& object : removed_) {
      if (spare_.size() >= spares_max) break;  // the others go, and one of those that lay here
      object->Reset();
      spare_.push_back(std::move(object));
    }
    if (spare_.size() > spares_max) spare_.pop_back();
    removed_.clear();
  }

  template <typename Visit>
  void ForEach(Visit visit) const {
    slab_.ForEach([&](IdType id, const std::unique_ptr<T>& object) { visit(id, *object); });
  }

  // Of all, as many as `out` holds; how many there are.
  std::size_t Ids(std::span<IdType> out) const {
    std::size_t count = 0;
    slab_.ForEach([&](IdType id, const std::unique_ptr<T>&) {
      if (count < out.size()) out[count] = id;
      ++count;
    });
    return count;
  }

  std::size_t size() const { return slab_.size(); }
  std::uint32_t slots() const { return slab_.slots(); }

 private:
  Slab<std::unique_ptr<T>, IdType> slab_;
  std::vector<std::unique_ptr<T>> removed_, spare_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_RECYCLING_SLAB_H_
