#include "sansip/core/message/fields/geolocation.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(GeolocationTest, LocationValues) {
  const auto values =
      Read(ParseLocationValue,
           " <cid:who@h.example>\r\n ,<sips:loc@ls.example;x=y?a=b> ; p=\"a, b\",<https://[::1]/x,y>");
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].uri, "cid:who@h.example");
  EXPECT_EQ(values[0].parameters, "");
  EXPECT_EQ(values[1].uri, "sips:loc@ls.example;x=y?a=b");
  EXPECT_EQ(values[1].parameters, "; p=\"a, b\"");
  EXPECT_EQ(values[2].uri, "https://[::1]/x,y");
}

TEST(GeolocationTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseLocationValue, " <cid:a@h>;x=y , <pres:b@h>"), "<cid:a@h>;x=y, <pres:b@h>");
  for (std::string_view uri : {"", "a", "cid:", "cid:a>", "cid:a\r\n", "cid:a b", "sip:a@h>,<sip:b@h"}) {
    EXPECT_EQ(Written(LocationValue{.uri = uri}), "refused") << uri;
  }
  EXPECT_EQ(Written(LocationValue{.uri = "cid:a", .parameters = "x"}), "refused");
}

TEST(GeolocationTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseLocationValue, "<sip:a@H>;x=Y", "<sip:a@h>;X=y"));
  EXPECT_FALSE(AreEquivalent(ParseLocationValue, "<sip:a@h>", "<sip:b@h>"));
  EXPECT_FALSE(AreEquivalent(ParseLocationValue, "<sip:a@h>;x", "<sip:a@h>"));
}

TEST(GeolocationTest, Malformed) {
  ExpectMalformed(ParseLocationValue, {{"", ParseCode::kBadFieldValue, 0},
                                       {" cid:a@h", ParseCode::kBadFieldValue, 1},
                                       {"\"x\" <cid:a@h>", ParseCode::kBadFieldValue, 0},
                                       {"<cid:a@h", ParseCode::kBadUri, 8},
                                       {"<>", ParseCode::kBadUri, 1},
                                       {"<cid:>", ParseCode::kBadUri, 5},
                                       {"<sip:a b@h>", ParseCode::kBadUri, 6},
                                       {"<cid:a> x", ParseCode::kBadFieldValue, 8},
                                       {"<cid:a>;", ParseCode::kBadParameter, 8},
                                       {"<cid:a>,", ParseCode::kBadFieldValue, 7},
                                       {"<cid:a>, <b>", ParseCode::kBadUri, 10}});
}

TEST(GeolocationRoutingTest, YesIsYesAndAllElseIsNo) {
  EXPECT_TRUE(AllowsRouting(Read(ParseGeolocationRouting, " YES ")));
  EXPECT_FALSE(AllowsRouting(Read(ParseGeolocationRouting, "no")));
  EXPECT_FALSE(AllowsRouting(Read(ParseGeolocationRouting, "yes\r\n = \"x\"")));
  EXPECT_FALSE(AllowsRouting(Read(ParseGeolocationRouting, "perhaps")));
  EXPECT_FALSE(AllowsRouting(GeolocationRouting{}));
  EXPECT_TRUE(AllowsRouting(Parsed(RequestWith({"Geolocation-Routing: yes"})).view()));
  EXPECT_FALSE(AllowsRouting(Parsed(RequestWith({"Geolocation-Routing: yes;x"})).view()));
  EXPECT_FALSE(AllowsRouting(Parsed(RequestWith({"Geolocation: <cid:a@h>"})).view()));
  EXPECT_EQ(Parsed(RequestWith({"Geolocation-Routing: yes", "Geolocation-Routing: no"})).code(),
            ParseCode::kRepeatedHeader);
}

TEST(GeolocationRoutingTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseGeolocationRouting, "yes"), "yes");
  EXPECT_EQ(Rewritten(ParseGeolocationRouting, "a = \"b;c\""), "a=\"b;c\"");
  EXPECT_EQ(Written(GeolocationRouting{}), "no");
  EXPECT_EQ(Written(GeolocationRouting{.name = "yes\r\n"}), "refused");
  EXPECT_EQ(Written(GeolocationRouting{.name = "a", .value = "b, c", .has_value = true}), "refused");
  EXPECT_EQ(Written(GeolocationRouting{.name = "a", .value = "", .has_value = true}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseGeolocationRouting, "YES", "yes"));
  EXPECT_FALSE(AreEquivalent(ParseGeolocationRouting, "a", "a=b"));
  ExpectMalformed(ParseGeolocationRouting, {{"", ParseCode::kBadToken, 0},
                                            {" ;", ParseCode::kBadToken, 1},
                                            {"yes, no", ParseCode::kBadFieldValue, 3},
                                            {"yes;a", ParseCode::kBadFieldValue, 3},
                                            {"a=", ParseCode::kBadParameter, 2},
                                            {"a=\"b", ParseCode::kBadQuotedString, 4}});
}

TEST(GeolocationErrorTest, CodeAndText) {
  const auto error = Read(ParseGeolocationError, " 200 ;\r\n Code = \"May \\\"we\\\"?\";x");
  EXPECT_EQ(error.code, 200);
  EXPECT_EQ(error.text, "May \\\"we\\\"?");
  EXPECT_EQ(Read(ParseGeolocationError, "7").code, 7);
  EXPECT_EQ(Read(ParseGeolocationError, "300").text, std::nullopt);
}

TEST(GeolocationErrorTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseGeolocationError, "100;x=y ; code=\"a, b\""), "100;code=\"a, b\";x=y");
  EXPECT_EQ(Written(GeolocationError{.code = 1000}), "refused");
  EXPECT_EQ(Written(GeolocationError{.code = 100, .text = "a\"b"}), "refused");
  EXPECT_EQ(Written(GeolocationError{.code = 100, .text = "a\r\nX: y"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseGeolocationError, "100;CODE=\"a\"", "100;code=\"\\a\""));
  EXPECT_FALSE(AreEquivalent(ParseGeolocationError, "100;code=\"a\"", "100;code=\"A\""));
  EXPECT_FALSE(AreEquivalent(ParseGeolocationError, "100", "100;code=\"\""));
  EXPECT_FALSE(AreEquivalent(ParseGeolocationError, "100", "101"));
}

TEST(GeolocationErrorTest, Malformed) {
  ExpectMalformed(ParseGeolocationError, {{"", ParseCode::kBadNumber, 0},
                                          {" x", ParseCode::kBadNumber, 1},
                                          {"1000", ParseCode::kBadNumber, 0},
                                          {"100, 200", ParseCode::kBadFieldValue, 3},
                                          {"100;code", ParseCode::kBadParameter, 3},
                                          {"100;code=a", ParseCode::kBadParameter, 3},
                                          {"100;code=\"a\";code=\"a\"", ParseCode::kRepeatedParameter, 12},
                                          {"100;code=\"a", ParseCode::kBadQuotedString, 11}});
}

}  // namespace
}  // namespace sansip
