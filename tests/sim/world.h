// A world: one virtual clock, a network and elements. It jumps to the earliest deadline or arrival, never
// ticks, and processes one event after the other, so that a run is a pure function of its options and seed.
//
//   World world({.seed = 7, .faults = {.loss = 100'000}});
//   Node& alice = world.AddNode({.name = "alice", .address = *ParseIp("192.0.2.1", 5060)},
//                               std::make_unique<ScriptedUser>(Script{.talk_for = std::chrono::hours(8)}));
//   Node& bob = world.AddNode({.name = "bob", .address = *ParseIp("192.0.2.2", 5060)},
//                             std::make_unique<ScriptedUser>(Script{.ring_for = std::chrono::seconds(2)}));
//   PlanCall(alice, {.target = bob.Uri()});
//   world.RunUntilIdle(Instant(std::chrono::hours(9)));
//   world.Finish();
//   std::cout << TextLadder(world.trace(), world.Names()) << TextOf(RunOracles(world.trace(), {}));
#ifndef SANSIP_TESTS_SIM_WORLD_H_
#define SANSIP_TESTS_SIM_WORLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/address.h"
#include "sansip/core/base/time.h"
#include "sansip/tests/sim/element.h"
#include "sansip/tests/sim/network.h"
#include "sansip/tests/sim/node.h"
#include "sansip/tests/sim/parsed_lately.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

struct WorldOptions {
  std::uint64_t seed = 1;
  Faults faults = {};
  bool keep_trace = true;
  // Also calls OnDeadline just before each deadline: nothing may come of it.
  bool probe_early = false;
  // Deadlines are served up to so much late.
  Duration late_max = Duration::zero();
};

class World {
 public:
  explicit World(const WorldOptions& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Node& AddNode(const NodeOptions& options, std::unique_ptr<User> user);
  // Anything else; it was made with next_number().
  void AddElement(const SocketAddress& address, std::unique_ptr<Element> element);
  std::uint32_t next_number() const { return static_cast<std::uint32_t>(network_.endpoints()); }
  // One more address of an element that stands here: what arrives there is its own, too.
  EndpointId AddPort(const SocketAddress& address, Element& owner);
  // What a host name in a URI stands for.
  void AddName(std::string name, const SocketAddress& address) { names_[std::move(name)] = address; }
  std::optional<SocketAddress> Resolve(std::string_view host, std::uint16_t port) const;

  // One event; false: none is left before kNever.
  bool Step() { return StepUntil(kNever); }
  // One event; false: none is due up to that time.
  bool StepUntil(Instant until);
  // Events up to that time; the clock stands there afterwards.
  void RunUntil(Instant until);
  // Until nothing is left, but not beyond `limit`. True: nothing is left.
  bool RunUntilIdle(Instant limit);
  // The second phase of a run: the network loses nothing any more.
  void Heal();
  // Records what is left of calls and transactions, for the oracles. The last thing of a run.
  void Finish();

  Instant now() const { return now_; }
  [[nodiscard]] Instant next_deadline() const;
  Network& network() { return network_; }
  ParsedLately& parsed() { return parsed_; }
  Trace& trace() { return trace_; }
  const Trace& trace() const { return trace_; }
  // By number, up to the last element that has a name: what has none is not drawn.
  std::vector<std::string> Names() const;
  const WorldOptions& options() const { return options_; }
  std::uint64_t events() const { return events_; }

 private:
  // When an element's deadline is served.
  Instant DueTime(const Element& element) const {
    const Instant due = element.next_deadline();
    return options_.late_max <= Duration::zero() || due == kNever ? due : LateTime(element, due);
  }
  Instant LateTime(const Element& element, Instant due) const;

  WorldOptions options_;
  Network network_;
  ParsedLately parsed_;
  Trace trace_;
  std::map<std::string, SocketAddress, std::less<>> names_;
  std::vector<std::unique_ptr<Element>> elements_;
  std::vector<Element*> owners_;  // by endpoint
  Instant now_;
  std::uint64_t events_ = 0;
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_WORLD_H_
