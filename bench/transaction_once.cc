// transaction_once options|call LIVE TIMES: that work among LIVE transactions in each layer, TIMES times,
// in the function Measured, and prints how often operator new was called for it. For
// bench/transaction_instructions, which counts what the processor does meanwhile.
//
// transaction_once bytes finished_options|ringing_invite COUNT: prints the bytes that the heap holds for
// each of so many.
#include <charconv>
#include <cstddef>
#include <iostream>
#include <string_view>

#include "sansip/bench/allocations.h"
#include "sansip/bench/transaction_work.h"

extern "C" [[gnu::noinline]] void Measured(sansip::TransactionLoad& load, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) load.Run();
}

namespace sansip {
namespace {

bool Read(std::string_view text, std::size_t& number) {
  return std::from_chars(text.data(), text.data() + text.size(), number).ptr == text.data() + text.size();
}

int Measure(TransactionLoad::Work work, std::size_t live, std::size_t times) {
  TransactionLoad load(work, live);
  for (int i = 0; i < 100; ++i) load.Run();
  const std::size_t before = AllocationCount();
  Measured(load, times);
  std::cout << AllocationCount() - before << "\n";
  return 0;
}

int Main(std::string_view what, std::string_view second, std::string_view third) {
  std::size_t live = 0, times = 0;
  if (!Read(third, times) || times == 0) return 2;
  if (what == "bytes" && second == "finished_options") {
    std::cout << BytesPerPair(Held::kFinishedOptions, times) << "\n";
  } else if (what == "bytes" && second == "ringing_invite") {
    std::cout << BytesPerPair(Held::kRingingInvite, times) << "\n";
  } else if (what == "options" && Read(second, live)) {
    return Measure(TransactionLoad::Work::kOptions, live, times);
  } else if (what == "call" && Read(second, live)) {
    return Measure(TransactionLoad::Work::kCall, live, times);
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  const int status = argc == 4 ? sansip::Main(argv[1], argv[2], argv[3]) : 2;
  if (status == 2) {
    std::cerr << "usage: transaction_once options|call LIVE TIMES\n"
                 "       transaction_once bytes finished_options|ringing_invite COUNT\n";
  }
  return status;
}
