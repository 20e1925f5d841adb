// Timers of one transaction among others: given to SendRequest, or by the policy for servers. The values that
// a machine takes from T1, T2 and T4 are all its own; the layer's are those of its neighbours.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimerOverride kQuick = {.t1 = milliseconds(100), .t2 = milliseconds(300), .t4 = seconds(1)};

TEST(TimerOverride, WhatIsNotAboveZeroIsTheLayersAndAnHourIsTheMost) {
  const TimerValues layer;
  const TimerValues own = Overridden(layer, {.t1 = milliseconds(20), .t2 = seconds(-1), .t4 = hours(100000)});
  EXPECT_EQ(own.t1, milliseconds(20));
  EXPECT_EQ(own.t2, layer.t2);
  EXPECT_EQ(own.t4, hours(1));
  EXPECT_EQ(own.d, layer.d);
  EXPECT_EQ(own.transaction_timeout(), milliseconds(1280));
  EXPECT_EQ(Overridden(layer, {.t1 = Duration::max()}).transaction_timeout(), hours(64));
}

TEST(TimerOverride, OfAnInviteClient) {
  LayerUnderTest t;
  const TransactionId id = t.Send(Method::kInvite, Transport::kUdp, {}, kQuick);
  t.AdvanceTo(3.2);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send INVITE", "0.1 send INVITE", "0.3 send INVITE",
                                       "0.7 send INVITE", "1.5 send INVITE", "3.1 send INVITE"));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("6.3 send INVITE", "6.4 failed timeout", "6.4 gone"));
  EXPECT_EQ(t.layer().StateOf(id), State::kTerminated);
  // Its neighbour keeps to the layer's.
  t.Send(Method::kInvite);
  t.AdvanceTo(101);
  EXPECT_THAT(t.TakeLog(), ElementsAre("100 send INVITE", "100.5 send INVITE"));
  SANSIP_SHOWS("3261-17.1.1.2-11");
}

TEST(TimerOverride, OfAnInviteClientsMAndNotOfD) {
  LayerUnderTest t;
  t.Send(Method::kInvite, Transport::kUdp, {}, kQuick);
  t.Receive(ResponseText(t.last_wire(), 200));
  t.Forget();
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("6.4 gone"));
  t.Send(Method::kInvite, Transport::kUdp, {}, kQuick);
  t.Receive(ResponseText(t.last_wire(), 486));
  t.Forget();
  t.AdvanceTo(100);
  // 17.1.1.2: D knows nothing of the server's T1.
  EXPECT_THAT(t.TakeLog(), ElementsAre("42 gone"));
}

TEST(TimerOverride, OfAnInviteClientAndItsCancel) {
  LayerUnderTest t;
  const TransactionId id = t.Send(Method::kInvite, Transport::kUdp, {}, kQuick);
  t.Receive(ResponseText(t.last_wire(), 180));
  t.Forget();
  t.Cancel(id);
  t.AdvanceTo(1);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send CANCEL", "0.1 send CANCEL", "0.3 send CANCEL",
                                       "0.6 send CANCEL", "0.9 send CANCEL"));
  t.AdvanceTo(6.3);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("6.4 failed timeout", "6.4 gone"));
  EXPECT_EQ(t.layer().live(), 0u);
}

TEST(TimerOverride, OfANonInviteClient) {
  LayerUnderTest t;
  t.Send(Method::kOptions, Transport::kUdp, {}, kQuick);
  t.AdvanceTo(1.3);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send OPTIONS", "0.1 send OPTIONS", "0.3 send OPTIONS",
                                       "0.6 send OPTIONS", "0.9 send OPTIONS", "1.2 send OPTIONS"));
  t.Receive(ResponseText(t.last_wire(), 200));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("1.3 deliver 200", "2.3 gone"));
}

// One peer is near; the policy knows it by its flow.
TimerOverride NearOnOtherFlow(const Origin& origin, const MessageView& request) {
  if (origin.flow != LayerUnderTest::kOtherFlow || !request.is_request()) return {};
  return kQuick;
}

class ServerPolicy : public ::testing::Test {
 protected:
  static TransactionOptions Options() {
    TransactionOptions options;
    options.server_timers = NearOnOtherFlow;
    return options;
  }
  TransactionId Receive(const std::string& method, FlowId flow = LayerUnderTest::kOtherFlow) {
    RequestText request;
    request.method = method;
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(++count_);
    return t.ReceiveNew(request.text(), Transport::kUdp, flow);
  }
  void Acknowledge() {
    RequestText ack;
    ack.method = "ACK";
    ack.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(count_);
    t.Receive(ack.text());
  }

  LayerUnderTest t{Options()};
  int count_ = 0;
};

TEST_F(ServerPolicy, OfAnInviteServer) {
  const TransactionId id = Receive("INVITE");
  EXPECT_EQ(t.Respond(id, 486), RespondError::kNone);
  t.AdvanceTo(1);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver INVITE", "0 send 486", "0.1 send 486", "0.3 send 486",
                                       "0.6 send 486", "0.9 send 486"));
  t.AdvanceTo(6.3);
  t.Forget();
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("6.4 failed no ACK", "6.4 gone"));
  t.Respond(Receive("INVITE"), 486);
  Acknowledge();
  t.Forget();
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), ElementsAre("11 gone"));
  t.Respond(Receive("INVITE"), 200);
  t.Forget();
  t.AdvanceTo(30);
  EXPECT_THAT(t.TakeLog(), ElementsAre("26.4 gone"));
}

TEST_F(ServerPolicy, OfANonInviteServer) {
  // RFC 4320 4.1: 0.1 + 0.2 s until that client's timer E is set to T2.
  const TransactionId id = Receive("OPTIONS");
  t.AdvanceTo(0.2);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNotAllowed);
  t.AdvanceTo(1);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver OPTIONS", "0.3 send 100"));
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNone);
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  t.Forget();
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("7.4 gone"));
  const TransactionId abandoned = Receive("OPTIONS");
  t.Abandon(abandoned);
  t.AdvanceTo(11);
  t.Forget();
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), ElementsAre("16.4 gone"));
}

TEST_F(ServerPolicy, LeavesOthersAsTheyAre) {
  t.Respond(Receive("INVITE", LayerUnderTest::kFlow), 486);
  t.Forget();
  t.AdvanceTo(0.4);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(1.5);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 486", "1.5 send 486"));
}

}  // namespace
}  // namespace sansip::testing
