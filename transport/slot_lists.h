// Doubly linked lists threaded through the slots of a table: a slot is in one list at most. Everything is
// O(1) and nothing allocates but Grow(). The order of a list is the order of MoveToBack: with a constant
// time-out per list its front is the next to expire; with a touch per use its front is the least recently
// used.
#ifndef SANSIP_TRANSPORT_SLOT_LISTS_H_
#define SANSIP_TRANSPORT_SLOT_LISTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sansip {

inline constexpr std::uint32_t kNoSlot = 0xffffffff;

template <std::size_t kLists>
class SlotLists {
 public:
  void Grow(std::size_t slots) { links_.resize(slots); }

  void MoveToBack(std::size_t list, std::uint32_t slot) {
    Remove(slot);
    List& to = lists_[list];
    links_[slot] = {.previous = to.back, .next = kNoSlot, .list = static_cast<std::uint32_t>(list)};
    (to.back == kNoSlot ? to.front : links_[to.back].next) = slot;
    to.back = slot;
    ++to.size;
  }

  void Remove(std::uint32_t slot) {
    Links& links = links_[slot];
    if (links.list == kNoSlot) return;
    List& from = lists_[links.list];
    (links.previous == kNoSlot ? from.front : links_[links.previous].next) = links.next;
    (links.next == kNoSlot ? from.back : links_[links.next].previous) = links.previous;
    --from.size;
    links = {};
  }

  std::uint32_t Front(std::size_t list) const { return lists_[list].front; }  // kNoSlot: empty
  std::uint32_t Next(std::uint32_t slot) const { return links_[slot].next; }
  std::size_t size(std::size_t list) const { return lists_[list].size; }

 private:
  struct Links {
    std::uint32_t previous = kNoSlot;
    std::uint32_t next = kNoSlot;
    std::uint32_t list = kNoSlot;  // kNoSlot: in none
  };
  struct List {
    std::uint32_t front = kNoSlot;
    std::uint32_t back = kNoSlot;
    std::size_t size = 0;
  };

  std::array<List, kLists> lists_{};
  std::vector<Links> links_;
};

}  // namespace sansip

#endif  // SANSIP_TRANSPORT_SLOT_LISTS_H_
