#include "sansip/transport/locate.h"

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

struct Table final : NameResolver {
  LocateError Resolve(std::string_view name, std::vector<SocketAddress>& addresses) override {
    ++asked;
    const auto found = names.find(std::string(name));
    if (found == names.end()) return LocateError::kNoSuchName;
    for (const std::string& ip : found->second) addresses.push_back(*ParseIp(ip, 0));
    return LocateError::kNone;
  }
  std::map<std::string, std::vector<std::string>> names = {{"a.example.com", {"192.0.2.1"}},
                                                           {"two.example.com", {"192.0.2.1", "2001:db8::1"}}};
  int asked = 0;
};

Target Udp(std::string_view ip, std::uint16_t port) { return {Transport::kUdp, *ParseIp(ip, port)}; }
Target Tcp(std::string_view ip, std::uint16_t port) { return {Transport::kTcp, *ParseIp(ip, port)}; }

Target FallBack(std::string_view ip, std::uint16_t port) {
  return {Transport::kUdp, *ParseIp(ip, port), true};
}

using Targets = std::vector<Target>;

const Targets kTwiceTwo = {Tcp("192.0.2.1", 5060), FallBack("192.0.2.1", 5060), Tcp("2001:db8::1", 5060),
                           FallBack("2001:db8::1", 5060)};

Attempts After(const Target& last, std::size_t failed, bool was_refused = false) {
  return {.failed = failed, .transport = last.transport, .address = last.address, .was_refused = was_refused};
}

Targets To(std::string_view uri, std::size_t bytes = 500) {
  Table table;
  const Located located = Locate(uri, bytes, table);
  EXPECT_EQ(located.error, LocateError::kNone) << uri;
  return located.targets;
}

LocateError ErrorOf(std::string_view uri) {
  Table table;
  const Located located = Locate(uri, 500, table);
  EXPECT_TRUE(located.targets.empty());
  return located.error;
}

TEST(Locate, NumericHostIsTheAddressByUdpAtItsPortOrTheDefault) {
  SANSIP_SHOWS("3263-4.1-2", "3263-4.2-1");
  EXPECT_EQ(To("sip:192.0.2.1"), Targets({Udp("192.0.2.1", 5060)}));
  EXPECT_EQ(To("sip:bob@192.0.2.1:5071"), Targets({Udp("192.0.2.1", 5071)}));
  EXPECT_EQ(To("sip:[2001:db8::1]"), Targets({Udp("2001:db8::1", 5060)}));
}

TEST(Locate, NumericHostAsksNobody) {
  SANSIP_SHOWS("3263-4.2-1");
  Table table;
  Locate("sip:192.0.2.1;transport=tcp", 500, table);
  EXPECT_EQ(table.asked, 0);
}

TEST(Locate, TransportParameterDecides) {
  SANSIP_SHOWS("3263-4.1-1");
  EXPECT_EQ(To("sip:192.0.2.1;transport=tcp"), Targets({Tcp("192.0.2.1", 5060)}));
  EXPECT_EQ(To("sip:a.example.com:5080;Transport=TCP"), Targets({Tcp("192.0.2.1", 5080)}));
  EXPECT_EQ(To("sip:192.0.2.1;transport=udp"), Targets({Udp("192.0.2.1", 5060)}));
}

TEST(Locate, NameWithPortIsResolvedAndTriedByUdp) {
  SANSIP_SHOWS("3263-4.1-3", "3263-4.2-2");
  EXPECT_EQ(To("sip:bob@a.example.com:5070"), Targets({Udp("192.0.2.1", 5070)}));
}

TEST(Locate, AddressesKeepTheirOrder) {
  SANSIP_SHOWS("3263-4.2-3");
  EXPECT_EQ(To("sip:two.example.com:5070"), Targets({Udp("192.0.2.1", 5070), Udp("2001:db8::1", 5070)}));
}

TEST(Locate, MaddrIsTheTarget) {
  SANSIP_SHOWS("3263-4-7");
  EXPECT_EQ(To("sip:u@a.example.com;maddr=192.0.2.9"), Targets({Udp("192.0.2.9", 5060)}));
  EXPECT_EQ(To("sip:u@nowhere.invalid:5070;maddr=a.example.com"), Targets({Udp("192.0.2.1", 5070)}));
}

TEST(Locate, LongRequestsTryTcpFirstAndUdpAgain) {
  SANSIP_SHOWS("3261-18.1.1-1", "3263-4.1-4");
  EXPECT_EQ(To("sip:192.0.2.1", 1300), Targets({Udp("192.0.2.1", 5060)}));
  EXPECT_EQ(To("sip:192.0.2.1", 1301), Targets({Tcp("192.0.2.1", 5060), FallBack("192.0.2.1", 5060)}));
  EXPECT_EQ(To("sip:192.0.2.1:5070;transport=udp", 1301),
            Targets({Tcp("192.0.2.1", 5070), FallBack("192.0.2.1", 5070)}));
  EXPECT_EQ(To("sip:192.0.2.1;transport=tcp", 60000), Targets({Tcp("192.0.2.1", 5060)}));
  EXPECT_EQ(To("sip:two.example.com", 1301), kTwiceTwo);
}

TEST(Locate, AKnownMtuLeaves200BytesForTheResponse) {
  SANSIP_SHOWS("3261-18.1.1-1");
  Table table;
  const auto targets = [&](std::size_t bytes, std::size_t path_mtu) {
    return Locate("sip:192.0.2.1", bytes, table, DatagramRequestBytesMax(path_mtu)).targets.size();
  };
  EXPECT_EQ(targets(1300, 1500), 1u);
  EXPECT_EQ(targets(1301, 1500), 2u);
  EXPECT_EQ(targets(8800, 9000), 1u);
  EXPECT_EQ(targets(8801, 9000), 2u);
  EXPECT_EQ(targets(1080, 1280), 1u);
  EXPECT_EQ(targets(1081, 1280), 2u);
  EXPECT_EQ(targets(2, 100), 2u);
}

TEST(NextTarget, IsTheOneAfterTheOneThatFailed) {
  const Located located = {.targets = {Udp("192.0.2.1", 5060), Udp("2001:db8::1", 5060)}};
  EXPECT_EQ(NextTarget(located, {}), 0u);
  EXPECT_EQ(NextTarget(located, After(located.targets[0], 1)), 1u);
  EXPECT_EQ(NextTarget(located, After(located.targets[1], 1)), 2u);
  // One that is not listed now counts by how many failed.
  EXPECT_EQ(NextTarget(located, {.failed = 1}), 1u);
  EXPECT_EQ(NextTarget(located, {.failed = 7}), 2u);
  const Located twice = {.targets = {located.targets[0], located.targets[0]}};
  EXPECT_EQ(NextTarget(twice, After(located.targets[0], 1)), 2u);
}

TEST(NextTarget, UdpForALongRequestFollowsARefusedConnectionOnly) {
  SANSIP_SHOWS("3261-18.1.1-4");
  const Located located = {.targets = kTwiceTwo};
  EXPECT_EQ(NextTarget(located, {}), 0u);
  EXPECT_EQ(NextTarget(located, After(located.targets[0], 1, true)), 1u);
  EXPECT_EQ(NextTarget(located, After(located.targets[0], 1)), 2u);  // say, 503 or a time-out
  EXPECT_EQ(NextTarget(located, After(located.targets[1], 2)), 2u);
  EXPECT_EQ(NextTarget(located, After(located.targets[2], 2, true)), 3u);
  EXPECT_EQ(NextTarget(located, After(located.targets[2], 2)), 4u);
  // A refusal that was no attempt of this request, as of an ACK before.
  EXPECT_EQ(NextTarget(located, After(located.targets[0], 0, true)), 1u);
}

TEST(Locate, GroupsAreRefused) {
  EXPECT_EQ(ErrorOf("sip:224.0.1.75"), LocateError::kMulticast);
  EXPECT_EQ(ErrorOf("sip:[ff02::1]:5070"), LocateError::kMulticast);
  EXPECT_EQ(ErrorOf("sip:192.0.2.1;maddr=224.0.1.75"), LocateError::kMulticast);
}

TEST(Locate, SipsNeverLeavesWithoutTls) {
  SANSIP_SHOWS("3263-7-4", "3261-19.1.1-7");
  EXPECT_EQ(ErrorOf("sips:192.0.2.1"), LocateError::kTlsNotBuilt);
  EXPECT_EQ(ErrorOf("sips:a.example.com;transport=tcp"), LocateError::kTlsNotBuilt);
  EXPECT_EQ(ErrorOf("sips:192.0.2.1;transport=udp"), LocateError::kUnsupportedTransport);
  EXPECT_EQ(ErrorOf("sip:192.0.2.1;transport=tls"), LocateError::kTlsNotBuilt);
}

TEST(Locate, UnsupportedTransportsAreRefusedNotAdapted) {
  SANSIP_SHOWS("3261-19.1.5-11");
  for (const char* uri : {"sip:h;transport=sctp", "sip:h;transport=ws", "sip:h;transport=pigeon"}) {
    EXPECT_EQ(ErrorOf(uri), LocateError::kUnsupportedTransport) << uri;
  }
}

TEST(Locate, WhatIsNoSipUriIsSaid) {
  for (const char* uri : {"", "tel:+15551234", "192.0.2.1", "sip:", "sip:bob@", "http://a.example.com"}) {
    EXPECT_EQ(ErrorOf(uri), LocateError::kBadUri) << uri;
  }
}

TEST(Locate, UnknownNameIsSaid) {
  EXPECT_EQ(ErrorOf("sip:nowhere.invalid"), LocateError::kNoSuchName);
  EXPECT_EQ(LocateErrorText(LocateError::kNoSuchName, "sip:nowhere.invalid"),
            "cannot find sip:nowhere.invalid: no such name");
}

TEST(Locate, TheSystemKnowsLocalhost) {
  const Located located = Locate("sip:localhost:5070", 500, SystemResolver());
  ASSERT_EQ(located.error, LocateError::kNone);
  bool has_ipv4 = false;
  for (const Target& target : located.targets) has_ipv4 |= target == Udp("127.0.0.1", 5070);
  EXPECT_TRUE(has_ipv4);
}

}  // namespace
}  // namespace sansip
