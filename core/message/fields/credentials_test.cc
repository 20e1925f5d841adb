// Authorization, Proxy-Authorization and Authentication-Info.
#include "sansip/core/message/fields/credentials.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/authentication_info.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(CredentialsTest, Digest) {
  const auto credentials = Read(
      ParseCredentials,
      "Digest username=\"Alice\", realm=\"atlanta.example\",\r\n nonce=\"84a4cc6f3082121f32b42a2187831a9e\", "
      "uri=\"sip:bob@biloxi.example\", response=\"7587245234b3434cc3412213e5f113a5\"");
  EXPECT_EQ(credentials.scheme, "Digest");
  EXPECT_EQ(credentials.username, "Alice");
  EXPECT_EQ(credentials.realm, "atlanta.example");
  EXPECT_EQ(credentials.nonce, "84a4cc6f3082121f32b42a2187831a9e");
  EXPECT_EQ(credentials.uri, "sip:bob@biloxi.example");
  EXPECT_EQ(credentials.response, "7587245234b3434cc3412213e5f113a5");
  EXPECT_FALSE(credentials.qop);
  EXPECT_FALSE(credentials.opaque);
  EXPECT_FALSE(NonceCountOf(credentials));
  EXPECT_EQ(DigestAlgorithmFrom(credentials.algorithm), DigestAlgorithm::kMd5);
}

TEST(CredentialsTest, AllParameters) {
  const auto credentials = Read(
      ParseCredentials,
      "dIGEST username=\"a\\\"b\", realm=\"r\", nonce=\"n\", uri=\"tel:+1\", algorithm=sha-512-256-SESS, "
      "response=\"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef\", cnonce=\"\", "
      "opaque=\"\", qop=auth-int, nc=0000000A, userhash=false, extra=\"x, y\"");
  EXPECT_EQ(credentials.username, "a\\\"b");
  EXPECT_EQ(credentials.opaque, "");
  EXPECT_EQ(NonceCountOf(credentials), 10u);
  EXPECT_EQ(DigestAlgorithmFrom(credentials.algorithm), DigestAlgorithm::kSha512_256Sess);
  EXPECT_EQ(AuthParameter(credentials.parameters, "EXTRA"), "x, y");
  EXPECT_FALSE(AuthParameter(credentials.parameters, "none"));
  SANSIP_SHOWS("8760-2.6-2", "8760-2.7-2");
}

TEST(CredentialsTest, WrittenByTheRule) {
  EXPECT_EQ(Rewritten(ParseCredentials,
                      "Digest nc=\"00000001\" , qop = \"auth\",algorithm=\"MD5\", opaque=o, cnonce=c,"
                      "response=0123456789abcdef0123456789abcdef,\r\n nonce=n,x=y , realm=r,username=u"),
            "Digest username=\"u\", realm=\"r\", nonce=\"n\", response=\"0123456789abcdef0123456789abcdef\", "
            "algorithm=MD5, cnonce=\"c\", opaque=\"o\", qop=auth, nc=00000001, x=y");
  Credentials credentials;
  credentials.scheme = "Digest";
  credentials.realm = "a.example";
  credentials.uri = "sip:b@x";
  EXPECT_EQ(Written(credentials), "Digest realm=\"a.example\", uri=\"sip:b@x\"");
  SANSIP_SHOWS("7616-3.4-9", "7616-3.4-10", "3261-22.4-3", "8760-2.6-3");
}

TEST(CredentialsTest, RefusesToWriteWhatIsNone) {
  Credentials good;
  good.scheme = "Digest";
  good.realm = "r";
  const auto with = [&good](auto member, std::string_view value) {
    Credentials credentials = good;
    credentials.*member = value;
    return Written(credentials);
  };
  EXPECT_EQ(with(&Credentials::username, "a\", uri=\"b"), "refused");
  EXPECT_EQ(with(&Credentials::username, "a\r\nX: y"), "refused");
  EXPECT_EQ(with(&Credentials::username, "a\\"), "refused");
  EXPECT_EQ(with(&Credentials::algorithm, "MD5, x=y"), "refused");
  EXPECT_EQ(with(&Credentials::qop, ""), "refused");
  EXPECT_EQ(with(&Credentials::nc, "1"), "refused");
  EXPECT_EQ(with(&Credentials::response, "xyz"), "refused");
  EXPECT_EQ(with(&Credentials::parameters, "a=b, a=c"), "refused");
  EXPECT_EQ(with(&Credentials::scheme, "Dig est"), "refused");
  EXPECT_EQ(with(&Credentials::token68, "abc"), "refused");
  good.username_ext = "UTF-8''a";
  EXPECT_EQ(with(&Credentials::username, "a"), "refused");
}

TEST(CredentialsTest, Malformed) {
  ExpectMalformed(ParseCredentials,
                  {{"", ParseCode::kBadToken, 0},
                   {"Digest", ParseCode::kBadParameter, 6},
                   {"Digest,a=b", ParseCode::kBadFieldValue, 6},
                   {"Digest realm", ParseCode::kBadParameter, 12},
                   {"Digest realm=", ParseCode::kBadParameter, 13},
                   {"Digest realm=\"r", ParseCode::kBadQuotedString, 15},
                   {"Digest realm=\"r\" nonce=\"n\"", ParseCode::kBadFieldValue, 17},
                   {"Digest realm=\"r\",", ParseCode::kBadParameter, 17},
                   {"Digest realm=\"r\",,nonce=\"n\"", ParseCode::kBadParameter, 17},
                   {"Digest realm=\"r\", Realm=\"r\"", ParseCode::kRepeatedParameter, 18},
                   {"Digest x=1, y=2, X=3", ParseCode::kRepeatedParameter, 17},
                   {"Digest nc=1", ParseCode::kBadParameter, 7},
                   {"Digest nc=0000000g", ParseCode::kBadParameter, 7},
                   {"Digest qop=\"a b\"", ParseCode::kBadParameter, 7},
                   {"Digest algorithm=\"\"", ParseCode::kBadParameter, 7},
                   {"Digest uri=sip:a@h", ParseCode::kBadFieldValue, 14},
                   {"Digest username=\"a\", username*=UTF-8''a", ParseCode::kBadParameter, 31},
                   // Two credentials in one line (RFC 3261 20.7).
                   {"Digest realm=\"r\", Digest realm=\"s\"", ParseCode::kBadParameter, 25}});
  SANSIP_SHOWS("7616-3.4-2");
}

// RFC 8760 2.7
TEST(CredentialsTest, ADigestHas32DigitsOrMoreOrNoneYet) {
  EXPECT_EQ(Read(ParseCredentials, "Digest response=\"\", nonce=\"\"").response, "");
  EXPECT_TRUE(ErrorOf(ParseCredentials, "Digest response=\"" + std::string(64, 'a') + "\"").ok());
  EXPECT_EQ(ErrorOf(ParseCredentials, "Digest response=\"" + std::string(31, 'a') + "\"").code,
            ParseCode::kBadParameter);
  EXPECT_EQ(ErrorOf(ParseCredentials, "Digest response=\"" + std::string(32, 'z') + "\"").code,
            ParseCode::kBadParameter);
  SANSIP_SHOWS("8760-2.7-1");
}

TEST(CredentialsTest, AsManyParametersAsTheLimitAllows) {
  std::string text = "Digest p0=v";
  for (std::size_t i = 1; i < kAuthParamsMax; ++i) text += ", p" + std::to_string(i) + "=v";
  EXPECT_TRUE(ErrorOf(ParseCredentials, text).ok());
  const ParseError error = ErrorOf(ParseCredentials, text + ", one=more");
  EXPECT_EQ(error.code, ParseCode::kBadFieldValue);
  EXPECT_EQ(error.offset, text.size() + 2);
}

TEST(CredentialsTest, OtherSchemes) {
  const auto bearer = Read(ParseCredentials, "Bearer mF_9.B5f-4.1JqM==");
  EXPECT_EQ(bearer.scheme, "Bearer");
  EXPECT_EQ(bearer.token68, "mF_9.B5f-4.1JqM==");
  EXPECT_EQ(Rewritten(ParseCredentials, " Bearer\r\n mF_9== "), "Bearer mF_9==");
  const auto other = Read(ParseCredentials, "NTLM realm=\"r\", nc=odd");
  EXPECT_FALSE(other.realm);
  EXPECT_EQ(AuthParameter(other.parameters, "realm"), "r");
  EXPECT_EQ(Rewritten(ParseCredentials, "NTLM  realm=\"r\" ,nc=odd"), "NTLM realm=\"r\", nc=odd");
  EXPECT_EQ(Rewritten(ParseCredentials, "Negotiate"), "Negotiate");
  Credentials credentials;
  credentials.scheme = "Bearer";
  credentials.token68 = "a b";
  EXPECT_EQ(Written(credentials), "refused");
}

TEST(CredentialsTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseCredentials, "Digest realm=\"r\", qop=AUTH, x=Y, z=\"1\"",
                            "digest z=\"1\", X=y, qop=auth, realm=\"r\""));
  EXPECT_TRUE(AreEquivalent(ParseCredentials, "Digest realm=\"a\\b\"", "Digest realm=\"ab\""));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Digest realm=\"r\"", "Digest realm=\"R\""));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Digest realm=\"r\"", "Digest realm=\"r\", opaque=\"\""));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Digest realm=\"r\"", "Digest realm=\"r\", x=y"));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Digest x=y", "Digest x=\"y\""));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Digest x=y", "Other x=y"));
  EXPECT_FALSE(AreEquivalent(ParseCredentials, "Bearer abc", "Bearer ABC"));
}

TEST(AuthenticationInfoTest, Parameters) {
  const auto info =
      Read(ParseAuthenticationInfo,
           "nextnonce=\"47364c23432d2e131a5fb210812c\", qop=auth, rspauth=\"0a\", cnonce=\"c\", "
           "nc=00000001");
  EXPECT_EQ(info.nextnonce, "47364c23432d2e131a5fb210812c");
  EXPECT_EQ(info.qop, "auth");
  EXPECT_EQ(info.rspauth, "0a");
  EXPECT_EQ(info.cnonce, "c");
  EXPECT_EQ(info.nc, "00000001");
  SANSIP_SHOWS("7616-3.5-2");
}

TEST(AuthenticationInfoTest, WrittenByTheRule) {
  EXPECT_EQ(Rewritten(ParseAuthenticationInfo, " nc=\"0000000a\",x = y,qop=\"auth\" , cnonce=c,nextnonce=n"),
            "nextnonce=\"n\", qop=auth, cnonce=\"c\", nc=0000000a, x=y");
  AuthenticationInfo info;
  info.nextnonce = "a\r\nX: y";
  EXPECT_EQ(Written(info), "refused");
  SANSIP_SHOWS("7616-3.5-13", "7616-3.5-14");
}

TEST(AuthenticationInfoTest, Malformed) {
  ExpectMalformed(ParseAuthenticationInfo, {{"", ParseCode::kBadParameter, 0},
                                            {"Digest qop=auth", ParseCode::kBadParameter, 7},
                                            {"nc=1", ParseCode::kBadParameter, 0},
                                            {"rspauth=\"x\"", ParseCode::kBadParameter, 0},
                                            {"qop=auth, qop=auth", ParseCode::kRepeatedParameter, 10}});
  EXPECT_TRUE(AreEquivalent(ParseAuthenticationInfo, "qop=auth, nc=0000000A", "nc=0000000a, QOP=AUTH"));
  EXPECT_FALSE(AreEquivalent(ParseAuthenticationInfo, "nextnonce=\"a\"", "nextnonce=\"A\""));
  SANSIP_SHOWS("7616-3.5-15");
}

}  // namespace
}  // namespace sansip
