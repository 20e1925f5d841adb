// A session's whole life: packets of any bytes from any of some addresses, good packets of a peer, digits,
// frames, renegotiation and time, as the input chooses.
//
// Oracles: the session is consistent after every event; its sink never overflows; deadlines make progress and
// are honest; what it sends can be read and comes from its own SSRC; a frame's sample count is as promised.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sansip/core/base/check.h"
#include "sansip/fuzz/byte_source.h"
#include "sansip/rtp/packet.h"
#include "sansip/rtp/rtcp/packet.h"
#include "sansip/rtp/seeded_random.h"
#include "sansip/rtp/session.h"

namespace sansip::rtp {
namespace {

constexpr std::size_t kEventsMax = 2000;

class Life {
 public:
  explicit Life(ByteSource& bytes)
      : bytes_(bytes),
        random_(bytes.Byte()),
        session_(now_, NtpTime{}, {.cname = "a@b", .latch = static_cast<LatchPolicy>(bytes.Below(3))},
                 random_) {}

  void Run() {
    for (std::size_t i = 0; i < kEventsMax && !bytes_.empty(); ++i) {
      Step();
      After();
    }
    session_.Stop(now_, sink_);
    After();
    SANSIP_CHECK(session_.next_deadline() == kNever);
  }

 private:
  SocketAddress Address() {
    const std::size_t which = bytes_.Below(6);
    return *ParseIp(which < 4 ? "198.51.100.9" : "203.0.113.66",
                    static_cast<std::uint16_t>(5004 + which % 3));
  }

  void Step() {
    switch (bytes_.Below(9)) {
      case 0:
        session_.OnRtp(now_, Address(), Exact(bytes_.Take(bytes_.Byte())), sink_);
        break;
      case 1:
        session_.OnRtcp(now_, Address(), Exact(bytes_.Take(bytes_.Byte())), sink_);
        break;
      case 2:
        GoodPacket();
        break;
      case 3:
        Configure();
        break;
      case 4:
        static_cast<void>(
            session_.SendDigit(now_, bytes_.Below(20), std::chrono::milliseconds(bytes_.Word())));
        break;
      case 5:
        now_ += std::chrono::microseconds(bytes_.Word());
        break;
      case 6:
        now_ += std::chrono::seconds(bytes_.Byte());
        break;
      case 7:
        session_.OnDeadline(now_, sink_);
        break;
      default:
        Deadline();
    }
  }

  // A copy of its own, so that reading past the end is seen.
  std::string_view Exact(std::string_view view) {
    datagram_.assign(view.begin(), view.end());
    datagram_.shrink_to_fit();
    return datagram_;
  }

  void GoodPacket() {
    std::array<char, kHeaderOctets + 160> wire{};
    const bool is_event = bytes_.Bool();
    sequence_ = static_cast<std::uint16_t>(sequence_ + bytes_.Below(3));
    timestamp_ += static_cast<std::uint32_t>(bytes_.Below(4)) * 160;
    WriteHeader({false, static_cast<std::uint8_t>(is_event ? 101 : 0), sequence_, timestamp_,
                 static_cast<std::uint32_t>(bytes_.Below(3))},
                wire);
    for (std::size_t i = 0; i < 4; ++i) wire[kHeaderOctets + i] = static_cast<char>(bytes_.Byte());
    session_.OnRtp(now_, Address(), {wire.data(), is_event ? kHeaderOctets + 4 : wire.size()}, sink_);
  }

  void Configure() {
    Stream stream;
    stream.remote_rtp = Address();
    stream.remote_rtcp = Address();
    stream.direction = static_cast<Direction>(bytes_.Below(4));
    stream.receive.push_back({Codec::kPcmu, 0});
    stream.send_ptime_ms = kPtimeMsMin + static_cast<int>(bytes_.Below(56));
    stream.send_events = DtmfEvents();
    stream.receive_event_type = 101;
    if (bytes_.Bool()) stream.send_event_type = 101;
    if (bytes_.Below(8) == 0) stream.remote_rtp = SocketAddress();
    stream.sends_rtcp = bytes_.Below(8) != 0;
    session_.Configure(now_, stream, sink_);
  }

  void Deadline() {
    const Instant next = session_.next_deadline();
    if (next == kNever) return;
    now_ = std::max(now_, next);
    session_.OnDeadline(now_, sink_);
    SANSIP_CHECK(session_.next_deadline() > next);
  }

  void After() {
    SANSIP_CHECK(session_.IsConsistent());
    std::uint32_t due = 0;
    for (const SessionAction& one : sink_) {
      if (const auto* rtp = std::get_if<action::TransmitRtp>(&one)) CheckRtp(rtp->wire);
      if (const auto* rtcp = std::get_if<action::TransmitRtcp>(&one))
        SANSIP_CHECK(rtcp::Compound::Read(rtcp->wire));
      if (const auto* frame = std::get_if<action::Frame>(&one)) {
        SANSIP_CHECK(frame->samples.size() == Session::kPlayoutSamples &&
                     frame->missing <= frame->samples.size());
      }
      if (const auto* frame_due = std::get_if<action::FrameDue>(&one)) due = frame_due->samples;
    }
    sink_.Clear();
    if (due == 0 || bytes_.Bool()) return;
    const std::array<std::int16_t, 480> samples{};
    const SendResult sent = session_.SendFrame(now_, std::span(samples).first(due), sink_);
    SANSIP_CHECK(sent == SendResult::kSent && sink_.size() == 1);
    sink_.Clear();
  }

  void CheckRtp(std::string_view wire) {
    Packet packet;
    SANSIP_CHECK(ParsePacket(wire, packet) == PacketError::kNone);
    SANSIP_CHECK(packet.ssrc == session_.ssrc() && !packet.payload.empty());
  }

  ByteSource& bytes_;
  Instant now_{};
  SeededRandom random_;
  SinkOf<SessionAction, Session::kActionsPerEventMax> sink_;
  Session session_;
  std::string datagram_;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
};

}  // namespace
}  // namespace sansip::rtp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sansip::ByteSource bytes(data, size);
  sansip::rtp::Life(bytes).Run();
  return 0;
}
