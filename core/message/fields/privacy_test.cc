#include "sansip/core/message/fields/privacy.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(PrivacyTest, Values) {
  EXPECT_EQ(Read(ParsePrivacy, "id").values, kPrivacyId);
  const Privacy all = Read(ParsePrivacy, "Header;SESSION ; user\r\n ;id;history;critical;odd");
  EXPECT_EQ(all.values, kPrivacyHeader | kPrivacySession | kPrivacyUser | kPrivacyId | kPrivacyHistory |
                            kPrivacyCritical);
  ASSERT_EQ(all.extension_count, 1u);
  EXPECT_EQ(all.extensions[0], "odd");
  EXPECT_EQ(Read(ParsePrivacy, " none ").values, kPrivacyNone);
  EXPECT_EQ(Read(ParsePrivacy, "none;id").values, kPrivacyNone | kPrivacyId);
}

// RFC 3323, erratum 5184
TEST(PrivacyTest, CommasSeparateAndLinesAddUp) {
  EXPECT_EQ(Read(ParsePrivacy, "header, id").values, kPrivacyHeader | kPrivacyId);
  const Parsed parsed(RequestWith({"Privacy: header;odd", "Privacy: id"}));
  Privacy privacy;
  ASSERT_TRUE(PrivacyOf(parsed.view(), privacy));
  EXPECT_EQ(privacy.values, kPrivacyHeader | kPrivacyId);
  EXPECT_EQ(privacy.extension_count, 1u);
  EXPECT_FALSE(PrivacyOf(Parsed(RequestWith({})).view(), privacy));
  EXPECT_FALSE(PrivacyOf(Parsed(RequestWith({"Privacy: id", "Privacy: ;"})).view(), privacy));
}

TEST(PrivacyTest, Malformed) {
  ExpectMalformed(ParsePrivacy, {
                                    {"", ParseCode::kBadToken, 0},
                                    {"id;", ParseCode::kBadToken, 3},
                                    {";id", ParseCode::kBadToken, 0},
                                    {"id;;user", ParseCode::kBadToken, 3},
                                    {"id user", ParseCode::kBadFieldValue, 3},
                                    {"id=1", ParseCode::kBadFieldValue, 2},
                                    {"id;user; ID", ParseCode::kRepeatedParameter, 9},
                                    {"odd;Odd", ParseCode::kRepeatedParameter, 4},
                                    {"1;2;3;4;5;6;7;8;9", ParseCode::kBadFieldValue, 16},
                                });
  EXPECT_EQ(Read(ParsePrivacy, "1;2;3;4;5;6;7;8").extension_count, kPrivacyExtensionsMax);
}

TEST(PrivacyTest, Written) {
  EXPECT_EQ(Rewritten(ParsePrivacy, "none"), "none");
  EXPECT_EQ(Rewritten(ParsePrivacy, "critical;user, header ;odd;session"),
            "odd;header;session;user;critical");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyCritical | kPrivacyId | kPrivacyHeader}), "header;id;critical");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyCritical, .extensions = {"odd"}, .extension_count = 1}),
            "odd;critical");
  EXPECT_EQ(Written(Privacy{}), "refused");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyCritical}), "refused");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyNone | kPrivacyId}), "refused");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyNone | kPrivacyCritical}), "refused");
  EXPECT_EQ(Written(Privacy{.values = kPrivacyNone, .extensions = {"odd"}, .extension_count = 1}), "refused");
  for (const std::string_view name : {"a;b", "a,b", "a b", "", "a\r\nX: y"}) {
    EXPECT_EQ(Written(Privacy{.extensions = {name}, .extension_count = 1}), "refused") << name;
  }
}

TEST(PrivacyTest, Compared) {
  EXPECT_TRUE(AreEquivalent(ParsePrivacy, "id;odd;user;even", "USER;Even;ID;ODD"));
  EXPECT_FALSE(AreEquivalent(ParsePrivacy, "id", "user"));
  EXPECT_FALSE(AreEquivalent(ParsePrivacy, "id;odd", "id"));
  EXPECT_FALSE(AreEquivalent(ParsePrivacy, "id;odd", "id;even"));
}

}  // namespace
}  // namespace sansip
