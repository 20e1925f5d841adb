// The server against our own client and against messages that a test bends.
#include "sansip/core/auth/digest_server.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/auth/digest_client.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/digest_hashes.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Result = DigestServer::Result;

constexpr std::string_view kUri = "sip:b@b.example";

class Counting final : public RandomSource {
 public:
  std::uint64_t Next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

class ServerOfDigest : public ::testing::Test {
 protected:
  static std::string Message(std::string_view start, const std::string& lines) {
    return std::string(start) + "\r\n" + lines +
           "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\nTo: <sip:b@b.example>;tag=1\r\n"
           "From: <sip:a@a.example>;tag=2\r\nCall-ID: c\r\nMax-Forwards: 70\r\nCSeq: 1 REGISTER\r\n\r\n";
  }
  // The server's challenge, answered by the client.
  void Meet(const DigestServerOptions& options) {
    server = std::make_unique<DigestServer>(options, hashes, random);
    Challenge(false);
  }
  void Challenge(bool is_stale) {
    std::string lines;
    for (const HeaderLine& line : server->Challenge(now, is_stale)) {
      lines += (line.id == HeaderId::kProxyAuthenticate ? "Proxy-Authenticate: " : "WWW-Authenticate: ") +
               std::string(line.value) + "\r\n";
    }
    challenge = lines;
    const Parsed response(Message("SIP/2.0 401 Unauthorized", lines));
    ASSERT_TRUE(response.ok());
    if (client.OnChallenge(hashes, response.view(), attempt) != DigestClient::Verdict::kAsk) return;
    const auto question = client.NextQuestion();
    client.Provide(hashes, question->realm, question->is_proxy, "alice", password);
  }
  std::string Authorize(std::string_view method = "REGISTER", std::string_view body = {}) {
    const auto lines =
        client.Authorize(hashes, random, {.method = method, .uri = kUri, .body = body}, attempt);
    return lines.empty() ? std::string() : std::string(lines[0].value);
  }
  Result Check(const std::string& value, std::string_view method = "REGISTER", std::string_view body = {}) {
    const Parsed request(
        Message("REGISTER sip:b@b.example SIP/2.0", value.empty() ? "" : "Authorization: " + value + "\r\n"));
    EXPECT_TRUE(request.ok());
    const std::optional<Credentials> credentials = server->Find(request.view());
    if (!credentials) return Result::kMissing;
    const std::optional<DigestHash> hash = server->SecretFor(*credentials);
    const HexDigest secret = hash ? SecretOf(hashes, *hash, "alice", "r", "secret") : HexDigest();
    const DigestServer::Request facts{.method = method, .uri = kUri, .body = body};
    const Result result = server->Check(now, facts, *credentials, secret.view());
    if (result == Result::kAccepted) {
      info = server->AuthenticationInfoFor(now, facts, *credentials, secret.view());
    }
    return result;
  }

  TestHashes hashes;
  Counting random;
  DigestClient client;
  DigestAttempt attempt;
  std::unique_ptr<DigestServer> server;
  Instant now{std::chrono::seconds(1000)};
  std::string challenge, password = "secret", info;
};

DigestServerOptions Options() { return {.realm = "r"}; }

TEST_F(ServerOfDigest, AcceptsEveryAlgorithmAndQopOfItsClient) {
  SANSIP_SHOWS("7616-3.6-1", "7616-6.1-5", "8760-2.6-7", "7616-3.4.2-2", "7616-3.6-2", "7616-3.6-4",
               "3261-22.2-6");
  for (const DigestAlgorithm algorithm :
       {DigestAlgorithm::kMd5, DigestAlgorithm::kMd5Sess, DigestAlgorithm::kSha256,
        DigestAlgorithm::kSha256Sess, DigestAlgorithm::kSha512_256, DigestAlgorithm::kSha512_256Sess}) {
    client.Reset();
    DigestServerOptions options = Options();
    options.algorithms = {algorithm};
    options.offers_auth_int = true;
    Meet(options);
    EXPECT_EQ(Check(Authorize()), Result::kAccepted) << DigestAlgorithmName(algorithm);
    EXPECT_EQ(Check(Authorize("BYE"), "BYE"), Result::kAccepted);  // the same nonce
    EXPECT_EQ(Check(Authorize("BYE"), "INVITE"), Result::kRejected);
    EXPECT_THAT(info, HasSubstr("rspauth=\""));
    EXPECT_THAT(info, HasSubstr("qop=auth"));
  }
  SANSIP_SHOWS("7616-3.4.3-1", "7616-3.5-11", "7616-3.5-9");
}

// RFC 3261 22.4: a proxy on the way may have given it another Request-URI.
TEST_F(ServerOfDigest, ARetargetedRequestIsJudgedByTheUriOfItsCredentials) {
  SANSIP_SHOWS("3261-22.4-5");
  for (const bool wants_same_uri : {true, false}) {
    client.Reset();
    DigestServerOptions options = Options();
    options.wants_same_uri = wants_same_uri;
    Meet(options);
    const Parsed request(
        Message("REGISTER sip:elsewhere.example SIP/2.0", "Authorization: " + Authorize() + "\r\n"));
    const std::optional<Credentials> credentials = server->Find(request.view());
    ASSERT_TRUE(credentials);
    const HexDigest secret = SecretOf(hashes, *server->SecretFor(*credentials), "alice", "r", "secret");
    EXPECT_EQ(server->Check(now, {.method = "REGISTER", .uri = "sip:elsewhere.example", .body = {}},
                            *credentials, secret.view()),
              wants_same_uri ? Result::kMalformed : Result::kAccepted);
  }
}

TEST_F(ServerOfDigest, ChallengesInTheOrderOfPreference) {
  SANSIP_SHOWS("7616-3.7-1", "7616-3.7-2", "8760-2.3-2", "8760-2.3-3", "8760-2.6-10", "8760-3-1");
  Meet(Options());
  const std::size_t sha = challenge.find("algorithm=SHA-256"), md5 = challenge.find("algorithm=MD5");
  ASSERT_NE(md5, std::string::npos);
  EXPECT_LT(sha, md5);
  EXPECT_THAT(challenge, HasSubstr("qop=\"auth\""));
  EXPECT_THAT(challenge, Not(HasSubstr("stale")));
  EXPECT_THAT(challenge, Not(HasSubstr("Basic")));
  EXPECT_THAT(Authorize(), HasSubstr("algorithm=SHA-256"));
  SANSIP_SHOWS("7616-3.2-1", "7616-5.8-1");
  hashes.has_md5 = false;
  EXPECT_THAT(server->Challenge(now, false), SizeIs(1));
  SANSIP_SHOWS("7616-3.3-13", "3261-22-4");
}

TEST_F(ServerOfDigest, AnAlgorithmThatIsNotOfferedIsRefused) {
  SANSIP_SHOWS("8760-3-2");
  Meet(Options());
  const std::string value = Authorize();
  DigestServerOptions options = Options();
  options.algorithms = {DigestAlgorithm::kMd5};
  server = std::make_unique<DigestServer>(options, hashes, random);
  EXPECT_EQ(Check(value), Result::kRejected);
}

TEST_F(ServerOfDigest, WrongPasswordIsNotStale) {
  SANSIP_SHOWS("7616-3.3-7");
  password = "wrong";
  Meet(Options());
  EXPECT_EQ(Check(Authorize()), Result::kRejected);
  now += std::chrono::hours(1);
  EXPECT_EQ(Check(Authorize()), Result::kRejected);
}

TEST_F(ServerOfDigest, AnOldNonceIsStaleAndTheClientGoesOn) {
  SANSIP_SHOWS("7616-3.3-7", "7616-3.3-4");
  Meet(Options());
  const std::string first = challenge;
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  now += std::chrono::seconds(301);
  EXPECT_EQ(Check(Authorize()), Result::kStale);
  Challenge(true);
  EXPECT_THAT(challenge, HasSubstr("stale=true"));
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  // A nonce of another server.
  server = std::make_unique<DigestServer>(Options(), hashes, random);
  EXPECT_EQ(Check(Authorize()), Result::kStale);
}

TEST_F(ServerOfDigest, ReplaysAreFoundOutAndOrderDoesNotMatter) {
  Meet(Options());
  const std::string one = Authorize(), two = Authorize(), three = Authorize();
  EXPECT_EQ(Check(one), Result::kAccepted);
  EXPECT_EQ(Check(one), Result::kReplayed);
  EXPECT_EQ(Check(three), Result::kAccepted);
  EXPECT_EQ(Check(two), Result::kAccepted);
  EXPECT_EQ(Check(two), Result::kReplayed);
  EXPECT_EQ(Check(three), Result::kReplayed);
  for (int i = 0; i < 63; ++i) Authorize();
  const std::string late = Authorize();
  for (int i = 0; i < 64; ++i) Authorize();
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  EXPECT_EQ(Check(late), Result::kReplayed);  // too far behind to tell
  SANSIP_SHOWS("3903-14.3-1");
}

TEST_F(ServerOfDigest, MemoryIsBoundedAndForgetsToTheSafeSide) {
  DigestServerOptions options = Options();
  options.nonces_max = 2;
  options.algorithms = {DigestAlgorithm::kSha256};
  Meet(options);
  const std::string old = Authorize();
  EXPECT_EQ(Check(old), Result::kAccepted);
  for (int i = 0; i < 2; ++i) {
    Challenge(true);
    EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  }
  EXPECT_EQ(Check(old), Result::kStale);  // its place went to another
}

TEST_F(ServerOfDigest, ChallengesThatNobodyAnswersCostNothing) {
  DigestServerOptions options = Options();
  options.nonces_max = 2;
  Meet(options);
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  for (int i = 0; i < 1000; ++i) server->Challenge(now, false);
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
}

TEST_F(ServerOfDigest, EveryBitOfTheBodyCountsForAuthInt) {
  SANSIP_SHOWS("7616-3.4.3-2", "7616-3.4.5-2");
  DigestServerOptions options = Options();
  options.offers_auth_int = true;
  server = std::make_unique<DigestServer>(options, hashes, random);
  const Parsed response(Message("SIP/2.0 401 Unauthorized", [&] {
    std::string line(server->Challenge(now, false)[0].value);
    line.replace(line.find("auth,auth-int"), 13, "auth-int");
    return "WWW-Authenticate: " + line + "\r\n";
  }()));
  client.OnChallenge(hashes, response.view(), attempt);
  client.NextQuestion();
  client.Provide(hashes, "r", false, "alice", "secret");
  const std::string value = Authorize("REGISTER", "body");
  EXPECT_THAT(value, HasSubstr("qop=auth-int"));
  EXPECT_EQ(Check(value, "REGISTER", "bodx"), Result::kRejected);
  EXPECT_EQ(Check(value, "REGISTER", "body"), Result::kAccepted);
}

// 6.1: 32 digits of MD5, 64 of the two SHAs.
TEST_F(ServerOfDigest, TheResponseHasTheLengthOfItsHash) {
  for (const DigestAlgorithm algorithm :
       {DigestAlgorithm::kMd5, DigestAlgorithm::kSha256, DigestAlgorithm::kSha512_256}) {
    client.Reset();
    attempt = {};
    DigestServerOptions options = Options();
    options.algorithms = {algorithm};
    Meet(options);
    const std::string value = Authorize();
    const std::size_t begin = value.find("response=\"") + 10, size = value.find('"', begin) - begin;
    ASSERT_EQ(size, algorithm == DigestAlgorithm::kMd5 ? 32u : 64u);
    for (const std::size_t other : {size - 1, size + 1, 32 + 64 - size, std::size_t{0}}) {
      std::string wrong = value;
      wrong.replace(begin, size,
                    std::string(value.substr(begin, size) + value.substr(begin, size)).substr(0, other));
      EXPECT_NE(Check(wrong), Result::kAccepted) << other;
    }
    EXPECT_EQ(Check(value), Result::kAccepted);
  }
  SANSIP_SHOWS("7616-6.1-2", "7616-6.1-3", "7616-6.1-4", "8760-2.1-1");
}

TEST_F(ServerOfDigest, AClientMayTakeTheSecondChallenge) {
  TestHashes few;
  few.has_sha256 = few.has_sha512_256 = false;
  server = std::make_unique<DigestServer>(Options(), hashes, random);
  std::string lines;
  for (const HeaderLine& line : server->Challenge(now, false)) {
    lines += "WWW-Authenticate: " + std::string(line.value) + "\r\n";
  }
  const Parsed response(Message("SIP/2.0 401 Unauthorized", lines));
  ASSERT_EQ(client.OnChallenge(few, response.view(), attempt), DigestClient::Verdict::kAsk);
  client.NextQuestion();
  ASSERT_TRUE(client.Provide(few, "r", false, "alice", "secret"));
  const auto values = client.Authorize(few, random, {.method = "REGISTER", .uri = kUri}, attempt);
  ASSERT_THAT(values, SizeIs(1));
  EXPECT_THAT(std::string(values[0].value), HasSubstr("algorithm=MD5"));
  EXPECT_EQ(Check(std::string(values[0].value)), Result::kAccepted);
  SANSIP_SHOWS("8760-2.3-4");
}

// RFC 3261 22.1: whoever has no account may be let in.
TEST_F(ServerOfDigest, AnyBytesMakeANameAndAPassword) {
  const std::pair<std::string, std::string> users[] = {
      {"anonymous", ""}, {"J\xC3\xA4s\xC3\xB8n Doe", "p\xC3\xA4ss w\xC3\xB6rd"}, {"a\"b\\c", "\\\""}};
  for (const auto& [user, secret] : users) {
    server = std::make_unique<DigestServer>(Options(), hashes, random);
    client.Reset();
    attempt = {};
    const Parsed response(Message("SIP/2.0 401 Unauthorized", [&] {
      return "WWW-Authenticate: " + std::string(server->Challenge(now, false)[0].value) + "\r\n";
    }()));
    client.OnChallenge(hashes, response.view(), attempt);
    client.NextQuestion();
    ASSERT_TRUE(client.Provide(hashes, "r", false, user, secret)) << user;
    const std::string value = Authorize();
    const Parsed request(Message("REGISTER sip:b@b.example SIP/2.0", "Authorization: " + value + "\r\n"));
    const std::optional<Credentials> credentials = server->Find(request.view());
    ASSERT_TRUE(credentials);
    std::string named;
    ASSERT_TRUE(DigestServer::UserOf(*credentials, named));
    EXPECT_EQ(named, user);
    const auto check = [&](std::string_view password_of_user) {
      const HexDigest known =
          SecretOf(hashes, *server->SecretFor(*credentials), named, "r", password_of_user);
      return server->Check(now, {.method = "REGISTER", .uri = kUri, .body = {}}, *credentials, known.view());
    };
    EXPECT_EQ(check("wrong"), Result::kRejected);
    EXPECT_EQ(check(secret), Result::kAccepted);
  }
  SANSIP_SHOWS("7616-4-3", "7616-4-4", "3261-22.1-9", "3261-22.2-5");
}

TEST_F(ServerOfDigest, MissingAndOtherRealms) {
  Meet(Options());
  EXPECT_EQ(Check(""), Result::kMissing);
  EXPECT_EQ(Check("Basic dXNlcjpwYXNz"), Result::kMissing);
  EXPECT_EQ(Check("Digest username=\"a\", realm=\"s\""), Result::kMissing);
  SANSIP_SHOWS("3261-22-3", "3261-22.4-2");
}

// RFC 2069: no qop, no cnonce, no count.
TEST_F(ServerOfDigest, AClientThatKnowsNoQop) {
  DigestServerOptions options = Options();
  options.algorithms = {DigestAlgorithm::kMd5};
  Meet(options);
  const auto plain = [&] {
    const Parsed response(Message("SIP/2.0 401 Unauthorized", challenge));
    sansip::Challenge challenged;
    EXPECT_TRUE(ParseChallenge(*response.view().First(HeaderId::kWwwAuthenticate), challenged).ok());
    const std::string nonce(*challenged.nonce);
    const HexDigest secret = SecretOf(hashes, DigestHash::kMd5, "alice", "r", "secret");
    const HexDigest digest = DigestResponseOf(
        hashes, {.secret = secret.view(), .nonce = nonce, .method = "REGISTER", .uri = kUri});
    return "Digest username=\"alice\", realm=\"r\", nonce=\"" + nonce + "\", uri=\"" + std::string(kUri) +
           "\", response=\"" + std::string(digest.view()) + "\"";
  };
  const std::string value = plain();
  EXPECT_EQ(Check(value), Result::kAccepted);
  SANSIP_SHOWS("3261-22.4-1", "3261-22.4-10");
  EXPECT_THAT(info, IsEmpty());
  EXPECT_EQ(Check(value), Result::kReplayed);  // there is no count to tell another by
  EXPECT_EQ(Check(value + ", algorithm=MD5-sess"), Result::kMalformed);
  EXPECT_EQ(Check(value + ", qop=auth, nc=00000001"), Result::kMalformed);
  SANSIP_SHOWS("7616-3.4-5", "7616-3.4-7");
  options.takes_no_qop = false;
  Meet(options);
  EXPECT_EQ(Check(plain()), Result::kMalformed);
}

TEST_F(ServerOfDigest, MalformedCredentials) {
  SANSIP_SHOWS("7616-3.4-11", "7616-3.4.6-4", "7616-3.4.6-5", "8760-2.6-4");
  Meet(Options());
  const std::string good = Authorize();
  for (const std::string_view name : {"username", "nonce", "uri", "response", "cnonce", "qop", "nc"}) {
    std::string value = good;
    value.insert(value.find(std::string(name) + "="), "x");  // another parameter
    EXPECT_EQ(Check(value), Result::kMalformed) << value;
  }
  std::string longer = good;
  longer.insert(longer.find("cnonce=\"") + 8, std::string(64, 'x'));
  EXPECT_EQ(Check(longer), Result::kMalformed);
  std::string elsewhere = good;
  elsewhere.replace(elsewhere.find(kUri), kUri.size(), "sip:c@b.example");
  EXPECT_EQ(Check(elsewhere), Result::kMalformed);
  EXPECT_EQ(Check(good), Result::kAccepted);
}

TEST_F(ServerOfDigest, HandsOutANextNonceInTime) {
  SANSIP_SHOWS("7616-3.5-10", "7616-3.5-13", "7616-3.5-14");
  Meet(Options());
  Check(Authorize());
  EXPECT_THAT(info, Not(HasSubstr("nextnonce")));
  now += std::chrono::seconds(200);
  Check(Authorize());
  EXPECT_THAT(info, ::testing::StartsWith("nextnonce=\""));
  EXPECT_THAT(info, HasSubstr("nc=00000002"));
  // 3.5: what is under way with the old one is taken for the rest of its life.
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
  SANSIP_SHOWS("7616-3.5-8");
  const Parsed response(Message("SIP/2.0 200 OK", "Authentication-Info: " + info + "\r\n"));
  EXPECT_EQ(client.OnAccepted(hashes, response.view(), attempt), DigestClient::Proof::kGiven);
  now += std::chrono::seconds(200);  // the first nonce would be stale now
  EXPECT_EQ(Check(Authorize()), Result::kAccepted);
}

TEST_F(ServerOfDigest, AUriThatMeansTheSameIsTheSame) {
  Meet(Options());
  const auto ask = [&](std::string_view uri) {
    const auto lines =
        client.Authorize(hashes, random, {.method = "REGISTER", .uri = uri, .body = {}}, attempt);
    return Check(std::string(lines[0].value));
  };
  EXPECT_EQ(ask("SIP:b@B.Example"), Result::kAccepted);
  EXPECT_EQ(ask("sip:%62@b.example"), Result::kAccepted);
  EXPECT_EQ(ask("sip:B@b.example"), Result::kMalformed);
  EXPECT_EQ(ask("sip:b@b.example:5060"), Result::kMalformed);
  EXPECT_EQ(ask("b"), Result::kMalformed);
}

TEST_F(ServerOfDigest, ANameThatNoQuotedStringHoldsComesInAnotherWay) {
  Meet(Options());
  const auto ask = [&](std::string_view name) {
    std::string value = Authorize();
    const std::string usual = "username=\"alice\"";
    return Check(value.replace(value.find(usual), usual.size(), name));
  };
  EXPECT_EQ(ask("username*=UTF-8''%61lice"), Result::kAccepted);
  EXPECT_EQ(ask("username*=utf-8'en'alice, userhash=false"), Result::kAccepted);
  for (const char* name :
       {"username*=ISO-8859-1''alice", "username*=UTF-8'alice", "username*=UTF-8''", "username*=UTF-8''%6",
        "username*=UTF-8''%6xlice", "username*=alice", "username*=UTF-8''alice, userhash=true"}) {
    EXPECT_EQ(ask(name), Result::kMalformed) << name;
  }
  SANSIP_SHOWS("7616-3.9.2-3");
}

TEST_F(ServerOfDigest, WhoIsNobodyIsRejectedWhateverHeSays) {
  password = "";
  Meet(Options());
  const std::string value = Authorize();
  const Parsed request(Message("REGISTER sip:b@b.example SIP/2.0", "Authorization: " + value + "\r\n"));
  const DigestServer::Request facts{.method = "REGISTER", .uri = kUri, .body = {}};
  EXPECT_EQ(server->Check(now, facts, *server->Find(request.view()), ""), Result::kRejected);
}

TEST_F(ServerOfDigest, TheUserByNameOrByHash) {
  SANSIP_SHOWS("7616-3.4.4-1", "7616-3.4.4-4");
  DigestServerOptions options = Options();
  options.offers_user_hash = true;
  Meet(options);
  const std::string value = Authorize();
  const Parsed request(Message("REGISTER sip:b@b.example SIP/2.0", "Authorization: " + value + "\r\n"));
  std::string user;
  ASSERT_TRUE(DigestServer::UserOf(*server->Find(request.view()), user));
  EXPECT_EQ(user, UserHashOf(hashes, DigestHash::kSha256, "alice", "r").view());
  EXPECT_EQ(Check(value), Result::kAccepted);
  SANSIP_SHOWS("7616-3.4-8");
}

}  // namespace
}  // namespace sansip::testing
