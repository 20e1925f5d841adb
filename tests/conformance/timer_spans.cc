#include "sansip/tests/conformance/timer_spans.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "sansip/core/transaction/arrow_table.h"
#include "sansip/core/transaction/step.h"

namespace sansip::conformance {
namespace {

constexpr std::size_t kTimers = static_cast<std::size_t>(Timer::kM) + 1;

// The arrow of that name, and its table.
struct Named {
  const ArrowTable* table = nullptr;
  const Arrow* arrow = nullptr;
};

Named Find(std::string_view name) {
  for (const Machine machine : {Machine::kInviteClient, Machine::kNonInviteClient, Machine::kInviteServer,
                                Machine::kNonInviteServer}) {
    for (const Arrow& arrow : TableOf(machine).arrows) {
      if (arrow.id == name) return {&TableOf(machine), &arrow};
    }
  }
  return {};
}

struct Live {
  std::uint32_t node = 0;
  const ArrowTable* table = nullptr;
  State state = State::kStart;
  std::array<std::optional<std::size_t>, kTimers> since = {};  // records
};

class SpanReader {
 public:
  explicit SpanReader(const sim::Trace& trace) : records_(trace.records()) {}

  void Take(std::size_t number) {
    const sim::Record& record = records_[number];
    const Named named = Find(record.name);
    if (named.arrow == nullptr) return;
    Live& live = Of(record.node, named);
    for (std::size_t i = 0; i < kTimers; ++i) {
      const Effects bit = BitOf(static_cast<Timer>(i));
      const bool fired = IsTimer(named.arrow->on) && TimerOf(named.arrow->on) == static_cast<Timer>(i);
      const bool is_kept =
          (named.table->OwnedIn(named.arrow->next) & bit) != 0 && !(fired && !Restarts(*named.arrow));
      if (live.since[i] && !is_kept) End(live, i, number, fired);
      if ((named.arrow->effects & bit) != 0 && !live.since[i]) live.since[i] = number;
    }
    live.state = named.arrow->next;
  }

  std::vector<sim::LadderSpan> Finish() {
    for (Live& live : live_) {
      for (std::size_t i = 0; i < kTimers; ++i) {
        if (live.since[i]) End(live, i, records_.size() - 1, false);
      }
    }
    std::stable_sort(spans_.begin(), spans_.end(),
                     [](const sim::LadderSpan& a, const sim::LadderSpan& b) { return a.from < b.from; });
    return std::move(spans_);
  }

 private:
  static bool Restarts(const Arrow& arrow) {
    return (arrow.effects & (kDoubleA | kDoubleE | kDoubleG | kRestartE)) != 0;
  }

  Live& Of(std::uint32_t node, const Named& named) {
    for (Live& live : live_) {
      if (live.node == node && live.table == named.table && live.state == named.arrow->in) return live;
    }
    live_.push_back({.node = node, .table = named.table});
    return live_.back();
  }

  void End(Live& live, std::size_t timer, std::size_t until, bool fired) {
    const std::size_t from = *live.since[timer];
    live.since[timer].reset();
    if (records_[from].at == records_[until].at) return;
    const std::string name(1, static_cast<char>('A' + timer));
    spans_.push_back({live.node, from, until, name,
                      "timer " + name + ", " + sim::ClockText(records_[from].at) + " to " +
                          sim::ClockText(records_[until].at) + (fired ? ", fired" : ", stopped")});
  }

  const std::vector<sim::Record>& records_;
  std::vector<Live> live_;
  std::vector<sim::LadderSpan> spans_;
};

}  // namespace

std::vector<sim::LadderSpan> TimerSpans(const sim::Trace& trace) {
  SpanReader reader(trace);
  for (std::size_t i = 0; i < trace.records().size(); ++i) {
    if (trace.records()[i].kind == sim::Record::Kind::kArrow) reader.Take(i);
  }
  return reader.Finish();
}

}  // namespace sansip::conformance
