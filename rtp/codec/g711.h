// ITU-T G.711: one sample is one octet, its sign in the top bit (RFC 3551 4.5.14). Linear samples are 16 bits
// wide, left aligned: a mu-law value is 14 bits of them, an A-law value 13.
#ifndef SANSIP_RTP_CODEC_G711_H_
#define SANSIP_RTP_CODEC_G711_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sansip::rtp::g711 {

// G.711 table 2: eight segments, each twice as steep as the one before, over magnitudes shifted by 33 (<< 2).
constexpr std::uint8_t EncodeMuLaw(std::int16_t sample) {
  constexpr int kBias = 0x84;
  constexpr int kMagnitudeMax = 0x7FFF - kBias;
  int magnitude = sample < 0 ? -static_cast<int>(sample) : sample;
  if (magnitude > kMagnitudeMax) magnitude = kMagnitudeMax;
  magnitude += kBias;
  const int segment = std::bit_width(static_cast<unsigned>(magnitude)) - 8;
  const int step = (magnitude >> (segment + 3)) & 0x0F;
  const int sign = sample < 0 ? 0x80 : 0;
  return static_cast<std::uint8_t>(~(sign | segment << 4 | step));
}

constexpr std::int16_t DecodeMuLaw(std::uint8_t octet) {
  const int code = ~octet & 0xFF;
  const int magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return static_cast<std::int16_t>((code & 0x80) != 0 ? -magnitude : magnitude);
}

// G.711 table 1: every second bit is inverted; the first two segments are equally steep.
constexpr std::uint8_t EncodeALaw(std::int16_t sample) {
  const bool negative = sample < 0;
  const int magnitude = (negative ? -static_cast<int>(sample) - 1 : sample) >> 4;
  const int width = std::bit_width(static_cast<unsigned>(magnitude));
  const int segment = width > 5 ? width - 4 : magnitude > 15 ? 1 : 0;
  const int step = (segment > 1 ? magnitude >> (segment - 1) : magnitude) & 0x0F;
  return static_cast<std::uint8_t>((segment << 4 | step | (negative ? 0 : 0x80)) ^ 0x55);
}

constexpr std::int16_t DecodeALaw(std::uint8_t octet) {
  const int code = octet ^ 0x55;
  const int segment = (code & 0x70) >> 4;
  int magnitude = ((code & 0x0F) << 4) + 8;
  if (segment != 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return static_cast<std::int16_t>((code & 0x80) != 0 ? magnitude : -magnitude);
}

using Table = std::array<std::int16_t, 256>;

constexpr Table TableOf(std::int16_t (*decode)(std::uint8_t)) {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = decode(static_cast<std::uint8_t>(i));
  return table;
}

inline constexpr Table kMuLaw = TableOf(DecodeMuLaw);
inline constexpr Table kALaw = TableOf(DecodeALaw);

}  // namespace sansip::rtp::g711

#endif  // SANSIP_RTP_CODEC_G711_H_
