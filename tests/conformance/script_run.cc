#include "sansip/tests/conformance/script_run.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "fmt/core.h"
#include "sansip/tests/conformance/field_check.h"
#include "sansip/tests/conformance/peer.h"
#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {
namespace {

std::string Short(const WireMessage& message) {
  return message.is_response() ? message.start.substr(8) + " to " + message.method() : message.method();
}

std::string Seconds(Duration time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

class ScriptRun {
 public:
  ScriptRun(const Scenario& scenario, const TimeNames& names, const std::string& unique, Stage& stage)
      : scenario_(scenario),
        names_(names),
        stage_(stage),
        peer_(stage.transport(), stage.peer_address(), stage.subject_uri(), unique) {}

  Verdict Play() {
    for (const ScenarioStep& step : scenario_.steps) {
      if (!Step(step)) break;
    }
    if (verdict_.kind == Verdict::Kind::kPassed) AtTheEnd();
    if (!stage_.has_user()) LeaveNothingBehind();
    return verdict_;
  }

 private:
  // A message received, and the times it came again.
  struct Heard {
    WireMessage message;
    std::string wire;
    Instant first;
    std::deque<Instant> again;
  };

  bool Fail(std::string text) {
    verdict_ = {Verdict::Kind::kFailed, line_, std::move(text), 1};
    return false;
  }

  bool Step(const ScenarioStep& step) {
    line_ = step.line;
    std::vector<std::string> words = Words(step.text);
    const std::string verb = words[0];
    words.erase(words.begin());
    if (verb == "send") return Send(words, step);
    if (verb == "expect") return Expect(words, step);
    if (verb == "user") return User(step.text.substr(5));
    if (verb == "wait" && words.size() == 1) return Wait(words[0]);
    if (verb == "no") return No(words, step);
    if (verb == "silence" && words.size() == 2 && words[0] == "for") return Silence(words[1]);
    if (verb == "lose" && words.size() >= 2) return Lose(step.text.substr(5));
    if (step.text == "nothing left") {
      return stage_.Left() == 0 || Fail("calls or transactions are left");
    }
    return Fail("no such step");
  }

  std::optional<Duration> Time(std::string_view text) {
    const std::optional<Duration> time = ReadTime(text, names_);
    if (!time) Fail("no time: " + std::string(text));
    return time;
  }

  // "200 to INVITE again", "CANCEL as first".
  bool Send(std::vector<std::string> words, const ScenarioStep& step) {
    const std::optional<MessagePattern> what = TakePattern(words);
    if (!what) return Fail("send what?");
    if (words.size() == 1 && words[0] == "again") {
      const auto found = std::find_if(sent_.rbegin(), sent_.rend(),
                                      [&](const WireMessage& message) { return what->Matches(message); });
      if (found == sent_.rend()) return Fail("it was not sent before");
      return stage_.Send(found->Text()) || Fail("it cannot be sent");
    }
    std::string error;
    const std::optional<WireMessage> message = peer_.Compose(*what, step.details, error);
    if (!message) return Fail(error);
    if (words.size() == 2 && words[0] == "as") {
      peer_.Name(words[1], *message);
    } else if (!words.empty()) {
      return Fail("send MESSAGE [again | as NAME]");
    }
    sent_.push_back(*message);
    return stage_.Send(message->Text()) || Fail("it cannot be sent");
  }

  // The next message up to `until`: new ones go to fresh_, copies to what they are copies of.
  bool Take(Instant until) {
    const std::optional<Arrived> arrived = stage_.Receive(until);
    if (!arrived) return false;
    for (Heard& heard : heard_) {
      if (heard.wire != arrived->wire) continue;
      heard.again.push_back(arrived->at);
      last_ = &heard.message;
      return true;
    }
    std::optional<WireMessage> message = ReadWireMessage(arrived->wire);
    if (!message) message = WireMessage{.start = arrived->wire, .headers = {}, .body = {}};
    heard_.push_back({*message, arrived->wire, arrived->at, {}});
    fresh_.push_back(&heard_.back());
    last_ = &heard_.back().message;
    return true;
  }

  bool Expect(std::vector<std::string> words, const ScenarioStep& step) {
    const std::optional<MessagePattern> what = TakePattern(words);
    if (!what) return Fail("expect what?");
    const bool again = !words.empty() && words[0] == "again";
    if (again) words.erase(words.begin());
    std::string name;
    if (words.size() >= 2 && words[words.size() - 2] == "as") {
      name = words.back();
      words.resize(words.size() - 2);
    }
    std::vector<Duration> times;
    const bool is_exact = !words.empty() && words[0] == "at";
    if (!words.empty() && !is_exact && words[0] != "within") return Fail("[within TIME | at TIME]");
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::optional<Duration> time = Time(words[i]);
      if (!time) return false;
      times.push_back(*time);
    }
    if (times.empty() && (is_exact || !words.empty())) return Fail("no time is given");
    if (again) return ExpectAgain(*what, times, is_exact);
    if (times.size() > 1) return Fail("one time, please");
    return ExpectNew(*what, times, is_exact, name, step);
  }

  bool ExpectNew(const MessagePattern& what, const std::vector<Duration>& times, bool is_exact,
                 const std::string& name, const ScenarioStep& step) {
    const Instant asked = stage_.now();
    const Duration window = times.empty() ? stage_.patience() : times[0] + stage_.tolerance();
    const Heard* const heard = NextMatching(what, After(asked, window));
    if (heard == nullptr) return false;
    if (is_exact && heard->first < asked + times[0] - stage_.tolerance()) {
      return Fail(fmt::format("{} came after {}, too early", TextOf(what), Seconds(heard->first - asked)));
    }
    peer_.OnMessage(heard->message);
    if (!name.empty()) peer_.Name(name, heard->message);
    return CheckFields(heard->message, step.details);
  }

  const Heard* NextMatching(const MessagePattern& what, Instant until) {
    while (true) {
      while (!fresh_.empty()) {
        const Heard* const heard = fresh_.front();
        fresh_.pop_front();
        if (what.Matches(heard->message)) return heard;
        const bool is_provisional = heard->message.status() / 100 == 1;
        peer_.OnMessage(heard->message);
        if (is_provisional) continue;
        Fail(fmt::format("{} arrived where {} was expected", Short(heard->message), TextOf(what)));
        return nullptr;
      }
      if (Take(until)) continue;
      Fail(TextOf(what) + " did not arrive");
      return nullptr;
    }
  }

  // Without times: one copy, at once. Times count from the first of the message.
  bool ExpectAgain(const MessagePattern& what, const std::vector<Duration>& times, bool is_exact) {
    const auto found = std::find_if(heard_.rbegin(), heard_.rend(),
                                    [&](const Heard& heard) { return what.Matches(heard.message); });
    if (found == heard_.rend()) return Fail("there was no " + TextOf(what));
    Heard& heard = *found;
    if (times.empty() || !is_exact) {
      const Duration window = times.empty() ? stage_.patience() : times[0];
      const Instant until = After(stage_.now(), window + stage_.tolerance());
      while (heard.again.empty()) {
        if (!Take(until)) return Fail("no copy of " + TextOf(what));
      }
      heard.again.pop_front();
      return true;
    }
    for (const Duration time : times) {
      const Instant due = heard.first + time;
      while (heard.again.empty()) {
        if (!Take(due + stage_.tolerance())) {
          return Fail(fmt::format("no copy of {} after {}", TextOf(what), Seconds(time)));
        }
      }
      const Instant at = heard.again.front();
      heard.again.pop_front();
      if (at < due - stage_.tolerance() || at > due + stage_.tolerance()) {
        return Fail(fmt::format("a copy of {} came after {} where {} is right", TextOf(what),
                                Seconds(at - heard.first), Seconds(time)));
      }
    }
    return true;
  }

  // "CANCEL for 5s": anything else may come meanwhile.
  bool No(std::vector<std::string> words, const ScenarioStep&) {
    const std::optional<MessagePattern> what = TakePattern(words);
    const bool again = !words.empty() && words[0] == "again";
    if (again) words.erase(words.begin());
    if (!what || words.size() != 2 || words[0] != "for") return Fail("no MESSAGE [again] for TIME");
    const std::optional<Duration> time = Time(words[1]);
    if (!time) return false;
    for (const Heard* heard : fresh_) {
      if (what->Matches(heard->message)) return Fail(TextOf(*what) + " came");
    }
    for (const Heard& heard : heard_) {
      if (again && what->Matches(heard.message) && !heard.again.empty()) {
        return Fail(TextOf(*what) + " came again");
      }
    }
    const Instant until = After(stage_.now(), *time);
    while (Take(until)) {
      if (what->Matches(*last_)) {
        return Fail(fmt::format("{} came, {} too early", TextOf(*what), Seconds(until - stage_.now())));
      }
    }
    return true;
  }

  bool Silence(std::string_view text) {
    const std::optional<Duration> time = Time(text);
    if (!time) return false;
    if (!fresh_.empty()) return Fail(Short(fresh_.front()->message) + " came");
    if (Take(After(stage_.now(), *time))) return Fail(Short(*last_) + " broke the silence");
    return true;
  }

  bool Wait(std::string_view text) {
    const std::optional<Duration> time = Time(text);
    if (!time) return false;
    const Instant until = After(stage_.now(), *time);
    while (Take(until)) {
    }
    return true;
  }

  bool Lose(std::string_view text) {
    const std::size_t space = text.find(' ');
    stage_.Lose(std::atoi(std::string(text).c_str()), Trimmed(text.substr(space)));
    return true;
  }

  bool User(std::string_view what) {
    if (what.starts_with("told ") || what.starts_with("not told ")) {
      if (!stage_.has_user()) return true;
      const bool is_wanted = what.starts_with("told ");
      const std::string_view wanted = what.substr(is_wanted ? 5 : 9);
      for (Told& told : stage_.told()) {
        if (!told.text.starts_with(wanted) || (is_wanted && told.is_claimed)) continue;
        told.is_claimed = true;
        return is_wanted || Fail("the user was told " + told.text);
      }
      return !is_wanted || Fail("the user was not told " + std::string(wanted));
    }
    // "cannot VERB: Reason" is a verb that has to be refused.
    if (what.starts_with("cannot ")) {
      if (!stage_.has_user()) return true;
      const std::size_t colon = what.find(": ");
      const std::string refused = stage_.Direct(what.substr(7, colon - 7));
      return refused == what.substr(colon + 2) ||
             Fail("it was answered " + (refused.empty() ? "yes" : refused));
    }
    const std::string refused = stage_.Direct(what);
    return refused.empty() || Fail("refused: " + refused);
  }

  bool CheckFields(const WireMessage& message, const std::vector<std::string>& checks) {
    for (const std::string& check : checks) {
      const std::string fault = FieldFault(message, check, peer_);
      if (!fault.empty()) return Fail(check + ": " + fault);
    }
    return true;
  }

  // Nothing may have come that no step expected.
  void AtTheEnd() {
    while (Take(stage_.now())) {
    }
    for (const Heard* heard : fresh_) {
      if (heard->message.status() / 100 != 1) Fail(Short(heard->message) + " came unexpected");
    }
  }

  // A program at the other end has room for so many calls only: the one that the script left open ends.
  void LeaveNothingBehind() {
    std::string error;
    const auto send = [&](std::string method) {
      const std::optional<WireMessage> message = peer_.Compose({std::move(method), ""}, {}, error);
      if (message) stage_.Send(message->Text());
    };
    while (Take(stage_.now())) peer_.OnMessage(*last_);
    if (peer_.Find("INVITE") == nullptr || peer_.Find("BYE") != nullptr) return;
    if (peer_.Find("200 to INVITE") != nullptr) {
      if (peer_.Find("ACK") == nullptr) send("ACK");
      send("BYE");
    } else if (peer_.Find("ACK") == nullptr && peer_.Find("CANCEL") == nullptr) {
      send("CANCEL");
    }
    for (const Instant until = After(stage_.now(), std::chrono::milliseconds(100)); Take(until);) {
      peer_.OnMessage(*last_);
      if (last_->status() >= 300 && last_->method() == "INVITE") send("ACK");
    }
  }

  const Scenario& scenario_;
  TimeNames names_;
  Stage& stage_;
  Peer peer_;
  Verdict verdict_;
  int line_ = 0;
  std::vector<WireMessage> sent_;
  std::deque<Heard> heard_;  // steady places
  std::deque<const Heard*> fresh_;
  const WireMessage* last_ = nullptr;
};

}  // namespace

Verdict PlayScript(const Scenario& scenario, const TimeNames& names, const std::string& unique,
                   Stage& stage) {
  return ScriptRun(scenario, names, unique, stage).Play();
}

}  // namespace sansip::conformance
