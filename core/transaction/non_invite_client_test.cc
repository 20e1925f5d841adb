#include "sansip/core/transaction/non_invite_client.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NonInviteClientTest : public ::testing::Test, protected ClientUnderTest<Method::kOptions> {};

TEST_F(NonInviteClientTest, N0_RequestFromUser_IsSentAndTrying) {
  id = t.Send(Method::kOptions);
  EXPECT_EQ(t.layer().StateOf(id), State::kTrying);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send OPTIONS"));
  EXPECT_EQ(t.TakeArrows(), "N0");
  EXPECT_EQ(t.layer().next_deadline(), Instant() + Seconds(0.5));
  EXPECT_EQ(t.layer().client_transactions_without_final(), 1u);
  SANSIP_SHOWS("3261-17.1.2.2-1", "3261-17.1.2.2-3", "3261-17.1.2.2-23", "3261-17.1-1");
}

TEST_F(NonInviteClientTest, N1_TimerE_ResendsAndDoublesUpToT2) {
  Start();
  t.AdvanceTo(31.9);
  EXPECT_THAT(t.TakeLog(),
              ElementsAre("0.5 send OPTIONS", "1.5 send OPTIONS", "3.5 send OPTIONS", "7.5 send OPTIONS",
                          "11.5 send OPTIONS", "15.5 send OPTIONS", "19.5 send OPTIONS", "23.5 send OPTIONS",
                          "27.5 send OPTIONS", "31.5 send OPTIONS"));
  ASSERT_EQ(t.wires().size(), 11u);
  for (const std::string& wire : t.wires()) EXPECT_EQ(wire, t.wires().front());
  EXPECT_EQ(t.TakeArrows(), "N1 N1 N1 N1 N1 N1 N1 N1 N1 N1");
  SANSIP_SHOWS("3261-17.1.2.1-1", "3261-17.1.2.2-4", "3261-17.1.2.2-5", "3261-17.1.2.2-6", "3261-17.1.2.2-24",
               "3261-A-8");
}

TEST_F(NonInviteClientTest, N2_TimerFInTrying_TellsTheUserAndEnds) {
  Start();
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 failed timeout", "32 gone"));
  EXPECT_EQ(t.TakeArrows(), "N2");
  EXPECT_EQ(t.last_cookie(), LayerUnderTest::kCookie);
  EXPECT_EQ(t.layer().client_transactions_without_final(), 0u);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.2.2-2", "3261-17.1.2.2-7", "3261-17.1.2.2-8", "3261-17.1.2.2-25", "3261-A-9");
}

TEST_F(NonInviteClientTest, N3_TransportErrorInTrying_TellsTheUserAndEnds) {
  Start();
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone"));
  EXPECT_EQ(t.TakeArrows(), "N3");
  SANSIP_SHOWS("3261-17.1.2.2-26", "3261-17.1.4-1", "3261-17.1.4-2");
}

TEST_F(NonInviteClientTest, N4_ProvisionalInTrying_IsDeliveredAndLeavesTimerE) {
  Start();
  t.AdvanceTo(0.1);
  t.Receive(Response(100));
  EXPECT_EQ(t.layer().StateOf(id), State::kProceeding);
  EXPECT_EQ(t.TakeArrows(), "N4");
  t.AdvanceTo(9);
  // E is not restarted by the 100; when it fires it is set to T2.
  EXPECT_THAT(t.TakeLog(),
              ElementsAre("0.1 deliver 100", "0.5 send OPTIONS", "4.5 send OPTIONS", "8.5 send OPTIONS"));
  SANSIP_SHOWS("3261-17.1.2.2-9", "3261-17.1.2.2-10", "3261-17.1.2.2-27");
}

TEST_F(NonInviteClientTest, N5_FinalInTrying_IsDeliveredAndStopsResending) {
  Start();
  t.AdvanceTo(0.3);
  t.Receive(Response(404));
  EXPECT_EQ(t.TakeArrows(), "N5");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  EXPECT_EQ(t.layer().client_transactions_without_final(), 0u);
  t.AdvanceTo(5);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.3 deliver 404"));
  SANSIP_SHOWS("3261-17.1.2.2-11", "3261-17.1.2.2-12", "3261-17.1.2.2-28");
}

TEST_F(NonInviteClientTest, N6_TimerEInProceeding_ResendsEveryT2) {
  Start();
  t.AdvanceTo(4);
  t.Receive(Response(100));
  t.Forget();
  t.AdvanceTo(16);
  EXPECT_THAT(t.TakeLog(), ElementsAre("7.5 send OPTIONS", "11.5 send OPTIONS", "15.5 send OPTIONS"));
  EXPECT_EQ(t.TakeArrows(), "N6 N6 N6");
  SANSIP_SHOWS("3261-17.1.2.1-2", "3261-17.1.2.2-13", "3261-17.1.2.2-14", "3261-17.1.2.2-29");
}

TEST_F(NonInviteClientTest, N7_ProvisionalInProceeding_IsDelivered) {
  StartAndReceive(100);
  t.Receive(Response(100));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 100"));
  EXPECT_EQ(t.TakeArrows(), "N7");
  SANSIP_SHOWS("3261-17.1.2.2-30");
}

TEST_F(NonInviteClientTest, N8_TimerFInProceeding_TellsTheUserAndEnds) {
  Start();
  t.AdvanceTo(1);
  t.Receive(Response(100));
  t.AdvanceTo(31.9);
  t.Forget();
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 failed timeout", "32 gone"));
  EXPECT_EQ(t.TakeArrows(), "N8");
  SANSIP_SHOWS("3261-17.1.2.2-15", "3261-17.1.2.2-16", "3261-17.1.2.2-31");
}

TEST_F(NonInviteClientTest, N9_TransportErrorInProceeding_TellsTheUserAndEnds) {
  StartAndReceive(100);
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone"));
  EXPECT_EQ(t.TakeArrows(), "N9");
  SANSIP_SHOWS("3261-17.1.2.2-32");
}

TEST_F(NonInviteClientTest, N10_FinalInProceeding_IsDeliveredAndStopsResending) {
  StartAndReceive(100);
  t.Receive(Response(500));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 500"));
  EXPECT_EQ(t.TakeArrows(), "N10");
  t.AdvanceTo(4.9);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-17.1.2.2-17", "3261-17.1.2.2-18", "3261-17.1.2.2-33");
}

TEST_F(NonInviteClientTest, N11_TimerK_EndsSilently) {
  StartAndReceive(200);
  t.AdvanceTo(4.999);
  EXPECT_EQ(t.layer().live(), 1u);
  t.AdvanceTo(5);
  EXPECT_THAT(t.TakeLog(), ElementsAre("5 gone"));
  EXPECT_EQ(t.TakeArrows(), "N11");
  EXPECT_EQ(t.layer().live(), 0u);
  t.AdvanceTo(5.1);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().stray_responses, 1u);
  SANSIP_SHOWS("3261-17.1.2.2-19", "3261-17.1.2.2-20", "3261-17.1.2.2-21", "3261-17.1.2.2-22",
               "3261-17.1.2.2-34", "3261-18.1.2-3", "3261-A-3", "3261-A-14");
}

TEST_F(NonInviteClientTest, Ignored_EverythingInCompleted) {
  StartAndReceive(200);
  t.Receive(Response(200, "another-fork"));
  t.Receive(Response(404));
  t.Receive(Response(100));
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.TakeArrows(), "");
  EXPECT_EQ(t.layer().StateOf(id), State::kCompleted);
  EXPECT_EQ(t.layer().counters().retransmissions_in, 3u);
  SANSIP_SHOWS("3261-17.1.2.2-35", "3261-17.1.2.1-4", "3261-17.1.3-3");
}

TEST_F(NonInviteClientTest, OnReliableTransportsNothingIsResentAndKIsZero) {
  Start(Transport::kTcp);
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.Receive(Response(200), Transport::kTcp);
  t.AdvanceTo(20);
  EXPECT_THAT(t.TakeLog(), ElementsAre("20 deliver 200", "20 gone"));
  t.Send(Method::kOptions, Transport::kTls);
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("20 send OPTIONS", "52 failed timeout", "52 gone"));
  SANSIP_SHOWS("3261-17.1.2.2-2", "3261-17.1.2.2-19", "3261-17.1.2.2-4", "3261-A-14");
}

TEST_F(NonInviteClientTest, OnReliableTransportsA100MayComeAtAnyTime) {
  Start(Transport::kTcp);
  t.Receive(Response(100), Transport::kTcp);
  t.AdvanceTo(10);
  t.Receive(Response(200), Transport::kTcp);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 100", "10 deliver 200"));
  SANSIP_SHOWS("4320-4.1-3");
}

TEST_F(NonInviteClientTest, AnExtensionMethodIsMatchedByItsName) {
  id = t.Send(Method::kExtension, Transport::kUdp, "NEWMETHOD");
  std::string other = Response(200);
  other.replace(other.find("NEWMETHOD"), 9, "newmethod");
  t.Receive(other);
  EXPECT_EQ(t.layer().StateOf(id), State::kTrying);
  t.Receive(Response(200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send NEWMETHOD", "0 deliver 200"));
}

}  // namespace
}  // namespace sansip::testing
