// What the layer makes true for a user that forwards as a stateful proxy does: a response goes on through the
// transactions that it belongs to, or nowhere (RFC 6026 6, 7.3, 8.2, 8.3; RFC 4320 4.2).
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/forwarding_user.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

constexpr FlowId kUpstream = {1, 1};
constexpr FlowId kDownstream = {2, 1};
constexpr FlowId kOtherDownstream = {3, 1};

Path PathOn(FlowId flow) {
  return {.flow = flow, .transport = Transport::kUdp, .sent_by = {"proxy.example", 5060}, .contact = {}};
}

class ForwardingTest : public ::testing::Test {
 protected:
  // Forwards this request and keeps what was sent downstream.
  void Start(const RequestText& request, Transport transport = Transport::kUdp) {
    user.Receive(request.text(), kUpstream, transport);
    for (const ForwardingUser::Sent& one : user.TakeSent()) {
      if (one.flow == kUpstream) continue;
      forwarded.push_back(one.wire);
    }
    ASSERT_EQ(forwarded.size(), 2u);
  }
  void Respond(std::size_t target, int status_code) {
    user.Receive(ResponseText(forwarded[target], status_code), target == 0 ? kDownstream : kOtherDownstream,
                 Transport::kUdp);
  }
  // What went upstream since the last call: "180", "200" ...
  std::vector<std::string> TakeUpstream() {
    std::vector<std::string> statuses;
    for (const ForwardingUser::Sent& one : user.TakeSent()) {
      if (one.flow == kUpstream) statuses.push_back(one.wire.substr(8, 3));
    }
    return statuses;
  }

  SeededRandom random{1};
  TransactionLayer layer{{}, random};
  ForwardingUser user{layer, {PathOn(kDownstream), PathOn(kOtherDownstream)}};
  std::vector<std::string> forwarded;
};

using Statuses = std::vector<std::string>;

TEST_F(ForwardingTest, AResponseOfAKnownBranchGoesThroughItsTransactions) {
  SANSIP_SHOWS("6026-8.2-1");
  const RequestText invite;
  Start(invite);
  Respond(0, 180);
  const std::vector<ForwardingUser::Sent> sent = user.TakeSent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].flow, kUpstream);
  EXPECT_EQ(sent[0].wire.substr(8, 3), "180");
  EXPECT_EQ(HeaderOf(sent[0].wire, "Via").substr(0, invite.via.find(";rport")),
            invite.via.substr(0, invite.via.find(";rport")));
  Respond(1, 200);
  EXPECT_EQ(TakeUpstream(), Statuses({"200"}));
}

TEST_F(ForwardingTest, AResponseOfNoTransactionGoesNowhere) {
  SANSIP_SHOWS("6026-6-3", "6026-6-4", "6026-7.3-1", "6026-7.3-2");
  Start(RequestText{});
  const std::string upstream_via = "Via: " + RequestText{}.via + "\r\n";
  for (const int status : {100, 180, 200, 302, 486, 503, 603}) {
    std::string stray = ResponseText(forwarded[0], status, "t", upstream_via);
    const std::size_t branch = stray.find("z9hG4bK") + 7;
    stray[branch] = stray[branch] == 'x' ? 'y' : 'x';
    user.Receive(stray, kDownstream, Transport::kUdp);
    EXPECT_TRUE(user.TakeSent().empty()) << status;
  }
  EXPECT_EQ(layer.counters().stray_responses, 7u);
  EXPECT_EQ(user.responses_delivered(), 0u);
}

TEST_F(ForwardingTest, ALateSuccessOfAnEndedInviteGoesNowhere) {
  SANSIP_SHOWS("6026-7.3-1", "6026-7.3-2");
  Start(RequestText{});
  Respond(0, 200);
  EXPECT_EQ(TakeUpstream(), Statuses({"200"}));
  user.AdvanceTo(Instant(Seconds(33)));  // timer M
  user.TakeSent();
  Respond(0, 200);
  EXPECT_TRUE(user.TakeSent().empty());
  EXPECT_EQ(layer.counters().stray_responses, 1u);
}

TEST_F(ForwardingTest, AResponseToAnEndedNonInviteIsAbsorbed) {
  SANSIP_SHOWS("4320-2.2-1", "6026-7.3-2");
  Start({.method = "OPTIONS"});
  user.AdvanceTo(Instant(Seconds(33)));  // timer F
  user.TakeSent();
  Respond(0, 200);
  EXPECT_TRUE(user.TakeSent().empty());
  EXPECT_EQ(user.responses_delivered(), 0u);
}

// Over a reliable transport a server transaction ends with its final response: timers I and J are zero.
TEST_F(ForwardingTest, WithoutTheServerTransactionAResponseIsDiscarded) {
  SANSIP_SHOWS("4320-4.2-3", "6026-8.3-2");
  Start({.method = "BYE", .via = "SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bK1"}, Transport::kTcp);
  Respond(0, 200);
  EXPECT_EQ(TakeUpstream(), Statuses({"200"}));
  user.AdvanceTo(Instant(Seconds(1)));
  user.TakeSent();
  Respond(1, 200);
  EXPECT_EQ(user.responses_delivered(), 2u);
  EXPECT_EQ(user.discarded(), 1u);
  EXPECT_TRUE(user.TakeSent().empty());
}

TEST_F(ForwardingTest, ASuccessAfterTheInvitesEndUpstreamIsDiscarded) {
  SANSIP_SHOWS("6026-8.3-2");
  RequestText invite{.via = "SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bK1"};
  Start(invite, Transport::kTcp);
  Respond(1, 180);  // this client transaction waits, without a timer
  Respond(0, 486);
  EXPECT_EQ(TakeUpstream(), Statuses({"180", "486"}));
  invite.method = "ACK";
  user.Receive(invite.text(), kUpstream, Transport::kTcp);
  user.AdvanceTo(Instant(Seconds(1)));
  user.TakeSent();
  Respond(1, 200);
  EXPECT_EQ(user.discarded(), 1u);
  EXPECT_EQ(TakeUpstream(), Statuses());
}

}  // namespace
}  // namespace sansip::testing
