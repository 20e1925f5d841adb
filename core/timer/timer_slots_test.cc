#include "sansip/core/timer/timer_slots.h"

#include <chrono>
#include <cstdint>

#include "gtest/gtest.h"

namespace sansip {
namespace {

enum class Name : std::uint8_t { kRetry, kGiveUp, kOther };
using Slots = TimerSlots<Name, 2>;

constexpr Instant At(int seconds) { return Instant() + std::chrono::seconds(seconds); }

TEST(TimerSlots, KnowsTheEarliest) {
  Slots slots;
  EXPECT_EQ(slots.Earliest(), nullptr);
  slots.Arm(Name::kGiveUp, At(32), 1);
  slots.Arm(Name::kRetry, At(1), 2);
  ASSERT_NE(slots.Earliest(), nullptr);
  EXPECT_EQ(slots.Earliest()->name, Name::kRetry);
  EXPECT_EQ(slots.Earliest()->at, At(1));
  slots.Stop(Name::kRetry);
  EXPECT_EQ(slots.Earliest()->name, Name::kGiveUp);
}

TEST(TimerSlots, EqualDeadlinesGoByTheOrderOfArming) {
  Slots slots;
  slots.Arm(Name::kGiveUp, At(4), 7);
  slots.Arm(Name::kRetry, At(4), 8);
  EXPECT_EQ(slots.Earliest()->name, Name::kGiveUp);
  slots.Arm(Name::kGiveUp, At(4), 9);
  EXPECT_EQ(slots.Earliest()->name, Name::kRetry);
}

TEST(TimerSlots, ArmingAgainReplaces) {
  Slots slots;
  for (int i = 1; i < 10; ++i) slots.Arm(Name::kRetry, At(i), static_cast<std::uint64_t>(i));
  EXPECT_EQ(slots.DeadlineOf(Name::kRetry), At(9));
  slots.Arm(Name::kRetry, kNever, 10);
  EXPECT_FALSE(slots.IsArmed(Name::kRetry));
  EXPECT_EQ(slots.DeadlineOf(Name::kRetry), kNever);
}

TEST(TimerSlots, StopIfStopsThoseNamed) {
  Slots slots;
  slots.Arm(Name::kGiveUp, At(4), 1);
  slots.Arm(Name::kRetry, At(5), 2);
  slots.StopIf([](Name name) { return name == Name::kGiveUp; });
  EXPECT_FALSE(slots.IsArmed(Name::kGiveUp));
  EXPECT_TRUE(slots.IsArmed(Name::kRetry));
}

TEST(TimerSlotsDeathTest, MoreTimersThanSlotsIsOurError) {
  Slots slots;
  slots.Arm(Name::kGiveUp, At(4), 1);
  slots.Arm(Name::kRetry, At(5), 2);
  EXPECT_DEATH(slots.Arm(Name::kOther, At(6), 3), "sansip is wrong");
}

}  // namespace
}  // namespace sansip
