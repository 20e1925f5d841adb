#include "sansip/tests/sim/swarm.h"

#include <algorithm>
#include <array>
#include <memory>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/script.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What is left after the network heals is over within 64*T1, for a request and once more for the BYE, or at a
// session's expiry.
constexpr Duration kMargin = seconds(200);

template <std::size_t N>
std::uint32_t Pick(SeededRandom& random, const std::array<std::uint32_t, N>& choices) {
  return choices[UniformBelow(random, N)];
}

std::string Field(const char* name, std::uint64_t value) {
  return std::string(name) + "=" + std::to_string(value) + " ";
}
std::string Field(const char* name, Duration value) {
  return std::string(name) + "=" + std::to_string(value.count() / 1'000'000) + "ms ";
}

}  // namespace

SwarmOptions SwarmOptions::FromSeed(std::uint64_t seed) {
  SeededRandom random(Mix(seed ^ 0x5377617264ull));
  SwarmOptions options;
  options.seed = seed;
  options.over_tcp = UniformBelow(random, 4) == 0;
  Faults& faults = options.faults;
  faults.loss = Pick<6>(random, {0, 0, 20'000, 100'000, 200'000, 300'000});
  faults.burst = Pick<4>(random, {0, 0, 50'000, 150'000});
  faults.duplicate = Pick<4>(random, {0, 0, 50'000, 300'000});
  faults.reorder = Pick<4>(random, {0, 0, 50'000, 300'000});
  faults.delay = milliseconds(Pick<5>(random, {0, 1, 20, 150, 400}));
  faults.jitter = milliseconds(Pick<4>(random, {0, 5, 50, 300}));
  options.calls = 1 + UniformBelow(random, 6);
  options.apart = milliseconds(Pick<4>(random, {0, 10, 1000, 40'000}));
  options.ring_for = milliseconds(Pick<5>(random, {0, 0, 100, 5000, 70'000}));
  options.talk_for = milliseconds(Pick<6>(random, {0, 50, 3000, 30'000, 200'000, 4'000'000}));
  options.callee_hangs_up = UniformBelow(random, 2) == 0;
  options.refuse_with = Pick<6>(random, {0, 0, 0, 0, 486, 603});
  options.cancel_every = Pick<4>(random, {0, 0, 1, 2});
  options.cancel_after = milliseconds(Pick<5>(random, {0, 20, 100, 2000, 60'000}));
  options.reinvite = Pick<5>(random, {0, 0, 1, 2, 3});
  options.late_offer_every = Pick<4>(random, {0, 0, 1, 3});
  options.session_expires = Pick<5>(random, {0, 90, 90, 300, 1800});
  options.callee_refresher = UniformBelow(random, 2);
  options.probe_early = UniformBelow(random, 2) == 0;
  options.late_max = milliseconds(Pick<3>(random, {0, 0, 3}));
  return options;
}

std::string SwarmOptions::Text() const {
  return Field("seed", seed) + Field("tcp", over_tcp) + Field("loss", faults.loss) +
         Field("burst", faults.burst) + Field("duplicate", faults.duplicate) +
         Field("reorder", faults.reorder) + Field("delay", faults.delay) + Field("jitter", faults.jitter) +
         Field("calls", calls) + Field("apart", apart) + Field("ring", ring_for) + Field("talk", talk_for) +
         Field("callee_hangs_up", callee_hangs_up) + Field("refuse", refuse_with) +
         Field("cancel_every", cancel_every) + Field("cancel_after", cancel_after) +
         Field("reinvite", reinvite) + Field("late_offer_every", late_offer_every) +
         Field("session_expires", session_expires) + Field("callee_refresher", callee_refresher) +
         Field("probe_early", probe_early) + Field("late", late_max);
}

namespace {

SessionTimerWish WishOf(const SwarmOptions& options) {
  SessionTimerWish wish;
  wish.enabled = options.session_expires != 0;
  wish.session_expires = std::max<std::uint32_t>(options.session_expires, kSessionIntervalMin);
  if (options.callee_refresher != 0) wish.refresher = Refresher::kUas;
  return wish;
}

Node& AddParty(World& world, const SwarmOptions& options, const char* name, const char* host,
               bool is_callee) {
  NodeOptions node;
  node.name = name;
  node.address = *ParseIp(host, 5060);
  node.transport = options.over_tcp ? Transport::kTcp : Transport::kUdp;
  node.user_agent.session_timer = WishOf(options);
  Script script;
  script.description = AudioDescription(host, 17000);
  script.ring_for = options.ring_for;
  if (is_callee) script.refuse_with = static_cast<int>(options.refuse_with);
  if (is_callee == options.callee_hangs_up) script.talk_for = options.talk_for;
  if ((options.reinvite & (is_callee ? 2 : 1)) != 0) script.reinvite_after = options.talk_for / 2;
  return world.AddNode(node, std::make_unique<ScriptedUser>(script));
}

}  // namespace

SwarmResult RunSwarm(const SwarmOptions& options) {
  World world({.seed = options.seed,
               .faults = options.faults,
               .probe_early = options.probe_early,
               .late_max = options.late_max});
  Node& alice = AddParty(world, options, "alice", "192.0.2.1", false);
  Node& bob = AddParty(world, options, "bob", "192.0.2.2", true);
  SessionTimerWish wish = WishOf(options);
  wish.refresher = Refresher::kNone;
  for (std::uint32_t i = 0; i < options.calls; ++i) {
    CallPlan plan{.at = Instant(options.apart * i), .target = bob.Uri(), .session_timer = wish};
    if (options.cancel_every != 0 && i % options.cancel_every == 0) plan.cancel_after = options.cancel_after;
    plan.late_offer = options.late_offer_every != 0 && i % options.late_offer_every == 0;
    PlanCall(alice, plan);
  }
  const Instant faulty_until(options.apart * options.calls + options.ring_for + options.talk_for +
                             seconds(40));
  world.RunUntil(faulty_until);
  world.Heal();
  // A BYE that was lost altogether leaves the other side to its session timer.
  const Duration session = seconds(options.session_expires);
  world.RunUntilIdle(After(world.now(), session + kMargin));
  world.Finish();

  SwarmResult result;
  result.hash = world.trace().hash();
  result.events = world.events();
  result.network = world.network().figures();
  result.lasted = world.now() - Instant{};
  for (const auto& [id, book] : Scripted(alice).calls()) result.calls_answered += book.answered;
  result.findings = RunOracles(world.trace(), {.late_max = options.late_max,
                                               .actions_max = UserAgent::kActionsPerEventMax,
                                               .reliable = options.over_tcp});
  if (!result.findings.empty()) {
    result.ladder = TextLadder(world.trace(), world.Names(), {.arrows = true, .lines_max = 400});
  }
  return result;
}

}  // namespace sansip::sim
