#include "sansip/core/message/fields/challenge.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(ChallengeTest, Digest) {
  const auto challenge =
      Read(ParseChallenge,
           "Digest realm=\"atlanta.example\",\r\n domain=\"sip:boxesbybob.example\", qop=\"auth\", "
           "nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=FALSE, algorithm=MD5");
  EXPECT_EQ(challenge.realm, "atlanta.example");
  EXPECT_EQ(challenge.domain, "sip:boxesbybob.example");
  EXPECT_EQ(challenge.nonce, "f84f1cec41e6cbe5aea9c8e88d359");
  EXPECT_EQ(challenge.opaque, "");
  EXPECT_FALSE(IsStale(challenge));
  EXPECT_EQ(DigestAlgorithmFrom(challenge.algorithm), DigestAlgorithm::kMd5);
  EXPECT_TRUE(OffersQop(challenge, "auth"));
  EXPECT_FALSE(OffersQop(challenge, "auth-int"));
}

TEST(ChallengeTest, QopOptions) {
  const auto challenge = Read(ParseChallenge, "Digest qop=\"auth-x , Auth-Int\"");
  EXPECT_TRUE(OffersQop(challenge, "auth-int"));
  EXPECT_FALSE(OffersQop(challenge, "auth"));
  EXPECT_FALSE(OffersQop(Read(ParseChallenge, "Digest realm=\"r\""), "auth"));
  EXPECT_FALSE(OffersQop(Read(ParseChallenge, "Digest qop=\"\""), "auth"));
}

TEST(ChallengeTest, Stale) {
  EXPECT_TRUE(IsStale(Read(ParseChallenge, "Digest stale=TRUE")));
  EXPECT_FALSE(IsStale(Read(ParseChallenge, "Digest stale=yes")));
  EXPECT_FALSE(IsStale(Read(ParseChallenge, "Digest realm=\"r\"")));
  SANSIP_SHOWS("7616-3.3-9");
}

TEST(ChallengeTest, Algorithms) {
  const auto algorithm = [](const char* name) {
    return DigestAlgorithmFrom(Read(ParseChallenge, std::string("Digest algorithm=") + name).algorithm);
  };
  EXPECT_EQ(algorithm("md5"), DigestAlgorithm::kMd5);
  EXPECT_EQ(algorithm("MD5-sess"), DigestAlgorithm::kMd5Sess);
  EXPECT_EQ(algorithm("SHA-256"), DigestAlgorithm::kSha256);
  EXPECT_EQ(algorithm("SHA-256-SESS"), DigestAlgorithm::kSha256Sess);
  EXPECT_EQ(algorithm("SHA-512-256"), DigestAlgorithm::kSha512_256);
  EXPECT_EQ(algorithm("SHA-512-256-sess"), DigestAlgorithm::kSha512_256Sess);
  EXPECT_EQ(algorithm("FOO-1"), DigestAlgorithm::kOther);
  EXPECT_EQ(DigestAlgorithmFrom(std::nullopt), DigestAlgorithm::kMd5);
  SANSIP_SHOWS("7616-6.1-5", "7616-3.3-11");
}

// RFC 8760 2.3, 2.4: of several lines the order counts.
TEST(ChallengeTest, LinesKeepTheirOrder) {
  std::string text =
      RequestWith({"WWW-Authenticate: Digest realm=\"r\", algorithm=SHA-256", "WWW-Authenticate: NTLM",
                   "WWW-Authenticate: Digest realm=\"r\", algorithm=MD5"});
  text.replace(0, text.find("\r\n"), "SIP/2.0 401 Unauthorized");
  const Parsed parsed(text);
  ASSERT_TRUE(parsed.ok());
  std::vector<std::string> algorithms;
  for (std::size_t i = 0; i < parsed.view().header_count(); ++i) {
    const HeaderView header = parsed.view().header(i);
    if (header.id != HeaderId::kWwwAuthenticate) continue;
    const auto challenge = Read(ParseChallenge, header.value);
    algorithms.emplace_back(challenge.algorithm.value_or(challenge.scheme));
  }
  EXPECT_EQ(algorithms, (std::vector<std::string>{"SHA-256", "NTLM", "MD5"}));
  SANSIP_SHOWS("8760-2.3-1");
}

TEST(ChallengeTest, SeveralOnOneLine) {
  const auto split = [](std::string_view line) {
    std::vector<std::string> found;
    ChallengesIn challenges(line);
    for (std::string_view challenge; challenges.Next(challenge);) found.emplace_back(challenge);
    return found;
  };
  using Found = std::vector<std::string>;
  EXPECT_EQ(
      split("Digest realm=\"a, Basic\", nonce = \"b\",  NTLM, Digest realm=\"c\",, qop=auth , Bearer x=="),
      (Found{"Digest realm=\"a, Basic\", nonce = \"b\"", "NTLM", "Digest realm=\"c\",, qop=auth",
             "Bearer x=="}));
  EXPECT_EQ(split("Digest realm=\"a\""), Found{"Digest realm=\"a\""});
  EXPECT_EQ(split(" , "), Found{});
  EXPECT_EQ(split("realm=\"a\", =, Digest qop=\"auth"), (Found{"realm=\"a\", =", "Digest qop=\"auth"}));
  SANSIP_SHOWS("7616-5.6-1");
}

TEST(ChallengeTest, WrittenByTheRule) {
  // RFC 7616 3.3: quoted and not quoted may be mixed up in what is read.
  EXPECT_EQ(
      Rewritten(ParseChallenge,
                "Digest qop=auth,algorithm=\"SHA-256\",\r\n stale=\"true\", opaque=o, nonce=n, userhash=true,"
                "domain=\"sip:a sip:b\", realm=r, charset=UTF-8, new=\"a\\\"b\""),
      "Digest realm=\"r\", domain=\"sip:a sip:b\", nonce=\"n\", opaque=\"o\", stale=true, "
      "algorithm=SHA-256, qop=\"auth\", charset=UTF-8, userhash=true, new=\"a\\\"b\"");
  SANSIP_SHOWS("7616-3.3-18", "7616-3.3-19", "7616-3.3-20");
}

TEST(ChallengeTest, RefusesToWriteWhatIsNone) {
  Challenge challenge;
  challenge.scheme = "Digest";
  challenge.realm = "a\", nonce=\"b";
  EXPECT_EQ(Written(challenge), "refused");
  challenge.realm = "a\r\nX: y";
  EXPECT_EQ(Written(challenge), "refused");
  challenge.realm = "a";
  challenge.stale = "true, x=y";
  EXPECT_EQ(Written(challenge), "refused");
  challenge.stale.reset();
  challenge.qop = "auth;x";
  EXPECT_EQ(Written(challenge), "refused");
  challenge.qop = "auth";
  EXPECT_EQ(Written(challenge), "Digest realm=\"a\", qop=\"auth\"");
}

TEST(ChallengeTest, Malformed) {
  ExpectMalformed(ParseChallenge, {{"", ParseCode::kBadToken, 0},
                                   {"Digest", ParseCode::kBadParameter, 6},
                                   {"Digest realm=\"a", ParseCode::kBadQuotedString, 15},
                                   {"Digest qop=\"auth;auth-int\"", ParseCode::kBadParameter, 7},
                                   {"Digest stale=\"a b\"", ParseCode::kBadParameter, 7},
                                   {"Digest nonce=\"a\", nonce=\"b\"", ParseCode::kRepeatedParameter, 18},
                                   {"Digest realm=\"a\";nonce=\"b\"", ParseCode::kBadFieldValue, 16},
                                   {"Other a", ParseCode::kNone, 0},
                                   {"Other a b", ParseCode::kBadParameter, 8}});
}

TEST(ChallengeTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseChallenge, "Digest realm=\"r\", algorithm=md5",
                            "DIGEST algorithm=MD5, realm=\"r\""));
  EXPECT_TRUE(AreEquivalent(ParseChallenge, "Digest stale=true", "Digest stale=\"TRUE\""));
  EXPECT_FALSE(AreEquivalent(ParseChallenge, "Digest realm=\"r\"", "Digest realm=\"s\""));
  EXPECT_FALSE(AreEquivalent(ParseChallenge, "Digest realm=\"r\"", "Digest realm=\"r\", algorithm=MD5"));
}

}  // namespace
}  // namespace sansip
