#include "sansip/core/message/fields/feature_tag.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/parameter.h"

namespace sansip {
namespace {

using Kind = FeatureValue::Kind;

// "name:value|name:value|" of all feature tags.
std::string TagsOf(std::string_view parameters) {
  std::string text;
  FeatureTagsOf tags(parameters);
  for (FeatureTag tag; tags.Next(tag);) text.append(tag.name).append(":").append(tag.value).append("|");
  return text;
}

// A letter for each kind of value.
std::string KindsOf(std::string_view value) {
  std::string text;
  FeatureValuesOf values({.name = "type", .value = value});
  for (FeatureValue one; values.Next(one);) {
    if (one.is_negated) text += '!';
    text += "tb=><:s"[static_cast<int>(one.kind)];
    text.append(one.text.empty() ? one.low : one.text);
    if (one.kind == Kind::kAtMost || one.kind == Kind::kBetween) text.append("~").append(one.high);
    text += ' ';
  }
  return text;
}

TEST(FeatureTagTest, OfAContact) {
  NameAddr contact;
  ASSERT_TRUE(ParseNameAddr("<sip:u@h.example>;audio;q=0.5;methods=\"INVITE,BYE\" ;\r\n class = \"!business\""
                            ";expires=60;+sip.x=\"<Who, \\\"me\\\">\";Isfocus",
                            contact, nullptr)
                  .ok());
  EXPECT_EQ(TagsOf(contact.parameters),
            "audio:TRUE|methods:INVITE,BYE|class:!business|+sip.x:<Who, \\\"me\\\">|Isfocus:TRUE|");
  FeatureTag tag;
  ASSERT_TRUE(FindFeatureTag(contact.parameters, "METHODS", tag));
  EXPECT_EQ(tag.value, "INVITE,BYE");
  EXPECT_FALSE(FindFeatureTag(contact.parameters, "video", tag));
}

TEST(FeatureTagTest, OtherParametersAreNone) {
  EXPECT_EQ(TagsOf(""), "");
  EXPECT_EQ(TagsOf(";q=1;audiox;+;+1a;+a_b;+a=b;audio=TRUE;video=\"\";text=\"a,\";data=\"!\""), "");
  EXPECT_EQ(TagsOf(";type=\"a\\b\";class=\"<a\";schemes=\"a,<b>\";priority=\"#\";control=\"<a>,b\""), "");
  EXPECT_EQ(TagsOf(";type=\"a;b\";type=\"!!a\";type=\"a!\";type=\"<a<b>>\""), "");
  // What is malformed ends it.
  EXPECT_EQ(TagsOf(";audio;;video"), "audio:TRUE|");
}

TEST(FeatureTagTest, Names) {
  for (std::string_view name :
       {"audio", "VIDEO", "extensions", "+a", "+sip.instance", "+g.3gpp.icsi-ref", "+a!'.-%9"}) {
    EXPECT_TRUE(IsFeatureTagName(name)) << name;
  }
  for (std::string_view name : {"", "+", "+1", "+.a", "sip.instance", "+a_b", "+a+b", "+a b", "q"}) {
    EXPECT_FALSE(IsFeatureTagName(name)) << name;
  }
}

TEST(FeatureTagTest, Values) {
  EXPECT_EQ(KindsOf("a"), "ta ");
  EXPECT_EQ(KindsOf("a-.%*_+`'~1,!b"), "ta-.%*_+`'~1 !tb ");
  EXPECT_EQ(KindsOf("TRUE,!false"), "bTRUE !bfalse ");
  EXPECT_EQ(KindsOf("#=5,#>=-1.5,#<=+0.,!#1:2.50"), "=5 >-1.5 <~+0. !:1~2.50 ");
  EXPECT_EQ(KindsOf("<a, \\\">"), "sa, \\\" ");
  EXPECT_EQ(KindsOf("<>"), "s ");
  // No white space is allowed; it does no harm.
  EXPECT_EQ(KindsOf("a, b"), "ta tb ");
}

TEST(FeatureTagTest, ValuesThatAreNone) {
  for (std::string_view value : {"", ",", "#", "#5", "#>5", "#<5", "#==5", "#1:", "#:2", "#1:2:3", "#=a",
                                 "#=.5", "#=--5", "#=1e5", "a b", "<", "<a", "a>", "(a)"}) {
    EXPECT_EQ(TagsOf(";type=\"" + std::string(value) + "\""), "") << value;
  }
}

TEST(FeatureTagTest, NumbersCompareExactly) {
  for (const auto& [a, b] :
       {std::pair("1", "1.0"), std::pair("+01", "1."), std::pair("-0", "0.00"),
        std::pair("123456789012345678901234567890.5", "123456789012345678901234567890.50")}) {
    EXPECT_EQ(CompareNumbers(a, b), 0) << a << " and " << b;
  }
  for (const auto& [a, b] : {std::pair("1", "2"), std::pair("9", "10"), std::pair("-1", "0"),
                             std::pair("-2", "-1"), std::pair("-10", "-9"), std::pair("0.45", "0.5"),
                             std::pair("-0.5", "-0.45"), std::pair("0.5", "0.55"), std::pair("-1", "1"),
                             std::pair("123456789012345678901234567890", "123456789012345678901234567891")}) {
    EXPECT_LT(CompareNumbers(a, b), 0) << a << " and " << b;
    EXPECT_GT(CompareNumbers(b, a), 0) << a << " and " << b;
  }
}

bool AreSame(std::string_view a, std::string_view b) {
  EXPECT_EQ(EquivalentFeatureParameters(a, b), EquivalentFeatureParameters(b, a)) << a << " and " << b;
  EXPECT_TRUE(EquivalentFeatureParameters(a, a)) << a;
  return EquivalentFeatureParameters(a, b);
}

TEST(FeatureTagTest, ComparisonOfSets) {
  EXPECT_TRUE(AreSame(";methods=\"INVITE,BYE\"", ";Methods=\"bye,invite,bye\""));
  EXPECT_TRUE(AreSame(";audio", ";audio=\"true\""));
  EXPECT_TRUE(AreSame(";priority=\"#=1\"", ";priority=\"#=1.0\""));
  EXPECT_TRUE(AreSame(";audio;x=A;video", " ; video;audio ;X=a"));
  EXPECT_TRUE(AreSame("", ""));
  EXPECT_TRUE(AreSame(";description=\"<a\\b>\"", ";description=\"<ab>\""));
  EXPECT_FALSE(AreSame(";description=\"<a>\"", ";description=\"<A>\""));
  EXPECT_FALSE(AreSame(";methods=\"INVITE,BYE\"", ";methods=\"INVITE\""));
  EXPECT_FALSE(AreSame(";type=\"a\"", ";type=\"!a\""));
  EXPECT_FALSE(AreSame(";priority=\"#=1\"", ";priority=\"#>=1\""));
  EXPECT_FALSE(AreSame(";priority=\"#1:2\"", ";priority=\"#1:3\""));
  EXPECT_FALSE(AreSame(";audio", ";video"));
  EXPECT_FALSE(AreSame(";audio", ""));
  EXPECT_FALSE(AreSame(";x=a", ";x"));
  EXPECT_FALSE(AreSame(";x=\"a\"", ";x=\"A\""));
  EXPECT_FALSE(AreSame(";audio;", ";audio"));
  EXPECT_TRUE(EquivalentFeatureParameters(";audio;q=1", ";audio", {"q"}));
}

TEST(FeatureTagTest, ComparisonHasLimits) {
  std::string values = "a0";
  for (std::size_t i = 1; i < kFeatureValuesMax; ++i) values += ",a" + std::to_string(i);
  EXPECT_TRUE(AreSame(";type=\"" + values + "\"", ";Type=\"a0," + values.substr(3) + "\""));
  EXPECT_TRUE(AreSame(";type=\"" + values + "\"", ";type=\"A" + values.substr(1) + "\""));
  values += ",b";
  EXPECT_FALSE(AreSame(";type=\"" + values + "\"", ";type=\"A" + values.substr(1) + "\""));
  std::string many;
  for (std::size_t i = 0; i <= kParametersMax; ++i) many += ";p" + std::to_string(i);
  EXPECT_FALSE(AreSame(many, ";P" + many.substr(2)));
  EXPECT_TRUE(AreSame(many, many));
}

}  // namespace
}  // namespace sansip
