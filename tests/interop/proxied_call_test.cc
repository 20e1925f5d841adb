// Calls by way of Kamailio, which stays in the route: among us, to several contacts at once, and with baresip
// and linphonec, over UDP and TCP.
#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/interop/baresip.h"
#include "sansip/tests/interop/kamailio.h"
#include "sansip/tests/interop/linphone.h"
#include "sansip/tests/interop/process.h"

namespace sansip::interop {
namespace {

std::string ScriptFile(const std::string& name, const std::string& text) {
  const std::string path = TemporaryPath(name);
  std::ofstream(path) << text;
  return path;
}

class ProxiedCallTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!HasKamailio()) GTEST_SKIP() << "optional peer absent: kamailio";
    port_ = FreePort();
    kamailio_ =
        std::make_unique<Kamailio>("registrar.cfg", port_, std::vector<std::string>{"ALGORITHM=\"MD5\""});
    ASSERT_TRUE(kamailio_->IsListening()) << kamailio_->Everything();
  }
  std::string Proxy() const {
    return "sip:127.0.0.1:" + std::to_string(port_) + (GetParam() ? ";transport=tcp" : "");
  }
  std::unique_ptr<Sansip> Account(const std::string& user, const std::vector<std::string>& words) const {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--register", Proxy(), "--user", user, "--from", "sip:" + user + "@127.0.0.1",
                           "--password-file", ScriptFile("proxied-password", "secret\n"), "--bind",
                           GetParam() ? "tcp:127.0.0.1:0" : "udp:127.0.0.1:0", "--expires", "120"});
    return std::make_unique<Sansip>(std::move(all));
  }
  std::unique_ptr<Sansip> Call(const std::string& user, const std::vector<std::string>& words) const {
    std::vector<std::string> all = {"call", "sip:" + user + "@127.0.0.1", "--proxy", Proxy()};
    all.insert(all.end(), words.begin(), words.end());
    return Account("alice", all);
  }
  // One that is registered.
  std::unique_ptr<Sansip> Answer(const std::string& user, std::vector<std::string> words) const {
    words.insert(words.begin(), {"answer", "--once"});
    auto answer = Account(user, words);
    EXPECT_TRUE(answer->SeesOnStdout("\"registered\"")) << answer->Everything();
    return answer;
  }

  std::uint16_t port_ = 0;
  std::unique_ptr<Kamailio> kamailio_;
};
INSTANTIATE_TEST_SUITE_P(UdpAndTcp, ProxiedCallTest, testing::Bool(),
                         [](const auto& transport) { return transport.param ? "Tcp" : "Udp"; });

void ExpectEnd(Sansip& sansip, const std::string& cause) {
  EXPECT_EQ(sansip.Wait(), 0) << sansip.Everything();
  EXPECT_EQ(sansip.Event("ended")["cause"], cause) << sansip.Everything();
  EXPECT_EQ(sansip.SchemaFault(), "");
}

// What is drawn on stderr: none of it went past the proxy.
void ExpectAllThrough(Sansip& sansip, std::uint16_t proxy) {
  const std::string ladder = sansip.Stderr(), end = "127.0.0.1:" + std::to_string(proxy) + " UDP";
  int lines = 0;
  for (std::size_t at = ladder.find(" UDP\n"); at != std::string::npos; at = ladder.find(" UDP\n", at + 1)) {
    EXPECT_EQ(ladder.substr(at + 4 - end.size(), end.size()), end) << ladder;
    ++lines;
  }
  EXPECT_GT(lines, 10) << ladder;
}

TEST_P(ProxiedCallTest, EitherSideChangesTheSessionAndTheCalleeHangsUp) {
  const auto bob = Answer("bob", {"--100rel", "supported", "-v", "--script",
                                  ScriptFile("proxied-bob",
                                             "start+0s ring 180\nstart+100ms answer\n500ms hold\n"
                                             "800ms resume\n1200ms hangup\n")});
  const auto alice = Call("bob", {"--100rel", "supported", "-v", "--script",
                                  ScriptFile("proxied-alice", "100ms reinvite\n300ms update\n")});
  ExpectEnd(*alice, "remote-bye");
  ExpectEnd(*bob, "local-bye");
  EXPECT_EQ(alice->CountOf("reinvited"), 4u) << alice->Everything();
  EXPECT_EQ(bob->CountOf("pracked"), 1u) << bob->Everything();
  EXPECT_GT(bob->Event("ended")["media"]["packets_received"].get<int>(), 20) << bob->Everything();
  if (GetParam()) return;
  ExpectAllThrough(*alice, port_);
  ExpectAllThrough(*bob, port_);
}

// RFC 5627: each side's Contact is its GRUU, by which the other's requests find the way.
TEST_P(ProxiedCallTest, DevicesAreReachedByTheirGruus) {
  const auto bob = Answer("bob", {"-v", "--instance", "urn:uuid:b0b0b0b0-7dec-11d0-a765-00a0c91e6bf6",
                                  "--script", ScriptFile("proxied-gruu", "300ms reinvite\n500ms hangup\n")});
  const auto alice = Call("bob", {"-v", "--instance", "urn:uuid:a11ce000-7dec-11d0-a765-00a0c91e6bf6",
                                  "--reinvite-after", "100ms"});
  ExpectEnd(*alice, "remote-bye");
  ExpectEnd(*bob, "local-bye");
  EXPECT_NE(alice->Stderr().find("ACK sip:bob@127.0.0.1;gr="), std::string::npos) << alice->Everything();
  EXPECT_NE(bob->Stderr().find("BYE sip:alice@127.0.0.1;gr="), std::string::npos) << bob->Everything();
}

TEST_P(ProxiedCallTest, OfTwoContactsThatRingTheFirstToAnswerHasTheCall) {
  const auto slow = Answer("bob", {"--ring-for", "20s", "--100rel", "supported"});
  const auto fast = Answer("bob", {"--ring-for", "200ms"});
  const auto alice = Call("bob", {"--100rel", "supported", "--hangup-after", "200ms"});
  ExpectEnd(*alice, "local-bye");
  ExpectEnd(*fast, "remote-bye");
  ExpectEnd(*slow, "remote-cancel");
  EXPECT_EQ(alice->CountOf("ringing"), 2u) << alice->Everything();
  EXPECT_EQ(slow->CountOf("pracked"), 1u) << slow->Everything();
}

TEST_P(ProxiedCallTest, OfTwoContactsThatAnswerAtOnceOneIsHungUpOn) {
  const auto one = Answer("bob", {}), other = Answer("bob", {});
  const auto alice = Call("bob", {"--hangup-after", "300ms"});
  ExpectEnd(*alice, "local-bye");
  ExpectEnd(*one, "remote-bye");
  ExpectEnd(*other, "remote-bye");
  const auto shorter = [](Sansip& a, Sansip& b) {
    return std::min(a.Event("ended")["duration"].get<double>(), b.Event("ended")["duration"].get<double>());
  };
  EXPECT_LT(shorter(*one, *other), 0.25) << one->Everything() << other->Everything();
}

TEST_P(ProxiedCallTest, ACancelReachesEveryContact) {
  const auto one = Answer("bob", {"--ring-for", "20s"}), other = Answer("bob", {"--ring-for", "20s"});
  ExpectEnd(*Call("bob", {"--cancel-after", "300ms"}), "local-cancel");
  ExpectEnd(*one, "remote-cancel");
  ExpectEnd(*other, "remote-cancel");
}

TEST_P(ProxiedCallTest, BaresipIsCalledAndCalls) {
  if (!HasBaresip()) GTEST_SKIP() << "optional peer absent: baresip";
  Baresip baresip(FreePortPair(), Proxy());
  ASSERT_TRUE(baresip.IsListening()) << baresip.Everything();
  ASSERT_TRUE(baresip.SeesOnStdout("200 OK")) << baresip.Everything();
  const auto call = Call("bob", {"--tone", "440", "--reinvite-after", "200ms", "--hangup-after", "1500ms"});
  ExpectEnd(*call, "local-bye");
  EXPECT_NEAR(call->Event("ended")["media"]["strongest_hz"].get<int>(), 440, 20) << call->Everything();
  const auto answer = Answer("alice", {});
  ASSERT_TRUE(baresip.Do("dial", "sip:alice@127.0.0.1"));
  ASSERT_TRUE(answer->SeesOnStdout("\"answered\"")) << answer->Everything() << baresip.Everything();
  ASSERT_TRUE(baresip.Do("hold", ""));
  ASSERT_TRUE(answer->SeesOnStdout("\"reinvited\"")) << answer->Everything();
  ASSERT_TRUE(baresip.Do("hangup", ""));
  ExpectEnd(*answer, "remote-bye");
}

// Its Contact is a GRUU: requests within the call are routed by it.
TEST_P(ProxiedCallTest, LinphoneIsCalledAndCalls) {
  if (!HasLinphone()) GTEST_SKIP() << "optional peer absent: linphonec";
  Linphone linphone(FreePort());
  ASSERT_TRUE(linphone.IsListening()) << linphone.Everything();
  ASSERT_TRUE(linphone.Register("sip:bob@127.0.0.1", Proxy())) << linphone.Everything();
  ExpectEnd(*Call("bob", {"--reinvite-after", "200ms", "--update", "--hangup-after", "500ms"}), "local-bye");
  const auto answer = Answer("alice", {});
  linphone.Do("call sip:alice@127.0.0.1");
  ASSERT_TRUE(linphone.SeesOnStdout("Media streams established with sip:alice@127.0.0.1 for call 2"))
      << linphone.Everything() << answer->Everything();
  linphone.Do("pause");
  ASSERT_TRUE(answer->SeesEvents("reinvited", 1)) << answer->Everything();
  linphone.Do("terminate");
  ExpectEnd(*answer, "remote-bye");
}

}  // namespace
}  // namespace sansip::interop
