// The transaction layer: all of it as bytes.
#include "sansip/core/transaction/snapshot.h"

#include <algorithm>
#include <array>

#include "sansip/core/transaction/layer_impl.h"
#include "sansip/core/transaction/snapshot_form.h"

namespace sansip {

using namespace snapshot_form;  // NOLINT: one form, two files

template <typename Visit>
void TransactionLayer::Impl::ForEachByFlow(Visit visit) const {
  transactions_.ForEach([&](TransactionId, const Transaction& first) {
    if (first.flow_next != SlotIndex::kNone) return;
    for (std::uint32_t slot = first.id.slot; slot != SlotIndex::kNone;) {
      const Transaction& transaction = transactions_.At(slot);
      visit(transaction);
      slot = transaction.flow_previous;
    }
  });
}

std::size_t TransactionLayer::Impl::FlowsInUse(std::span<FlowId> out) const {
  std::size_t count = 0;
  ForEachByFlow([&](const Transaction& transaction) {
    if (transaction.flow_next != SlotIndex::kNone) return;
    if (count < out.size()) out[count] = transaction.flow;
    ++count;
  });
  return count;
}

class TransactionLayer::Impl::Saving {
 public:
  // `out` has the size of all. Empty: it is only counted.
  Saving(const Impl& layer, Instant now, std::span<char> out)
      : layer_(layer), now_(now), all_(out), out_(out) {}

  // Without descriptions only to count.
  void All(std::size_t flow_count, std::span<const FlowDescription> flows) {
    std::uint32_t free = 0;
    layer_.transactions_.ForEachFree([&](TransactionId) { ++free; });
    out_.Put(kFirstWord);
    out_.Put(kSnapshotVersion);
    out_.Put(std::uint16_t{0});
    out_.Put(std::uint64_t{all_.size()});
    out_.Put(layer_.deadlines_.last_order());
    out_.Put(layer_.transactions_.slots());
    out_.Put(free);
    out_.Put(static_cast<std::uint32_t>(flow_count));
    out_.Put(static_cast<std::uint32_t>(layer_.transactions_.size()));
    layer_.transactions_.ForEachFree([&](TransactionId id) { PutId(id, out_); });
    for (std::size_t i = 0; i < flow_count; ++i) Put(flows.empty() ? FlowDescription() : flows[i], out_);
    layer_.ForEachByFlow([&](const Transaction& transaction) { One(transaction); });
    out_.Put(all_.empty() ? std::uint64_t{0} : ChecksumOf(out_.text()));
  }
  std::size_t needed() const { return out_.needed(); }

 private:
  static std::uint8_t FlagsOf(const Transaction& transaction) {
    return static_cast<std::uint8_t>(
        static_cast<unsigned>(transaction.cancelling) | (transaction.is_layers_own ? kIsLayersOwn : 0u) |
        (transaction.is_abandoned ? kIsAbandoned : 0u) | (HasAny(transaction.timers) ? kHasTimers : 0u) |
        (transaction.flow_next == SlotIndex::kNone ? kBeginsTheNext : 0u));
  }

  void One(const Transaction& transaction) {
    const MachineState& machine = transaction.machine;
    const std::uint8_t flags = FlagsOf(transaction);
    PutId(transaction.id, out_);
    out_.Put(transaction.cookie.value);
    out_.Put(static_cast<std::uint8_t>(machine.machine));
    out_.Put(static_cast<std::uint8_t>(machine.state));
    out_.Put(static_cast<std::uint8_t>(transaction.transport));
    out_.Put(flags);
    Put(std::clamp(Between(transaction.began, now_), Duration::zero(), kAgeMax), out_);
    Put(machine.gap, out_);
    if (flags & kHasTimers) {
      for (Duration own : {transaction.timers.t1, transaction.timers.t2, transaction.timers.t4})
        Put(own, out_);
    }
    Timers(machine);
    PutText(transaction.wire.view());
    if (transaction.is_client()) {
      const ClientKey key = transaction.client_key();
      PutText(key.method);
      out_.PutBytes(key.branch);
      return PutText(transaction.kept.view());
    }
    const std::string_view run = transaction.kept.is_none()
                                     ? StoredRequest::WriteKey(transaction.server_key(),
                                                               {layer_.run_.get(), BytePool::kBufferBytesMax})
                                     : transaction.kept.view();
    const StoredRequest request(run);
    const TokenText made = all_.empty() ? TokenText(0, 0) : layer_.TagFor(request.key());
    request.Save(made.view(), out_);
  }

  // In the order of their names: their places are nobody's matter.
  void Timers(const MachineState& machine) {
    using Slot = decltype(machine.timers)::Slot;
    std::array<Slot, kTimersMax> armed;
    std::size_t count = 0;
    machine.timers.ForEach([&](const Slot& slot) {
      std::size_t place = count++;
      for (; place > 0 && slot.name < armed[place - 1].name; --place) armed[place] = armed[place - 1];
      armed[place] = slot;
    });
    out_.Put(static_cast<std::uint8_t>(count));
    for (const Slot& slot : std::span(armed).first(count)) {
      out_.Put(static_cast<std::uint8_t>(slot.name));
      Put(std::min(Between(now_, slot.at), kForever - Duration(1)), out_);
      out_.Put(slot.order);
    }
  }

  void PutText(std::string_view text) {
    out_.Put(static_cast<std::uint32_t>(text.size()));
    out_.PutBytes(text);
  }

  const Impl& layer_;
  const Instant now_;
  const std::span<char> all_;
  LittleEndianWriter out_;
};

std::size_t TransactionLayer::Impl::SnapshotSize() const {
  Saving counting(*this, now_, {});
  counting.All(FlowsInUse({}), {});
  return counting.needed();
}

std::size_t TransactionLayer::Impl::Snapshot(Instant now, std::span<const FlowDescription> flows,
                                             std::span<char> out) const {
  std::size_t flow_count = 0;
  bool is_the_list = true;
  ForEachByFlow([&](const Transaction& transaction) {
    if (transaction.flow_next != SlotIndex::kNone) return;
    is_the_list = is_the_list && flow_count < flows.size() && flows[flow_count].flow == transaction.flow;
    ++flow_count;
  });
  if (!is_the_list || flow_count != flows.size()) return 0;
  const std::size_t needed = SnapshotSize();
  if (out.size() >= needed) Saving(*this, std::max(now, now_), out.first(needed)).All(flow_count, flows);
  return needed;
}

}  // namespace sansip
