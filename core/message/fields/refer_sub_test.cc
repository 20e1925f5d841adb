#include "sansip/core/message/fields/refer_sub.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(ReferSubTest, TrueOrFalse) {
  EXPECT_FALSE(Read(ParseReferSub, "false").subscribes);
  EXPECT_TRUE(Read(ParseReferSub, " True\r\n ; x = y ").subscribes);
  EXPECT_EQ(Read(ParseReferSub, "FALSE;x;y=\"z\"").parameters, ";x;y=\"z\"");
  EXPECT_TRUE(ReferSub().subscribes);
}

TEST(ReferSubTest, Malformed) {
  ExpectMalformed(ParseReferSub, {
                                     {"", ParseCode::kBadToken, 0},
                                     {" no", ParseCode::kBadToken, 1},
                                     {"falsex", ParseCode::kBadToken, 0},
                                     {"\"false\"", ParseCode::kBadToken, 0},
                                     {"false, true", ParseCode::kBadFieldValue, 5},
                                     {"false true", ParseCode::kBadFieldValue, 6},
                                     {"false;", ParseCode::kBadParameter, 6},
                                 });
}

TEST(ReferSubTest, WrittenAndCompared) {
  EXPECT_EQ(Rewritten(ParseReferSub, "TRUE"), "true");
  EXPECT_EQ(Rewritten(ParseReferSub, "false ; a=\"b\r\n c\""), "false; a=\"b c\"");
  EXPECT_EQ(Written(ReferSub{.subscribes = false}), "false");
  EXPECT_EQ(Written(ReferSub{.subscribes = false, .parameters = ";a, true"}), "refused");
  EXPECT_EQ(Written(ReferSub{.subscribes = false, .parameters = ";a\r\nX: y"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseReferSub, "false;a;b=c", "FALSE;B=C;A"));
  EXPECT_FALSE(AreEquivalent(ParseReferSub, "false", "true"));
  EXPECT_FALSE(AreEquivalent(ParseReferSub, "false;a", "false"));
}

}  // namespace
}  // namespace sansip
