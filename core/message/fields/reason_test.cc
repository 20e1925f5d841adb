#include "sansip/core/message/fields/reason.h"

#include <array>
#include <span>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/parameter.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(ReasonTest, EveryPart) {
  const Reason reason = Read(ParseReason, "SIP ;cause=200 ;text=\"Call \\\"completed\\\" elsewhere\";x=y")[0];
  EXPECT_EQ(reason.protocol, "SIP");
  EXPECT_EQ(reason.cause, 200u);
  EXPECT_EQ(reason.text, "Call \\\"completed\\\" elsewhere");
  EXPECT_EQ(Parameter(reason.parameters, "x"), "y");
}

TEST(ReasonTest, LeastAndFolded) {
  const Reason least = Read(ParseReason, "Q.850")[0];
  EXPECT_EQ(least.protocol, "Q.850");
  EXPECT_EQ(least.cause, std::nullopt);
  EXPECT_EQ(least.text, std::nullopt);
  const Reason folded = Read(ParseReason, " Q.850\r\n ;\r\n Cause\t= 016;\r\n TEXT =\r\n \"a,\r\n b\" ")[0];
  EXPECT_EQ(folded.cause, 16u);
  EXPECT_EQ(folded.text, "a,\r\n b");
  EXPECT_EQ(Read(ParseReason, "SIP;text=\"\"")[0].text, "");
}

TEST(ReasonTest, AMessageHasOneOfEachProtocol) {
  const Parsed parsed(RequestWith(
      {"Reason: Q.850;cause=16;text=\"a, b\", SIP;cause=200", "Reason: sip;cause=486", "Reason: x;cause=y"}));
  ASSERT_TRUE(parsed.ok());
  Reason reason;
  ASSERT_TRUE(ReasonOf(parsed.view(), "SIP", reason));
  EXPECT_EQ(reason.cause, 200u);
  ASSERT_TRUE(ReasonOf(parsed.view(), "q.850", reason));
  EXPECT_EQ(reason.text, "a, b");
  EXPECT_FALSE(ReasonOf(parsed.view(), "x", reason));
  EXPECT_EQ(reason.protocol, "");
}

TEST(ReasonTest, Malformed) {
  ExpectMalformed(ParseReason, {
                                   {"", ParseCode::kBadToken, 0},
                                   {";cause=1", ParseCode::kBadToken, 0},
                                   {"SIP cause=1", ParseCode::kBadFieldValue, 4},
                                   {"SIP;cause=1,", ParseCode::kBadFieldValue, 11},
                                   {"SIP;", ParseCode::kBadParameter, 4},
                                   {"SIP;cause", ParseCode::kBadNumber, 3},
                                   {"SIP;cause=", ParseCode::kBadParameter, 10},
                                   {"SIP;cause=x", ParseCode::kBadNumber, 3},
                                   {"SIP;cause=4294967296", ParseCode::kBadNumber, 3},
                                   {"SIP;cause=1;cause=1", ParseCode::kRepeatedParameter, 11},
                                   {"SIP;text=bye", ParseCode::kBadQuotedString, 3},
                                   {"SIP;text", ParseCode::kBadQuotedString, 3},
                                   {"SIP;text=\"bye", ParseCode::kBadQuotedString, 13},
                                   {"SIP;text=\"\";text=\"\"", ParseCode::kRepeatedParameter, 11},
                               });
}

TEST(ReasonTest, Written) {
  EXPECT_EQ(Rewritten(ParseReason, "Q.850 ; x; cause = 016, SIP;text=\"a\\\\\r\n b\";y=\"z\" , a;text=\"\""),
            "Q.850;cause=16;x, SIP;text=\"a\\\\ b\";y=\"z\", a;text=\"\"");
  EXPECT_EQ(Written(Reason{.protocol = "SIP", .cause = 200, .text = "Call completed elsewhere"}),
            "SIP;cause=200;text=\"Call completed elsewhere\"");
  constexpr std::array kTwo = {Reason{.protocol = "SIP", .cause = 580}, Reason{.protocol = "Q.850"}};
  EXPECT_EQ(Written(std::span<const Reason>(kTwo)), "SIP;cause=580, Q.850");
  for (const Reason& bad :
       {Reason{}, Reason{.protocol = "SIP,a"}, Reason{.protocol = "SIP;a"},
        Reason{.protocol = "SIP", .text = "a\"b"}, Reason{.protocol = "SIP", .text = "a\\"},
        Reason{.protocol = "SIP", .text = "a\r\nX: y"}, Reason{.protocol = "SIP", .parameters = ";a\r\nX: y"},
        Reason{.protocol = "SIP", .parameters = ";a, SIP"}}) {
    EXPECT_EQ(Written(bad), "refused") << bad.protocol << bad.parameters;
  }
}

TEST(ReasonTest, Compared) {
  EXPECT_TRUE(
      AreEquivalent(ParseReason, "SIP;cause=200;x=Y;text=\"a\\b\"", "sip;text=\"ab\";X=y;CAUSE=0200"));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;cause=200", "Q.850;cause=200"));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;cause=200", "SIP;cause=201"));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;cause=200", "SIP"));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;text=\"a\"", "SIP;text=\"A\""));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;text=\"\"", "SIP"));
  EXPECT_FALSE(AreEquivalent(ParseReason, "SIP;x", "SIP"));
}

}  // namespace
}  // namespace sansip
