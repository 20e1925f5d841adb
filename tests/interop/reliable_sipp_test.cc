// Reliable provisional responses (RFC 3262) against SIPp, as caller and as callee.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/interop/sipp.h"

namespace sansip::interop {
namespace {

constexpr int kReliableCalls = 10;

class ReliableSippTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!HasSipp()) GTEST_SKIP() << "optional peer absent: sipp";
  }
};
INSTANTIATE_TEST_SUITE_P(UdpAndTcp, ReliableSippTest, testing::Bool(),
                         [](const auto& transport) { return transport.param ? "Tcp" : "Udp"; });

TEST_P(ReliableSippTest, ItsProvisionalsArePracked) {
  const std::uint16_t port = FreePort();
  Sipp sipp({.scenario = "uas_100rel", .port = port, .tcp = GetParam(), .calls = kReliableCalls});
  ASSERT_TRUE(sipp.IsListening()) << sipp.Everything();
  const std::string target =
      "sip:service@127.0.0.1:" + std::to_string(port) + (GetParam() ? ";transport=tcp" : "");
  Sansip call({"call", target, "--100rel", "supported", "--calls", std::to_string(kReliableCalls),
               "--max-calls", "5", "--hangup-after", "200ms", "--linger", "1s"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(call.Summary()["ok"], kReliableCalls) << call.Summary();
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
  EXPECT_EQ(call.SchemaFault(), "");
}

TEST_P(ReliableSippTest, ItPracksOurs) {
  Sansip answer({"answer", "--bind", std::string(GetParam() ? "tcp" : "udp") + ":127.0.0.1:0", "--100rel",
                 "supported", "--ring-for", "300ms", "--calls", std::to_string(kReliableCalls)});
  const std::uint16_t port = answer.BoundPort();
  Sipp sipp({.scenario = "uac_100rel",
             .port = FreePort(),
             .tcp = GetParam(),
             .calls = kReliableCalls,
             .target_port = port});
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(answer.Summary()["ok"], kReliableCalls) << answer.Summary();
  int pracked = 0;
  for (const nlohmann::json& event : answer.Events()) pracked += event["event"] == "pracked";
  EXPECT_EQ(pracked, kReliableCalls);
  EXPECT_EQ(answer.SchemaFault(), "");
}

}  // namespace
}  // namespace sansip::interop
