#include "sansip/core/message/fields/parameter.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

TEST(EquivalentParametersTest, OrderAndCaseDoNotCount) {
  EXPECT_TRUE(EquivalentParameters("", ""));
  EXPECT_TRUE(EquivalentParameters(";a=b;c", " ; C ;A = B"));
  EXPECT_FALSE(EquivalentParameters(";a=b", ";a=c"));
  EXPECT_FALSE(EquivalentParameters(";a=b", ";a=b;c"));
  EXPECT_FALSE(EquivalentParameters(";a=b;c", ";a=b"));
  EXPECT_FALSE(EquivalentParameters(";a", ";a=\"\""));
}

TEST(EquivalentParametersTest, QuotedValuesAreTheTextTheyStandFor) {
  EXPECT_TRUE(EquivalentParameters(";a=\"x\\y\"", ";a=\"xy\""));
  EXPECT_FALSE(EquivalentParameters(";a=\"X\"", ";a=\"x\""));
  EXPECT_FALSE(EquivalentParameters(";a=\"x\"", ";a=x"));
  EXPECT_FALSE(EquivalentParameters(";a=\"x\"", ";a=\"xy\""));
}

TEST(EquivalentParametersTest, TheFirstOfANameCounts) {
  EXPECT_TRUE(EquivalentParameters(";a=b;a=c", ";a=b"));
  EXPECT_FALSE(EquivalentParameters(";a=b;a=c", ";a=c"));
}

TEST(EquivalentParametersTest, BeyondTheLimitOnlyTheSameBytesAreTheSame) {
  std::string all;
  for (std::size_t i = 0; i <= kParametersMax; ++i) all += ";p" + std::to_string(i);
  EXPECT_TRUE(EquivalentParameters(all, all));
  EXPECT_FALSE(EquivalentParameters(all, all + " "));
}

TEST(EquivalentParametersTest, MalformedIsOnlyTheSameBytes) {
  EXPECT_TRUE(EquivalentParameters(";a=", ";a="));
  EXPECT_FALSE(EquivalentParameters(";a=", ";A="));
}

TEST(EquivalentParametersTest, WhiteSpaceInQuotedValuesIsOneSpace) {
  EXPECT_TRUE(EquivalentParameters(";a=\"x\r\n \ty\"", ";a=\"x y\""));
  EXPECT_FALSE(EquivalentParameters(";a=\"x y\"", ";a=\"xy\""));
}

TEST(EquivalentParametersTest, AddressesAreComparedByValue) {
  EXPECT_TRUE(EquivalentParameters(";a=[2001:DB8::01]", ";a=[2001:db8::1]"));
  EXPECT_TRUE(EquivalentParameters(";received=2001:DB8::01", ";received=2001:db8::1"));
}

TEST(EquivalentParametersTest, SomeAreLeftOut) {
  EXPECT_TRUE(EquivalentParameters(";Q=1;a", ";a;q=0.5;expires=1", {"q", "expires"}));
  EXPECT_FALSE(EquivalentParameters(";q=1;a", ";b;q=1", {"q"}));
}

TEST(EquivalentParametersTest, WhatOnlyOneHasCanBeIgnored) {
  EXPECT_TRUE(EquivalentSharedParameters(";a=1;b", ";c;A=1"));
  EXPECT_FALSE(EquivalentSharedParameters(";a=1", ";a=2;b"));
  EXPECT_FALSE(EquivalentSharedParameters(";a", ";a=\"\""));
  EXPECT_TRUE(EquivalentSharedParameters(";a=1", ";a=2", {"A"}));
  EXPECT_FALSE(EquivalentSharedParameters(";a=", ";b"));
}

TEST(TakeParametersTest, TheFieldMayRefuseAValue) {
  std::string_view parameters;
  const auto refuse_b = [](const Param& param) {
    return param.name == "b" ? ParseCode::kBadParameter : ParseCode::kNone;
  };
  Cursor good(" ; a = 1 ;c  , x");
  EXPECT_TRUE(TakeParameters(good, parameters, refuse_b).ok());
  EXPECT_EQ(parameters, "; a = 1 ;c");
  EXPECT_EQ(good.rest(), ", x");
  Cursor bad(";a  ;b");
  EXPECT_EQ(TakeParameters(bad, parameters, refuse_b), (ParseError{ParseCode::kBadParameter, 4}));
  Cursor malformed(";a;");
  EXPECT_EQ(TakeParameters(malformed, parameters), (ParseError{ParseCode::kBadParameter, 3}));
}

}  // namespace
}  // namespace sansip
