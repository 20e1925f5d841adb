#include "sansip/dialog/compositor.h"

#include <algorithm>
#include <charconv>

#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/registration.h"

namespace sansip {
namespace {

constexpr std::size_t kSlotDigits = 8;

void AppendHex(std::string& text, std::uint64_t value, std::size_t digits) {
  for (std::size_t i = digits; i-- > 0;) text += "0123456789abcdef"[value >> (4 * i) & 15];
}

}  // namespace

std::string_view EventStateChangeName(EventStateChange change) {
  switch (change) {
    case EventStateChange::kPublished:
      return "published";
    case EventStateChange::kModified:
      return "modified";
    case EventStateChange::kRefreshed:
      return "refreshed";
    case EventStateChange::kRemoved:
      return "removed";
    case EventStateChange::kExpired:
      return "expired";
  }
  return "";
}

// 6: never one that was there before, by a count; and none that can be guessed or that a process before this
// one gave out, by chance. The slot leads back to the state.
void Compositor::Tag(std::uint32_t slot, std::string& entity_tag, RandomSource& random) {
  entity_tag.clear();
  AppendHex(entity_tag, slot, kSlotDigits);
  AppendHex(entity_tag, ++tags_, 16);
  AppendHex(entity_tag, random.Next(), 16);
}

// Of this resource and package alone (6 step 3).
EventStateId Compositor::FindTagged(const PublishFacts& facts) const {
  const std::string_view tag = *facts.if_match;
  std::uint32_t slot = 0;
  if (tag.size() <= kSlotDigits) return {};
  const auto read = std::from_chars(tag.data(), tag.data() + kSlotDigits, slot, 16);
  if (read.ptr != tag.data() + kSlotDigits || slot >= states_.slots()) return {};
  const EventStateId id = states_.IdAt(slot);
  const State* const state = states_.Find(id);
  const bool is_it = state != nullptr && state->entity_tag == tag && state->event == facts.event &&
                     EquivalentUris(state->resource, facts.resource);
  return is_it ? id : EventStateId{};
}

Compositor::Outcome Compositor::OnPublish(Instant now, const PublishFacts& facts, RandomSource& random) {
  EventStateId id;
  if (facts.if_match) {
    id = FindTagged(facts);
    if (id.is_nil()) return {.status = 412};
  }
  const std::uint32_t asked = facts.expires.value_or(options_.event_expires);
  if (IsTooBrief(asked, options_.event_expires_min)) return {.status = 423};
  if (!facts.if_match && !facts.has_body) return {.status = 400};
  const std::uint32_t granted = std::min(asked, options_.event_expires_max);
  if (granted == 0) {
    if (!id.is_nil()) {
      deadlines_.Remove(id.slot);
      states_.Remove(id);
    }
    Tag(id.slot, passing_tag_, random);
    return {.state = id, .entity_tag = passing_tag_, .change = EventStateChange::kRemoved};
  }
  EventStateChange change = facts.has_body ? EventStateChange::kModified : EventStateChange::kRefreshed;
  if (id.is_nil()) {
    id = states_.Add();
    if (id.is_nil()) return {.status = 503};
    State& state = *states_.Find(id);
    state.resource.assign(facts.resource);
    state.event.assign(facts.event);
    change = EventStateChange::kPublished;
  }
  State& state = *states_.Find(id);
  Tag(id.slot, state.entity_tag, random);
  deadlines_.Set(id.slot, After(now, std::chrono::seconds(granted)), deadlines_.NextOrder());
  return {.state = id, .expires = granted, .entity_tag = state.entity_tag, .change = change};
}

Compositor::Expired Compositor::TakeExpired() {
  const std::uint32_t slot = deadlines_.Earliest()->owner;
  const EventStateId id = states_.IdAt(slot);
  const State& state = *states_.Find(id);
  deadlines_.Remove(slot);
  states_.Remove(id);
  return {id, state.resource, state.event};
}

void Compositor::Clear() {
  while (deadlines_.Earliest() != nullptr) TakeExpired();
}

}  // namespace sansip
