// RTP packets (RFC 3550 5.1, 5.3.1), read and written. No length of the packet is believed before it is
// checked against the datagram; a packet that breaks a rule of A.1 gives no fields at all.
#ifndef SANSIP_RTP_PACKET_H_
#define SANSIP_RTP_PACKET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sansip::rtp {

inline constexpr std::size_t kHeaderOctets = 12;

enum class PacketError : std::uint8_t {
  kNone,
  kTooShort,   // for the fixed header
  kVersion,    // not 2
  kRtcp,       // the second octet is that of an SR or RR (A.1)
  kCsrc,       // the list does not fit
  kExtension,  // the extension does not fit
  kPadding,    // a count of zero, or one that does not fit
};

// Views borrow the datagram.
struct Packet {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::string_view csrcs;  // four octets each, at most 15
  bool has_extension = false;
  std::uint16_t extension_profile = 0;
  std::string_view extension;  // whole words
  std::string_view payload;    // without padding

  std::size_t csrc_count() const { return csrcs.size() / 4; }
  std::uint32_t csrc(std::size_t i) const;
};

[[nodiscard]] PacketError ParsePacket(std::string_view datagram, Packet& packet);

// The fixed header as we send it: no padding, no extension, no CSRCs. `into` has kHeaderOctets.
struct Header {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
};
void WriteHeader(const Header& header, std::span<char> into);

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_PACKET_H_
