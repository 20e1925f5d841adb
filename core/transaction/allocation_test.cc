// After warm-up one more call allocates nothing: 10,000 calls (INVITE, 180, 200, ACK, BYE, 200), every fourth
// one refused or cancelled instead, both sides counted.
#include <cstdlib>
#include <deque>
#include <new>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"

namespace {

std::size_t allocations = 0;

void* Allocate(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace sansip::testing {
namespace {

constexpr FlowId kFlow = {1, 1};

class Call {
 public:
  Call() : random_(3), client_(Options(), random_), server_(Options(), random_) {}

  void Run(int n) {
    now_ += std::chrono::milliseconds(20);
    Tick(client_);
    Tick(server_);
    const TransactionId invite = Start(Method::kInvite, "1 INVITE");
    const TransactionId at_server = delivered_;
    Respond(at_server, 180);
    if (n % 4 == 3) {
      client_.Cancel(now_, invite, sink_);
      ToServer();
      Respond(delivered_, 200);
      Respond(at_server, 487);
      return;
    }
    Respond(at_server, n % 4 == 2 ? 486 : 200);
    if (n % 4 == 2) return;
    Acknowledge();
    Start(Method::kBye, "2 BYE");
    Respond(delivered_, 200);
  }

  std::size_t live() const { return client_.live() + server_.live(); }
  const TransactionLayer& server() const { return server_; }
  Instant now() const { return now_; }

  static TransactionOptions Options() {
    TransactionOptions options;
    options.transactions_max = 100000;
    return options;
  }

 private:
  std::span<const HeaderLine> Headers(std::string_view cseq) {
    headers_[4].value = cseq;
    return headers_;
  }

  TransactionId Start(Method method, std::string_view cseq) {
    const RequestDraft draft = {.method = method,
                                .extension_method = {},
                                .request_uri = "sip:bob@biloxi.example",
                                .headers = Headers(cseq)};
    const TransactionId id = client_.SendRequest(now_, path_, draft, {}, sink_).id;
    EXPECT_FALSE(id.is_nil());
    ToServer();
    return id;
  }
  void Acknowledge() {
    const RequestDraft draft = {.method = Method::kAck,
                                .extension_method = {},
                                .request_uri = "sip:bob@192.0.2.4",
                                .headers = Headers("1 ACK")};
    client_.SendOutside(now_, path_, draft, sink_);
    ToServer();
  }
  void Respond(TransactionId id, int status_code) {
    EXPECT_EQ(
        server_.SendResponse(now_, id, {.status_code = status_code, .reason = {}, .to_tag = "314159"}, sink_),
        RespondError::kNone);
    ToClient();
  }
  void Tick(TransactionLayer& layer) {
    while (layer.next_deadline() <= now_) {
      layer.OnDeadline(now_, sink_);
      sink_.Clear();
    }
  }
  // What one side sent, to the other; an ACK on its way back is delivered too.
  void ToServer() { Exchange(server_, client_); }
  void ToClient() { Exchange(client_, server_); }
  void Exchange(TransactionLayer& receiver, TransactionLayer& sender) {
    TransactionLayer* to = &receiver;
    for (TransactionLayer* from = &sender; !sink_.empty(); std::swap(to, from)) {
      bytes_.clear();
      for (const Action& action : sink_) {
        const auto* transmit = std::get_if<action::Transmit>(&action);
        if (transmit != nullptr) bytes_.assign(transmit->wire);
        const auto* request = std::get_if<action::DeliverRequest>(&action);
        if (request != nullptr && !request->id.is_nil()) delivered_ = request->id;
      }
      sink_.Clear();
      if (bytes_.empty()) return;
      ASSERT_TRUE(parser_.Parse(bytes_, Framing::kDatagram, index_).ok());
      message_ = MessageView(bytes_, index_);
      to->OnMessage(now_, origin_, message_, sink_);
    }
  }

  SeededRandom random_;
  TransactionLayer client_;
  TransactionLayer server_;
  Instant now_{};
  SinkOf<Action, 64> sink_;
  Parser parser_;
  MessageIndex index_;
  std::string bytes_ = std::string(4096, ' ');
  MessageView message_{bytes_, index_};
  TransactionId delivered_;
  std::vector<HeaderLine> headers_ = DraftHeaders("");
  Path path_ = {
      .flow = kFlow, .transport = Transport::kUdp, .sent_by = {"client.example", 5060}, .contact = {}};
  Origin origin_ = {.flow = kFlow, .transport = Transport::kUdp, .source = *ParseIp("192.0.2.1", 5060)};
};

TEST(Allocation, NoneIn10000CallsAfterWarmUp) {
  Call call;
  for (int n = 0; n < 4000; ++n) call.Run(n);
  const std::size_t live = call.live();
  const std::size_t before = allocations;
  for (int n = 0; n < 10000; ++n) call.Run(n);
  EXPECT_EQ(allocations, before);
  // Thousands were alive at any time, and no more at the end than at the beginning.
  EXPECT_GT(live, 3000u);
  EXPECT_NEAR(static_cast<double>(call.live()), static_cast<double>(live), 0.02 * static_cast<double>(live));
}

TEST(Allocation, NoneForASnapshotAndOnlyPoolsToRestoreIt) {
  Call call;
  for (int n = 0; n < 1500; ++n) call.Run(n);
  const TransactionLayer& server = call.server();
  ASSERT_GT(server.live(), 1000u);
  ASSERT_EQ(server.FlowsInUse({}), 1u);
  FlowDescription flow;
  flow.flow = kFlow;
  std::vector<char> bytes(server.SnapshotSize());
  std::size_t before = allocations;
  EXPECT_EQ(server.Snapshot(call.now(), {&flow, 1}, bytes), bytes.size());
  EXPECT_EQ(allocations, before);

  SeededRandom random(4);
  TransactionLayer restored(Call::Options(), random);
  before = allocations;
  EXPECT_TRUE(restored.Restore(bytes, call.now(), Duration::zero(), {&kFlow, 1}).ok());
  // Pages of 64 KiB, chunks of 64 slots, tables that double.
  EXPECT_LT(allocations - before, restored.live() / 10);
}

TEST(Allocation, IsSeenByThisTest) {
  const std::size_t before = allocations;
  const std::vector<int> numbers(1000);
  EXPECT_EQ(numbers.size(), 1000u);
  EXPECT_GT(allocations, before);
}

}  // namespace
}  // namespace sansip::testing
