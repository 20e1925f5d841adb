#include "sansip/core/auth/digest.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/tests/support/digest_hashes.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

const TestHashes hashes;

// Mufasa's request of RFC 7616 3.9.1.
std::string Mufasa(DigestAlgorithm algorithm) {
  const HexDigest secret =
      SecretOf(hashes, *HashOf(algorithm), "Mufasa", "http-auth@example.org", "Circle of Life");
  return std::string(DigestResponseOf(hashes, {.algorithm = algorithm,
                                               .qop = DigestQop::kAuth,
                                               .secret = secret.view(),
                                               .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                                               .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                                               .nc = "00000001",
                                               .method = "GET",
                                               .uri = "/dir/index.html"})
                         .view());
}

TEST(DigestVectors, Rfc7616Md5AndSha256) {
  SANSIP_SHOWS("8760-2-1");
  SANSIP_SHOWS("7616-3.9.1-1", "7616-3.4.1-1", "7616-3.4.2-1", "7616-3.2-2", "8760-2.2-1");
  EXPECT_EQ(Mufasa(DigestAlgorithm::kMd5), "8ca523f5e9506fed4657c9700eebdbec");
  EXPECT_EQ(Mufasa(DigestAlgorithm::kSha256),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

// The printed values of 3.9.2 are of SHA-512, cut; these are of SHA-512/256.
TEST(DigestVectors, Rfc7616Sha512_256) {
  SANSIP_SHOWS("7616-3.9.2-1", "7616-3.9.2-2", "7616-3.7-4");
  const std::string user = "J\xC3\xA4s\xC3\xB8n Doe", realm = "api@example.org";
  EXPECT_EQ(UserHashOf(hashes, DigestHash::kSha512_256, user, realm).view(),
            "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
  const HexDigest secret = SecretOf(hashes, DigestHash::kSha512_256, user, realm, "Secret, or not?");
  const HexDigest response =
      DigestResponseOf(hashes, {.algorithm = DigestAlgorithm::kSha512_256,
                                .qop = DigestQop::kAuth,
                                .secret = secret.view(),
                                .nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
                                .cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
                                .nc = "00000001",
                                .method = "GET",
                                .uri = "/doe.json"});
  EXPECT_EQ(response.view(), "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
}

// RFC 2617 3.5.
TEST(DigestVectors, Rfc2617) {
  const HexDigest secret =
      SecretOf(hashes, DigestHash::kMd5, "Mufasa", "testrealm@host.com", "Circle Of Life");
  EXPECT_EQ(secret.view(), "939e7578ed9e3c518a452acee763bce9");
  DigestInput input{.secret = secret.view(),
                    .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                    .cnonce = "0a4f113b",
                    .nc = "00000001",
                    .method = "GET",
                    .uri = "/dir/index.html"};
  input.qop = DigestQop::kAuth;
  EXPECT_EQ(DigestResponseOf(hashes, input).view(), "6629fae49393a05397450978507c4ef1");
  input.qop = DigestQop::kNone;
  EXPECT_EQ(DigestResponseOf(hashes, input).view(), "670fd8c2df070c60b045671b8b24ff02");
  SANSIP_SHOWS("7616-3.4.1-2", "8760-2.6-9");
}

std::string Plain(DigestHash hash, std::initializer_list<std::string_view> parts) {
  return std::string(HexDigestOf(hashes, hash, std::span(parts.begin(), parts.size())).view());
}

TEST(DigestVectors, SessionAndIntegrityByHand) {
  SANSIP_SHOWS("7616-3.4.2-2", "7616-3.4.3-2", "8760-2.6-6");
  const std::string secret = Plain(DigestHash::kSha256, {"u:r:p"});
  const std::string a1 = Plain(DigestHash::kSha256, {secret, ":n:first"});
  const std::string empty = Plain(DigestHash::kSha256, {});
  EXPECT_EQ(Plain(DigestHash::kMd5, {}), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string a2 = Plain(DigestHash::kSha256, {"BYE:sip:b@x:", empty});
  EXPECT_EQ(DigestResponseOf(hashes, {.algorithm = DigestAlgorithm::kSha256Sess,
                                      .qop = DigestQop::kAuthInt,
                                      .secret = secret,
                                      .nonce = "n",
                                      .cnonce = "second",
                                      .session_cnonce = "first",
                                      .nc = "00000002",
                                      .method = "BYE",
                                      .uri = "sip:b@x"})
                .view(),
            Plain(DigestHash::kSha256, {a1, ":n:00000002:second:auth-int:", a2}));
  SANSIP_SHOWS("3261-22.4-6");
}

TEST(Digest, WithoutTheFunctionThereIsNone) {
  TestHashes few;
  few.has_md5 = false;
  EXPECT_TRUE(SecretOf(few, DigestHash::kMd5, "u", "r", "p").empty());
  EXPECT_TRUE(DigestResponseOf(few, {.secret = "x"}).empty());
  EXPECT_TRUE(DigestResponseOf(hashes, {.algorithm = DigestAlgorithm::kOther}).empty());
}

TEST(Digest, ComparesWithoutCase) {
  SANSIP_SHOWS("7616-3.2-3");
  EXPECT_TRUE(SameDigest("00af", "00AF"));
  EXPECT_FALSE(SameDigest("00af", "00ae"));
  EXPECT_FALSE(SameDigest("00af", "00a"));
}

TEST(Digest, QuotedPairsAndBack) {
  SANSIP_SHOWS("7616-3.4.5-1");
  std::string text;
  ASSERT_TRUE(Unescape(R"(a\"b\\c\d)", text));
  EXPECT_EQ(text, "a\"b\\cd");
  EXPECT_FALSE(Unescape("a\\", text));
  EXPECT_FALSE(Unescape("a\r\n b", text));
  ASSERT_TRUE(Escape("a\"b\\c", text));
  EXPECT_EQ(text, R"(a\"b\\c)");
  EXPECT_FALSE(Escape("a\nb", text));
}

}  // namespace
}  // namespace sansip::testing
