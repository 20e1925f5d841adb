#include "sansip/core/message/fields/response_via.h"

#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

Via ViaOf(std::string_view text) {
  Via via;
  const ParseError error = ParseVia(text, via, nullptr);
  EXPECT_TRUE(error.ok()) << text;
  return via;
}

SocketAddress At(std::string_view ip, std::uint16_t port) { return *ParseIp(ip, port); }

std::string Stamped(std::string_view text, const SocketAddress& source) {
  std::array<char, 512> into;
  const std::size_t size = WriteStampedVia(ViaOf(text), source, into);
  EXPECT_LE(size, into.size());
  return std::string(into.data(), size);
}

TEST(ResponseVia, Rfc3261ExampleNameGetsReceived) {
  SANSIP_SHOWS("3261-18.2.1-4", "3261-18.2.1-5", "3261-18.2.1-6");
  EXPECT_EQ(Stamped("SIP/2.0/UDP bobspc.biloxi.com:5060", At("192.0.2.4", 5060)),
            "SIP/2.0/UDP bobspc.biloxi.com:5060;received=192.0.2.4");
}

TEST(ResponseVia, OtherAddressGetsReceived) {
  SANSIP_SHOWS("3261-18.2.1-5");
  EXPECT_EQ(Stamped("SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bKa", At("127.0.0.1", 40000)),
            "SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bKa;received=127.0.0.1");
}

TEST(ResponseVia, SameAddressGetsNothing) {
  EXPECT_EQ(Stamped("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa", At("192.0.2.1", 40000)),
            "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa");
}

TEST(ResponseVia, SameIpv6AddressInAnotherSpellingGetsNothing) {
  EXPECT_EQ(Stamped("SIP/2.0/UDP [2001:DB8:0::1];branch=z9hG4bKa", At("2001:db8::1", 5060)),
            "SIP/2.0/UDP [2001:DB8:0::1];branch=z9hG4bKa");
}

TEST(ResponseVia, ReceivedOfIpv6HasNoBrackets) {
  EXPECT_EQ(Stamped("SIP/2.0/UDP h;branch=z9hG4bKa", At("2001:db8::9:1", 5060)),
            "SIP/2.0/UDP h;branch=z9hG4bKa;received=2001:db8::9:1");
}

TEST(ResponseVia, Rfc3581ExampleRportAndReceivedAreFilled) {
  SANSIP_SHOWS("3581-4-1", "3581-6-1", "3581-5-1");
  EXPECT_EQ(Stamped("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff", At("192.0.2.1", 9988)),
            "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1");
}

TEST(ResponseVia, RportBringsReceivedEvenIfEqual) {
  SANSIP_SHOWS("3581-4-2");
  EXPECT_EQ(Stamped("SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bKa", At("192.0.2.1", 5060)),
            "SIP/2.0/UDP 192.0.2.1:5060;rport=5060;branch=z9hG4bKa;received=192.0.2.1");
}

TEST(ResponseVia, StreamsAreStampedAlike) {
  SANSIP_SHOWS("3581-4-3");
  EXPECT_EQ(Stamped("SIP/2.0/TCP 192.0.2.1;rport", At("192.0.2.1", 40000)),
            "SIP/2.0/TCP 192.0.2.1;rport=40000;received=192.0.2.1");
}

TEST(ResponseVia, ForgedReceivedAndRportAreReplaced) {
  SANSIP_SHOWS("3261-18.2.1-6");
  EXPECT_EQ(Stamped("SIP/2.0/UDP h;Received=203.0.113.66;RPORT=1;branch=z9hG4bKa", At("192.0.2.1", 9)),
            "SIP/2.0/UDP h;rport=9;branch=z9hG4bKa;received=192.0.2.1");
  // Without a reason for a true one, the forged one still goes.
  EXPECT_EQ(Stamped("SIP/2.0/UDP 192.0.2.1;received=203.0.113.66;branch=z9hG4bKa", At("192.0.2.1", 9)),
            "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa");
}

TEST(ResponseVia, OtherParametersPassByteForByte) {
  EXPECT_EQ(
      Stamped("SIP / 2.0 / UDP h:5060 ; branch = z9hG4bKa ;x=\"a;rport;\\\"received=1\" ;lr",
              At("192.0.2.1", 9)),
      "SIP / 2.0 / UDP h:5060 ; branch = z9hG4bKa ;x=\"a;rport;\\\"received=1\" ;lr;received=192.0.2.1");
}

TEST(ResponseVia, FoldingIsUndone) {
  const std::string stamped = Stamped("SIP/2.0/UDP h\r\n ;branch=z9hG4bKa;\r\n\trport", At("192.0.2.1", 9));
  EXPECT_EQ(stamped.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(stamped, "SIP/2.0/UDP h   ;branch=z9hG4bKa;rport=9;received=192.0.2.1");
}

TEST(ResponseVia, SmallStorageIsNeverOverrunAndSizeIsTold) {
  const Via via = ViaOf("SIP/2.0/UDP h;rport;branch=z9hG4bKa");
  const SocketAddress source = At("192.0.2.1", 65535);
  const std::size_t needed = WriteStampedVia(via, source, {});
  for (std::size_t size = 0; size <= needed; ++size) {
    std::vector<char> into(size);  // exactly this long: sanitizers see the first byte beyond
    EXPECT_EQ(WriteStampedVia(via, source, into), needed);
  }
  EXPECT_LE(needed, via.text.size() + kViaStampBytesMax);
}

TEST(ResponseVia, StampNeverAddsMoreThanItsBound) {
  const SocketAddress source = At("2001:db8:1111:2222:3333:4444:5555:6666", 65535);
  const Via via = ViaOf("SIP/2.0/UDP h;rport");
  EXPECT_LE(WriteStampedVia(via, source, {}), via.text.size() + kViaStampBytesMax);
}

}  // namespace
}  // namespace sansip
