#include "sansip/rtp/dtmf.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;

constexpr Instant kStart(std::chrono::seconds(100));

std::string Keys(const EventReceiver::Ended& ended) {
  std::string keys;
  for (std::size_t i = 0; i < ended.count; ++i) keys += KeyOfEvent(ended.events[i].event);
  return keys;
}
EventPayload Report(std::uint8_t event, std::uint16_t duration, bool end = false) {
  return {.event = event, .end = end, .volume = 10, .duration = duration};
}

TEST(Event, KeysAndCodes) {
  SANSIP_SHOWS("4733-3.2-1");
  constexpr std::string_view kKeys = "0123456789*#ABCD";
  for (std::uint8_t i = 0; i < 16; ++i) {
    EXPECT_EQ(KeyOfEvent(i), kKeys[i]);
    EXPECT_EQ(EventOfKey(kKeys[i]), i);
  }
  EXPECT_EQ(EventOfKey('d'), 15);
  EXPECT_FALSE(EventOfKey('E'));
  EXPECT_FALSE(EventOfKey('\0'));
  EXPECT_EQ(KeyOfEvent(16), '?');
}

TEST(Event, Payload) {
  SANSIP_SHOWS("4733-2.3-1", "4733-2.3.3-1", "4733-2.3.3-2", "4733-2.3.4-3");
  const std::string bytes("\x01\x94\x06\xE0", 4);
  EXPECT_EQ(ReadEvent(bytes, 0), (EventPayload{.event = 1, .end = true, .volume = 20, .duration = 1760}));
  EXPECT_EQ(ReadEvent("\x01\xD4\x06\xE0", 0)->volume, 20);  // with R
  EXPECT_FALSE(ReadEvent(bytes.substr(0, 3), 0));
  EXPECT_FALSE(ReadEvent("", 0));
  EXPECT_FALSE(ReadEvent(bytes, 1));
  EXPECT_FALSE(ReadEvent(bytes + "abc", 1));
  char written[4];
  WriteEvent(*ReadEvent(bytes, 0), written);
  EXPECT_EQ(std::string(written, 4), bytes);
}

// RFC 4733 5, table 5: the first two digits of 911 at 50 ms; sequence numbers are the session's.
TEST(EventSender, WorkedExample) {
  SANSIP_SHOWS("4733-5-1", "4733-2.5.1.2-3", "4733-2.5.1.2-4", "4733-2.5.1.2-5", "4733-2.5.1.2-6",
               "4733-2.5.1.2-8", "4733-2.5.1.4-1", "4733-2.5.1.4-4", "4733-2.2.2-1", "4733-2.3.2-1");
  EventSender sender;
  sender.Start(9, 7, 0, 1600);
  std::vector<EventSender::Update> updates;
  while (sender.active()) updates.push_back(sender.Next(400));
  ASSERT_EQ(updates.size(), 6u);
  constexpr std::uint16_t kDurations[] = {400, 800, 1200, 1600, 1600, 1600};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(updates[i].marker, i == 0);
    EXPECT_EQ(updates[i].timestamp, 0u);
    EXPECT_EQ(updates[i].payload.event, 9);
    EXPECT_EQ(updates[i].payload.volume, 7);
    EXPECT_EQ(updates[i].payload.duration, kDurations[i]);
    EXPECT_EQ(updates[i].payload.end, i >= 3);
  }
  sender.Start(1, 7, 7040, 800);
  EXPECT_EQ(sender.Next(400).timestamp, 7040u);
}

TEST(EventSender, LengthBetweenPackets) {
  SANSIP_SHOWS("4733-2.3.5-1", "4733-2.5.2.2-2");
  EventSender sender;
  sender.Start(5, 10, 100, 1000);
  std::vector<std::uint16_t> durations;
  while (sender.active()) durations.push_back(sender.Next(160).payload.duration);
  EXPECT_EQ(durations, (std::vector<std::uint16_t>{160, 320, 480, 640, 800, 960, 1000, 1000, 1000}));
  sender.Start(5, 10, 100, 1);
  EXPECT_EQ(sender.Next(0).payload.duration, 1);
}

TEST(EventSender, LongEventsAreSegmented) {
  SANSIP_SHOWS("4733-2.3.5-3", "4733-2.5.1.3-1", "4733-2.5.1.3-2", "4733-2.5.1.3-3", "4733-2.5.1.3-4",
               "4733-2.5.1.3-5", "4733-2.5.1.3-6");
  EventSender sender;
  sender.Start(0, 10, 0xFFFFFF00, 160000);  // 20 s: three segments
  std::vector<EventSender::Update> updates;
  while (sender.active()) updates.push_back(sender.Next(160));
  std::vector<std::uint32_t> segments;
  unsigned full = 0, ends = 0;
  for (const EventSender::Update& update : updates) {
    if (segments.empty() || segments.back() != update.timestamp) segments.push_back(update.timestamp);
    EXPECT_EQ(update.marker, &update == &updates.front());
    EXPECT_GT(update.payload.duration, 0);
    if (update.payload.duration == 0xFFFF) {
      ++full;
      EXPECT_FALSE(update.payload.end);
    }
    ends += update.payload.end;
  }
  EXPECT_EQ(segments, (std::vector<std::uint32_t>{0xFFFFFF00, 0xFFFFFF00 + 65535, 0xFFFFFF00u + 131070}));
  EXPECT_EQ(full, 6u);
  EXPECT_EQ(ends, 3u);
  EXPECT_EQ(updates.back().payload.duration, 160000 - 131070);
  // The receiver makes one event of it.
  EventReceiver receiver(milliseconds(150));
  std::string keys;
  Instant now = kStart;
  for (const EventSender::Update& update : updates) {
    const EventReceiver::Ended ended =
        receiver.Receive(now += milliseconds(20), update.timestamp, update.payload);
    keys += Keys(ended);
    if (ended.count != 0) {
      EXPECT_EQ(ended.events[0].duration, 160000u);
    }
  }
  EXPECT_EQ(keys, "0");
}

TEST(EventReceiver, OneDigitHoweverManyPackets) {
  SANSIP_SHOWS("4733-2.5.2.2-5", "4733-2.5.2.2-8", "4733-2.5.2.3-1", "4733-2.5.1.2-7", "4733-2.5.2.2-10");
  EventReceiver r(milliseconds(150));
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 160))), "");
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 800))), "");
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 640))), "");  // reordered
  const EventReceiver::Ended ended = r.Receive(kStart, 1000, Report(3, 800, true));
  ASSERT_EQ(Keys(ended), "3");
  EXPECT_EQ(ended.events[0].duration, 800u);
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 800, true))), "");
  EXPECT_EQ(Keys(r.Receive(kStart + milliseconds(500), 1000, Report(3, 800, true))), "");
  EXPECT_EQ(Keys(r.Receive(kStart + milliseconds(500), 840, Report(4, 80, true))), "");  // from before
  EXPECT_EQ(Keys(r.Receive(kStart + milliseconds(600), 5000, Report(3, 800, true))), "3");
}

TEST(EventReceiver, FirstAndLastMayBeLost) {
  SANSIP_SHOWS("4733-2.5.2.2-6", "4733-2.5.2.2-3", "4733-2.5.2.2-4", "4733-2.5.2.2-7");
  EventReceiver r(milliseconds(150));
  EXPECT_EQ(r.deadline(), kNever);
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 480))), "");
  EXPECT_EQ(r.deadline(), kStart + milliseconds(150));
  EXPECT_FALSE(r.OnDeadline(kStart + milliseconds(149)));
  const auto heard = r.OnDeadline(kStart + milliseconds(150));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->duration, 480u);
  EXPECT_EQ(Keys(r.Receive(kStart + milliseconds(200), 1000, Report(3, 960))), "");  // not restarted
  EXPECT_EQ(r.deadline(), kNever);
  // The end lost, the next digit there.
  EXPECT_EQ(Keys(r.Receive(kStart, 9000, Report(4, 160))), "");
  EXPECT_EQ(Keys(r.Receive(kStart, 12000, Report(4, 160))), "4");
  EXPECT_EQ(Keys(r.Receive(kStart, 15000, Report(6, 160, true))), "46");
}

TEST(EventReceiver, NoDurationNoEvent) {
  SANSIP_SHOWS("4733-2.3.5-2");
  EventReceiver r(milliseconds(150));
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 0, true))), "");
  EXPECT_EQ(r.deadline(), kNever);
}

TEST(EventReceiver, ForgetsAfterDays) {
  EventReceiver r(milliseconds(150));
  EXPECT_EQ(Keys(r.Receive(kStart, 1000, Report(3, 800, true))), "3");
  // More than half of the timestamps later, "before" means nothing.
  EXPECT_EQ(Keys(r.Receive(kStart + std::chrono::hours(80), 1000 + 0x90000000u, Report(3, 800, true))), "3");
}

}  // namespace
}  // namespace sansip::rtp
