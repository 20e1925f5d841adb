// What a snapshot of 10,000 transactions takes: bytes and time, to write it and to restore it.
//
// Instructions: with valgrind, where the figures of docs/snapshot.md come from.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "sansip/core/base/check.h"
#include "sansip/core/transaction/testing.h"

namespace sansip {
namespace {

constexpr std::size_t kTransactions = 10'000;
constexpr FlowId kFlow = {1, 1};

TransactionOptions Options() {
  TransactionOptions options;
  options.transactions_max = kTransactions;
  return options;
}

// INVITEs that ring, at one of both ends.
class Ringing {
 public:
  explicit Ringing(bool at_server) : random_(3), layer_(Options(), random_) {
    for (std::size_t n = 0; n < kTransactions; ++n) at_server ? Receive(n) : Send();
    SANSIP_CHECK(layer_.live() == kTransactions);
    flow_.flow = kFlow;
    flow_.remote = *ParseIp("192.0.2.1", 5060);
  }

  std::size_t Save(std::vector<char>& bytes) const {
    bytes.resize(layer_.SnapshotSize());
    return layer_.Snapshot(now_, {&flow_, 1}, bytes);
  }

 private:
  void Send() {
    const std::vector<HeaderLine> headers = testing::DraftHeaders("1 INVITE");
    const Path path = {
        .flow = kFlow, .transport = Transport::kUdp, .sent_by = {"client.example", 5060}, .contact = {}};
    const RequestDraft draft = {.method = Method::kInvite,
                                .extension_method = {},
                                .request_uri = "sip:bob@biloxi.example",
                                .headers = headers};
    SANSIP_CHECK(!layer_.SendRequest(now_, path, draft, {}, sink_).id.is_nil());
    const testing::Parsed response(testing::ResponseText(std::get<action::Transmit>(sink_[0]).wire, 180));
    sink_.Clear();
    layer_.OnMessage(now_, origin_, response.view(), sink_);
    sink_.Clear();
  }
  void Receive(std::size_t n) {
    testing::RequestText request;
    request.via = "SIP/2.0/UDP pc33.atlanta.example:5066;branch=z9hG4bK776asd" + std::to_string(n);
    const testing::Parsed message(request.text());
    layer_.OnMessage(now_, origin_, message.view(), sink_);
    const TransactionId id = std::get<action::DeliverRequest>(sink_[0]).id;
    sink_.Clear();
    const RespondError error = layer_.SendResponse(now_, id, {.status_code = 180, .to_tag = "314159"}, sink_);
    SANSIP_CHECK(error == RespondError::kNone);
    sink_.Clear();
  }

  testing::SeededRandom random_;
  TransactionLayer layer_;
  Instant now_{};
  SinkOf<Action, 64> sink_;
  Origin origin_ = {.flow = kFlow, .transport = Transport::kUdp, .source = *ParseIp("192.0.2.1", 5060)};
  FlowDescription flow_;
};

void Report(benchmark::State& state, const std::vector<char>& bytes) {
  state.counters["bytes_each"] = static_cast<double>(bytes.size()) / kTransactions;
  state.counters["time_each"] = benchmark::Counter(
      kTransactions, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_Snapshot(benchmark::State& state) {
  const Ringing ringing(state.range(0) != 0);
  std::vector<char> bytes;
  ringing.Save(bytes);
  for (auto _ : state) benchmark::DoNotOptimize(ringing.Save(bytes));
  Report(state, bytes);
}
BENCHMARK(BM_Snapshot)->ArgName("server")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_Restore(benchmark::State& state) {
  std::vector<char> bytes;
  Ringing(state.range(0) != 0).Save(bytes);
  testing::SeededRandom random(5);
  for (auto _ : state) {
    state.PauseTiming();
    std::optional<TransactionLayer> layer(std::in_place, Options(), random);
    state.ResumeTiming();
    SANSIP_CHECK(layer->Restore(bytes, Instant(), Duration::zero(), {&kFlow, 1}).ok());
    state.PauseTiming();
    layer.reset();
    state.ResumeTiming();
  }
  Report(state, bytes);
}
BENCHMARK(BM_Restore)->ArgName("server")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sansip
