// RFC 3261 19.1.4, its examples and its rules.
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

TEST(EquivalentUrisTest, EquivalentExamplesOfTheRfc) {
  EXPECT_TRUE(Equivalent("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(Equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(Equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(Equivalent("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(Equivalent("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                         "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(Equivalent("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                         "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(EquivalentUrisTest, DifferentExamplesOfTheRfc) {
  EXPECT_FALSE(Equivalent("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(Equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(Equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(Equivalent("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(Equivalent("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(Equivalent("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
}

TEST(EquivalentUrisTest, EquivalenceIsNotTransitive) {
  EXPECT_TRUE(Equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(Equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(Equivalent("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
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

}  // namespace
}  // namespace sansip
