// RFC 4028 8 on the wire, between two user agents: what they see of proxies with an opinion.
#include "sansip/tests/sim/timer_proxy.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/sim/script.h"
#include "sansip/tests/sim/world.h"
#include "sansip/tests/support/shows.h"

namespace sansip::sim {
namespace {

using sansip::testing::CountOf;
using sansip::testing::HeaderOf;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct ChainOptions {
  SessionTimerWish alice = {}, bob = {};
  std::vector<ProxySessionTimerPolicy> proxies;
  Duration talk_for = hours(1);
  Duration ring_for = Duration::zero();
  // Of Alice's first INVITE.
  std::string instead_of = {}, written = {};
};

// Alice calls Bob by way of proxies p1, p2 ...
class Chain {
 public:
  explicit Chain(const ChainOptions& options) : world_({.faults = {.delay = milliseconds(20)}}) {
    NodeOptions alice{.name = "alice", .address = *ParseIp("192.0.2.1", 5060)};
    alice.user_agent.session_timer = options.alice;
    alice.alter = [options, first = true](std::string_view wire, std::vector<std::string>& sent) mutable {
      sent.emplace_back(wire);
      const std::size_t at = wire.find(options.instead_of);
      if (!first || options.instead_of.empty() || at == std::string_view::npos) return;
      first = false;
      sent.back().replace(at, options.instead_of.size(), options.written);
    };
    NodeOptions bob{.name = "bob", .address = *ParseIp("192.0.2.2", 5060)};
    bob.user_agent.session_timer = options.bob;
    alice_ = &world_.AddNode(alice, std::make_unique<ScriptedUser>(Script{.talk_for = options.talk_for}));
    bob_ = &world_.AddNode(bob, std::make_unique<ScriptedUser>(Script{.ring_for = options.ring_for}));
    CallPlan plan{.target = bob_->Uri(), .session_timer = options.alice};
    for (const ProxySessionTimerPolicy& policy : options.proxies) {
      const std::string number = std::to_string(proxies_.size() + 1);
      const SocketAddress address = *ParseIp("192.0.2.10" + number, 5060);
      auto proxy = std::make_unique<TimerProxy>(world_, "p" + number, address, policy);
      proxies_.push_back(proxy.get());
      world_.AddElement(address, std::move(proxy));
      plan.routes.push_back(proxies_.back()->Route());
    }
    PlanCall(*alice_, plan);
  }

  World& world() { return world_; }
  TimerProxy& proxy(std::size_t number) { return *proxies_[number]; }
  void RunUntil(Duration time) { world_.RunUntil(Instant(time)); }
  void Cut() {
    for (const std::uint32_t end : {alice_->number(), bob_->number()}) {
      world_.network().Cut({end, proxies_[0]->number()}, true);
      world_.network().Cut({proxies_[0]->number(), end}, true);
    }
  }

  // What came to Alice, or to Bob, and begins so; "": nothing with this number.
  std::string ToAlice(const std::string& start, int number = 0) { return Arrived(*alice_, start, number); }
  std::string ToBob(const std::string& start, int number = 0) { return Arrived(*bob_, start, number); }
  // What Alice sent.
  std::string OfAlice(const std::string& start, int number = 0) {
    return Find(Record::Kind::kSent, *alice_, start, number);
  }
  std::optional<Instant> Expiration(std::size_t number) {
    return proxies_[number]->Expiration(HeaderOf(OfAlice("INVITE"), "Call-ID"));
  }
  std::ptrdiff_t SentBy(const TimerProxy& proxy, Instant since) {
    const std::vector<Record>& records = world_.trace().records();
    return std::count_if(records.begin(), records.end(), [&](const Record& record) {
      return record.kind == Record::Kind::kSent && record.node == proxy.number() && record.at >= since;
    });
  }
  const CallBook& AliceBook() { return Scripted(*alice_).calls().begin()->second; }

 private:
  std::string Arrived(const Node& node, const std::string& start, int number) {
    return Find(Record::Kind::kArrived, node, start, number);
  }
  std::string Find(Record::Kind kind, const Node& node, const std::string& start, int number) {
    for (const Record& record : world_.trace().records()) {
      const bool fits = record.kind == kind && record.node == node.number() && record.wire.starts_with(start);
      if (fits && number-- == 0) return std::string(record.wire);
    }
    return "";
  }

  World world_;
  Node* alice_ = nullptr;
  Node* bob_ = nullptr;
  std::vector<TimerProxy*> proxies_;
};

// The flow of section 13: Alice asks for 50 s, the proxies want 3600 and 4000.
TEST(TimerProxyTest, TheFlowOfSection13) {
  Chain chain({.alice = {.session_expires = 90},
               .proxies = {{.min_se = 3600}, {.min_se = 4000}},
               .talk_for = hours(2),
               .instead_of = "Session-Expires: 90",
               .written = "Session-Expires: 50"});
  chain.RunUntil(seconds(10));
  const std::string first = chain.ToAlice("SIP/2.0 422");
  EXPECT_EQ(HeaderOf(chain.OfAlice("INVITE"), "Session-Expires"), "50");
  EXPECT_EQ(HeaderOf(first, "Min-SE"), "3600");
  EXPECT_EQ(HeaderOf(first, "CSeq"), "1 INVITE");
  EXPECT_EQ(HeaderOf(first, "Via"), HeaderOf(chain.OfAlice("INVITE"), "Via"));
  EXPECT_NE(HeaderOf(first, "To").find(";tag="), std::string::npos);
  const std::string second = chain.ToAlice("SIP/2.0 422", 1);
  EXPECT_EQ(HeaderOf(second, "Min-SE"), "4000");
  EXPECT_EQ(HeaderOf(second, "CSeq"), "2 INVITE");
  EXPECT_EQ(chain.proxy(0).refused(), 1u);
  EXPECT_EQ(chain.proxy(1).refused(), 1u);
  // What was refused went no further.
  EXPECT_EQ(HeaderOf(chain.ToBob(""), "CSeq"), "3 INVITE");
  EXPECT_EQ(HeaderOf(chain.ToBob("INVITE"), "Session-Expires"), "4000");
  EXPECT_EQ(chain.ToBob("INVITE", 1), "");
  const Instant before = *chain.Expiration(0);

  chain.RunUntil(seconds(2010));
  const std::string update = chain.ToBob("UPDATE");
  EXPECT_EQ(HeaderOf(update, "Session-Expires"), "4000;refresher=uac");
  EXPECT_EQ(CountOf(update, "Via"), 3);
  EXPECT_EQ(HeaderOf(chain.ToAlice("SIP/2.0 200", 1), "Session-Expires"), "4000;refresher=uac");
  for (const std::size_t number : {0, 1}) {
    const Duration moved = *chain.Expiration(number) - before;
    EXPECT_GE(moved, seconds(2000)) << number;
    EXPECT_LT(moved, seconds(2001)) << number;
  }
  SANSIP_SHOWS("4028-8.1-13", "4028-13-2", "4028-13-6", "4028-13-12", "4028-13-13");
}

TEST(TimerProxyTest, WhoAsksForATimerStaysOnTheWay) {
  Chain chain({.alice = {.enabled = false}, .proxies = {{.session_expires = 600}}});
  chain.RunUntil(seconds(310));
  EXPECT_EQ(HeaderOf(chain.OfAlice("INVITE"), "Session-Expires"), "");
  EXPECT_EQ(HeaderOf(chain.ToBob("INVITE"), "Session-Expires"), "600");
  EXPECT_EQ(HeaderOf(chain.ToBob("INVITE"), "Record-Route"), chain.proxy(0).Route());
  EXPECT_EQ(CountOf(chain.ToBob("UPDATE"), "Via"), 2) << "the refresh passes it";
  SANSIP_SHOWS("4028-8-3");
}

TEST(TimerProxyTest, WhatWasForwardedIsRememberedWhileItRings) {
  Chain chain({.bob = {.enabled = false}, .proxies = {{}}, .ring_for = seconds(100)});
  chain.RunUntil(seconds(110));
  EXPECT_EQ(chain.proxy(0).inserted(), 1u);
  EXPECT_EQ(HeaderOf(chain.ToAlice("SIP/2.0 200"), "Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(HeaderOf(chain.ToAlice("SIP/2.0 200"), "Require"), "timer");
  EXPECT_EQ(chain.AliceBook().interval, 1800u);
  SANSIP_SHOWS("4028-8.1-23");
}

TEST(TimerProxyTest, AnExpiredCallIsForgottenWithoutAWord) {
  Chain chain({.proxies = {{.session_expires = 600}}});
  chain.RunUntil(seconds(1));
  ASSERT_TRUE(chain.Expiration(0));
  const Instant expiration = *chain.Expiration(0);
  chain.Cut();
  chain.RunUntil(expiration.time_since_epoch() - milliseconds(1));
  EXPECT_TRUE(chain.Expiration(0));
  chain.RunUntil(hours(1));
  EXPECT_FALSE(chain.Expiration(0));
  EXPECT_EQ(chain.SentBy(chain.proxy(0), Instant(seconds(1))), 0);
  SANSIP_SHOWS("4028-1-2");
}

TEST(TimerProxyTest, OffTheRouteItSeesNoRefresh) {
  Chain chain({.alice = {.session_expires = 600}, .proxies = {{.session_expires = 300}}});
  chain.proxy(0).SetRecordRoute(false);
  chain.RunUntil(seconds(2));
  const Instant expiration = *chain.Expiration(0);
  chain.RunUntil(seconds(290));
  EXPECT_EQ(CountOf(chain.ToBob("UPDATE"), "Via"), 1);
  EXPECT_EQ(chain.Expiration(0), expiration);
  chain.RunUntil(seconds(310));
  EXPECT_FALSE(chain.Expiration(0));
  EXPECT_FALSE(chain.AliceBook().ended);
  SANSIP_SHOWS("4028-11.1-4");
}

TEST(TimerProxyTest, OfProxyRequireItKnowsTimer) {
  Chain timer({.proxies = {{}}, .instead_of = "\r\nCSeq", .written = "\r\nProxy-Require: timer\r\nCSeq"});
  timer.RunUntil(seconds(1));
  EXPECT_EQ(HeaderOf(timer.ToBob("INVITE"), "Proxy-Require"), "timer");
  EXPECT_TRUE(timer.AliceBook().confirmed);
  Chain other({.proxies = {{}}, .instead_of = "\r\nCSeq", .written = "\r\nProxy-Require: other\r\nCSeq"});
  other.RunUntil(seconds(1));
  EXPECT_EQ(HeaderOf(other.ToAlice("SIP/2.0 420"), "Unsupported"), "other");
  EXPECT_EQ(other.ToBob(""), "");
  SANSIP_SHOWS("4028-7.1-4");
}

}  // namespace
}  // namespace sansip::sim
