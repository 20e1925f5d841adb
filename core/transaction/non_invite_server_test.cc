#include "sansip/core/transaction/non_invite_server.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NonInviteServerTest : public ::testing::Test, protected ServerUnderTest<Method::kOptions> {
 protected:
  // On a reliable transport a 100 may go out at once.
  void StartAndSend100() { StartAndRespond(100, Transport::kTcp); }
};

TEST_F(NonInviteServerTest, Q0_Request_IsDeliveredAndTrying) {
  id = t.ReceiveNew(request.text());
  EXPECT_EQ(t.layer().StateOf(id), State::kTrying);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver OPTIONS"));
  EXPECT_EQ(t.TakeArrows(), "Q0");
  SANSIP_SHOWS("3261-17.2.2-1", "3261-17.2.2-14", "3261-17.2-1");
}

TEST_F(NonInviteServerTest, Q1_ProvisionalInTrying_IsSentAndProceeding) {
  Start(Transport::kTcp);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNone);
  EXPECT_EQ(t.TakeArrows(), "Q1");
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 100"));
  SANSIP_SHOWS("3261-17.2.2-3", "3261-17.2.2-4", "3261-17.2.2-15");
}

TEST_F(NonInviteServerTest, Q2_FinalInTrying_IsSentAndCompleted) {
  Start();
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  EXPECT_EQ(t.TakeArrows(), "Q2");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  t.AdvanceTo(10);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 200"));
  SANSIP_SHOWS("3261-17.2.2-8", "3261-17.2.2-16", "3261-17.2.2-7", "3261-17.1.2.1-3");
}

TEST_F(NonInviteServerTest, Q3_Timer100_Sends100WhenTheClientsTimerEReachesT2) {
  for (Transport transport : {Transport::kUdp, Transport::kTcp}) {
    const double start = t.NowInSeconds();
    Start(transport);
    t.AdvanceTo(start + 3.499);
    EXPECT_THAT(t.TakeLog(), IsEmpty());
    t.AdvanceTo(start + 3.5);
    EXPECT_EQ(t.TakeArrows(), "Q3");
    EXPECT_EQ(t.TakeLog().size(), 1u);
    EXPECT_TRUE(t.last_wire().starts_with("SIP/2.0 100 "));
    t.Receive(request.text(), transport);
    EXPECT_EQ(t.TakeArrows(), "Q4");
    t.Respond(id, 200);
    t.AdvanceTo(start + 100);
    t.Forget();
  }
  SANSIP_SHOWS("4320-4.1-2", "4320-4.1-4", "4320-2.1-1");
}

TEST_F(NonInviteServerTest, Q4_RequestInProceeding_SendsTheProvisionalAgain) {
  StartAndSend100();
  t.Receive(request.text(), Transport::kTcp);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 100"));
  EXPECT_EQ(t.TakeArrows(), "Q4");
  SANSIP_SHOWS("3261-17.2.2-6", "3261-17.2.2-17");
}

TEST_F(NonInviteServerTest, Q5_ProvisionalInProceeding_IsSent) {
  StartAndSend100();
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 100"));
  EXPECT_EQ(t.TakeArrows(), "Q5");
  SANSIP_SHOWS("3261-17.2.2-5", "3261-17.2.2-18");
}

TEST_F(NonInviteServerTest, Q6_TransportErrorInProceeding_TellsTheUserAndStays) {
  StartAndSend100();
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error"));
  EXPECT_EQ(t.TakeArrows(), "Q6");
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  SANSIP_SHOWS("6026-8.8-2", "6026-8.8-1");
}

TEST_F(NonInviteServerTest, Q7_FinalInProceeding_IsSentAndCompleted) {
  StartAndSend100();
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 200"));
  EXPECT_EQ(t.TakeArrows(), "Q7");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  SANSIP_SHOWS("3261-17.2.2-7", "3261-17.2.2-8", "3261-17.2.2-20");
}

TEST_F(NonInviteServerTest, Q8_RequestInCompleted_SendsTheFinalAgain) {
  StartAndRespond(200);
  const std::string final_response = t.last_wire();
  for (double at : {0.5, 31.9}) {
    t.AdvanceTo(at);
    t.Receive(request.text());
    EXPECT_EQ(t.last_wire(), final_response);
  }
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send 200", "31.9 send 200"));
  EXPECT_EQ(t.TakeArrows(), "Q8 Q8");
  SANSIP_SHOWS("3261-17.2.2-10", "3261-17.2.2-21", "3261-A-13");
}

TEST_F(NonInviteServerTest, Q9_TransportErrorInCompleted_TellsTheUserAndStays) {
  StartAndRespond(200);
  t.TransportError(id);
  EXPECT_EQ(t.TakeArrows(), "Q9");
  t.AdvanceTo(31);
  t.Receive(request.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "31 send 200"));
  SANSIP_SHOWS("6026-8.8-2", "6026-8.8-1");
}

TEST_F(NonInviteServerTest, Q10_TimerJ_EndsSilently) {
  StartAndRespond(200);
  t.AdvanceTo(31.999);
  EXPECT_EQ(t.layer().live(), 1u);
  t.AdvanceTo(32);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
  EXPECT_EQ(t.TakeArrows(), "Q10");
  EXPECT_EQ(t.layer().live(), 0u);
  t.AdvanceTo(32.1);
  EXPECT_FALSE(t.ReceiveNew(request.text()).is_nil());
  SANSIP_SHOWS("3261-17.2.2-9", "3261-17.2.2-12", "3261-17.2.2-13", "3261-17.2.2-23");
}

TEST_F(NonInviteServerTest, Ignored_RequestInTrying) {
  Start();
  t.AdvanceTo(0.5);
  t.Receive(request.text());
  t.AdvanceTo(1.5);
  t.Receive(request.text());
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().retransmissions_in, 2u);
  SANSIP_SHOWS("3261-17.2.2-2");
}

TEST_F(NonInviteServerTest, Ignored_TransportErrorInTrying) {
  Start();
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().StateOf(id), State::kTrying);
}

TEST_F(NonInviteServerTest, Ignored_ResponsesAfterTheFinalOne) {
  StartAndRespond(200, Transport::kUdp);
  t.AdvanceTo(4);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kWrongState);
  EXPECT_EQ(t.Respond(id, 500), RespondError::kWrongState);
  t.Receive(request.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("4 send 200"));
  SANSIP_SHOWS("3261-17.2.2-11", "3261-17.2.2-7");
}

TEST_F(NonInviteServerTest, OnReliableTransportsJIsZero) {
  StartAndRespond(200, Transport::kTcp);
  t.AdvanceTo(0);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 gone"));
  SANSIP_SHOWS("3261-17.2.2-9", "3261-A-13");
}

TEST_F(NonInviteServerTest, OnlyA100AndOnlyWhenItIsTime) {
  Start();
  for (int status_code : {101, 180, 183, 199})
    EXPECT_EQ(t.Respond(id, status_code), RespondError::kNotAllowed);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNotAllowed);
  t.AdvanceTo(3.499);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNotAllowed);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(3.6);
  EXPECT_EQ(t.Respond(id, 100), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("3.5 send 100", "3.6 send 100"));
  SANSIP_SHOWS("4320-4.1-1", "4320-4.1-2");
}

TEST_F(NonInviteServerTest, No408) {
  Start();
  EXPECT_EQ(t.Respond(id, 408), RespondError::kNotAllowed);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.Respond(id, 480), RespondError::kNone);
  SANSIP_SHOWS("4320-4.2-1");
}

}  // namespace
}  // namespace sansip::testing
