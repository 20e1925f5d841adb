#include "sansip/core/message/fields/via.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

Via Good(std::string_view value) {
  Via via;
  const ParseError error = ParseVia(value, via, nullptr);
  EXPECT_TRUE(error.ok()) << value << " at " << error.offset;
  return via;
}

TEST(ViaTest, EveryPart) {
  const Via via = Good(
      "SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7;received=192.0.2.207"
      ";maddr=224.2.0.1;ttl=16;rport=5062");
  EXPECT_EQ(via.transport, "UDP");
  EXPECT_EQ(via.host, "erlang.bell-telephone.com");
  EXPECT_EQ(via.port, 5060);
  EXPECT_EQ(via.branch, "z9hG4bK87asdks7");
  EXPECT_EQ(via.received, "192.0.2.207");
  EXPECT_EQ(via.maddr, "224.2.0.1");
  EXPECT_EQ(via.ttl, 16);
  EXPECT_TRUE(via.has_rport);
  EXPECT_EQ(via.rport, 5062);
}

TEST(ViaTest, Least) {
  const Via via = Good("SIP/2.0/TCP h");
  EXPECT_EQ(via.host, "h");
  EXPECT_EQ(via.port, 0);
  EXPECT_EQ(via.branch, "");
  EXPECT_EQ(via.received, "");
  EXPECT_EQ(via.ttl, std::nullopt);
  EXPECT_FALSE(via.has_rport);
  EXPECT_EQ(via.text, "SIP/2.0/TCP h");
}

// RFC 3261 20.42, RFC 4475 3.1.1.1
TEST(ViaTest, WhiteSpaceEverywhere) {
  const Via via =
      Good("SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1");
  EXPECT_EQ(via.transport, "UDP");
  EXPECT_EQ(via.host, "first.example.com");
  EXPECT_EQ(via.port, 4000);
  EXPECT_EQ(via.ttl, 16);
  EXPECT_EQ(via.maddr, "224.2.0.1");
  EXPECT_EQ(via.branch, "z9hG4bKa7c6a8dlze.1");
  const Via folded = Good(" SIP\r\n /\r\n\t2.0\r\n / UDP  host : 5060 ; branch = x ; rport  ");
  EXPECT_EQ(folded.host, "host");
  EXPECT_EQ(folded.port, 5060);
  EXPECT_EQ(folded.branch, "x");
  EXPECT_TRUE(folded.has_rport);
  EXPECT_EQ(folded.text, "SIP\r\n /\r\n\t2.0\r\n / UDP  host : 5060 ; branch = x ; rport");
}

TEST(ViaTest, UnknownTransports) {
  EXPECT_EQ(Good("SIP/2.0/UNKNOWN t1.example.com;branch=z9hG4bKx").transport, "UNKNOWN");
  EXPECT_EQ(Good("SIP/2.0/udp h").transport, "udp");
}

// RFC 5118 4.1, 4.5, 4.7, 4.9
TEST(ViaTest, Ipv6) {
  const Via via = Good("SIP/2.0/UDP [2001:db8::9:1]:6050;received=2001:db8::9:255;branch=z9hG4bKas3-111");
  EXPECT_EQ(via.host, "[2001:db8::9:1]");
  EXPECT_EQ(via.port, 6050);
  EXPECT_EQ(via.received, "2001:db8::9:255");
  EXPECT_EQ(via.branch, "z9hG4bKas3-111");
  EXPECT_EQ(Good("SIP/2.0/UDP [::1];received=[2001:db8::9:255];branch=x").received, "[2001:db8::9:255]");
  EXPECT_EQ(Good("SIP/2.0/UDP h;received=::1").received, "::1");
  EXPECT_EQ(Good("SIP/2.0/UDP [::ffff:192.0.2.10]:19823").host, "[::ffff:192.0.2.10]");
  EXPECT_EQ(Good("SIP/2.0/UDP h;maddr=[ff02::1]").maddr, "[ff02::1]");
}

// RFC 3581 5
TEST(ViaTest, Rport) {
  const Via flag = Good("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff");
  EXPECT_TRUE(flag.has_rport);
  EXPECT_EQ(flag.rport, 0);
  const Via value = Good("SIP/2.0/UDP 10.1.1.1:4540;received=192.0.2.1;rport=9988;branch=z9hG4bKkjshdyff");
  EXPECT_TRUE(value.has_rport);
  EXPECT_EQ(value.rport, 9988);
  SANSIP_SHOWS("3581-5-1");
}

TEST(ViaTest, NamesOfParametersAreCaseInsensitive) {
  const Via via = Good("SIP/2.0/UDP h;Branch=aB;RPORT;Received=192.0.2.1");
  EXPECT_EQ(via.branch, "aB");
  EXPECT_TRUE(via.has_rport);
  EXPECT_EQ(via.received, "192.0.2.1");
}

TEST(ViaTest, UnknownParametersOfEveryShape) {
  const Via via = Good("SIP/2.0/UDP h;a;b=c;d=\"e;f,\\\"g\";h=[::1];a;a=2;branch=x");
  EXPECT_EQ(via.branch, "x");
}

TEST(ViaTest, Lists) {
  std::string_view rest = "SIP/2.0/UDP a;branch=1 , SIP/2.0/TCP b;x=\",\";branch=2,\r\n SIP/2.0/TLS c";
  Via via;
  ASSERT_TRUE(ParseVia(rest, via, &rest).ok());
  EXPECT_EQ(via.text, "SIP/2.0/UDP a;branch=1");
  ASSERT_TRUE(ParseVia(rest, via, &rest).ok());
  EXPECT_EQ(via.host, "b");
  EXPECT_EQ(via.branch, "2");
  ASSERT_TRUE(ParseVia(rest, via, &rest).ok());
  EXPECT_EQ(via.host, "c");
  EXPECT_EQ(rest, "");
}

TEST(ViaTest, Malformed) {
  struct Bad {
    std::string_view value;
    ParseCode code;
    std::uint32_t offset;
  };
  constexpr Bad kBad[] = {
      {"", ParseCode::kBadToken, 0},
      {"SIP", ParseCode::kBadVia, 3},
      {"SIP/2.0", ParseCode::kBadVia, 7},
      {"SIP/2.0/", ParseCode::kBadToken, 8},
      {"SIP/2.0/UDP", ParseCode::kBadVia, 11},
      {"SIP/2.0/UDP ", ParseCode::kBadHost, 12},
      {"SIP/2.0/UDP;branch=x", ParseCode::kBadVia, 11},
      {"SIP//UDP h", ParseCode::kBadToken, 4},
      {"SIP/2.0/UDP -h", ParseCode::kBadHost, 12},
      {"SIP/2.0/UDP 300.1.1.1", ParseCode::kBadHost, 12},
      {"SIP/2.0/UDP 2001:db8::1", ParseCode::kBadHost, 12},
      {"SIP/2.0/UDP [2001:db8::1", ParseCode::kBadHost, 12},
      {"SIP/2.0/UDP p1@visited.net", ParseCode::kBadFieldValue, 14},
      {"SIP/2.0/UDP h:", ParseCode::kBadPort, 14},
      {"SIP/2.0/UDP h:0", ParseCode::kBadPort, 14},
      {"SIP/2.0/UDP h:65536", ParseCode::kBadPort, 14},
      {"SIP/2.0/UDP h:5060x", ParseCode::kBadFieldValue, 18},
      {"SIP/2.0/UDP h x", ParseCode::kBadFieldValue, 14},
      {"SIP/2.0/UDP h;", ParseCode::kBadParameter, 14},
      {"SIP/2.0/UDP h;;branch=x", ParseCode::kBadParameter, 14},
      {"SIP/2.0/UDP h;branch", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;branch=", ParseCode::kBadParameter, 21},
      {"SIP/2.0/UDP h;branch=\"x\"", ParseCode::kBadParameter, 21},
      {"SIP/2.0/UDP h;branch=a;branch=b", ParseCode::kRepeatedParameter, 30},
      {"SIP/2.0/UDP h;rport;rport=1", ParseCode::kRepeatedParameter, 26},
      {"SIP/2.0/UDP h;rport=", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;rport=0", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;rport=65536", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;rport=x", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;ttl=256", ParseCode::kBadParameter, 18},
      {"SIP/2.0/UDP h;ttl=0016", ParseCode::kBadParameter, 18},
      {"SIP/2.0/UDP h;ttl", ParseCode::kBadParameter, 17},
      {"SIP/2.0/UDP h;received=example.com", ParseCode::kBadParameter, 23},
      {"SIP/2.0/UDP h;received=", ParseCode::kBadParameter, 23},
      {"SIP/2.0/UDP h;received=2001:db8::g", ParseCode::kBadParameter, 23},
      {"SIP/2.0/UDP h;maddr=-x", ParseCode::kBadParameter, 20},
      {"SIP/2.0/UDP h;x=\"open", ParseCode::kBadQuotedString, 21},
      {"SIP/2.0/UDP h;x=[::", ParseCode::kBadHost, 16},
      {"SIP/2.0/UDP h,", ParseCode::kBadFieldValue, 13},
  };
  for (const Bad& bad : kBad) {
    Via via;
    std::string_view rest;
    const ParseError error = ParseVia(bad.value, via, &rest);
    EXPECT_EQ(error.code, bad.code) << bad.value;
    EXPECT_EQ(error.offset, bad.offset) << bad.value;
  }
}

TEST(ViaTest, ABranchThatIsTheCookieAloneIsWellFormed) {
  EXPECT_EQ(Good("SIP/2.0/UDP h;branch=z9hG4bK").branch, kBranchCookie);
}

TEST(ViaTest, TopViaIsTheFirstOfTheFirst) {
  const Parsed parsed(RequestWith({"Via: SIP/2.0/TLS top;branch=1, SIP/2.0/TLS second"}));
  Via via;
  ASSERT_TRUE(TopVia(parsed.view(), via));
  EXPECT_EQ(via.host, "top");
}

// RFC 3261 7.3.1: rows and commas mean the same.
TEST(ViaTest, RowsAndCommasAreOneList) {
  const Parsed rows(RequestWith({"Via: SIP/2.0/UDP a", "v: SIP/2.0/UDP b", "VIA: SIP/2.0/UDP c"}));
  const Parsed commas(RequestWith({"Via: SIP/2.0/UDP a , SIP/2.0/UDP b,SIP/2.0/UDP c"}));
  ElementsOf of_rows(rows.view(), HeaderId::kVia);
  ElementsOf of_commas(commas.view(), HeaderId::kVia);
  std::string_view a;
  std::string_view b;
  std::size_t count = 0;
  while (of_rows.Next(a)) {
    ASSERT_TRUE(of_commas.Next(b));
    EXPECT_EQ(a, b);
    ++count;
  }
  EXPECT_FALSE(of_commas.Next(b));
  EXPECT_EQ(count, 4u);
  SANSIP_SHOWS("3261-7.3.1-3");
}

TEST(ViaTest, WrittenAsItCame) {
  EXPECT_EQ(Rewritten(ParseVia,
                      "SIP / 2.0 / UDP first.example: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6"),
            "SIP / 2.0 / UDP first.example: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6");
  EXPECT_EQ(
      Rewritten(ParseVia, "SIP/2.0/TCP [2001:db8::9]:5060;received=2001:db8::1;x=\"a, b\" , SIP/2.0/UDP h"),
      "SIP/2.0/TCP [2001:db8::9]:5060;received=2001:db8::1;x=\"a, b\", SIP/2.0/UDP h");
}

TEST(ViaTest, WrittenOutOfItsMembers) {
  Via via;
  via.transport = "TCP";
  via.host = "[2001:db8::9]";
  EXPECT_EQ(Written(via), "SIP/2.0/TCP [2001:db8::9]");
  via.port = 5070;
  via.branch = "z9hG4bK1";
  via.received = "192.0.2.1";
  via.maddr = "h.example";
  via.ttl = 0;
  via.has_rport = true;
  EXPECT_EQ(Written(via),
            "SIP/2.0/TCP [2001:db8::9]:5070;ttl=0;maddr=h.example;received=192.0.2.1;branch=z9hG4bK1;rport");
  via.rport = 5071;
  const std::string written = Written(via);
  EXPECT_TRUE(written.ends_with(";rport=5071"));
  EXPECT_TRUE(Equivalent(Good(written), via));
}

// As the URI's (TakeHost() in core/uri/host.h): by this member alone.
TEST(ViaTest, AnUnderscoreInTheHostIsWrittenIfItIsToldOf) {
  const Via read = Good("SIP/2.0/UDP my_host.example;branch=z9hG4bK1");
  EXPECT_TRUE(read.host_has_underscore);
  Via via;
  via.transport = read.transport;
  via.host = read.host;
  EXPECT_EQ(Written(via), "refused");
  via.host_has_underscore = true;
  EXPECT_EQ(Written(via), "SIP/2.0/UDP my_host.example");
}

TEST(ViaTest, RefusesToWriteWhatIsNone) {
  Via good;
  good.transport = "UDP";
  good.host = "h";
  const auto with = [&good](std::string_view Via::*member, std::string_view value) {
    Via via = good;
    via.*member = value;
    return Written(via);
  };
  EXPECT_EQ(with(&Via::transport, ""), "refused");
  EXPECT_EQ(with(&Via::transport, "UDP h, SIP/2.0/UDP"), "refused");
  EXPECT_EQ(with(&Via::host, "h;x"), "refused");
  EXPECT_EQ(with(&Via::branch, "a\r\nX: y"), "refused");
  EXPECT_EQ(with(&Via::branch, "a,b"), "refused");
  EXPECT_EQ(with(&Via::received, "h"), "refused");
  EXPECT_EQ(with(&Via::maddr, "a b"), "refused");
  EXPECT_EQ(with(&Via::text, "SIP/2.0/UDP a, SIP/2.0/UDP b"), "refused");
  EXPECT_EQ(with(&Via::text, "SIP/2.0/UDP a,"), "refused");
  EXPECT_EQ(with(&Via::text, "SIP/2.0/UDP a\r\nX: y"), "refused");
}

// RFC 3261 20.42
TEST(ViaTest, Comparison) {
  EXPECT_TRUE(
      AreEquivalent(ParseVia, "SIP/2.0/UDP H;branch=a;rport;x=Y", "sip / 2.0 / udp h ;X=y;RPORT; BRANCH=A"));
  EXPECT_TRUE(AreEquivalent(ParseVia, "SIP/2.0/UDP h:5060", "SIP/2.0/UDP h"));
  EXPECT_TRUE(AreEquivalent(ParseVia, "SIP/2.0/TLS h:5061", "SIP/2.0/TLS h"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/TLS h:5060", "SIP/2.0/TLS h"));
  EXPECT_TRUE(AreEquivalent(ParseVia, "SIP/2.0/UDP [2001:DB8::01];received=2001:db8:0::2",
                            "SIP/2.0/UDP [2001:db8::1];received=2001:db8::2"));
  EXPECT_TRUE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;ttl=001", "SIP/2.0/UDP h;ttl=1"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h", "SIP/2.0/TCP h"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h", "SIP/3.0/UDP h"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h", "SIP/2.0/UDP i"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;branch=a", "SIP/2.0/UDP h;branch=b"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;rport", "SIP/2.0/UDP h"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;rport", "SIP/2.0/UDP h;rport=1"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;x", "SIP/2.0/UDP h"));
  EXPECT_FALSE(AreEquivalent(ParseVia, "SIP/2.0/UDP h;maddr=a", "SIP/2.0/UDP h;maddr=b"));
}

}  // namespace
}  // namespace sansip
