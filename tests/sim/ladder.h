// Ladders: a trace as a person reads it, in text. Messages are arrows between the nodes' life lines, drawn
// at the time they were sent; a lost one ends in an x; what a node did stands on its line. A life line is
// made of # while the node has a session timer running.
//
//      0.000 | INVITE z9hG4bK1 --------------> |
//      0.240 | C4 Calling -> Proceeding        |
//      1.000 |     x <-------- 486 Busy Here - |  lost
#ifndef SANSIP_TESTS_SIM_LADDER_H_
#define SANSIP_TESTS_SIM_LADDER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/trace.h"

namespace sansip::sim {

// Something that lasted, beside a node's life line: a timer from its start to its end, which are records of
// the trace, by number.
struct LadderSpan {
  std::uint32_t node = 0;
  std::size_t from = 0, until = 0;
  std::string name;  // "B", at its top
  std::string text;  // when it is pointed at
};

struct LadderOptions {
  bool verbs = true;
  bool events = true;   // Progress, Answered, Refreshed, Ended ...
  bool arrows = false;  // of the transactions' tables
  Instant from = Instant{};
  Instant until = kNever;
  std::size_t lines_max = 0;  // 0: all; else the first and the last ones, and how many are between
  std::size_t column_width = 38;
  std::vector<LadderSpan> spans = {};  // of drawings only
};

// One line of a ladder: what both renderings draw.
struct LadderStep {
  enum class Kind { kMessage, kNote };
  Kind kind = Kind::kNote;
  std::size_t record = 0;  // its number in the trace
  Instant at = {};
  Instant arrives = kNever;  // of a message that does
  std::uint32_t node = 0;
  std::uint32_t peer = Record::kNobody;
  std::string text = {};
  std::string remark = {};  // "lost", "again", "timer G"
  bool is_lost = false;
  bool is_event = false;    // of the call; else a verb or an arrow
  Instant expiry = {};      // of the session, if the event sets one
  bool ends_timer = false;  // after the event no session timer runs any more
};

std::vector<LadderStep> LadderSteps(const Trace& trace, const LadderOptions& options);

// `names`: the headings, one for each node.
std::string TextLadder(const Trace& trace, const std::vector<std::string>& names,
                       const LadderOptions& options = {});

// "C4 Calling -> Proceeding", of an arrow's name.
std::string ArrowText(std::string_view name);

// "12.340" or, from an hour on, "1:02:03.400".
std::string ClockText(Instant at);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_LADDER_H_
