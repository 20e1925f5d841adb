#include "sansip/tests/reference/session_timer_side_by_side.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "sansip/core/transaction/testing.h"
#include "sansip/tests/reference/session_timer.h"
#include "sansip/tests/reference/session_timer_print.h"

namespace sansip::reference {

namespace {

using Seconds = std::optional<std::uint32_t>;

constexpr int kDifferencesMax = 5;  // shown, of one function
constexpr std::array kLocal = {0u, 90u, 300u, 1800u, UINT32_MAX};
constexpr std::array kRefreshers = {Refresher::kNone, Refresher::kUac, Refresher::kUas};
constexpr std::array kBools = {false, true};

// Every value that may matter to an element with this minimum and this wish.
std::vector<Seconds> ValuesAround(std::uint32_t minimum, std::uint32_t wish) {
  std::vector<Seconds> values = {std::nullopt, 0, 1, 89, 90, 91, 1u << 31, UINT32_MAX};
  for (const std::uint32_t local : {minimum, wish}) {
    for (const std::uint32_t value : {local - 1, local, local + 1}) values.emplace_back(value);
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// One function, asked twice.
class Compared {
 public:
  explicit Compared(std::string function) : function_(std::move(function)) {}

  template <typename Outcome, typename... Inputs>
  void operator()(const Outcome& real, const Outcome& naive, const Inputs&... inputs) {
    ++tuples_;
    if (Same(real, naive) || ++differences_ > kDifferencesMax) return;
    text_ += function_ + " of\n";
    ((text_ += "  " + Written(inputs) + ",\n"), ...);
    text_ += "session_timer: " + Written(real) + "\nreference:     " + Written(naive) + "\n";
  }

  void AddTo(Comparison& comparison) const {
    if (tuples_ != 0) comparison.counts += function_ + ": " + std::to_string(tuples_) + " tuples\n";
    comparison.differences += text_;
  }

 private:
  std::string function_;
  std::string text_;
  std::uint64_t tuples_ = 0;
  int differences_ = 0;
};

// The seven functions, each with the reference's of the same name.
class AllCompared {
 public:
  void Initial(const SessionTimerWish& wish, std::uint32_t min_se_seen) {
    initial_(sansip::HeadersForInitialInvite(wish, min_se_seen),
             reference::HeadersForInitialInvite(wish, min_se_seen), wish, min_se_seen);
  }
  void Refresh(const SessionTimerWish& wish, const SessionTimerMemory& memory) {
    refresh_(sansip::HeadersForRefresh(wish, memory), reference::HeadersForRefresh(wish, memory), wish,
             memory);
  }
  void After422(const SessionTimerHeaders& sent, const SessionTimerFacts& answer, int retries,
                std::uint32_t min_se_seen) {
    Retry real{.min_se_seen = min_se_seen};
    Retry naive = real;
    real.again = sansip::RetryAfter422(sent, answer, retries, real.min_se_seen);
    naive.again = reference::RetryAfter422(sent, answer, retries, naive.min_se_seen);
    after_422_(real, naive, sent, answer, retries, min_se_seen);
  }
  void Answer(const SessionTimerWish& wish, const SessionTimerFacts& request, std::uint32_t in_force) {
    answer_(sansip::AnswerSessionTimer(wish, request, in_force),
            reference::AnswerSessionTimer(wish, request, in_force), wish, request, in_force);
  }
  void Agreement(const SessionTimerWish& wish, const SessionTimerHeaders& sent,
                 const SessionTimerFacts& answer) {
    agreement_(sansip::AgreementFrom2xx(wish, sent, answer), reference::AgreementFrom2xx(wish, sent, answer),
               wish, sent, answer);
  }
  void Forward(const ProxySessionTimerPolicy& policy, Method method, const SessionTimerFacts& request) {
    forward_(sansip::ForwardSessionTimer(policy, method, request),
             reference::ForwardSessionTimer(policy, method, request), policy, method, request);
  }
  void Return(const ProxySessionTimerMemory& memory, int status_code, const SessionTimerFacts& response) {
    return_(sansip::ReturnSessionTimer(memory, status_code, response),
            reference::ReturnSessionTimer(memory, status_code, response), memory, status_code, response);
  }

  Comparison comparison() const {
    Comparison comparison;
    for (const Compared* compared :
         {&initial_, &refresh_, &after_422_, &answer_, &agreement_, &forward_, &return_}) {
      compared->AddTo(comparison);
    }
    return comparison;
  }

 private:
  Compared initial_{"HeadersForInitialInvite"};
  Compared refresh_{"HeadersForRefresh"};
  Compared after_422_{"RetryAfter422"};
  Compared answer_{"AnswerSessionTimer"};
  Compared agreement_{"AgreementFrom2xx"};
  Compared forward_{"ForwardSessionTimer"};
  Compared return_{"ReturnSessionTimer"};
};

// Calls with every minimum, every wish and the values around both.
template <typename Body>
void ForEveryLocal(const Body& body) {
  for (const std::uint32_t minimum : kLocal) {
    for (const std::uint32_t wish : kLocal) body(minimum, wish, ValuesAround(minimum, wish));
  }
}

// Calls with every wish, and the values around it.
template <typename Body>
void ForEveryWish(const Body& body) {
  ForEveryLocal([&](std::uint32_t minimum, std::uint32_t wish, const std::vector<Seconds>& values) {
    for (const bool enabled : kBools) {
      for (const Refresher refresher : kRefreshers) {
        body(SessionTimerWish{enabled, wish, minimum, refresher, RefreshMethod::kReinvite}, values);
      }
    }
  });
}

// Calls with every message that says one of `values`, or is silent, in either header field. A refresher is a
// parameter of Session-Expires.
template <typename Body>
void ForEveryMessage(const std::vector<Seconds>& values, const std::vector<Seconds>& min_se_values,
                     const Body& body) {
  for (const Seconds& session_expires : values) {
    for (const Refresher refresher : kRefreshers) {
      if (!session_expires && refresher != Refresher::kNone) continue;
      for (const Seconds& min_se : min_se_values) {
        for (unsigned bits = 0; bits < 8; ++bits) {
          body(SessionTimerFacts{.supported = (bits & 1) != 0,
                                 .required = (bits & 2) != 0,
                                 .malformed = (bits & 4) != 0,
                                 .session_expires = session_expires,
                                 .refresher = refresher,
                                 .min_se = min_se});
        }
      }
    }
  }
}

class RandomFacts {
 public:
  explicit RandomFacts(std::uint64_t seed) : source_(seed) {}

  // Mostly close to something that was drawn before: where intervals meet is where mistakes are.
  std::uint32_t Interval() {
    const std::uint64_t word = source_.Next();
    const auto any = static_cast<std::uint32_t>(word);
    switch (word >> 61) {
      case 0:
        return last_ = any;
      case 1:
        return last_ = any % 4000;
      case 2:
        return last_ = kSteps[any % kSteps.size()];
      case 3:
        return kSteps[any % kSteps.size()];
      case 4:
        return last_ + any % 3 - 1;
      default:
        return last_;
    }
  }
  Seconds MaybeInterval() { return Flag() ? Seconds(Interval()) : std::nullopt; }
  bool Flag() { return Below(2) != 0; }
  unsigned Below(unsigned limit) {
    if (bits_ < limit) bits_ = source_.Next();
    const auto drawn = static_cast<unsigned>(bits_ % limit);
    bits_ /= limit;
    return drawn;
  }
  Refresher Any() { return kRefreshers[Below(3)]; }

  SessionTimerWish Wish() { return {Below(4) != 0, Interval(), Interval(), Any(), RefreshMethod::kReinvite}; }
  SessionTimerHeaders Headers() {
    SessionTimerHeaders headers{MaybeInterval(), Refresher::kNone, MaybeInterval()};
    if (headers.session_expires) headers.refresher = Any();
    return headers;
  }
  SessionTimerFacts Facts() {
    const SessionTimerHeaders headers = Headers();
    return {Flag(),         Flag(),      Below(8) == 0, headers.session_expires, headers.refresher,
            headers.min_se, std::nullopt};
  }

 private:
  static constexpr std::array kSteps = {0u, 1u, 89u, 90u, 91u, 300u, 1800u, 1u << 31, UINT32_MAX};

  testing::SeededRandom source_;
  std::uint64_t bits_ = 0;
  std::uint32_t last_ = 0;
};

}  // namespace

Comparison CompareHeaders() {
  AllCompared compare;
  ForEveryWish([&](const SessionTimerWish& wish, const std::vector<Seconds>& values) {
    for (const Seconds& min_se_seen : values) {
      compare.Initial(wish, min_se_seen.value_or(0));
      for (const Seconds& interval : values) {
        for (const bool we_refresh : kBools) {
          compare.Refresh(wish, {interval.value_or(0), min_se_seen.value_or(0), we_refresh});
        }
      }
    }
  });
  return compare.comparison();
}

Comparison CompareRetries() {
  AllCompared compare;
  ForEveryLocal([&](std::uint32_t, std::uint32_t, const std::vector<Seconds>& values) {
    for (const Seconds& sent : values) {
      for (const Seconds& sent_min_se : values) {
        for (const Seconds& answered : values) {
          for (const Seconds& seen : values) {
            for (const int retries : {0, 1, kMinSeRetriesMax - 1, kMinSeRetriesMax, kMinSeRetriesMax + 1}) {
              compare.After422({sent, Refresher::kNone, sent_min_se}, {.min_se = answered}, retries,
                               seen.value_or(0));
            }
          }
        }
      }
    }
  });
  return compare.comparison();
}

Comparison CompareAnswers() {
  AllCompared compare;
  ForEveryWish([&](const SessionTimerWish& wish, const std::vector<Seconds>& values) {
    ForEveryMessage(values, values, [&](const SessionTimerFacts& request) {
      for (const std::uint32_t in_force : {0u, 90u, 1801u, 4294967295u}) {
        compare.Answer(wish, request, in_force);
      }
    });
  });
  return compare.comparison();
}

Comparison CompareAgreements() {
  AllCompared compare;
  ForEveryLocal([&](std::uint32_t minimum, std::uint32_t wish, const std::vector<Seconds>& values) {
    for (const bool enabled : kBools) {
      const SessionTimerWish local{.enabled = enabled, .session_expires = wish, .min_se = minimum};
      for (const Seconds& sent : values) {
        for (const Refresher refresher : kRefreshers) {
          if (!sent && refresher != Refresher::kNone) continue;
          // Min-SE in a 2xx is not for it to be (RFC 4028 5).
          ForEveryMessage(values, {std::nullopt, 1800}, [&](const SessionTimerFacts& answer) {
            compare.Agreement(local, {sent, refresher, minimum}, answer);
          });
        }
      }
    }
  });
  return compare.comparison();
}

Comparison CompareProxies() {
  AllCompared compare;
  ForEveryLocal([&](std::uint32_t minimum, std::uint32_t wish, const std::vector<Seconds>& values) {
    for (unsigned bits = 0; bits < 4; ++bits) {
      const ProxySessionTimerPolicy policy{wish, minimum, (bits & 1) != 0, (bits & 2) != 0};
      ForEveryMessage(values, values, [&](const SessionTimerFacts& request) {
        for (const Method method : {Method::kInvite, Method::kUpdate, Method::kSubscribe}) {
          compare.Forward(policy, method, request);
        }
      });
    }
    ForEveryMessage(values, {std::nullopt, 1800}, [&](const SessionTimerFacts& response) {
      for (const Seconds& remembered : values) {
        for (unsigned bits = 0; bits < 4; ++bits) {
          for (const int status_code : {199, 200, 299, 300, 422}) {
            compare.Return({(bits & 1) != 0, remembered.value_or(0), (bits & 2) != 0}, status_code, response);
          }
        }
      }
    });
  });
  return compare.comparison();
}

Comparison CompareRandom(std::uint64_t seed, std::uint64_t tuples) {
  constexpr std::array kMethods = {Method::kInvite, Method::kUpdate, Method::kBye, Method::kInfo};
  RandomFacts random(seed);
  AllCompared compare;
  for (std::uint64_t i = 0; i < tuples; ++i) {
    switch (i % 7) {
      case 0:
        compare.Initial(random.Wish(), random.Interval());
        break;
      case 1:
        compare.Refresh(random.Wish(), {random.Interval(), random.Interval(), random.Flag()});
        break;
      case 2:
        compare.After422(random.Headers(), random.Facts(),
                         static_cast<int>(random.Below(kMinSeRetriesMax + 2)), random.Interval());
        break;
      case 3:
        compare.Answer(random.Wish(), random.Facts(), random.Flag() ? random.Interval() : 0);
        break;
      case 4:
        compare.Agreement(random.Wish(), random.Headers(), random.Facts());
        break;
      case 5:
        compare.Forward({random.Interval(), random.Interval(), random.Flag(), random.Flag()},
                        kMethods[random.Below(4)], random.Facts());
        break;
      default:
        compare.Return({random.Flag(), random.Interval(), random.Flag()},
                       200 + static_cast<int>(random.Below(3)) * 100, random.Facts());
    }
  }
  return compare.comparison();
}

}  // namespace sansip::reference
