#include "sansip/rtp/codec/codec.h"

#include "sansip/core/base/check.h"
#include "sansip/core/text/ascii.h"
#include "sansip/rtp/codec/g711.h"

namespace sansip::rtp {

std::optional<Codec> CodecNamed(std::string_view encoding_name, std::uint32_t clock_rate,
                                std::uint32_t channels) {
  if (clock_rate != kClockRate || channels != 1) return std::nullopt;
  for (Codec codec : {Codec::kPcmu, Codec::kPcma}) {
    if (EqualsIgnoreCase(encoding_name, EncodingName(codec))) return codec;
  }
  return std::nullopt;
}

void Encode(Codec codec, std::span<const std::int16_t> samples, std::span<char> payload) {
  SANSIP_CHECK(samples.size() == payload.size());
  const auto encode = codec == Codec::kPcmu ? g711::EncodeMuLaw : g711::EncodeALaw;
  for (std::size_t i = 0; i < samples.size(); ++i) payload[i] = static_cast<char>(encode(samples[i]));
}

void Decode(Codec codec, std::string_view payload, std::span<std::int16_t> samples) {
  SANSIP_CHECK(samples.size() == payload.size());
  const auto& table = codec == Codec::kPcmu ? g711::kMuLaw : g711::kALaw;
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = table[static_cast<unsigned char>(payload[i])];
}

}  // namespace sansip::rtp
