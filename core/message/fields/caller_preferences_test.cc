#include "sansip/core/message/fields/caller_preferences.h"

#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/fields/feature_tag.h"
#include "sansip/core/message/test_field.h"
#include "sansip/core/message/test_message.h"

namespace sansip {
namespace {

TEST(AcceptContactTest, FeaturesAndFlags) {
  const auto contacts =
      Read(ParseAcceptContact, "*;audio;require, * ;\r\n +x.y=\"a,!b\" ; EXPLICIT;Require;z=1 ,*");
  ASSERT_EQ(contacts.size(), 3u);
  EXPECT_TRUE(contacts[0].is_required);
  EXPECT_FALSE(contacts[0].is_explicit);
  EXPECT_TRUE(contacts[1].is_required);
  EXPECT_TRUE(contacts[1].is_explicit);
  FeatureTag tag;
  ASSERT_TRUE(FindFeatureTag(contacts[1].parameters, "+X.Y", tag));
  EXPECT_EQ(tag.value, "a,!b");
  EXPECT_EQ(contacts[2].parameters, "");
}

TEST(AcceptContactTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseAcceptContact, "* ; require;audio ;methods=\"INVITE\";explicit,*"),
            "*;audio;methods=\"INVITE\";require;explicit, *");
  EXPECT_EQ(Written(AcceptContact{.is_required = true, .parameters = ";video"}), "*;video;require");
  EXPECT_EQ(Written(AcceptContact{.parameters = ";a=b, *"}), "refused");
  EXPECT_EQ(Written(AcceptContact{.parameters = "audio"}), "refused");
  EXPECT_EQ(Written(AcceptContact{.parameters = ";a=\"\r\nX: y\""}), "refused");
}

TEST(AcceptContactTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseAcceptContact, "*;require;methods=\"A,B\"", "*;methods=\"b,a\";REQUIRE"));
  EXPECT_FALSE(AreEquivalent(ParseAcceptContact, "*;require", "*"));
  EXPECT_FALSE(AreEquivalent(ParseAcceptContact, "*;explicit", "*;require"));
  EXPECT_FALSE(AreEquivalent(ParseAcceptContact, "*;audio", "*;video"));
}

TEST(AcceptContactTest, Malformed) {
  ExpectMalformed(ParseAcceptContact, {{"", ParseCode::kBadFieldValue, 0},
                                       {" ;audio", ParseCode::kBadFieldValue, 1},
                                       {"sip:a@h", ParseCode::kBadFieldValue, 0},
                                       {"<*>", ParseCode::kBadFieldValue, 0},
                                       {"**", ParseCode::kBadFieldValue, 1},
                                       {"*;", ParseCode::kBadParameter, 2},
                                       {"*;audio=", ParseCode::kBadParameter, 8},
                                       {"*;methods=\"a", ParseCode::kBadQuotedString, 12},
                                       {"*;require=1", ParseCode::kBadParameter, 1},
                                       {"*;require;audio;require", ParseCode::kRepeatedParameter, 15},
                                       {"*;audio;AUDIO", ParseCode::kRepeatedParameter, 7},
                                       {"*,", ParseCode::kBadFieldValue, 1},
                                       {"*;audio, ,*", ParseCode::kBadFieldValue, 9}});
}

TEST(AcceptContactTest, HasALimitOfParameters) {
  std::string value = "*";
  for (std::size_t i = 0; i < kPreferencesMax; ++i) value += ";p" + std::to_string(i);
  EXPECT_TRUE(ErrorOf(ParseAcceptContact, value).ok());
  const auto end = static_cast<std::uint32_t>(value.size());
  EXPECT_EQ(ErrorOf(ParseAcceptContact, value + ";q"), (ParseError{ParseCode::kBadParameter, end}));
}

TEST(RejectContactTest, Features) {
  EXPECT_EQ(Rewritten(ParseRejectContact, "* ;\r\n actor=\"msg-taker\";video , *;require=1"),
            "*; actor=\"msg-taker\";video, *;require=1");
}

TEST(RejectContactTest, Comparison) {
  EXPECT_TRUE(AreEquivalent(ParseRejectContact, "*;actor=\"a,b\"", "*;Actor=\"B,a\""));
  EXPECT_FALSE(AreEquivalent(ParseRejectContact, "*;actor=\"a\"", "*"));
  EXPECT_EQ(Written(RejectContact{.parameters = ";a\r\n"}), "refused");
  ExpectMalformed(ParseRejectContact,
                  {{"video", ParseCode::kBadFieldValue, 0}, {"*;a;a", ParseCode::kRepeatedParameter, 3}});
}

TEST(RequestDispositionTest, EveryDirective) {
  const auto first = Read(ParseRequestDisposition, "proxy, recurse ,\r\n PARALLEL,no-queue,cancel,fork");
  EXPECT_EQ(
      first,
      (RequestDisposition{
          .proxy = true, .cancel = true, .fork = true, .recurse = true, .parallel = true, .queue = false}));
  const auto other = Read(ParseRequestDisposition, "redirect,no-cancel,no-fork,no-recurse,sequential,queue");
  EXPECT_EQ(other, (RequestDisposition{.proxy = false,
                                       .cancel = false,
                                       .fork = false,
                                       .recurse = false,
                                       .parallel = false,
                                       .queue = true}));
  EXPECT_EQ(Read(ParseRequestDisposition, "queue"), RequestDisposition{.queue = true});
}

TEST(RequestDispositionTest, WrittenAndReadAgain) {
  EXPECT_EQ(Rewritten(ParseRequestDisposition, "No-Queue ,proxy"), "proxy, no-queue");
  EXPECT_EQ(Written(RequestDisposition{}), "refused");
  EXPECT_TRUE(AreEquivalent(ParseRequestDisposition, "proxy,fork", "FORK, Proxy"));
  EXPECT_FALSE(AreEquivalent(ParseRequestDisposition, "proxy,fork", "proxy"));
  EXPECT_FALSE(AreEquivalent(ParseRequestDisposition, "fork", "no-fork"));
}

TEST(RequestDispositionTest, Malformed) {
  ExpectMalformed(ParseRequestDisposition, {{"", ParseCode::kBadToken, 0},
                                            {"proxy,", ParseCode::kBadToken, 6},
                                            {"proxy,,fork", ParseCode::kBadToken, 6},
                                            {"proxy, hurry", ParseCode::kBadToken, 7},
                                            {"proxy;x", ParseCode::kBadFieldValue, 5},
                                            {"proxy fork", ParseCode::kBadFieldValue, 6},
                                            {"proxy, redirect", ParseCode::kRepeatedParameter, 7},
                                            {"fork,fork", ParseCode::kRepeatedParameter, 5}});
}

TEST(RequestDispositionTest, OfAllLines) {
  RequestDisposition disposition;
  const Parsed two(RequestWith({"Request-Disposition: proxy", "d: no-fork, queue"}));
  ASSERT_TRUE(RequestDispositionOf(two.view(), disposition));
  EXPECT_EQ(disposition, (RequestDisposition{.proxy = true, .fork = false, .queue = true}));
  const Parsed at_odds(RequestWith({"Request-Disposition: proxy", "d: redirect"}));
  EXPECT_FALSE(RequestDispositionOf(at_odds.view(), disposition));
  EXPECT_FALSE(RequestDispositionOf(Parsed(RequestWith({})).view(), disposition));
}

}  // namespace
}  // namespace sansip
