// The caller's storage for actions: a fixed span, filled from the front.
//
// Law 2: it is empty on entry of the outermost object; the caller executes what it holds, clears it and calls
// again. Law 7: it holds at least the class's published kActionsPerEventMax; Append beyond capacity is our
// bug.
#ifndef SANSIP_CORE_ACTION_SINK_H_
#define SANSIP_CORE_ACTION_SINK_H_

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "sansip/core/base/check.h"

namespace sansip {

template <typename A>
class Sink {
 public:
  explicit Sink(std::span<A> storage) : storage_(storage) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // An action, or one of those that A is a variant of: made where it is to be.
  template <typename T = A>
  void Append(const T& action) {
    SANSIP_CHECK(size_ < storage_.size());
    A& place = storage_[size_++];
    if constexpr (std::is_same_v<T, A>) {
      place = action;
    } else {
      place.template emplace<T>(action);
    }
  }
  void Clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t capacity() const { return storage_.size(); }
  std::size_t room() const { return storage_.size() - size_; }

  const A& operator[](std::size_t i) const { return storage_[i]; }
  const A* begin() const { return storage_.data(); }
  const A* end() const { return storage_.data() + size_; }

 private:
  std::span<A> storage_;
  std::size_t size_ = 0;
};

// A sink with room for N actions of its own.
template <typename A, std::size_t N>
class SinkOf : public Sink<A> {
 public:
  SinkOf() : Sink<A>(std::span<A>(storage_)) {}

 private:
  std::array<A, N> storage_{};
};

}  // namespace sansip

#endif  // SANSIP_CORE_ACTION_SINK_H_
