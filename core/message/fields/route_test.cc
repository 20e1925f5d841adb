#include "sansip/core/message/fields/route.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/message/field_check.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

// A 200 to some request, with these lines.
std::string ResponseWith(std::initializer_list<std::string_view> lines) {
  std::string text = RequestWith(lines);
  return text.replace(0, text.find("\r\n"), "SIP/2.0 200 OK");
}

TEST(RouteTest, EveryPart) {
  const Route route = Read(ParseRoute, " \"P 1\" <sip:p1.example.com;LR;x=y> ; a = b ")[0];
  EXPECT_EQ(route.address.display_name, "\"P 1\"");
  EXPECT_EQ(route.address.uri, "sip:p1.example.com;LR;x=y");
  EXPECT_EQ(Parameter(route.address.parameters, "a"), "b");
  EXPECT_TRUE(route.is_loose);
  EXPECT_EQ(Read(ParseRoute, "<sip:p>\r\n ;\r\n a")[0].address.parameters, ";\r\n a");
}

TEST(RouteTest, Loose) {
  EXPECT_TRUE(Read(ParseRoute, "<sips:p;lr>")[0].is_loose);
  EXPECT_TRUE(Read(ParseRoute, "<sip:p;lr=on>")[0].is_loose);
  EXPECT_FALSE(Read(ParseRoute, "<sip:p>;lr")[0].is_loose);
  EXPECT_FALSE(Read(ParseRoute, "<sip:p?lr=1>")[0].is_loose);
  EXPECT_FALSE(Read(ParseRoute, "<sip:p;lrx>")[0].is_loose);
  EXPECT_FALSE(Read(ParseRoute, "<http://p;lr>")[0].is_loose);
}

TEST(RouteTest, Malformed) {
  ExpectMalformed(ParseRoute, {
                                  {"", ParseCode::kBadUri, 0},
                                  {" sip:p;lr", ParseCode::kBadRoute, 1},
                                  {"*", ParseCode::kBadRoute, 0},
                                  {"<sip:p;lr", ParseCode::kBadUri, 9},
                                  {"<sip:>", ParseCode::kBadUri, 5},
                                  {"<sip:p>x", ParseCode::kBadFieldValue, 7},
                                  {"<sip:p>,", ParseCode::kBadFieldValue, 7},
                                  {"<sip:p>;", ParseCode::kBadParameter, 8},
                                  {"<sip:p>;a=\"b", ParseCode::kBadQuotedString, 12},
                              });
}

TEST(RouteTest, Written) {
  EXPECT_EQ(Rewritten(ParseRoute, "<sip:p;lr>,P\r\n <sips:u@[::1]:5061;lr>;a=\"b,c\";d , <http://p/x>"),
            "<sip:p;lr>, P <sips:u@[::1]:5061;lr>;a=\"b,c\";d, <http://p/x>");
  EXPECT_EQ(Written(Route{.address = {.uri = "sip:p1,x@h?y=z"}}), "<sip:p1,x@h?y=z>");
  EXPECT_EQ(Written(Route{.address = {.is_star = true}}), "refused");
  EXPECT_EQ(Written(Route{.address = {.uri = "sip:p>,<sip:q"}}), "refused");
  EXPECT_EQ(Written(Route{.address = {.uri = "sip:p\r\nX: y"}}), "refused");
  EXPECT_EQ(Written(Route{.address = {.uri = "sip:p", .parameters = ";a, <sip:q>"}}), "refused");
  EXPECT_EQ(Written(Route{}), "refused");
}

TEST(RouteTest, Compared) {
  EXPECT_TRUE(
      AreEquivalent(ParseRoute, "<sip:P.example.com;lr>;a=b;c", "\"x\" <sip:p.EXAMPLE.com;lr>;C;A=B"));
  EXPECT_FALSE(AreEquivalent(ParseRoute, "<sip:p>", "<sips:p>"));
  EXPECT_FALSE(AreEquivalent(ParseRoute, "<sip:p>", "<sip:p:5060>"));
  EXPECT_FALSE(AreEquivalent(ParseRoute, "<sip:p>;a", "<sip:p>"));
}

std::vector<std::string> UrisOf(const Parsed& parsed, HeaderId id) {
  EXPECT_TRUE(parsed.ok());
  EXPECT_TRUE(CheckFields(parsed.view()).ok());
  std::vector<std::string> uris;
  ElementsOf elements(parsed.view(), id);
  for (std::string_view element; elements.Next(element);) {
    uris.emplace_back(Read(ParseRoute, element)[0].address.uri);
  }
  return uris;
}

TEST(PathTest, RowsAndCommasAreOneListInOrder) {
  const std::vector<std::string> uris = {"sip:p3;lr", "sip:p2;lr", "sip:p1;lr"};
  EXPECT_EQ(
      UrisOf(Parsed(RequestWith({"Path: <sip:p3;lr>, <sip:p2;lr>", "Path: <sip:p1;lr>"})), HeaderId::kPath),
      uris);
  EXPECT_EQ(
      UrisOf(Parsed(RequestWith({"Path: <sip:p3;lr>", "PATH: <sip:p2;lr> ,<sip:p1;lr>"})), HeaderId::kPath),
      uris);
  SANSIP_SHOWS("3327-4-2");
}

TEST(PathTest, ANameAddrWithParameters) {
  EXPECT_EQ(Read(ParseRoute, "<sip:p;lr>;x=y")[0].address.parameters, ";x=y");
  const Parsed bare(RequestWith({"Path: sip:p"}));
  EXPECT_EQ(CheckFields(bare.view()).code, ParseCode::kBadRoute);
  SANSIP_SHOWS("3327-4-5");
}

TEST(ServiceRouteTest, RowsAndCommasAreOneListInOrder) {
  const std::vector<std::string> uris = {"sip:p2.home.example;lr", "sip:hsp.home.example;lr"};
  EXPECT_EQ(
      UrisOf(Parsed(ResponseWith({"Service-Route: <sip:p2.home.example;lr>, <sip:hsp.home.example;lr>"})),
             HeaderId::kServiceRoute),
      uris);
  EXPECT_EQ(UrisOf(Parsed(ResponseWith({"Service-Route: <sip:p2.home.example;lr>",
                                        "Service-Route: <sip:hsp.home.example;lr>"})),
                   HeaderId::kServiceRoute),
            uris);
  SANSIP_SHOWS("3608-5-3");
}

TEST(ServiceRouteTest, WrittenInBrackets) {
  constexpr std::array kRoutes = {Route{.address = {.uri = "sip:p2.home.example;lr"}},
                                  Route{.address = {.uri = "sip:a,b@hsp.home.example;lr"}},
                                  Route{.address = {.uri = "sip:hsp.home.example;lr?x=y"}}};
  const std::string value = Written(std::span<const Route>(kRoutes));
  EXPECT_EQ(value, "<sip:p2.home.example;lr>, <sip:a,b@hsp.home.example;lr>, <sip:hsp.home.example;lr?x=y>");
  EXPECT_EQ(UrisOf(Parsed(ResponseWith({"Service-Route: " + value})), HeaderId::kServiceRoute).size(), 3u);
  const Parsed bare(ResponseWith({"Service-Route: sip:p2.home.example;lr"}));
  EXPECT_EQ(CheckFields(bare.view()).code, ParseCode::kBadRoute);
  SANSIP_SHOWS("3608-5-1", "3608-6.3-5");
}

}  // namespace
}  // namespace sansip
