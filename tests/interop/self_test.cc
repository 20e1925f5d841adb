// sansip against sansip, as programs: options, events, exit codes, signals.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/cli/json_schema.h"
#include "sansip/cli/tone.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/tests/interop/process.h"
#include "sansip/tests/sim/trace_file.h"
#include "sansip/tests/support/shows.h"

namespace sansip::interop {
namespace {

using Words = std::vector<std::string>;

Words Join(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// An answering agent on a port of its own, and calls to it.
class SelfTest : public testing::Test {
 protected:
  void Answer(const Words& options, const std::string& transport = "udp") {
    transport_ = transport;
    answer_ = std::make_unique<Sansip>(Join({"answer", "--bind", transport + ":127.0.0.1:0"}, options));
    port_ = answer_->BoundPort();
    ASSERT_NE(port_, 0) << answer_->Everything();
  }

  std::string Target() const {
    return "sip:bob@127.0.0.1:" + std::to_string(port_) + (transport_ == "tcp" ? ";transport=tcp" : "");
  }
  std::unique_ptr<Sansip> Call(const Words& options) {
    return std::make_unique<Sansip>(Join({"call", Target()}, options));
  }

  void ExpectWellFormed(const Sansip& program) {
    EXPECT_EQ(program.SchemaFault(), "") << program.Everything();
  }

  std::string transport_;
  std::unique_ptr<Sansip> answer_;
  std::uint16_t port_ = 0;
};

void ExpectEnded(const Sansip& program, const std::string& cause, const std::string& by) {
  const nlohmann::json ended = program.Event("ended");
  ASSERT_TRUE(ended.is_object()) << program.Everything();
  EXPECT_EQ(ended["cause"], cause) << program.Everything();
  EXPECT_EQ(ended["by"], by) << program.Everything();
}

class SelfTransportTest : public SelfTest, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Transports, SelfTransportTest, testing::Values("udp", "tcp"));

TEST_P(SelfTransportTest, ACallWithEchoHoldsTheTone) {
  const std::string wav = TemporaryPath(std::string(GetParam()) + "-echo.wav");
  Answer({"--once", "--echo"}, GetParam());
  const auto call = Call({"--tone", "440", "--record", wav, "--hangup-after", "1500ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectWellFormed(*call);
  ExpectWellFormed(*answer_);
  ExpectEnded(*call, "local-bye", "us");
  ExpectEnded(*answer_, "remote-bye", "peer");
  EXPECT_EQ(call->Event("answered")["codec"], "PCMU");
  EXPECT_EQ(call->Event("answered")["interval"], 1800);
  const auto recording = cli::ReadRecording(wav);
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_GE(cli::MeasureTone(*recording, 440).seconds, 0.9);
  const nlohmann::json summary = call->Summary();
  EXPECT_EQ(summary["calls"], 1);
  EXPECT_EQ(summary["ok"], 1);
  EXPECT_EQ(summary["exit"], 0);
}

TEST_P(SelfTransportTest, OutsideOfCallsOneQuestionHasOneAnswer) {
  Answer({}, GetParam());
  Sansip options({"options", Target()});
  EXPECT_EQ(options.Wait(), 0) << options.Everything();
  ExpectWellFormed(options);
  EXPECT_EQ(options.Event("request")["outcome"], "accepted");
  EXPECT_EQ(options.Event("request")["accept"], "application/sdp");
  const std::string trace = TemporaryPath(std::string(GetParam()) + "-message.trace");
  Sansip message({"message", Target(), "See you at eight", "--trace", trace});
  EXPECT_EQ(message.Wait(), 0) << message.Everything();
  EXPECT_EQ(RequestsSent(trace), (std::vector<std::string>{"MESSAGE TCP"}));  // the target says none, or TCP
  SANSIP_SHOWS("3428-8-1");
  ExpectWellFormed(message);
  Sansip subscribe({"subscribe", Target(), "--event", "presence"});
  EXPECT_EQ(subscribe.Wait(), 3) << subscribe.Everything();
  ExpectWellFormed(subscribe);
  EXPECT_EQ(subscribe.Summary()["status"], 489);
  Sansip refer({"refer", Target(), "--refer-to", "sip:carol@127.0.0.1"});
  EXPECT_EQ(refer.Wait(), 3) << refer.Everything();
  ExpectWellFormed(refer);
  EXPECT_EQ(refer.Summary()["status"], 603);
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectWellFormed(*answer_);
  EXPECT_EQ(answer_->Event("message")["body"], "See you at eight");
}

TEST_F(SelfTest, WhoRequiresCredentialsTakesThoseOfItsUsersAlone) {
  const auto file = [](const std::string& name, const std::string& text) {
    const std::string path = TemporaryPath(name);
    std::ofstream(path) << text;
    return path;
  };
  const std::string users = file("users", "# known\nalice:se cret\n");
  const Words alice = {"--user", "alice", "--password-file", file("right", "se cret\n")};
  const Words mallory = {"--user", "alice", "--password-file", file("wrong", "guessed\n")};
  Answer({"--require-auth", "biloxi.example", "--users", users, "--calls", "1"});
  struct Case {
    Words words;
    int status;  // of who is known
  };
  for (const Case& one :
       {Case{{"options"}, 0}, Case{{"message", "hello"}, 0}, Case{{"subscribe", "--event", "presence"}, 489},
        Case{{"refer", "--refer-to", "sip:c@127.0.0.1"}, 603}}) {
    Words words = {one.words[0], Target()};
    words.insert(words.end(), one.words.begin() + 1, one.words.end());
    Sansip stranger(words), wrong(Join(words, mallory)), known(Join(words, alice));
    for (Sansip* program : {&stranger, &wrong}) {
      EXPECT_EQ(program->Wait(), 3) << program->Everything();
      EXPECT_EQ(program->Summary()["status"], 401) << program->Everything();
    }
    EXPECT_EQ(known.Wait(), one.status == 0 ? 0 : 3) << known.Everything();
    EXPECT_EQ(known.Summary().value("status", 0), one.status) << known.Everything();
  }
  // The call is asked once, at its beginning: not its re-INVITE, not its BYE.
  const auto wrong = Call(mallory);
  EXPECT_EQ(wrong->Wait(), 3) << wrong->Everything();
  EXPECT_EQ(wrong->Summary()["status"], 401);
  const auto known = Call(Join(alice, {"--reinvite-after", "100ms", "--hangup-after", "300ms"}));
  EXPECT_EQ(known->Wait(), 0) << known->Everything();
  EXPECT_EQ(known->Event("reinvited")["status"], 200) << known->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(answer_->CountOf("calling"), 1u);  // those turned away are no calls
  EXPECT_EQ(answer_->CountOf("message"), 1u);
  EXPECT_EQ(answer_->CountOf("login_failed"), 5u);
  EXPECT_EQ(answer_->Event("login_failed")["user"], "alice");
  ExpectWellFormed(*answer_);
}

// Without a transaction: what a datagram is answered with is not read.
void SendDatagram(std::uint16_t port, const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  EXPECT_EQ(
      sendto(fd, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address),
      static_cast<ssize_t>(text.size()));
  close(fd);
}
std::string Datagram(const std::string& method, const std::string& id, const std::string& more,
                     const std::string& body) {
  return method + " sip:alice@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK" + id +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@h>;tag=1\r\nTo: <sip:alice@h>\r\nCall-ID: " + id +
         "\r\nCSeq: 1 " + method + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST_F(SelfTest, AStateThatIsPublishedIsToldToWhoeverSubscribes) {
  Answer({"--publish-events", "presence"});
  const std::string target = "sip:alice@127.0.0.1:" + std::to_string(port_);
  const std::string publish =
      Datagram("PUBLISH", "p1", "Event: presence\r\nExpires: 600\r\nContent-Type: application/pidf+xml\r\n",
               "<open/>");
  SendDatagram(port_, "PUBLISH " + target + publish.substr(publish.find(" SIP/2.0")));
  ASSERT_TRUE(answer_->SeesOnStdout("\"event_state\"")) << answer_->Everything();
  EXPECT_EQ(answer_->Event("event_state")["change"], "published");
  EXPECT_EQ(answer_->Event("event_state")["expires"], 600);
  Sansip subscribe({"subscribe", target, "--event", "presence", "--once"});
  EXPECT_EQ(subscribe.Wait(), 0) << subscribe.Everything();
  EXPECT_EQ(subscribe.Event("notified")["body"], "<open/>") << subscribe.Everything();
  Sansip other({"subscribe", target, "--event", "dialog"});
  EXPECT_EQ(other.Wait(), 3) << other.Everything();
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectWellFormed(*answer_);
}

TEST_F(SelfTest, AMessageThatCameTooLateIsMarked) {
  SANSIP_SHOWS("3428-7-11");
  Answer({});
  SendDatagram(port_, Datagram("MESSAGE", "m1",
                               "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\nExpires: 60\r\n"
                               "Content-Type: text/plain\r\n",
                               "the pizza is here"));
  ASSERT_TRUE(answer_->SeesOnStdout("\"message\"")) << answer_->Everything();
  EXPECT_EQ(answer_->Event("message")["expired"], true) << answer_->Everything();
  EXPECT_LT(answer_->Event("message")["expires_in"], 0);
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0);
  ExpectWellFormed(*answer_);
}

TEST_F(SelfTest, WithinItsCallsAKnownUserIsAskedToo) {
  const std::string users = TemporaryPath("users-within");
  std::ofstream(users) << "alice:secret\n";
  const std::string password = TemporaryPath("password-within");
  std::ofstream(password) << "secret\n";
  Answer({"--require-auth", "biloxi.example", "--users", users, "--auth-within", "--auth-from", "--once"});
  const Words alice = {"--user", "alice", "--password-file", password};
  Sansip other(Join({"message", Target(), "hello", "--from", "sip:mallory@127.0.0.1"}, alice));
  EXPECT_EQ(other.Wait(), 3) << other.Everything();
  EXPECT_EQ(other.Summary()["status"], 403) << other.Everything();
  // RFC 3261 26.3.2.1: who registers is who its address of record names, unless it is told otherwise.
  SANSIP_SHOWS("3261-26.3.2.1-10");
  Sansip registering(
      Join({"register", "--register", "sip:127.0.0.1:" + std::to_string(port_), "--once"}, alice));
  registering.Wait();
  EXPECT_EQ(registering.Event("registration_failed")["status"], 405) << registering.Everything();
  const auto call = Call(Join(alice, {"--reinvite-after", "100ms", "--hangup-after", "300ms"}));
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(call->Event("reinvited")["status"], 200) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectEnded(*answer_, "remote-bye", "peer");
}

// Alice (call) transfers Bob (answer) to Carol (another answer), and hangs up.
TEST_F(SelfTest, ATransferredCallGoesOnWithoutTheTransferor) {
  Answer({"--calls", "1", "--hangup-after", "2s"});
  Sansip carol({"answer", "--bind", "udp:127.0.0.1:0", "--once"});
  const std::string target = "sip:carol@127.0.0.1:" + std::to_string(carol.BoundPort());
  const auto alice = Call({"--transfer-after", "200ms", "--transfer-to", target});
  EXPECT_EQ(alice->Wait(), 0) << alice->Everything();
  EXPECT_EQ(alice->Event("ended")["by"], "us") << alice->Everything();
  EXPECT_EQ(alice->Event("refer")["stage"], "accepted");
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(answer_->Event("referred")["target"], target);
  EXPECT_EQ(answer_->Summary()["calls"], 2);
  EXPECT_EQ(carol.Wait(), 0) << carol.Everything();
  ExpectEnded(carol, "remote-bye", "peer");
  for (const Sansip* program : {alice.get(), answer_.get(), &carol}) ExpectWellFormed(*program);
  Sansip refer({"refer", "sip:carol@127.0.0.1:" + std::to_string(FreePort()), "--refer-to", target});
  EXPECT_EQ(refer.Wait(), 5) << refer.Everything();
  ExpectWellFormed(refer);
}

// What fails while it begins ends all the same.
TEST(SelfOutsideTest, WhereNothingListensTheyAreUnreachable) {
  for (const Words& words : {Words{"options"}, Words{"message"}, Words{"subscribe", "--event", "reg"}}) {
    Words all = Join(words, {"sip:bob@no-such-name.invalid"});
    if (words[0] == "message") all.emplace_back("hello");
    Sansip program(all);
    EXPECT_EQ(program.Wait(), 5) << program.Everything();
    EXPECT_EQ(program.SchemaFault(), "") << program.Everything();
  }
}

TEST_F(SelfTest, ACallOutlivesItsCallerWithItsAudio) {
  const std::string state = TemporaryPath("self.state");
  const std::string bind = "udp:127.0.0.1:" + std::to_string(FreePort());
  Answer({"--once"});
  const Words words = {"--bind", bind, "--state", state, "--tone", "440", "--session-expires", "90"};
  const auto first = Call(words);
  ASSERT_TRUE(first->SeesOnStdout("\"answered\"")) << first->Everything();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it is written once a second
  first->Signal(SIGKILL);
  first->Wait();
  // A re-INVITE, then BYE.
  const auto again = Call(Join(words, {"--reinvite-after", "200ms", "--hangup-after", "1500ms"}));
  EXPECT_EQ(again->Wait(), 0) << again->Everything();
  EXPECT_EQ(again->Event("restored")["call_id"], first->Event("calling")["call_id"]) << again->Everything();
  EXPECT_EQ(again->Event("restored")["interval"], 90);
  EXPECT_EQ(again->Event("reinvited")["status"], 200) << again->Everything();
  EXPECT_EQ(again->CountOf("calling"), 0u);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectEnded(*answer_, "remote-bye", "peer");
  EXPECT_EQ(answer_->Event("ended")["media"]["strongest_hz"], 440);
  ExpectWellFormed(*again);
}

TEST_F(SelfTest, ARestoredCallWhosePortIsTakenMovesItsAudio) {
  const std::string state = TemporaryPath("moved.state");
  const std::string bind = "udp:127.0.0.1:" + std::to_string(FreePort());
  Answer({"--once", "--echo"});
  const Words words = {"--bind", bind, "--state", state, "--tone", "440"};
  const auto first = Call(words);
  ASSERT_TRUE(answer_->SeesOnStdout("\"answered\"")) << answer_->Everything();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it is written once a second
  first->Signal(SIGKILL);
  first->Wait();
  const std::string rtp = answer_->Event("answered")["remote_rtp"];
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(rtp.substr(rtp.find(':') + 1))));
  const int taken = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << rtp;
  const auto again = Call(Join(words, {"--hangup-after", "1500ms"}));
  EXPECT_EQ(again->Wait(), 0) << again->Everything();
  close(taken);
  EXPECT_EQ(again->Event("reinvited")["status"], 200) << again->Everything();
  EXPECT_EQ(again->Event("ended")["media"]["strongest_hz"], 440) << again->Everything();  // what came back
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectWellFormed(*again);
}

TEST_F(SelfTest, AStateThatCannotBeReadEndsTheProgramWithAWord) {
  const std::string state = TemporaryPath("bad.state");
  std::ofstream(state) << "sansip state 1\n12345678SIPu" << '\x06' << '\0' << "what was never written";
  Sansip damaged({"answer", "--bind", "udp:127.0.0.1:0", "--state", state});
  EXPECT_EQ(damaged.Wait(), 7) << damaged.Everything();
  EXPECT_NE(damaged.Stderr().find("remove it to begin anew"), std::string::npos) << damaged.Stderr();
  std::ofstream(state) << "a letter";
  Sansip other({"answer", "--bind", "udp:127.0.0.1:0", "--state", state});
  EXPECT_EQ(other.Wait(), 7) << other.Everything();
  EXPECT_TRUE(std::ifstream(state).good());  // it may be dear to somebody
}

TEST_F(SelfTest, HangupCountsFromTheAckAndRingingFromTheInvite) {
  Answer({"--once", "--ring-for", "700ms", "--hangup-after", "400ms"});
  const auto call = Call({});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0);
  ExpectEnded(*call, "remote-bye", "peer");
  EXPECT_EQ(call->Event("ringing")["status"], 180);
  const double called = call->Event("calling")["t"];
  const double answered = call->Event("answered")["t"];
  EXPECT_GE(answered - called, 0.69);
  const double duration = answer_->Event("ended")["duration"];
  EXPECT_GE(duration, 0.39);
  EXPECT_LT(duration, 2.0);
}

TEST_F(SelfTest, CancelAfterEndsNormally) {
  Answer({"--once", "--ring-for", "1m"});
  const auto call = Call({"--cancel-after", "300ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectEnded(*call, "local-cancel", "us");
  ExpectEnded(*answer_, "remote-cancel", "peer");
  EXPECT_EQ(call->Event("ended")["status"], 487);
  ExpectWellFormed(*call);
  ExpectWellFormed(*answer_);
}

TEST_F(SelfTest, ACallBeyondMaxCallsIsBusy) {
  Answer({"--max-calls", "1"});
  const auto first = Call({});
  ASSERT_TRUE(first->SeesOnStdout("\"answered\"")) << first->Everything();
  const auto second = Call({});
  EXPECT_EQ(second->Wait(), 3) << second->Everything();
  EXPECT_EQ(second->Summary()["status"], 486);
  EXPECT_NE(second->Stderr().find("486 Busy Here"), std::string::npos) << second->Stderr();
  first->Signal(SIGTERM);
  EXPECT_EQ(first->Wait(), 0) << first->Everything();
  ExpectEnded(*first, "shutdown", "us");
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(answer_->Summary()["calls"], 1);
}

TEST_F(SelfTest, SigtermToACallThatRingsCancelsIt) {
  Answer({"--ring-for", "1m", "--once"});
  const auto call = Call({});
  ASSERT_TRUE(call->SeesOnStdout("\"ringing\"")) << call->Everything();
  call->Signal(SIGTERM);
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  ExpectEnded(*answer_, "remote-cancel", "peer");
}

TEST_F(SelfTest, SigtermToAnAnswererRefusesWhatRingsWith480) {
  Answer({"--ring-for", "1m"});
  const auto call = Call({});
  ASSERT_TRUE(call->SeesOnStdout("\"ringing\"")) << call->Everything();
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->Wait(), 3) << call->Everything();
  EXPECT_EQ(call->Summary()["status"], 480);
  ExpectWellFormed(*answer_);
}

TEST_F(SelfTest, SigtermToAnAnswererEndsItsCallsWithBye) {
  Answer({});
  const auto call = Call({});
  ASSERT_TRUE(answer_->SeesOnStdout("\"answered\"")) << answer_->Everything();
  ASSERT_TRUE(call->SeesOnStdout("\"answered\"")) << call->Everything();
  answer_->Signal(SIGTERM);
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  ExpectEnded(*call, "remote-bye", "peer");
}

TEST_F(SelfTest, OneSignalWaitsFiveSecondsForTheFinalASecondOneDoesNot) {
  const SilentPeer peer;
  const Words words = {"call", "sip:bob@127.0.0.1:" + std::to_string(peer.port())};
  Sansip patient(words), hasty(words);
  ASSERT_TRUE(patient.SeesOnStdout("\"calling\"")) << patient.Everything();
  ASSERT_TRUE(hasty.SeesOnStdout("\"calling\"")) << hasty.Everything();
  const auto begin = std::chrono::steady_clock::now();
  patient.Signal(SIGTERM);
  patient.Signal(SIGTERM);  // at once: the same wish, as timeout(1) tells it twice
  hasty.Signal(SIGTERM);
  hasty.Signal(SIGINT);
  EXPECT_EQ(hasty.Wait(), 4) << hasty.Everything();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  EXPECT_EQ(patient.Wait(), 4) << patient.Everything();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(4900));
}

TEST_F(SelfTest, LateOffer) {
  Answer({"--once", "--echo"});
  const auto call = Call({"--late-offer", "--tone", "600", "--hangup-after", "800ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->Event("answered")["codec"], "PCMU") << call->Everything();
  EXPECT_EQ(answer_->Event("answered")["codec"], "PCMU") << answer_->Everything();
  EXPECT_GT(call->Event("ended")["media"]["packets_received"], 10) << call->Everything();
}

TEST_F(SelfTest, ReinviteFromBothSides) {
  Answer({"--once", "--echo", "--reinvite-after", "900ms"});
  const auto call = Call({"--tone", "600", "--reinvite-after", "300ms", "--hangup-after", "1500ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->CountOf("reinvited"), 2u) << call->Everything();
  EXPECT_EQ(answer_->CountOf("reinvited"), 2u) << answer_->Everything();
  EXPECT_EQ(call->Event("reinvited")["by"], "us");
  EXPECT_EQ(call->Event("reinvited")["status"], 200);
  EXPECT_EQ(answer_->Event("reinvited")["by"], "peer");
  ExpectWellFormed(*call);
  ExpectWellFormed(*answer_);
}

std::string ScriptOf(const std::string& name, const std::string& text) {
  const std::string path = TemporaryPath(name);
  std::ofstream(path) << text;
  return path;
}

// docs/call_scripts.md
TEST_F(SelfTest, BothSidesFollowTheirScripts) {
  Answer({"--once", "--script",
          ScriptOf("callee.script",
                   "start+0s ring 183\nstart+500ms answer\n"
                   "300ms message I am here\n2.4s update\n")});
  const auto call = Call({"--script", ScriptOf("caller.script",
                                               "0.2s dtmf 12#\n1s hold\n1.5s resume\n"
                                               "2s reinvite\n2.7s move\n3s hangup\n")});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->Event("ringing")["status"], 183);
  EXPECT_EQ(call->CountOf("step"), 6u) << call->Everything();
  EXPECT_EQ(answer_->CountOf("step"), 4u) << answer_->Everything();
  EXPECT_EQ(answer_->CountOf("reinvited"), 4u) << answer_->Everything();  // held, resumed, moved, ours
  EXPECT_EQ(answer_->CountOf("refreshed"), 1u) << answer_->Everything();
  EXPECT_EQ(answer_->Event("request")["outcome"], "accepted");
  EXPECT_EQ(call->Event("message")["body"], "I am here");
  EXPECT_EQ(answer_->Event("ended")["media"]["digits"], "12#") << answer_->Everything();
  ExpectEnded(*call, "local-bye", "us");
  ExpectWellFormed(*call);
  ExpectWellFormed(*answer_);
}

TEST_F(SelfTest, AStepThatCannotBeTakenIsSaidAndTheCallGoesOn) {
  Answer({"--once"});
  const auto call = Call({"--script", ScriptOf("wrong.script", "100ms answer\n200ms hangup\n")});
  EXPECT_EQ(call->Wait(), 2) << call->Everything();
  EXPECT_NE(call->Event("error")["message"].get<std::string>().find("line 1 of the script: answer"),
            std::string::npos)
      << call->Everything();
  ExpectEnded(*answer_, "remote-bye", "peer");
}

TEST_F(SelfTest, ManyCallsAtOnce) {
  Answer({"--calls", "6"});
  const auto call = Call({"--calls", "6", "--max-calls", "3", "--hangup-after", "200ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0) << answer_->Everything();
  EXPECT_EQ(call->Summary()["calls"], 6);
  EXPECT_EQ(call->Summary()["ok"], 6);
  EXPECT_EQ(answer_->Summary()["ok"], 6);
}

TEST_F(SelfTest, SessionTimerOptions) {
  Answer({"--calls", "2"});
  const auto call = Call({"--session-expires", "90", "--refresher", "uas", "--hangup-after", "100ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(call->Event("answered")["interval"], 90);
  EXPECT_EQ(call->Event("answered")["refresher"], "peer");
  const auto without = Call({"--no-session-timer", "--hangup-after", "100ms"});
  EXPECT_EQ(without->Wait(), 0) << without->Everything();
  EXPECT_EQ(answer_->Wait(), 0);
}

TEST_F(SelfTest, ATooShortIntervalIsRaisedByThe422) {
  Answer({"--once", "--min-se", "600"});
  const auto call = Call({"--session-expires", "300", "--hangup-after", "100ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(call->Event("answered")["interval"], 600);
  EXPECT_EQ(answer_->Wait(), 0);
}

TEST_F(SelfTest, NamesAreAsAsked) {
  Answer({"--once"});
  const auto call = Call({"--user", "alice", "--from", "sip:anna@example.com", "--hangup-after", "100ms"});
  EXPECT_EQ(call->Wait(), 0);
  EXPECT_EQ(answer_->Wait(), 0);
  EXPECT_EQ(answer_->Event("calling")["from"], "<sip:anna@example.com>");
  EXPECT_EQ(answer_->Event("calling")["direction"], "incoming");
  EXPECT_EQ(answer_->Event("calling")["to"], "<" + Target() + ">");
}

TEST_F(SelfTest, AProxyIsAPreloadedRoute) {
  Answer({"--once"});
  Sansip call({"call", "sip:bob@192.0.2.1", "--proxy", "sip:127.0.0.1:" + std::to_string(port_),
               "--hangup-after", "100ms"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_EQ(answer_->Wait(), 0);
  EXPECT_EQ(answer_->Event("calling")["to"], "<sip:bob@192.0.2.1>");
}

TEST_F(SelfTest, ATraceReplaysBitForBit) {
  const std::string trace = TemporaryPath("trace.jsonl");
  Answer({"--once"});
  const auto call = Call({"--trace", trace, "--reinvite-after", "100ms", "--hangup-after", "300ms"});
  EXPECT_EQ(call->Wait(), 0) << call->Everything();
  EXPECT_EQ(answer_->Wait(), 0);
  struct stat facts {};
  ASSERT_EQ(stat(trace.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  std::ifstream file(trace);
  const sim::ReplayResult replay = sim::ReplayTrace(file, {.same_session = &sdp::SameSession});
  EXPECT_TRUE(replay.same) << replay.difference;
  EXPECT_GT(replay.inputs, 6u);

  Sansip command({"replay", trace});
  EXPECT_EQ(command.Wait(), 0) << command.Everything();
  EXPECT_EQ(command.Summary()["same"], true);
  // Another answer than the recorded one is the first difference, and the end.
  file.clear();
  file.seekg(0);
  std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t at = text.find("\"action\":\"Confirmed\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 20, "\"action\":\"Confabbed\"");
  const std::string tampered = TemporaryPath("tampered.jsonl");
  std::ofstream(tampered) << text;
  Sansip other({"replay", tampered});
  EXPECT_EQ(other.Wait(), 1) << other.Everything();
  EXPECT_NE(other.Stderr().find("replayed: {\"action\":\"Confirmed\""), std::string::npos)
      << other.Everything();
}

// ---- Every wrong end has its message and its exit code ----

void ExpectFailure(Sansip& program, int exit, const std::string& message) {
  EXPECT_EQ(program.Wait(), exit) << program.Everything();
  EXPECT_NE(program.Stderr().find(message), std::string::npos) << program.Everything();
  EXPECT_EQ(program.SchemaFault(), "") << program.Everything();
  EXPECT_EQ(program.Summary()["exit"], exit) << program.Everything();
  EXPECT_GE(program.CountOf("error"), 1u) << program.Everything();
}

TEST(ExitCodeTest, ADeadPortIsUnreachable) {
  Sansip udp({"call", "sip:bob@127.0.0.1:" + std::to_string(FreePort())});
  ExpectFailure(udp, 5, "unreachable");
  Sansip tcp({"call", "sip:bob@127.0.0.1:" + std::to_string(FreePort()) + ";transport=tcp"});
  ExpectFailure(tcp, 5, "unreachable");
}

TEST(ExitCodeTest, NobodyAnsweringTimesOut) {
  const SilentPeer peer;
  Sansip call({"call", "sip:bob@127.0.0.1:" + std::to_string(peer.port()), "--t1", "20ms"});
  ExpectFailure(call, 4, "no response");
}

TEST(ExitCodeTest, APortInUseIsNamed) {
  const SilentPeer peer;
  const std::string port = std::to_string(peer.port());
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:" + port});
  ExpectFailure(answer, 7, "udp:127.0.0.1:" + port);
}

TEST(ExitCodeTest, AFullDiskIsSaid) {
  Sansip call({"call", "sip:bob@127.0.0.1:9", "--tone", "440", "--record", "/dev/full"});
  ExpectFailure(call, 7, "/dev/full");
}

// A limit on the size of files stands for a disk that is full after half a second.
TEST(ExitCodeTest, ADiskThatFillsUpEndsTheCall) {
  Sansip answer({"answer", "--bind", "udp:127.0.0.1:0", "--once", "--echo"});
  const std::string target = "sip:bob@127.0.0.1:" + std::to_string(answer.BoundPort());
  const std::string wav = TemporaryPath("full.wav");
  Process call({"bash", "-c",
                "trap '' XFSZ; ulimit -f 8; cli/sansip call " + target + " --tone 440 --json --record " +
                    wav + " | cat; exit ${PIPESTATUS[0]}"});
  EXPECT_EQ(call.Wait(), 7) << call.Everything();
  EXPECT_NE(call.Stdout().find(wav), std::string::npos) << call.Everything();
  EXPECT_NE(call.Stdout().find("\"cause\":\"local-bye\""), std::string::npos) << call.Everything();
  EXPECT_EQ(answer.Wait(), 0) << answer.Everything();
}

TEST(ExitCodeTest, ASoundFileThatIsNotThereIsSaidBeforeAnybodyIsCalled) {
  Sansip call({"call", "sip:bob@127.0.0.1:9", "--play", "no/such.wav"});
  ExpectFailure(call, 7, "no/such.wav");
  EXPECT_EQ(call.CountOf("calling"), 0u);
}

TEST(ExitCodeTest, AFolderThatCannotBeWrittenIsSaid) {
  Sansip call({"call", "sip:bob@127.0.0.1:9", "--record", "no/such/folder/r.wav"});
  ExpectFailure(call, 7, "no/such/folder/r.wav");
}

TEST(ExitCodeTest, UsageIsSaidAsJsonToo) {
  Sansip call({"call", "sip:bob@127.0.0.1", "--bind", "tls:127.0.0.1:5061"});
  ExpectFailure(call, 2, "not built yet");
}

TEST(ExitCodeTest, OutputThatIsNotTakenIsSaidAndNoFault) {
  const std::string call = "cli/sansip call sip:bob@127.0.0.1:9 --json ";
  const auto run = [](const std::string& line) { return Process({"sh", "-c", line}).Wait(); };
  EXPECT_EQ(run("cli/sansip parse --help > /dev/full"), 7);
  EXPECT_EQ(run(call + "-v 2> /dev/full"), 5);
  EXPECT_EQ(run(call + "-v >&- 2>&- <&-"), 5);
  EXPECT_EQ(run("cli/sansip nonsense 2> /dev/full"), 2);
}

TEST(DemoTest, AFolderThatIsNotThereIsSaidAtOnce) {
  Process demo({"cli/sansip", "demo", "--out", "no/such/folder"});
  EXPECT_EQ(demo.Wait(std::chrono::seconds(2)), 7);
  EXPECT_NE(demo.Stderr().find("--out"), std::string::npos) << demo.Everything();
}

TEST_F(SelfTest, ACallIsNotLeftOpenWhenNobodyReadsAboutIt) {
  Answer({"--once"});
  Process call({"sh", "-c", "cli/sansip call " + Target() + " --json --hangup-after 1s | head -n 1"});
  EXPECT_EQ(call.Wait(), 0);
  EXPECT_EQ(answer_->Wait(), 0);
  ExpectEnded(*answer_, "remote-bye", "peer");
}

TEST(ParseTest, ExitCodes) {
  const std::string path = TemporaryPath("message.sip");
  std::ofstream(path) << "OPTIONS sip:a SIP/2.0\r\n\r\n";
  Process invalid({"cli/sansip", "parse", path});
  EXPECT_EQ(invalid.Wait(), 8);
  EXPECT_NE(invalid.Stdout().find("RFC 3261 8.1.1"), std::string::npos) << invalid.Everything();
  Process missing({"cli/sansip", "parse", path + "-not"});
  EXPECT_EQ(missing.Wait(), 7);
}

TEST(ExampleTest, AnAgentInAPlainPollLoopTakesACall) {
  const std::uint16_t port = FreePort();
  Process example({"examples/embed", std::to_string(port)});
  for (int i = 0; i < 500 && !IsPortTaken(port); ++i) usleep(10'000);
  Sansip call({"call", "sip:anyone@127.0.0.1:" + std::to_string(port), "--hangup-after", "200ms"});
  EXPECT_EQ(call.Wait(), 0) << call.Everything();
  EXPECT_TRUE(example.IsRunning());
}

TEST(DemoTest, SaysItsFiguresAsJson) {
  Sansip demo({"demo", "--out", TemporaryPath("").substr(0, TemporaryPath("").rfind('/'))});
  EXPECT_EQ(demo.Wait(std::chrono::seconds(40)), 0) << demo.Everything();
  ASSERT_EQ(demo.Events().size(), 1u) << demo.Stdout();
  std::ifstream page("docs/json.md");
  const cli::JsonSchema schema(std::string(std::istreambuf_iterator<char>(page), {}));
  EXPECT_EQ(schema.FaultInDemo(demo.Summary()), "");
  EXPECT_EQ(demo.Summary()["ok"], 2);
}

TEST(DemoTest, Holds) {
  Process demo({"cli/sansip", "demo", "--out", TemporaryPath("").substr(0, TemporaryPath("").rfind('/'))});
  EXPECT_EQ(demo.Wait(std::chrono::seconds(40)), 0) << demo.Everything();
  EXPECT_NE(demo.Stdout().find("/demo.html"), std::string::npos);
}

}  // namespace
}  // namespace sansip::interop
