#include "sansip/rtp/session.h"

#include <cmath>
#include <set>

#include "gtest/gtest.h"
#include "sansip/rtp/session_party.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const SocketAddress kPeer = At("198.51.100.9", 5004);

TEST(Sending, OnePacketEach20Milliseconds) {
  SANSIP_SHOWS("3550-5.1-7", "3550-5.1-9", "3550-5.1-10", "3551-4.1-3", "3551-4.2-2", "3551-4.3-3",
               "4961-3-1");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(10));
  ASSERT_EQ(a.rtp.size(), 500u);
  const Packet first = a.rtp[0].rtp();
  for (std::size_t i = 0; i < a.rtp.size(); ++i) {
    const Packet p = a.rtp[i].rtp();
    EXPECT_EQ(a.rtp[i].to, kPeer);
    EXPECT_EQ(a.rtp[i].at - a.rtp[0].at, i * milliseconds(20));
    EXPECT_EQ(p.sequence, static_cast<std::uint16_t>(first.sequence + i));
    EXPECT_EQ(p.timestamp, first.timestamp + i * 160);
    EXPECT_EQ(p.ssrc, first.ssrc);
    EXPECT_EQ(p.payload_type, 0);
    EXPECT_FALSE(p.marker);
    EXPECT_EQ(p.payload.size(), 160u);
  }
}

TEST(Sending, BeginningsAreNotToBeGuessed) {
  SANSIP_SHOWS("3550-5.1-8", "3550-5.1-12", "3550-5.1-14", "3550-A.6-1");
  std::set<std::uint32_t> ssrcs, timestamps;
  std::set<std::uint16_t> sequences;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Party a(seed);
    a.speak = SpeakSilence;
    a.Configure(PlainStream());
    a.RunFor(milliseconds(20));
    ASSERT_EQ(a.rtp.size(), 1u);
    const Packet p = a.rtp[0].rtp();
    ssrcs.insert(p.ssrc);
    timestamps.insert(p.timestamp);
    sequences.insert(p.sequence);
  }
  EXPECT_EQ(ssrcs.size(), 100u);
  EXPECT_EQ(timestamps.size(), 100u);
  EXPECT_GT(sequences.size(), 95u);
  EXPECT_LT(*sequences.begin(), 0x2000);
  EXPECT_GT(*sequences.rbegin(), 0xE000);
}

TEST(Sending, SilenceAdvancesTheTimestampAndMarksWhatFollows) {
  SANSIP_SHOWS("3550-5.1-11", "3551-4.1-2");
  Party a;
  a.Configure(PlainStream());
  a.speak = SpeakSilence;
  a.RunFor(milliseconds(100));
  a.speak = nullptr;
  a.RunFor(milliseconds(200));
  a.speak = SpeakSilence;
  a.RunFor(milliseconds(100));
  ASSERT_EQ(a.rtp.size(), 10u);
  const Packet before = a.rtp[4].rtp(), after = a.rtp[5].rtp();
  EXPECT_EQ(after.sequence, static_cast<std::uint16_t>(before.sequence + 1));
  EXPECT_EQ(after.timestamp, before.timestamp + 11 * 160);
  EXPECT_TRUE(after.marker);
  for (std::size_t i : {0u, 4u, 6u, 9u}) EXPECT_FALSE(a.rtp[i].rtp().marker);
}

TEST(Sending, FramesAreSentWhenDueAndInTheirSize) {
  Party a;
  SinkOf<SessionAction, 8> sink;
  const std::vector<std::int16_t> frame(160), small(80);
  EXPECT_EQ(a.session.SendFrame(kStart, frame, sink), SendResult::kNotDue);
  a.Configure(PlainStream());
  EXPECT_EQ(a.session.SendFrame(kStart, frame, sink), SendResult::kNotDue);
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.session.SendFrame(a.now, small, sink), SendResult::kWrongSize);
  EXPECT_EQ(a.session.SendFrame(a.now, frame, sink), SendResult::kSent);
  EXPECT_EQ(a.session.SendFrame(a.now, frame, sink), SendResult::kNotDue);
  EXPECT_EQ(sink.size(), 1u);
}

TEST(Sending, PacketTimeOfThePeer) {
  SANSIP_SHOWS("3264-8.3.4-2", "3551-4.5.14-4");
  Party a;
  a.speak = SpeakSilence;
  Stream stream = PlainStream();
  a.Configure(stream);
  a.RunFor(milliseconds(100));
  stream.send_ptime_ms = 40;
  a.Configure(stream);
  a.RunFor(milliseconds(400));
  const Packet last = a.rtp.back().rtp(), before = a.rtp[a.rtp.size() - 2].rtp();
  EXPECT_EQ(last.payload.size(), 320u);
  EXPECT_EQ(last.timestamp - before.timestamp, 320u);
  EXPECT_EQ(a.rtp.back().at - a.rtp[a.rtp.size() - 2].at, milliseconds(40));
}

TEST(Sending, AStallIsSkippedAndNotSentInABurst) {
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(milliseconds(100));
  a.now += seconds(3);
  const std::size_t before = a.rtp.size();
  while (a.session.next_deadline() <= a.now) a.OnDeadline();
  EXPECT_LE(a.rtp.size() - before, 2u);
  EXPECT_GT(a.session.statistics().ticks_skipped, 140u);
  a.RunFor(milliseconds(100));
  const Packet first = a.rtp.front().rtp(), last = a.rtp.back().rtp();
  EXPECT_EQ(last.timestamp - first.timestamp,
            160 * ((a.rtp.back().at - a.rtp.front().at) / milliseconds(20)));
}

TEST(Sending, MoreThanAllSequenceNumbers) {
  SANSIP_SHOWS("3550-5.1-7");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  std::uint32_t count = 0;
  std::optional<std::uint16_t> before;
  a.deliver = [&](const Datagram& d, bool is_rtcp) {
    if (is_rtcp) return;
    const std::uint16_t sequence = d.rtp().sequence;
    if (before) {
      ASSERT_EQ(sequence, static_cast<std::uint16_t>(*before + 1));
    }
    before = sequence;
    ++count;
  };
  a.RunFor(seconds(1400));
  EXPECT_EQ(count, 70000u);
}

TEST(Sending, DirectionAndHold) {
  SANSIP_SHOWS("8866-6.7.4-1", "8866-6.7.1-1", "3264-5.1-5", "4566-6-1", "4566-6-3");
  Party a;
  a.speak = SpeakSilence;
  Stream stream = PlainStream();
  stream.direction = Direction::kInactive;
  a.Configure(stream);
  a.RunFor(seconds(30));
  EXPECT_TRUE(a.rtp.empty());
  EXPECT_GT(a.rtcp.size(), 3u);
  stream.direction = Direction::kRecvOnly;
  a.Configure(stream);
  a.RunFor(seconds(30));
  EXPECT_TRUE(a.rtp.empty());
  EXPECT_GT(a.rtcp.size(), 8u);
  stream.direction = Direction::kSendOnly;
  a.Configure(stream);
  a.RunFor(seconds(1));
  EXPECT_EQ(a.rtp.size(), 50u);
  // c=0.0.0.0: neither RTP nor RTCP.
  stream.direction = Direction::kSendRecv;
  stream.remote_rtp = stream.remote_rtcp = SocketAddress();
  stream.sends_rtcp = false;
  a.Configure(stream);
  const std::size_t reports = a.rtcp.size();
  a.RunFor(seconds(60));
  EXPECT_EQ(a.rtp.size(), 50u);
  EXPECT_EQ(a.rtcp.size(), reports);
  // Resumed: the timeline has run on.
  a.Configure(PlainStream());
  a.RunFor(milliseconds(40));
  ASSERT_EQ(a.rtp.size(), 52u);
  EXPECT_TRUE(a.rtp[50].rtp().marker);
  EXPECT_EQ(a.rtp[50].rtp().timestamp - a.rtp[49].rtp().timestamp,
            (a.rtp[50].at - a.rtp[49].at) / milliseconds(20) * 160);
}

TEST(Sending, NothingOfAStreamThatWasTakenAway) {
  SANSIP_SHOWS("3264-6-8", "3264-8.2-7");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(10));
  const std::size_t packets = a.rtp.size(), reports = a.rtcp.size();
  EXPECT_GT(reports, 0u);
  Stream none;
  none.direction = Direction::kInactive;
  none.sends_rtcp = false;
  a.Configure(none);
  Talker peer;
  for (int i = 0; i < 100; ++i) a.OnRtp(At("198.51.100.9", 5004), peer.Next());
  a.RunFor(seconds(60));
  EXPECT_EQ(a.rtp.size(), packets);
  EXPECT_EQ(a.rtcp.size(), reports);
  EXPECT_TRUE(a.heard.empty());
  EXPECT_EQ(a.session.statistics().packets_received, 0u);
}

// RFC 3264 5.1: what an offer receives while its answer is on its way.
TEST(Receiving, MediaMayBeFasterThanTheAnswer) {
  SANSIP_SHOWS("3264-5.1-28", "3264-5.1-29", "3264-5.1-30", "3264-6.1-39");
  Party a(1, {.cname = "a@192.0.2.1", .latch = LatchPolicy::kAnyHost});
  a.speak = SpeakSilence;
  Stream offered;
  offered.direction = Direction::kRecvOnly;
  offered.sends_rtcp = false;
  offered.receive = PlainStream().receive;
  a.Configure(offered);
  Talker peer;
  for (int i = 0; i < 500; ++i) {
    a.OnRtp(At("198.51.100.9", 5004), peer.Next());
    a.RunFor(milliseconds(20));
  }
  EXPECT_GT(a.heard.size(), 490u * 160);
  EXPECT_TRUE(a.rtp.empty());
  EXPECT_TRUE(a.rtcp.empty());
  a.Configure(PlainStream());
  a.RunFor(milliseconds(40));
  EXPECT_EQ(a.rtp.size(), 2u);
}

// RFC 3264 6.1, 7: the answerer sends at once, and is heard as soon as there is an agreement.
TEST(Receiving, RightAfterTheAnswer) {
  SANSIP_SHOWS("3264-6.1-37", "3264-6.1-38", "3264-6.1-41", "3264-7-1");
  for (const Direction direction : {Direction::kRecvOnly, Direction::kSendRecv}) {
    Party a;
    a.speak = SpeakSilence;
    Stream stream = PlainStream();
    stream.direction = direction;
    a.Configure(stream);
    Talker peer;
    for (int i = 0; i < 3; ++i) a.OnRtp(At("198.51.100.9", 5004), peer.Next());
    EXPECT_EQ(a.session.statistics().packets_received, 2u);  // the first one of a source waits for another
    a.RunFor(milliseconds(100));
    EXPECT_FALSE(a.heard.empty());
    EXPECT_EQ(a.rtp.empty(), direction == Direction::kRecvOnly);
  }
}

TEST(Receiving, AFormatThatWasLeftOutIsNoError) {
  SANSIP_SHOWS("3264-8.3.2-13", "3264-7-5");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  for (int i = 0; i < 3; ++i) a.OnRtp(At("198.51.100.9", 5004), peer.Next());
  Stream stream = PlainStream();
  stream.receive = FormatList();
  stream.receive.push_back({Codec::kPcma, 8});
  a.Configure(stream);
  const std::uint64_t received = a.session.statistics().packets_received;
  for (int i = 0; i < 3; ++i) a.OnRtp(At("198.51.100.9", 5004), peer.Next());
  EXPECT_EQ(a.session.statistics().packets_received, received);
  EXPECT_EQ(a.session.statistics().unknown_payload_type, 3u);
  EXPECT_EQ(a.session.statistics().invalid, 0u);
}

TEST(Receiving, PlaysWhatWasSaid) {
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  for (int i = 0; i < 100; ++i) {
    a.OnRtp(kPeer, peer.Next(160, static_cast<char>(0x80 + i)));
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.session.statistics().packets_received, 99u);  // the first was its probation
  EXPECT_EQ(a.session.statistics().lost, 0);
  EXPECT_EQ(a.session.statistics().jitter, 0u);
  EXPECT_EQ(a.session.statistics().samples_missing, 0u);
  ASSERT_GT(a.heard.size(), 90u * 160);
  // The lead-in, then packet after packet.
  std::size_t at = 0;
  while (a.heard[at] == 0) ++at;
  EXPECT_EQ(at % 160, 0u);
  for (std::size_t i = 0; at < a.heard.size(); at += 160, ++i) {
    std::int16_t expected = 0;
    const char code = static_cast<char>(0x81 + i);
    Decode(Codec::kPcmu, {&code, 1}, {&expected, 1});
    EXPECT_EQ(a.heard[at], expected);
    EXPECT_EQ(a.heard[at + 159], expected);
  }
}

TEST(Receiving, LossIsCountedAndHeardAsSilence) {
  SANSIP_SHOWS("3551-2-11");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  for (int i = 0; i < 1000; ++i) {
    const std::string packet = peer.Next();
    if (i % 10 != 5) a.OnRtp(kPeer, packet);
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.session.statistics().lost, 100);
  EXPECT_EQ(a.session.statistics().samples_missing, 100u * 160);
}

TEST(Receiving, SilenceOfThePeerIsNoLoss) {
  SANSIP_SHOWS("3551-4.1-1", "3551-4.1-4");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  const auto talk = [&](int packets) {
    for (int i = 0; i < packets; ++i) {
      a.OnRtp(kPeer, peer.Next());
      a.RunFor(milliseconds(20));
    }
  };
  talk(50);
  a.RunFor(seconds(3));
  peer.timestamp += 24000;
  talk(50);
  EXPECT_EQ(a.session.statistics().lost, 0);
  EXPECT_EQ(a.session.statistics().late, 0u);
  EXPECT_EQ(a.session.statistics().samples_missing, 0u);
  EXPECT_EQ(a.heard.back(), a.heard[200 * 8]);
}

TEST(Receiving, PayloadTypesChangeAtAnyPacket) {
  SANSIP_SHOWS("3550-5.1-5", "3550-5.1-6", "3264-5.1-11", "3264-6.1-40", "8866-5.14-8");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  for (int i = 0; i < 100; ++i) {
    peer.payload_type = i % 2 == 0 ? 0 : 8;
    a.OnRtp(kPeer, peer.Next(160, i % 2 == 0 ? '\x80' : '\xAA'));
    Talker unknown = peer;
    unknown.payload_type = 99;
    a.OnRtp(kPeer, unknown.Next());
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.session.statistics().unknown_payload_type, 100u);
  EXPECT_EQ(a.session.statistics().lost, 0);
  EXPECT_EQ(a.session.statistics().packets_received, 99u);
  EXPECT_EQ(a.session.statistics().samples_missing, 0u);
  EXPECT_EQ(a.heard.back(), a.heard[a.heard.size() - 400]);
  EXPECT_NE(a.heard.back(), a.heard[a.heard.size() - 200]);
}

TEST(Receiving, BrokenPacketsChangeNothing) {
  SANSIP_SHOWS("3551-2-1", "3550-A.1-4");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  a.OnRtp(kPeer, peer.Next());
  a.OnRtp(kPeer, peer.Next());
  std::string wire = peer.Next();
  for (std::size_t size = 0; size < kHeaderOctets; ++size) a.OnRtp(kPeer, wire.substr(0, size));
  for (int first : {0x00, 0x40, 0xC0, 0xA0, 0x8F}) {
    std::string bad = wire.substr(0, 14);
    bad[0] = static_cast<char>(first);
    a.OnRtp(kPeer, bad);
  }
  a.OnRtp(kPeer, wire + std::string(Session::kDatagramMax, 'x'));
  EXPECT_EQ(a.session.statistics().invalid, 12u + 5 + 1);
  EXPECT_EQ(a.session.statistics().packets_received, 1u);
  // An extension is skipped.
  wire.insert(12, std::string("\x12\x34\0\1abcd", 8));
  wire[0] = static_cast<char>(0x90);
  a.OnRtp(kPeer, wire);
  EXPECT_EQ(a.session.statistics().packets_received, 2u);
  EXPECT_EQ(a.session.statistics().octets_received, 320u);
}

TEST(Receiving, AnotherSsrcIsPlayedWhenTheFirstFallsSilent) {
  SANSIP_SHOWS("3550-6.4.1-10", "3550-8.2-11");
  Party a;
  a.Configure(PlainStream());
  Talker first, second{.ssrc = 0xBEEF, .sequence = 7, .timestamp = 9};
  for (int i = 0; i < 20; ++i) {
    a.OnRtp(kPeer, first.Next());
    a.OnRtp(kPeer, second.Next());
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.played, (std::vector<std::uint32_t>{0xCAFE}));
  for (int i = 0; i < 20; ++i) {
    a.OnRtp(kPeer, second.Next());
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.played, (std::vector<std::uint32_t>{0xCAFE, 0xBEEF}));
  EXPECT_EQ(a.session.statistics().lost, 0);
}

TEST(Latching, FirstValidSourceOfTheSignalledHost) {
  SANSIP_SHOWS("3550-11-5", "3264-5.1-9", "4961-5-1");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to, kPeer);
  const SocketAddress mapped = At("198.51.100.9", 61000);
  Talker peer, stranger{.ssrc = 0xBAD};
  a.OnRtp(At("203.0.113.66", 5004), stranger.Next());
  a.OnRtp(At("203.0.113.66", 5004), stranger.Next());
  a.OnRtp(mapped, peer.Next());
  EXPECT_TRUE(a.latched.empty());  // one packet is none
  a.OnRtp(mapped, peer.Next());
  EXPECT_EQ(a.latched, (std::vector<SocketAddress>{mapped}));
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to, mapped);
  EXPECT_EQ(a.session.statistics().strangers, 2u);
  EXPECT_EQ(a.played, (std::vector<std::uint32_t>{0xCAFE}));
}

TEST(Latching, NobodyStealsALatchedStream) {
  SANSIP_SHOWS("4961-5-1", "3550-8.2-4", "3550-8.2-11");
  for (LatchPolicy policy : {LatchPolicy::kSignalledOnly, LatchPolicy::kSameHost, LatchPolicy::kAnyHost}) {
    Party a(1, {.cname = "a", .latch = policy});
    a.Configure(PlainStream());
    Talker peer, thief, twin;
    a.OnRtp(kPeer, peer.Next());
    for (int i = 1; i < 100; ++i) {
      a.OnRtp(kPeer, peer.Next());
      // One with an SSRC of its own from everywhere, one that knows even SSRC and sequence.
      thief.ssrc = 0xBAD;
      twin = peer;
      a.OnRtp(At("203.0.113.66", static_cast<std::uint16_t>(5000 + i)), thief.Next());
      a.OnRtp(At("198.51.100.9", 61000), thief.Next());
      a.OnRtp(At("203.0.113.66", 5004), twin.Next());
      a.OnRtp(At("203.0.113.66", 5004), twin.Next());
      a.RunFor(milliseconds(20));
    }
    EXPECT_EQ(a.latched, (std::vector<SocketAddress>{kPeer}));
    EXPECT_EQ(a.played, (std::vector<std::uint32_t>{0xCAFE}));
    EXPECT_EQ(a.session.statistics().packets_received, 99u);
  }
}

TEST(Latching, TheSignalledAddressWinsItsStreamBack) {
  Party a(1, {.cname = "a", .latch = LatchPolicy::kAnyHost});
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  const SocketAddress early = At("203.0.113.66", 4000);
  Talker thief{.ssrc = 0xBAD}, peer;
  for (int i = 0; i < 3; ++i) a.OnRtp(early, thief.Next());
  EXPECT_EQ(a.latched, (std::vector<SocketAddress>{early}));
  for (int i = 0; i < 3; ++i) a.OnRtp(kPeer, peer.Next());
  EXPECT_EQ(a.latched, (std::vector<SocketAddress>{early, kPeer}));
  for (int i = 0; i < 100; ++i) a.OnRtp(early, thief.Next());
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to, kPeer);
  EXPECT_EQ(a.latched.size(), 2u);
}

TEST(Latching, AMovedSourceIsFollowedByItsSequence) {
  SANSIP_SHOWS("3550-8.2-3", "3550-8.2-10");
  Party a(1, {.cname = "a", .latch = LatchPolicy::kAnyHost});
  a.Configure(PlainStream());
  Talker peer;
  for (int i = 0; i < 100; ++i) {
    a.OnRtp(kPeer, peer.Next());
    a.RunFor(milliseconds(20));
  }
  const SocketAddress moved = At("203.0.113.7", 7000);
  // While the old address speaks, or with another sequence, nothing moves.
  a.OnRtp(moved, peer.Next());
  a.OnRtp(moved, peer.Next());
  EXPECT_EQ(a.latched.size(), 1u);
  a.RunFor(seconds(1));
  Talker far = peer;
  far.sequence = static_cast<std::uint16_t>(far.sequence + 20000);
  for (int i = 0; i < 5; ++i) a.OnRtp(At("203.0.113.66", 1), far.Next());
  EXPECT_EQ(a.latched.size(), 1u);
  for (int i = 0; i < 5; ++i) a.OnRtp(moved, peer.Next());
  EXPECT_EQ(a.latched, (std::vector<SocketAddress>{kPeer, moved}));
  EXPECT_EQ(a.played, (std::vector<std::uint32_t>{0xCAFE}));  // statistics and playout go on
  EXPECT_GT(a.session.statistics().packets_received, 100u);
  EXPECT_LT(a.session.statistics().lost, 10);
}

TEST(Latching, RenegotiationOpensItAgain) {
  SANSIP_SHOWS("3264-8.3.1-1", "3264-8.3.1-7");
  Party a;
  a.speak = SpeakSilence;
  Stream stream = PlainStream();
  a.Configure(stream);
  Talker peer;
  for (int i = 0; i < 3; ++i) a.OnRtp(At("198.51.100.9", 61000), peer.Next());
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to.port, 61000);
  a.Configure(stream);  // the same: nothing changes
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to.port, 61000);
  stream.remote_rtp = At("198.51.100.10", 6000);
  stream.remote_rtcp = At("198.51.100.10", 6001);
  a.Configure(stream);
  const std::uint32_t ssrc = a.rtp.back().rtp().ssrc;
  a.RunFor(milliseconds(20));
  EXPECT_EQ(a.rtp.back().to, stream.remote_rtp);
  EXPECT_EQ(a.rtp.back().rtp().ssrc, ssrc);
  for (int i = 0; i < 3; ++i) a.OnRtp(At("198.51.100.9", 61000), peer.Next());
  EXPECT_EQ(a.latched.size(), 1u);
}

TEST(Latching, AFloodOfStrangersDoesNotKeepThePeerOut) {
  Party a(1, {.cname = "a", .latch = LatchPolicy::kAnyHost});
  a.Configure(PlainStream());
  SeededRandom random(4);
  Talker peer;
  for (int i = 0; i < 50; ++i) {
    for (int k = 0; k < 40; ++k) {
      Talker stranger{.ssrc = static_cast<std::uint32_t>(random.Next()),
                      .sequence = static_cast<std::uint16_t>(random.Next())};
      a.OnRtp(At("203.0.113.66", static_cast<std::uint16_t>(1024 + UniformBelow(random, 60000))),
              stranger.Next());
    }
    a.OnRtp(kPeer, peer.Next());
    a.RunFor(milliseconds(20));
  }
  EXPECT_EQ(a.latched.back(), kPeer);
  EXPECT_EQ(a.session.statistics().packets_received, 49u);
}

TEST(Digits, ReplaceAudioOnTheSameTimeline) {
  SANSIP_SHOWS("4733-2.1-1", "4733-2.5.1.2-1", "4733-2.5.1.2-2", "4733-2.5.1.2-9", "4733-2.5.1.2-10",
               "4733-2.5.1.6-1", "4733-2.2.1-1", "3550-5.1-13");
  Party a, b(2);
  a.speak = SpeakSilence;
  a.deliver = [&](const Datagram& d, bool is_rtcp) {
    b.RunUntil(d.at);
    if (!is_rtcp) b.OnRtp(kPeer, d.wire);
  };
  a.Configure(PlainStream());
  b.Configure(PlainStream());
  a.RunFor(milliseconds(200));
  for (char key : std::string_view("911*#AD0")) {
    EXPECT_EQ(a.session.SendDigit(a.now, *EventOfKey(key), milliseconds(100)), DigitResult::kQueued);
  }
  a.RunFor(seconds(4));
  b.RunUntil(a.now);
  EXPECT_EQ(b.digits, "911*#AD0");
  for (Duration length : b.digit_lengths) EXPECT_EQ(length, milliseconds(100));
  EXPECT_EQ(a.session.statistics().digits_sent, 8u);
  EXPECT_EQ(b.session.statistics().digits_received, 8u);
  // One SSRC, one sequence, events on the timeline of the audio, nothing missing in between.
  std::size_t events = 0;
  const Packet first = a.rtp[0].rtp();
  for (std::size_t i = 0; i < a.rtp.size(); ++i) {
    const Packet p = a.rtp[i].rtp();
    EXPECT_EQ(p.ssrc, first.ssrc);
    EXPECT_EQ(p.sequence, static_cast<std::uint16_t>(first.sequence + i));
    EXPECT_EQ(a.rtp[i].at - a.rtp[0].at, i * milliseconds(20));
    EXPECT_EQ((p.timestamp - first.timestamp) % 160, 0u);
    if (p.payload_type != 101) {
      EXPECT_EQ(p.timestamp, first.timestamp + i * 160);
      EXPECT_FALSE(p.marker);
      continue;
    }
    ++events;
    EXPECT_LE(p.timestamp, first.timestamp + i * 160);
    EXPECT_EQ(p.payload.size(), 4u);
  }
  EXPECT_EQ(events, 8u * 7);
  EXPECT_EQ(b.session.statistics().lost, 0);
}

TEST(Digits, OnlyWhatThePeerTakes) {
  SANSIP_SHOWS("4733-2.5.1.1-2");
  Party a;
  Stream stream = PlainStream();
  EXPECT_EQ(a.session.SendDigit(a.now, 1, milliseconds(100)), DigitResult::kNotNegotiated);
  stream.send_events = EventSet(0x3FF);
  a.Configure(stream);
  EXPECT_EQ(a.session.SendDigit(a.now, 9, milliseconds(100)), DigitResult::kQueued);
  EXPECT_EQ(a.session.SendDigit(a.now, 10, milliseconds(100)), DigitResult::kNotTaken);
  for (std::size_t i = 1; i < Session::kDigitsQueuedMax; ++i) {
    EXPECT_EQ(a.session.SendDigit(a.now, 9, milliseconds(100)), DigitResult::kQueued);
  }
  EXPECT_EQ(a.session.SendDigit(a.now, 9, milliseconds(100)), DigitResult::kQueueFull);
  a.RunFor(milliseconds(60));
  EXPECT_FALSE(a.rtp.empty());
  stream.send_event_type.reset();
  a.Configure(stream);
  const std::size_t before = a.rtp.size();
  a.RunFor(seconds(1));
  EXPECT_EQ(a.rtp.size(), before);
  EXPECT_EQ(a.session.SendDigit(a.now, 1, milliseconds(100)), DigitResult::kNotNegotiated);
  stream = PlainStream();
  stream.direction = Direction::kRecvOnly;
  a.Configure(stream);
  EXPECT_EQ(a.session.SendDigit(a.now, 1, milliseconds(100)), DigitResult::kNotNegotiated);
}

TEST(Digits, HeardOnceThroughLossAndCopies) {
  SANSIP_SHOWS("4733-2.5.2.4-1", "4733-2.5.2.2-6", "4733-2.5.2.2-3");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  a.OnRtp(kPeer, peer.Next());
  a.OnRtp(kPeer, peer.Next());
  const auto event = [&](std::uint32_t at, std::uint8_t code, std::uint16_t duration, bool end) {
    a.OnRtp(kPeer, peer.Event(at, {.event = code, .end = end, .volume = 10, .duration = duration}));
  };
  event(60000, 1, 480, false);  // the first packets were lost
  event(60000, 1, 800, true);
  event(60000, 1, 800, true);
  event(60000, 1, 800, true);
  EXPECT_EQ(a.digits, "1");
  event(62000, 2, 480, false);  // all the rest is lost
  a.RunFor(milliseconds(140));
  EXPECT_EQ(a.digits, "1");
  a.RunFor(milliseconds(10));
  EXPECT_EQ(a.digits, "12");
  // Two events in one packet.
  std::string packed = peer.Event(70000, {.event = 3, .end = true, .volume = 10, .duration = 400});
  packed += peer.Event(0, {.event = 4, .end = true, .volume = 10, .duration = 400}).substr(kHeaderOctets);
  a.OnRtp(kPeer, packed);
  EXPECT_EQ(a.digits, "1234");
  // A payload that is cut, and one beyond what is read.
  a.OnRtp(
      kPeer,
      peer.Event(80000, {.event = 5, .end = true, .volume = 1, .duration = 80}).substr(0, kHeaderOctets + 3));
  EXPECT_EQ(a.digits, "1234");
}

}  // namespace
}  // namespace sansip::rtp
