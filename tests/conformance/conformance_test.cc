// Every scenario as a test of its own, named after its section and itself.
#include <chrono>
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

// What the scenarios are held by must itself be able to fail, and say where.
Verdict VerdictOf(const std::string& steps) {
  const ScenarioFile file = ReadScenarios("x.scenario", "section RFC 1\nscenario X\n  title x\n" + steps);
  EXPECT_EQ(file.error, "");
  return file.scenarios.empty() ? Verdict{} : Play(file.scenarios[0]).verdict;
}

TEST(ScriptRun, FailsWhereTheWireDiffers) {
  for (const std::string& steps :
       {std::string("  expect CANCEL\n"), std::string("  user calls\n  expect BYE\n"),
        std::string("  user calls\n  expect INVITE\n    CSeq = 1 BYE\n"),
        std::string("  user calls\n  expect INVITE\n  expect INVITE again at T1 2T1\n"),
        std::string("  user calls\n  expect INVITE\n  silence for 501ms\n"),
        std::string("  user calls\n  expect INVITE\n  no INVITE for 501ms\n"),
        std::string("  send OPTIONS\n"), std::string("  user told Incoming\n"), std::string("  fly\n")}) {
    EXPECT_EQ(VerdictOf(steps).kind, Verdict::Kind::kFailed) << steps;
  }
  EXPECT_EQ(VerdictOf("  user calls\n  expect INVITE\n    To.tag present\n").line, 5);
}

TEST(CrossingRun, WantsEveryEndingThatIsNamed) {
  const std::string steps =
      "  parties alice bob\n  at 0s alice calls\n  at 1s bob answers\n  at 2s bob hangs up\n";
  EXPECT_EQ(VerdictOf(steps + "  ends alice remote-bye\n").kind, Verdict::Kind::kPassed);
  EXPECT_EQ(VerdictOf(steps + "  ends alice remote-bye local-bye\n").kind, Verdict::Kind::kFailed);
  EXPECT_EQ(VerdictOf(steps + "  ends alice local-bye\n").kind, Verdict::Kind::kFailed);
  EXPECT_EQ(VerdictOf(steps + "  sends bob BYE 0\n").kind, Verdict::Kind::kFailed);
}

TEST(ScenarioFile, SaysWhereItIsWrong) {
  EXPECT_EQ(ReadScenarios("x", "section RFC 1\nscenario x\n").error.substr(0, 4), "x:2:");
  EXPECT_NE(ReadScenarios("x", "section RFC 1\nscenario X\n  wait 1s\n").error, "");
  EXPECT_NE(ReadScenarios("x", "section RFC 1\nscenario X\n  title x\n   wait 1s\n").error, "");
  EXPECT_NE(ReadScenarios("x", std::string(kScenarioFileBytesMax + 1, '#')).error, "");
  EXPECT_EQ(ReadTime("2s+500ms-T1", {}), std::chrono::seconds(2));
  EXPECT_FALSE(ReadTime("2", {}));
}

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
