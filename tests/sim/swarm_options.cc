#include "sansip/tests/sim/swarm_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <type_traits>

#include "sansip/session_timer/negotiation.h"
#include "sansip/tests/sim/random.h"

namespace sansip::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <std::size_t N>
std::uint32_t Pick(SeededRandom& random, const std::array<std::uint32_t, N>& choices) {
  return choices[UniformBelow(random, N)];
}

// The one list of names. `Options`: SwarmOptions, const or not.
template <typename Options, typename See>
void ForEachOption(Options& options, See&& see) {
  see("seed", options.seed);
  see("tcp", options.over_tcp);
  see("loss", options.faults.loss);
  see("burst", options.faults.burst);
  see("duplicate", options.faults.duplicate);
  see("reorder", options.faults.reorder);
  see("delay", options.faults.delay);
  see("jitter", options.faults.jitter);
  see("parties", options.parties);
  see("calls", options.calls);
  see("apart", options.apart);
  see("ring", options.ring_for);
  see("alert_after", options.alert_after);
  see("talk", options.talk_for);
  see("callee_hangs_up", options.callee_hangs_up);
  see("refuse", options.refuse_with);
  see("cancel_every", options.cancel_every);
  see("cancel_after", options.cancel_after);
  see("reinvite", options.reinvite);
  see("late_offer_every", options.late_offer_every);
  see("session_expires", options.session_expires);
  see("callee_refresher", options.callee_refresher);
  see("media", options.media);
  see("reliable", options.reliable);
  see("provisionals", options.provisionals);
  see("early_update", options.early_update);
  see("changes", options.changes);
  see("change_by", options.change_by);
  see("change_after", options.change_after);
  see("changes_apart", options.changes_apart);
  see("transfer", options.transfer);
  see("fork", options.fork);
  see("fork_apart", options.fork_apart);
  see("fork_refusers", options.fork_refusers);
  see("trying", options.trying);
  see("probe_early", options.probe_early);
  see("late", options.late_max);
}

template <typename Value>
std::string ValueText(const Value& value) {
  if constexpr (std::is_same_v<Value, Duration>) {
    const bool is_whole = value % milliseconds(1) == Duration::zero();
    return is_whole ? std::to_string(value / milliseconds(1)) + "ms" : std::to_string(value.count()) + "ns";
  } else {
    return std::to_string(value);
  }
}

constexpr Duration kDurationMax = std::chrono::hours(24 * 366);

template <typename Value>
bool ReadValue(std::string_view text, Value& value) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc()) return false;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  if constexpr (std::is_same_v<Value, Duration>) {
    const std::int64_t factor = unit == "ns" ? 1 : unit == "ms" ? 1'000'000 : unit == "s" ? 1'000'000'000 : 0;
    if (factor == 0 || number > static_cast<std::uint64_t>(kDurationMax.count() / factor)) return false;
    value = Duration(static_cast<std::int64_t>(number) * factor);
    return true;
  } else {
    if (!unit.empty() || number > std::numeric_limits<Value>::max()) return false;
    value = static_cast<Value>(number);
    return true;
  }
}

// From draws of its own, so that all else is as it would have been.
void PickDialogs(SwarmOptions& options) {
  SeededRandom random(Mix(options.seed ^ 0x4469616C6F6773ull));
  options.reliable = Pick<4>(random, {0, 1, 1, 2});
  options.provisionals = Pick<4>(random, {0, 1, 2, 4});
  options.early_update = UniformBelow(random, 4);
  options.reinvite = Pick<4>(random, {1, 2, 3, 3});
  options.changes = Pick<4>(random, {0, 1, 2, 5});
  options.change_by = UniformBelow(random, 3);
  // At once, or as the call ends.
  options.changes_apart = milliseconds(Pick<4>(random, {0, 100, 1000, 5000}));
  options.change_after = milliseconds(Pick<3>(random, {0, 100, 3000}));
  if (UniformBelow(random, 4) == 0) options.change_after = options.talk_for;
  options.transfer = Pick<4>(random, {0, 0, 1, 2});
  options.ring_for = milliseconds(Pick<4>(random, {0, 1000, 5000, 40'000}));
  options.talk_for = std::max<Duration>(options.talk_for, milliseconds(Pick<3>(random, {0, 0, 70'000})));
  // One in three, over datagrams. A person has two devices or three.
  options.fork = Pick<6>(random, {0, 0, 0, 0, 2, 3});
  options.fork_apart = milliseconds(Pick<4>(random, {0, 20, 300, 2000}));
  options.fork_refusers = UniformBelow(random, 3);
  if (options.over_tcp || options.fork == 0) {
    options.fork = options.fork_refusers = 0;
    options.fork_apart = Duration::zero();
  }
  options.parties = std::max(options.parties, options.fork == 0 ? 2 : 2 * options.fork - 1);
}

void Fix(SwarmOptions& options, const SwarmFixed& fixed) {
  Faults& faults = options.faults;
  if (fixed.loss) {
    faults.loss = *fixed.loss;
    faults.burst = 0;  // the loss that was asked for, and no more
  }
  faults.duplicate = fixed.duplicate.value_or(faults.duplicate);
  faults.reorder = fixed.reorder.value_or(faults.reorder);
  faults.delay = fixed.delay.value_or(faults.delay);
  faults.jitter = fixed.jitter.value_or(faults.jitter);
  if (fixed.transport) options.over_tcp = *fixed.transport == Transport::kTcp;
  options.parties = fixed.parties.value_or(options.parties);
  options.calls = fixed.calls.value_or(options.calls);
  options.media = fixed.media.value_or(options.media);
  if (options.media != 0) options.talk_for = std::min<Duration>(options.talk_for, std::chrono::minutes(1));
  options.talk_for = fixed.duration.value_or(options.talk_for);
  options.session_expires = fixed.session_expires.value_or(options.session_expires);
  if (options.over_tcp || options.callees() < 2) options.fork = 0;
  options.fork = std::min(options.fork, options.callees());
}

}  // namespace

SwarmOptions SwarmOptions::FromSeed(std::uint64_t seed, const SwarmFixed& fixed) {
  SeededRandom random(Mix(seed ^ 0x5377617264ull));
  SwarmOptions options;
  options.seed = seed;
  options.over_tcp = UniformBelow(random, 4) == 0;
  Faults& faults = options.faults;
  faults.loss = Pick<6>(random, {0, 0, 20'000, 100'000, 200'000, 300'000});
  faults.burst = Pick<4>(random, {0, 0, 50'000, 150'000});
  faults.duplicate = Pick<4>(random, {0, 0, 50'000, 300'000});
  faults.reorder = Pick<4>(random, {0, 0, 50'000, 300'000});
  faults.delay = milliseconds(Pick<5>(random, {0, 1, 20, 150, 400}));
  faults.jitter = milliseconds(Pick<4>(random, {0, 5, 50, 300}));
  options.calls = 1 + UniformBelow(random, 6);
  options.apart = milliseconds(Pick<4>(random, {0, 10, 1000, 40'000}));
  options.ring_for = milliseconds(Pick<5>(random, {0, 0, 100, 5000, 70'000}));
  options.talk_for = milliseconds(Pick<6>(random, {0, 50, 3000, 30'000, 200'000, 4'000'000}));
  options.callee_hangs_up = UniformBelow(random, 2) == 0;
  options.refuse_with = Pick<6>(random, {0, 0, 0, 0, 486, 603});
  options.cancel_every = Pick<4>(random, {0, 0, 1, 2});
  options.cancel_after = milliseconds(Pick<5>(random, {0, 20, 100, 2000, 60'000}));
  options.reinvite = Pick<5>(random, {0, 0, 1, 2, 3});
  options.late_offer_every = Pick<4>(random, {0, 0, 1, 3});
  options.session_expires = Pick<5>(random, {0, 90, 90, 300, 1800});
  options.callee_refresher = UniformBelow(random, 2) == 1;
  options.probe_early = UniformBelow(random, 2) == 0;
  options.late_max = milliseconds(Pick<3>(random, {0, 0, 3}));
  options.parties = Pick<4>(random, {2, 2, 3, 6});
  options.trying = UniformBelow(random, 4) == 0;
  options.alert_after = milliseconds(Pick<4>(random, {0, 0, 0, 1000}));
  if (fixed.dialogs && !fixed.media) PickDialogs(options);
  Fix(options, fixed);
  return options;
}

void SwarmOptions::ForEach(
    const std::function<void(std::string_view name, const std::string& value)>& see) const {
  ForEachOption(*this, [&](std::string_view name, const auto& value) { see(name, ValueText(value)); });
}

std::string SwarmOptions::Text() const {
  std::string text;
  ForEach([&](std::string_view name, const std::string& value) {
    if (!text.empty()) text += ' ';
    text += std::string(name) + "=" + value;
  });
  return text;
}

std::string SwarmOptions::ShortText() const {
  const std::string all = " " + SwarmOptions{}.Text() + " ";
  std::string text = "seed=" + std::to_string(seed);
  ForEach([&](std::string_view name, const std::string& value) {
    const std::string word = " " + std::string(name) + "=" + value;
    if (name != "seed" && all.find(word + " ") == std::string::npos) text += word;
  });
  return text;
}

bool SwarmOptions::Read(std::string_view word, std::string& why) {
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view wanted = word.substr(0, equals);
  const std::string_view text = word.substr(std::min(equals + 1, word.size()));
  bool is_known = false, is_read = false;
  ForEachOption(*this, [&](std::string_view name, auto& value) {
    if (name != wanted) return;
    is_known = true;
    is_read = ReadValue(text, value);
  });
  if (!is_known) why = "there is no option \"" + std::string(wanted) + "\"";
  if (is_known && !is_read) why = "\"" + std::string(text) + "\" is no value for " + std::string(wanted);
  return is_read;
}

bool SwarmOptions::AreUsable(std::string& why) const {
  why.clear();
  if (parties < 2 || parties > kPartiesMax) why = "parties: 2 to " + std::to_string(kPartiesMax);
  if (calls < 1 || calls > kCallsMax) why = "calls: 1 to " + std::to_string(kCallsMax);
  for (const std::uint32_t chance : {faults.loss, faults.burst, faults.duplicate, faults.reorder}) {
    if (chance > kMillion) why = "chances are millionths";
  }
  if (session_expires != 0 && session_expires < kSessionIntervalMin) {
    why = "session_expires: 0, or " + std::to_string(kSessionIntervalMin) + " or more";
  }
  if (refuse_with != 0 && (refuse_with < 300 || refuse_with > 699))
    why = "refuse: 0, or a status of 300 to 699";
  if (media != 0 && (media < kMediaMsMin || media > kMediaMsMax)) {
    why = "media: 0, or " + std::to_string(kMediaMsMin) + " to " + std::to_string(kMediaMsMax) + " ms";
  }
  if (media != 0 && HasDialogs()) why = "media: not with options of dialogs";
  if (transfer > 2 || reliable > 2 || change_by > 2) why = "transfer, reliable, change_by: 0 to 2";
  if (provisionals > kStepsMax || changes > kStepsMax) {
    why = "provisionals, changes: at most " + std::to_string(kStepsMax);
  }
  if (fork == 1 || fork > kForkMax || fork > callees()) {
    why = "fork: 0, or 2 to " + std::to_string(kForkMax) + ", as many as half of the parties answer";
  }
  if (fork != 0 && over_tcp) why = "fork: over datagrams only";
  if (late_max > seconds(1)) why = "late: at most a second";
  return why.empty();
}

bool SwarmOptions::HasDialogs() const {
  return reliable != 0 || provisionals != 0 || early_update != 0 || changes != 0 || transfer != 0 ||
         fork != 0;
}

std::string PartyName(std::uint32_t party) {
  static constexpr std::string_view kNames[] = {"alice", "bob",   "carol", "dave", "erin",
                                                "frank", "grace", "heidi", "ivan", "judy"};
  if (party < std::size(kNames)) return std::string(kNames[party]);
  return "party" + std::to_string(party + 1);
}

}  // namespace sansip::sim
