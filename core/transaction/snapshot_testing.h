// For tests: a layer as bytes and back, with flows that are described by made-up addresses.
#ifndef SANSIP_CORE_TRANSACTION_SNAPSHOT_TESTING_H_
#define SANSIP_CORE_TRANSACTION_SNAPSHOT_TESTING_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/core/transaction/layer.h"

namespace sansip::testing {

// What stands for a flow of this name.
FlowDescription DescriptionOf(FlowId flow);

std::string SnapshotOf(const TransactionLayer& layer, Instant now);
std::string SnapshotOf(const TransactionLayer& layer, Instant now, std::span<const FlowDescription> flows);

std::vector<FlowDescription> FlowsIn(std::string_view snapshot);  // empty if it cannot be read

// Each flow under the name that it had.
RestoreError RestoreFrom(std::string_view snapshot, Instant now, Duration elapsed, TransactionLayer& layer);

// With the size and checksum that the other bytes have.
std::string Sealed(std::string snapshot);

// If that is taken for a snapshot: the layer is as good as any. It gives the same bytes again, and runs until
// its last deadline within a bounded number of calls.
RestoreError CheckBytes(std::string_view bytes, TransactionLayer& layer);

}  // namespace sansip::testing

#endif  // SANSIP_CORE_TRANSACTION_SNAPSHOT_TESTING_H_
