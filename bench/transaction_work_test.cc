// What is measured does what it says, and allocates nothing.
#include "sansip/bench/transaction_work.h"

#include <chrono>
#include <memory>

#include "gtest/gtest.h"
#include "sansip/bench/allocations.h"

namespace sansip {
namespace {

using Work = TransactionLoad::Work;

TEST(TransactionWork, AnOptionsPairIsTwoMessagesAndTwoTransactions) {
  const auto pair = std::make_unique<TransactionPair>();
  pair->Options();
  EXPECT_EQ(pair->messages_carried(), 2u);
  EXPECT_EQ(pair->live(), 2u);
  pair->Pass(std::chrono::seconds(6));
  EXPECT_EQ(pair->live(), 1u) << "timer K";
  pair->Pass(std::chrono::seconds(27));
  EXPECT_EQ(pair->live(), 0u) << "timer J";
  EXPECT_EQ(pair->client_counters().retransmissions_out, 0u);
  EXPECT_EQ(pair->server_counters().requests_in, 1u);
  EXPECT_EQ(pair->client_counters().responses_in, 1u);
}

TEST(TransactionWork, ACallIsSixMessagesAndFourTransactions) {
  const auto pair = std::make_unique<TransactionPair>();
  pair->Call();
  EXPECT_EQ(pair->messages_carried(), 6u);
  EXPECT_EQ(pair->live(), 4u);
  EXPECT_EQ(pair->server_counters().requests_in, 3u);
  EXPECT_EQ(pair->client_counters().responses_in, 3u);
  // With the SDP of both sides and what phones write besides.
  EXPECT_GT(pair->bytes_carried(), 2500u);
  pair->Pass(std::chrono::seconds(40));
  EXPECT_EQ(pair->live(), 0u);
}

TEST(TransactionWork, WhatRingsStays) {
  const auto pair = std::make_unique<TransactionPair>();
  pair->Ring();
  pair->Pass(std::chrono::seconds(100));
  EXPECT_EQ(pair->live(), 2u);
  EXPECT_EQ(pair->client_counters().retransmissions_out, 0u);
}

TEST(TransactionWork, ALoadKeepsWhatItPromises) {
  for (const Work work : {Work::kOptions, Work::kCall}) {
    TransactionLoad load(work, 1000);
    for (int i = 0; i < 2000; ++i) {
      load.Run();
      ASSERT_NEAR(static_cast<double>(load.pair().live()), 2000, 20);
    }
    TransactionLoad alone(work, 0);
    alone.Run();
    EXPECT_EQ(alone.pair().live(), 0u);
  }
}

TEST(TransactionWork, AllocatesNothing) {
  for (const Work work : {Work::kOptions, Work::kCall}) {
    TransactionLoad load(work, 1000);
    for (int i = 0; i < 1000; ++i) load.Run();
    const std::size_t before = AllocationCount();
    for (int i = 0; i < 1000; ++i) load.Run();
    EXPECT_EQ(AllocationCount(), before);
  }
}

TEST(TransactionWork, MemoryIsCounted) {
  const std::size_t before = AllocatedBytes();
  auto block = std::make_unique<char[]>(100000);
  EXPECT_GE(AllocatedBytes(), before + 100000);
  block.reset();
  EXPECT_EQ(AllocatedBytes(), before);
}

// The goals, also for numbers at which tables have just grown.
TEST(TransactionWork, PairsHoldFewBytes) {
  for (const std::size_t count : {3000, 4200}) {
    EXPECT_LT(BytesPerPair(Held::kFinishedOptions, count), 1500) << count;
    EXPECT_LT(BytesPerPair(Held::kRingingInvite, count), 3000) << count;
  }
}

}  // namespace
}  // namespace sansip
