#include "sansip/tests/sim/world.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip::sim {

World::World(const WorldOptions& options)
    : options_(options), network_(options.seed, options.faults), trace_(options.keep_trace) {}

Node& World::AddNode(const NodeOptions& options, std::unique_ptr<User> user) {
  auto made = std::make_unique<Node>(*this, next_number(), options, std::move(user));
  Node& node = *made;
  AddElement(options.address, std::move(made));
  return node;
}

void World::AddElement(const SocketAddress& address, std::unique_ptr<Element> element) {
  const EndpointId endpoint = network_.AddEndpoint(address);
  SANSIP_CHECK(element->number() == endpoint);
  owners_.push_back(element.get());
  elements_.push_back(std::move(element));
}

EndpointId World::AddPort(const SocketAddress& address, Element& owner) {
  owners_.push_back(&owner);
  return network_.AddEndpoint(address);
}

std::optional<SocketAddress> World::Resolve(std::string_view host, std::uint16_t port) const {
  if (std::optional<SocketAddress> address = ParseIp(host, port)) return address;
  const auto found = names_.find(host);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

// Lateness is a fate too: of the element and the deadline itself.
Instant World::LateTime(const Element& element, Instant due) const {
  const std::uint64_t bits = KeyedRandom(options_.seed, element.number(),
                                         static_cast<std::uint64_t>(due.time_since_epoch().count()), 0);
  return After(
      due,
      Duration(static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(options_.late_max.count() + 1))));
}

Instant World::next_deadline() const {
  Instant next = network_.next_deadline();
  for (const auto& element : elements_) {
    next = std::min(next, DueTime(*element));
  }
  return next;
}

bool World::StepUntil(Instant until) {
  const Instant arrival_at = network_.next_deadline();
  Instant next = arrival_at;
  Element* first = nullptr;  // that is due, of those that are due at the same time
  for (const auto& element : elements_) {
    const Instant due = DueTime(*element);
    if (due < next || (first == nullptr && due == next)) first = element.get();
    next = std::min(next, due);
  }
  if (next == kNever || next > until) return false;
  now_ = std::max(now_, next);
  ++events_;
  if (arrival_at <= now_) {
    if (const Arrival* const arrival = network_.TakeArrival(now_)) {
      owners_[arrival->to]->OnArrival(now_, *arrival);
    }
    return true;
  }
  SANSIP_CHECK(first != nullptr);
  first->OnDeadline(now_);
  return true;
}

void World::RunUntil(Instant until) {
  while (StepUntil(until)) {
  }
  now_ = std::max(now_, until);
}

bool World::RunUntilIdle(Instant limit) {
  while (StepUntil(limit)) {
  }
  return next_deadline() == kNever;
}

void World::Heal() {
  Faults healed = network_.faults();
  healed.loss = healed.burst = healed.duplicate = healed.reorder = healed.corrupt = healed.reset = 0;
  network_.SetFaults(healed);
}

void World::Finish() {
  for (const auto& element : elements_) {
    const std::size_t left = element->left();
    trace_.Add({.at = now_,
                .kind = Record::Kind::kNote,
                .node = element->number(),
                .name = "left",
                .text = "calls and transactions left: " + std::to_string(left),
                .next = element->next_deadline(),
                .actions = static_cast<std::uint32_t>(left)});
  }
}

std::vector<std::string> World::Names() const {
  std::vector<std::string> names;
  for (const auto& element : elements_) {
    if (element->name().empty()) continue;
    names.resize(element->number() + 1);
    names.back() = element->name();
  }
  return names;
}

}  // namespace sansip::sim
