#include "sansip/core/uri/host.h"

#include <string_view>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(HostTest, Hosts) {
  for (std::string_view text :
       {"example.com", "example.com.", "a", "x1", "host-1.example.com", "1host.example.com", "192.0.2.1",
        "0.0.0.0", "[2001:db8::1]", "[::]", "[::ffff:192.0.2.1]", "[2001:db8::10:5070]", "1.2.3.4.example"}) {
    EXPECT_TRUE(IsHost(text)) << text;
  }
}

TEST(HostTest, NotHosts) {
  for (std::string_view text : {"",
                                ".",
                                "..",
                                ".example.com",
                                "example..com",
                                "-a.com",
                                "a-.com",
                                "a.-b",
                                "a.b-",
                                "1",
                                "123",
                                "a.1",
                                "a.1b",
                                "192.0.2",
                                "192.0.2.256",
                                "192.0.2.1.",
                                "1.2.3.4.5",
                                "ex_ample.com",
                                "exam ple",
                                "biloxi%2Ecom",
                                "2001:db8::1",
                                "[2001:db8::1",
                                "[]",
                                "[example.com]",
                                "[192.0.2.1]",
                                "[::1]x",
                                "a@b",
                                "\xC3\xBC.example"}) {
    EXPECT_FALSE(IsHost(text)) << text;
  }
}

TEST(HostTest, TakeHostStopsBehindIt) {
  Cursor name("example.com:5060");
  std::string_view host;
  EXPECT_TRUE(TakeHost(name, host));
  EXPECT_EQ(host, "example.com");
  EXPECT_EQ(name.rest(), ":5060");
  Cursor address("[2001:db8::10]:5070;x");
  EXPECT_TRUE(TakeHost(address, host));
  EXPECT_EQ(host, "[2001:db8::10]");
  EXPECT_EQ(address.rest(), ":5070;x");
  Cursor none("-a.com");
  EXPECT_FALSE(TakeHost(none, host));
  EXPECT_EQ(none.offset(), 0u);
}

TEST(HostTest, PortsAreOneTo65535) {
  std::uint16_t port = 0;
  Cursor most("65535;x");
  EXPECT_TRUE(TakePort(most, port));
  EXPECT_EQ(port, 65535);
  EXPECT_EQ(most.rest(), ";x");
  Cursor least("0001");
  EXPECT_TRUE(TakePort(least, port));
  EXPECT_EQ(port, 1);
  for (std::string_view text : {"", "0", "65536", "4294972356", "99999999999999999999999", "-1", "x"}) {
    Cursor cursor(text);
    EXPECT_FALSE(TakePort(cursor, port)) << text;
    EXPECT_EQ(cursor.offset(), 0u);
  }
}

// RFC 5954 4.2
TEST(HostTest, Equivalence) {
  EXPECT_TRUE(EquivalentHosts("AtLanTa.CoM", "atlanta.com"));
  EXPECT_TRUE(EquivalentHosts("[2001:db8::9:1]", "[2001:db8::9:01]"));
  EXPECT_TRUE(EquivalentHosts("[0:0:0:0:0:FFFF:129.144.52.38]", "[::ffff:129.144.52.38]"));
  EXPECT_TRUE(EquivalentHosts("[2001:DB8::1]", "2001:db8::1"));
  EXPECT_FALSE(EquivalentHosts("[2001:db8::9:1]", "[2001:db8::9:10]"));
  EXPECT_FALSE(EquivalentHosts("192.0.2.1", "[::ffff:192.0.2.1]"));
  EXPECT_FALSE(EquivalentHosts("example.com", "example.com."));
}

}  // namespace
}  // namespace sansip
