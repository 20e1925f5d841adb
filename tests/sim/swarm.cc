#include "sansip/tests/sim/swarm.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "sansip/tests/sim/dialog_user.h"
#include "sansip/tests/sim/forking_proxy.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/script.h"

namespace sansip::sim {
namespace {

using std::chrono::seconds;

// What is left after the network heals is over within 64*T1, for a request and once more for the BYE, or at a
// session's expiry.
constexpr Duration kMargin = seconds(200);
constexpr std::uint64_t kEventsBetweenReports = 4096;
// Timer B of the caller, and once more of the proxy.
constexpr Duration kPatience = seconds(70);
constexpr Duration kBetweenViews = seconds(7);
// UserAgentOptions::refer_expires, and what a subscription may be late: who lost its reports waits for them.
constexpr Duration kReportsMax = seconds(340);

SessionTimerWish WishOf(const SwarmOptions& options) {
  SessionTimerWish wish;
  wish.enabled = options.session_expires != 0;
  wish.session_expires = std::max<std::uint32_t>(options.session_expires, kSessionIntervalMin);
  if (options.callee_refresher) wish.refresher = Refresher::kUas;
  return wish;
}

// More than any run needs that gets on: who exceeds it goes in circles.
std::uint64_t EventsMax(const SwarmOptions& options) {
  const Duration gap = options.session_expires != 0 ? seconds(options.session_expires) / 2 : seconds(3600);
  const auto refreshes = static_cast<std::uint64_t>((options.ring_for + options.talk_for) / gap);
  const std::uint64_t chunks = options.over_tcp ? 100 : 1;  // of a write, some of which are single bytes
  // A tick of 20 ms plays and sends, and what was sent arrives, on both sides, perhaps twice.
  const Duration talk = options.talk_for + kMargin + seconds(options.session_expires);
  const auto ticks =
      options.media == 0 ? 0 : static_cast<std::uint64_t>(talk / std::chrono::milliseconds(20));
  const std::uint64_t branches = std::max<std::uint64_t>(options.fork, 1);
  const auto views = options.HasDialogs() ? static_cast<std::uint64_t>(talk / kBetweenViews) : 0;
  return 20'000 + views + options.calls * ((2'000 + 100 * refreshes) * chunks * branches + 16 * ticks);
}

// RFC 3261 21.1.1, though 17.2.2 and RFC 4320 4.1 do not want it so early: a peer may be like that.
void TryingFirst(std::string_view wire, std::vector<std::string>& sent) {
  constexpr std::string_view kFinal = "SIP/2.0 200 OK\r\n";
  if (wire.starts_with(kFinal) && wire.find(" INVITE\r\n") == std::string_view::npos) {
    sent.push_back("SIP/2.0 100 Trying\r\n" + std::string(wire.substr(kFinal.size())));
  }
  sent.emplace_back(wire);
}

class Run {
 public:
  Run(const Schedule& schedule, bool is_scheduled, const SwarmWatch& watch)
      : options_(schedule.options),
        watch_(watch),
        world_(std::make_unique<World>(WorldOptions{.seed = options_.seed,
                                                    .faults = options_.faults,
                                                    .keep_trace = watch.keep_trace,
                                                    .probe_early = options_.probe_early,
                                                    .late_max = options_.late_max})),
        oracles_({.late_max = options_.late_max,
                  .actions_max = UserAgent::kActionsPerEventMax,
                  .reliable = options_.over_tcp,
                  .media = options_.media != 0,
                  .views = options_.HasDialogs(),
                  .parsed = &world_->parsed()}) {
    if (watch.oracles) world_->trace().SetReader(&oracles_);
    if (is_scheduled) world_->network().Follow(schedule.deviations);
    if (watch.on_deviation) world_->network().Observe(watch.on_deviation);
    for (std::uint32_t party = 0; party < options_.parties; ++party) AddParty(party);
    if (options_.fork != 0) AddForkingProxy();
    for (Node* party : parties_) {
      if (options_.media == 0) break;
      AddMedia(*world_, *party, {.ptime_ms = static_cast<int>(options_.media), .fault = watch.media_fault});
    }
    for (std::uint32_t i = 0; i < callers(); ++i) PlanCall(i);
    if (options_.HasDialogs()) PlanViews(Instant(kBetweenViews));
  }

  SwarmResult Finish() {
    const Instant faulty_until = FaultyUntil();
    // A BYE that was lost altogether leaves the other side to its session timer.
    const Duration reports = options_.transfer != 0 ? kReportsMax : Duration::zero();
    const Instant limit = After(faulty_until, seconds(options_.session_expires) + reports + kMargin);
    bool came_to_end = RunTo(faulty_until, limit);
    if (came_to_end) {
      world_->RunUntil(faulty_until);  // the clock stands there
      world_->Heal();
      came_to_end = RunTo(limit, limit);
    }
    world_->Finish();

    SwarmResult result;
    result.hash = world_->trace().hash();
    result.events = world_->events();
    result.network = world_->network().figures();
    result.lasted = world_->now() - Instant{};
    for (std::uint32_t i = 0; i < callers(); ++i) {
      result.calls_answered += Scripted(*parties_[i]).totals().answered;
      result.refreshes += Scripted(*parties_[i]).totals().refreshes;
    }
    if (proxy_ != nullptr) {
      result.forked = proxy_->forked();
      result.answered_again = proxy_->answered_again();
    }
    world_->trace().SetReader(nullptr);
    if (watch_.oracles) result.findings = oracles_.Finish();
    if (!came_to_end) {
      result.findings.insert(result.findings.begin(),
                             {"an end", world_->now(), 0, "the run goes in circles"});
    }
    if (watch_.keep_trace) result.world = std::move(world_);
    return result;
  }

 private:
  std::uint32_t callers() const { return options_.callers(); }

  Duration RingMax() const { return options_.ring_for + options_.fork_apart * options_.callees(); }

  Instant FaultyUntil() const {
    // Who is referred rings and talks once more.
    Duration call = (RingMax() + options_.talk_for) * (options_.transfer != 0 ? 2 : 1);
    if (options_.fork != 0) call += kPatience;
    return Instant(options_.apart * options_.calls + call + seconds(40));
  }

  void AddParty(std::uint32_t party) {
    const bool is_callee = party >= callers();
    const SocketAddress address = *ParseIp("192.0.2." + std::to_string(party + 1), 5060);
    NodeOptions node;
    node.name = PartyName(party);
    node.address = address;
    node.transport = options_.over_tcp ? Transport::kTcp : Transport::kUdp;
    node.user_agent.session_timer = WishOf(options_);
    // Nobody is busy for want of room: with few calls the defaults are more than enough.
    UserAgentLimits& limits = node.user_agent.limits;
    limits.calls_max = std::max<std::size_t>(limits.calls_max, options_.calls);
    limits.unlocated_max = std::max<std::size_t>(limits.unlocated_max, options_.calls);
    TransactionOptions& transactions = node.user_agent.transactions;
    transactions.transactions_max =
        std::max<std::size_t>(transactions.transactions_max, std::size_t{8} * options_.calls);
    transactions.buffered_bytes_max =
        std::max<std::size_t>(transactions.buffered_bytes_max, std::size_t{16'384} * options_.calls);
    Script script;
    script.description = AudioDescription(std::string(HostTextOf(address).view()), 17000);
    script.ring_for = options_.ring_for;
    if (is_callee && options_.fork != 0) script.ring_for += options_.fork_apart * (party - callers());
    script.alert_after = options_.alert_after;
    const bool is_refuser = options_.fork_refusers == 0 || party + options_.fork_refusers >= options_.parties;
    if (is_callee && is_refuser) script.refuse_with = static_cast<int>(options_.refuse_with);
    if (is_callee == options_.callee_hangs_up) script.talk_for = options_.talk_for;
    if ((options_.reinvite & (is_callee ? 2 : 1)) != 0) script.reinvite_after = options_.talk_for / 2;
    if (options_.media != 0) script.resume_after = options_.talk_for / 4;
    script.keep_books = false;
    if (is_callee && options_.trying) node.alter = TryingFirst;
    if (watch_.alter) node.alter = watch_.alter;
    std::unique_ptr<User> user;
    if (options_.media != 0) {
      user = std::make_unique<MediaUser>(script);
    } else if (options_.HasDialogs()) {
      user = DialogUserOf(party, node, script);
    } else {
      user = std::make_unique<ScriptedUser>(script);
    }
    parties_.push_back(&world_->AddNode(node, std::move(user)));
  }

  std::unique_ptr<User> DialogUserOf(std::uint32_t party, NodeOptions& node, Script& script) const {
    const bool is_callee = party >= callers();
    node.user_agent.takes_refer = node.user_agent.takes_replaces = options_.transfer != 0;
    if (options_.reliable != 0) node.user_agent.reliable_provisionals = ReliableProvisionals::kSupported;
    if (options_.reliable == 2 && !is_callee)
      node.user_agent.reliable_provisionals = ReliableProvisionals::kRequired;
    const std::uint32_t side = is_callee ? 2 : 1;
    DialogScript dialog;
    dialog.host = std::string(HostTextOf(node.address).view());
    if (is_callee) dialog.provisionals = options_.provisionals;
    dialog.updates_early = (options_.early_update & side) != 0;
    if ((options_.reinvite & side) != 0) dialog.changes = options_.changes;
    script.reinvite_after.reset();
    dialog.change_after = options_.change_after;
    dialog.changes_apart = options_.changes_apart;
    dialog.by_reinvite = options_.change_by != 1;
    dialog.by_update = options_.change_by != 0;
    if (!is_callee) dialog.transfer = static_cast<TransferKind>(options_.transfer);
    dialog.transfer_after = options_.talk_for / 2;
    const std::uint32_t next = (party + 1) % callers();
    dialog.transfer_to = "sip:" + PartyName(next) + "@192.0.2." + std::to_string(next + 1) + ":5060" +
                         (options_.over_tcp ? ";transport=tcp" : "");
    dialog.referred_talk_for = options_.talk_for;
    dialog.session_timer = WishOf(options_);
    return std::make_unique<DialogUser>(script, dialog);
  }

  // Behind the parties, with their names and addresses: each callee's name is that of a person whose other
  // devices are the next callees.
  void AddForkingProxy() {
    const SocketAddress address = *ParseIp("192.0.2." + std::to_string(options_.parties + 1), 5060);
    auto proxy = std::make_unique<ForkingProxy>(*world_, PartyName(options_.parties), address);
    proxy_ = proxy.get();
    for (std::uint32_t i = 0; i < options_.callees(); ++i) {
      std::vector<std::string> contacts;
      for (std::uint32_t k = 0; k < options_.fork; ++k) {
        contacts.push_back(parties_[callers() + (i + k) % options_.callees()]->Uri());
      }
      proxy_->Bind(PartyName(callers() + i), std::move(contacts));
    }
    world_->network().RefuseStreams(proxy_->number());
    world_->AddElement(address, std::move(proxy));
  }

  // What all nodes hold of their dialogs at the same instant, again and again while there are calls.
  void PlanViews(Instant at) {
    parties_.front()->At(at, [this](Node&, Instant now) {
      std::size_t left = 0;
      for (Node* node : parties_) {
        RecordViews(*node, now);
        left += node->left();
      }
      const bool is_over = left == 0 && now > Instant(options_.apart * options_.calls);
      if (!is_over && now < FaultyUntil()) PlanViews(After(now, kBetweenViews));
    });
  }

  // Each caller's calls one after the other, so that plans take no more room than callers.
  void PlanCall(std::uint32_t i) {
    if (i >= options_.calls) return;
    parties_[i % callers()]->At(Instant(options_.apart * i), [this, i](Node& self, Instant now) {
      sim::PlanCall(self, PlanOf(i, now));
      PlanCall(i + callers());
    });
  }

  CallPlan PlanOf(std::uint32_t i, Instant now) const {
    SessionTimerWish wish = WishOf(options_);
    wish.refresher = Refresher::kNone;
    const Node& callee = *parties_[callers() + (i + i / callers()) % options_.callees()];
    CallPlan plan{.at = now, .target = callee.Uri(), .session_timer = wish};
    if (proxy_ != nullptr) plan.target = proxy_->AddressOf(callee.name());
    // A proxy's 100, or a 180 that needs a PRACK, is all that comes if each copy of what follows is lost: a
    // person gives up then.
    if (proxy_ != nullptr || options_.reliable != 0) plan.patience = RingMax() + kPatience;
    if (options_.cancel_every != 0 && i % options_.cancel_every == 0)
      plan.cancel_after = options_.cancel_after;
    plan.late_offer = options_.late_offer_every != 0 && i % options_.late_offer_every == 0;
    return plan;
  }

  // False: there were too many events.
  bool RunTo(Instant until, Instant limit) {
    const std::uint64_t events_max = EventsMax(options_);
    while (world_->StepUntil(until)) {
      if (world_->events() >= events_max) return false;
      if (watch_.progress && world_->events() % kEventsBetweenReports == 0)
        watch_.progress(world_->now(), limit);
    }
    return true;
  }

  const SwarmOptions options_;
  const SwarmWatch watch_;
  std::unique_ptr<World> world_;
  Oracles oracles_;
  std::vector<Node*> parties_;
  ForkingProxy* proxy_ = nullptr;  // with options_.fork
};

}  // namespace

SwarmResult RunSwarm(const SwarmOptions& options, const SwarmWatch& watch) {
  return Run({options, {}}, false, watch).Finish();
}

SwarmResult RunSchedule(const Schedule& schedule, const SwarmWatch& watch) {
  return Run(schedule, true, watch).Finish();
}

Schedule ScheduleOf(const SwarmOptions& options) {
  Schedule schedule{options, {}};
  RunSwarm(options, {.oracles = false, .on_deviation = [&](const Deviation& deviation, const Befallen&) {
                       schedule.deviations.push_back(deviation);
                     }});
  return schedule;
}

std::string AnnotatedText(const Schedule& schedule) {
  DeviationRecord record;
  Findings findings = RunSchedule(schedule, {.on_deviation =
                                                 [&](const Deviation& deviation, const Befallen& befallen) {
                                                   record.emplace_back(deviation, befallen);
                                                 }})
                          .findings;
  findings.resize(std::min<std::size_t>(findings.size(), 5));
  return schedule.Text(TextOf(findings), record);
}

std::string LadderOf(const SwarmOptions& options, std::size_t lines_max) {
  const SwarmResult result = RunSwarm(options, {.oracles = false, .keep_trace = true});
  return TextLadder(result.world->trace(), result.world->Names(), {.arrows = true, .lines_max = lines_max});
}

}  // namespace sansip::sim
