// One end of a session for tests: a Session, what it asked for, and a script that answers FrameDue.
#ifndef SANSIP_RTP_SESSION_PARTY_H_
#define SANSIP_RTP_SESSION_PARTY_H_

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/rtp/session.h"

namespace sansip::rtp {

inline constexpr Instant kStart(std::chrono::seconds(100));
inline constexpr NtpTime kWall{0xB44DB70000000000};

inline SocketAddress At(std::string_view ip, std::uint16_t port) { return *ParseIp(ip, port); }

// PCMU, PCMA and telephone-event 101 both ways, to 198.51.100.9:5004.
inline Stream PlainStream() {
  Stream stream;
  stream.remote_rtp = At("198.51.100.9", 5004);
  stream.remote_rtcp = At("198.51.100.9", 5005);
  stream.receive.push_back({Codec::kPcmu, 0});
  stream.receive.push_back({Codec::kPcma, 8});
  stream.send_event_type = stream.receive_event_type = 101;
  stream.send_events = DtmfEvents();
  return stream;
}

struct Datagram {
  Instant at;
  SocketAddress to;
  std::string wire;

  Packet rtp() const {
    Packet packet;
    EXPECT_EQ(ParsePacket(wire, packet), PacketError::kNone);
    return packet;
  }
  // The types of the packets in a compound.
  std::vector<int> types() const {
    std::vector<int> types;
    std::optional<rtcp::Compound> compound = rtcp::Compound::Read(wire);
    while (compound) {
      const std::optional<rtcp::Packet> packet = compound->Next();
      if (!packet) break;
      types.push_back(packet->type);
    }
    return types;
  }
  rtcp::Report report() const {
    std::optional<rtcp::Compound> compound = rtcp::Compound::Read(wire);
    EXPECT_TRUE(compound);
    return *rtcp::Report::Read(*compound->Next());
  }
};

class Party {
 public:
  explicit Party(std::uint64_t seed = 1, SessionOptions options = {.cname = "a@192.0.2.1"})
      : random_(seed), session(kStart, kWall, options, random_) {}

  void Configure(const Stream& stream) {
    Do([&] { session.Configure(now, stream, sink_); });
  }
  void OnRtp(const SocketAddress& from, const std::string& wire) {
    Do([&] { session.OnRtp(now, from, std::string(wire), sink_); });
  }
  void OnRtcp(const SocketAddress& from, const std::string& wire) {
    Do([&] { session.OnRtcp(now, from, std::string(wire), sink_); });
  }
  void Stop() {
    Do([&] { session.Stop(now, sink_); });
  }
  void RunUntil(Instant end) {
    while (session.next_deadline() <= end) {
      now = std::max(now, session.next_deadline());
      OnDeadline();
    }
    now = std::max(now, end);
  }
  void RunFor(Duration duration) { RunUntil(now + duration); }
  void OnDeadline() {
    Do([&] { session.OnDeadline(now, sink_); });
  }

  // What answers FrameDue; empty: nobody.
  std::function<std::optional<std::vector<std::int16_t>>(const action::FrameDue&)> speak;
  std::function<void(const Datagram&, bool is_rtcp)> deliver;

  Instant now = kStart;
  std::vector<Datagram> rtp, rtcp;
  std::vector<std::int16_t> heard;
  std::uint32_t missing = 0;
  std::string digits;
  std::vector<Duration> digit_lengths;
  std::vector<SocketAddress> latched;
  std::vector<std::uint32_t> played;
  std::vector<action::SourceGone> gone;
  std::vector<action::SsrcCollision> collisions;
  std::vector<action::FrameDue> due;

 private:
  template <typename Call>
  void Do(Call call) {
    call();
    EXPECT_TRUE(session.IsConsistent());
    Execute();
  }
  void Execute() {
    const std::vector<SessionAction> actions(sink_.begin(), sink_.end());
    int transmits = 0;
    for (const SessionAction& one : actions) {
      if (const auto* transmit = std::get_if<action::TransmitRtp>(&one)) {
        ++transmits;
        Send(rtp, transmit->destination, transmit->wire, false);
      } else if (const auto* report = std::get_if<action::TransmitRtcp>(&one)) {
        Send(rtcp, report->destination, report->wire, true);
      } else if (const auto* frame = std::get_if<action::Frame>(&one)) {
        heard.insert(heard.end(), frame->samples.begin(), frame->samples.end());
        missing += frame->missing;
      } else if (const auto* digit = std::get_if<action::Digit>(&one)) {
        digits += KeyOfEvent(digit->event);
        digit_lengths.push_back(digit->duration);
      } else if (const auto* latch = std::get_if<action::RemoteLatched>(&one)) {
        latched.push_back(latch->rtp);
      } else if (const auto* source = std::get_if<action::SourceChanged>(&one)) {
        played.push_back(source->ssrc);
      } else if (const auto* bye = std::get_if<action::SourceGone>(&one)) {
        gone.push_back(*bye);
      } else if (const auto* collision = std::get_if<action::SsrcCollision>(&one)) {
        collisions.push_back(*collision);
      }
    }
    EXPECT_LE(transmits, 1);
    sink_.Clear();
    for (const SessionAction& one : actions) {
      if (const auto* frame_due = std::get_if<action::FrameDue>(&one)) Speak(*frame_due);
    }
  }
  void Speak(const action::FrameDue& frame_due) {
    due.push_back(frame_due);
    const auto samples = speak ? speak(frame_due) : std::nullopt;
    if (!samples) return;
    EXPECT_EQ(session.SendFrame(now, *samples, sink_), SendResult::kSent);
    Execute();
  }
  void Send(std::vector<Datagram>& into, const SocketAddress& to, std::string_view wire, bool is_rtcp) {
    into.push_back({now, to, std::string(wire)});
    if (deliver) deliver(into.back(), is_rtcp);
  }

  SeededRandom random_;
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink_;

 public:
  Session session;
};

inline std::optional<std::vector<std::int16_t>> SpeakSilence(const action::FrameDue& due) {
  return std::vector<std::int16_t>(due.samples, 0);
}

// A stream of packets as a peer sends them.
struct Talker {
  std::uint32_t ssrc = 0xCAFE;
  std::uint16_t sequence = 1000;
  std::uint32_t timestamp = 50000;
  std::uint8_t payload_type = 0;

  std::string Next(std::size_t octets = 160, char code = '\x80') {
    std::string wire(kHeaderOctets, '\0');
    WriteHeader({false, payload_type, sequence++, timestamp, ssrc}, wire);
    timestamp += static_cast<std::uint32_t>(octets);
    return wire + std::string(octets, code);
  }
  std::string Event(std::uint32_t at, const EventPayload& payload, bool marker = false) {
    std::string wire(kHeaderOctets + kEventOctets, '\0');
    WriteHeader({marker, 101, sequence++, at, ssrc}, wire);
    WriteEvent(payload, std::span(wire).subspan(kHeaderOctets));
    return wire;
  }
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_SESSION_PARTY_H_
