#include "sansip/tests/mutation/table_run.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/transaction/arrow_text.h"
#include "sansip/core/transaction/step.h"

namespace sansip::testing {

namespace {

// More than any scenario needs: a spoiled table may start a timer of no length again and again.
constexpr int kStepsMax = 200;

constexpr std::pair<Effects, std::string_view> kSeen[] = {
    {kSendTheRequest, "request"},
    {kSendTheAck, "ACK"},
    {kSendThe100, "100"},
    {kSendTheResponse, "response"},
    {kSendTheCancel, "CANCEL"},
    {kToUser, "to user"},
    {kTellTimeout, "timeout"},
    {kTellNoAck, "no ACK"},
    {kTellTransportError, "transport error"},
    {kActAs408, "408"},
};

// "0.25", "31.5", in milliseconds.
std::int64_t Milliseconds(std::string_view text) {
  const std::size_t point = text.find('.');
  std::int64_t whole = 0;
  std::from_chars(text.data(), text.data() + std::min(point, text.size()), whole);
  whole *= 1000;
  std::int64_t place = 100;
  for (std::size_t i = point; i != std::string_view::npos && ++i < text.size(); place /= 10) {
    whole += place * (text[i] - '0');
  }
  return whole;
}

std::string SecondsText(Instant now) {
  const std::int64_t milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::string text = std::to_string(milliseconds / 1000);
  if (milliseconds % 1000 == 0) return text;
  std::string digits = std::to_string(1000 + milliseconds % 1000).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

std::optional<Event> EventNamed(std::string_view name) {
  for (std::size_t i = 0; i < kEventCount; ++i) {
    if (EventName(static_cast<Event>(i)) == name) return static_cast<Event>(i);
  }
  return std::nullopt;
}

class TableRun {
 public:
  TableRun(const ArrowTable& table, bool is_reliable, const TimerValues& values)
      : table_(table), values_(values) {
    machine_.machine = table.machine;
    machine_.is_reliable = is_reliable;
  }

  void Happen(Instant at, std::string_view what) {
    AdvanceTo(at);
    if (what == "wait") return;
    if (what == "cancel") {
      const Duration wait = FirstValue(Timer::kCancelled, values_, machine_.is_reliable, true);
      machine_.timers.Arm(Timer::kCancelled, After(now_, wait), orders_.NextOrder());
      return;
    }
    const std::optional<Event> event = EventNamed(what);
    SANSIP_CHECK(event.has_value() && "a scenario names no such event");
    Take(*event);
  }

  std::string TakeLog() { return std::move(log_); }

 private:
  void AdvanceTo(Instant end) {
    while (!is_gone_ && steps_ < kStepsMax) {
      const auto* due = machine_.timers.Earliest();
      if (due == nullptr || due->at > end) break;
      now_ = due->at;
      const Timer timer = due->name;
      machine_.timers.Stop(timer);
      Take(EventOf(timer));
    }
    now_ = end;
  }

  void Take(Event event) {
    ++steps_;
    if (is_gone_ || table_.Find(machine_.state, event) == nullptr) return;
    const Effects effects = Step(table_, values_, event, now_, orders_, machine_)->effects;
    for (const auto& [effect, name] : kSeen) {
      if (effects & effect) Note(name);
    }
    if ((effects & kGone) == 0) return;
    is_gone_ = true;
    Note(machine_.state == State::kTerminated ? "gone" : "gone without being Terminated");
  }

  void Note(std::string_view what) {
    if (!log_.empty()) log_ += ", ";
    log_ += SecondsText(now_);
    log_ += ' ';
    log_ += what;
  }

  const ArrowTable& table_;
  const TimerValues values_;
  MachineState machine_;
  DeadlineQueue orders_;
  Instant now_{};
  int steps_ = 0;
  bool is_gone_ = false;
  std::string log_;
};

}  // namespace

std::string LogOf(const ArrowTable& table, bool is_reliable, std::string_view script,
                  const TimerValues& values) {
  TableRun run(table, is_reliable, values);
  while (!script.empty()) {
    const std::size_t end = std::min(script.find(", "), script.size());
    const std::string_view entry = script.substr(0, end);
    script.remove_prefix(std::min(end + 2, script.size()));
    const std::size_t space = entry.find(' ');
    run.Happen(Instant() + std::chrono::milliseconds(Milliseconds(entry.substr(0, space))),
               entry.substr(space + 1));
  }
  return run.TakeLog();
}

}  // namespace sansip::testing
