// RFC 3261 19.1.4 and RFC 5954, their examples and their rules.
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

bool Equivalent(std::string_view a, std::string_view b) {
  const auto uri_a = ParseSipUri(a);
  const auto uri_b = ParseSipUri(b);
  if (!uri_a || !uri_b) {
    ADD_FAILURE() << "malformed: " << a << " or " << b;
    return false;
  }
  EXPECT_EQ(EquivalentUris(*uri_a, *uri_b), EquivalentUris(*uri_b, *uri_a)) << a << " and " << b;
  EXPECT_TRUE(EquivalentUris(*uri_a, *uri_a)) << a;
  return EquivalentUris(*uri_a, *uri_b);
}

// Every example of RFC 3261 19.1.4, with other names.
TEST(EquivalentUrisTest, EquivalentExamplesOfTheRfc) {
  EXPECT_TRUE(Equivalent("sip:%61nna@north.example;transport=TCP", "sip:anna@NoRtH.ExAmPlE;Transport=tcp"));
  EXPECT_TRUE(Equivalent("sip:clara@south.example", "sip:clara@south.example;newparam=5"));
  EXPECT_TRUE(Equivalent("sip:clara@south.example", "sip:clara@south.example;security=on"));
  EXPECT_TRUE(Equivalent("sip:clara@south.example;newparam=5", "sip:clara@south.example;security=on"));
  EXPECT_TRUE(Equivalent("sip:west.example;transport=tcp;method=REGISTER?to=sip:bert%40west.example",
                         "sip:west.example;method=REGISTER;transport=tcp?to=sip:bert%40west.example"));
  EXPECT_TRUE(Equivalent("sip:anna@north.example?subject=plan%20x&priority=urgent",
                         "sip:anna@north.example?priority=urgent&subject=plan%20x"));
}

TEST(EquivalentUrisTest, DifferentExamplesOfTheRfc) {
  // The user names differ in case.
  EXPECT_FALSE(Equivalent("SIP:ANNA@NoRtH.ExAmPlE;Transport=udp", "sip:anna@NoRtH.ExAmPlE;Transport=UDP"));
  // Ports and transports count even where they are what would be chosen without.
  EXPECT_FALSE(Equivalent("sip:bert@west.example", "sip:bert@west.example:5060"));
  EXPECT_FALSE(Equivalent("sip:bert@west.example", "sip:bert@west.example;transport=udp"));
  EXPECT_FALSE(Equivalent("sip:bert@west.example", "sip:bert@west.example:6000;transport=tcp"));
  EXPECT_FALSE(Equivalent("sip:clara@south.example", "sip:clara@south.example?Subject=next%20time"));
  // A name is not its address.
  EXPECT_FALSE(Equivalent("sip:bert@phone21.bertsboxes.example", "sip:bert@192.0.2.4"));
}

// RFC 5954 4.2, errata 2502: addresses compare by value, if both hosts are one.
TEST(EquivalentUrisTest, AddressesCompareByValue) {
  constexpr std::string_view kSame[][2] = {
      {"[::ffff:192.0.2.200]", "[::ffff:c000:2c8]"},
      {"[2001:db8::7:1]", "[2001:db8::7:01]"},
      {"[0:0:0:0:0:FFFF:198.51.100.38]", "[::FFFF:198.51.100.38]"},
      {"[2001:DB8:0:0:0:0:0:1]", "[2001:db8::1]"},
      {"[2001:db8:0:0:1::]", "[2001:db8::1:0:0:0]"},
      {"[::]", "[0:0:0:0:0:0:0:0]"},
      {"192.0.2.128", "192.0.02.128"},
  };
  for (const auto& pair : kSame) {
    EXPECT_TRUE(Equivalent("sip:bert@" + std::string(pair[0]), "sip:bert@" + std::string(pair[1])))
        << pair[0];
  }
  constexpr std::string_view kOther[][2] = {
      {"[2001:db8::7:1]", "[2001:db8::7:10]"},
      {"[2001:db8::7:1]", "[2001:db8:7::1]"},
      // The binary form of one is within the other, but it is another address.
      {"[::ffff:192.0.2.200]", "192.0.2.200"},
      {"[::192.0.2.200]", "[::ffff:192.0.2.200]"},
      {"192.0.2.1", "host.example"},
  };
  for (const auto& pair : kOther) {
    EXPECT_FALSE(Equivalent("sip:bert@" + std::string(pair[0]), "sip:bert@" + std::string(pair[1])))
        << pair[0];
  }
}

// RFC 5954 4.1, the IPv6address of RFC 3986: a line for each of its alternatives.
TEST(EquivalentUrisTest, EveryFormOfAnIpv6Address) {
  for (std::string_view host : {
           "[1:2:3:4:5:6:7:8]",
           "[1:2:3:4:5:6:192.0.2.1]",  //
           "[::2:3:4:5:6:7:8]",
           "[::2:3:4:5:6:192.0.2.1]",  //
           "[1::3:4:5:6:7:8]",
           "[::3:4:5:6:7:8]",
           "[1::3:4:5:6:192.0.2.1]",
           "[1:2::4:5:6:7:8]",
           "[1::4:5:6:7:8]",
           "[::4:5:6:7:8]",  //
           "[1:2:3::5:6:7:8]",
           "[::5:6:192.0.2.1]",  //
           "[1:2:3:4::6:7:8]",
           "[::6:192.0.2.1]",  //
           "[1:2:3:4:5::7:8]",
           "[::7:8]",
           "[::192.0.2.1]",
           "[1::192.0.2.1]",
           "[1:2:3:4:5:6::8]",
           "[::8]",  //
           "[1:2:3:4:5:6:7::]",
           "[1::]",
           "[::]",
           "[00Ab:0::]",
       }) {
    EXPECT_TRUE(ParseSipUri("sip:" + std::string(host))) << host;
  }
  for (std::string_view host : {
           "[]",
           "[:]",
           "[1]",
           "[1:2:3:4:5:6:7]",
           "[1:2:3:4:5:6:7:8:9]",
           "[1:2:3:4:5:6:7:192.0.2.1]",
           "[1::2::3]",
           "[:::]",
           "[:1:2:3:4:5:6:7:8]",
           "[1:2:3:4:5:6:7:8:]",
           "[1:2:3:4::5:6:7:8]",
           "[::1:2:3:4:5:6:7:8]",
           "[12345::]",
           "[::g]",
           "[::192.0.2]",
           "[::192.0.2.256]",
           "[192.0.2.1]",
           "[::192.0.2.1:1]",
           "[::1%eth0]",
           "[::1",
           "::1]",
           "::1",
           "[v1.a]",
           // What is above 255 is no IPv4 address any more.
           "444.555.666.777",
       }) {
    EXPECT_FALSE(ParseSipUri("sip:" + std::string(host))) << host;
  }
}

TEST(EquivalentUrisTest, EquivalenceIsNotTransitive) {
  EXPECT_TRUE(Equivalent("sip:clara@south.example", "sip:clara@south.example;security=on"));
  EXPECT_TRUE(Equivalent("sip:clara@south.example", "sip:clara@south.example;security=off"));
  EXPECT_FALSE(Equivalent("sip:clara@south.example;security=on", "sip:clara@south.example;security=off"));
}

TEST(EquivalentUrisTest, SchemesDiffer) { EXPECT_FALSE(Equivalent("sip:a@h", "sips:a@h")); }

TEST(EquivalentUrisTest, UserInfoIsCaseSensitiveAndCounted) {
  EXPECT_FALSE(Equivalent("sip:Alice@h", "sip:alice@h"));
  EXPECT_FALSE(Equivalent("sip:a:x@h", "sip:a:X@h"));
  EXPECT_FALSE(Equivalent("sip:a@h", "sip:h"));
  EXPECT_FALSE(Equivalent("sip:a@h", "sip:a:@h"));
  EXPECT_FALSE(Equivalent("sip:a%3Bb@h", "sip:a;b@h"));
}

TEST(EquivalentUrisTest, OfRepeatedParametersTheFirstCounts) {
  EXPECT_TRUE(Equivalent("sip:a@h;x=1;x=2", "sip:a@h;x=1"));
  EXPECT_FALSE(Equivalent("sip:a@h;x=1;x=2", "sip:a@h;x=2"));
}

// RFC 4475 3.1.1.4
TEST(EquivalentUrisTest, EscapedNulsCount) { EXPECT_FALSE(Equivalent("sip:%00@h", "sip:%00%00@h")); }

TEST(EquivalentUrisTest, ParametersThatMustBeInBoth) {
  for (std::string_view text :
       {"sip:a@h;user=ip", "sip:a@h;ttl=1", "sip:a@h;method=INVITE", "sip:a@h;maddr=192.0.2.1",
        "sip:a@h;transport=udp", "sip:a@h;TTL=1", "sip:a@h;%74tl=1"}) {
    EXPECT_FALSE(Equivalent("sip:a@h", text)) << text;
  }
  EXPECT_TRUE(Equivalent("sip:a@h;user=phone;ttl=1", "sip:a@h;TTL=1;User=PHONE"));
  EXPECT_FALSE(Equivalent("sip:a@h;user=phone", "sip:a@h;user=ip"));
  EXPECT_FALSE(Equivalent("sip:a@h;method=INVITE", "sip:a@h;method=invite"));
  EXPECT_TRUE(Equivalent("sip:a@h;maddr=[2001:db8::1]", "sip:a@h;maddr=[2001:DB8:0::1]"));
}

TEST(EquivalentUrisTest, OtherParametersCompareWhereBothHaveThem) {
  EXPECT_TRUE(Equivalent("sip:a@h;x=Y", "sip:a@h;X=y"));
  EXPECT_FALSE(Equivalent("sip:a@h;x=y", "sip:a@h;x=z"));
  EXPECT_FALSE(Equivalent("sip:a@h;x", "sip:a@h;x=y"));
  EXPECT_TRUE(Equivalent("sip:a@h;lr", "sip:a@h"));
}

TEST(EquivalentUrisTest, HeadersAreNeverIgnored) {
  EXPECT_FALSE(Equivalent("sip:a@h?x=1", "sip:a@h"));
  EXPECT_FALSE(Equivalent("sip:a@h?x=1", "sip:a@h?x=2"));
  EXPECT_FALSE(Equivalent("sip:a@h?x=1", "sip:a@h?x=1&y=2"));
  EXPECT_FALSE(Equivalent("sip:a@h?x=1&x=2", "sip:a@h?x=1&x=1"));
  EXPECT_FALSE(Equivalent("sip:a@h?x=1&x=1", "sip:a@h?x=1"));
  EXPECT_TRUE(Equivalent("sip:a@h?x=1&x=2", "sip:a@h?X=2&x=1"));
  EXPECT_TRUE(Equivalent("sip:a@h?x=%61", "sip:a@h?x=a"));
  SANSIP_SHOWS("3261-19.1.4-1");
}

TEST(EquivalentUrisTest, HostsAndPorts) {
  EXPECT_TRUE(Equivalent("sip:a@H.Example", "sip:a@h.example"));
  EXPECT_TRUE(Equivalent("sip:a@[2001:db8::9:1]", "sip:a@[2001:db8::9:01]"));
  EXPECT_FALSE(Equivalent("sip:a@[2001:db8::9:1]", "sip:a@[2001:db8::9:10]"));
  EXPECT_FALSE(Equivalent("sip:a@h:5060", "sip:a@h:5061"));
  EXPECT_TRUE(Equivalent("sip:a@h:05060", "sip:a@h:5060"));
}

TEST(EquivalentUrisTest, OtherSchemesAreTheirBytes) {
  EXPECT_TRUE(EquivalentUris("sip:a@H;x", "sip:a@h"));
  EXPECT_TRUE(EquivalentUris("tel:+1", "tel:+1"));
  EXPECT_TRUE(EquivalentUris("tel:+1-2", "tel:+12"));  // RFC 3966 4
  EXPECT_FALSE(EquivalentUris("mailto:a@h", "mailto:a@H"));
  EXPECT_FALSE(EquivalentUris("sip:a@h", "a@h"));
  EXPECT_TRUE(EquivalentUris("sip:", "sip:"));  // malformed, and the same
}

}  // namespace
}  // namespace sansip
