#include "sansip/rtp/jitter_buffer.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

constexpr std::uint32_t kDelay = 320;
constexpr std::uint32_t kFirst = 0xFFFFFE00;  // wraps within the first packets

// The packet that begins at `timestamp`: each sample's code is a function of its timestamp.
char CodeAt(std::uint32_t timestamp) { return static_cast<char>(0x80 + timestamp % 100); }
std::string PayloadAt(std::uint32_t timestamp, std::size_t size = 160) {
  std::string payload;
  for (std::size_t i = 0; i < size; ++i) payload += CodeAt(timestamp + static_cast<std::uint32_t>(i));
  return payload;
}
std::int16_t SampleAt(std::uint32_t timestamp) {
  std::int16_t sample = 0;
  const char code = CodeAt(timestamp);
  Decode(Codec::kPcmu, {&code, 1}, {&sample, 1});
  return sample;
}

class JitterBufferTest : public ::testing::Test {
 protected:
  JitterBuffer::Put Put(std::uint32_t timestamp, std::size_t size = 160) {
    return buffer_.Insert(timestamp, Codec::kPcmu, PayloadAt(timestamp, size));
  }
  // Takes a frame; everything in it is the right sample or silence.
  JitterBuffer::Taken Take() {
    std::array<std::int16_t, 160> samples{};
    const JitterBuffer::Taken taken = buffer_.Take(samples);
    std::uint32_t silent = 0;
    for (std::uint32_t i = 0; i < samples.size(); ++i) {
      if (samples[i] == 0) {
        ++silent;
      } else {
        EXPECT_EQ(samples[i], SampleAt(taken.timestamp + i));
      }
    }
    EXPECT_EQ(silent, taken.missing);
    return taken;
  }
  JitterBuffer buffer_{kDelay};
};

TEST_F(JitterBufferTest, PlaysAfterTheDelay) {
  EXPECT_FALSE(buffer_.started());
  EXPECT_EQ(Put(kFirst), JitterBuffer::Put::kStored);
  EXPECT_EQ(Take().missing, 160u);
  EXPECT_EQ(Put(kFirst + 160), JitterBuffer::Put::kStored);
  EXPECT_EQ(Take().missing, 160u);
  for (std::uint32_t i = 0; i < 20; ++i) {
    const JitterBuffer::Taken taken = Take();
    EXPECT_EQ(taken.timestamp, kFirst + i * 160);
    EXPECT_EQ(taken.missing, 0u);
    EXPECT_EQ(Put(kFirst + (i + 2) * 160), JitterBuffer::Put::kStored);
  }
}

TEST_F(JitterBufferTest, LossIsSilenceOfItsOwnLength) {
  EXPECT_EQ(Put(kFirst), JitterBuffer::Put::kStored);
  EXPECT_EQ(Put(kFirst + 320), JitterBuffer::Put::kStored);
  Take();
  Take();
  EXPECT_EQ(Take().missing, 0u);
  const JitterBuffer::Taken hole = Take();
  EXPECT_EQ(hole.missing, 160u);
  EXPECT_EQ(hole.lost, 160u);
  EXPECT_EQ(Take().missing, 0u);
  const JitterBuffer::Taken dry = Take();
  EXPECT_EQ(dry.missing, 160u);
  EXPECT_EQ(dry.lost, 0u);
}

TEST_F(JitterBufferTest, ReorderedAndDuplicatedPacketsPlayOnceInOrder) {
  for (std::uint32_t i : {0u, 2u, 1u, 1u, 2u, 3u, 0u})
    EXPECT_EQ(Put(kFirst + i * 160), JitterBuffer::Put::kStored);
  Take();
  Take();
  for (std::uint32_t i = 0; i < 4; ++i) {
    const JitterBuffer::Taken taken = Take();
    EXPECT_EQ(taken.timestamp, kFirst + i * 160);
    EXPECT_EQ(taken.missing, 0u);
  }
  EXPECT_EQ(Take().missing, 160u);
}

TEST_F(JitterBufferTest, LatePacketsAreRefusedAndHalfLateOnesHalfUsed) {
  EXPECT_EQ(Put(kFirst), JitterBuffer::Put::kStored);
  for (int i = 0; i < 3; ++i) Take();  // the first is played
  EXPECT_EQ(Put(kFirst), JitterBuffer::Put::kLate);
  EXPECT_EQ(Put(kFirst + 80), JitterBuffer::Put::kStored);  // half of it
  EXPECT_EQ(Take().missing, 80u);
}

TEST_F(JitterBufferTest, FollowsAStreamThatHasFallenBehind) {
  EXPECT_EQ(Put(kFirst), JitterBuffer::Put::kStored);
  for (int i = 0; i < 40; ++i) Take();
  unsigned late = 0;
  std::uint32_t next = kFirst + 160;
  for (; late < 100; next += 160) {
    if (Put(next) == JitterBuffer::Put::kStored) break;
    ++late;
  }
  EXPECT_EQ(late, JitterBuffer::kLateMax - 1);
  Take();
  Take();
  EXPECT_EQ(Take().timestamp, next);
}

TEST_F(JitterBufferTest, SkipsAheadWhenTooMuchWaits) {
  for (std::uint32_t i = 0; i < 30; ++i) EXPECT_EQ(Put(kFirst + i * 160), JitterBuffer::Put::kStored);
  EXPECT_LE(buffer_.lead(), kDelay + JitterBuffer::kLeadMax);
  EXPECT_EQ(Put(kFirst + 1000000), JitterBuffer::Put::kStored);
  EXPECT_EQ(buffer_.lead(), kDelay + 160);
  Take();
  Take();
  EXPECT_EQ(Take().missing, 0u);
}

TEST_F(JitterBufferTest, AnyPacketLength) {
  SANSIP_SHOWS("3551-4.2-1", "3551-4.2-3");
  for (std::size_t size : {1u, 80u, 240u, 320u, 480u, 1600u}) {
    buffer_.Reset();
    std::uint32_t in = kFirst, out = kFirst;
    EXPECT_EQ(Put(in, size), JitterBuffer::Put::kStored);
    in += static_cast<std::uint32_t>(size);
    Take();
    Take();
    for (int i = 0; i < 50; ++i) {
      while (in - out < 160 + size) {
        EXPECT_EQ(Put(in, size), JitterBuffer::Put::kStored);
        in += static_cast<std::uint32_t>(size);
      }
      EXPECT_EQ(Take().missing, 0u) << size;
      out += 160;
    }
  }
  EXPECT_EQ(Put(kFirst, 0), JitterBuffer::Put::kStored);
  EXPECT_EQ(Put(kFirst, 1601), JitterBuffer::Put::kTooLong);
}

TEST_F(JitterBufferTest, AnythingGoesInAndOnlyTheRightSamplesComeOut) {
  SeededRandom random(3);
  std::uint32_t base = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t draw = random.Next();
    if (draw % 50 == 0) base = static_cast<std::uint32_t>(random.Next());
    base += 160;
    static_cast<void>(Put(base - static_cast<std::uint32_t>(draw >> 8) % 2000, (draw >> 40) % 1700));
    if (draw % 3 != 0) Take();
    if (draw % 97 == 0) buffer_.Skip(static_cast<std::uint32_t>(draw >> 50));
    if (draw % 1001 == 0) buffer_.Reset();
  }
}

}  // namespace
}  // namespace sansip::rtp
