#include "sansip/rtp/statistics.h"

#include <cmath>
#include <cstdlib>

#include "gtest/gtest.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using Arrival = Sequence::Arrival;

// A source that is valid with `first` as its base.
Sequence ValidAt(std::uint16_t first) {
  Sequence sequence(static_cast<std::uint16_t>(first - 1));
  EXPECT_EQ(sequence.Receive(first), Arrival::kRestarted);
  return sequence;
}
void Receive(Statistics& statistics, std::uint16_t sequence) {
  static_cast<void>(statistics.Receive(sequence, sequence * 160u, sequence * 160u));
}

TEST(Sequence, TwoInSequenceMakeASource) {
  SANSIP_SHOWS("3550-A.1-5", "3550-A.1-6", "3550-A.1-11", "3550-A.1-12");
  Sequence s(10);
  EXPECT_FALSE(s.valid());
  EXPECT_EQ(s.expected(), 0u);
  EXPECT_EQ(s.Receive(20), Arrival::kProbation);
  EXPECT_EQ(s.Receive(21), Arrival::kRestarted);
  EXPECT_TRUE(s.valid());
  EXPECT_EQ(s.base(), 21u);
  EXPECT_EQ(s.received(), 1u);
  EXPECT_EQ(Sequence::kMaxDropout, 3000u);
  EXPECT_EQ(Sequence::kMaxMisorder, 100u);
  EXPECT_EQ(Sequence::kMinSequential, 2u);
}

TEST(Sequence, ValidAcrossTheWrap) {
  SANSIP_SHOWS("3550-A.1-7");
  Sequence s(65535);
  EXPECT_EQ(s.Receive(0), Arrival::kRestarted);
  EXPECT_TRUE(s.valid());
}

TEST(Sequence, CyclesAndDropouts) {
  SANSIP_SHOWS("3550-A.1-8", "3550-6.4.1-13");
  Sequence s = ValidAt(65530);
  for (int i = 65531; i <= 65535; ++i) EXPECT_EQ(s.Receive(static_cast<std::uint16_t>(i)), Arrival::kInOrder);
  for (std::uint16_t i = 0; i <= 5; ++i) EXPECT_EQ(s.Receive(i), Arrival::kInOrder);
  EXPECT_EQ(s.extended_highest(), 0x00010005u);
  EXPECT_EQ(s.expected(), 12u);
  EXPECT_EQ(s.received(), 12u);
  Sequence gap = ValidAt(65535);
  EXPECT_EQ(gap.Receive(2), Arrival::kInOrder);
  EXPECT_EQ(gap.extended_highest(), 65536u + 2);
  EXPECT_EQ(gap.Receive(2 + 2999), Arrival::kInOrder);
  EXPECT_EQ(gap.Receive(3001 + 3000), Arrival::kJump);
}

TEST(Sequence, AJumpNeedsASecondWitness) {
  SANSIP_SHOWS("3550-A.1-9");
  Statistics s(99);
  for (std::uint16_t i = 100; i < 110; ++i) Receive(s, i);
  EXPECT_EQ(s.Receive(10110, 0, 0), Arrival::kJump);
  EXPECT_EQ(s.sequence().received(), 10u);
  EXPECT_EQ(s.Receive(20000, 0, 0), Arrival::kJump);
  EXPECT_EQ(s.Receive(110, 0, 0), Arrival::kInOrder);
  EXPECT_EQ(s.Receive(10110, 0, 0), Arrival::kJump);
  EXPECT_EQ(s.Receive(10111, 0, 0), Arrival::kRestarted);
  EXPECT_EQ(s.CumulativeLost(), 0);
  EXPECT_EQ(s.sequence().received(), 1u);
  EXPECT_EQ(s.sequence().base(), 10111u);
}

TEST(Sequence, LatecomersAndDuplicates) {
  SANSIP_SHOWS("3550-A.1-10");
  Sequence s = ValidAt(1000);
  EXPECT_EQ(s.Receive(1100), Arrival::kInOrder);
  EXPECT_EQ(s.Receive(1050), Arrival::kReordered);
  EXPECT_EQ(s.Receive(1050), Arrival::kDuplicate);
  EXPECT_EQ(s.Receive(1100), Arrival::kDuplicate);
  EXPECT_EQ(s.Receive(1001), Arrival::kReordered);  // 99 behind
  EXPECT_EQ(s.Receive(1000), Arrival::kJump);       // 100 behind
  EXPECT_EQ(s.extended_highest(), 1100u);
  EXPECT_EQ(s.received(), 6u);
  EXPECT_EQ(s.duplicates(), 2u);
  EXPECT_EQ(s.reordered(), 2u);
}

TEST(Statistics, LossAsTheAppendixCountsIt) {
  SANSIP_SHOWS("3550-A.3-1", "3550-6.4.1-12");
  Statistics s(99);
  for (std::uint16_t i = 100; i < 110; ++i) {
    if (i != 104) Receive(s, i);
  }
  EXPECT_EQ(s.sequence().expected(), 10u);
  EXPECT_EQ(s.CumulativeLost(), 1);
  for (int i = 0; i < 3; ++i) Receive(s, 109);
  EXPECT_EQ(s.CumulativeLost(), -2);
}

TEST(Statistics, CumulativeLossIsClamped) {
  SANSIP_SHOWS("3550-A.3-2");
  Statistics few(0);
  std::uint16_t sequence = 1;
  while (few.lost() <= 0x7FFFFF) {
    Receive(few, sequence);
    sequence = static_cast<std::uint16_t>(sequence + 2999);
  }
  EXPECT_EQ(few.CumulativeLost(), 0x7FFFFF);
  Statistics many(0);
  while (many.lost() >= -0x800000) Receive(many, 1);
  EXPECT_EQ(many.CumulativeLost(), -0x800000);
}

TEST(Statistics, FractionOfTheInterval) {
  SANSIP_SHOWS("3550-A.3-3", "3550-6.4.1-11");
  Statistics s(99);
  std::uint16_t next = 100;
  const auto interval = [&](int count, int lost) {
    for (int i = 0; i < count; ++i, ++next) {
      if (i >= lost) Receive(s, next);
    }
    return s.TakeFractionLost();
  };
  EXPECT_EQ(interval(50, 0), 0);
  EXPECT_EQ(interval(50, 5), 25);
  EXPECT_EQ(interval(50, 0), 0);
  EXPECT_EQ(interval(100, 25), 64);
  EXPECT_EQ(s.TakeFractionLost(), 0);
  for (int i = 0; i < 10; ++i) Receive(s, static_cast<std::uint16_t>(next - 1));
  EXPECT_EQ(interval(5, 2), 0);  // duplicates outnumber the losses
}

TEST(Statistics, JitterIsTheFilterOfTheAppendix) {
  SANSIP_SHOWS("3550-A.8-1", "3550-A.8-2", "3550-A.8-3", "3550-6.4.1-15");
  Statistics s(0);
  std::uint32_t arrival = 77777, timestamp = 0xFFFFFF00;
  std::uint16_t sequence = 1;
  static_cast<void>(s.Receive(sequence++, timestamp, arrival));
  EXPECT_EQ(s.jitter(), 0u);  // one packet is no sample
  const auto packet = [&](std::uint32_t after) {
    timestamp += 160;
    arrival += after;
    static_cast<void>(s.Receive(sequence++, timestamp, arrival));
    return s.jitter();
  };
  EXPECT_EQ(packet(160), 0u);
  EXPECT_EQ(packet(320), 10u);
  for (int i = 0; i < 15; ++i) packet(160);
  EXPECT_EQ(packet(160), 3u);
  // Against the filter in floating point, over a rough road.
  SeededRandom random(5);
  Statistics rough(0);
  double reference = 0, transit_before = 0;
  std::uint32_t sent = 0;
  for (std::uint16_t i = 1; i < 2000; ++i) {
    sent += 160;
    const std::uint32_t delay = UniformBelow(random, 400);
    static_cast<void>(rough.Receive(i, sent, sent + delay));
    if (i > 1) reference += (std::fabs(delay - transit_before) - reference) / 16;
    transit_before = delay;
    ASSERT_NEAR(rough.jitter(), reference, 1.5) << i;
  }
}

TEST(Statistics, JitterCountsReorderedPacketsInArrivalOrder) {
  SANSIP_SHOWS("3550-6.4.1-14", "4733-2.5.2.2-9");
  Statistics s(0);
  static_cast<void>(s.Receive(1, 160, 160));
  static_cast<void>(s.Receive(3, 480, 480));
  static_cast<void>(s.Receive(2, 320, 500));  // D = (500-320) - 0 = 180
  EXPECT_EQ(s.jitter(), 180u / 16);
  static_cast<void>(s.Receive(4, 480, 520));  // the timestamp again, 40 later: D = 140
  EXPECT_EQ(s.jitter(), (180u - 11 + 140) / 16);
}

}  // namespace
}  // namespace sansip::rtp
