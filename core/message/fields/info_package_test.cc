#include "sansip/core/message/fields/info_package.h"

#include <array>
#include <span>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

TEST(InfoPackageTest, NameAndParameters) {
  EXPECT_EQ(Read(ParseInfoPackage, "foo").name, "foo");
  const InfoPackage package = Read(ParseInfoPackage, " foo\r\n ; a = \"b,c\";d ");
  EXPECT_EQ(package.name, "foo");
  EXPECT_EQ(Parameter(package.parameters, "a"), "\"b,c\"");
  SANSIP_SHOWS("6086-7.1-2");
}

TEST(InfoPackageTest, Malformed) {
  ExpectMalformed(ParseInfoPackage, {
                                        {"", ParseCode::kBadToken, 0},
                                        {";a", ParseCode::kBadToken, 0},
                                        {"foo, bar", ParseCode::kBadFieldValue, 3},
                                        {"foo bar", ParseCode::kBadFieldValue, 4},
                                        {"foo;", ParseCode::kBadParameter, 4},
                                    });
  ExpectMalformed(ParseRecvInfo, {
                                     {"", ParseCode::kBadToken, 0},
                                     {", a", ParseCode::kBadToken, 0},
                                     {"a,", ParseCode::kBadFieldValue, 1},
                                     {"a b", ParseCode::kBadFieldValue, 2},
                                     {"a;b=\"", ParseCode::kBadQuotedString, 5},
                                 });
}

TEST(InfoPackageTest, NamesAreComparedOctetByOctet) {
  EXPECT_TRUE(AreEquivalent(ParseInfoPackage, "foo;x=1", "foo"));
  EXPECT_FALSE(AreEquivalent(ParseInfoPackage, "foo", "Foo"));
  SANSIP_SHOWS("6086-7.2-1");
}

TEST(RecvInfoTest, ListsAndLines) {
  const Parsed parsed(RequestWith({"Recv-Info: a, b;x=1", "Recv-Info: c"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(CheckFields(parsed.view()).ok());
  std::string names;
  ElementsOf elements(parsed.view(), HeaderId::kRecvInfo);
  for (std::string_view element; elements.Next(element);) names += Read(ParseRecvInfo, element)[0].name;
  EXPECT_EQ(names, "abc");
  const Parsed none(RequestWith({"Recv-Info:"}));
  EXPECT_TRUE(none.view().Has(HeaderId::kRecvInfo));
  EXPECT_TRUE(CheckFields(none.view()).ok());
  SANSIP_SHOWS("6086-7.1-2", "6086-9.2-1");
}

TEST(RecvInfoTest, Written) {
  EXPECT_EQ(Rewritten(ParseInfoPackage, " foo ;a"), "foo;a");
  EXPECT_EQ(Rewritten(ParseRecvInfo, "foo , bar ; a = \"b\r\n c\""), "foo, bar; a = \"b c\"");
  constexpr std::array kTwo = {InfoPackage{"foo", ""}, InfoPackage{"bar", ";x"}};
  EXPECT_EQ(Written(std::span<const InfoPackage>(kTwo)), "foo, bar;x");
  EXPECT_EQ(Written(std::span<const InfoPackage>()), "");
  EXPECT_EQ(Written(InfoPackage{"foo", ";x, bar"}), "refused");
  for (const std::string_view name : {"", "a b", "a;b", "a,b", "\"a\"", "a\r\nX: y"}) {
    EXPECT_EQ(Written(InfoPackage{name, ""}), "refused") << name;
  }
  SANSIP_SHOWS("6086-10.4-2");
}

}  // namespace
}  // namespace sansip
