#include "sansip/tests/exploration/fair_cycle.h"

#include "gtest/gtest.h"

namespace sansip::testing {
namespace {

TEST(FairCycle, AWayWithoutACycleEnds) {
  EXPECT_EQ(FindFairCycle({{{{1, 0}, {2, 0}}, 0}, {{{2, 0}}, 0}, {}}), std::nullopt);
  EXPECT_EQ(FindFairCycle({}), std::nullopt);
}

TEST(FairCycle, ACycleWithoutDutiesIsFair) {
  EXPECT_TRUE(FindFairCycle({{{{1, 0}}, 0}, {{{0, 0}}, 0}}).has_value());
  EXPECT_EQ(FindFairCycle({{{{1, 0}}, 0}, {{{1, 0}}, 0}}), 1u);  // one state, its own next
}

TEST(FairCycle, ADutyThatIsAlwaysDueLeadsOut) {
  // 0 and 1 go round; the duty, due in both, leads to 2.
  EXPECT_EQ(FindFairCycle({{{{1, 0}, {2, 1}}, 1}, {{{0, 0}, {2, 1}}, 1}, {}}), std::nullopt);
  // Due in one of them only: it may be lifted each time.
  EXPECT_TRUE(FindFairCycle({{{{1, 0}, {2, 1}}, 1}, {{{0, 0}}, 0}, {}}).has_value());
  // Done on the way round.
  EXPECT_TRUE(FindFairCycle({{{{1, 1}}, 1}, {{{0, 0}, {2, 1}}, 1}, {}}).has_value());
}

TEST(FairCycle, TwoDutiesMustBothBeSatisfied) {
  // The first is done on the way round, the second only leads out.
  EXPECT_EQ(FindFairCycle({{{{1, 1}, {2, 2}}, 3}, {{{0, 0}, {2, 2}}, 3}, {}}), std::nullopt);
}

}  // namespace
}  // namespace sansip::testing
