// mutants SEED COUNT SEEDS: draws COUNT mutants of the four tables (tests/mutation) by SEED, runs the default
// swarm from seed 1 to SEEDS through each, and prints what was found and how short it shrank.
#include <charconv>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sansip/tests/mutation/mutant.h"
#include "sansip/tests/sim/faults/planted_tables.h"
#include "sansip/tests/sim/faults/trial.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

// Machines that a user agent has.
constexpr Machine kMachines[] = {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                 Machine::kNonInviteServer};
constexpr std::size_t kLinesMax = 10;

struct Figures {
  std::uint64_t found = 0, short_ones = 0;
  std::size_t longest = 0;
};

void Try(Machine machine, const testing::Mutant& mutant, std::uint64_t seeds, Figures& figures) {
  const ArrowTable table = mutant.Of(ShippedTable(machine));
  PlantNothing();  // of the one before
  Plant(table);
  const std::optional<Find> find = FindBySeeds(seeds);
  std::cout << table.name << ", " << mutant.name << ": ";
  if (!find) {
    std::cout << "not found" << std::endl;
    return;
  }
  const Shrunk shrunk = ShrinkFind(*find);
  const std::size_t lines = shrunk.schedule.Lines();
  ++figures.found;
  figures.short_ones += shrunk.reproduced && lines <= kLinesMax;
  figures.longest = std::max(figures.longest, lines);
  std::cout << find->what << " by seed " << find->seed << ", " << lines << " lines"
            << (shrunk.reproduced ? "" : ", not reproduced") << std::endl;
}

int Main(std::uint64_t seed, std::uint64_t count, std::uint64_t seeds) {
  std::vector<std::pair<Machine, testing::Mutant>> mutants;
  for (const Machine machine : kMachines) {
    for (testing::Mutant& mutant : testing::MutantsOf(ShippedTable(machine))) {
      mutants.emplace_back(machine, std::move(mutant));
    }
  }
  std::cout << mutants.size() << " mutants, " << count << " of them drawn by seed " << seed << std::endl;
  SeededRandom random(seed);
  Figures figures;
  for (std::uint64_t i = 0; i < count && !mutants.empty(); ++i) {
    const std::size_t drawn = UniformBelow(random, static_cast<std::uint32_t>(mutants.size()));
    Try(mutants[drawn].first, mutants[drawn].second, seeds, figures);
    mutants.erase(mutants.begin() + static_cast<std::ptrdiff_t>(drawn));
  }
  std::cout << figures.found << " of " << count << " found by " << seeds << " seeds; " << figures.short_ones
            << " shrunk to at most " << kLinesMax << " lines, the longest has " << figures.longest
            << std::endl;
  return 0;
}

bool Read(std::string_view text, std::uint64_t& number) {
  return std::from_chars(text.data(), text.data() + text.size(), number).ptr == text.data() + text.size();
}

}  // namespace
}  // namespace sansip::sim

int main(int argc, char** argv) {
  std::uint64_t seed = 1, count = 50, seeds = 1000;
  if ((argc > 1 && !sansip::sim::Read(argv[1], seed)) || (argc > 2 && !sansip::sim::Read(argv[2], count)) ||
      (argc > 3 && !sansip::sim::Read(argv[3], seeds)) || argc > 4) {
    std::cerr << "usage: mutants [SEED [COUNT [SEEDS]]]\n";
    return 2;
  }
  return sansip::sim::Main(seed, count, seeds);
}
