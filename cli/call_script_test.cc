#include "sansip/cli/call_script.h"

#include <chrono>
#include <string>

#include "gtest/gtest.h"

namespace sansip::cli {
namespace {

using std::chrono::milliseconds;

TEST(CallScriptTest, HasItsStepsByTime) {
  CallScript script;
  std::string why;
  ASSERT_TRUE(
      ReadCallScript("# a comment\n"
                     "4s resume\r\n"
                     "\n"
                     "  2s\thold  \n"
                     "2s info application/dtmf-relay Signal=5 Duration=100\n"
                     "start+500ms ring\n"
                     "start+0 ring 183\n"
                     "1 dtmf 12#D\n"
                     "5s message See you at eight",
                     script, why))
      << why;
  ASSERT_EQ(script.after_start.size(), 2u);
  EXPECT_EQ(script.after_start[0].status, 183);
  EXPECT_EQ(script.after_start[1].status, 180);
  EXPECT_EQ(script.after_start[1].after, milliseconds(500));
  ASSERT_EQ(script.after_ack.size(), 5u);
  EXPECT_EQ(script.after_ack[0].verb, ScriptVerb::kDtmf);
  EXPECT_EQ(script.after_ack[0].text, "12#D");
  EXPECT_EQ(script.after_ack[1].verb, ScriptVerb::kHold);
  EXPECT_EQ(script.after_ack[1].line, 4u);
  EXPECT_EQ(script.after_ack[2].type, "application/dtmf-relay");
  EXPECT_EQ(script.after_ack[2].text, "Signal=5 Duration=100");
  EXPECT_EQ(script.after_ack[3].verb, ScriptVerb::kResume);
  EXPECT_EQ(script.after_ack[4].text, "See you at eight");
  EXPECT_TRUE(script.responds());
}

TEST(CallScriptTest, OneWithoutResponsesLeavesThemToTheCallee) {
  CallScript script;
  std::string why;
  ASSERT_TRUE(ReadCallScript("start+1s hangup\n3s hangup", script, why)) << why;
  EXPECT_FALSE(script.responds());
}

TEST(CallScriptTest, SaysWhereItIsWrong) {
  const auto why = [](const std::string& text) {
    CallScript script;
    std::string why;
    EXPECT_FALSE(ReadCallScript(text, script, why)) << text;
    return why;
  };
  EXPECT_EQ(why(""), "there is no step in it");
  EXPECT_EQ(why("# nothing\n"), "there is no step in it");
  EXPECT_EQ(why("\n1s sing").substr(0, 58), "line 2: \"sing\" is no verb; there are ring answer refuse ho");
  EXPECT_EQ(why("1s").substr(0, 25), "line 1: \"\" is no verb; th");
  EXPECT_EQ(why("soon hangup").substr(0, 8), "line 1: ");
  EXPECT_EQ(why("1s hangup now"), "line 1: hangup: takes nothing after it");
  EXPECT_EQ(why("1s dtmf 12x"), "line 1: dtmf: needs keys of 0123456789*#ABCD");
  EXPECT_EQ(why("1s dtmf"), "line 1: dtmf: needs keys of 0123456789*#ABCD");
  EXPECT_EQ(why("1s info nonsense text"), "line 1: info: needs a content type and a text");
  EXPECT_EQ(why("1s info text/plain"), "line 1: info: needs a content type and a text");
  EXPECT_EQ(why("1s message"), "line 1: message: needs a text");
  EXPECT_NE(why("start+1s ring 200").find("199"), std::string::npos);
  EXPECT_NE(why("start+1s ring 100").find("101"), std::string::npos);
  EXPECT_NE(why("start+1s refuse 200").find("300"), std::string::npos);
  std::string many;
  for (std::size_t i = 0; i <= CallScript::kStepsMax; ++i) many += "1s hold\n";
  EXPECT_EQ(why(many), "line 1001: more than 1000 steps");
}

}  // namespace
}  // namespace sansip::cli
