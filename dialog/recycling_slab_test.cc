#include "sansip/dialog/recycling_slab.h"

#include <gtest/gtest.h>

#include <vector>

#include "sansip/core/base/ids.h"

namespace sansip {
namespace {

struct Recycled {
  static int made, alive;
  int value = 0;
  Recycled() { ++made, ++alive; }
  ~Recycled() { --alive; }
  void Reset() { value = 0; }
};
int Recycled::made = 0, Recycled::alive = 0;

using RecycledId = Id<struct RecycledTag>;
using RecycledSlab = RecyclingSlab<Recycled, RecycledId>;

std::vector<RecycledId> AddMany(RecycledSlab& slab, std::size_t count) {
  std::vector<RecycledId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(slab.Add());
  return ids;
}

void RemoveAll(RecycledSlab& slab, const std::vector<RecycledId>& ids) {
  for (const RecycledId id : ids) slab.Remove(id);
  slab.Recycle();
}

TEST(RecyclingSlab, KeepsWhatIsRemovedReadableAndMakesItFreshWhenTheNextEventBegins) {
  bool has_removed = false;
  RecycledSlab slab(10, has_removed);
  const RecycledId id = slab.Add();
  Recycled* const object = slab.Find(id);
  object->value = 7;
  slab.Remove(id);
  EXPECT_EQ(slab.Find(id), nullptr);
  EXPECT_EQ(object->value, 7);
  EXPECT_TRUE(has_removed);
  EXPECT_NE(slab.Find(slab.Add()), object);
  slab.Recycle();
  EXPECT_EQ(slab.Find(slab.Add()), object);
  EXPECT_EQ(object->value, 0);
}

TEST(RecyclingSlab, MakesNothingAnewWhileNoMoreLiveThanItKeeps) {
  bool has_removed = false;
  RecycledSlab slab(10000, has_removed);
  RemoveAll(slab, AddMany(slab, RecycledSlab::kSparesMin));
  const int made = Recycled::made;
  for (int i = 0; i < 3; ++i) RemoveAll(slab, AddMany(slab, RecycledSlab::kSparesMin));
  EXPECT_EQ(Recycled::made, made);
}

TEST(RecyclingSlab, GivesBackWhatABurstHasLeft) {
  constexpr int kLive = 800;
  const int others = Recycled::alive;
  {
    bool has_removed = false;
    RecycledSlab slab(100000, has_removed);
    const auto live = AddMany(slab, kLive);
    RemoveAll(slab, AddMany(slab, 20000));
    EXPECT_EQ(Recycled::alive - others, kLive + kLive / 8 + static_cast<int>(RecycledSlab::kSparesMin));
    RemoveAll(slab, live);
    for (int i = 0; i < kLive; ++i) RemoveAll(slab, AddMany(slab, 1));
    EXPECT_EQ(Recycled::alive - others, static_cast<int>(RecycledSlab::kSparesMin));
  }
  EXPECT_EQ(Recycled::alive, others);
}

}  // namespace
}  // namespace sansip
