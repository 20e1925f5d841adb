#include "sansip/rtp/dtmf.h"

#include <algorithm>

#include "sansip/core/base/big_endian.h"
#include "sansip/core/base/check.h"
#include "sansip/rtp/media_time.h"

namespace sansip::rtp {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";
constexpr std::uint32_t kDurationMax = 0xFFFF;
constexpr unsigned kVolumeMax = 63;
// Copies of an event that has ended come no later; "older" means nothing for timestamps much farther apart.
constexpr Duration kMemory = std::chrono::seconds(30);

}  // namespace

std::optional<std::uint8_t> EventOfKey(char key) {
  if (key >= 'a' && key <= 'd') key = static_cast<char>(key - 'a' + 'A');
  const std::size_t at = kKeys.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

char KeyOfEvent(std::uint8_t event) { return event < kKeys.size() ? kKeys[event] : '?'; }

std::optional<EventPayload> ReadEvent(std::string_view payload, std::size_t i) {
  if (payload.size() / kEventOctets <= i) return std::nullopt;
  const std::size_t at = i * kEventOctets;
  // 2.3.3: the R bit is ignored.
  return EventPayload{.event = Load8(payload, at),
                      .end = (Load8(payload, at + 1) & 0x80) != 0,
                      .volume = static_cast<std::uint8_t>(Load8(payload, at + 1) & kVolumeMax),
                      .duration = Load16(payload, at + 2)};
}

void WriteEvent(const EventPayload& event, std::span<char> into) {
  SANSIP_CHECK(into.size() >= kEventOctets && event.volume <= kVolumeMax);
  Store8(into, 0, event.event);
  Store8(into, 1, (event.end ? 0x80u : 0u) | event.volume);
  Store16(into, 2, event.duration);
}

void EventSender::Start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp,
                        std::uint32_t length) {
  SANSIP_CHECK(!active_ && length > 0);
  active_ = first_ = true;
  payload_ = {.event = event, .end = false, .volume = volume, .duration = 0};
  timestamp_ = timestamp;
  length_ = length;
  elapsed_ = 0;
  copies_left_ = 0;
}

EventSender::Update EventSender::Next(std::uint32_t elapsed) {
  SANSIP_CHECK(active_);
  elapsed_ += elapsed;
  if (copies_left_ == 0) {
    const std::uint32_t duration = std::max(1u, std::min({elapsed_, length_, kDurationMax}));
    payload_.duration = static_cast<std::uint16_t>(duration);
    payload_.end = duration == length_;
    // 2.5.1.4: the last packet of an event, and of a segment, goes out three times.
    if (payload_.end || elapsed_ > kDurationMax) copies_left_ = kFinalCopies;
  }
  const Update update{first_, timestamp_, payload_};
  first_ = false;
  if (copies_left_ > 0 && --copies_left_ == 0) {
    if (payload_.end) {
      active_ = false;
    } else {
      // 2.5.1.3: the next segment begins where this one was full.
      timestamp_ += kDurationMax;
      length_ -= kDurationMax;
      elapsed_ -= kDurationMax;
    }
  }
  return update;
}

void EventReceiver::Reset() {
  active_ = false;
  any_done_ = false;
}

EventHeard EventReceiver::Finish() {
  active_ = false;
  any_done_ = true;
  done_timestamp_ = timestamp_;
  return {event_, volume_, before_ + duration_};
}

void EventReceiver::Begin(std::uint32_t timestamp, const EventPayload& payload) {
  active_ = true;
  event_ = payload.event;
  timestamp_ = timestamp;
  duration_ = before_ = 0;
}

// 2.5.2.2: reports of what has ended, and of what lies before it, say nothing new.
bool EventReceiver::IsOld(std::uint32_t timestamp, std::uint8_t event) const {
  if (any_done_ && !IsBefore(done_timestamp_, timestamp)) return true;
  return active_ && (IsBefore(timestamp, timestamp_) || (timestamp == timestamp_ && event != event_));
}

EventReceiver::Ended EventReceiver::Receive(Instant now, std::uint32_t timestamp,
                                            const EventPayload& payload) {
  Ended ended;
  if (now - last_heard_ > kMemory) any_done_ = false;
  // 2.3.5: no duration, no event.
  if (payload.duration == 0 || IsOld(timestamp, payload.event)) return ended;
  if (active_ && timestamp != timestamp_) {
    // 2.5.2.3: a new segment of the same event, or another event whose predecessor's end was lost.
    if (payload.event == event_ && timestamp == timestamp_ + kDurationMax) {
      before_ += kDurationMax;
      timestamp_ = timestamp;
      duration_ = 0;
    } else {
      ended.events[ended.count++] = Finish();
    }
  }
  if (!active_) Begin(timestamp, payload);
  duration_ = std::max<std::uint32_t>(duration_, payload.duration);
  volume_ = payload.volume;
  last_heard_ = now;
  if (payload.end) ended.events[ended.count++] = Finish();
  return ended;
}

Instant EventReceiver::deadline() const { return active_ ? After(last_heard_, silence_max_) : kNever; }

std::optional<EventHeard> EventReceiver::OnDeadline(Instant now) {
  if (deadline() > now || !active_) return std::nullopt;
  return Finish();
}

}  // namespace sansip::rtp
