// docs/json.md against what is printed: every event, with and without its optional fields.
#include "sansip/cli/json_schema.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/reporter.h"
#include "sansip/core/transaction/counters.h"

namespace sansip::cli {
namespace {

JsonSchema Schema() {
  std::ifstream file("docs/json.md");
  return JsonSchema(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::string ReadBack(std::FILE* file) {
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  return text;
}

std::vector<nlohmann::json> LinesOf(const std::string& text) {
  std::vector<nlohmann::json> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(nlohmann::json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

class ReporterTest : public testing::Test {
 protected:
  ~ReporterTest() override {
    std::fclose(out_);
    std::fclose(err_);
  }

  Instant At(double seconds) const { return Instant(Duration(static_cast<std::int64_t>(seconds * 1e9))); }

  void SayEverything(Reporter& reporter) {
    reporter.Bound(At(1.5), {.transport = Transport::kTcp, .address = *ParseIp("::1", 5060)});
    reporter.Calling(At(1.6), 1, false, "<sip:a@h>", "sip:b@h", "id");
    reporter.Calling(At(1.6), 2, true, "<sip:a@h>", "<sip:b@h>", "\xff");
    reporter.Ringing(At(1.7), 1, 183, "Session Progress");
    reporter.Pracked(At(1.8), 1, 183);
    reporter.Tell(At(1.7), 0, "request", {{"target", "sip:b@h"}, {"outcome", "accepted"}, {"status", 200}},
                  "");
    reporter.Tell(At(1.7), 1, "message", {{"from", "a"}, {"to", "b"}, {"body", "x"}}, "");
    reporter.Tell(At(1.7), 0, "subscription", {{"target", "b"}, {"state", "active"}, {"expires", 9}}, "");
    reporter.Tell(At(1.7), 0, "notified", {{"target", "b"}, {"package", "p"}, {"state", "active"}}, "");
    reporter.Tell(At(1.7), 0, "login_failed", {{"realm", "r"}, {"user", "a"}, {"source", "h:1"}}, "");
    reporter.Tell(At(1.7), 1, "refer", {{"refer_to", "c"}, {"stage", "ended"}, {"status", 200}}, "");
    reporter.Tell(At(1.7), 1, "referred", {{"target", "c"}, {"method", "INVITE"}, {"accepted", true}}, "");
    SessionTimerStatus timer{.interval = 90, .we_refresh = true, .next_refresh = At(47), .expiry = At(92)};
    reporter.Answered(At(2), 1,
                      {.status = 200,
                       .codec = "PCMU",
                       .remote_rtp = "h:1",
                       .session_timer = timer,
                       .local_uuid = {1, 2},
                       .remote_uuid = {3, 4}});
    reporter.Answered(At(2), 2, {});
    reporter.Refreshed(At(3), 1, true, timer);
    reporter.Refreshed(At(3), 1, false, {});
    reporter.RefreshFailed(At(3), 1, 491, At(5), At(92));
    reporter.RefreshFailed(At(3), 1, 0, kNever, At(92));
    reporter.Expiring(At(3), 1, SessionEndReason::kNotRefreshedByPeer, At(13));
    reporter.Reinvited(At(4), 1, 200, true);
    reporter.Restored(At(4), 1, true, "sip:b@h", "c", timer);
    reporter.Note(At(4), 1, "a note");
    reporter.Registered(At(4), "sip:r", "sip:a@r", 600,
                        {"<sip:p;lr>", "<sip:s;lr>", "sip:a@r;gr=1", "sip:t@r;gr", true});
    reporter.RegistrationFailed(At(4), "sip:r", 503, "Service Unavailable", std::chrono::seconds(20));
    reporter.RegistrationFailed(At(4), "sip:r", 403, "Forbidden", std::nullopt);
    reporter.Unregistered(At(4), "sip:r", 200);
    reporter.Unregistered(At(4), "sip:r", 0);
    EndedFacts ended;
    ended.cause = "refused";
    ended.by = "peer";
    reporter.Ended(At(5), 2, ended);
    ended.clause = "RFC 3261 15.1.2";
    ended.status = 486;
    ended.reason = "Busy \"Here\"";
    ended.retry_after = 5;
    ended.duration = std::chrono::milliseconds(1250);
    ended.exit = ExitCode::kRefused;
    ended.media = MediaFacts{.packets_lost = -1, .jitter_ms = 0.123, .digits = "1#", .recorded = "a.wav"};
    reporter.Ended(At(5), 1, ended);
    reporter.Error(At(6), 0, ExitCode::kUnreachable, "what\nto do");
    TransactionCounters counters;
    counters.requests_in = 3;
    counters.timers_fired[static_cast<std::size_t>(Timer::kA)] = 2;
    SessionTimerTotals timers{.refreshes_sent = 2, .sessions_expired = 1};
    timers.tolerated[0] = 3;
    reporter.Summary(2, 1, ExitCode::kRefused, 486, &counters, timers);
    reporter.Summary(0, 0, ExitCode::kOk, 0);
  }

  std::FILE* out_ = std::tmpfile();
  std::FILE* err_ = std::tmpfile();
};

TEST_F(ReporterTest, EveryEventIsAsThePageSays) {
  const JsonSchema schema = Schema();
  ASSERT_FALSE(schema.tables().empty()) << "docs/json.md cannot be read";
  Reporter reporter(true, At(1), out_, err_);
  SayEverything(reporter);
  std::set<std::string> seen;
  for (const nlohmann::json& line : LinesOf(ReadBack(out_))) {
    EXPECT_EQ(schema.FaultIn(line), "") << line;
    seen.insert(line["event"].get<std::string>());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"bound",
                                         "calling",
                                         "ringing",
                                         "pracked",
                                         "answered",
                                         "refreshed",
                                         "refresh_failed",
                                         "expiring",
                                         "reinvited",
                                         "restored",
                                         "ended",
                                         "registered",
                                         "registration_failed",
                                         "unregistered",
                                         "request",
                                         "message",
                                         "login_failed",
                                         "subscription",
                                         "notified",
                                         "refer",
                                         "referred",
                                         "error",
                                         "summary"}));
  for (const std::string& event : seen) EXPECT_TRUE(schema.tables().contains(event)) << event;
}

TEST_F(ReporterTest, TimeCountsFromTheStart) {
  Reporter reporter(true, At(1), out_, err_);
  reporter.Ringing(At(1.7), 1, 180, "Ringing");
  const auto lines = LinesOf(ReadBack(out_));
  EXPECT_DOUBLE_EQ(lines[0]["t"].get<double>(), 0.7);
  EXPECT_EQ(lines[0]["status"], 180);
}

TEST_F(ReporterTest, TheSummaryHasTheCountersThatAreNotZero) {
  Reporter reporter(true, At(0), out_, err_);
  SayEverything(reporter);
  const auto lines = LinesOf(ReadBack(out_));
  EXPECT_EQ(lines[lines.size() - 2]["counters"].dump(), R"({"requests_in":3,"timers_fired":{"A":2}})");
  EXPECT_EQ(lines[lines.size() - 2]["session_timers"].dump(),
            R"({"refreshes_sent":2,"sessions_expired":1,"tolerated":{"no-refresher":3}})");
  EXPECT_FALSE(lines.back().contains("counters"));
  EXPECT_FALSE(lines.back().contains("session_timers"));
}

TEST_F(ReporterTest, WithJsonPeopleReadOnStderr) {
  Reporter reporter(true, At(0), out_, err_);
  reporter.Note(At(1), 3, "redirected");
  reporter.Error(At(1), 3, ExitCode::kTimedOut, "no response");
  EXPECT_EQ(LinesOf(ReadBack(out_)).size(), 1u);
  EXPECT_EQ(ReadBack(err_), "    1.000  call 3: redirected\nsansip: call 3: no response\n");
}

TEST_F(ReporterTest, WithoutJsonStdoutIsProse) {
  Reporter reporter(false, At(1), out_, err_);
  SayEverything(reporter);
  const std::string text = ReadBack(out_);
  EXPECT_NE(text.find("    0.500  listening on tcp [::1]:5060\n"), std::string::npos) << text;
  EXPECT_NE(text.find("call 1: ringing (183 Session Progress)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("2 calls, 1 ok; exit 3"), std::string::npos) << text;
  EXPECT_EQ(text.find('{'), std::string::npos) << text;
  EXPECT_EQ(ReadBack(err_), "sansip: what\nto do\n");
}

TEST(JsonSchemaTest, FindsFaults) {
  const JsonSchema schema = Schema();
  nlohmann::json line = {{"t", 0.5}, {"event", "reinvited"}, {"call", 1}, {"by", "us"}, {"status", 200}};
  EXPECT_EQ(schema.FaultIn(line), "");
  line["status"] = "200";
  EXPECT_EQ(schema.FaultIn(line), "status is no integer");
  line.erase("status");
  EXPECT_EQ(schema.FaultIn(line), "status is missing");
  line["stray"] = 1;
  EXPECT_EQ(schema.FaultIn(line), "a field that is not in the tables: stray");
  line["event"] = "frob";
  EXPECT_EQ(schema.FaultIn(line), "an event that is not in the page: frob");
}

}  // namespace
}  // namespace sansip::cli
