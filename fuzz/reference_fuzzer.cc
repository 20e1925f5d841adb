// The transaction layer and the reference transactions on a fuzzer's inputs: they must do the same.
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "sansip/core/base/check.h"
#include "sansip/tests/reference/side_by_side.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string report;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool are_the_same = sansip::reference::AreTheSame(bytes, report);
  if (!are_the_same) std::cout << report;
  SANSIP_CHECK(are_the_same);
  return 0;
}
