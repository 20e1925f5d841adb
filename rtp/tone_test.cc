#include "sansip/rtp/tone.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/rtp/seeded_random.h"

namespace sansip::rtp {
namespace {

std::vector<std::int16_t> Tone(std::uint32_t hz, std::size_t count, std::int32_t amplitude = 8192) {
  std::vector<std::int16_t> samples(count);
  ToneGenerator(hz, amplitude).Generate(samples);
  return samples;
}

TEST(Tone, IsFoundAgainAndNothingElse) {
  for (std::uint32_t hz : {50u, 300u, 440u, 1000u, 1004u, 2600u, 3400u, 3900u}) {
    const std::vector<std::int16_t> samples = Tone(hz, 1600);
    EXPECT_GT(ToneShare(samples, hz), 0.98) << hz;
    EXPECT_LT(ToneShare(samples, hz == 1000 ? 2000 : 1000 + hz / 2), 0.02) << hz;
    EXPECT_EQ(StrongestHz(samples), hz);
  }
}

TEST(Tone, GoesOnBetweenCalls) {
  ToneGenerator generator(440);
  std::vector<std::int16_t> pieces;
  for (std::size_t size : {1u, 160u, 7u, 320u}) {
    std::vector<std::int16_t> piece(size);
    generator.Generate(piece);
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(pieces, Tone(440, pieces.size()));
}

TEST(Tone, Levels) {
  EXPECT_NEAR(LevelDbm0(Tone(1000, 8000, 8159 * 4)), 3.17, 0.05);
  EXPECT_NEAR(LevelDbm0(Tone(1000, 8000, 8192)), 3.17 - 12.0, 0.05);
  EXPECT_EQ(LevelDbm0(std::vector<std::int16_t>(160)), -127);
  EXPECT_EQ(LevelDbm0({}), -127);
}

// G.711 table 5: the digital milliwatt, 1000 Hz at 0 dBm0.
TEST(Tone, TheDigitalMilliwatt) {
  constexpr std::string_view kMuLaw("\x1E\x0B\x0B\x1E\x9E\x8B\x8B\x9E", 8);
  constexpr std::string_view kALaw("\x34\x21\x21\x34\xB4\xA1\xA1\xB4", 8);
  for (auto [codec, period] : {std::pair(Codec::kPcmu, kMuLaw), std::pair(Codec::kPcma, kALaw)}) {
    std::vector<std::int16_t> samples(1600);
    for (std::size_t i = 0; i < samples.size(); i += 8)
      Decode(codec, period, std::span(samples).subspan(i, 8));
    EXPECT_NEAR(LevelDbm0(samples), 0, 0.1);
    EXPECT_EQ(StrongestHz(samples), 1000u);
  }
}

TEST(Tone, SurvivesG711) {
  for (Codec codec : {Codec::kPcmu, Codec::kPcma}) {
    const std::vector<std::int16_t> samples = Tone(440, 160);
    std::array<char, 160> payload;
    std::vector<std::int16_t> heard(160);
    Encode(codec, samples, payload);
    Decode(codec, {payload.data(), payload.size()}, heard);
    EXPECT_GT(ToneShare(heard, 440), 0.9);
  }
}

TEST(Tone, NoiseAndSilenceHaveNone) {
  SeededRandom random(1);
  std::vector<std::int16_t> noise(1600);
  for (std::int16_t& sample : noise) sample = static_cast<std::int16_t>(random.Next() >> 50);
  for (std::uint32_t hz = 100; hz < 3900; hz += 100) EXPECT_LT(ToneShare(noise, hz), 0.05);
  EXPECT_EQ(ToneShare(std::vector<std::int16_t>(160), 440), 0);
  EXPECT_EQ(StrongestHz(std::vector<std::int16_t>(160)), 0u);
}

TEST(Tone, TheStrongestIsNeverOutsideItsRange) {
  EXPECT_GE(StrongestHz(std::vector<std::int16_t>(8000, 8)), kStrongestMinHz);  // a direct current
}

}  // namespace
}  // namespace sansip::rtp
