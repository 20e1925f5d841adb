// What happens to a datagram: a fate, not a draw.
//
// The fate of the n-th datagram of a link is a pure function of (seed, link, n), with a list of overrides in
// front. So one changed decision leaves the rest of a run alone, which is what makes a failing run
// shrinkable.
#ifndef SANSIP_TESTS_SIM_FATE_H_
#define SANSIP_TESTS_SIM_FATE_H_

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "sansip/core/base/time.h"

namespace sansip::sim {

// One direction between two endpoints of the network.
struct Link {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  friend constexpr auto operator<=>(const Link&, const Link&) = default;
};

// How bad a network is. Chances are millionths.
struct Faults {
  std::uint32_t loss = 0;   // of each datagram by itself
  std::uint32_t burst = 0;  // that a run of `burst_length` datagrams is a bad one
  std::uint32_t burst_length = 8;
  std::uint32_t burst_loss = 800'000;  // within a bad run
  std::uint32_t duplicate = 0;
  std::uint32_t reorder = 0;  // delayed by `reorder_by` more, so that later ones overtake
  std::uint32_t corrupt = 0;  // one byte changed
  Duration delay = std::chrono::milliseconds(20);
  Duration jitter = Duration::zero();  // up to so much more
  Duration reorder_by = std::chrono::milliseconds(200);
  std::size_t datagram_bytes_max = 65507;  // longer ones are lost (of UDP over IPv4)
  std::uint32_t reset = 0;                 // that a stream dies with a write
};

struct Fate {
  bool lost = false;
  bool duplicated = false;
  bool corrupted = false;
  bool reordered = false;
  Duration delay = Duration::zero();
  Duration duplicate_delay = Duration::zero();  // of what is duplicated
  std::uint32_t corrupt_at = 0;                 // of what is corrupted; modulo the size
  std::uint8_t corrupt_xor = 0;
};

Fate FateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n);

// Of the n-th write on a stream: a delay that keeps the order, the size of its first chunk, or a reset.
struct StreamFate {
  bool reset = false;
  Duration delay = Duration::zero();
  std::size_t chunk = 0;  // the write arrives as chunks of at most so many bytes; never 0
};
inline constexpr std::size_t kWholeWrite = 65536;  // longer than any

StreamFate StreamFateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_FATE_H_
