// Compound RTCP packets of any bytes.
//
// Oracles: views stay within the datagram; what a report says, written again, is read as the same; a compound
// with a packet of ours behind it is still one (unless its last packet was padded).
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/rtp/rtcp/writer.h"

namespace sansip::rtcp {
namespace {

void RoundTrip(const Report& report) {
  std::vector<ReportBlock> blocks;
  for (std::size_t i = 0; i < report.block_count(); ++i) blocks.push_back(report.block(i));
  std::array<char, 1024> storage;
  Writer writer(storage);
  SANSIP_CHECK(report.sender_info() ? writer.AddSenderReport(report.ssrc(), *report.sender_info(), blocks)
                                    : writer.AddReceiverReport(report.ssrc(), blocks));
  std::optional<Compound> compound = Compound::Read(writer.wire());
  SANSIP_CHECK(compound.has_value());
  const std::optional<Report> again = Report::Read(*compound->Next());
  SANSIP_CHECK(again && again->ssrc() == report.ssrc() && again->sender_info() == report.sender_info());
  SANSIP_CHECK(again->block_count() == blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) SANSIP_CHECK(again->block(i) == blocks[i]);
}

void ReadAll(const Packet& packet, std::string_view datagram) {
  SANSIP_CHECK(packet.body.size() <= datagram.size());
  if (packet.type == kSenderReport || packet.type == kReceiverReport) {
    if (const std::optional<Report> report = Report::Read(packet)) RoundTrip(*report);
  } else if (packet.type == kSourceDescription) {
    SourceDescription description(packet);
    std::size_t octets = 0;
    while (const std::optional<Item> item = description.Next()) octets += 2 + item->text.size();
    SANSIP_CHECK(octets <= packet.body.size());
  } else if (packet.type == kBye) {
    if (const std::optional<Bye> bye = Bye::Read(packet)) {
      for (std::size_t i = 0; i < bye->size(); ++i) static_cast<void>(bye->ssrc(i));
      SANSIP_CHECK(bye->size() * 4 + bye->reason().size() <= packet.body.size());
    }
  }
}

}  // namespace
}  // namespace sansip::rtcp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip::rtcp;
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  std::optional<Compound> compound = Compound::Read(datagram);
  if (!compound) return 0;
  std::size_t octets = 0, packets = 0;
  bool padded = false;
  while (const std::optional<Packet> packet = compound->Next()) {
    padded = (static_cast<unsigned char>(datagram[octets]) & 0x20) != 0;
    octets += 4 * (1 + (static_cast<unsigned char>(datagram[octets + 2]) << 8 |
                        static_cast<unsigned char>(datagram[octets + 3])));
    ++packets;
    ReadAll(*packet, datagram);
  }
  SANSIP_CHECK(octets == size && packets > 0);
  const std::string longer = std::string(datagram) + std::string("\x80\xD2\0\0", 4);
  SANSIP_CHECK(Compound::Read(longer).has_value() == !padded);
  return 0;
}
