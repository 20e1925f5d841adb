#include "sansip/session_timer/session_timer.h"

#include <algorithm>
#include <chrono>

#include "sansip/core/base/check.h"

namespace sansip {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 4028 10: how long before the expiry the side that does not refresh gives up.
Duration Lead(Duration interval) { return std::min<Duration>(seconds(32), interval / 3); }

// How long before the end Expiring is said: past the refresh of even the shortest interval.
Duration Notice(Duration interval) { return std::min<Duration>(seconds(10), interval / 10); }

// RFC 3261 14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in units of 10 ms.
Duration GlareWait(bool owns_call_id, RandomSource& random) {
  return owns_call_id ? milliseconds(2100 + 10 * UniformBelow(random, 191))
                      : milliseconds(10 * UniformBelow(random, 201));
}

}  // namespace

std::string_view SessionTimerStateName(SessionTimerState state) {
  switch (state) {
    case SessionTimerState::kOff:
      return "Off";
    case SessionTimerState::kListening:
      return "Listening";
    case SessionTimerState::kWaiting:
      return "Waiting";
    case SessionTimerState::kRefreshing:
      return "Refreshing";
    case SessionTimerState::kWaning:
      return "Waning";
    case SessionTimerState::kEnded:
      return "Ended";
  }
  return {};
}

std::string_view SessionEndReasonName(SessionEndReason reason) {
  switch (reason) {
    case SessionEndReason::kNotRefreshedByPeer:
      return "not-refreshed-by-peer";
    case SessionEndReason::kNotRefreshedByUs:
      return "not-refreshed-by-us";
    case SessionEndReason::kRefreshTimedOut:
      return "refresh-timed-out";
    case SessionEndReason::kNoDialog:
      return "no-dialog";
  }
  return {};
}

std::string_view SessionEndReasonText(SessionEndReason reason) {
  switch (reason) {
    case SessionEndReason::kNotRefreshedByPeer:
      return "the peer did not refresh the session";
    case SessionEndReason::kNotRefreshedByUs:
      return "the session could not be refreshed";
    case SessionEndReason::kRefreshTimedOut:
      return "the refresh was not answered";
    case SessionEndReason::kNoDialog:
      return "the peer knows no such dialog";
  }
  return {};
}

std::string_view SessionEndReasonClause(SessionEndReason reason) {
  return reason == SessionEndReason::kNotRefreshedByUs ? "RFC 4028 2" : "RFC 4028 10";
}

SessionTimer::SessionTimer(const SessionTimerWish& wish, bool owns_call_id)
    : wish_(&wish),
      latest_(Instant::min()),
      owns_call_id_(owns_call_id),
      established_(false),
      offer_pending_(false),
      noticed_(false),
      peer_allows_update_(false),
      update_refused_(false),
      changed_once_(false),
      unchanged_once_(false),
      by_both_(false) {}

void SessionTimer::OnPeerMessage(const SessionTimerFacts& facts, bool is_refresh_request_in_dialog) {
  if (facts.allows_update) peer_allows_update_ = *facts.allows_update;
  if (is_refresh_request_in_dialog && facts.min_se) {
    memory_.min_se_seen = std::max({memory_.min_se_seen, *facts.min_se, kSessionIntervalMin});
  }
}

SessionTimerTolerances SessionTimer::On2xxSent(Instant now, Method method, const SessionTimerAnswer& answer) {
  Clamp(now);
  SessionTimerTolerances tolerated;
  if (method == Method::kInvite) established_ = true;
  if (!established_) return tolerated;
  tolerated.AddIf(state_ == SessionTimerState::kListening && noticed_, SessionTimerTolerance::kRefreshedLate);
  Agree(answer.session_expires, answer.refresher == Refresher::kUas);
  by_both_ = answer.session_expires != 0;
  return tolerated;
}

SessionTimerTolerances SessionTimer::On2xxReceived(Instant now, Method method, std::uint32_t cseq,
                                                   const SessionTimerHeaders& sent,
                                                   const SessionTimerFacts& answer) {
  Clamp(now);
  OnPeerMessage(answer, false);
  if (method == Method::kInvite) {
    // Only 2xx to INVITE come again (RFC 3261 13.3.1.4), and INVITEs come one after another.
    if (cseq < last_invite_) return {};
    last_invite_ = cseq + 1;
    established_ = true;
  }
  if (!established_) return {};
  SessionTimerTolerances tolerated = ToleratedIn2xx(sent, answer);
  tolerated.AddIf(by_both_ && runs() && sent.session_expires && !answer.session_expires,
                  SessionTimerTolerance::kRefreshNotAcknowledged);
  const SessionTimerAgreement agreement = AgreementFrom2xx(*wish_, sent, answer);
  Agree(agreement.interval, agreement.refresher == Refresher::kUac);
  by_both_ = answer.session_expires.has_value();
  return tolerated;
}

void SessionTimer::Agree(std::uint32_t interval, bool we_refresh) {
  if (state_ == SessionTimerState::kEnded) return;
  last_outcome_ = 200;
  memory_.interval = interval;
  memory_.we_refresh = interval != 0 && we_refresh;
  Take(interval == 0 ? SessionTimerEvent::kNoTimer
       : we_refresh  ? SessionTimerEvent::kWeRefresh
                     : SessionTimerEvent::kPeerRefreshes,
       {}, nullptr);
}

void SessionTimer::OnRefreshFailed(Instant now, const RefreshFailure& failure, RandomSource& random,
                                   SessionTimerSink& out) {
  Clamp(now);
  last_outcome_ = static_cast<std::int16_t>(std::min(failure.status, 999));
  const SessionTimerEvent event = EventOf(failure, random);
  Take(event, failure.status == 481 ? SessionEndReason::kNoDialog : SessionEndReason::kRefreshTimedOut, &out);
}

SessionTimerEvent SessionTimer::EventOf(const RefreshFailure& failure, RandomSource& random) {
  const RefreshRule rule = RefreshRuleFor(failure.status);
  if (rule == RefreshRule::kEnd) return SessionTimerEvent::kFatal;
  // What a failure teaches holds for whatever was sent; what it starts, only for a refresh under way.
  bool larger_min_se = false;
  if (rule == RefreshRule::kLargerMinSe) {
    larger_min_se = RetryAfter422(failure.sent, failure.answer, tries_, memory_.min_se_seen);
  }
  const bool other_method = rule == RefreshRule::kOtherMethod && failure.method == RefreshMethod::kUpdate;
  if (other_method) update_refused_ = true;
  if (state_ != SessionTimerState::kRefreshing || tries_ >= kTriesMax) return SessionTimerEvent::kGiveUp;

  switch (rule) {
    case RefreshRule::kLargerMinSe:
      return larger_min_se ? RetryAt(latest_) : SessionTimerEvent::kGiveUp;
    case RefreshRule::kGlare:
      return RetryAt(latest_ + GlareWait(owns_call_id_, random));
    case RefreshRule::kRetryAfter:
      if (failure.retry_after) return RetryAt(After(latest_, seconds(*failure.retry_after)));
      if (unchanged_once_) return SessionTimerEvent::kGiveUp;
      unchanged_once_ = true;
      return RetryAt(latest_ + (EndAt() - latest_) / 2);
    case RefreshRule::kOtherMethod:
      return other_method ? RetryAt(latest_) : SessionTimerEvent::kGiveUp;
    case RefreshRule::kOnceChanged:
      return RetryOnceChanged();
    case RefreshRule::kEnd:
      break;
  }
  return SessionTimerEvent::kFatal;
}

SessionTimerEvent SessionTimer::RetryAt(Instant at) {
  if (at >= EndAt()) return SessionTimerEvent::kGiveUp;
  refresh_at_ = at;
  return at <= latest_ && !offer_pending_ ? SessionTimerEvent::kRetryNow : SessionTimerEvent::kRetryLater;
}

SessionTimerEvent SessionTimer::RetryOnceChanged() {
  if (changed_once_ || !peer_allows_update_ || update_refused_) return SessionTimerEvent::kGiveUp;
  changed_once_ = true;
  return RetryAt(latest_);
}

RefreshMethod SessionTimer::MethodToUse() const {
  if (!peer_allows_update_ || update_refused_) return RefreshMethod::kReinvite;
  const bool update = (wish_->method == RefreshMethod::kUpdate) != changed_once_;
  return update ? RefreshMethod::kUpdate : RefreshMethod::kReinvite;
}

void SessionTimer::OnOfferPending() { offer_pending_ = true; }
void SessionTimer::OnOfferSettled() { offer_pending_ = false; }

void SessionTimer::OnCallEnded() { Take(SessionTimerEvent::kCallEnded, {}, nullptr); }

void SessionTimer::OnDeadline(Instant now, SessionTimerSink& out) {
  Clamp(now);
  if (!runs()) return;
  const SessionEndReason reason = state_ == SessionTimerState::kListening
                                      ? SessionEndReason::kNotRefreshedByPeer
                                      : SessionEndReason::kNotRefreshedByUs;
  if (latest_ >= EndAt()) {
    Take(SessionTimerEvent::kEndDue, reason, &out);
    return;
  }
  if (!noticed_ && latest_ >= NoticeAt()) Take(SessionTimerEvent::kNoticeDue, reason, &out);
  if (latest_ >= RefreshAt()) Take(SessionTimerEvent::kRefreshDue, {}, &out);
}

Instant SessionTimer::next_deadline() const {
  if (!runs()) return kNever;
  return std::min(RefreshAt(), noticed_ ? EndAt() : NoticeAt());
}

void SessionTimer::Take(SessionTimerEvent event, SessionEndReason reason, SessionTimerSink* out) {
  const SessionTimerArrow& arrow = ArrowFor(state_, event);
  state_ = arrow.next;
  switch (arrow.effect) {
    case SessionTimerEffect::kNothing:
      break;
    case SessionTimerEffect::kStart:
      Start();
      break;
    case SessionTimerEffect::kRefresh:
      ++tries_;
      refresh_at_ = kNever;
      out->Append(session_timer_action::Refresh{MethodToUse()});
      break;
    case SessionTimerEffect::kNotice:
      noticed_ = true;
      out->Append(session_timer_action::Expiring{reason, EndAt()});
      break;
    case SessionTimerEffect::kEnd:
      Stop();
      out->Append(session_timer_action::End{reason});
      break;
    case SessionTimerEffect::kStop:
      Stop();
      break;
  }
  SANSIP_DCHECK(IsConsistent());
}

void SessionTimer::Start() {
  agreed_ = latest_;
  noticed_ = false;
  changed_once_ = false;
  unchanged_once_ = false;
  tries_ = 0;
  // RFC 4028 7.2, 9: once half the session interval has elapsed.
  refresh_at_ = memory_.we_refresh ? After(agreed_, Interval() / 2) : kNever;
}

void SessionTimer::Stop() {
  memory_.interval = 0;
  memory_.we_refresh = false;
  refresh_at_ = kNever;
}

void SessionTimer::Clamp(Instant now) { latest_ = std::max(latest_, now); }

// 2^32 - 1 seconds are less than half of what a Duration holds.
Duration SessionTimer::Interval() const { return seconds(memory_.interval); }

Instant SessionTimer::Expiry() const { return After(agreed_, Interval()); }

Instant SessionTimer::EndAt() const {
  return state_ == SessionTimerState::kListening ? Expiry() - Lead(Interval()) : Expiry();
}

Instant SessionTimer::NoticeAt() const { return EndAt() - Notice(Interval()); }

Instant SessionTimer::RefreshAt() const {
  return state_ == SessionTimerState::kWaiting && !offer_pending_ ? refresh_at_ : kNever;
}

SessionTimerStatus SessionTimer::status() const {
  SessionTimerStatus status;
  status.state = state_;
  status.last_outcome = last_outcome_;
  if (!runs()) return status;
  status.interval = memory_.interval;
  status.we_refresh = memory_.we_refresh;
  status.next_refresh = refresh_at_;
  status.expiry = Expiry();
  status.end = EndAt();
  return status;
}

bool SessionTimer::IsConsistent() const {
  const bool ours = state_ == SessionTimerState::kWaiting || state_ == SessionTimerState::kRefreshing ||
                    state_ == SessionTimerState::kWaning;
  return runs() == (memory_.interval != 0) && memory_.we_refresh == ours &&
         (state_ == SessionTimerState::kWaiting || refresh_at_ == kNever) && tries_ <= kTriesMax;
}

}  // namespace sansip
