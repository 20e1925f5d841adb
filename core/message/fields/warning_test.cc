#include "sansip/core/message/fields/warning.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(WarningTest, CodeAgentAndText) {
  const auto warnings = Read(ParseWarning,
                             "307 isi.example \"Session parameter 'foo' not understood\",\r\n"
                             " 301 [2001:db8::1]:5061 \"a, \\\"b\\\"\" , 399 x_y \"\"");
  ASSERT_EQ(warnings.size(), 3u);
  EXPECT_EQ(warnings[0].code, 307);
  EXPECT_EQ(warnings[0].agent, "isi.example");
  EXPECT_EQ(warnings[0].text, "Session parameter 'foo' not understood");
  EXPECT_EQ(warnings[1].agent, "[2001:db8::1]:5061");
  EXPECT_EQ(warnings[1].text, "a, \\\"b\\\"");
  EXPECT_EQ(warnings[2].agent, "x_y");
  EXPECT_EQ(warnings[2].text, "");
}

TEST(WarningTest, Written) {
  EXPECT_EQ(Rewritten(ParseWarning, " 307\r\n h:5060\t\"a\r\n b\\\\\" ,000 [::1] \"\""),
            "307 h:5060 \"a b\\\\\", 000 [::1] \"\"");
  EXPECT_EQ(Written(Warning{.code = 1000, .agent = "h", .text = {}}), "refused");
  EXPECT_EQ(Written(Warning{.code = 399, .agent = "h x", .text = {}}), "refused");
  EXPECT_EQ(Written(Warning{.code = 399, .agent = "", .text = {}}), "refused");
  EXPECT_EQ(Written(Warning{.code = 399, .agent = "h", .text = "a\", 300 h \"b"}), "refused");
  EXPECT_EQ(Written(Warning{.code = 399, .agent = "h", .text = "a\\"}), "refused");
  EXPECT_EQ(Written(Warning{.code = 399, .agent = "h", .text = "a\r\nX: y"}), "refused");
}

TEST(WarningTest, Malformed) {
  ExpectMalformed(ParseWarning, {{"", ParseCode::kBadNumber, 0},
                                 {"1812 overture \"In Progress\"", ParseCode::kBadNumber, 0},
                                 {"39 h \"x\"", ParseCode::kBadNumber, 0},
                                 {"399", ParseCode::kBadFieldValue, 3},
                                 {"399h \"x\"", ParseCode::kBadFieldValue, 3},
                                 {"399 \"x\"", ParseCode::kBadHost, 4},
                                 {"399 h:0 \"x\"", ParseCode::kBadHost, 6},
                                 {"399 h_:5060 \"x\"", ParseCode::kBadHost, 6},
                                 {"399 [::1 \"x\"", ParseCode::kBadHost, 4},
                                 {"399 h", ParseCode::kBadFieldValue, 5},
                                 {"399 h x", ParseCode::kBadQuotedString, 6},
                                 {"399 h \"x", ParseCode::kBadQuotedString, 8},
                                 {"399 h \"x\" y", ParseCode::kBadFieldValue, 10},
                                 {"399 h \"x\",", ParseCode::kBadFieldValue, 9},
                                 {"399 h \"x\", 399", ParseCode::kBadFieldValue, 14}});
}

TEST(WarningTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseWarning, "399 H \"a\\b\"", "399 h \"ab\""));
  EXPECT_FALSE(AreEquivalent(ParseWarning, "399 h \"a\"", "399 h \"A\""));
  EXPECT_FALSE(AreEquivalent(ParseWarning, "399 h \"a\"", "398 h \"a\""));
  EXPECT_FALSE(AreEquivalent(ParseWarning, "399 h \"a\"", "399 i \"a\""));
}

}  // namespace
}  // namespace sansip
