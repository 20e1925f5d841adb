#include "sansip/rtp/packet.h"

#include "sansip/core/base/big_endian.h"
#include "sansip/core/base/check.h"

namespace sansip::rtp {
namespace {

constexpr unsigned kVersion = 2;
// RFC 3550 A.1: with the marker bit in front, these are what an SR and an RR look like.
constexpr unsigned kSenderReportOctet = 200;
constexpr unsigned kReceiverReportOctet = 201;

}  // namespace

std::uint32_t Packet::csrc(std::size_t i) const {
  SANSIP_CHECK(i < csrc_count());
  return Load32(csrcs, i * 4);
}

PacketError ParsePacket(std::string_view datagram, Packet& packet) {
  if (datagram.size() < kHeaderOctets) return PacketError::kTooShort;
  const unsigned first = Load8(datagram, 0);
  const unsigned second = Load8(datagram, 1);
  if (first >> 6 != kVersion) return PacketError::kVersion;
  if (second == kSenderReportOctet || second == kReceiverReportOctet) return PacketError::kRtcp;

  Packet p;
  p.marker = (second & 0x80) != 0;
  p.payload_type = second & 0x7F;
  p.sequence = Load16(datagram, 2);
  p.timestamp = Load32(datagram, 4);
  p.ssrc = Load32(datagram, 8);
  std::string_view rest = datagram.substr(kHeaderOctets);

  const std::size_t csrc_octets = (first & 0x0F) * 4;
  if (csrc_octets > rest.size()) return PacketError::kCsrc;
  p.csrcs = rest.substr(0, csrc_octets);
  rest.remove_prefix(csrc_octets);

  if ((first & 0x10) != 0) {
    if (rest.size() < 4) return PacketError::kExtension;
    const std::size_t octets = std::size_t{Load16(rest, 2)} * 4;
    if (octets > rest.size() - 4) return PacketError::kExtension;
    p.has_extension = true;
    p.extension_profile = Load16(rest, 0);
    p.extension = rest.substr(4, octets);
    rest.remove_prefix(4 + octets);
  }
  if ((first & 0x20) != 0) {
    const std::size_t padding = rest.empty() ? 0 : Load8(rest, rest.size() - 1);
    // A.1: less than what follows the header.
    if (padding == 0 || padding >= rest.size()) return PacketError::kPadding;
    rest.remove_suffix(padding);
  }
  p.payload = rest;
  packet = p;
  return PacketError::kNone;
}

void WriteHeader(const Header& header, std::span<char> into) {
  SANSIP_CHECK(into.size() >= kHeaderOctets && header.payload_type < 128);
  Store8(into, 0, kVersion << 6);
  Store8(into, 1, (header.marker ? 0x80u : 0u) | header.payload_type);
  Store16(into, 2, header.sequence);
  Store32(into, 4, header.timestamp);
  Store32(into, 8, header.ssrc);
}

}  // namespace sansip::rtp
