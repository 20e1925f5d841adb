#include "sansip/tests/reference/session_timer.h"

#include <optional>

namespace sansip::reference {

namespace {

using Seconds = std::optional<std::uint32_t>;

// RFC 4028 4, 5: neither header field says less.
constexpr std::uint32_t kAbsoluteMinimum = 90;

std::uint32_t Larger(std::uint32_t a, std::uint32_t b) {
  if (a > b) return a;
  return b;
}

// negotiation.h, proxy.h: what is configured below 90 counts as 90.
std::uint32_t AtLeast90(std::uint32_t configured) { return Larger(configured, kAbsoluteMinimum); }

// RFC 4028 5: absent it means 90. One that says less says what it must not, and counts as 90.
std::uint32_t ValueOfMinSe(const Seconds& min_se) {
  if (!min_se.has_value()) return kAbsoluteMinimum;
  return AtLeast90(*min_se);
}

}  // namespace

SessionTimerHeaders HeadersForInitialInvite(const SessionTimerWish& wish, std::uint32_t min_se_seen) {
  SessionTimerHeaders headers;
  // RFC 4028 7.1: an initial INVITE may have Min-SE. It has, where a timer is asked for and its absence would
  // say something else.
  if (wish.enabled && wish.min_se > kAbsoluteMinimum) headers.min_se = wish.min_se;
  // RFC 4028 7.4: before there is a dialog, a 422 to an INVITE of this Call-ID obliges to insert Min-SE. Also
  // where this UAC asks for nothing: then a proxy asked.
  if (min_se_seen != 0) {
    // RFC 4028 7.4: the largest of all those 422s.
    std::uint32_t value = AtLeast90(min_se_seen);
    // RFC 4028 7.4: the UAC may increase it, if its own opinion is more.
    if (headers.min_se.has_value() && *headers.min_se > value) value = *headers.min_se;
    headers.min_se = value;
  }
  // RFC 4028 7.1: Session-Expires if it wants a session timer.
  if (!wish.enabled) return headers;
  // RFC 4028 7.1: its value is the interval that the UAC would like.
  headers.session_expires = AtLeast90(wish.session_expires);
  // RFC 4028 7.1: not below the Min-SE of the same request.
  if (headers.min_se.has_value() && *headers.session_expires < *headers.min_se) {
    headers.session_expires = headers.min_se;
  }
  // RFC 4028 7.1: the parameter may be there. negotiation.h: as wished.
  headers.refresher = wish.refresher;
  return headers;
}

SessionTimerHeaders HeadersForRefresh(const SessionTimerWish& wish, const SessionTimerMemory& memory) {
  SessionTimerHeaders headers;
  // RFC 4028 7.4: Min-SE is a must once a 422, or a request of the peer with Min-SE, came on this dialog.
  if (memory.min_se_seen != 0) {
    // RFC 4028 7.4: the largest of these.
    headers.min_se = AtLeast90(memory.min_se_seen);
  }
  // RFC 4028 7.4: the UAC may increase it, and 5: absent it is 90. negotiation.h: it does, if it wants
  // timers.
  if (wish.enabled) {
    if (wish.min_se > ValueOfMinSe(headers.min_se)) headers.min_se = wish.min_se;
  }
  // RFC 4028 7.4: Session-Expires belongs there while a session timer is active.
  if (memory.interval == 0) return headers;
  // RFC 4028 7.4: the larger of Min-SE (90 where absent) and the current interval.
  headers.session_expires = Larger(ValueOfMinSe(headers.min_se), memory.interval);
  // RFC 4028 7.4: uac where the sender refreshes now, uas where its peer does: the roles do not change.
  if (memory.we_refresh) {
    headers.refresher = Refresher::kUac;
  } else {
    headers.refresher = Refresher::kUas;
  }
  return headers;
}

bool RetryAfter422(const SessionTimerHeaders& sent, const SessionTimerFacts& answer, int retries,
                   std::uint32_t& min_se_seen) {
  // RFC 4028 6: a 422 must have Min-SE; without it there is nothing to try with.
  if (!answer.min_se.has_value()) return false;
  // RFC 4028 7.4: the largest of all that were ever received, also for later requests.
  min_se_seen = Larger(min_se_seen, ValueOfMinSe(answer.min_se));
  // RFC 4028 7.3: the UAC may try again. negotiation.h: so many times.
  if (retries >= kMinSeRetriesMax) return false;
  // negotiation.h: if the request had said it, it would not be worth another. What Session-Expires said does
  // not matter, as a proxy may have lowered it on the way (RFC 4028 8.1).
  if (!sent.min_se.has_value()) return true;
  return *sent.min_se < min_se_seen;
}

SessionTimerAgreement AgreementFrom2xx(const SessionTimerWish& wish, const SessionTimerHeaders& sent,
                                       const SessionTimerFacts& answer) {
  SessionTimerAgreement agreement;
  // RFC 4028 7.2: Session-Expires counts, also where none was asked for, and also without Require.
  // negotiation.h: 0 is none.
  if (answer.session_expires.has_value() && *answer.session_expires != 0) {
    // RFC 4028 7.2: the interval is that of the latest 2xx.
    agreement.interval = *answer.session_expires;
    // RFC 4028 7.2: the refresher is whom the parameter names.
    agreement.refresher = answer.refresher;
    // RFC 4028 7.2 says that it is there. Where it is not: whom the request named, as a UAS cannot override
    // that (9); if it named none, the UAC, so that someone does it.
    if (agreement.refresher == Refresher::kNone) agreement.refresher = sent.refresher;
    if (agreement.refresher == Refresher::kNone) agreement.refresher = Refresher::kUac;
    return agreement;
  }
  // RFC 4028 7.2: a UAC that asked, and got no Session-Expires, may still wish a timer. It acts as if its own
  // value had come back, with refresher=uac. A Require without Session-Expires changes nothing.
  if (sent.session_expires.has_value() && wish.enabled) {
    agreement.interval = *sent.session_expires;
    agreement.refresher = Refresher::kUac;
    return agreement;
  }
  // RFC 4028 7.2: otherwise there is no session expiration.
  return agreement;
}

namespace {

// RFC 4028 8.1: the Min-SE that leaves the proxy.
Seconds ForwardedMinSe(std::uint32_t minimum_interval, const SessionTimerFacts& request) {
  // RFC 4028 8.1: where Supported lists timer it is neither inserted nor modified.
  if (request.supported) return request.min_se;
  // RFC 4028 8.1: otherwise only a session interval that is too small asks for it.
  if (!request.session_expires.has_value()) return request.min_se;
  if (*request.session_expires >= minimum_interval) return request.min_se;
  // RFC 4028 8.1: insert it, with the proxy's minimum.
  if (!request.min_se.has_value()) return minimum_interval;
  // RFC 4028 8.1: one that is there is increased to that, but never decreased.
  if (*request.min_se < minimum_interval) return minimum_interval;
  return request.min_se;
}

// RFC 4028 8.1: the Session-Expires that leaves the proxy, together with this Min-SE.
Seconds ForwardedSessionExpires(const ProxySessionTimerPolicy& policy, std::uint32_t minimum_interval,
                                const Seconds& min_se, const SessionTimerFacts& request) {
  // RFC 4028 8.1: any value that the proxy would like, but none lower than Min-SE. It does not like less than
  // what it takes from others.
  std::uint32_t desired = AtLeast90(policy.session_expires);
  desired = Larger(desired, minimum_interval);
  desired = Larger(desired, ValueOfMinSe(min_se));
  // RFC 4028 8.1: it may insert one where there is none.
  if (!request.session_expires.has_value()) {
    if (policy.session_expires == 0) return {};
    return desired;
  }
  // RFC 4028 8.1: one below Min-SE must be increased, and to just that.
  if (*request.session_expires < ValueOfMinSe(min_se)) return ValueOfMinSe(min_se);
  // RFC 4028 8.1: otherwise it may be reduced, and must not be increased.
  if (policy.session_expires != 0 && desired < *request.session_expires) return desired;
  return request.session_expires;
}

}  // namespace

ForwardedSessionTimer ForwardSessionTimer(const ProxySessionTimerPolicy& policy, Method method,
                                          const SessionTimerFacts& request) {
  ForwardedSessionTimer forwarded;
  // RFC 4028 8.1: all session refresh requests alike; 2: these are INVITE and UPDATE.
  if (method != Method::kInvite && method != Method::kUpdate) return forwarded;

  const std::uint32_t minimum_interval = AtLeast90(policy.min_se);
  // RFC 4028 8.1: the proxy may refuse, if Supported lists timer and the session interval is smaller than its
  // minimum. proxy.h: malformed is the UAS's to refuse.
  if (policy.refuse && !request.malformed && request.supported && request.session_expires.has_value() &&
      *request.session_expires < minimum_interval) {
    // RFC 4028 8.1: with its minimum, never below 90, in Min-SE.
    forwarded.refuse_min_se = minimum_interval;
    return forwarded;
  }
  // proxy.h: remember that it is a session refresh request.
  forwarded.memory.is_refresh = true;
  // RFC 4028 8.1: remember whether Supported listed timer.
  forwarded.memory.uac_supports = request.supported;
  // proxy.h: malformed is forwarded as it came, and no timer is asked for.
  if (request.malformed) return forwarded;

  const Seconds min_se = ForwardedMinSe(minimum_interval, request);
  const Seconds session_expires = ForwardedSessionExpires(policy, minimum_interval, min_se, request);
  if (min_se != request.min_se) forwarded.min_se = min_se;
  if (session_expires != request.session_expires) forwarded.session_expires = session_expires;
  if (!session_expires.has_value()) return forwarded;

  // RFC 4028 8.1: remember the value in the request as it was forwarded. 8.2: one that was only examined and
  // accepted is asked for too.
  forwarded.memory.session_expires = *session_expires;
  // RFC 4028 8.1: to insist on a session timer, Require where Supported does not list timer. Not a second
  // time.
  if (policy.require_timer && !request.supported && !request.required) forwarded.require_timer = true;
  return forwarded;
}

ReturnedSessionTimer ReturnSessionTimer(const ProxySessionTimerMemory& memory, int status_code,
                                        const SessionTimerFacts& response) {
  ReturnedSessionTimer returned;
  // RFC 4028 10: only a 2xx to a session refresh request extends the session expiration.
  if (!memory.is_refresh) return returned;
  if (status_code < 200 || status_code > 299) return returned;
  // RFC 4028 8.2: where Session-Expires is there, nothing is modified, and it is the session interval.
  if (response.session_expires.has_value()) {
    returned.interval = *response.session_expires;
    return returned;
  }
  // RFC 4028 8.2: without, there is no session expiration, but for what follows.
  returned.interval = 0;
  // proxy.h: it stays whatever it is. One that cannot be read gives no interval.
  if (response.malformed) return returned;
  // RFC 4028 8.2: if this proxy asked for a timer, the UAS does not support it.
  if (memory.session_expires == 0) return returned;
  // RFC 4028 8.2: if the UAC does not either, there is none.
  if (!memory.uac_supports) return returned;
  // RFC 4028 8.2: otherwise insert the remembered value (with refresher=uac, and timer in Require).
  returned.session_expires = memory.session_expires;
  returned.interval = memory.session_expires;
  return returned;
}

namespace {

// RFC 4028 9, table 2.
Refresher RefresherInResponse(bool uac_supports, Refresher in_request, Refresher wish) {
  // N none: uas. N uac, N uas: not applicable; refresher.h: as none.
  if (!uac_supports) return Refresher::kUas;
  // Y uac: uac.
  if (in_request == Refresher::kUac) return Refresher::kUac;
  // Y uas: uas.
  if (in_request == Refresher::kUas) return Refresher::kUas;
  // Y none: uas or uac. refresher.h: the wish, and where that is open too the UAC.
  if (wish == Refresher::kUas) return Refresher::kUas;
  return Refresher::kUac;
}

}  // namespace

SessionTimerAnswer AnswerSessionTimer(const SessionTimerWish& wish, const SessionTimerFacts& request,
                                      std::uint32_t in_force) {
  SessionTimerAnswer answer;
  // negotiation.h: malformed is refused with 400.
  if (request.malformed) {
    answer.refuse_status = 400;
    return answer;
  }
  // negotiation.h: off, a request for a timer is answered without one.
  if (!wish.enabled) return answer;

  const std::uint32_t minimum_interval = AtLeast90(wish.min_se);
  // RFC 4028 9: the 2xx has nothing below the request's Min-SE, nor below 90.
  const std::uint32_t lowest = ValueOfMinSe(request.min_se);
  // What this UAS would like: not less than what it takes from others.
  std::uint32_t desired = AtLeast90(wish.session_expires);
  desired = Larger(desired, minimum_interval);
  desired = Larger(desired, lowest);
  // negotiation.h: nor less than what runs already.
  desired = Larger(desired, in_force);

  if (request.session_expires.has_value()) {
    // RFC 4028 9: the UAS may refuse, if Supported lists timer and the session interval is smaller than its
    // minimum.
    if (request.supported && *request.session_expires < minimum_interval) {
      // RFC 4028 9: with its minimum, never below 90, in Min-SE.
      answer.refuse_status = 422;
      answer.min_se = minimum_interval;
      return answer;
    }
    // RFC 4028 9: the value must not be increased. negotiation.h: so none, where it is below the lowest.
    if (*request.session_expires < lowest) return answer;
    // RFC 4028 9: accepted, it is copied,
    answer.session_expires = *request.session_expires;
    // RFC 4028 9: or reduced.
    if (desired < answer.session_expires) answer.session_expires = desired;
  } else {
    // RFC 4028 9: where Supported lists timer and there is no Session-Expires, the UAS may ask for one.
    if (!request.supported) return answer;
    answer.session_expires = desired;
  }

  // RFC 4028 9: the parameter must be there.
  answer.refresher = RefresherInResponse(request.supported, request.refresher, wish.refresher);
  // RFC 4028 9: with uac, timer must be in Require; with uas, it should be if Supported listed it.
  if (answer.refresher == Refresher::kUac) answer.require_timer = true;
  if (answer.refresher == Refresher::kUas && request.supported) answer.require_timer = true;
  return answer;
}

}  // namespace sansip::reference
