#include <gtest/gtest.h>

#include <set>

#include "sansip/core/base/big_endian.h"
#include "sansip/rtp/rtcp/writer.h"
#include "sansip/rtp/session_party.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SocketAddress kPeer = At("198.51.100.9", 5004);
const SocketAddress kPeerRtcp = At("198.51.100.9", 5005);

std::string Rr(std::uint32_t ssrc, std::vector<rtcp::ReportBlock> blocks = {}, bool cname = true,
               bool bye = false) {
  std::array<char, 500> storage;
  rtcp::Writer writer(storage);
  EXPECT_TRUE(writer.AddReceiverReport(ssrc, blocks));
  EXPECT_TRUE(!cname || writer.AddCname(ssrc, "peer@198.51.100.9"));
  EXPECT_TRUE(!bye || writer.AddBye(ssrc, "going"));
  return std::string(writer.wire());
}
std::string Sr(std::uint32_t ssrc, const rtcp::SenderInfo& info) {
  std::array<char, 500> storage;
  rtcp::Writer writer(storage);
  EXPECT_TRUE(writer.AddSenderReport(ssrc, info, {}));
  EXPECT_TRUE(writer.AddCname(ssrc, "peer@198.51.100.9"));
  return std::string(writer.wire());
}
std::string CnameIn(const Datagram& datagram, std::uint32_t ssrc) {
  std::optional<rtcp::Compound> compound = rtcp::Compound::Read(datagram.wire);
  while (const std::optional<rtcp::Packet> packet = compound->Next()) {
    if (packet->type != rtcp::kSourceDescription) continue;
    rtcp::SourceDescription sdes(*packet);
    while (const std::optional<rtcp::Item> item = sdes.Next()) {
      if (item->ssrc == ssrc && item->type == rtcp::kCname) return std::string(item->text);
    }
  }
  return {};
}
// Two in sequence, so that the source is valid.
void Introduce(Party& a, Talker& peer) {
  a.OnRtp(kPeer, peer.Next());
  a.OnRtp(kPeer, peer.Next());
}

TEST(Reports, EveryOneIsACompoundWithCname) {
  SANSIP_SHOWS("3550-6-2", "3550-6.1-2", "3550-6.1-3", "3550-6.1-4", "3550-6.1-7", "3550-6.1-10",
               "3550-6.1-13", "3550-6.4-1", "3550-6.5.1-1", "3551-2-7", "3550-6.2-8", "3550-11-6", "4961-3-2",
               "3550-6-1");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(120));
  EXPECT_GE(a.rtcp.size(), 18u);
  Instant before = kStart;
  for (std::size_t i = 0; i < a.rtcp.size(); ++i) {
    EXPECT_EQ(a.rtcp[i].to, kPeerRtcp);
    EXPECT_EQ(a.rtcp[i].types(), (std::vector<int>{rtcp::kSenderReport, rtcp::kSourceDescription}));
    EXPECT_EQ(CnameIn(a.rtcp[i], a.session.ssrc()), "a@192.0.2.1");
    EXPECT_EQ(a.rtcp[i].wire.size() % 4, 0u);
    const Duration spacing = a.rtcp[i].at - before;
    EXPECT_GE(spacing, i == 0 ? milliseconds(1026) : milliseconds(2052));
    EXPECT_LE(spacing, milliseconds(6157));
    before = a.rtcp[i].at;
  }
}

TEST(Reports, TwoInstancesAreNotInStep) {
  SANSIP_SHOWS("3550-6.3-2", "3550-A.6-1");
  std::set<Instant> first;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Party a(seed);
    a.Configure(PlainStream());
    first.insert(a.session.next_deadline() == kNever ? kStart : a.session.next_deadline());
    a.RunFor(seconds(10));
    ASSERT_FALSE(a.rtcp.empty());
    first.insert(a.rtcp[0].at);
  }
  EXPECT_GT(first.size(), 45u);
}

TEST(Reports, SenderReportsTellTheClockAndTheCounts) {
  SANSIP_SHOWS("3550-6.4.1-5", "3550-6.4.1-7");
  Party a;
  a.Configure(PlainStream());
  int round = 0;
  // Talks, falls silent, talks again.
  for (; round < 6; ++round) {
    a.speak = round % 2 == 0 ? SpeakSilence : decltype(a.speak)();
    a.RunFor(seconds(7));
  }
  std::uint32_t packets = 0;
  std::size_t at = 0;
  const Packet first = a.rtp[0].rtp();
  int sender_reports = 0;
  for (const Datagram& datagram : a.rtcp) {
    for (; at < a.rtp.size() && a.rtp[at].at <= datagram.at; ++at) ++packets;
    if (datagram.types()[0] != rtcp::kSenderReport) continue;
    ++sender_reports;
    const rtcp::SenderInfo info = *datagram.report().sender_info();
    EXPECT_EQ(info.ntp, kWall + (datagram.at - kStart));
    // On the timeline of the packets, between them as well.
    const std::uint32_t expected =
        first.timestamp + static_cast<std::uint32_t>(UnitsIn(datagram.at - a.rtp[0].at, kClockRate));
    EXPECT_EQ(info.rtp_timestamp, expected);
    EXPECT_EQ(info.packet_count, packets);
    EXPECT_EQ(info.octet_count, packets * 160);
  }
  EXPECT_GT(sender_reports, 4);
}

TEST(Reports, SenderReportsEndTwoIntervalsAfterTheSound) {
  SANSIP_SHOWS("3550-6.3-3", "3550-6.3.8-1", "3550-6.4-1");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(20));
  a.speak = nullptr;
  const std::size_t reports = a.rtcp.size();
  a.RunFor(seconds(60));
  std::vector<int> types;
  for (std::size_t i = reports; i < a.rtcp.size(); ++i) types.push_back(a.rtcp[i].types()[0]);
  ASSERT_GT(types.size(), 5u);
  EXPECT_EQ(types[0], rtcp::kSenderReport);
  EXPECT_EQ(types[1], rtcp::kSenderReport);
  for (std::size_t i = 2; i < types.size(); ++i) EXPECT_EQ(types[i], rtcp::kReceiverReport);
}

TEST(Reports, OneBlockForEachSourceHeard) {
  SANSIP_SHOWS("3550-6.4-2", "3550-6.1-8", "3550-6.4.2-2");
  Party a;
  a.Configure(PlainStream());
  a.RunFor(seconds(10));
  ASSERT_FALSE(a.rtcp.empty());
  EXPECT_EQ(a.rtcp.back().report().block_count(), 0u);
  Talker peer;
  for (int i = 0; i < 400; ++i) {
    const std::string packet = peer.Next();
    if (i % 4 != 3) a.OnRtp(kPeer, packet);
    a.RunFor(milliseconds(20));
  }
  const Datagram* last = &a.rtcp.back();
  ASSERT_EQ(last->report().block_count(), 1u);
  const rtcp::ReportBlock block = last->report().block(0);
  EXPECT_EQ(block.ssrc, peer.ssrc);
  EXPECT_NEAR(block.fraction_lost, 64, 2);
  EXPECT_EQ(block.extended_highest >> 16, 0u);
  EXPECT_EQ(block.jitter, 0u);
  EXPECT_EQ(block.last_sr, 0u);
  EXPECT_EQ(block.delay_since_last_sr, 0u);
  a.RunFor(seconds(13));  // silence: nothing to report
  EXPECT_EQ(a.rtcp.back().report().block_count(), 0u);
}

TEST(Reports, LastSrAndItsDelay) {
  SANSIP_SHOWS("3550-6.4.1-16", "3550-6.4.1-6");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  Introduce(a, peer);
  a.OnRtcp(kPeerRtcp, Sr(peer.ssrc, {{0xB44DB70520000000}, 0, 0, 0}));
  const Instant heard = a.now;
  a.OnRtp(kPeer, peer.Next());
  while (a.rtcp.empty()) a.RunFor(milliseconds(100));
  const rtcp::ReportBlock block = a.rtcp[0].report().block(0);
  EXPECT_EQ(block.last_sr, 0xB7052000u);
  EXPECT_EQ(block.delay_since_last_sr, CompactOf(a.rtcp[0].at - heard));
  // A peer without a clock: its zero is given back.
  Party b;
  b.Configure(PlainStream());
  Talker other;
  Introduce(b, other);
  b.OnRtcp(kPeerRtcp, Sr(other.ssrc, {{0}, 0, 0, 0}));
  while (b.rtcp.empty()) b.RunFor(milliseconds(100));
  EXPECT_EQ(b.rtcp[0].report().block(0).last_sr, 0u);
}

TEST(Reports, RoundTripAndWhatThePeerHears) {
  SANSIP_SHOWS("3550-6.4.1-17", "8866-6.7.3-1", "3550-6.4.1-6");
  Party a;
  a.Configure(PlainStream());
  const std::uint32_t ours = a.session.ssrc();
  const std::uint32_t sent = (kWall + seconds(3)).compact();
  a.RunUntil(kStart + seconds(10));
  // Asked at 3 s, held for 5.25 s, here at 10 s: 1.75 s on the way.
  a.OnRtcp(kPeerRtcp, Rr(9, {{.ssrc = ours,
                              .fraction_lost = 13,
                              .cumulative_lost = -5,
                              .extended_highest = 1,
                              .jitter = 99,
                              .last_sr = sent,
                              .delay_since_last_sr = 0x00054000}}));
  SessionStatistics s = a.session.statistics();
  EXPECT_EQ(s.round_trip, milliseconds(1750));
  EXPECT_EQ(s.remote_fraction_lost, 13);
  EXPECT_EQ(s.remote_lost, -5);
  EXPECT_EQ(s.remote_jitter, 99u);
  // Nonsense and nothing leave it alone; blocks of others are theirs.
  a.OnRtcp(kPeerRtcp, Rr(9, {{.ssrc = ours, .last_sr = sent, .delay_since_last_sr = 0x00540000}}));
  a.OnRtcp(kPeerRtcp, Rr(9, {{.ssrc = ours, .last_sr = 0, .delay_since_last_sr = 0}}));
  a.OnRtcp(kPeerRtcp, Rr(9, {{.ssrc = ours + 1, .fraction_lost = 200, .last_sr = sent}}));
  s = a.session.statistics();
  EXPECT_EQ(s.round_trip, milliseconds(1750));
  EXPECT_EQ(s.remote_fraction_lost, 0);
  EXPECT_EQ(s.reports_received, 4u);
}

TEST(Reports, BrokenOnesAndStrangersChangeNothing) {
  SANSIP_SHOWS("3550-A.2-1", "3550-A.2-2", "3550-8.2-5", "3605-3.3-1");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  Introduce(a, peer);
  const std::string bye = Rr(peer.ssrc, {}, true, true);
  for (std::size_t size = 0; size < bye.size(); ++size) {
    // Whole packets make a compound of their own.
    if (const auto part = rtcp::Compound::Read(std::string_view(bye).substr(0, size)); part) continue;
    a.OnRtcp(kPeerRtcp, bye.substr(0, size));
  }
  std::string first = bye;
  first[1] = static_cast<char>(rtcp::kBye);
  a.OnRtcp(kPeerRtcp, first);
  a.OnRtcp(At("203.0.113.66", 5005), bye);
  a.OnRtcp(kPeerRtcp, bye + std::string(Session::kDatagramMax, 'x'));
  EXPECT_TRUE(a.gone.empty());
  EXPECT_EQ(a.session.statistics().reports_received, 0u);
  EXPECT_EQ(a.session.statistics().strangers, 1u);
  a.OnRtcp(kPeerRtcp, bye);
  ASSERT_EQ(a.gone.size(), 1u);
  EXPECT_EQ(a.gone[0].ssrc, peer.ssrc);
  EXPECT_TRUE(a.gone[0].said_bye);
}

TEST(Reports, GoToThePeersOwnPortBehindANat) {
  SANSIP_SHOWS("4961-4-1", "3605-2.1-3");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  const SocketAddress mapped = At("198.51.100.9", 61000), mapped_rtcp = At("198.51.100.9", 61777);
  a.OnRtp(mapped, peer.Next());
  a.OnRtp(mapped, peer.Next());
  a.RunFor(seconds(7));
  EXPECT_EQ(a.rtcp.back().to, kPeerRtcp);  // nothing else is known yet
  a.OnRtcp(mapped_rtcp, Rr(peer.ssrc));
  a.RunFor(seconds(7));
  EXPECT_EQ(a.rtcp.back().to, mapped_rtcp);
  // Where media comes from the signalled port, so does the trust in its RTCP port.
  Party b;
  Stream stream = PlainStream();
  stream.remote_rtcp = At("203.0.113.1", 53020);
  b.Configure(stream);
  b.OnRtp(kPeer, peer.Next());
  b.OnRtp(kPeer, peer.Next());
  b.OnRtcp(mapped_rtcp, Rr(peer.ssrc));
  b.RunFor(seconds(7));
  EXPECT_EQ(b.rtcp.back().to, stream.remote_rtcp);
}

TEST(Leaving, ByeComesLastAndOnce) {
  SANSIP_SHOWS("3550-6.1-11", "3550-6.3.7-5", "3550-6.1-3", "3550-6.1-7");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(1));
  const std::size_t media = a.rtp.size();
  a.Stop();
  a.Stop();
  ASSERT_EQ(a.rtcp.size(), 1u);
  EXPECT_EQ(a.rtcp[0].types(), (std::vector<int>{rtcp::kSenderReport, rtcp::kSourceDescription, rtcp::kBye}));
  EXPECT_EQ(CnameIn(a.rtcp[0], a.session.ssrc()), "a@192.0.2.1");
  EXPECT_EQ(a.session.next_deadline(), kNever);
  Talker peer;
  Introduce(a, peer);
  a.OnDeadline();
  a.Configure(PlainStream());
  EXPECT_EQ(a.rtp.size(), media);
  EXPECT_EQ(a.rtcp.size(), 1u);
}

TEST(Leaving, WhoNeverSpokeSaysNoBye) {
  SANSIP_SHOWS("3550-6.3.7-6", "3550-6.1-8");
  Party a;
  a.Configure(PlainStream());
  a.RunFor(milliseconds(900));
  a.Stop();
  EXPECT_TRUE(a.rtcp.empty());
  EXPECT_TRUE(a.rtp.empty());
  Party reported;
  reported.Configure(PlainStream());
  reported.RunFor(seconds(7));
  reported.Stop();
  EXPECT_EQ(reported.rtcp.back().types(),
            (std::vector<int>{rtcp::kReceiverReport, rtcp::kSourceDescription, rtcp::kBye}));
}

TEST(Members, SilentOnesAreTimedOut) {
  SANSIP_SHOWS("3550-6.2.1-4", "3550-6.3.5-1", "3550-6.3.5-2", "3550-6.3.5-5", "3550-6.3.7-4");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  Introduce(a, peer);
  const Instant last = a.now;
  a.RunUntil(last + milliseconds(24900));
  EXPECT_TRUE(a.gone.empty());
  a.RunFor(seconds(7));
  ASSERT_EQ(a.gone.size(), 1u);
  EXPECT_EQ(a.gone[0].ssrc, peer.ssrc);
  EXPECT_FALSE(a.gone[0].said_bye);
  // RTCP alone keeps one alive.
  Party b;
  b.Configure(PlainStream());
  Introduce(b, peer);
  for (int i = 0; i < 20; ++i) {
    b.RunFor(seconds(5));
    b.OnRtcp(kPeerRtcp, Rr(peer.ssrc));
  }
  EXPECT_TRUE(b.gone.empty());
}

TEST(Members, StragglersBehindAByeBringNobodyBack) {
  SANSIP_SHOWS("3550-6.2.1-3", "3550-6.3.4-1");
  Party a;
  a.Configure(PlainStream());
  Talker peer;
  Introduce(a, peer);
  a.OnRtcp(kPeerRtcp, Rr(0x999, {}, false, true));  // somebody unknown
  EXPECT_TRUE(a.gone.empty());
  a.OnRtcp(kPeerRtcp, Rr(peer.ssrc, {}, true, true));
  a.OnRtcp(kPeerRtcp, Rr(peer.ssrc, {}, true, true));
  EXPECT_EQ(a.gone.size(), 1u);
  a.RunFor(milliseconds(100));
  a.OnRtp(kPeer, peer.Next());
  a.OnRtp(kPeer, peer.Next());
  EXPECT_EQ(a.session.statistics().packets_received, 1u);
  EXPECT_EQ(a.played.size(), 1u);
}

TEST(Collision, ByeNewSsrcOnceForEachAddress) {
  SANSIP_SHOWS("3550-8.2-1", "3550-8.2-2", "3550-8.2-6", "3550-8.2-7", "3550-8.2-8", "3550-8.2-9",
               "3550-8.2-15", "3550-6.4.1-8", "3550-6.4.1-9", "3550-6.5.1-1");
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(milliseconds(900));
  const std::uint32_t old = a.session.ssrc();
  // Our own packets, looped.
  const std::string looped = a.rtp.back().wire;
  a.OnRtp(kPeer, looped);
  ASSERT_EQ(a.collisions.size(), 1u);
  EXPECT_EQ(a.collisions[0].was, old);
  EXPECT_EQ(a.collisions[0].now, a.session.ssrc());
  EXPECT_NE(a.session.ssrc(), old);
  ASSERT_EQ(a.rtcp.size(), 1u);
  EXPECT_EQ(a.rtcp[0].types(), (std::vector<int>{rtcp::kSenderReport, rtcp::kSourceDescription, rtcp::kBye}));
  EXPECT_EQ(CnameIn(a.rtcp[0], old), "a@192.0.2.1");
  for (int i = 0; i < 100; ++i) {
    a.RunFor(milliseconds(20));
    EXPECT_EQ(a.rtp.back().rtp().ssrc, a.session.ssrc());
    a.OnRtp(kPeer, a.rtp.back().wire);
  }
  EXPECT_EQ(a.collisions.size(), 1u);
  EXPECT_EQ(a.session.statistics().loops, 100u);
  // The loop over RTCP is one of its own.
  a.OnRtcp(kPeerRtcp, Rr(a.session.ssrc()));
  EXPECT_EQ(a.collisions.size(), 2u);
  a.OnRtcp(kPeerRtcp, Rr(a.session.ssrc()));
  EXPECT_EQ(a.collisions.size(), 2u);
  // Counters begin anew, the CNAME does not.
  const std::size_t sent = a.rtp.size(), reports = a.rtcp.size();
  while (a.rtcp.size() == reports) a.RunFor(milliseconds(100));
  const Datagram& report = a.rtcp.back();
  std::uint32_t since = 0;
  for (std::size_t i = sent; i < a.rtp.size(); ++i) since += a.rtp[i].at <= report.at;
  EXPECT_EQ(report.report().sender_info()->packet_count, since);
  EXPECT_EQ(report.report().sender_info()->octet_count, since * 160);
  EXPECT_EQ(CnameIn(report, a.session.ssrc()), "a@192.0.2.1");
  // After the memory has lapsed it is news again.
  a.RunFor(Session::kConflictMemory);
  a.OnRtp(kPeer, a.rtp.back().wire);
  EXPECT_EQ(a.collisions.size(), 3u);
}

TEST(Collision, AReflectionIsHeardWhereThatIsWanted) {
  Party a(1, {.cname = "a@192.0.2.1", .hear_reflection = true});
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  for (int i = 0; i < 100; ++i) {
    a.RunFor(milliseconds(20));
    a.OnRtp(kPeer, a.rtp.back().wire);
  }
  EXPECT_TRUE(a.collisions.empty());
  EXPECT_GE(a.session.statistics().packets_received, 98u);
  EXPECT_GE(a.heard.size(), 90u * Session::kPlayoutSamples);
  // From anywhere else it is a collision still.
  a.OnRtp(At("203.0.113.1", 5004), a.rtp.back().wire);
  EXPECT_EQ(a.collisions.size(), 1u);
}

TEST(Collision, BeforeTheFirstPacketJustAnotherSsrc) {
  SANSIP_SHOWS("3550-8.1-1", "3550-8.2-12");
  Party a;
  a.Configure(PlainStream());
  Talker peer{.ssrc = a.session.ssrc()};
  a.OnRtp(kPeer, peer.Next());
  EXPECT_EQ(a.collisions.size(), 1u);
  EXPECT_TRUE(a.rtcp.empty());
  EXPECT_NE(a.session.ssrc(), peer.ssrc);
}

// Draws from a list.
class ListedRandom : public RandomSource {
 public:
  explicit ListedRandom(std::vector<std::uint32_t> values) : values_(std::move(values)) {}
  std::uint64_t Next() override {
    const std::uint32_t value = values_[std::min(at_, values_.size() - 1)];
    ++at_;
    return std::uint64_t{value} << 32;
  }

 private:
  std::vector<std::uint32_t> values_;
  std::size_t at_ = 0;
};

TEST(Collision, DrawsUntilFree) {
  SANSIP_SHOWS("3550-8.2-13", "3550-8.2-12");
  // Timestamp, SSRC, sequence, first report; then the draws for another SSRC.
  ListedRandom random({1, 0x111, 2, 3, 0x111, 0x222, 0x333});
  Session session(kStart, kWall, {.cname = "a"}, random);
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink;
  session.Configure(kStart, PlainStream(), sink);
  ASSERT_EQ(session.ssrc(), 0x111u);
  Talker known{.ssrc = 0x222}, twin{.ssrc = 0x111};
  session.OnRtp(kStart, kPeer, known.Next(), sink);
  session.OnRtp(kStart, kPeer, twin.Next(), sink);
  EXPECT_EQ(session.ssrc(), 0x333u);
  // A source that gives one value for ever does not hold it up.
  FixedRandom fixed(std::uint64_t{0x111} << 32);
  Session stuck(kStart, kWall, {.cname = "a"}, fixed);
  stuck.Configure(kStart, PlainStream(), sink);
  stuck.OnRtp(kStart, kPeer, twin.Next(), sink);
  EXPECT_EQ(stuck.ssrc(), 0x112u);
}

TEST(Collision, AnAttackerWithManyAddressesIsBounded) {
  Party a;
  a.Configure(PlainStream());
  for (int i = 0; i < 1000; ++i) {
    Talker twin{.ssrc = a.session.ssrc()};
    a.OnRtp(At("203.0.113.66", static_cast<std::uint16_t>(2000 + i)), twin.Next());
  }
  EXPECT_EQ(a.collisions.size(), Session::kConflictsMax);
}

}  // namespace
}  // namespace sansip::rtp
