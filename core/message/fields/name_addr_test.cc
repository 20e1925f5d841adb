#include "sansip/core/message/fields/name_addr.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/quoted_string.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using namespace std::literals;

NameAddr Good(std::string_view value) {
  NameAddr address;
  std::string_view rest;
  const ParseError error = ParseNameAddr(value, address, &rest);
  EXPECT_TRUE(error.ok()) << value << " at " << error.offset;
  EXPECT_EQ(rest, "") << value;
  return address;
}

TEST(NameAddrTest, Forms) {
  const NameAddr quoted = Good("\"Bob\" <sips:bob@biloxi.com> ;tag=a48s");
  EXPECT_EQ(quoted.display_name, "\"Bob\"");
  EXPECT_EQ(quoted.uri, "sips:bob@biloxi.com");
  EXPECT_EQ(quoted.parameters, ";tag=a48s");
  EXPECT_TRUE(quoted.in_brackets);
  const NameAddr bare = Good("sip:+12125551212@phone2net.com;tag=887s");
  EXPECT_EQ(bare.display_name, "");
  EXPECT_EQ(bare.uri, "sip:+12125551212@phone2net.com");
  EXPECT_EQ(bare.parameters, ";tag=887s");
  EXPECT_FALSE(bare.in_brackets);
  const NameAddr tokens = Good("The  Operator\t<sip:operator@cs.columbia.edu>;tag=287447");
  EXPECT_EQ(tokens.display_name, "The  Operator");
  EXPECT_EQ(Good("<sip:a@h>").uri, "sip:a@h");
  EXPECT_EQ(Good("<sip:a@h>").parameters, "");
}

// RFC 4475 3.1.1.6
TEST(NameAddrTest, NoSpaceBeforeTheBracket) {
  EXPECT_EQ(Good("caller<sip:a@h>").display_name, "caller");
  EXPECT_EQ(Good("\"caller\"<sip:a@h>").display_name, "\"caller\"");
}

TEST(NameAddrTest, ParametersOfUriAndFieldAreKeptApart) {
  // RFC 3261 20: without brackets they are the field's.
  const NameAddr bare = Good("sip:a@h;x=y;z");
  EXPECT_EQ(bare.uri, "sip:a@h");
  EXPECT_EQ(bare.parameters, ";x=y;z");
  const NameAddr both = Good("<sip:a@h;x=1?b=c>;x=2");
  EXPECT_EQ(both.uri, "sip:a@h;x=1?b=c");
  EXPECT_EQ(both.parameters, ";x=2");
  EXPECT_EQ(Parameter(both.parameters, "x"), "2");
  SANSIP_SHOWS("3261-20-15");
}

TEST(NameAddrTest, QuotedStringsHoldAnything) {
  const NameAddr address = Good("\"a, <b>; \\\"c\\\" \\\\\" <sip:a@h>;p=\"x;y,z\\\"\";tag=1");
  EXPECT_EQ(address.display_name, "\"a, <b>; \\\"c\\\" \\\\\"");
  EXPECT_EQ(Parameter(address.parameters, "p"), "\"x;y,z\\\"\"");
  EXPECT_EQ(Parameter(address.parameters, "tag"), "1");
}

TEST(NameAddrTest, Folding) {
  const NameAddr address = Good("\"a\r\n b\"\r\n <sip:a@h>\r\n ;\r\n tag\r\n =\r\n x\r\n ");
  EXPECT_EQ(address.display_name, "\"a\r\n b\"");
  EXPECT_EQ(address.uri, "sip:a@h");
  EXPECT_EQ(Parameter(address.parameters, "tag"), "x");
  EXPECT_EQ(address.text.back(), 'x');
}

TEST(NameAddrTest, Star) {
  EXPECT_TRUE(Good("*").is_star);
  EXPECT_TRUE(Good(" * ").is_star);
  EXPECT_FALSE(Good("* <sip:a@h>").is_star);  // a display name
}

TEST(NameAddrTest, OtherSchemes) {
  EXPECT_EQ(Good("isbn:2983792873").uri, "isbn:2983792873");
  EXPECT_EQ(Good("<http://www.example.com/a?b;c,d>;tag=1").uri, "http://www.example.com/a?b;c,d");
}

TEST(NameAddrTest, Lists) {
  std::string_view rest =
      "\"Mr. Watson, T.\" <sip:watson@h>;q=0.7 , <mailto:watson@h,x> ;q=0.1,sip:a@h;b=\",\"";
  NameAddr address;
  ASSERT_TRUE(ParseNameAddr(rest, address, &rest).ok());
  EXPECT_EQ(address.text, "\"Mr. Watson, T.\" <sip:watson@h>;q=0.7");
  ASSERT_TRUE(ParseNameAddr(rest, address, &rest).ok());
  EXPECT_EQ(address.uri, "mailto:watson@h,x");
  EXPECT_EQ(address.parameters, ";q=0.1");
  ASSERT_TRUE(ParseNameAddr(rest, address, &rest).ok());
  EXPECT_EQ(address.uri, "sip:a@h");
  EXPECT_EQ(rest, "");
}

TEST(NameAddrTest, Malformed) {
  struct Bad {
    std::string_view value;
    ParseCode code;
    std::uint32_t offset;
  };
  constexpr Bad kBad[] = {
      {"", ParseCode::kBadUri, 0},
      {"Bob", ParseCode::kBadUri, 0},
      {"\"open <sip:a@h>", ParseCode::kBadQuotedString, 15},
      {"<sip:a@h", ParseCode::kBadUri, 8},
      {"<>", ParseCode::kBadUri, 1},
      {"< sip:a@h >", ParseCode::kBadUri, 1},
      {"<sip:a@h> x", ParseCode::kBadFieldValue, 10},
      {"<sip:a@h>>", ParseCode::kBadFieldValue, 9},
      {"<<sip:a@h>>", ParseCode::kBadUri, 1},
      {"Bell, A <sip:a@h>", ParseCode::kBadUri, 0},
      {"a@b <sip:a@h>", ParseCode::kBadUri, 0},
      {"\"a\" b <sip:a@h>", ParseCode::kBadUri, 0},
      {"sip:a@h?x=y", ParseCode::kBadUri, 7},
      {"sip:a@h x", ParseCode::kBadFieldValue, 8},
      {"<sip:a@h>;", ParseCode::kBadParameter, 10},
      {"<sip:a@h>;;x", ParseCode::kBadParameter, 10},
      {"<sip:a@h>;tag", ParseCode::kBadParameter, 13},
      {"<sip:a@h>;tag=\"x\"", ParseCode::kBadParameter, 17},
      {"<sip:a@h>;tag=1;Tag=2", ParseCode::kRepeatedParameter, 15},
      {"<sip:a@h>;x=\"open", ParseCode::kBadQuotedString, 17},
      {"<sip:a@h>,", ParseCode::kBadFieldValue, 9},
      {"*, <sip:a@h>", ParseCode::kBadUri, 0},
      {"*;q=1", ParseCode::kBadUri, 0},
  };
  for (const Bad& bad : kBad) {
    NameAddr address;
    std::string_view rest;
    const ParseError error = ParseNameAddr(bad.value, address, &rest);
    EXPECT_EQ(error.code, bad.code) << bad.value;
    EXPECT_EQ(error.offset, bad.offset) << bad.value;
  }
}

TEST(NameAddrTest, Tags) {
  const Parsed parsed(RequestWith({}));
  EXPECT_EQ(FromTag(parsed.view()), "1928301774");
  EXPECT_EQ(ToTag(parsed.view()), "");
}

TEST(ParameterTest, Lookup) {
  constexpr std::string_view kText = ";a=b ; C = \"d;e=f\" ;g;h=[2001:db8::1];a=2";
  EXPECT_EQ(Parameter(kText, "a"), "b");
  EXPECT_EQ(Parameter(kText, "c"), "\"d;e=f\"");
  EXPECT_EQ(Parameter(kText, "e"), std::nullopt);
  EXPECT_EQ(Parameter(kText, "G"), "");
  EXPECT_EQ(Parameter(kText, "h"), "[2001:db8::1]");
  EXPECT_EQ(Parameter("", "a"), std::nullopt);
  EXPECT_EQ(Parameter("a=b", "a"), std::nullopt);
  EXPECT_EQ(Parameter(";;a=b", "a"), std::nullopt);
}

// RFC 3261 7.3.1
TEST(ListTest, ElementsOverRowsAndCommas) {
  const Parsed parsed(RequestWith(
      {"Route: <sip:a@h;lr>", "Contact: <sip:x@h>", "Route: <sip:b@h,c>,\r\n \"q, <r>\" <sip:c@h>"}));
  ASSERT_TRUE(parsed.ok());
  ElementsOf elements(parsed.view(), HeaderId::kRoute);
  std::string_view element;
  ASSERT_TRUE(elements.Next(element));
  EXPECT_EQ(element, "<sip:a@h;lr>");
  ASSERT_TRUE(elements.Next(element));
  EXPECT_EQ(element, "<sip:b@h,c>");
  ASSERT_TRUE(elements.Next(element));
  EXPECT_EQ(element, "\"q, <r>\" <sip:c@h>");
  EXPECT_FALSE(elements.Next(element));
  EXPECT_FALSE(elements.Next(element));
  SANSIP_SHOWS("3261-7.3.1-6");
}

TEST(ListTest, EmptyElementsAndOpenQuotes) {
  const Parsed parsed(RequestWith(
      {"Supported: ,a,, b ,", "Supported:", "Warning: 399 h \"open, x", "Warning: (a, \\) b), c"}));
  ASSERT_TRUE(parsed.ok());
  std::string all;
  ElementsOf supported(parsed.view(), HeaderId::kSupported);
  for (std::string_view element; supported.Next(element);) all.append("[").append(element).append("]");
  EXPECT_EQ(all, "[a][b]");
  all.clear();
  ElementsOf warnings(parsed.view(), HeaderId::kWarning);
  for (std::string_view element; warnings.Next(element);) all.append("[").append(element).append("]");
  EXPECT_EQ(all, "[399 h \"open, x][(a, \\) b)][c]");
}

// What hides a comma elsewhere hides it in a list of tokens, too, though nothing should stand there.
TEST(ListTest, HasTokenLooksPastWhatHidesCommas) {
  const auto has = [](std::string_view value, std::string_view token) {
    const std::string line = "Supported: " + std::string(value);
    const Parsed parsed(RequestWith({line}));
    return HasToken(parsed.view(), HeaderId::kSupported, token);
  };
  EXPECT_TRUE(has("timer , 100rel", "100rel"));
  EXPECT_TRUE(has(",, ,timer", "timer"));
  EXPECT_TRUE(has("a,\r\n 100rel\r\n\t,b", "100rel"));
  EXPECT_FALSE(has("\"a,100rel,b\"", "100rel"));
  EXPECT_TRUE(has("\"a,b\",100rel", "100rel"));
  EXPECT_FALSE(has("<a,100rel,b>", "100rel"));
  EXPECT_FALSE(has("(a,100rel,b)", "100rel"));
  EXPECT_FALSE(has("a,,b", ""));
}

TEST(ListTest, HasToken) {
  const Parsed parsed(RequestWith({"Supported: 100rel , Timer", "k: replaces", "Allow: INVITE,ACK"}));
  EXPECT_TRUE(HasToken(parsed.view(), HeaderId::kSupported, "timer"));
  EXPECT_TRUE(HasToken(parsed.view(), HeaderId::kSupported, "100REL"));
  EXPECT_TRUE(HasToken(parsed.view(), HeaderId::kSupported, "replaces"));
  EXPECT_FALSE(HasToken(parsed.view(), HeaderId::kSupported, "time"));
  EXPECT_FALSE(HasToken(parsed.view(), HeaderId::kRequire, "timer"));
  EXPECT_TRUE(HasToken(parsed.view(), HeaderId::kAllow, "ACK"));
  EXPECT_FALSE(HasToken(parsed.view(), HeaderId::kAllow, "ack"));
}

TEST(QuotedStringTest, DisplayNames) {
  EXPECT_EQ(QuoteDisplayName(""), "");
  EXPECT_EQ(QuoteDisplayName("Bob"), "Bob");
  EXPECT_EQ(QuoteDisplayName("The Operator"), "The Operator");
  EXPECT_EQ(QuoteDisplayName("The  Operator"), "\"The  Operator\"");
  EXPECT_EQ(QuoteDisplayName(" Bob"), "\" Bob\"");
  EXPECT_EQ(QuoteDisplayName("Mr. Watson, T."), "\"Mr. Watson, T.\"");
  EXPECT_EQ(QuoteDisplayName("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
  EXPECT_EQ(QuoteDisplayName("J\xC3\xBCrgen"), "\"J\xC3\xBCrgen\"");
  EXPECT_EQ(QuoteDisplayName("a\r\nVia: evil"), "\"a  Via: evil\"");
}

TEST(QuotedStringTest, EveryByteButLineBreaksComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    if (i != '\r' && i != '\n') all += static_cast<char>(i);
  }
  const std::string quoted = Quote(all);
  EXPECT_EQ(Unquote(quoted), all);
  const std::string value = quoted + " <sip:a@h>";
  const NameAddr address = Good(value);
  EXPECT_EQ(address.display_name, quoted);
  EXPECT_EQ(Unquote("plain"), "plain");
  EXPECT_EQ(Unquote("\""), "\"");
  EXPECT_EQ(Unquote("\"\""), "");
  EXPECT_EQ(WithoutQuotes("\"a\\b\""), "a\\b");
  EXPECT_EQ(WithoutQuotes("\"abc"), "\"abc");
}

TEST(NameAddrTest, WrittenInBrackets) {
  EXPECT_EQ(Rewritten(ParseNameAddr, "sip:+12125551212@h ; tag = 887s;y=\"a, b\""),
            "<sip:+12125551212@h>; tag = 887s;y=\"a, b\"");
  EXPECT_EQ(
      Rewritten(ParseNameAddr, "\"A. \\\"B\\\"\r\n C\"<sip:a@h;method=INVITE>, The\r\n\tOperator <tel:+1>"),
      "\"A. \\\"B\\\" C\" <sip:a@h;method=INVITE>, The Operator <tel:+1>");
  EXPECT_EQ(Rewritten(ParseNameAddr, "\"\"<sip:h>"), "\"\" <sip:h>");
  NameAddr address;
  address.uri = "sip:a@h;x=y";
  address.parameters = ";tag=1";
  EXPECT_EQ(Written(address), "<sip:a@h;x=y>;tag=1");
  SANSIP_SHOWS("3261-20.20-2", "3261-20.31-2", "3261-20-15");
}

TEST(NameAddrTest, RefusesToWriteWhatIsNone) {
  NameAddr address;
  EXPECT_EQ(Written(address), "refused");
  address.uri = "sip:a@h";
  for (std::string_view name :
       {"a, b"sv, "\"a"sv, "a\""sv, "\""sv, "\"a\"b\""sv, "a <sip:b@h>"sv, "\"a\\\""sv}) {
    address.display_name = name;
    EXPECT_EQ(Written(address), "refused") << name;
  }
  address.display_name = {};
  for (std::string_view parameters :
       {";tag=\"a\""sv, ";tag"sv, "tag=a"sv, ";a, <sip:b@h>"sv, ";a\r\nX: y"sv}) {
    address.parameters = parameters;
    EXPECT_EQ(Written(address), "refused") << parameters;
  }
}

// RFC 3261 20.20, 20.39
TEST(NameAddrTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseNameAddr, "A <sip:a@H;x=y>;tag=T", "\"B\" <sip:a@h>;Tag=t"));
  EXPECT_TRUE(AreEquivalent(ParseNameAddr, "sip:a@h;tag=1", "<sip:a@h>;tag=1;other=x"));
  EXPECT_TRUE(AreEquivalent(ParseNameAddr, "<sip:%61@h>", "<sip:a@h>"));
  EXPECT_FALSE(AreEquivalent(ParseNameAddr, "<sip:a@h>;tag=1", "<sip:a@h>;tag=2"));
  EXPECT_FALSE(AreEquivalent(ParseNameAddr, "<sip:a@h>;tag=1", "<sip:a@h>"));
  EXPECT_FALSE(AreEquivalent(ParseNameAddr, "<sip:a@h>;x=1", "<sip:a@h>;x=2"));
  EXPECT_FALSE(AreEquivalent(ParseNameAddr, "<sip:a@h>", "<sips:a@h>"));
  EXPECT_TRUE(AreEquivalent(ParseNameAddr, "<tel:+1-2>", "<tel:+12>"));  // RFC 3966 4
  EXPECT_TRUE(
      AreEquivalent(ParseNameAddr, "<tel:*7#;phone-context=+1>;x", "<TEL:%2A7%23;phone-context=+1>;x"));
  EXPECT_FALSE(AreEquivalent(ParseNameAddr, "*", "<sip:a@h>"));
}

// As Reply-To has it.
TEST(NameAddrTest, OneAddressAndNoStar) {
  NameAddr address;
  EXPECT_TRUE(ParseSingleNameAddr("Alice <sip:a@h>;x=1", address).ok());
  EXPECT_EQ(address.uri, "sip:a@h");
  EXPECT_EQ(ParseSingleNameAddr("<sip:a@h>, <sip:b@h>", address),
            (ParseError{ParseCode::kBadFieldValue, 11}));
  EXPECT_EQ(ParseSingleNameAddr("*", address), (ParseError{ParseCode::kBadFieldValue, 1}));
  EXPECT_EQ(ParseSingleNameAddr("<sip:a@h", address), (ParseError{ParseCode::kBadUri, 8}));
}

}  // namespace
}  // namespace sansip
