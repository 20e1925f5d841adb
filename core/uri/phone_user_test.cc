// RFC 3261 19.1.6.
#include "sansip/core/uri/phone_user.h"

#include <array>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TelUri Tel(std::string_view text) {
  TelUri tel;
  std::size_t fault = 0;
  EXPECT_TRUE(ParseTelUri(text, tel, fault)) << text;
  return tel;
}

std::string AsSip(std::string_view text, bool is_sips = false, std::uint16_t port = 0) {
  std::array<char, 256> storage;
  UriWriter writer(storage);
  WriteTelAsSip(Tel(text), is_sips, "gw.example", port, writer);
  return std::string(writer.text());
}

std::string AsTel(std::string_view text) {
  std::array<char, 256> storage;
  UriWriter writer(storage);
  const auto uri = ParseSipUri(text);
  EXPECT_TRUE(uri) << text;
  if (uri) WritePhoneUserAsTel(*uri, writer);
  return std::string(writer.text());
}

TEST(PhoneUserTest, ReadsTheNumberOfAUser) {
  const auto uri = ParseSipUri("sip:+1-212;postd=pp22:1234@gw.example;User=PHONE");
  ASSERT_TRUE(uri);
  TelUri tel;
  ASSERT_TRUE(PhoneUserOf(*uri, tel));
  EXPECT_EQ(tel.number, "+1-212");
  EXPECT_EQ(TelParameter(tel, "postd"), "pp22");
  EXPECT_EQ(uri->password, "1234");
  SANSIP_SHOWS("3261-19.1.1-3");
}

TEST(PhoneUserTest, OtherUsersAreNone) {
  TelUri tel;
  for (std::string_view text :
       {"sip:+1@gw.example", "sip:+1@gw.example;user=ip", "sip:+1@gw.example;user=dialstring",
        "sip:alice@gw.example;user=phone", "sip:gw.example;user=phone", "sip:+1;@gw.example;user=phone"}) {
    const auto uri = ParseSipUri(text);
    ASSERT_TRUE(uri) << text;
    EXPECT_FALSE(PhoneUserOf(*uri, tel)) << text;
  }
  // What many send: a local number whose context is the host.
  EXPECT_TRUE(PhoneUserOf(*ParseSipUri("sip:911@gw.example;user=phone"), tel));
}

TEST(PhoneUserTest, TheWholeSubscriberGoesIntoTheUser) {
  EXPECT_EQ(AsSip("tel:+358-555-7654321;postd=pp22"),
            "sip:+358-555-7654321;postd=pp22@gw.example;user=phone");
  EXPECT_EQ(AsSip("tel:+358-555-7654321;postd=pp22", /*is_sips=*/true, 5071),
            "sips:+358-555-7654321;postd=pp22@gw.example:5071;user=phone");
  SANSIP_SHOWS("3261-19.1.1-9");
}

TEST(PhoneUserTest, EquivalentNumbersBecomeTheSameUri) {
  EXPECT_EQ(AsSip("tel:+358-555-7654321;POSTD=PP22"), AsSip("tel:+358-555-7654321;postd=pp22"));
  EXPECT_EQ(AsSip("tel:+358-555-7654321;tsp=a.b;phone-context=5"),
            "sip:+358-555-7654321;phone-context=5;tsp=a.b@gw.example;user=phone");
  EXPECT_EQ(AsSip("tel:+358-555-7654321;phone-context=5;tsp=a.b"),
            "sip:+358-555-7654321;phone-context=5;tsp=a.b@gw.example;user=phone");
  EXPECT_EQ(AsSip("tel:+358;tsp=A.b;POSTD=PP22;isub=1"),
            "sip:+358;isub=1;postd=pp22;tsp=a.b@gw.example;user=phone");
  EXPECT_EQ(AsSip("tel:+1;a=%5Bx%5D"), AsSip("tel:+1;a=[x]"));
  SANSIP_SHOWS("3261-19.1.6-1");
}

// The users of SIP URIs are compared as they are.
TEST(PhoneUserTest, EquivalentNumbersNeedNotBeEquivalentUris) {
  constexpr std::string_view kPairs[][2] = {
      {"+358-555-7654321;postd=pp22", "+358-555-7654321;POSTD=PP22"},
      {"+358-555-7654321;postd=pp22;isub=1411", "+358-555-7654321;isub=1411;postd=pp22"},
  };
  for (const auto& pair : kPairs) {
    EXPECT_TRUE(EquivalentTelUris(Tel("tel:" + std::string(pair[0])), Tel("tel:" + std::string(pair[1]))));
    const std::string a = "sip:" + std::string(pair[0]) + "@gw.example;user=phone";
    const std::string b = "sip:" + std::string(pair[1]) + "@gw.example;user=phone";
    EXPECT_FALSE(EquivalentUris(*ParseSipUri(a), *ParseSipUri(b)));
    TelUri tel_a;
    TelUri tel_b;
    EXPECT_TRUE(PhoneUserOf(*ParseSipUri(a), tel_a) && PhoneUserOf(*ParseSipUri(b), tel_b));
    EXPECT_TRUE(EquivalentTelUris(tel_a, tel_b));
  }
}

TEST(PhoneUserTest, EscapesWhatAUserCannotHold) {
  EXPECT_EQ(AsSip("tel:*72#;phone-context=+1"), "sip:*72%23;phone-context=+1@gw.example;user=phone");
  EXPECT_EQ(AsSip("tel:+1;a=x:[y]"), "sip:+1;a=x%3A%5By%5D@gw.example;user=phone");
  SANSIP_SHOWS("3261-19.1.2-5");
}

TEST(PhoneUserTest, AndBack) {
  EXPECT_EQ(AsTel("sip:*72%23;phone-context=+1@gw.example;user=phone"), "tel:*72#;phone-context=+1");
  EXPECT_EQ(AsTel("sips:+1-2;TSP=a;ext=3@gw.example;user=phone"), "tel:+1-2;ext=3;tsp=a");
  EXPECT_EQ(AsTel("sip:+1;a=x%3A%5By%5D@gw.example;user=phone"), "tel:+1;a=x%3A[y]");
  EXPECT_EQ(AsTel("sip:911@gw.example;user=phone"), "");
  EXPECT_EQ(AsTel("sip:alice@gw.example;user=phone"), "");
  EXPECT_EQ(AsTel("sip:+1@gw.example"), "");
}

}  // namespace
}  // namespace sansip
