// Snapshots: what is stored of each state, and that a restored layer has it.
#include "sansip/core/transaction/snapshot.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/snapshot_testing.h"
#include "sansip/core/transaction/testing.h"

namespace sansip {
namespace {

using testing::HeaderOf;
using testing::LayerUnderTest;
using testing::RequestText;
using testing::ResponseText;
using testing::RestoreFrom;
using testing::Seconds;
using testing::SnapshotOf;

using Log = std::vector<std::string>;

// A layer, and the same restored into another with other secrets.
class SnapshotTest : public ::testing::Test {
 protected:
  // `elapsed`: seconds by the clock of both; the second layer's own clock says so much more.
  LayerUnderTest& Restored(double elapsed = 0, TransactionOptions options = {}) {
    restored_ = std::make_unique<LayerUnderTest>(options, /*seed=*/99);
    restored_->AdvanceTo(t.NowInSeconds() + elapsed);
    error_ =
        RestoreFrom(SnapshotOf(t.layer(), t.now()), restored_->now(), Seconds(elapsed), restored_->layer());
    EXPECT_TRUE(error_.ok()) << RestoreCodeName(error_.code) << " at " << error_.offset;
    EXPECT_TRUE(restored_->layer().IsConsistent());
    EXPECT_EQ(restored_->layer().live(), t.layer().live());
    return *restored_;
  }

  // Runs both to `seconds`: the logs and what was sent are the same; the log.
  Log Alike(double seconds, double elapsed = 0) {
    LayerUnderTest& other = Restored(elapsed);
    t.Forget();
    const std::size_t before = t.wires().size();
    t.AdvanceTo(seconds);
    other.AdvanceTo(seconds);
    const Log log = t.TakeLog();
    EXPECT_EQ(other.TakeLog(), log);
    EXPECT_EQ(other.wires(), std::vector<std::string>(t.wires().begin() + static_cast<std::ptrdiff_t>(before),
                                                      t.wires().end()));
    EXPECT_EQ(other.layer().next_deadline(), t.layer().next_deadline());
    return log;
  }

  std::string Response(int status_code) const { return ResponseText(t.wires().front(), status_code); }

  LayerUnderTest t;
  std::unique_ptr<LayerUnderTest> restored_;
  RestoreError error_;
};

TEST_F(SnapshotTest, OfNothingIsALayerAsNew) {
  EXPECT_EQ(t.layer().SnapshotSize(), 48u);
  LayerUnderTest& other = Restored();
  EXPECT_EQ(other.layer().live(), 0u);
  EXPECT_EQ(other.Send(Method::kOptions), t.Send(Method::kOptions));
}

TEST_F(SnapshotTest, InviteClientCalling) {
  t.Send(Method::kInvite);
  t.AdvanceTo(2);
  EXPECT_EQ(Alike(100), (Log{"3.5 send INVITE", "7.5 send INVITE", "15.5 send INVITE", "31.5 send INVITE",
                             "32 failed timeout", "32 gone"}));
}

TEST_F(SnapshotTest, InviteClientProceedingWithACancelSentAndItsTransaction) {
  const TransactionId id = t.Send(Method::kInvite);
  t.Receive(Response(180));
  t.AdvanceTo(1);
  t.Cancel(id);
  t.AdvanceTo(1.25);
  const Log log = Alike(100);
  EXPECT_EQ(log.front(), "1.5 send CANCEL");
  EXPECT_EQ(log.back(), "33 gone");
  // Its place was not given to another.
  EXPECT_EQ(restored_->layer().live(), 0u);
}

TEST_F(SnapshotTest, InviteClientCallingWithACancelHeld) {
  const TransactionId id = t.Send(Method::kInvite);
  t.Cancel(id);
  LayerUnderTest& other = Restored();
  other.Receive(Response(180));
  EXPECT_EQ(other.TakeLog(), (Log{"0 send CANCEL", "0 deliver 180"}));
  t.Receive(Response(180));
  EXPECT_EQ(other.last_wire(), t.last_wire());
}

TEST_F(SnapshotTest, InviteClientCompletedRepeatsItsAck) {
  t.Send(Method::kInvite);
  t.Receive(Response(486));
  LayerUnderTest& other = Restored();
  other.Receive(Response(486));
  EXPECT_EQ(other.TakeLog(), (Log{"0 send ACK"}));
  EXPECT_EQ(other.last_wire(), t.last_wire());
  EXPECT_EQ(Alike(100), (Log{"32 gone"}));
}

TEST_F(SnapshotTest, InviteClientAcceptedDelivers2xx) {
  t.Send(Method::kInvite);
  t.Receive(Response(200));
  LayerUnderTest& other = Restored();
  other.Receive(Response(200));
  EXPECT_EQ(other.TakeLog(), (Log{"0 deliver 200"}));
  EXPECT_EQ(other.last_cookie(), LayerUnderTest::kCookie);
  EXPECT_EQ(Alike(100), (Log{"32 gone"}));
}

TEST_F(SnapshotTest, NonInviteClientInEachState) {
  t.Send(Method::kOptions);
  t.AdvanceTo(1);
  Log log = Alike(1.6);
  EXPECT_EQ(log, (Log{"1.5 send OPTIONS"}));
  t.Receive(Response(100));
  log = Alike(8);
  EXPECT_EQ(log, (Log{"3.5 send OPTIONS", "7.5 send OPTIONS"}));
  t.Receive(Response(200));
  EXPECT_EQ(Alike(100), (Log{"13 gone"}));
}

TEST_F(SnapshotTest, InviteServerProceedingBeforeAndAfterThe100) {
  const TransactionId id = t.ReceiveNew(RequestText().text());
  EXPECT_EQ(Alike(0.1), Log());
  LayerUnderTest& other = Restored();
  other.AdvanceTo(0.2);
  EXPECT_EQ(other.TakeLog(), (Log{"0.2 send 100"}));
  EXPECT_EQ(other.Respond(id, 180), RespondError::kNone);
  other.Receive(RequestText().text());
  EXPECT_EQ(other.TakeLog(), (Log{"0.2 send 180", "0.2 send 180"}));
}

TEST_F(SnapshotTest, InviteServerCompletedAndConfirmed) {
  const TransactionId id = t.ReceiveNew(RequestText().text());
  EXPECT_EQ(t.Respond(id, 486), RespondError::kNone);
  Log log = Alike(4);
  EXPECT_EQ(log, (Log{"0.5 send 486", "1.5 send 486", "3.5 send 486"}));
  RequestText ack;
  ack.method = "ACK";
  t.Receive(ack.text());
  EXPECT_EQ(t.layer().StateOf(id), State::kConfirmed);
  log = Alike(100);
  EXPECT_EQ(log, (Log{"9 gone"}));
}

TEST_F(SnapshotTest, InviteServerAcceptedAbsorbsAndResends) {
  const TransactionId id = t.ReceiveNew(RequestText().text());
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  LayerUnderTest& other = Restored();
  other.Receive(RequestText().text());
  EXPECT_EQ(other.TakeLog(), Log());
  other.ResendFinal(id);
  EXPECT_EQ(other.last_wire(), t.last_wire());
  EXPECT_EQ(Alike(100), (Log{"32 gone"}));
}

TEST_F(SnapshotTest, NonInviteServerInEachState) {
  const RequestText request{.method = "OPTIONS"};
  const TransactionId id = t.ReceiveNew(request.text());
  Log log = Alike(1);
  EXPECT_EQ(log, Log());
  log = Alike(4);
  EXPECT_EQ(log, (Log{"3.5 send 100"}));
  EXPECT_EQ(t.Respond(id, 200), RespondError::kNone);
  LayerUnderTest& other = Restored();
  other.Receive(request.text());
  EXPECT_EQ(other.TakeLog(), (Log{"4 send 200"}));
  log = Alike(100);
  EXPECT_EQ(log, (Log{"36 gone"}));
}

// RFC 4320 4.1: no 100 before its time, counted from when the request came.
TEST_F(SnapshotTest, TheAgeOfARequestGoesOn) {
  const TransactionId id = t.ReceiveNew(RequestText{.method = "OPTIONS", .more = "Timestamp: 1\r\n"}.text());
  t.AdvanceTo(2);
  LayerUnderTest& other = Restored(/*elapsed=*/1.4);
  EXPECT_EQ(other.Respond(id, 100), RespondError::kNotAllowed);
  other.AdvanceTo(3.5);
  EXPECT_EQ(HeaderOf(other.last_wire(), "Timestamp"), "1 3.500");
}

TEST_F(SnapshotTest, AbandonedOnesEndAsTheyWould) {
  const TransactionId server = t.ReceiveNew(RequestText{.method = "OPTIONS"}.text());
  const TransactionId client = t.Send(Method::kInvite);
  t.Abandon(server);
  t.Abandon(client);
  t.AdvanceTo(1);
  LayerUnderTest& other = Restored();
  EXPECT_EQ(other.Respond(server, 200), RespondError::kWrongState);
  other.Receive(Response(200));
  EXPECT_EQ(other.TakeLog(), (Log{"1 deliver 200 nil"}));
  const Log log = Alike(100);
  EXPECT_EQ(log.back(), "32 gone");
}

TEST_F(SnapshotTest, ItsOwnTimersAreKept) {
  t.Send(Method::kOptions, Transport::kUdp, {}, {.t1 = Seconds(0.1), .t2 = Seconds(0.2), .t4 = Seconds(1)});
  EXPECT_EQ(Alike(0.6), (Log{"0.1 send OPTIONS", "0.3 send OPTIONS", "0.5 send OPTIONS"}));
  t.Receive(Response(200));
  EXPECT_EQ(Alike(100), (Log{"1.6 gone"}));
}

// Ids are slots and generations: those of the past stay stale, those to come are the same.
TEST_F(SnapshotTest, IdsGoOn) {
  std::vector<TransactionId> ids;
  for (int i = 0; i < 70; ++i) ids.push_back(t.Send(Method::kOptions));
  for (const int i : {5, 66, 20, 3}) t.TransportError(ids[static_cast<std::size_t>(i)]);
  LayerUnderTest& other = Restored();
  EXPECT_EQ(other.layer().StateOf(ids[5]), State::kTerminated);
  EXPECT_EQ(other.layer().StateOf(ids[6]), State::kTrying);
  for (int i = 0; i < 70; ++i) EXPECT_EQ(other.Send(Method::kOptions), t.Send(Method::kOptions));
}

// Law 9.
TEST_F(SnapshotTest, EqualDeadlinesKeepTheirOrder) {
  const TransactionId first = t.Send(Method::kInvite);
  t.ReceiveNew(RequestText().text());
  const TransactionId second = t.Send(Method::kInvite);
  t.Send(Method::kOptions);
  t.TransportError(first);
  t.Send(Method::kOptions);  // in the first one's slot
  t.Cancel(second);
  const Log log = Alike(100);
  EXPECT_GT(log.size(), 20u);
}

// 8.2.6.2, 9.2: the tag of a response that was sent stays, also where the layer made it, and its CANCEL has
// it.
TEST_F(SnapshotTest, MadeTagsAreKept) {
  const TransactionId id = t.ReceiveNew(RequestText().text());
  ASSERT_EQ(t.Respond(id, 180, ""), RespondError::kNone);
  const std::string tag = HeaderOf(t.last_wire(), "To");
  LayerUnderTest& other = Restored();
  const TransactionId cancel = other.ReceiveNew(RequestText{.method = "CANCEL"}.text());
  ASSERT_EQ(other.Respond(cancel, 200, ""), RespondError::kNone);
  EXPECT_EQ(HeaderOf(other.last_wire(), "To"), tag);
  ASSERT_EQ(other.Respond(id, 487, ""), RespondError::kNone);
  EXPECT_EQ(HeaderOf(other.last_wire(), "To"), tag);
  // And in the next process.
  LayerUnderTest third(TransactionOptions(), /*seed=*/7);
  ASSERT_TRUE(
      RestoreFrom(SnapshotOf(other.layer(), other.now()), other.now(), Seconds(0), third.layer()).ok());
  third.Receive(RequestText().text());
  EXPECT_EQ(HeaderOf(third.last_wire(), "To"), tag);
}

TEST_F(SnapshotTest, RequestsOfRfc2543PeersAreMatched) {
  RequestText request;
  request.via = "SIP/2.0/UDP pc33.atlanta.example:5066";
  const TransactionId id = t.ReceiveNew(request.text());
  ASSERT_EQ(t.Respond(id, 486), RespondError::kNone);
  LayerUnderTest& other = Restored();
  request.method = "ACK";
  request.to = HeaderOf(t.last_wire(), "To");
  other.Receive(request.text());
  EXPECT_EQ(other.layer().StateOf(id), State::kConfirmed);
}

// What became due meanwhile fires at once, in its order, and once each.
TEST_F(SnapshotTest, WhatBecameDueMeanwhileIsDueNow) {
  t.Send(Method::kInvite);
  t.AdvanceTo(0.25);
  t.ReceiveNew(RequestText().text());
  t.AdvanceTo(0.3);
  LayerUnderTest& other = Restored(/*elapsed=*/3);
  EXPECT_EQ(other.layer().next_deadline(), Instant(Seconds(0.45)));
  other.Advance(0);
  EXPECT_EQ(other.TakeLog(), (Log{"3.3 send 100", "3.3 send INVITE"}));
  other.AdvanceTo(4.3);
  EXPECT_EQ(other.TakeLog(), (Log{"4.3 send INVITE"}));  // A doubles from when it fired
}

TEST_F(SnapshotTest, AfterALongTimeAllEnds) {
  t.Send(Method::kInvite);
  t.Send(Method::kOptions);
  LayerUnderTest& other = Restored(/*elapsed=*/100);
  other.Advance(0);
  EXPECT_EQ(other.TakeLog(), (Log{"100 send INVITE", "100 send OPTIONS", "100 failed timeout", "100 gone",
                                  "100 failed timeout", "100 gone"}));
}

TEST_F(SnapshotTest, AClockThatWentBackIsOneThatStood) {
  t.Send(Method::kOptions);
  LayerUnderTest other;
  ASSERT_TRUE(RestoreFrom(SnapshotOf(t.layer(), t.now()), t.now(), Seconds(-10), other.layer()).ok());
  EXPECT_EQ(other.layer().next_deadline(), t.layer().next_deadline());
}

// Law 4: the time of a snapshot is not before what the layer has seen.
TEST_F(SnapshotTest, AnEarlierNowIsTheLatest) {
  t.Send(Method::kOptions);
  t.AdvanceTo(1);
  EXPECT_EQ(SnapshotOf(t.layer(), Instant(Seconds(0.1))), SnapshotOf(t.layer(), Instant(Seconds(0.5))));
  EXPECT_NE(SnapshotOf(t.layer(), Instant(Seconds(0.6))), SnapshotOf(t.layer(), Instant(Seconds(0.5))));
}

TEST_F(SnapshotTest, NoSecretIsStored) {
  // Of two layers that differ in their secrets alone, but for what these have made.
  LayerUnderTest other({}, /*seed=*/2);
  for (LayerUnderTest* layer : {&t, &other}) {
    const TransactionId id =
        layer->ReceiveNew(RequestText{.to = "Bob <sip:bob@biloxi.example>;tag=1"}.text());
    ASSERT_EQ(layer->Respond(id, 180), RespondError::kNone);
  }
  EXPECT_EQ(SnapshotOf(t.layer(), t.now()), SnapshotOf(other.layer(), other.now()));
}

// Not stored: they are of a layer's own life.
TEST_F(SnapshotTest, CountersBeginAnew) {
  t.Send(Method::kOptions);
  EXPECT_EQ(t.layer().counters().requests_out, 1u);
  EXPECT_EQ(Restored().layer().counters().requests_out, 0u);
  EXPECT_EQ(restored_->layer().client_transactions_without_final(), 1u);
}

}  // namespace
}  // namespace sansip
