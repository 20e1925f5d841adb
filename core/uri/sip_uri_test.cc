#include "sansip/core/uri/sip_uri.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/uri/escape.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(SipUriTest, Components) {
  const auto uri =
      ParseSipUri("sips:alice:secret@atlanta.example:5071;transport=tcp;lr?Subject=a&Priority=urgent");
  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri->is_sips);
  EXPECT_TRUE(uri->has_user);
  EXPECT_EQ(uri->user, "alice");
  EXPECT_TRUE(uri->has_password);
  EXPECT_EQ(uri->password, "secret");
  EXPECT_EQ(uri->host, "atlanta.example");
  EXPECT_EQ(uri->port, 5071);
  EXPECT_EQ(uri->parameters, ";transport=tcp;lr");
  EXPECT_EQ(uri->headers, "Subject=a&Priority=urgent");
  EXPECT_EQ(UriParameter(*uri, "transport"), "tcp");
  EXPECT_EQ(UriParameter(*uri, "TRANSPORT"), "tcp");
  EXPECT_EQ(UriParameter(*uri, "lr"), "");
  EXPECT_EQ(UriParameter(*uri, "maddr"), std::nullopt);
}

TEST(SipUriTest, HostAlone) {
  const auto uri = ParseSipUri("SIP:example.com");
  ASSERT_TRUE(uri);
  EXPECT_FALSE(uri->is_sips);
  EXPECT_FALSE(uri->has_user);
  EXPECT_EQ(uri->user, "");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->port, 0);
  EXPECT_EQ(uri->parameters, "");
  EXPECT_EQ(uri->headers, "");
  EXPECT_TRUE(ParseSipUri("sip:example.com:5070"));
  SANSIP_SHOWS("3261-19.1.1-1");
}

// RFC 3261 19.1.3
TEST(SipUriTest, ExamplesOfTheRfc) {
  for (std::string_view text :
       {"sip:alice@atlanta.com", "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone", "sips:1212@gateway.com", "sip:alice@192.0.2.4",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", "sip:alice;day=tuesday@atlanta.com"}) {
    EXPECT_TRUE(ParseSipUri(text)) << text;
  }
  const auto uri = ParseSipUri("sip:alice;day=tuesday@atlanta.com");
  EXPECT_EQ(uri->user, "alice;day=tuesday");
  EXPECT_EQ(uri->parameters, "");
}

TEST(SipUriTest, TelephoneSubscriberInTheUser) {
  const auto uri = ParseSipUri("sip:+1-212-555;postd=pp22@gw.example;user=phone");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "+1-212-555;postd=pp22");
  EXPECT_EQ(UriParameter(*uri, "user"), "phone");
  SANSIP_SHOWS("3261-19.1.1-3");
}

// RFC 4475 3.1.1.2, 3.1.1.3, 3.1.1.9
TEST(SipUriTest, OddUsers) {
  const auto odd = ParseSipUri(
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/"
      ";;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  EXPECT_EQ(odd->password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  const auto escaped = ParseSipUri("sip:sips%3Auser%40example.com@example.net");
  ASSERT_TRUE(escaped);
  EXPECT_EQ(Unescape(escaped->user), "sips:user@example.com");
  EXPECT_EQ(escaped->host, "example.net");
  const auto nul = ParseSipUri("sip:null-%00-null@example.com");
  ASSERT_TRUE(nul);
  EXPECT_EQ(Unescape(nul->user).size(), 11u);
}

// RFC 5118 4.1 to 4.4
TEST(SipUriTest, Ipv6References) {
  const auto ambiguous = ParseSipUri("sip:[2001:db8::10:5070]");
  ASSERT_TRUE(ambiguous);
  EXPECT_EQ(ambiguous->host, "[2001:db8::10:5070]");
  EXPECT_EQ(ambiguous->port, 0);
  const auto unambiguous = ParseSipUri("sip:user@[2001:db8::10]:5070;x");
  ASSERT_TRUE(unambiguous);
  EXPECT_EQ(unambiguous->host, "[2001:db8::10]");
  EXPECT_EQ(unambiguous->port, 5070);
  EXPECT_FALSE(ParseSipUri("sip:2001:db8::10"));
}

TEST(SipUriTest, UnknownAndRepeatedParametersDoNoHarm) {
  const auto uri = ParseSipUri("sip:b@h.example;foo=bar;lr;lr;transport=udp;transport=tcp");
  ASSERT_TRUE(uri);
  EXPECT_EQ(UriParameter(*uri, "transport"), "udp");
  EXPECT_EQ(UriParameter(*uri, "foo"), "bar");
  SANSIP_SHOWS("3261-19.1.1-10");
}

struct BadUri {
  std::string_view text;
  std::size_t fault;
};

TEST(SipUriTest, AnUnderscoreInTheHostIsToldOf) {
  const auto uri = ParseSipUri("sip:a@my_host.example");
  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri->host_has_underscore);
  EXPECT_FALSE(ParseSipUri("sip:a_b@host.example")->host_has_underscore);
}

TEST(SipUriTest, Malformed) {
  constexpr BadUri kBad[] = {
      {"", 0},
      {"sip", 3},
      {"sip:", 4},
      {"tel:+1", 0},
      {" sip:h", 0},
      {"<sip:h>", 0},
      {"sip:@h", 4},
      {"sip::pw@h", 4},
      {"sip:a b@h", 5},
      {"sip:a@", 6},
      {"sip:a@b@c", 7},
      {"sip:a%4@h", 5},
      {"sip:a%zz@h", 5},
      {"sip:a#b@h", 5},
      {"sip:a\"b@h", 5},
      {"sip:a@b c", 7},
      {"sip:a@h ", 7},
      {"sip:a@h:", 8},
      {"sip:a@h:0", 8},
      {"sip:a@h:65536", 8},
      {"sip:a@h:5060x", 12},
      {"sip:a@h;", 8},
      {"sip:a@h;;lr", 8},
      {"sip:a@h;=x", 8},
      {"sip:a@h;x=", 10},
      {"sip:a@h;x=y=z", 11},
      {"sip:a@h;x=%4", 10},
      {"sip:a@h; lr", 8},
      {"sip:a@h;ttl=256", 12},
      {"sip:a@h;ttl=0001", 12},
      {"sip:a@h;ttl", 11},
      {"sip:a@h;maddr=1.2.3", 14},
      {"sip:a@h;transport=u/p", 18},
      {"sip:a@h?", 8},
      {"sip:a@h?x", 9},
      {"sip:a@h?=x", 8},
      {"sip:a@h?x=y&", 12},
      {"sip:a@h?x=<y>", 10},
      {"sip:bob@biloxi%2Ecom", 14},
      {"sip:a@[::1", 6},
      {"sip:\xC3\xBC@h", 4},
  };
  for (const BadUri& bad : kBad) {
    SipUri uri;
    std::size_t fault = 999;
    EXPECT_FALSE(ParseSipUri(bad.text, uri, fault)) << bad.text;
    EXPECT_EQ(fault, bad.fault) << bad.text;
  }
  SANSIP_SHOWS("3261-19.1.1-2", "3261-19.1.2-6");
}

TEST(SipUriTest, NulIsNoEnd) {
  EXPECT_FALSE(ParseSipUri(std::string_view("sip:a@h\0", 8)));
  EXPECT_FALSE(ParseSipUri(std::string_view("sip:a\0b@h", 9)));
}

TEST(SipUriTest, ComponentsMax) {
  std::string parameters;
  std::string headers;
  for (std::size_t i = 0; i < kUriComponentsMax; ++i) {
    parameters += ";p";
    headers += i == 0 ? "?h=" : "&h=";
  }
  EXPECT_TRUE(ParseSipUri("sip:a@h" + parameters + headers));
  SipUri uri;
  std::size_t fault = 0;
  EXPECT_FALSE(ParseSipUri("sip:a@h" + parameters + ";p", uri, fault));
  EXPECT_EQ(fault, 7 + 2 * kUriComponentsMax);
  EXPECT_FALSE(ParseSipUri("sip:a@h" + headers + "&h=", uri, fault));
  EXPECT_EQ(fault, 8 + 3 * kUriComponentsMax);
}

TEST(SipUriTest, EmptyPasswordIsOne) {
  const auto uri = ParseSipUri("sip:a:@h.example");
  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri->has_password);
  EXPECT_EQ(uri->password, "");
}

TEST(AnyUriTest, Schemes) {
  EXPECT_EQ(UriScheme("sip:a@b"), "sip");
  EXPECT_EQ(UriScheme("soap.beep://192.0.2.103:3002"), "soap.beep");
  EXPECT_EQ(UriScheme("no-scheme"), "");
  EXPECT_EQ(UriScheme("1sip:a"), "");
  EXPECT_EQ(UriScheme(""), "");
  EXPECT_EQ(UriScheme("<sip:a>"), "");
}

TEST(AnyUriTest, AnySchemeIsWellFormed) {
  std::size_t fault = 0;
  for (std::string_view text :
       {"tel:+1-201-555-0123;phone-context=example.com", "http://www.example.com/a?b=c%20d",
        "isbn:2983792873", "nobodyKnowsThisScheme:totallyopaquecontent", "soap.beep://192.0.2.103:3002",
        "urn:service:sos", "mailto:a@b.example", "im:a@b", "http://[2001:db8::1]/", "sip:a@b", "SIPS:a@b"}) {
    EXPECT_TRUE(CheckUri(text, fault)) << text;
    EXPECT_EQ(fault, text.size());
  }
}

// What is plain is not looked at as closely: the answer must be the same, for all short texts.
TEST(AnyUriTest, PlainOnesAreThoseThatParse) {
  constexpr std::string_view kCharacters = "a1-.@:";
  constexpr std::size_t kLengthMax = 5;
  std::string text;
  for (std::size_t length = 1, count = kCharacters.size(); length <= kLengthMax;
       ++length, count *= kCharacters.size()) {
    for (std::size_t number = 0; number < count; ++number) {
      text = "sip:";
      for (std::size_t i = 0, rest = number; i < length; ++i, rest /= kCharacters.size()) {
        text += kCharacters[rest % kCharacters.size()];
      }
      SipUri uri;
      std::size_t fault = 0, expected_fault = 0;
      const bool expected = ParseSipUri(text, uri, expected_fault);
      ASSERT_EQ(CheckUri(text, fault), expected) << text;
      ASSERT_EQ(fault, expected_fault) << text;
    }
  }
}

TEST(AnyUriTest, Malformed) {
  constexpr BadUri kBad[] = {{"", 0},
                             {"tel", 0},
                             {"tel:", 4},
                             {":x", 0},
                             {"tel:+1 2", 6},
                             {"tel:+1%4", 6},
                             {"http://a/<b>", 9},
                             {"http://a/\"b", 9},
                             {"sip:@h", 4},
                             {"http://a#b", 8},
                             {"http://\xC3\xBC", 7},
                             {"a b:c", 0}};
  for (const BadUri& bad : kBad) {
    std::size_t fault = 999;
    EXPECT_FALSE(CheckUri(bad.text, fault)) << bad.text;
    EXPECT_EQ(fault, bad.fault) << bad.text;
  }
}

}  // namespace
}  // namespace sansip
