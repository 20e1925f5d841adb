// work_once WORK FILE TIMES: does a piece of work (work.h) with the message TIMES times, and prints how often
// operator new was called for it. For bench/instructions, which counts what the processor does meanwhile.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "sansip/bench/allocations.h"
#include "sansip/bench/input.h"
#include "sansip/bench/work.h"

namespace sansip {
namespace {

// Allocations; -1 if the message was refused.
template <typename Work>
std::int64_t Run(Work work, std::string_view bytes, std::size_t times) {
  const std::size_t before = AllocationCount();
  for (std::size_t i = 0; i < times; ++i) {
    if (!work.Run(bytes)) return -1;
  }
  return static_cast<std::int64_t>(AllocationCount() - before);
}

int Main(std::string_view work, const char* file, std::string_view times_text) {
  std::size_t times = 0;
  std::from_chars(times_text.data(), times_text.data() + times_text.size(), times);
  const std::string bytes = ReadInputFile(file);
  std::int64_t allocations = 0;
  if (work == "ParseAndRead") {
    allocations = Run(ParseAndRead(), bytes, times);
  } else if (work == "WriteRequest") {
    allocations = Run(WriteRequest(bytes), bytes, times);
  } else if (work == "WriteOk") {
    allocations = Run(WriteOk(bytes), bytes, times);
  } else {
    std::cerr << work << ": no such work\n";
    return 2;
  }
  if (allocations < 0) {
    std::cerr << file << ": refused\n";
    return 1;
  }
  std::cout << allocations << "\n";
  return 0;
}

}  // namespace
}  // namespace sansip

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: work_once WORK FILE TIMES\n";
    return 2;
  }
  return sansip::Main(argv[1], argv[2], argv[3]);
}
