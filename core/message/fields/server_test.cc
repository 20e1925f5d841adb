#include "sansip/core/message/fields/server.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/comment.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(ServerTest, ProductsAndComments) {
  const auto vals = Read(ParseServer, "Home/v2 (a (b) \\) c) Softphone Beta1.5");
  ASSERT_EQ(vals.size(), 4u);
  EXPECT_EQ(vals[0].product, "Home");
  EXPECT_EQ(vals[0].version, "v2");
  EXPECT_EQ(vals[1].product, "");
  EXPECT_EQ(vals[1].comment, "(a (b) \\) c)");
  EXPECT_EQ(vals[3].product, "Beta1.5");
  EXPECT_EQ(vals[3].version, "");
}

TEST(ServerTest, AsMetInTheWild) {
  for (std::string_view value : {"Asterisk PBX 1.8.10~dfsg-1"sv, "a/1.0(b)"sv, "(only a comment)"sv,
                                 "(a)(b)"sv, "(a)b"sv, "SIP-T46G 28.80.0.95 "sv}) {
    EXPECT_FALSE(Read(ParseServer, value).empty()) << value;
  }
}

TEST(ServerTest, Written) {
  EXPECT_EQ(Rewritten(ParseServer, " a\r\n / b  (c\r\n  d)\te "), "a/b, (c d), e");
  EXPECT_EQ(Written(ServerVal{.product = "a b", .version = {}, .comment = {}}), "refused");
  EXPECT_EQ(Written(ServerVal{.product = "a", .version = "b\r\nX: y", .comment = {}}), "refused");
  EXPECT_EQ(Written(ServerVal{}), "refused");
  for (std::string_view comment :
       {"a"sv, "(a"sv, "(a))"sv, "(a) b"sv, "(a\\)"sv, "(a\r\nX: y)"sv, "(\x01)"sv, "(\\\xC3\xA4)"sv}) {
    EXPECT_EQ(Written(ServerVal{.product = {}, .version = {}, .comment = comment}), "refused") << comment;
  }
}

TEST(ServerTest, Malformed) {
  ExpectMalformed(ParseServer, {{"", ParseCode::kBadToken, 0},
                                {"a/", ParseCode::kBadToken, 2},
                                {"a/b/c", ParseCode::kBadFieldValue, 3},
                                {"/b", ParseCode::kBadToken, 0},
                                {"a@b", ParseCode::kBadFieldValue, 1},
                                {"a, b", ParseCode::kBadFieldValue, 1},
                                {"a (b", ParseCode::kBadFieldValue, 4},
                                {"a (\\", ParseCode::kBadFieldValue, 3},
                                {"a b)", ParseCode::kBadFieldValue, 3}});
}

TEST(ServerTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseServer, "A/B", "a / b"));
  EXPECT_FALSE(AreEquivalent(ParseServer, "a/b", "a"));
  EXPECT_TRUE(AreEquivalent(ParseServer, "(a\r\n b)", "(a \\b)"));
  EXPECT_FALSE(AreEquivalent(ParseServer, "(a)", "(A)"));
}

TEST(CommentTest, DeepNestingCostsNothing) {
  std::string text(50000, '(');
  Cursor open(text);
  std::string_view comment;
  EXPECT_FALSE(TakeComment(open, comment));
  EXPECT_TRUE(open.AtEnd());
  text += std::string(50000, ')') + "x";
  Cursor closed(text);
  ASSERT_TRUE(TakeComment(closed, comment));
  EXPECT_EQ(comment.size(), 100000u);
  EXPECT_EQ(closed.rest(), "x");
}

}  // namespace
}  // namespace sansip
