#include "sansip/core/timer/deadline_queue.h"

#include <chrono>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr Instant At(int milliseconds) { return Instant() + std::chrono::milliseconds(milliseconds); }

// Owners in the order in which they come due.
std::vector<DeadlineQueue::Owner> Drain(DeadlineQueue& queue) {
  std::vector<DeadlineQueue::Owner> owners;
  while (queue.Earliest() != nullptr) {
    owners.push_back(queue.Earliest()->owner);
    queue.Remove(owners.back());
    EXPECT_TRUE(queue.IsConsistent());
  }
  return owners;
}

TEST(DeadlineQueue, IsIdleWhenEmpty) {
  DeadlineQueue queue;
  EXPECT_EQ(queue.next_deadline(), kNever);
  EXPECT_EQ(queue.Earliest(), nullptr);
  queue.Remove(3);
  EXPECT_TRUE(queue.empty());
}

TEST(DeadlineQueue, GivesTheEarliestFirst) {
  DeadlineQueue queue;
  queue.Set(5, At(30), queue.NextOrder());
  queue.Set(1, At(10), queue.NextOrder());
  queue.Set(9, At(20), queue.NextOrder());
  EXPECT_EQ(queue.next_deadline(), At(10));
  EXPECT_EQ(queue.DeadlineOf(9), At(20));
  EXPECT_EQ(queue.DeadlineOf(2), kNever);
  EXPECT_EQ(Drain(queue), (std::vector<DeadlineQueue::Owner>{1, 9, 5}));
}

TEST(DeadlineQueue, EqualDeadlinesComeInTheOrderTheyWereArmed) {
  DeadlineQueue queue;
  const std::vector<DeadlineQueue::Owner> owners = {17, 3, 99, 0, 42, 8, 64, 23, 5, 77, 12, 31};
  for (DeadlineQueue::Owner owner : owners) queue.Set(owner, At(500), queue.NextOrder());
  EXPECT_EQ(Drain(queue), owners);
}

// Within its run, past the end of another, back, and to where another's end is.
TEST(DeadlineQueue, TheLastOneOfARunMovesOn) {
  DeadlineQueue queue;
  queue.Set(1, At(10), queue.NextOrder());
  queue.Set(2, At(500), queue.NextOrder());
  queue.Set(3, At(20), queue.NextOrder());
  for (const int at : {30, 500, 501, 40, 499, 20, 600}) {
    for (const DeadlineQueue::Owner owner : {2u, 1u, 3u}) {
      queue.Set(owner, At(at), queue.NextOrder());
      ASSERT_TRUE(queue.IsConsistent()) << owner << " at " << at;
      EXPECT_EQ(queue.DeadlineOf(owner), At(at));
    }
    EXPECT_EQ(queue.Earliest()->owner, 2u);
    EXPECT_EQ(queue.next_deadline(), At(at));
  }
  EXPECT_EQ(Drain(queue), (std::vector<DeadlineQueue::Owner>{2, 1, 3}));
}

TEST(DeadlineQueue, SettingAgainMovesTheOneEntry) {
  DeadlineQueue queue;
  queue.Set(1, At(10), queue.NextOrder());
  queue.Set(2, At(20), queue.NextOrder());
  queue.Set(1, At(30), queue.NextOrder());
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.next_deadline(), At(20));
  queue.Set(1, At(5), queue.NextOrder());
  EXPECT_EQ(queue.next_deadline(), At(5));
  queue.Set(1, kNever, queue.NextOrder());
  EXPECT_EQ(queue.size(), 1u);
}

TEST(DeadlineQueue, FewDurationsNeedNoHeap) {
  DeadlineQueue queue;
  const int durations[] = {32000, 500, 5000, 1000, 2000, 200, 4000, 8000, 16000, 3500};
  for (DeadlineQueue::Owner owner = 0; owner < 5000; ++owner) {
    const int now = static_cast<int>(owner / 3);
    queue.Set(owner, At(now + durations[owner * 7 % 10]), queue.NextOrder());
    if (owner % 3 == 0) queue.Remove(owner / 2);
    if (owner % 5 == 0) queue.Set(owner / 3, At(now + durations[owner % 10]), queue.NextOrder());
  }
  EXPECT_EQ(queue.size_of_heap(), 0u);
  EXPECT_TRUE(queue.IsConsistent());
}

TEST(DeadlineQueue, WhatFitsNoRunGoesToTheHeapAndFiresInItsTurn) {
  DeadlineQueue queue;
  std::vector<DeadlineQueue::Owner> expected;
  for (DeadlineQueue::Owner owner = 0; owner < 100; ++owner) {
    queue.Set(owner, At(1000 - static_cast<int>(owner)), queue.NextOrder());
    expected.insert(expected.begin(), owner);
  }
  EXPECT_EQ(queue.size_of_heap(), 84u);
  EXPECT_TRUE(queue.IsConsistent());
  EXPECT_EQ(Drain(queue), expected);
  EXPECT_EQ(queue.size_of_heap(), 0u);
}

TEST(DeadlineQueue, AnEarlierOrderNumberFiresFirstThoughItIsSetLast) {
  DeadlineQueue queue;
  const std::uint64_t early = queue.NextOrder(), late = queue.NextOrder();
  queue.Set(1, At(10), late);
  queue.Set(2, At(10), early);
  EXPECT_EQ(Drain(queue), (std::vector<DeadlineQueue::Owner>{2, 1}));
}

TEST(DeadlineQueue, BehavesLikeASortedMapUnderRandomUse) {
  DeadlineQueue queue;
  std::map<DeadlineQueue::Owner, std::pair<Instant, std::uint64_t>> model;
  std::uint64_t state = 7;
  const auto next = [&state](std::uint32_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state >> 33) % bound;
  };
  for (int i = 0; i < 20000; ++i) {
    const DeadlineQueue::Owner owner = next(300);
    if (next(3) == 0) {
      queue.Remove(owner);
      model.erase(owner);
    } else {
      const Instant at = At(static_cast<int>(next(50)));
      const std::uint64_t order = queue.NextOrder();
      queue.Set(owner, at, order);
      model[owner] = {at, order};
    }
    std::tuple<Instant, std::uint64_t, DeadlineQueue::Owner> earliest{kNever, 0, 0};
    for (const auto& [key, value] : model) {
      earliest = std::min(earliest, std::make_tuple(value.first, value.second, key));
    }
    ASSERT_EQ(queue.size(), model.size());
    ASSERT_EQ(queue.next_deadline(), std::get<0>(earliest));
    if (!model.empty()) {
      ASSERT_EQ(queue.Earliest()->owner, std::get<2>(earliest));
    }
    if (i % 1000 == 0) {
      ASSERT_TRUE(queue.IsConsistent());
    }
  }
}

}  // namespace
}  // namespace sansip
