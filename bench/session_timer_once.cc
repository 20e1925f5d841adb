// session_timer_once negotiate|caller|callee TIMES: that work TIMES times, in a function of its own name, and
// prints how often operator new was called meanwhile. For bench/session_timer_instructions, which counts what
// the processor does in that function.
//
// negotiate: the answer to a request, and what its 2xx agrees. caller, callee: what either user agent does
// for a refresh by UPDATE among 200 calls, from its deadline to the end of its transaction: all is written
// and parsed, the carrying of bytes is not counted.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string_view>
#include <variant>

#include "sansip/bench/allocations.h"
#include "sansip/core/base/check.h"
#include "sansip/core/message/parser.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip {

// A caller's and a callee's user agent with calls that the caller refreshes, in memory.
class RefreshedCalls {
 public:
  // So many, begun evenly over half an interval.
  explicit RefreshedCalls(std::uint32_t calls);

  // Until so many more refreshes are done, with all deadlines that come meanwhile.
  void Refresh(std::uint64_t refreshes);
  void Act(UserAgent& agent);
  UserAgent& caller() { return caller_; }
  UserAgent& callee() { return callee_; }

 private:
  class Counted : public RandomSource {
   public:
    std::uint64_t Next() override { return state_ = state_ * 6364136223846793005u + 1442695040888963407u; }

   private:
    std::uint64_t state_ = 4028;
  };
  struct Input {
    bool is_callers = false;
    bool is_located = false;
    Cookie locate;
    std::size_t size = 0;  // of a message; 0 and not located: a deadline
    std::array<char, 2048> bytes;
  };
  static UserAgentOptions Options();

  void Collect(bool is_callers);
  void Carry();
  void RunDeadlines(Instant until);

  Counted random_;
  UserAgent caller_, callee_;
  Instant now_{};
  Parser parser_;
  MessageIndex index_;
  SinkOf<UserAgentAction, UserAgent::kActionsPerEventMax> sink_;
  std::array<Input, 16> waiting_;
  std::size_t first_ = 0, count_ = 0;
  const Input* input_ = nullptr;
  CallId incoming_;
};

}  // namespace sansip

// One input of either side.
extern "C" [[gnu::noinline]] void caller(sansip::RefreshedCalls& calls) { calls.Act(calls.caller()); }
extern "C" [[gnu::noinline]] void callee(sansip::RefreshedCalls& calls) { calls.Act(calls.callee()); }

extern "C" [[gnu::noinline]] std::uint64_t negotiate(std::size_t times) {
  using namespace sansip;
  const SessionTimerWish wish;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < times; ++i) {
    SessionTimerFacts request;
    request.supported = true;
    request.session_expires = 1800 + static_cast<std::uint32_t>(i % 64);
    const SessionTimerAnswer answer = AnswerSessionTimer(wish, request);
    SessionTimerFacts agreed;
    agreed.session_expires = answer.session_expires;
    agreed.refresher = answer.refresher;
    sum += AgreementFrom2xx(wish, {.session_expires = request.session_expires}, agreed).interval;
  }
  return sum;
}

namespace sansip {
namespace {

constexpr std::uint32_t kInterval = 1800;
constexpr std::string_view kSession = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";

}  // namespace

UserAgentOptions RefreshedCalls::Options() {
  UserAgentOptions options;
  options.limits.calls_max = 1 << 20;
  return options;
}

RefreshedCalls::RefreshedCalls(std::uint32_t calls)
    : caller_(Options(), random_), callee_(Options(), random_) {
  for (std::uint32_t i = 0; i < calls; ++i) {
    const auto begin = Instant(std::chrono::microseconds(std::uint64_t{kInterval} * 500'000 * i / calls));
    RunDeadlines(begin);
    now_ = std::max(now_, begin);
    sink_.Clear();
    const Placed placed = caller_.PlaceCall(now_,
                                            {.target = "sip:bob@bob.example",
                                             .from = "<sip:alice@alice.example>",
                                             .content = {.body = kSession},
                                             .session_timer = {.session_expires = kInterval}},
                                            sink_);
    SANSIP_CHECK(placed.error == VerbError::kNone);
    Collect(true);
    Carry();
    sink_.Clear();
    SANSIP_CHECK(callee_.Answer(now_, incoming_, {.body = kSession}, sink_) == VerbError::kNone);
    Collect(false);
    Carry();
  }
}

void RefreshedCalls::Refresh(std::uint64_t refreshes) {
  const std::uint64_t until = caller_.counters().refreshes_sent + refreshes;
  while (caller_.counters().refreshes_sent < until) {
    RunDeadlines(std::min(caller_.next_deadline(), callee_.next_deadline()));
  }
}

void RefreshedCalls::RunDeadlines(Instant until) {
  for (;;) {
    const bool is_callers = caller_.next_deadline() <= callee_.next_deadline();
    const Instant next = is_callers ? caller_.next_deadline() : callee_.next_deadline();
    if (next > until) return;
    now_ = std::max(now_, next);
    waiting_[count_ % waiting_.size()].is_callers = is_callers;
    waiting_[count_ % waiting_.size()].is_located = false;
    waiting_[count_++ % waiting_.size()].size = 0;
    Carry();
  }
}

// What the sink holds becomes inputs.
void RefreshedCalls::Collect(bool is_callers) {
  for (const UserAgentAction& action : sink_) {
    if (const auto* incoming = std::get_if<ua::Incoming>(&action)) incoming_ = incoming->call;
    const auto* transmit = std::get_if<ua::Transmit>(&action);
    const auto* locate = std::get_if<ua::Locate>(&action);
    if (transmit == nullptr && locate == nullptr) continue;
    SANSIP_CHECK(count_ - first_ < waiting_.size());
    Input& input = waiting_[count_++ % waiting_.size()];
    input.is_callers = (locate != nullptr) == is_callers;
    input.is_located = locate != nullptr;
    if (locate != nullptr) input.locate = locate->cookie;
    input.size = transmit == nullptr ? 0 : transmit->wire.copy(input.bytes.data(), input.bytes.size());
  }
}

void RefreshedCalls::Carry() {
  while (first_ < count_) {
    input_ = &waiting_[first_ % waiting_.size()];
    const bool is_callers = input_->is_callers;
    is_callers ? ::caller(*this) : ::callee(*this);
    ++first_;
    Collect(is_callers);
  }
}

void RefreshedCalls::Act(UserAgent& agent) {
  const HostPort host{&agent == &caller_ ? "alice.example" : "bob.example", 5060};
  sink_.Clear();
  if (input_->is_located) {
    agent.OnLocated(now_, input_->locate, {{1, 1}, Transport::kUdp, host, host}, sink_);
  } else if (input_->size == 0) {
    agent.OnDeadline(now_, sink_);
  } else {
    static const SocketAddress source = *ParseIp("192.0.2.9", 5060);
    const std::string_view bytes(input_->bytes.data(), input_->size);
    SANSIP_CHECK(parser_.Parse(bytes, Framing::kDatagram, index_).ok());
    agent.OnMessage(now_, {{1, 1}, Transport::kUdp, source, host}, MessageView(bytes, index_), sink_);
  }
}

namespace {

int Main(std::string_view work, std::string_view number) {
  std::uint64_t times = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), times).ec != std::errc()) return 2;
  if (work == "negotiate") {
    SANSIP_CHECK(times == 0 || negotiate(times) == times * kInterval);
    std::cout << "0\n";
    return 0;
  }
  if (work != "caller" && work != "callee") return 2;
  RefreshedCalls calls(200);
  calls.Refresh(200);
  const std::size_t before = AllocationCount();
  calls.Refresh(times);
  std::cout << AllocationCount() - before << "\n";
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  const int status = argc == 3 ? sansip::Main(argv[1], argv[2]) : 2;
  if (status == 2) std::cerr << "usage: session_timer_once negotiate|caller|callee TIMES\n";
  return status;
}
