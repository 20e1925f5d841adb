// Restoring from bytes that are no snapshot, or not this layer's; and flows that are no more.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/snapshot.h"
#include "sansip/core/transaction/snapshot_form.h"
#include "sansip/core/transaction/snapshot_testing.h"
#include "sansip/core/transaction/testing.h"

namespace sansip {
namespace {

using testing::CheckBytes;
using testing::FlowsIn;
using testing::LayerUnderTest;
using testing::RequestText;
using testing::ResponseText;
using testing::RestoreFrom;
using testing::Sealed;
using testing::Seconds;
using testing::SeededRandom;
using testing::SnapshotOf;

using Log = std::vector<std::string>;

TransactionOptions SmallOptions() {
  TransactionOptions options;
  options.transactions_max = 20;
  options.message_bytes_max = 1000;
  options.buffered_bytes_max = 1 << 20;
  return options;
}

// One of each kind, on two flows.
std::string Example() {
  LayerUnderTest t(SmallOptions());
  const TransactionId invite = t.Send(Method::kInvite);
  t.Receive(ResponseText(t.last_wire(), 180));
  t.Cancel(invite);
  t.Send(Method::kOptions, Transport::kTcp, {}, {.t1 = Seconds(1)});
  const TransactionId server =
      t.ReceiveNew(RequestText().text(), Transport::kUdp, LayerUnderTest::kOtherFlow);
  EXPECT_EQ(t.Respond(server, 486), RespondError::kNone);
  t.Abandon(t.ReceiveNew(RequestText{.method = "OPTIONS", .via = "SIP/2.0/UDP a.example"}.text()));
  return SnapshotOf(t.layer(), t.now());
}

RestoreCode CodeOf(std::string_view bytes) {
  SeededRandom random(1);
  TransactionLayer layer(SmallOptions(), random);
  return RestoreFrom(bytes, Instant(), Duration::zero(), layer).code;
}

TEST(Restore, OnlyIntoALayerThatWasNotUsed) {
  const std::string bytes = Example();
  LayerUnderTest t(SmallOptions());
  const TransactionId id = t.Send(Method::kOptions);
  EXPECT_EQ(RestoreFrom(bytes, t.now(), Seconds(0), t.layer()).code, RestoreCode::kNotFresh);
  EXPECT_EQ(t.layer().live(), 1u) << "it is left as it was";
  t.TransportError(id);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(RestoreFrom(bytes, t.now(), Seconds(0), t.layer()).code, RestoreCode::kNotFresh);
  LayerUnderTest other(SmallOptions());
  EXPECT_TRUE(RestoreFrom(bytes, other.now(), Seconds(0), other.layer()).ok());
  EXPECT_EQ(RestoreFrom(bytes, other.now(), Seconds(0), other.layer()).code, RestoreCode::kNotFresh);
}

TEST(Restore, TellsWhatIsNoSnapshot) {
  const std::string bytes = Example();
  EXPECT_EQ(CodeOf(bytes), RestoreCode::kNone);
  EXPECT_EQ(CodeOf(""), RestoreCode::kTruncated);
  EXPECT_EQ(CodeOf("SIP/2.0 200 OK"), RestoreCode::kNotASnapshot);
  EXPECT_EQ(CodeOf(bytes + "x"), RestoreCode::kTruncated);
  EXPECT_EQ(CodeOf(Sealed(bytes + "x")), RestoreCode::kBadValue);
}

TEST(Restore, TellsAnotherVersion) {
  std::string bytes = Example();
  bytes[4] = kSnapshotVersion + 1;
  SeededRandom random(1);
  TransactionLayer layer(SmallOptions(), random);
  const RestoreError error = layer.Restore(bytes, Instant(), Duration::zero(), {});
  EXPECT_EQ(error.code, RestoreCode::kOtherVersion);
  EXPECT_EQ(error.version, kSnapshotVersion + 1);
  EXPECT_EQ(error.offset, 4u);
  EXPECT_EQ(RestoreCodeName(error.code), "other version");
  // Also where the rest of it looks quite different.
  EXPECT_EQ(layer.Restore(std::string_view(bytes).substr(0, 6), Instant(), Duration::zero(), {}).code,
            RestoreCode::kOtherVersion);
}

TEST(Restore, EveryTruncationIsRefusedAndLeavesTheLayerAsNew) {
  const std::string bytes = Example();
  SeededRandom random(1);
  TransactionLayer layer(SmallOptions(), random);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string_view part = std::string_view(bytes).substr(0, size);
    EXPECT_EQ(CheckBytes(part, layer).code, RestoreCode::kTruncated) << size;
    ASSERT_FALSE(CheckBytes(Sealed(std::string(part)), layer).ok()) << size;
  }
  EXPECT_TRUE(CheckBytes(bytes, layer).ok());
}

TEST(Restore, EveryFlippedBitIsSeen) {
  const std::string bytes = Example();
  SeededRandom random(1);
  TransactionLayer layer(SmallOptions(), random);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    ASSERT_FALSE(RestoreFrom(flipped, Instant(), Duration::zero(), layer).ok()) << bit;
  }
}

// Where the checksum fits, too: refused, or a layer like any other. Every seventh bit: a byte's in turn.
TEST(Restore, NoFlippedBitDoesHarm) {
  const std::string bytes = Example();
  SeededRandom random(1);
  auto layer = std::make_unique<TransactionLayer>(SmallOptions(), random);
  std::size_t taken = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 7) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    if (!CheckBytes(Sealed(flipped), *layer).ok()) continue;
    ++taken;
    layer = std::make_unique<TransactionLayer>(SmallOptions(), random);
  }
  EXPECT_GT(taken, 150u);  // texts, cookies, times
  EXPECT_LT(taken, 8 * bytes.size() / 7);
}

TEST(Restore, LinesOfARequestAreHeaderLines) {
  const std::string bytes = Example();
  const std::size_t via = bytes.find("UDP a.example");
  ASSERT_NE(via, std::string::npos);
  for (const std::string_view other : {"UDP \n.example", "UDP \x7f.example", "UDP \r\nexample"}) {
    std::string changed = bytes;
    changed.replace(via, other.size(), other);
    EXPECT_EQ(CodeOf(Sealed(changed)), RestoreCode::kBadValue);
  }
  EXPECT_EQ(CodeOf(Sealed(bytes)), RestoreCode::kNone);
}

TEST(Restore, ReachesTheLimitsOfTheLayer) {
  LayerUnderTest t;
  for (int i = 0; i < 21; ++i) t.Send(Method::kOptions);
  EXPECT_EQ(CodeOf(SnapshotOf(t.layer(), t.now())), RestoreCode::kTooManyTransactions);
  LayerUnderTest many;
  for (int i = 0; i < 100; ++i) many.Send(Method::kOptions);
  EXPECT_EQ(CodeOf(SnapshotOf(many.layer(), many.now())), RestoreCode::kTooManyTransactions);

  LayerUnderTest long_one;
  const TransactionId id = long_one.ReceiveNew(RequestText().text());
  ASSERT_EQ(long_one.layer().SendResponse(long_one.now(), id,
                                          {.status_code = 200, .to_tag = "1", .body = std::string(800, 'x')},
                                          const_cast<ActionSink&>(long_one.sink())),
            RespondError::kNone);
  EXPECT_EQ(CodeOf(SnapshotOf(long_one.layer(), long_one.now())), RestoreCode::kMessageTooLong);

  TransactionOptions options = SmallOptions();
  options.buffered_bytes_max = 1;  // a page: of one size
  SeededRandom random(1);
  TransactionLayer layer(options, random);
  EXPECT_EQ(CheckBytes(Example(), layer).code, RestoreCode::kNoBufferSpace);
}

// More look-alikes than there may be would make look-up linear.
TEST(Restore, RefusesManyOfOneKey) {
  LayerUnderTest t;
  for (int i = 0; i < 15; ++i) t.Send(Method::kOptions);
  std::string bytes = SnapshotOf(t.layer(), t.now());
  const std::size_t first = bytes.find("z9hG4bK");
  const std::string branch = bytes.substr(first, 27);
  for (std::size_t at = first; at != std::string::npos; at = bytes.find("z9hG4bK", at + 1)) {
    bytes.replace(at, branch.size(), branch);
  }
  EXPECT_EQ(CodeOf(Sealed(bytes)), RestoreCode::kBadValue);
}

TEST(Restore, FlowsAreDescribedAndMadeAnew) {
  LayerUnderTest t;
  t.ReceiveNew(RequestText().text(), Transport::kUdp, FlowId{9, 4});
  t.Send(Method::kOptions);  // on kFlow
  const std::string bytes = SnapshotOf(t.layer(), t.now());
  const std::vector<FlowDescription> flows = FlowsIn(bytes);
  ASSERT_EQ(flows.size(), 2u);
  EXPECT_EQ(flows[0].flow, (FlowId{9, 4}));
  EXPECT_EQ(flows[0].transport, Transport::kTcp);
  EXPECT_EQ(TextOf(flows[0].remote).view(), "[2001:db8::2]:9");
  EXPECT_EQ(TextOf(flows[1].local).view(), "192.0.2.1:5060");
  EXPECT_EQ(flows[1].fall_back, SocketAddress());
  EXPECT_EQ(flows[1].flow, LayerUnderTest::kFlow);

  LayerUnderTest other;
  EXPECT_EQ(other.layer().Restore(bytes, t.now(), Seconds(0), {}).code, RestoreCode::kWrongFlows);
  const std::array<FlowId, 2> made = {FlowId{1, 7}, FlowId{2, 7}};
  ASSERT_TRUE(other.layer().Restore(bytes, t.now(), Seconds(0), made).ok());
  EXPECT_FALSE(other.layer().Refers(LayerUnderTest::kFlow));
  EXPECT_TRUE(other.layer().Refers({1, 7}));
  other.AdvanceTo(0.5);
  EXPECT_EQ(other.TakeLog(), (Log{"0.2 send 100", "0.5 send OPTIONS"}));
  EXPECT_EQ(other.last_flow(), (FlowId{2, 7}));
}

// RFC 3261 17.1.4, RFC 6026 8.8: as when a flow fails.
TEST(Restore, ServerTransactionsCountForTheSourceOfTheirFlow) {
  TransactionOptions options = SmallOptions();
  options.server_transactions_per_source_max = 1;
  LayerUnderTest t(options);
  ASSERT_TRUE(RestoreFrom(Example(), t.now(), Seconds(0), t.layer()).ok());
  // Both flows lead to one host: it has two, and the limit is for those to come.
  EXPECT_EQ(t.layer().memory().sources, 1u);
  t.AdvanceTo(200);
  EXPECT_EQ(t.layer().live(), 0u);
  EXPECT_EQ(t.layer().memory().sources, 0u);
}

TEST(Restore, AFlowThatIsNoMoreHasFailed) {
  LayerUnderTest t;
  t.Send(Method::kOptions);
  t.Send(Method::kInvite);
  const TransactionId server =
      t.ReceiveNew(RequestText().text(), Transport::kUdp, LayerUnderTest::kOtherFlow);
  ASSERT_EQ(t.Respond(server, 180), RespondError::kNone);
  const std::string bytes = SnapshotOf(t.layer(), t.now());
  LayerUnderTest other;
  ASSERT_TRUE(other.layer().Restore(bytes, t.now(), Seconds(0), std::array<FlowId, 2>()).ok());
  EXPECT_EQ(other.layer().next_deadline(), t.now());
  other.AdvanceTo(0);
  EXPECT_EQ(other.TakeLog(), (Log{"0 failed transport error", "0 failed transport error", "0 gone",
                                  "0 failed transport error", "0 gone"}));
  EXPECT_EQ(other.layer().StateOf(server), State::kProceeding);
}

TEST(Snapshot, WantsADescriptionForEachFlowInUse) {
  LayerUnderTest t;
  t.Send(Method::kOptions);
  std::vector<FlowDescription> flows = {testing::DescriptionOf(LayerUnderTest::kFlow)};
  std::string out(t.layer().SnapshotSize(), 'x');
  EXPECT_EQ(t.layer().Snapshot(t.now(), {}, out), 0u);
  EXPECT_EQ(t.layer().Snapshot(t.now(), flows, std::span<char>(out).first(out.size() - 1)), out.size());
  EXPECT_EQ(out, std::string(out.size(), 'x')) << "without room nothing is written";
  EXPECT_EQ(t.layer().Snapshot(t.now(), flows, out), out.size());
  flows[0].flow = LayerUnderTest::kOtherFlow;
  EXPECT_EQ(t.layer().Snapshot(t.now(), flows, out), 0u);
}

}  // namespace
}  // namespace sansip
