#include "sansip/transport/keep_alive.h"

#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using std::chrono::seconds;

// A sequence without a pattern that a wait could hide behind.
class Sequence final : public RandomSource {
 public:
  std::uint64_t Next() override { return (state_ += 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u; }

 private:
  std::uint64_t state_ = 1;
};

constexpr FlowId Numbered(std::uint32_t n) { return {n, 1}; }
constexpr auto kPings = KeepAlives::Kind::kPings;
constexpr auto kBindings = KeepAlives::Kind::kBindings;

stun::Message AnswerTo(const KeepAlives::Event& asked, std::uint16_t mapped_port) {
  return {.message_class = stun::MessageClass::kSuccess,
          .id = asked.binding,
          .mapped = ParseIp("203.0.113.7", mapped_port)};
}

// Of questions that are answered at once: the waits in between.
std::set<Duration> WaitsOf(KeepAlives::Kind kind, Duration flow_timer) {
  Sequence random;
  KeepAlives keep_alives;
  EXPECT_TRUE(keep_alives.Start(Instant(), Numbered(1), kind, flow_timer, random));
  std::set<Duration> waits;
  Instant last;
  for (int i = 0; i < 200; ++i) {
    const Instant at = keep_alives.next_deadline();
    waits.insert(at - last);
    EXPECT_FALSE(keep_alives.TakeDue(at - Duration(1)));
    const std::optional<KeepAlives::Event> due = keep_alives.TakeDue(at);
    EXPECT_TRUE(due && due->flow == Numbered(1));
    EXPECT_EQ(due->due, kind == kPings ? KeepAlives::Due::kPing : KeepAlives::Due::kBinding);
    EXPECT_FALSE(keep_alives.TakeDue(at));
    EXPECT_EQ(kind == kPings ? keep_alives.OnPong(at, Numbered(1))
                             : keep_alives.OnBinding(at, Numbered(1), AnswerTo(*due, 1)),
              KeepAlives::Heard::kAlive);
    last = at;
  }
  return waits;
}

TEST(KeepAlivesTest, AreDrawnFromTheUpperFifth) {
  SANSIP_SHOWS("5626-4.4-2", "5626-4.4-3");
  for (const KeepAlives::Kind kind : {kPings, kBindings}) {
    const std::set<Duration> waits = WaitsOf(kind, seconds(100));
    EXPECT_GE(*waits.begin(), seconds(80));
    EXPECT_LE(*waits.rbegin(), seconds(100));
    EXPECT_GT(waits.size(), 150u);
  }
}

TEST(KeepAlivesTest, WithoutAFlowTimerAreDrawnFromTheDefaults) {
  SANSIP_SHOWS("5626-4.4-4", "5626-4.4.1-6", "5626-4.4.1-7", "5626-4.4.2-4");
  const std::set<Duration> pings = WaitsOf(kPings, {});
  EXPECT_GE(*pings.begin(), seconds(95));
  EXPECT_LE(*pings.rbegin(), seconds(120));
  EXPECT_GT(pings.size(), 150u);
  const std::set<Duration> bindings = WaitsOf(kBindings, {});
  EXPECT_GE(*bindings.begin(), seconds(24));
  EXPECT_LE(*bindings.rbegin(), seconds(29));
  EXPECT_GT(bindings.size(), 150u);
}

// A server waits for Flow-Timer from question to question (4.4).
TEST(KeepAlivesTest, AnAnswerThatTakesItsTimeMakesTheGapNoLonger) {
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), kPings, seconds(20), random));
  const Instant asked = keep_alives.next_deadline();
  ASSERT_TRUE(keep_alives.TakeDue(asked));
  EXPECT_EQ(keep_alives.OnPong(asked + seconds(9), Numbered(1)), KeepAlives::Heard::kAlive);
  EXPECT_LE(keep_alives.next_deadline(), asked + seconds(20));
}

TEST(KeepAlivesTest, ABindingThatNobodyAnswersHasFailedAfterItsRetransmissions) {
  SANSIP_SHOWS("5626-4.4.2-5");
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), kBindings, {}, random));
  const Instant first = keep_alives.next_deadline();
  std::vector<Duration> sent;
  for (;;) {
    const Instant at = keep_alives.next_deadline();
    const std::optional<KeepAlives::Event> due = keep_alives.TakeDue(at);
    ASSERT_TRUE(due);
    if (due->due == KeepAlives::Due::kFailed) {
      EXPECT_EQ(at - first, std::chrono::milliseconds(39500));
      break;
    }
    sent.push_back(at - first);
  }
  EXPECT_EQ(sent.size(), 7u);
  EXPECT_EQ(keep_alives.size(), 0u);
  EXPECT_EQ(keep_alives.next_deadline(), kNever);
}

TEST(KeepAlivesTest, WhatABindingResponseSays) {
  SANSIP_SHOWS("5626-4.4.2-6", "5626-4.4.2-5");
  Sequence random;
  KeepAlives keep_alives;
  const auto ask = [&] { return *keep_alives.TakeDue(keep_alives.next_deadline()); };
  const auto hear = [&](const stun::Message& message) {
    return keep_alives.OnBinding(keep_alives.next_deadline(), Numbered(1), message);
  };
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), kBindings, {}, random));
  stun::Message answer = AnswerTo(ask(), 40001);
  EXPECT_EQ(hear(answer), KeepAlives::Heard::kAlive);
  EXPECT_EQ(hear(answer), KeepAlives::Heard::kNothing);  // its copy
  EXPECT_EQ(keep_alives.MappedAddress(Numbered(1)), ParseIp("203.0.113.7", 40001));
  answer = AnswerTo(ask(), 40001);
  answer.mapped = {};  // of an old server: alive, and nothing more is known
  EXPECT_EQ(hear(answer), KeepAlives::Heard::kAlive);
  EXPECT_EQ(hear(AnswerTo(ask(), 40002)), KeepAlives::Heard::kMoved);
  EXPECT_FALSE(keep_alives.Keeps(Numbered(1)));
  // A new flow begins with what it hears.
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), kBindings, {}, random));
  EXPECT_EQ(hear(AnswerTo(ask(), 40002)), KeepAlives::Heard::kAlive);
  answer = AnswerTo(ask(), 40002);
  answer.message_class = stun::MessageClass::kError;
  EXPECT_EQ(hear(answer), KeepAlives::Heard::kRefused);
  EXPECT_EQ(keep_alives.size(), 0u);
  EXPECT_EQ(hear(answer), KeepAlives::Heard::kNothing);
}

TEST(KeepAlivesTest, WithoutAPongInTenSecondsTheFlowHasFailed) {
  SANSIP_SHOWS("5626-4.4.1-4");
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(1), kPings, seconds(100), random));
  EXPECT_EQ(keep_alives.OnPong(Instant(), Numbered(1)), KeepAlives::Heard::kNothing);  // of no ping
  EXPECT_EQ(keep_alives.OnPong(Instant(), Numbered(2)), KeepAlives::Heard::kNothing);
  const Instant ping = keep_alives.next_deadline();
  ASSERT_TRUE(keep_alives.TakeDue(ping));
  EXPECT_EQ(keep_alives.next_deadline(), ping + seconds(10));
  const auto due = keep_alives.TakeDue(ping + seconds(10));
  ASSERT_TRUE(due && due->due == KeepAlives::Due::kFailed && due->flow == Numbered(1));
  EXPECT_EQ(keep_alives.size(), 0u);
  EXPECT_EQ(keep_alives.next_deadline(), kNever);
}

TEST(KeepAlivesTest, AnotherIntervalHoldsFromTheNextPingAndThereIsALimit) {
  Sequence random;
  KeepAlives keep_alives;
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(0), kPings, seconds(100), random));
  const Instant first = keep_alives.next_deadline();
  ASSERT_TRUE(keep_alives.Start(Instant(), Numbered(0), kPings, seconds(10), random));
  EXPECT_EQ(keep_alives.next_deadline(), first);
  ASSERT_TRUE(keep_alives.TakeDue(first));
  keep_alives.OnPong(first, Numbered(0));
  EXPECT_LE(keep_alives.next_deadline(), first + seconds(10));
  for (std::uint32_t n = 1; n < KeepAlives::kFlowsMax; ++n) {
    ASSERT_TRUE(keep_alives.Start(first, Numbered(n), kPings, seconds(100), random));
  }
  EXPECT_FALSE(keep_alives.Start(first, Numbered(1000), kPings, seconds(100), random));
  keep_alives.Stop(Numbered(5));
  EXPECT_TRUE(keep_alives.Start(first, Numbered(1000), kPings, seconds(100), random));
}

}  // namespace
}  // namespace sansip
