#include "sansip/tests/sim/world.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip::sim {

World::World(const WorldOptions& options)
    : options_(options), network_(options.seed, options.faults), trace_(options.keep_trace) {}

Node& World::AddNode(const NodeOptions& options, std::unique_ptr<User> user) {
  const EndpointId endpoint = network_.AddEndpoint(options.address);
  SANSIP_CHECK(endpoint == nodes_.size());
  nodes_.push_back(std::make_unique<Node>(*this, endpoint, options, std::move(user)));
  return *nodes_.back();
}

std::optional<SocketAddress> World::Resolve(std::string_view host, std::uint16_t port) const {
  if (std::optional<SocketAddress> address = ParseIp(host, port)) return address;
  const auto found = names_.find(host);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

// Lateness is a fate too: of the node and the deadline itself.
Instant World::DueTime(const Node& node) const {
  const Instant due = node.next_deadline();
  if (options_.late_max <= Duration::zero() || due == kNever) return due;
  const std::uint64_t bits = KeyedRandom(options_.seed, node.number(),
                                         static_cast<std::uint64_t>(due.time_since_epoch().count()), 0);
  return After(
      due,
      Duration(static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(options_.late_max.count() + 1))));
}

Instant World::next_deadline() const {
  Instant next = network_.next_deadline();
  for (const auto& node : nodes_) {
    next = std::min(next, DueTime(*node));
  }
  return next;
}

bool World::Step() {
  const Instant next = next_deadline();
  if (next == kNever) return false;
  now_ = std::max(now_, next);
  ++events_;
  if (network_.next_deadline() <= now_) {
    if (const std::optional<Arrival> arrival = network_.TakeArrival(now_)) {
      nodes_[arrival->to]->OnArrival(now_, *arrival);
    }
    return true;
  }
  for (const auto& node : nodes_) {
    if (DueTime(*node) <= now_) {
      node->OnDeadline(now_);
      return true;
    }
  }
  return true;
}

void World::RunUntil(Instant until) {
  while (next_deadline() <= until && Step()) {
  }
  now_ = std::max(now_, until);
}

bool World::RunUntilIdle(Instant limit) {
  while (next_deadline() <= limit && Step()) {
  }
  return next_deadline() == kNever;
}

void World::Heal() {
  Faults healed = network_.faults();
  healed.loss = healed.burst = healed.duplicate = healed.reorder = healed.corrupt = healed.reset = 0;
  network_.SetFaults(healed);
}

void World::Finish() {
  for (const auto& node : nodes_) {
    const std::size_t left = node->agent().calls_kept() + node->agent().client_transactions_pending();
    trace_.Add({.at = now_,
                .kind = Record::Kind::kNote,
                .node = node->number(),
                .name = "left",
                .text = "calls and transactions left: " + std::to_string(left),
                .next = node->agent().next_deadline(),
                .actions = static_cast<std::uint32_t>(left)});
  }
}

std::vector<std::string> World::Names() const {
  std::vector<std::string> names;
  for (const auto& node : nodes_) names.push_back(node->name());
  return names;
}

}  // namespace sansip::sim
