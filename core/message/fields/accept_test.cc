#include "sansip/core/message/fields/accept.h"

#include <array>
#include <span>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

using namespace std::literals;

TEST(QValueTest, Thousandths) {
  EXPECT_EQ(ParseQValue("0"), 0);
  EXPECT_EQ(ParseQValue("0."), 0);
  EXPECT_EQ(ParseQValue("0.7"), 700);
  EXPECT_EQ(ParseQValue("0.07"), 70);
  EXPECT_EQ(ParseQValue("0.999"), 999);
  EXPECT_EQ(ParseQValue("1"), 1000);
  EXPECT_EQ(ParseQValue("1.000"), 1000);
  for (std::string_view text : {""sv, "."sv, ".5"sv, "2"sv, "1.001"sv, "0.1234"sv, "0,5"sv, "0.5x"sv, "-0"sv,
                                "00.5"sv, "1.0000"sv, "\"0.5\""sv}) {
    EXPECT_FALSE(ParseQValue(text)) << text;
  }
}

TEST(AcceptTest, MediaRanges) {
  const auto ranges =
      Read(ParseAccept, "application/sdp;level=1, application/x-private, text/*;q=0.5, */*;q=0");
  ASSERT_EQ(ranges.size(), 4u);
  EXPECT_EQ(ranges[0].type, "application");
  EXPECT_EQ(ranges[0].subtype, "sdp");
  EXPECT_EQ(Parameter(ranges[0].parameters, "level"), "1");
  EXPECT_EQ(ranges[0].q, 1000);
  EXPECT_EQ(ranges[2].subtype, "*");
  EXPECT_EQ(ranges[2].q, 500);
  EXPECT_EQ(ranges[3].type, "*");
  EXPECT_EQ(ranges[3].q, 0);
}

TEST(AcceptTest, WrittenWithTheWeightLast) {
  EXPECT_EQ(Rewritten(ParseAccept, " a / b ;\r\n q = 0.750 ; x = \"y, z\" , \t*/*;q=1.0"),
            "a/b;x=\"y, z\";q=0.75, */*");
  const std::array<MediaRange, 2> ranges = {
      MediaRange{.type = "a", .subtype = "b", .parameters = ";q=0.1;c", .q = 5},
      MediaRange{.type = "*", .subtype = "*", .parameters = {}, .q = 0}};
  EXPECT_EQ(Written(std::span<const MediaRange>(ranges)), "a/b;c;q=0.005, */*;q=0");
  EXPECT_EQ(Written(std::span<const MediaRange>()), "");
}

TEST(AcceptTest, Malformed) {
  ExpectMalformed(ParseAccept, {{"", ParseCode::kBadToken, 0},
                                {"a", ParseCode::kBadFieldValue, 1},
                                {"a/", ParseCode::kBadToken, 2},
                                {"a/b;q=2", ParseCode::kBadParameter, 3},
                                {"a/b;q", ParseCode::kBadParameter, 3},
                                {"a/b;q=0.1 ; Q=0.2", ParseCode::kRepeatedParameter, 10},
                                {"a/b;", ParseCode::kBadParameter, 4},
                                {"a/b,", ParseCode::kBadFieldValue, 3},
                                {"a/b, c", ParseCode::kBadFieldValue, 6},
                                {"a/b c", ParseCode::kBadFieldValue, 4}});
}

TEST(AcceptTest, RefusesToWriteWhatIsNone) {
  EXPECT_EQ(Written(MediaRange{.type = "a b", .subtype = "c", .parameters = {}}), "refused");
  EXPECT_EQ(Written(MediaRange{.type = "a", .subtype = "c\r\nX:", .parameters = {}}), "refused");
  EXPECT_EQ(Written(MediaRange{.type = "a", .subtype = "c", .parameters = ";d, e/f"}), "refused");
  EXPECT_EQ(Written(MediaRange{.type = "a", .subtype = "c", .parameters = {}, .q = 1001}), "refused");
}

TEST(AcceptTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseAccept, "A/b;x=1;y", "a/B;y;X=1;q=1"));
  EXPECT_FALSE(AreEquivalent(ParseAccept, "a/b", "a/*"));
  EXPECT_FALSE(AreEquivalent(ParseAccept, "a/b", "a/b;q=0.9"));
  EXPECT_FALSE(AreEquivalent(ParseAccept, "a/b;x=1", "a/b"));
}

TEST(AcceptEncodingTest, Codings) {
  const auto codings = Read(ParseAcceptEncoding, "gzip;q=0.8, *");
  ASSERT_EQ(codings.size(), 2u);
  EXPECT_EQ(codings[0].coding, "gzip");
  EXPECT_EQ(codings[0].q, 800);
  EXPECT_EQ(codings[1].coding, "*");
  EXPECT_EQ(Rewritten(ParseAcceptEncoding, "gzip\r\n ; q=0.8 ,*;q=0"), "gzip;q=0.8, *;q=0");
  EXPECT_TRUE(AreEquivalent(ParseAcceptEncoding, "GZIP", "gzip;q=1.000"));
  EXPECT_FALSE(AreEquivalent(ParseAcceptEncoding, "gzip", "identity"));
  ExpectMalformed(ParseAcceptEncoding, {{"", ParseCode::kBadToken, 0},
                                        {"a/b", ParseCode::kBadFieldValue, 1},
                                        {"a,,b", ParseCode::kBadToken, 2},
                                        {"a;q=x", ParseCode::kBadParameter, 1}});
  EXPECT_EQ(Written(AcceptedCoding{.coding = "a,b", .parameters = {}}), "refused");
}

TEST(AcceptLanguageTest, Ranges) {
  const auto ranges = Read(ParseAcceptLanguage, "da, en-gb;q=0.8, en;q=0.7, *;q=0");
  ASSERT_EQ(ranges.size(), 4u);
  EXPECT_EQ(ranges[1].range, "en-gb");
  EXPECT_EQ(ranges[1].q, 800);
  EXPECT_EQ(ranges[3].range, "*");
  EXPECT_EQ(Rewritten(ParseAcceptLanguage, "da ,en-gb"), "da, en-gb");
  EXPECT_EQ(Rewritten(ParseAcceptLanguage, " *\r\n ;q=0.1;x"), "*;x;q=0.1");
  EXPECT_TRUE(AreEquivalent(ParseAcceptLanguage, "en-GB", "EN-gb"));
  EXPECT_FALSE(AreEquivalent(ParseAcceptLanguage, "en-GB", "en"));
  ExpectMalformed(ParseAcceptLanguage, {{"", ParseCode::kBadToken, 0},
                                        {"abcdefghi", ParseCode::kBadToken, 0},
                                        {"en-", ParseCode::kBadToken, 3},
                                        {"3n", ParseCode::kBadToken, 0},
                                        {"**", ParseCode::kBadFieldValue, 1},
                                        {"en, de_AT", ParseCode::kBadFieldValue, 6},
                                        {"en;q=0.5;q=0.5", ParseCode::kRepeatedParameter, 8}});
  EXPECT_EQ(Written(LanguageRange{.range = "en,de", .parameters = {}}), "refused");
}

}  // namespace
}  // namespace sansip
