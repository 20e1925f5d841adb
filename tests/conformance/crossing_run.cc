#include "sansip/tests/conformance/crossing_run.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "fmt/core.h"
#include "sansip/tests/conformance/directed_user.h"
#include "sansip/tests/conformance/peer.h"
#include "sansip/tests/conformance/simulated_stage.h"
#include "sansip/tests/conformance/wire_message.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/world.h"

namespace sansip::conformance {
namespace {

constexpr const char* kNames[] = {"alice", "bob"};
constexpr Instant kEndOfRun{std::chrono::hours(3)};

std::optional<std::size_t> PartyOf(std::string_view name) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (name == kNames[i]) return i;
  }
  return std::nullopt;
}

class CrossingRun {
 public:
  CrossingRun(const Scenario& scenario, const TimeNames& names, std::uint64_t seed)
      : scenario_(scenario), names_(names), world_({.seed = seed, .faults = FaultsOf(scenario, names)}) {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string host = i == 0 ? "192.0.2.1" : "192.0.2.2";
      const std::string target = i == 0 ? "sip:bob@192.0.2.2:5060" : "sip:alice@192.0.2.1:5060";
      auto user = std::make_unique<DirectedUser>(target, sim::AudioDescription(host, 17000), true);
      users_[i] = user.get();
      sim::NodeOptions node;
      node.name = kNames[i];
      node.address = *ParseIp(host, 5060);
      node.transport = scenario.over_tcp ? Transport::kTcp : Transport::kUdp;
      node.user_agent = AgentOptionsOf(scenario);
      nodes_[i] = &world_.AddNode(node, std::move(user));
    }
  }

  Verdict Play() {
    for (const ScenarioStep& step : scenario_.steps) {
      line_ = step.line;
      if (!Prepare(step)) return verdict_;
    }
    world_.RunUntilIdle(kEndOfRun);
    world_.Finish();
    const sim::Findings findings = sim::RunOracles(world_.trace(), {.reliable = scenario_.over_tcp});
    line_ = scenario_.line;
    if (!findings.empty()) {
      Fail(sim::TextOf(findings));
      return verdict_;
    }
    for (const ScenarioStep& step : scenario_.steps) {
      line_ = step.line;
      if (!Check(step)) break;
    }
    return verdict_;
  }

  sim::World& world() { return world_; }
  // "alice LocalBye"
  const std::set<std::string>& endings() const { return endings_; }

 private:
  static sim::Faults FaultsOf(const Scenario& scenario, const TimeNames& names) {
    sim::Faults faults;
    const auto time = [&](std::string_view name, Duration fallback) {
      const auto found = scenario.options.find(name);
      return found == scenario.options.end() ? fallback : ReadTime(found->second, names).value_or(fallback);
    };
    faults.delay = time("delay", std::chrono::milliseconds(20));
    faults.jitter = time("jitter", Duration::zero());
    return faults;
  }

  bool Fail(std::string text) {
    verdict_ = {Verdict::Kind::kFailed, line_, std::move(text), 1};
    return false;
  }

  bool Prepare(const ScenarioStep& step) {
    const std::vector<std::string> words = Words(step.text);
    if (words[0] == "ends" || words[0] == "sends") {
      return (words.size() >= 3 && PartyOf(words[1])) || Fail("whose?");
    }
    if (words[0] == "lose" && words.size() == 5 && words[3] == "from" && PartyOf(words[4])) {
      const std::uint32_t from = static_cast<std::uint32_t>(*PartyOf(words[4]));
      world_.network().DropNext({from, 1 - from}, words[2], std::atoi(words[1].c_str()));
      return true;
    }
    if (words[0] != "at" || words.size() < 4 || !PartyOf(words[2])) return Fail("no such step");
    const std::optional<Duration> time = ReadTime(words[1], names_);
    if (!time || *time < Duration::zero()) return Fail("no time");
    const std::size_t party = *PartyOf(words[2]);
    const std::string verb = step.text.substr(step.text.find(words[2], 3) + words[2].size() + 1);
    nodes_[party]->At(Instant(*time), [user = users_[party], verb](sim::Node& node, Instant now) {
      user->Direct(node, now, verb);
    });
    return true;
  }

  bool Check(const ScenarioStep& step) {
    std::vector<std::string> words = Words(step.text);
    if (words[0] == "ends") {
      const DirectedUser& user = *users_[*PartyOf(words[1])];
      if (!user.end_cause()) return Fail("the call has not ended");
      if (std::find(words.begin() + 2, words.end(), *user.end_cause()) == words.end()) {
        return Fail("it ended as " + *user.end_cause());
      }
      endings_.insert(words[1] + " " + *user.end_cause());
    }
    if (words[0] != "sends") return true;
    const std::size_t party = *PartyOf(words[1]);
    words.erase(words.begin(), words.begin() + 2);
    const std::optional<MessagePattern> what = TakePattern(words);
    if (!what || words.size() != 1) return Fail("sends NAME MESSAGE N..M");
    const int low = std::atoi(words[0].c_str());
    const std::size_t dots = words[0].find("..");
    const int high = dots == std::string::npos ? low : std::atoi(words[0].c_str() + dots + 2);
    const int count = Sent(party, *what);
    return (count >= low && count <= high) || Fail(fmt::format("it was {} times", count));
  }

  int Sent(std::size_t party, const MessagePattern& what) const {
    std::set<std::string_view> wires;
    for (const sim::Record& record : world_.trace().records()) {
      const bool is_sent = record.kind == sim::Record::Kind::kSent || record.kind == sim::Record::Kind::kLost;
      if (!is_sent || record.node != party) continue;
      const std::optional<WireMessage> message = ReadWireMessage(record.wire);
      if (message && what.Matches(*message)) wires.insert(record.wire);
    }
    return static_cast<int>(wires.size());
  }

  const Scenario& scenario_;
  TimeNames names_;
  sim::World world_;
  sim::Node* nodes_[2] = {};
  DirectedUser* users_[2] = {};
  Verdict verdict_;
  std::set<std::string> endings_;
  int line_ = 0;
};

// Every combination of the sweeps' values.
std::vector<TimeNames> Points(const Scenario& scenario) {
  std::vector<TimeNames> points(1);
  for (const Sweep& sweep : scenario.sweeps) {
    std::vector<TimeNames> more;
    for (const TimeNames& point : points) {
      for (Duration value = sweep.from; value <= sweep.to; value += sweep.step) {
        if (more.size() >= static_cast<std::size_t>(kSweepRunsMax)) break;
        more.push_back(point);
        more.back().swept[sweep.name] = value;
      }
    }
    points = std::move(more);
  }
  return points;
}

std::string PointText(const TimeNames& point) {
  std::string text;
  for (const auto& [name, value] : point.swept) {
    text += fmt::format(" with {} = {} ms", name, value / std::chrono::milliseconds(1));
  }
  return text;
}

}  // namespace

CrossingOutcome PlayCrossing(const Scenario& scenario) {
  CrossingOutcome outcome;
  const std::vector<TimeNames> points = Points(scenario);
  std::set<std::string> endings;
  for (std::size_t i = 0; i < points.size(); ++i) {
    CrossingRun run(scenario, points[i], i + 1);
    Verdict verdict = run.Play();
    endings.insert(run.endings().begin(), run.endings().end());
    const bool is_failed = verdict.kind == Verdict::Kind::kFailed;
    if (is_failed || i == points.size() / 2) {
      outcome.names = run.world().Names();
      outcome.trace = std::move(run.world().trace());
    }
    if (!is_failed) continue;
    outcome.verdict = std::move(verdict);
    outcome.verdict.text += PointText(points[i]);
    outcome.verdict.runs = static_cast<int>(i + 1);
    return outcome;
  }
  outcome.verdict.runs = static_cast<int>(points.size());
  for (const ScenarioStep& step : scenario.steps) {
    const std::vector<std::string> words = Words(step.text);
    for (std::size_t i = 2; words[0] == "ends" && i < words.size(); ++i) {
      if (endings.contains(words[1] + " " + words[i])) continue;
      outcome.verdict = {Verdict::Kind::kFailed, step.line, "in no run it ended as " + words[i],
                         static_cast<int>(points.size())};
    }
  }
  return outcome;
}

}  // namespace sansip::conformance
