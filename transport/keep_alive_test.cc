#include "sansip/transport/keep_alive.h"

#include <set>

#include "gtest/gtest.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using std::chrono::seconds;

// A sequence without a pattern that a wait could hide behind.
class Sequence final : public RandomSource {
 public:
  std::uint64_t Next() override { return (state_ += 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u; }

 private:
  std::uint64_t state_ = 1;
};

constexpr FlowId Numbered(std::uint32_t n) { return {n, 1}; }

TEST(KeepAlivesTest, AreDrawnFromTheUpperFifth) {
  SANSIP_SHOWS("5626-4.4-2", "5626-4.4-3", "5626-4.4.1-6");
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), seconds(120), random));
  Instant last = Instant();
  std::set<Duration> waits;
  for (int i = 0; i < 200; ++i) {
    const Instant at = keep_alives.next_deadline();
    EXPECT_GE(at - last, seconds(96));
    EXPECT_LE(at - last, seconds(120));
    waits.insert(at - last);
    EXPECT_FALSE(keep_alives.TakeDue(at - Duration(1)));
    const auto due = keep_alives.TakeDue(at);
    ASSERT_TRUE(due && due->due == KeepAlives::Due::kPing && due->flow == Numbered(1));
    EXPECT_FALSE(keep_alives.TakeDue(at));
    keep_alives.OnPong(at, Numbered(1));
    last = at;
  }
  EXPECT_GT(waits.size(), 150u);
}

TEST(KeepAlivesTest, WithoutAPongInTenSecondsTheFlowHasFailed) {
  SANSIP_SHOWS("5626-4.4.1-4");
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), seconds(100), random));
  keep_alives.OnPong(Instant(), Numbered(1));  // of no ping
  keep_alives.OnPong(Instant(), Numbered(2));
  const Instant ping = keep_alives.next_deadline();
  ASSERT_TRUE(keep_alives.TakeDue(ping));
  EXPECT_EQ(keep_alives.next_deadline(), ping + seconds(10));
  const auto due = keep_alives.TakeDue(ping + seconds(10));
  ASSERT_TRUE(due && due->due == KeepAlives::Due::kFailed && due->flow == Numbered(1));
  EXPECT_EQ(keep_alives.size(), 0u);
  EXPECT_EQ(keep_alives.next_deadline(), kNever);
}

TEST(KeepAlivesTest, AnotherIntervalHoldsFromTheNextPingAndThereIsALimit) {
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(0), seconds(100), random));
  const Instant first = keep_alives.next_deadline();
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(0), seconds(10), random));
  EXPECT_EQ(keep_alives.next_deadline(), first);
  ASSERT_TRUE(keep_alives.TakeDue(first));
  keep_alives.OnPong(first, Numbered(0));
  EXPECT_LE(keep_alives.next_deadline(), first + seconds(10));
  for (std::uint32_t n = 1; n < KeepAlives::kFlowsMax; ++n) {
    ASSERT_TRUE(keep_alives.Start(first, Numbered(n), seconds(100), random));
  }
  EXPECT_FALSE(keep_alives.Start(first, Numbered(1000), seconds(100), random));
  keep_alives.Stop(Numbered(5));
  EXPECT_TRUE(keep_alives.Start(first, Numbered(1000), seconds(100), random));
}

}  // namespace
}  // namespace sansip
