// The walk over the live transactions: what it shows, in bounded steps, while the layer goes on.
#include "sansip/core/transaction/live_transaction.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

std::vector<LiveTransaction> AllOf(const TransactionLayer& layer) {
  std::vector<LiveTransaction> all;
  std::array<LiveTransaction, 7> some;
  for (LiveCursor cursor; !cursor.at_end;) {
    const std::size_t count = layer.ReadLive(cursor, some);
    all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

TEST(LiveTransactions, NothingLives) {
  LayerUnderTest t;
  LiveCursor cursor;
  std::array<LiveTransaction, 2> live;
  EXPECT_EQ(t.layer().ReadLive(cursor, live), 0u);
  EXPECT_TRUE(cursor.at_end);
}

TEST(LiveTransactions, EachAsItStands) {
  LayerUnderTest t;
  t.Advance(1);
  const TransactionId client = t.Send(Method::kInvite, Transport::kTcp);
  t.Advance(1);
  const TransactionId server = t.ReceiveNew(Numbered(1).text(), Transport::kUdp, LayerUnderTest::kOtherFlow);
  const std::vector<LiveTransaction> live = AllOf(t.layer());
  ASSERT_EQ(live.size(), 2u);
  EXPECT_EQ(live[0].id, client);
  EXPECT_EQ(live[0].machine, Machine::kInviteClient);
  EXPECT_EQ(live[0].state, State::kCalling);
  EXPECT_EQ(live[0].method, "INVITE");
  EXPECT_EQ(live[0].transport, Transport::kTcp);
  EXPECT_EQ(live[0].flow, LayerUnderTest::kFlow);
  EXPECT_EQ(live[0].cookie, LayerUnderTest::kCookie);
  EXPECT_EQ(live[0].began, Instant() + Seconds(1));
  EXPECT_EQ(live[0].timer, Timer::kB);
  EXPECT_EQ(live[0].deadline, Instant() + Seconds(33));
  EXPECT_NE(t.wires().front().find(";branch=" + std::string(live[0].branch) + "\r\n"), std::string::npos);
  EXPECT_EQ(live[1].id, server);
  EXPECT_EQ(live[1].machine, Machine::kNonInviteServer);
  EXPECT_EQ(live[1].state, State::kTrying);
  EXPECT_EQ(live[1].method, "OPTIONS");
  EXPECT_EQ(live[1].branch, "z9hG4bK1");
  EXPECT_EQ(live[1].flow, LayerUnderTest::kOtherFlow);
  EXPECT_EQ(live[1].timer, Timer::kTrying);
  EXPECT_EQ(live[1].deadline, Instant() + Seconds(5.5));
}

TEST(LiveTransactions, WhatWaitsForItsUserHasNoDeadline) {
  LayerUnderTest t;
  const TransactionId id = t.ReceiveNew(Numbered(1, "INVITE").text());
  t.Respond(id, 180);
  EXPECT_EQ(AllOf(t.layer()).at(0).deadline, kNever);
  t.Abandon(id);
  EXPECT_TRUE(AllOf(t.layer()).at(0).is_abandoned);
}

TEST(LiveTransactions, TheLayersOwnCancelIsShownAsSuch) {
  LayerUnderTest t;
  const TransactionId id = t.Send(Method::kInvite);
  t.Receive(ResponseText(t.last_wire(), 180));
  t.Cancel(id);
  const std::vector<LiveTransaction> live = AllOf(t.layer());
  ASSERT_EQ(live.size(), 2u);
  EXPECT_FALSE(live[0].is_layers_own);
  EXPECT_TRUE(live[1].is_layers_own);
  EXPECT_EQ(live[1].method, "CANCEL");
  EXPECT_EQ(live[1].branch, live[0].branch);
}

TEST(LiveTransactions, BytesAreThoseRetained) {
  LayerUnderTest t;
  for (int i = 0; i < 30; ++i) {
    const TransactionId id = t.ReceiveNew(Numbered(i).text());
    if (i % 2 == 0) t.Respond(id, 200);
    t.Send(Method::kInvite);
  }
  std::size_t bytes = 0;
  for (const LiveTransaction& live : AllOf(t.layer())) bytes += live.bytes - TransactionLayer::slot_bytes();
  EXPECT_EQ(bytes, t.layer().memory().buffered_bytes_in_use);
}

TEST(LiveTransactions, AStepLooksAtABoundedNumberOfSlots) {
  LayerUnderTest t;
  constexpr int kCount = 2000;
  for (int i = 0; i < kCount; ++i) t.Respond(t.ReceiveNew(Numbered(i).text()), 200);
  t.Respond(t.ReceiveNew(Numbered(kCount).text(), Transport::kTcp), 100);
  t.Advance(32);  // of all these only the last one lives, behind empty slots
  ASSERT_EQ(t.layer().live(), 1u);
  LiveCursor cursor;
  std::array<LiveTransaction, 1000> live;
  std::size_t steps = 0, found = 0;
  for (; !cursor.at_end; ++steps) {
    const std::uint32_t before = cursor.slot;
    found += t.layer().ReadLive(cursor, live);
    EXPECT_LE(cursor.slot - before, TransactionLayer::kStepsPerEventMax);
  }
  EXPECT_EQ(found, 1u);
  EXPECT_GE(steps, static_cast<std::size_t>(kCount) / TransactionLayer::kStepsPerEventMax);
}

TEST(LiveTransactions, WhatLivesThroughoutIsSeenOnceWhateverHappensInBetween) {
  LayerUnderTest t;
  std::set<TransactionId> lasting;
  std::vector<TransactionId> passing;
  int n = 0;
  for (; n < 200; ++n) {
    const TransactionId id = t.ReceiveNew(Numbered(n).text(), Transport::kTcp);
    (n % 3 == 0) ? void(lasting.insert(id)) : passing.push_back(id);
  }
  std::multiset<TransactionId> seen;
  std::array<LiveTransaction, 3> some;
  for (LiveCursor cursor; !cursor.at_end;) {
    const std::size_t count = t.layer().ReadLive(cursor, some);
    for (std::size_t i = 0; i < count; ++i) seen.insert(some[i].id);
    if (!passing.empty()) {  // over TCP it is gone at once
      t.Respond(passing.back(), 200);
      t.Advance(0);
      passing.pop_back();
    }
    t.ReceiveNew(Numbered(n++).text(), Transport::kTcp);
  }
  for (const TransactionId id : lasting) EXPECT_EQ(seen.count(id), 1u);
  for (const TransactionId id : seen) EXPECT_EQ(seen.count(id), 1u);
}

TEST(LiveTransactions, NoRoomNoStep) {
  LayerUnderTest t;
  t.Send(Method::kOptions);
  LiveCursor cursor;
  EXPECT_EQ(t.layer().ReadLive(cursor, {}), 0u);
  EXPECT_EQ(cursor.slot, 0u);
  EXPECT_FALSE(cursor.at_end);
}

}  // namespace
}  // namespace sansip::testing
