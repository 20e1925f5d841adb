// sansip against linphonec, another implementation, as caller and as callee, with media both ways, and
// outside of calls.
#include "sansip/tests/interop/linphone.h"

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/cli/tone.h"
#include "sansip/rtp/driver/wav.h"
#include "sansip/rtp/tone.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

std::string Port(std::uint16_t port) { return std::to_string(port); }

std::string Written(const std::string& name, const std::string& text) {
  const std::string path = TemporaryPath(name);
  std::ofstream(path) << text;
  return path;
}

// Three seconds of a tone.
std::string ToneFile(std::uint32_t hz) {
  const std::string path = TemporaryPath("linphone-plays.wav");
  std::vector<std::int16_t> samples(3 * rtp::kClockRate);
  rtp::ToneGenerator(hz).Generate(samples);
  auto recorder = rtp::WavRecorder::Create(path);
  EXPECT_TRUE(recorder.ok() && recorder->Write(samples).ok() && recorder->Finish().ok());
  return path;
}

class LinphoneTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasLinphone()) GTEST_SKIP() << "optional peer absent: linphonec";
    linphone_ = std::make_unique<Linphone>(FreePort());
    ASSERT_TRUE(linphone_->IsListening()) << linphone_->Everything();
  }
  // To its end, which is a good one.
  std::unique_ptr<Sansip> Run(std::vector<std::string> words) {
    auto sansip = std::make_unique<Sansip>(std::move(words));
    EXPECT_EQ(sansip->Wait(), 0) << sansip->Everything() << linphone_->Everything();
    EXPECT_EQ(sansip->SchemaFault(), "");
    return sansip;
  }
  // One that it calls, over TCP or UDP.
  std::unique_ptr<Sansip> Called(std::vector<std::string> words, bool tcp = false) {
    words.insert(words.begin(), {"answer", "--bind", tcp ? "tcp:127.0.0.1:0" : "udp:127.0.0.1:0", "--once"});
    auto answer = std::make_unique<Sansip>(std::move(words));
    linphone_->Do("call sip:al@127.0.0.1:" + Port(answer->BoundPort()) + (tcp ? ";transport=tcp" : ""));
    return answer;
  }
  void ExpectEnded(Sansip& sansip, int exit, const std::string& cause) {
    EXPECT_EQ(sansip.Wait(), exit) << sansip.Everything() << linphone_->Everything();
    EXPECT_EQ(sansip.Event("ended")["cause"], cause) << sansip.Everything();
    EXPECT_EQ(sansip.SchemaFault(), "");
  }

  std::unique_ptr<Linphone> linphone_;
};

TEST_F(LinphoneTest, IsCalledOverUdpAndTcpAndEachHearsTheOther) {
  linphone_->Do("play " + ToneFile(600));
  for (const char* transport : {"", ";transport=tcp"}) {
    const std::string heard = TemporaryPath("linphone-hears" + std::string(transport) + ".wav");
    linphone_->Do("record " + heard);
    const auto call = Run({"call", linphone_->uri() + transport, "--tone", "440", "--hangup-after", "2s"});
    EXPECT_NEAR(call->Event("ended")["media"]["strongest_hz"].get<int>(), 600, 20) << call->Everything();
    auto recording = cli::ReadRecording(heard);
    for (int i = 0; i < 100 && !recording.ok(); ++i) {  // it is written after the call
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      recording = cli::ReadRecording(heard);
    }
    ASSERT_TRUE(recording.ok()) << recording.status();
    EXPECT_GE(cli::MeasureTone(*recording, 440).seconds, 0.5);
  }
}

TEST_F(LinphoneTest, IsAskedAndToldOutsideOfCalls) {
  EXPECT_NE(Run({"options", linphone_->uri()})->Stdout().find("\"status\":200"), std::string::npos);
  Run({"message", linphone_->uri(), "See you at eight"});
  Run({"message", linphone_->uri() + ";transport=tcp", "at nine"});
  EXPECT_TRUE(linphone_->SeesOnStdout("See you at eight")) << linphone_->Everything();
  EXPECT_TRUE(linphone_->SeesOnStdout("at nine")) << linphone_->Everything();
}

TEST_F(LinphoneTest, IsHeldAskedAndToldWithinACall) {
  const std::string script = Written("linphone.script",
                                     "100ms hold\n400ms resume\n700ms info application/dtmf-relay Signal=5\n"
                                     "800ms update\n900ms message Hello within\n1200ms hangup\n");
  const auto call = Run({"call", linphone_->uri(), "--script", script});
  EXPECT_EQ(call->CountOf("reinvited"), 3u) << call->Everything();
  EXPECT_EQ(call->CountOf("request"), 2u) << call->Everything();
  for (const char* sign : {"has been paused by", "Receiving tone 5", "Hello within"}) {
    EXPECT_TRUE(linphone_->SeesOnStdout(sign)) << sign << linphone_->Everything();
  }
}

TEST_F(LinphoneTest, OffersIn200AndTakesAnAnswerInTheAck) {
  const auto call =
      Run({"call", linphone_->uri(), "--late-offer", "--100rel", "supported", "--hangup-after", "200ms"});
  EXPECT_EQ(call->Event("answered")["codec"], "PCMU") << call->Everything();
}

TEST_F(LinphoneTest, CallsOverTcpAndIsHungUpOn) {
  ExpectEnded(*Called({"--hangup-after", "200ms"}, true), 0, "local-bye");
}

TEST_F(LinphoneTest, CallsHoldsResumesAndHangsUp) {
  const auto answer = Called({});
  ASSERT_TRUE(linphone_->SeesOnStdout("Media streams established")) << linphone_->Everything();
  linphone_->Do("pause");
  ASSERT_TRUE(linphone_->SeesOnStdout("is now paused")) << linphone_->Everything();
  linphone_->Do("resume");
  ASSERT_TRUE(answer->SeesEvents("reinvited", 2)) << answer->Everything();
  linphone_->Do("terminate");
  ExpectEnded(*answer, 0, "remote-bye");
}

TEST_F(LinphoneTest, CancelsAndIsRefused) {
  const auto cancelled = Called({"--ring-for", "20s"});
  ASSERT_TRUE(linphone_->SeesOnStdout("ringing")) << linphone_->Everything();
  linphone_->Do("terminate");
  ExpectEnded(*cancelled, 0, "remote-cancel");
  ExpectEnded(*Called({"--script", Written("refuse.script", "start+0s ring 180\nstart+100ms refuse 486\n")}),
              3, "local-refusal");
}

TEST_F(LinphoneTest, IsCancelledRefusesAndRedirects) {
  linphone_->Do("autoanswer disable");
  ASSERT_TRUE(linphone_->SeesOnStdout("Auto answer disabled"));
  ExpectEnded(*std::make_unique<Sansip>(
                  std::vector<std::string>{"call", linphone_->uri(), "--cancel-after", "300ms"}),
              0, "local-cancel");
  Sansip refused({"call", linphone_->uri()});
  ASSERT_TRUE(refused.SeesOnStdout("\"ringing\"")) << refused.Everything();
  linphone_->Do("terminate");
  ExpectEnded(refused, 3, "refused");
  EXPECT_EQ(refused.Summary()["status"], 603);
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "100ms"});
  Sansip redirected({"call", linphone_->uri()});
  ASSERT_TRUE(redirected.SeesOnStdout("\"ringing\"")) << redirected.Everything();
  linphone_->Do("redirect all sip:carol@127.0.0.1:" + Port(carol.BoundPort()));
  ExpectEnded(redirected, 0, "remote-bye");
  ExpectEnded(carol, 0, "local-bye");
}

TEST_F(LinphoneTest, Transfers) {
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "500ms"});
  const auto answer = Called({});
  ASSERT_TRUE(linphone_->SeesOnStdout("Media streams established")) << linphone_->Everything();
  linphone_->Do("transfer sip:carol@127.0.0.1:" + Port(carol.BoundPort()));
  ExpectEnded(*answer, 0, "remote-bye");
  ExpectEnded(carol, 0, "local-bye");
  EXPECT_EQ(answer->CountOf("referred"), 1u) << answer->Everything();
}

TEST_F(LinphoneTest, IsTransferred) {
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "500ms"});
  const auto call = Run({"call", linphone_->uri(), "--transfer-after", "300ms", "--transfer-to",
                         "sip:carol@127.0.0.1:" + Port(carol.BoundPort())});
  ExpectEnded(carol, 0, "local-bye");
  EXPECT_NE(call->Stdout().find("\"refer\""), std::string::npos) << call->Everything();
}

}  // namespace
}  // namespace sansip::interop
