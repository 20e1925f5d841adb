// The timers of the transactions in a trace, from start to end, for a ladder's drawing. They are read out
// of the tables by the arrows that were taken.
#ifndef SANSIP_TESTS_CONFORMANCE_TIMER_SPANS_H_
#define SANSIP_TESTS_CONFORMANCE_TIMER_SPANS_H_

#include <vector>

#include "sansip/tests/sim/ladder.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::conformance {

// Records do not say whose arrow it was: of several transactions in the same state it is the oldest's.
std::vector<sim::LadderSpan> TimerSpans(const sim::Trace& trace);

}  // namespace sansip::conformance

#endif  // SANSIP_TESTS_CONFORMANCE_TIMER_SPANS_H_
