#include "sansip/core/message/fields/p_charging.h"

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(ChargingAddressesTest, EveryAddress) {
  const auto addresses =
      Read(ParseChargingAddresses, " ccf = 192.0.2.1 ;\r\n ECF=\"aaa://e.example\";ccf-2=[2001:db8::1] , x");
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_EQ(ChargingAddress(addresses[0], "CCF"), "192.0.2.1");
  EXPECT_EQ(ChargingAddress(addresses[0], "ecf"), "\"aaa://e.example\"");
  EXPECT_EQ(ChargingAddress(addresses[0], "ccf-2"), "[2001:db8::1]");
  EXPECT_EQ(ChargingAddress(addresses[0], "ecf-2"), "");
  EXPECT_EQ(addresses[1].first.name, "x");
  EXPECT_FALSE(addresses[1].first.has_value);
}

TEST(ChargingAddressesTest, WrittenReadAgainAndCompared) {
  EXPECT_EQ(Rewritten(ParseChargingAddresses, "ccf=a ;ecf=\"b,c\", x"), "ccf=a;ecf=\"b,c\", x");
  const auto written = [](std::string_view name, std::string_view value) {
    return Written(ChargingAddresses{.first = {name, value, true}});
  };
  EXPECT_EQ(written("ccf", "a"), "ccf=a");
  EXPECT_EQ(written("c f", "a"), "refused");
  for (std::string_view value : {"", "a b", "a, b", "\"a", "\"a\r\nX: y\"", "a;b"}) {
    EXPECT_EQ(written("ccf", value), "refused") << value;
  }
  EXPECT_TRUE(AreEquivalent(ParseChargingAddresses, "ccf=A;ecf=b", "CCF=a;ecf=B"));
  EXPECT_TRUE(AreEquivalent(ParseChargingAddresses, "ccf=a;ecf=b;x", "ecf=b;x;ccf=a"));
  EXPECT_FALSE(AreEquivalent(ParseChargingAddresses, "ccf=a", "ccf=b"));
  EXPECT_FALSE(AreEquivalent(ParseChargingAddresses, "ccf=a", "ecf=a"));
  EXPECT_FALSE(AreEquivalent(ParseChargingAddresses, "ccf=a", "ccf"));
  EXPECT_FALSE(AreEquivalent(ParseChargingAddresses, "ccf=a;x", "ccf=a"));
}

TEST(ChargingAddressesTest, Malformed) {
  ExpectMalformed(ParseChargingAddresses, {{"", ParseCode::kBadParameter, 0},
                                           {" ;ccf=a", ParseCode::kBadParameter, 1},
                                           {"ccf=", ParseCode::kBadParameter, 4},
                                           {"ccf=\"a", ParseCode::kBadQuotedString, 6},
                                           {"ccf=[::g]", ParseCode::kBadHost, 4},
                                           {"ccf=a b", ParseCode::kBadFieldValue, 6},
                                           {"ccf=a;", ParseCode::kBadParameter, 6},
                                           {"ccf=a,", ParseCode::kBadFieldValue, 5}});
}

TEST(ChargingVectorTest, EveryParameter) {
  const auto vector =
      Read(ParseChargingVector,
           " ICID-Value = \"AyretyU0dm+6O2IrT5tAFrbHLso=023551024\" ; icid-generated-at=[2001:db8::1]"
           ";\r\n orig-ioi=home1.example;term-ioi=\"x\";transit-ioi=\"a.1,void\""
           ";related-icid=y;related-icid-generated-at=h.example");
  EXPECT_EQ(vector.icid, "\"AyretyU0dm+6O2IrT5tAFrbHLso=023551024\"");
  EXPECT_EQ(vector.icid_generated_at, "[2001:db8::1]");
  EXPECT_EQ(vector.related_icid_generated_at, "h.example");
  EXPECT_EQ(Parameter(vector.parameters, "orig-ioi"), "home1.example");
  EXPECT_EQ(Parameter(vector.parameters, "transit-ioi"), "\"a.1,void\"");
  EXPECT_EQ(Read(ParseChargingVector, "icid-value=1234bc9876e").icid, "1234bc9876e");
}

TEST(ChargingVectorTest, WrittenReadAgainAndCompared) {
  EXPECT_EQ(Rewritten(ParseChargingVector, "icid-value=a ;x=y;icid-generated-at=192.0.2.1"),
            "icid-value=a;icid-generated-at=192.0.2.1;x=y");
  EXPECT_EQ(Written(ChargingVector{}), "refused");
  EXPECT_EQ(Written(ChargingVector{.icid = "a;b"}), "refused");
  EXPECT_EQ(Written(ChargingVector{.icid = "a", .icid_generated_at = "h;x"}), "refused");
  EXPECT_EQ(Written(ChargingVector{.icid = "a", .related_icid_generated_at = "h x"}), "refused");
  EXPECT_EQ(Written(ChargingVector{.icid = "a", .parameters = ";x\r\n"}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseChargingVector, "icid-value=a;icid-generated-at=[::1];x=y",
                            "ICID-value=A;X=y;icid-generated-at=[0:0:0:0:0:0:0:1]"));
  EXPECT_FALSE(AreEquivalent(ParseChargingVector, "icid-value=a", "icid-value=b"));
  EXPECT_FALSE(AreEquivalent(ParseChargingVector, "icid-value=a;icid-generated-at=h", "icid-value=a"));
  EXPECT_FALSE(AreEquivalent(ParseChargingVector, "icid-value=a;orig-ioi=h", "icid-value=a;orig-ioi=g"));
}

TEST(ChargingVectorTest, Malformed) {
  ExpectMalformed(ParseChargingVector, {{"", ParseCode::kBadParameter, 0},
                                        {" orig-ioi=a;icid-value=b", ParseCode::kBadParameter, 1},
                                        {"icid-value", ParseCode::kBadParameter, 0},
                                        {"icid-value=", ParseCode::kBadParameter, 11},
                                        {"icid-value=a, x", ParseCode::kBadFieldValue, 12},
                                        {"icid-value=a;icid-value=a", ParseCode::kRepeatedParameter, 12},
                                        {"icid-value=a;icid-generated-at=a_b", ParseCode::kBadHost, 12},
                                        {"icid-value=a;icid-generated-at=h;icid-generated-at=h",
                                         ParseCode::kRepeatedParameter, 32},
                                        {"icid-value=a;related-icid-generated-at", ParseCode::kBadHost, 12}});
}

}  // namespace
}  // namespace sansip
