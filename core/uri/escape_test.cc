#include "sansip/core/uri/escape.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(EscapeTest, User) {
  EXPECT_EQ(EscapeUser("alice"), "alice");
  EXPECT_EQ(EscapeUser("j@s0n"), "j%40s0n");
  EXPECT_EQ(EscapeUser("a b<c"), "a%20b%3Cc");
  EXPECT_EQ(EscapeUser("+1-212-555;postd=pp22"), "+1-212-555;postd=pp22");
  EXPECT_EQ(EscapeUser("*21#"), "*21%23");
  EXPECT_EQ(EscapeUser("a\"b"), "a%22b");
  EXPECT_EQ(EscapeUser("nul\0cr\r\nlf\x7F"sv), "nul%00cr%0D%0Alf%7F");
  EXPECT_EQ(EscapeUser("Gr\xC3\xBC\xC3\x9F"), "Gr%C3%BC%C3%9F");
  EXPECT_EQ(EscapeUser("50%"), "50%25");
  EXPECT_EQ(EscapeUser("a:b"), "a%3Ab");
  SANSIP_SHOWS("3261-19.1.2-1", "3261-19.1.2-3", "3261-19.1.2-5");
}

TEST(EscapeTest, UriHeadersEscapeWhatIsReserved) {
  EXPECT_EQ(EscapeUriHeader("sip:a@b"), "sip:a%40b");
  EXPECT_EQ(EscapeUriHeader("a;b&c=d,e"), "a%3Bb%26c%3Dd%2Ce");
  EXPECT_EQ(EscapeUriHeader("a:/?+$b"), "a:/?+$b");
  SANSIP_SHOWS("3261-19.1.2-4");
}

TEST(EscapeTest, Parameters) {
  EXPECT_EQ(EscapeUriParameter("a=b;c?d"), "a%3Db%3Bc%3Fd");
  EXPECT_EQ(EscapeUriParameter("[::1]:5060"), "[::1]:5060");
}

TEST(EscapeTest, EveryByteSurvivesInEveryComponent) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(Unescape(EscapeUser(all)), all);
  EXPECT_EQ(Unescape(EscapeUriParameter(all)), all);
  EXPECT_EQ(Unescape(EscapeUriHeader(all)), all);
  const std::string text = "sip:" + EscapeUser(all) + "@example.com;" + EscapeUriParameter(all) + "=" +
                           EscapeUriParameter(all) + "?" + EscapeUriHeader(all) + "=" + EscapeUriHeader(all);
  const auto uri = ParseSipUri(text);
  ASSERT_TRUE(uri);
  EXPECT_EQ(Unescape(uri->user), all);
  for (char c : text) EXPECT_TRUE(c > 0x20 && c < 0x7F);
  SANSIP_SHOWS("3261-19.1.2-2");
}

// RFC 4475 3.1.1.3: once only.
TEST(EscapeTest, UnescapeOnce) {
  EXPECT_EQ(Unescape("value%25%34%31"), "value%41");
  EXPECT_EQ(Unescape("%5a%5A"), "ZZ");
  EXPECT_EQ(Unescape("a%00b"), "a\0b"sv);
  EXPECT_EQ(Unescape("100%"), "100%");
  EXPECT_EQ(Unescape("%4"), "%4");
  EXPECT_EQ(Unescape("%zz"), "%zz");
}

TEST(EscapeTest, UnescapeIntoStorage) {
  std::array<char, 3> storage;
  EXPECT_EQ(Unescape("a%3Bb", storage), "a;b");
  EXPECT_EQ(Unescape("%00%41%4", storage), std::nullopt);
  EXPECT_EQ(Unescape("%00%", storage), "\0%"sv);
  EXPECT_EQ(Unescape("abcd", storage), std::nullopt);
  EXPECT_EQ(Unescape("", {}), "");
  EXPECT_EQ(Unescape("a", {}), std::nullopt);
}

TEST(EscapeTest, EqualUnlessReserved) {
  EXPECT_TRUE(EqualEscaped("%61lice", "alice"));
  EXPECT_TRUE(EqualEscaped("%6a", "%6A"));
  EXPECT_FALSE(EqualEscaped("ALICE", "alice"));
  EXPECT_TRUE(EqualEscapedIgnoreCase("ALICE", "%61lic%45"));
  // RFC 3261 19.1.4: reserved characters are not equal to their escapes.
  EXPECT_FALSE(EqualEscaped("a%3Bb", "a;b"));
  EXPECT_TRUE(EqualEscaped("a%3Bb", "a%3bb"));
  EXPECT_FALSE(EqualEscaped("a", "ab"));
  EXPECT_FALSE(EqualEscaped("%00", "%00%00"));
}

}  // namespace
}  // namespace sansip
