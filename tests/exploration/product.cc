#include "sansip/tests/exploration/product.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sansip/tests/exploration/fair_cycle.h"
#include "sansip/tests/exploration/world.h"

namespace sansip::testing {

namespace {

// Breadth first, so that the way to a fault is a shortest one.
class ProductSearch {
 public:
  ProductSearch(const ArrowTable& client, const ArrowTable& server, const Bounds& bounds)
      : rules_(client, server, bounds) {}

  Exploration Run() {
    World begin;
    const Done done = rules_.Begin(begin);
    Add(begin, 0, {});
    if (!done.fault.empty()) Fail(done.fault, 0, std::nullopt);
    taken_.insert(done.arrow);
    for (std::uint32_t index = 0; index < worlds_.size() && result_.fault.empty(); ++index) Expand(index);
    if (result_.fault.empty()) {
      const std::optional<std::uint32_t> lasting = FindFairCycle(graph_);
      if (lasting.has_value()) Fail("goes on for ever", *lasting, std::nullopt);
    }
    result_.states = worlds_.size();
    for (const Arrow* arrow : taken_) {
      if (arrow != nullptr) result_.arrows.insert(arrow->id);
    }
    return std::move(result_);
  }

 private:
  struct Origin {
    std::uint32_t from = 0;
    Move move;
  };

  std::uint32_t Add(const World& world, std::uint32_t from, const Move& move) {
    const auto [entry, is_new] = indices_.try_emplace(world, static_cast<std::uint32_t>(worlds_.size()));
    if (is_new) {
      worlds_.push_back(world);
      origins_.push_back({from, move});
      graph_.emplace_back();
    }
    return entry->second;
  }

  void Expand(std::uint32_t index) {
    const std::vector<Move> moves = rules_.MovesOf(worlds_[index]);
    if (moves.empty() && !Rules::IsOver(worlds_[index])) return Fail("stuck", index, std::nullopt);
    for (const Move& move : moves) {
      World next = worlds_[index];
      const Done done = rules_.Do(move, next);
      if (!done.fault.empty()) return Fail(done.fault, index, move);
      taken_.insert(done.arrow);
      ++result_.transitions;
      const std::uint32_t to = Add(next, index, move);
      graph_[index].edges.push_back({to, DutyOf(move) | done.put_off});
      graph_[index].due |= DutyOf(move);
    }
  }

  void Fail(std::string_view fault, std::uint32_t at, std::optional<Move> last) {
    result_.fault = fault;
    std::string trace = last.has_value() ? MoveText(*last) : "";
    for (; at != 0; at = origins_[at].from) {
      trace = MoveText(origins_[at].move) + (trace.empty() ? "" : ", ") + trace;
    }
    result_.trace = std::move(trace);
  }

  const Rules rules_;
  std::map<World, std::uint32_t> indices_;
  std::vector<World> worlds_;
  std::vector<Origin> origins_;
  std::vector<Node> graph_;
  std::set<const Arrow*> taken_;  // and null: ignored
  Exploration result_;
};

}  // namespace

Exploration ExploreProduct(const ArrowTable& client, const ArrowTable& server, const Bounds& bounds) {
  return ProductSearch(client, server, bounds).Run();
}

}  // namespace sansip::testing
