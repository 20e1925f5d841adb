// The same seed gives the same run: twice in this process, and in another one. And what would break it is
// seen: a canary whose order hangs on addresses.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/sim/long_call.h"
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

// A user who keeps its calls in a set of pointers and walks through it: the order is the heap's.
class Canary : public ScriptedUser {
 public:
  using ScriptedUser::ScriptedUser;

  void OnAction(Node& node, Instant now, const UserAgentAction& action) override {
    ScriptedUser::OnAction(node, now, action);
    if (!std::holds_alternative<ua::Incoming>(action)) return;
    for (int i = 0; i < 8; ++i) {
      owned_.push_back(std::make_unique<std::uint64_t>(made_++));
      pointers_.insert(owned_.back().get());
    }
    for (const std::uint64_t* pointer : pointers_) {
      node.world().trace().AddNote(now, node.number(), std::to_string(*pointer));
    }
  }

 private:
  std::vector<std::unique_ptr<std::uint64_t>> owned_;
  std::unordered_set<const std::uint64_t*> pointers_;
  std::uint64_t made_ = 0;
};

std::uint64_t HashWith(bool canary) {
  World world({.seed = 1});
  const Script script{.talk_for = std::chrono::seconds(1)};
  Node& alice = world.AddNode({.name = "alice", .address = *ParseIp("192.0.2.1", 5060)},
                              std::make_unique<ScriptedUser>(script));
  std::unique_ptr<User> user = std::make_unique<ScriptedUser>(script);
  if (canary) user = std::make_unique<Canary>(script);
  Node& bob = world.AddNode({.name = "bob", .address = *ParseIp("192.0.2.2", 5060)}, std::move(user));
  for (int i = 0; i < 8; ++i) {
    PlanCall(alice, {.at = Instant(std::chrono::seconds(i)), .target = bob.Uri()});
  }
  world.RunUntilIdle(Instant(std::chrono::hours(1)));
  return world.trace().hash();
}

TEST(Determinism, TheCanaryIsCaught) {
  // Different heaps, as another process or another day would have them.
  const std::uint64_t plain = HashWith(false);
  const std::uint64_t first = HashWith(true);
  std::vector<std::unique_ptr<std::uint64_t>> holes;
  for (int i = 0; i < 1000; ++i) holes.push_back(std::make_unique<std::uint64_t>());
  for (std::size_t i = 0; i < holes.size(); i += 3) holes[i].reset();
  EXPECT_NE(first, HashWith(true));
  EXPECT_EQ(plain, HashWith(false));
}

}  // namespace
}  // namespace sansip::sim
