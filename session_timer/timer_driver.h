// One session timer driven by hand, for tests: seconds instead of instants, facts as arguments.
#ifndef SANSIP_SESSION_TIMER_TIMER_DRIVER_H_
#define SANSIP_SESSION_TIMER_TIMER_DRIVER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sansip/session_timer/session_timer.h"

namespace sansip {

constexpr Instant At(double seconds) {
  return Instant(Duration(static_cast<std::int64_t>(seconds * 1000) * 1'000'000));
}

// Its words are the seconds of At().
inline double SecondsOf(Instant instant) {
  return static_cast<double>(instant.time_since_epoch().count() / 1'000'000) / 1000;
}

class FixedRandom : public RandomSource {
 public:
  explicit FixedRandom(std::uint64_t value) : value_(value) {}
  std::uint64_t Next() override { return value_; }

 private:
  std::uint64_t value_;
};

class TimerDriver {
 public:
  explicit TimerDriver(const SessionTimerWish& wish = {}, bool owns_call_id = true)
      : wish_(std::make_unique<SessionTimerWish>(wish)), timer_(*wish_, owns_call_id) {}

  SessionTimer& timer() { return timer_; }
  SessionTimerState state() const { return timer_.status().state; }
  double next() const { return SecondsOf(timer_.next_deadline()); }
  bool idle() const { return timer_.next_deadline() == kNever; }

  // A 2xx to an own request; interval 0: without Session-Expires.
  void Receive2xx(double at, std::uint32_t interval, Refresher refresher, Method method = Method::kInvite) {
    timer_.On2xxReceived(At(at), method, ++cseq_, sent_, Facts(interval, refresher));
  }
  void Receive2xxAgain(double at, std::uint32_t interval, Refresher refresher) {
    timer_.On2xxReceived(At(at), Method::kInvite, cseq_, sent_, Facts(interval, refresher));
  }
  void Send2xx(double at, std::uint32_t interval, Refresher refresher, Method method = Method::kInvite) {
    timer_.On2xxSent(At(at), method, {.session_expires = interval, .refresher = refresher});
  }
  void PeerAllowsUpdate() {
    SessionTimerFacts facts;
    facts.supported = true;
    facts.allows_update = true;
    timer_.OnPeerMessage(facts, false);
  }
  void SetSent(const SessionTimerHeaders& sent) { sent_ = sent; }

  // What the timer does at that time: "refresh reinvite", "expiring", "end".
  std::vector<std::string> Deadline(double at) {
    Actions out;
    timer_.OnDeadline(At(at), out);
    return Texts(out);
  }
  // Goes from deadline to deadline up to that time.
  std::vector<std::string> RunUntil(double end) {
    std::vector<std::string> all;
    while (timer_.next_deadline() <= At(end)) {
      const double at = next();
      Actions out;
      timer_.OnDeadline(timer_.next_deadline(), out);
      for (const std::string& text : Texts(out)) all.push_back(Number(at) + " " + text);
    }
    return all;
  }
  std::vector<std::string> Fail(double at, int status, std::optional<std::uint32_t> retry_after = {},
                                RefreshMethod method = RefreshMethod::kReinvite, std::uint64_t random = 0) {
    RefreshFailure failure{.status = status, .method = method, .retry_after = retry_after};
    failure.sent = timer_.HeadersForRequest();
    return Fail(at, failure, random);
  }
  std::vector<std::string> Fail422(double at, std::optional<std::uint32_t> min_se) {
    RefreshFailure failure{.status = 422};
    failure.sent = timer_.HeadersForRequest();
    failure.answer.min_se = min_se;
    return Fail(at, failure, 0);
  }

 private:
  using Actions = SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax>;

  std::vector<std::string> Fail(double at, const RefreshFailure& failure, std::uint64_t random) {
    Actions out;
    FixedRandom source(random);
    timer_.OnRefreshFailed(At(at), failure, source, out);
    return Texts(out);
  }

  static SessionTimerFacts Facts(std::uint32_t interval, Refresher refresher) {
    SessionTimerFacts facts;
    if (interval != 0) facts.session_expires = interval;
    facts.refresher = refresher;
    return facts;
  }

  static std::string Number(double seconds) {
    std::string text = std::to_string(seconds);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }

  static std::vector<std::string> Texts(const SessionTimerSink& out) {
    std::vector<std::string> texts;
    for (const SessionTimerAction& action : out) {
      if (const auto* refresh = std::get_if<session_timer_action::Refresh>(&action)) {
        texts.push_back(refresh->method == RefreshMethod::kUpdate ? "refresh update" : "refresh reinvite");
      } else if (std::holds_alternative<session_timer_action::Expiring>(action)) {
        texts.push_back("expiring");
      } else {
        switch (std::get<session_timer_action::End>(action).reason) {
          case SessionEndReason::kNotRefreshedByPeer:
            texts.push_back("end: not refreshed by peer");
            break;
          case SessionEndReason::kNotRefreshedByUs:
            texts.push_back("end: not refreshed by us");
            break;
          case SessionEndReason::kRefreshTimedOut:
            texts.push_back("end: refresh timed out");
            break;
          case SessionEndReason::kNoDialog:
            texts.push_back("end: no dialog");
            break;
        }
      }
    }
    return texts;
  }

  std::unique_ptr<SessionTimerWish> wish_;  // stays where it is when the driver moves
  SessionTimer timer_;
  SessionTimerHeaders sent_;
  std::uint32_t cseq_ = 0;
};

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_TIMER_DRIVER_H_
