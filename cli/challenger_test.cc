// Who gets past the challenger: requests made by a client of ours and bent.
#include "sansip/cli/challenger.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/auth/digest_client.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/dialog/testing.h"
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
    const bool is_away = challenger_->TurnsAway(now_, kOrigin, parsed.view(), agent(), out);
    EXPECT_EQ(out.size(), is_away ? 1u : 0u);
    if (out.empty()) return 0;
    wire_ = std::get<ua::Transmit>(out[0]).wire;
    EXPECT_TRUE(Parsed(wire_).error().ok()) << wire_;
    return Parsed(wire_).view().status_code();
  }

  virtual const UserAgent& agent() { return agent_; }  // behind the challenger

  // The request again, with credentials for the challenge in `wire_`.
  RequestText Answered(RequestText request, const std::string& user, const std::string& password) {
    client_ = {};
    attempt_ = {};
    const Parsed challenge(wire_);
    EXPECT_EQ(client_.OnChallenge(hashes_, challenge.view(), attempt_), DigestClient::Verdict::kAsk);
    const auto question = client_.NextQuestion();
    client_.Provide(hashes_, question->realm, question->is_proxy, user, password);
    const auto lines = client_.Authorize(
        hashes_, random_, {.method = request.method, .uri = request.uri, .body = {}}, attempt_);
    request.more = "Authorization: " + std::string(lines[0].value) + "\r\n";
    return request;
  }
  RequestText Known(const RequestText& request) {
    EXPECT_EQ(Ask(request), 401);
    return Answered(request, "alice", "secret");
  }

  testing::TestHashes hashes_;
  testing::SeededRandom random_{1};
  UserAgent agent_{UserAgentOptions(), random_};
  RequiredCredentials required_{.realm = "biloxi", .users = {{"alice", "secret"}, {"carol", "s:1"}}};
  std::optional<Challenger> challenger_{std::in_place, required_, true, hashes_, random_};
  DigestClient client_;
  DigestAttempt attempt_;
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
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink;
  agent_.OnMessage(now_, kOrigin, Parsed(known.text()).view(), sink);
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

TEST_F(ChallengerTest, OfSeveralCredentialsForTheRealmOneWillDo) {
  SANSIP_SHOWS("3261-22.3-19");
  const std::string stale = Known(Request("OPTIONS")).more;
  now_ += std::chrono::seconds(301);
  const std::string fresh = Known(Request("OPTIONS", 2)).more;
  RequestText both = Request("OPTIONS", 3);
  both.more = stale + fresh;
  EXPECT_EQ(Ask(both), 0);
  both.via += "2";
  EXPECT_EQ(Ask(both), 401);  // both are used up
}

// RFC 7616 3.3: the realm is what is protected, and a client may be ahead of the challenge anywhere in it.
TEST_F(ChallengerTest, OneChallengeIsGoodForOtherUrisAsWell) {
  SANSIP_SHOWS("7616-3.3-1", "7616-3.4.6-1");
  EXPECT_EQ(Ask(Known(Request("OPTIONS"))), 0);
  int branch = 2;
  for (const char* uri : {"sip:carol@biloxi.example", "sip:other.example:5070;transport=tcp",
                          "tel:+358-555-1234567", "sip:%61lice@h"}) {
    RequestText other = Request("MESSAGE", branch++);
    other.uri = uri;
    const auto lines =
        client_.Authorize(hashes_, random_, {.method = other.method, .uri = other.uri, .body = {}}, attempt_);
    other.more = "Authorization: " + std::string(lines[0].value) + "\r\n";
    EXPECT_EQ(Ask(other), 0) << uri;
  }
}

TEST_F(ChallengerTest, AChallengeSaysItsCharset) {
  SANSIP_SHOWS("7616-4-1");
  EXPECT_EQ(Ask(Request("OPTIONS")), 401);
  EXPECT_NE(HeaderOf(wire_, "WWW-Authenticate").find("charset=UTF-8"), std::string::npos);
}

// RFC 7616 3.5: a server that knows the secret proves it, and says so of another nonce in time.
TEST_F(ChallengerTest, WhoIsLetPastHearsAProof) {
  EXPECT_EQ(Ask(Known(Request("MESSAGE"))), 0);
  const auto proof = [&] {
    const Parsed accepted(
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
        "To: <sip:a@b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\nAuthentication-Info: " +
        std::string(challenger_->authentication_info()) + "\r\nContent-Length: 0\r\n\r\n");
    return client_.OnAccepted(hashes_, accepted.view(), attempt_);
  };
  EXPECT_EQ(proof(), DigestClient::Proof::kGiven);
  EXPECT_EQ(challenger_->authentication_info().find("nextnonce"), std::string_view::npos);
  EXPECT_EQ(Ask(Request("MESSAGE")), 401);
  EXPECT_EQ(challenger_->authentication_info(), "");
  const RequestText late = Answered(Request("MESSAGE"), "alice", "secret");
  now_ += std::chrono::seconds(200);
  EXPECT_EQ(Ask(late), 0);
  EXPECT_EQ(proof(), DigestClient::Proof::kGiven);
  EXPECT_NE(challenger_->authentication_info().find("nextnonce"), std::string_view::npos);
}

// ---- RFC 3261 22: who a user is, is not what it may do

TEST_F(ChallengerTest, AKnownUserSpeaksInItsOwnNameAlone) {
  SANSIP_SHOWS("3261-22-2");
  const auto in_the_name_of = [&](const std::string& uri, const char* method = "MESSAGE") {
    RequestText request = Request(method);
    request.from = "<" + uri + ">;tag=1";
    return request;
  };
  EXPECT_EQ(Ask(Known(in_the_name_of("sip:carol@h"))), 0);  // nobody looks
  required_.for_own_name_alone = true;
  required_.users.emplace("bob@h", "secret");
  challenger_.emplace(required_, true, hashes_, random_);
  EXPECT_EQ(Ask(Known(in_the_name_of("sip:alice@h"))), 0);
  for (const char* other : {"sip:carol@h", "sip:h", "tel:+4930"}) {
    EXPECT_EQ(Ask(Known(in_the_name_of(other))), 403) << other;
    EXPECT_EQ(CountOf(wire_, "WWW-Authenticate"), 0);
  }
  EXPECT_EQ(Ask(in_the_name_of("sip:bob@h")), 401);
  EXPECT_EQ(Ask(Answered(in_the_name_of("sip:bob@h"), "bob@h", "secret")), 0);
  // RFC 3903 14.1
  SANSIP_SHOWS("3903-14.1-2");
  RequestText publish = in_the_name_of("sip:alice@h", "PUBLISH");
  publish.uri = "sip:carol@h";
  EXPECT_EQ(Ask(Known(publish)), 403);
  publish.uri = "sip:alice@h";
  EXPECT_EQ(Ask(Known(publish)), 0);
}

// ---- within calls

// Alice, who is known, has called Bob, who asks in everything.
class WithinACall : public ChallengerTest {
 protected:
  WithinACall() {
    required_.within_calls = true;
    challenger_.emplace(required_, true, hashes_, random_);
    RequestText invite = Known(Request("INVITE"));
    invite.more +=
        "Contact: <sip:alice@192.0.2.1:5066>\r\nSupported: 100rel\r\nContent-Type: application/sdp\r\n";
    invite.body = testing::kOffer;
    Deliver(invite);
  }
  // The status of what answers it, by whomever; 0: nothing does.
  int Deliver(const RequestText& request) {
    if (const int status = Ask(request); status != 0) return status;
    const std::size_t before = bob_.wires().size();
    const Parsed parsed(request.text());
    bob_.Do(ua::input::Message{kOrigin, &parsed.view(), challenger_->authentication_info()});
    if (bob_.wires().size() == before) return 0;
    wire_ = bob_.last_wire();
    return Parsed(wire_).view().status_code();
  }
  RequestText Within(const std::string& method, int cseq, const std::string& more = "") {
    RequestText request = Request(method, cseq);
    request.uri = "sip:bob@biloxi.example";
    request.to = HeaderOf(bob_.LastResponse("INVITE"), "To");
    request.cseq = std::to_string(cseq);
    request.more = more;
    return request;
  }
  // Challenged, then with credentials; `more` stays.
  int Authorized(const RequestText& asked, int cseq) {
    EXPECT_EQ(Deliver(asked), 401) << asked.method;
    RequestText again = Request(asked.method, cseq);
    again.uri = asked.uri;
    again.to = asked.to;
    again.cseq = std::to_string(cseq);
    again.more = Answered(again, "alice", "secret").more + asked.more;
    return Deliver(again);
  }

  const UserAgent& agent() override { return bob_.agent(); }

  testing::AgentUnderTest bob_{Reliable(), "biloxi.example"};

 private:
  static UserAgentOptions Reliable() {
    UserAgentOptions options;
    options.reliable_provisionals = ReliableProvisionals::kSupported;
    return options;
  }
};

TEST_F(WithinACall, ACopyOfAChallengedByeIsChallengedAndTheNextIsTaken) {
  SANSIP_SHOWS("5407-D-4");
  bob_.Answer();
  EXPECT_EQ(Deliver(Within("ACK", 314159)), 0);
  const RequestText bye = Within("BYE", 314160);
  EXPECT_EQ(Deliver(bye), 401);
  const std::string first = wire_;
  EXPECT_EQ(Deliver(bye), 401);
  EXPECT_EQ(HeaderOf(wire_, "To"), HeaderOf(first, "To"));
  EXPECT_EQ(HeaderOf(wire_, "CSeq"), HeaderOf(first, "CSeq"));
  EXPECT_EQ(bob_.view().state, UsageState::kEstablished);
  wire_ = first;  // the copy has not made the first challenge void
  RequestText again = Within("BYE", 314161);
  again.more = Answered(again, "alice", "secret").more;
  EXPECT_EQ(Deliver(again), 200);
  EXPECT_EQ(CountOf(wire_, "Authentication-Info"), 1);
  EXPECT_EQ(bob_.last_end().cause, EndCause::kRemoteBye);
  EXPECT_EQ(Deliver(again), 200);  // its copy, credentials and all
}

TEST_F(WithinACall, APrackWithoutCredentialsStopsNoCopies) {
  SANSIP_SHOWS("3262-9-1");
  ASSERT_EQ(bob_.RingReliably(), VerbError::kNone);
  const std::string rack = "RAck: " + HeaderOf(bob_.last_wire(), "RSeq") + " 314159 INVITE\r\n";
  EXPECT_EQ(Deliver(Within("PRACK", 314160, rack)), 401);
  const int before = bob_.CountSent("SIP/2.0 180");
  bob_.Advance(2);
  EXPECT_GT(bob_.CountSent("SIP/2.0 180"), before);
  EXPECT_EQ(Authorized(Within("PRACK", 314161, rack), 314162), 200);
  const int after = bob_.CountSent("SIP/2.0 180");
  bob_.Advance(20);
  EXPECT_EQ(bob_.CountSent("SIP/2.0 180"), after);
}

TEST_F(WithinACall, WhatChangesTheSessionIsAskedAndAckAndCancelAreNot) {
  const std::string contact = "Contact: <sip:alice@192.0.2.1:5066>\r\n";
  bob_.Answer();
  EXPECT_EQ(Deliver(Within("ACK", 314159)), 0);
  EXPECT_EQ(Authorized(Within("UPDATE", 314160, contact), 314161), 200);
  EXPECT_EQ(Authorized(Within("OPTIONS", 314162), 314163), 200);
  EXPECT_EQ(Deliver(Within("INVITE", 314164, contact)), 401);
  EXPECT_EQ(Deliver(Within("CANCEL", 314164)), 481);  // by Bob, who has no such INVITE
  EXPECT_EQ(bob_.view().state, UsageState::kEstablished);
}

TEST_F(WithinACall, InOnesOwnCallsNobodyIsAsked) {
  testing::AgentUnderTest caller;
  caller.Place();
  caller.Respond(200, "bobtag");
  const Parsed bye(testing::RequestFromBob(caller.LastRequest("INVITE"), "BYE", 1).text());
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out;
  EXPECT_FALSE(challenger_->TurnsAway(now_, kOrigin, bye.view(), caller.agent(), out));
  EXPECT_TRUE(challenger_->TurnsAway(now_, kOrigin, bye.view(), agent_, out));
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
