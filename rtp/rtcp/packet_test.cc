#include "sansip/rtp/rtcp/packet.h"

#include <algorithm>
#include <array>
#include <list>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/rtp/rtcp/writer.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtcp {
namespace {

std::string Bytes(std::initializer_list<int> octets) {
  std::string bytes;
  for (int octet : octets) bytes += static_cast<char>(octet);
  return bytes;
}
const std::string kEmptyRr = Bytes({0x80, 201, 0, 1, 1, 2, 3, 4});

constexpr ReportBlock kBlock{.ssrc = 0x11223344,
                             .fraction_lost = 64,
                             .cumulative_lost = -2,
                             .extended_highest = 0x00010005,
                             .jitter = 77,
                             .last_sr = 0xB7052000,
                             .delay_since_last_sr = 0x00054000};

// The views borrow a copy that lives as long as the test program; an exact one, so that reading past it is
// seen.
std::vector<Packet> PacketsOf(const std::string& bytes) {
  static std::list<std::vector<char>> kept;
  kept.emplace_back(bytes.begin(), bytes.end());
  const std::string_view datagram(kept.back().data(), kept.back().size());
  std::vector<Packet> packets;
  std::optional<Compound> compound = Compound::Read(datagram);
  while (compound) {
    const std::optional<Packet> packet = compound->Next();
    if (!packet) break;
    packets.push_back(*packet);
  }
  return packets;
}

TEST(Writer, SenderReport) {
  SANSIP_SHOWS("3550-6.4.1-1", "3550-6.4.1-2", "3550-12.1-1", "3550-6.1-1");
  std::array<char, 200> storage;
  Writer writer(storage);
  const SenderInfo info{{0xB44DB70520000000}, 0x01020304, 50, 8000};
  ASSERT_TRUE(writer.AddSenderReport(0xAABBCCDD, info, std::span(&kBlock, 1)));
  EXPECT_EQ(writer.wire(),
            Bytes({0x81, 200,  0,    12,   0xAA, 0xBB, 0xCC, 0xDD, 0xB4, 0x4D, 0xB7, 0x05, 0x20,
                   0,    0,    0,    1,    2,    3,    4,    0,    0,    0,    50,   0,    0,
                   0x1F, 0x40, 0x11, 0x22, 0x33, 0x44, 64,   0xFF, 0xFF, 0xFE, 0,    1,    0,
                   5,    0,    0,    0,    77,   0xB7, 0x05, 0x20, 0,    0,    5,    0x40, 0}));
  const std::vector<Packet> packets = PacketsOf(std::string(writer.wire()));
  ASSERT_EQ(packets.size(), 1u);
  const std::optional<Report> report = Report::Read(packets[0]);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->ssrc(), 0xAABBCCDDu);
  EXPECT_EQ(report->sender_info(), info);
  ASSERT_EQ(report->block_count(), 1u);
  EXPECT_EQ(report->block(0), kBlock);
}

TEST(Writer, ReceiverReports) {
  SANSIP_SHOWS("3550-6.4.2-1", "3550-6.4.2-2");
  std::array<char, 200> storage;
  Writer empty(storage);
  ASSERT_TRUE(empty.AddReceiverReport(0x01020304, {}));
  EXPECT_EQ(empty.wire(), kEmptyRr);
  Writer two(storage);
  const std::array<ReportBlock, 2> blocks{kBlock, kBlock};
  ASSERT_TRUE(two.AddReceiverReport(1, blocks));
  EXPECT_EQ(two.wire()[3], 13);
  EXPECT_EQ(two.wire().size(), 56u);
}

TEST(Writer, CnameChunkEndsInNullsForEveryLength) {
  SANSIP_SHOWS("3550-6.5-1", "3550-6.5-2", "3550-6.5-3", "3550-A.4-1", "3550-12.2-1");
  for (std::size_t size = 0; size <= 300; ++size) {
    std::array<char, 400> storage;
    storage.fill('x');
    Writer writer(storage);
    const std::string cname(size, 'c');
    ASSERT_TRUE(writer.AddReceiverReport(7, {}));
    ASSERT_TRUE(writer.AddCname(7, cname));
    const std::string wire(writer.wire());
    ASSERT_EQ(wire.size() % 4, 0u);
    EXPECT_EQ(wire[8] & 0x20, 0);
    const std::size_t end = 8 + 8 + 2 + std::min<std::size_t>(size, 255);
    ASSERT_GE(wire.size(), end + 1);
    ASSERT_LE(wire.size(), end + 4);
    for (std::size_t i = end; i < wire.size(); ++i) EXPECT_EQ(wire[i], 0);
    const std::vector<Packet> packets = PacketsOf(wire);
    ASSERT_EQ(packets.size(), 2u);
    SourceDescription sdes(packets[1]);
    const std::optional<Item> item = sdes.Next();
    ASSERT_TRUE(item);
    EXPECT_EQ(item->type, 1);
    EXPECT_EQ(item->ssrc, 7u);
    EXPECT_EQ(item->text, cname.substr(0, 255));
    EXPECT_FALSE(sdes.Next());
    EXPECT_TRUE(sdes.complete());
  }
}

TEST(Writer, ByeReasonIsPadded) {
  SANSIP_SHOWS("3550-6.6-1", "3550-6.6-4");
  for (std::size_t size = 0; size <= 8; ++size) {
    std::array<char, 64> storage;
    storage.fill('x');
    Writer writer(storage);
    ASSERT_TRUE(writer.AddReceiverReport(7, {}));
    ASSERT_TRUE(writer.AddBye(7, std::string(size, 'r')));
    const std::string wire(writer.wire());
    EXPECT_EQ(wire.size() % 4, 0u);
    const std::vector<Packet> packets = PacketsOf(wire);
    ASSERT_EQ(packets.size(), 2u);
    const std::optional<Bye> bye = Bye::Read(packets[1]);
    ASSERT_TRUE(bye);
    EXPECT_EQ(bye->size(), 1u);
    EXPECT_EQ(bye->ssrc(0), 7u);
    EXPECT_EQ(bye->reason(), std::string(size, 'r'));
    for (std::size_t i = 17 + size; i < wire.size(); ++i) EXPECT_EQ(wire[i], 0);
  }
}

TEST(Writer, DoesNotBeginWhatDoesNotFit) {
  std::array<char, 20> storage;
  Writer writer(storage);
  ASSERT_TRUE(writer.AddReceiverReport(7, {}));
  const std::size_t before = writer.wire().size();
  EXPECT_FALSE(writer.AddCname(7, "somebody@somewhere"));
  EXPECT_FALSE(writer.AddReceiverReport(7, std::span(&kBlock, 1)));
  EXPECT_EQ(writer.wire().size(), before);
  EXPECT_TRUE(writer.AddBye(7, ""));
}

TEST(Compound, BeginsWithAReport) {
  SANSIP_SHOWS("3550-A.2-1", "3550-12.1-2", "3550-6.4.1-4");
  EXPECT_TRUE(Compound::Read(kEmptyRr));
  for (int first : {0x00, 0x40, 0xC0, 0xA0}) {
    std::string bad = kEmptyRr;
    bad[0] = static_cast<char>(first);
    EXPECT_FALSE(Compound::Read(bad)) << first;
  }
  for (int type : {0, 199, 202, 203, 204, 205}) {
    std::string bad = kEmptyRr;
    bad[1] = static_cast<char>(type);
    EXPECT_FALSE(Compound::Read(bad)) << type;
  }
  EXPECT_FALSE(Compound::Read(""));
  EXPECT_FALSE(Compound::Read(kEmptyRr.substr(0, 7)));
}

TEST(Compound, LengthsMeetTheEnd) {
  SANSIP_SHOWS("3550-A.2-2");
  const std::string bye = Bytes({0x81, 203, 0, 1, 1, 2, 3, 4});
  EXPECT_EQ(PacketsOf(kEmptyRr + bye).size(), 2u);
  for (int length : {0, 2, 0xFF}) {
    std::string bad = bye;
    bad[3] = static_cast<char>(length);
    EXPECT_FALSE(Compound::Read(kEmptyRr + bad)) << length;
  }
  std::string version = bye;
  version[0] = 0x41;
  EXPECT_FALSE(Compound::Read(kEmptyRr + version));
  EXPECT_FALSE(Compound::Read(kEmptyRr + bye + "x"));
  EXPECT_FALSE(Compound::Read(kEmptyRr + "abc"));
}

TEST(Compound, UnknownTypesAreSkipped) {
  SANSIP_SHOWS("3550-A.2-3", "3550-6.1-19", "3550-6.1-12", "3550-6.7-2");
  const std::string unknown = Bytes({0x80, 210, 0, 1, 9, 9, 9, 9});
  const std::string app = Bytes({0x80, 204, 0, 2, 9, 9, 9, 9, 'X', 'X', 'X', 'X'});
  const std::string bye = Bytes({0x81, 203, 0, 1, 1, 2, 3, 4});
  const std::vector<Packet> packets = PacketsOf(kEmptyRr + unknown + app + bye);
  ASSERT_EQ(packets.size(), 4u);
  EXPECT_EQ(Bye::Read(packets[3])->ssrc(0), 0x01020304u);
}

TEST(Compound, PaddingStandsOnTheLastOnly) {
  SANSIP_SHOWS("3550-6.4.1-3");
  const std::string padded = Bytes({0xA1, 203, 0, 2, 1, 2, 3, 4, 0, 0, 0, 4});
  const std::vector<Packet> packets = PacketsOf(kEmptyRr + padded);
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[1].body.size(), 4u);
  EXPECT_FALSE(Compound::Read(kEmptyRr + padded + padded));
  for (int count : {0, 1, 3, 12, 255}) {
    std::string bad = padded;
    bad.back() = static_cast<char>(count);
    EXPECT_FALSE(Compound::Read(kEmptyRr + bad)) << count;
  }
}

TEST(Report, CountsAreNotBelieved) {
  SANSIP_SHOWS("3550-6.4.1-1", "3550-6.4.3-4");
  // RC says one block where there is none.
  std::string rr = kEmptyRr;
  rr[0] = static_cast<char>(0x81);
  ASSERT_EQ(PacketsOf(rr).size(), 1u);
  EXPECT_FALSE(Report::Read(PacketsOf(rr)[0]));
  EXPECT_FALSE(Report::Read(PacketsOf(Bytes({0x80, 201, 0, 0}))[0]));
  EXPECT_FALSE(Report::Read(PacketsOf(Bytes({0x80, 200, 0, 1, 1, 2, 3, 4}))[0]));
  // A profile's extension behind the block is skipped.
  std::array<char, 64> storage;
  Writer writer(storage);
  ASSERT_TRUE(writer.AddReceiverReport(1, std::span(&kBlock, 1)));
  std::string extended = std::string(writer.wire()) + "12345678";
  extended[3] = 9;
  const std::string sdes = Bytes({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 1, 'x', 0});
  const std::vector<Packet> packets = PacketsOf(extended + sdes);
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(Report::Read(packets[0])->block(0), kBlock);
}

TEST(SourceDescription, ChunksAndUnknownItems) {
  SANSIP_SHOWS("3550-6.5-1", "3550-6.5.8-4", "3550-A.5-1");
  // Two chunks; the first has an item of type 77 before its CNAME.
  const std::string two = Bytes(
      {0x82, 202, 0, 6, 0, 0, 0, 1, 77, 2, 'z', 'z', 1, 1, 'a', 0, 0, 0, 0, 2, 1, 3, 'b', 'c', 'd', 0, 0, 0});
  ASSERT_EQ(PacketsOf(kEmptyRr + two).size(), 2u);
  SourceDescription sdes(PacketsOf(kEmptyRr + two)[1]);
  EXPECT_EQ(sdes.Next()->type, 77);
  EXPECT_EQ(sdes.Next()->text, "a");
  const std::optional<Item> last = sdes.Next();
  EXPECT_EQ(last->ssrc, 2u);
  EXPECT_EQ(last->text, "bcd");
  EXPECT_FALSE(sdes.Next());
  EXPECT_TRUE(sdes.complete());
  // SC promises two, one is there.
  const std::string one = Bytes({0x82, 202, 0, 2, 0, 0, 0, 1, 1, 1, 'a', 0});
  SourceDescription missing(PacketsOf(kEmptyRr + one)[1]);
  EXPECT_EQ(missing.Next()->text, "a");
  EXPECT_FALSE(missing.Next());
  EXPECT_FALSE(missing.complete());
  // An item that leaves the packet.
  const std::string beyond = Bytes({0x81, 202, 0, 2, 0, 0, 0, 1, 1, 200, 'a', 0});
  SourceDescription cut(PacketsOf(kEmptyRr + beyond)[1]);
  EXPECT_FALSE(cut.Next());
  EXPECT_FALSE(cut.complete());
}

TEST(Bye, CountsAndReasonsAreNotBelieved) {
  SANSIP_SHOWS("3550-6.6-1");
  const auto bye = [](std::initializer_list<int> octets) {
    return Bye::Read(PacketsOf(kEmptyRr + Bytes(octets))[1]);
  };
  EXPECT_EQ(bye({0x80, 203, 0, 0})->size(), 0u);
  EXPECT_EQ(bye({0x82, 203, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2})->size(), 2u);
  EXPECT_FALSE(bye({0x82, 203, 0, 1, 0, 0, 0, 1}));
  EXPECT_EQ(bye({0x81, 203, 0, 2, 0, 0, 0, 1, 200, 'a', 'b', 'c'})->reason(), "");
  EXPECT_EQ(bye({0x81, 203, 0, 2, 0, 0, 0, 1, 3, 'a', 'b', 'c'})->reason(), "abc");
}

TEST(Compound, AnyBytesAreAnswered) {
  rtp::SeededRandom random(9);
  int accepted = 0;
  for (int round = 0; round < 50000; ++round) {
    std::string datagram;
    const int count = static_cast<int>(random.Next() % 4) + 1;
    for (int i = 0; i < count; ++i) {
      const int words = static_cast<int>(random.Next() % 5);
      datagram += Bytes({static_cast<int>(0x80 | random.Next() % 8),
                         i == 0 ? 201 : static_cast<int>(200 + random.Next() % 6), 0, words});
      for (int k = 0; k < words * 4; ++k) datagram += static_cast<char>(random.Next() % 8);
    }
    if (round % 3 == 0) datagram[random.Next() % datagram.size()] ^= static_cast<char>(random.Next());
    for (const Packet& packet : PacketsOf(datagram)) {
      ++accepted;
      if (const auto report = Report::Read(packet); report && packet.type <= kReceiverReport) {
        for (std::size_t i = 0; i < report->block_count(); ++i) static_cast<void>(report->block(i));
      }
      SourceDescription sdes(packet);
      while (sdes.Next()) {
      }
      if (const auto bye = Bye::Read(packet)) {
        for (std::size_t i = 0; i < bye->size(); ++i) static_cast<void>(bye->ssrc(i));
      }
    }
  }
  EXPECT_GT(accepted, 10000);
}

}  // namespace
}  // namespace sansip::rtcp
