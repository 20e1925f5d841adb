// What an oracle remembers by key, and forgets some time after its last use.
#ifndef SANSIP_TESTS_SIM_ORACLE_MEMORY_H_
#define SANSIP_TESTS_SIM_ORACLE_MEMORY_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "sansip/core/base/time.h"
#include "sansip/tests/sim/oracle/keyed_table.h"

namespace sansip::sim {

// When something was used last, in units of 67 ms: of an age of nine years and more it knows nothing.
class LastUse {
 public:
  void Set(Instant now) { units_ = UnitsOf(now); }
  // Up to a unit more than it is.
  Duration AgeAt(Instant now) const {
    return Duration(static_cast<std::int64_t>(UnitsOf(now) - units_) << kUnitBits);
  }

 private:
  static constexpr int kUnitBits = 26;  // of nanoseconds
  static std::uint32_t UnitsOf(Instant at) {
    return static_cast<std::uint32_t>(at.time_since_epoch().count() >> kUnitBits);
  }

  std::uint32_t units_ = 0;
};

// An Entry has a LastUse `last_use`, and a Lifetime() after it.
template <typename Entry>
class Memory {
 public:
  using Got = typename KeyedTable<Entry>::Got;
  // When it is looked whether an entry may go; and, of one that may stay longer than that, then again.
  static constexpr Duration kLookAfter = std::chrono::seconds(40);  // 64*T1 and a margin
  static constexpr Duration kLookAgain = std::chrono::minutes(10);

  Got Get(std::uint64_t key, Instant now) {
    const Got got = entries_.Get(key);
    got.entry->last_use.Set(now);
    if (got.is_new) looks_.push_back({After(now, kLookAfter), key});
    return got;
  }
  Entry* Find(std::uint64_t key) { return entries_.Find(key); }
  void Expect(std::uint64_t key) const { entries_.Expect(key); }

  // `last` is called with each entry that goes.
  template <typename Last>
  void Forget(Instant now, Last&& last) {
    if (now < next_) return;
    next_ = After(now, kBetween);
    ForgetIn(looks_, now, last);
    ForgetIn(late_looks_, now, last);
  }
  template <typename Last>
  void ForgetAll(Last&& last) {
    for (std::deque<Look>* looks : {&looks_, &late_looks_}) {
      for (; !looks->empty(); looks->pop_front()) Go(looks->front().key, last);
    }
  }

 private:
  struct Look {
    Instant due;
    std::uint64_t key = 0;
  };
  static constexpr Duration kBetween = std::chrono::seconds(1);  // looks: many at a time cost least
  static constexpr std::size_t kAhead = 4;                       // of them, what is looked at is expected

  template <typename Last>
  void ForgetIn(std::deque<Look>& looks, Instant now, Last&& last) {
    while (!looks.empty() && looks.front().due <= now) {
      const std::uint64_t key = looks.front().key;
      looks.pop_front();
      if (looks.size() > kAhead) Expect(looks[kAhead].key);
      const Entry& entry = *Find(key);
      if (entry.last_use.AgeAt(now) >= entry.Lifetime()) {
        Go(key, last);
      } else if (entry.Lifetime() <= kLookAfter) {
        looks_.push_back({After(now, kLookAfter), key});
      } else {
        late_looks_.push_back({After(now, kLookAgain), key});
      }
    }
  }
  template <typename Last>
  void Go(std::uint64_t key, Last&& last) {
    last(*Find(key));
    entries_.Erase(key);
  }

  KeyedTable<Entry> entries_;
  Instant next_ = Instant::min();        // looks
  std::deque<Look> looks_, late_looks_;  // by time; each entry has one
};

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_ORACLE_MEMORY_H_
