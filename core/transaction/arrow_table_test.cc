#include "sansip/core/transaction/arrow_table.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/arrow_text.h"
#include "sansip/core/transaction/step.h"

namespace sansip {
namespace {

constexpr Machine kMachines[] = {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                 Machine::kNonInviteServer, Machine::kForwardedInvite};

// A table that may be spoiled.
struct Copy {
  explicit Copy(Machine machine)
      : table(TableOf(machine)),
        arrows(table.arrows.begin(), table.arrows.end()),
        ignored(table.ignored.begin(), table.ignored.end()) {}
  bool IsGood() {
    table.arrows = arrows;
    table.ignored = ignored;
    return CheckTable(table);
  }
  ArrowTable table;
  std::vector<Arrow> arrows;
  std::vector<Ignored> ignored;
};

TEST(ArrowTable, AMissingRowIsRefused) {
  for (Machine machine : kMachines) {
    const std::size_t rows = TableOf(machine).arrows.size();
    for (std::size_t i = 0; i < rows; ++i) {
      Copy copy(machine);
      EXPECT_TRUE(copy.IsGood());
      copy.arrows.erase(copy.arrows.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(copy.IsGood()) << TableOf(machine).arrows[i].id;
    }
    Copy copy(machine);
    copy.ignored.pop_back();
    EXPECT_FALSE(copy.IsGood());
  }
}

TEST(ArrowTable, ItsIndexFindsWhatItFinds) {
  for (Machine machine : kMachines) {
    const ArrowTable& table = TableOf(machine);
    const ArrowIndex index(table);
    for (std::size_t state = 0; state < kStateCount; ++state) {
      const auto in = static_cast<State>(state);
      EXPECT_EQ(index.OwnedIn(in), table.OwnedIn(in));
      for (std::size_t event = 0; event < kEventCount; ++event) {
        EXPECT_EQ(index.Find(in, static_cast<Event>(event)), table.Find(in, static_cast<Event>(event)));
      }
    }
  }
}

TEST(ArrowTable, ADoubledRowIsRefused) {
  for (Machine machine : kMachines) {
    for (const Arrow& arrow : TableOf(machine).arrows) {
      Copy twice(machine);
      twice.arrows.push_back(arrow);
      EXPECT_FALSE(twice.IsGood()) << arrow.id;
      Copy both(machine);
      both.ignored.push_back({arrow.in, arrow.on, "also an arrow"});
      EXPECT_FALSE(both.IsGood()) << arrow.id;
    }
  }
}

TEST(ArrowTable, ADroppedOrAddedTimerStartIsRefused) {
  for (Machine machine : kMachines) {
    const std::size_t rows = TableOf(machine).arrows.size();
    for (std::size_t i = 0; i < rows; ++i) {
      for (Effects bit = 1; bit <= kStartTrying; bit <<= 1) {
        Copy copy(machine);
        copy.arrows[i].effects ^= bit;
        const Arrow& arrow = copy.arrows[i];
        // An arrow that stays may restart what its state owns; every other change is refused.
        const bool is_allowed = arrow.in == arrow.next && (copy.table.OwnedIn(arrow.next) & bit) != 0;
        EXPECT_EQ(copy.IsGood(), is_allowed) << arrow.id << " " << EffectsText(bit);
      }
    }
  }
}

TEST(ArrowTable, GoneIsTerminatedAndTerminatedIsGone) {
  for (Machine machine : kMachines) {
    const std::size_t rows = TableOf(machine).arrows.size();
    for (std::size_t i = 0; i < rows; ++i) {
      Copy copy(machine);
      copy.arrows[i].effects ^= kGone;
      EXPECT_FALSE(copy.IsGood()) << copy.arrows[i].id;
    }
  }
}

TEST(ArrowTable, AStateThatNothingReachesIsRefused) {
  Copy copy(Machine::kInviteClient);
  for (Arrow& arrow : copy.arrows) {
    if (arrow.next == State::kAccepted)
      arrow = {arrow.id, arrow.in, arrow.on, State::kTerminated, kToUser | kGone};
  }
  EXPECT_FALSE(copy.IsGood());
}

TEST(ArrowTable, AReasonIsWanted) {
  Copy copy(Machine::kInviteClient);
  copy.ignored.front().reason = "";
  EXPECT_FALSE(copy.IsGood());
}

TEST(ArrowTable, IdsAreUniqueAndCountFromZero) {
  const std::string prefixes = "CNPQF";
  for (Machine machine : kMachines) {
    int n = 0;
    for (const Arrow& arrow : TableOf(machine).arrows) {
      EXPECT_EQ(arrow.id, prefixes[static_cast<std::size_t>(machine)] + std::to_string(n++));
      EXPECT_EQ(ArrowName(machine, static_cast<std::uint8_t>(n - 1)), arrow.id);
      EXPECT_EQ(ArrowFrom(machine, static_cast<std::uint8_t>(n - 1)), StateName(arrow.in));
      EXPECT_EQ(ArrowTo(machine, static_cast<std::uint8_t>(n - 1)), StateName(arrow.next));
    }
  }
}

TEST(ArrowTable, PrintsItselfAsTextAndAsDot) {
  const ArrowTable& table = TableOf(Machine::kInviteClient);
  EXPECT_NE(TableText(table).find("| C1 | Calling | timer A | Calling | double A, send request |\n"),
            std::string::npos);
  EXPECT_NE(TableText(table).find("| Completed | 2xx | late"), std::string::npos);
  EXPECT_NE(TableDot(table).find("  Calling -> Proceeding [label=\"C4 1xx\\nto user\"];\n"),
            std::string::npos);
  std::set<std::string> names;
  for (std::size_t event = 0; event < kEventCount; ++event) {
    EXPECT_TRUE(names.insert(std::string(EventName(static_cast<Event>(event)))).second);
  }
}

// A step without a layer: the machines alone can be explored and mutated.
TEST(Step, WalksATableByItself) {
  DeadlineQueue orders;
  MachineState machine;
  const ArrowTable& table = TableOf(Machine::kInviteClient);
  const TimerValues values;
  const Arrow* arrow = Step(table, values, Event::kSendRequest, Instant(), orders, machine);
  ASSERT_NE(arrow, nullptr);
  EXPECT_EQ(arrow->id, "C0");
  EXPECT_EQ(machine.timers.DeadlineOf(Timer::kA), Instant() + values.t1);
  EXPECT_EQ(machine.timers.DeadlineOf(Timer::kB), Instant() + 64 * values.t1);
  arrow = Step(table, values, Event::kResponse300To699, Instant(), orders, machine);
  EXPECT_EQ(arrow->id, "C6");
  // Leaving Calling stops what Completed does not own.
  EXPECT_FALSE(machine.timers.IsArmed(Timer::kA));
  EXPECT_FALSE(machine.timers.IsArmed(Timer::kB));
  EXPECT_TRUE(machine.timers.IsArmed(Timer::kD));
  EXPECT_EQ(Step(table, values, Event::kResponse2xx, Instant(), orders, machine), nullptr);
  EXPECT_EQ(machine.state, State::kCompleted);
}

}  // namespace
}  // namespace sansip
