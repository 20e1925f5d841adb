#include "sansip/core/base/slab.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/base/ids.h"

namespace sansip {

class SlabTest : public ::testing::Test {
 protected:
  template <typename T, typename IdType>
  static void SetGeneration(Slab<T, IdType>& slab, std::uint32_t slot, std::uint32_t generation) {
    slab.CellAt(slot).generation = generation;
  }
};

namespace {

using TestId = Id<struct SlabTestTag>;
using IntSlab = Slab<int, TestId>;

TEST_F(SlabTest, FindsWhatLivesAndNothingElse) {
  IntSlab slab(10);
  const TestId one = slab.Emplace(1);
  const TestId two = slab.Emplace(2);
  EXPECT_FALSE(one.is_nil());
  EXPECT_NE(one, two);
  EXPECT_EQ(*slab.Find(one), 1);
  EXPECT_EQ(*slab.Find(two), 2);
  EXPECT_EQ(slab.At(two.slot), 2);
  EXPECT_EQ(slab.IdAt(two.slot), two);
  EXPECT_EQ(slab.Find(TestId{}), nullptr);
  EXPECT_EQ(slab.Find(TestId{5000, 1}), nullptr);
  EXPECT_EQ(slab.size(), 2u);
  EXPECT_EQ(*slab.InSlot(two.slot), 2);
  EXPECT_EQ(slab.InSlot(two.slot + 1), nullptr);
  EXPECT_EQ(slab.InSlot(5000), nullptr);
}

TEST_F(SlabTest, SaysWhichIdIsNext) {
  IntSlab slab(2);
  const TestId next = slab.Next();
  EXPECT_EQ(slab.Next(), next);
  EXPECT_EQ(slab.Emplace(1), next);
  EXPECT_NE(slab.Next(), next);
  slab.Emplace(2);
  EXPECT_TRUE(slab.Next().is_nil());
}

TEST_F(SlabTest, AStaleIdIsAnOrdinaryAnswer) {
  IntSlab slab(10);
  const TestId stale = slab.Emplace(1);
  EXPECT_TRUE(slab.Erase(stale));
  EXPECT_FALSE(slab.Erase(stale));
  EXPECT_EQ(slab.Find(stale), nullptr);
  const TestId next = slab.Emplace(2);
  EXPECT_EQ(next.slot, stale.slot);
  EXPECT_EQ(slab.Find(stale), nullptr);
  EXPECT_EQ(*slab.Find(next), 2);
}

TEST_F(SlabTest, IdsAreNeverReused) {
  IntSlab slab(3);
  std::set<std::uint64_t> seen;
  for (int round = 0; round < 1000; ++round) {
    const TestId id = slab.Emplace(round);
    EXPECT_TRUE(seen.insert(id.value()).second);
    slab.Erase(id);
  }
}

TEST_F(SlabTest, ASlotWithoutGenerationsIsRetired) {
  IntSlab slab(100);
  const TestId first = slab.Emplace(1);
  slab.Erase(first);
  SetGeneration(slab, first.slot, std::numeric_limits<std::uint32_t>::max());
  const TestId last = slab.Emplace(2);
  EXPECT_EQ(last.generation, std::numeric_limits<std::uint32_t>::max());
  EXPECT_TRUE(slab.Erase(last));
  EXPECT_EQ(slab.Find(last), nullptr);
  const TestId other = slab.Emplace(3);
  EXPECT_NE(other.slot, first.slot);
  EXPECT_EQ(slab.size(), 1u);
}

TEST_F(SlabTest, AtTheMaximumItIsFull) {
  IntSlab slab(100);
  std::vector<TestId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(slab.Emplace(i));
  EXPECT_FALSE(ids.back().is_nil());
  EXPECT_TRUE(slab.Emplace(0).is_nil());
  slab.Erase(ids[50]);
  EXPECT_FALSE(slab.Emplace(0).is_nil());
  EXPECT_TRUE(slab.Emplace(0).is_nil());
  EXPECT_EQ(slab.size_max(), 100u);
}

TEST_F(SlabTest, ObjectsDoNotMoveWhenItGrows) {
  Slab<std::string, TestId> slab(1000);
  const TestId id = slab.Emplace("first");
  const std::string* const where = slab.Find(id);
  for (int i = 0; i < 900; ++i) slab.Emplace("another");
  EXPECT_EQ(slab.Find(id), where);
  EXPECT_EQ(*where, "first");
}

TEST_F(SlabTest, IterationIsInSlotOrderHoweverSlotsCameFree) {
  IntSlab slab(200);
  std::vector<TestId> ids;
  for (int i = 0; i < 150; ++i) ids.push_back(slab.Emplace(i));
  for (int i : {70, 3, 140, 41}) slab.Erase(ids[i]);
  for (int i = 0; i < 3; ++i) slab.Emplace(1000 + i);
  std::vector<std::uint32_t> slots;
  slab.ForEach([&](TestId id, int) { slots.push_back(id.slot); });
  EXPECT_EQ(slots.size(), 149u);
  EXPECT_TRUE(std::is_sorted(slots.begin(), slots.end()));
}

TEST_F(SlabTest, DestroysWhatIsErased) {
  Slab<std::shared_ptr<int>, TestId> slab(10);
  auto counted = std::make_shared<int>(1);
  const TestId id = slab.Emplace(counted);
  EXPECT_EQ(counted.use_count(), 2);
  slab.Erase(id);
  EXPECT_EQ(counted.use_count(), 1);
}

TEST_F(SlabTest, AnotherTakesOverItsIdsAndGoesOnAlike) {
  IntSlab slab(200);
  std::vector<TestId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(slab.Emplace(i));
  for (int i : {70, 3, 99, 41, 3}) slab.Erase(ids[i]);
  SetGeneration(slab, ids[3].slot, std::numeric_limits<std::uint32_t>::max());

  IntSlab other(200);
  ASSERT_TRUE(other.AddRetired(slab.slots()));
  slab.ForEach([&](TestId id, int value) { *other.EmplaceAt(id) = value; });
  std::vector<TestId> free;
  slab.ForEachFree([&](TestId id) { free.push_back(id); });
  for (std::size_t i = free.size(); i-- > 0;) EXPECT_TRUE(other.FreeAt(free[i]));
  EXPECT_EQ(other.size(), slab.size());
  EXPECT_EQ(*other.Find(ids[5]), 5);
  EXPECT_EQ(other.Find(ids[70]), nullptr);
  for (int i = 0; i < 120; ++i) {
    EXPECT_EQ(other.Emplace(i), slab.Emplace(i));
    if (i % 3 != 0) continue;
    slab.Erase(ids[i % 100]);
    other.Erase(ids[i % 100]);
  }
}

TEST_F(SlabTest, AnIdIsTakenOverOnce) {
  IntSlab slab(10);
  EXPECT_FALSE(slab.AddRetired(63));
  EXPECT_FALSE(slab.AddRetired(192));  // twice as many as ten need are 128
  ASSERT_TRUE(slab.AddRetired(64));
  EXPECT_TRUE(slab.Emplace(1).slot >= 64) << "a retired slot was used";
  EXPECT_NE(slab.EmplaceAt({3, 9}), nullptr);
  EXPECT_EQ(slab.EmplaceAt({3, 10}), nullptr);
  EXPECT_FALSE(slab.FreeAt({3, 10}));
  EXPECT_TRUE(slab.FreeAt({4, 2}));
  EXPECT_FALSE(slab.FreeAt({4, 2}));
  EXPECT_EQ(slab.EmplaceAt({4, 2}), nullptr);
  EXPECT_EQ(slab.EmplaceAt({5, 0}), nullptr);
  EXPECT_EQ(slab.EmplaceAt({500, 1}), nullptr);
  for (std::uint32_t slot = 10; slot < 18; ++slot) EXPECT_NE(slab.EmplaceAt({slot, 1}), nullptr);
  EXPECT_EQ(slab.EmplaceAt({20, 1}), nullptr) << "full";
  slab.Clear();
  EXPECT_EQ(slab.size(), 0u);
  EXPECT_EQ(slab.slots(), 0u);
  EXPECT_EQ(slab.Emplace(1), (TestId{0, 1}));
}

}  // namespace
}  // namespace sansip
