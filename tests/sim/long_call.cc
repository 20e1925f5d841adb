#include "sansip/tests/sim/long_call.h"

#include <set>
#include <string_view>

#include "sansip/tests/sim/ladder_svg.h"
#include "sansip/tests/sim/script.h"

namespace sansip::sim {
namespace {

Node& AddParty(World& world, const LongCallOptions& options, bool is_callee) {
  NodeOptions node;
  node.name = is_callee ? options.callee_name : options.caller_name;
  node.address = *ParseIp(is_callee ? "192.0.2.2" : "192.0.2.1", 5060);
  node.transport = options.transport;
  node.user_agent.session_timer = is_callee ? options.callee : options.caller;
  Script script;
  script.description = AudioDescription(is_callee ? "192.0.2.2" : "192.0.2.1", 17000);
  script.ring_for = options.ring_for;
  if (!is_callee) script.talk_for = options.duration;
  return world.AddNode(node, std::make_unique<ScriptedUser>(script));
}

std::uint64_t CopiesIn(const Trace& trace) {
  std::set<std::string_view> seen;
  std::uint64_t copies = 0;
  for (const Record& record : trace.records()) {
    if (record.kind != Record::Kind::kSent && record.kind != Record::Kind::kLost) continue;
    copies += !seen.insert(record.wire).second;
  }
  return copies;
}

void ReadBooks(Node& caller, Node& callee, LongCallFigures& figures) {
  for (const auto& [id, book] : Scripted(caller).calls()) {
    figures.answered = figures.answered || book.answered;
    figures.refreshes += book.refreshes;
    figures.lasted = book.ended_at - book.confirmed_at;
    figures.ended_as_planned = book.ended && book.cause == EndCause::kLocalBye;
  }
  for (const auto& [id, book] : Scripted(callee).calls()) {
    figures.ended_as_planned = figures.ended_as_planned && book.ended && book.cause == EndCause::kRemoteBye;
  }
}

}  // namespace

LongCall RunLongCall(const LongCallOptions& options) {
  LongCall run;
  run.world = std::make_unique<World>(WorldOptions{.seed = options.seed, .faults = options.faults});
  World& world = *run.world;
  Node& caller = AddParty(world, options, false);
  Node& callee = AddParty(world, options, true);
  PlanCall(caller, {.at = Instant{}, .target = callee.Uri(), .session_timer = options.caller});
  // The BYE's transaction and what lingers after it: 64*T1 twice is enough.
  world.RunUntilIdle(Instant(options.duration + options.ring_for + std::chrono::minutes(5)));
  world.Finish();

  LongCallFigures& figures = run.figures;
  ReadBooks(caller, callee, figures);
  figures.datagrams = world.network().figures().sent;
  figures.lost = world.network().figures().lost;
  figures.retransmissions = CopiesIn(world.trace());
  figures.events = world.events();
  figures.hash = world.trace().hash();
  figures.findings = RunOracles(world.trace(), {.reliable = IsReliable(options.transport)});
  return run;
}

std::string LongCall::Text(std::size_t lines_max) const {
  return TextLadder(world->trace(), world->Names(), {.lines_max = lines_max});
}

std::string LongCall::Svg(std::size_t lines_max) const {
  return SvgLadder(world->trace(), world->Names(), "A long call, in virtual time", {.lines_max = lines_max});
}

}  // namespace sansip::sim
