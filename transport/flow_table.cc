#include "sansip/transport/flow_table.h"

#include <algorithm>

#include "sansip/core/base/check.h"

namespace sansip {

FlowTable::FlowTable(const FlowLimits& limits, const FlowReferences* references)
    : limits_(limits), references_(references) {
  SANSIP_CHECK(limits.datagram_flows_max > 0);
}

FlowTable::Key FlowTable::KeyOf(const Flow& flow) {
  const bool is_stream = IsReliable(flow.transport);
  return {.transport = flow.transport,
          .endpoint = is_stream ? kNoSlot : flow.endpoint,
          .remote = flow.remote,
          .local = flow.local};
}

FlowTable::Slot* FlowTable::SlotOf(FlowId id) {
  if (id.is_nil() || id.slot >= slots_.size()) return nullptr;
  Slot& slot = slots_[id.slot];
  return slot.generation == id.generation ? &slot : nullptr;
}

const Flow* FlowTable::Find(FlowId id) const {
  const Slot* slot = const_cast<FlowTable*>(this)->SlotOf(id);
  return slot == nullptr ? nullptr : &slot->flow;
}

FlowId FlowTable::FindDatagramFlow(std::uint32_t endpoint, Transport transport, const SocketAddress& remote,
                                   const SocketAddress& local) const {
  const auto found =
      index_.find(Key{.transport = transport, .endpoint = endpoint, .remote = remote, .local = local});
  return found == index_.end() ? FlowId{} : IdOf(found->second);
}

// By value: the addresses may be those of a flow that is evicted here.
FlowId FlowTable::DatagramFlow(std::uint32_t endpoint, Transport transport, SocketAddress remote,
                               SocketAddress local) {
  SANSIP_DCHECK(!IsReliable(transport));
  const FlowId known = FindDatagramFlow(endpoint, transport, remote, local);
  if (!known.is_nil()) {
    lists_.MoveToBack(kDatagram, known.slot);
    return known;
  }
  if (datagram_flows() >= limits_.datagram_flows_max && !EvictOne(kDatagram)) {
    ++counters_.refused;
    return {};
  }
  return Add({.transport = transport,
              .is_open = true,
              .endpoint = endpoint,
              .remote = remote,
              .local = local,
              .fall_back = {}},
             kDatagram);
}

FlowId FlowTable::OpenStream(std::uint32_t endpoint, Transport transport, const SocketAddress& remote,
                             const SocketAddress& fall_back) {
  SANSIP_DCHECK(IsReliable(transport));
  return Add({.transport = transport,
              .is_open = true,
              .endpoint = endpoint,
              .remote = remote,
              .local = {},
              .fall_back = fall_back},
             kOpenStream);
}

FlowId FlowTable::FindStream(Transport transport, const SocketAddress& remote) const {
  const auto found =
      index_.find(Key{.transport = transport, .endpoint = kNoSlot, .remote = remote, .local = {}});
  return found == index_.end() ? FlowId{} : IdOf(found->second);
}

void FlowTable::CloseStream(FlowId id) {
  Slot* slot = SlotOf(id);
  if (slot == nullptr || !slot->flow.is_open) return;
  Unindex(id.slot);
  slot->flow.is_open = false;
  const bool has_room = closed_streams() < limits_.closed_stream_flows_max || EvictOne(kClosedStream);
  // Without room the flow that closes is the one to go: what refers to it finds it stale.
  if (!has_room) {
    ++counters_.refused;
    Forget(id.slot);
    return;
  }
  lists_.MoveToBack(kClosedStream, id.slot);
}

void FlowTable::ReopenStream(FlowId id, std::uint32_t endpoint, const SocketAddress& remote) {
  Slot* slot = SlotOf(id);
  SANSIP_CHECK(slot != nullptr && !slot->flow.is_open);
  slot->flow.is_open = true;
  slot->flow.is_refused = false;
  slot->flow.endpoint = endpoint;
  slot->flow.remote = remote;
  slot->flow.local_host = kNoSlot;
  lists_.MoveToBack(kOpenStream, id.slot);
  Index(id.slot);
}

void FlowTable::SetFallBack(FlowId id, const SocketAddress& fall_back) {
  if (Slot* slot = SlotOf(id)) slot->flow.fall_back = fall_back;
}

void FlowTable::SetLocalHost(FlowId id, std::uint32_t local_host) {
  if (Slot* slot = SlotOf(id)) slot->flow.local_host = local_host;
}

void FlowTable::SetRefused(FlowId id) {
  if (Slot* slot = SlotOf(id)) slot->flow.is_refused = true;
}

FlowId FlowTable::Add(const Flow& flow, List list) {
  std::uint32_t index = lists_.Front(kFree);
  if (index == kNoSlot) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
    slots_.back().generation = 1;
    lists_.Grow(slots_.size());
  }
  slots_[index].flow = flow;
  lists_.MoveToBack(list, index);
  Index(index);
  ++counters_.made;
  return IdOf(index);
}

bool FlowTable::EvictOne(List list) {
  for (int tries = 0; tries < kEvictionTriesMax; ++tries) {
    const std::uint32_t oldest = lists_.Front(list);
    if (oldest == kNoSlot) return false;
    if (references_ == nullptr || !references_->Refers(IdOf(oldest))) {
      Forget(oldest);
      ++counters_.evicted;
      return true;
    }
    lists_.MoveToBack(list, oldest);  // in use, so the next call asks about others
  }
  return false;
}

void FlowTable::Forget(std::uint32_t index) {
  Unindex(index);
  Slot& slot = slots_[index];
  slot.flow = {};
  // Generation 0 is nil. A slot whose generations are used up is not used again.
  if (++slot.generation == 0) {
    lists_.Remove(index);
    return;
  }
  lists_.MoveToBack(kFree, index);
}

void FlowTable::Index(std::uint32_t slot) { index_.insert_or_assign(KeyOf(slots_[slot].flow), slot); }

void FlowTable::Unindex(std::uint32_t slot) {
  const auto found = index_.find(KeyOf(slots_[slot].flow));
  // A later connection to the same address may have taken the entry over.
  if (found != index_.end() && found->second == slot) index_.erase(found);
}

bool FlowTable::IsConsistent() const {
  if (datagram_flows() > limits_.datagram_flows_max) return false;
  if (closed_streams() > limits_.closed_stream_flows_max) return false;
  const auto is_sound = [this](const auto& entry) {
    return entry.second < slots_.size() && KeyOf(slots_[entry.second].flow) == entry.first;
  };
  return std::all_of(index_.begin(), index_.end(), is_sound);
}

}  // namespace sansip
