// Faults planted in copies of the tables, and what the simulator makes of them: each is found by the default
// swarm, by the oracle that is there for it, and shrunk to a schedule of a few lines.
#include <algorithm>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/sim/faults/planted_tables.h"
#include "sansip/tests/sim/faults/trial.h"

namespace sansip::sim {
namespace {

constexpr std::uint64_t kSeedsMax = 300;

class Faulty : public ::testing::Test {
 protected:
  explicit Faulty(Machine machine)
      : table_(ShippedTable(machine)),
        arrows_(table_.arrows.begin(), table_.arrows.end()),
        states_(table_.states.begin(), table_.states.end()) {}
  ~Faulty() override { PlantNothing(); }

  Arrow& Row(std::string_view id) {
    const auto found =
        std::find_if(arrows_.begin(), arrows_.end(), [&](const Arrow& row) { return row.id == id; });
    EXPECT_NE(found, arrows_.end()) << id;
    return *found;
  }
  StateTimers& TimersOf(State state) {
    return *std::find_if(states_.begin(), states_.end(),
                         [&](const StateTimers& one) { return one.state == state; });
  }

  // Found by an oracle of this name, and shrunk to at most so many lines.
  void ExpectFound(const std::string& oracle, std::size_t lines_max, const SwarmWatch& watch = {}) {
    table_.arrows = arrows_;
    table_.states = states_;
    Plant(table_);
    const std::optional<Find> find = FindBySeeds(kSeedsMax, watch);
    ASSERT_TRUE(find.has_value());
    EXPECT_EQ(find->what, oracle);
    const Shrunk shrunk = ShrinkFind(*find, watch);
    EXPECT_TRUE(shrunk.reproduced);
    EXPECT_LE(shrunk.schedule.Lines(), lines_max);
    std::cout << "seed " << find->seed << ", " << shrunk.runs << " runs to shrink:\n"
              << shrunk.schedule.Text();
    // It replays: from its text, again and again, and only because of the fault.
    Schedule read;
    std::string why;
    ASSERT_TRUE(Schedule::Read(shrunk.schedule.Text(), read, why)) << why;
    if (oracle == "died") return;
    const Findings findings = RunSchedule(read, watch).findings;
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                            [&](const Finding& finding) { return finding.oracle == oracle; }));
    PlantNothing();
    EXPECT_EQ(TextOf(RunSchedule(read).findings), "");
  }

  ArrowTable table_;
  std::vector<Arrow> arrows_;
  std::vector<StateTimers> states_;
};

class FaultyInviteClient : public Faulty {
 protected:
  FaultyInviteClient() : Faulty(Machine::kInviteClient) {}
};

// RFC 3261 17.1.1.2: A doubles and doubles. Here E stands for it, which stops at T2.
TEST_F(FaultyInviteClient, TimerACappedAtT2) {
  TimersOf(State::kCalling).on_entry = kStartE | kStartB;
  Row("C0").effects = kStartE | kStartB | kSendTheRequest;
  Row("C1").on = Event::kTimerE;
  Row("C1").effects = kDoubleE | kSendTheRequest;
  ExpectFound("retransmission gaps", 3);
}

// 17.1.1.2: B runs in Calling only, so that a call may ring for as long as it likes.
TEST_F(FaultyInviteClient, TimerBRunsInProceeding) {
  TimersOf(State::kProceeding).on_entry = kStartB;
  arrows_.push_back({"B", State::kProceeding, Event::kTimerB, State::kTerminated, kTellTimeout | kGone});
  ExpectFound("ack per final", 3);
}

// 17.1.1.3: the ACK to a 300-699 has the INVITE's branch. The table says when it is sent, not what is in it:
// the fault is planted at the wire.
TEST_F(FaultyInviteClient, AckToANonSuccessOnANewBranch) {
  const auto branch_of = [](std::string_view wire) {
    const std::size_t begin = wire.find("branch=");
    return wire.substr(begin, wire.find_first_of(";\r", begin) - begin);
  };
  std::set<std::string, std::less<>> invites;
  const SwarmWatch watch{.alter = [&](std::string_view wire, std::vector<std::string>& sent) {
    std::string altered(wire);
    const std::string_view branch = branch_of(wire);
    if (wire.starts_with("INVITE ")) invites.emplace(branch);
    if (wire.starts_with("ACK ") && invites.contains(branch))
      altered.replace(altered.find("z9hG4bK"), 7, "z9hG4bKnew");
    sent.push_back(altered);
  }};
  ExpectFound("ack per final", 3, watch);
}

class FaultyInviteServer : public Faulty {
 protected:
  FaultyInviteServer() : Faulty(Machine::kInviteServer) {}
};

// RFC 6026 7.1: a 2xx leaves the transaction in Accepted, where it takes the INVITE's retransmissions. As RFC
// 3261's figure had it, it was gone.
TEST_F(FaultyInviteServer, NoAbsorptionInAccepted) {
  Row("P13").next = State::kTerminated;
  Row("P13").effects = kGone;
  Row("P5").next = State::kTerminated;
  Row("P5").effects = kSendTheResponse | kGone;
  ExpectFound("missing copies", 4);
}

class FaultyNonInviteClient : public Faulty {
 protected:
  FaultyNonInviteClient() : Faulty(Machine::kNonInviteClient) {}
};

// 17.1.2.2: a provisional response leaves timer E as it is; only when it fires next it is set to T2.
TEST_F(FaultyNonInviteClient, TimerERestartedByA100) {
  Row("N4").effects |= kRestartE;
  Row("N7").effects |= kRestartE;
  ExpectFound("retransmission gaps", 5);
}

TEST(Faultless, TheShippedTablesPass) {
  PlantNothing();
  EXPECT_FALSE(FindBySeeds(50).has_value());
}

}  // namespace
}  // namespace sansip::sim
