#include "sansip/core/message/fields/p_network.h"

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(VisitedNetworkTest, TokensAndQuotedStrings) {
  const auto networks = Read(ParseVisitedNetwork, " other.example\r\n ;a=b, \"Network \\\"7\\\", north\" ;c");
  ASSERT_EQ(networks.size(), 2u);
  EXPECT_EQ(networks[0].id, "other.example");
  EXPECT_EQ(networks[0].parameters, ";a=b");
  EXPECT_EQ(networks[1].id, "\"Network \\\"7\\\", north\"");
  EXPECT_EQ(networks[1].parameters, ";c");
}

TEST(VisitedNetworkTest, WrittenReadAgainAndCompared) {
  EXPECT_EQ(Rewritten(ParseVisitedNetwork, "a;x , \"b, c\""), "a;x, \"b, c\"");
  for (std::string_view id : {"", "a b", "a,b", "\"", "\"a", "\"a\"b\"", "\"a\r\nX: y\""}) {
    EXPECT_EQ(Written(VisitedNetwork{.id = id}), "refused") << id;
  }
  EXPECT_TRUE(AreEquivalent(ParseVisitedNetwork, "Net;x", "net;X"));
  EXPECT_TRUE(AreEquivalent(ParseVisitedNetwork, "\"a\\b\"", "\"ab\""));
  EXPECT_FALSE(AreEquivalent(ParseVisitedNetwork, "\"Net\"", "\"net\""));
  EXPECT_FALSE(AreEquivalent(ParseVisitedNetwork, "net", "net;x"));
}

TEST(VisitedNetworkTest, Malformed) {
  ExpectMalformed(ParseVisitedNetwork, {{"", ParseCode::kBadToken, 0},
                                        {" ;x", ParseCode::kBadToken, 1},
                                        {"\"a", ParseCode::kBadQuotedString, 2},
                                        {"a b", ParseCode::kBadFieldValue, 2},
                                        {"a;", ParseCode::kBadParameter, 2},
                                        {"a,", ParseCode::kBadFieldValue, 1}});
}

TEST(AccessNetworkTest, AnyTypeAndAnyInfo) {
  const auto networks = Read(
      ParseAccessNetwork,
      "3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11 , IEEE-802.11 ;\r\n i-wlan-node-id = ffeeddccbbaa"
      " ;Network-Provided;local-time-zone=\"UTC+01:00\",7GPP-NEW;new-info");
  ASSERT_EQ(networks.size(), 3u);
  EXPECT_EQ(networks[0].type, "3GPP-E-UTRAN-FDD");
  EXPECT_EQ(Parameter(networks[0].parameters, "utran-cell-id-3gpp"), "234151D0FCE11");
  EXPECT_FALSE(networks[0].is_network_provided);
  EXPECT_TRUE(networks[1].is_network_provided);
  EXPECT_EQ(Parameter(networks[1].parameters, "local-time-zone"), "\"UTC+01:00\"");
  EXPECT_EQ(networks[2].type, "7GPP-NEW");
}

TEST(AccessNetworkTest, WrittenReadAgainAndCompared) {
  EXPECT_EQ(Rewritten(ParseAccessNetwork, "ADSL2+ ;network-provided; dsl-location=\"a,b\""),
            "ADSL2+;dsl-location=\"a,b\";network-provided");
  EXPECT_EQ(Written(AccessNetwork{.type = "GSTN", .is_network_provided = true}), "GSTN;network-provided");
  EXPECT_EQ(Written(AccessNetwork{.type = "GSTN;x"}), "refused");
  EXPECT_EQ(Written(AccessNetwork{.type = "GSTN", .parameters = ";a=b, x"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseAccessNetwork, "gpon;a=1;b", "GPON;B;a=1"));
  EXPECT_FALSE(AreEquivalent(ParseAccessNetwork, "GPON", "GPON;network-provided"));
  EXPECT_FALSE(AreEquivalent(ParseAccessNetwork, "GPON", "ADSL"));
  EXPECT_FALSE(AreEquivalent(ParseAccessNetwork, "GPON;a", "GPON;b"));
}

TEST(AccessNetworkTest, Malformed) {
  ExpectMalformed(ParseAccessNetwork,
                  {{"", ParseCode::kBadToken, 0},
                   {"\"GSTN\"", ParseCode::kBadToken, 0},
                   {"GSTN x", ParseCode::kBadFieldValue, 5},
                   {"GSTN;", ParseCode::kBadParameter, 5},
                   {"GSTN;network-provided=1", ParseCode::kBadParameter, 4},
                   {"GSTN;network-provided;network-provided", ParseCode::kRepeatedParameter, 21},
                   {"GSTN;a=\"", ParseCode::kBadQuotedString, 8}});
}

}  // namespace
}  // namespace sansip
