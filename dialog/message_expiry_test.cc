#include "sansip/dialog/message_expiry.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

constexpr std::int64_t kReceived = 1'000'000'000;  // Sun, 09 Sep 2001 01:46:40 GMT

std::optional<std::int64_t> Expiry(const std::string& more) {
  const Parsed message(RequestText{.method = "MESSAGE", .more = more}.text());
  EXPECT_TRUE(message.error().ok());
  return ExpiryOf(message.view(), kReceived);
}

TEST(MessageExpiryTest, CountsFromItsDate) {
  SANSIP_SHOWS("3428-7-8");
  EXPECT_EQ(Expiry("Date: Sun, 09 Sep 2001 01:45:00 GMT\r\nExpires: 60\r\n"), kReceived - 40);
}

TEST(MessageExpiryTest, CountsFromItsReceptionWithoutADate) {
  SANSIP_SHOWS("3428-7-9");
  EXPECT_EQ(Expiry("Expires: 60\r\n"), kReceived + 60);
  EXPECT_EQ(Expiry("Date: yesterday\r\nExpires: 4294967296\r\n"), kReceived + 4294967295);
}

TEST(MessageExpiryTest, IsNeverWithoutExpires) {
  EXPECT_EQ(Expiry("Date: Sun, 09 Sep 2001 01:45:00 GMT\r\n"), std::nullopt);
  EXPECT_EQ(Expiry("Expires: soon\r\n"), std::nullopt);
}

}  // namespace
}  // namespace sansip::testing
