// session_timer_once negotiate|caller|callee TIMES: that work TIMES times, in a function of its own name, and
// prints how often operator new was called meanwhile. For bench/session_timer_instructions, which counts what
// the processor does in that function.
//
// negotiate: the answer to a request, and what its 2xx agrees. caller, callee: what either user agent does
// for a refresh by UPDATE among 200 calls, from its deadline to the end of its transaction: all is written
// and parsed, the carrying of bytes is not counted.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "sansip/bench/allocations.h"
#include "sansip/bench/user_agent_pair.h"
#include "sansip/core/base/check.h"
#include "sansip/session_timer/negotiation.h"

// One input of either side.
extern "C" [[gnu::noinline]] void caller(sansip::UserAgentPair& pair) { pair.Act(pair.caller()); }
extern "C" [[gnu::noinline]] void callee(sansip::UserAgentPair& pair) { pair.Act(pair.callee()); }

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

void TakeTurn(UserAgentPair& pair, UserAgent& agent) {
  &agent == &pair.caller() ? ::caller(pair) : ::callee(pair);
}

// So many, begun evenly over half an interval.
void Begin(UserAgentPair& pair, std::uint32_t calls) {
  for (std::uint32_t i = 0; i < calls; ++i) {
    pair.RunDeadlines(
        Instant(std::chrono::microseconds(std::uint64_t{UserAgentPair::kInterval} * 500'000 * i / calls)));
    pair.Establish(false);
  }
}

// Until so many more refreshes are done, with all deadlines that come meanwhile.
void Refresh(UserAgentPair& pair, std::uint64_t refreshes) {
  const std::uint64_t until = pair.caller().counters().refreshes_sent + refreshes;
  while (pair.caller().counters().refreshes_sent < until) {
    pair.RunDeadlines(std::min(pair.caller().next_deadline(), pair.callee().next_deadline()));
  }
}

int Main(std::string_view work, std::string_view number) {
  std::uint64_t times = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), times).ec != std::errc()) return 2;
  if (work == "negotiate") {
    SANSIP_CHECK(times == 0 || negotiate(times) == times * UserAgentPair::kInterval);
    std::cout << "0\n";
    return 0;
  }
  if (work != "caller" && work != "callee") return 2;
  UserAgentPair pair(true, TakeTurn);
  Begin(pair, 200);
  Refresh(pair, 200);
  const std::size_t before = AllocationCount();
  Refresh(pair, times);
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
