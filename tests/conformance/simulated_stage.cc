#include "sansip/tests/conformance/simulated_stage.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <span>

#include "sansip/core/message/framer.h"
#include "sansip/tests/sim/script.h"
#include "sansip/transport/openssl_hashes.h"

namespace sansip::conformance {

// The peer's end in the world. It has no timers: the scenario is its clock.
class PeerElement final : public sim::Element {
 public:
  PeerElement(sim::World& world, std::uint32_t number, const SocketAddress& subject, bool over_tcp)
      : Element(world, number), subject_(subject), over_tcp_(over_tcp) {}

  const std::string& name() const override { return name_; }
  Instant next_deadline() const override { return kNever; }
  void OnDeadline(Instant) override {}
  std::size_t left() const override { return 0; }

  void OnArrival(Instant now, const sim::Arrival& arrival) override {
    switch (arrival.kind) {
      case sim::Arrival::Kind::kDatagram:
        Take(now, arrival.from, arrival.datagram + 1, arrival.bytes);
        break;
      case sim::Arrival::Kind::kStreamOpened:
        stream_ = arrival.stream;
        framer_ = std::make_unique<Framer>(ParseLimits{});
        break;
      case sim::Arrival::Kind::kStreamBytes:
        TakeStream(now, arrival.from, arrival.bytes);
        break;
      case sim::Arrival::Kind::kStreamReset:
      case sim::Arrival::Kind::kStreamRefused:
        stream_.reset();
        break;
    }
  }

  bool Send(Instant now, std::string_view wire) {
    sim::Network& network = world().network();
    sim::Record record{
        .at = now, .kind = sim::Record::Kind::kSent, .node = number(), .peer = 0, .wire = wire};
    bool is_sent = true;
    if (!over_tcp_) {
      record.datagram = network.SendDatagram(now, number(), subject_, wire).datagram + 1;
    } else {
      if (!stream_) {
        stream_ = network.OpenStream(now, number(), subject_);
        framer_ = std::make_unique<Framer>(ParseLimits{});
      }
      is_sent = stream_ && network.WriteStream(now, *stream_, number(), wire);
    }
    world().trace().Add(record);
    return is_sent;
  }

  std::deque<Arrived>& inbox() { return inbox_; }

 private:
  void Take(Instant now, sim::EndpointId from, std::uint64_t datagram, std::string_view wire) {
    world().trace().Add({.at = now,
                         .kind = sim::Record::Kind::kArrived,
                         .node = number(),
                         .peer = from,
                         .datagram = datagram,
                         .wire = wire});
    inbox_.push_back({now, std::string(wire)});
  }

  void TakeStream(Instant now, sim::EndpointId from, std::string_view bytes) {
    while (!bytes.empty() && framer_ != nullptr) {
      const std::span<char> room = framer_->Writable();
      const std::size_t size = std::min(room.size(), bytes.size());
      if (size == 0) return;
      std::memcpy(room.data(), bytes.data(), size);
      framer_->Commit(size);
      bytes.remove_prefix(size);
      for (Frame frame = framer_->Next(); frame.kind == Frame::Kind::kMessage; frame = framer_->Next()) {
        Take(now, from, 0, frame.bytes);
      }
    }
  }

  std::string name_ = "peer";
  SocketAddress subject_;
  bool over_tcp_;
  std::optional<sim::StreamId> stream_;
  std::unique_ptr<Framer> framer_;
  std::deque<Arrived> inbox_;
};

UserAgentOptions AgentOptionsOf(const Scenario& scenario) {
  static const OpensslHashes hashes;
  UserAgentOptions options;
  options.digest_hashes = &hashes;
  options.user_agent = "sansip";
  const auto number = [&scenario](std::string_view name) -> std::uint32_t {
    const auto found = scenario.options.find(name);
    return found == scenario.options.end()
               ? 0
               : static_cast<std::uint32_t>(std::strtoul(found->second.c_str(), nullptr, 10));
  };
  // Session timers are a subject of their own: off, unless a scenario is about them.
  options.session_timer.enabled = number("session-expires") != 0;
  options.session_timer.session_expires = number("session-expires");
  if (scenario.options.contains("no-names")) options.user_agent.clear();
  if (scenario.options.contains("busy")) options.busy = true;
  if (scenario.options.contains("capabilities")) {
    options.capabilities = sim::AudioDescription("192.0.2.1", 17000);
  }
  return options;
}

SimulatedStage::SimulatedStage(const Scenario& scenario)
    : world_({.seed = 1, .faults = {.delay = Duration::zero()}}), over_tcp_(scenario.over_tcp) {
  sim::NodeOptions node;
  node.name = "ua";
  node.address = *ParseIp("192.0.2.1", 5060);
  node.transport = over_tcp_ ? Transport::kTcp : Transport::kUdp;
  node.user_agent = AgentOptionsOf(scenario);
  const std::string target = std::string("sip:peer@") + peer_address() + (over_tcp_ ? ";transport=tcp" : "");
  auto user = std::make_unique<DirectedUser>(target, sim::AudioDescription("192.0.2.1", 17000),
                                             /*answers_offers=*/false);
  user_ = user.get();
  node_ = &world_.AddNode(node, std::move(user));
  auto peer = std::make_unique<PeerElement>(world_, world_.next_number(), node.address, over_tcp_);
  peer_ = peer.get();
  world_.AddElement(*ParseIp("192.0.2.2", 5060), std::move(peer));
}

bool SimulatedStage::Send(std::string_view wire) { return peer_->Send(now(), wire); }

std::optional<Arrived> SimulatedStage::Receive(Instant until) {
  while (peer_->inbox().empty()) {
    if (!world_.StepUntil(until)) {
      world_.RunUntil(until);
      return std::nullopt;
    }
  }
  Arrived arrived = std::move(peer_->inbox().front());
  peer_->inbox().pop_front();
  return arrived;
}

std::string SimulatedStage::Direct(std::string_view verb) {
  world_.RunUntil(now());
  return user_->Direct(*node_, now(), verb);
}

std::vector<Told>& SimulatedStage::told() {
  world_.RunUntil(now());
  return user_->told();
}

void SimulatedStage::Lose(int count, std::string_view prefix) {
  world_.network().DropNext({node_->number(), peer_->number()}, std::string(prefix), count);
}

std::size_t SimulatedStage::Left() {
  world_.RunUntil(now());
  return node_->agent().calls_kept() + node_->agent().transaction_layer().live();
}

}  // namespace sansip::conformance
