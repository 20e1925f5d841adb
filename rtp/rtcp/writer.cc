#include "sansip/rtp/rtcp/writer.h"

#include "sansip/core/base/big_endian.h"
#include "sansip/core/base/check.h"

namespace sansip::rtcp {

bool Writer::Begin(PacketType type, std::size_t count, std::size_t octets) {
  SANSIP_CHECK(octets % 4 == 0 && count <= kBlocksMax);
  // RFC 3550 6.1: a compound begins with a report.
  SANSIP_CHECK(size_ != 0 || type == kSenderReport || type == kReceiverReport);
  if (octets > into_.size() - size_) return false;
  Store8(into_, size_, 0x80u | static_cast<unsigned>(count));
  Store8(into_, size_ + 1, type);
  Store16(into_, size_ + 2, static_cast<unsigned>(octets / 4 - 1));
  size_ += 4;
  return true;
}

void Writer::Append8(unsigned value) { Store8(into_, size_++, value); }

void Writer::Append32(std::uint32_t value) {
  Store32(into_, size_, value);
  size_ += 4;
}

void Writer::AppendText(std::string_view text) {
  for (char c : text) into_[size_++] = c;
}

void Writer::AppendBlocks(std::span<const ReportBlock> blocks) {
  for (const ReportBlock& block : blocks) {
    Append32(block.ssrc);
    Append32(std::uint32_t{block.fraction_lost} << 24 |
             (static_cast<std::uint32_t>(block.cumulative_lost) & 0xFFFFFF));
    Append32(block.extended_highest);
    Append32(block.jitter);
    Append32(block.last_sr);
    Append32(block.delay_since_last_sr);
  }
}

bool Writer::AddSenderReport(std::uint32_t ssrc, const SenderInfo& info,
                             std::span<const ReportBlock> blocks) {
  if (!Begin(kSenderReport, blocks.size(), 28 + blocks.size() * Report::kBlockOctets)) return false;
  Append32(ssrc);
  Append32(info.ntp.seconds());
  Append32(info.ntp.fraction());
  Append32(info.rtp_timestamp);
  Append32(info.packet_count);
  Append32(info.octet_count);
  AppendBlocks(blocks);
  return true;
}

bool Writer::AddReceiverReport(std::uint32_t ssrc, std::span<const ReportBlock> blocks) {
  if (!Begin(kReceiverReport, blocks.size(), 8 + blocks.size() * Report::kBlockOctets)) return false;
  Append32(ssrc);
  AppendBlocks(blocks);
  return true;
}

bool Writer::AddCname(std::uint32_t ssrc, std::string_view cname) {
  cname = cname.substr(0, kItemTextMax);
  // 6.5: one null octet at least ends the chunk, up to four fill its last word.
  const std::size_t nulls = 4 - (2 + cname.size()) % 4;
  if (!Begin(kSourceDescription, 1, 8 + 2 + cname.size() + nulls)) return false;
  Append32(ssrc);
  Append8(kCname);
  Append8(static_cast<unsigned>(cname.size()));
  AppendText(cname);
  for (std::size_t i = 0; i < nulls; ++i) Append8(kEnd);
  return true;
}

bool Writer::AddBye(std::uint32_t ssrc, std::string_view reason) {
  reason = reason.substr(0, kItemTextMax);
  const std::size_t text = reason.empty() ? 0 : 1 + reason.size();
  const std::size_t filled = (text + 3) / 4 * 4;
  if (!Begin(kBye, 1, 8 + filled)) return false;
  Append32(ssrc);
  if (text == 0) return true;
  Append8(static_cast<unsigned>(reason.size()));
  AppendText(reason);
  for (std::size_t i = text; i < filled; ++i) Append8(0);
  return true;
}

}  // namespace sansip::rtcp
