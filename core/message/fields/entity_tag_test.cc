#include "sansip/core/message/fields/entity_tag.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(EntityTagTest, OneOpaqueToken) {
  EXPECT_EQ(Read(ParseEntityTag, "dx200xyz").text, "dx200xyz");
  EXPECT_EQ(Written(Read(ParseEntityTag, " Dx200Xyz\r\n ")), "Dx200Xyz");
  EXPECT_EQ(Read(ParseEntityTag, "*").text, "*");  // a tag like any other
  ExpectMalformed(ParseEntityTag, {
                                      {"", ParseCode::kBadToken, 0},
                                      {"\"x\"", ParseCode::kBadToken, 0},
                                      {"W/\"x\"", ParseCode::kBadFieldValue, 1},
                                      {"a, b", ParseCode::kBadFieldValue, 1},
                                      {"a b", ParseCode::kBadFieldValue, 2},
                                      {"a;b", ParseCode::kBadFieldValue, 1},
                                  });
  EXPECT_TRUE(AreEquivalent(ParseEntityTag, "a", " a "));
  EXPECT_FALSE(AreEquivalent(ParseEntityTag, "a", "A"));
  SANSIP_SHOWS("3903-8.1-1");
}

TEST(EntityTagTest, NothingElseIsWritten) {
  EXPECT_EQ(Rewritten(ParseEntityTag, " 12345 "), "12345");
  for (const std::string_view text : {"", "a b", "a,b", "\"a\"", "a\r\nX: y"}) {
    EXPECT_EQ(Written(EntityTag{text}), "refused") << text;
  }
}

}  // namespace
}  // namespace sansip
