// A trace file as a trace, for ladders: what the recorded user agent sent and received, was asked and told.
// Nothing is run; what the file says is drawn.
#ifndef SANSIP_TESTS_SIM_RECORDED_TRACE_H_
#define SANSIP_TESTS_SIM_RECORDED_TRACE_H_

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// Does it begin like one?
bool IsRecordedTrace(std::string_view bytes);

// `names` gets the user agent and the peers of its flows. Up to the n-th input, for n > 0, with all that came
// of it. False, with `why`: it is no trace. One that breaks off is one up to there.
bool ReadRecordedTrace(std::istream& in, std::uint64_t n, Trace& trace, std::vector<std::string>& names,
                       std::string& why);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_RECORDED_TRACE_H_
