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
  // Of the n-th datagram of the link, or of a run of them.
  Fortune(std::uint64_t seed, Link link, std::uint64_t n)
      : mixed_(KeyedRandom(seed, std::uint64_t{link.from} << 32 | link.to, n)) {}

  std::uint64_t Bits(Asked asked) const { return Mix(mixed_ ^ static_cast<std::uint64_t>(asked)); }
  bool Is(Asked asked, std::uint32_t ppm) const { return ppm != 0 && Chance(Bits(asked), ppm); }
  Duration Below(Asked asked, Duration bound) const {
    if (bound <= Duration::zero()) return Duration::zero();
    return Duration(static_cast<std::int64_t>(Bits(asked) % static_cast<std::uint64_t>(bound.count())));
  }

 private:
  std::uint64_t mixed_;
};

bool IsInBadRun(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n) {
  const std::uint64_t run = faults.burst_length == 0 ? n : n / faults.burst_length;
  return faults.burst != 0 && Fortune(seed, link, run).Is(Asked::kBurst, faults.burst);
}

}  // namespace

Fate FateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n) {
  const Fortune fortune(seed, link, n);
  Fate fate;
  fate.lost = fortune.Is(Asked::kLoss, faults.loss) ||
              (IsInBadRun(faults, seed, link, n) && fortune.Is(Asked::kBurstLoss, faults.burst_loss));
  fate.duplicated = fortune.Is(Asked::kDuplicate, faults.duplicate);
  fate.reordered = fortune.Is(Asked::kReorder, faults.reorder);
  fate.corrupted = fortune.Is(Asked::kCorrupt, faults.corrupt);
  fate.delay = faults.delay + fortune.Below(Asked::kJitter, faults.jitter);
  if (fate.reordered) fate.delay += faults.reorder_by;
  if (fate.duplicated) {
    const Duration extra = fortune.Below(Asked::kDuplicateJitter, faults.jitter + faults.delay);
    fate.duplicate_delay = faults.delay + extra;
  }
  if (!fate.corrupted) return fate;
  const std::uint64_t what = fortune.Bits(Asked::kCorruptWhat);
  fate.corrupt_at = static_cast<std::uint32_t>(what);
  fate.corrupt_xor = static_cast<std::uint8_t>(1 + (what >> 32) % 255);
  return fate;
}

StreamFate StreamFateOf(const Faults& faults, std::uint64_t seed, Link link, std::uint64_t n) {
  const Fortune fortune(seed, link, n);
  StreamFate fate;
  fate.reset = fortune.Is(Asked::kReset, faults.reset);
  fate.delay = faults.delay + fortune.Below(Asked::kJitter, faults.jitter);
  // What UDP loses TCP sends again, after a while.
  if (fortune.Is(Asked::kLoss, faults.loss)) fate.delay += std::chrono::milliseconds(300);
  // Whole writes, single bytes, and anything between.
  constexpr std::array<std::size_t, 4> kChunks = {kWholeWrite, 1, 7, 500};
  fate.chunk = kChunks[fortune.Bits(Asked::kChunk) % kChunks.size()];
  return fate;
}

}  // namespace sansip::sim
