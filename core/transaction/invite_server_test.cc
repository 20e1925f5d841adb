#include "sansip/core/transaction/invite_server.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class InviteServerTest : public ::testing::Test, protected ServerUnderTest<Method::kInvite> {
 protected:
  // The ACK of a client transaction: the INVITE's branch (RFC 3261 17.1.1.3).
  std::string Ack() const {
    RequestText ack = request;
    ack.method = "ACK";
    ack.to += ";tag=314159";
    return ack;
  }
  void StartAndAcknowledge(Transport transport = Transport::kUdp) {
    StartAndRespond(486, transport);
    t.Receive(Ack(), transport);
    t.Forget();
  }
};

TEST_F(InviteServerTest, P0_Invite_IsDeliveredAndProceeding) {
  id = t.ReceiveNew(request.text());
  EXPECT_FALSE(id.is_nil());
  EXPECT_TRUE(t.layer().IsServer(id));
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver INVITE"));
  EXPECT_EQ(t.TakeArrows(), "P0");
  SANSIP_SHOWS("3261-17.2.1-1", "3261-17.2.1-4", "3261-17.2.1-21", "6026-8.6-1", "3261-17.2-1");
}

TEST_F(InviteServerTest, P1_InviteInProceeding_SendsTheLatestProvisionalAgain) {
  StartAndRespond(180);
  EXPECT_EQ(t.Respond(id, 183), RespondError::kNone);
  t.Forget();
  t.AdvanceTo(0.5);
  t.Receive(request.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 183"));
  EXPECT_EQ(t.TakeArrows(), "P1");
  SANSIP_SHOWS("3261-17.2.1-7", "3261-17.2.1-22", "6026-8.6-2");
}

TEST_F(InviteServerTest, P2_Timer100_Sends100) {
  Start();
  t.AdvanceTo(0.199);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.2 send 100"));
  EXPECT_EQ(t.TakeArrows(), "P2");
  EXPECT_EQ(HeaderOf(t.last_wire(), "To"), "Bob <sip:bob@biloxi.example>");
  t.Receive(request.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("10 send 100"));
  SANSIP_SHOWS("3261-17.2.1-2", "3261-17.2.1-3", "3261-8.2.6.2-7");
}

TEST_F(InviteServerTest, P2_InviteBeforeAnyResponse_Sends100) {
  Start();
  t.AdvanceTo(0.1);
  t.Receive(request.text());
  t.AdvanceTo(1);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.1 send 100"));
  SANSIP_SHOWS("3261-17.2.1-7");
}

TEST_F(InviteServerTest, P3_ProvisionalFromUser_IsSentAndThereIsNo100) {
  Start();
  t.AdvanceTo(0.1);
  EXPECT_EQ(t.Respond(id, 180), RespondError::kNone);
  EXPECT_EQ(t.Respond(id, 183), RespondError::kNone);
  EXPECT_EQ(t.Respond(id, 180), RespondError::kNone);
  EXPECT_EQ(t.TakeArrows(), "P3 P3 P3");
  t.AdvanceTo(60);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.1 send 180", "0.1 send 183", "0.1 send 180"));
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  SANSIP_SHOWS("3261-17.2.1-5", "3261-17.2.1-6", "3261-17.2.1-23", "6026-8.6-3");
}

TEST_F(InviteServerTest, P4_TransportErrorInProceeding_TellsTheUserAndStays) {
  StartAndRespond(180);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error"));
  EXPECT_EQ(t.TakeArrows(), "P4");
  t.Receive(request.text());
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 180", "0 send 200"));
  SANSIP_SHOWS("6026-8.6-4", "6026-7.1-16", "6026-7.1-8", "6026-6-2", "6026-8.8-1", "3261-17.2.4-2");
}

TEST_F(InviteServerTest, P5_2xxFromUser_IsSentAndAccepted) {
  Start();
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  EXPECT_EQ(t.layer().StateOf(id), State::kAccepted);
  EXPECT_EQ(t.TakeArrows(), "P5");
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(32));
  t.AdvanceTo(31.9);
  // The 2xx is the user's to send again.
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 200"));
  SANSIP_SHOWS("3261-17.2.1-8", "3261-17.2.1-9", "6026-8.5-1", "6026-8.5-2", "6026-8.6-6", "6026-7.1-1",
               "6026-7.1-3", "6026-7.1-10", "6026-6-1");
}

TEST_F(InviteServerTest, P6_FinalFromUser_IsSentAndCompleted) {
  StartAndRespond(180);
  EXPECT_EQ(t.Respond(id, 486), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 486"));
  EXPECT_EQ(t.TakeArrows(), "P6");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  SANSIP_SHOWS("3261-17.2.1-11", "3261-17.2.1-12", "3261-17.2.1-25", "6026-8.6-5");
}

TEST_F(InviteServerTest, P7_InviteInCompleted_SendsTheFinalAgain) {
  StartAndRespond(486);
  t.AdvanceTo(0.7);
  t.Receive(request.text());
  t.AdvanceTo(2);
  // The schedule of timer G is undisturbed.
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 486", "0.7 send 486", "1.5 send 486"));
  EXPECT_EQ(t.TakeArrows(), "P8 P7 P8");
  SANSIP_SHOWS("3261-17.2.1-16", "3261-17.2.1-27", "6026-8.6-7");
}

TEST_F(InviteServerTest, P8_TimerG_ResendsAndDoublesUpToT2) {
  StartAndRespond(486);
  const std::string final_response = t.last_wire();
  t.AdvanceTo(31.9);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 486", "1.5 send 486", "3.5 send 486", "7.5 send 486",
                                       "11.5 send 486", "15.5 send 486", "19.5 send 486", "23.5 send 486",
                                       "27.5 send 486", "31.5 send 486"));
  EXPECT_EQ(t.TakeArrows(), "P8 P8 P8 P8 P8 P8 P8 P8 P8 P8");
  EXPECT_EQ(t.last_wire(), final_response);
  SANSIP_SHOWS("3261-17.2.1-13", "3261-17.2.1-15", "3261-17.2.1-28", "6026-8.6-8", "3261-A-2", "3261-A-10");
}

TEST_F(InviteServerTest, P9_TimerH_TellsTheUserAndEnds) {
  StartAndRespond(486);
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 failed no ACK", "32 gone"));
  EXPECT_EQ(t.TakeArrows(), "P9");
  EXPECT_EQ(t.layer().live(), 0u);
  SANSIP_SHOWS("3261-17.2.1-14", "3261-17.2.1-19", "3261-17.2.1-20", "3261-17.2.1-30", "6026-8.6-11",
               "3261-A-11");
}

TEST_F(InviteServerTest, P10_TransportErrorInCompleted_TellsTheUserAndStays) {
  StartAndRespond(486);
  t.TransportError(id);
  EXPECT_EQ(t.TakeArrows(), "P10");
  t.AdvanceTo(0.6);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0.5 send 486"));
  t.AdvanceTo(32);
  EXPECT_EQ(t.layer().live(), 0u);
  SANSIP_SHOWS("6026-8.6-9", "6026-7.1-17", "6026-7.1-9", "6026-7.1-8", "6026-8.8-2");
}

TEST_F(InviteServerTest, P11_AckInCompleted_StopsResending) {
  StartAndRespond(486);
  t.AdvanceTo(0.6);
  t.Forget();
  t.Receive(Ack());
  EXPECT_EQ(t.layer().StateOf(id), State::kConfirmed);
  EXPECT_EQ(t.TakeArrows(), "P11");
  t.AdvanceTo(5.5);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.2.1-17", "3261-17.2.1-18", "3261-17.2.1-29", "6026-8.6-10", "3261-17.1.1.1-1");
}

// RFC 3261 17.2.3: with the cookie, branch, sent-by and method decide; the To tag does not.
TEST_F(InviteServerTest, AnAckWithAnotherToTagStopsResendingToo) {
  StartAndRespond(486);
  RequestText ack = request;
  ack.method = "ACK";
  ack.to += ";tag=not-the-486s";
  t.Receive(ack.text());
  EXPECT_EQ(t.layer().StateOf(id), State::kConfirmed);
  ack.via.replace(ack.via.find("z9hG4bK") + 7, 3, "xxx");
  t.TakeLog();
  t.Receive(ack.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil"));
}

TEST_F(InviteServerTest, P12_TimerI_EndsSilently) {
  StartAndAcknowledge();
  t.AdvanceTo(4.9);
  t.Receive(request.text());
  EXPECT_EQ(t.layer().live(), 1u);
  t.AdvanceTo(5);
  EXPECT_THAT(t.TakeLog(), ElementsAre("5 gone"));
  EXPECT_EQ(t.TakeArrows(), "P12");
  t.AdvanceTo(5.1);
  EXPECT_FALSE(t.ReceiveNew(request.text()).is_nil());
  SANSIP_SHOWS("3261-17.2.1-32", "3261-17.2.1-34", "3261-17.2.1-35", "3261-17.2.1-36", "6026-8.6-12",
               "6026-8.7-6", "3261-A-3", "3261-A-12");
}

TEST_F(InviteServerTest, P13_InviteInAccepted_IsAbsorbed) {
  StartAndRespond(200);
  for (double at : {0.5, 1.5, 31.9}) {
    t.AdvanceTo(at);
    t.Receive(request.text());
  }
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.TakeArrows(), "P13 P13 P13");
  SANSIP_SHOWS("6026-8.6-13", "6026-7.1-2", "6026-7.1-11", "6026-8.7-1", "6026-8.1-1");
}

TEST_F(InviteServerTest, P14_AckInAccepted_IsDelivered) {
  StartAndRespond(200);
  t.Receive(Ack());
  t.Receive(Ack());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver ACK nil", "0 deliver ACK nil"));
  EXPECT_EQ(t.TakeArrows(), "P14 P14");
  EXPECT_EQ(t.layer().StateOf(id), State::kAccepted);
  SANSIP_SHOWS("6026-8.6-14", "6026-7.1-5", "6026-7.1-12", "6026-8.7-4");
}

TEST_F(InviteServerTest, P15_2xxInAccepted_IsSent) {
  StartAndRespond(200);
  const std::string first = t.last_wire();
  t.AdvanceTo(0.5);
  t.ResendFinal(id);
  EXPECT_EQ(t.last_wire(), first);
  EXPECT_EQ(t.Respond(id, 200, "another-fork"), RespondError::kNone);
  EXPECT_NE(t.last_wire(), first);
  EXPECT_EQ(HeaderOf(t.last_wire(), "Via"), HeaderOf(first, "Via"));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 200", "0.5 send 200"));
  EXPECT_EQ(t.TakeArrows(), "P15 P15");
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(32));
  SANSIP_SHOWS("6026-8.6-15", "6026-7.1-4", "6026-7.1-13", "6026-8.7-2");
}

TEST_F(InviteServerTest, P16_TransportErrorInAccepted_TellsTheUserAndStays) {
  StartAndRespond(200);
  t.TransportError(id);
  EXPECT_EQ(t.TakeArrows(), "P16");
  t.ResendFinal(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 send 200"));
  SANSIP_SHOWS("6026-8.6-16", "6026-7.1-14", "6026-7.1-8", "6026-8.8-2");
}

TEST_F(InviteServerTest, P17_TimerL_EndsSilently) {
  for (Transport transport : {Transport::kUdp, Transport::kTcp}) {
    const double start = t.NowInSeconds();
    StartAndRespond(200, transport);
    t.AdvanceTo(start + 31.9);
    t.Receive(request.text(), transport);
    EXPECT_THAT(t.TakeLog(), IsEmpty());
    EXPECT_EQ(t.TakeArrows(), "P13");
    t.AdvanceTo(start + 32);
    EXPECT_EQ(t.TakeArrows(), "P17");
    EXPECT_EQ(t.layer().live(), 0u);
    EXPECT_EQ(t.TakeLog().size(), 1u);
    t.AdvanceTo(start + 32.1);
    EXPECT_FALSE(t.ReceiveNew(request.text(), transport).is_nil());
    t.Respond(t.last_delivered(), 500);
    t.Receive(Ack(), transport);
    t.AdvanceTo(start + 100);
    t.TakeLog();
  }
  SANSIP_SHOWS("6026-8.6-17", "6026-7.1-1", "6026-7.1-6", "6026-7.1-7", "6026-7.1-15", "6026-8.7-3",
               "6026-8.7-5", "6026-8.11-1");
}

TEST_F(InviteServerTest, Ignored_AckInProceeding) {
  StartAndRespond(180);
  t.Receive(Ack());
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  EXPECT_EQ(t.layer().counters().stray_acks, 1u);
}

TEST_F(InviteServerTest, Ignored_ResponsesAfterTheFinalOne) {
  StartAndRespond(486);
  for (int status_code : {100, 180, 200, 486, 603}) {
    EXPECT_EQ(t.Respond(id, status_code), RespondError::kWrongState);
  }
  t.Receive(Ack());
  for (int status_code : {180, 200, 603}) EXPECT_EQ(t.Respond(id, status_code), RespondError::kWrongState);
  t.ResendFinal(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.2.1-12");
}

TEST_F(InviteServerTest, Ignored_EverythingBut2xxFromTheUserInAccepted) {
  StartAndRespond(200);
  EXPECT_EQ(t.Respond(id, 180), RespondError::kWrongState);
  EXPECT_EQ(t.Respond(id, 486), RespondError::kWrongState);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
}

TEST_F(InviteServerTest, Ignored_EverythingInConfirmed) {
  StartAndAcknowledge();
  t.Receive(Ack());
  t.Receive(request.text());
  t.TransportError(id);
  t.AdvanceTo(4.9);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kConfirmed);
  SANSIP_SHOWS("3261-17.2.1-33", "3261-17.2.3-8");
}

TEST_F(InviteServerTest, OnReliableTransportsNothingIsResentAndIIsZero) {
  StartAndRespond(486, Transport::kTcp);
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.Receive(Ack(), Transport::kTcp);
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), ElementsAre("20 gone"));
  StartAndRespond(486, Transport::kTcp);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("52 failed no ACK", "52 gone"));
  SANSIP_SHOWS("3261-17.2.1-13", "3261-17.2.1-14", "3261-17.2.1-32", "3261-A-12");
}

}  // namespace
}  // namespace sansip::testing
