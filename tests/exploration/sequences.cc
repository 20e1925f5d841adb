#include "sansip/tests/exploration/sequences.h"

#include <string_view>
#include <utility>
#include <vector>

#include "sansip/core/transaction/arrow_text.h"
#include "sansip/tests/exploration/party.h"

namespace sansip::testing {

namespace {

class Search {
 public:
  Search(const ArrowTable& table, std::size_t depth_max) : table_(table), depth_max_(depth_max) {}

  Sequences Run() {
    Go(Party(), table_.begin);
    return std::move(result_);
  }

 private:
  // Deepens the sequence by one event.
  void Go(Party party, Event event) {
    if (!result_.fault.empty()) return;
    path_.push_back(EventName(event));
    ++result_.sequences;
    if (IsTimer(event)) party.running &= ~BitOf(TimerOf(event));
    const Taken taken = Take(table_, event, party);
    if (!taken.fault.empty()) {
      Fail(taken.fault);
    } else if (party.is_gone) {
      ++result_.ended;
      NothingHappensTo(party);
    } else if (path_.size() < depth_max_) {
      GoOn(party);
    }
    path_.pop_back();
  }

  void GoOn(const Party& party) {
    for (Event event : table_.events) Go(party, event);
    for (std::size_t i = 0; i < kTimerCount; ++i) {
      const auto timer = static_cast<Timer>(i);
      if (party.running & BitOf(timer)) Go(party, EventOf(timer));
    }
    // The verb is no event: it only starts the timer, once.
    const Effects cancelled = table_.TimersOf(party.state).elsewhere & ~party.running;
    if (cancelled != 0 && path_.size() < depth_max_) {
      path_.push_back("cancel");
      Party cancelling = party;
      cancelling.running |= cancelled;
      GoOn(cancelling);
      path_.pop_back();
    }
  }

  void NothingHappensTo(const Party& party) {
    for (std::size_t i = 0; i < kEventCount; ++i) {
      Party copy = party;
      const Taken taken = Take(table_, static_cast<Event>(i), copy);
      if (!taken.fault.empty()) Fail(taken.fault);
    }
  }

  void Fail(std::string_view fault) {
    result_.fault = fault;
    result_.trace.clear();
    for (std::string_view name : path_) {
      if (!result_.trace.empty()) result_.trace += ", ";
      result_.trace += name;
    }
  }

  const ArrowTable& table_;
  const std::size_t depth_max_;
  std::vector<std::string_view> path_;
  Sequences result_;
};

}  // namespace

Sequences ExploreSequences(const ArrowTable& table, std::size_t depth_max) {
  return Search(table, depth_max).Run();
}

}  // namespace sansip::testing
