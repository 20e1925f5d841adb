// What a notifier is told by the types that its watcher takes, and how often it speaks (RFC 6665 4.1.2.1, RFC
// 3903 14.2); and the proof that goes with a 2xx (RFC 7616 3.5).

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::StartsWith;

UserAgentOptions OfPresence() {
  UserAgentOptions options;
  options.events = "presence";
  options.event_types = "application/pidf+xml, application/xpidf+xml";
  options.notify_gap = std::chrono::seconds(5);
  options.methods = "MESSAGE";
  return options;
}

class Presence : public ::testing::Test {
 protected:
  static RequestText Watch(int cseq, std::string_view accept, std::string_view to_tag = {}) {
    RequestText text = Numbered(cseq, "SUBSCRIBE");
    text.cseq = std::to_string(cseq);
    text.more = "Contact: <sip:watcher@192.0.2.7>\r\nEvent: presence\r\nExpires: 600\r\n";
    if (!accept.empty()) text.more += "Accept: " + std::string(accept) + "\r\n";
    if (!to_tag.empty()) text.to += ";tag=" + std::string(to_tag);
    return text;
  }
  std::string StatusOf(const RequestText& request) {
    bob.Receive(request);
    return bob.LastResponse(request.method).substr(8, 3);
  }
  VerbError Notify(const std::string& body, Substate state = Substate::kActive) {
    NotifyDraft draft{.content = {.body = body, .content_type = "application/pidf+xml"}};
    draft.state = state;
    return bob.Do(ua::input::Notify{bob.last_standalone(), draft}).error;
  }
  int sent() const { return bob.CountDifferent("NOTIFY"); }
  void AnswerNotify() { bob.RespondTo(bob.LastRequest("NOTIFY"), 200, ""); }

  AgentUnderTest bob{OfPresence(), "bob.example"};
};

TEST_F(Presence, WhoTakesNoBodyThatThereIsGets406) {
  SANSIP_SHOWS("6665-4.1.2.1-1");
  EXPECT_EQ(StatusOf(Watch(1, "text/foo")), "406");
  EXPECT_EQ(StatusOf(Watch(2, "text/foo, application/*;q=0")), "406");
  EXPECT_EQ(bob.agent().standalones(), 0u);
  int cseq = 3;
  for (const char* accept : {"", "application/pidf+xml", "text/foo, Application/XPIDF+xml", "application/*",
                             "text/foo\r\nAccept: */*"}) {
    EXPECT_EQ(StatusOf(Watch(cseq, accept)), "200") << accept;
    ++cseq;
  }
}

TEST_F(Presence, ARefreshThatAsksForOtherTypesChangesNothing) {
  ASSERT_EQ(StatusOf(Watch(1, "application/pidf+xml")), "200");
  const std::string tag = TagIn(bob.LastResponse("SUBSCRIBE"), "To");
  AnswerNotify();
  RequestText again = Watch(2, "text/foo", tag);
  again.call_id = Watch(1, "").call_id;
  EXPECT_EQ(StatusOf(again), "406");
  EXPECT_EQ(bob.agent().standalones(), 1u);
  bob.Advance(6);
  EXPECT_EQ(Notify("<open/>"), VerbError::kNone);
}

TEST_F(Presence, WhatChangesOftenIsToldSeldom) {
  SANSIP_SHOWS("3903-14.2-3");
  ASSERT_EQ(StatusOf(Watch(1, "")), "200");
  AnswerNotify();
  ASSERT_EQ(sent(), 1);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(Notify("<n>" + std::to_string(i) + "</n>"), VerbError::kNone);
    bob.Advance(0.1);
    if (sent() > 1 && i < 60) AnswerNotify();
  }
  AnswerNotify();
  bob.Advance(5);
  AnswerNotify();
  EXPECT_LE(sent(), 4);
  EXPECT_EQ(BodyOf(bob.LastRequest("NOTIFY")), "<n>99</n>");  // the latest is never lost
  // What ends it is not held back.
  const int before = sent();
  ASSERT_EQ(Notify("<gone/>", Substate::kTerminated), VerbError::kNone);
  EXPECT_EQ(sent(), before + 1);
}

// ---- RFC 7616 3.5; RFC 3261 20.6

TEST_F(Presence, A2xxHasTheProofThatItsRequestCameWithAndNoOtherResponse) {
  const auto ask = [&](int cseq, const char* method, const char* type, std::string_view info) {
    RequestText text = Numbered(cseq, method);
    text.cseq = std::to_string(cseq);
    text.more = "Content-Type: " + std::string(type) + "\r\n";
    text.body = "hi";
    const Parsed parsed(text.text());
    bob.Do(ua::input::Message{
        {{1, 1}, Transport::kUdp, *ParseIp("192.0.2.9", 5060), {bob.host(), 5060}}, &parsed.view(), info});
    return bob.LastResponse(method);
  };
  constexpr std::string_view kInfo = "qop=auth, rspauth=\"1234\", cnonce=\"c\", nc=00000001";
  EXPECT_EQ(HeaderOf(ask(1, "MESSAGE", "text/plain", kInfo), "Authentication-Info"), kInfo);
  const std::string none = ask(2, "MESSAGE", "text/plain", "");
  EXPECT_THAT(none, StartsWith("SIP/2.0 200"));
  EXPECT_EQ(CountOf(none, "Authentication-Info"), 0);
  const std::string refused = ask(3, "MESSAGE", "text/html", kInfo);
  EXPECT_THAT(refused, StartsWith("SIP/2.0 415"));
  EXPECT_EQ(CountOf(refused, "Authentication-Info"), 0);
}

TEST_F(Presence, SoHasThe2xxThatTheUserTakesItsTimeFor) {
  const Parsed parsed(RequestText{.method = "INVITE", .more = "Contact: <sip:a@h>\r\n"}.text());
  bob.Do(ua::input::Message{{{1, 1}, Transport::kUdp, *ParseIp("192.0.2.9", 5060), {bob.host(), 5060}},
                            &parsed.view(),
                            "nextnonce=\"n2\""});
  bob.Ring();
  EXPECT_EQ(CountOf(bob.last_wire(), "Authentication-Info"), 0);
  bob.Advance(10);
  bob.Answer();
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Authentication-Info"), "nextnonce=\"n2\"");
}

}  // namespace
}  // namespace sansip::testing
