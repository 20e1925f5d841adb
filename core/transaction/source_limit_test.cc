// TransactionOptions::server_transactions_per_source_max: what one source may hold, and what others still
// may.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TransactionOptions WithMax(std::size_t max) {
  TransactionOptions options;
  options.server_transactions_per_source_max = max;
  options.retry_after_seconds = 9;
  return options;
}

class SourceLimit : public ::testing::Test {
 protected:
  TransactionId New(int n, std::string method = "OPTIONS", Transport transport = Transport::kUdp) {
    return t.ReceiveNew(Numbered(n, std::move(method)).text(), transport);
  }
  std::uint64_t refused() { return t.layer().counters().refused_by(Refusal::kSourceMax); }

  LayerUnderTest t{WithMax(2)};
};

TEST_F(SourceLimit, BeyondItANewRequestGetsAStateless503) {
  const TransactionId first = New(1);
  EXPECT_FALSE(New(2, "INVITE").is_nil());
  t.Forget();
  EXPECT_TRUE(New(3).is_nil());
  EXPECT_TRUE(New(4, "INVITE").is_nil());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 503", "0 send 503"));
  EXPECT_EQ(HeaderOf(t.last_wire(), "Retry-After"), "9");
  EXPECT_EQ(refused(), 2u);
  EXPECT_EQ(t.layer().live(), 2u);
  // Below it when one of them has ended.
  t.Respond(first, 200);
  t.Advance(32);
  EXPECT_FALSE(New(5).is_nil());
  EXPECT_TRUE(New(6).is_nil());
}

TEST_F(SourceLimit, OthersAreNotRefused) {
  for (int i = 0; i < 100; ++i) {
    t.ComeFrom("198.51.100." + std::to_string(i));
    EXPECT_FALSE(New(2 * i).is_nil());
    EXPECT_FALSE(New(2 * i + 1).is_nil());
    EXPECT_TRUE(New(1000 + i).is_nil());
  }
  EXPECT_EQ(t.layer().live(), 200u);
  EXPECT_EQ(t.layer().memory().sources, 100u);
  EXPECT_EQ(refused(), 100u);
}

TEST_F(SourceLimit, PortsFlowsAndTransportsMakeNoSources) {
  t.ComeFrom("192.0.2.1", 1000);
  New(1);
  t.ComeFrom("192.0.2.1", 2000);
  EXPECT_FALSE(t.ReceiveNew(Numbered(2).text(), Transport::kTcp, LayerUnderTest::kOtherFlow).is_nil());
  t.ComeFrom("192.0.2.1", 3000);
  EXPECT_TRUE(New(3).is_nil());
  EXPECT_TRUE(New(4, "OPTIONS", Transport::kTcp).is_nil());
  t.ComeFrom("::ffff:192.0.2.1", 4000);
  EXPECT_TRUE(New(5).is_nil());
  EXPECT_EQ(refused(), 3u);
}

TEST_F(SourceLimit, AnIpv6SourceIsItsFirst64Bits) {
  for (int i = 0; i < 10; ++i) {
    t.ComeFrom("2001:db8:0:1::" + std::to_string(i + 1));
    EXPECT_EQ(New(i).is_nil(), i >= 2);
  }
  t.ComeFrom("2001:db8:0:2::1");
  EXPECT_FALSE(New(100).is_nil());
}

TEST_F(SourceLimit, WhatIsKnownIsServedAtIt) {
  const TransactionId invite = New(1, "INVITE");
  const TransactionId options = New(2);
  t.Respond(invite, 486);
  t.Respond(options, 200);
  t.Forget();
  // Retransmissions get their responses, an ACK its transaction, an ACK to a 2xx of a branch of its own the
  // user.
  t.Receive(Numbered(1, "INVITE").text());
  t.Receive(Numbered(2).text());
  t.Receive(Numbered(1, "ACK").text());
  t.Receive(Numbered(99, "ACK").text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 486", "0 send 200", "0 deliver ACK nil"));
  EXPECT_EQ(t.layer().StateOf(invite), State::kConfirmed);
  EXPECT_EQ(refused(), 0u);
}

TEST_F(SourceLimit, ACancelOfALiveRequestIsNeverRefusedForIt) {
  const TransactionId invite = New(1, "INVITE");
  New(2, "INVITE");
  const TransactionId cancel = New(1, "CANCEL");
  EXPECT_EQ(t.layer().InviteOf(cancel), invite);
  EXPECT_FALSE(New(2, "CANCEL").is_nil());
  EXPECT_EQ(t.layer().live(), 4u);
  // One for each request: its copies are copies.
  New(1, "CANCEL");
  EXPECT_EQ(t.layer().live(), 4u);
  t.Forget();
  // 8.2.7: of a request that is not here it is dropped.
  EXPECT_TRUE(New(3, "CANCEL").is_nil());
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(refused(), 1u);
  EXPECT_EQ(t.layer().counters().stray_cancels, 1u);
  // They count, beyond the maximum too.
  t.Respond(cancel, 200);
  t.Advance(32);
  EXPECT_EQ(t.layer().live(), 3u);
  EXPECT_TRUE(New(4).is_nil());
}

TEST_F(SourceLimit, OurOwnRequestsHaveNoSource) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(t.Send(Method::kOptions).is_nil());
  EXPECT_FALSE(New(1).is_nil());
  EXPECT_FALSE(New(2).is_nil());
  EXPECT_EQ(t.layer().memory().sources, 1u);
}

TEST_F(SourceLimit, RoomComesBackAfterAbandon) {
  const TransactionId options = New(1);
  const TransactionId invite = New(2, "INVITE");
  t.Abandon(options);
  t.Abandon(invite);
  EXPECT_TRUE(New(3).is_nil());
  t.Advance(33);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.layer().memory().sources, 0u);
  EXPECT_FALSE(New(4).is_nil());
  EXPECT_FALSE(New(5).is_nil());
}

TEST_F(SourceLimit, AFailedFlowKeepsItsServersPlaces) {
  // RFC 6026 8.8: they outlive it.
  const TransactionId options = New(1);
  New(2, "INVITE");
  t.FlowFailed();
  t.Advance(1);
  EXPECT_TRUE(New(3).is_nil());
  EXPECT_EQ(t.layer().memory().sources, 1u);
  t.Respond(options, 200);
  t.FlowFailed();
  t.Advance(32);
  EXPECT_FALSE(New(4).is_nil());
}

TEST_F(SourceLimit, ARequestThatIsRefusedForAnotherReasonTakesNoPlace) {
  TransactionOptions options = WithMax(100);
  options.transactions_max = 1;
  LayerUnderTest full(options);
  full.ReceiveNew(Numbered(1).text());
  full.ComeFrom("192.0.2.2");
  full.ReceiveNew(Numbered(2).text());
  EXPECT_EQ(full.layer().memory().sources, 1u);
  EXPECT_EQ(full.layer().counters().refused_by(Refusal::kTransactionsMax), 1u);

  options = WithMax(100);
  options.buffered_bytes_max = 1;  // one page
  LayerUnderTest poor(options);
  std::size_t accepted = 0;
  for (int n = 0; n < 300; ++n) {
    poor.ComeFrom("10.0." + std::to_string(n / 100) + "." + std::to_string(n % 100));
    if (!poor.ReceiveNew(Numbered(n).text()).is_nil()) ++accepted;
  }
  EXPECT_EQ(poor.layer().memory().sources, accepted);
  EXPECT_EQ(poor.layer().counters().refused_by(Refusal::kNoBufferSpace), 300 - accepted);
}

TEST_F(SourceLimit, OffByDefault) {
  // Behind a proxy all requests have one source.
  LayerUnderTest unlimited;
  for (int n = 0; n < 1000; ++n) ASSERT_FALSE(unlimited.ReceiveNew(Numbered(n).text()).is_nil());
  EXPECT_EQ(unlimited.layer().memory().sources, 0u);
}

}  // namespace
}  // namespace sansip::testing
