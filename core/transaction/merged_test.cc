// RFC 3261 8.2.2.2: one request that comes by several ways, and what its user is told.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/support/shows.h"

namespace sansip::testing {
namespace {

class Merged : public ::testing::Test {
 protected:
  static TransactionOptions Finding() {
    TransactionOptions options;
    options.finds_merged = true;
    return options;
  }
  static RequestText By(int way, std::string method = "INVITE") {
    RequestText request{.method = std::move(method)};
    const std::string number = std::to_string(way);
    request.via = "SIP/2.0/UDP proxy" + number + ".example;branch=z9hG4bKway" + number + ";rport";
    return request;
  }
  // Is it told to be merged? It must be told.
  static bool IsMerged(TransactionLayer& layer, Instant now, const RequestText& request) {
    const Parsed parsed(request.text());
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
    layer.OnMessage(now, {.flow = LayerUnderTest::kFlow, .source = *ParseIp("192.0.2.1", 5066)},
                    parsed.view(), sink);
    const auto* delivered = sink.empty() ? nullptr : std::get_if<action::DeliverRequest>(&sink[0]);
    EXPECT_NE(delivered, nullptr);
    return delivered != nullptr && delivered->is_merged;
  }
  bool IsMerged(const RequestText& request) { return IsMerged(t.layer(), t.now(), request); }

  LayerUnderTest t{Finding()};
};

TEST_F(Merged, TheSameFromTagCallIdAndCSeqByAnotherWay) {
  EXPECT_FALSE(IsMerged(By(1)));
  EXPECT_TRUE(IsMerged(By(2)));
  EXPECT_TRUE(IsMerged(By(3)));
  SANSIP_SHOWS("3261-8.2.2.2-1");
}

TEST_F(Merged, AllThreeMustBeTheSame) {
  EXPECT_FALSE(IsMerged(By(1)));
  RequestText other = By(2);
  other.call_id += "x";
  EXPECT_FALSE(IsMerged(other));
  other = By(3);
  other.cseq = "314160";
  EXPECT_FALSE(IsMerged(other));
  other = By(4);
  other.from = "Alice <sip:alice@atlanta.example>;tag=another";
  EXPECT_FALSE(IsMerged(other));
  EXPECT_FALSE(IsMerged(By(5, "OPTIONS")));
}

TEST_F(Merged, NotWithinADialogAndNoCancel) {
  RequestText bye = By(1, "BYE");
  bye.to += ";tag=theirs";
  EXPECT_FALSE(IsMerged(bye));
  bye.via = By(2).via;
  EXPECT_FALSE(IsMerged(bye));
  EXPECT_FALSE(IsMerged(By(3, "CANCEL")));
  EXPECT_FALSE(IsMerged(By(4, "CANCEL")));
}

TEST_F(Merged, AsLongAsTheFirstOneLives) {
  const TransactionId first = t.ReceiveNew(By(1, "OPTIONS").text());
  EXPECT_EQ(t.Respond(first, 200), RespondError::kNone);
  EXPECT_TRUE(IsMerged(By(2, "OPTIONS")));
  t.Advance(40);  // timer J
  EXPECT_EQ(t.layer().StateOf(first), State::kTerminated);
  EXPECT_FALSE(IsMerged(By(3, "OPTIONS")));
}

TEST_F(Merged, ARetransmissionIsNone) {
  EXPECT_FALSE(IsMerged(By(1)));
  t.Receive(By(1).text());
  EXPECT_EQ(t.layer().live(), 1u);
}

TEST_F(Merged, OnlyWhereItIsAskedFor) {
  LayerUnderTest other;
  EXPECT_FALSE(IsMerged(other.layer(), other.now(), By(1)));
  EXPECT_FALSE(IsMerged(other.layer(), other.now(), By(2)));
}

// However many copies come, each is compared with the first alone.
TEST_F(Merged, AFloodOfThemIsToldOneByOne) {
  EXPECT_FALSE(IsMerged(By(1)));
  for (int way = 2; way < 3000; ++way) ASSERT_TRUE(IsMerged(By(way)));
}

// Before the first response, after it, and after the final one, when nothing of the request is kept.
TEST_F(Merged, AfterARestoreToo) {
  for (const int status : {0, 180, 486}) {
    LayerUnderTest original(Finding()), restored(Finding(), 2);
    const TransactionId id = original.ReceiveNew(By(1).text());
    if (status != 0) {
      EXPECT_EQ(original.Respond(id, status), RespondError::kNone);
    }
    std::vector<char> bytes(original.layer().SnapshotSize());
    FlowDescription flow;
    flow.flow = LayerUnderTest::kFlow;
    const FlowDescription flows[] = {flow};
    ASSERT_EQ(original.layer().Snapshot(original.now(), flows, bytes), bytes.size());
    const FlowId located[] = {LayerUnderTest::kFlow};
    ASSERT_TRUE(restored.layer().Restore(bytes, restored.now(), Duration::zero(), located).ok());
    EXPECT_TRUE(IsMerged(restored.layer(), restored.now(), By(2))) << status;
    EXPECT_FALSE(IsMerged(restored.layer(), restored.now(), By(3, "OPTIONS"))) << status;
  }
}

}  // namespace
}  // namespace sansip::testing
