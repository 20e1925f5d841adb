// Compound RTCP packets (RFC 3550 6.1, 6.4-6.6), written into storage of the caller. A packet that does not
// fit is not begun. The first is always a report; SDES with the CNAME follows; BYE comes last.
#ifndef SANSIP_RTP_RTCP_WRITER_H_
#define SANSIP_RTP_RTCP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sansip/rtp/rtcp/packet.h"

namespace sansip::rtcp {

inline constexpr std::size_t kBlocksMax = 31;
inline constexpr std::size_t kItemTextMax = 255;

class Writer {
 public:
  explicit Writer(std::span<char> into) : into_(into) {}

  // At most kBlocksMax blocks; further ones go into another AddReceiverReport.
  [[nodiscard]] bool AddSenderReport(std::uint32_t ssrc, const SenderInfo& info,
                                     std::span<const ReportBlock> blocks);
  [[nodiscard]] bool AddReceiverReport(std::uint32_t ssrc, std::span<const ReportBlock> blocks);
  // `cname` is cut at kItemTextMax octets (A.4).
  [[nodiscard]] bool AddCname(std::uint32_t ssrc, std::string_view cname);
  [[nodiscard]] bool AddBye(std::uint32_t ssrc, std::string_view reason);

  std::string_view wire() const { return {into_.data(), size_}; }

 private:
  bool Begin(PacketType type, std::size_t count, std::size_t octets);
  void Append8(unsigned value);
  void Append32(std::uint32_t value);
  void AppendText(std::string_view text);
  void AppendBlocks(std::span<const ReportBlock> blocks);

  std::span<char> into_;
  std::size_t size_ = 0;
};

}  // namespace sansip::rtcp

#endif  // SANSIP_RTP_RTCP_WRITER_H_
