#include "gtest/gtest.h"
#include "sansip/rtp/media_time.h"
#include "sansip/rtp/ntp_time.h"
#include "sansip/tests/support/shows.h"

namespace sansip::rtp {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(NtpTime, CountsFrom1900) {
  SANSIP_SHOWS("3550-4-2");
  EXPECT_EQ(NtpTime::FromUnix(Duration::zero()).seconds(), 2208988800u);
  EXPECT_EQ(NtpTime::FromUnix(milliseconds(500)).fraction(), 0x80000000u);
  const NtpTime t = NtpTime::FromUnix(seconds(1000)) + milliseconds(250);
  EXPECT_EQ(t.seconds(), 2208989800u);
  EXPECT_EQ(t.fraction(), 0x40000000u);
  EXPECT_EQ(t.compact(), (2208989800u & 0xFFFF) << 16 | 0x4000);
  EXPECT_EQ(t + milliseconds(-500), NtpTime::FromUnix(seconds(1000)) + milliseconds(-250));
}

TEST(NtpTime, WrapsIn2036WithoutAStep) {
  SANSIP_SHOWS("3550-4-2");
  const NtpTime last{0xFFFFFFFFull << 32};
  EXPECT_EQ((last + seconds(1)).seconds(), 0u);
  EXPECT_EQ((last + seconds(3)).compact() - last.compact(), 3u << 16);
}

TEST(NtpTime, CompactDurations) {
  EXPECT_EQ(CompactOf(milliseconds(5250)), 0x00054000u);
  EXPECT_EQ(CompactOf(milliseconds(-1)), 0u);
  EXPECT_EQ(CompactOf(seconds(65535)), 0xFFFF0000u);
  EXPECT_EQ(CompactOf(seconds(65536)), 0xFFFFFFFFu);
  EXPECT_EQ(CompactOf(kForever), 0xFFFFFFFFu);
  EXPECT_EQ(DurationOfCompact(0x00062000), milliseconds(6125));
}

TEST(MediaTime, IsLinear) {
  SANSIP_SHOWS("3550-5.1-10");
  const Instant epoch(seconds(5));
  const MediaTime time(epoch, 0xFFFFFFFF, 8000);
  EXPECT_EQ(time.At(epoch), 0xFFFFFFFFu);
  EXPECT_EQ(time.At(epoch + milliseconds(1)), 7u);
  EXPECT_EQ(time.At(epoch + nanoseconds(124999)), 0xFFFFFFFFu);
  EXPECT_EQ(time.At(epoch + nanoseconds(125000)), 0u);
  EXPECT_EQ(time.At(epoch - milliseconds(1)), 0xFFFFFFFFu - 8);
  EXPECT_EQ(time.At(epoch + seconds(1000000000)), static_cast<std::uint32_t>(8000000000000u + 0xFFFFFFFFu));
  EXPECT_EQ(DurationOfUnits(-4, 8000), nanoseconds(-500000));
  EXPECT_TRUE(IsBefore(0xFFFFFFF0, 5));
  EXPECT_FALSE(IsBefore(5, 0xFFFFFFF0));
  EXPECT_FALSE(IsBefore(5, 5));
}

}  // namespace
}  // namespace sansip::rtp
