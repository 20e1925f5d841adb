// One test for each pair of state and event that a table lists as ignored: the machine stays as it is, timers
// and all, and the layer does nothing.

#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/timer/deadline_queue.h"
#include "sansip/core/transaction/arrow_text.h"
#include "sansip/core/transaction/step.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

constexpr Machine kMachines[] = {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                 Machine::kNonInviteServer, Machine::kForwardedInvite};

struct Pair {
  Machine machine = Machine::kInviteClient;
  Ignored ignored;

  friend void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.ignored.reason; }
};

std::vector<Pair> AllIgnored() {
  std::vector<Pair> pairs;
  for (Machine machine : kMachines) {
    for (const Ignored& ignored : TableOf(machine).ignored) pairs.push_back({machine, ignored});
  }
  return pairs;
}

// "C_Completed_1xx": the letter of the table's arrows, the state, the event.
std::string NameOf(const ::testing::TestParamInfo<Pair>& info) {
  const Pair& pair = info.param;
  std::string name(TableOf(pair.machine).arrows.front().id.substr(0, 1));
  name += '_' + std::string(StateName(pair.ignored.in)) + '_' + std::string(EventName(pair.ignored.on));
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

// The events of a shortest way from kStart.
std::vector<Event> WayTo(const ArrowTable& table, State state) {
  std::array<std::optional<std::vector<Event>>, kStateCount> ways;
  ways[static_cast<std::size_t>(State::kStart)].emplace();
  for (std::size_t round = 0; round < kStateCount; ++round) {
    for (const Arrow& arrow : table.arrows) {
      const auto& from = ways[static_cast<std::size_t>(arrow.in)];
      auto& to = ways[static_cast<std::size_t>(arrow.next)];
      if (!from.has_value() || from->size() != round || to.has_value()) continue;
      to = from;
      to->push_back(arrow.on);
    }
  }
  return ways[static_cast<std::size_t>(state)].value_or(std::vector<Event>());
}

class IgnoredTest : public ::testing::TestWithParam<Pair> {
 protected:
  const ArrowTable& table = TableOf(GetParam().machine);
  const Ignored& pair = GetParam().ignored;
};

TEST_P(IgnoredTest, LeavesTheMachineAsItIs) {
  for (bool is_reliable : {false, true}) {
    DeadlineQueue orders;
    MachineState machine = {.machine = table.machine, .is_reliable = is_reliable};
    Instant now;
    for (Event event : WayTo(table, pair.in)) {
      if (IsTimer(event)) {
        now = machine.timers.DeadlineOf(TimerOf(event));
        machine.timers.Stop(TimerOf(event));
      }
      ASSERT_NE(Step(table, {}, event, now, orders, machine), nullptr);
    }
    ASSERT_EQ(machine.state, pair.in);
    const MachineState before = machine;
    EXPECT_EQ(Step(table, {}, pair.on, now + Seconds(0.1), orders, machine), nullptr);
    EXPECT_EQ(machine.state, before.state);
    EXPECT_EQ(machine.gap, before.gap);
    for (std::size_t i = 0; i < kTimerCount; ++i) {
      const auto timer = static_cast<Timer>(i);
      EXPECT_EQ(machine.timers.DeadlineOf(timer), before.timers.DeadlineOf(timer)) << TimerName(timer);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, IgnoredTest, ::testing::ValuesIn(AllIgnored()), NameOf);

// ---- The same through the layer ----

class IgnoredByTheLayerTest : public IgnoredTest {
 protected:
  bool is_client() const {
    return table.machine == Machine::kInviteClient || table.machine == Machine::kNonInviteClient;
  }
  bool is_invite() const {
    return table.machine == Machine::kInviteClient || table.machine == Machine::kInviteServer;
  }

  // Makes the event happen to the transaction, as its owner would.
  void Happen(Event event) {
    if (IsTimer(event)) {
      t.AdvanceTo(static_cast<double>(t.layer().next_deadline().time_since_epoch().count()) / 1e9);
      return;
    }
    if (event == Event::kTransportError) return t.TransportError(id);
    if (event == table.begin) {
      if (is_client()) {
        id = t.Send(is_invite() ? Method::kInvite : Method::kOptions);
      } else if (id.is_nil()) {
        id = t.ReceiveNew(request.text());
      } else {
        t.Receive(request.text());
      }
      return;
    }
    if (is_client()) return t.Receive(ResponseText(t.wires().front(), StatusOf(event)));
    if (event != Event::kAck) {
      respond_error = t.Respond(id, StatusOf(event));
      return;
    }
    RequestText ack = request;
    ack.method = "ACK";
    ack.to += ";tag=314159";
    t.Receive(ack.text());
  }

  int StatusOf(Event event) const {
    switch (event) {
      case Event::kResponse1xx:
      case Event::kSend1xx:
        return is_invite() ? 180 : 100;
      case Event::kResponse2xx:
      case Event::kSend2xx:
        return 200;
      default:
        return 486;
    }
  }

  void SetUp() override {
    request.method = is_invite() ? "INVITE" : "OPTIONS";
    for (Event event : WayTo(table, pair.in)) Happen(event);
    ASSERT_EQ(t.layer().StateOf(id), pair.in);
    t.Forget();
  }

  LayerUnderTest t;
  RequestText request;
  TransactionId id;
  RespondError respond_error = RespondError::kNone;
};

TEST_P(IgnoredByTheLayerTest, DoesNothing) {
  const Instant deadline = t.layer().next_deadline();
  const std::size_t sent = t.wires().size();
  // RFC 4320 4.1: a 100 that comes too early is refused for that, not for the state.
  t.Advance(deadline > t.now() + Seconds(4) ? 4 : 0.1);
  Happen(pair.on);
  EXPECT_TRUE(t.TakeLog().empty());
  EXPECT_EQ(t.TakeArrows(), "");
  EXPECT_EQ(t.wires().size(), sent);
  EXPECT_EQ(t.layer().StateOf(id), pair.in);
  EXPECT_EQ(t.layer().next_deadline(), deadline);
  const bool is_of_user = pair.on >= Event::kSendRequest && !IsTimer(pair.on);
  EXPECT_EQ(respond_error, is_of_user ? RespondError::kWrongState : RespondError::kNone);
}

std::vector<Pair> IgnoredInTransactions() {
  std::vector<Pair> pairs = AllIgnored();
  std::erase_if(pairs, [](const Pair& pair) { return pair.machine == Machine::kForwardedInvite; });
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(Tables, IgnoredByTheLayerTest, ::testing::ValuesIn(IgnoredInTransactions()), NameOf);

}  // namespace
}  // namespace sansip::testing
