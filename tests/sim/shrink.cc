#include "sansip/tests/sim/shrink.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Options that are plainer than these, the greatest simplification first.
std::vector<SwarmOptions> PlainerThan(const SwarmOptions& options) {
  const SwarmOptions plain;
  std::vector<SwarmOptions> candidates;
  const auto add = [&](auto&& change) {
    SwarmOptions changed = options;
    change(changed);
    if (changed.Text() != options.Text()) candidates.push_back(changed);
  };
  const auto reset = [&](auto SwarmOptions::*member) {
    add([&](SwarmOptions& changed) { changed.*member = plain.*member; });
  };
  for (const std::uint32_t calls : {1u, options.calls / 2, options.calls - 1}) {
    if (calls >= 1 && calls < options.calls) add([&](SwarmOptions& changed) { changed.calls = calls; });
  }
  reset(&SwarmOptions::parties);
  reset(&SwarmOptions::late_max);
  reset(&SwarmOptions::probe_early);
  reset(&SwarmOptions::trying);
  reset(&SwarmOptions::media);
  reset(&SwarmOptions::transfer);
  reset(&SwarmOptions::changes);
  reset(&SwarmOptions::change_by);
  reset(&SwarmOptions::change_after);
  reset(&SwarmOptions::changes_apart);
  reset(&SwarmOptions::early_update);
  reset(&SwarmOptions::provisionals);
  reset(&SwarmOptions::reliable);
  reset(&SwarmOptions::reinvite);
  reset(&SwarmOptions::late_offer_every);
  reset(&SwarmOptions::cancel_every);
  reset(&SwarmOptions::cancel_after);
  reset(&SwarmOptions::refuse_with);
  reset(&SwarmOptions::session_expires);
  reset(&SwarmOptions::callee_refresher);
  reset(&SwarmOptions::callee_hangs_up);
  reset(&SwarmOptions::over_tcp);
  reset(&SwarmOptions::apart);
  reset(&SwarmOptions::alert_after);
  reset(&SwarmOptions::ring_for);
  reset(&SwarmOptions::talk_for);
  if (options.talk_for > plain.talk_for) {
    add([](SwarmOptions& changed) { changed.talk_for = seconds(1); });
  }
  if (options.ring_for > seconds(1)) {
    add([](SwarmOptions& changed) { changed.ring_for = seconds(1); });
  }
  add([&](SwarmOptions& changed) { changed.faults.delay = plain.faults.delay; });
  // Who loses nothing by chance needs no chances: the deviations are listed.
  add([](SwarmOptions& changed) {
    const Faults clean;
    changed.faults.loss = clean.loss;
    changed.faults.burst = clean.burst;
    changed.faults.duplicate = clean.duplicate;
    changed.faults.reorder = clean.reorder;
    changed.faults.jitter = clean.jitter;
  });
  return candidates;
}

class Shrinking {
 public:
  static constexpr std::size_t kShortEnough = 2;
  static constexpr std::uint64_t kGuessedCountMax = 8;  // the copies of a request are eleven
  static constexpr std::uint64_t kGuessedFirstMax = 6;

  Shrinking(const Schedule& failing, const Judge& fails, const ShrinkLimits& limits)
      : fails_(fails), limits_(limits) {
    result_.schedule = failing;
  }

  Shrunk Run() {
    result_.reproduced = Try(result_.schedule);
    if (!result_.reproduced) return result_;
    Reduce();
    Settle();
    if (result_.schedule.Lines() > kShortEnough && Guess()) Settle();
    return result_;
  }

 private:
  bool Try(const Schedule& candidate) {
    if (result_.runs >= limits_.runs_max) return false;
    ++result_.runs;
    if (!fails_(candidate)) return false;
    result_.schedule = candidate;
    return true;
  }

  // Until nothing helps any more.
  void Settle() {
    for (bool changed = true; changed;) {
      changed = Simplify();
      changed = Reduce() || changed;
      changed = Round() || changed;
    }
  }

  // Fewer calls have other datagrams at the same places, so that reducing alone stays with many calls. Of one
  // call between two parties a few runs of lost datagrams are guessed.
  bool Guess() {
    SwarmOptions of_one_call = result_.schedule.options;
    of_one_call.calls = 1;
    of_one_call.parties = 2;
    SwarmOptions plain;
    plain.seed = of_one_call.seed;
    plain.over_tcp = of_one_call.over_tcp;
    for (const SwarmOptions& options : {plain, of_one_call}) {
      for (std::uint64_t count = 0; count <= kGuessedCountMax; ++count) {
        for (std::uint64_t first = 0; first < kGuessedFirstMax; ++first) {
          for (const Link link : {Link{0, 1}, Link{1, 0}}) {
            Schedule candidate{options, {}};
            for (std::uint64_t i = 0; i < count; ++i)
              candidate.deviations.push_back({.link = link, .n = first + i});
            if (Try(candidate)) return true;
          }
        }
      }
    }
    return false;
  }

  bool Simplify() {
    bool changed = false;
    for (bool again = true; again;) {
      again = false;
      for (const SwarmOptions& options : PlainerThan(result_.schedule.options)) {
        Schedule candidate = result_.schedule;
        candidate.options = options;
        std::erase_if(candidate.deviations, [&](const Deviation& deviation) {
          return options.media == 0 && std::max(deviation.link.from, deviation.link.to) >= options.elements();
        });
        if (!Try(candidate)) continue;
        changed = again = true;
        break;
      }
    }
    return changed;
  }

  // ddmin: takes out pieces, ever smaller ones, until no single deviation can go.
  bool Reduce() {
    bool changed = false;
    std::size_t pieces = 1;
    while (!result_.schedule.deviations.empty()) {
      const std::size_t size = result_.schedule.deviations.size();
      const std::size_t step = (size + pieces - 1) / pieces;
      bool removed = false;
      for (std::size_t begin = 0; begin < result_.schedule.deviations.size();) {
        Schedule candidate = result_.schedule;
        auto& list = candidate.deviations;
        const std::size_t end = std::min(begin + step, list.size());
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(begin),
                   list.begin() + static_cast<std::ptrdiff_t>(end));
        if (Try(candidate)) {
          removed = true;
        } else {
          begin = end;
        }
      }
      changed = changed || removed;
      if (step == 1 && !removed) break;
      if (!removed || step > 1) pieces = std::min(pieces * 2, std::max<std::size_t>(size, 1));
      if (result_.runs >= limits_.runs_max) break;
    }
    return changed;
  }

  // Times that are easier to read.
  bool Round() {
    bool changed = false;
    for (std::size_t i = 0; i < result_.schedule.deviations.size(); ++i) {
      for (const Duration unit :
           {Duration(seconds(1)), Duration(milliseconds(100)), Duration(milliseconds(1))}) {
        const Duration delay = result_.schedule.deviations[i].delay;
        if (delay % unit == Duration::zero()) break;
        Schedule candidate = result_.schedule;
        candidate.deviations[i].delay = (delay / unit + 1) * unit;
        if (!Try(candidate)) continue;
        changed = true;
        break;
      }
    }
    return changed;
  }

  const Judge& fails_;
  const ShrinkLimits limits_;
  Shrunk result_;
};

}  // namespace

Shrunk Shrink(const Schedule& failing, const Judge& fails, const ShrinkLimits& limits) {
  return Shrinking(failing, fails, limits).Run();
}

}  // namespace sansip::sim
