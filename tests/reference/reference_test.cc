// The transaction layer against the reference transactions, on random runs.
#include "sansip/tests/reference/reference.h"

#include <cstdint>
#include <iostream>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "sansip/core/transaction/invite_client.h"
#include "sansip/core/transaction/invite_server.h"
#include "sansip/core/transaction/non_invite_client.h"
#include "sansip/core/transaction/non_invite_server.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/tests/reference/side_by_side.h"
#include "sansip/tests/support/sanitized.h"

namespace sansip::reference {
namespace {

constexpr std::uint64_t kSeeds = kIsSanitized ? 600 : 2000;

TEST(Reference, TheLayerDoesTheSame) {
  std::size_t inputs = 0, events = 0;
  std::map<std::string, std::size_t> arrows;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const std::string bytes = BytesOf(seed);
    SideBySide run(bytes);
    if (!run.Run()) {
      std::string ladder;
      AreTheSame(bytes, ladder);
      FAIL() << "seed " << seed << "\n" << ladder;
    }
    inputs += run.inputs();
    events += run.events();
    for (const auto& [name, count] : run.arrows()) arrows[name] += count;
  }
  std::cout << kSeeds << " seeds, " << inputs << " inputs, " << events << " equal actions\n";
  // Nothing of the four figures was left out.
  for (const ArrowTable* table : {&kInviteClient, &kNonInviteClient, &kInviteServer, &kNonInviteServer}) {
    for (const Arrow& arrow : table->arrows) EXPECT_GT(arrows[std::string(arrow.id)], 0u) << arrow.id;
  }
}

}  // namespace
}  // namespace sansip::reference
