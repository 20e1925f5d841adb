// Abandon: every state of every machine, what the peer still gets and what the user still hears.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ---- INVITE client

class AbandonedInviteClient : public ::testing::Test, protected ClientUnderTest<Method::kInvite> {};

TEST_F(AbandonedInviteClient, InCallingGoesOnUntilTimerB) {
  Start();
  t.Abandon(id);
  t.AdvanceTo(3);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send INVITE", "1.5 send INVITE"));
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.TakeArrows(), "C2");
  EXPECT_EQ(t.last_cookie(), LayerUnderTest::kCookie);
}

TEST_F(AbandonedInviteClient, InCallingIsCancelledWithTheFirstProvisional) {
  Start();
  t.Abandon(id);
  t.Receive(Response(180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send CANCEL"));
  t.Receive(ResponseText(t.last_wire(), 200));
  t.Receive(Response(487));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send ACK", "32 gone"));
  EXPECT_EQ(t.layer().live(), 0u);
}

TEST_F(AbandonedInviteClient, InCallingATransportErrorEndsItSilently) {
  Start();
  t.Abandon(id);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 gone"));
  EXPECT_EQ(t.TakeArrows(), "C3");
}

TEST_F(AbandonedInviteClient, InProceedingIsCancelledAndEndsWithoutAFinalToo) {
  StartAndReceive(180);
  t.AdvanceTo(10);
  t.Abandon(id);
  t.Receive(ResponseText(t.last_wire(), 200));
  t.Receive(Response(183));
  t.AdvanceTo(200);
  EXPECT_THAT(t.TakeLog(), ElementsAre("10 send CANCEL", "42 gone"));
  EXPECT_EQ(t.layer().live(), 0u);
}

TEST_F(AbandonedInviteClient, AfterCancelSendsNoSecondOne) {
  StartAndReceive(180);
  t.Cancel(id);
  t.Forget();
  t.Abandon(id);
  t.Cancel(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
}

TEST_F(AbandonedInviteClient, InCompletedAcknowledgesAndEnds) {
  StartAndReceive(486);
  t.Abandon(id);
  t.Receive(Response(486));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send ACK", "32 gone"));
  Start();
  t.Receive(ResponseText(t.last_wire(), 486));
  t.Forget();
  t.Abandon(id);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("100 gone"));
}

// RFC 3261 13.2.2.4: whoever rang has answered, and waits for an ACK.
TEST_F(AbandonedInviteClient, A2xxIsDeliveredAsAStray) {
  StartAndReceive(180);
  t.Abandon(id);
  t.Forget();
  t.Receive(Response(200));
  EXPECT_EQ(t.last_cookie(), LayerUnderTest::kCookie);
  EXPECT_EQ(t.layer().StateOf(id), State::kAccepted);
  t.AdvanceTo(20);
  t.Receive(Response(200));
  t.Receive(Response(486));
  std::vector<std::string> log = t.TakeLog();
  std::erase_if(log, [](const std::string& line) { return line.ends_with("send CANCEL"); });
  EXPECT_THAT(log, ElementsAre("0 deliver 200 nil", "20 deliver 200 nil"));
  t.AdvanceTo(100);
  EXPECT_EQ(t.layer().live(), 0u);
}

TEST_F(AbandonedInviteClient, InAcceptedFurther2xxAreStrays) {
  StartAndReceive(200);
  t.Abandon(id);
  t.Receive(Response(200, "another-fork"));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200 nil", "32 gone"));
}

// ---- non-INVITE client

class AbandonedNonInviteClient : public ::testing::Test, protected ClientUnderTest<Method::kOptions> {};

TEST_F(AbandonedNonInviteClient, InTryingIsRepeatedUntilTimerF) {
  Start();
  t.Abandon(id);
  t.AdvanceTo(2);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send OPTIONS", "1.5 send OPTIONS"));
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.TakeArrows(), "N2");
}

TEST_F(AbandonedNonInviteClient, InProceedingIsRepeatedUntilItsFinalIsAbsorbed) {
  StartAndReceive(100);
  t.Abandon(id);
  t.AdvanceTo(1);
  t.Receive(Response(100));
  t.Receive(Response(200));
  t.Receive(Response(200));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send OPTIONS", "6 gone"));
  EXPECT_EQ(t.TakeArrows(), "N6 N7 N10 N11");
}

TEST_F(AbandonedNonInviteClient, ATransportErrorEndsItSilently) {
  Start();
  t.Abandon(id);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 gone"));
}

TEST_F(AbandonedNonInviteClient, InCompletedEndsByTimerK) {
  StartAndReceive(200);
  t.Abandon(id);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("5 gone"));
}

// ---- INVITE server

class AbandonedInviteServer : public ::testing::Test, protected ServerUnderTest<Method::kInvite> {
 protected:
  std::string Ack() const {
    RequestText ack = request;
    ack.method = "ACK";
    return ack;
  }
};

TEST_F(AbandonedInviteServer, InProceedingIsAnswered500) {
  Start();
  t.Abandon(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 500"));
  EXPECT_EQ(t.TakeArrows(), "P6");
  EXPECT_NE(HeaderOf(t.last_wire(), "To").find(";tag="), std::string::npos);
  EXPECT_EQ(t.Respond(id, 200), RespondError::kWrongState);
  t.AdvanceTo(0.6);
  t.Receive(Ack());
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 500", "5.6 gone"));
}

TEST_F(AbandonedInviteServer, ItsFinalResponseHasTheTagOfItsProvisional) {
  StartAndRespond(180);
  t.Abandon(id);
  EXPECT_TRUE(t.last_wire().starts_with("SIP/2.0 500 "));
  EXPECT_TRUE(HeaderOf(t.last_wire(), "To").ends_with(";tag=314159"));
  SANSIP_SHOWS("3261-8.2.6.2-10");
}

TEST_F(AbandonedInviteServer, InCompletedEndsWithoutAWordAboutTheAck) {
  StartAndRespond(486);
  t.Abandon(id);
  t.TransportError(id);
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.TakeArrows(), "P9");
}

TEST_F(AbandonedInviteServer, InConfirmedEndsByTimerI) {
  StartAndRespond(486);
  t.Receive(Ack());
  t.Abandon(id);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("5 gone"));
}

TEST_F(AbandonedInviteServer, InAcceptedAbsorbsInvitesAndDeliversAcks) {
  StartAndRespond(200);
  t.Abandon(id);
  t.Receive(request.text());
  t.ResendFinal(id);
  t.Receive(Ack());
  t.TransportError(id);
  EXPECT_EQ(t.Respond(id, 200), RespondError::kWrongState);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil", "32 gone"));
}

TEST(AbandonedServer, AnInviteWithoutMemoryForThe500EndsSilently) {
  TransactionOptions options;
  options.buffered_bytes_max = 1;
  LayerUnderTest t(options);
  std::vector<TransactionId> ids;
  RequestText request;
  // The one page is full of what is kept of requests.
  for (int i = 0;; ++i) {
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(10000 + i);
    const TransactionId id = t.ReceiveNew(request.text());
    if (id.is_nil()) break;
    ids.push_back(id);
  }
  t.AdvanceTo(1);
  t.Forget();
  t.Abandon(ids.front());
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
}

// ---- non-INVITE server

class AbandonedNonInviteServer : public ::testing::Test, protected ServerUnderTest<Method::kOptions> {};

TEST_F(AbandonedNonInviteServer, InTryingGetsIts100AndNoFinalAtAll) {
  for (Transport transport : {Transport::kUdp, Transport::kTcp}) {
    const double start = t.NowInSeconds();
    Start(transport);
    t.Abandon(id);
    EXPECT_EQ(t.Respond(id, 200), RespondError::kWrongState);
    t.AdvanceTo(start + 1);
    t.Receive(request.text(), transport);
    EXPECT_THAT(t.TakeLog(), IsEmpty());
    t.AdvanceTo(start + 31.9);
    EXPECT_EQ(t.TakeArrows(), "Q3");
    t.Forget();
    // A copy makes no second transaction.
    t.Receive(request.text(), transport);
    EXPECT_EQ(t.TakeArrows(), "Q4");
    EXPECT_EQ(t.layer().live(), 1u);
    t.Forget();
    t.AdvanceTo(start + 32);
    EXPECT_EQ(t.TakeLog().size(), 1u);
    EXPECT_EQ(t.layer().live(), 0u);
    for (const std::string& wire : t.wires()) EXPECT_TRUE(wire.starts_with("SIP/2.0 100 "));
  }
  SANSIP_SHOWS("4320-4.2-1", "4320-4.2-2", "4320-4.1-4");
}

TEST_F(AbandonedNonInviteServer, InProceedingRepeatsThe100AndEnds) {
  StartAndRespond(100, Transport::kTcp);
  t.AdvanceTo(20);
  t.Abandon(id);
  t.TransportError(id);
  t.Receive(request.text(), Transport::kTcp);
  t.AdvanceTo(100);
  // 64*T1 after it began, not after it was abandoned.
  EXPECT_THAT(t.TakeLog(), ElementsAre("20 send 100", "32 gone"));
}

TEST_F(AbandonedNonInviteServer, ThatIsOlderThan64T1EndsAtOnce) {
  Start();
  t.AdvanceTo(60);
  t.Forget();
  t.Abandon(id);
  t.AdvanceTo(60);
  EXPECT_THAT(t.TakeLog(), ElementsAre("60 gone"));
}

TEST_F(AbandonedNonInviteServer, InCompletedEndsByTimerJ) {
  StartAndRespond(200);
  t.Abandon(id);
  t.Receive(request.text());
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 200", "32 gone"));
}

// ---- any

TEST(Abandon, AFlowThatFailsIsNothingToTell) {
  LayerUnderTest t;
  const TransactionId client = t.Send(Method::kOptions);
  RequestText request;
  const TransactionId server = t.ReceiveNew(request.text());
  t.Respond(server, 486);
  t.Abandon(client);
  t.Abandon(server);
  t.Forget();
  t.FlowFailed();
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 gone"));
  EXPECT_EQ(t.layer().StateOf(server), State::kCompleted);
}

TEST(Abandon, TwiceIsOnceAndAStaleIdIsAnOrdinaryAnswer) {
  LayerUnderTest t;
  RequestText request;
  const TransactionId id = t.ReceiveNew(request.text());
  t.Abandon(id);
  t.Forget();
  t.Abandon(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(100);
  t.Forget();
  t.Abandon(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().stale_ids, 1u);
}

}  // namespace
}  // namespace sansip::testing
