// A schedule: a run as a short text that a person can read, change and run again. The options say who calls
// whom; the deviations are all that the network does; the seed decides nothing any more but the tags,
// branches and other random words of the stack.
//
//   # sansip schedule
//   # 32.000 node 1, ack per final: SIP/2.0 486 Busy Here, no ACK for it
//   run seed=7 refuse=486
//   lose alice>bob 2-4             # at 0.500: INVITE sip:bob@192.0.2.2:5060 SIP/2.0
//   delay bob>alice 1 250ms        # it arrives 250 ms after it was sent; the others after `delay`
//   copy bob>alice 3 40ms          # another one of it arrives 40 ms after it was sent
//   corrupt alice>bob 4 120 17     # its 121st byte, counted around, XOR 17
//   hold bob>alice/1 3 300ms       # the third write on stream 1 in this direction arrives so late
//   chunk bob>alice/1 4 7          # in chunks of 7 bytes
//   reset alice>bob/1 5            # the stream dies instead
//
// Datagrams are counted on each link from 1, as sent, lost ones too; streams in the order of their opening.
// `run` comes first and has the words of SwarmOptions::Text(); what it leaves out is the default.
#ifndef SANSIP_TESTS_SIM_SCHEDULE_H_
#define SANSIP_TESTS_SIM_SCHEDULE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/tests/sim/deviation.h"
#include "sansip/tests/sim/swarm_options.h"

namespace sansip::sim {

struct Schedule {
  static constexpr std::size_t kBytesMax = 1 << 20;  // of a file that is read
  static constexpr std::size_t kDeviationsMax = 100'000;

  SwarmOptions options;
  std::vector<Deviation> deviations;

  // `remarks` stand above it, each line as a comment; `record`, of its run, says behind each line what it
  // befell.
  std::string Text(std::string_view remarks = {}, const DeviationRecord& record = {}) const;
  // Lines of Text() that are no comments.
  std::size_t Lines() const;
  // False, with `why`, which begins with the line's number: it is none.
  static bool Read(std::string_view text, Schedule& schedule, std::string& why);
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_SCHEDULE_H_
