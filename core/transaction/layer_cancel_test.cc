// CANCEL on both sides: RFC 3261 9.
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

class CancelTest : public ::testing::Test {
 protected:
  CancelTest() {
    id = t.Send(Method::kInvite);
    invite = t.last_wire();
    t.Forget();
  }
  LayerUnderTest t;
  TransactionId id;
  std::string invite;
};

TEST_F(CancelTest, IsHeldUntilAProvisional) {
  t.Cancel(id);
  t.AdvanceTo(1);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send INVITE"));
  t.Receive(ResponseText(invite, 180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("1 send CANCEL", "1 deliver 180"));
  SANSIP_SHOWS("3261-9.1-7", "3261-9.1-8", "3261-9.1-9");
}

TEST_F(CancelTest, GoesAtOnceAfterAProvisional) {
  t.Receive(ResponseText(invite, 100));
  t.Cancel(id);
  t.Cancel(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 100", "0 send CANCEL"));
}

TEST_F(CancelTest, RepeatsTheInviteWithoutTheTagOfThe180) {
  t.Receive(ResponseText(invite, 180, "theirs"));
  t.Cancel(id);
  const std::string cancel = t.last_wire();
  EXPECT_TRUE(cancel.starts_with("CANCEL sip:bob@biloxi.example SIP/2.0\r\n"));
  for (const char* name : {"Via", "From", "To", "Call-ID"})
    EXPECT_EQ(HeaderOf(cancel, name), HeaderOf(invite, name));
  EXPECT_EQ(HeaderOf(cancel, "CSeq"), "5 CANCEL");
  EXPECT_EQ(HeaderOf(cancel, "Max-Forwards"), "70");
  EXPECT_EQ(t.last_flow(), LayerUnderTest::kFlow);
  SANSIP_SHOWS("3261-9.1-2", "3261-9.1-3", "3261-9.1-4", "3261-9.1-11");
}

TEST_F(CancelTest, AfterAFinalThereIsNothingToCancel) {
  t.Receive(ResponseText(invite, 486));
  t.TakeLog();
  t.Cancel(id);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  t.AdvanceTo(31);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  SANSIP_SHOWS("3261-9.1-10");
}

TEST_F(CancelTest, WaitingForAProvisionalAFinalEndsIt) {
  t.Cancel(id);
  t.Receive(ResponseText(invite, 200));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200"));
  SANSIP_SHOWS("3261-9.1-10");
}

TEST_F(CancelTest, IsATransactionOfItsOwnThatTheUserDoesNotSee) {
  t.Receive(ResponseText(invite, 180));
  t.Cancel(id);
  const std::string cancel = t.last_wire();
  t.Forget();
  t.AdvanceTo(0.5);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send CANCEL"));
  t.Receive(ResponseText(cancel, 200));
  EXPECT_EQ(t.TakeArrows(), "N1 N5");
  t.Receive(ResponseText(invite, 487));
  t.AdvanceTo(6);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0.5 send ACK", "0.5 deliver 487"));
  EXPECT_EQ(t.TakeArrows(), "C9 N11");
  EXPECT_EQ(t.layer().live(), 1u);
}

TEST_F(CancelTest, WithoutAnyAnswerTheInviteEndsAfter64T1) {
  t.Receive(ResponseText(invite, 180));
  t.AdvanceTo(3);
  t.Cancel(id);
  t.TakeLog();
  EXPECT_EQ(t.layer().client_transactions_without_final(), 2u);
  t.AdvanceTo(100);
  const std::vector<std::string> log = t.TakeLog();
  ASSERT_GE(log.size(), 2u);
  EXPECT_EQ(log[log.size() - 2], "35 failed timeout");
  EXPECT_EQ(log.back(), "35 gone");
  EXPECT_EQ(t.layer().live(), 0u);
  SANSIP_SHOWS("3261-9.1-12", "3261-9.1-13");
}

TEST_F(CancelTest, CrossingA200TheUserStillGetsTheCall) {
  t.Receive(ResponseText(invite, 180));
  t.Cancel(id);
  const std::string cancel = t.last_wire();
  t.TakeLog();
  t.Receive(ResponseText(invite, 200));
  t.Receive(ResponseText(cancel, 481));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver 200"));
  t.AdvanceTo(100);
  EXPECT_THAT(t.TakeLog(), ElementsAre("32 gone"));
}

TEST_F(CancelTest, IsForInvitesOnly) {
  const TransactionId options = t.Send(Method::kOptions);
  t.Receive(ResponseText(t.last_wire(), 100));
  t.TakeLog();
  t.Cancel(options);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  const std::vector<HeaderLine> headers = DraftHeaders("5 CANCEL");
  SinkOf<Action, 8> sink;
  const Started started = t.layer().SendRequest(
      t.now(), {},
      {.method = Method::kCancel, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers}, {},
      sink);
  EXPECT_EQ(started.error, StartError::kBadDraft);
  SANSIP_SHOWS("3261-9.1-1");
}

TEST(ServerCancel, IsDeliveredInATransactionOfItsOwnAndFindsItsInvite) {
  LayerUnderTest t;
  RequestText request;
  const TransactionId invite = t.ReceiveNew(request.text());
  request.method = "CANCEL";
  const TransactionId cancel = t.ReceiveNew(request.text());
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 deliver INVITE", "0 deliver CANCEL"));
  EXPECT_EQ(t.layer().InviteOf(cancel), invite);
  EXPECT_EQ(t.Respond(cancel, 200), RespondError::kNone);
  EXPECT_EQ(t.Respond(invite, 487), RespondError::kNone);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send 200", "0 send 487"));
  EXPECT_TRUE(t.layer().InviteOf(invite).is_nil());
  SANSIP_SHOWS("3261-17.2.3-3");
}

TEST(ServerCancel, OfNothingMatchesNothing) {
  LayerUnderTest t;
  RequestText request;
  t.ReceiveNew(request.text());
  request.method = "CANCEL";
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bKother";
  const TransactionId cancel = t.ReceiveNew(request.text());
  EXPECT_FALSE(cancel.is_nil());
  EXPECT_TRUE(t.layer().InviteOf(cancel).is_nil());
  // 9.2, 17.2.3: the sent-by too is the INVITE's.
  request.via = "SIP/2.0/UDP pc34.atlanta.example:5066;branch=z9hG4bK776asdhds;rport";
  const TransactionId stranger = t.ReceiveNew(request.text());
  EXPECT_FALSE(stranger.is_nil());
  EXPECT_TRUE(t.layer().InviteOf(stranger).is_nil());
  EXPECT_TRUE(t.layer().RequestOf(stranger).is_nil());
}

// 9.2: answered 200 whatever the method, and the request goes on as if nothing had come. With and without the
// cookie, before the final response and after it.
TEST(ServerCancel, OfAnotherMethodFindsItsRequestAndLeavesIt) {
  for (const char* branch : {";branch=z9hG4bK776asdhds", ""}) {
    for (const char* method : {"OPTIONS", "UNHEARD-OF"}) {
      LayerUnderTest t;
      RequestText request;
      request.method = method;
      request.via = "SIP/2.0/UDP pc33.atlanta.example:5066" + std::string(branch);
      const TransactionId id = t.ReceiveNew(request.text());
      RequestText cancel = request;
      cancel.method = "CANCEL";
      const TransactionId early = t.ReceiveNew(cancel.text());
      EXPECT_EQ(t.layer().RequestOf(early), id);
      EXPECT_TRUE(t.layer().InviteOf(early).is_nil());
      EXPECT_EQ(t.Respond(early, 200, ""), RespondError::kNone);
      const std::string tag_of_200 = HeaderOf(t.last_wire(), "To");
      EXPECT_EQ(t.layer().StateOf(id), State::kTrying);
      EXPECT_EQ(t.Respond(id, 404, ""), RespondError::kNone);
      // 9.2: the tag is the same in both.
      EXPECT_EQ(HeaderOf(t.last_wire(), "To"), tag_of_200);
      t.AdvanceTo(31);
      EXPECT_EQ(t.layer().RequestOf(early), id);
      t.AdvanceTo(100);
      EXPECT_EQ(t.layer().live(), 0u);
    }
  }
  SANSIP_SHOWS("3261-9.2-3");
}

// A careless peer has one branch for all it sends: the INVITE is meant, whichever came first.
TEST(ServerCancel, OfSeveralRequestsOfOneBranchFindsTheInvite) {
  for (bool invite_is_first : {true, false}) {
    LayerUnderTest t;
    RequestText request;
    std::vector<std::string> methods = {"OPTIONS", "INVITE", "MESSAGE"};
    if (invite_is_first) std::swap(methods[0], methods[1]);
    TransactionId invite, first;
    for (const std::string& method : methods) {
      request.method = method;
      const TransactionId id = t.ReceiveNew(request.text());
      if (first.is_nil()) first = id;
      if (method == "INVITE") invite = id;
    }
    request.method = "CANCEL";
    const TransactionId cancel = t.ReceiveNew(request.text());
    EXPECT_EQ(t.layer().RequestOf(cancel), invite);
    t.Respond(invite, 487);
    request.method = "ACK";
    t.Receive(request.text());
    t.AdvanceTo(6);
    EXPECT_EQ(t.layer().StateOf(invite), State::kTerminated);
    EXPECT_EQ(t.layer().RequestOf(cancel).is_nil(), false);
    EXPECT_TRUE(t.layer().InviteOf(cancel).is_nil());
  }
}

}  // namespace
}  // namespace sansip::testing
