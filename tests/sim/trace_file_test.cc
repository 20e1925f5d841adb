#include "sansip/tests/sim/trace_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "gtest/gtest.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/trace_json.h"
#include "sansip/tests/sim/world.h"

namespace sansip::sim {
namespace {

using std::chrono::seconds;

// A lossy call of an hour, as alice's user agent saw it.
std::string RecordedCall(const std::string& target_user = "bob") {
  std::string text;
  World world({.seed = 3, .faults = {.loss = 200'000, .duplicate = 100'000}});
  NodeOptions alice{.name = "alice", .address = *ParseIp("192.0.2.1", 5060)};
  alice.user_agent.user_agent = "a \"quoted\" agent";
  SeededRandom source(5);
  TraceRecorder recorder(
      [&text](std::string_view line) {
        text += line;
        return true;
      },
      alice.user_agent, Instant{}, source);
  alice.random = &recorder.random();
  Node& caller = world.AddNode(alice, std::make_unique<ScriptedUser>(Script{.talk_for = seconds(3600)}));
  caller.Observe(&recorder);
  world.AddNode(
      {.name = "bob", .address = *ParseIp("192.0.2.2", 5060)},
      std::make_unique<ScriptedUser>(Script{.ring_for = seconds(1), .reinvite_after = seconds(100)}));
  PlanCall(caller, {.at = Instant{}, .target = "sip:" + target_user + "@192.0.2.2:5060"});
  world.RunUntilIdle(Instant(std::chrono::hours(2)));
  EXPECT_TRUE(Scripted(caller).calls().begin()->second.confirmed);
  return text;
}

ReplayResult Replayed(const std::string& text) {
  std::istringstream in(text);
  return ReplayTrace(in);
}

TEST(TraceFile, ARecordedCallReplaysBitForBit) {
  const std::string text = RecordedCall();
  EXPECT_EQ(text.rfind("{\"format\":1,\"options\":{", 0), 0u);
  const ReplayResult result = Replayed(text);
  EXPECT_TRUE(result.same) << result.difference;
  EXPECT_FALSE(result.cut_off);
  EXPECT_GT(result.inputs, 25u);
}

TEST(TraceFile, AProgramThatDiedReplaysToItsLastInput) {
  std::string text = RecordedCall();
  text.erase(text.rfind("{\"n\":"));  // the last outcome
  const ReplayResult result = Replayed(text);
  EXPECT_TRUE(result.same) << result.difference;
  EXPECT_TRUE(result.cut_off);
  text.erase(text.size() - 20);  // and half of the last input
  EXPECT_TRUE(Replayed(text).same);
}

TEST(TraceFile, TheFirstDifferenceIsNamed) {
  std::string text = RecordedCall();
  const std::size_t at = text.find("\"action\":\"Confirmed\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 20, "\"action\":\"Confabbed\"");
  const ReplayResult result = Replayed(text);
  EXPECT_FALSE(result.same);
  EXPECT_NE(result.difference.find("recorded: {\"action\":\"Confabbed\""), std::string::npos)
      << result.difference;
  EXPECT_NE(result.difference.find("replayed: {\"action\":\"Confirmed\""), std::string::npos);
}

TEST(TraceFile, AnotherRandomNumberIsADifference) {
  std::string text = RecordedCall();
  const std::size_t line = text.find("{\"n\":1,\"random\":[\"");
  ASSERT_NE(line, std::string::npos);
  char& digit = text[line + 18];
  digit = digit == '0' ? '1' : '0';
  EXPECT_FALSE(Replayed(text).same);
}

TEST(TraceFile, AMissingRandomNumberIsADifference) {
  std::string text = RecordedCall();
  const std::size_t line = text.find("{\"n\":1,\"random\":[");
  ASSERT_NE(line, std::string::npos);
  text.erase(line + 17, 19);  // a number and its comma
  const ReplayResult result = Replayed(text);
  EXPECT_FALSE(result.same);
  EXPECT_NE(result.difference.find("random"), std::string::npos);
}

TEST(TraceFile, WhatIsNoTraceIsRefused) {
  for (const char* text : {"", "\n", "[]", "{\"format\":2,\"options\":{}}", "{\"format\":1}",
                           "{\"format\":1,\"options\":{}}\n{\"n\":1,\"ns\":0,\"input\":\"Dance\"}\n",
                           "{\"format\":1,\"options\":{}}\n{\"n\":1,\"ns\":\"x\",\"input\":\"OnDeadline\"}\n",
                           "{\"format\":1,\"options\":{}}\nnot JSON\n"}) {
    EXPECT_FALSE(Replayed(text).same) << text;
    EXPECT_NE(Replayed(text).difference, "") << text;
  }
}

TEST(TraceFile, PasswordsAreNeverWritten) {
  const std::string text = RecordedCall("bob:hunter2");
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find("sip:bob:*******@"), std::string::npos);
  std::istringstream lines(text);
  int wires = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json json = Json::parse(line);
    if (json.contains("bytes")) {
      EXPECT_EQ(FromBase64(json["bytes"].get<std::string>())->find("hunter2"), std::string::npos);
    }
    if (!json.contains("actions")) continue;
    for (const Json& action : json["actions"]) {
      if (!action.contains("wire")) continue;
      ++wires;
      EXPECT_EQ(FromBase64(action["wire"].get<std::string>())->find("hunter2"), std::string::npos);
    }
  }
  EXPECT_GT(wires, 0);
  // The asterisks replay as well as the password would.
  EXPECT_TRUE(Replayed(text).same) << Replayed(text).difference;
}

TEST(TraceFile, IsItsOwnersAlone) {
  const std::string path = (std::filesystem::path(testing::TempDir()) / "owner.trace").string();
  std::FILE* const old = std::fopen(path.c_str(), "w");
  ASSERT_NE(old, nullptr);
  std::fputs("old text", old);
  std::fclose(old);
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  SeededRandom random(1);
  const auto recorder = TraceRecorder::Create(path, {}, Instant{}, random);
  ASSERT_NE(recorder, nullptr);
  EXPECT_TRUE(recorder->ok());
  struct stat status = {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::FILE* const written = std::fopen(path.c_str(), "r");
  std::array<char, 12> first{};
  EXPECT_EQ(std::fread(first.data(), 1, 11, written), 11u);
  std::fclose(written);
  EXPECT_STREQ(first.data(), "{\"format\":1");
}

TEST(TraceFile, CannotBeOpenedWhereThereIsNoFolder) {
  SeededRandom random(1);
  EXPECT_EQ(TraceRecorder::Create("/nowhere/at/all", {}, Instant{}, random), nullptr);
}

TEST(TraceFile, AFullDiskIsTold) {
  SeededRandom random(1);
  const auto recorder = TraceRecorder::Create("/dev/full", {}, Instant{}, random);
  if (recorder == nullptr) GTEST_FAIL() << "/dev/full cannot be opened";
  EXPECT_FALSE(recorder->ok());
}

TEST(TraceFile, WithoutARecorderApplyIsApply) {
  SeededRandom random(1);
  UserAgent agent({}, random);
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out;
  const InputResult result =
      ApplyRecorded(nullptr, agent, Instant{}, ua::input::HangUp{CallId{7, 7}, {}}, out);
  EXPECT_EQ(result.error, VerbError::kStale);
}

// ---- values

TEST(TraceJson, Base64) {
  for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"},
                                    {std::string("\0\xff\xfe", 3), "AP/+"}}) {
    EXPECT_EQ(Base64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
  EXPECT_FALSE(FromBase64("Zg="));
  EXPECT_FALSE(FromBase64("Z*=="));
}

TEST(TraceJson, WithoutPasswordsKeepsTheSize) {
  EXPECT_EQ(WithoutPasswords("<sip:alice:secret@example.com>"), "<sip:alice:******@example.com>");
  EXPECT_EQ(WithoutPasswords("SIPS:a:b@h, sip:c:dd@h"), "SIPS:a:*@h, sip:c:**@h");
  for (const char* text : {"sip:alice@example.com:5060", "sip:example.com:5060", "<sip:h:1> x@y",
                           "sip:", "sip", "s=-\r\nsip:a:b\r\n@"}) {
    EXPECT_EQ(WithoutPasswords(text), text);
  }
}

TEST(TraceJson, OptionsSurvive) {
  UserAgentOptions options;
  options.transactions.timers.t1 = std::chrono::milliseconds(100);
  options.transactions.transactions_max = 7;
  options.limits.calls_max = 3;
  options.limits.reinvite_retries_max = 9;
  options.session_timer = {.enabled = false,
                           .session_expires = 91,
                           .min_se = 92,
                           .refresher = Refresher::kUas,
                           .method = RefreshMethod::kUpdate};
  options.contact_user = "bob";
  options.user_agent = "caf\xc3\xa9";
  options.capabilities = "v=0\r\n";
  options.follow_redirects = false;
  options.tells_keep_alives = true;
  options.busy = true;
  options.reliable_provisionals = ReliableProvisionals::kRequired;
  options.ringing_repeat = seconds(5);
  options.reliable_repeat = seconds(6);
  options.update_answer_max = seconds(2);
  UserAgentOptions read;
  ASSERT_TRUE(ReadOptions(JsonOf(options), read));
  EXPECT_EQ(JsonOf(read), JsonOf(options));
  EXPECT_EQ(read.user_agent, options.user_agent);
  EXPECT_NE(JsonOf(UserAgentOptions{}), JsonOf(options));
}

constexpr std::string_view kOptionsRequest =
    "OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: "
    "<sip:b@h>\r\n"
    "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";

void ExpectSurvives(const UserAgentInput& input) {
  StoredInput stored;
  ASSERT_TRUE(stored.Read(JsonOf(input))) << JsonOf(input);
  EXPECT_EQ(stored.input().index(), input.index());
  EXPECT_EQ(JsonOf(stored.input()), JsonOf(input));
}

TEST(TraceJson, EveryInputSurvives) {
  MessageIndex index;
  ASSERT_TRUE(Parser().Parse(kOptionsRequest, Framing::kDatagram, index).ok());
  const MessageView view(kOptionsRequest, index);
  const Origin origin{{3, 1}, Transport::kTcp, *ParseIp("2001:db8::1", 5061)};
  const CallId call{1, 2};
  const std::array headers = {HeaderLine{.id = HeaderId::kReason, .value = "SIP;cause=200"},
                              HeaderLine{.id = HeaderId::kOther, .value = "\xff", .name = "X-Mine"}};
  const std::array<std::string_view, 2> routes = {"<sip:p1;lr>", "<sip:p2;lr>"};
  const Content content{"v=0\r\n", "application/sdp", headers};
  const UserAgentInput inputs[] = {
      ua::input::Message{origin, &view, "nextnonce=\"n\""},
      ua::input::Unparsable{origin, "\x01\x02", {ParseCode::kBadVia, 7}},
      ua::input::TransportError{{4, 5}},
      ua::input::FlowFailed{{6, 7}},
      ua::input::KeepAliveAnswered{{6, 8}},
      ua::input::Deadline{},
      ua::input::Located{{8}, {{9, 1}, Transport::kTcp, {"192.0.2.1", 5060}, {"[2001:db8::1]", 0}}},
      ua::input::LocateFailed{{10}},
      ua::input::PlaceCall{{.reference = {7, 8},
                            .target = "sip:b@h",
                            .from = "<sip:a@h>",
                            .contact_user = "c",
                            .routes = routes,
                            .content = content,
                            .session_timer = {.session_expires = 120},
                            .expires = seconds(9),
                            .cookie = {11}}},
      ua::input::Ring{call, 183, content, Reliability::kReliable},
      ua::input::Answer{call, content},
      ua::input::Refuse{call, 486, {.body = "x", .headers = headers, .reason = "Not now"}},
      ua::input::HangUp{call, headers},
      ua::input::Reinvite{call, content},
      ua::input::Update{call, content, {1, 2}},
      ua::input::AnswerOffer{call, content},
      ua::input::RefuseOffer{call, 488, content},
      ua::input::GiveCredentials{
          {.call = call, .realm = "r", .is_proxy = true, .user = "u", .password = "x"}},
      ua::input::Register{
          {.registrar = "sip:r", .address = "<sip:a@h>", .contacts = routes, .routes = routes}},
      ua::input::Unregister{{3, 4}},
      ua::input::Shutdown{},
      ua::input::SetCookie{call, {12}},
      ua::input::SetBusy{true},
      ua::input::SendRequest{{.method = "PING",
                              .target = "sip:b@h",
                              .from = "<sip:a@h>",
                              .routes = routes,
                              .call = call,
                              .content = content,
                              .expires = 3}},
      ua::input::RespondTo{{8, 9}, 202, content},
      ua::input::Subscribe{{.event = "a;id=1", .info_package = "foo", .takes_forks = true}},
      ua::input::Notify{{3, 4}, {Substate::kTerminated, EventReason::kGiveup, 7, content}},
      ua::input::Publish{{.event = "presence", .accept = "text/plain", .options = {.expires = 5}}},
      ua::input::Republish{{3, 4}, content},
      ua::input::Withdraw{{3, 4}},
      ua::input::Refer{{.call = call, .routes = routes, .refer_to = "sip:c@h", .wants_reports = false}},
      ua::input::Transfer{call, {5, 6}, {}},
      ua::input::AnswerRefer{{3, 4}, 603},
      ua::input::Report{{3, 4}, 180},
      ua::input::SetInfoPackages{call, "foo, bar"},
      ua::input::OfferInPrack{call, content, {1, 2}},
      ua::input::RefreshRegistration{{3, 4}},
      ua::input::LoseContact{call},
  };
  static_assert(std::size(inputs) == std::variant_size_v<UserAgentInput>);
  for (const UserAgentInput& input : inputs) ExpectSurvives(input);
}

}  // namespace
}  // namespace sansip::sim
