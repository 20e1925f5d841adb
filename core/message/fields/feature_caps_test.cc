#include "sansip/core/message/fields/feature_caps.h"

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(FeatureCapsTest, IsAStarWithIndicators) {
  std::string_view rest;
  FeatureCaps caps;
  ASSERT_TRUE(ParseFeatureCaps("*;+sip.pns=\"webpush\" ; +x, *;+y", caps, &rest).ok());
  EXPECT_EQ(caps.parameters, ";+sip.pns=\"webpush\" ; +x");
  EXPECT_EQ(rest.substr(rest.find('*')), "*;+y");
  EXPECT_EQ(Rewritten(ParseFeatureCaps, "* ;+sip.pns=\"a\";+x"), "*;+sip.pns=\"a\";+x");
  const FeatureCaps one{.parameters = ";+x;+y=1"};
  EXPECT_TRUE(Equivalent(one, FeatureCaps{.parameters = ";+Y=1;+x"}));
  EXPECT_FALSE(Equivalent(one, FeatureCaps{.parameters = ";+x"}));
}

TEST(FeatureCapsTest, Malformed) {
  ExpectMalformed(ParseFeatureCaps, {
                                        {"", ParseCode::kBadFieldValue, 0},
                                        {"x;+y", ParseCode::kBadFieldValue, 0},
                                        {"*x", ParseCode::kBadFieldValue, 1},
                                        {"*;", ParseCode::kBadParameter, 2},
                                    });
  const Parsed parsed(RequestWith({"Feature-Caps: sip.pns"}));
  EXPECT_TRUE(parsed.ok());
  EXPECT_EQ(CheckFields(parsed.view()).code, ParseCode::kBadFieldValue);
}

TEST(FeatureCapsTest, AnIndicatorIsFoundInAnyOfThem) {
  const Parsed parsed(RequestWith({"Feature-Caps: x, *;+a;+sip.pnsreg=\"120\"", "Feature-Caps: *;+b=c"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(FeatureCapability(parsed.view(), "+sip.pnsreg"), "120");
  EXPECT_EQ(FeatureCapability(parsed.view(), "+B"), "c");
  EXPECT_EQ(FeatureCapability(parsed.view(), "+a"), "");
  EXPECT_EQ(FeatureCapability(parsed.view(), "+sip.pns"), std::nullopt);
}

}  // namespace
}  // namespace sansip
