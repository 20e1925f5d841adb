#include "sansip/tests/mutation/mutant.h"

#include <bit>
#include <cstddef>
#include <utility>

#include "sansip/core/transaction/arrow_text.h"

namespace sansip::testing {

namespace {

constexpr Effects kRestarts = kDoubleA | kDoubleE | kDoubleG | kRestartE | kRestartC;
constexpr Effects kTransmits =
    kSendTheRequest | kSendTheAck | kSendThe100 | kSendTheResponse | kSendTheCancel;
constexpr Effects kTells = kToUser | kTellTimeout | kTellNoAck | kTellTransportError | kActAs408;
constexpr Effects kKinds[] = {kStartEffects, kRestarts, kTransmits, kTells};

// The timer that a restart is of.
constexpr std::pair<Effects, Effects> kRestartOf[] = {
    {kDoubleA, kStartA},  {kDoubleE, kStartE},  {kDoubleG, kStartG},
    {kRestartE, kStartE}, {kRestartC, kStartC}, {kStopTrying, kStartTrying},
};

template <typename Do>
void ForEachBit(Effects effects, Do&& what) {
  while (effects != 0) {
    const Effects bit = effects & (~effects + 1);
    what(bit);
    effects &= effects - 1;
  }
}

Effects OthersOfItsKind(Effects bit) {
  for (Effects kind : kKinds) {
    if (kind & bit) return kind & ~bit;
  }
  return kNoEffect;
}

// What an arrow that ends in `next` may do: no timer that `next` does not own.
Effects PossibleIn(const ArrowTable& table, State next) {
  const Effects owned = table.TimersOf(next).on_entry;
  Effects possible = owned | kTransmits | kTells;
  if (next == State::kTerminated) possible |= kGone;
  for (const auto& [restart, timer] : kRestartOf) {
    if (owned & timer) possible |= restart;
  }
  return possible;
}

class Mutants {
 public:
  explicit Mutants(const ArrowTable& table) : table_(table) {
    for (const StateTimers& timers : table.states) states_.push_back(timers.state);
    states_.push_back(State::kTerminated);
  }

  void OfRow(std::size_t row) {
    const Arrow arrow = table_.arrows[row];
    const std::string name = std::string(arrow.id) + ": ";
    for (State state : states_) {
      if (state != arrow.next) Change(row, name + "to " + std::string(StateName(state))).next = state;
    }
    ForEachBit(arrow.effects, [&](Effects bit) {
      Change(row, name + "not " + EffectsText(bit)).effects ^= bit;
      ForEachBit(OthersOfItsKind(bit) & ~arrow.effects, [&](Effects other) {
        Change(row, name + EffectsText(other) + " for " + EffectsText(bit)).effects ^= bit | other;
      });
    });
    ForEachBit(PossibleIn(table_, arrow.next) & ~arrow.effects,
               [&](Effects bit) { Change(row, name + "also " + EffectsText(bit)).effects |= bit; });
    Mutant& left_out = Add(name + "left out");
    left_out.arrows.erase(left_out.arrows.begin() + static_cast<std::ptrdiff_t>(row));
  }

  void OfIgnored(std::size_t index) {
    const Ignored pair = table_.ignored[index];
    const std::string name =
        std::string(StateName(pair.in)) + " on " + std::string(EventName(pair.on)) + ": ";
    for (State state : states_) {
      if (state != pair.in) Take(index, name + "to " + std::string(StateName(state)), state, kNoEffect);
    }
    ForEachBit(PossibleIn(table_, pair.in),
               [&](Effects bit) { Take(index, name + EffectsText(bit), pair.in, bit); });
  }

  std::vector<Mutant> mutants;

 private:
  Mutant& Add(std::string name) {
    return mutants.emplace_back(Mutant{.name = std::move(name),
                                       .arrows = {table_.arrows.begin(), table_.arrows.end()},
                                       .ignored = {table_.ignored.begin(), table_.ignored.end()}});
  }
  Arrow& Change(std::size_t row, std::string name) { return Add(std::move(name)).arrows[row]; }
  void Take(std::size_t index, std::string name, State next, Effects effects) {
    Mutant& mutant = Add(std::move(name));
    const Ignored pair = mutant.ignored[index];
    mutant.ignored.erase(mutant.ignored.begin() + static_cast<std::ptrdiff_t>(index));
    if (next == State::kTerminated) effects |= kGone;
    mutant.arrows.push_back({"taken", pair.in, pair.on, next, effects});
  }

  const ArrowTable& table_;
  std::vector<State> states_;
};

}  // namespace

ArrowTable Mutant::Of(const ArrowTable& table) const {
  ArrowTable mutated = table;
  mutated.arrows = arrows;
  mutated.ignored = ignored;
  return mutated;
}

std::vector<Mutant> MutantsOf(const ArrowTable& table) {
  Mutants all(table);
  for (std::size_t row = 0; row < table.arrows.size(); ++row) all.OfRow(row);
  for (std::size_t index = 0; index < table.ignored.size(); ++index) all.OfIgnored(index);
  return std::move(all.mutants);
}

}  // namespace sansip::testing
