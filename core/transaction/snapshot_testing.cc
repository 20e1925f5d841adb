#include "sansip/core/transaction/snapshot_testing.h"

#include <algorithm>
#include <set>

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/snapshot_form.h"

namespace sansip::testing {

FlowDescription DescriptionOf(FlowId flow) {
  FlowDescription description;
  description.flow = flow;
  description.transport = flow.slot % 2 == 0 ? Transport::kUdp : Transport::kTcp;
  description.local = *ParseIp("192.0.2.1", 5060);
  description.remote = *ParseIp("2001:db8::2", static_cast<std::uint16_t>(flow.slot));
  return description;
}

std::string SnapshotOf(const TransactionLayer& layer, Instant now) {
  std::vector<FlowId> flows(layer.FlowsInUse({}));
  layer.FlowsInUse(flows);
  std::vector<FlowDescription> descriptions;
  for (const FlowId flow : flows) descriptions.push_back(DescriptionOf(flow));
  return SnapshotOf(layer, now, descriptions);
}

std::string SnapshotOf(const TransactionLayer& layer, Instant now, std::span<const FlowDescription> flows) {
  std::string bytes(layer.SnapshotSize(), '\0');
  const std::size_t written = layer.Snapshot(now, flows, bytes);
  SANSIP_CHECK(written == bytes.size());
  return bytes;
}

std::vector<FlowDescription> FlowsIn(std::string_view snapshot) {
  std::vector<FlowDescription> flows(8);
  const SnapshotFlows found = ReadSnapshotFlows(snapshot, flows);
  const bool fits = found.count <= flows.size();
  flows.resize(found.error.ok() ? found.count : 0);
  if (!fits) ReadSnapshotFlows(snapshot, flows);
  return flows;
}

namespace {

std::vector<FlowId> NamesOf(std::span<const FlowDescription> flows) {
  std::vector<FlowId> names;
  for (const FlowDescription& flow : flows) names.push_back(flow.flow);
  return names;
}

}  // namespace

RestoreError RestoreFrom(std::string_view snapshot, Instant now, Duration elapsed, TransactionLayer& layer) {
  return layer.Restore(snapshot, now, elapsed, NamesOf(FlowsIn(snapshot)));
}

std::string Sealed(std::string snapshot) {
  if (snapshot.size() < snapshot_form::kHeaderBytes + snapshot_form::kChecksumBytes) return snapshot;
  LittleEndianWriter size(std::span<char>(snapshot).subspan(8));
  size.Put(std::uint64_t{snapshot.size()});
  const std::size_t end = snapshot.size() - snapshot_form::kChecksumBytes;
  LittleEndianWriter checksum(std::span<char>(snapshot).subspan(end));
  checksum.Put(snapshot_form::ChecksumOf(std::string_view(snapshot).substr(0, end)));
  return snapshot;
}

RestoreError CheckBytes(std::string_view bytes, TransactionLayer& layer) {
  const std::vector<FlowDescription> flows = FlowsIn(bytes);
  const std::vector<FlowId> ids = NamesOf(flows);
  const RestoreError error = layer.Restore(bytes, Instant(), Duration::zero(), ids);
  SANSIP_CHECK(layer.IsConsistent());
  if (!error.ok()) {
    SANSIP_CHECK(error.offset <= bytes.size() && layer.live() == 0 && layer.next_deadline() == kNever);
    return error;
  }
  // Where two flows have one name, or none, they are one flow from now on.
  const std::set<FlowId> names(ids.begin(), ids.end());
  if (names.size() == flows.size() && !names.contains(FlowId())) {
    SANSIP_CHECK(SnapshotOf(layer, Instant(), flows) == bytes);
  }
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  Instant now{};
  for (int calls = 0; calls < 20 && layer.next_deadline() != kNever; ++calls) {
    now = std::max(now, layer.next_deadline());
    layer.OnDeadline(now, sink);
    SANSIP_CHECK(layer.IsConsistent());
    sink.Clear();
  }
  return error;
}

}  // namespace sansip::testing
