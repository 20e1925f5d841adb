// Captures, made here byte by byte: every file form, link layer and IP version shows the same messages, and
// one that lies or breaks off shows what it holds.
#include "sansip/tests/sim/capture.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/sim/ladder.h"

namespace sansip::sim {
namespace {

const std::string kInvite =
    "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: "
    "<sip:a@h>;tag=1\r\n"
    "To: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
const std::string kBusy =
    "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: "
    "<sip:b@h>;tag=2\r\n"
    "Call-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

std::string Number(std::uint64_t value, std::size_t size, bool is_little = false) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += static_cast<char>(value >> 8 * (is_little ? i : size - 1 - i));
  return text;
}

std::string Udp(std::uint32_t from, std::uint32_t to, const std::string& payload) {
  return Number(from, 2) + Number(to, 2) + Number(8 + payload.size(), 2) + Number(0, 2) + payload;
}
std::string Tcp(std::uint32_t sequence, const std::string& payload, std::uint32_t flags = 0x18) {
  return Number(40000, 2) + Number(5060, 2) + Number(sequence, 4) + Number(0, 4) + Number(0x50, 1) +
         Number(flags, 1) + std::string(6, '\0') + payload;
}
std::string Ipv4(std::uint32_t protocol, const std::string& payload, std::uint32_t fragment = 0) {
  return Number(0x45, 1) + Number(0, 1) + Number(20 + payload.size(), 2) + Number(0, 2) +
         Number(fragment, 2) + Number(64, 1) + Number(protocol, 1) + Number(0, 2) + Number(0xC0000201, 4) +
         Number(0xC0000202, 4) + payload;
}
std::string Ipv6(std::uint32_t protocol, const std::string& payload) {
  const std::string options = Number(protocol, 1) + std::string(7, '\0');  // hop by hop
  return Number(0x60000000, 4) + Number(options.size() + payload.size(), 2) + Number(0, 1) + Number(64, 1) +
         Number(0x20010DB8, 4) + Number(0, 8) + Number(1, 4) + Number(0x20010DB8, 4) + Number(0, 8) +
         Number(2, 4) + options + payload;
}

std::string Pcap(std::uint32_t link_type, const std::vector<std::string>& packets, bool is_little = true) {
  const auto number = [&](std::uint64_t value, std::size_t size) { return Number(value, size, is_little); };
  std::string file = number(0xA1B2C3D4, 4) + number(2, 2) + number(4, 2) + std::string(8, '\0') +
                     number(65535, 4) + number(link_type, 4);
  std::uint32_t seconds = 1'700'000'000;
  for (const std::string& packet : packets) {
    file += number(seconds++, 4) + number(250'000, 4) + number(packet.size(), 4) + number(packet.size(), 4) +
            packet;
  }
  return file;
}

std::string Block(std::uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  const std::string size = Number(body.size() + 12, 4, true);
  return Number(type, 4, true) + size + body + size;
}
std::string Pcapng(std::uint32_t link_type, const std::vector<std::string>& packets) {
  std::string file =
      Block(0x0A0D0D0A, Number(0x1A2B3C4D, 4, true) + Number(1, 4, true) + std::string(8, '\xFF'));
  file +=
      Block(1, Number(link_type, 4, true) + Number(0, 4) + Number(9, 2, true) + Number(1, 2, true) + "\x03");
  std::uint64_t milliseconds = 1'700'000'000'000;
  for (const std::string& packet : packets) {
    const std::string size = Number(packet.size(), 4, true);
    file += Block(6, Number(0, 4) + Number(milliseconds >> 32, 4, true) +
                         Number(milliseconds & 0xFFFFFFFF, 4, true) + size + size + packet);
    milliseconds += 1000;
  }
  return file;
}

struct Drawn {
  bool is_one = false;
  std::string ladder;
  CaptureFigures figures;
};

Drawn Draw(const std::string& bytes, const CaptureLimits& limits = {}) {
  Drawn drawn;
  Trace trace;
  std::vector<std::string> names;
  std::string why;
  drawn.is_one = ReadCapture(bytes, trace, names, drawn.figures, why, limits);
  for (const Record& record : trace.records()) {
    EXPECT_LT(record.node, names.size());
    EXPECT_LT(record.peer, names.size());
  }
  drawn.ladder = TextLadder(trace, names);
  return drawn;
}

const std::string kLadder =
    "             192.0.2.1:5060                        192.0.2.2:5060\n"
    "       0.000 | INVITE z9hG4bK1 ------------------> |\n"
    "       1.000 | 486 Busy Here --------------------> |\n";

std::vector<std::string> Packets(const std::string& before) {
  return {before + Ipv4(17, Udp(5060, 5060, kInvite)), before + Ipv4(17, Udp(5060, 5060, kBusy))};
}

TEST(Capture, EveryFormShowsTheSame) {
  const std::string addresses(12, 'm');
  const std::vector<std::pair<std::uint32_t, std::string>> kLinks = {
      {0, Number(2, 4, true)},
      {1, addresses + Number(0x0800, 2)},
      {1, addresses + Number(0x8100, 2) + Number(7, 2) + Number(0x0800, 2)},
      {101, ""},
      {108, Number(2, 4)},
      {113, std::string(14, 'c') + Number(0x0800, 2)},
      {228, ""},
      {276, Number(0x0800, 2) + std::string(18, 'c')}};
  for (const auto& [link_type, header] : kLinks) {
    EXPECT_EQ(Draw(Pcap(link_type, Packets(header), true)).ladder, kLadder) << link_type;
    EXPECT_EQ(Draw(Pcap(link_type, Packets(header), false)).ladder, kLadder) << link_type;
    EXPECT_EQ(Draw(Pcapng(link_type, Packets(header))).ladder, kLadder) << link_type;
  }
}

TEST(Capture, Ipv6WithExtensionHeaders) {
  const Drawn drawn = Draw(Pcap(101, {Ipv6(17, Udp(5060, 5060, kInvite))}));
  EXPECT_NE(drawn.ladder.find("[2001:db8::1]:5060"), std::string::npos) << drawn.ladder;
  EXPECT_EQ(drawn.figures.messages, 1u);
}

TEST(Capture, SegmentsArePutTogether) {
  const std::string both = kInvite + kBusy;
  const auto segment = [&](std::size_t begin, std::size_t size) {
    return Ipv4(6, Tcp(static_cast<std::uint32_t>(0xFFFFFFF0 + begin), both.substr(begin, size)));
  };
  // In order, out of order, again, and across the turn of the sequence numbers.
  const Drawn drawn = Draw(Pcap(101, {Ipv4(6, Tcp(0xFFFFFFEF, "", 2)), segment(0, 10), segment(60, 100),
                                      segment(10, 50), segment(0, 10), segment(160, both.size())}));
  EXPECT_EQ(drawn.figures.messages, 2u) << drawn.ladder;
  EXPECT_EQ(drawn.figures.unframed, 0u);
}

TEST(Capture, AStreamThatIsNotWholeGoesOnAtTheNextMessage) {
  std::vector<std::string> packets = {Ipv4(6, Tcp(1000, "the end of something\r\n\r\n"))};
  std::uint32_t sequence = 50'000;  // what is between was not captured
  for (int i = 0; i < 40; ++i) {
    packets.push_back(Ipv4(6, Tcp(sequence, kInvite)));
    sequence += static_cast<std::uint32_t>(kInvite.size());
  }
  const Drawn drawn = Draw(Pcap(101, packets));
  EXPECT_EQ(drawn.figures.gaps, 1u);
  EXPECT_EQ(drawn.figures.messages, 40u);
}

TEST(Capture, WhatIsLeftOutIsCounted) {
  std::string cut = Pcap(101, {Ipv4(17, Udp(5060, 5060, kInvite))});
  cut.resize(cut.size() - 1);
  EXPECT_EQ(Draw(cut).figures.cut_off, 1u);
  const Drawn drawn = Draw(Pcap(101, {Ipv4(17, Udp(5060, 5060, kInvite), 0x2000),
                                      Ipv4(17, Udp(53, 53, "no SIP")), Ipv4(1, "ping"), "", "\x45"}));
  EXPECT_EQ(drawn.figures.fragments, 1u);
  EXPECT_EQ(drawn.figures.packets, 5u);
  EXPECT_EQ(drawn.figures.messages, 0u);
}

TEST(Capture, EndpointsBeyondTheColumnsShareOne) {
  std::vector<std::string> packets;
  for (std::uint32_t port = 1; port <= 50; ++port) packets.push_back(Ipv4(17, Udp(port, 5060, kInvite)));
  const Drawn drawn = Draw(Pcap(101, packets), {.columns_max = 4});
  EXPECT_EQ(drawn.figures.messages, 50u);
  EXPECT_NE(drawn.ladder.find("all others"), std::string::npos);
}

TEST(Capture, AReasonPhraseDoesNotReachTheTerminal) {
  std::string evil = kBusy;
  evil.replace(evil.find("Busy Here"), 9, "\x1b[2J\x1b]0;x");
  EXPECT_EQ(Draw(Pcap(101, {Ipv4(17, Udp(5060, 5060, evil))})).ladder.find('\x1b'), std::string::npos);
}

TEST(Capture, EveryPrefixAndEveryChangedByteIsTaken) {
  for (const std::string& file : {Pcap(1, Packets(std::string(12, 'm') + Number(0x0800, 2))),
                                  Pcapng(101, {Ipv6(6, Tcp(7, kInvite))})}) {
    for (std::size_t size = 0; size <= file.size(); ++size) Draw(file.substr(0, size));
    for (std::size_t at = 0; at < std::min<std::size_t>(file.size(), 140); ++at) {
      for (const char value : {'\0', '\x7F', '\xFF'}) {
        std::string changed = file;
        changed[at] = value;
        Draw(changed);
      }
    }
  }
  EXPECT_FALSE(Draw("").is_one);
  EXPECT_FALSE(Draw("{\"format\":1}").is_one);
}

}  // namespace
}  // namespace sansip::sim
