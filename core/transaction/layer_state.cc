// The transaction layer: what is shown of it.
#include "sansip/core/transaction/layer_impl.h"

namespace sansip {

namespace {

std::size_t BytesOf(const PooledBytes& bytes) {
  return bytes.is_none() ? 0 : BytePool::BufferBytesFor(bytes.size);
}

ClientKey NamesOf(const Transaction& transaction) {
  if (transaction.is_client()) return transaction.client_key();
  const ServerKey key = transaction.server_key();
  return {.branch = key.branch, .method = key.method};
}

}  // namespace

TransactionMemory TransactionLayer::Impl::memory() const {
  return {.slots = transactions_.slots(),
          .index_entries = keys_.capacity() + flows_.capacity(),
          .source_slots = sources_.slots(),
          .buffered_bytes = pool_.bytes_obtained(),
          .buffered_bytes_in_use = pool_.bytes_in_use(),
          .sources = sources_.sources()};
}

std::size_t TransactionLayer::Impl::ReadLive(LiveCursor& cursor, std::span<LiveTransaction> live) const {
  std::size_t count = 0;
  for (std::size_t steps = 0; steps < kStepsPerEventMax && count < live.size(); ++steps) {
    if (cursor.slot >= transactions_.slots()) break;
    const Transaction* transaction = transactions_.Find(transactions_.IdAt(cursor.slot++));
    if (transaction == nullptr) continue;
    const auto* earliest = transaction->machine.timers.Earliest();
    const ClientKey names = NamesOf(*transaction);
    live[count++] = {.id = transaction->id,
                     .machine = transaction->machine.machine,
                     .state = transaction->machine.state,
                     .method = names.method,
                     .branch = names.branch,
                     .flow = transaction->flow,
                     .transport = transaction->transport,
                     .cookie = transaction->cookie,
                     .began = transaction->began,
                     .deadline = earliest == nullptr ? kNever : earliest->at,
                     .timer = earliest == nullptr ? Timer::kA : earliest->name,
                     .is_abandoned = transaction->is_abandoned,
                     .is_layers_own = transaction->is_layers_own,
                     .bytes = slot_bytes() + BytesOf(transaction->wire) + BytesOf(transaction->kept)};
  }
  cursor.at_end = cursor.slot >= transactions_.slots();
  return count;
}

std::size_t TransactionLayer::slot_bytes() { return sizeof(Transaction); }

}  // namespace sansip
