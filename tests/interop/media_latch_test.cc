// RFC 4961: the command takes a peer's media from where it really comes, sends its own there, and lets nobody
// else take over.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/cli/tone.h"
#include "sansip/tests/interop/displaced_peer.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

constexpr std::chrono::milliseconds kBefore(700), kWithThief(1000);
constexpr double kHeardMin = 0.9;  // of 1.7 s: a busy machine may skip some

double SecondsOf(const std::vector<std::int16_t>& samples, double hz) {
  return cli::MeasureTone({.rate = 8000, .samples = samples}, hz).seconds;
}

void ExpectRecorded(const std::string& wav) {
  const auto recording = cli::ReadRecording(wav);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_GE(cli::MeasureTone(*recording, DisplacedPeer::kHz).seconds, kHeardMin);
  EXPECT_EQ(cli::MeasureTone(*recording, DisplacedPeer::kThiefHz).seconds, 0);
}

// Once the command has heard the peer, nothing goes to the address of the SDP; nothing ever to the third.
void TalkAndExpectNoTheft(DisplacedPeer& peer) {
  peer.Talk(kBefore);
  const std::size_t at_named = peer.packets_at_named();
  peer.LetThiefSpeak();
  peer.Talk(kWithThief);
  EXPECT_EQ(peer.packets_at_named(), at_named);
  EXPECT_EQ(peer.packets_at_thief(), 0u);
}

TEST(MediaLatchTest, ACallersMediaIsTakenAndEchoedWhereItComesFrom) {
  const std::string wav = TemporaryPath("latched-caller.wav");
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--echo", "--record", wav});
  DisplacedPeer peer;
  ASSERT_TRUE(peer.Call(answer.BoundPort())) << answer.Everything();
  TalkAndExpectNoTheft(peer);
  EXPECT_TRUE(peer.HangUp());
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
  EXPECT_GE(SecondsOf(peer.heard(), DisplacedPeer::kHz), kHeardMin) << answer.Everything();
  EXPECT_EQ(SecondsOf(peer.heard(), DisplacedPeer::kThiefHz), 0);
  ExpectRecorded(wav);
  SANSIP_SHOWS("4961-5-1");
}

TEST(MediaLatchTest, ACalleesMediaIsTakenAndAnsweredWhereItComesFrom) {
  const std::string wav = TemporaryPath("latched-callee.wav");
  DisplacedPeer peer;
  Sansip call({"call", "sip:displaced@127.0.0.1:" + std::to_string(peer.sip_port()), "--bind",
               "udp:127.0.0.1:0", "--tone", "600", "--record", wav, "--hangup-after", "2s"});
  ASSERT_TRUE(peer.Answer()) << call.Everything();
  TalkAndExpectNoTheft(peer);
  EXPECT_TRUE(peer.AwaitBye()) << call.Everything();
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_GE(SecondsOf(peer.heard(), 600), kHeardMin) << call.Everything();
  ExpectRecorded(wav);
  SANSIP_SHOWS("4961-5-1");
}

}  // namespace
}  // namespace sansip::interop
