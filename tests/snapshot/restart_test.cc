// A program that is started anew while transactions live: the example of docs/snapshot.md, with the flow
// table of the drivers.
#include <chrono>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/layer.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/transport/flow_table.h"

namespace sansip {
namespace {

using testing::LayerUnderTest;

// Of each flow in use what makes it again.
std::vector<FlowDescription> Describe(const TransactionLayer& layer, const FlowTable& table) {
  std::vector<FlowId> flows(layer.FlowsInUse({}));
  layer.FlowsInUse(flows);
  std::vector<FlowDescription> descriptions;
  for (const FlowId id : flows) {
    FlowDescription description;
    description.flow = id;
    if (const Flow* flow = table.Find(id); flow != nullptr) {
      description.transport = flow->transport;
      description.local = flow->local;
      description.remote = flow->remote;
      description.fall_back = flow->fall_back;
    }
    descriptions.push_back(description);
  }
  return descriptions;
}

// The same flow in this process. A datagram flow costs nothing; of a stream there is the place to connect to,
// and whoever sends on it first connects.
FlowId MakeAnew(const FlowDescription& description, FlowTable& table) {
  if (description.remote.family == SocketAddress::Family::kNone) return {};
  if (!IsReliable(description.transport)) {
    return table.DatagramFlow(/*endpoint=*/0, description.transport, description.remote, description.local);
  }
  if (description.fall_back.family == SocketAddress::Family::kNone) return {};  // nobody to connect to
  const FlowId id =
      table.OpenStream(/*endpoint=*/0, description.transport, description.remote, description.fall_back);
  table.CloseStream(id);
  return id;
}

TEST(Restart, TransactionsOutliveTheProcess) {
  const SocketAddress peer = *ParseIp("192.0.2.7", 5060), other = *ParseIp("192.0.2.8", 5060);

  // One process: a request on a datagram flow, another on a connection that can be made again, a third on one
  // that cannot.
  FlowTable table({}, nullptr);
  LayerUnderTest before;
  table.DatagramFlow(0, Transport::kUdp, other);
  const FlowId datagram = table.DatagramFlow(0, Transport::kUdp, peer);
  const FlowId stream = table.OpenStream(1, Transport::kTcp, *ParseIp("192.0.2.7", 40000), peer);
  const FlowId lost = table.OpenStream(2, Transport::kTcp, *ParseIp("192.0.2.9", 40000), {});
  for (const FlowId flow : {datagram, stream, lost}) {
    testing::RequestText request{.via = "SIP/2.0/UDP a.example;branch=z9hG4bKx" + std::to_string(flow.slot)};
    before.ReceiveNew(request.text(), table.Find(flow)->transport, flow);
  }
  before.AdvanceTo(0.1);
  std::string snapshot(before.layer().SnapshotSize(), '\0');
  const std::vector<FlowDescription> described = Describe(before.layer(), table);
  ASSERT_EQ(before.layer().Snapshot(before.now(), described, snapshot), snapshot.size());

  // The next one, 20 ms later by a clock that both can read.
  FlowTable new_table({}, nullptr);
  LayerUnderTest after;
  const SnapshotFlows found = ReadSnapshotFlows(snapshot, {});
  ASSERT_TRUE(found.error.ok());
  std::vector<FlowDescription> descriptions(found.count);
  ReadSnapshotFlows(snapshot, descriptions);
  std::vector<FlowId> flows;
  for (const FlowDescription& description : descriptions) flows.push_back(MakeAnew(description, new_table));
  ASSERT_TRUE(after.layer().Restore(snapshot, after.now(), std::chrono::milliseconds(20), flows).ok());

  EXPECT_EQ(after.layer().live(), 3u);
  after.AdvanceTo(0);
  EXPECT_EQ(after.TakeLog(), (std::vector<std::string>{"0 failed transport error"})) << "of the lost one";
  after.AdvanceTo(0.08);
  EXPECT_EQ(after.TakeLog(), (std::vector<std::string>{"0.08 send 100", "0.08 send 100", "0.08 send 100"}));
  EXPECT_EQ(new_table.Find(flows[0])->remote, peer);
  EXPECT_EQ(new_table.Find(flows[1])->fall_back, peer);
  EXPECT_TRUE(flows[2].is_nil());
}

}  // namespace
}  // namespace sansip
