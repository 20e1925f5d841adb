// The same seed gives the same run: twice in this process, and in another one. And what would break it is
// seen: a canary whose order hangs on addresses.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/sim/long_call.h"
#include "sansip/tests/sim/oracle/seen_message.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/swarm.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

constexpr std::uint64_t kSeeds = 20;

std::string Hashes() {
  std::string text;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    char hash[24];
    std::snprintf(hash, sizeof(hash), "%016llx ",
                  static_cast<unsigned long long>(RunSwarm(SwarmOptions::FromSeed(seed)).hash));
    text += hash;
  }
  return text;
}

TEST(Determinism, TwiceInOneProcess) {
  EXPECT_EQ(Hashes(), Hashes());
  EXPECT_EQ(RunLongCall().figures.hash, RunLongCall().figures.hash);
}

// Of all that is drawn: the branches, Call-IDs and tags of what was sent.
std::uint64_t HashOfDraws(std::uint64_t seed) {
  const SwarmResult result = RunSwarm(SwarmOptions::FromSeed(seed), {.oracles = false, .keep_trace = true});
  MessageReader reader;
  std::uint64_t hash = 0;
  for (const Record& record : result.world->trace().records()) {
    const SeenMessage* const seen = record.wire.empty() ? nullptr : reader.Read(record);
    if (seen == nullptr) continue;
    for (const std::uint64_t drawn : {seen->branch, seen->call_id, seen->from_tag, seen->to_tag}) {
      hash = Mix(hash ^ drawn);
    }
  }
  return hash;
}

// One number for every compiler: arguments of a call that draw are drawn in another order by each. Who
// changes what is drawn, or when, on purpose writes down the number that comes instead.
TEST(Determinism, EveryCompilerDrawsTheSame) {
  std::uint64_t hash = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) hash = Mix(hash ^ HashOfDraws(seed));
  EXPECT_EQ(hash, 779131132926062935ull);
}

TEST(Determinism, AnotherSeedIsAnotherRun) {
  EXPECT_NE(RunLongCall({.seed = 1}).figures.hash, RunLongCall({.seed = 2}).figures.hash);
}

// What AnotherProcess runs.
TEST(Determinism, PrintHashes) { std::printf("hashes: %s\n", Hashes().c_str()); }

TEST(Determinism, AnotherProcess) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::FILE* const child = popen((program + " --gtest_filter=Determinism.PrintHashes 2>&1").c_str(), "r");
  ASSERT_NE(child, nullptr);
  std::string output;
  char buffer[512];
  while (std::fgets(buffer, sizeof(buffer), child) != nullptr) output += buffer;
  EXPECT_EQ(pclose(child), 0);
  EXPECT_NE(output.find("hashes: " + Hashes()), std::string::npos) << output;
}

// A user who keeps things in a hash set of pointers and walks through it: the order is the heap's.
class Canary : public ScriptedUser {
 public:
  // `heap`: another one lays the same things out elsewhere, as another process or another day would.
  Canary(const Script& script, std::uint64_t heap) : ScriptedUser(script), heap_(heap), memory_(1 << 16) {}

  void OnAction(Node& node, Instant now, const UserAgentAction& action) override {
    ScriptedUser::OnAction(node, now, action);
    if (!std::holds_alternative<ua::Incoming>(action)) return;
    for (int i = 0; i < 64; ++i) {
      std::uint64_t& thing = memory_[KeyedRandom(heap_, made_, 0, 0) % memory_.size()];
      thing = made_++;
      pointers_.insert(&thing);
    }
    for (const std::uint64_t* pointer : pointers_) {
      node.world().trace().AddNote(now, node.number(), std::to_string(*pointer));
    }
  }

 private:
  std::uint64_t heap_;
  std::vector<std::uint64_t> memory_;
  std::unordered_set<const std::uint64_t*> pointers_;
  std::uint64_t made_ = 0;
};

std::uint64_t HashWith(std::optional<std::uint64_t> canary_heap) {
  World world({.seed = 1});
  const Script script{.talk_for = std::chrono::seconds(1)};
  Node& alice = world.AddNode({.name = "alice", .address = *ParseIp("192.0.2.1", 5060)},
                              std::make_unique<ScriptedUser>(script));
  std::unique_ptr<User> user = std::make_unique<ScriptedUser>(script);
  if (canary_heap) user = std::make_unique<Canary>(script, *canary_heap);
  Node& bob = world.AddNode({.name = "bob", .address = *ParseIp("192.0.2.2", 5060)}, std::move(user));
  for (int i = 0; i < 8; ++i) {
    PlanCall(alice, {.at = Instant(std::chrono::seconds(i)), .target = bob.Uri()});
  }
  world.RunUntilIdle(Instant(std::chrono::hours(1)));
  return world.trace().hash();
}

TEST(Determinism, TheCanaryIsCaught) {
  EXPECT_EQ(HashWith(std::nullopt), HashWith(std::nullopt));
  EXPECT_NE(HashWith(1), HashWith(2));
}

}  // namespace
}  // namespace sansip::sim
