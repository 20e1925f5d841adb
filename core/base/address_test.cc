#include "sansip/core/base/address.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

std::string Round(std::string_view text) {
  const auto address = ParseIp(text, 5060);
  return address ? std::string(BareIpTextOf(*address).view()) : "none";
}

TEST(AddressTest, TransportNamesAreCaseInsensitiveAndClosed) {
  EXPECT_EQ(TransportFromName("UDP"), Transport::kUdp);
  EXPECT_EQ(TransportFromName("tcp"), Transport::kTcp);
  EXPECT_EQ(TransportFromName("Tls"), Transport::kTls);
  EXPECT_EQ(TransportFromName("WSS"), Transport::kWss);
  EXPECT_EQ(TransportFromName("UDPX"), std::nullopt);
  EXPECT_EQ(TransportFromName(""), std::nullopt);
  for (Transport transport : {Transport::kUdp, Transport::kTcp, Transport::kTls, Transport::kSctp,
                              Transport::kWs, Transport::kWss}) {
    EXPECT_EQ(TransportFromName(TransportName(transport)), transport);
  }
}

TEST(AddressTest, DefaultPorts) {
  EXPECT_EQ(DefaultPort(Transport::kUdp), 5060);
  EXPECT_EQ(DefaultPort(Transport::kTcp), 5060);
  EXPECT_EQ(DefaultPort(Transport::kTls), 5061);
  EXPECT_EQ(DefaultPort(Transport::kWs), 80);
  EXPECT_EQ(DefaultPort(Transport::kWss), 443);
}

TEST(AddressTest, Ipv4) {
  const auto address = ParseIp("192.0.2.1", 5062);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family, SocketAddress::Family::kIpv4);
  EXPECT_EQ(address->ip[0], 192);
  EXPECT_EQ(address->ip[3], 1);
  EXPECT_EQ(address->ip[4], 0);
  EXPECT_EQ(HostTextOf(*address).view(), "192.0.2.1");
  EXPECT_EQ(BareIpTextOf(*address).view(), "192.0.2.1");
  EXPECT_EQ(TextOf(*address).view(), "192.0.2.1:5062");
  EXPECT_EQ(Round("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(Round("255.255.255.255"), "255.255.255.255");
}

TEST(AddressTest, NotIpv4) {
  for (std::string_view text :
       {"", ".", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3", "256.0.0.1", "1.2.3.0400",
        "1..2.3", "a.b.c.d", "1.2.3.4 ", " 1.2.3.4", "-1.2.3.4", "[192.0.2.1]", "example.com"}) {
    EXPECT_EQ(ParseIp(text, 0), std::nullopt) << text;
  }
}

TEST(AddressTest, Ipv6WithAndWithoutBrackets) {
  const auto bare = ParseIp("2001:db8::9:1", 5060);
  const auto bracketed = ParseIp("[2001:DB8::9:01]", 5060);
  ASSERT_TRUE(bare);
  ASSERT_TRUE(bracketed);
  EXPECT_EQ(*bare, *bracketed);
  EXPECT_EQ(bare->family, SocketAddress::Family::kIpv6);
  EXPECT_EQ(HostTextOf(*bare).view(), "[2001:db8::9:1]");
  EXPECT_EQ(BareIpTextOf(*bare).view(), "2001:db8::9:1");
  EXPECT_EQ(TextOf(*bare).view(), "[2001:db8::9:1]:5060");
}

// RFC 5952 4
TEST(AddressTest, Ipv6IsWrittenInOneWay) {
  EXPECT_EQ(Round("::"), "::");
  EXPECT_EQ(Round("::1"), "::1");
  EXPECT_EQ(Round("1::"), "1::");
  EXPECT_EQ(Round("2001:0db8:0000:0000:0001:0000:0000:0001"), "2001:db8::1:0:0:1");
  EXPECT_EQ(Round("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(Round("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(Round("1:2:3:4:5:6:7::"), "1:2:3:4:5:6:7:0");
  EXPECT_EQ(Round("ABCD:EF01::"), "abcd:ef01::");
  EXPECT_EQ(Round("::ffff:192.0.2.10"), "::ffff:192.0.2.10");
  EXPECT_EQ(Round("2001:db8::192.0.2.1"), "2001:db8::c000:201");
  EXPECT_EQ(Round("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
}

// RFC 5118 4.10: the grammar of RFC 3261 yields a colon too many before the IPv4 part.
TEST(AddressTest, ThirdColonBeforeIpv4PartIsRead) {
  EXPECT_EQ(Round("[2001:db8:::192.0.2.1]"), Round("[2001:db8::192.0.2.1]"));
  EXPECT_EQ(Round(":::192.0.2.1"), "::c000:201");
  for (std::string_view text : {"2001:db8:::1", ":::", "::::192.0.2.1", "2001:db8:::1:192.0.2.1"}) {
    EXPECT_EQ(Round(text), "none") << text;
  }
}

TEST(AddressTest, NotIpv6) {
  for (std::string_view text : {"[",
                                "]",
                                "[]",
                                "[::1",
                                "::1]",
                                ":",
                                ":1",
                                "1:",
                                "1:2:3:4:5:6:7",
                                "1:2:3:4:5:6:7:8:9",
                                "1:2:3:4:5:6:7:8::",
                                "1::2::3",
                                "12345::",
                                "g::",
                                "::1%eth0",
                                "[::1]:5060",
                                "::1.2.3",
                                "::1.2.3.4:5",
                                "1:2:3:4:5:6:7:1.2.3.4",
                                "1.2.3.4::",
                                "[[::1]]",
                                "::1 "}) {
    EXPECT_EQ(ParseIp(text, 0), std::nullopt) << text;
  }
}

TEST(AddressTest, LongestTextFits) {
  const auto address = ParseIp("1111:2222:3333:4444:5555:6666:7777:8888", 65535);
  ASSERT_TRUE(address);
  EXPECT_EQ(TextOf(*address).view(), "[1111:2222:3333:4444:5555:6666:7777:8888]:65535");
}

TEST(AddressTest, NoAddressHasNoText) {
  EXPECT_EQ(HostTextOf(SocketAddress{}).view(), "");
  EXPECT_EQ(BareIpTextOf(SocketAddress{}).view(), "");
}

}  // namespace
}  // namespace sansip
