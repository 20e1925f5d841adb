#include "sansip/core/message/fields/gruu.h"

#include <array>

#include "gtest/gtest.h"
#include "sansip/core/message/test_field.h"

namespace sansip {
namespace {

TEST(GruuTest, OfAContact) {
  const auto gruus = Read(ParseGruus,
                          ";pub-gruu=\"sip:u@h.example;gr=urn:uuid:1\" ;\r\n Temp-GRUU = "
                          "\"sip:tgruu.7@h.example;gr\";expires=60");
  EXPECT_EQ(gruus.public_gruu, "sip:u@h.example;gr=urn:uuid:1");
  EXPECT_EQ(gruus.temporary_gruu, "sip:tgruu.7@h.example;gr");
  EXPECT_EQ(Read(ParseGruus, ";expires=60").public_gruu, "");
}

TEST(GruuTest, EscapesAreUndone) {
  const auto gruus = Read(ParseGruus, ";pub-gruu=\"s\\ip:u@h;\\gr\"");
  std::array<char, 16> storage;
  EXPECT_EQ(GruuUri(gruus.public_gruu, storage), "sip:u@h;gr");
  EXPECT_EQ(GruuUri(gruus.public_gruu, std::span(storage).first(9)), std::nullopt);
  EXPECT_EQ(GruuUri("sip:u@h;gr", {}), "sip:u@h;gr");
  EXPECT_EQ(GruuUri("x\\y", storage), std::nullopt);
  EXPECT_EQ(GruuUri("", storage), std::nullopt);
}

TEST(GruuTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseGruus, ";x;temp-gruu=\"sip:t@h;gr\";pub-gruu=\"sip:u@h;gr=1\""),
            ";pub-gruu=\"sip:u@h;gr=1\";temp-gruu=\"sip:t@h;gr\"");
  EXPECT_EQ(Written(Gruus{}), "");
  for (std::string_view gruu : {"sip:a@h\"", "sip:a@h\r\n", "http://h", "sip:", "sip:a@h\\"}) {
    EXPECT_EQ(Written(Gruus{.public_gruu = gruu}), "refused") << gruu;
    EXPECT_EQ(Written(Gruus{.temporary_gruu = gruu}), "refused") << gruu;
  }
}

TEST(GruuTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseGruus, ";pub-gruu=\"sip:u@H;gr=1\"", ";pub-gruu=\"sip:u@h;GR=1\""));
  EXPECT_TRUE(AreEquivalent(ParseGruus, ";pub-gruu=\"sip:u@\\h;gr=1\"", ";pub-gruu=\"sip:u@h;gr=1\""));
  EXPECT_FALSE(AreEquivalent(ParseGruus, ";pub-gruu=\"sip:u@h;gr=1\"", ";pub-gruu=\"sip:u@h;gr=2\""));
  EXPECT_FALSE(AreEquivalent(ParseGruus, ";pub-gruu=\"sip:u@h;gr\"", ";temp-gruu=\"sip:u@h;gr\""));
}

TEST(GruuTest, Malformed) {
  ExpectMalformed(ParseGruus, {{";pub-gruu", ParseCode::kBadParameter, 0},
                               {";x;pub-gruu=a", ParseCode::kBadParameter, 2},
                               {";temp-gruu=\"\"", ParseCode::kBadParameter, 0},
                               {";temp-gruu=\"tel:+1\"", ParseCode::kBadParameter, 0},
                               {";temp-gruu=\"sip:a b@h\"", ParseCode::kBadParameter, 0},
                               {";pub-gruu=\"sip:h\";pub-gruu=\"sip:h\"", ParseCode::kRepeatedParameter, 17},
                               {";pub-gruu=\"sip:h", ParseCode::kBadQuotedString, 16}});
}

TEST(GruuTest, AUriWithGrIsOne) {
  EXPECT_TRUE(IsGruu(*ParseSipUri("sip:a@h;gr")));
  EXPECT_TRUE(IsGruu(*ParseSipUri("sip:a@h;GR=urn:uuid:1")));
  EXPECT_FALSE(IsGruu(*ParseSipUri("sip:gr@h;x=gr")));
}

}  // namespace
}  // namespace sansip
