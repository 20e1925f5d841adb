#include "sansip/core/message/fields/parameter.h"

#include <string>

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

}  // namespace
}  // namespace sansip
