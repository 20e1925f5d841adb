#include "sansip/transport/flow_table.h"

#include <cstdlib>
#include <new>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace sansip {
namespace {

SocketAddress At(std::uint16_t port) { return *ParseIp("192.0.2.1", port); }

struct References final : FlowReferences {
  bool Refers(FlowId flow) const override { return in_use.count(flow) > 0; }
  std::set<FlowId> in_use;
};

FlowId Udp(FlowTable& table, std::uint16_t port, std::uint32_t endpoint = 0) {
  return table.DatagramFlow(endpoint, Transport::kUdp, At(port));
}

TEST(FlowTable, ADatagramFlowIsASocketAndAPeer) {
  FlowTable table({}, nullptr);
  const FlowId flow = Udp(table, 1);
  EXPECT_EQ(Udp(table, 1), flow);
  EXPECT_NE(Udp(table, 2), flow);
  EXPECT_NE(Udp(table, 1, 7), flow);
  EXPECT_EQ(table.FindDatagramFlow(0, Transport::kUdp, At(1)), flow);
  EXPECT_TRUE(table.FindDatagramFlow(3, Transport::kUdp, At(1)).is_nil());
  ASSERT_NE(table.Find(flow), nullptr);
  EXPECT_EQ(table.Find(flow)->remote, At(1));
  EXPECT_EQ(table.counters().made, 3u);
  EXPECT_TRUE(table.IsConsistent());
}

// The flow that gives the address may be the one that is forgotten for it.
TEST(FlowTable, AFlowMadeLikeAnotherKeepsItsLocalAddress) {
  FlowTable table({.datagram_flows_max = 1}, nullptr);
  const SocketAddress local = *ParseIp("127.0.0.2", 0);
  const FlowId first = table.DatagramFlow(0, Transport::kUdp, At(1), local);
  const FlowId second = table.DatagramFlow(0, Transport::kUdp, At(2), table.Find(first)->local);
  EXPECT_EQ(table.Find(first), nullptr);
  ASSERT_NE(table.Find(second), nullptr);
  EXPECT_EQ(table.Find(second)->local, local);
}

TEST(FlowTable, AWildcardsFlowsDifferByLocalAddress) {
  FlowTable table({}, nullptr);
  const FlowId a = table.DatagramFlow(0, Transport::kUdp, At(1), *ParseIp("127.0.0.1", 0));
  const FlowId b = table.DatagramFlow(0, Transport::kUdp, At(1), *ParseIp("127.0.0.2", 0));
  EXPECT_NE(a, b);
  EXPECT_EQ(table.Find(b)->local, *ParseIp("127.0.0.2", 0));
  EXPECT_EQ(table.FindDatagramFlow(0, Transport::kUdp, At(1), *ParseIp("127.0.0.1", 0)), a);
}

TEST(FlowTable, Law1_IdsAreNeverReused) {
  FlowTable table({.datagram_flows_max = 1}, nullptr);
  const FlowId first = Udp(table, 1);
  const FlowId second = Udp(table, 2);
  EXPECT_EQ(table.Find(first), nullptr);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_NE(second, first);
  EXPECT_NE(Udp(table, 1), first);
  EXPECT_EQ(table.Find({}), nullptr);
  EXPECT_EQ(table.Find({.slot = 99, .generation = 1}), nullptr);
}

TEST(FlowTable, Law2_TheLeastRecentlyUsedGoesFirst) {
  FlowTable table({.datagram_flows_max = 3}, nullptr);
  const FlowId a = Udp(table, 1);
  const FlowId b = Udp(table, 2);
  const FlowId c = Udp(table, 3);
  Udp(table, 1);  // used again
  Udp(table, 4);
  EXPECT_NE(table.Find(a), nullptr);
  EXPECT_EQ(table.Find(b), nullptr);
  EXPECT_NE(table.Find(c), nullptr);
  EXPECT_EQ(table.datagram_flows(), 3u);
  EXPECT_EQ(table.counters().evicted, 1u);
}

TEST(FlowTable, Law2_WhatIsReferredToStays) {
  References references;
  FlowTable table({.datagram_flows_max = 2}, &references);
  const FlowId a = Udp(table, 1);
  const FlowId b = Udp(table, 2);
  references.in_use = {a};
  Udp(table, 3);
  EXPECT_NE(table.Find(a), nullptr);
  EXPECT_EQ(table.Find(b), nullptr);
}

TEST(FlowTable, Law2_AllInUseIsARefusalAndCounted) {
  References references;
  FlowTable table({.datagram_flows_max = 2}, &references);
  references.in_use = {Udp(table, 1), Udp(table, 2)};
  EXPECT_TRUE(Udp(table, 3).is_nil());
  EXPECT_EQ(table.counters().refused, 1u);
  EXPECT_FALSE(Udp(table, 1).is_nil());  // what is known is no new flow
}

TEST(FlowTable, Law2_TriesAreBoundedAndGoOnWhereTheyEnded) {
  References references;
  constexpr std::uint16_t kInUse = FlowTable::kEvictionTriesMax;
  FlowTable table({.datagram_flows_max = kInUse + 1}, &references);
  for (std::uint16_t port = 1; port <= kInUse; ++port) references.in_use.insert(Udp(table, port));
  const FlowId idle = Udp(table, 100);
  EXPECT_TRUE(Udp(table, 101).is_nil());  // the eight oldest are in use
  EXPECT_FALSE(Udp(table, 101).is_nil());
  EXPECT_EQ(table.Find(idle), nullptr);
}

TEST(FlowTable, Law3_NothingAllocatesOnceTheCapsAreReached) {
  FlowTable table({.datagram_flows_max = 64, .closed_stream_flows_max = 16}, nullptr);
  const auto churn = [&table](std::uint16_t first) {
    for (std::uint16_t i = 0; i < 2000; ++i) {
      table.DatagramFlow(0, Transport::kUdp, At(static_cast<std::uint16_t>(first + i)));
      const FlowId stream =
          table.OpenStream(1, Transport::kTcp, At(static_cast<std::uint16_t>(first + i)), {});
      table.CloseStream(stream);
    }
  };
  churn(1);
  churn(5000);
  const std::size_t before = allocations;
  churn(20000);
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(table.IsConsistent());
}

TEST(FlowTable, AnOpenStreamIsFoundByItsAddressAndReused) {
  SANSIP_SHOWS("3261-18.1.1-15");
  FlowTable table({}, nullptr);
  const FlowId stream = table.OpenStream(4, Transport::kTcp, At(5060), At(5060));
  EXPECT_EQ(table.FindStream(Transport::kTcp, At(5060)), stream);
  EXPECT_TRUE(table.FindStream(Transport::kTls, At(5060)).is_nil());
  EXPECT_TRUE(table.FindStream(Transport::kTcp, At(5061)).is_nil());
  table.CloseStream(stream);
  EXPECT_TRUE(table.FindStream(Transport::kTcp, At(5060)).is_nil());
}

TEST(FlowTable, DatagramAndStreamToOneAddressAreTwoFlows) {
  FlowTable table({}, nullptr);
  const FlowId stream = table.OpenStream(0, Transport::kTcp, At(5060), {});
  const FlowId datagram = Udp(table, 5060);
  EXPECT_NE(stream, datagram);
  EXPECT_EQ(table.FindStream(Transport::kTcp, At(5060)), stream);
}

TEST(FlowTable, AClosedStreamKeepsItsFallBackAndMayGoOn) {
  FlowTable table({}, nullptr);
  const FlowId stream = table.OpenStream(4, Transport::kTcp, At(40000), {});
  table.SetFallBack(stream, At(5070));
  table.SetLocalHost(stream, 3);
  table.CloseStream(stream);
  table.CloseStream(stream);  // twice does no harm
  ASSERT_NE(table.Find(stream), nullptr);
  EXPECT_FALSE(table.Find(stream)->is_open);
  EXPECT_EQ(table.Find(stream)->fall_back, At(5070));
  table.ReopenStream(stream, 9, At(5070));
  EXPECT_TRUE(table.Find(stream)->is_open);
  EXPECT_EQ(table.Find(stream)->endpoint, 9u);
  EXPECT_EQ(table.Find(stream)->local_host, kNoSlot);
  EXPECT_EQ(table.FindStream(Transport::kTcp, At(5070)), stream);
  EXPECT_TRUE(table.FindStream(Transport::kTcp, At(40000)).is_nil());
  EXPECT_EQ(table.closed_streams(), 0u);
}

TEST(FlowTable, TheLatestConnectionToAnAddressIsTheOneFound) {
  FlowTable table({}, nullptr);
  const FlowId first = table.OpenStream(1, Transport::kTcp, At(5060), {});
  const FlowId second = table.OpenStream(2, Transport::kTcp, At(5060), {});
  EXPECT_EQ(table.FindStream(Transport::kTcp, At(5060)), second);
  table.CloseStream(first);  // must not take the other's entry along
  EXPECT_EQ(table.FindStream(Transport::kTcp, At(5060)), second);
  EXPECT_TRUE(table.IsConsistent());
}

TEST(FlowTable, ClosedStreamsBeyondTheirCapAreForgotten) {
  References references;
  FlowTable table({.closed_stream_flows_max = 2}, &references);
  std::vector<FlowId> streams;
  for (std::uint16_t port = 1; port <= 4; ++port) {
    streams.push_back(table.OpenStream(port, Transport::kTcp, At(port), {}));
  }
  references.in_use = {streams[0]};
  for (const FlowId stream : streams) table.CloseStream(stream);
  EXPECT_NE(table.Find(streams[0]), nullptr);
  EXPECT_EQ(table.Find(streams[1]), nullptr);
  EXPECT_EQ(table.Find(streams[2]), nullptr);
  EXPECT_NE(table.Find(streams[3]), nullptr);
  EXPECT_EQ(table.closed_streams(), 2u);
}

TEST(FlowTable, WithoutRoomTheClosingStreamIsForgottenAtOnce) {
  References references;
  FlowTable table({.closed_stream_flows_max = 1}, &references);
  const FlowId first = table.OpenStream(1, Transport::kTcp, At(1), {});
  const FlowId second = table.OpenStream(2, Transport::kTcp, At(2), {});
  references.in_use = {first, second};
  table.CloseStream(first);
  table.CloseStream(second);
  EXPECT_NE(table.Find(first), nullptr);
  EXPECT_EQ(table.Find(second), nullptr);
  EXPECT_EQ(table.counters().refused, 1u);
}

}  // namespace
}  // namespace sansip
