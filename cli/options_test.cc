#include "sansip/cli/options.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/tests/support/shows.h"

namespace sansip::cli {
namespace {

CommandLine Read(std::vector<const char*> words) {
  words.insert(words.begin(), "sansip");
  return ReadCommandLine(static_cast<int>(words.size()), words.data());
}

TEST(CommandLineTest, CallHasItsDefaults) {
  const CommandLine line = Read({"call", "sip:bob@127.0.0.1"});
  ASSERT_EQ(line.command, Command::kCall) << line.text;
  EXPECT_TRUE(line.agent.is_caller);
  EXPECT_EQ(line.agent.target, "sip:bob@127.0.0.1");
  EXPECT_EQ(line.agent.session_timer.session_expires, 1800u);
  EXPECT_EQ(line.agent.session_timer.min_se, 90u);
  EXPECT_TRUE(line.agent.session_timer.enabled);
  EXPECT_EQ(line.agent.media.ports, (PortRange{17000, 17999}));
  EXPECT_TRUE(line.agent.follow_redirects);
  EXPECT_FALSE(line.agent.linger.has_value());
  EXPECT_EQ(line.agent.timers.t1, std::chrono::milliseconds(500));
}

// The words of a line.
CommandLine ReadLine(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::vector<const char*> pointers;
  for (const std::string& word : words) pointers.push_back(word.c_str());
  return Read(pointers);
}

TEST(CommandLineTest, ADeviceHasAnInstanceAndPerhapsAFlow) {
  const std::string line = "register --register sip:127.0.0.1 ";
  const CommandLine device = ReadLine(line + "--instance urn:uuid:f81d4fae --reg-id 2");
  ASSERT_EQ(device.command, Command::kRegister) << device.text;
  EXPECT_EQ(device.agent.instance, "urn:uuid:f81d4fae");
  EXPECT_EQ(device.agent.reg_id, 2u);
  EXPECT_EQ(ReadLine(line + "--reg-id 2").agent.reg_id, 2u);
  EXPECT_EQ(ReadLine(line + "--reg-id 2 --stun strict").agent.stun, StunUse::kStrict);
  EXPECT_EQ(ReadLine(line + "--reg-id 2 --stun off").agent.stun, StunUse::kOff);
  EXPECT_NE(ReadLine(line + "--stun please").text.find("none of auto, strict and off"), std::string::npos);
  EXPECT_EQ(ReadLine(line + "--instance urn:uuid:f81d4fae --reg-id 0").exit, 2);
  EXPECT_NE(ReadLine(line + "--instance telephone").text.find("is no URN"), std::string::npos);
}

TEST(CommandLineTest, CallTakesEveryOption) {
  const CommandLine line = ReadLine(
      "call sip:bob@127.0.0.1:5070 --bind udp:127.0.0.1:0 --bind tcp:[::1]:5060 --rtp-ports 20000-20010 "
      "--tone 440 --record r.wav --hangup-after 5s --cancel-after 500ms --reinvite-after 2 "
      "--session-expires 5m --min-se 120 --refresher uas --refresh-method update --no-session-timer "
      "--late-offer --calls 7 --max-calls 3 --user alice --from sip:a@example.com --proxy sip:127.0.0.2 "
      "--t1 100ms --t2 1s --t4 2s --json --trace t.jsonl --linger 0 --no-redirect -v --100rel required "
      "--update --transfer-after 3s --transfer-to sip:c@127.0.0.1 --no-refer --replaces "
      "--session-id");
  ASSERT_EQ(line.command, Command::kCall) << line.text;
  const AgentOptions& agent = line.agent;
  ASSERT_EQ(agent.listen.size(), 2u);
  EXPECT_EQ(ListenAddressText(agent.listen[1]), "tcp:[::1]:5060");
  EXPECT_EQ(agent.media.ports, (PortRange{20000, 20010}));
  EXPECT_EQ(agent.media.tone_hz, 440u);
  EXPECT_EQ(agent.media.record_path, "r.wav");
  EXPECT_EQ(agent.hangup_after, std::chrono::seconds(5));
  EXPECT_EQ(agent.cancel_after, std::chrono::milliseconds(500));
  EXPECT_EQ(agent.reinvite_after, std::chrono::seconds(2));
  EXPECT_EQ(agent.session_timer.session_expires, 300u);
  EXPECT_EQ(agent.session_timer.min_se, 120u);
  EXPECT_EQ(agent.session_timer.refresher, Refresher::kUas);
  EXPECT_EQ(agent.session_timer.method, RefreshMethod::kUpdate);
  EXPECT_FALSE(agent.session_timer.enabled);
  EXPECT_EQ(agent.reliable_provisionals, ReliableProvisionals::kRequired);
  EXPECT_TRUE(agent.update);
  EXPECT_EQ(agent.transfer_after, std::chrono::seconds(3));
  EXPECT_EQ(agent.refer_to, "sip:c@127.0.0.1");
  EXPECT_FALSE(agent.takes_refer);
  EXPECT_TRUE(agent.takes_replaces);
  EXPECT_TRUE(agent.session_id);
  EXPECT_TRUE(agent.late_offer);
  EXPECT_EQ(agent.calls, 7u);
  EXPECT_EQ(agent.calls_at_once, 3u);
  EXPECT_EQ(agent.user, "alice");
  EXPECT_EQ(agent.from, "sip:a@example.com");
  EXPECT_EQ(agent.proxy, "sip:127.0.0.2;lr");
  EXPECT_EQ(agent.timers.t1, std::chrono::milliseconds(100));
  EXPECT_EQ(agent.timers.t2, std::chrono::seconds(1));
  EXPECT_EQ(agent.timers.t4, std::chrono::seconds(2));
  EXPECT_EQ(agent.linger, Duration::zero());
  EXPECT_FALSE(agent.follow_redirects);
  EXPECT_TRUE(agent.output.json);
  EXPECT_TRUE(agent.output.verbose);
  EXPECT_EQ(agent.output.trace_path, "t.jsonl");
}

TEST(CommandLineTest, AnswerTakesItsOwn) {
  const CommandLine line =
      Read({"answer", "--once", "--ring-for", "2s", "--echo", "--max-calls", "4", "--state", "s"});
  EXPECT_EQ(line.agent.state_path, "s");
  ASSERT_EQ(line.command, Command::kAnswer) << line.text;
  EXPECT_FALSE(line.agent.is_caller);
  EXPECT_EQ(line.agent.calls, 1u);
  EXPECT_EQ(line.agent.ring_for, std::chrono::seconds(2));
  EXPECT_TRUE(line.agent.media.echo);
  EXPECT_EQ(line.agent.calls_at_once, 4u);
}

TEST(CommandLineTest, AnswerRunsOnAndOn) { EXPECT_FALSE(Read({"answer"}).agent.calls.has_value()); }

TEST(CommandLineTest, ALargerMinSeRaisesTheDefaultInterval) {
  EXPECT_EQ(Read({"call", "sip:b@h", "--min-se", "3600"}).agent.session_timer.session_expires, 3600u);
  EXPECT_EQ(Read({"call", "sip:b@h", "--min-se", "3600", "--session-expires", "1800"}).exit, 2);
}

TEST(CommandLineTest, UsageErrorsExitWith2AndSayWhatToDo) {
  const std::vector<std::vector<const char*>> wrong = {
      {},
      {"frob"},
      {"call"},
      {"call", "sip:b@h", "sip:c@h"},
      {"call", "sip:b@h", "--frob"},
      {"call", "sip:b@h", "--ring-for", "1s"},
      {"call", "sip:b@h", "--bind", "tls:127.0.0.1:5061"},
      {"call", "sip:b@h", "--tone", "440", "--echo"},
      {"call", "sip:b@h", "--play", "a.wav", "--tone", "440"},
      {"call", "sip:b@h", "--tone", "10"},
      {"call", "sip:b@h", "--state", "s", "--trace", "t"},
      {"call", "sip:b@h", "--hangup-after", "soon"},
      {"call", "sip:b@h", "--session-expires", "60"},
      {"call", "sip:b@h", "--refresher", "me"},
      {"call", "sip:b@h", "--calls", "0"},
      {"call", "sips:b@h"},
      {"answer", "sip:b@h"},
      {"answer", "--late-offer"},
      {"answer", "--once", "--calls", "2"},
      {"answer", "--t1", "0"},
      {"parse"},
      {"demo", "x"},
  };
  for (const auto& words : wrong) {
    const CommandLine line = Read(words);
    EXPECT_EQ(line.command, Command::kNone);
    EXPECT_EQ(line.exit, 2);
    EXPECT_NE(line.text.find("--help"), std::string::npos) << line.text;
  }
}

TEST(CommandLineTest, HelpAndVersionExitWith0) {
  for (const char* command : {"call", "answer", "parse", "demo"}) {
    const CommandLine line = Read({command, "--help"});
    EXPECT_EQ(line.exit, 0);
    EXPECT_NE(line.text.find("Exit codes"), std::string::npos) << line.text;
    EXPECT_NE(line.text.find(std::string("Usage: sansip ") + command), std::string::npos) << line.text;
  }
  EXPECT_NE(Read({"--help"}).text.find("local resource"), std::string::npos);
  EXPECT_TRUE(Read({"--version"}).text.starts_with("sansip "));
}

TEST(CommandLineTest, HelpFitsATerminal) {
  for (const char* command : {"call", "answer", "parse", "demo"}) {
    const std::string text = Read({command, "--help"}).text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      EXPECT_LE(end - at, 104u) << text.substr(at, end - at);
      at = end + 1;
    }
  }
}

TEST(CommandLineTest, AnAccountIsRead) {
  const std::string path = ::testing::TempDir() + "sansip-password";
  std::ofstream(path) << "se cret\nnot this\n";
  const CommandLine line = Read({"register", "--register", "sip:example.com:5070", "--user", "bob",
                                 "--expires", "120", "--once", "--password-file", path.c_str()});
  ASSERT_EQ(line.command, Command::kRegister) << line.text;
  EXPECT_EQ(line.agent.registrar, "sip:example.com:5070");
  EXPECT_EQ(line.agent.user, "bob");
  EXPECT_EQ(line.agent.register_expires, 120u);
  EXPECT_EQ(line.agent.password, "se cret");
  EXPECT_TRUE(line.agent.once);
  EXPECT_TRUE(line.agent.registers_only);
  EXPECT_EQ(line.agent.task, AgentTask::kCalls);
  const CommandLine query = Read({"register", "--register", "sip:h", "--query"});
  EXPECT_EQ(query.agent.task, AgentTask::kBindings);
  EXPECT_EQ(query.agent.target, "sip:h");
  EXPECT_EQ(query.agent.calls, 0u);  // it ends with the answer
}

// RFC 3311 5.1: once a call stands, whoever has to be asked about an offer has the time that a re-INVITE
// leaves.
TEST(CommandLineTest, AReofferIsAReinviteUnlessSaidOtherwise) {
  SANSIP_SHOWS("3311-5.1-3");
  EXPECT_FALSE(ReadLine("call sip:a@b --reinvite-after 1s").agent.update);
  EXPECT_TRUE(ReadLine("call sip:a@b --reinvite-after 1s --update").agent.update);
}

TEST(CommandLineTest, WhatIsKeptOfPublications) {
  EXPECT_EQ(ReadLine("answer --publish-events presence,dialog").agent.published_events, "presence,dialog");
  EXPECT_EQ(ReadLine("answer --publish-events presence,").exit, 2);
  EXPECT_EQ(ReadLine("call sip:a@b --publish-events presence").exit, 2);
}

TEST(CommandLineTest, WhoseRequestsAreTaken) {
  const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/users";
  const auto read = [&path](const std::string& users) {
    std::ofstream(path) << users;
    return ReadLine("answer --require-auth biloxi.example --users " + path);
  };
  const CommandLine line = read("# who may call\n\nalice:a secret: it is\r\nbob:b");
  ASSERT_EQ(line.command, Command::kAnswer) << line.text;
  EXPECT_EQ(line.agent.required.realm, "biloxi.example");
  const std::map<std::string, std::string> users = {{"alice", "a secret: it is"}, {"bob", "b"}};
  EXPECT_EQ(line.agent.required.users, users);
  for (const char* wrong : {"alice:a\nbob", "alice:a\n:b", "alice:a\nbob:", "alice:a\nb\tob:hush"}) {
    EXPECT_NE(read(wrong).text.find("/users:2: is not of the form user:password"), std::string::npos);
    EXPECT_EQ(read(wrong).text.find("hush"), std::string::npos);
  }
  EXPECT_NE(read("alice:a\nalice:b").text.find("a second time"), std::string::npos);
  EXPECT_NE(read("# nobody").text.find("names nobody"), std::string::npos);
  std::string many;
  for (std::size_t i = 0; i < RequiredCredentials::kUsersMax; ++i) many += "u" + std::to_string(i) + ":p\n";
  EXPECT_EQ(read(many).exit, 0);
  EXPECT_NE(read(many + "bob:b").text.find(":10001: is one user too many"), std::string::npos);
  EXPECT_EQ(read("alice:a").exit, 0);
  EXPECT_TRUE(ReadLine("answer --auth-md5 --require-auth r --users " + path).agent.required.by_md5_alone);
  EXPECT_EQ(ReadLine("answer --auth-md5").exit, 2);
  EXPECT_EQ(ReadLine("answer --require-auth biloxi.example").exit, 2);
  EXPECT_EQ(ReadLine("answer --users " + path).exit, 2);
  EXPECT_EQ(ReadLine("call sip:a@b --require-auth biloxi.example --users " + path).exit, 2);
}

TEST(CommandLineTest, ThePasswordOfTheEnvironmentAndNone) {
  setenv("SANSIP_PASSWORD", "hush", 1);
  EXPECT_EQ(Read({"call", "sip:a@b"}).agent.password, "hush");
  setenv("SANSIP_PASSWORD", "", 1);
  EXPECT_EQ(Read({"call", "sip:a@b"}).agent.password, std::nullopt);
  unsetenv("SANSIP_PASSWORD");
  EXPECT_EQ(Read({"register"}).exit, 2);
  EXPECT_EQ(Read({"register", "--register", "sip:bob@example.com"}).exit, 2);  // RFC 3261 10.2
  EXPECT_EQ(Read({"register", "--register", "sip:h", "--password-file", "/nowhere"}).exit, 2);
}

}  // namespace
}  // namespace sansip::cli
