#include "sansip/cli/tone.h"

#include <cmath>
#include <numbers>

#include "gtest/gtest.h"

namespace sansip::cli {
namespace {

Recording Tone(double hz, double amplitude, double seconds) {
  Recording recording;
  for (int i = 0; i < seconds * recording.rate; ++i) {
    recording.samples.push_back(
        static_cast<std::int16_t>(amplitude * std::sin(2 * std::numbers::pi * hz * i / recording.rate)));
  }
  return recording;
}

TEST(ToneTest, HearsATone) {
  EXPECT_NEAR(MeasureTone(Tone(440, 8000, 2), 440).seconds, 2.0, 0.05);
  EXPECT_NEAR(MeasureTone(Tone(1000, 1000, 1), 1000).seconds, 1.0, 0.05);
}

TEST(ToneTest, HearsNoOtherTone) {
  EXPECT_EQ(MeasureTone(Tone(600, 8000, 2), 440).seconds, 0);
  EXPECT_EQ(MeasureTone(Tone(500, 8000, 2), 440).seconds, 0);
}

TEST(ToneTest, HearsNothingInSilenceAndInNoise) {
  EXPECT_EQ(MeasureTone(Tone(440, 1, 2), 440).seconds, 0);
  EXPECT_EQ(MeasureTone(Recording{}, 440).seconds, 0);
  Recording noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 16000; ++i) {
    state = state * 1664525 + 1013904223;
    noise.samples.push_back(static_cast<std::int16_t>(state >> 16));
  }
  EXPECT_EQ(MeasureTone(noise, 440).seconds, 0);
}

TEST(ToneTest, CountsOnlyWhatIsThere) {
  Recording recording = Tone(440, 8000, 1);
  recording.samples.resize(16000);
  EXPECT_NEAR(MeasureTone(recording, 440).seconds, 1.0, 0.05);
  EXPECT_NEAR(MeasureTone(recording, 440).total_seconds, 2.0, 1e-9);
}

TEST(ReadRecordingTest, AMissingFileIsSaid) { EXPECT_FALSE(ReadRecording("no/such.wav").ok()); }

}  // namespace
}  // namespace sansip::cli
