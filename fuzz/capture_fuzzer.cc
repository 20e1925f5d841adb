// Packet captures: whatever the file says, its ladder can be drawn, and every arrow is between columns.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/check.h"
#include "sansip/tests/sim/capture.h"
#include "sansip/tests/sim/ladder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sansip::sim;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Trace trace;
  std::vector<std::string> names;
  CaptureFigures figures;
  std::string why;
  if (!ReadCapture(bytes, trace, names, figures, why, {.columns_max = 4, .streams_max = 16})) return 0;
  for (const Record& record : trace.records()) {
    SANSIP_CHECK(record.node < names.size() && record.peer < names.size());
  }
  SANSIP_CHECK(figures.messages == trace.records().size());
  const std::string ladder = TextLadder(trace, names, {.lines_max = 100});
  for (const char c : ladder) SANSIP_CHECK(c == '\n' || (c >= ' ' && c <= '~'));
  return 0;
}
