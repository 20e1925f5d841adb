// sansip against baresip, another implementation, as caller and as callee, with media that it plays back, and
// outside of calls.
#include "sansip/tests/interop/baresip.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace sansip::interop {
namespace {

class BaresipTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasBaresip()) GTEST_SKIP() << "optional peer absent: baresip";
    baresip_ = std::make_unique<Baresip>(FreePortPair());
    ASSERT_TRUE(baresip_->IsListening()) << baresip_->Everything();
  }
  // To its end, which is a good one.
  std::unique_ptr<Sansip> Run(std::vector<std::string> words) {
    auto sansip = std::make_unique<Sansip>(std::move(words));
    EXPECT_EQ(sansip->Wait(), 0) << sansip->Everything();
    EXPECT_EQ(sansip->SchemaFault(), "");
    return sansip;
  }

  std::unique_ptr<Baresip> baresip_;
};

void ExpectTone(Sansip& sansip, int hz) {
  const nlohmann::json ended = sansip.Event("ended");
  ASSERT_TRUE(ended.contains("media")) << sansip.Everything();
  EXPECT_NEAR(ended["media"]["strongest_hz"].get<int>(), hz, 20) << sansip.Everything();
}

// One after the other: its echo is for one call.
TEST_F(BaresipTest, IsCalledOverUdpAndTcp) {
  for (const char* transport : {"", ";transport=tcp"}) {
    ExpectTone(*Run({"call", baresip_->uri() + transport, "--tone", "440", "--hangup-after", "2s"}), 440);
  }
}

TEST_F(BaresipTest, Calls) {
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--tone", "600", "--hangup-after", "2s"});
  ASSERT_TRUE(baresip_->Do("dial", "sip:al@127.0.0.1:" + std::to_string(answer.BoundPort())));
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(answer.Event("ended")["cause"], "local-bye");
  ExpectTone(answer, 600);
  EXPECT_EQ(answer.SchemaFault(), "");
}

TEST_F(BaresipTest, PutsOnHoldAndHangsUp) {
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  ASSERT_TRUE(baresip_->Do("dial", "sip:al@127.0.0.1:" + std::to_string(answer.BoundPort())));
  ASSERT_TRUE(answer.SeesOnStdout("\"answered\"")) << answer.Everything();
  ASSERT_TRUE(baresip_->Do("hold", "")) << baresip_->Everything();
  ASSERT_TRUE(answer.SeesOnStdout("\"reinvited\"")) << answer.Everything();
  ASSERT_TRUE(baresip_->Do("hangup", ""));
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(answer.Event("ended")["cause"], "remote-bye");
}

// It calls us and sends us on to carol: we call her and tell it, and it hangs up.
TEST_F(BaresipTest, Transfers) {
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "500ms"});
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  ASSERT_TRUE(baresip_->Do("dial", "sip:al@127.0.0.1:" + std::to_string(answer.BoundPort())));
  ASSERT_TRUE(answer.SeesOnStdout("\"answered\"")) << answer.Everything();
  ASSERT_TRUE(baresip_->Do("transfer", "sip:carol@127.0.0.1:" + std::to_string(carol.BoundPort())));
  EXPECT_EQ(carol.Wait(), 0) << carol.Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(answer.CountOf("referred"), 1u) << answer.Everything();
  EXPECT_EQ(answer.CountOf("ended"), 2u) << answer.Everything();
  EXPECT_EQ(answer.SchemaFault(), "");
}

TEST_F(BaresipTest, IsTransferred) {
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "500ms"});
  const auto call = Run({"call", baresip_->uri(), "--transfer-after", "500ms", "--transfer-to",
                         "sip:carol@127.0.0.1:" + std::to_string(carol.BoundPort())});
  EXPECT_EQ(carol.Wait(), 0) << carol.Everything();
  EXPECT_EQ(carol.CountOf("answered"), 1u) << carol.Everything();
  EXPECT_NE(call->Stdout().find("\"refer\""), std::string::npos) << call->Everything();
}

TEST_F(BaresipTest, IsAskedAndToldOutsideOfCalls) {
  EXPECT_NE(Run({"options", baresip_->uri()})->Stdout().find("REFER"), std::string::npos);
  Run({"message", baresip_->uri() + ";transport=tcp", "See you at eight"});
  const auto presence = Run({"subscribe", baresip_->uri(), "--event", "presence", "--once"});
  EXPECT_NE(presence->Stdout().find("pidf"), std::string::npos) << presence->Everything();
}

}  // namespace
}  // namespace sansip::interop
