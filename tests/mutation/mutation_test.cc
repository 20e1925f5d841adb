// Is every row of every table held by a scenario? Each mutant of each table is run through all scenarios of
// its machine; one that no scenario tells from the real table must stand, with the reason, in kSurvivors.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/transaction/step.h"
#include "sansip/tests/mutation/mutant.h"
#include "sansip/tests/mutation/scenarios.h"
#include "sansip/tests/mutation/table_run.h"

namespace sansip::testing {
namespace {

constexpr Machine kMachines[] = {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                 Machine::kNonInviteServer, Machine::kForwardedInvite};

struct Survivor {
  Machine machine = Machine::kInviteClient;
  std::string_view mutant;
  std::string_view reason;  // why it is the same machine
};

constexpr Survivor kSurvivors[] = {
    {Machine::kNonInviteClient, "N6: to Trying",
     "from T2 on, doubling up to T2 is T2; the other arrows of Trying and Proceeding are the same"},
    {Machine::kNonInviteClient, "N6: also start E", "a step starts it before it restarts it with T2"},
    {Machine::kNonInviteClient, "N6: also double E up to T2", "restarted twice at once; T2 comes last"},
    {Machine::kInviteServer, "P0: also stop 100", "a step stops the timer before it starts it"},
    {Machine::kInviteServer, "P1: also stop 100",
     "P1 follows a response, and each response has stopped it: an INVITE before any is P2's event"},
    {Machine::kInviteServer, "P13: left out",
     "the row has no effect but to be observed; that it stands there is CheckTable's matter"},
    {Machine::kNonInviteServer, "Q0: also stop 100", "a step stops the timer before it starts it"},
    {Machine::kForwardedInvite, "F0: also restart C", "started twice at once, with one value"},
    {Machine::kForwardedInvite, "F2: also start C", "started twice at once, with one value"},
    {Machine::kForwardedInvite, "F5: also start C", "started twice at once, with one value"},
};

std::string_view ReasonFor(Machine machine, std::string_view mutant) {
  for (const Survivor& survivor : kSurvivors) {
    if (survivor.machine == machine && survivor.mutant == mutant) return survivor.reason;
  }
  return {};
}

// The first scenario that the table fails; empty: it passes all.
std::string_view KilledBy(const ArrowTable& table) {
  for (const Scenario& scenario : Scenarios()) {
    if (scenario.machine != table.machine) continue;
    if (LogOf(table, scenario.is_reliable, scenario.script) != scenario.log) return scenario.name;
  }
  return {};
}

TEST(Mutation, TheTablesPassEveryScenario) {
  for (const Scenario& scenario : Scenarios()) {
    EXPECT_EQ(LogOf(TableOf(scenario.machine), scenario.is_reliable, scenario.script), scenario.log)
        << TableOf(scenario.machine).name << ": " << scenario.name;
  }
}

struct Value {
  std::string_view name;
  Duration TimerValues::*value;
  bool has_least;  // RFC 3261 17.1.1.2, 16.6: what is set below it does not count
};

TEST(Mutation, EveryDefaultValueIsHeldByAScenario) {
  constexpr Value kValues[] = {{"T1", &TimerValues::t1, false},      {"T2", &TimerValues::t2, false},
                               {"T4", &TimerValues::t4, false},      {"D", &TimerValues::d, true},
                               {"100", &TimerValues::trying, false}, {"C", &TimerValues::c, true}};
  const auto is_noticed = [](const TimerValues& values) {
    const std::span<const Scenario> all = Scenarios();
    return std::any_of(all.begin(), all.end(), [&values](const Scenario& scenario) {
      return LogOf(TableOf(scenario.machine), scenario.is_reliable, scenario.script, values) != scenario.log;
    });
  };
  EXPECT_FALSE(is_noticed({}));
  for (const Value& value : kValues) {
    TimerValues longer, shorter;
    longer.*value.value += std::chrono::milliseconds(10);
    shorter.*value.value /= 2;
    EXPECT_TRUE(is_noticed(longer)) << value.name;
    EXPECT_EQ(is_noticed(shorter), !value.has_least) << value.name;
  }
}

class MutationTest : public ::testing::TestWithParam<Machine> {};

TEST_P(MutationTest, EveryMutantIsKilledOrIsTheSameMachine) {
  const ArrowTable& table = TableOf(GetParam());
  std::size_t killed = 0, refused = 0, total = 0;
  std::set<std::string> names;
  for (const Mutant& mutant : MutantsOf(table)) {
    ASSERT_TRUE(names.insert(mutant.name).second) << mutant.name;
    const ArrowTable mutated = mutant.Of(table);
    const std::string_view reason = ReasonFor(table.machine, mutant.name);
    const std::string_view scenario = KilledBy(mutated);
    ++total;
    refused += !CheckTable(mutated);
    killed += !scenario.empty();
    if (scenario.empty()) {
      EXPECT_FALSE(reason.empty()) << mutant.name << " survives";
      std::cout << "survives: " << mutant.name << ": " << reason << "\n";
    } else {
      EXPECT_TRUE(reason.empty()) << mutant.name << " is listed, and killed by: " << scenario;
    }
  }
  std::cout << table.name << ": " << killed << "/" << total
            << " mutants killed by scenarios; CheckTable refuses " << refused << " of them\n";
  for (const Survivor& survivor : kSurvivors) {
    if (survivor.machine != table.machine) continue;
    EXPECT_EQ(names.count(std::string(survivor.mutant)), 1u) << "no such mutant: " << survivor.mutant;
  }
}

// "C", "N", ...: the letter of its arrows.
INSTANTIATE_TEST_SUITE_P(Machines, MutationTest, ::testing::ValuesIn(kMachines), [](const auto& machine) {
  return std::string(TableOf(machine.param).arrows.front().id.substr(0, 1));
});

}  // namespace
}  // namespace sansip::testing
