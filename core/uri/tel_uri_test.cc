// RFC 3966.
#include "sansip/core/uri/tel_uri.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace sansip {
namespace {

bool Parses(std::string_view text) {
  TelUri tel;
  std::size_t fault = 0;
  return ParseTelUri(text, tel, fault);
}

bool EquivalentTel(std::string_view a, std::string_view b) {
  TelUri tel_a;
  TelUri tel_b;
  std::size_t fault = 0;
  EXPECT_TRUE(ParseTelUri(a, tel_a, fault)) << a;
  EXPECT_TRUE(ParseTelUri(b, tel_b, fault)) << b;
  EXPECT_TRUE(EquivalentTelUris(tel_a, tel_a)) << a;
  EXPECT_EQ(EquivalentTelUris(tel_a, tel_b), EquivalentTelUris(tel_b, tel_a)) << a << " and " << b;
  return EquivalentTelUris(tel_a, tel_b);
}

TEST(TelUriTest, GlobalNumber) {
  TelUri tel;
  std::size_t fault = 0;
  ASSERT_TRUE(ParseTelUri("TEL:+49-(30).555;ext=1-2;Tsp=a.example;x", tel, fault));
  EXPECT_EQ(fault, 40u);
  EXPECT_TRUE(tel.is_global);
  EXPECT_EQ(tel.number, "+49-(30).555");
  EXPECT_EQ(tel.parameters, ";ext=1-2;Tsp=a.example;x");
  EXPECT_EQ(TelParameter(tel, "EXT"), "1-2");
  EXPECT_EQ(TelParameter(tel, "tsp"), "a.example");
  EXPECT_EQ(TelParameter(tel, "x"), "");
  EXPECT_EQ(TelParameter(tel, "isub"), std::nullopt);
}

TEST(TelUriTest, LocalNumber) {
  TelUri tel;
  std::size_t fault = 0;
  ASSERT_TRUE(ParseTelUri("tel:*12-aF#;phone-context=pbx.example.net", tel, fault));
  EXPECT_FALSE(tel.is_global);
  EXPECT_EQ(tel.number, "*12-aF#");
  EXPECT_EQ(TelParameter(tel, "phone-context"), "pbx.example.net");
}

TEST(TelUriTest, WellFormed) {
  for (std::string_view text : {
           "tel:+1-201-555-0199",
           "tel:7001;phone-context=example.org",
           "tel:555-1234;phone-context=+1-914-555",
           "tel:+1;isub=a%20b:c",
           "tel:+1;ext=-",
           "tel:+(1)",
           "tel:+-1-",
           "tel:#;phone-context=+1",
           "tel:%23;phone-context=+1",
           "tel:1;a=b;phone-context=x.;isub=1",
           "tel:1;phone-context=%2B1",
           "tel:+1;a-b=[x]/:&+$",
           "tel:+1;a;b;c",
           "tel:+1;postd=pp22",
           "tel:+358-555-1234567;tsp=a.b;phone-context=5",
           "tel:%2B1",
       }) {
    EXPECT_TRUE(Parses(text)) << text;
  }
}

struct BadTel {
  std::string_view text;
  std::size_t fault;
};

TEST(TelUriTest, Malformed) {
  constexpr BadTel kBad[] = {
      {"", 0},
      {"tel", 3},
      {"tel:", 4},
      {"sip:+1", 3},
      {"tels:+1", 4},
      {"tel:+", 5},
      {"tel:+-", 6},
      {"tel:()", 6},
      {"tel:+1a", 6},
      {"tel:+1*", 6},
      {"tel:+1 2", 6},
      {"tel:+1%202", 6},
      {"tel:+1%2", 6},
      {"tel:++1", 5},
      {"tel:g", 4},
      {"tel:+1,2", 6},
      {"tel:+1@h", 6},
      {"tel:+1?x=y", 6},
      {"tel:+1;", 7},
      {"tel:+1;;a", 7},
      {"tel:+1;=a", 7},
      {"tel:+1;a=", 9},
      {"tel:+1;a.b", 8},
      {"tel:+1;a_b", 8},
      {"tel:+1;a=b c", 10},
      {"tel:+1;a=?", 9},
      {"tel:+1;a=b=c", 10},
      {"tel:+1;a=%4", 9},
      {"tel:+1;ext", 6},
      {"tel:+1;ext=a", 6},
      {"tel:+1;ext=+1", 6},
      {"tel:+1;isub", 6},
      {"tel:+1;a;A", 8},
      {"tel:+1;ext=1;ext=1", 12},
      {"tel:+1;isub=1;ext=2", 13},
      {"tel:+1;ext=2;isub=1", 12},
      // RFC 3966 5.1.5: a local number has a context.
      {"tel:1", 5},
      {"tel:1;ext=2", 11},
      {"tel:1;phone-context", 5},
      {"tel:1;phone-context=5", 5},
      {"tel:1;phone-context=a.1", 5},
      {"tel:1;phone-context=192.0.2.1", 5},
      {"tel:1;phone-context=-a", 5},
      {"tel:1;phone-context=+", 5},
      {"tel:1;phone-context=+1a", 5},
      {"tel:1;phone-context=a%2eb", 5},
      {"tel:1;phone-context=.", 5},
      {"tel:1;phone-context=a;Phone-Context=b", 21},
  };
  for (const BadTel& bad : kBad) {
    TelUri tel;
    std::size_t fault = 0;
    EXPECT_FALSE(ParseTelUri(bad.text, tel, fault)) << bad.text;
    EXPECT_EQ(fault, bad.fault) << bad.text;
  }
}

TEST(TelUriTest, ControlCharactersAreNeverPartOfOne) {
  for (std::string_view text : {std::string_view("tel:+1\0", 7), std::string_view("tel:+1\r\n"),
                                std::string_view("tel:+1;a=\x7f"), std::string_view("tel:+1;a=\x80")}) {
    EXPECT_FALSE(Parses(text));
  }
}

TEST(TelUriTest, ASubscriberMayLackItsContext) {
  TelUri tel;
  std::size_t fault = 0;
  EXPECT_TRUE(ParseTelephoneSubscriber("911", tel, fault));
  EXPECT_FALSE(tel.is_global);
  EXPECT_FALSE(ParseTelephoneSubscriber("tel:911", tel, fault));
  EXPECT_EQ(fault, 0u);
  EXPECT_FALSE(ParseTelephoneSubscriber("", tel, fault));
}

TEST(TelUriTest, AnyUriMayBeOne) {
  std::size_t fault = 0;
  // What dials an emergency call is no time to ask for a context.
  EXPECT_TRUE(CheckUri("tel:112", fault));
  EXPECT_TRUE(CheckUri("TEL:+1-555;m-x=y", fault));
  EXPECT_TRUE(CheckUri("tel:1;phone-context=a", fault));
  EXPECT_FALSE(CheckUri("tel:+1-800-FLOWERS", fault));
  EXPECT_EQ(fault, 11u);
  EXPECT_FALSE(CheckUri("tel:", fault));
  EXPECT_FALSE(CheckUri("tel:+1;ext=1;ext=2", fault));
  EXPECT_EQ(fault, 12u);
}

TEST(TelUriTest, HasALimitOfParameters) {
  std::string text = "tel:+1";
  for (std::size_t i = 0; i < kUriComponentsMax; ++i) text += ";p" + std::to_string(i);
  EXPECT_TRUE(Parses(text));
  TelUri tel;
  std::size_t fault = 0;
  const std::string more = text + ";q";
  EXPECT_FALSE(ParseTelUri(more, tel, fault));
  EXPECT_EQ(fault, text.size());
}

// RFC 3966 5.4
TEST(TelUriTest, MandatoryParametersAreKnown) {
  TelUri tel;
  std::size_t fault = 0;
  ASSERT_TRUE(ParseTelUri("tel:1;phone-context=a;M-new=1;m-other", tel, fault));
  EXPECT_EQ(MandatoryTelParameter(tel), "M-new");
  ASSERT_TRUE(ParseTelUri("tel:1;phone-context=a;mx=1", tel, fault));
  EXPECT_EQ(MandatoryTelParameter(tel), "");
}

TEST(TelUriTest, VisualSeparatorsDoNotCount) {
  EXPECT_TRUE(EquivalentTel("tel:+1-(201).555-0199", "tel:+12015550199"));
  EXPECT_TRUE(EquivalentTel("tel:1-2;phone-context=+1-914", "tel:12;phone-context=+1(91)4"));
  EXPECT_TRUE(EquivalentTel("tel:+1;ext=1-2", "tel:+1;ext=1.2"));
  EXPECT_FALSE(EquivalentTel("tel:+1;isub=1-2", "tel:+1;isub=12"));
  EXPECT_FALSE(EquivalentTel("tel:12;phone-context=a-b", "tel:12;phone-context=ab"));
}

TEST(TelUriTest, NumbersCompareDigitByDigit) {
  EXPECT_FALSE(EquivalentTel("tel:+12", "tel:+123"));
  EXPECT_FALSE(EquivalentTel("tel:+12", "tel:+13"));
  EXPECT_FALSE(EquivalentTel("tel:+12", "tel:12;phone-context=a"));
  EXPECT_FALSE(EquivalentTel("tel:1;phone-context=+1", "tel:1;phone-context=+2"));
  EXPECT_FALSE(EquivalentTel("tel:1;phone-context=a", "tel:1;phone-context=b"));
  EXPECT_FALSE(EquivalentTel("tel:1;phone-context=a", "tel:1;phone-context=+1"));
  EXPECT_FALSE(EquivalentTel("tel:#1;phone-context=a", "tel:*1;phone-context=a"));
}

TEST(TelUriTest, CaseDoesNotCount) {
  EXPECT_TRUE(EquivalentTel("tel:aB;Phone-Context=Example.ORG", "TEL:Ab;phone-context=example.org"));
  EXPECT_TRUE(EquivalentTel("tel:+358-555-7654321;postd=pp22", "tel:+358-555-7654321;POSTD=PP22"));
}

TEST(TelUriTest, OrderDoesNotCountAndPresenceDoes) {
  EXPECT_TRUE(EquivalentTel("tel:+358-555-7654321;postd=pp22;isub=1411",
                            "tel:+358-555-7654321;isub=1411;postd=pp22"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a", "tel:+1"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a", "tel:+1;b"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a", "tel:+1;a=1"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a=1", "tel:+1;a=2"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a=1", "tel:+1;a=1;b=2"));
}

TEST(TelUriTest, EscapesOfReservedCharactersCount) {
  EXPECT_TRUE(EquivalentTel("tel:+1;a=%41", "tel:+1;a=a"));
  EXPECT_FALSE(EquivalentTel("tel:+1;a=%3A", "tel:+1;a=:"));
  EXPECT_TRUE(EquivalentTel("tel:%231;phone-context=a", "tel:#1;phone-context=a"));
}

TEST(TelUriTest, SortsItsParameters) {
  TelUri tel;
  std::size_t fault = 0;
  ASSERT_TRUE(ParseTelUri("tel:1;b;postd=p;phone-context=c;A;isub=1", tel, fault));
  TelParams params;
  Cursor cursor(tel.parameters);
  ASSERT_TRUE(params.Take(tel, cursor));
  const auto names = [&params] {
    std::string text;
    for (std::size_t i = 0; i < params.size(); ++i) text.append(params[i].name).append(" ");
    return text;
  };
  params.Sort(TelOrder::kTel);
  EXPECT_EQ(names(), "isub phone-context A b postd ");
  params.Sort(TelOrder::kSipUser);
  EXPECT_EQ(names(), "isub postd phone-context A b ");
}

}  // namespace
}  // namespace sansip
