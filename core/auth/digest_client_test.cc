#include "sansip/core/auth/digest_client.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/message/fields/credentials.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/digest_hashes.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Verdict = DigestClient::Verdict;

class Counting final : public RandomSource {
 public:
  std::uint64_t Next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

class ClientOfDigest : public ::testing::Test {
 protected:
  // A 401 with these header lines.
  Verdict Challenged(std::initializer_list<std::string_view> lines) {
    const Parsed response("SIP/2.0 401 Unauthorized\r\n" + Lines(lines) +
                          "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\nTo: <sip:b@b.example>;tag=1\r\n"
                          "From: <sip:a@a.example>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n");
    EXPECT_TRUE(response.ok());
    return client.OnChallenge(hashes, response.view(), attempt);
  }
  DigestClient::Proof Accepted(std::string_view line) {
    const Parsed response("SIP/2.0 200 OK\r\n" + Lines({line}) +
                          "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\nTo: <sip:b@b.example>;tag=1\r\n"
                          "From: <sip:a@a.example>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n");
    return client.OnAccepted(hashes, response.view(), attempt);
  }
  std::vector<std::string> Authorize(std::string_view method = "INVITE", std::string_view body = {}) {
    std::vector<std::string> values;
    for (const HeaderLine& line : client.Authorize(
             hashes, random,
             {.method = method, .uri = "sip:b@b.example", .body = body, .is_invite = method == "INVITE"},
             attempt)) {
      values.push_back((line.id == HeaderId::kProxyAuthorization ? "proxy " : "") + std::string(line.value));
    }
    return values;
  }
  // The usual start: one realm, its question answered.
  void Begin(std::string_view challenge) {
    EXPECT_EQ(Challenged({challenge}), Verdict::kAsk);
    EXPECT_TRUE(client.NextQuestion().has_value());
    EXPECT_TRUE(client.Provide(hashes, "r", false, "alice", "secret"));
    EXPECT_EQ(client.Resume(attempt), Verdict::kRetry);
  }

  TestHashes hashes;
  Counting random;
  DigestClient client;
  DigestAttempt attempt;
};

TEST_F(ClientOfDigest, AnswersWhatItWasAskedWith) {
  SANSIP_SHOWS("7616-3.3-5", "7616-3.4-10", "8760-2.6-3", "8760-2.6-8", "8760-2.6-11", "7616-3.1-1");
  Begin(
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", opaque=\"o\", algorithm=MD5, "
      "qop=\"auth,auth-int\"");
  const std::vector<std::string> values = Authorize();
  ASSERT_THAT(values, SizeIs(1));
  EXPECT_THAT(values[0], ::testing::StartsWith("Digest username=\"alice\", realm=\"r\", nonce=\"n1\", "
                                               "uri=\"sip:b@b.example\", response=\""));
  EXPECT_THAT(values[0], HasSubstr("algorithm=MD5, cnonce=\""));
  EXPECT_THAT(values[0], HasSubstr("opaque=\"o\", qop=auth, nc=00000001"));
  EXPECT_THAT(values[0], Not(HasSubstr("secret")));
  SANSIP_SHOWS("7616-3.3-13", "7616-3.4.6-3");
}

TEST_F(ClientOfDigest, CountsItsUsesOfANonceAndIsAheadOfChallenges) {
  SANSIP_SHOWS("7616-3.6-3", "7616-3.6-7", "7616-3.4-6");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  EXPECT_THAT(Authorize()[0], HasSubstr("nc=00000001"));
  EXPECT_THAT(Authorize("BYE")[0], HasSubstr("nc=00000002"));
  EXPECT_THAT(Authorize("BYE")[0], Not(HasSubstr("algorithm")));
  // A server that lost the nonce, with or without a word about it.
  attempt = {};
  Authorize();
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\""}),
            Verdict::kRetry);
  EXPECT_THAT(Authorize()[0], HasSubstr("nonce=\"n2\""));
  EXPECT_THAT(Authorize()[0], HasSubstr("nc=00000002"));
}

TEST_F(ClientOfDigest, TakesTheFirstAlgorithmItKnows) {
  SANSIP_SHOWS("8760-2.4-1", "8760-2.4-2", "7616-3.7-3", "7616-5.6-1");
  hashes.has_sha512_256 = false;
  EXPECT_EQ(
      Challenged({"WWW-Authenticate: Bearer realm=\"x\"", "WWW-Authenticate: Basic realm=\"r\"",
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"a\", algorithm=SHA-512-256, qop=\"auth\"",
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"b\", algorithm=SHA3, qop=\"auth\"",
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"c\", algorithm=SHA-256, qop=\"other\"",
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"d\", algorithm=sha-256, qop=\"auth\"",
                  "WWW-Authenticate: Digest realm=\"r\", nonce=\"e\", algorithm=MD5, qop=\"auth\""}),
      Verdict::kAsk);
  client.NextQuestion();
  client.Provide(hashes, "r", false, "alice", "secret");
  const std::vector<std::string> values = Authorize();
  ASSERT_THAT(values, SizeIs(1));
  EXPECT_THAT(values[0], HasSubstr("nonce=\"d\""));
  EXPECT_THAT(values[0], HasSubstr("algorithm=SHA-256,"));
}

TEST_F(ClientOfDigest, GivesUpWhereNothingIsUnderstood) {
  SANSIP_SHOWS("8760-2.4-4", "7616-3.7-5", "7616-5.8-2", "8760-2.6-1", "7616-5.6-3");
  EXPECT_EQ(Challenged({"WWW-Authenticate: Basic realm=\"r\"", "WWW-Authenticate: NTLM"}), Verdict::kGiveUp);
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\""}), Verdict::kGiveUp);
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess"}),
            Verdict::kGiveUp);
  EXPECT_EQ(Challenged({"Subject: none"}), Verdict::kGiveUp);
  const std::string text(DigestClientLimits::kTextMax + 1, 'x');
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"" + text + "\""}), Verdict::kGiveUp);
  EXPECT_FALSE(client.NextQuestion());
  EXPECT_THAT(Authorize(), IsEmpty());
}

TEST_F(ClientOfDigest, RejectedCredentialsAreNotTriedAgain) {
  SANSIP_SHOWS("8760-2.4-5");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  Authorize();
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\""}), Verdict::kAsk);
  const auto question = client.NextQuestion();
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->was_rejected);
  // The same again is no answer; others would be.
  EXPECT_TRUE(client.Provide(hashes, "r", false, "alice", "secret"));
  EXPECT_EQ(client.Resume(attempt), Verdict::kGiveUp);
  EXPECT_THAT(Authorize(), IsEmpty());
  EXPECT_FALSE(client.Provide(hashes, "r", false, "alice", "other"));  // not asked
}

TEST_F(ClientOfDigest, StaleIsAnsweredUnaskedButNotForEver) {
  SANSIP_SHOWS("7616-3.6-6", "7616-5.4-1", "7616-3.5-5");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n0\", qop=\"auth\"");
  int retries = 0;
  for (Verdict verdict = Verdict::kRetry; verdict == Verdict::kRetry && retries < 100; ++retries) {
    Authorize();
    verdict = Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n" + std::to_string(retries + 1) +
                          "\", stale=TRUE, qop=\"auth\""});
  }
  EXPECT_EQ(retries, DigestClientLimits::kChallengesMax);
}

TEST_F(ClientOfDigest, TheSameNonceIsNotStaleButRefused) {
  SANSIP_SHOWS("7616-3.3-8", "7616-3.3-10");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  Authorize();
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", stale=true, qop=\"auth\""}),
            Verdict::kRetry);
  EXPECT_FALSE(client.NextQuestion());
  EXPECT_THAT(Authorize()[0], HasSubstr("qop=auth, nc=00000001"));
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", stale=true, qop=\"auth\""}),
            Verdict::kAsk);
  EXPECT_TRUE(client.NextQuestion()->was_rejected);
}

TEST_F(ClientOfDigest, ChallengesWithCommasBetweenThem) {
  SANSIP_SHOWS("7616-5.6-1", "7616-5.6-2", "7616-3.3-12", "7616-3.3-14");
  EXPECT_EQ(Challenged({"WWW-Authenticate: NTLM, Digest realm=\"r\", nonce=\"a\", algorithm=FOO, "
                        "qop=\"auth\", Digest realm=\"r\", nonce=\"b\", algorithm=SHA-256, "
                        "qop=\"auth-x,auth\", Digest realm=\"s\", nonce=\"c\""}),
            Verdict::kAsk);
  EXPECT_EQ(client.NextQuestion()->realm, "r");
  EXPECT_EQ(client.NextQuestion()->realm, "s");
  client.Provide(hashes, "r", false, "alice", "secret");
  client.Provide(hashes, "s", false, "alice", "secret");
  const std::vector<std::string> values = Authorize();
  ASSERT_THAT(values, SizeIs(2));
  EXPECT_THAT(values[0], HasSubstr("nonce=\"b\""));
  EXPECT_THAT(values[0], HasSubstr("qop=auth, nc="));
  // RFC 3261 22.4: neither cnonce nor nc where no qop was offered, and MD5 where no algorithm was.
  EXPECT_THAT(values[1], Not(HasSubstr("nonce=\"c\", cnonce")));
  EXPECT_THAT(values[1], Not(HasSubstr("nc=")));
  SANSIP_SHOWS("3261-22.4-7", "3261-22.4-9", "3261-22.3-17", "3261-22.3-18", "7616-3.4-4", "7616-3.4-1");
  EXPECT_THAT(values[0], HasSubstr("algorithm=SHA-256"));
}

TEST_F(ClientOfDigest, AServerThatDoesNotKnowTheSecret) {
  SANSIP_SHOWS("7616-3.5-12");
  using Proof = DigestClient::Proof;
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  const std::string value = Authorize()[0];
  const std::string cnonce = value.substr(value.find("cnonce=\"") + 8, 32);
  const auto info = [&](std::string_view secret, std::string_view nc) {
    const HexDigest key = SecretOf(hashes, DigestHash::kMd5, "alice", "r", secret);
    const HexDigest proof = DigestResponseOf(hashes, {.qop = DigestQop::kAuth,
                                                      .secret = key.view(),
                                                      .nonce = "n1",
                                                      .cnonce = cnonce,
                                                      .nc = nc,
                                                      .uri = "sip:b@b.example"});
    return "Authentication-Info: nextnonce=\"n2\", qop=auth, rspauth=\"" + std::string(proof.view()) +
           "\", cnonce=\"" + cnonce + "\", nc=" + std::string(nc);
  };
  EXPECT_EQ(Accepted(info("other", "00000001")), Proof::kWrong);
  Authorize("UPDATE");
  EXPECT_EQ(Accepted(info("secret", "00000001")), Proof::kGiven);  // of the INVITE
  EXPECT_THAT(Authorize()[0], HasSubstr("nonce=\"n2\""));
  EXPECT_EQ(Accepted(info("other", "00000001")), Proof::kNone);  // of another nonce
  EXPECT_EQ(Accepted("Authentication-Info: nextnonce=\"n3\""), Proof::kNone);
}

TEST_F(ClientOfDigest, SeveralRealmsAtOnce) {
  SANSIP_SHOWS("3261-26.3.1-9");
  SANSIP_SHOWS("8760-2.4-3");
  EXPECT_EQ(Challenged({"Proxy-Authenticate: Digest realm=\"p\", nonce=\"n1\", qop=\"auth\"",
                        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\"",
                        "WWW-Authenticate: Digest realm=\"q\\\"s\", nonce=\"n3\", qop=\"auth\""}),
            Verdict::kAsk);
  std::vector<std::string> realms;
  while (const auto question = client.NextQuestion()) {
    realms.push_back((question->is_proxy ? "proxy " : "") + std::string(question->realm));
  }
  EXPECT_THAT(realms, ::testing::ElementsAre("proxy p", "r", "q\"s"));
  EXPECT_TRUE(client.Provide(hashes, "p", true, "alice", "secret"));
  EXPECT_EQ(client.Resume(attempt), Verdict::kAsk);
  EXPECT_TRUE(client.Refuse("r", false));
  EXPECT_TRUE(client.Provide(hashes, "q\"s", false, "a\"b", "secret"));
  EXPECT_EQ(client.Resume(attempt), Verdict::kRetry);
  const std::vector<std::string> values = Authorize();
  ASSERT_THAT(values, SizeIs(2));
  EXPECT_THAT(values[0], ::testing::StartsWith("proxy Digest username=\"alice\", realm=\"p\""));
  EXPECT_THAT(values[1], ::testing::StartsWith("Digest username=\"a\\\"b\", realm=\"q\\\"s\""));
}

TEST_F(ClientOfDigest, HoldsOnlySoManyRealms) {
  for (std::size_t i = 0; i <= DigestClientLimits::kRealmsMax; ++i) {
    attempt = {};
    EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"" + std::to_string(i) + "\", nonce=\"n\""}),
              i < DigestClientLimits::kRealmsMax ? Verdict::kAsk : Verdict::kGiveUp);
  }
}

TEST_F(ClientOfDigest, ANextNonceIsUsedNext) {
  SANSIP_SHOWS("7616-3.5-7");
  SANSIP_SHOWS("7616-3.5-1", "7616-3.5-3", "7616-3.5-4");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"");
  Authorize();
  Accepted("Authentication-Info: nextnonce=\"n2\", qop=auth, nc=00000001");
  std::string value = Authorize()[0];
  EXPECT_THAT(value, HasSubstr("nonce=\"n2\""));
  EXPECT_THAT(value, HasSubstr("nc=00000001"));
  Accepted("Authentication-Info: nextnonce=n3=n4");  // malformed: of no consequence
  EXPECT_THAT(Authorize()[0], HasSubstr("nonce=\"n2\""));
  SANSIP_SHOWS("7616-5.4-2", "3261-20.6-1");
}

// A domain is for servers that have one (RFC 7616 3.3): a realm is all there is in SIP. Names and passwords
// are bytes here, whatever charset is asked for.
TEST_F(ClientOfDigest, WhatMeansNothingIsNoHindrance) {
  for (const char* more : {"charset=UTF-8", "charset=utf-8", "charset=latin1", "userhash=false",
                           "domain=\"sip:elsewhere.example\"", "whatever=\"it is\""}) {
    client.Reset();
    attempt = {};
    Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", " + std::string(more));
    EXPECT_THAT(Authorize()[0], HasSubstr("username=\"alice\"")) << more;
    EXPECT_THAT(Authorize()[0], Not(HasSubstr("userhash"))) << more;
  }
  client.Reset();
  attempt = {};
  ASSERT_EQ(Challenged({"Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", domain=\"x\""}),
            Verdict::kAsk);
  client.NextQuestion();
  ASSERT_TRUE(client.Provide(hashes, "r", true, "alice", "secret"));
  EXPECT_THAT(Authorize("OPTIONS")[0], ::testing::StartsWith("proxy Digest"));
  SANSIP_SHOWS("7616-3.3-3", "7616-3.3-15", "7616-3.3-16", "7616-3.3-17");
}

TEST_F(ClientOfDigest, HashesTheNameWhereThatIsWanted) {
  SANSIP_SHOWS("7616-3.4.4-2");
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\", userhash=true");
  const std::string value = Authorize()[0];
  EXPECT_THAT(value, Not(HasSubstr("alice")));
  const std::string hash(UserHashOf(hashes, DigestHash::kSha256, "alice", "r").view());
  EXPECT_THAT(value, HasSubstr("username=\"" + hash + "\""));
  EXPECT_THAT(value, HasSubstr("userhash=true"));
}

TEST_F(ClientOfDigest, EachSessionHasACnonceOfItsOwn) {
  SANSIP_SHOWS("7616-5.12-1");
  const auto cnonce = [&] {
    client.Reset();
    attempt = {};
    Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
    const std::string value = Authorize()[0];
    const std::size_t at = value.find("cnonce=\"") + 8;
    return value.substr(at, value.find('"', at) - at);
  };
  const std::string first = cnonce(), second = cnonce();
  EXPECT_NE(first, second);
  EXPECT_EQ(first.size(), 32u);  // 128 bits of the random source
}

TEST_F(ClientOfDigest, TheAckRepeatsTheInvites) {
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
  const std::string invite = Authorize()[0];
  Authorize("UPDATE");
  ASSERT_THAT(client.AuthorizeAck(), SizeIs(1));
  EXPECT_EQ(client.AuthorizeAck()[0].value, invite);
}

TEST_F(ClientOfDigest, ANewAlgorithmAsksAnew) {
  Begin("WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\"");
  Authorize();
  attempt = {};
  EXPECT_EQ(Challenged({"WWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\""}), Verdict::kAsk);
  const auto question = client.NextQuestion();
  ASSERT_TRUE(question);
  EXPECT_FALSE(question->was_rejected);
  client.RefuseAll();
  EXPECT_EQ(client.Resume(attempt), Verdict::kGiveUp);
}

}  // namespace
}  // namespace sansip::testing
