#include "sansip/session_timer/negotiation.h"

#include <algorithm>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/session_expires.h"

namespace sansip {
namespace {

// RFC 4028 5: absent, and what may not be written, count as 90.
std::uint32_t Floor(const std::optional<std::uint32_t>& min_se) {
  return AtLeastSessionIntervalMin(min_se.value_or(0));
}

void ReadSessionExpires(std::string_view value, SessionTimerFacts& facts) {
  SessionExpires field;
  if (ParseSessionExpires(value, field).ok()) {
    facts.session_expires = field.seconds;
    facts.refresher = field.refresher;
    return;
  }
  facts.malformed = true;
  // Of a 2xx the interval counts even if the refresher cannot be read.
  DeltaSeconds interval;
  if (ParseDeltaSeconds(value, interval).ok()) facts.session_expires = interval.seconds;
}

void ReadMinSe(std::string_view value, SessionTimerFacts& facts) {
  MinSe field;
  if (ParseMinSe(value, field).ok()) {
    facts.min_se = field.seconds;
  } else {
    facts.malformed = true;
  }
}

}  // namespace

SessionTimerFacts ReadSessionTimerFacts(const MessageView& message) {
  SessionTimerFacts facts;
  if (const auto value = message.First(HeaderId::kSessionExpires)) ReadSessionExpires(*value, facts);
  if (const auto value = message.First(HeaderId::kMinSe)) ReadMinSe(*value, facts);
  facts.supported = HasToken(message, HeaderId::kSupported, kTimerOption);
  facts.required = HasToken(message, HeaderId::kRequire, kTimerOption);
  if (message.Has(HeaderId::kAllow)) facts.allows_update = HasToken(message, HeaderId::kAllow, "UPDATE");
  return facts;
}

SessionTimerHeaders HeadersForInitialInvite(const SessionTimerWish& wish, std::uint32_t min_se_seen) {
  SessionTimerHeaders headers;
  // RFC 4028 7.4: after any 422, whoever asked for the timer.
  if (min_se_seen != 0) headers.min_se = AtLeastSessionIntervalMin(min_se_seen);
  if (!wish.enabled) return headers;
  // RFC 4028 5: 90 need not be said.
  const std::uint32_t floor = std::max(AtLeastSessionIntervalMin(wish.min_se), Floor(headers.min_se));
  if (floor > kSessionIntervalMin) headers.min_se = floor;
  headers.session_expires = std::max(wish.session_expires, floor);
  headers.refresher = wish.refresher;
  return headers;
}

SessionTimerHeaders HeadersForRefresh(const SessionTimerWish& wish, const SessionTimerMemory& memory) {
  SessionTimerHeaders headers;
  // RFC 4028 7.4: what was seen on this dialog must be said; the own opinion raises it, or the 90 of none.
  if (memory.min_se_seen != 0) headers.min_se = AtLeastSessionIntervalMin(memory.min_se_seen);
  if (wish.enabled && wish.min_se > Floor(headers.min_se)) headers.min_se = wish.min_se;
  if (memory.interval == 0) return headers;
  headers.session_expires = std::max(memory.interval, Floor(headers.min_se));
  headers.refresher = memory.we_refresh ? Refresher::kUac : Refresher::kUas;
  return headers;
}

bool RetryAfter422(const SessionTimerHeaders& sent, const SessionTimerFacts& answer, int retries,
                   std::uint32_t& min_se_seen) {
  if (!answer.min_se) return false;
  min_se_seen = std::max(min_se_seen, AtLeastSessionIntervalMin(*answer.min_se));
  // The next request differs by a larger Min-SE, or not at all.
  return retries < kMinSeRetriesMax && min_se_seen > sent.min_se.value_or(0);
}

SessionTimerAnswer AnswerSessionTimer(const SessionTimerWish& wish, const SessionTimerFacts& request,
                                      std::uint32_t in_force) {
  if (request.malformed) return {.refuse_status = 400};
  if (!wish.enabled) return {};
  const std::uint32_t own_min = AtLeastSessionIntervalMin(wish.min_se);
  const std::uint32_t floor = Floor(request.min_se);
  std::uint32_t interval = std::max({wish.session_expires, in_force, floor, own_min});
  if (request.session_expires) {
    const std::uint32_t asked = *request.session_expires;
    if (request.supported && asked < own_min) return {.refuse_status = 422, .min_se = own_min};
    // RFC 4028 9: it may not be raised to the floor, and an unaware UAC may not be refused.
    if (asked < floor) return {};
    interval = std::min(asked, interval);
  } else if (!request.supported) {
    return {};
  }
  const RefresherChoice choice = ChooseRefresher(request.supported, request.refresher, wish.refresher);
  return {.session_expires = interval, .refresher = choice.refresher, .require_timer = choice.require_timer};
}

SessionTimerAgreement AgreementFrom2xx(const SessionTimerWish& wish, const SessionTimerHeaders& sent,
                                       const SessionTimerFacts& answer) {
  // An interval of zero cannot be kept, so it is none.
  if (answer.session_expires.value_or(0) != 0) {
    Refresher refresher = answer.refresher;
    // RFC 4028 7.2 promises the parameter; without it the request's word holds.
    if (refresher == Refresher::kNone) refresher = sent.refresher;
    if (refresher == Refresher::kNone) refresher = Refresher::kUac;
    return {*answer.session_expires, refresher};
  }
  // RFC 4028 7.2: for its own benefit alone, and by itself.
  if (wish.enabled && sent.session_expires) return {*sent.session_expires, Refresher::kUac};
  return {};
}

SessionTimerLines::SessionTimerLines(const SessionTimerHeaders& request) {
  if (request.session_expires) {
    Add(HeaderId::kSessionExpires, SessionExpires{*request.session_expires, request.refresher, {}},
        session_expires_);
  }
  if (request.min_se) Add(HeaderId::kMinSe, MinSe{*request.min_se, {}}, min_se_);
}

SessionTimerLines::SessionTimerLines(const SessionTimerAnswer& answer) {
  if (answer.refuse_status == 422) Add(HeaderId::kMinSe, MinSe{answer.min_se, {}}, min_se_);
  if (answer.refuse_status != 0 || answer.session_expires == 0) return;
  if (answer.require_timer) lines_[size_++] = {.id = HeaderId::kRequire, .value = kTimerOption};
  Add(HeaderId::kSessionExpires, SessionExpires{answer.session_expires, answer.refresher, {}},
      session_expires_);
}

template <typename Field>
void SessionTimerLines::Add(HeaderId id, const Field& field, Text& storage) {
  ValueWriter value(storage);
  Write(field, value);
  SANSIP_CHECK(!value.text().empty());
  lines_[size_++] = {.id = id, .value = value.text()};
}

}  // namespace sansip
