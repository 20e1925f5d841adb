// sansip against SIPp, another implementation: as caller and as callee, over UDP and TCP, with media that
// SIPp echoes, with messages that get lost, with peers that refuse.
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/cli/tone.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/interop/sip_relay.h"
#include "sansip/tests/interop/sipp.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

constexpr int kCalls = 100;
constexpr int kCallsHeardMin = 90;  // a busy machine may skip the second that one is listened to
constexpr std::chrono::seconds kCallsTime(60);

class SippTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasSipp()) GTEST_SKIP() << "optional peer absent: sipp";
  }

  // A SIPp that listens.
  void Callee(SippOptions options) {
    options.port = port_ = FreePort();
    transport_ = options.tcp ? ";transport=tcp" : "";
    sipp_ = std::make_unique<Sipp>(options);
    ASSERT_TRUE(sipp_->IsListening()) << sipp_->Everything();
  }
  std::string Target() const { return "sip:service@127.0.0.1:" + std::to_string(port_) + transport_; }

  std::string transport_;
  std::unique_ptr<Sipp> sipp_;
  std::uint16_t port_ = 0;
};

int CallsThatHeard(const Sansip& program, int hz) {
  int heard = 0;
  for (const nlohmann::json& event : program.Events()) {
    if (event["event"] != "ended" || !event.contains("media")) continue;
    heard += std::abs(event["media"]["strongest_hz"].get<int>() - hz) <= 20;
  }
  return heard;
}

class SippTransportTest : public SippTest, public testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(UdpAndTcp, SippTransportTest, testing::Bool(),
                         [](const auto& transport) { return transport.param ? "Tcp" : "Udp"; });

TEST_P(SippTransportTest, AsCalleeCompletes100CallsWithEcho) {
  Callee({.scenario = "uas", .tcp = GetParam(), .calls = kCalls});
  Sansip call({"call", Target(), "--calls", std::to_string(kCalls), "--max-calls", "10", "--tone", "440",
               "--hangup-after", "1s", "--linger", "1s"});
  EXPECT_EQ(call.Wait(kCallsTime), 0) << call.Stderr();
  EXPECT_EQ(call.Summary()["ok"], kCalls) << call.Summary();
  EXPECT_GE(CallsThatHeard(call, 440), kCallsHeardMin);
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  EXPECT_EQ(call.SchemaFault(), "");
}

TEST_P(SippTransportTest, AsCallerCompletes100CallsWithEcho) {
  Sansip answer({"answer", "--bind", std::string(GetParam() ? "tcp" : "udp") + ":127.0.0.1:0", "--calls",
                 std::to_string(kCalls), "--tone", "600"});
  const std::uint16_t port = answer.BoundPort();
  Sipp sipp({.scenario = "uac", .port = FreePort(), .tcp = GetParam(), .calls = kCalls, .target_port = port});
  EXPECT_EQ(sipp.Wait(kCallsTime), 0) << sipp.Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Stderr();
  EXPECT_EQ(answer.Summary()["ok"], kCalls) << answer.Summary();
  EXPECT_GE(CallsThatHeard(answer, 600), kCallsHeardMin);
  EXPECT_EQ(answer.SchemaFault(), "");
}

TEST_P(SippTransportTest, TheRecordedEchoHoldsTheTone) {
  Callee({.scenario = "uas", .tcp = GetParam()});
  const std::string wav = TemporaryPath("sipp-echo.wav");
  Sansip call({"call", Target(), "--tone", "440", "--record", wav, "--hangup-after", "2s", "--linger", "1s"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  const auto recording = cli::ReadRecording(wav);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_GE(cli::MeasureTone(*recording, 440).seconds, 1.4);
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
}

TEST_P(SippTransportTest, TheCalleeHangsUp) {
  Sansip answer({"answer", "--bind", std::string(GetParam() ? "tcp" : "udp") + ":127.0.0.1:0", "--once",
                 "--hangup-after", "200ms", "--linger", "1s"});  // SIPp wants its connection to stay
  const std::uint16_t port = answer.BoundPort();
  Sipp sipp({.scenario = "uac_waits", .port = FreePort(), .tcp = GetParam(), .target_port = port});
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
}

TEST_F(SippTest, ACallOutlivesTheProgram) {
  const std::string state = TemporaryPath("sipp.state");
  const std::string bind = "udp:127.0.0.1:" + std::to_string(FreePort());
  Sansip first({"answer", "--bind", bind, "--once", "--state", state});
  Sipp sipp({.scenario = "uac_waits", .port = FreePort(), .target_port = first.BoundPort()});
  ASSERT_TRUE(first.SeesOnStdout("\"answered\"")) << first.Everything();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it is written once a second
  first.Signal(SIGKILL);
  first.Wait();
  Sansip again({"answer", "--bind", bind, "--once", "--state", state, "--hangup-after", "300ms"});
  EXPECT_EQ(again.Wait(), 0) << again.Everything();
  EXPECT_EQ(again.CountOf("restored"), 1u) << again.Everything();
  EXPECT_EQ(again.SchemaFault(), "");
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
  EXPECT_FALSE(std::ifstream(state).good());  // nothing is left to go on with
}

TEST_F(SippTest, AnInvite200AckAndByeEachLostOnceAreRecoveredByTheCaller) {
  const std::uint16_t port = FreePort();
  const SipRelay relay(port);
  port_ = port;
  sipp_ = std::make_unique<Sipp>(SippOptions{.scenario = "uas", .port = port, .contact_port = relay.port()});
  ASSERT_TRUE(sipp_->IsListening()) << sipp_->Everything();
  Sansip call({"call", "sip:service@127.0.0.1:" + std::to_string(relay.port()), "--hangup-after", "1500ms"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  EXPECT_EQ(relay.lost(), (std::vector<std::string>{"INVITE", "200", "ACK", "BYE"})) << call.Everything();
}

TEST_F(SippTest, AnInvite200AckAndByeEachLostOnceAreRecoveredByTheCallee) {
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--hangup-after", "1500ms"});
  const SipRelay relay(answer.BoundPort());
  Sipp sipp({.scenario = "uac_waits",
             .port = FreePort(),
             .contact_port = relay.port(),
             .target_port = relay.port()});
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
  EXPECT_EQ(relay.lost(), (std::vector<std::string>{"INVITE", "200", "ACK", "BYE"})) << answer.Everything();
}

// RFC 3261 18.1.1: SIPp over UDP takes no connections.
TEST_F(SippTest, ALongInviteFallsBackToUdp) {
  SANSIP_SHOWS("3261-18.1.1-4");
  Callee({.scenario = "uas"});
  const std::string trace = TemporaryPath("long-invite.trace");
  Sansip call({"call", Target(), "--from", "sip:" + std::string(700, 'a') + "@example.com", "--hangup-after",
               "200ms", "--trace", trace});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  EXPECT_EQ(RequestsSent(trace),
            (std::vector<std::string>{"INVITE TCP", "INVITE UDP", "ACK UDP", "BYE UDP"}));
}

TEST_F(SippTest, LongRequestsOfEveryKindFallBackToUdp) {
  SANSIP_SHOWS("3261-18.1.1-4");
  Callee({.scenario = "uas"});
  const std::string trace = TemporaryPath("long-requests.trace");
  Sansip call({"call", Target(), "--from", "sip:" + std::string(1500, 'a') + "@example.com", "--hangup-after",
               "1500ms", "--trace", trace});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  // The ACK is sent again when the 200 is.
  EXPECT_EQ(RequestsSent(trace), (std::vector<std::string>{"INVITE TCP", "INVITE UDP", "ACK TCP", "ACK UDP",
                                                           "BYE TCP", "BYE UDP"}));
}

TEST_F(SippTest, Busy) {
  Callee({.scenario = "uas_486"});
  Sansip call({"call", Target()});
  EXPECT_EQ(call.Wait(), 3) << call.Everything();
  EXPECT_EQ(call.Summary()["status"], 486);
  EXPECT_NE(call.Stderr().find("486 Busy Here"), std::string::npos);
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
}

// SIPp computes the digests itself, and wants those of the INVITE in the ACK and new ones in the BYE.
TEST_F(SippTest, AChallengeIsAnswered) {
  SANSIP_SHOWS("3261-22.2-3", "3261-22.2-7", "3261-22.1-17", "3261-22.4-11");
  const std::string right = TemporaryPath("right"), wrong = TemporaryPath("wrong");
  std::ofstream(right) << "secret\n";
  std::ofstream(wrong) << "guess\n";
  Callee({.scenario = "uas_401"});
  Sansip call({"call", Target(), "--hangup-after", "200ms", "--password-file", right});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  EXPECT_EQ(call.SchemaFault(), "");
  Callee({.scenario = "uas_401"});
  Sansip guess({"call", Target(), "--password-file", wrong});
  EXPECT_EQ(guess.Wait(), 3) << guess.Everything();
  EXPECT_EQ(guess.Summary()["status"], 403);
}

TEST_F(SippTest, ARedirectIsFollowed) {
  SANSIP_SHOWS("3261-8.1.3.4-1");
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  Callee({.scenario = "uas_302", .moved_port = answer.BoundPort()});
  Sansip call({"call", Target(), "--hangup-after", "200ms"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
}

TEST_F(SippTest, ARedirectIsNotFollowedWhereThatIsNotWanted) {
  Callee({.scenario = "uas_302", .moved_port = 9});
  Sansip call({"call", Target(), "--no-redirect"});
  EXPECT_EQ(call.Wait(), 3) << call.Everything();
  EXPECT_EQ(call.Summary()["status"], 302);
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
}

TEST_F(SippTest, AnAnswerWithAnotherCodecEndsTheCall) {
  Callee({.scenario = "uas_g729"});
  Sansip call({"call", Target()});
  EXPECT_EQ(call.Wait(), 6) << call.Everything();
  EXPECT_NE(call.Stderr().find("PCMU"), std::string::npos) << call.Stderr();
  EXPECT_EQ(sipp_->Wait(), 0) << sipp_->Everything();
}

TEST_F(SippTest, AnOfferOfAnotherCodecIsRefusedWith488) {
  SANSIP_SHOWS("3261-13.3.1.3-3", "3261-13.3.1.3-4");
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  Sipp sipp({.scenario = "uac_g729", .port = FreePort(), .target_port = answer.BoundPort()});
  EXPECT_EQ(sipp.Wait(), 0) << sipp.Everything();
  EXPECT_EQ(answer.Wait(std::chrono::seconds(50)), 6) << answer.Everything();
}

}  // namespace
}  // namespace sansip::interop
