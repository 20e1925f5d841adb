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

}  // namespace
}  // namespace sansip
