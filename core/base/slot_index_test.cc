#include "sansip/core/base/slot_index.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace sansip {
namespace {

constexpr auto kAny = [](std::uint32_t) { return true; };

TEST(SlotIndex, FindsByHash) {
  SlotIndex index;
  EXPECT_EQ(index.Find(7, kAny), SlotIndex::kNone);
  index.Insert(7, 1);
  index.Insert(8, 2);
  EXPECT_EQ(index.Find(7, kAny), 1u);
  EXPECT_EQ(index.Find(8, kAny), 2u);
  EXPECT_EQ(index.Find(9, kAny), SlotIndex::kNone);
}

TEST(SlotIndex, EqualHashesAreToldApartByTheCaller) {
  SlotIndex index;
  for (std::uint32_t slot = 0; slot < 20; ++slot) index.Insert(42, slot);
  for (std::uint32_t slot = 0; slot < 20; ++slot) {
    EXPECT_EQ(index.Find(42, [slot](std::uint32_t found) { return found == slot; }), slot);
  }
  index.Erase(42, 7);
  EXPECT_EQ(index.Find(42, [](std::uint32_t found) { return found == 7; }), SlotIndex::kNone);
  EXPECT_EQ(index.Find(42, [](std::uint32_t found) { return found == 19; }), 19u);
  EXPECT_EQ(index.size(), 19u);
}

TEST(SlotIndex, ErasingKeepsWhatWasPushedAside) {
  // All hashes differ, and share a home in a table of any size up to 2^20.
  SlotIndex index;
  for (std::uint32_t slot = 0; slot < 30; ++slot) index.Insert(std::uint64_t{slot} << 20 | 63, slot);
  for (std::uint32_t slot = 0; slot < 30; slot += 2) index.Erase(std::uint64_t{slot} << 20 | 63, slot);
  for (std::uint32_t slot = 0; slot < 30; ++slot) {
    EXPECT_EQ(index.Find(std::uint64_t{slot} << 20 | 63, kAny), slot % 2 == 0 ? SlotIndex::kNone : slot);
  }
}

TEST(SlotIndex, BehavesLikeAMapUnderRandomUse) {
  SlotIndex index;
  std::map<std::uint32_t, std::uint64_t> model;  // slot to hash
  std::uint64_t state = 1;
  const auto next = [&state] { return state = state * 6364136223846793005u + 1442695040888963407u; };
  for (int i = 0; i < 20000; ++i) {
    const auto slot = static_cast<std::uint32_t>(next() >> 33) % 500;
    const auto found = model.find(slot);
    if (found == model.end()) {
      const std::uint64_t hash = (next() >> 40) % 200;  // many equal, many neighbours
      index.Insert(hash, slot);
      model[slot] = hash;
    } else {
      index.Erase(found->second, slot);
      model.erase(found);
    }
    ASSERT_EQ(index.size(), model.size());
  }
  for (const auto& [slot, hash] : model) {
    EXPECT_EQ(index.Find(hash, [slot = slot](std::uint32_t found) { return found == slot; }), slot);
  }
}

TEST(SlotIndex, OneSlotTakesThePlaceOfAnother) {
  SlotIndex index;
  for (std::uint32_t slot = 0; slot < 10; ++slot) index.Insert(42, slot);
  index.Replace(42, 7, 77);
  EXPECT_EQ(index.size(), 10u);
  EXPECT_EQ(index.Find(42, [](std::uint32_t found) { return found == 7; }), SlotIndex::kNone);
  EXPECT_EQ(index.Find(42, [](std::uint32_t found) { return found == 77; }), 77u);
}

TEST(SlotIndexDeathTest, ErasingWhatIsNotThereIsOurError) {
  SlotIndex index;
  index.Insert(1, 1);
  EXPECT_DEATH(index.Erase(1, 2), "sansip is wrong");
}

}  // namespace
}  // namespace sansip
