// RTCP packets (RFC 3550 6.4-6.7, 12), read. A datagram is a compound packet and is checked as a whole first
// (A.2); after that no length inside it can lead outside of it. Views borrow the datagram.
#ifndef SANSIP_RTP_RTCP_PACKET_H_
#define SANSIP_RTP_RTCP_PACKET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sansip/rtp/ntp_time.h"

namespace sansip::rtcp {

// RFC 3550 12.1.
enum PacketType : std::uint8_t {
  kSenderReport = 200,
  kReceiverReport = 201,
  kSourceDescription = 202,
  kBye = 203,
  kApp = 204,
};

// RFC 3550 12.2.
enum ItemType : std::uint8_t {
  kEnd = 0,
  kCname = 1,
  kName = 2,
  kEmail = 3,
  kPhone = 4,
  kLocation = 5,
  kTool = 6,
  kNote = 7,
  kPrivate = 8,
};

struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;
  std::int32_t cumulative_lost = 0;  // 24 bits, signed
  std::uint32_t extended_highest = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_sr = 0;              // compact NTP time; 0: none came yet
  std::uint32_t delay_since_last_sr = 0;  // 1/65536 s

  friend constexpr bool operator==(const ReportBlock&, const ReportBlock&) = default;
};

struct SenderInfo {
  rtp::NtpTime ntp;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packet_count = 0;
  std::uint32_t octet_count = 0;

  friend constexpr bool operator==(const SenderInfo&, const SenderInfo&) = default;
};

// One packet of a compound.
struct Packet {
  std::uint8_t type = 0;
  std::uint8_t count = 0;  // RC, SC or subtype
  std::string_view body;   // behind the first four octets, without padding
};

// An SR or an RR.
class Report {
 public:
  // nullopt where the count promises more than there is.
  static std::optional<Report> Read(const Packet& packet);

  std::uint32_t ssrc() const { return ssrc_; }
  const std::optional<SenderInfo>& sender_info() const { return sender_info_; }
  std::size_t block_count() const { return blocks_.size() / kBlockOctets; }
  ReportBlock block(std::size_t i) const;  // i < block_count()

  static constexpr std::size_t kBlockOctets = 24;

 private:
  std::uint32_t ssrc_ = 0;
  std::optional<SenderInfo> sender_info_;
  std::string_view blocks_;  // what follows them is a profile's extension (6.4.3)
};

// The items of an SDES packet, chunk by chunk.
struct Item {
  std::uint32_t ssrc = 0;
  std::uint8_t type = 0;
  std::string_view text;
};
class SourceDescription {
 public:
  explicit SourceDescription(const Packet& packet) : rest_(packet.body), chunks_left_(packet.count) {}
  // The next item; nullopt at the end, and where an item leaves the packet (A.5): what came before counts.
  std::optional<Item> Next();
  // Whether all chunks were there; to be asked at the end.
  bool complete() const { return chunks_left_ == 0 && !in_chunk_; }

 private:
  std::string_view rest_;
  std::size_t chunks_left_;
  bool in_chunk_ = false;
  std::uint32_t ssrc_ = 0;
};

// BYE: the sources that leave, and why.
class Bye {
 public:
  static std::optional<Bye> Read(const Packet& packet);
  std::size_t size() const { return sources_.size() / 4; }
  std::uint32_t ssrc(std::size_t i) const;  // i < size()
  std::string_view reason() const { return reason_; }

 private:
  std::string_view sources_, reason_;
};

// A datagram that passed A.2: begins with an SR or RR without padding, every packet is of version 2, the
// lengths meet the end exactly, padding stands on the last one only.
class Compound {
 public:
  static std::optional<Compound> Read(std::string_view datagram);
  std::optional<Packet> Next();

 private:
  explicit Compound(std::string_view datagram) : rest_(datagram) {}
  std::string_view rest_;
};

}  // namespace sansip::rtcp

#endif  // SANSIP_RTP_RTCP_PACKET_H_
