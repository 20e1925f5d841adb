// What a transaction costs, both sides in one thread, in memory, writing and parsing included.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "benchmark/benchmark.h"
#include "sansip/core/transaction/testing.h"

namespace sansip {
namespace {

constexpr FlowId kFlow = {1, 1};

class Pair {
 public:
  explicit Pair(std::size_t transactions_max = 1 << 20)
      : random_(3),
        client_(Options(transactions_max), random_),
        server_(Options(transactions_max), random_) {}

  void Options() {
    Send(Method::kOptions, "1 OPTIONS");
    Respond(delivered_, 200);
  }
  // Six messages: INVITE, 180, 200, ACK, BYE, 200.
  void Call() {
    Send(Method::kInvite, "1 INVITE");
    const TransactionId invite = delivered_;
    Respond(invite, 180);
    Respond(invite, 200);
    headers_[4].value = "1 ACK";
    client_.SendOutside(now_, path_, Draft(Method::kAck), sink_);
    Carry(server_);
    Send(Method::kBye, "2 BYE");
    Respond(delivered_, 200);
  }
  void Ring() {
    Send(Method::kInvite, "1 INVITE");
    Respond(delivered_, 180);
  }
  void Pass(Duration time) {
    now_ += time;
    for (TransactionLayer* layer : {&client_, &server_}) {
      while (layer->next_deadline() <= now_) {
        layer->OnDeadline(now_, sink_);
        sink_.Clear();
      }
    }
  }
  void FailServersFlow() {
    server_.OnFlowFailed(now_, kFlow, sink_);
    sink_.Clear();
  }
  std::size_t live() const { return client_.live() + server_.live(); }

 private:
  static TransactionOptions Options(std::size_t transactions_max) {
    TransactionOptions options;
    options.transactions_max = transactions_max;
    options.buffered_bytes_max = std::size_t{4} << 30;
    return options;
  }
  RequestDraft Draft(Method method) const {
    return {.method = method,
            .extension_method = {},
            .request_uri = "sip:bob@biloxi.example",
            .headers = headers_};
  }
  void Send(Method method, std::string_view cseq) {
    headers_[4].value = cseq;
    benchmark::DoNotOptimize(client_.SendRequest(now_, path_, Draft(method), {}, sink_));
    Carry(server_);
  }
  void Respond(TransactionId id, int status_code) {
    const ResponseDraft draft = {.status_code = status_code, .reason = {}, .to_tag = "314159"};
    benchmark::DoNotOptimize(server_.SendResponse(now_, id, draft, sink_));
    Carry(client_);
  }
  void Carry(TransactionLayer& to) {
    bytes_.assign(std::get<action::Transmit>(sink_[0]).wire);
    sink_.Clear();
    benchmark::DoNotOptimize(parser_.Parse(bytes_, Framing::kDatagram, index_));
    message_ = MessageView(bytes_, index_);
    to.OnMessage(now_, origin_, message_, sink_);
    for (const Action& action : sink_) {
      if (const auto* request = std::get_if<action::DeliverRequest>(&action)) delivered_ = request->id;
    }
    sink_.Clear();
  }

  testing::SeededRandom random_;
  TransactionLayer client_;
  TransactionLayer server_;
  Instant now_{};
  SinkOf<Action, 64> sink_;
  Parser parser_;
  MessageIndex index_;
  std::string bytes_;
  MessageView message_{bytes_, index_};
  TransactionId delivered_;
  std::vector<HeaderLine> headers_ = testing::DraftHeaders("");
  Path path_ = {
      .flow = kFlow, .transport = Transport::kUdp, .sent_by = {"client.example", 5060}, .contact = {}};
  Origin origin_ = {.flow = kFlow, .transport = Transport::kUdp, .source = *ParseIp("192.0.2.1", 5060)};
};

void BM_OptionsPair(benchmark::State& state) {
  Pair pair;
  for (auto _ : state) {
    pair.Options();
    pair.Pass(std::chrono::milliseconds(10));
  }
  state.counters["live"] = static_cast<double>(pair.live());
}
BENCHMARK(BM_OptionsPair);

void BM_InviteCall(benchmark::State& state) {
  Pair pair;
  for (auto _ : state) {
    pair.Call();
    pair.Pass(std::chrono::milliseconds(10));
  }
  state.counters["live"] = static_cast<double>(pair.live());
}
BENCHMARK(BM_InviteCall);

// The same with so many calls ringing beside it.
void BM_InviteCallAmong(benchmark::State& state) {
  Pair pair;
  for (std::int64_t i = 0; i < state.range(0); ++i) pair.Ring();
  for (auto _ : state) {
    pair.Call();
    pair.Pass(std::chrono::milliseconds(10));
  }
  state.counters["live"] = static_cast<double>(pair.live());
}
BENCHMARK(BM_InviteCallAmong)->Arg(1000)->Arg(100000);

// A flow fails on which so many calls ring: one event, whatever their number.
void BM_FlowFailedAmong(benchmark::State& state) {
  Pair pair;
  for (std::int64_t i = 0; i < state.range(0); ++i) pair.Ring();
  for (auto _ : state) pair.FailServersFlow();
}
BENCHMARK(BM_FlowFailedAmong)->Arg(100)->Arg(10000);

}  // namespace
}  // namespace sansip
