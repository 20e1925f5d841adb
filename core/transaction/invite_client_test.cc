#include "sansip/core/transaction/invite_client.h"

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

class InviteClientTest : public ::testing::Test, protected ClientUnderTest<Method::kInvite> {};

TEST_F(InviteClientTest, C0_InviteFromUser_IsSentAndCalling) {
  id = t.Send(Method::kInvite);
  EXPECT_EQ(t.layer().StateOf(id), State::kCalling);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send INVITE"));
  EXPECT_EQ(t.TakeArrows(), "C0");
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(0.5));
  EXPECT_EQ(t.layer().client_transactions_without_final(), 1u);
  SANSIP_SHOWS("3261-17.1.1.2-1", "3261-17.1.1.2-2", "3261-17.1.1.2-30", "6026-8.4-17", "3261-17.1.1.2-3");
}

TEST_F(InviteClientTest, C1_TimerA_ResendsAndDoubles) {
  Start();
  t.AdvanceTo(31.9);
  // RFC 3261 17.1.1.2: doubling without a cap, seven in all.
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send INVITE", "1.5 send INVITE", "3.5 send INVITE",
                                       "7.5 send INVITE", "15.5 send INVITE", "31.5 send INVITE"));
  EXPECT_EQ(t.TakeArrows(), "C1 C1 C1 C1 C1 C1");
  EXPECT_EQ(t.layer().StateOf(id), State::kCalling);
  ASSERT_EQ(t.wires().size(), 7u);
  for (const std::string& wire : t.wires()) EXPECT_EQ(wire, t.wires().front());
  SANSIP_SHOWS("3261-17.1.1.1-2", "3261-17.1.1.2-6", "3261-17.1.1.2-7", "3261-17.1.1.2-8", "3261-17.1.1.2-9",
               "3261-17.1.1.2-11", "3261-17.1.1.2-31", "6026-8.4-18");
}

TEST_F(InviteClientTest, C2_TimerB_TellsTheUserAndEnds) {
  Start();
  t.AdvanceTo(31.99);
  t.Forget();
  t.AdvanceTo(200);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 failed timeout", "32 gone"));
  EXPECT_EQ(t.TakeArrows(), "C2");
  EXPECT_EQ(t.last_cookie(), LayerUnderTest::kCookie);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.wires().size(), 7u);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().stray_responses, 1u);
  SANSIP_SHOWS("3261-17.1.1.2-5", "3261-17.1.1.2-15", "3261-17.1.1.2-16", "3261-17.1.1.2-17",
               "3261-17.1.1.2-32", "3261-17.1.1.2-48", "6026-8.4-19", "6026-8.4-16", "3261-A-5");
}

TEST_F(InviteClientTest, C3_TransportErrorInCalling_TellsTheUserAndEnds) {
  Start();
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone"));
  EXPECT_EQ(t.TakeArrows(), "C3");
  t.AdvanceTo(100);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.1.2-33", "6026-8.4-20", "6026-7.2-7", "3261-17.1.4-1", "3261-17.1.4-2");
}

TEST_F(InviteClientTest, C4_ProvisionalInCalling_IsDeliveredAndStopsResending) {
  Start();
  t.AdvanceTo(0.2);
  t.Receive(Response(100));
  EXPECT_EQ(t.TakeArrows(), "C4");
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  t.AdvanceTo(60);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.2 deliver 100"));
  EXPECT_EQ(t.layer().next_deadline(), kNever);
  SANSIP_SHOWS("3261-17.1.1.2-10", "3261-17.1.1.2-18", "3261-17.1.1.2-19", "3261-17.1.1.2-20",
               "3261-17.1.1.2-35", "6026-8.4-22");
}

TEST_F(InviteClientTest, C5_2xxInCalling_IsDeliveredAndAccepted) {
  Start();
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200"));
  EXPECT_EQ(t.TakeArrows(), "C5");
  EXPECT_EQ(t.layer().StateOf(id), State::kAccepted);
  EXPECT_EQ(t.layer().client_transactions_without_final(), 0u);
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(32));
  SANSIP_SHOWS("3261-17.1.1.2-47", "6026-8.4-21", "6026-8.4-9", "6026-8.4-10", "6026-8.4-11", "6026-7.2-8",
               "6026-7.2-1", "6026-6-1");
}

TEST_F(InviteClientTest, C6_FinalInCalling_IsAcknowledgedAndDelivered) {
  Start();
  t.Receive(Response(404));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send ACK", "0 deliver 404"));
  EXPECT_EQ(t.TakeArrows(), "C6");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  t.AdvanceTo(31);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.1.2-22", "3261-17.1.1.2-23", "3261-17.1.1.2-36", "6026-8.4-1", "6026-8.4-2",
               "6026-8.4-3", "6026-8.4-23");
}

TEST_F(InviteClientTest, C7_ProvisionalInProceeding_IsDelivered) {
  StartAndReceive(180);
  t.Receive(Response(183));
  t.Receive(Response(180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 183", "0 deliver 180"));
  EXPECT_EQ(t.TakeArrows(), "C7 C7");
  SANSIP_SHOWS("3261-17.1.1.2-21", "3261-17.1.1.2-37", "6026-8.4-24");
}

TEST_F(InviteClientTest, C8_2xxInProceeding_IsDeliveredAndAccepted) {
  StartAndReceive(180);
  t.AdvanceTo(120);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("120 deliver 200"));
  EXPECT_EQ(t.TakeArrows(), "C8");
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(152));
  SANSIP_SHOWS("6026-8.4-25", "6026-7.2-9", "3261-17.1.1.2-40");
}

TEST_F(InviteClientTest, C9_FinalInProceeding_IsAcknowledgedAndDelivered) {
  StartAndReceive(180);
  t.Receive(Response(404));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send ACK", "0 deliver 404"));
  EXPECT_EQ(t.TakeArrows(), "C9");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  SANSIP_SHOWS("3261-17.1.1.2-39", "6026-8.4-26");
}

TEST_F(InviteClientTest, C10_TimerCancelled_TellsTheUserAndEnds) {
  StartAndReceive(180);
  t.AdvanceTo(10);
  t.Cancel(id);
  const std::string cancel = t.last_wire();
  t.Receive(ResponseText(cancel, 200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("10 send CANCEL"));
  t.TakeArrows();
  t.AdvanceTo(100);
  // RFC 3261 9.1: no final response 64*T1 after the CANCEL.
  EXPECT_THAT(t.TakeLog(), ElementsAre("42 failed timeout", "42 gone"));
  EXPECT_EQ(t.TakeArrows(), "N11 C10");
  EXPECT_EQ(t.layer().live(), 0u);
}

TEST_F(InviteClientTest, C11_FinalInCompleted_IsAcknowledgedAgain) {
  StartAndReceive(486);
  const std::string ack = t.last_wire();
  for (double at : {0.5, 1.5, 31.9}) {
    t.AdvanceTo(at);
    t.Receive(Response(at > 1 ? 603 : 486));
    EXPECT_EQ(t.last_wire(), ack);
  }
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send ACK", "1.5 send ACK", "31.9 send ACK"));
  EXPECT_EQ(t.TakeArrows(), "C11 C11 C11");
  EXPECT_EQ(t.layer().counters().retransmissions_in, 3u);
  SANSIP_SHOWS("3261-17.1.1.2-27", "3261-17.1.1.2-28", "3261-17.1.1.2-29", "3261-17.1.1.2-41", "6026-8.4-6",
               "6026-8.4-7", "6026-8.4-27", "3261-A-7");
}

TEST_F(InviteClientTest, C12_TransportErrorInCompleted_TellsTheUserAndEnds) {
  StartAndReceive(486);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone"));
  EXPECT_EQ(t.TakeArrows(), "C12");
  SANSIP_SHOWS("3261-17.1.1.2-42", "6026-8.4-28");
}

TEST_F(InviteClientTest, C13_TimerD_EndsSilently) {
  StartAndReceive(486);
  t.AdvanceTo(31.999);
  EXPECT_EQ(t.layer().live(), 1u);
  t.AdvanceTo(32);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.TakeArrows(), "C13");
  t.Receive(Response(486));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.1.2-43", "3261-17.1.1.2-45", "3261-17.1.1.2-26", "6026-8.4-8", "6026-8.4-29",
               "6026-8.4-5");
}

TEST_F(InviteClientTest, C14_2xxInAccepted_IsDelivered) {
  StartAndReceive(200);
  t.AdvanceTo(20);
  t.Receive(Response(200));
  t.AdvanceTo(31.9);
  t.Receive(Response(200, "another-fork"));
  EXPECT_THAT(t.TakeLog(), ElementsAre("20 deliver 200", "31.9 deliver 200"));
  EXPECT_EQ(t.TakeArrows(), "C14 C14");
  SANSIP_SHOWS("6026-8.4-13", "6026-8.4-14", "6026-8.4-30", "6026-7.2-2", "6026-7.2-10", "6026-7.2-3",
               "6026-8.4-12");
}

TEST_F(InviteClientTest, C15_TimerM_EndsSilently) {
  StartAndReceive(200);
  t.AdvanceTo(20);
  t.Receive(Response(200));
  t.TakeLog();
  t.AdvanceTo(32);
  // M is not restarted by a later 2xx.
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.layer().live(), 0u);
  t.AdvanceTo(32.1);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("6026-8.4-15", "6026-8.4-31", "6026-7.2-4", "6026-7.2-5", "6026-7.2-11", "6026-8.11-2",
               "6026-7.2-6", "6026-8.9-2");
}

TEST_F(InviteClientTest, Ignored_TransportErrorInProceeding) {
  StartAndReceive(180);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
}

TEST_F(InviteClientTest, Ignored_LateResponsesInCompleted) {
  StartAndReceive(486);
  t.Receive(Response(180));
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.TakeArrows(), "");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  SANSIP_SHOWS("3261-17.1.1.2-44");
}

TEST_F(InviteClientTest, Ignored_EverythingBut2xxInAccepted) {
  StartAndReceive(200);
  t.Receive(Response(180));
  t.Receive(Response(486));
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kAccepted);
  SANSIP_SHOWS("6026-8.4-32");
}

TEST_F(InviteClientTest, OnReliableTransportsNothingIsResentAndDIsZero) {
  Start(Transport::kTcp);
  t.AdvanceTo(31.9);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 failed timeout", "32 gone"));
  id = t.Send(Method::kInvite, Transport::kTcp);
  t.TakeLog();
  const std::string response = ResponseText(t.last_wire(), 486);
  t.Receive(response, Transport::kTcp);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("100 send ACK", "100 deliver 486", "100 gone"));
  t.Receive(response, Transport::kTcp);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.1.1-3", "3261-17.1.1.2-4", "3261-17.1.1.2-24", "3261-17.1.1.2-26", "3261-A-4",
               "3261-A-7");
}

TEST_F(InviteClientTest, OnReliableTransportsMIs64T1) {
  StartAndReceive(200, Transport::kTcp);
  t.AdvanceTo(31.9);
  t.Receive(Response(200), Transport::kTcp);
  t.AdvanceTo(40);
  EXPECT_THAT(t.TakeLog(), ElementsAre("31.9 deliver 200", "32 gone"));
  SANSIP_SHOWS("6026-8.4-10", "6026-8.11-2");
}

}  // namespace
}  // namespace sansip::testing
