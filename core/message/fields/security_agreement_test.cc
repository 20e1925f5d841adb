#include "sansip/core/message/fields/security_agreement.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

constexpr std::string_view kDigest = "0123456789abcdef0123456789abcdef";

TEST(SecurityAgreementTest, EveryParameter) {
  const auto mechanisms =
      Read(ParseSecurityMechanism,
           "digest;q=0.5;d-alg=MD5;d-qop=auth;d-ver=\"0123456789abcdef0123456789abcdef\";x=y");
  ASSERT_EQ(mechanisms.size(), 1u);
  EXPECT_EQ(mechanisms[0].name, "digest");
  EXPECT_EQ(mechanisms[0].q, 500);
  EXPECT_EQ(mechanisms[0].digest_algorithm, "MD5");
  EXPECT_EQ(mechanisms[0].digest_qop, "auth");
  EXPECT_EQ(mechanisms[0].digest_verify, kDigest);
  EXPECT_EQ(Parameter(mechanisms[0].parameters, "x"), "y");
}

TEST(SecurityAgreementTest, ListsFoldingAndWhiteSpace) {
  const auto mechanisms = Read(ParseSecurityMechanism, " tls\r\n ;\tQ = 0.2 ,\r\n\tipsec-ike ; q=0.1,digest");
  ASSERT_EQ(mechanisms.size(), 3u);
  EXPECT_EQ(mechanisms[0].name, "tls");
  EXPECT_EQ(mechanisms[0].q, 200);
  EXPECT_EQ(mechanisms[1].name, "ipsec-ike");
  EXPECT_EQ(mechanisms[2].q, std::nullopt);
}

// RFC 3329 appendix A
TEST(SecurityAgreementTest, OfIpsec3gpp) {
  const auto mechanisms = Read(ParseSecurityMechanism,
                               "ipsec-3gpp;alg=hmac-sha-1-96;prot=esp;mod=trans;ealg=null;"
                               "spi-c=98765432;spi-s=3456;port-c=5062;port-s=5064");
  ASSERT_EQ(mechanisms.size(), 1u);
  EXPECT_EQ(Parameter(mechanisms[0].parameters, "spi-s"), "3456");
}

TEST(SecurityAgreementTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseSecurityMechanism, "tls;q=1.000"), "tls;q=1");
  EXPECT_EQ(Rewritten(ParseSecurityMechanism,
                      "digest ;x ; d-ver=\"0123456789abcdef0123456789abcdef\" ;D-QOP=auth;d-alg=MD5;q=0.25"),
            "digest;q=0.25;d-alg=MD5;d-qop=auth;d-ver=\"0123456789abcdef0123456789abcdef\";x");
}

TEST(SecurityAgreementTest, InjectionIsRefused) {
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls"}), "tls");
  for (std::string_view name : {"", "tls, x", "tls;q=1", "tls\r\nX: y", "\"tls\""}) {
    EXPECT_EQ(Written(SecurityMechanism{.name = name}), "refused") << name;
  }
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls", .q = 1001}), "refused");
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls", .digest_algorithm = "a b"}), "refused");
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls", .digest_qop = "a;b"}), "refused");
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls", .digest_verify = "0\""}), "refused");
  EXPECT_EQ(Written(SecurityMechanism{.name = "tls", .parameters = ";a, b"}), "refused");
}

TEST(SecurityAgreementTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseSecurityMechanism, "TLS;a=b;q=0.1", "tls;q=0.100;A=B"));
  EXPECT_TRUE(AreEquivalent(ParseSecurityMechanism, "digest;d-alg=md5", "Digest;D-ALG=MD5"));
  EXPECT_FALSE(AreEquivalent(ParseSecurityMechanism, "tls;q=0.1", "tls;q=0.2"));
  EXPECT_FALSE(AreEquivalent(ParseSecurityMechanism, "tls", "tls;q=1"));
  EXPECT_FALSE(AreEquivalent(ParseSecurityMechanism, "tls;d-qop=auth", "tls"));
  EXPECT_FALSE(AreEquivalent(ParseSecurityMechanism, "tls;x", "tls"));
  EXPECT_FALSE(AreEquivalent(ParseSecurityMechanism, "tls", "digest"));
}

TEST(SecurityAgreementTest, Malformed) {
  ExpectMalformed(ParseSecurityMechanism,
                  {{"", ParseCode::kBadToken, 0},
                   {" ;q=1", ParseCode::kBadToken, 1},
                   {"tls q", ParseCode::kBadFieldValue, 4},
                   {"tls,", ParseCode::kBadFieldValue, 3},
                   {"tls;", ParseCode::kBadParameter, 4},
                   {"tls;q", ParseCode::kBadParameter, 3},
                   {"tls;q=1.1", ParseCode::kBadParameter, 3},
                   {"tls;x;q=0.1;q=0.1", ParseCode::kRepeatedParameter, 11},
                   {"tls;d-alg", ParseCode::kBadParameter, 3},
                   {"tls;d-alg=\"a\"", ParseCode::kBadParameter, 3},
                   {"tls;d-alg=a;d-alg=a", ParseCode::kRepeatedParameter, 11},
                   {"tls;d-qop=a;d-qop=b", ParseCode::kRepeatedParameter, 11},
                   {"tls;d-ver=0123456789abcdef0123456789abcdef", ParseCode::kBadParameter, 3},
                   {"tls;d-ver=\"0123456789abcdef0123456789abcde\"", ParseCode::kBadParameter, 3},
                   {"tls;d-ver=\"0123456789ABCDEF0123456789abcdef\"", ParseCode::kBadParameter, 3},
                   {"tls;d-ver=\"0123456789abcdef0123456789abcdeg\"", ParseCode::kBadParameter, 3},
                   {"tls;d-ver=\"0", ParseCode::kBadQuotedString, 12},
                   {"tls, digest;=x", ParseCode::kBadParameter, 12}});
}

}  // namespace
}  // namespace sansip
