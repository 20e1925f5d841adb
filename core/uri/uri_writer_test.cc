#include "sansip/core/uri/uri_writer.h"

#include <array>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/uri/escape.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

template <typename WriteParts>
std::string Written(WriteParts write) {
  std::array<char, 1024> storage;
  UriWriter writer(storage);
  write(writer);
  if (!writer.ok()) {
    EXPECT_EQ(writer.text(), "");
    return "refused";
  }
  EXPECT_EQ(writer.text().size(), writer.needed());
  return std::string(writer.text());
}

std::string SipOf(const SipUri& uri) {
  return Written([&uri](UriWriter& writer) { writer.Uri(uri); });
}

TEST(UriWriterTest, PlainTextStaysInItsComponent) {
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(/*is_sips=*/true);
              writer.User("j@s0n <b>");
              writer.Password("p:w@;");
              writer.Host("[2001:db8::1]", 5071);
              writer.Parameter("lr");
              writer.Parameter("a;b", "c=d?e");
              writer.Header("to", "sip:a@b");
              writer.Header("Subject", "x&y\r\n");
              writer.Header("empty", "");
            }),
            "sips:j%40s0n%20%3Cb%3E:p%3Aw%40%3B@[2001:db8::1]:5071;lr;a%3Bb=c%3Dd%3Fe"
            "?to=sip:a%40b&Subject=x%26y%0D%0A&empty=");
  SANSIP_SHOWS("3261-19.1.2-1", "3261-19.1.2-2", "3261-19.1.2-3", "3261-19.1.2-4");
}

TEST(UriWriterTest, AnyBytesComeBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::array<char, 8192> storage;
  UriWriter writer(storage);
  writer.Sip(false);
  writer.User(bytes);
  writer.Password(bytes);
  writer.Host("h.example", 0);
  writer.Parameter(bytes, bytes);
  writer.Header(bytes, bytes);
  const auto uri = ParseSipUri(writer.text());
  ASSERT_TRUE(uri);
  EXPECT_EQ(Unescape(uri->user), bytes);
  EXPECT_EQ(Unescape(uri->password), bytes);
  EXPECT_EQ(uri->host, "h.example");
  EXPECT_EQ(Unescape(uri->parameters), ";" + bytes + "=" + bytes);
  EXPECT_EQ(Unescape(uri->headers), bytes + "=" + bytes);
}

TEST(UriWriterTest, RefusesWhatCannotBeEscaped) {
  for (std::string_view host : {"", "a b", "h;x", "h@evil", "h?x=y", "a%2eb", "h:5060", "1.2.3.400"}) {
    EXPECT_EQ(Written([host](UriWriter& writer) {
                writer.Sip(false);
                writer.Host(host, 0);
              }),
              "refused")
        << host;
  }
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.User("");
              writer.Host("h", 0);
            }),
            "refused");
  SANSIP_SHOWS("3261-19.1.1-2");
}

TEST(UriWriterTest, RefusesEmptyNames) {
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Parameter("");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Parameter("a", "");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Header("", "a");
            }),
            "refused");
}

TEST(UriWriterTest, RefusesAParameterTwice) {
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Parameter("transport", "tcp");
              writer.Parameter("Transport", "udp");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Parameter("a", "x");
              writer.Parameter("x", "a");
              writer.Parameter("%61");  // written "%2561", which is another name
            }),
            "sip:h;a=x;x=a;%2561");
  SANSIP_SHOWS("3261-19.1.1-6");
}

TEST(UriWriterTest, RefusesValuesThatAreNone) {
  for (std::string_view name : {"ttl", "maddr", "method"}) {
    EXPECT_EQ(Written([name](UriWriter& writer) {
                writer.Sip(false);
                writer.Host("h", 0);
                writer.Parameter(name, "[");
              }),
              "refused")
        << name;
  }
}

TEST(UriWriterTest, RefusesTooManyComponents) {
  std::array<char, 1024> storage;
  UriWriter writer(storage);
  writer.Sip(false);
  writer.Host("h", 0);
  for (std::size_t i = 0; i < kUriComponentsMax; ++i) writer.Parameter("p" + std::to_string(i));
  EXPECT_TRUE(writer.ok());
  writer.Parameter("q");
  EXPECT_FALSE(writer.ok());
}

TEST(UriWriterTest, KeepsTheOrder) {
  EXPECT_EQ(Written([](UriWriter&) {}), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Host("h", 0); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Sip(false); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Password("x");
              writer.Host("h", 0);
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.Header("a", "b");
              writer.Parameter("a");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("h", 0);
              writer.User("a");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Uri(*ParseSipUri("sip:h"));
              writer.Header("a", "b");
            }),
            "refused");
}

TEST(UriWriterTest, WritesParsedUrisAsTheyStand) {
  for (std::string_view text :
       {"sip:h", "sips:%61lice:@h.example:5071;lr;x=%3b?a=b&a=", "sip:a:b%40@[::1];ttl=1;maddr=[::2]",
        "sip:1_x~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1@h"}) {
    EXPECT_EQ(SipOf(*ParseSipUri(text)), text);
  }
}

// A URI with a user and this in one of its components.
std::string ByHand(std::string_view SipUri::*component, std::string_view text) {
  SipUri uri;
  uri.has_user = true;
  uri.user = "a";
  uri.has_password = component == &SipUri::password;
  uri.host = "h";
  uri.*component = text;
  return SipOf(uri);
}

TEST(UriWriterTest, AnUnderscoreInTheHostIsWrittenIfItIsToldOf) {
  auto uri = ParseSipUri("sip:a@my_host.example:5070");
  ASSERT_TRUE(uri);
  EXPECT_EQ(SipOf(*uri), "sip:a@my_host.example:5070");
  uri->host_has_underscore = false;
  EXPECT_EQ(SipOf(*uri), "refused");
  uri->host_has_underscore = true;
  uri->host = "my_host.example;x";
  EXPECT_EQ(SipOf(*uri), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Sip(false);
              writer.Host("my_host.example", 0);
            }),
            "refused");
}

TEST(UriWriterTest, DoesNotTrustAViewMadeByHand) {
  EXPECT_EQ(ByHand(&SipUri::user, "b"), "sip:b@h");
  for (std::string_view user : {"", "a@evil;", "a:b", "a%4", "a b", "<"}) {
    EXPECT_EQ(ByHand(&SipUri::user, user), "refused") << user;
  }
  EXPECT_EQ(ByHand(&SipUri::password, ""), "sip:a:@h");
  for (std::string_view password : {"b@c", "b:c", "b;c", "%"}) {
    EXPECT_EQ(ByHand(&SipUri::password, password), "refused") << password;
  }
  for (std::string_view host : {"", "h;x", "h:1", "h?a=b", "a@h"}) {
    EXPECT_EQ(ByHand(&SipUri::host, host), "refused") << host;
  }
  EXPECT_EQ(ByHand(&SipUri::parameters, ";x;x=1"), "sip:a@h;x;x=1");
  for (std::string_view parameters : {"x", ":1", ";x?a=b", ";ttl=x", ";;", ";x=", ";", ";x y"}) {
    EXPECT_EQ(ByHand(&SipUri::parameters, parameters), "refused") << parameters;
  }
  EXPECT_EQ(ByHand(&SipUri::headers, "a=b&c="), "sip:a@h?a=b&c=");
  for (std::string_view headers : {"a", "a=b;c", "a=b\r\n", "=b", "a=b&", "&"}) {
    EXPECT_EQ(ByHand(&SipUri::headers, headers), "refused") << headers;
  }
  SipUri uri;
  uri.host = "h";
  uri.password = "b";
  uri.has_password = true;
  EXPECT_EQ(SipOf(uri), "refused");
}

TEST(UriWriterTest, TelFromPlainText) {
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Tel("7-001#");
              writer.Parameter("phone-context", "+1-2");
              writer.Parameter("x", "a+b;c?");
            }),
            "tel:7-001#;phone-context=+1-2;x=a%2Bb%3Bc%3F");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Tel("7001"); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Tel("+1;x"); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Tel("+1 2"); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) { writer.Tel(""); }), "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Tel("+1");
              writer.Parameter("a_b", "c");
            }),
            "refused");
  EXPECT_EQ(Written([](UriWriter& writer) {
              writer.Tel("+1");
              writer.Header("a", "b");
            }),
            "refused");
}

TEST(UriWriterTest, TelInItsOrder) {
  const auto written = [](const TelUri& tel) {
    return Written([&tel](UriWriter& writer) { writer.Uri(tel); });
  };
  EXPECT_EQ(written({.number = "AB-1", .parameters = ";X=Y;Phone-Context=H.Example;ISUB=%41%3a"}),
            "tel:ab-1;isub=a%3A;phone-context=h.example;x=y");
  EXPECT_EQ(written({.is_global = true, .number = "+1"}), "tel:+1");
  EXPECT_EQ(written({}), "refused");
  EXPECT_EQ(written({.is_global = true, .number = "+1;a"}), "refused");
  EXPECT_EQ(written({.is_global = true, .number = "+1", .parameters = "x"}), "refused");
  EXPECT_EQ(written({.is_global = true, .number = "+1", .parameters = ";a;a"}), "refused");
  EXPECT_EQ(written({.number = "1", .parameters = ";a"}), "refused");
}

TEST(UriWriterTest, CountsOnBeyondItsStorage) {
  std::array<char, 8> storage;
  UriWriter writer(storage);
  writer.Sip(false);
  writer.Host("abcd", 0);
  EXPECT_EQ(writer.text(), "sip:abcd");
  writer.Parameter("x", "@");
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.needed(), 14u);
  EXPECT_EQ(writer.text(), "");
}

}  // namespace
}  // namespace sansip
