#include "sansip/transport/via_rules.h"

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

Via Parsed(std::string_view text) {
  Via via;
  EXPECT_TRUE(ParseVia(text, via, nullptr).ok()) << text;
  return via;
}

SocketAddress At(std::string_view ip, std::uint16_t port) { return *ParseIp(ip, port); }

SocketAddress Target(std::string_view via, const SocketAddress& source) {
  return DatagramResponseTarget(Parsed(via), source);
}

TEST(ViaRules, Rfc3581ExampleGoesToSourceWithRport) {
  SANSIP_SHOWS("3581-4-4", "3581-6-1");
  EXPECT_EQ(Target("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff", At("192.0.2.1", 9988)),
            At("192.0.2.1", 9988));
}

TEST(ViaRules, WithoutRportTheSourcePortCountsForNothing) {
  SANSIP_SHOWS("3261-18.2.2-1", "3261-18.2.2-7");
  EXPECT_EQ(Target("SIP/2.0/UDP pc.example.com:5070;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            At("192.0.2.1", 5070));
  EXPECT_EQ(Target("SIP/2.0/UDP pc.example.com;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            At("192.0.2.1", 5060));
}

TEST(ViaRules, SentByThatEqualsTheSourceIsTheTarget) {
  SANSIP_SHOWS("3261-18.2.2-9");
  EXPECT_EQ(Target("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            At("192.0.2.1", 5070));
  EXPECT_EQ(Target("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa", At("192.0.2.1", 40000)), At("192.0.2.1", 5060));
}

TEST(ViaRules, MaddrGoesFirst) {
  SANSIP_SHOWS("3261-18.2.2-1", "3261-18.2.2-5", "3581-4-7");
  EXPECT_EQ(Target("SIP/2.0/UDP h:5070;maddr=127.0.0.2;branch=z9hG4bKa", At("127.0.0.1", 40000)),
            At("127.0.0.2", 5070));
  EXPECT_EQ(Target("SIP/2.0/UDP h;maddr=127.0.0.2;rport;branch=z9hG4bKa", At("127.0.0.1", 40000)),
            At("127.0.0.2", 5060));
}

TEST(ViaRules, AMaddrThatIsANameIsNotLookedUp) {
  EXPECT_EQ(Target("SIP/2.0/UDP h:5070;maddr=victim.example.com", At("192.0.2.1", 40000)),
            At("192.0.2.1", 5070));
}

TEST(ViaRules, ForgedReceivedIsNotBelieved) {
  EXPECT_EQ(Target("SIP/2.0/UDP h:5070;received=203.0.113.66;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            At("192.0.2.1", 5070));
  EXPECT_EQ(Target("SIP/2.0/UDP h:5070;rport=1;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            At("192.0.2.1", 40000));
}

TEST(ViaRules, Ipv6KeepsItsScope) {
  SocketAddress source = At("fe80::1", 40000);
  source.scope_id = 2;
  SocketAddress expected = source;
  expected.port = 5060;
  EXPECT_EQ(Target("SIP/2.0/UDP [fe80::1];branch=z9hG4bKa", source), expected);
}

TEST(ViaRules, StreamFallBackIsTheSourceAtTheSentByPort) {
  const SocketAddress source = At("192.0.2.1", 40000);
  EXPECT_EQ(StreamFallBack(Parsed("SIP/2.0/TCP h:5070"), Transport::kTcp, source), At("192.0.2.1", 5070));
  EXPECT_EQ(StreamFallBack(Parsed("SIP/2.0/TCP h"), Transport::kTcp, source), At("192.0.2.1", 5060));
  EXPECT_EQ(StreamFallBack(Parsed("SIP/2.0/TLS h"), Transport::kTls, source), At("192.0.2.1", 5061));
}

TEST(ViaRules, SentByCompares) {
  const auto same = [](HostPort a, HostPort b) { return SameSentBy(a, b, Transport::kUdp); };
  EXPECT_TRUE(same({.host = "192.0.2.1", .port = 5060}, {.host = "192.0.2.1", .port = 0}));
  EXPECT_FALSE(same({.host = "192.0.2.1", .port = 5060}, {.host = "192.0.2.1", .port = 5061}));
  EXPECT_TRUE(same({.host = "[2001:db8::1]", .port = 1}, {.host = "[2001:DB8:0::1]", .port = 1}));
  EXPECT_TRUE(same({.host = "PC.example.com", .port = 1}, {.host = "pc.EXAMPLE.com", .port = 1}));
  EXPECT_FALSE(same({.host = "pc.example.com", .port = 1}, {.host = "pc.example.org", .port = 1}));
  EXPECT_FALSE(same({.host = "127.0.0.1", .port = 1}, {.host = "localhost", .port = 1}));
  EXPECT_TRUE(SameSentBy({.host = "h", .port = 0}, {.host = "h", .port = 5061}, Transport::kTls));
}

}  // namespace
}  // namespace sansip
