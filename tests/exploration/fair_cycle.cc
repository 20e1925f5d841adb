#include "sansip/tests/exploration/fair_cycle.h"

#include <algorithm>
#include <cstddef>

namespace sansip::testing {

namespace {

constexpr std::uint32_t kUnseen = 0;

// Tarjan's strongly connected components, without recursion.
class Components {
 public:
  explicit Components(const std::vector<Node>& graph)
      : graph_(graph), low_(graph.size(), kUnseen), number_(graph.size(), kUnseen), part_(graph.size(), 0) {}

  std::optional<std::uint32_t> FindFair() {
    for (std::uint32_t node = 0; node < graph_.size(); ++node) {
      if (number_[node] == kUnseen && Walk(node)) return found_;
    }
    return std::nullopt;
  }

 private:
  struct Frame {
    std::uint32_t node = 0;
    std::size_t edge = 0;
  };

  void Enter(std::uint32_t node) {
    number_[node] = low_[node] = ++last_;
    open_.push_back(node);
    frames_.push_back({node});
  }

  // True: found_ is set.
  bool Walk(std::uint32_t root) {
    Enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::uint32_t node = frame.node;
      if (frame.edge < graph_[node].edges.size()) {
        const std::uint32_t to = graph_[node].edges[frame.edge++].to;
        if (number_[to] == kUnseen) {
          Enter(to);
        } else if (part_[to] == 0) {
          low_[node] = std::min(low_[node], number_[to]);
        }
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[node]);
      if (low_[node] == number_[node] && CloseAndJudge(node)) return true;
    }
    return false;
  }

  // The part of `node`, whose members are the last of open_.
  bool CloseAndJudge(std::uint32_t node) {
    ++parts_;
    auto begin = open_.end() - 1;
    while (*begin != node) --begin;
    for (auto member = begin; member != open_.end(); ++member) part_[*member] = parts_;
    bool has_edge = false;
    Duties always_due = ~Duties{0}, done = 0;
    for (auto member = begin; member != open_.end(); ++member) {
      always_due &= graph_[*member].due;
      for (const Edge& edge : graph_[*member].edges) {
        if (part_[edge.to] != parts_) continue;
        has_edge = true;
        done |= edge.done;
      }
    }
    open_.erase(begin, open_.end());
    found_ = node;
    return has_edge && (always_due & ~done) == 0;
  }

  const std::vector<Node>& graph_;
  std::vector<std::uint32_t> low_, number_, part_;  // part 0: not closed yet
  std::vector<std::uint32_t> open_;
  std::vector<Frame> frames_;
  std::uint32_t last_ = 0, parts_ = 0, found_ = 0;
};

}  // namespace

std::optional<std::uint32_t> FindFairCycle(const std::vector<Node>& graph) {
  return Components(graph).FindFair();
}

}  // namespace sansip::testing
