#include "sansip/rtp/codec/g711.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "gtest/gtest.h"
#include "sansip/rtp/codec/codec.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

TEST(G711, SignStandsInTheTopBit) {
  SANSIP_SHOWS("3551-4.5.14-2");
  EXPECT_EQ(g711::EncodeMuLaw(0), 0xFF);
  EXPECT_EQ(g711::DecodeMuLaw(0xFF), 0);
  EXPECT_EQ(g711::DecodeMuLaw(0x7F), 0);  // -0
  EXPECT_EQ(g711::EncodeALaw(0), 0xD5);
  EXPECT_EQ(g711::EncodeALaw(-1), 0x55);
  EXPECT_EQ(g711::DecodeALaw(0xD5), 8);
  EXPECT_EQ(g711::DecodeALaw(0x55), -8);
}

// G.711 tables 1a and 2a: decision and quantised values at the ends of the segments, left aligned.
TEST(G711, ValuesOfTheStandardsTables) {
  SANSIP_SHOWS("3551-4.5.14-3");
  EXPECT_EQ(g711::DecodeMuLaw(0x80), 8031 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0x8F), 4191 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0x9F), 2079 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xAF), 1023 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xBF), 495 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xCF), 231 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xDF), 99 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xEF), 33 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0xFE), 2 * 4);
  EXPECT_EQ(g711::DecodeMuLaw(0x00), -8031 * 4);
  EXPECT_EQ(g711::DecodeALaw(0xAA), 4032 * 8);
  EXPECT_EQ(g711::DecodeALaw(0xA5), 2112 * 8);
  EXPECT_EQ(g711::DecodeALaw(0xB5), 1056 * 8);
  EXPECT_EQ(g711::DecodeALaw(0x85), 528 * 8);
  EXPECT_EQ(g711::DecodeALaw(0x95), 264 * 8);
  EXPECT_EQ(g711::DecodeALaw(0xE5), 132 * 8);
  EXPECT_EQ(g711::DecodeALaw(0xF5), 66 * 8);
  EXPECT_EQ(g711::DecodeALaw(0x2A), -4032 * 8);
}

TEST(G711, EveryCodeSurvivesARoundTrip) {
  for (int code = 0; code < 256; ++code) {
    const auto octet = static_cast<std::uint8_t>(code);
    if (octet != 0x7F) {  // -0 becomes +0
      EXPECT_EQ(g711::EncodeMuLaw(g711::DecodeMuLaw(octet)), octet);
    }
    EXPECT_EQ(g711::EncodeALaw(g711::DecodeALaw(octet)), octet);
  }
}

TEST(G711, EverySampleGoesToTheNearestValueOrNextToIt) {
  for (int value = std::numeric_limits<std::int16_t>::min();
       value <= std::numeric_limits<std::int16_t>::max(); ++value) {
    const auto sample = static_cast<std::int16_t>(value);
    const int magnitude = std::abs(value);
    // Half of a step: a sixteenth of the segment, and what lies beyond the last decision value.
    const int mu_allowed = magnitude > 32635 ? 800 : (magnitude + 132) / 32 + 4;
    const int a_allowed = magnitude > 32256 ? 600 : magnitude / 32 + 16;
    ASSERT_LE(std::abs(g711::DecodeMuLaw(g711::EncodeMuLaw(sample)) - value), mu_allowed) << value;
    ASSERT_LE(std::abs(g711::DecodeALaw(g711::EncodeALaw(sample)) - value), a_allowed) << value;
  }
}

TEST(Codec, OneOctetIsOneSample) {
  SANSIP_SHOWS("3551-4.5.14-1", "3551-4.5.14-4", "3551-4.5-1");
  std::array<std::int16_t, 160> samples{};
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(i * 200 - 16000);
  for (Codec codec : {Codec::kPcmu, Codec::kPcma}) {
    std::array<char, 160> payload{};
    std::array<std::int16_t, 160> back{};
    Encode(codec, samples, payload);
    Decode(codec, {payload.data(), payload.size()}, back);
    for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(back[i], samples[i], 520);
  }
}

TEST(Codec, NamesAndNumbersOfTheProfile) {
  SANSIP_SHOWS("3551-1-1", "8866-5.14-16", "3550-13-1");
  EXPECT_EQ(CodecOfStaticPayloadType(0), Codec::kPcmu);
  EXPECT_EQ(CodecOfStaticPayloadType(8), Codec::kPcma);
  for (int type : {1, 2, 3, 9, 13, 18, 19, 72, 76, 96, 127}) {
    EXPECT_FALSE(CodecOfStaticPayloadType(static_cast<std::uint8_t>(type))) << type;
  }
  EXPECT_EQ(CodecNamed("pcmu", 8000, 1), Codec::kPcmu);
  EXPECT_EQ(CodecNamed("PcmA", 8000, 1), Codec::kPcma);
  EXPECT_FALSE(CodecNamed("PCMU", 16000, 1));
  EXPECT_FALSE(CodecNamed("PCMU", 8000, 2));
  EXPECT_FALSE(CodecNamed("G729", 8000, 1));
}

}  // namespace
}  // namespace sansip::rtp
