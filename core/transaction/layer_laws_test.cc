// The ten laws of the border, one test each (layer.h).
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Path kPath = {.flow = LayerUnderTest::kFlow,
                    .transport = Transport::kUdp,
                    .sent_by = {"client.atlanta.example", 5060},
                    .contact = {}};
const Origin kOrigin = {.flow = LayerUnderTest::kFlow, .transport = Transport::kUdp, .source = {}};

// A layer without the fixture's draining.
class Bare {
 public:
  explicit Bare(TransactionOptions options = {}, std::uint64_t seed = 1)
      : random(seed), layer(options, random) {}

  TransactionId Send(Instant now, ActionSink& out, Method method = Method::kOptions) {
    const std::string cseq = "5 " + std::string(MethodName(method));
    const std::vector<HeaderLine> headers = DraftHeaders(cseq);
    return layer
        .SendRequest(now, kPath,
                     {.method = method,
                      .extension_method = {},
                      .request_uri = "sip:bob@biloxi.example",
                      .headers = headers},
                     {}, out)
        .id;
  }

  SeededRandom random;
  TransactionLayer layer;
};

std::vector<const action::Transmit*> TransmitsIn(const ActionSink& sink) {
  std::vector<const action::Transmit*> transmits;
  for (const Action& action : sink) {
    if (const auto* transmit = std::get_if<action::Transmit>(&action)) transmits.push_back(transmit);
  }
  return transmits;
}

constexpr Instant At(double seconds) { return Instant() + Seconds(seconds); }

TEST(LayerLaws, Law1_OneCallIsOneProtocolEvent) {
  Bare bare;
  SinkOf<Action, 64> sink;
  bare.Send(At(0), sink);
  bare.Send(At(0), sink);
  const std::string first(TransmitsIn(sink)[0]->wire);
  sink.Clear();
  // A message that comes late is the message alone: the timers that are due wait for OnDeadline.
  const Parsed response(ResponseText(first, 200));
  bare.layer.OnMessage(At(10), kOrigin, response.view(), sink);
  ASSERT_EQ(sink.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<action::DeliverResponse>(sink[0]));
  EXPECT_EQ(bare.layer.next_deadline(), At(0.5));
  sink.Clear();
  bare.layer.OnDeadline(At(10), sink);
  EXPECT_EQ(TransmitsIn(sink).size(), 1u);
}

TEST(LayerLaws, Law2_WithinACallTransmitDeliverGone) {
  LayerUnderTest t;
  TransactionId id = t.Send(Method::kInvite);
  t.Cancel(id);
  t.TakeLog();
  t.Receive(ResponseText(t.wires().front(), 180));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send CANCEL", "0 deliver 180"));
  t.Receive(ResponseText(t.wires().front(), 486));
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 send ACK", "0 deliver 486"));
  t.TransportError(id);
  EXPECT_THAT(t.TakeLog(), ElementsAre("0 failed transport error", "0 gone"));

  // Across calls: call order. What lies in the sink is left alone.
  Bare bare;
  SinkOf<Action, 64> sink;
  const TransactionId first = bare.Send(At(0), sink);
  const TransactionId second = bare.Send(At(0), sink);
  ASSERT_EQ(sink.size(), 2u);
  EXPECT_EQ(std::get<action::Transmit>(sink[0]).id, first);
  EXPECT_EQ(std::get<action::Transmit>(sink[1]).id, second);
}

TEST(LayerLaws, Law3_NobodyIsCalledButTheRandomSource) {
  class CountingRandom : public SeededRandom {
   public:
    CountingRandom() : SeededRandom(1) {}
    std::uint64_t Next() override {
      ++draws;
      return SeededRandom::Next();
    }
    int draws = 0;
  };
  CountingRandom random;
  SinkOf<ArrowTaken, 3> arrows;
  TransactionOptions options;
  options.arrows = &arrows;
  TransactionLayer layer(options, random);
  EXPECT_EQ(random.draws, 4);  // the two salts
  SinkOf<Action, 64> sink;
  const std::vector<HeaderLine> headers = DraftHeaders("5 OPTIONS");
  const RequestDraft draft = {
      .method = Method::kOptions, .extension_method = {}, .request_uri = "sip:b@c", .headers = headers};
  EXPECT_EQ(layer.SendRequest(At(0), kPath, draft, {}, sink).error, StartError::kNone);
  EXPECT_EQ(random.draws, 6);  // a branch
  const Parsed request(RequestText{}.text());
  layer.OnMessage(At(0), kOrigin, request.view(), sink);
  sink.Clear();
  layer.OnDeadline(At(0.5), sink);
  EXPECT_EQ(random.draws, 6);
  // Observation is data: four arrows were taken, three fitted.
  EXPECT_EQ(arrows.size(), 3u);
  EXPECT_EQ(ArrowName(arrows[0].machine, arrows[0].arrow), "N0");
  EXPECT_EQ(ArrowName(arrows[1].machine, arrows[1].arrow), "P0");
  EXPECT_EQ(layer.counters().arrows_dropped, 1u);
}

TEST(LayerLaws, Law4_TimeIsAnArgumentAndDoesNotRunBack) {
  Bare bare;
  SinkOf<Action, 64> sink;
  bare.Send(At(100), sink);
  EXPECT_EQ(bare.layer.next_deadline(), At(100.5));
  // An earlier now is taken as the latest seen, and counted.
  bare.Send(At(7), sink);
  EXPECT_EQ(bare.layer.counters().clamped_nows, 1u);
  EXPECT_EQ(bare.layer.next_deadline(), At(100.5));
  sink.Clear();
  bare.layer.OnDeadline(At(50), sink);
  EXPECT_TRUE(sink.empty());
  EXPECT_EQ(bare.layer.counters().clamped_nows, 2u);
}

TEST(LayerLaws, Law5_TransmittedBytesStayUntilTheNextOuterEvent) {
  TransactionOptions options;
  options.is_composed = true;
  Bare bare(options);
  SinkOf<Action, 64> sink;
  const Parsed request(RequestText{}.text());
  bare.layer.BeginOuterEvent();
  bare.layer.OnMessage(At(0), kOrigin, request.view(), sink);
  const TransactionId id = std::get<action::DeliverRequest>(sink[0]).id;
  // Within one outer event: the 180's buffer is given up for the 183, that for the 486, and then everything.
  for (int status_code : {180, 183, 486}) {
    ASSERT_EQ(bare.layer.SendResponse(At(0), id, {.status_code = status_code}, sink), RespondError::kNone);
  }
  RequestText ack;
  ack.method = "ACK";
  const Parsed parsed_ack(ack.text());
  bare.layer.OnMessage(At(0), kOrigin, parsed_ack.view(), sink);
  bare.layer.OnDeadline(At(10), sink);
  EXPECT_EQ(bare.layer.live(), 0u);
  const Parsed next(RequestText{}.text());
  bare.layer.OnMessage(At(10), kOrigin, next.view(), sink);
  const std::vector<const action::Transmit*> transmits = TransmitsIn(sink);
  ASSERT_EQ(transmits.size(), 3u);
  EXPECT_TRUE(transmits[0]->wire.starts_with("SIP/2.0 180 "));
  EXPECT_TRUE(transmits[1]->wire.starts_with("SIP/2.0 183 "));
  EXPECT_TRUE(transmits[2]->wire.starts_with("SIP/2.0 486 "));
  // A bare layer's calls are the outer events themselves.
  Bare plain;
  SinkOf<Action, 64> out;
  plain.layer.OnMessage(At(0), kOrigin, request.view(), out);
  const TransactionId plain_id = std::get<action::DeliverRequest>(out[0]).id;
  out.Clear();
  ASSERT_EQ(plain.layer.SendResponse(At(0), plain_id, {.status_code = 180}, out), RespondError::kNone);
  EXPECT_TRUE(TransmitsIn(out)[0]->wire.starts_with("SIP/2.0 180 "));
}

TEST(LayerLaws, Law6_DeadlinesAreHonest) {
  Bare bare;
  SinkOf<Action, 64> sink;
  for (int i = 0; i < 5; ++i) bare.Send(At(i * 0.1), sink, i % 2 == 0 ? Method::kInvite : Method::kOptions);
  const Parsed request(RequestText{}.text());
  bare.layer.OnMessage(At(0.45), kOrigin, request.view(), sink);
  int calls = 0;
  while (bare.layer.next_deadline() != kNever) {
    const Instant deadline = bare.layer.next_deadline();
    sink.Clear();
    bare.layer.OnDeadline(deadline - std::chrono::nanoseconds(1), sink);
    EXPECT_TRUE(sink.empty());  // early calls are no-ops
    EXPECT_EQ(bare.layer.next_deadline(), deadline);
    bare.layer.OnDeadline(deadline, sink);
    EXPECT_GT(bare.layer.next_deadline(), deadline);  // progress
    EXPECT_FALSE(sink.empty());
    ASSERT_LT(++calls, 1000);
  }
  EXPECT_EQ(bare.layer.live(), 1u);  // the INVITE waits for its user
}

TEST(LayerLaws, Law7_EveryEventHasABoundedNumberOfActions) {
  Bare bare;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  std::vector<TransactionId> ids;
  for (int i = 0; i < 100; ++i) {
    sink.Clear();
    ids.push_back(bare.Send(At(0), sink));
  }
  // A hundred timers are due; each call fills the sink and leaves the rest due.
  int calls = 0;
  std::size_t transmits = 0;
  while (bare.layer.next_deadline() <= At(0.5)) {
    sink.Clear();
    bare.layer.OnDeadline(At(0.5), sink);
    EXPECT_GT(sink.size(), 0u);
    transmits += sink.size();
    ASSERT_LT(++calls, 100);
  }
  EXPECT_EQ(transmits, 100u);
  EXPECT_GT(calls, 10);
  // A flow fails under a hundred transactions: what overflows comes from OnDeadline, at once and in order.
  std::vector<TransactionId> gone;
  sink.Clear();
  bare.layer.OnFlowFailed(At(0.6), LayerUnderTest::kFlow, sink);
  for (calls = 0;; ++calls) {
    for (const Action& action : sink) {
      if (const auto* last = std::get_if<action::Gone>(&action)) gone.push_back(last->id);
    }
    if (bare.layer.next_deadline() > At(0.6)) break;
    sink.Clear();
    bare.layer.OnDeadline(At(0.6), sink);
    ASSERT_LT(calls, 1000);
  }
  EXPECT_EQ(gone.size(), 100u);
  EXPECT_EQ(std::set<TransactionId>(gone.begin(), gone.end()).size(), 100u);
  EXPECT_EQ(bare.layer.live(), 0u);
}

TEST(LayerLaws, Law7_AFlowThatFailsAgainAndAgainTellsEveryTransaction) {
  // Server transactions outlive the failure (RFC 6026 8.8): those told must not push back those waiting.
  Bare bare;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  for (int i = 0; i < 100; ++i) {
    RequestText invite;
    invite.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(i);
    const Parsed request(invite.text());
    sink.Clear();
    bare.layer.OnMessage(At(0), kOrigin, request.view(), sink);
  }
  std::set<TransactionId> told;
  const auto note = [&] {
    for (const Action& action : sink) {
      if (const auto* failed = std::get_if<action::Failed>(&action)) told.insert(failed->id);
    }
    sink.Clear();
  };
  sink.Clear();
  for (int i = 0; i < 100; ++i) {
    bare.layer.OnFlowFailed(At(0.1), LayerUnderTest::kFlow, sink);
    note();
    bare.layer.OnDeadline(At(0.1), sink);
    note();
  }
  EXPECT_EQ(told.size(), 100u);
}

TEST(LayerLaws, Law7_AFailedFlowOf10000TransactionsCostsOneEventNoMoreThanAnother) {
  constexpr std::size_t kCount = 10'000;
  Bare bare;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  std::vector<TransactionId> ids;
  for (std::size_t i = 0; i < kCount; ++i) {
    sink.Clear();
    ids.push_back(bare.Send(At(0), sink));
  }
  sink.Clear();
  bare.layer.OnFlowFailed(At(0.1), LayerUnderTest::kFlow, sink);
  std::vector<TransactionId> gone;
  const auto note = [&] {
    for (const Action& action : sink) {
      if (const auto* last = std::get_if<action::Gone>(&action)) gone.push_back(last->id);
    }
    sink.Clear();
  };
  note();
  EXPECT_LE(gone.size(), TransactionLayer::kActionsPerEventMax / 2);
  // What begins after the failure is none of it; a failure passes those that end in between.
  const TransactionId later = bare.Send(At(0.1), sink);
  sink.Clear();
  std::reverse(ids.begin(), ids.end());
  const auto next = ids.begin() + static_cast<std::ptrdiff_t>(gone.size());
  bare.layer.OnTransportError(At(0.1), *next, sink);
  note();
  while (bare.layer.next_deadline() <= At(0.1)) {
    bare.layer.OnDeadline(At(0.1), sink);
    note();
  }
  EXPECT_EQ(gone, ids);  // each once, the latest first
  EXPECT_EQ(bare.layer.StateOf(later), State::kTrying);
}

TEST(LayerLaws, Law7_TransactionsThatHaveNothingToTellAreSteppedOverBitByBit) {
  // Servers in Trying ignore errors of the transport: the sink never fills.
  constexpr std::size_t kCount = 10'000;
  Bare bare;
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  const TransactionId client = bare.Send(At(0), sink);
  for (std::size_t i = 0; i < kCount; ++i) {
    RequestText options;
    options.method = "OPTIONS";
    options.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK" + std::to_string(i);
    const Parsed request(options.text());
    sink.Clear();
    bare.layer.OnMessage(At(0), kOrigin, request.view(), sink);
  }
  sink.Clear();
  bare.layer.OnFlowFailed(At(0.1), LayerUnderTest::kFlow, sink);
  std::size_t calls = 1;
  while (bare.layer.next_deadline() <= At(0.1)) {
    EXPECT_TRUE(sink.empty());
    bare.layer.OnDeadline(At(0.1), sink);
    ++calls;
  }
  EXPECT_GE(calls, kCount / TransactionLayer::kStepsPerEventMax);
  ASSERT_EQ(sink.size(), 2u);
  EXPECT_EQ(std::get<action::Gone>(sink[1]).id, client);
}

// In a smaller sink deadlines would make no progress for ever (law 6).
TEST(LayerLawsDeathTest, Law7_ASinkHoldsAnEventsActions) {
  Bare bare;
  SinkOf<Action, 64> sink;
  bare.Send(At(0), sink);
  SinkOf<Action, TransactionLayer::kActionsPerEventMax - 1> small;
  EXPECT_DEATH(bare.layer.OnDeadline(At(0.5), small), "sansip is wrong");
}

TEST(LayerLaws, Law8_IdsAreNeverReusedAndAStaleOneIsAnOrdinaryAnswer) {
  LayerUnderTest t;
  std::set<std::uint64_t> seen;
  TransactionId stale;
  for (int i = 0; i < 300; ++i) {
    stale = t.Send(Method::kOptions, Transport::kTcp);
    EXPECT_TRUE(seen.insert(stale.value()).second);
    t.Receive(ResponseText(t.last_wire(), 200), Transport::kTcp);
    t.AdvanceTo(0);
  }
  EXPECT_EQ(t.layer().live(), 0u);
  t.TakeLog();
  EXPECT_EQ(t.Respond(stale, 200), RespondError::kStale);
  t.TransportError(stale);
  t.Cancel(stale);
  t.ResendFinal(stale);
  EXPECT_THAT(t.TakeLog(), IsEmpty());
  EXPECT_EQ(t.layer().counters().stale_ids, 4u);
  EXPECT_FALSE(t.layer().IsServer(stale));
  EXPECT_TRUE(t.layer().InviteOf(stale).is_nil());
  EXPECT_EQ(t.layer().StateOf(stale), State::kTerminated);
}

TEST(LayerLaws, Law9_EqualDeadlinesFireInTheOrderTheyWereArmed) {
  // Whatever the salts of the hashes: the order is that of arming, not that of a container.
  std::optional<std::vector<std::size_t>> first_order;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Bare bare({}, seed);
    SinkOf<Action, 512> sink;
    std::vector<TransactionId> ids;
    for (int i = 0; i < 50; ++i) ids.push_back(bare.Send(At(0), sink));
    // Some slots are given up and taken again, so that slot order is not arming order.
    for (std::size_t i : {40u, 10u, 25u}) {
      bare.layer.OnTransportError(At(0), ids[i], sink);
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(i));
      ids.push_back(bare.Send(At(0), sink));
    }
    sink.Clear();
    bare.layer.OnDeadline(At(0.5), sink);
    std::vector<std::size_t> order;
    for (const action::Transmit* transmit : TransmitsIn(sink)) {
      order.push_back(
          static_cast<std::size_t>(std::find(ids.begin(), ids.end(), transmit->id) - ids.begin()));
    }
    EXPECT_EQ(order.size(), 50u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    if (!first_order) first_order = order;
    EXPECT_EQ(order, *first_order);
  }
}

TEST(LayerLaws, Law10_OneOwnerAndNothingShared) {
  // Two layers side by side do what each does alone, byte for byte.
  const auto run = [](LayerUnderTest& t, int step) {
    if (step % 3 == 0) t.Send(step % 2 == 0 ? Method::kInvite : Method::kOptions);
    if (step % 3 == 1) t.Receive(ResponseText(t.last_wire(), 180 + step % 50 * 10));
    t.Advance(0.3);
  };
  LayerUnderTest alone({}, 5), first({}, 5), second({}, 6);
  for (int step = 0; step < 100; ++step) run(alone, step);
  for (int step = 0; step < 100; ++step) {
    run(first, step);
    run(second, step);
    run(second, step);
  }
  EXPECT_EQ(alone.wires(), first.wires());
  EXPECT_EQ(alone.TakeLog(), first.TakeLog());
  EXPECT_NE(first.wires(), second.wires());
}

}  // namespace
}  // namespace sansip::testing
