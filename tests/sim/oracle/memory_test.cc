#include "sansip/tests/sim/oracle/memory.h"

#include <cstdint>
#include <map>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/sim/oracle/keyed_table.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

using std::chrono::seconds;

// Keys of few homes, so that most stand where others would, at the table's end as well.
TEST(KeyedTable, DoesAsAMapDoes) {
  KeyedTable<std::uint64_t> table;
  std::map<std::uint64_t, std::uint64_t> map;
  SeededRandom random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t word = random.Next();
    const std::uint64_t key = word % 5 + (word >> 32) % 60 * 0x10000 - 5;
    if (word >> 16 & 1) {
      const auto [entry, is_new] = table.Get(key);
      ASSERT_EQ(is_new, map.count(key) == 0);
      map[key] = *entry = word;
    } else {
      table.Erase(key);
      map.erase(key);
    }
    ASSERT_EQ(table.size(), map.size());
    if (i % 100 != 0) continue;
    std::uint64_t sum = 0, expected = 0;
    table.ForEach([&](std::uint64_t value) { sum += value; });
    for (const auto& [known, value] : map) {
      expected += value;
      ASSERT_NE(table.Find(known), nullptr);
      ASSERT_EQ(*table.Find(known), value);
    }
    ASSERT_EQ(sum, expected);
  }
  EXPECT_EQ(KeyedTable<int>().Find(1), nullptr);
}

struct Thing {
  Duration Lifetime() const { return lifetime; }
  LastUse last_use;
  Duration lifetime = Memory<Thing>::kLookAfter;
  int name = 0;
};

class Things {
 public:
  void Use(int name, Instant now, Duration lifetime = Memory<Thing>::kLookAfter) {
    Thing& thing = *memory.Get(static_cast<std::uint64_t>(name), now).entry;
    thing.name = name;
    thing.lifetime = lifetime;
  }
  std::vector<int> ForgottenAt(Instant now) {
    std::vector<int> names;
    memory.Forget(now, [&](const Thing& thing) { names.push_back(thing.name); });
    return names;
  }

  Memory<Thing> memory;
};

TEST(Memory, ForgetsWhatWasNotUsedForItsLifetime) {
  const Instant begin(std::chrono::hours(24 * 365 * 50));  // whatever clock it is
  Things things;
  things.Use(1, begin);
  things.Use(2, begin);
  things.Use(2, begin + seconds(30));
  EXPECT_EQ(things.ForgottenAt(begin + seconds(39)), std::vector<int>());
  EXPECT_EQ(things.ForgottenAt(begin + seconds(41)), std::vector{1});
  EXPECT_EQ(things.memory.Find(1), nullptr);
  EXPECT_NE(things.memory.Find(2), nullptr);
  EXPECT_EQ(things.ForgottenAt(begin + seconds(82)), std::vector{2});
}

TEST(Memory, KeepsLongerWhatMayStayLonger) {
  Things things;
  things.Use(1, Instant(seconds(1)), std::chrono::minutes(10));
  things.Use(2, Instant(seconds(1)), kForever);
  EXPECT_EQ(things.ForgottenAt(Instant(seconds(599))), std::vector<int>());
  EXPECT_EQ(things.ForgottenAt(Instant(seconds(1300))), std::vector{1});
  EXPECT_EQ(things.ForgottenAt(Instant(std::chrono::hours(24))), std::vector<int>());
  things.Use(3, Instant(std::chrono::hours(25)));
  std::vector<int> all;
  things.memory.ForgetAll([&](const Thing& thing) { all.push_back(thing.name); });
  EXPECT_EQ(all, (std::vector{3, 2}));
}

}  // namespace
}  // namespace sansip::sim
