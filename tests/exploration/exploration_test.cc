// The tables, explored: every sequence of events of each machine up to a depth, and a client with a server
// over a bad network until nothing new comes. And that faults would be found: seeded ones are.

#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/step.h"
#include "sansip/tests/exploration/product.h"
#include "sansip/tests/exploration/sequences.h"
#include "sansip/tests/support/sanitized.h"

namespace sansip::testing {
namespace {

// By machine, in the order of enum Machine.
constexpr std::size_t kDepths[] = {9, 10, 8, 9, 12};

// "C", "N", ...: the letter of its arrows.
std::string LetterOf(const ::testing::TestParamInfo<Machine>& machine) {
  return std::string(TableOf(machine.param).arrows.front().id.substr(0, 1));
}

class SequencesTest : public ::testing::TestWithParam<Machine> {};

TEST_P(SequencesTest, KeepEveryProperty) {
  const ArrowTable& table = TableOf(GetParam());
  const std::size_t depth = kDepths[static_cast<std::size_t>(GetParam())] - (kIsSanitized ? 1 : 0);
  const Sequences found = ExploreSequences(table, depth);
  EXPECT_EQ(found.fault, "") << found.trace;
  EXPECT_GT(found.ended, 0u);
  std::cout << table.name << ": " << found.sequences << " sequences of up to " << depth << " events, "
            << found.ended << " to the end\n";
}

INSTANTIATE_TEST_SUITE_P(Machines, SequencesTest,
                         ::testing::Values(Machine::kInviteClient, Machine::kNonInviteClient,
                                           Machine::kInviteServer, Machine::kNonInviteServer,
                                           Machine::kForwardedInvite),
                         LetterOf);

constexpr Bounds kWide = {.in_flight_max = 3, .duplications_max = 3, .transport_errors_max = 2};

void ExploreToClosure(const ArrowTable& client, const ArrowTable& server, const Bounds& bounds) {
  const Exploration found = ExploreProduct(client, server, bounds);
  EXPECT_EQ(found.fault, "") << found.trace;
  // Nothing is left unseen.
  for (const ArrowTable* table : {&client, &server}) {
    for (const Arrow& arrow : table->arrows) EXPECT_EQ(found.arrows.count(arrow.id), 1u) << arrow.id;
  }
  std::cout << client.name << " and " << server.name << ", unreliable: " << found.states << " states, "
            << found.transitions << " transitions, to closure with " << bounds.in_flight_max
            << " messages in flight each way, duplications: " << bounds.duplications_max
            << ", transport errors: " << bounds.transport_errors_max << "\n";
}

TEST(Product, InviteKeepsEveryProperty) {
  for (const Bounds& bounds : {Bounds(), kWide}) {
    ExploreToClosure(TableOf(Machine::kInviteClient), TableOf(Machine::kInviteServer), bounds);
  }
}

TEST(Product, NonInviteKeepsEveryProperty) {
  for (const Bounds& bounds : {Bounds(), kWide}) {
    ExploreToClosure(TableOf(Machine::kNonInviteClient), TableOf(Machine::kNonInviteServer), bounds);
  }
}

// RFC 3261 17.1.1.2 has no timer in Proceeding: only who cancels is sure that it ends. 9.1's timer is needed.
TEST(Product, WithoutTheTimerOfACancelACallMayRingForEver) {
  ArrowTable client = TableOf(Machine::kInviteClient);
  std::vector<StateTimers> states(client.states.begin(), client.states.end());
  for (StateTimers& timers : states) timers.elsewhere = kNoEffect;
  std::vector<Arrow> arrows(client.arrows.begin(), client.arrows.end());
  std::erase_if(arrows, [](const Arrow& arrow) { return arrow.on == Event::kTimerCancelled; });
  client.states = states;
  client.arrows = arrows;
  ASSERT_TRUE(CheckTable(client));
  EXPECT_EQ(ExploreProduct(client, TableOf(Machine::kInviteServer), Bounds()).fault, "stuck");
}

// A table with one wrong row.
struct Seeded {
  Machine machine = Machine::kInviteClient;
  Arrow arrow;              // instead of the one of its id
  bool is_accepted = true;  // by CheckTable
  std::string_view fault;

  friend void PrintTo(const Seeded& seeded, std::ostream* out) { *out << seeded.arrow.id; }
};

class SeededTest : public ::testing::TestWithParam<Seeded> {
 protected:
  SeededTest()
      : arrows(TableOf(GetParam().machine).arrows.begin(), TableOf(GetParam().machine).arrows.end()) {
    for (Arrow& arrow : arrows) {
      if (arrow.id == GetParam().arrow.id) arrow = GetParam().arrow;
    }
  }
  // The table of this machine, spoiled if it is the one.
  ArrowTable Of(Machine machine) const {
    ArrowTable table = TableOf(machine);
    if (machine == GetParam().machine) table.arrows = arrows;
    return table;
  }
  std::vector<Arrow> arrows;
};

TEST_P(SeededTest, IsFound) {
  const bool is_invite =
      GetParam().machine == Machine::kInviteClient || GetParam().machine == Machine::kInviteServer;
  const ArrowTable client = Of(is_invite ? Machine::kInviteClient : Machine::kNonInviteClient);
  const ArrowTable server = Of(is_invite ? Machine::kInviteServer : Machine::kNonInviteServer);
  EXPECT_EQ(CheckTable(Of(GetParam().machine)), GetParam().is_accepted);
  const Exploration found = ExploreProduct(client, server, Bounds());
  EXPECT_EQ(found.fault, GetParam().fault) << found.trace;
  std::cout << GetParam().arrow.id << ": " << found.fault << ": " << found.trace << "\n";
}

// clang-format off
constexpr Seeded kSeeded[] = {
    {Machine::kInviteClient,
     {"C1", State::kCalling, Event::kTimerA, State::kCalling, kDoubleA | kSendTheRequest | kStartB},
     true, "goes on for ever"},
    {Machine::kInviteClient,
     {"C6", State::kCalling, Event::kResponse300To699, State::kCompleted, kStartD | kToUser},
     true, "a 300-699 without an ACK"},
    {Machine::kInviteClient,
     {"C11", State::kCompleted, Event::kResponse300To699, State::kCompleted, kSendTheAck | kToUser},
     true, "the user is told of a second end"},
    {Machine::kInviteClient,
     {"C14", State::kAccepted, Event::kResponse2xx, State::kAccepted, kNoEffect},
     true, "a 2xx that the user cannot acknowledge"},
    {Machine::kInviteClient,
     {"C10", State::kProceeding, Event::kTimerCancelled, State::kTerminated, kGone},
     true, "over, and the user was never told"},
    {Machine::kInviteServer,
     {"P1", State::kProceeding, Event::kRequest, State::kProceeding, kSendTheResponse | kToUser},
     true, "the user is given the request twice"},
    {Machine::kInviteServer,
     {"P8", State::kCompleted, Event::kTimerG, State::kCompleted, kDoubleG | kSendTheResponse | kStartH},
     true, "goes on for ever"},
    {Machine::kInviteServer,
     {"P9", State::kCompleted, Event::kTimerH, State::kTerminated, kGone},
     true, "H is not told"},
    {Machine::kNonInviteClient,
     {"N6", State::kProceeding, Event::kTimerE, State::kProceeding, kRestartE | kSendTheRequest | kStartF},
     true, "goes on for ever"},
    {Machine::kNonInviteClient,
     {"N10", State::kProceeding, Event::kResponseFinal, State::kCompleted, kStartK},
     true, "over, and the user was never told"},
    {Machine::kInviteClient,
     {"C5", State::kCalling, Event::kResponse2xx, State::kAccepted, kToUser},
     false, "a state is entered and its timer does not run"},
    {Machine::kInviteServer,
     {"P12", State::kConfirmed, Event::kTimerI, State::kConfirmed, kNoEffect},
     false, "stuck"},
    {Machine::kInviteServer,
     {"P17", State::kAccepted, Event::kTimerL, State::kTerminated, kNoEffect},
     false, "Terminated, but not gone"},
    {Machine::kNonInviteServer,
     {"Q10", State::kCompleted, Event::kTimerJ, State::kProceeding, kNoEffect},
     false, "goes on for ever"},
};
// clang-format on

// What Take judges, the sequences of one machine find too.
TEST(Sequences, FindSeededFaults) {
  const ArrowTable& table = TableOf(Machine::kInviteClient);
  const auto fault_of = [&table](auto&& spoil) {
    std::vector<Arrow> arrows(table.arrows.begin(), table.arrows.end());
    spoil(arrows);
    ArrowTable spoiled = table;
    spoiled.arrows = arrows;
    const Sequences found = ExploreSequences(spoiled, 6);
    return found.fault + ": " + found.trace;
  };
  EXPECT_EQ(fault_of([](auto&) {}), ": ");
  EXPECT_EQ(fault_of([](auto& arrows) { arrows.pop_back(); }),
            "a pair of state and event has not one row: request from user, 1xx, 1xx, 1xx, 2xx, timer M");
  EXPECT_EQ(
      fault_of([](auto& arrows) {
        arrows.push_back(
            {"C16", State::kTerminated, Event::kResponse300To699, State::kTerminated, kSendTheAck | kGone});
      }),
      "something happens after Terminated: request from user, 1xx, 1xx, 1xx, 1xx, cancel, timer cancelled");
  EXPECT_EQ(fault_of([](auto& arrows) { arrows[4].effects |= kStartB; }),
            "a timer runs that the state does not own: request from user, 1xx");
}

INSTANTIATE_TEST_SUITE_P(Faults, SeededTest, ::testing::ValuesIn(kSeeded),
                         [](const auto& seeded) { return std::string(seeded.param.arrow.id); });

}  // namespace
}  // namespace sansip::testing
