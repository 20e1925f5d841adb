// RFC 4028 between two user agents: who refreshes, when, and how a session ends that nobody refreshes.
#include "gtest/gtest.h"
#include "sansip/tests/scenarios/parties.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

using std::chrono::hours;

PartiesOptions For(Duration talk, const SessionTimerWish& alice, const SessionTimerWish& bob) {
  PartiesOptions options;
  options.alice.talk_for = talk;
  options.alice_timer = alice;
  options.bob_timer = bob;
  // Its wires are INVITEs; refreshes by UPDATE are dialog/user_agent_refresh_test's.
  options.alice_timer.method = options.bob_timer.method = RefreshMethod::kReinvite;
  return options;
}

// The first wire of a party that begins so, with all of its header lines.
std::string WireOf(Parties& parties, const Node& party, const std::string& prefix, int skip = 0) {
  for (const Record& record : parties.world().trace().records()) {
    const bool sent = record.kind == Record::Kind::kSent || record.kind == Record::Kind::kLost;
    if (sent && record.node == party.number() && record.wire.rfind(prefix, 0) == 0 && skip-- == 0)
      return std::string(record.wire);
  }
  return {};
}

bool Has(const std::string& wire, const std::string& text) { return wire.find(text) != std::string::npos; }

TEST(SessionTimers, TheCallerRefreshesAtHalfTheInterval) {
  SANSIP_SHOWS("4028-3-1", "4028-7.2-7", "4028-7.2-21", "4028-13-1");
  Parties parties(For(hours(1), {}, {}));
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  const std::string invite = WireOf(parties, parties.alice(), "INVITE");
  EXPECT_TRUE(Has(invite, "\r\nSession-Expires: 1800\r\n")) << invite;
  EXPECT_TRUE(Has(invite, "timer")) << invite;
  EXPECT_FALSE(Has(invite, "Min-SE")) << invite;
  const std::string success = WireOf(parties, parties.bob(), "SIP/2.0 200");
  EXPECT_TRUE(Has(success, "\r\nSession-Expires: 1800;refresher=uac\r\n")) << success;
  EXPECT_TRUE(Has(success, "Require: timer")) << success;
  const std::string refresh = WireOf(parties, parties.alice(), "INVITE", 1);
  EXPECT_TRUE(Has(refresh, "\r\nSession-Expires: 1800;refresher=uac\r\n")) << refresh;
  EXPECT_EQ(parties.AliceBook().refreshes, 3u) << parties.Ladder();
  EXPECT_EQ(parties.BobBook().refreshes, 3u);
  EXPECT_TRUE(parties.AliceBook().we_refresh);
  EXPECT_FALSE(parties.BobBook().we_refresh);
}

TEST(SessionTimers, ARefreshRepeatsTheOfferAndItsOrigin) {
  SANSIP_SHOWS("4028-7.4-22", "4028-7.4-23", "4028-7.4-25");
  Parties parties(For(hours(1), {}, {}));
  parties.Call();
  parties.RunToEnd();
  const auto body = [](const std::string& wire) { return wire.substr(wire.find("\r\n\r\n") + 4); };
  EXPECT_EQ(body(WireOf(parties, parties.alice(), "INVITE")),
            body(WireOf(parties, parties.alice(), "INVITE", 1)));
  EXPECT_EQ(body(WireOf(parties, parties.bob(), "SIP/2.0 200")),
            body(WireOf(parties, parties.bob(), "SIP/2.0 200", 1)));
  EXPECT_NE(body(WireOf(parties, parties.alice(), "INVITE", 1)), "");
}

TEST(SessionTimers, TheCalleeRefreshesWhereItChoosesItself) {
  SANSIP_SHOWS("4028-9-39", "4028-9-40", "4028-7.4-14");
  Parties parties(For(hours(1), {}, {.refresher = Refresher::kUas}));
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_TRUE(Has(WireOf(parties, parties.bob(), "SIP/2.0 200"), "Session-Expires: 1800;refresher=uas\r\n"));
  // As UAC of its own refresh it is `uac`.
  EXPECT_TRUE(Has(WireOf(parties, parties.bob(), "INVITE"), "Session-Expires: 1800;refresher=uac\r\n"));
  EXPECT_EQ(parties.Sent(parties.bob(), "INVITE"), 3);
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 1);
  EXPECT_TRUE(parties.BobBook().we_refresh);
}

TEST(SessionTimers, A422IsAnsweredWithTheLargerMinSe) {
  SANSIP_SHOWS("4028-7.3-2", "4028-7.3-3", "4028-7.3-4", "4028-7.3-5", "4028-7.3-8", "4028-9-2", "4028-9-5");
  Parties parties(For(hours(1), {.session_expires = 100}, {.min_se = 600}));
  parties.Call();
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  EXPECT_TRUE(Has(WireOf(parties, parties.bob(), "SIP/2.0 422"), "\r\nMin-SE: 600\r\n"));
  const std::string first = WireOf(parties, parties.alice(), "INVITE");
  const std::string second = WireOf(parties, parties.alice(), "INVITE", 1);
  EXPECT_TRUE(Has(second, "\r\nSession-Expires: 600\r\n")) << second;
  EXPECT_TRUE(Has(second, "\r\nMin-SE: 600\r\n")) << second;
  const auto line = [](const std::string& wire, const std::string& name) {
    const std::size_t at = wire.find("\r\n" + name + ": ");
    return wire.substr(at, wire.find("\r\n", at + 2) - at);
  };
  for (const char* same : {"Call-ID", "From", "To"}) EXPECT_EQ(line(first, same), line(second, same));
  EXPECT_NE(line(first, "Via"), line(second, "Via"));
  EXPECT_FALSE(Has(line(second, "To"), "tag"));
  // What the 422s of before the dialog asked for is forgotten in it.
  EXPECT_FALSE(Has(WireOf(parties, parties.alice(), "INVITE", 2), "Min-SE")) << parties.Ladder();
  EXPECT_TRUE(parties.AliceBook().confirmed);
  EXPECT_EQ(parties.AliceBook().interval, 600u);
}

TEST(SessionTimers, ACalleeWithoutAWishLeavesTheCallerToItself) {
  SANSIP_SHOWS("4028-3-2", "4028-7.2-10");
  Parties parties(For(hours(1), {}, {.enabled = false}));
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_FALSE(Has(WireOf(parties, parties.bob(), "SIP/2.0 200"), "Session-Expires"));
  EXPECT_EQ(parties.AliceBook().refreshes, 3u);
  EXPECT_EQ(parties.BobBook().interval, 0u);
}

TEST(SessionTimers, NobodyWishesOneNothingIsRefreshed) {
  SANSIP_SHOWS("4028-7.1-2", "4028-4-9");
  Parties parties(For(hours(20), {.enabled = false}, {.enabled = false}));
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_TRUE(Has(WireOf(parties, parties.alice(), "INVITE"), "timer"));
  EXPECT_FALSE(Has(WireOf(parties, parties.alice(), "INVITE"), "Session-Expires"));
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 1);
}

TEST(SessionTimers, ALostRefreshIsRecoveredByItsTransaction) {
  Parties parties(For(hours(1), {}, {}));
  parties.Call();
  parties.world().RunUntil(Instant(seconds(100)));
  parties.network().DropNext(kToBob, "INVITE", 3);
  parties.network().DropNext(kToAlice, "SIP/2.0 200", 2);
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
}

TEST(SessionTimers, APartyThatIsCutOffEndsOnBothSides) {
  SANSIP_SHOWS("4028-1-1", "4028-3-9", "4028-3-10", "4028-10-5", "4028-10-18", "4028-10-19");
  Parties parties(For(hours(20), {}, {}));
  parties.Call();
  parties.world().RunUntil(Instant(seconds(100)));
  parties.network().Cut(kToBob, true);
  parties.network().Cut(kToAlice, true);
  parties.RunToEnd();
  EXPECT_EQ(parties.Findings(), "") << parties.Ladder();
  // The refresher: its re-INVITE of 900 s times out after 64*T1. The other: 32 s before the expiry.
  EXPECT_NEAR(static_cast<double>((parties.AliceBook().ended_at - Instant{}) / seconds(1)), 932, 1);
  EXPECT_NEAR(static_cast<double>((parties.BobBook().ended_at - Instant{}) / seconds(1)), 1768, 1);
  EXPECT_TRUE(parties.BobBook().expiring);
}

TEST(SessionTimers, TheShortestIntervalSurvivesLoss) {
  SANSIP_SHOWS("4028-4-7");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PartiesOptions options = For(hours(1), {.session_expires = 90}, {});
    options.world.seed = seed;
    options.world.faults.loss = 100'000;
    Parties parties(options);
    parties.Call();
    parties.RunToEnd();
    EXPECT_ORDINARY_CALL(parties);
    EXPECT_GE(parties.AliceBook().refreshes, 75u);
  }
}

TEST(SessionTimers, AReinviteOfAnyPurposeRefreshes) {
  SANSIP_SHOWS("4028-7.2-22", "4028-7.2-23", "4028-10-25");
  PartiesOptions options = For(seconds(2500), {}, {});
  options.bob.reinvite_after = seconds(800);
  Parties parties(options);
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  // Bob, who does not refresh, names alice's role in his own transaction, and the clock begins anew at 800 s.
  EXPECT_TRUE(Has(WireOf(parties, parties.bob(), "INVITE"), "Session-Expires: 1800;refresher=uas\r\n"));
  EXPECT_EQ(parties.Sent(parties.alice(), "INVITE"), 2) << parties.Ladder();
  for (const Record& record : parties.world().trace().records()) {
    if (record.kind != Record::Kind::kSent || record.node != 0 || record.at < Instant(seconds(1))) continue;
    if (record.wire.rfind("INVITE", 0) != 0) continue;
    EXPECT_EQ(record.at, Instant(milliseconds(800'080 + 900'000)));
  }
  EXPECT_TRUE(parties.AliceBook().we_refresh);
}

TEST(SessionTimers, OverTcpToo) {
  PartiesOptions options = For(hours(2), {}, {});
  options.transport = Transport::kTcp;
  Parties parties(options);
  parties.Call();
  parties.RunToEnd();
  EXPECT_ORDINARY_CALL(parties);
  EXPECT_EQ(parties.AliceBook().refreshes, 7u);
}

}  // namespace
}  // namespace sansip::sim
