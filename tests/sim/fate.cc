#include "sansip/tests/sim/fate.h"

#include <array>

#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

// One question about one datagram; each has random bits of its own, so that a changed chance of one fault
// changes no other.
enum class Asked : std::uint64_t {
  kLoss,
  kBurst,
  kBurstLoss,
  kDuplicate,
  kReorder,
  kCorrupt,
  kCorruptWhat,
  kJitter,
  kDuplicateJitter,
  kReset,
  kChunk,
};

class Fortune {
 public:
  Fortune(std::uint64_t seed, Link link) : seed_(seed), link_(std::uint64_t{link.from} << 32 | link.to) {}

  std::uint64_t Bits(Asked asked, std::uint64_t n) const {
    return KeyedRandom(seed_, link_, n, static_cast<std::uint64_t>(asked));
  }
  bool Is(Asked asked, std::uint64_t n, std::uint32_t ppm) const {
    return ppm != 0 && Chance(Bits(asked, n), ppm);
  }
  Duration Below(Asked asked, std::uint64_t n, Duration bound) const {
    if (bound <= Duration::zero()) return Duration::zero();
    return Duration(static_cast<std::int64_t>(Bits(asked, n) % static_cast<std::uint64_t>(bound.count())));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t link_;
};

}  // namespace

Fate FateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n) {
  const Fortune fortune(seed, link);
  Fate fate;
  const std::uint64_t run = faults.burst_length == 0 ? n : n / faults.burst_length;
  fate.lost =
      fortune.Is(Asked::kLoss, n, faults.loss) ||
      (fortune.Is(Asked::kBurst, run, faults.burst) && fortune.Is(Asked::kBurstLoss, n, faults.burst_loss));
  fate.duplicated = fortune.Is(Asked::kDuplicate, n, faults.duplicate);
  fate.reordered = fortune.Is(Asked::kReorder, n, faults.reorder);
  fate.corrupted = fortune.Is(Asked::kCorrupt, n, faults.corrupt);
  fate.delay = faults.delay + fortune.Below(Asked::kJitter, n, faults.jitter);
  if (fate.reordered) fate.delay += faults.reorder_by;
  fate.duplicate_delay =
      faults.delay + fortune.Below(Asked::kDuplicateJitter, n, faults.jitter + faults.delay);
  const std::uint64_t what = fortune.Bits(Asked::kCorruptWhat, n);
  fate.corrupt_at = static_cast<std::uint32_t>(what);
  fate.corrupt_xor = static_cast<std::uint8_t>(1 + (what >> 32) % 255);
  return fate;
}

StreamFate StreamFateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n) {
  const Fortune fortune(seed, link);
  StreamFate fate;
  fate.reset = fortune.Is(Asked::kReset, n, faults.reset);
  fate.delay = faults.delay + fortune.Below(Asked::kJitter, n, faults.jitter);
  // What UDP loses TCP sends again, after a while.
  if (fortune.Is(Asked::kLoss, n, faults.loss)) fate.delay += std::chrono::milliseconds(300);
  // Whole writes, single bytes, and anything between.
  constexpr std::array<std::size_t, 4> kChunks = {kWholeWrite, 1, 7, 500};
  fate.chunk = kChunks[fortune.Bits(Asked::kChunk, n) % kChunks.size()];
  return fate;
}

}  // namespace sansip::sim
