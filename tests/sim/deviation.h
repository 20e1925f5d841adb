// A deviation: one way in which the fate of one datagram, or of one write on a stream, differs from the plain
// one, which is to arrive whole after the network's delay. A list of them is what happened in a run, and
// what a schedule (schedule.h) makes happen again.
#ifndef SANSIP_TESTS_SIM_DEVIATION_H_
#define SANSIP_TESTS_SIM_DEVIATION_H_

#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/fate.h"

namespace sansip::sim {

struct Deviation {
  enum class Kind : std::uint8_t {
    kLose,     // of a datagram
    kDelay,    // arrives `delay` after it was sent
    kCopy,     // of a datagram: a copy arrives `delay` after it was sent
    kCorrupt,  // of a datagram: the byte at `value` >> 8, modulo the size, is XORed with `value` & 0xFF
    kReset,    // of a stream: it dies with this write
    kChunk,    // of a stream: the write arrives in chunks of at most `value` bytes
  };

  // The datagram's identity: the n-th of its link, or the n-th write on a stream in this direction, from 0.
  Link link = {};
  std::uint32_t stream = 0;  // 0: a datagram; else the stream's number and 1
  std::uint64_t n = 0;
  Kind kind = Kind::kLose;
  Duration delay = Duration::zero();
  std::uint64_t value = 0;

  friend auto operator<=>(const Deviation&, const Deviation&) = default;
};

// What a deviation befell, for people: when it was sent, and its first line.
struct Befallen {
  Instant at;
  std::string line;
};
using DeviationRecord = std::vector<std::pair<Deviation, Befallen>>;

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_DEVIATION_H_
