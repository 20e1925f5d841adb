#include "sansip/rtp/packet.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/base/big_endian.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

std::string Bytes(std::initializer_list<int> octets) {
  std::string bytes;
  for (int octet : octets) bytes += static_cast<char>(octet);
  return bytes;
}
// V=2, PT 8 with marker, sequence 0x1234, timestamp 0x01020304, SSRC 0xA0B0C0D0.
std::string Fixed(int first = 0x80) {
  return Bytes({first, 0x88, 0x12, 0x34, 1, 2, 3, 4, 0xA0, 0xB0, 0xC0, 0xD0});
}

PacketError ErrorOf(const std::string& datagram) {
  const std::string exact(datagram);
  Packet packet;
  return ParsePacket(exact, packet);
}

TEST(Packet, FixedHeader) {
  SANSIP_SHOWS("3550-5.1-1", "3550-4-1");
  const std::string datagram = Fixed() + "payload";
  Packet p;
  ASSERT_EQ(ParsePacket(datagram, p), PacketError::kNone);
  EXPECT_TRUE(p.marker);
  EXPECT_EQ(p.payload_type, 8);
  EXPECT_EQ(p.sequence, 0x1234);
  EXPECT_EQ(p.timestamp, 0x01020304u);
  EXPECT_EQ(p.ssrc, 0xA0B0C0D0u);
  EXPECT_EQ(p.csrc_count(), 0u);
  EXPECT_FALSE(p.has_extension);
  EXPECT_EQ(p.payload, "payload");
  std::array<char, kHeaderOctets> written{};
  WriteHeader({p.marker, p.payload_type, p.sequence, p.timestamp, p.ssrc}, written);
  EXPECT_EQ(std::string(written.begin(), written.end()), Fixed());
}

TEST(Packet, ShortVersionAndRtcp) {
  SANSIP_SHOWS("3550-A.1-1", "3550-A.1-2", "3550-12-1");
  for (std::size_t size = 0; size < kHeaderOctets; ++size) {
    EXPECT_EQ(ErrorOf(Fixed().substr(0, size)), PacketError::kTooShort);
  }
  for (int first : {0x00, 0x40, 0xC0}) EXPECT_EQ(ErrorOf(Fixed(first)), PacketError::kVersion);
  std::string rtcp = Fixed();
  for (int second : {200, 201}) {
    rtcp[1] = static_cast<char>(second);
    EXPECT_EQ(ErrorOf(rtcp), PacketError::kRtcp);
  }
}

TEST(Packet, ContributingSources) {
  SANSIP_SHOWS("3550-5.1-16");
  std::string datagram = Fixed(0x8F);
  for (int i = 0; i < 15; ++i) datagram += Bytes({0, 0, 1, i});
  datagram += "x";
  Packet p;
  ASSERT_EQ(ParsePacket(datagram, p), PacketError::kNone);
  ASSERT_EQ(p.csrc_count(), 15u);
  EXPECT_EQ(p.csrc(14), 0x10Eu);
  EXPECT_EQ(p.payload, "x");
  EXPECT_EQ(ErrorOf(datagram.substr(0, 12 + 59)), PacketError::kCsrc);
  EXPECT_EQ(ErrorOf(Fixed(0x81)), PacketError::kCsrc);
}

TEST(Packet, Extension) {
  SANSIP_SHOWS("3550-5.1-3", "3550-5.3.1-3", "3550-5.3.1-4", "3551-2-2", "3550-A.1-4");
  Packet p;
  const std::string with_words = Fixed(0x90) + Bytes({0x12, 0x34, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8}) + "x";
  ASSERT_EQ(ParsePacket(with_words, p), PacketError::kNone);
  EXPECT_TRUE(p.has_extension);
  EXPECT_EQ(p.extension_profile, 0x1234);
  EXPECT_EQ(p.extension, Bytes({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(p.payload, "x");
  const std::string empty = Fixed(0x90) + Bytes({0, 1, 0, 0}) + "x";
  ASSERT_EQ(ParsePacket(empty, p), PacketError::kNone);
  EXPECT_EQ(p.extension, "");
  EXPECT_EQ(p.payload, "x");
  EXPECT_EQ(ErrorOf(Fixed(0x90)), PacketError::kExtension);
  EXPECT_EQ(ErrorOf(Fixed(0x90) + Bytes({0, 1, 0})), PacketError::kExtension);
  EXPECT_EQ(ErrorOf(Fixed(0x90) + Bytes({0, 1, 0, 1, 0, 0, 0})), PacketError::kExtension);
  EXPECT_EQ(ErrorOf(Fixed(0x90) + Bytes({0, 1, 0xFF, 0xFF, 0, 0, 0, 0})), PacketError::kExtension);
}

TEST(Packet, Padding) {
  SANSIP_SHOWS("3550-5.1-2", "3550-A.1-3");
  Packet p;
  const std::string padded = Fixed(0xA0) + "data" + Bytes({0, 0, 0, 4});
  ASSERT_EQ(ParsePacket(padded, p), PacketError::kNone);
  EXPECT_EQ(p.payload, "data");
  EXPECT_EQ(ErrorOf(Fixed(0xA0) + "data" + Bytes({0})), PacketError::kPadding);
  EXPECT_EQ(ErrorOf(Fixed(0xA0) + "data" + Bytes({6})), PacketError::kPadding);
  EXPECT_EQ(ErrorOf(Fixed(0xA0) + Bytes({1})), PacketError::kPadding);
  EXPECT_EQ(ErrorOf(Fixed(0xA0)), PacketError::kPadding);
  EXPECT_EQ(ErrorOf(Fixed(0xA0) + Bytes({255})), PacketError::kPadding);
  // The count may not reach into the extension.
  EXPECT_EQ(ErrorOf(Fixed(0xB0) + Bytes({0, 1, 0, 1, 9, 9, 9, 9, 2})), PacketError::kPadding);
}

TEST(Packet, AnyBytesAreAnswered) {
  SeededRandom random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string datagram(random.Next() % 48, '\0');
    for (char& c : datagram) c = static_cast<char>(random.Next());
    if (!datagram.empty() && round % 2 == 0) datagram[0] = static_cast<char>(0x80 | (datagram[0] & 0x3F));
    Packet p;
    if (ParsePacket(datagram, p) != PacketError::kNone) continue;
    EXPECT_LE(kHeaderOctets + p.csrcs.size() + p.extension.size() + p.payload.size(), datagram.size());
  }
}

}  // namespace
}  // namespace sansip::rtp
