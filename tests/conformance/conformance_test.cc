// Every scenario as a test of its own, named after its section and itself.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "sansip/tests/conformance/play.h"
#include "sansip/tests/conformance/scenario.h"
#include "sansip/tests/support/shows.h"

namespace sansip::conformance {
namespace {

constexpr char kFolder[] = "tests/conformance/";

std::string TextOfFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class ScenarioTest : public ::testing::Test {
 public:
  explicit ScenarioTest(Scenario scenario) : scenario_(std::move(scenario)) {}

  void TestBody() override {
    const Outcome outcome = Play(scenario_);
    ASSERT_EQ(outcome.verdict.kind, Verdict::Kind::kPassed)
        << scenario_.file << ":" << outcome.verdict.line << ": " << outcome.verdict.text << "\n"
        << GoldenLadder(outcome);
    for (const std::string& id : scenario_.shows) RecordShown({id});
    if (!scenario_.is_golden) return;
    const std::string path = kFolder + std::string("golden/") + scenario_.full_name() + ".txt";
    EXPECT_EQ(TextOfFile(path), GoldenLadder(outcome)) << path;
  }

 private:
  Scenario scenario_;
};

// A broken file must not go unseen: it is a failing test.
class BrokenFile : public ::testing::Test {
 public:
  explicit BrokenFile(std::string error) : error_(std::move(error)) {}
  void TestBody() override { FAIL() << error_; }

 private:
  std::string error_;
};

[[maybe_unused]] const bool registered = [] {
  const ScenarioFile all = ReadScenarioFolder(std::string(kFolder) + "scenarios");
  if (!all.error.empty()) {
    ::testing::RegisterTest("Scenarios", "AreReadable", nullptr, nullptr, __FILE__, __LINE__,
                            [error = all.error]() -> ::testing::Test* { return new BrokenFile(error); });
  }
  for (const Scenario& scenario : all.scenarios) {
    ::testing::RegisterTest(scenario.suite.c_str(), scenario.name.c_str(), nullptr, nullptr, __FILE__,
                            __LINE__,
                            [scenario]() -> ::testing::Test* { return new ScenarioTest(scenario); });
  }
  return true;
}();

}  // namespace
}  // namespace sansip::conformance
