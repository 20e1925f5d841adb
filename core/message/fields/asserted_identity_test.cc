#include "sansip/core/message/fields/asserted_identity.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

// Of a message that stays; written and read again they are the same.
Identities In(const Parsed& parsed) {
  EXPECT_TRUE(parsed.ok());
  Identities identities;
  EXPECT_TRUE(IdentitiesOf(parsed.view(), HeaderId::kPAssertedIdentity, identities));
  const std::string written = Written(identities);
  const Parsed again(RequestWith({"P-Asserted-Identity: " + written}));
  Identities same;
  EXPECT_TRUE(IdentitiesOf(again.view(), HeaderId::kPAssertedIdentity, same));
  EXPECT_TRUE(Equivalent(identities, same));
  EXPECT_EQ(Written(same), written);
  return identities;
}

// RFC 3325 9.1
TEST(IdentitiesTest, OneOrTwo) {
  const Parsed sip(RequestWith({"P-Asserted-Identity: \"Ann Example\" <sip:ann@vovida.example>"}));
  const Identities one = In(sip);
  ASSERT_TRUE(one.sip);
  EXPECT_EQ(one.sip->uri, "sip:ann@vovida.example");
  EXPECT_EQ(one.sip->display_name, "\"Ann Example\"");
  EXPECT_FALSE(one.tel);
  const Parsed both(
      RequestWith({"P-Asserted-Identity: tel:+14085264000 ,\r\n <sips:ann@vovida.example;user=phone>"}));
  const Identities two = In(both);
  ASSERT_TRUE(two.sip && two.tel);
  EXPECT_EQ(two.sip->uri, "sips:ann@vovida.example;user=phone");
  EXPECT_EQ(two.tel->uri, "tel:+14085264000");
  const Parsed rows(RequestWith({"P-Asserted-Identity: sip:a@h", "P-Asserted-Identity: <tel:+1>"}));
  EXPECT_TRUE(In(rows).sip && In(rows).tel);
}

// RFC 5876 4.5
TEST(IdentitiesTest, WhatIsTooMuchIsIgnored) {
  const Parsed parsed(
      RequestWith({"P-Asserted-Identity: http://h/x, <sip:first@h>, <sips:second@h>, <tel:+1>",
                   "P-Asserted-Identity: <sip:third@h>, tel:+2"}));
  const Identities many = In(parsed);
  ASSERT_TRUE(many.sip && many.tel);
  EXPECT_EQ(many.sip->uri, "sip:first@h");
  EXPECT_EQ(many.tel->uri, "tel:+1");
}

TEST(IdentitiesTest, NoneThatCounts) {
  Identities identities;
  for (const std::string_view line :
       {"Subject: x", "P-Preferred-Identity: <sip:a@h>", "P-Asserted-Identity: <http://h>",
        "P-Asserted-Identity: <sip:a@h>, sip:", "P-Asserted-Identity: <sip:a@h>,", "P-Asserted-Identity:"}) {
    const Parsed parsed(RequestWith({line}));
    EXPECT_FALSE(IdentitiesOf(parsed.view(), HeaderId::kPAssertedIdentity, identities)) << line;
  }
}

TEST(IdentityTest, Malformed) {
  ExpectMalformed(ParseIdentity, {
                                     {"", ParseCode::kBadUri, 0},
                                     {"*", ParseCode::kBadFieldValue, 0},
                                     {"<sip:a@h", ParseCode::kBadUri, 8},
                                     {"sip:a@h;user=phone", ParseCode::kBadFieldValue, 7},
                                     {"<sip:a@h> ;party=calling", ParseCode::kBadFieldValue, 10},
                                     {"sip:a@h?Subject=x", ParseCode::kBadUri, 7},
                                     {"<sip:a@h>,", ParseCode::kBadFieldValue, 9},
                                     {"<sip:a@h> x", ParseCode::kBadFieldValue, 10},
                                     {"\"open <sip:a@h>", ParseCode::kBadQuotedString, 15},
                                 });
}

TEST(IdentitiesTest, Written) {
  Identities identities;
  EXPECT_EQ(Written(identities), "refused");
  identities.tel = NameAddr{.uri = "tel:+1"};
  EXPECT_EQ(Written(identities), "<tel:+1>");
  identities.sip = NameAddr{.display_name = "Ann", .uri = "sip:a@h"};
  EXPECT_EQ(Written(identities), "Ann <sip:a@h>, <tel:+1>");
  for (const NameAddr& bad :
       {NameAddr{.uri = "tel:+2"}, NameAddr{.uri = "http://h"}, NameAddr{.uri = "sip:a@h>,<sip:b@h"},
        NameAddr{.uri = "sip:a@h", .parameters = ";x"}, NameAddr{.uri = "sip:a@h", .is_star = true},
        NameAddr{.display_name = "a\r\nX: y", .uri = "sip:a@h"},
        NameAddr{.display_name = "a, b", .uri = "sip:a@h"},
        NameAddr{.display_name = "\"a\"b\"", .uri = "sip:a@h"}}) {
    identities.sip = bad;
    EXPECT_EQ(Written(identities), "refused") << bad.display_name << bad.uri;
  }
  identities = {.sip = {}, .tel = NameAddr{.uri = "sip:a@h"}};
  EXPECT_EQ(Written(identities), "refused");
}

TEST(IdentitiesTest, Compared) {
  const Identities a{.sip = NameAddr{.uri = "sip:a@EXAMPLE.com"}, .tel = NameAddr{.uri = "tel:+1"}};
  Identities b{.sip = NameAddr{.display_name = "Ann", .uri = "sip:a@example.com"}, .tel = a.tel};
  EXPECT_TRUE(Equivalent(a, b));
  b.tel->uri = "tel:+2";
  EXPECT_FALSE(Equivalent(a, b));
  b.tel.reset();
  EXPECT_FALSE(Equivalent(a, b));
  b = a;
  b.sip->uri = "sip:A@example.com";
  EXPECT_FALSE(Equivalent(a, b));
}

}  // namespace
}  // namespace sansip
