// The audio codecs that can be negotiated, as RTP knows them (RFC 3551 6: encoding name, clock, static
// number).
//
// Both are G.711: one octet is one sample, packets of any length can be cut anywhere, no state between
// packets.
#ifndef SANSIP_RTP_CODEC_CODEC_H_
#define SANSIP_RTP_CODEC_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sansip::rtp {

enum class Codec : std::uint8_t { kPcmu, kPcma };
inline constexpr std::size_t kCodecCount = 2;

// Both codecs' sampling rate and RTP clock (RFC 3551 table 4).
inline constexpr std::uint32_t kClockRate = 8000;
inline constexpr std::uint32_t kSamplesPerMillisecond = kClockRate / 1000;

// RFC 3551 6.
constexpr std::uint8_t StaticPayloadType(Codec codec) { return codec == Codec::kPcmu ? 0 : 8; }
constexpr std::string_view EncodingName(Codec codec) { return codec == Codec::kPcmu ? "PCMU" : "PCMA"; }

// What a payload type below 96 means without an rtpmap; nullopt for what this stack does not code.
constexpr std::optional<Codec> CodecOfStaticPayloadType(std::uint8_t payload_type) {
  if (payload_type == 0) return Codec::kPcmu;
  if (payload_type == 8) return Codec::kPcma;
  return std::nullopt;
}

// Of an rtpmap; the name is compared without case (RFC 8866 6.6 and RFC 4855 3).
std::optional<Codec> CodecNamed(std::string_view encoding_name, std::uint32_t clock_rate,
                                std::uint32_t channels);

// One octet per sample; `payload` and `samples` have the same size.
void Encode(Codec codec, std::span<const std::int16_t> samples, std::span<char> payload);
void Decode(Codec codec, std::string_view payload, std::span<std::int16_t> samples);

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_CODEC_CODEC_H_
