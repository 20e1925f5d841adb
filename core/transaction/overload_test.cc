// Floods: whatever a stranger sends, and however much of it, one message costs no more than another, memory
// ends at the caps, and nothing that is known is lost. In steps, actions and bytes; no clock.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/base/slot_index.h"
#include "sansip/core/transaction/key.h"
#include "sansip/core/transaction/testing.h"

namespace sansip::testing {
namespace {

constexpr int kFlood = 5000;
// What a refusal adds to the lines that it repeats: status line, To tag, received, Retry-After,
// Content-Length.
constexpr std::size_t kRefusalBytesMax = 160;

// What one message brought.
struct Cost {
  std::size_t actions = 0, transmits = 0, bytes = 0;
  friend bool operator==(const Cost&, const Cost&) = default;
};

class Overload : public ::testing::Test {
 protected:
  static TransactionOptions Small() {
    TransactionOptions options;
    options.transactions_max = 100;
    options.server_transactions_per_source_max = 100;
    options.buffered_bytes_max = 1 << 20;
    return options;
  }

  Cost Receive(const std::string& text, const SocketAddress& source) {
    const Parsed message{text};
    const Origin origin = {.flow = {1, 1}, .transport = Transport::kUdp, .source = source};
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
    if (message.error().ok()) {
      layer_.OnMessage(now_, origin, message.view(), sink);
    } else {
      layer_.OnUnparsable(now_, origin, text, message.error(), sink);
    }
    Cost cost;
    for (const Action& action : sink) {
      ++cost.actions;
      if (const auto* request = std::get_if<action::DeliverRequest>(&action))
        delivered_.push_back(request->id);
      const auto* transmit = std::get_if<action::Transmit>(&action);
      if (transmit == nullptr) continue;
      ++cost.transmits;
      cost.bytes += transmit->wire.size();
    }
    now_ += std::chrono::microseconds(1);
    return cost;
  }
  // Another source each time.
  Cost ReceiveFromAnywhere(const std::string& text) {
    SocketAddress source = *ParseIp("10.0.0.0", 5060);
    ++sources_;
    for (int i = 0; i < 3; ++i)
      source.ip[static_cast<std::size_t>(3 - i)] = static_cast<std::uint8_t>(sources_ >> 8 * i);
    return Receive(text, source);
  }
  void Fill() {
    for (int n = 0; n < 100; ++n) ReceiveFromAnywhere(Numbered(n, "INVITE").text());
    ASSERT_EQ(layer_.live(), 100u);
  }
  void Tick(Duration time) {
    now_ += time;
    SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
    while (layer_.next_deadline() <= now_) {
      layer_.OnDeadline(now_, sink);
      sink.Clear();
    }
  }

  SeededRandom random_{7};
  TransactionLayer layer_{Small(), random_};
  Instant now_{};
  std::uint32_t sources_ = 0;
  std::vector<TransactionId> delivered_;
};

TEST_F(Overload, InvitesWithDistinctBranches) {
  Fill();
  const TransactionMemory full = layer_.memory();
  for (int n = 0; n < kFlood; ++n) {
    const std::string invite = Numbered(1000 + n, "INVITE").text();
    const Cost cost = ReceiveFromAnywhere(invite);
    ASSERT_EQ(cost.actions, 1u);
    ASSERT_EQ(cost.transmits, 1u);
    ASSERT_LE(cost.bytes, invite.size() + kRefusalBytesMax);
    ASSERT_EQ(layer_.memory(), full) << n;
  }
  EXPECT_EQ(layer_.counters().refused_by(Refusal::kTransactionsMax), static_cast<std::uint64_t>(kFlood));
  EXPECT_EQ(layer_.counters().transactions_peak, 100u);
  // When it is over all can be ended, and what was obtained serves the next.
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  for (const TransactionId id : delivered_) {
    EXPECT_EQ(layer_.SendResponse(now_, id, {.status_code = 486, .reason = {}, .to_tag = "t"}, sink),
              RespondError::kNone);
    sink.Clear();
  }
  Tick(Seconds(32));
  EXPECT_EQ(layer_.live(), 0u);
  EXPECT_EQ(layer_.memory().sources, 0u);
  EXPECT_EQ(layer_.next_deadline(), kNever);
  for (int n = 0; n < 100; ++n) EXPECT_EQ(ReceiveFromAnywhere(Numbered(n, "INVITE").text()).transmits, 0u);
  EXPECT_EQ(layer_.memory().slots, full.slots);
  EXPECT_EQ(layer_.memory().source_slots, full.source_slots);
}

TEST_F(Overload, AFloodOfOneSourceLeavesRoomForOthers) {
  TransactionOptions options = Small();
  options.server_transactions_per_source_max = 10;
  LayerUnderTest t(options);
  for (int n = 0; n < kFlood; ++n) {
    t.ComeFrom("198.51.100.1", static_cast<std::uint16_t>(1024 + n));
    t.Receive(Numbered(1000 + n, "INVITE").text());
  }
  EXPECT_EQ(t.layer().live(), 10u);
  t.ComeFrom("192.0.2.1");
  for (int n = 0; n < 10; ++n) EXPECT_FALSE(t.ReceiveNew(Numbered(n, "INVITE").text()).is_nil());
}

TEST_F(Overload, ARefusalRepeatsNoMoreThanTheRequestsVias) {
  Fill();
  // The answer to a spoofed source is no lever: never more than what came and a little.
  for (int vias : {1, 10, 50}) {
    RequestText request = Numbered(5000, "INVITE");
    for (int i = 1; i < vias; ++i)
      request.more += "Via: SIP/2.0/UDP h" + std::to_string(i) + ";branch=z9hG4bKx\r\n";
    request.body = std::string(3000, 'b');
    const Cost cost = ReceiveFromAnywhere(request.text());
    EXPECT_EQ(cost.transmits, 1u);
    EXPECT_LE(cost.bytes, request.text().size() - request.body.size() + kRefusalBytesMax);
  }
}

TEST_F(Overload, Retransmissions) {
  const SocketAddress source = *ParseIp("192.0.2.1", 5060);
  Receive(Numbered(1, "INVITE").text(), source);
  Receive(Numbered(2, "OPTIONS").text(), source);
  SinkOf<Action, TransactionLayer::kActionsPerEventMax> sink;
  const RespondError error =
      layer_.SendResponse(now_, delivered_[0], {.status_code = 180, .reason = {}, .to_tag = "t"}, sink);
  ASSERT_EQ(error, RespondError::kNone);
  const std::size_t size = std::get<action::Transmit>(sink[0]).wire.size();
  const TransactionMemory before = layer_.memory();
  const Instant deadline = layer_.next_deadline();
  for (int n = 0; n < kFlood; ++n) {
    // The provisional response from memory, and nothing at all in Trying.
    ASSERT_EQ(Receive(Numbered(1, "INVITE").text(), source),
              (Cost{.actions = 1, .transmits = 1, .bytes = size}));
    ASSERT_EQ(Receive(Numbered(2, "OPTIONS").text(), source), Cost{});
  }
  EXPECT_EQ(layer_.memory(), before);
  EXPECT_EQ(layer_.next_deadline(), deadline);
  EXPECT_EQ(layer_.counters().retransmissions_in, 2u * kFlood);
  EXPECT_EQ(layer_.live(), 2u);
}

TEST_F(Overload, StrayResponses) {
  Fill();
  const TransactionMemory before = layer_.memory();
  for (int n = 0; n < kFlood; ++n) {
    const std::string stray = ResponseText(Numbered(n, n % 2 == 0 ? "INVITE" : "BYE").text(), 200 + n % 400);
    ASSERT_EQ(ReceiveFromAnywhere(stray), Cost{});
  }
  EXPECT_EQ(layer_.memory(), before);
  EXPECT_EQ(layer_.counters().stray_responses, static_cast<std::uint64_t>(kFlood));
}

TEST_F(Overload, StrayAcks) {
  Fill();
  const TransactionMemory before = layer_.memory();
  for (int n = 0; n < kFlood; ++n) {
    // Of nothing known: to the user, who alone can tell an ACK to a 2xx.
    ASSERT_EQ(ReceiveFromAnywhere(Numbered(1000 + n, "ACK").text()), (Cost{.actions = 1}));
    // Of an INVITE still open: nothing.
    ASSERT_EQ(ReceiveFromAnywhere(Numbered(n % 100, "ACK").text()), Cost{});
  }
  EXPECT_EQ(layer_.memory(), before);
  EXPECT_EQ(layer_.counters().stray_acks, 2u * kFlood);
}

TEST_F(Overload, StrayCancels) {
  // They are transactions up to the cap, for their user answers them 481; beyond it nothing (8.2.7).
  for (int n = 0; n < 100; ++n)
    ASSERT_EQ(ReceiveFromAnywhere(Numbered(n, "CANCEL").text()), (Cost{.actions = 1}));
  const TransactionMemory before = layer_.memory();
  for (int n = 0; n < kFlood; ++n)
    ASSERT_EQ(ReceiveFromAnywhere(Numbered(1000 + n, "CANCEL").text()), Cost{});
  EXPECT_EQ(layer_.memory(), before);
  EXPECT_EQ(layer_.live(), 100u);
  EXPECT_EQ(layer_.counters().stray_cancels, 100u + kFlood);
}

TEST_F(Overload, UnparsableDatagrams) {
  Fill();
  const TransactionMemory full = layer_.memory();
  const std::string good = Numbered(5000, "OPTIONS").text();
  std::string bad_value = good;
  bad_value.replace(bad_value.find("Max-Forwards: 70"), 16, "Max-Forwards: xx");
  const std::string kinds[] = {"", std::string(65000, 'x'), good.substr(0, good.find("Call-ID")), bad_value};
  for (int n = 0; n < kFlood; ++n) {
    const std::string& text = kinds[n % 4];
    const Cost cost = ReceiveFromAnywhere(text);
    ASSERT_EQ(cost.actions, cost.transmits);
    ASSERT_LE(cost.actions, 1u);
    ASSERT_LE(cost.bytes, cost.actions * (text.size() + kRefusalBytesMax));
  }
  EXPECT_EQ(layer_.counters().unparsable_answered, static_cast<std::uint64_t>(kFlood / 4));
  EXPECT_EQ(layer_.counters().unparsable_dropped, static_cast<std::uint64_t>(kFlood - kFlood / 4));
  // The last answer's bytes go with the next event (law 5).
  ReceiveFromAnywhere("");
  EXPECT_EQ(layer_.memory(), full);
}

// Strings chosen so that a hash whose key is known puts all of them into one place of the index.
std::vector<std::string> BranchesFor(const StringHash& known, std::size_t count, std::uint64_t places) {
  std::vector<std::string> branches;
  for (int n = 0; branches.size() < count; ++n) {
    std::string branch = "z9hG4bK" + std::to_string(n);
    ServerKey key;
    key.branch = branch;
    key.host = "pc33.atlanta.example";
    key.port = 5060;
    key.method = "INVITE";
    key.has_cookie = true;
    const std::uint64_t hash = HashOf(known, key);
    if ((hash ^ hash >> 32) % places == 0) branches.push_back(std::move(branch));  // as SlotIndex folds it
  }
  return branches;
}

std::size_t LongestWayWith(const StringHash& hash, const std::vector<std::string>& branches) {
  SlotIndex index;
  for (std::uint32_t slot = 0; slot < branches.size(); ++slot) {
    ServerKey key;
    key.branch = branches[slot];
    key.host = "pc33.atlanta.example";
    key.port = 5060;
    key.method = "INVITE";
    key.has_cookie = true;
    index.Insert(HashOf(hash, key), slot);
  }
  return index.LongestDisplacement();
}

TEST_F(Overload, ChosenBranchesDoNotCollideUnderASaltedHash) {
  // 256 of them fill an index of 512 places or more by half at most.
  const StringHash known(0, 0);
  const std::vector<std::string> chosen = BranchesFor(known, 256, 512);
  EXPECT_EQ(LongestWayWith(known, chosen), 255u) << "without a salt they do";
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SeededRandom random(seed);
    EXPECT_LE(LongestWayWith(StringHash(random), chosen), 40u) << seed;
  }
}

TEST_F(Overload, TheWayThroughAFullIndexIsShort) {
  // As many entries as the default cap, random hashes: what a look-up steps over at the worst.
  SeededRandom random(5);
  const StringHash hash(random);
  std::vector<std::string> branches;
  for (int n = 0; n < 16384; ++n) branches.push_back("z9hG4bK" + std::to_string(n));
  EXPECT_LE(LongestWayWith(hash, branches), 80u);
}

TEST_F(Overload, OneBranchWithManyMethodsIsCutOff) {
  // Their hashes are equal, salt or not: no chain of them is longer than eight.
  for (int n = 0; n < kFlood; ++n) {
    RequestText request = Numbered(1, "INVITE");
    request.method = "M" + std::to_string(n);
    const Cost cost = ReceiveFromAnywhere(request.text());
    ASSERT_EQ(cost.actions, 1u);
    ASSERT_EQ(cost.transmits, n < 8 ? 0u : 1u);
  }
  EXPECT_EQ(layer_.live(), 8u);
  EXPECT_EQ(layer_.counters().refused_by(Refusal::kLookAlikes), kFlood - 8u);
}

TEST_F(Overload, BigRequestsEndAtTheBytesKept) {
  // Long Vias, each of which is kept for the response.
  TransactionOptions options = Small();
  options.transactions_max = 100000;
  options.server_transactions_per_source_max = 0;
  LayerUnderTest t(options);
  for (int n = 0; n < 1000; ++n) {
    RequestText request = Numbered(n, "INVITE");
    for (int i = 0; i < 4; ++i)
      request.more += "Via: SIP/2.0/UDP h;branch=z9hG4bK" + std::string(4000, 'v') + "\r\n";
    t.Receive(request.text());
    ASSERT_LE(t.layer().memory().buffered_bytes, std::size_t{1} << 20);
  }
  EXPECT_LT(t.layer().live(), 64u);
  EXPECT_EQ(t.layer().counters().refused_by(Refusal::kNoBufferSpace), 1000 - t.layer().live());
}

}  // namespace
}  // namespace sansip::testing
