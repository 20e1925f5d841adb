#include "sansip/session_timer/negotiation.h"

#include <initializer_list>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

constexpr std::uint32_t kLargest = 4294967295u;

// The facts of an INVITE with these header lines ("A: b\r\n").
SessionTimerFacts FactsOf(const std::string& lines) {
  const std::string bytes =
      "INVITE sip:bob@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:alice@example.com>;tag=1\r\n"
      "To: <sip:bob@example.com>\r\n"
      "Call-ID: 1@192.0.2.1\r\n"
      "CSeq: 1 INVITE\r\n" +
      lines + "Content-Length: 0\r\n\r\n";
  static MessageIndex index;
  const ParseError error = Parser().Parse(bytes, Framing::kDatagram, index);
  EXPECT_TRUE(error.ok()) << lines;
  return ReadSessionTimerFacts(MessageView(bytes, index));
}

// A request's facts, as values.
struct Asked {
  std::uint32_t session_expires = 0;  // 0: none
  bool supported = true;
  Refresher refresher = Refresher::kNone;
  std::uint32_t min_se = 0;  // 0: none

  operator SessionTimerFacts() const {
    SessionTimerFacts facts;
    facts.supported = supported;
    if (session_expires != 0) facts.session_expires = session_expires;
    facts.refresher = refresher;
    if (min_se != 0) facts.min_se = min_se;
    return facts;
  }
};

std::string Written(const SessionTimerLines& lines) {
  std::string text;
  for (const HeaderLine& line : lines.lines()) {
    text += std::string(HeaderName(line.id)) + ": " + std::string(line.value) + "\n";
  }
  return text;
}

TEST(SessionTimerFacts, SessionExpiresIsDeltaSecondsWithParameters) {
  SANSIP_SHOWS("4028-4-2", "4028-4-10", "4028-4-11", "4028-4-12", "4028-12.1-1");
  EXPECT_EQ(FactsOf("Session-Expires: 1800\r\n").session_expires, 1800u);
  EXPECT_EQ(FactsOf("Session-Expires: 1800\r\n").refresher, Refresher::kNone);
  EXPECT_EQ(FactsOf("x: 1800;refresher=uas\r\n").session_expires, 1800u);
  EXPECT_EQ(FactsOf("X: 1800;refresher=uas\r\n").refresher, Refresher::kUas);
  EXPECT_EQ(FactsOf("SESSION-EXPIRES: 1800 ; refresher = UAS\r\n").refresher, Refresher::kUas);
  const SessionTimerFacts facts = FactsOf("Session-Expires: 1800;foo=bar;refresher=uac;baz\r\n");
  EXPECT_EQ(facts.session_expires, 1800u);
  EXPECT_EQ(facts.refresher, Refresher::kUac);
  EXPECT_FALSE(facts.malformed);
  EXPECT_FALSE(FactsOf("").session_expires);
}

TEST(SessionTimerFacts, WhatIsNotDeltaSecondsIsMalformed) {
  SANSIP_SHOWS("4028-4-2");
  for (const char* value : {"1800.5", "-1", "abc", "", "+90", "0x5a", "18 00", ";refresher=uac"}) {
    const SessionTimerFacts facts = FactsOf(std::string("Session-Expires: ") + value + "\r\n");
    EXPECT_TRUE(facts.malformed) << value;
    EXPECT_FALSE(facts.session_expires) << value;
  }
  EXPECT_TRUE(FactsOf("Min-SE: soon\r\n").malformed);
}

TEST(SessionTimerFacts, ARefresherIsUacOrUasOnce) {
  SANSIP_SHOWS("4028-4-13");
  for (const char* value : {"me", "", "uac,", "\"uac\"", "uac;refresher=uac", "uac;refresher=uas"}) {
    EXPECT_TRUE(FactsOf(std::string("Session-Expires: 1800;refresher=") + value + "\r\n").malformed) << value;
  }
  EXPECT_TRUE(FactsOf("Session-Expires: 1800;refresher\r\n").malformed);
}

TEST(SessionTimerFacts, AListOfValuesIsMalformed) {
  const SessionTimerFacts facts = FactsOf("Session-Expires: 1800, 90\r\n");
  EXPECT_TRUE(facts.malformed);
  EXPECT_EQ(AnswerSessionTimer({}, facts).refuse_status, 400);
}

TEST(SessionTimerFacts, HugeValuesClampHigh) {
  SANSIP_SHOWS("4028-4-15");
  EXPECT_EQ(FactsOf("Session-Expires: 4294967295\r\n").session_expires, kLargest);
  EXPECT_EQ(FactsOf("Session-Expires: 4294967296\r\n").session_expires, kLargest);
  EXPECT_EQ(FactsOf("Session-Expires: 99999999999\r\n").session_expires, kLargest);
  EXPECT_EQ(FactsOf("Min-SE: 18446744073709551617\r\n").min_se, kLargest);
}

TEST(SessionTimerFacts, MinSeIsDeltaSecondsWithParametersAndHasNoCompactForm) {
  SANSIP_SHOWS("4028-5-7", "4028-12.1-1");
  EXPECT_EQ(FactsOf("Min-SE: 120;x=y\r\n").min_se, 120u);
  EXPECT_FALSE(FactsOf("m: <sip:a@b.example>\r\n").min_se);
}

TEST(SessionTimerFacts, OptionTagsAndAllow) {
  SANSIP_SHOWS("4028-9-19");
  EXPECT_TRUE(FactsOf("Supported: 100rel , timer\r\n").supported);
  EXPECT_TRUE(FactsOf("k: timer\r\n").supported);
  EXPECT_TRUE(FactsOf("k: 100rel\r\nSupported: timer\r\n").supported);
  EXPECT_FALSE(FactsOf("Supported: timers\r\n").supported);
  const SessionTimerFacts required = FactsOf("Require: timer\r\n");
  EXPECT_TRUE(required.required);
  EXPECT_FALSE(required.supported);
  EXPECT_FALSE(FactsOf("").allows_update.has_value());
  EXPECT_EQ(FactsOf("Allow: INVITE, UPDATE\r\n").allows_update, true);
  EXPECT_EQ(FactsOf("Allow: INVITE\r\n").allows_update, false);
}

TEST(InitialInvite, DefaultAsksFor1800AndNothingElse) {
  SANSIP_SHOWS("4028-4-4", "4028-7.1-11", "4028-7.1-12", "4028-13-1");
  const SessionTimerHeaders headers = HeadersForInitialInvite({}, 0);
  EXPECT_EQ(headers.session_expires, 1800u);
  EXPECT_EQ(headers.refresher, Refresher::kNone);
  EXPECT_FALSE(headers.min_se);
  EXPECT_EQ(Written(SessionTimerLines(headers)), "Session-Expires: 1800\n");
}

TEST(InitialInvite, NothingBelow90IsWritten) {
  SANSIP_SHOWS("4028-4-3", "4028-5-2", "4028-4-6");
  for (const std::uint32_t wished : {0u, 1u, 30u, 89u}) {
    const SessionTimerHeaders headers =
        HeadersForInitialInvite({.session_expires = wished, .min_se = wished}, 0);
    EXPECT_EQ(headers.session_expires, 90u);
    EXPECT_FALSE(headers.min_se);
    EXPECT_EQ(HeadersForInitialInvite({}, wished).min_se.value_or(90), 90u);
  }
}

TEST(InitialInvite, SessionExpiresIsAtLeastMinSe) {
  SANSIP_SHOWS("4028-7.1-9");
  const SessionTimerHeaders headers = HeadersForInitialInvite({.session_expires = 600, .min_se = 900}, 0);
  EXPECT_EQ(headers.session_expires, 900u);
  EXPECT_EQ(headers.min_se, 900u);
}

TEST(InitialInvite, CarriesTheRefresherWished) {
  EXPECT_EQ(Written(SessionTimerLines(HeadersForInitialInvite({.refresher = Refresher::kUac}, 0))),
            "Session-Expires: 1800;refresher=uac\n");
}

TEST(InitialInvite, WithoutAWishThereIsNoSessionExpires) {
  SANSIP_SHOWS("4028-4-20");
  EXPECT_FALSE(HeadersForInitialInvite({.enabled = false}, 0).session_expires);
  EXPECT_TRUE(HeadersForInitialInvite({}, 0).session_expires);
  EXPECT_EQ(Written(SessionTimerLines(HeadersForInitialInvite({.enabled = false}, 0))), "");
}

TEST(After422, TheNextInviteHasTheLargestMinSeSeen) {
  SANSIP_SHOWS("4028-7.3-5", "4028-7.4-4", "4028-7.4-6", "4028-13-7");
  const SessionTimerWish wish{.session_expires = 100};
  std::uint32_t seen = 0;
  SessionTimerHeaders sent = HeadersForInitialInvite(wish, seen);
  ASSERT_TRUE(RetryAfter422(sent, Asked{.min_se = 3600}, 0, seen));
  sent = HeadersForInitialInvite(wish, seen);
  EXPECT_EQ(Written(SessionTimerLines(sent)), "Session-Expires: 3600\nMin-SE: 3600\n");
  ASSERT_TRUE(RetryAfter422(sent, Asked{.min_se = 4000}, 1, seen));
  sent = HeadersForInitialInvite(wish, seen);
  EXPECT_EQ(Written(SessionTimerLines(sent)), "Session-Expires: 4000\nMin-SE: 4000\n");
  // Not the last one seen.
  EXPECT_FALSE(RetryAfter422(sent, Asked{.min_se = 100}, 2, seen));
  EXPECT_EQ(HeadersForInitialInvite(wish, seen).min_se, 4000u);
}

TEST(After422, WithoutMinSeTheCallFails) {
  SANSIP_SHOWS("4028-7.3-6");
  std::uint32_t seen = 0;
  EXPECT_FALSE(RetryAfter422(HeadersForInitialInvite({}, 0), SessionTimerFacts{}, 0, seen));
  EXPECT_EQ(seen, 0u);
}

TEST(After422, AMinSeBelow90IsSeenAs90) {
  SANSIP_SHOWS("4028-5-4", "4028-7.4-4");
  for (const std::uint32_t asked : {0u, 1u, 89u, 90u}) {
    std::uint32_t seen = 0;
    EXPECT_TRUE(RetryAfter422({.session_expires = 1800}, SessionTimerFacts{.min_se = asked}, 0, seen));
    EXPECT_EQ(seen, 90u);
  }
}

// RFC 4028 7.4: it has been received, whether or not there is another try at once.
TEST(After422, TheMinSeIsSeenEvenIfThereIsNoRetry) {
  SANSIP_SHOWS("4028-7.4-5");
  std::uint32_t seen = 0;
  EXPECT_FALSE(RetryAfter422({.session_expires = 1800}, Asked{.min_se = 300}, kMinSeRetriesMax, seen));
  EXPECT_EQ(seen, 300u);
  EXPECT_EQ(HeadersForRefresh({}, {.interval = 100, .min_se_seen = seen}).session_expires, 300u);
}

TEST(After422, AMinSeThatDemandsNothingNewEndsTheLoop) {
  SANSIP_SHOWS("4028-7.3-7");
  std::uint32_t seen = 0;
  int sent_in_all = 1;
  SessionTimerHeaders sent = HeadersForInitialInvite({}, seen);
  while (RetryAfter422(sent, Asked{.min_se = 90}, sent_in_all - 1, seen)) {
    sent = HeadersForInitialInvite({}, seen);
    ASSERT_LT(++sent_in_all, 100);
  }
  EXPECT_EQ(sent_in_all, 2);
}

TEST(After422, RisingDemandsAreBounded) {
  SANSIP_SHOWS("4028-7.3-7");
  std::uint32_t seen = 0;
  int retries = 0;
  while (RetryAfter422(HeadersForInitialInvite({}, seen), Asked{.min_se = seen + 100}, retries, seen))
    ++retries;
  EXPECT_EQ(retries, kMinSeRetriesMax);
}

TEST(After422, MinSeIsSaidEvenWhenNoTimerIsWished) {
  SANSIP_SHOWS("4028-7.4-4");
  std::uint32_t seen = 0;
  const SessionTimerWish wish{.enabled = false};
  ASSERT_TRUE(RetryAfter422(HeadersForInitialInvite(wish, 0), Asked{.min_se = 300}, 0, seen));
  EXPECT_EQ(HeadersForInitialInvite(wish, seen).min_se, 300u);
  EXPECT_FALSE(HeadersForInitialInvite(wish, seen).session_expires);
}

TEST(Refresh, CarriesTheNegotiatedIntervalNotTheWish) {
  SANSIP_SHOWS("4028-7.4-12", "4028-7.4-13", "4028-7.4-3", "4028-11.1-2");
  const SessionTimerWish wish{.session_expires = 3600};
  const auto headers = HeadersForRefresh(wish, {.interval = 600, .we_refresh = true});
  EXPECT_EQ(headers.session_expires, 600u);
  EXPECT_FALSE(headers.min_se);
  const auto raised = HeadersForRefresh(wish, {.interval = 1800, .min_se_seen = 2400, .we_refresh = true});
  EXPECT_EQ(raised.session_expires, 2400u);
  EXPECT_EQ(raised.min_se, 2400u);
  EXPECT_EQ(HeadersForRefresh(wish, {.interval = 100, .we_refresh = true}).session_expires, 100u);
}

TEST(Refresh, NothingBelow90IsWritten) {
  SANSIP_SHOWS("4028-7.2-25", "4028-7.4-12", "4028-4-3", "4028-5-2");
  const auto headers = HeadersForRefresh({}, {.interval = 20, .min_se_seen = 30, .we_refresh = true});
  EXPECT_EQ(headers.session_expires, 90u);
  EXPECT_EQ(headers.min_se, 90u);
}

TEST(Refresh, NamesTheRolesOfItsOwnTransaction) {
  SANSIP_SHOWS("4028-7.4-14", "4028-7.4-16", "4028-9-40");
  EXPECT_EQ(HeadersForRefresh({}, {.interval = 90, .we_refresh = true}).refresher, Refresher::kUac);
  EXPECT_EQ(HeadersForRefresh({}, {.interval = 90, .we_refresh = false}).refresher, Refresher::kUas);
}

TEST(Refresh, TheOwnMinimumMayRaiseASeenMinSe) {
  SANSIP_SHOWS("4028-7.4-10");
  const SessionTimerWish wish{.min_se = 900};
  EXPECT_EQ(HeadersForRefresh(wish, {.interval = 1800, .min_se_seen = 300}).min_se, 900u);
  EXPECT_EQ(HeadersForRefresh(wish, {.interval = 1800, .min_se_seen = 1000}).min_se, 1000u);
}

// docs/decisions/0016: else whoever answers the refresh could go below it.
TEST(Refresh, TheOwnMinimumAbove90IsSaidInAnyCase) {
  SANSIP_SHOWS("4028-7.4-10");
  const auto headers = HeadersForRefresh({.min_se = 900}, {.interval = 600, .we_refresh = true});
  EXPECT_EQ(headers.min_se, 900u);
  EXPECT_EQ(headers.session_expires, 900u);
  EXPECT_FALSE(HeadersForRefresh({.min_se = 90}, {.interval = 600}).min_se);
  EXPECT_FALSE(HeadersForRefresh({.min_se = 20}, {.interval = 600}).min_se);
  // Who wants no timer has no opinion.
  EXPECT_FALSE(HeadersForRefresh({.enabled = false, .min_se = 900}, {.interval = 600}).min_se);
}

TEST(Refresh, WithoutARunningTimerAsksForNone) {
  EXPECT_EQ(Written(SessionTimerLines(HeadersForRefresh({}, {}))), "");
}

TEST(Answer, TheIntervalIsTheRequestsOrLower) {
  SANSIP_SHOWS("4028-9-7", "4028-9-12", "4028-3-7", "4028-4-7", "4028-6-1");
  EXPECT_EQ(AnswerSessionTimer({}, Asked{1800}).session_expires, 1800u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{3600}).session_expires, 1800u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{600}).session_expires, 600u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{90}).session_expires, 90u);
  EXPECT_EQ(AnswerSessionTimer({.session_expires = kLargest}, Asked{kLargest}).session_expires, kLargest);
}

// docs/decisions/0017
TEST(Answer, WhatIsInForceIsNotLoweredByTheWish) {
  SANSIP_SHOWS("4028-13-13");
  EXPECT_EQ(AnswerSessionTimer({}, Asked{4000}, 4000).session_expires, 4000u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{5000}, 4000).session_expires, 4000u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{3000}, 4000).session_expires, 3000u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{1800}, 90).session_expires, 1800u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{}, 4000).session_expires, 4000u);
  EXPECT_EQ(AnswerSessionTimer({.enabled = false}, Asked{4000}, 4000).session_expires, 0u);
}

TEST(Answer, TheIntervalIsNeverBelowMinSeOr90) {
  SANSIP_SHOWS("4028-9-9", "4028-9-11", "4028-5-1", "4028-5-3", "4028-7.1-7", "4028-5-4", "4028-3-7");
  EXPECT_EQ(AnswerSessionTimer({.session_expires = 600}, Asked{.session_expires = 3600, .min_se = 1800})
                .session_expires,
            1800u);
  EXPECT_EQ(AnswerSessionTimer({.session_expires = 30}, Asked{3600}).session_expires, 90u);
  EXPECT_EQ(AnswerSessionTimer({}, Asked{.session_expires = 1800, .min_se = 300}).session_expires, 1800u);
  EXPECT_EQ(AnswerSessionTimer({.session_expires = 30}, Asked{.session_expires = 1800, .min_se = 30})
                .session_expires,
            90u);
}

TEST(Answer, ATooSmallIntervalOfAnAwareUacIsRefusedWithTheOwnMinimum) {
  SANSIP_SHOWS("4028-6-2", "4028-9-5", "4028-9-6", "4028-11.1-1", "4028-6-1", "4028-2-2");
  const SessionTimerAnswer answer = AnswerSessionTimer({.min_se = 300}, Asked{100});
  EXPECT_EQ(answer.refuse_status, 422);
  EXPECT_EQ(Written(SessionTimerLines(answer)), "Min-SE: 300\n");
  EXPECT_EQ(AnswerSessionTimer({.min_se = 300}, Asked{300}).refuse_status, 0);
  EXPECT_EQ(AnswerSessionTimer({.min_se = 10}, Asked{50}).min_se, 90u);
  const SessionTimerAnswer storm =
      AnswerSessionTimer({}, Asked{.session_expires = 5, .refresher = Refresher::kUas});
  EXPECT_EQ(storm.refuse_status, 422);
  EXPECT_EQ(storm.min_se, 90u);
}

TEST(Answer, AnUnawareUacIsNeverRefused) {
  SANSIP_SHOWS("4028-9-3", "4028-9-13");
  for (const std::uint32_t asked : {1u, 50u, 89u, 90u, 100u}) {
    const SessionTimerAnswer answer =
        AnswerSessionTimer({.min_se = 300}, Asked{.session_expires = asked, .supported = false});
    EXPECT_EQ(answer.refuse_status, 0);
    EXPECT_EQ(answer.session_expires, asked < 90 ? 0 : asked);
    EXPECT_FALSE(answer.require_timer);
  }
}

TEST(Answer, ARequestWithoutSessionExpiresIsNeverRefused) {
  SANSIP_SHOWS("4028-6-1");
  for (const bool supported : {false, true}) {
    EXPECT_EQ(AnswerSessionTimer({.min_se = 3600}, Asked{.supported = supported, .min_se = 90}).refuse_status,
              0);
  }
}

TEST(Answer, MayIntroduceATimerForAnAwareUacAlone) {
  SANSIP_SHOWS("4028-9-14", "4028-9-15", "4028-9-16", "4028-9-17", "4028-9-30");
  const SessionTimerAnswer answer = AnswerSessionTimer({}, Asked{});
  EXPECT_EQ(Written(SessionTimerLines(answer)), "Require: timer\nSession-Expires: 1800;refresher=uac\n");
  EXPECT_EQ(AnswerSessionTimer({}, Asked{.min_se = 2400}).session_expires, 2400u);
  EXPECT_EQ(AnswerSessionTimer({.session_expires = 30}, Asked{}).session_expires, 90u);
  EXPECT_EQ(Written(SessionTimerLines(AnswerSessionTimer({}, Asked{.supported = false}))), "");
}

TEST(Answer, WithoutAWishThereIsNoTimer) {
  SANSIP_SHOWS("4028-9-30");
  EXPECT_EQ(Written(SessionTimerLines(AnswerSessionTimer({.enabled = false}, Asked{1800}))), "");
}

TEST(Answer, OneThatCannotKeepBothBoundsHasNoSessionExpires) {
  EXPECT_EQ(Written(SessionTimerLines(AnswerSessionTimer({}, Asked{.session_expires = 100, .min_se = 300}))),
            "");
}

TEST(Answer, AMalformedRequestIsRefused) {
  EXPECT_EQ(AnswerSessionTimer({}, FactsOf("Session-Expires: -1\r\n")).refuse_status, 400);
  EXPECT_EQ(Written(SessionTimerLines(AnswerSessionTimer({}, FactsOf("Session-Expires: -1\r\n")))), "");
}

// RFC 4028 table 2, a test for every cell.
std::string Table2(bool supported, Refresher requested, Refresher wish) {
  return Written(SessionTimerLines(AnswerSessionTimer(
      {.refresher = wish}, Asked{.session_expires = 1800, .supported = supported, .refresher = requested})));
}

TEST(Table2, Row1_UnawareNone_Uas) {
  SANSIP_SHOWS("4028-9-29", "4028-9-18", "4028-3-3");
  for (const Refresher wish : {Refresher::kNone, Refresher::kUac, Refresher::kUas}) {
    EXPECT_EQ(Table2(false, Refresher::kNone, wish), "Session-Expires: 1800;refresher=uas\n");
  }
}
TEST(Table2, Row2_UnawareUac_TreatedAsNone) {
  SANSIP_SHOWS("4028-9-21");
  EXPECT_EQ(Table2(false, Refresher::kUac, Refresher::kUac), "Session-Expires: 1800;refresher=uas\n");
}
TEST(Table2, Row3_UnawareUas_TreatedAsNone) {
  SANSIP_SHOWS("4028-9-22");
  EXPECT_EQ(Table2(false, Refresher::kUas, Refresher::kUac), "Session-Expires: 1800;refresher=uas\n");
}
TEST(Table2, Row4_AwareNone_TheUasChooses) {
  SANSIP_SHOWS("4028-9-23", "4028-9-27", "4028-9-28");
  EXPECT_EQ(Table2(true, Refresher::kNone, Refresher::kNone),
            "Require: timer\nSession-Expires: 1800;refresher=uac\n");
  EXPECT_EQ(Table2(true, Refresher::kNone, Refresher::kUac),
            "Require: timer\nSession-Expires: 1800;refresher=uac\n");
  EXPECT_EQ(Table2(true, Refresher::kNone, Refresher::kUas),
            "Require: timer\nSession-Expires: 1800;refresher=uas\n");
}
TEST(Table2, Row5_AwareUac_Uac) {
  SANSIP_SHOWS("4028-9-24", "4028-9-26", "4028-9-27", "4028-7.1-10");
  EXPECT_EQ(Table2(true, Refresher::kUac, Refresher::kUas),
            "Require: timer\nSession-Expires: 1800;refresher=uac\n");
}
TEST(Table2, Row6_AwareUas_Uas) {
  SANSIP_SHOWS("4028-9-26", "4028-9-28");
  EXPECT_EQ(Table2(true, Refresher::kUas, Refresher::kUac),
            "Require: timer\nSession-Expires: 1800;refresher=uas\n");
}

TEST(Agreement, IntervalAndRoleAreThoseOfThe2xx) {
  SANSIP_SHOWS("4028-7.2-4", "4028-7.2-5", "4028-7.2-6", "4028-2-1", "4028-9-8", "4028-9-10");
  const SessionTimerHeaders sent{.session_expires = 1800, .refresher = Refresher::kUac};
  const auto agreement =
      AgreementFrom2xx({}, sent, Asked{.session_expires = 600, .refresher = Refresher::kUas});
  EXPECT_EQ(agreement.interval, 600u);
  EXPECT_EQ(agreement.refresher, Refresher::kUas);
  EXPECT_EQ(AgreementFrom2xx({}, {}, Asked{.session_expires = 1800, .refresher = Refresher::kUac}).interval,
            1800u);
  EXPECT_EQ(AgreementFrom2xx({.enabled = false}, {}, Asked{.session_expires = 90}).interval, 90u);
}

TEST(Agreement, WithoutAParameterTheRequestsChoiceElseUac) {
  SANSIP_SHOWS("4028-7.2-9");
  EXPECT_EQ(AgreementFrom2xx({}, {.session_expires = 1800}, Asked{1800}).refresher, Refresher::kUac);
  EXPECT_EQ(
      AgreementFrom2xx({}, {.session_expires = 1800, .refresher = Refresher::kUas}, Asked{1800}).refresher,
      Refresher::kUas);
}

TEST(Agreement, AskedForButNotAnsweredTheUacRefreshesByItself) {
  SANSIP_SHOWS("4028-7.2-10", "4028-7.2-14", "4028-7.2-3");
  const auto agreement =
      AgreementFrom2xx({}, {.session_expires = 1800, .refresher = Refresher::kUas}, Asked{});
  EXPECT_EQ(agreement.interval, 1800u);
  EXPECT_EQ(agreement.refresher, Refresher::kUac);
  SessionTimerFacts required;
  required.required = true;
  EXPECT_EQ(AgreementFrom2xx({}, {.session_expires = 1800}, required).interval, 1800u);
}

TEST(Agreement, NeitherAskedForNorAnsweredThereIsNoTimer) {
  SANSIP_SHOWS("4028-7.2-3", "4028-5-6");
  EXPECT_EQ(AgreementFrom2xx({}, {}, Asked{}).interval, 0u);
  EXPECT_EQ(AgreementFrom2xx({}, {}, Asked{.min_se = 7200}).interval, 0u);
}

TEST(Agreement, AnIntervalOfZeroIsNone) {
  SessionTimerFacts zero;
  zero.session_expires = 0;
  EXPECT_EQ(AgreementFrom2xx({}, {.session_expires = 1800}, zero).interval, 1800u);
  EXPECT_EQ(AgreementFrom2xx({}, {}, zero).interval, 0u);
}

TEST(Lines, HoldTheLongestValues) {
  const SessionTimerHeaders headers{
      .session_expires = kLargest, .refresher = Refresher::kUas, .min_se = kLargest};
  EXPECT_EQ(Written(SessionTimerLines(headers)),
            "Session-Expires: 4294967295;refresher=uas\nMin-SE: 4294967295\n");
}

// The laws of negotiation.h over all interesting values of request and policy.
TEST(Negotiation, EveryAnswerKeepsTheBounds) {
  SANSIP_SHOWS("4028-9-9", "4028-9-11", "4028-9-12", "4028-9-3", "4028-9-18");
  const std::initializer_list<std::uint32_t> values = {0,   1,    89,   90,   91,          299,     300,
                                                       301, 1799, 1800, 1801, 2147483648u, kLargest};
  int answers = 0;
  for (const std::uint32_t wished : values) {
    for (const std::uint32_t own_min : values) {
      for (const std::uint32_t asked : values) {
        for (const std::uint32_t min_se : values) {
          for (const bool supported : {false, true}) {
            const Asked request{.session_expires = asked, .supported = supported, .min_se = min_se};
            const SessionTimerAnswer answer =
                AnswerSessionTimer({.session_expires = wished, .min_se = own_min}, request);
            ++answers;
            if (answer.refuse_status != 0) {
              ASSERT_TRUE(supported && asked != 0 && answer.refuse_status == 422);
              ASSERT_TRUE(answer.min_se > asked && answer.min_se >= 90 && answer.session_expires == 0);
            } else if (answer.session_expires != 0) {
              ASSERT_TRUE(answer.session_expires >= 90 && answer.session_expires >= min_se);
              ASSERT_TRUE(asked == 0 ? supported : answer.session_expires <= asked);
              ASSERT_NE(answer.refresher, Refresher::kNone);
            } else {
              ASSERT_FALSE(answer.require_timer);
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(answers, 13 * 13 * 13 * 13 * 2);
}

}  // namespace
}  // namespace sansip
