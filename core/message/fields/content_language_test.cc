// Content-Language, Content-Encoding, option tags and Allow: lists of one word each.
#include "sansip/core/message/fields/content_language.h"

#include <array>
#include <span>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/allow.h"
#include "sansip/core/message/fields/content_encoding.h"
#include "sansip/core/message/fields/option_tag.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/core/message/writer.h"

namespace sansip {
namespace {

TEST(ContentLanguageTest, Tags) {
  EXPECT_EQ(Rewritten(ParseContentLanguage, "fr"), "fr");
  EXPECT_EQ(Rewritten(ParseContentLanguage, " fr ,\r\n de-AT, es-419 "), "fr, de-AT, es-419");
  EXPECT_TRUE(AreEquivalent(ParseContentLanguage, "de-at", "DE-AT"));
  EXPECT_FALSE(AreEquivalent(ParseContentLanguage, "de-at", "de"));
  ExpectMalformed(ParseContentLanguage, {{"", ParseCode::kBadToken, 0},
                                         {"*", ParseCode::kBadToken, 0},
                                         {"fr-", ParseCode::kBadToken, 3},
                                         {"fr-abcdefghi", ParseCode::kBadToken, 3},
                                         {"419", ParseCode::kBadToken, 0},
                                         {"fr de", ParseCode::kBadFieldValue, 3},
                                         {"fr,", ParseCode::kBadFieldValue, 2}});
  EXPECT_EQ(Written(LanguageTag{"fr, de"}), "refused");
  EXPECT_EQ(Written(LanguageTag{}), "refused");
}

TEST(ContentEncodingTest, InTheOrderApplied) {
  const auto codings = Read(ParseContentEncoding, "deflate, gzip");
  ASSERT_EQ(codings.size(), 2u);
  EXPECT_EQ(codings[0].text, "deflate");
  EXPECT_EQ(codings[1].text, "gzip");
  EXPECT_EQ(Rewritten(ParseContentEncoding, " deflate\r\n ,gzip"), "deflate, gzip");
  EXPECT_TRUE(AreEquivalent(ParseContentEncoding, "GZIP", "gzip"));
  EXPECT_FALSE(AreEquivalent(ParseContentEncoding, "gzip", "tar"));
  ExpectMalformed(ParseContentEncoding, {{"", ParseCode::kBadToken, 0},
                                         {"gzip;q=1", ParseCode::kBadFieldValue, 4},
                                         {"gzip,", ParseCode::kBadFieldValue, 4}});
  EXPECT_EQ(Written(ContentCoding{"a;b"}), "refused");
}

TEST(OptionTagTest, Tokens) {
  EXPECT_EQ(Rewritten(ParseOptionTag, "100rel ,timer,\r\n replaces"), "100rel, timer, replaces");
  EXPECT_TRUE(AreEquivalent(ParseOptionTag, "100REL", "100rel"));
  EXPECT_FALSE(AreEquivalent(ParseOptionTag, "100rel", "timer"));
  ExpectMalformed(ParseOptionTag, {{"", ParseCode::kBadToken, 0},
                                   {"a b", ParseCode::kBadFieldValue, 2},
                                   {"a, \"b\"", ParseCode::kBadToken, 3}});
  EXPECT_EQ(Written(OptionTag{"a, b"}), "refused");
}

TEST(AllowTest, MethodsAreCaseSensitive) {
  const auto methods = Read(ParseAllow, "INVITE, ACK, invite");
  ASSERT_EQ(methods.size(), 3u);
  EXPECT_EQ(methods[0].method, Method::kInvite);
  EXPECT_EQ(methods[2].method, Method::kExtension);
  EXPECT_EQ(Rewritten(ParseAllow, "INVITE,ACK ,FOO"), "INVITE, ACK, FOO");
  EXPECT_FALSE(AreEquivalent(ParseAllow, "INVITE", "invite"));
  EXPECT_TRUE(AreEquivalent(ParseAllow, "FOO", "FOO"));
  ExpectMalformed(ParseAllow, {{"", ParseCode::kBadToken, 0}, {"A,,B", ParseCode::kBadToken, 2}});
  EXPECT_EQ(Written(AllowedMethod{.text = "A B"}), "refused");
}

TEST(AllowTest, AListIntoAMessage) {
  std::array<char, 64> storage;
  Writer writer(storage);
  const std::array<AllowedMethod, 2> methods = {AllowedMethod{.method = Method::kInvite, .text = "INVITE"},
                                                AllowedMethod{.method = Method::kAck, .text = "ACK"}};
  writer.Field(HeaderId::kAllow, std::span<const AllowedMethod>(methods));
  EXPECT_EQ(writer.text(), "Allow: INVITE, ACK\r\n");
}

}  // namespace
}  // namespace sansip
