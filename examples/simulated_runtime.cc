// Your own wrapping of the core in the simulator, beside a node of sansip's: `Runtime` stands for the object
// in your program that owns a UserAgent and executes its actions; `Adapter` is all that the simulator wants
// to know of it (tests/sim/element.h). Any stack with an address can stand in its place.
//
//   bazel run //examples:simulated_runtime
//
// A call of an hour with session timers goes through a network that loses one datagram in ten. The program
// ends with 0 if the oracles found nothing.
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/tests/sim/element.h"
#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/oracle/oracle.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/world.h"

namespace {

using namespace sansip;  // an example, not a header

constexpr FlowId kOnlyFlow{0, 1};  // Bob has one socket and one peer

// What a program has: it knows bytes, time and verbs, and nothing of a simulation.
class Runtime {
 public:
  using Send = std::function<void(std::string_view wire)>;

  Runtime(const SocketAddress& self, RandomSource& random, Send send)
      : self_(self), send_(std::move(send)), agent_({}, random) {}

  void OnDatagram(Instant now, const SocketAddress& from, std::string_view bytes) {
    const Origin origin{kOnlyFlow, Transport::kUdp, from};
    const ParseError error = parser_.Parse(bytes, Framing::kDatagram, index_);
    const MessageView message(bytes, index_);
    error.ok() ? agent_.OnMessage(now, origin, message, out_)
               : agent_.OnUnparsable(now, origin, bytes, error, out_);
    Execute(now);
  }
  void OnTimer(Instant now) {
    agent_.OnDeadline(now, out_);
    Execute(now);
  }
  Instant next_deadline() const { return agent_.next_deadline(); }
  const UserAgent& agent() const { return agent_; }

 private:
  // Actions in their order; what answers them is asked when the sink is clear.
  void Execute(Instant now) {
    std::vector<Cookie> located;
    std::vector<CallId> incoming;
    for (const UserAgentAction& action : out_) {
      if (const auto* transmit = std::get_if<ua::Transmit>(&action)) send_(transmit->wire);
      if (const auto* locate = std::get_if<ua::Locate>(&action)) located.push_back(locate->cookie);
      if (const auto* call = std::get_if<ua::Incoming>(&action)) incoming.push_back(call->call);
    }
    out_.Clear();
    const std::string host(HostTextOf(self_).view());
    const HostPort here{host, self_.port};
    for (const Cookie cookie : located) {
      agent_.OnLocated(now, cookie, Path{kOnlyFlow, Transport::kUdp, here, here}, out_);
      Execute(now);
    }
    for (const CallId call : incoming) {
      const std::string description = sim::AudioDescription(host, 17000);
      if (agent_.Answer(now, call, {.body = description}, out_) == VerbError::kNone) Execute(now);
    }
  }

  const SocketAddress self_;
  Send send_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out_;
  UserAgent agent_;
  Parser parser_;
  MessageIndex index_;
};

// The simulator's side of it: arrivals and time in, datagrams out, and into the trace what oracles shall see.
class Adapter final : public sim::Element {
 public:
  Adapter(sim::World& world, const SocketAddress& self, const SocketAddress& peer)
      : Element(world, world.next_number()),
        peer_(peer),
        random_(7),
        runtime_(self, random_, [this](std::string_view wire) { Send(wire); }) {}

  const std::string& name() const override { return name_; }
  void OnArrival(Instant now, const sim::Arrival& arrival) override {
    now_ = now;
    world().trace().Add({.at = now,
                         .kind = sim::Record::Kind::kArrived,
                         .node = number(),
                         .peer = arrival.from,
                         .datagram = arrival.datagram + 1,
                         .wire = arrival.bytes});
    runtime_.OnDatagram(now, world().network().address(arrival.from), arrival.bytes);
  }
  void OnDeadline(Instant now) override {
    now_ = now;
    runtime_.OnTimer(now);
  }
  Instant next_deadline() const override { return runtime_.next_deadline(); }
  std::size_t left() const override { return runtime_.agent().calls_kept(); }

 private:
  void Send(std::string_view wire) {
    const sim::Departure departure = world().network().SendDatagram(now_, number(), peer_, wire);
    world().trace().Add({.at = now_,
                         .kind = departure.fate.lost ? sim::Record::Kind::kLost : sim::Record::Kind::kSent,
                         .node = number(),
                         .peer = departure.to.value_or(sim::Record::kNobody),
                         .datagram = departure.datagram + 1,
                         .wire = wire});
  }

  const std::string name_ = "bob";
  const SocketAddress peer_;
  Instant now_;
  sim::SeededRandom random_;
  Runtime runtime_;
};

}  // namespace

int main() {
  const SocketAddress alices = *ParseIp("192.0.2.1", 5060), bobs = *ParseIp("192.0.2.2", 5060);
  sim::World world({.seed = 7, .faults = {.loss = 100'000}});
  sim::Node& alice =
      world.AddNode({.name = "alice", .address = alices},
                    std::make_unique<sim::ScriptedUser>(sim::Script{.talk_for = std::chrono::hours(1)}));
  world.AddElement(bobs, std::make_unique<Adapter>(world, bobs, alices));
  sim::PlanCall(alice, {.target = "sip:bob@192.0.2.2:5060", .session_timer = {.session_expires = 600}});
  world.RunUntilIdle(Instant(std::chrono::hours(2)));
  world.Finish();

  std::fputs(sim::TextLadder(world.trace(), world.Names(), {.lines_max = 60}).c_str(), stdout);
  const sim::Findings findings = sim::RunOracles(world.trace(), {});
  std::fputs(findings.empty() ? "no oracle found anything\n" : sim::TextOf(findings).c_str(), stdout);
  const sim::CallTotals& totals = sim::Scripted(alice).totals();
  std::printf("answered %u, refreshed %llu times\n", totals.answered,
              static_cast<unsigned long long>(totals.refreshes));
  return findings.empty() && totals.answered == 1 && totals.refreshes >= 10 ? 0 : 1;
}
