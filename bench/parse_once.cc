// parse_once FILE TIMES: parses the message and reads what a call needs, TIMES times, and prints how often
// operator new was called for it. For bench/instructions, which counts what the processor does meanwhile.
#include <charconv>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>

#include "sansip/bench/allocations.h"
#include "sansip/bench/input.h"
#include "sansip/bench/work.h"

int main(int argc, char** argv) {
  std::size_t times = 0;
  if (argc == 3) {
    const std::string_view text = argv[2];
    std::from_chars(text.data(), text.data() + text.size(), times);
  }
  if (times == 0) {
    std::cerr << "usage: parse_once FILE TIMES\n";
    return 2;
  }
  const std::string bytes = sansip::ReadInputFile(argv[1]);
  sansip::ParseAndRead work;
  const std::size_t before = sansip::AllocationCount();
  for (std::size_t i = 0; i < times; ++i) {
    if (!work.Run(bytes)) {
      std::cerr << argv[1] << ": refused\n";
      return 1;
    }
  }
  std::cout << sansip::AllocationCount() - before << "\n";
  return work.reading().call_id.empty() ? 1 : 0;
}
