#include "sansip/tests/sim/timer_swarm.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/random.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/timer_proxy.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kBetweenLooks = minutes(5);

std::uint32_t PickOf(SeededRandom& random, std::initializer_list<std::uint32_t> choices) {
  return choices.begin()[UniformBelow(random, choices.size())];
}

SessionTimerWish PickWish(SeededRandom& random) {
  SessionTimerWish wish;
  wish.enabled = UniformBelow(random, 5) != 0;
  wish.session_expires = PickOf(random, {90, 120, 600, 1800, 1800, 7200});
  wish.min_se = PickOf(random, {90, 90, 90, 300, 2000});
  wish.refresher = static_cast<Refresher>(UniformBelow(random, 3));
  wish.method = UniformBelow(random, 2) == 0 ? RefreshMethod::kUpdate : RefreshMethod::kReinvite;
  return wish;
}

ProxySessionTimerPolicy PickPolicy(SeededRandom& random) {
  ProxySessionTimerPolicy policy;
  policy.session_expires = PickOf(random, {0, 0, 100, 900, 3600});
  policy.min_se = PickOf(random, {90, 90, 200, 1000, 4000});
  policy.refuse = UniformBelow(random, 4) != 0;
  return policy;
}

std::string TextOf(const SessionTimerWish& wish) {
  return (wish.enabled ? "se=" : "off,se=") + std::to_string(wish.session_expires) +
         ",min=" + std::to_string(wish.min_se) +
         (wish.refresher == Refresher::kUac   ? ",uac"
          : wish.refresher == Refresher::kUas ? ",uas"
                                              : "") +
         (wish.method == RefreshMethod::kUpdate ? ",update " : " ");
}

// A run under way: who takes part, and what was found.
class Run {
 public:
  explicit Run(const TimerSwarmOptions& options);

  void Call();
  void Watch(Instant until);
  TimerSwarmResult Finish();

 private:
  struct End {
    Node* node = nullptr;
    std::optional<CallView> call;  // nullopt: none, or it is over
  };

  Node& AddParty(const char* name, const char* host, const SessionTimerWish& wish, bool is_callee);
  static std::optional<CallView> CallAt(Node& node);
  bool IsQuiet();
  void Look();
  void LookAtProxies(const CallView& caller);
  bool RefreshFailed(const Record& end) const;
  void JudgeEnds();
  void JudgeAnswers();
  void Find(std::uint32_t node, std::string text);

  TimerSwarmOptions options_;
  World world_;
  Node* caller_ = nullptr;
  Node* callee_ = nullptr;
  std::vector<TimerProxy*> proxies_;
  TimerSwarmResult result_;
};

Run::Run(const TimerSwarmOptions& options)
    : options_(options), world_({.seed = options.seed, .faults = options.faults}) {
  caller_ = &AddParty("alice", "192.0.2.1", options.caller, false);
  for (std::size_t i = 0; i < options.proxies.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const SocketAddress address = *ParseIp("192.0.2.10" + number, 5060);
    auto proxy = std::make_unique<TimerProxy>(world_, "p" + number, address, options.proxies[i]);
    proxies_.push_back(proxy.get());
    world_.AddElement(address, std::move(proxy));
  }
  callee_ = &AddParty("bob", "192.0.2.2", options.callee, true);
}

Node& Run::AddParty(const char* name, const char* host, const SessionTimerWish& wish, bool is_callee) {
  NodeOptions node;
  node.name = name;
  node.address = *ParseIp(host, 5060);
  node.user_agent.session_timer = wish;
  Script script;
  script.description = AudioDescription(host, 17000);
  script.ring_for = seconds(1);
  if (!is_callee) script.talk_for = options_.talk_for;
  if (is_callee && options_.reinvite) script.reinvite_after = options_.talk_for / 2;
  return world_.AddNode(node, std::make_unique<ScriptedUser>(script));
}

void Run::Call() {
  CallPlan plan{.target = callee_->Uri(), .session_timer = options_.caller};
  for (const TimerProxy* proxy : proxies_) plan.routes.push_back(proxy->Route());
  PlanCall(*caller_, plan);
}

void Run::Watch(Instant until) {
  Instant next_look = Instant(kBetweenLooks);
  while (world_.next_deadline() <= until) {
    // Between two events nothing changes, so that a look just before the next one is as good as any.
    if (world_.next_deadline() >= next_look && IsQuiet()) {
      Look();
      next_look = After(world_.next_deadline(), kBetweenLooks);
    }
    world_.Step();
  }
}

bool Run::IsQuiet() {
  return world_.network().idle() && caller_->agent().client_transactions_pending() == 0 &&
         callee_->agent().client_transactions_pending() == 0;
}

std::optional<CallView> Run::CallAt(Node& node) {
  for (const auto& [id, book] : Scripted(node).calls()) {
    if (!book.confirmed || book.ended) continue;
    return node.agent().Find({static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)});
  }
  return std::nullopt;
}

void Run::Look() {
  const std::optional<CallView> caller = CallAt(*caller_);
  const std::optional<CallView> callee = CallAt(*callee_);
  if (!caller || !callee) return;
  ++result_.compared;
  const SessionTimerStatus& a = caller->session_timer;
  const SessionTimerStatus& b = callee->session_timer;
  // One that wants no timers answers without; the other refreshes for its own benefit (RFC 4028 7.2).
  const bool one_sided = !options_.caller.enabled || !options_.callee.enabled;
  if (one_sided && (a.interval == 0 || b.interval == 0)) return;
  if (a.interval != b.interval) {
    Find(caller_->number(),
         "intervals differ: " + std::to_string(a.interval) + " and " + std::to_string(b.interval));
  } else if (a.interval != 0 && a.we_refresh == b.we_refresh) {
    Find(caller_->number(), a.we_refresh ? "both refresh" : "nobody refreshes");
  } else if (a.interval != 0) {
    LookAtProxies(*caller);
  }
}

// A proxy counts from the forwarding of the 2xx, the user agents from its sending or receipt.
void Run::LookAtProxies(const CallView& caller) {
  const Duration slack = seconds(40);  // of a 2xx that had to be sent again
  for (const TimerProxy* proxy : proxies_) {
    const std::optional<Instant> expiration = proxy->Expiration(caller.call_id);
    if (!expiration || *expiration > After(caller.session_timer.expiry, slack) ||
        After(*expiration, slack) < caller.session_timer.expiry) {
      Find(proxy->number(), "the proxy's session expires at another time than the caller's");
    }
  }
}

// RFC 4028 10: by a timeout, or a 408 or 481, which a peer may send only if its session is over already.
bool Run::RefreshFailed(const Record& end) const {
  const std::vector<Record>& records = world_.trace().records();
  if (end.text.ends_with(" 408") || end.text.ends_with(" 481")) {
    return std::any_of(records.begin(), records.end(), [&](const Record& other) {
      return other.at < end.at && other.node != end.node && other.kind == Record::Kind::kEvent &&
             other.name == "Ended";
    });
  }
  return std::any_of(records.begin(), records.end(), [&](const Record& other) {
    return other.at == end.at && other.node == end.node && other.kind == Record::Kind::kArrow &&
           ArrowText(other.name).ends_with("-> Terminated");
  });
}

// RFC 4028 10: a timeout, a 408 or 481 to a refresh, or nothing until the lead point or the expiry.
void Run::JudgeEnds() {
  for (Node* node : {caller_, callee_}) {
    Instant expiry = kNever;
    std::uint32_t interval = 0;
    for (const Record& record : world_.trace().records()) {
      if (record.node != node->number() || record.kind != Record::Kind::kEvent) continue;
      if (record.name == "Refreshed") {
        expiry = record.due == Instant{} ? kNever : record.due;
        interval = static_cast<std::uint32_t>(
            std::strtoul(std::string(record.text.substr(10)).c_str(), nullptr, 10));
      }
      if (record.name != "Ended" ||
          record.text.find(EndCauseName(EndCause::kSessionExpired)) == std::string::npos)
        continue;
      ++result_.ended_early;
      const Duration lead = std::min<Duration>(seconds(32), seconds(interval) / 3);
      if (record.at < expiry - lead && !RefreshFailed(record)) {
        Find(node->number(), "ended by its session timer " +
                                 std::to_string((expiry - record.at).count() / 1'000'000'000) +
                                 " s before the expiry, and no refresh had failed");
      }
    }
  }
}

// RFC 4028 9: the interval of a 2xx is no longer than that of the request as it arrived, nor shorter than its
// Min-SE.
void Run::JudgeAnswers() {
  struct Asked {
    std::optional<std::uint32_t> session_expires;
    std::uint32_t min_se = kSessionIntervalMin;
  };
  std::map<std::pair<std::uint32_t, std::string>, Asked> asked;  // by node and CSeq
  const Parser parser;
  MessageIndex index;
  for (const Record& record : world_.trace().records()) {
    const bool is_sent = record.kind == Record::Kind::kSent || record.kind == Record::Kind::kLost;
    if ((!is_sent && record.kind != Record::Kind::kArrived) || record.wire.empty()) continue;
    if (!parser.Parse(record.wire, Framing::kDatagram, index).ok()) continue;
    const MessageView message(record.wire, index);
    const SessionTimerFacts facts = ReadSessionTimerFacts(message);
    const std::pair key(record.node, std::string(message.First(HeaderId::kCSeq).value_or("")));
    if (message.is_request() && !is_sent) {
      asked[key] = {facts.session_expires, std::max(facts.min_se.value_or(0), kSessionIntervalMin)};
    }
    if (message.is_request() || !is_sent || message.status_code() / 100 != 2 || !facts.session_expires)
      continue;
    const Asked& request = asked[key];
    if (*facts.session_expires < request.min_se ||
        *facts.session_expires > request.session_expires.value_or(*facts.session_expires)) {
      Find(record.node, "answers with an interval of " + std::to_string(*facts.session_expires) + " s");
    }
  }
}

void Run::Find(std::uint32_t node, std::string text) {
  result_.findings.push_back({"session timers", world_.now(), node, std::move(text)});
}

TimerSwarmResult Run::Finish() {
  world_.Finish();
  JudgeEnds();
  JudgeAnswers();
  const Findings more = RunOracles(world_.trace(), {.actions_max = UserAgent::kActionsPerEventMax});
  result_.findings.insert(result_.findings.end(), more.begin(), more.end());
  for (Node* node : {caller_, callee_}) {
    for (const auto& [id, book] : Scripted(*node).calls()) {
      result_.answered += node == caller_ && book.answered;
      result_.refreshes += book.refreshes;
    }
  }
  for (const TimerProxy* proxy : proxies_) {
    result_.refused += proxy->refused();
    result_.inserted += proxy->inserted();
  }
  if (!result_.findings.empty()) {
    result_.ladder = TextLadder(world_.trace(), world_.Names(), {.lines_max = 400});
  }
  return std::move(result_);
}

}  // namespace

TimerSwarmOptions TimerSwarmOptions::FromSeed(std::uint64_t seed) {
  SeededRandom random(Mix(seed ^ 0x54696D6572ull));
  TimerSwarmOptions options;
  options.seed = seed;
  options.faults.loss = PickOf(random, {0, 10'000, 50'000, 100'000});
  options.faults.duplicate = PickOf(random, {0, 0, 50'000});
  options.faults.reorder = PickOf(random, {0, 0, 50'000});
  options.faults.delay = milliseconds(PickOf(random, {1, 20, 150}));
  options.faults.jitter = milliseconds(PickOf(random, {0, 5, 50}));
  options.caller = PickWish(random);
  options.callee = PickWish(random);
  const std::uint64_t proxies = UniformBelow(random, 3);
  for (std::uint64_t i = 0; i < proxies; ++i) options.proxies.push_back(PickPolicy(random));
  options.reinvite = UniformBelow(random, 3) == 0;
  return options;
}

std::string TimerSwarmOptions::Text() const {
  std::string text = "seed=" + std::to_string(seed) + " loss=" + std::to_string(faults.loss) +
                     " duplicate=" + std::to_string(faults.duplicate) +
                     " reorder=" + std::to_string(faults.reorder) +
                     " delay=" + std::to_string(faults.delay.count() / 1'000'000) +
                     "ms jitter=" + std::to_string(faults.jitter.count() / 1'000'000) +
                     "ms caller:" + TextOf(caller) + "callee:" + TextOf(callee);
  for (const ProxySessionTimerPolicy& proxy : proxies) {
    text += "proxy:se=" + std::to_string(proxy.session_expires) + ",min=" + std::to_string(proxy.min_se) +
            (proxy.refuse ? " " : ",lets pass ");
  }
  return text + "reinvite=" + std::to_string(reinvite);
}

TimerSwarmResult RunTimerSwarm(const TimerSwarmOptions& options) {
  Run run(options);
  run.Call();
  // The BYE, lost or not, and the session of a peer that never got it.
  run.Watch(Instant(options.talk_for + std::chrono::hours(3)));
  return run.Finish();
}

}  // namespace sansip::sim
