#include "sansip/core/uri/uri_headers.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/uri/escape.h"

namespace sansip {
namespace {

TEST(UriHeadersTest, OneAfterTheOther) {
  const auto uri = ParseSipUri("sip:h?a=1&%42=&a=%3D2");
  ASSERT_TRUE(uri);
  std::string all;
  UriHeadersOf headers(*uri);
  for (UriHeader header; headers.Next(header);) {
    all.append(header.name).append("=").append(header.value).append("|");
  }
  EXPECT_EQ(all, "a=1|%42=|a=%3D2|");
}

TEST(UriHeadersTest, OfOneName) {
  const auto uri = ParseSipUri("sip:h?a=1&b=2&A=%3D3");
  ASSERT_TRUE(uri);
  UriHeadersOf headers(*uri);
  std::string_view value;
  ASSERT_TRUE(headers.Next("A", value));
  EXPECT_EQ(value, "1");
  ASSERT_TRUE(headers.Next("a", value));
  EXPECT_EQ(value, "%3D3");
  EXPECT_FALSE(headers.Next("a", value));
  UriHeadersOf none(*ParseSipUri("sip:h"));
  EXPECT_FALSE(none.Next("a", value));
}

TEST(UriHeadersTest, ValuesUnescapeIntoStorage) {
  std::array<char, 3> storage;
  EXPECT_EQ(Unescape("a%3Db", storage), "a=b");
  EXPECT_EQ(Unescape("a%3Dbc", storage), std::nullopt);
  EXPECT_EQ(Unescape("", storage), "");
}

}  // namespace
}  // namespace sansip
