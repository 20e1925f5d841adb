// Subscriptions of both roles and publications (RFC 6665, RFC 3903) against scripted peers.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Subscribing : public ::testing::Test {
 protected:
  VerbError Subscribe(StandaloneDraft draft) {
    draft.target = "sip:bob@bob.example";
    draft.from = "<sip:alice@alice.example>";
    const InputResult result = alice.Do(ua::input::Subscribe{draft});
    id = result.asked;
    first_ = Last();
    return result.error;
  }
  void Subscribe() { ASSERT_EQ(Subscribe({.event = "presence"}), VerbError::kNone); }
  // Asked, accepted and notified about: active for 600 s.
  void Establish(StandaloneDraft draft = {.event = "presence"}) {
    ASSERT_EQ(Subscribe(draft), VerbError::kNone);
    Accept(600);
    Notify("active;expires=600");
    alice.TakeEvents();
  }
  void Accept(int expires) { alice.Respond(200, "bobtag", "Expires: " + std::to_string(expires) + "\r\n"); }
  // Of the subscription that was asked for last.
  RequestText NotifyText(std::string_view state, std::string_view tag = "bobtag") {
    RequestText text = RequestFromBob(first_, "NOTIFY", ++cseq_);
    text.from = "<sip:bob@bob.example>;tag=" + std::string(tag);
    text.to = "<sip:alice@alice.example>;tag=" + TagIn(first_, "From");
    text.more = "Event: " + HeaderOf(first_, "Event") + "\r\nContact: <sip:bob@192.0.2.2:5070>\r\n";
    if (!state.empty()) text.more += "Subscription-State: " + std::string(state) + "\r\n";
    return text;
  }
  void Notify(std::string_view state, std::string_view tag = "bobtag") {
    alice.Receive(NotifyText(state, tag));
  }
  VerbError Withdraw() { return alice.Do(ua::input::Withdraw{id}).error; }
  std::string Last() const { return alice.LastRequest("SUBSCRIBE"); }
  int sent() const { return alice.CountDifferent("SUBSCRIBE"); }
  std::string StatusOfNotify() const { return alice.LastResponse("NOTIFY").substr(8, 3); }

  AgentUnderTest alice;
  StandaloneId id;
  std::string first_;
  int cseq_ = 0;
};

TEST_F(Subscribing, SaysWhatItMustAndIsRefreshed) {
  SANSIP_SHOWS("6665-3.1.1-1", "6665-3.1.2-1", "6665-3.1.1-5", "6665-4.1.3-19", "6665-4.1.3-20",
               "6665-8.2.1-5", "6665-8.2.3-1", "6665-4.6-3");
  ASSERT_EQ(Subscribe({.event = "presence", .accept = "application/pidf+xml"}), VerbError::kNone);
  EXPECT_THAT(first_, StartsWith("SUBSCRIBE sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(first_, "Event"), "presence");
  EXPECT_EQ(CountOf(first_, "Event"), 1);
  EXPECT_EQ(HeaderOf(first_, "Expires"), "3600");
  EXPECT_EQ(HeaderOf(first_, "Accept"), "application/pidf+xml");
  EXPECT_EQ(CountOf(first_, "Contact"), 1);
  alice.Respond(200, "bobtag", "Expires: 600\r\nContact: <sip:bob@h>;expires=60\r\n");
  Notify("active");
  EXPECT_EQ(StatusOfNotify(), "200");
  EXPECT_EQ(CountOf(alice.last_wire(), "Event") + CountOf(alice.last_wire(), "Subscription-State"), 0);
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Subscription asked", "Notified active", "Subscription active"));
  alice.Advance(541);
  EXPECT_EQ(sent(), 2);
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 SUBSCRIBE");
  EXPECT_EQ(HeaderOf(Last(), "Call-ID"), HeaderOf(first_, "Call-ID"));
  EXPECT_EQ(TagIn(Last(), "To"), "bobtag");
  Accept(600);
  Notify("active;expires=600");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Notified active"));
  EXPECT_EQ(Withdraw(), VerbError::kNone);
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "0");
  Accept(0);
  Notify("active;expires=0");
  EXPECT_EQ(StatusOfNotify(), "200");
  Notify("terminated;reason=timeout");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription ending", "Notified active", "Notified terminated",
                                              "Subscription over"));
  EXPECT_EQ(alice.CountSent("CANCEL"), 0);
  alice.Advance(40);
  EXPECT_EQ(alice.agent().standalones(), 0u);
  EXPECT_EQ(alice.agent().next_deadline(), kNever);
  EXPECT_EQ(Withdraw(), VerbError::kStale);
}

TEST_F(Subscribing, WhatIsSaidOfTheTimeCounts) {
  SANSIP_SHOWS("6665-4.1.3-5", "6665-4.1.3-6", "6665-4.2.2-10", "6665-8.3.1-1", "6665-4.1.2.4-4",
               "6665-4.2.1.2-2");
  const struct {
    const char* state;
    int answer, expires;
    double due;
  } kRows[] = {{"active;expires=120", 200, 3600, 60},
               {"pending;expires=60", 200, 3600, 30},
               {"active", 200, 400, 340},
               {"active;expires=120", 202, 3600, 60}};
  for (const auto& row : kRows) {
    Subscribe();
    const int before = sent();
    const double start = alice.now();
    Notify(row.state);  // before the answer
    EXPECT_EQ(StatusOfNotify(), "200");
    alice.RespondTo(first_, row.answer, "bobtag", "Expires: " + std::to_string(row.expires) + "\r\n");
    if (row.expires == 3600) Notify(row.state);
    alice.AdvanceTo(start + row.due - 1);
    EXPECT_EQ(sent(), before) << row.state;
    alice.AdvanceTo(start + row.due + 0.1);
    EXPECT_EQ(sent(), before + 1) << row.state;
    Notify("terminated;reason=noresource");
  }
}

TEST_F(Subscribing, ReasonsSayWhetherAndWhenAgain) {
  SANSIP_SHOWS("6665-4.1.3-7", "6665-4.1.3-9", "6665-4.1.3-10", "6665-4.1.3-11", "6665-4.1.3-12",
               "6665-4.1.3-13", "6665-4.1.3-14", "6665-4.1.3-15", "6665-4.1.3-16", "6665-4.1.3-17",
               "6665-4.1.3-18", "6665-4.4.2-1", "6665-4.2.2-9");
  const struct {
    const char* state;
    double not_before;  // 0: at once; -1: never
  } kRows[] = {
      {"terminated;reason=deactivated;retry-after=90", 0},
      {"terminated;reason=timeout", 0},
      {"terminated;reason=probation", 15},
      {"terminated;reason=probation;retry-after=60", 60},
      {"terminated;reason=giveup;retry-after=50", 50},
      {"terminated;retry-after=40", 40},
      {"terminated;reason=rejected;retry-after=5", -1},
      {"terminated;reason=noresource", -1},
      {"terminated;reason=invariant;retry-after=5", -1},
      {"terminated;expires=300;reason=rejected", -1},
      {"terminated;reason=expired;retry-after=35", 35},
  };
  for (const auto& row : kRows) {
    Establish();
    const std::string old = first_;
    const int before = sent();
    const double start = alice.now();
    Notify(row.state);
    EXPECT_EQ(StatusOfNotify(), "200") << row.state;
    if (row.not_before > 0) alice.AdvanceTo(start + row.not_before - 0.5);
    EXPECT_EQ(sent(), before + (row.not_before == 0 ? 1 : 0)) << row.state;
    alice.AdvanceTo(start + 61);
    EXPECT_EQ(sent() > before, row.not_before >= 0) << row.state;
    if (row.not_before < 0) continue;
    EXPECT_NE(HeaderOf(Last(), "Call-ID"), HeaderOf(old, "Call-ID"));
    EXPECT_NE(TagIn(Last(), "From"), TagIn(old, "From"));
    EXPECT_EQ(TagIn(Last(), "To"), "");
    EXPECT_EQ(Withdraw(), VerbError::kNone);
    alice.Advance(40);
  }
  EXPECT_EQ(alice.agent().standalones(), 0u);
}

TEST_F(Subscribing, AnswersThatEndIt) {
  SANSIP_SHOWS("6665-4.1.2.1-2", "6665-4.1.2.2-1");
  for (const int status : {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604}) {
    Establish();
    const std::string old = first_;
    alice.Advance(541);
    alice.Respond(status);
    Notify("active;expires=100");
    EXPECT_EQ(StatusOfNotify(), "481") << status;
    alice.Advance(1);
    if (status == 481) {
      EXPECT_NE(HeaderOf(Last(), "Call-ID"), HeaderOf(old, "Call-ID"));
    }
    Withdraw();
    alice.Advance(70);
  }
  Subscribe();
  alice.TakeEvents();
  alice.Respond(403);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription over 403"));
  Notify("active");
  EXPECT_EQ(StatusOfNotify(), "481");
  alice.Advance(33);
  EXPECT_EQ(alice.agent().standalones(), 0u);
}

TEST_F(Subscribing, OtherFailuresLetItRunOut) {
  SANSIP_SHOWS("6665-4.1.2.2-2");
  Establish();
  alice.Advance(541);
  alice.Respond(500);
  Notify("active");
  EXPECT_EQ(StatusOfNotify(), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Notified active"));
  const int before = sent();
  alice.Advance(31);
  EXPECT_EQ(sent(), before + 1);
  alice.Respond(500);
  alice.Advance(30);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription waiting 408"));
}

TEST_F(Subscribing, TimerN) {
  SANSIP_SHOWS("6665-4.1.2.4-1", "6665-4.1.2.2-3", "6665-4.1.2.2-4", "6665-4.1.2.4-2");
  Subscribe();
  Accept(600);
  alice.Advance(32.1);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription asked", "Subscription waiting 408"));
  Notify("active");
  EXPECT_EQ(StatusOfNotify(), "481");
  Withdraw();
  // A refresh, too, unless a 204 says that no NOTIFY comes.
  for (const int status : {200, 204}) {
    Establish();
    alice.Advance(541);
    alice.Respond(status, "bobtag", "Expires: 600\r\n");
    alice.Advance(33);
    EXPECT_THAT(alice.TakeEvents().empty(), status == 204);
    Withdraw();
    alice.Advance(70);
  }
}

TEST_F(Subscribing, TooBriefIsAskedForAgain) {
  Subscribe();
  alice.Respond(423, "b", "Min-Expires: 7200\r\n");
  EXPECT_EQ(HeaderOf(Last(), "Expires"), "7200");
  EXPECT_EQ(HeaderOf(Last(), "CSeq"), "2 SUBSCRIBE");
  alice.TakeEvents();
  alice.Respond(503, "b", "Retry-After: 100\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription waiting 503"));
  const int before = sent();
  alice.Advance(99);
  EXPECT_EQ(sent(), before);
  alice.Advance(2);
  EXPECT_EQ(sent(), before + 1);
}

TEST_F(Subscribing, NotifiesOfNothingGet481) {
  SANSIP_SHOWS("6665-4.1.3-1", "6665-4.1.3-2", "6665-4.4.1-2", "6665-4.5.2-5", "6665-4.1.3-4");
  Establish({.event = "foo;id=7"});
  RequestText text = NotifyText("active");
  text.more = "Event: foo;id=8\r\nSubscription-State: active\r\nContact: <sip:b@h>\r\n";
  alice.Receive(text);
  EXPECT_EQ(StatusOfNotify(), "481");
  text = NotifyText("active");
  text.more = "Event: bar\r\nSubscription-State: active\r\nContact: <sip:b@h>\r\n";
  alice.Receive(text);
  EXPECT_EQ(StatusOfNotify(), "481");
  text = NotifyText("active");
  text.call_id = "another";
  alice.Receive(text);
  EXPECT_EQ(StatusOfNotify(), "481");
  text = NotifyText("active");
  text.from = "<sip:bob@bob.example>";
  alice.Receive(text);
  EXPECT_NE(StatusOfNotify(), "200");
  Notify("");
  EXPECT_EQ(StatusOfNotify(), "400");
  EXPECT_THAT(alice.TakeEvents(), IsEmpty());
  alice.Advance(541);
  EXPECT_EQ(HeaderOf(Last(), "Event"), "foo;id=7");
}

TEST_F(Subscribing, ForksAsThePackageHasThem) {
  SANSIP_SHOWS("6665-4.1.4-1", "6665-5.4.9-2", "6665-5.4.9-1");
  Establish();
  Notify("active", "carol");
  EXPECT_EQ(StatusOfNotify(), "481");
  Notify("terminated;reason=rejected");
  alice.TakeEvents();
  Establish({.event = "dialog", .takes_forks = true});
  Notify("active;expires=600", "carol");
  EXPECT_EQ(StatusOfNotify(), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Notified active fork", "Subscription active"));
  alice.Advance(541);
  EXPECT_EQ(sent(), 4);
  alice.Advance(33);
  Withdraw();
}

TEST_F(Subscribing, TheRouteSetAndTheTargetAreTheNotifys) {
  SANSIP_SHOWS("6665-4.4.1-1", "6665-3.2-1");
  Subscribe();
  alice.Respond(200, "bobtag", "Expires: 600\r\nRecord-Route: <sip:a.example;lr>\r\n");
  RequestText text = NotifyText("active;expires=600");
  text.more += "Record-Route: <sip:b.example;lr>\r\n";
  alice.Receive(text);
  text = NotifyText("active;expires=600");
  text.more =
      "Event: presence\r\nSubscription-State: active;expires=600\r\nContact: <sip:new@bob.example>\r\n";
  alice.Receive(text);
  alice.Advance(541);
  EXPECT_EQ(HeaderOf(Last(), "Route"), "<sip:b.example;lr>");
  EXPECT_THAT(Last(), StartsWith("SUBSCRIBE sip:new@bob.example SIP/2.0"));
}

TEST_F(Subscribing, OnceForTheState) {
  ASSERT_EQ(Subscribe({.event = "reg", .options = {.expires = 0}}), VerbError::kNone);
  EXPECT_EQ(HeaderOf(first_, "Expires"), "0");
  Accept(0);
  Notify("terminated;reason=timeout");
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Subscription asked", "Notified terminated", "Subscription over"));
  EXPECT_EQ(sent(), 1);
}

// ---- The notifier

UserAgentOptions Serving(std::string events) {
  UserAgentOptions options;
  options.events = std::move(events);
  return options;
}

class Notifying : public ::testing::Test {
 protected:
  static RequestText SubscribeText(int cseq, std::string_view more, std::string_view to_tag = {}) {
    RequestText text = Numbered(cseq, "SUBSCRIBE");
    text.cseq = std::to_string(cseq);
    text.more = "Contact: <sip:watcher@192.0.2.7>\r\n" + std::string(more);
    if (!to_tag.empty()) text.to += ";tag=" + std::string(to_tag);
    return text;
  }
  // Watched for 600 s, the first NOTIFY answered.
  void Establish() {
    bob.Receive(SubscribeText(1, "Event: presence\r\nExpires: 600\r\n"));
    tag_ = TagIn(bob.LastResponse("SUBSCRIBE"), "To");
    bob.RespondTo(Last(), 200, "");
    bob.TakeEvents();
  }
  VerbError Notify(const NotifyDraft& draft) {
    return bob.Do(ua::input::Notify{bob.last_standalone(), draft}).error;
  }
  VerbError Notify(std::string_view body) {
    return Notify({.content = {.body = body, .content_type = "application/pidf+xml"}});
  }
  std::string Last() const { return bob.LastRequest("NOTIFY"); }
  std::string State() const { return HeaderOf(Last(), "Subscription-State"); }
  int sent() const { return bob.CountDifferent("NOTIFY"); }
  std::string Status() const { return bob.LastResponse("SUBSCRIBE").substr(8, 3); }

  AgentUnderTest bob{Serving("presence, dialog"), "bob.example"};
  std::string tag_;
};

TEST_F(Notifying, AnswersAtOnceAndNotifies) {
  SANSIP_SHOWS("6665-3.1.1-3", "6665-3.1.1-4", "6665-3.2.1-1", "6665-3.2.1-2", "6665-4.2.1.1-1",
               "6665-4.2.1.2-1", "6665-4.2.2-1", "6665-4.2.2-6", "6665-4.2.2-7", "6665-4.2.2-8",
               "6665-8.3.1-2", "6665-4.2.1-1", "6665-4.5.2-4");
  bob.Receive(SubscribeText(1, "Event: presence;id=7\r\nExpires: 600\r\n"));
  EXPECT_EQ(Status(), "200");
  EXPECT_EQ(HeaderOf(bob.LastResponse("SUBSCRIBE"), "Expires"), "600");
  EXPECT_EQ(CountOf(bob.LastResponse("SUBSCRIBE"), "Event"), 0);
  EXPECT_EQ(HeaderOf(bob.LastResponse("SUBSCRIBE"), "Allow-Events"), "presence, dialog");
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Requested presence;id=7 600"));
  EXPECT_THAT(bob.TakeSent(), ElementsAre("0 200 SUBSCRIBE", "0 NOTIFY"));
  EXPECT_THAT(Last(), StartsWith("NOTIFY sip:watcher@192.0.2.7 SIP/2.0"));
  EXPECT_EQ(HeaderOf(Last(), "Event"), "presence;id=7");
  EXPECT_EQ(State(), "pending;expires=600");
  bob.RespondTo(Last(), 200, "");
  bob.Advance(100);
  EXPECT_EQ(Notify("open"), VerbError::kNone);
  EXPECT_EQ(State(), "active;expires=500");
  EXPECT_EQ(HeaderOf(Last(), "Event"), "presence;id=7");
  EXPECT_EQ(BodyOf(Last()), "open");
}

TEST_F(Notifying, SaysNothingThatTheSubscriberDoesNotRead) {
  SANSIP_SHOWS("6665-3.2.1-3");
  const auto notify = [&](std::string_view type) {
    return Notify({.content = {.body = "x", .content_type = type}}) == VerbError::kNone;
  };
  const auto subscribe = [&](int cseq, std::string_view accept) {
    bob.Receive(SubscribeText(cseq, "Event: presence\r\n" + std::string(accept), tag_));
    bob.RespondTo(Last(), 200, "");
  };
  Establish();
  EXPECT_TRUE(notify("text/plain"));  // the package's own, whatever that is
  bob.RespondTo(Last(), 200, "");
  subscribe(2, "Accept: application/pidf+xml;q=0.5, text/*\r\nAccept: image/png;q=0, (\r\n");
  EXPECT_TRUE(notify("Application/PIDF+xml;charset=utf-8"));
  EXPECT_TRUE(notify("text/html"));
  EXPECT_FALSE(notify("image/png"));
  EXPECT_FALSE(notify("application/xml"));
  EXPECT_EQ(Notify({.state = Substate::kPending}), VerbError::kNone);  // no body
  subscribe(3, "");
  EXPECT_FALSE(notify("application/xml"));
  subscribe(4, "Accept: */*\r\n");
  EXPECT_TRUE(notify("application/xml"));
}

TEST_F(Notifying, WhatIsGrantedAndWhatIsNot) {
  SANSIP_SHOWS("6665-3.1.1-2", "6665-4.2.1.1-2", "6665-4.2.1.1-3", "6665-4.2.1.1-5", "6665-4.2.1.1-6",
               "6665-4.2.3-1", "6665-8.3.1-3");
  const struct {
    const char* headers;
    const char* status;
    const char* granted;
  } kRows[] = {{"Event: presence\r\n", "200", "3600"},
               {"Event: presence\r\nExpires: 100\r\n", "200", "100"},
               {"Event: dialog\r\nExpires: 900000\r\n", "200", "86400"},
               {"Event: presence\r\nExpires: 30\r\n", "423", ""},
               {"Event: presence\r\nExpires: 0\r\n", "200", "0"},
               {"Event: foo\r\n", "489", ""},
               {"Event: Presence\r\n", "489", ""},
               {"", "489", ""}};
  int n = 0;
  for (const auto& row : kRows) {
    RequestText text = SubscribeText(++n, row.headers);
    text.call_id = "s" + std::to_string(n);
    bob.Receive(text);
    EXPECT_EQ(Status(), row.status) << row.headers;
    const std::string answer = bob.LastResponse("SUBSCRIBE");
    EXPECT_EQ(HeaderOf(answer, "Expires"), row.granted) << row.headers;
    if (Status() == "423") {
      EXPECT_EQ(HeaderOf(answer, "Min-Expires"), "60");
    }
    if (Status() == "489") {
      EXPECT_EQ(HeaderOf(answer, "Allow-Events"), "presence, dialog");
    }
  }
  EXPECT_EQ(sent(), 4);
}

TEST_F(Notifying, RefreshesAndRunsOut) {
  SANSIP_SHOWS("6665-4.2.1.4-1", "6665-4.2.1.4-2", "6665-4.2.1.4-3", "6665-4.2.1.4-4", "6665-4.2.2-11",
               "6665-4.1.3-8", "6665-3.1-1");
  Establish();
  bob.Advance(500);
  RequestText text = SubscribeText(2, "Event: presence\r\nExpires: 5\r\n", tag_);
  text.call_id = Numbered(1).call_id;
  bob.Receive(text);
  EXPECT_EQ(Status(), "423");
  text = SubscribeText(3, "Event: presence\r\nExpires: 200\r\n", tag_);
  text.more.replace(text.more.find("watcher"), 7, "elsewhere");
  bob.Receive(text);
  EXPECT_EQ(Status(), "200");
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Requested presence 200 again"));
  EXPECT_THAT(Last(), StartsWith("NOTIFY sip:elsewhere@192.0.2.7 SIP/2.0"));
  EXPECT_EQ(State(), "pending;expires=200");
  bob.RespondTo(Last(), 200, "");
  bob.Advance(201);
  EXPECT_EQ(State(), "terminated;reason=timeout");
  bob.RespondTo(Last(), 200, "");
  EXPECT_THAT(bob.TakeEvents(), ElementsAre("Subscription over 200"));
  bob.Advance(40);
  EXPECT_EQ(bob.agent().standalones(), 0u);
}

TEST_F(Notifying, UnsubscribedOrDenied) {
  SANSIP_SHOWS("6665-3.1.1-6", "6665-4.2.1.3-2", "6665-4.1.2.3-1", "6665-4.4.1-3");
  Establish();
  bob.Receive(SubscribeText(2, "Event: presence\r\nExpires: 0\r\n", tag_));
  EXPECT_EQ(State(), "terminated;reason=timeout");
  bob.RespondTo(Last(), 200, "");
  bob.Receive(SubscribeText(3, "Event: presence\r\nExpires: 100\r\n", tag_));
  EXPECT_EQ(Status(), "481");
  RequestText text = SubscribeText(4, "Event: presence\r\n");
  text.call_id = "other";
  bob.Receive(text);
  bob.RespondTo(Last(), 200, "");
  EXPECT_EQ(Notify({.state = Substate::kTerminated, .reason = EventReason::kRejected, .retry_after = 9}),
            VerbError::kNone);
  EXPECT_EQ(State(), "terminated;reason=rejected;retry-after=9");
  EXPECT_EQ(Notify("late"), VerbError::kWrongState);
}

TEST_F(Notifying, AnswersToNotifyThatEndIt) {
  SANSIP_SHOWS("6665-4.2.2-4", "6665-4.2.2-5", "6665-4.2.2-3", "6665-4.2.2-2");
  int n = 0;
  for (const int status : {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604, 500, 503, 0}) {
    RequestText text = SubscribeText(++n, "Event: presence\r\nExpires: 600\r\n");
    text.call_id = "s" + std::to_string(n);
    bob.Receive(text);
    bob.RespondTo(Last(), 200, "");
    const StandaloneId id = bob.last_standalone();
    EXPECT_EQ(Notify("a"), VerbError::kNone);
    status == 0 ? bob.Advance(33) : bob.RespondTo(Last(), status, "");
    const int before = sent();
    const bool goes_on = status == 500 || status == 503;
    EXPECT_EQ(bob.Do(ua::input::Notify{id, {}}).error, goes_on ? VerbError::kNone : VerbError::kStale)
        << status;
    EXPECT_EQ(sent(), before + (goes_on ? 1 : 0)) << status;
  }
}

TEST_F(Notifying, OneNotifyAtATimeAndTheLatestStateWins) {
  Establish();
  EXPECT_EQ(Notify("a"), VerbError::kNone);
  EXPECT_EQ(Notify("b"), VerbError::kNone);
  EXPECT_EQ(Notify("c"), VerbError::kNone);
  EXPECT_EQ(sent(), 2);
  EXPECT_EQ(BodyOf(Last()), "a");
  bob.RespondTo(Last(), 200, "");
  EXPECT_EQ(sent(), 3);
  EXPECT_EQ(BodyOf(Last()), "c");
  bob.RespondTo(Last(), 200, "");
  EXPECT_EQ(sent(), 3);
  // What is said before the first NOTIFY has its path goes with it: the state that is asked for once.
  bob.locating = AgentUnderTest::Locating::kHeld;
  RequestText text = SubscribeText(9, "Event: presence\r\nExpires: 0\r\n");
  text.call_id = "once";
  bob.Receive(text);
  EXPECT_EQ(bob.Do(ua::input::Notify{{1, 1}, {.content = {.body = "x", .content_type = "t/x"}}}).error,
            VerbError::kNone);
  bob.AnswerLocate();
  EXPECT_EQ(State(), "terminated;reason=timeout");
  EXPECT_EQ(BodyOf(Last()), "x");
}

TEST_F(Notifying, DialogsAreNotShared) {
  SANSIP_SHOWS("6665-4.5.2-3", "6665-4.6-1", "6665-4.6-2");
  AgentUnderTest callee(Serving("presence"), "bob.example");
  RequestText invite;
  invite.more = "Contact: <sip:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\n";
  invite.body = kOffer;
  callee.Receive(invite);
  callee.Answer();
  RequestText text = invite;
  text.method = "SUBSCRIBE";
  text.cseq = "314160";
  text.via += "2";
  text.to += ";tag=" + TagIn(callee.LastResponse("INVITE"), "To");
  text.more = "Contact: <sip:alice@192.0.2.1>\r\nEvent: presence\r\n";
  text.body = "";
  callee.Receive(text);
  EXPECT_THAT(callee.LastResponse("SUBSCRIBE"), StartsWith("SIP/2.0 403 Dialogs Are Not Shared"));
  SANSIP_SHOWS("6665-4.5.2-2");
  // A CANCEL changes nothing.
  RequestText subscribe = SubscribeText(1, "Event: presence\r\nExpires: 600\r\n");
  bob.Receive(subscribe);
  subscribe.method = "CANCEL";
  subscribe.more = "";
  bob.Receive(subscribe);
  EXPECT_THAT(bob.LastResponse("CANCEL"), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(Status(), "200");
  EXPECT_EQ(State(), "pending;expires=600");
}

TEST_F(Notifying, SaysItsPackagesAndKeepsItsLimit) {
  SANSIP_SHOWS("6665-4.4.4-1", "6665-4.4.4-2");
  bob.Receive(Numbered(1));
  EXPECT_EQ(HeaderOf(bob.last_wire(), "Allow-Events"), "presence, dialog");
  EXPECT_THAT(HeaderOf(bob.last_wire(), "Allow"), HasSubstr("SUBSCRIBE"));
  bob.Place("sip:x@y");
  EXPECT_EQ(HeaderOf(bob.LastRequest("INVITE"), "Allow-Events"), "presence, dialog");
  UserAgentOptions options = Serving("presence");
  options.limits.subscriptions_max = 2;
  AgentUnderTest small(options, "bob.example");
  for (int n = 1; n <= 3; ++n) {
    RequestText text = SubscribeText(n, "Event: presence\r\n");
    text.call_id = "s" + std::to_string(n);
    small.Receive(text);
    EXPECT_THAT(small.LastResponse("SUBSCRIBE"), StartsWith(n == 3 ? "SIP/2.0 503" : "SIP/2.0 200"));
  }
  EXPECT_EQ(small.Do(ua::input::Subscribe{{.target = "sip:a@b", .from = "<sip:b@c>", .event = "x"}}).error,
            VerbError::kTooManyCalls);
  small.Shutdown();
  EXPECT_EQ(HeaderOf(small.LastRequest("NOTIFY"), "Subscription-State"), "pending;expires=3600");
  small.RespondTo(small.LastRequest("NOTIFY"), 200, "");
  EXPECT_EQ(HeaderOf(small.LastRequest("NOTIFY"), "Subscription-State"), "terminated;reason=probation");
}

// Whatever is lost, refreshed or asked for anew: once the network is well both have one subscription, the
// watcher knows the last state, and nothing is left at the end.
TEST_F(Notifying, BothEndsAgreeAfterLoss) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Couple couple({}, Serving("presence"));
    SeededRandom random(seed);
    bool is_bad = true;
    couple.lose = [&](bool, std::string_view, int) { return is_bad && random.Next() % 3 == 0; };
    const InputResult asked = couple.alice.Do(ua::input::Subscribe{{.target = "sip:bob@bob.example",
                                                                    .from = "<sip:alice@alice.example>",
                                                                    .event = "presence",
                                                                    .options = {.expires = 300}}});
    const auto tell = [&](const std::string& body) {
      const NotifyDraft draft{.content = {.body = body, .content_type = "text/plain"}};
      return couple.bob.Do(ua::input::Notify{couple.bob.last_standalone(), draft}).error;
    };
    for (int i = 0; i < 30; ++i) {
      couple.Advance(50);
      if (i % 10 == 0) is_bad = !is_bad || i == 0;
      static_cast<void>(tell(std::to_string(i)));
    }
    is_bad = false;
    couple.Advance(2500);
    couple.alice.TakeEvents();
    EXPECT_EQ(tell("last"), VerbError::kNone) << seed;
    couple.Advance(1);
    EXPECT_EQ(BodyOf(couple.bob.LastRequest("NOTIFY")), "last") << seed;
    EXPECT_THAT(couple.alice.TakeEvents(), ElementsAre("Notified active")) << seed;
    EXPECT_EQ(couple.alice.agent().standalones(), 1u) << seed;
    EXPECT_EQ(couple.bob.agent().standalones(), 1u) << seed;
    EXPECT_EQ(couple.alice.Do(ua::input::Withdraw{asked.asked}).error, VerbError::kNone) << seed;
    couple.Advance(100);
    EXPECT_EQ(couple.alice.agent().standalones() + couple.bob.agent().standalones(), 0u) << seed;
  }
}

// ---- Publications

class Publishing : public ::testing::Test {
 protected:
  void Publish() {
    const InputResult result = alice.Do(ua::input::Publish{Draft("open")});
    ASSERT_EQ(result.error, VerbError::kNone);
    id = result.asked;
  }
  static StandaloneDraft Draft(std::string_view body) {
    return {.target = "sip:alice@alice.example",
            .from = "<sip:alice@alice.example>",
            .content = {.body = body, .content_type = "application/pidf+xml"},
            .event = "presence"};
  }
  void Accept(std::string_view tag, int expires = 600) {
    alice.Respond(200, "e",
                  "SIP-ETag: " + std::string(tag) + "\r\nExpires: " + std::to_string(expires) +
                      "\r\nRecord-Route: <sip:p;lr>\r\n");
  }
  VerbError Republish(std::string_view body) {
    return alice.Do(ua::input::Republish{id, Draft(body).content}).error;
  }
  std::string Last() const { return alice.LastRequest("PUBLISH"); }
  int sent() const { return alice.CountDifferent("PUBLISH"); }
  // "tag body expires"
  void Expect(std::string_view tag, std::string_view body, std::string_view expires) {
    EXPECT_EQ(HeaderOf(Last(), "SIP-If-Match"), tag);
    EXPECT_EQ(BodyOf(Last()), body);
    EXPECT_EQ(HeaderOf(Last(), "Expires"), expires);
    EXPECT_EQ(CountOf(Last(), "Event"), 1);
    EXPECT_EQ(CountOf(Last(), "Route"), 0);
    EXPECT_EQ(CountOf(Last(), "Contact"), 0);
  }

  AgentUnderTest alice;
  StandaloneId id;
};

TEST_F(Publishing, InitialRefreshModifyRemove) {
  SANSIP_SHOWS("3903-4-1", "3903-4-2", "3903-4-3", "3903-4.1-1", "3903-4.1-2", "3903-4.1-3", "3903-4.1-4",
               "3903-4.2-1", "3903-4.2-3", "3903-4.2-4", "3903-4.3-1", "3903-4.3-2", "3903-4.3-3",
               "3903-4.4-1", "3903-4.4-2", "3903-4.4-3", "3903-4.5-1", "3903-4.5-2");
  Publish();
  Expect("", "open", "3600");
  Accept("tagA");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Published 600"));
  alice.Advance(541);
  Expect("tagA", "", "3600");
  Accept("tagB");
  EXPECT_EQ(Republish("closed"), VerbError::kNone);
  Expect("tagB", "closed", "3600");
  Accept("tagC");
  alice.Advance(541);
  Expect("tagC", "", "3600");
  Accept("tagD");
  EXPECT_EQ(alice.Do(ua::input::Withdraw{id}).error, VerbError::kNone);
  Expect("tagD", "", "0");
  alice.TakeEvents();
  alice.Respond(200);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Publication Over 200"));
  alice.Advance(40);
  EXPECT_EQ(alice.agent().standalones(), 0u);
  EXPECT_EQ(Republish("x"), VerbError::kStale);
}

TEST_F(Publishing, OneAtATime) {
  SANSIP_SHOWS("3903-4-4");
  Publish();
  EXPECT_EQ(Republish("a"), VerbError::kNone);
  EXPECT_EQ(Republish("b"), VerbError::kNone);
  EXPECT_EQ(sent(), 1);
  Accept("t1");
  EXPECT_EQ(sent(), 2);
  Expect("t1", "b", "3600");
  Accept("t2");
  EXPECT_EQ(sent(), 2);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Published 600"));
}

TEST_F(Publishing, ForgottenStateIsPublishedAnew) {
  SANSIP_SHOWS("3903-5-1", "3903-5-2", "3903-5-3", "3903-4.2-2", "3903-11.2.1-1");
  Publish();
  Accept("t1");
  alice.Advance(541);
  alice.Respond(412);
  Expect("", "open", "3600");
  Accept("t2");
  alice.Advance(541);
  Expect("t2", "", "3600");
  // Who answers so without a tag is not asked again.
  alice.Respond(412);
  alice.TakeEvents();
  alice.Respond(412);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Publication Over 412"));
}

TEST_F(Publishing, TooBriefOrNotNow) {
  SANSIP_SHOWS("3903-5-4", "3903-9-2");
  Publish();
  alice.Respond(423, "e", "Min-Expires: 7200\r\n");
  Expect("", "open", "7200");
  alice.Respond(503, "e", "Retry-After: 100\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Publication Waiting 503"));
  const int before = sent();
  alice.Advance(99);
  EXPECT_EQ(sent(), before);
  alice.Advance(2);
  EXPECT_EQ(sent(), before + 1);
  Expect("", "open", "7200");
}

TEST_F(Publishing, WhatCannotBeIsRefused) {
  const auto publish = [this](const StandaloneDraft& draft) {
    return alice.Do(ua::input::Publish{draft}).error;
  };
  EXPECT_EQ(publish(Draft("")), VerbError::kBadHeader);
  StandaloneDraft draft = Draft("x");
  draft.event = "a, b";
  EXPECT_EQ(publish(draft), VerbError::kBadHeader);
  EXPECT_EQ(alice.Do(ua::input::Subscribe{draft}).error, VerbError::kBadHeader);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(publish(Draft("x")), VerbError::kNone);
  EXPECT_EQ(publish(Draft("x")), VerbError::kTooManyCalls);
}

}  // namespace
}  // namespace sansip::testing
