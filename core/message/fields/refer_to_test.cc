#include "sansip/core/message/fields/refer_to.h"

#include <array>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/fields/replaces.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

Method MethodOf(std::string_view value) {
  std::string_view text;
  return ReferredMethod(Read(ParseReferTo, value), text);
}

TEST(ReferToTest, AnyUri) {
  EXPECT_EQ(Read(ParseReferTo, "sip:alice@atlanta.example.com").address.uri, "sip:alice@atlanta.example.com");
  EXPECT_EQ(Read(ParseReferTo, "http://www.example.org").address.uri, "http://www.example.org");
  const ReferTo refer_to = Read(ParseReferTo, " \"Al\"\r\n <sip:a@h;x?y=z>\r\n ; a = b ");
  EXPECT_EQ(refer_to.address.display_name, "\"Al\"");
  EXPECT_EQ(refer_to.address.uri, "sip:a@h;x?y=z");
  EXPECT_EQ(Parameter(refer_to.address.parameters, "a"), "b");
}

TEST(ReferToTest, Method) {
  EXPECT_EQ(MethodOf("sip:a@h"), Method::kInvite);
  EXPECT_EQ(MethodOf("sip:a@h;method=BYE"), Method::kInvite);  // a parameter of the field
  EXPECT_EQ(MethodOf("<sip:carol@cleveland.example.org;method=SUBSCRIBE>"), Method::kSubscribe);
  EXPECT_EQ(MethodOf("<sip:a@h;METHOD=INV%49TE>"), Method::kInvite);
  EXPECT_EQ(MethodOf("<sip:a@h;method=invite>"), Method::kExtension);
  std::string_view text;
  EXPECT_EQ(ReferredMethod(Read(ParseReferTo, "<sip:a@h;method=FOO>"), text), Method::kExtension);
  EXPECT_EQ(text, "FOO");
}

TEST(ReferToTest, EmbeddedReplacesAndCallId) {
  const Parsed parsed(
      RequestWith({"r: <sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3B"
                   "to-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Call-ID=55432%40alicepc.example.com>"}));
  ASSERT_TRUE(parsed.ok());
  const ReferTo refer_to = Read(ParseReferTo, *parsed.view().First(HeaderId::kReferTo));
  std::array<char, 128> storage;
  const auto value = EmbeddedField(refer_to, HeaderId::kReplaces, storage);
  ASSERT_TRUE(value);
  const Replaces replaces = Read(ParseReplaces, *value);
  EXPECT_EQ(replaces.call_id, "12345@192.168.118.3");
  EXPECT_EQ(replaces.to_tag, "12345");
  EXPECT_EQ(replaces.from_tag, "5FFE-3994");
  EXPECT_EQ(EmbeddedField(refer_to, HeaderId::kCallId, storage), "55432@alicepc.example.com");
  EXPECT_EQ(MethodOf("<sip:a@h;method=BYE?Call-ID=x>"), Method::kBye);
  SANSIP_SHOWS("3515-2.1-1");
}

TEST(ReferToTest, EmbeddedFieldsThatAreNotThereOrDangerous) {
  std::array<char, 8> storage;
  const auto embedded = [&storage](std::string_view value) {
    return EmbeddedField(Read(ParseReferTo, value), HeaderId::kReplaces, storage);
  };
  EXPECT_EQ(embedded("<sip:a@h?replaces=12345678>"), "12345678");
  EXPECT_EQ(embedded("<sip:a@h?re%70laces=%31>"), "1");
  EXPECT_EQ(embedded("<sip:a@h?Replaces=>"), "");
  EXPECT_EQ(embedded("<sip:a@h?Replaces=1&Replaces=2>"), "1");
  EXPECT_EQ(embedded("<sip:a@h?Replaces=123456789>"), std::nullopt);
  EXPECT_EQ(embedded("<sip:a@h?Replacesx=1>"), std::nullopt);
  EXPECT_EQ(embedded("<sip:a@h>"), std::nullopt);
  EXPECT_EQ(embedded("http://h"), std::nullopt);
  EXPECT_EQ(embedded("<sip:a@h?Replaces=a%0D%0AX:y>"), std::nullopt);
  EXPECT_EQ(embedded("<sip:a@h?Replaces=a%00b>"), std::nullopt);
}

TEST(ReferToTest, Malformed) {
  ExpectMalformed(ParseReferTo, {
                                    {"", ParseCode::kBadUri, 0},
                                    {"*", ParseCode::kBadFieldValue, 1},
                                    {"<sip:a@h>, <sip:b@h>", ParseCode::kBadFieldValue, 11},
                                    {"<sip:a@h>,", ParseCode::kBadFieldValue, 9},
                                    {"sip:a@h?Replaces=x", ParseCode::kBadUri, 7},
                                    {"<sip:a@h?Replaces>", ParseCode::kBadUri, 17},
                                    {"<sip:a@h> <sip:b@h>", ParseCode::kBadFieldValue, 10},
                                    {"<sip:a@h>;", ParseCode::kBadParameter, 10},
                                });
}

TEST(ReferToTest, Written) {
  EXPECT_EQ(Rewritten(ParseReferTo, "sip:a@h;x"), "<sip:a@h>;x");
  EXPECT_EQ(Rewritten(ParseReferTo, "\"A, B\" <sip:a@h;method=BYE?Replaces=a%3Bb>;y=z"),
            "\"A, B\" <sip:a@h;method=BYE?Replaces=a%3Bb>;y=z");
  EXPECT_EQ(Rewritten(ParseReferTo, "tel:+1"), "<tel:+1>");
  EXPECT_EQ(Written(ReferTo{.address = {.uri = "sip:a@h?Replaces=x"}}), "<sip:a@h?Replaces=x>");
  EXPECT_EQ(Written(ReferTo{.address = {.is_star = true}}), "refused");
  EXPECT_EQ(Written(ReferTo{.address = {.uri = "sip:a@h>"}}), "refused");
  EXPECT_EQ(Written(ReferTo{.address = {.uri = "sip:a@h\r\nX: y"}}), "refused");
  EXPECT_EQ(Written(ReferTo{.address = {.uri = "sip:a@h", .parameters = ", <sip:b@h>"}}), "refused");
}

TEST(ReferToTest, Compared) {
  EXPECT_TRUE(AreEquivalent(ParseReferTo, "sip:a@h;x=Y", "\"A\" <sip:%61@H>;X=y"));
  EXPECT_FALSE(AreEquivalent(ParseReferTo, "sip:a@h", "<sip:a@h;method=BYE>"));
  EXPECT_FALSE(AreEquivalent(ParseReferTo, "sip:a@h", "<sip:a@h?Replaces=x>"));
  EXPECT_FALSE(AreEquivalent(ParseReferTo, "sip:a@h", "sip:a@h;x"));
}

}  // namespace
}  // namespace sansip
