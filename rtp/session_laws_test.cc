// The laws at the top of session.h, and two sessions that talk to each other.
#include <cstdlib>
#include <new>

#include "gtest/gtest.h"
#include "sansip/rtp/rtcp/writer.h"
#include "sansip/rtp/session_party.h"
#include "sansip/tests/support/shows.h"

namespace {
std::uint64_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SocketAddress kPeer = At("198.51.100.9", 5004);

TEST(Laws, NoAllocation) {
  SeededRandom random(1);
  Session session(kStart, kWall, {.cname = "a"}, random);
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink;
  const Stream stream = PlainStream();
  std::array<char, kHeaderOctets + 160> packet{};
  const std::array<std::int16_t, 160> frame{};
  Instant now = kStart;
  const std::uint64_t before = allocations;
  session.Configure(now, stream, sink);
  for (std::uint16_t i = 0; i < 20000; ++i) {
    sink.Clear();
    WriteHeader({false, 0, i, i * 160u, 0xCAFE}, packet);
    session.OnRtp(now, kPeer, {packet.data(), packet.size()}, sink);
    if (i % 500 == 0) static_cast<void>(session.SendDigit(now, 5, milliseconds(100)));
    now += milliseconds(20);
    while (session.next_deadline() <= now) {
      sink.Clear();
      session.OnDeadline(session.next_deadline(), sink);
      if (sink.empty() || !std::holds_alternative<action::FrameDue>(sink[sink.size() - 1])) continue;
      sink.Clear();
      ASSERT_EQ(session.SendFrame(now, frame, sink), SendResult::kSent);
    }
  }
  sink.Clear();
  session.Stop(now, sink);
  EXPECT_EQ(allocations, before);
  EXPECT_GT(session.statistics().packets_sent, 19000u);
  EXPECT_EQ(session.statistics().digits_sent, 40u);
}

TEST(Laws, DeadlinesAreHonest) {
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  Talker peer;
  EXPECT_EQ(a.session.SendDigit(a.now, 5, milliseconds(100)), DigitResult::kQueued);
  for (int i = 0; i < 2000; ++i) {
    const Instant next = a.session.next_deadline();
    ASSERT_GT(next, a.now - milliseconds(1));
    // Early calls do nothing.
    a.now = next - std::chrono::nanoseconds(1);
    const std::size_t before = a.rtp.size() + a.rtcp.size() + a.heard.size() + a.due.size();
    a.OnDeadline();
    ASSERT_EQ(a.rtp.size() + a.rtcp.size() + a.heard.size() + a.due.size(), before);
    ASSERT_EQ(a.session.next_deadline(), next);
    a.now = next;
    a.OnDeadline();
    ASSERT_GT(a.session.next_deadline(), next);
    a.OnRtp(kPeer, peer.Next());
  }
}

TEST(Laws, TimeDoesNotRunBackwards) {
  Party a;
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  a.RunFor(seconds(1));
  const Instant next = a.session.next_deadline();
  const std::uint64_t sent = a.rtp.size();
  a.now = kStart - seconds(50);
  a.OnDeadline();
  Talker peer;
  a.OnRtp(kPeer, peer.Next());
  EXPECT_EQ(a.session.next_deadline(), next);
  EXPECT_EQ(a.rtp.size(), sent);
}

TEST(Laws, ActionsPerEventAreBounded) {
  // Party's sink holds kActionsPerEventMax and dies beyond; everything that can come together comes here.
  Party a(3, {.cname = std::string_view("x"), .latch = LatchPolicy::kAnyHost});
  a.speak = SpeakSilence;
  a.Configure(PlainStream());
  SeededRandom random(8);
  Talker peer;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t draw = random.Next();
    const SocketAddress from =
        draw % 5 == 0 ? At("203.0.113.66", static_cast<std::uint16_t>(draw >> 48)) : kPeer;
    if (draw % 11 == 0) peer.ssrc = static_cast<std::uint32_t>(draw >> 40) % 12;
    if (draw % 97 == 0) peer.ssrc = a.session.ssrc();
    switch ((draw >> 8) % 6) {
      case 0:
        a.OnRtp(from, peer.Next((draw >> 16) % 400));
        break;
      case 1: {
        const EventPayload event{.event = static_cast<std::uint8_t>(draw >> 16),
                                 .end = (draw & 64) != 0,
                                 .volume = 3,
                                 .duration = static_cast<std::uint16_t>(draw >> 32)};
        std::string wire = peer.Event(static_cast<std::uint32_t>(draw >> 20), event);
        for (int k = 0; k < 4; ++k) wire += wire.substr(kHeaderOctets, kEventOctets);
        a.OnRtp(from, wire);
        break;
      }
      case 2: {
        std::array<char, 200> storage;
        rtcp::Writer writer(storage);
        ASSERT_TRUE(writer.AddReceiverReport(peer.ssrc, {}));
        ASSERT_TRUE(writer.AddCname(peer.ssrc, "p"));
        ASSERT_TRUE(draw % 7 != 0 || writer.AddBye(peer.ssrc, ""));
        a.OnRtcp(from, std::string(writer.wire()));
        break;
      }
      case 3:
        static_cast<void>(a.session.SendDigit(a.now, (draw >> 16) % 20, milliseconds(draw % 300)));
        break;
      case 4: {
        Stream stream = PlainStream();
        stream.direction = static_cast<Direction>(draw >> 16 & 3);
        stream.send_ptime_ms = kPtimeMsMin + static_cast<int>((draw >> 18) % 56);
        if (draw % 3 == 0) stream.remote_rtp.port = static_cast<std::uint16_t>(5000 + draw % 2);
        if (draw % 17 == 0) stream.send_event_type.reset();
        a.Configure(stream);
        break;
      }
      default:
        a.RunFor(milliseconds((draw >> 16) % (draw % 53 == 0 ? 40000 : 60)));
    }
  }
  EXPECT_GT(a.rtp.size(), 1000u);
  EXPECT_GT(a.collisions.size(), 3u);
  EXPECT_FALSE(a.gone.empty());
}

SocketAddress WithPort(SocketAddress address, int more) {
  address.port = static_cast<std::uint16_t>(address.port + more);
  return address;
}

// Two sessions over a network that loses, delays and swaps, in virtual time.
class Pair : public ::testing::Test {
 protected:
  Pair() {
    a_.deliver = Carry(true);
    b_.deliver = Carry(false);
    a_.speak = b_.speak = [](const action::FrameDue& due) {
      return std::optional(std::vector<std::int16_t>(due.samples, 1000));
    };
    Stream to_b = PlainStream(), to_a = PlainStream();
    to_b.remote_rtp = at_b_;
    to_b.remote_rtcp = WithPort(at_b_, 1);
    to_a.remote_rtp = at_a_;
    to_a.remote_rtcp = WithPort(at_a_, 1);
    a_.Configure(to_b);
    b_.Configure(to_a);
  }

  void RunUntil(Instant end) {
    while (true) {
      Instant next = std::min(a_.session.next_deadline(), b_.session.next_deadline());
      std::size_t first = network_.size();
      for (std::size_t i = 0; i < network_.size(); ++i) {
        if (network_[i].at < next) {
          next = network_[i].at;
          first = i;
        }
      }
      if (next > end) return;
      a_.now = b_.now = next;
      if (first < network_.size()) {
        Arrive(first);
      } else {
        if (a_.session.next_deadline() <= next) a_.OnDeadline();
        if (b_.session.next_deadline() <= next) b_.OnDeadline();
      }
    }
  }

  struct InFlight {
    Instant at;
    bool to_b, is_rtcp;
    std::string wire;
  };

  std::function<void(const Datagram&, bool)> Carry(bool to_b) {
    return [this, to_b](const Datagram& d, bool is_rtcp) {
      if (!is_rtcp && UniformBelow(random_, 20) == 0) return;  // 5 % loss
      const Duration delay = milliseconds(50) + milliseconds(UniformBelow(random_, 15));
      network_.push_back({d.at + delay, to_b, is_rtcp, d.wire});
    };
  }
  void Arrive(std::size_t i) {
    const InFlight arrived = network_[i];
    network_.erase(network_.begin() + static_cast<std::ptrdiff_t>(i));
    Party& to = arrived.to_b ? b_ : a_;
    const SocketAddress from = WithPort(arrived.to_b ? at_a_ : at_b_, arrived.is_rtcp ? 1 : 0);
    arrived.is_rtcp ? to.OnRtcp(from, arrived.wire) : to.OnRtp(from, arrived.wire);
  }

  const SocketAddress at_a_ = At("192.0.2.1", 4000), at_b_ = At("192.0.2.2", 5000);
  SeededRandom random_{33};
  std::vector<InFlight> network_;
  Party a_{11, {.cname = "a@192.0.2.1"}}, b_{22, {.cname = "b@192.0.2.2"}};
};

TEST_F(Pair, TalksThroughALossyNetwork) {
  SANSIP_SHOWS("3550-6-2", "3550-6.4.1-17");
  RunUntil(kStart + seconds(60));
  for (const Party* party : {&a_, &b_}) {
    const Party& other = party == &a_ ? b_ : a_;
    const SessionStatistics s = party->session.statistics();
    EXPECT_NEAR(static_cast<double>(s.lost), 150, 60);
    // But for the first, and those on the way.
    EXPECT_EQ(s.packets_received + static_cast<std::uint64_t>(s.lost) + 1, other.rtp.size() - 3);
    EXPECT_EQ(s.late, 0u);
    EXPECT_NEAR(static_cast<double>(s.samples_missing), static_cast<double>(s.lost) * 160, 800);
    EXPECT_GT(s.jitter, 10u);
    EXPECT_LT(s.jitter, 80u);
    EXPECT_NEAR(std::chrono::duration<double>(s.round_trip).count(), 0.114, 0.02);
    EXPECT_NEAR(s.remote_fraction_lost, 13, 12);
    EXPECT_GT(s.reports_received, 8u);
    EXPECT_EQ(party->played.size(), 1u);
  }
}

}  // namespace
}  // namespace sansip::rtp
