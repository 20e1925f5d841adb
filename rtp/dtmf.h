// Named telephone events (RFC 4733): the payload, a sender, a receiver. Both are driven by their owner: the
// sender once per packet interval, the receiver by packets and by its deadline.
#ifndef SANSIP_RTP_DTMF_H_
#define SANSIP_RTP_DTMF_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/base/time.h"

namespace sansip::rtp {

// "0123456789*#ABCD", either case (RFC 4733 3.2).
std::optional<std::uint8_t> EventOfKey(char key);
char KeyOfEvent(std::uint8_t event);  // '?' beyond 15

// RFC 4733 2.3.
struct EventPayload {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;  // -dBm0, 0 to 63
  std::uint16_t duration = 0;

  friend constexpr bool operator==(const EventPayload&, const EventPayload&) = default;
};

inline constexpr std::size_t kEventOctets = 4;

// The i-th event packed into a payload (2.5.1.5); nullopt behind the last.
std::optional<EventPayload> ReadEvent(std::string_view payload, std::size_t i);
void WriteEvent(const EventPayload& event, std::span<char> into);  // kEventOctets

// One event at a time, of a length known beforehand (2.5.1).
class EventSender {
 public:
  static constexpr unsigned kFinalCopies = 3;  // 2.5.1.4

  struct Update {
    bool marker = false;
    std::uint32_t timestamp = 0;
    EventPayload payload;
  };

  // `length` in units of the clock, above zero; `timestamp` is the event's start.
  void Start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp, std::uint32_t length);
  bool active() const { return active_; }
  void Abandon() { active_ = false; }
  // The packet for an interval of `elapsed` units that has passed. Only while active; the last of the final
  // copies ends it.
  Update Next(std::uint32_t elapsed);

 private:
  bool active_ = false;
  bool first_ = false;
  EventPayload payload_;
  std::uint32_t timestamp_ = 0;  // of the segment (2.5.1.3)
  std::uint32_t length_ = 0;     // of what begins at the segment
  std::uint32_t elapsed_ = 0;    // since the segment began
  unsigned copies_left_ = 0;     // of a segment's last packet
};

struct EventHeard {
  std::uint8_t event = 0;
  std::uint8_t volume = 0;
  std::uint32_t duration = 0;  // units
};

// Events of one source, each told once, when it has ended: by its E bit, by the next event, or by silence
// (2.5.2.2: no reliance on any one packet or on their spacing).
class EventReceiver {
 public:
  explicit EventReceiver(Duration silence_max) : silence_max_(silence_max) {}

  // What ended with this event: nothing, this one, the one before, or both, in order.
  struct Ended {
    std::array<EventHeard, 2> events{};
    std::size_t count = 0;
  };
  Ended Receive(Instant now, std::uint32_t timestamp, const EventPayload& payload);

  Instant deadline() const;
  std::optional<EventHeard> OnDeadline(Instant now);
  void Reset();

 private:
  EventHeard Finish();
  void Begin(std::uint32_t timestamp, const EventPayload& payload);
  bool IsOld(std::uint32_t timestamp, std::uint8_t event) const;

  Duration silence_max_;
  bool active_ = false;
  std::uint8_t event_ = 0, volume_ = 0;
  std::uint32_t timestamp_ = 0;  // of the segment
  std::uint32_t duration_ = 0;   // of the segment
  std::uint32_t before_ = 0;     // duration of the segments before
  Instant last_heard_{};
  bool any_done_ = false;
  std::uint32_t done_timestamp_ = 0;  // start of the last segment of the last event that ended
};

}  // namespace sansip::rtp

#endif  // SANSIP_RTP_DTMF_H_
