#include "sansip/core/message/fields/call_info.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(CallInfoTest, UrisAndPurposes) {
  const auto infos = Read(ParseCallInfo,
                          "<http://www.example.com/alice/photo.jpg> ;purpose=icon,\r\n"
                          " <http://www.example.com/alice/>; x=\"a, b\" ;purpose=Info, <sip:tone@h;lr?a=b>");
  ASSERT_EQ(infos.size(), 3u);
  EXPECT_EQ(infos[0].uri, "http://www.example.com/alice/photo.jpg");
  EXPECT_EQ(PurposeOf(infos[0]), "icon");
  EXPECT_EQ(PurposeOf(infos[1]), "Info");
  EXPECT_EQ(infos[2].uri, "sip:tone@h;lr?a=b");
  EXPECT_EQ(PurposeOf(infos[2]), "");
}

TEST(CallInfoTest, Written) {
  EXPECT_EQ(Rewritten(ParseCallInfo, " <http://h/a,b> ;\r\n purpose=card , <urn:alert:x>"),
            "<http://h/a,b>; purpose=card, <urn:alert:x>");
  EXPECT_EQ(Written(CallInfo{.uri = "http://h/>, <b:c", .parameters = {}}), "refused");
  EXPECT_EQ(Written(CallInfo{.uri = "http://h/\r\n x", .parameters = {}}), "refused");
  EXPECT_EQ(Written(CallInfo{.uri = "", .parameters = {}}), "refused");
  EXPECT_EQ(Written(CallInfo{.uri = "http://h/", .parameters = ";purpose=\"x\""}), "refused");
  EXPECT_EQ(Written(CallInfo{.uri = "http://h/", .parameters = ";a=b\r\nX: y"}), "refused");
}

TEST(CallInfoTest, Malformed) {
  ExpectMalformed(ParseCallInfo, {{"", ParseCode::kBadFieldValue, 0},
                                  {"http://h/", ParseCode::kBadFieldValue, 0},
                                  {"<http://h/", ParseCode::kBadUri, 10},
                                  {"<h>", ParseCode::kBadUri, 1},
                                  {"< http://h/>", ParseCode::kBadUri, 1},
                                  {"<http://h/a b>", ParseCode::kBadUri, 11},
                                  {"<http://h/>x", ParseCode::kBadFieldValue, 11},
                                  {"<http://h/>;purpose", ParseCode::kBadParameter, 11},
                                  {"<http://h/>;purpose=\"icon\"", ParseCode::kBadParameter, 11},
                                  {"<http://h/>;purpose=a ;purpose=b", ParseCode::kRepeatedParameter, 22},
                                  {"<http://h/>, <", ParseCode::kBadUri, 14},
                                  {"<http://h/>,", ParseCode::kBadFieldValue, 11}});
}

TEST(CallInfoTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseCallInfo, "<sip:a@H>;purpose=ICON", "<sip:a@h>;purpose=icon"));
  EXPECT_FALSE(AreEquivalent(ParseCallInfo, "<http://H/>", "<http://h/>"));
  EXPECT_FALSE(AreEquivalent(ParseCallInfo, "<http://h/>;purpose=icon", "<http://h/>"));
}

}  // namespace
}  // namespace sansip
