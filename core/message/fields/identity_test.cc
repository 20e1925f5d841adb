#include "sansip/core/message/fields/identity.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(SignedIdentityTest, FullForm) {
  const auto identity =
      Read(ParseSignedIdentity,
           " eyJhbGci_-.eyJkZXN0.c2ln-_9 ;\r\n Info = <https://cert.example/a;b?c=d> ;alg=ES256"
           ";ppt=\"shaken\";x=y ");
  EXPECT_EQ(identity.header, "eyJhbGci_-");
  EXPECT_EQ(identity.payload, "eyJkZXN0");
  EXPECT_EQ(identity.signature, "c2ln-_9");
  EXPECT_EQ(identity.info, "https://cert.example/a;b?c=d");
  EXPECT_EQ(identity.algorithm, "ES256");
  EXPECT_EQ(identity.type, "shaken");
  EXPECT_EQ(Parameter(identity.parameters, "x"), "y");
  EXPECT_FALSE(IsCompact(identity));
}

TEST(SignedIdentityTest, CompactForm) {
  const auto identity = Read(ParseSignedIdentity, "..c2ln;info=<https://cert.example/a>;ppt=div");
  EXPECT_EQ(identity.header, "");
  EXPECT_EQ(identity.payload, "");
  EXPECT_EQ(identity.signature, "c2ln");
  EXPECT_EQ(identity.algorithm, "");
  EXPECT_EQ(identity.type, "div");
  EXPECT_TRUE(IsCompact(identity));
}

// RFC 8224 4: in a message more than once, but not in one line.
TEST(SignedIdentityTest, ManyInAMessage) {
  EXPECT_TRUE(Parsed(RequestWith({"Identity: ..a;info=<sip:h>", "y: ..b;info=<sip:h>"})).ok());
}

TEST(SignedIdentityTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseSignedIdentity, "a.b.c ; info=<sip:h>;x ;ppt=shaken;alg=\"ES256\""),
            "a.b.c;info=<sip:h>;alg=ES256;ppt=\"shaken\";x");
  EXPECT_EQ(Rewritten(ParseSignedIdentity, "..c;info=<sip:h>"), "..c;info=<sip:h>");
  const SignedIdentity whole = {.header = "a", .payload = "b", .signature = "c", .info = "sip:h"};
  EXPECT_EQ(Written(whole), "a.b.c;info=<sip:h>");
  for (std::string_view bad : {"", "a.b", "a=", "a;x", "a\r\n", "a b", "+", "/"}) {
    SignedIdentity identity = whole;
    identity.header = bad;
    EXPECT_EQ(Written(identity), "refused") << bad;
    identity = whole;
    identity.payload = bad;
    EXPECT_EQ(Written(identity), "refused") << bad;
    identity = whole;
    identity.signature = bad;
    EXPECT_EQ(Written(identity), "refused") << bad;
  }
  for (std::string_view info : {"", "x", "sip:h>", "sip:h\r\n"}) {
    SignedIdentity identity = whole;
    identity.info = info;
    EXPECT_EQ(Written(identity), "refused") << info;
  }
  SignedIdentity identity = whole;
  identity.algorithm = "a b";
  EXPECT_EQ(Written(identity), "refused");
  identity = whole;
  identity.type = "a\"b";
  EXPECT_EQ(Written(identity), "refused");
}

TEST(SignedIdentityTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:H>;x=Y", "..a;INFO=<sip:h>;alg=es256;X=y"));
  EXPECT_TRUE(
      AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>;ppt=SHAKEN", "..a;info=<sip:h>;ppt=\"shaken\""));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>", "..A;info=<sip:h>"));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>", "a.b.a;info=<sip:h>"));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>", "..a;info=<sip:g>"));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>;alg=ES384", "..a;info=<sip:h>"));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>;ppt=div", "..a;info=<sip:h>"));
  EXPECT_FALSE(AreEquivalent(ParseSignedIdentity, "..a;info=<sip:h>;x", "..a;info=<sip:h>"));
}

TEST(SignedIdentityTest, Malformed) {
  ExpectMalformed(ParseSignedIdentity,
                  {{"", ParseCode::kBadFieldValue, 0},
                   {"\"abc=\"", ParseCode::kBadFieldValue, 0},
                   {"abc;info=<sip:h>", ParseCode::kBadFieldValue, 3},
                   {"a.b;info=<sip:h>", ParseCode::kBadFieldValue, 3},
                   {" a.b.;info=<sip:h>", ParseCode::kBadFieldValue, 1},
                   {"..;info=<sip:h>", ParseCode::kBadFieldValue, 0},
                   {".b.c;info=<sip:h>", ParseCode::kBadFieldValue, 0},
                   {"a..c;info=<sip:h>", ParseCode::kBadFieldValue, 0},
                   {"a.b.c.d;info=<sip:h>", ParseCode::kBadParameter, 5},
                   {"a.b.c=;info=<sip:h>", ParseCode::kBadParameter, 5},
                   {"a.b.c", ParseCode::kBadParameter, 5},
                   {"a.b.c;alg=ES256;info=<sip:h>", ParseCode::kBadParameter, 5},
                   {"a.b.c;info", ParseCode::kBadParameter, 5},
                   {"a.b.c;info=x", ParseCode::kBadFieldValue, 11},
                   {"a.b.c;info=<x>", ParseCode::kBadUri, 12},
                   {"a.b.c;info=<sip:h", ParseCode::kBadUri, 17},
                   {"..c;info=<sip:h>;info=x", ParseCode::kRepeatedParameter, 16},
                   {"..c;info=<sip:h>;alg", ParseCode::kBadParameter, 16},
                   {"..c;info=<sip:h>;alg=a;alg=a", ParseCode::kRepeatedParameter, 22},
                   {"..c;info=<sip:h>;ppt=\"a b\"", ParseCode::kBadParameter, 16},
                   {"..c;info=<sip:h>;ppt=\"\"", ParseCode::kBadParameter, 16},
                   {"..c;info=<sip:h>, ..d;info=<sip:h>", ParseCode::kBadFieldValue, 16}});
}

}  // namespace
}  // namespace sansip
