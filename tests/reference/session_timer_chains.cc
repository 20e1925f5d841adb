#include "sansip/tests/reference/session_timer_chains.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sansip/core/base/random.h"
#include "sansip/core/transaction/testing.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/session_timer/proxy.h"
#include "sansip/tests/reference/session_timer_print.h"

namespace sansip::reference {

namespace {

using Seconds = std::optional<std::uint32_t>;

constexpr int kRefreshes = 3;
constexpr std::size_t kProxiesMax = 3;

struct Agent {
  bool is_aware = false;
  SessionTimerWish wish = {};
  SessionTimerMemory memory = {};  // of the dialog
};

struct Proxy {
  bool is_aware = false;
  ProxySessionTimerPolicy policy = {};
  Seconds interval = {};  // of the latest 2xx
};

struct Path {
  Agent caller;
  std::vector<Proxy> proxies = {};
  Agent callee;
};

std::string Shown(const Agent& agent) {
  return agent.is_aware ? Written(agent.wish) + " " + Written(agent.memory) : "unaware";
}

std::string Shown(const Path& path) {
  std::string text = "caller " + Shown(path.caller) + "\n";
  for (const Proxy& proxy : path.proxies) {
    text += "proxy " + (proxy.is_aware ? Written(proxy.policy) : "unaware") + "\n";
  }
  return text + "callee " + Shown(path.callee) + "\n";
}

// One transaction, as it was seen from both ends.
struct Outcome {
  int status = 200;
  int tries = 1;
  SessionTimerHeaders sent = {};    // by the UAC
  SessionTimerFacts request = {};   // as it reached the UAS, or the proxy that refused it
  std::uint32_t asked = 0;          // the first Session-Expires on the way; 0: none
  SessionTimerAnswer answer = {};   // of an aware UAS
  SessionTimerFacts response = {};  // as it reached the UAC
  bool reached_uas = false;
  int inserted = 0;  // Session-Expires by proxies, into the response
};

// 0: forwarded.
std::uint32_t RefusedBy(const Proxy& proxy, Method method, Outcome& outcome,
                        ProxySessionTimerMemory& memory) {
  const ForwardedSessionTimer forwarded = ForwardSessionTimer(proxy.policy, method, outcome.request);
  if (forwarded.refuse_min_se != 0) return forwarded.refuse_min_se;
  if (forwarded.session_expires) outcome.request.session_expires = forwarded.session_expires;
  if (forwarded.min_se) outcome.request.min_se = forwarded.min_se;
  if (forwarded.require_timer) outcome.request.required = true;
  memory = forwarded.memory;
  return 0;
}

void Answer(const Agent& uas, Outcome& outcome) {
  if (!uas.is_aware) {
    if (outcome.request.required) outcome.status = 420;
    return;
  }
  outcome.answer = AnswerSessionTimer(uas.wish, outcome.request, uas.memory.interval);
  if (outcome.answer.refuse_status != 0) {
    outcome.status = outcome.answer.refuse_status;
    outcome.response.min_se = outcome.answer.min_se;
    return;
  }
  outcome.response.supported = true;
  outcome.response.required = outcome.answer.require_timer;
  if (outcome.answer.session_expires == 0) return;
  outcome.response.session_expires = outcome.answer.session_expires;
  outcome.response.refresher = outcome.answer.refresher;
}

void Return(Proxy& proxy, const ProxySessionTimerMemory& memory, Outcome& outcome) {
  const ReturnedSessionTimer returned = ReturnSessionTimer(memory, outcome.status, outcome.response);
  if (returned.interval) proxy.interval = returned.interval;
  if (returned.session_expires == 0) return;
  ++outcome.inserted;
  outcome.response.session_expires = returned.session_expires;
  outcome.response.refresher = Refresher::kUac;
  outcome.response.required = true;
}

// The way there and back. `proxies` in the order in which the request meets them.
void Transact(std::span<Proxy* const> proxies, const Agent& uas, Method method, Outcome& outcome) {
  outcome.asked = outcome.request.session_expires.value_or(0);
  std::array<ProxySessionTimerMemory, kProxiesMax> memories;
  std::size_t reached = 0;
  for (; reached < proxies.size(); ++reached) {
    if (!proxies[reached]->is_aware) continue;
    if (const std::uint32_t min_se = RefusedBy(*proxies[reached], method, outcome, memories[reached])) {
      outcome.status = 422;
      outcome.response.min_se = min_se;
      break;
    }
    if (outcome.asked == 0) outcome.asked = outcome.request.session_expires.value_or(0);
  }
  outcome.reached_uas = reached == proxies.size();
  if (outcome.reached_uas) Answer(uas, outcome);
  if (outcome.asked == 0) outcome.asked = outcome.answer.session_expires;
  while (reached-- > 0) {
    if (proxies[reached]->is_aware) Return(*proxies[reached], memories[reached], outcome);
  }
}

// Tries until there is something else than a 422, or none is worth it.
Outcome Request(Agent& uac, std::span<Proxy* const> proxies, Agent& uas, Method method, bool in_dialog) {
  std::uint32_t before_the_dialog = 0;
  std::uint32_t& min_se_seen = in_dialog ? uac.memory.min_se_seen : before_the_dialog;
  for (int tries = 1;; ++tries) {
    Outcome outcome{.tries = tries};
    if (uac.is_aware) {
      outcome.sent = in_dialog ? HeadersForRefresh(uac.wish, uac.memory)
                               : HeadersForInitialInvite(uac.wish, min_se_seen);
    }
    outcome.request = {.supported = uac.is_aware,
                       .session_expires = outcome.sent.session_expires,
                       .refresher = outcome.sent.refresher,
                       .min_se = outcome.sent.min_se};
    Transact(proxies, uas, method, outcome);
    // RFC 4028 7.4: those of requests on the dialog count, refused or not.
    if (in_dialog && outcome.reached_uas && outcome.request.min_se) {
      uas.memory.min_se_seen = std::max(uas.memory.min_se_seen, *outcome.request.min_se);
    }
    if (outcome.status == 422 && RetryAfter422(outcome.sent, outcome.response, tries - 1, min_se_seen))
      continue;
    if (outcome.status != 200) return outcome;
    if (uac.is_aware) {
      const auto agreed = AgreementFrom2xx(uac.wish, outcome.sent, outcome.response);
      uac.memory.interval = agreed.interval;
      uac.memory.we_refresh = agreed.refresher == Refresher::kUac;
    }
    uas.memory.interval = outcome.answer.session_expires;
    uas.memory.we_refresh = outcome.answer.refresher == Refresher::kUas;
    return outcome;
  }
}

// ---- The laws. Each returns what is broken, or nothing.

// RFC 4028 7.1, 7.4, 8.1: the tries end, by acceptance, as every element refuses no more than once.
std::string BrokenEnd(const Agent& uac, std::span<Proxy* const> proxies, const Agent& uas,
                      const Outcome& outcome) {
  int may_refuse = uas.is_aware;
  bool is_required = false;
  for (const Proxy* proxy : proxies) {
    may_refuse += proxy->is_aware && proxy->policy.refuse;
    is_required |= proxy->is_aware && proxy->policy.require_timer;
  }
  if (outcome.tries > 1 + (uac.is_aware ? may_refuse : 0)) return "more tries than elements that refuse";
  if (outcome.tries > kMinSeRetriesMax + 1) return "too many tries";
  if (outcome.status == 420 && is_required && !uac.is_aware && !uas.is_aware) return {};
  return outcome.status == 200 ? "" : "not accepted";
}

// RFC 4028 4, 5: what is sent, and what comes of it.
std::string BrokenBounds(const Agent& uac, const Agent& uas, const Outcome& outcome) {
  if (outcome.sent.min_se.value_or(90) < 90) return "Min-SE below 90";
  if (outcome.sent.session_expires && *outcome.sent.session_expires < outcome.sent.min_se.value_or(90)) {
    return "Session-Expires below Min-SE";
  }
  const std::uint32_t lowest = std::max(outcome.request.min_se.value_or(0), kSessionIntervalMin);
  for (const std::uint32_t interval : {uac.memory.interval, uas.memory.interval}) {
    if (interval == 0) continue;
    if (interval < lowest) return "an interval below Min-SE";
    if (interval > std::max(outcome.asked, lowest)) return "an interval above what was asked";
  }
  return {};
}

// RFC 4028 3: who runs a timer, of aware and unaware ends.
std::string BrokenAgreement(const Agent& uac, std::span<Proxy* const> proxies, const Agent& uas,
                            const Outcome& outcome) {
  const bool asked = outcome.request.session_expires.has_value();
  const bool has_proxy =
      std::any_of(proxies.begin(), proxies.end(), [](auto* proxy) { return proxy->is_aware; });
  const bool answered = outcome.answer.session_expires != 0;
  if (answered != (uas.is_aware && uas.wish.enabled && (asked || uac.is_aware))) return "the UAS's choice";
  if (answered) {
    if (outcome.inserted != 0) return "inserted beside the UAS's";
    if (!uac.is_aware && !uas.memory.we_refresh) return "nobody refreshes";
    if (uac.is_aware && uac.memory.interval != uas.memory.interval) return "two intervals";
    if (uac.is_aware && uac.memory.we_refresh == uas.memory.we_refresh) return "the same role twice";
    if (outcome.answer.require_timer != uac.is_aware) return "Require";
  } else {
    const bool inserted = uac.is_aware && asked && has_proxy;
    const bool alone = uac.is_aware && outcome.sent.session_expires && uac.wish.enabled;
    if (outcome.inserted != inserted) return "inserted not just once";
    // RFC 4028 8.2: by the last aware proxy, what it forwarded.
    if (inserted && outcome.response.session_expires != outcome.request.session_expires) {
      return "inserted another value";
    }
    if ((uac.memory.interval != 0) != (inserted || alone)) return "a UAC alone";
    if (uac.memory.interval != 0 && !uac.memory.we_refresh) return "nobody refreshes for the UAC";
    if (uas.memory.interval != 0) return "a UAS alone";
  }
  const std::uint32_t interval = uac.is_aware ? uac.memory.interval : uas.memory.interval;
  for (const Proxy* proxy : proxies) {
    if (proxy->is_aware && proxy->interval != interval) return "a proxy with another interval";
  }
  return {};
}

std::string Broken(const Agent& uac, std::span<Proxy* const> proxies, const Agent& uas,
                   const Outcome& outcome) {
  std::string broken = BrokenEnd(uac, proxies, uas, outcome);
  if (!broken.empty() || outcome.status != 200) return broken;
  broken = BrokenBounds(uac, uas, outcome);
  return broken.empty() ? BrokenAgreement(uac, proxies, uas, outcome) : broken;
}

// ---- Chance

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  std::uint32_t Below(std::uint32_t limit) { return UniformBelow(bits_, limit); }
  bool OneIn(std::uint32_t many) { return Below(many) == 0; }
  std::uint32_t Interval() {
    constexpr std::array kUsual = {0u, 89u, 90u, 91u, 300u, 600u, 1800u, 3600u, 4294967295u};
    return OneIn(2) ? kUsual[Below(kUsual.size())] : Below(4000);
  }
  Agent AnyAgent() {
    return {.is_aware = !OneIn(4),
            .wish = {.enabled = !OneIn(4),
                     .session_expires = Interval(),
                     .min_se = OneIn(2) ? 0 : Interval(),
                     .refresher = static_cast<Refresher>(Below(3))}};
  }
  Path AnyPath() {
    Path path{.caller = AnyAgent(), .callee = AnyAgent()};
    path.proxies.resize(Below(kProxiesMax + 1));
    for (Proxy& proxy : path.proxies) {
      proxy = {.is_aware = !OneIn(4),
               .policy = {.session_expires = OneIn(2) ? 0 : Interval(),
                          .min_se = OneIn(2) ? 0 : Interval(),
                          .refuse = !OneIn(3),
                          .require_timer = OneIn(8)}};
    }
    return path;
  }

 private:
  testing::SeededRandom bits_;
};

// One call from the INVITE to its third refresh. What is broken, or nothing.
std::string RunChain(Path& path, Random& random, ChainCounts& counts) {
  std::vector<Proxy*> there, back;
  for (Proxy& proxy : path.proxies) there.push_back(&proxy);
  back.assign(there.rbegin(), there.rend());
  Outcome outcome = Request(path.caller, there, path.callee, Method::kInvite, false);
  std::string broken = Broken(path.caller, there, path.callee, outcome);
  if (!broken.empty()) return "INVITE: " + broken;
  counts.calls_with_422 += outcome.tries > 1;
  counts.tries_max = std::max(counts.tries_max, outcome.tries);

  const int first = static_cast<int>(random.Below(2));
  for (int i = 0; i < kRefreshes; ++i) {
    const bool by_caller =
        path.callee.memory.interval == 0 || (path.caller.memory.interval != 0 && (i + first) % 2 == 0);
    Agent& uac = by_caller ? path.caller : path.callee;
    Agent& uas = by_caller ? path.callee : path.caller;
    if (uac.memory.interval == 0) return {};
    const bool refreshed = uac.memory.we_refresh;
    const std::vector<Proxy*>& proxies = by_caller ? there : back;
    outcome = Request(uac, proxies, uas, Method::kUpdate, true);
    broken = Broken(uac, proxies, uas, outcome);
    if (!broken.empty()) return "refresh " + std::to_string(i) + ": " + broken;
    if (uac.memory.interval == 0) return "a refresh turned the timer off";
    // RFC 4028 7.4: the roles stay, unless the UAS wants no timer.
    const bool answered = outcome.answer.session_expires != 0;
    if (uac.memory.we_refresh != (refreshed || !answered)) return "a refresh changed the roles";
    ++counts.refreshes;
    counts.refreshes_with_422 += outcome.tries > 1;
  }
  ++counts.timers;
  // RFC 4028 11.1: in the end no element that refuses is refreshed more often than it takes.
  for (const Proxy& proxy : path.proxies) {
    if (proxy.is_aware && proxy.policy.refuse && proxy.interval < std::max(proxy.policy.min_se, 90u)) {
      return "a proxy is refreshed too often";
    }
  }
  return {};
}

// One INVITE to elements that refuse whatever comes, and say anything.
std::string RunAmongLiars(Random& random, ChainCounts& counts) {
  const SessionTimerWish wish = random.AnyAgent().wish;
  std::uint32_t min_se_seen = 0;
  std::uint32_t largest = wish.enabled ? std::max(wish.min_se, kSessionIntervalMin) : kSessionIntervalMin;
  SessionTimerHeaders sent = HeadersForInitialInvite(wish, min_se_seen);
  for (int tries = 1;; ++tries) {
    counts.tries_max = std::max(counts.tries_max, tries);
    SessionTimerFacts refusal{.malformed = random.OneIn(4)};
    const std::uint32_t more = min_se_seen + random.Below(1000);
    if (!random.OneIn(16)) refusal.min_se = random.OneIn(16) ? random.Interval() : more;
    largest = std::max(largest, refusal.min_se.value_or(0));
    if (!RetryAfter422(sent, refusal, tries - 1, min_se_seen)) return {};
    if (tries > kMinSeRetriesMax) return "too many tries";
    const SessionTimerHeaders next = HeadersForInitialInvite(wish, min_se_seen);
    if (next.min_se != largest) return "not the largest Min-SE";
    if (*next.min_se <= sent.min_se.value_or(0)) return "the same once more";
    if (next.session_expires.has_value() != wish.enabled) return "another wish";
    if (next.session_expires.value_or(*next.min_se) < *next.min_se) return "Session-Expires below Min-SE";
    sent = next;
  }
}

}  // namespace

std::string RunChains(std::uint64_t seed, int chains, ChainCounts& counts) {
  Random random(seed);
  for (int chain = 0; chain < chains; ++chain) {
    Path path = random.AnyPath();
    const Path before = path;
    const std::string broken = RunChain(path, random, counts);
    if (broken.empty()) continue;
    return "chain " + std::to_string(chain) + ": " + broken + "\n" + Shown(before) + "afterwards\n" +
           Shown(path);
  }
  return {};
}

std::string RunChainsAmongLiars(std::uint64_t seed, int chains, ChainCounts& counts) {
  Random random(seed);
  for (int chain = 0; chain < chains; ++chain) {
    const std::string broken = RunAmongLiars(random, counts);
    if (!broken.empty()) return "chain " + std::to_string(chain) + ": " + broken;
  }
  return {};
}

}  // namespace sansip::reference
