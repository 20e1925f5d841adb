// Target-Dialog (RFC 4538) as a user agent sends and reads it.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::HasSubstr;

UserAgentOptions Aimed() {
  UserAgentOptions options;
  options.takes_refer = options.takes_target_dialog = options.session_id = true;
  options.events = "presence";
  return options;
}

constexpr std::string_view kGruu = "Contact: <sip:bob@bob.example;gr=urn:uuid:1>\r\n";
constexpr std::string_view kSupports = "Supported: timer, tdialog\r\n";

class TargetDialogs : public ::testing::Test {
 protected:
  TargetDialogs() : alice(Aimed()) {}

  // Bob answers with these header lines.
  void Establish(std::string_view more) {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Receive(ResponseText(invite, 200, "bobtag", more));
    ASSERT_EQ(alice.view().state, UsageState::kEstablished);
  }
  std::string NamedByBob() const {
    return HeaderOf(invite, "Call-ID") + ";local-tag=" + TagIn(invite, "From") + ";remote-tag=bobtag";
  }
  // A request from outside that makes a dialog; true: it names the call.
  bool IsNamedBy(std::string_view method, std::string_view value) {
    RequestText text{.method = std::string(method), .to = "<sip:alice@alice.example>"};
    text.via = "SIP/2.0/UDP h:5066;branch=z9hG4bKt" + std::to_string(++requests);
    text.call_id = "outside" + std::to_string(requests);
    text.more = "Contact: <sip:c@192.0.2.9>\r\nRequire: tdialog\r\nEvent: presence\r\n";
    if (method == "REFER") text.more += "Refer-To: <sip:carol@carol.example>\r\n";
    if (!value.empty()) text.more += "Target-Dialog: " + std::string(value) + "\r\n";
    alice.Receive(text);
    const auto view = alice.agent().FindStandalone(alice.last_standalone());
    return view && view->target_dialog == alice.call();
  }

  AgentUnderTest alice;
  std::string invite;
  int requests = 0;
};

TEST_F(TargetDialogs, AReferToAGruuThatKnowsThemGoesOutside) {
  SANSIP_SHOWS("6665-4.5.2-1", "7329-5.1-1");
  Establish(std::string(kGruu) + std::string(kSupports));
  const std::string ack = alice.LastRequest("ACK");
  alice.Do(ua::input::Transfer{alice.call(), {}, "sip:carol@carol.example"});
  const std::string refer = alice.LastRequest("REFER");
  EXPECT_TRUE(refer.starts_with("REFER sip:bob@bob.example;gr=urn:uuid:1 SIP/2.0\r\n")) << refer;
  EXPECT_NE(HeaderOf(refer, "Call-ID"), HeaderOf(invite, "Call-ID"));
  EXPECT_EQ(TagIn(refer, "To"), "");
  EXPECT_EQ(HeaderOf(refer, "Target-Dialog"),
            HeaderOf(invite, "Call-ID") + ";local-tag=bobtag;remote-tag=" + TagIn(invite, "From"));
  EXPECT_EQ(HeaderOf(refer, "Require"), "tdialog");
  EXPECT_THAT(HeaderOf(refer, "Referred-By"), HasSubstr("alice"));
  EXPECT_EQ(HeaderOf(refer, "Session-ID"), HeaderOf(ack, "Session-ID"));
  // What becomes of it is told of the call that goes on elsewhere.
  std::vector<CallId> told;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> out;
  const std::string accepted =
      ResponseText(refer, 202, "bobtag2", "Contact: <sip:bob@bob.example;gr=urn:uuid:1>\r\n");
  const Parsed parsed(accepted);
  alice.agent().OnMessage(Instant(), {}, parsed.view(), out);
  for (const UserAgentAction& action : out) {
    if (const auto* changed = std::get_if<ua::ReferChanged>(&action)) told.push_back(changed->call);
  }
  EXPECT_THAT(told, ::testing::ElementsAre(alice.call()));
}

TEST_F(TargetDialogs, OtherPeersAreAskedWithinTheDialog) {
  for (const std::string& more :
       {std::string(kGruu), "Contact: <sip:b@192.0.2.2>\r\n" + std::string(kSupports)}) {
    Establish(more);
    alice.Do(ua::input::Transfer{alice.call(), {}, "sip:carol@carol.example"});
    const std::string refer = alice.LastRequest("REFER");
    EXPECT_EQ(HeaderOf(refer, "Call-ID"), HeaderOf(invite, "Call-ID"));
    EXPECT_EQ(HeaderOf(refer, "Target-Dialog"), "");
    const InputResult asked =
        alice.Do(ua::input::Subscribe{StandaloneDraft{.call = alice.call(), .event = "dialog"}});
    EXPECT_EQ(asked.error, VerbError::kWrongState);
  }
}

TEST_F(TargetDialogs, ASubscriptionNamesTheCallThatItIsAbout) {
  SANSIP_SHOWS("6665-4.5.2-1");
  Establish(std::string(kGruu) + std::string(kSupports));
  const InputResult asked =
      alice.Do(ua::input::Subscribe{StandaloneDraft{.call = alice.call(), .event = "conference"}});
  ASSERT_EQ(asked.error, VerbError::kNone);
  const std::string subscribe = alice.LastRequest("SUBSCRIBE");
  EXPECT_TRUE(subscribe.starts_with("SUBSCRIBE sip:bob@bob.example;gr=urn:uuid:1 SIP/2.0\r\n"));
  EXPECT_THAT(HeaderOf(subscribe, "Target-Dialog"), HasSubstr(";local-tag=bobtag;remote-tag="));
  EXPECT_EQ(HeaderOf(subscribe, "Require"), "tdialog");
  alice.HangUp();
  const InputResult late =
      alice.Do(ua::input::Subscribe{StandaloneDraft{.call = alice.call(), .event = "conference"}});
  EXPECT_EQ(late.error, VerbError::kWrongState);
}

TEST_F(TargetDialogs, OneThatNamesACallIsToldWithIt) {
  Establish(kGruu);
  EXPECT_TRUE(IsNamedBy("REFER", NamedByBob()));
  EXPECT_TRUE(IsNamedBy("SUBSCRIBE", NamedByBob()));
  EXPECT_EQ(alice.LastResponse("SUBSCRIBE").substr(8, 3), "200");
  EXPECT_THAT(HeaderOf(invite, "Supported"), HasSubstr("tdialog"));
  EXPECT_FALSE(alice.view().secure);
  // The call that is placed for the REFER is of the same session (RFC 7989 10.9).
  EXPECT_TRUE(IsNamedBy("REFER", NamedByBob()));
  CallDraft draft;
  draft.reference = alice.last_standalone();
  alice.Place(draft);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-ID"), HeaderOf(invite, "Session-ID"));
}

TEST_F(TargetDialogs, OneThatNamesNoneCountsAsAbsent) {
  Establish(kGruu);
  const std::string call_id = HeaderOf(invite, "Call-ID"), tag = TagIn(invite, "From");
  for (const std::string& value :
       {std::string(), call_id, call_id + ";local-tag=" + tag, call_id + ";remote-tag=bobtag",
        call_id + ";local-tag=bobtag;remote-tag=" + tag, "x;local-tag=" + tag + ";remote-tag=bobtag",
        NamedByBob() + ";local-tag=" + tag, NamedByBob() + "x", std::string("\"")}) {
    EXPECT_FALSE(IsNamedBy("SUBSCRIBE", value)) << value;
    EXPECT_EQ(alice.LastResponse("SUBSCRIBE").substr(8, 3), "200") << value;
  }
  const std::string named = NamedByBob();
  alice.HangUp();
  EXPECT_FALSE(IsNamedBy("SUBSCRIBE", named));
}

TEST_F(TargetDialogs, WhoDoesNotTakeThemSaysSo) {
  UserAgentOptions options;
  options.events = "presence";
  AgentUnderTest bob(options);
  bob.Receive(RequestText{.method = "SUBSCRIBE",
                          .more = "Contact: <sip:c@192.0.2.9>\r\nRequire: tdialog\r\nEvent: presence\r\n"});
  EXPECT_EQ(bob.LastResponse("SUBSCRIBE").substr(8, 3), "420");
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Unsupported"), "tdialog");
}

}  // namespace
}  // namespace sansip::testing
