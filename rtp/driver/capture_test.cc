// Receiver statistics against captures of real streams, whose manifest says what an analysis of its own
// counted.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/base/big_endian.h"
#include "sansip/rtp/codec/codec.h"
#include "sansip/rtp/dtmf.h"
#include "sansip/rtp/media_time.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/rtp/statistics.h"
#include "sansip/rtp/tone.h"
#include "sansip/tests/support/shows.h"
#include "sansip/tests/support/test_data.h"

namespace sansip::rtp {
namespace {

struct Datagram {
  Instant at;
  std::uint16_t from = 0, to = 0;
  std::string payload;
};

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Unfragmented UDP over IPv4 in a link-layer frame, if this is one.
std::optional<Datagram> UdpIn(std::string_view frame, std::uint32_t link_type) {
  std::size_t at = 0;
  if (link_type == 1) {
    at = 14;
    while (frame.size() >= at + 4 && Load16(frame, at - 2) == 0x8100) at += 4;
    if (frame.size() < at || Load16(frame, at - 2) != 0x0800) return std::nullopt;
  } else if (link_type == 113) {
    at = 16;
  } else if (link_type == 0) {
    at = 4;
  }
  if (frame.size() < at + 20 || Load8(frame, at) >> 4 != 4 || Load8(frame, at + 9) != 17) return std::nullopt;
  if ((Load16(frame, at + 6) & 0x3FFF) != 0) return std::nullopt;
  at += (Load8(frame, at) & 0x0Fu) * 4;
  if (frame.size() < at + 8) return std::nullopt;
  Datagram d;
  d.from = Load16(frame, at);
  d.to = Load16(frame, at + 2);
  const std::size_t size = Load16(frame, at + 4);
  if (size < 8 || frame.size() < at + size) return std::nullopt;
  d.payload = frame.substr(at + 8, size - 8);
  return d;
}

// A capture file of either format and either byte order.
class Capture {
 public:
  explicit Capture(std::string bytes) : bytes_(std::move(bytes)) {}

  std::vector<Datagram> Read() {
    constexpr std::uint32_t kClassic = 0xA1B2C3D4, kNextGeneration = 0x0A0D0D0A, kByteOrder = 0x1A2B3C4D;
    if (bytes_.size() < 24) return {};
    if (Load32(bytes_, 0) == kNextGeneration) {
      swapped_ = Load32(bytes_, 8) != kByteOrder;
      ReadBlocks();
    } else {
      swapped_ = Load32(bytes_, 0) != kClassic;
      EXPECT_EQ(At(0), kClassic);
      ReadRecords();
    }
    return std::move(datagrams_);
  }

 private:
  std::uint32_t At(std::size_t at) const {
    const std::uint32_t value = Load32(bytes_, at);
    return swapped_ ? __builtin_bswap32(value) : value;
  }
  void Take(std::size_t at, std::size_t size, std::uint32_t link_type, Duration time) {
    if (auto datagram = UdpIn(std::string_view(bytes_).substr(at, size), link_type)) {
      datagram->at = Instant(time);
      datagrams_.push_back(*std::move(datagram));
    }
  }
  void ReadRecords() {
    for (std::size_t at = 24; at + 16 <= bytes_.size();) {
      const std::uint32_t size = At(at + 8);
      if (size > bytes_.size() - at - 16) break;
      Take(at + 16, size, At(20), std::chrono::seconds(At(at)) + std::chrono::microseconds(At(at + 4)));
      at += 16 + size;
    }
  }
  void ReadBlocks() {
    constexpr std::uint32_t kInterface = 1, kPacket = 6;
    std::uint32_t link_type = 1;
    for (std::size_t at = 0; at + 12 <= bytes_.size();) {
      const std::uint32_t type = At(at), size = At(at + 4);
      if (size < 12 || size > bytes_.size() - at) break;
      if (type == kInterface && size >= 20) link_type = At(at + 8) & 0xFFFF;
      if (type == kPacket && size >= 32 && At(at + 20) <= size - 32) {
        const std::uint64_t time = std::uint64_t{At(at + 12)} << 32 | At(at + 16);
        Take(at + 28, At(at + 20), link_type, std::chrono::microseconds(time));
      }
      at += size;
    }
  }

  std::string bytes_;
  bool swapped_ = false;
  std::vector<Datagram> datagrams_;
};

std::vector<Datagram> Read(const std::filesystem::path& path) { return Capture(Contents(path)).Read(); }

// One entry of the manifest's rtp_streams.
struct Expected {
  std::string file;
  std::uint32_t ssrc = 0;
  std::uint16_t from = 0, to = 0;
  std::uint32_t packets = 0;
  std::int64_t lost = 0;
  std::uint32_t duplicates = 0, reordered = 0;
  std::string digits;
};

std::vector<Expected> Manifest(const std::filesystem::path& path) {
  std::vector<Expected> all;
  std::istringstream lines(Contents(path));
  std::string line;
  while (std::getline(lines, line)) {
    const std::string file = line.substr(0, line.find(','));
    for (std::size_t at = line.find("ssrc "); at != std::string::npos; at = line.find("ssrc ", at + 1)) {
      Expected e;
      e.file = file;
      unsigned from = 0, to = 0;
      char types[64] = {}, digits[64] = {};
      const int read = std::sscanf(line.c_str() + at,
                                   "ssrc %x %u>%u: pt %63s lost %ld dup %u reordered %u events %63[0-9*#A-D]",
                                   &e.ssrc, &from, &to, types, &e.lost, &e.duplicates, &e.reordered, digits);
      if (read < 7) continue;
      e.from = static_cast<std::uint16_t>(from);
      e.to = static_cast<std::uint16_t>(to);
      e.digits = digits;
      for (std::string_view rest = types; !rest.empty();) {
        const std::string_view one = rest.substr(0, rest.find('/'));
        e.packets +=
            static_cast<std::uint32_t>(std::atoi(std::string(one.substr(one.find('x') + 1)).c_str()));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      }
      all.push_back(e);
    }
  }
  return all;
}

struct Heard {
  std::uint32_t packets = 0, jumps = 0, restarts = 0;
  std::optional<Statistics> statistics;
  std::int64_t lost = 0;
  std::uint32_t duplicates = 0, reordered = 0;
  std::string digits;
};

Heard Hear(const Expected& expected, const std::vector<Datagram>& datagrams, std::uint8_t event_type) {
  Heard heard;
  EventReceiver events(std::chrono::hours(1));
  for (const Datagram& datagram : datagrams) {
    if (datagram.from != expected.from || datagram.to != expected.to) continue;
    Packet packet;
    if (ParsePacket(datagram.payload, packet) != PacketError::kNone || packet.ssrc != expected.ssrc) continue;
    ++heard.packets;
    if (!heard.statistics) {
      // As if one had come before, so that the first counts like the analysis counts it.
      heard.statistics.emplace(static_cast<std::uint16_t>(packet.sequence - 1));
    }
    const auto arrival =
        heard.statistics->Receive(packet.sequence, packet.timestamp,
                                  static_cast<std::uint32_t>(UnitsIn(datagram.at - Instant(), kClockRate)));
    if (arrival == Sequence::Arrival::kJump) ++heard.jumps;
    if (arrival == Sequence::Arrival::kRestarted) ++heard.restarts;
    if (packet.payload_type != event_type) continue;
    if (const auto event = ReadEvent(packet.payload, 0)) {
      const EventReceiver::Ended ended = events.Receive(datagram.at, packet.timestamp, *event);
      for (std::size_t i = 0; i < ended.count; ++i) heard.digits += KeyOfEvent(ended.events[i].event);
    }
  }
  if (const auto last = events.OnDeadline(kNever)) heard.digits += KeyOfEvent(last->event);
  if (heard.statistics) {
    heard.duplicates = heard.statistics->sequence().duplicates();
    heard.reordered = heard.statistics->sequence().reordered();
    // The appendix counts duplicates as received; the analysis does not.
    heard.lost = heard.statistics->lost() + heard.duplicates;
  }
  return heard;
}

TEST(Captures, LossDuplicatesReorderingAndDigits) {
  SANSIP_NEEDS_TEST_DATA("rtp");
  const std::filesystem::path folder = *TestData() / "rtp";
  const std::vector<Expected> manifest = Manifest(folder / "manifest.csv");
  ASSERT_GT(manifest.size(), 30u);
  std::map<std::string, std::vector<Datagram>> files;
  std::size_t compared = 0;
  for (const Expected& expected : manifest) {
    SCOPED_TRACE(expected.file + " ssrc " + std::to_string(expected.ssrc));
    if (!files.contains(expected.file)) files[expected.file] = Read(folder / expected.file);
    const std::uint8_t event_type = expected.file == "sip-pcma-dtmf-pt96.pcap" ? 96 : 101;
    const Heard heard = Hear(expected, files[expected.file], event_type);
    EXPECT_EQ(heard.packets, expected.packets);
    EXPECT_EQ(heard.digits, expected.digits);
    // A jump restarts the counting (A.1), which the analysis does not do.
    if (heard.restarts > 1 || heard.jumps > 0) continue;
    ++compared;
    EXPECT_EQ(heard.lost, expected.lost);
    EXPECT_EQ(heard.duplicates, expected.duplicates);
    EXPECT_EQ(heard.reordered, expected.reordered);
  }
  EXPECT_GT(compared, 30u);
}

TEST(Captures, TheMilliwattToneIsFound) {
  SANSIP_NEEDS_TEST_DATA("rtp");
  std::vector<std::int16_t> samples;
  for (const Datagram& datagram : Read(*TestData() / "rtp" / "pcmu-milliwatt.pcap")) {
    Packet packet;
    if (ParsePacket(datagram.payload, packet) != PacketError::kNone || packet.payload_type != 0) continue;
    const std::size_t before = samples.size();
    samples.resize(before + packet.payload.size());
    Decode(Codec::kPcmu, packet.payload, std::span(samples).subspan(before));
  }
  ASSERT_GT(samples.size(), 16000u);
  EXPECT_NEAR(StrongestHz(std::span(samples).first(8000)), 1004, 2);
}

// What a datagram of RTCP holds, by type.
std::map<int, int> TypesIn(std::string_view datagram) {
  std::map<int, int> types;
  std::optional<rtcp::Compound> compound = rtcp::Compound::Read(datagram);
  while (compound) {
    const std::optional<rtcp::Packet> packet = compound->Next();
    if (!packet) break;
    ++types[packet->type];
  }
  return types;
}

TEST(Captures, RtcpOfRealCalls) {
  SANSIP_NEEDS_TEST_DATA("rtp");
  const auto count = [](const std::string& file) {
    std::map<int, int> types;
    for (const Datagram& datagram : Read(*TestData() / "rtp" / file)) {
      if (datagram.payload.size() < 8 || Load8(datagram.payload, 1) < 200 || Load8(datagram.payload, 1) > 207)
        continue;
      for (const auto& [type, times] : TypesIn(datagram.payload)) types[type] += times;
    }
    return types;
  };
  EXPECT_EQ(count("pcma-with-rtcp.pcap"), (std::map<int, int>{{200, 1}, {202, 1}}));
  EXPECT_EQ(count("rtcp-freeswitch-call.pcap"), (std::map<int, int>{{200, 74}, {201, 18}, {202, 92}}));
  const std::string raw = Contents(*TestData() / "rtp" / "rtcp-sr.raw");
  EXPECT_EQ(TypesIn(raw), (std::map<int, int>{{200, 1}, {202, 1}}));
}

}  // namespace
}  // namespace sansip::rtp
