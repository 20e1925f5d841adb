// Session timers as the user agent composes them: RFC 4028 in both roles, over complete calls.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/dialog/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

int CountEvents(const std::vector<std::string>& events, std::string_view start) {
  int count = 0;
  for (const std::string& event : events) count += event.starts_with(start);
  return count;
}

CallDraft ByReinvite(std::string_view body = kOffer) {
  CallDraft draft = DraftToBob(body);
  draft.session_timer.method = RefreshMethod::kReinvite;
  return draft;
}

TEST(SessionTimer, EightHoursAreRefreshedByTheCaller) {
  Couple couple;
  couple.Establish(ByReinvite());
  EXPECT_EQ(couple.alice.view().session_timer.interval, 1800u);
  EXPECT_TRUE(couple.alice.view().session_timer.we_refresh);
  EXPECT_FALSE(couple.bob.view().session_timer.we_refresh);
  couple.Advance(8 * 3600);
  const auto alice = couple.alice.TakeEvents(), bob = couple.bob.TakeEvents();
  EXPECT_EQ(CountEvents(alice, "Refreshed 1800 by us"), 31);
  EXPECT_EQ(CountEvents(bob, "Refreshed 1800 by peer"), 31);
  EXPECT_EQ(CountEvents(bob, "OfferReceived"), 0);
  EXPECT_EQ(CountEvents(alice, "AnswerReceived"), 0);
  EXPECT_EQ(couple.alice.agent().counters().refreshes_sent, 31u);
  EXPECT_EQ(couple.bob.agent().counters().refreshes_received, 31u);
  const std::string refresh = couple.alice.LastRequest("INVITE");
  EXPECT_EQ(BodyOf(refresh), kOffer);
  EXPECT_EQ(BodyOf(couple.bob.LastResponse("INVITE")), kAnswer);
  EXPECT_EQ(HeaderOf(refresh, "Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(HeaderOf(refresh, "Supported"), "timer");
  EXPECT_EQ(CountOf(refresh, "Require") + CountOf(refresh, "Proxy-Require"), 0);
  EXPECT_EQ(CountOf(couple.alice.LastRequest("ACK"), "Supported"), 0);
  EXPECT_THAT(HeaderOf(couple.bob.LastResponse("INVITE"), "Require"), "timer");
  couple.ExpectAgreement();
  SANSIP_SHOWS("4028-7.1-1", "4028-7.4-1", "4028-7.4-25", "4028-9-27", "4028-7.1-5");
}

TEST(SessionTimer, CalleeRefreshesWhenItIsTheRefresher) {
  UserAgentOptions bob;
  bob.session_timer.refresher = Refresher::kUas;
  bob.session_timer.method = RefreshMethod::kReinvite;
  Couple couple({}, bob);
  couple.Establish();
  EXPECT_TRUE(couple.bob.view().session_timer.we_refresh);
  couple.Advance(3500);
  EXPECT_EQ(CountEvents(couple.bob.TakeEvents(), "Refreshed 1800 by us"), 3);
  EXPECT_EQ(HeaderOf(couple.bob.LastRequest("INVITE"), "Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(BodyOf(couple.bob.LastRequest("INVITE")), kAnswer);
  couple.ExpectAgreement();
  SANSIP_SHOWS("4028-9-28");
}

TEST(SessionTimer, RefreshByUpdateWithoutABody) {
  Couple couple;
  couple.Establish();
  couple.Advance(2000);
  EXPECT_EQ(CountEvents(couple.alice.TakeEvents(), "Refreshed 1800 by us"), 2);
  EXPECT_EQ(BodyOf(couple.alice.LastRequest("UPDATE")), "");
  EXPECT_EQ(CountOf(couple.alice.LastRequest("UPDATE"), "Content-Type"), 0);
  EXPECT_EQ(CountOf(couple.alice.LastRequest("UPDATE"), "Contact"), 1);
  EXPECT_EQ(couple.alice.CountSent("INVITE"), 1);
  couple.ExpectAgreement();
  SANSIP_SHOWS("3311-4-6", "3311-7-2", "4028-7.4-19", "4028-7.4-21");
}

TEST(SessionTimer, LateOfferCallIsRefreshedToo) {
  Couple couple;
  couple.Establish(ByReinvite(""));
  couple.Advance(2000);
  EXPECT_EQ(CountEvents(couple.alice.TakeEvents(), "Refreshed 1800 by us"), 2);
  EXPECT_EQ(BodyOf(couple.alice.LastRequest("INVITE")), kAnswer);
  couple.ExpectAgreement();
}

TEST(SessionTimer, SilentPeerIsGivenUpBeforeTheExpiryWithAByeAndAReason) {
  Couple couple;
  couple.Establish();
  couple.lose = [](bool from_alice, std::string_view kind, int) { return from_alice && kind != "200 BYE"; };
  couple.bob.TakeSent();
  couple.AdvanceTo(1900);
  // The 200 left at 0.2 s: 1800 - 32 s later.
  EXPECT_THAT(couple.bob.TakeSent(), Contains("1768.2 BYE"));
  EXPECT_THAT(HeaderOf(couple.bob.LastRequest("BYE"), "Reason"), HasSubstr("SIP;cause=408"));
  EXPECT_EQ(couple.bob.last_end().cause, EndCause::kSessionExpired);
  const auto events = couple.bob.TakeEvents();
  EXPECT_GE(CountEvents(events, "SessionExpiring"), 1);
  EXPECT_EQ(couple.bob.agent().counters().sessions_expired, 1u);
}

TEST(SessionTimer, RefreshWithoutAnswerEndsTheCall) {
  Couple couple;
  couple.Establish();
  couple.lose = [](bool from_alice, std::string_view, int) { return from_alice; };
  couple.alice.TakeSent();
  couple.AdvanceTo(940);
  EXPECT_EQ(couple.alice.last_end().cause, EndCause::kSessionExpired);
  EXPECT_THAT(couple.alice.TakeEvents(), Contains("SessionExpiring"));
  EXPECT_GE(couple.alice.CountSent("BYE"), 1);
}

TEST(SessionTimer, The491AndThe500DoNotEndTheCall) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 1800;refresher=uac\r\n", kAnswer);
  alice.AdvanceTo(901);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "2 INVITE");
  alice.Respond(491, "bobtag");
  alice.Advance(4.1);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "3 INVITE");
  alice.Respond(500, "bobtag", "Retry-After: 5\r\n");
  alice.Advance(4.9);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "3 INVITE");
  alice.Advance(0.2);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "CSeq"), "4 INVITE");
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 1800;refresher=uac\r\n", kAnswer);
  EXPECT_EQ(alice.view().state, UsageState::kEstablished);
  EXPECT_THAT(alice.TakeEvents(), Contains("Refreshed 1800 by us"));
  EXPECT_EQ(alice.CountSent("BYE"), 0);
}

TEST(SessionTimer, The422InARefreshIsAnsweredWithALargerMinSe) {
  AgentUnderTest alice;
  alice.Place();
  alice.Respond(200, "bobtag", "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n", kAnswer);
  alice.AdvanceTo(46);
  EXPECT_EQ(HeaderOf(alice.LastRequest("INVITE"), "Session-Expires"), "90;refresher=uac");
  alice.Respond(422, "bobtag", "Min-SE: 300\r\n");
  alice.Advance(0);
  const std::string again = alice.LastRequest("INVITE");
  EXPECT_EQ(HeaderOf(again, "CSeq"), "3 INVITE");
  EXPECT_EQ(HeaderOf(again, "Min-SE"), "300");
  EXPECT_EQ(HeaderOf(again, "Session-Expires"), "300;refresher=uac");
  SANSIP_SHOWS("4028-7.4-2", "4028-7.4-5", "4028-7.3-2");
}

TEST(SessionTimer, TooSmallAnIntervalIsA422WithOurMinimum) {
  UserAgentOptions options;
  options.session_timer.min_se = 600;
  Couple couple({}, options);
  CallDraft draft = DraftToBob();
  draft.session_timer.session_expires = 120;
  couple.alice.Place(draft);
  couple.Advance(0.1);
  EXPECT_EQ(couple.bob.CountSent("SIP/2.0 422"), 1);
  EXPECT_EQ(HeaderOf(couple.alice.LastRequest("INVITE"), "Min-SE"), "600");
  EXPECT_THAT(couple.bob.TakeEvents(), ElementsAre("Incoming"));
  ASSERT_EQ(couple.bob.Answer(), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_EQ(couple.alice.view().session_timer.interval, 600u);
  couple.ExpectAgreement();
  SANSIP_SHOWS("4028-6-2", "4028-9-5", "4028-7.4-4", "4028-7.3-2");
}

TEST(SessionTimer, WithoutSupportThereIsNone) {
  CallDraft draft = DraftToBob();
  draft.session_timer.enabled = false;
  UserAgentOptions options;
  options.session_timer.enabled = false;
  Couple couple({}, options);
  couple.Establish(draft);
  EXPECT_EQ(couple.alice.view().session_timer.interval, 0u);
  couple.Advance(100000);
  EXPECT_EQ(couple.alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.alice.CountSent("INVITE"), 1);
}

TEST(SessionTimer, ReinviteOfTheUserRefreshesAndMayTurnTheRoles) {
  Couple couple;
  couple.Establish();
  couple.Advance(600);
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.Advance(0.1);
  ASSERT_EQ(couple.alice.AnswerOffer(kNewOffer), VerbError::kNone);
  couple.Advance(0.1);
  EXPECT_THAT(couple.bob.TakeEvents(), Contains("Timer 1800 by us"));
  couple.ExpectAgreement();
  const double expected = 600 + 0.3 + 900;
  couple.AdvanceTo(expected - 5);
  EXPECT_EQ(couple.alice.agent().counters().refreshes_sent, 0u);
  couple.AdvanceTo(expected + 5);
  EXPECT_EQ(couple.alice.agent().counters().refreshes_sent + couple.bob.agent().counters().refreshes_sent,
            1u);
}

TEST(SessionTimer, NoRefreshWhileAnOfferIsOpen) {
  Couple couple;
  couple.Establish();
  couple.AdvanceTo(899);
  ASSERT_EQ(couple.bob.Reinvite(kNewAnswer), VerbError::kNone);
  couple.AdvanceTo(930);
  EXPECT_EQ(couple.alice.CountSent("INVITE"), 1);
  ASSERT_EQ(couple.alice.AnswerOffer(kNewOffer), VerbError::kNone);
  couple.AdvanceTo(1000);
  EXPECT_EQ(couple.alice.CountSent("INVITE"), 1);
  couple.ExpectAgreement();
}

TEST(SessionTimer, SurvivesLossForADay) {
  Couple couple;
  couple.Establish();
  int n = 0;
  couple.lose = [&n](bool, std::string_view, int) { return ++n % 7 == 0 || n % 11 == 0; };
  couple.Advance(24 * 3600);
  EXPECT_EQ(couple.alice.view().state, UsageState::kEstablished);
  EXPECT_EQ(couple.bob.view().state, UsageState::kEstablished);
  couple.lose = nullptr;
  couple.Advance(40);
  couple.ExpectAgreement();
}

}  // namespace
}  // namespace sansip::testing
