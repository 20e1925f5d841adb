// RFC 3261 18.1.1 and 18.2.1 as programs: whoever is reached over UDP is reached over TCP at the same place,
// and a request too long for a datagram goes there. Against a peer without TCP: sipp_test.cc.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> RequestsOfCall(const std::string& from_user) {
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  const std::string target = "sip:bob@127.0.0.1:" + std::to_string(answer.BoundPort());
  const std::string trace = TemporaryPath(std::to_string(from_user.size()) + ".trace");
  Sansip call({"call", target, "--from", "sip:" + from_user + "@example.com", "--hangup-after", "200ms",
               "--trace", trace});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(call.SchemaFault(), "");
  return RequestsSent(trace);
}

TEST(LongRequestTest, AShortInviteGoesOverUdp) {
  EXPECT_THAT(RequestsOfCall("alice"), ElementsAre("INVITE UDP", "ACK UDP", "BYE UDP"));
}

TEST(LongRequestTest, ALongInviteGoesOverTcpToTheSamePort) {
  SANSIP_SHOWS("3261-18.1.1-1", "3261-18.1.1-2", "3261-18.2.1-3");
  EXPECT_THAT(RequestsOfCall(std::string(700, 'a')), ElementsAre("INVITE TCP", "ACK TCP", "BYE TCP"));
}

// The BYE goes to the Contact of the answer.
TEST(LongRequestTest, UdpAndTcpAreListenedOnAtOnePort) {
  SANSIP_SHOWS("3261-18.2.1-1", "3261-18.2.1-3");
  const std::string port = std::to_string(FreePort());
  Sansip answer({"answer", "--bind", "tcp:127.0.0.1:" + port, "--bind", "udp:127.0.0.1:" + port});
  ASSERT_NE(answer.BoundPort(), 0) << answer.Everything();
  for (const char* transport : {"udp", "tcp"}) {
    Sansip call({"call", "sip:bob@127.0.0.1:" + port + ";transport=" + transport, "--hangup-after", "100ms"});
    EXPECT_EQ(call.Wait(), 0) << call.Everything();
  }
  EXPECT_TRUE(answer.SeesOnStdout("\"event\":\"ended\",\"call\":2") || answer.CountOf("ended") == 2)
      << answer.Everything();
  EXPECT_EQ(answer.CountOf("ended"), 2u) << answer.Everything();
  EXPECT_EQ(answer.CountOf("bound"), 2u) << answer.Everything();
}

}  // namespace
}  // namespace sansip::interop
