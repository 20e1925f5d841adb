// A layer restored from bytes goes on as its original: random runs, with snapshots at random moments.
#include "sansip/core/transaction/snapshot.h"

#include <cstdint>
#include <iostream>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/reference/side_by_side.h"
#include "sansip/tests/snapshot/restored_twin.h"

namespace sansip {
namespace {

constexpr std::uint64_t kSeeds = 100;

struct Sums {
  std::size_t restored = 0, transactions = 0, actions = 0;
};

void RunAll(bool has_other_tags, std::uint64_t first_seed) {
  Sums sums;
  for (std::uint64_t seed = first_seed; seed < first_seed + kSeeds; ++seed) {
    const std::string bytes = reference::BytesOf(seed);
    reference::SideBySide run(bytes);
    RestoredTwin twin(run, seed, has_other_tags);
    run.Accompany(twin);
    if (!run.Run()) {
      reference::SideBySide again(bytes, /*ladder=*/true);
      RestoredTwin same(again, seed, has_other_tags);
      again.Accompany(same);
      again.Run();
      FAIL() << "seed " << seed << "\n" << again.ladder();
    }
    sums.restored += twin.restored();
    sums.transactions += twin.transactions();
    sums.actions += twin.compared();
  }
  std::cout << kSeeds << " seeds, " << sums.restored << " restored layers with " << sums.transactions
            << " transactions, " << sums.actions << " equal actions\n";
  EXPECT_GT(sums.restored, kSeeds);
}

TEST(Snapshot, TheRestoredLayerGoesOnBitForBit) { RunAll(/*has_other_tags=*/false, 1); }

TEST(Snapshot, WithAnotherKeyForTagsToo) { RunAll(/*has_other_tags=*/true, 100'000); }

}  // namespace
}  // namespace sansip
