#include "sansip/session_timer/proxy.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/message/parser.h"
#include "sansip/tests/support/shows.h"

namespace sansip {
namespace {

using Seconds = std::optional<std::uint32_t>;

constexpr ProxySessionTimerPolicy kMin300{.min_se = 300};
constexpr ProxySessionTimerPolicy kWants1800{.session_expires = 1800};

SessionTimerFacts Aware(Seconds session_expires, Seconds min_se = {}) {
  return {.supported = true, .session_expires = session_expires, .min_se = min_se};
}
SessionTimerFacts Unaware(Seconds session_expires, Seconds min_se = {}) {
  return {.session_expires = session_expires, .min_se = min_se};
}

ForwardedSessionTimer Forward(const ProxySessionTimerPolicy& policy, const SessionTimerFacts& request,
                              Method method = Method::kInvite) {
  return ForwardSessionTimer(policy, method, request);
}

// Session-Expires and Min-SE as they leave; 0: none.
struct Leaving {
  std::uint32_t session_expires = 0;
  std::uint32_t min_se = 0;
  bool operator==(const Leaving&) const = default;
};
Leaving Leaves(const ProxySessionTimerPolicy& policy, const SessionTimerFacts& request) {
  const ForwardedSessionTimer forwarded = Forward(policy, request);
  EXPECT_EQ(forwarded.refuse_min_se, 0u);
  return {forwarded.session_expires.value_or(request.session_expires.value_or(0)),
          forwarded.min_se.value_or(request.min_se.value_or(0))};
}

// ---- Requests (8.1) ----

TEST(ProxySessionTimer, InviteAndUpdateAlikeAndNothingElse) {
  SANSIP_SHOWS("4028-8.1-1", "4028-8.1-33");
  for (const Method method : {Method::kInvite, Method::kUpdate}) {
    EXPECT_EQ(Forward(kMin300, Aware(100), method).refuse_min_se, 300u);
    EXPECT_EQ(Forward(kWants1800, Aware({}), method).session_expires, 1800u);
  }
  for (const Method method : {Method::kSubscribe, Method::kOptions, Method::kRegister, Method::kAck}) {
    const ForwardedSessionTimer forwarded =
        Forward({.session_expires = 600, .min_se = 300}, Unaware(10), method);
    EXPECT_EQ(forwarded.refuse_min_se, 0u);
    EXPECT_FALSE(forwarded.session_expires);
    EXPECT_FALSE(forwarded.min_se);
    EXPECT_EQ(forwarded.memory.session_expires, 0u);
  }
}

TEST(ProxySessionTimer, InsertsNoLessThanMinSe) {
  SANSIP_SHOWS("4028-4-16", "4028-8.1-2", "4028-8.1-3", "4028-8.1-27", "4028-8.1-31");
  EXPECT_EQ(Leaves(kWants1800, Aware({})), (Leaving{1800, 0}));
  EXPECT_EQ(Leaves(kWants1800, Aware({}, 2400)), (Leaving{2400, 2400}));
  EXPECT_EQ(Leaves({.session_expires = 20}, Aware({})), (Leaving{90, 0}));
  EXPECT_EQ(Leaves({.session_expires = 200, .min_se = 300}, Aware({})), (Leaving{300, 0}));
  EXPECT_EQ(Leaves(kWants1800, Unaware({})), (Leaving{1800, 0}));
  EXPECT_EQ(Leaves({}, Aware({})), (Leaving{0, 0}));
  EXPECT_EQ(Leaves({}, Unaware({}, 500)), (Leaving{0, 500}));
}

TEST(ProxySessionTimer, LowersNoFurtherThanMinSe) {
  SANSIP_SHOWS("4028-3-6", "4028-8.1-5", "4028-8.1-6", "4028-8.1-7", "4028-8.1-28", "4028-8.1-32");
  EXPECT_EQ(Leaves(kWants1800, Aware(3600)), (Leaving{1800, 0}));
  EXPECT_EQ(Leaves({.session_expires = 600}, Aware(3600, 1800)), (Leaving{1800, 1800}));
  EXPECT_EQ(Leaves({.session_expires = 300}, Aware(3600, 600)), (Leaving{600, 600}));
  EXPECT_EQ(Leaves({.session_expires = 60}, Aware(3600)), (Leaving{90, 0}));
  EXPECT_EQ(Leaves({.session_expires = 200, .min_se = 300}, Aware(1800)), (Leaving{300, 0}));
  EXPECT_EQ(Leaves({.session_expires = 600, .min_se = 300}, Unaware(1800)), (Leaving{600, 0}));
}

TEST(ProxySessionTimer, RaisesNothingThatIsNoLessThanMinSe) {
  SANSIP_SHOWS("4028-8.1-8", "4028-8.1-16");
  EXPECT_EQ(Leaves({.session_expires = 1800, .min_se = 300}, Aware(600)), (Leaving{600, 0}));
  EXPECT_EQ(Leaves(kMin300, Aware(300)), (Leaving{300, 0}));
  EXPECT_EQ(Leaves(kMin300, Unaware(300)), (Leaving{300, 0}));
  EXPECT_EQ(Leaves({}, Aware(90)), (Leaving{90, 0}));
}

TEST(ProxySessionTimer, RefusesAnAwareUacWithItsOwnMinimum) {
  SANSIP_SHOWS("4028-2-2", "4028-8.1-11", "4028-8.1-14", "4028-8.1-15", "4028-8.1-29", "4028-11.1-3");
  const ForwardedSessionTimer refused = Forward({.min_se = 3600}, Aware(50));
  EXPECT_EQ(refused.refuse_min_se, 3600u);
  EXPECT_FALSE(refused.session_expires);
  EXPECT_FALSE(refused.min_se);
  EXPECT_FALSE(refused.memory.is_refresh || refused.memory.uac_supports);
  EXPECT_EQ(Forward({.min_se = 30}, Aware(20)).refuse_min_se, 90u);
  EXPECT_EQ(Forward(kMin300, Aware(100, 200)).refuse_min_se, 300u);
  // If it is let pass it is not raised.
  EXPECT_EQ(Leaves({.min_se = 300, .refuse = false}, Aware(100)), (Leaving{100, 0}));
  EXPECT_EQ(Leaves({.min_se = 300, .refuse = false}, Aware(50)), (Leaving{90, 0}));
  EXPECT_EQ(Leaves({.min_se = 300, .refuse = false}, Aware(50, 120)), (Leaving{120, 120}));
}

TEST(ProxySessionTimer, ARetryIsJudgedAfresh) {
  SANSIP_SHOWS("4028-8.1-34", "4028-13-5", "4028-13-8");
  EXPECT_EQ(Forward({.min_se = 3600}, Aware(50)).refuse_min_se, 3600u);
  EXPECT_EQ(Leaves({.min_se = 3600}, Aware(3600, 3600)), (Leaving{3600, 3600}));
  EXPECT_EQ(Forward({.min_se = 4000}, Aware(3600, 3600)).refuse_min_se, 4000u);
  EXPECT_EQ(Leaves({.min_se = 4000}, Aware(4000, 4000)), (Leaving{4000, 4000}));
}

TEST(ProxySessionTimer, TellsThoseBehindAnUnawareUac) {
  SANSIP_SHOWS("4028-4-38", "4028-8.1-9", "4028-8.1-12", "4028-8.1-17", "4028-8.1-18", "4028-8.1-19",
               "4028-8.1-20", "4028-8.1-30");
  EXPECT_EQ(Leaves(kMin300, Unaware(100)), (Leaving{300, 300}));
  EXPECT_EQ(Leaves(kMin300, Unaware(100, 200)), (Leaving{300, 300}));
  EXPECT_EQ(Leaves(kMin300, Unaware(100, 500)), (Leaving{500, 500}));
  EXPECT_EQ(Leaves(kMin300, Unaware(400, 500)), (Leaving{500, 500}));
  EXPECT_EQ(Leaves({}, Unaware(50)), (Leaving{90, 90}));
  EXPECT_EQ(Leaves({}, Unaware(0, 0)), (Leaving{90, 90}));
}

TEST(ProxySessionTimer, TwoProxiesRaiseMinSeAndNeverLowerIt) {
  SANSIP_SHOWS("4028-3-5");
  SessionTimerFacts request = Unaware(95);
  for (const std::uint32_t min_se : {100u, 200u, 100u}) {
    const Leaving leaving = Leaves({.min_se = min_se}, request);
    request.session_expires = leaving.session_expires;
    request.min_se = leaving.min_se;
  }
  EXPECT_EQ(request.session_expires, 200u);
  EXPECT_EQ(request.min_se, 200u);
}

TEST(ProxySessionTimer, TouchesNoMinSeOfAnAwareUac) {
  SANSIP_SHOWS("4028-8.1-21");
  EXPECT_EQ(Leaves(kMin300, Aware(1800)), (Leaving{1800, 0}));
  EXPECT_EQ(Leaves(kMin300, Aware(1800, 200)), (Leaving{1800, 200}));
  EXPECT_EQ(Leaves({.min_se = 300, .refuse = false}, Aware(100, 95)), (Leaving{100, 95}));
}

TEST(ProxySessionTimer, RequiresTheUassSupportOnlyIfTold) {
  SANSIP_SHOWS("4028-8.1-25", "4028-8.1-26");
  const ProxySessionTimerPolicy insists{.session_expires = 1800, .require_timer = true};
  EXPECT_TRUE(Forward(insists, Unaware({})).require_timer);
  EXPECT_FALSE(Forward(insists, Aware({})).require_timer);
  EXPECT_FALSE(Forward(kWants1800, Unaware({})).require_timer);
  EXPECT_FALSE(Forward({.require_timer = true}, Unaware({})).require_timer);
}

TEST(ProxySessionTimer, RemembersForTheTransaction) {
  SANSIP_SHOWS("4028-8.1-22", "4028-8.1-24");
  const ProxySessionTimerMemory aware = Forward(kWants1800, Aware(3600)).memory;
  EXPECT_EQ(aware.session_expires, 1800u);
  EXPECT_TRUE(aware.uac_supports);
  const ProxySessionTimerMemory unaware = Forward(kMin300, Unaware(100)).memory;
  EXPECT_EQ(unaware.session_expires, 300u);
  EXPECT_FALSE(unaware.uac_supports);
  EXPECT_EQ(Forward({}, Aware({})).memory.session_expires, 0u);
}

TEST(ProxySessionTimer, LeavesWhatIsMalformedToTheUas) {
  SessionTimerFacts request = Aware(50);
  request.malformed = true;
  const ForwardedSessionTimer forwarded = Forward({.session_expires = 600, .min_se = 300}, request);
  EXPECT_EQ(forwarded.refuse_min_se, 0u);
  EXPECT_FALSE(forwarded.session_expires);
  EXPECT_EQ(forwarded.memory.session_expires, 0u);
}

// ---- Responses (8.2) ----

TEST(ProxySessionTimer, OnlyA2xxCounts) {
  SANSIP_SHOWS("4028-8.2-1", "4028-4-49");
  const ProxySessionTimerMemory memory{.is_refresh = true, .session_expires = 1800, .uac_supports = true};
  for (const int status : {100, 180, 199, 300, 302, 422, 486, 603}) {
    const ReturnedSessionTimer returned = ReturnSessionTimer(memory, status, Aware({}, 4000));
    EXPECT_EQ(returned.session_expires, 0u) << status;
    EXPECT_FALSE(returned.interval) << status;
  }
}

// A 200 to BYE or INFO on the same dialog is no refresh without Session-Expires, and one with it none either.
TEST(ProxySessionTimer, OnlyA2xxToInviteOrUpdateCounts) {
  SANSIP_SHOWS("4028-8.1-33", "4028-8.2-1", "4028-4-29", "4028-4-32", "4028-4-33", "4028-4-34", "4028-4-36",
               "4028-4-37");
  for (const SessionTimerFacts& response : {SessionTimerFacts{}, Aware(600)}) {
    for (const Method method : {Method::kBye, Method::kInfo, Method::kOptions, Method::kPrack,
                                Method::kRegister, Method::kSubscribe, Method::kNotify}) {
      const ProxySessionTimerMemory memory = Forward(kWants1800, Aware(900), method).memory;
      EXPECT_FALSE(ReturnSessionTimer(memory, 200, response).interval);
      EXPECT_EQ(ReturnSessionTimer(memory, 200, response).session_expires, 0u);
    }
    for (const Method method : {Method::kInvite, Method::kUpdate}) {
      EXPECT_TRUE(ReturnSessionTimer(Forward({}, Unaware({}), method).memory, 200, response).interval);
    }
  }
}

TEST(ProxySessionTimer, ABare2xxGetsWhatWasForwardedIfTheUacSupportsIt) {
  SANSIP_SHOWS("4028-3-4", "4028-8.2-2", "4028-8.2-3", "4028-8.2-4", "4028-8.2-5");
  const auto returned = [](const ProxySessionTimerPolicy& policy, const SessionTimerFacts& request) {
    return ReturnSessionTimer(Forward(policy, request).memory, 200, {});
  };
  EXPECT_EQ(returned(kWants1800, Aware({})).session_expires, 1800u);
  EXPECT_EQ(returned({}, Aware(1800)).session_expires, 1800u);  // merely accepted
  EXPECT_EQ(returned({}, Aware(1800)).interval, 1800u);
  EXPECT_EQ(returned(kWants1800, Unaware({})).session_expires, 0u);
  EXPECT_EQ(returned(kWants1800, Unaware({})).interval, 0u);
  EXPECT_EQ(returned({}, Aware({})).session_expires, 0u);
  EXPECT_EQ(returned({}, Aware({})).interval, 0u);
}

TEST(ProxySessionTimer, ASessionExpiresInA2xxStaysAsItIs) {
  SANSIP_SHOWS("4028-3-8", "4028-4-27", "4028-8.2-8", "4028-8.2-9", "4028-8.2-15", "4028-13-10");
  const ProxySessionTimerMemory memory{.is_refresh = true, .session_expires = 1800, .uac_supports = true};
  for (const std::uint32_t seconds : {0u, 60u, 600u, 4000u, 99999u, 4294967295u}) {
    const ReturnedSessionTimer returned = ReturnSessionTimer(memory, 200, Unaware(seconds));
    EXPECT_EQ(returned.session_expires, 0u);
    EXPECT_EQ(returned.interval, seconds);
  }
  EXPECT_EQ(ReturnSessionTimer(memory, 200, {.malformed = true}).session_expires, 0u);
}

TEST(ProxySessionTimer, EachForkHasItsOwnInterval) {
  SANSIP_SHOWS("4028-8.1-35", "4028-8.2-13");
  const ProxySessionTimerMemory memory{.is_refresh = true, .session_expires = 1800, .uac_supports = true};
  EXPECT_EQ(ReturnSessionTimer(memory, 200, Unaware(600)).interval, 600u);
  EXPECT_EQ(ReturnSessionTimer(memory, 200, {}).interval, 1800u);
}

TEST(ProxySessionTimer, TheExpirationIsTheForwardingAndTheInterval) {
  SANSIP_SHOWS("4028-8.2-10", "4028-8.2-11", "4028-8.2-12");
  const Instant forwarded = Instant(std::chrono::seconds(20));
  EXPECT_EQ(SessionExpirationAt(forwarded, 1800), Instant(std::chrono::seconds(1820)));
  // A later 2xx counts, even if it ends sooner.
  EXPECT_EQ(SessionExpirationAt(Instant(std::chrono::seconds(920)), 600),
            Instant(std::chrono::seconds(1520)));
  EXPECT_EQ(SessionExpirationAt(forwarded, 0), kNever);
  EXPECT_LT(SessionExpirationAt(forwarded, 4294967295u), kNever);
}

// ---- On messages ----

std::string Edited(const std::string& start, const std::string& lines, const auto& change) {
  const std::string bytes = start +
                            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                            "From: <sip:alice@example.com>;tag=1\r\n"
                            "To: <sip:bob@example.com>;tag=2\r\n"
                            "Call-ID: 1@192.0.2.1\r\n"
                            "CSeq: 1 INVITE\r\n" +
                            lines + "Content-Length: 0\r\n\r\n";
  MessageIndex index;
  EXPECT_TRUE(Parser().Parse(bytes, Framing::kDatagram, index).ok()) << lines;
  const MessageView message(bytes, index);
  std::array<Edit, 4> storage;
  EditList edits(message, storage);
  SessionTimerEditText text;
  EditSessionTimer(message, change(ReadSessionTimerFacts(message)), text, edits);
  std::array<char, 4096> out;
  const ::sansip::Edited edited = edits.Apply(out);
  EXPECT_EQ(edited.error, EditError::kNone) << lines;
  // What is behind CSeq, without the blank line.
  const std::string whole(edited.text);
  const std::size_t begin = whole.find("CSeq: 1 INVITE\r\n") + 16;
  return whole.substr(begin, whole.size() - begin - 2);
}

std::string ForwardedLines(const ProxySessionTimerPolicy& policy, const std::string& lines) {
  return Edited("INVITE sip:bob@example.com SIP/2.0\r\nMax-Forwards: 70\r\n", lines,
                [&policy](const SessionTimerFacts& facts) { return Forward(policy, facts); });
}
std::string ReturnedLines(const ProxySessionTimerMemory& memory, const std::string& lines) {
  return Edited("SIP/2.0 200 OK\r\n", lines,
                [&memory](const SessionTimerFacts& facts) { return ReturnSessionTimer(memory, 200, facts); });
}

TEST(ProxySessionTimer, TheRefresherOfARequestStaysAsItIs) {
  SANSIP_SHOWS("4028-8.1-4", "4028-8.1-10");
  EXPECT_EQ(ForwardedLines(kWants1800, "Supported: timer\r\n"),
            "Supported: timer\r\nContent-Length: 0\r\nSession-Expires: 1800\r\n");
  EXPECT_EQ(ForwardedLines({.session_expires = 900},
                           "Supported: timer\r\nx: 1800 ; refresher=uas;a=\"b\"\r\nMin-SE: 95\r\n"),
            "Supported: timer\r\nx: 900;refresher=uas;a=\"b\"\r\nMin-SE: 95\r\nContent-Length: 0\r\n");
  EXPECT_EQ(ForwardedLines(kMin300, "Session-Expires: 100;refresher=uac\r\nMin-SE: 200;c\r\n"),
            "Session-Expires: 300;refresher=uac\r\nMin-SE: 300;c\r\nContent-Length: 0\r\n");
}

TEST(ProxySessionTimer, ParametersThatDoNotFitAreLeftOut) {
  const std::string parameter = ";a=" + std::string(300, 'b');
  EXPECT_EQ(
      ForwardedLines(kMin300, "x: 100;refresher=uas" + parameter + "\r\nMin-SE: 200" + parameter + "\r\n"),
      "x: 300;refresher=uas\r\nMin-SE: 300\r\nContent-Length: 0\r\n");
}

TEST(ProxySessionTimer, WhatIsInsertedNamesTheUacAndIsRequired) {
  SANSIP_SHOWS("4028-8.2-6", "4028-8.2-7", "4028-8.2-14");
  const ProxySessionTimerMemory memory{.is_refresh = true, .session_expires = 1800, .uac_supports = true};
  EXPECT_EQ(ReturnedLines(memory, ""),
            "Content-Length: 0\r\nSession-Expires: 1800;refresher=uac\r\nRequire: timer\r\n");
  EXPECT_EQ(
      ReturnedLines(memory, "Require: 100rel\r\n"),
      "Require: 100rel\r\nContent-Length: 0\r\nSession-Expires: 1800;refresher=uac\r\nRequire: timer\r\n");
  EXPECT_EQ(ReturnedLines(memory, "Require: 100rel, timer\r\n"),
            "Require: 100rel, timer\r\nContent-Length: 0\r\nSession-Expires: 1800;refresher=uac\r\n");
  EXPECT_EQ(ReturnedLines(memory, "x: 600;refresher=uas\r\n"),
            "x: 600;refresher=uas\r\nContent-Length: 0\r\n");
}

// ---- The laws, over every tuple of interesting values ----

// True if the laws hold.
bool LawsHold(const ProxySessionTimerPolicy& policy, const SessionTimerFacts& request) {
  const ForwardedSessionTimer forwarded = Forward(policy, request);
  const Seconds asked = request.session_expires;
  const std::uint32_t min_se_came = request.min_se.value_or(0);
  if (forwarded.refuse_min_se != 0) {
    return request.supported && policy.refuse && asked && *asked < forwarded.refuse_min_se &&
           forwarded.refuse_min_se >= 90 && !forwarded.session_expires && !forwarded.min_se;
  }
  if (forwarded.min_se && (request.supported || *forwarded.min_se <= min_se_came)) return false;
  const std::uint32_t floor = std::max(forwarded.min_se.value_or(min_se_came), 90u);
  const Seconds leaving = forwarded.session_expires ? forwarded.session_expires : asked;
  if (forwarded.memory.session_expires != leaving.value_or(0)) return false;
  if (!asked) return leaving ? policy.session_expires != 0 && *leaving >= floor : policy.session_expires == 0;
  if (*asked < floor) return *leaving == floor;
  return *leaving >= floor && *leaving <= *asked;
}

TEST(ProxySessionTimer, LawsHoldOverTheProduct) {
  constexpr std::array<Seconds, 14> kValues = {
      {{}, 0u, 1u, 89u, 90u, 91u, 299u, 300u, 301u, 599u, 600u, 601u, 1u << 31, 4294967295u}};
  constexpr std::size_t kTuples = 14 * 14 * 14 * 14 * 4;
  for (std::size_t tuple = 0; tuple < kTuples; ++tuple) {
    std::size_t rest = tuple;
    const auto next = [&rest](std::size_t count) {
      const std::size_t digit = rest % count;
      rest /= count;
      return digit;
    };
    const ProxySessionTimerPolicy policy{.session_expires = kValues[next(14)].value_or(0),
                                         .min_se = kValues[next(14)].value_or(0),
                                         .refuse = next(2) == 1};
    SessionTimerFacts request = Unaware(kValues[next(14)], kValues[next(14)]);
    request.supported = next(2) == 1;
    ASSERT_TRUE(LawsHold(policy, request)) << tuple;
  }
}

}  // namespace
}  // namespace sansip
