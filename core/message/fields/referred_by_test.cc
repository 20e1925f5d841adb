#include "sansip/core/message/fields/referred_by.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(ReferredByTest, EveryPart) {
  const ReferredBy field =
      Read(ParseReferredBy, "\"R\" <sip:r@ref.example;x> ; a=b;CID = \"20398823.2UWQFN@ref.example\" ; c");
  EXPECT_EQ(field.address.display_name, "\"R\"");
  EXPECT_EQ(field.address.uri, "sip:r@ref.example;x");
  EXPECT_EQ(field.cid, "20398823.2UWQFN@ref.example");
  EXPECT_EQ(Parameter(field.address.parameters, "c"), "");
}

TEST(ReferredByTest, LeastAndFolded) {
  EXPECT_EQ(Read(ParseReferredBy, "sip:r@ref.example").cid, "");
  EXPECT_EQ(Read(ParseReferredBy, "sip:r@ref.example;cid=\"2UWQ@ref.example\"").cid, "2UWQ@ref.example");
  EXPECT_EQ(Read(ParseReferredBy, " <sip:r@h>\r\n ;cid\r\n =\r\n \"a@b\"\r\n ").cid, "a@b");
  EXPECT_EQ(Read(ParseReferredBy, "<sip:r@h>;cid=\"a!b@[2001:db8::1]\"").cid, "a!b@[2001:db8::1]");
}

TEST(ReferredByTest, Malformed) {
  ExpectMalformed(ParseReferredBy,
                  {
                      {"", ParseCode::kBadUri, 0},
                      {"*", ParseCode::kBadFieldValue, 1},
                      {"<sip:a@h>, <sip:b@h>", ParseCode::kBadFieldValue, 11},
                      {"<sip:a@h>;cid", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=a", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"<a@b>\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a@b@c\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a..b@c\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\".a@c\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a@c..\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a@\"", ParseCode::kBadParameter, 9},
                      {"<sip:a@h>;cid=\"a@b", ParseCode::kBadQuotedString, 18},
                      {" <sip:a@h>;x;cid=\"a@b\";cid=\"a@b\"", ParseCode::kRepeatedParameter, 22},
                  });
}

TEST(ReferredByTest, Written) {
  EXPECT_EQ(Rewritten(ParseReferredBy, "sip:r@h;x=y"), "<sip:r@h>;x=y");
  EXPECT_EQ(Rewritten(ParseReferredBy, "R <sips:r@h>;a ; cid=\"1.2@h\";b=\"c\""),
            "R <sips:r@h>;cid=\"1.2@h\";a;b=\"c\"");
  EXPECT_EQ(Written(ReferredBy{.address = {.uri = "sip:r@h", .parameters = ";a"}, .cid = "1@h"}),
            "<sip:r@h>;cid=\"1@h\";a");
  for (const std::string_view cid : {"1", "1@h\"", "1@h\r\nX: y", "1@h,2", "1@h;x", "<1@h>", "1 @h"}) {
    EXPECT_EQ(Written(ReferredBy{.address = {.uri = "sip:r@h"}, .cid = cid}), "refused") << cid;
  }
  EXPECT_EQ(Written(ReferredBy{.address = {.is_star = true}}), "refused");
  EXPECT_EQ(Written(ReferredBy{.address = {.uri = "r@h"}}), "refused");
}

TEST(ReferredByTest, Compared) {
  EXPECT_TRUE(AreEquivalent(ParseReferredBy, "sip:r@h;a=b;cid=\"1@h\"", "X <sip:r@H>;CID=\"1@h\";A=B"));
  EXPECT_FALSE(AreEquivalent(ParseReferredBy, "sip:r@h;cid=\"a@h\"", "sip:r@h;cid=\"A@h\""));
  EXPECT_FALSE(AreEquivalent(ParseReferredBy, "sip:r@h;cid=\"a@h\"", "sip:r@h"));
  EXPECT_FALSE(AreEquivalent(ParseReferredBy, "sip:r@h", "sip:q@h"));
  EXPECT_FALSE(AreEquivalent(ParseReferredBy, "sip:r@h;a", "sip:r@h"));
}

}  // namespace
}  // namespace sansip
