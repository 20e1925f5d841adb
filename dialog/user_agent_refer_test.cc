// REFER in both roles against a scripted peer (RFC 3515, 3892, 4488).

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

UserAgentOptions TakesRefer() {
  UserAgentOptions options;
  options.takes_refer = true;
  return options;
}

class Referring : public ::testing::Test {
 protected:
  Referring() : alice(TakesRefer()) {}

  // Alice calls Bob.
  void Establish() {
    alice.Place();
    invite = alice.LastRequest("INVITE");
    alice.Respond(200, "bobtag", "", kAnswer);
    alice.TakeEvents();
    alice.TakeSent();
  }
  StandaloneId Refer(ReferDraft draft) {
    if (draft.call.is_nil()) {
      draft.target = "sip:bob@bob.example";
      draft.from = "<sip:alice@alice.example>";
    }
    const InputResult result = alice.Do(ua::input::Refer{draft});
    error = result.error;
    first = alice.LastRequest("REFER");
    return result.asked;
  }
  RequestText NotifyText(std::string_view event, std::string_view state, std::string_view fragment) {
    RequestText text = RequestFromBob(first, "NOTIFY", ++cseq);
    text.to = "<sip:alice@alice.example>;tag=" + TagIn(first, "From");
    text.more = "Event: " + std::string(event) + "\r\nContact: <sip:bob@192.0.2.2:5070>\r\n" +
                "Subscription-State: " + std::string(state) + "\r\n" +
                "Content-Type: message/sipfrag;version=2.0\r\n";
    text.body = fragment;
    return text;
  }
  // Its status.
  std::string Notify(std::string_view state, std::string_view fragment, std::string_view event = "refer") {
    alice.Receive(NotifyText(event, state, fragment));
    return alice.LastResponse("NOTIFY").substr(8, 3);
  }
  // Bob's REFER within the call, or outside.
  void ReceiveRefer(std::string_view refer_to, std::string_view more = "") {
    RequestText text = RequestFromBob(invite, "REFER", ++cseq);
    if (invite.empty()) {
      text.to = "<sip:alice@alice.example>";
      text.call_id = "outside" + std::to_string(cseq);
    }
    text.more = "Contact: <sip:bob@192.0.2.2:5070>\r\n" + std::string(more);
    if (!refer_to.empty()) text.more += "Refer-To: " + std::string(refer_to) + "\r\n";
    alice.Receive(text);
  }
  std::string StatusOfRefer() const { return alice.LastResponse("REFER").substr(8, 3); }
  std::string LastNotify() const { return alice.LastRequest("NOTIFY"); }
  void AcceptNotify() { alice.RespondTo(LastNotify(), 200, ""); }
  VerbError Answer(int status) {
    return alice.Do(ua::input::AnswerRefer{alice.last_standalone(), status}).error;
  }
  VerbError Report(int status) { return alice.Do(ua::input::Report{alice.last_standalone(), status}).error; }
  // All is over, and soon nothing is left.
  void ExpectNothingIsLeft() {
    alice.Advance(70);
    EXPECT_EQ(alice.agent().standalones(), 0u);
    EXPECT_EQ(alice.agent().next_deadline(), kNever);
  }

  AgentUnderTest alice;
  std::string invite, first;
  VerbError error = VerbError::kNone;
  int cseq = 0;
};

TEST_F(Referring, OutsideOfCallsItSaysWhatItMustAndIsToldOfTheEnd) {
  SANSIP_SHOWS("3515-2-1", "3515-2.4.1-1", "3515-2.4.5-4", "3515-2.4.4-5", "3515-2.4.7-2");
  Refer({.refer_to = "sip:carol@carol.example;method=INVITE", .referred_by = "<sip:alice@alice.example>"});
  EXPECT_THAT(first, StartsWith("REFER sip:bob@bob.example SIP/2.0\r\n"));
  EXPECT_EQ(CountOf(first, "Contact"), 1);
  EXPECT_EQ(CountOf(first, "Refer-To"), 1);
  EXPECT_EQ(HeaderOf(first, "Refer-To"), "<sip:carol@carol.example;method=INVITE>");
  EXPECT_EQ(HeaderOf(first, "Referred-By"), "<sip:alice@alice.example>");
  EXPECT_EQ(CountOf(first, "Refer-Sub"), 0);
  // The first report overtakes the 2xx.
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 100 Trying\r\n"), "200");
  alice.RespondTo(first, 202);
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 180 Ringing\r\nServer: bob\r\n\r\n"), "200");
  EXPECT_EQ(Notify("terminated;reason=deactivated", "SIP/2.0 486 Busy Here\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 100", "Refer reported 180",
                                              "Refer reported 486", "Refer ended 486"));
  ExpectNothingIsLeft();
  EXPECT_EQ(alice.CountDifferent("REFER") + alice.CountDifferent("SUBSCRIBE"), 1);
}

// As linphonec ends a transfer.
TEST_F(Referring, AStateWithUnreadableParametersIsOneStill) {
  Refer({.refer_to = "sip:carol@h"});
  alice.RespondTo(first, 202);
  EXPECT_EQ(Notify(";reason=noresource", "SIP/2.0 200 OK\r\n"), "400");
  EXPECT_EQ(Notify("terminated;reason=reason=noresource", "SIP/2.0 200 OK\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 200", "Refer ended 200"));
  EXPECT_EQ(alice.agent().counters().states_tolerated, 1u);
}

TEST_F(Referring, WithoutAnswerOrReportItEnds) {
  Refer({.refer_to = "sip:carol@h"});
  alice.Respond(603);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer refused 603"));
  Refer({.refer_to = "sip:carol@h"});
  alice.Advance(33);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer refused 408"));
  Refer({.refer_to = "sip:carol@h"});
  alice.Respond(202);
  alice.Advance(33);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer ended"));
  // It was said to last a minute; the last report may be on its way for as long as a transaction takes.
  Refer({.refer_to = "sip:carol@h"});
  alice.Respond(202);
  Notify("active;expires=60", "SIP/2.0 183 Session Progress\r\n");
  alice.Advance(91);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 183"));
  alice.Advance(2);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer ended 183"));
  // A 2xx that was overtaken does not make it longer.
  Refer({.refer_to = "sip:carol@h"});
  Notify("active;expires=60", "SIP/2.0 183 Session Progress\r\n");
  alice.RespondTo(first, 202);
  alice.Advance(93);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 183", "Refer ended 183"));
  ExpectNothingIsLeft();
}

TEST_F(Referring, WhatCannotBeIsRefusedBeforehand) {
  Refer({.refer_to = "not a uri"});
  EXPECT_EQ(error, VerbError::kBadUri);
  Refer({.refer_to = "sip:c@h>\r\nX: y"});
  EXPECT_EQ(error, VerbError::kBadUri);
  Refer({.refer_to = "sip:c@h", .referred_by = "<sip:a@h>\r\nX: y"});
  EXPECT_EQ(error, VerbError::kBadHeader);
  Refer({.call = CallId{5, 5}, .refer_to = "sip:c@h"});
  EXPECT_EQ(error, VerbError::kStale);
  EXPECT_THAT(alice.TakeSent(), IsEmpty());
  UserAgentOptions options;
  options.limits.subscriptions_max = 1;
  AgentUnderTest small(options);
  const ReferDraft draft{.target = "sip:b@h", .from = "<sip:a@h>", .refer_to = "sip:c@h"};
  EXPECT_EQ(small.Do(ua::input::Refer{draft}).error, VerbError::kNone);
  EXPECT_EQ(small.Do(ua::input::Refer{draft}).error, VerbError::kTooManyCalls);
}

TEST_F(Referring, SeveralWithinACallAreToldApartAndOutliveIt) {
  SANSIP_SHOWS("3515-2-2", "3515-2.4.6-2", "3515-2.4.6-3", "5407-3.3.3-2");
  Establish();
  const StandaloneId one = Refer({.call = alice.call(), .refer_to = "sip:carol@h"});
  EXPECT_EQ(HeaderOf(first, "Call-ID"), HeaderOf(invite, "Call-ID"));
  EXPECT_EQ(TagIn(first, "To"), "bobtag");
  EXPECT_THAT(first, StartsWith("REFER sip:bob@192.0.2.2:5070 SIP/2.0\r\n"));
  const std::string first_id = HeaderOf(first, "CSeq").substr(0, 1);
  alice.Respond(202);
  Refer({.call = alice.call(), .refer_to = "sip:dave@h"});
  const std::string second_id = HeaderOf(first, "CSeq").substr(0, 1);
  alice.Respond(202);
  alice.TakeEvents();
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 180 Ringing\r\n", "refer;id=" + second_id), "200");
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 100 Trying\r\n"), "200");
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 100 Trying\r\n", "refer;id=99"), "481");
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 100 Trying\r\n", "presence"), "481");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 180", "Refer reported 100"));
  alice.HangUp();
  alice.RespondTo(alice.LastRequest("BYE"), 200);
  alice.Advance(35);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Ended local-bye"));  // and not gone
  EXPECT_EQ(Notify("terminated;reason=noresource", "SIP/2.0 200 OK\r\n", "refer;id=" + second_id), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 200", "Refer ended 200"));
  // The first is not of interest any more.
  EXPECT_EQ(alice.Do(ua::input::Withdraw{one}).error, VerbError::kNone);
  const std::string subscribe = alice.LastRequest("SUBSCRIBE");
  EXPECT_EQ(HeaderOf(subscribe, "Expires"), "0");
  EXPECT_EQ(HeaderOf(subscribe, "Event"), "refer");
  alice.RespondTo(subscribe, 200);
  EXPECT_EQ(Notify("terminated;reason=timeout", "SIP/2.0 100 Trying\r\n", "refer;id=" + first_id), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 100", "Refer ended 100"));
  ExpectNothingIsLeft();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("CallGone"));
}

TEST_F(Referring, WithoutReportsNothingIsWaitedFor) {
  Refer({.refer_to = "sip:carol@h", .wants_reports = false});
  EXPECT_EQ(HeaderOf(first, "Refer-Sub"), "false");
  EXPECT_EQ(HeaderOf(first, "Supported"), "norefersub");
  alice.Respond(200, "bobtag", "Refer-Sub: false\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 200", "Refer ended"));
  // A peer that knows nothing of it subscribes us all the same.
  Refer({.refer_to = "sip:carol@h", .wants_reports = false});
  alice.Respond(202);
  EXPECT_EQ(Notify("terminated;reason=noresource", "SIP/2.0 200 OK\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer accepted 202", "Refer reported 200", "Refer ended 200"));
}

TEST_F(Referring, TheUserDecidesAndReports) {
  SANSIP_SHOWS("3515-2-3", "3515-2.4.2-1", "3515-2.4.2-6", "3515-2.4.4-1", "3515-2.4.4-2", "3515-2.4.4-3",
               "3515-2.4.4-4", "3515-2.4.4-8", "3515-2.4.5-1", "3515-2.4.5-2", "3515-2.4.7-1");
  ReceiveRefer("<sip:carol@carol.example;method=SUBSCRIBE?Subject=x>");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Referred SUBSCRIBE sip:carol@carol.example"));
  EXPECT_THAT(alice.TakeSent(), IsEmpty());  // nothing is done unasked
  EXPECT_EQ(Report(180), VerbError::kWrongState);
  EXPECT_EQ(Answer(202), VerbError::kNone);
  EXPECT_EQ(Answer(202), VerbError::kWrongState);
  EXPECT_EQ(StatusOfRefer(), "202");
  const std::string accepted = alice.LastResponse("REFER");
  EXPECT_EQ(CountOf(accepted, "Contact"), 1);
  EXPECT_EQ(CountOf(accepted, "Expires"), 0);
  std::string notify = LastNotify();
  EXPECT_EQ(HeaderOf(notify, "Call-ID"), "outside1");
  EXPECT_EQ(TagIn(notify, "From"), TagIn(accepted, "To"));
  EXPECT_EQ(TagIn(notify, "To"), "bobtag");
  EXPECT_EQ(HeaderOf(notify, "Event"), "refer");
  EXPECT_EQ(HeaderOf(notify, "Subscription-State"), "active;expires=300");
  EXPECT_EQ(HeaderOf(notify, "Content-Type"), "message/sipfrag;version=2.0");
  EXPECT_EQ(BodyOf(notify), "SIP/2.0 100 Trying\r\n");
  AcceptNotify();
  alice.Advance(5);
  EXPECT_EQ(Report(404), VerbError::kNone);
  notify = LastNotify();
  EXPECT_EQ(HeaderOf(notify, "Subscription-State"), "terminated;reason=noresource");
  EXPECT_EQ(BodyOf(notify), "SIP/2.0 404 Not Found\r\n");
  AcceptNotify();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription over 200"));
  EXPECT_EQ(Report(200), VerbError::kStale);
  ExpectNothingIsLeft();
}

TEST_F(Referring, ReportsAreASecondApartAndTheLastOneIsSent) {
  SANSIP_SHOWS("3515-3.10-1");
  ReceiveRefer("sip:carol@carol.example");
  Answer(202);
  AcceptNotify();
  for (const int status : {180, 183, 200}) EXPECT_EQ(Report(status), VerbError::kNone);
  EXPECT_EQ(alice.CountDifferent("NOTIFY"), 1);
  EXPECT_EQ(alice.agent().client_transactions_pending(), 1u);  // who waits for 0 would lose it
  alice.Advance(1.01);
  EXPECT_EQ(alice.CountDifferent("NOTIFY"), 2);
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 200 OK\r\n");
  AcceptNotify();
  EXPECT_EQ(alice.agent().client_transactions_pending(), 0u);
  ExpectNothingIsLeft();
}

// Found by simulated dialogs: copies of the BYE were lost until the report after it had arrived.
TEST_F(Referring, AByeThatAReportOvertookIsSentAnew) {
  Establish();
  ReceiveRefer("<sip:carol@carol.example>");
  ASSERT_EQ(Answer(202), VerbError::kNone);
  AcceptNotify();
  ASSERT_EQ(alice.HangUp(), VerbError::kNone);
  const std::string bye = alice.LastRequest("BYE");
  alice.Advance(2);
  ASSERT_EQ(Report(200), VerbError::kNone);
  EXPECT_EQ(HeaderOf(LastNotify(), "CSeq"), "4 NOTIFY");
  alice.RespondTo(bye, 500, "");
  EXPECT_EQ(HeaderOf(alice.LastRequest("BYE"), "CSeq"), "5 BYE");
  alice.RespondTo(alice.LastRequest("BYE"), 500, "");
  EXPECT_EQ(alice.CountDifferent("BYE"), 2);
  AcceptNotify();
  ExpectNothingIsLeft();
}

TEST_F(Referring, EveryPeerOfAForkedOneReports) {
  SANSIP_SHOWS("3515-3.9-1");
  const StandaloneId asked = Refer({.refer_to = "sip:carol@h", .cookie = Cookie{9}});
  alice.Respond(202);
  EXPECT_EQ(Notify("active;expires=60", "SIP/2.0 100 Trying\r\n"), "200");
  const auto other = [&](std::string_view state, std::string_view fragment) {
    RequestText text = NotifyText("refer", state, fragment);
    text.from = "<sip:bob@bob.example>;tag=other";
    alice.Receive(text);
    return alice.LastResponse("NOTIFY").substr(8, 3);
  };
  EXPECT_EQ(other("active;expires=60", "SIP/2.0 180 Ringing\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Refer accepted 202", "Refer reported 100", "Refer reported 180 fork"));
  EXPECT_EQ(alice.agent().standalones(), 2u);
  EXPECT_EQ(Notify("terminated;reason=noresource", "SIP/2.0 486 Busy Here\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 486", "Refer ended 486"));
  EXPECT_FALSE(alice.agent().FindStandalone(asked));
  EXPECT_EQ(other("terminated;reason=noresource", "SIP/2.0 200 OK\r\n"), "200");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Refer reported 200", "Refer ended 200"));
  ExpectNothingIsLeft();
}

TEST_F(Referring, ABodyWithoutMeaningIsNoHindrance) {
  SANSIP_SHOWS("3515-2.4.2-7");
  RequestText text = RequestFromBob("", "REFER", 1, "Contact: <sip:bob@192.0.2.2:5070>\r\n", "why not");
  text.to = "<sip:alice@alice.example>";
  text.call_id = "with-a-body";
  text.more += "Refer-To: <sip:carol@carol.example>\r\n";
  text.more.replace(text.more.find("application/sdp"), 15, "text/plain");
  alice.Receive(text);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Referred INVITE sip:carol@carol.example"));
  EXPECT_EQ(Answer(202), VerbError::kNone);
  EXPECT_EQ(StatusOfRefer(), "202");
}

TEST_F(Referring, ASlowUserIsSpokenFor) {
  SANSIP_SHOWS("3515-2.4.2-5", "3515-2.4.5-3");
  ReceiveRefer("sip:carol@carol.example");
  alice.Advance(21);
  EXPECT_EQ(StatusOfRefer(), "202");
  EXPECT_THAT(HeaderOf(LastNotify(), "Subscription-State"), StartsWith("pending;expires="));
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 100 Trying\r\n");
  AcceptNotify();
  EXPECT_EQ(Answer(603), VerbError::kWrongState);
  alice.Advance(1);
  EXPECT_EQ(Report(603), VerbError::kNone);
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 603 Decline\r\n");
  AcceptNotify();
  ExpectNothingIsLeft();
}

TEST_F(Referring, WhatIsNoReferenceIsRefused) {
  SANSIP_SHOWS("3515-2.4.2-3", "3515-2.4.2-4", "3515-2.4.4-7");
  const struct {
    const char *refer_to, *more, *status;
  } kRows[] = {{"", "", "400"},
               {"<sip:a@h>, <sip:b@h>", "", "400"},
               {"<sip:c@h>", "Refer-To: <sip:d@h>\r\n", "400"},
               {"<http://h/>", "", "416"},
               {"<sip:c@h?Replaces=a>", "", "400"},
               {"<sip:c@h>", "Referred-By: <\r\n", "400"}};
  for (const auto& row : kRows) {
    ReceiveRefer(row.refer_to, row.more);
    EXPECT_EQ(StatusOfRefer(), row.status) << row.refer_to << row.more;
  }
  ReceiveRefer("<sip:c@h>");
  EXPECT_EQ(Answer(603), VerbError::kNone);
  EXPECT_EQ(StatusOfRefer(), "603");
  RequestText subscribe = RequestFromBob("", "SUBSCRIBE", 50, "Event: refer\r\nContact: <sip:b@h>\r\n");
  subscribe.to = "<sip:alice@alice.example>";
  subscribe.call_id = "blue";
  alice.Receive(subscribe);
  EXPECT_THAT(alice.LastResponse("SUBSCRIBE"), StartsWith("SIP/2.0 403 "));
  ExpectNothingIsLeft();
  AgentUnderTest unwilling;
  RequestText refer = RequestFromBob("", "REFER", 1, "Contact: <sip:b@h>\r\nRefer-To: <sip:c@h>\r\n");
  refer.to = "<sip:alice@alice.example>";
  refer.call_id = "unwanted";
  unwilling.Receive(refer);
  EXPECT_THAT(unwilling.last_wire(), StartsWith("SIP/2.0 405 "));
}

TEST_F(Referring, LimitsAreAnswers) {
  UserAgentOptions options = TakesRefer();
  options.limits.subscriptions_max = 2;
  options.limits.unanswered_max = 1;
  AgentUnderTest small(options);
  const auto refer = [&](int number) {
    RequestText text = RequestFromBob("", "REFER", number, "Contact: <sip:b@h>\r\nRefer-To: <sip:c@h>\r\n");
    text.to = "<sip:alice@alice.example>";
    text.call_id = "c" + std::to_string(number);
    small.Receive(text);
    return small.LastResponse("REFER").substr(0, 11);
  };
  refer(1);
  EXPECT_EQ(refer(2), "SIP/2.0 503");  // the user has one to answer
  small.Do(ua::input::AnswerRefer{small.last_standalone(), 202});
  refer(3);
  small.Do(ua::input::AnswerRefer{small.last_standalone(), 202});
  EXPECT_EQ(refer(4), "SIP/2.0 503");  // two are reported of
  EXPECT_EQ(small.agent().counters().refused_limit, 2u);
}

TEST_F(Referring, WithinACallTheSecondHasAnId) {
  SANSIP_SHOWS("3515-2.4.6-1", "3515-2.4.4-6");
  Establish();
  ReceiveRefer("sip:carol@carol.example");
  EXPECT_EQ(alice.last_received_in(), alice.call());
  Answer(202);
  EXPECT_EQ(HeaderOf(LastNotify(), "Event"), "refer");
  AcceptNotify();
  ReceiveRefer("sip:dave@dave.example");
  const std::string id = "refer;id=" + std::to_string(cseq);
  Answer(202);
  EXPECT_EQ(HeaderOf(LastNotify(), "Event"), id);
  AcceptNotify();
  // Bob is satisfied with that.
  alice.Receive(RequestFromBob(invite, "SUBSCRIBE", ++cseq,
                               "Event: " + id + "\r\nExpires: 0\r\nContact: <sip:bob@192.0.2.2:5070>\r\n"));
  EXPECT_THAT(alice.LastResponse("SUBSCRIBE"), StartsWith("SIP/2.0 200 "));
  alice.Advance(1.1);
  EXPECT_EQ(HeaderOf(LastNotify(), "Subscription-State"), "terminated;reason=timeout");
  AcceptNotify();
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(alice.CountSent("CANCEL") + alice.CountSent("BYE"), 0);
  alice.Shutdown();
  ExpectNothingIsLeft();
}

TEST_F(Referring, UnreportedItIsOverWithTheOutcome) {
  ReceiveRefer("sip:carol@carol.example", "Refer-Sub: false\r\nSupported: norefersub\r\n");
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Referred INVITE sip:carol@carol.example unreported"));
  Answer(200);
  EXPECT_EQ(HeaderOf(alice.LastResponse("REFER"), "Refer-Sub"), "false");
  EXPECT_EQ(Report(180), VerbError::kNone);
  EXPECT_EQ(Report(200), VerbError::kNone);
  EXPECT_EQ(alice.CountSent("NOTIFY"), 0);
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Subscription over"));
  ExpectNothingIsLeft();
}

TEST_F(Referring, TheCallPlacedForItIsReported) {
  SANSIP_SHOWS("3515-2.4.2-2", "3515-2.1-1", "3515-2.4.3-1", "3891-8-2", "3515-3.4-1");
  ReceiveRefer("<sip:carol@carol.example?Replaces=c1%3Bto-tag%3D1%3Bfrom-tag%3D2>",
               "Referred-By: <sip:bob@bob.example>;cid=\"2@h\"\r\n");
  EXPECT_THAT(alice.TakeEvents(),
              ElementsAre("Referred INVITE sip:carol@carol.example replacing c1;to-tag=1;from-tag=2"));
  CallDraft draft;
  draft.reference = alice.last_standalone();
  draft.content.body = kOffer;
  alice.Place(draft);
  EXPECT_EQ(StatusOfRefer(), "202");
  const std::string placed = alice.LastRequest("INVITE");
  EXPECT_THAT(placed, StartsWith("INVITE sip:carol@carol.example SIP/2.0\r\n"));
  EXPECT_EQ(HeaderOf(placed, "Replaces"), "c1;to-tag=1;from-tag=2");
  EXPECT_EQ(HeaderOf(placed, "Require"), "replaces");
  EXPECT_EQ(HeaderOf(placed, "Referred-By"), "<sip:bob@bob.example>;cid=\"2@h\"");
  EXPECT_THAT(HeaderOf(placed, "From"), StartsWith("<sip:alice@alice.example>;tag="));
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 100 Trying\r\n");
  AcceptNotify();
  alice.RespondTo(placed, 180, "caroltag");
  alice.Advance(1.1);
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 180 Ringing\r\n");
  AcceptNotify();
  alice.RespondTo(placed, 486, "caroltag");
  alice.Advance(1.1);
  EXPECT_EQ(BodyOf(LastNotify()), "SIP/2.0 486 Busy Here\r\n");
  AcceptNotify();
  EXPECT_THAT(alice.TakeEvents(), ElementsAre("Progress 180", "Ended refused 486", "Subscription over 200"));
  EXPECT_EQ(alice.Do(ua::input::PlaceCall{draft}).error, VerbError::kStale);
  ExpectNothingIsLeft();
}

}  // namespace
}  // namespace sansip::testing
