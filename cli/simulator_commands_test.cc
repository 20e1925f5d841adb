// `sansip simulate`, `replay` and `ladder` as functions: what they print and how they end.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/json_schema.h"
#include "sansip/cli/ladder_command.h"
#include "sansip/cli/options.h"
#include "sansip/cli/replay_command.h"
#include "sansip/cli/simulate_command.h"
#include "sansip/core/transaction/arrow_table.h"
#include "sansip/tests/sim/faults/planted_tables.h"

namespace sansip::cli {
namespace {

class SimulatorCommands : public testing::Test {
 protected:
  ~SimulatorCommands() override {
    std::fclose(out_);
    std::fclose(err_);
  }
  static std::string Path(const std::string& name) { return testing::TempDir() + "/" + name; }
  static std::string ReadBack(std::FILE* file) {
    std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::rewind(file);
    return text;
  }
  int Run(std::vector<const char*> words) {
    words.insert(words.begin(), "sansip");
    const CommandLine line = ReadCommandLine(static_cast<int>(words.size()), words.data());
    if (line.command == Command::kSimulate) return static_cast<int>(RunSimulate(line.simulate, out_, err_));
    if (line.command == Command::kReplay) return static_cast<int>(RunReplay(line.replay, out_, err_));
    if (line.command == Command::kLadder) return static_cast<int>(RunLadder(line.ladder, out_, err_));
    usage_ = line.text;
    return line.exit;
  }
  std::string Out() { return ReadBack(out_); }
  std::string Err() { return ReadBack(err_); }
  static void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

  std::FILE* out_ = std::tmpfile();
  std::FILE* err_ = std::tmpfile();
  std::string usage_;
};

TEST_F(SimulatorCommands, AFlagFixesItsOptionAndTheSeedPicksTheRest) {
  EXPECT_EQ(Run({"simulate", "--seed", "9"}), 0);
  const std::string drawn = Out();
  EXPECT_EQ(Run({"simulate",
                 "--seed",
                 "9",
                 "--loss",
                 "0.125",
                 "--reorder",
                 "--duplicate=0.25",
                 "--delay",
                 "50ms",
                 "--jitter",
                 "20ms",
                 "--calls",
                 "3",
                 "--parties",
                 "4",
                 "--transport",
                 "udp",
                 "--session-expires",
                 "1800",
                 "--duration",
                 "2h"}),
            0);
  const std::string fixed = Out();
  for (const char* word :
       {" loss=125000 ", " reorder=50000 ", " duplicate=250000 ", " delay=50ms ", " jitter=20ms ",
        " calls=3 ", " parties=4 ", "tcp=0 ", " session_expires=1800 ", " talk=7200000ms "}) {
    EXPECT_NE(fixed.find(word), std::string::npos) << word << fixed;
  }
  // As it was drawn without flags.
  const std::size_t at = drawn.find("cancel_every=");
  EXPECT_NE(fixed.find(drawn.substr(at, drawn.find(" reinvite", at) - at)), std::string::npos)
      << drawn << fixed;
}

TEST_F(SimulatorCommands, JobsChangeNothing) {
  EXPECT_EQ(Run({"simulate", "--seeds", "5..24", "--json"}), 0);
  std::string one = Out();
  EXPECT_EQ(Run({"simulate", "--seeds", "5..24", "--json", "--jobs", "4"}), 0);
  std::string four = Out();
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), 21);
  one.resize(one.find("{\"event\":\"summary\""));
  four.resize(four.find("{\"event\":\"summary\""));
  EXPECT_EQ(one, four);
  const nlohmann::json line = nlohmann::json::parse(one.substr(0, one.find('\n')));
  EXPECT_EQ(line["seed"], 5);
  EXPECT_EQ(line["findings"].size(), 0u);
}

// RFC 3261 17.1.1.2: timer A doubles and doubles. Here E stands for it, which stops at T2.
class PlantedTimerA {
 public:
  PlantedTimerA()
      : table_(sim::ShippedTable(Machine::kInviteClient)),
        arrows_(table_.arrows.begin(), table_.arrows.end()),
        states_(table_.states.begin(), table_.states.end()) {
    for (StateTimers& timers : states_) {
      if (timers.state == State::kCalling) timers.on_entry = kStartE | kStartB;
    }
    for (Arrow& row : arrows_) {
      if (row.id == "C0") row.effects = kStartE | kStartB | kSendTheRequest;
      if (row.id != "C1") continue;
      row.on = Event::kTimerE;
      row.effects = kDoubleE | kSendTheRequest;
    }
    table_.arrows = arrows_;
    table_.states = states_;
    sim::Plant(table_);
  }
  ~PlantedTimerA() { sim::PlantNothing(); }

 private:
  ArrowTable table_;
  std::vector<Arrow> arrows_;
  std::vector<StateTimers> states_;
};

TEST_F(SimulatorCommands, AFailingOracleLeavesAScheduleThatFailsAgain) {
  const std::string folder = Path("made/for-it");
  const std::string schedule = folder + "/seed-3.schedule";
  std::ifstream page("docs/json.md");
  const JsonSchema schema(std::string(std::istreambuf_iterator<char>(page), {}));
  {
    const PlantedTimerA planted;
    EXPECT_EQ(Run({"simulate", "--seed", "3", "--shrink", "--json", "--out", folder.c_str()}), 1);
    const std::string text = Out();
    const nlohmann::json line = nlohmann::json::parse(text.substr(0, text.find('\n')));
    EXPECT_EQ(schema.FaultInSimulate(line), "");
    EXPECT_EQ(line["findings"][0]["oracle"], "retransmission gaps");
    EXPECT_EQ(line["schedule"], schedule);
    EXPECT_EQ(Run({"simulate", "--scenario", schedule.c_str()}), 1);
    EXPECT_NE(Out().find("retransmission gaps"), std::string::npos);
  }
  EXPECT_EQ(Run({"simulate", "--scenario", schedule.c_str()}), 0);
}

TEST_F(SimulatorCommands, EveryJsonLineOfACampaignIsAsThePageSays) {
  std::ifstream page("docs/json.md");
  const JsonSchema schema(std::string(std::istreambuf_iterator<char>(page), {}));
  EXPECT_EQ(Run({"simulate", "--seeds", "1..3", "--json"}), 0);
  std::istringstream lines(Out());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(schema.FaultInSimulate(nlohmann::json::parse(line)), "") << line;
  }
  EXPECT_EQ(count, 4);
  EXPECT_NE(schema.FaultInSimulate({{"event", "run"}}), "");
}

TEST_F(SimulatorCommands, AScenarioRunsAsItIs) {
  const std::string path = Path("some.schedule");
  Write(path, "run seed=4 refuse=486\nlose alice>bob 1-3\nlose bob>alice 1\n");
  EXPECT_EQ(Run({"simulate", "--scenario", path.c_str(), "--json"}), 0);
  const std::string text = Out();
  const nlohmann::json line = nlohmann::json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(line["lost"], 4);
  EXPECT_EQ(line["answered"], 0);
  const std::string page = Path("page.html");
  EXPECT_EQ(Run({"simulate", "--scenario", path.c_str(), "--html", page.c_str()}), 0);
  std::ifstream file(page);
  const std::string html(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(html.find("</svg>"), std::string::npos);
  EXPECT_NE(html.find("486 Busy Here"), std::string::npos);
}

TEST_F(SimulatorCommands, WhatCannotBeReadOrWritten) {
  EXPECT_EQ(Run({"simulate", "--scenario", "/no/such/file"}), 7);
  const std::string path = Path("no.schedule");
  Write(path, "run\nlose\n");
  EXPECT_EQ(Run({"simulate", "--scenario", path.c_str()}), 8);
  EXPECT_NE(Err().find("line 2"), std::string::npos);
  EXPECT_EQ(Run({"simulate", "--html", "/no/such/folder/x.html"}), 7);
  EXPECT_EQ(Run({"simulate", "--out", (path + "/folder").c_str()}), 7);
  EXPECT_EQ(Run({"ladder", "/no/such/file"}), 7);
  EXPECT_EQ(Run({"ladder", path.c_str()}), 8);
  EXPECT_EQ(Run({"replay", "/no/such/file"}), 7);
  EXPECT_EQ(Run({"replay", path.c_str()}), 8);
}

TEST_F(SimulatorCommands, WrongValuesAreUsage) {
  const std::vector<std::vector<const char*>> kWrong = {{"simulate", "--seeds", "7"},
                                                        {"simulate", "--seeds", "7..3"},
                                                        {"simulate", "--loss", "1.5"},
                                                        {"simulate", "--loss", "0.1234567"},
                                                        {"simulate", "--loss", "-0.1"},
                                                        {"simulate", "--reorder=x"},
                                                        {"simulate", "--session-expires", "60"},
                                                        {"simulate", "--parties", "1"},
                                                        {"simulate", "--transport", "sctp"},
                                                        {"simulate", "--seed", "1", "--seeds", "1..2"},
                                                        {"ladder", "x", "--format", "png"},
                                                        {"replay"}};
  for (const auto& words : kWrong) EXPECT_EQ(Run(words), 2) << words.back();
}

}  // namespace
}  // namespace sansip::cli
