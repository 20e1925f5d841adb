#include "sansip/rtp/rtcp/packet.h"

#include "sansip/core/base/big_endian.h"
#include "sansip/core/base/check.h"

namespace sansip::rtcp {
namespace {

constexpr std::size_t kHeaderOctets = 4;
constexpr std::size_t kSenderInfoOctets = 20;

std::size_t SizeOf(std::string_view packet) { return (std::size_t{Load16(packet, 2)} + 1) * 4; }
bool HasPadding(std::string_view packet) { return (Load8(packet, 0) & 0x20) != 0; }

}  // namespace

std::optional<Report> Report::Read(const Packet& packet) {
  const bool sender = packet.type == kSenderReport;
  std::string_view body = packet.body;
  const std::size_t fixed = 4 + (sender ? kSenderInfoOctets : 0);
  const std::size_t blocks = packet.count * kBlockOctets;
  if (body.size() < fixed || body.size() - fixed < blocks) return std::nullopt;
  Report report;
  report.ssrc_ = Load32(body, 0);
  if (sender) report.sender_info_ = {{Load64(body, 4)}, Load32(body, 12), Load32(body, 16), Load32(body, 20)};
  report.blocks_ = body.substr(fixed, blocks);
  return report;
}

ReportBlock Report::block(std::size_t i) const {
  SANSIP_CHECK(i < block_count());
  const std::size_t at = i * kBlockOctets;
  const std::uint32_t lost = Load32(blocks_, at + 4) & 0xFFFFFF;
  return {.ssrc = Load32(blocks_, at),
          .fraction_lost = Load8(blocks_, at + 4),
          .cumulative_lost = static_cast<std::int32_t>(lost) - ((lost & 0x800000) != 0 ? 0x1000000 : 0),
          .extended_highest = Load32(blocks_, at + 8),
          .jitter = Load32(blocks_, at + 12),
          .last_sr = Load32(blocks_, at + 16),
          .delay_since_last_sr = Load32(blocks_, at + 20)};
}

std::optional<Item> SourceDescription::Next() {
  while (true) {
    if (!in_chunk_) {
      if (chunks_left_ == 0 || rest_.size() < 4) return std::nullopt;
      ssrc_ = Load32(rest_, 0);
      rest_.remove_prefix(4);
      in_chunk_ = true;
    }
    if (rest_.empty()) return std::nullopt;  // A.5: no null octet ended the list
    const std::uint8_t type = Load8(rest_, 0);
    if (type == kEnd) {
      // The packet is made of whole words, so what is left of this word is the rest modulo 4.
      const std::size_t padding = rest_.size() % 4 == 0 ? 4 : rest_.size() % 4;
      rest_.remove_prefix(padding);
      in_chunk_ = false;
      --chunks_left_;
      continue;
    }
    if (rest_.size() < 2 || Load8(rest_, 1) > rest_.size() - 2) return std::nullopt;
    const std::size_t size = Load8(rest_, 1);
    const Item item{ssrc_, type, rest_.substr(2, size)};
    rest_.remove_prefix(2 + size);
    return item;
  }
}

std::optional<Bye> Bye::Read(const Packet& packet) {
  const std::size_t sources = std::size_t{packet.count} * 4;
  if (packet.body.size() < sources) return std::nullopt;
  Bye bye;
  bye.sources_ = packet.body.substr(0, sources);
  const std::string_view rest = packet.body.substr(sources);
  // A reason that does not fit is no reason to stay.
  if (!rest.empty() && Load8(rest, 0) <= rest.size() - 1) bye.reason_ = rest.substr(1, Load8(rest, 0));
  return bye;
}

std::uint32_t Bye::ssrc(std::size_t i) const {
  SANSIP_CHECK(i < size());
  return Load32(sources_, i * 4);
}

std::optional<Compound> Compound::Read(std::string_view datagram) {
  std::string_view rest = datagram;
  bool first = true;
  do {
    if (rest.size() < kHeaderOctets || Load8(rest, 0) >> 6 != 2) return std::nullopt;
    const std::uint8_t type = Load8(rest, 1);
    const std::size_t size = SizeOf(rest);
    if (size > rest.size()) return std::nullopt;
    if (first && (HasPadding(rest) || (type != kSenderReport && type != kReceiverReport)))
      return std::nullopt;
    if (HasPadding(rest)) {
      // 6.4.1: on the last packet only, whole words, not more than there is behind the header.
      const std::size_t padding = Load8(rest, size - 1);
      if (size != rest.size() || padding == 0 || padding % 4 != 0 || padding > size - kHeaderOctets) {
        return std::nullopt;
      }
    }
    rest.remove_prefix(size);
    first = false;
  } while (!rest.empty());
  return Compound(datagram);
}

std::optional<Packet> Compound::Next() {
  if (rest_.empty()) return std::nullopt;
  const std::size_t size = SizeOf(rest_);
  const std::size_t padding = HasPadding(rest_) ? Load8(rest_, size - 1) : 0;
  const Packet packet{Load8(rest_, 1), static_cast<std::uint8_t>(Load8(rest_, 0) & 0x1F),
                      rest_.substr(kHeaderOctets, size - kHeaderOctets - padding)};
  rest_.remove_prefix(size);
  return packet;
}

}  // namespace sansip::rtcp
