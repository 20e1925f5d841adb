// call_once call LIVE TIMES: a whole call through two user agents, TIMES times, with LIVE other calls up:
// INVITE with an offer, 180, 200 with the answer, ACK, BYE, 200, and the end of all transactions; prints how
// often operator new was called meanwhile. call_once bytes CALLS: what a call that is up holds of the heap, a
// side. For bench/call_instructions.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string_view>

#include "sansip/bench/allocations.h"
#include "sansip/bench/user_agent_pair.h"

// What is counted; those that warm up are none of it.
extern "C" [[gnu::noinline]] void calls(sansip::UserAgentPair& pair, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i) pair.RunCall();
}

namespace sansip {
namespace {

bool ReadNumber(std::string_view text, std::uint64_t& number) {
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

int Main(std::string_view work, std::string_view first, std::string_view second) {
  std::uint64_t live = 0, times = 0;
  if (!ReadNumber(first, live) || (work == "call" && !ReadNumber(second, times))) return 2;
  if (work != "call" && work != "bytes") return 2;
  UserAgentPair pair(work == "bytes");  // refreshes are not to be counted
  for (int i = 0; i < 3; ++i) pair.RunCall();
  const std::size_t held_before = AllocatedBytes();
  pair.EstablishMany(live);
  if (work == "bytes") {
    std::cout << static_cast<double>(AllocatedBytes() - held_before) / static_cast<double>(2 * live) << "\n";
    return 0;
  }
  for (int i = 0; i < 3; ++i) pair.RunCall();
  const std::size_t before = AllocationCount();
  calls(pair, times);
  std::cout << AllocationCount() - before << "\n";
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  const int status = argc >= 3 ? sansip::Main(argv[1], argv[2], argc > 3 ? argv[3] : "") : 2;
  if (status == 2) std::cerr << "usage: call_once call LIVE TIMES | bytes CALLS\n";
  return status;
}
