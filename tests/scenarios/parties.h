// Two parties in a world, for scenarios: alice calls bob.
#ifndef SANSIP_TESTS_SCENARIOS_PARTIES_H_
#define SANSIP_TESTS_SCENARIOS_PARTIES_H_

#include <chrono>
#include <memory>
#include <string>

#include "sansip/core/base/address.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr Link kToBob{0, 1};
inline constexpr Link kToAlice{1, 0};

struct PartiesOptions {
  WorldOptions world = {.faults = {.delay = milliseconds(20)}};
  Script alice = {.talk_for = seconds(10)};
  Script bob = {};
  SessionTimerWish alice_timer = {};
  SessionTimerWish bob_timer = {};
  Transport transport = Transport::kUdp;
  std::size_t alice_padding = 0;  // bytes more in alice's descriptions
};

class Parties {
 public:
  explicit Parties(PartiesOptions options = {}) : options_(std::move(options)), world_(options_.world) {
    options_.alice.description = AudioDescription("192.0.2.1", 17000);
    if (options_.alice_padding > 0) {
      options_.alice.description += "a=" + std::string(options_.alice_padding, 'x') + "\r\n";
    }
    options_.bob.description = AudioDescription("192.0.2.2", 17000);
    alice_ = &Add("alice", "192.0.2.1", options_.alice, options_.alice_timer);
    bob_ = &Add("bob", "192.0.2.2", options_.bob, options_.bob_timer);
  }

  World& world() { return world_; }
  Network& network() { return world_.network(); }
  Node& alice() { return *alice_; }
  Node& bob() { return *bob_; }

  // One call from alice, at the beginning of time, to its end.
  void Call(CallPlan plan = {}) {
    plan.target = bob().Uri();
    plan.session_timer = options_.alice_timer;
    PlanCall(alice(), plan);
  }
  void RunToEnd(Duration limit = std::chrono::hours(24)) {
    world_.RunUntilIdle(Instant(limit));
    world_.Finish();
  }
  std::string Findings() {
    return TextOf(RunOracles(world_.trace(), {.late_max = options_.world.late_max,
                                              .reliable = options_.transport != Transport::kUdp}));
  }
  std::string Ladder() { return TextLadder(world_.trace(), world_.Names(), {.arrows = true}); }

  const CallBook& AliceBook() { return Scripted(alice()).calls().begin()->second; }
  const CallBook& BobBook() { return Scripted(bob()).calls().begin()->second; }
  // Messages sent by a party that begin so; lost ones too.
  int Sent(const Node& party, const std::string& prefix) {
    int count = 0;
    for (const Record& record : world_.trace().records()) {
      const bool sent = record.kind == Record::Kind::kSent || record.kind == Record::Kind::kLost;
      count += sent && record.node == party.number() && record.wire.rfind(prefix, 0) == 0;
    }
    return count;
  }

 private:
  Node& Add(const char* name, const char* host, const Script& script, const SessionTimerWish& timer) {
    NodeOptions node;
    node.name = name;
    node.address = *ParseIp(host, 5060);
    node.transport = options_.transport;
    node.user_agent.session_timer = timer;
    return world_.AddNode(node, std::make_unique<ScriptedUser>(script));
  }

  PartiesOptions options_;
  World world_;
  Node* alice_ = nullptr;
  Node* bob_ = nullptr;
};

// A call went as calls go: answered, confirmed and ended by alice's BYE, and no oracle has a word to say.
#define EXPECT_ORDINARY_CALL(parties)                                                  \
  do {                                                                                 \
    EXPECT_EQ((parties).Findings(), "") << (parties).Ladder();                         \
    ASSERT_EQ(Scripted((parties).alice()).calls().size(), 1u) << (parties).Ladder();   \
    ASSERT_EQ(Scripted((parties).bob()).calls().size(), 1u) << (parties).Ladder();     \
    EXPECT_TRUE((parties).AliceBook().confirmed) << (parties).Ladder();                \
    EXPECT_TRUE((parties).BobBook().confirmed) << (parties).Ladder();                  \
    EXPECT_EQ((parties).AliceBook().cause, EndCause::kLocalBye) << (parties).Ladder(); \
    EXPECT_EQ((parties).BobBook().cause, EndCause::kRemoteBye) << (parties).Ladder();  \
  } while (false)

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SCENARIOS_PARTIES_H_
