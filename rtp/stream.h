// What one audio stream was agreed to be: the plain data that offer/answer produces and a Session obeys.
// Everything is from our own point of view (RFC 3264 3).
#ifndef SANSIP_RTP_STREAM_H_
#define SANSIP_RTP_STREAM_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sansip/core/base/address.h"
#include "sansip/core/base/check.h"
#include "sansip/rtp/codec/codec.h"

namespace sansip::rtp {

// RFC 3264 5.1, RFC 8866 6.7.
enum class Direction : std::uint8_t { kSendRecv, kSendOnly, kRecvOnly, kInactive };

constexpr bool Sends(Direction direction) {
  return direction == Direction::kSendRecv || direction == Direction::kSendOnly;
}
constexpr bool Receives(Direction direction) {
  return direction == Direction::kSendRecv || direction == Direction::kRecvOnly;
}
constexpr Direction DirectionOf(bool sends, bool receives) {
  if (sends) return receives ? Direction::kSendRecv : Direction::kSendOnly;
  return receives ? Direction::kRecvOnly : Direction::kInactive;
}
// The same stream as the other end sees it.
constexpr Direction Mirrored(Direction direction) {
  return DirectionOf(Receives(direction), Sends(direction));
}

struct Format {
  Codec codec = Codec::kPcmu;
  std::uint8_t payload_type = 0;

  friend constexpr bool operator==(const Format&, const Format&) = default;
};

// In order of preference. At most kMax: one codec may stand there under several numbers (RFC 3264 8.3.2).
class FormatList {
 public:
  static constexpr std::size_t kMax = 8;

  constexpr bool full() const { return size_ == kMax; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::size_t size() const { return size_; }
  constexpr void push_back(Format format) {
    SANSIP_CHECK(!full());
    formats_[size_++] = format;
  }
  constexpr const Format& operator[](std::size_t i) const { return formats_[i]; }
  constexpr const Format* begin() const { return formats_.data(); }
  constexpr const Format* end() const { return formats_.data() + size_; }
  constexpr std::optional<Codec> CodecOf(std::uint8_t payload_type) const {
    for (const Format& format : *this) {
      if (format.payload_type == payload_type) return format.codec;
    }
    return std::nullopt;
  }

  friend constexpr bool operator==(const FormatList&, const FormatList&) = default;

 private:
  std::array<Format, kMax> formats_{};
  std::size_t size_ = 0;
};

// RFC 4733 2.4: named events, by their codes.
using EventSet = std::bitset<256>;

// RFC 4733 2.5.1.1: 0-15, the DTMF digits, are what may be presumed without a list.
inline EventSet DtmfEvents() { return EventSet(0xFFFF); }

struct Stream {
  Direction direction = Direction::kSendRecv;
  // Where RTP and RTCP go (c=, m=, a=rtcp). Family kNone: to nobody, the peer holds with c=0.0.0.0.
  SocketAddress remote_rtp;
  SocketAddress remote_rtcp;
  Format send;         // the codec and the peer's number for it
  FormatList receive;  // our numbers; the sender may switch among them at any packet (RFC 3550 5.1)
  // RFC 4733: the peer's number for telephone-event and what it takes; ours.
  std::optional<std::uint8_t> send_event_type;
  EventSet send_events;
  std::optional<std::uint8_t> receive_event_type;
  int send_ptime_ms = 20;  // kPtimeMsMin to kPtimeMsMax
  bool sends_rtcp = true;  // false: c=0.0.0.0 (RFC 3264 8.4) or a bandwidth of zero (5.1)

  friend bool operator==(const Stream&, const Stream&) = default;
};

inline constexpr int kPtimeMsMin = 5;
inline constexpr int kPtimeMsMax = 60;

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_STREAM_H_
