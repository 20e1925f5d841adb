// Who gets past the challenger: requests made by a client of ours and bent.
#include "sansip/cli/challenger.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/auth/digest_client.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/tests/support/digest_hashes.h"
#include "sansip/tests/support/shows.h"

namespace sansip::cli {
namespace {

using testing::CountOf;
using testing::HeaderOf;
using testing::Parsed;
using testing::RequestText;

const Origin kOrigin = {.flow = {.slot = 1, .generation = 1}, .source = *ParseIp("192.0.2.1", 5066)};

class ChallengerTest : public ::testing::Test {
 protected:
  static RequestText Request(const std::string& method, int branch = 1) {
    RequestText request{.method = method};
    request.via = "SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK" + std::to_string(branch) + ";rport";
    return request;
  }

  // The status that it is turned away with; 0: it gets past.
  int Ask(const RequestText& request) {
    const Parsed parsed(request.text());
    SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out;
    const bool is_away = challenger_->TurnsAway(now_, kOrigin, parsed.view(), layer_, out);
    EXPECT_EQ(out.size(), is_away ? 1u : 0u);
    if (out.empty()) return 0;
    wire_ = std::get<ua::Transmit>(out[0]).wire;
    EXPECT_TRUE(Parsed(wire_).error().ok()) << wire_;
    return Parsed(wire_).view().status_code();
  }

  // The request again, with credentials for the challenge in `wire_`.
  RequestText Answered(RequestText request, const std::string& user, const std::string& password) {
    DigestClient client;
    DigestAttempt attempt;
    const Parsed challenge(wire_);
    EXPECT_EQ(client.OnChallenge(hashes_, challenge.view(), attempt), DigestClient::Verdict::kAsk);
    const auto question = client.NextQuestion();
    client.Provide(hashes_, question->realm, question->is_proxy, user, password);
    const auto lines = client.Authorize(hashes_, random_,
                                        {.method = request.method, .uri = request.uri, .body = {}}, attempt);
    request.more = "Authorization: " + std::string(lines[0].value) + "\r\n";
    return request;
  }
  RequestText Known(const RequestText& request) {
    EXPECT_EQ(Ask(request), 401);
    return Answered(request, "alice", "secret");
  }

  testing::TestHashes hashes_;
  testing::SeededRandom random_{1};
  TransactionLayer layer_{TransactionOptions(), random_};
  RequiredCredentials required_{.realm = "biloxi", .users = {{"alice", "secret"}, {"carol", "s:1"}}};
  std::optional<Challenger> challenger_{std::in_place, required_, true, hashes_, random_};
  Instant now_{std::chrono::seconds(1000)};
  std::string wire_;
};

TEST_F(ChallengerTest, StrangersGetOneChallengeForEachCopyAndNothingIsKept) {
  EXPECT_EQ(Ask(Request("INVITE")), 401);
  EXPECT_EQ(CountOf(wire_, "WWW-Authenticate"), 2);
  const std::size_t sha = wire_.find("algorithm=SHA-256"), md5 = wire_.find("algorithm=MD5");
  EXPECT_LT(sha, md5);
  EXPECT_NE(md5, std::string::npos);
  EXPECT_EQ(wire_.find("stale"), std::string::npos);
  const std::string to = HeaderOf(wire_, "To");
  EXPECT_NE(to.find(";tag="), std::string::npos);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask(Request("INVITE")), 401);
    EXPECT_EQ(HeaderOf(wire_, "To"), to);
  }
  SANSIP_SHOWS("3261-8.2.7-1", "3261-8.2.7-2", "3261-8.2.7-5", "3261-22.2-2");
  for (const char* method : {"OPTIONS", "MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH", "REGISTER", "BYE", "FOO"})
    EXPECT_EQ(Ask(Request(method)), 401) << method;
}

TEST_F(ChallengerTest, KnownUsersGetPast) {
  for (const char* method : {"INVITE", "OPTIONS", "MESSAGE", "SUBSCRIBE", "REFER"})
    EXPECT_EQ(Ask(Known(Request(method))), 0) << method;
  EXPECT_EQ(Ask(Request("INVITE")), 401);
  EXPECT_EQ(Ask(Answered(Request("INVITE"), "carol", "s:1")), 0);
  // RFC 8760 2.4: who knows MD5 alone takes the challenge that it understands.
  EXPECT_EQ(Ask(Request("INVITE")), 401);
  const std::size_t first = wire_.find("WWW-Authenticate");
  wire_.erase(first, wire_.find("\r\n", first) + 2 - first);
  const RequestText by_md5 = Answered(Request("INVITE"), "alice", "secret");
  EXPECT_NE(by_md5.more.find("algorithm=MD5"), std::string::npos);
  EXPECT_EQ(Ask(by_md5), 0);
}

// RFC 3261 22.1: an ACK has the credentials of its INVITE, and is never asked for others.
TEST_F(ChallengerTest, TheAckOfAKnownUserGetsPastAsWell) {
  SANSIP_SHOWS("3261-22.1-10");
  const RequestText invite = Known(Request("INVITE"));
  EXPECT_EQ(Ask(invite), 0);
  RequestText ack = Request("ACK", 2);
  ack.more = invite.more;
  EXPECT_EQ(Ask(ack), 0);
}

TEST_F(ChallengerTest, Md5AloneIsNoMoreThanThat) {
  const RequestText by_sha = Known(Request("OPTIONS"));
  required_.by_md5_alone = true;
  challenger_.emplace(required_, true, hashes_, random_);
  const RequestText known = Known(Request("OPTIONS"));
  EXPECT_EQ(CountOf(wire_, "WWW-Authenticate"), 1);
  EXPECT_NE(known.more.find("algorithm=MD5"), std::string::npos);
  EXPECT_EQ(Ask(by_sha), 401);
  EXPECT_EQ(Ask(known), 0);
}

TEST_F(ChallengerTest, WrongOnesAreChallengedAgain) {
  for (const auto& [user, password] : {std::pair{"alice", "wrong"}, std::pair{"alice", ""},
                                       std::pair{"bob", "secret"}, std::pair{"carol", "secret"}}) {
    EXPECT_EQ(Ask(Request("MESSAGE")), 401);
    EXPECT_EQ(Ask(Answered(Request("MESSAGE"), user, password)), 401) << user;
    EXPECT_EQ(wire_.find("stale"), std::string::npos);
  }
  RequestText other = Known(Request("MESSAGE"));
  other.more.replace(other.more.find("biloxi"), 6, "boston");
  EXPECT_EQ(Ask(other), 401);
  other.more = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
  EXPECT_EQ(Ask(other), 401);
  other.more = "Authorization: Digest realm=\"biloxi\", username=\"alice\"\r\n";
  EXPECT_EQ(Ask(other), 400);
}

TEST_F(ChallengerTest, AFailedLoginIsToldWithoutSecrets) {
  EXPECT_EQ(Ask(Request("REGISTER")), 401);
  EXPECT_FALSE(challenger_->failed_login());  // nobody has tried
  EXPECT_EQ(Ask(Answered(Request("REGISTER"), "alice", "wrong")), 401);
  ASSERT_TRUE(challenger_->failed_login());
  EXPECT_EQ(challenger_->failed_login()->user, "alice");
  EXPECT_EQ(challenger_->failed_login()->source, kOrigin.source);
  // The password in the place of the name.
  EXPECT_EQ(Ask(Request("REGISTER")), 401);
  EXPECT_EQ(Ask(Answered(Request("REGISTER"), "secret", "alice")), 401);
  ASSERT_TRUE(challenger_->failed_login());
  EXPECT_EQ(challenger_->failed_login()->user, "");
  EXPECT_EQ(Ask(Known(Request("REGISTER"))), 0);
  EXPECT_FALSE(challenger_->failed_login());
  SANSIP_SHOWS("7616-3.4-12", "7616-3.4-13");
}

TEST_F(ChallengerTest, WhatActsOnWhatIsHereIsAskedFirst) {
  RequestText replacing = Request("INVITE");
  replacing.more = "Replaces: a;to-tag=1;from-tag=2\r\n";
  EXPECT_EQ(Ask(replacing), 401);
  SANSIP_SHOWS("3891-3-8", "3891-8-1", "3891-8-3");
  EXPECT_EQ(Ask(Request("PUBLISH")), 401);
  SANSIP_SHOWS("3903-14.1-1", "3903-14.2-1");
  EXPECT_EQ(Ask(Request("SUBSCRIBE")), 401);
  SANSIP_SHOWS("6665-4.2.1.1-4", "6665-6.3-1");
  RequestText again = Known(Request("SUBSCRIBE"));
  EXPECT_EQ(Ask(again), 0);
  again.via += "2";
  EXPECT_EQ(Ask(again), 401);  // the same count once more
  EXPECT_NE(wire_.find("stale=true"), std::string::npos);
  SANSIP_SHOWS("6665-6.4-1");
}

TEST_F(ChallengerTest, CredentialsAreGoodForOneRequestAndSomeTime) {
  RequestText known = Known(Request("OPTIONS"));
  EXPECT_EQ(Ask(known), 0);
  known.via = Request("OPTIONS", 2).via;  // overheard
  EXPECT_EQ(Ask(known), 401);
  EXPECT_NE(wire_.find("stale=true"), std::string::npos);
  const RequestText late = Known(Request("OPTIONS"));
  now_ += std::chrono::seconds(301);
  EXPECT_EQ(Ask(late), 401);
  EXPECT_NE(wire_.find("stale=true"), std::string::npos);
  EXPECT_EQ(Ask(Answered(Request("OPTIONS"), "alice", "secret")), 0);
}

TEST_F(ChallengerTest, ACopyOfWhatWasTakenGoesOnToItsTransaction) {
  const RequestText known = Known(Request("INVITE"));
  EXPECT_EQ(Ask(known), 0);
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  layer_.OnMessage(now_, kOrigin, Parsed(known.text()).view(), sink);
  EXPECT_EQ(Ask(known), 0);
}

TEST_F(ChallengerTest, NeitherAckNorCancelNorDialogsAreAsked) {
  EXPECT_EQ(Ask(Request("ACK")), 0);
  EXPECT_EQ(Ask(Request("CANCEL")), 0);
  SANSIP_SHOWS("3261-22.1-12", "3261-22.1-13");
  for (const char* method : {"INVITE", "BYE", "MESSAGE", "NOTIFY"}) {
    RequestText request = Request(method);
    request.to += ";tag=ours";
    EXPECT_EQ(Ask(request), 0) << method;
  }
}

TEST_F(ChallengerTest, AnotherUriIsTakenBehindAProxyAlone) {
  RequestText retargeted = Known(Request("INVITE"));
  retargeted.uri = "sip:bob@192.0.2.4";
  EXPECT_EQ(Ask(retargeted), 400);
  challenger_.emplace(required_, false, hashes_, random_);
  retargeted = Known(Request("INVITE"));
  retargeted.uri = "sip:bob@192.0.2.4";
  EXPECT_EQ(Ask(retargeted), 0);
  SANSIP_SHOWS("8760-2.6-5");
}

}  // namespace
}  // namespace sansip::cli
