#include "sansip/dialog/subscription.h"

#include <algorithm>

namespace sansip {

bool EndsSubscription(int status) {
  switch (status) {
    case 404:
    case 405:
    case 410:
    case 416:
    case 489:
    case 501:
    case 604:
      return true;
    default:
      return status >= 480 && status <= 485;
  }
}

void Subscription::StopAll() {
  sending_ = false;
  no_notify_at_ = refresh_at_ = until_ = retry_at_ = kNever;
}

Subscription::Action Subscription::Over() {
  StopAll();
  state_ = State::kOver;
  return Action::kNone;
}

Subscription Subscription::OfRefer(Duration timer_n) {
  Subscription machine(RegistrationOptions(), timer_n);
  machine.is_refer_ = true;
  return machine;
}

Subscription::Action Subscription::Start(Instant now) {
  if (state_ != State::kIdle) return Action::kNone;
  Fresh(now);
  return Action::kSend;
}

void Subscription::Join(Instant now) {
  state_ = State::kNotifyWait;
  started_ = now;
}

Subscription::Action Subscription::Fresh(Instant now) {
  StopAll();
  state_ = State::kNotifyWait;
  sending_ = true;
  started_ = now;
  briefs_ = 0;
  no_notify_at_ = forks_until_ = After(now, timer_n_);
  return Action::kSendFresh;
}

// At once, but not again and again to a notifier that ends every subscription as soon as it has one.
Subscription::Action Subscription::Again(Instant now, RandomSource& random) {
  if (is_refer_) return Over();
  if (now >= After(started_, options_.retry_min)) restarts_ = 0;
  if (restarts_ > 0) return Wait(now, 0, random);
  ++restarts_;
  return Fresh(now);
}

Subscription::Action Subscription::Wait(Instant now, std::uint32_t retry_after, RandomSource& random) {
  if (is_refer_) return Over();
  StopAll();
  const Duration wait = RetryWait(options_, failures_, random);
  ++failures_;
  state_ = State::kWaiting;
  retry_at_ = After(now, std::max<Duration>(wait, std::chrono::seconds(retry_after)));
  return Action::kNone;
}

Subscription::Action Subscription::SendRemoval(Instant now) {
  StopAll();
  state_ = State::kEnding;
  sending_ = true;
  no_notify_at_ = After(now, timer_n_);
  return Action::kRemove;
}

// 4.1.3. A refresh is due before the end, at half of a short time.
void Subscription::SetUntil(Instant now, std::uint32_t seconds) {
  if (expires_ == 0) return;
  const Duration left = std::chrono::seconds(seconds);
  if (is_refer_) {
    // The last NOTIFY may be on its way.
    until_ = After(After(now, left), timer_n_);
    return;
  }
  until_ = After(now, left);
  refresh_at_ = After(now, left - std::min(options_.refresh_margin, left / 2));
}

Subscription::Action Subscription::End(Instant now) {
  switch (state_) {
    case State::kIdle:
    case State::kWaiting:
      return Over();
    case State::kNotifyWait:
      wants_end_ = true;
      return Action::kNone;
    case State::kPending:
    case State::kActive:
      wants_end_ = true;
      return sending_ ? Action::kNone : SendRemoval(now);
    case State::kEnding:
    case State::kOver:
      return Action::kNone;
  }
  return Action::kNone;
}

Subscription::Action Subscription::OnAnswer(Instant now, const Answer& answer, RandomSource& random) {
  if (!sending_) return Action::kNone;
  sending_ = false;
  const bool is_notified = state_ == State::kPending || state_ == State::kActive;
  if (answer.status < 300) {
    briefs_ = 0;
    if (answer.is_unsubscribed) return Over();
    // RFC 5839: no NOTIFY follows.
    if (answer.status == 204) no_notify_at_ = kNever;
    if (state_ == State::kEnding) return answer.status == 204 ? Over() : Action::kNone;
    if (wants_end_ && is_notified) return SendRemoval(now);
    // RFC 3515 2.4.4: how long is for the NOTIFYs to say, one of which may have overtaken this.
    if (is_refer_ && is_notified && !answer.granted) return Action::kNone;
    // 3.1.1: 0 grants nothing but the NOTIFY that says so.
    const std::uint32_t granted = std::min(answer.granted.value_or(expires_), expires_);
    if (granted > 0) SetUntil(now, granted);
    return Action::kNone;
  }
  if (state_ == State::kEnding) return Over();
  if (answer.status == 423 && answer.min_expires && *answer.min_expires > expires_ &&
      *answer.min_expires <= options_.expires_max && briefs_ < kBriefsMax && !wants_end_ && !is_refer_) {
    ++briefs_;
    expires_ = *answer.min_expires;
    sending_ = true;
    return Action::kSend;
  }
  no_notify_at_ = kNever;
  if (!is_notified) {
    // 4.1.2.1: there is none.
    return wants_end_ || IsRefusedForGood(answer.status) ? Over() : Wait(now, answer.retry_after, random);
  }
  if (EndsSubscription(answer.status)) {
    if (wants_end_) return Over();
    if (answer.status == 481) return Again(now, random);
    return IsRefusedForGood(answer.status) ? Over() : Wait(now, answer.retry_after, random);
  }
  if (wants_end_) return SendRemoval(now);
  // 4.1.2.2: it goes on until the time that is known; another try comes before that.
  const Duration wait =
      std::max<Duration>(RetryWait(options_, failures_, random), std::chrono::seconds(answer.retry_after));
  ++failures_;
  refresh_at_ = After(now, wait);
  if (refresh_at_ >= until_) refresh_at_ = kNever;
  return Action::kNone;
}

Subscription::Action Subscription::OnNotify(Instant now, const Notice& notice, RandomSource& random) {
  if (state_ == State::kOver || state_ == State::kWaiting || state_ == State::kIdle) return Action::kNone;
  if (notice.substate == Substate::kTerminated || expires_ == 0) {
    if (wants_end_ || state_ == State::kEnding || expires_ == 0) return Over();
    switch (notice.reason) {
      case EventReason::kRejected:
      case EventReason::kNoresource:
      case EventReason::kInvariant:
        return Over();
      case EventReason::kDeactivated:
      case EventReason::kTimeout:
        return Again(now, random);
      case EventReason::kProbation:
      case EventReason::kGiveup:
      case EventReason::kNone:
        return Wait(now, notice.retry_after.value_or(0), random);
    }
  }
  if (state_ == State::kEnding) return Action::kNone;  // it crossed our SUBSCRIBE (4.4.1)
  no_notify_at_ = kNever;
  failures_ = 0;
  state_ = notice.substate == Substate::kPending ? State::kPending : State::kActive;
  // 4.2.2: peers of RFC 3265 may leave it out.
  if (notice.expires || until_ == kNever) SetUntil(now, notice.expires.value_or(expires_));
  return wants_end_ && !sending_ ? SendRemoval(now) : Action::kNone;
}

Instant Subscription::next_deadline() const {
  return std::min({no_notify_at_, refresh_at_, until_, retry_at_});
}

Subscription::Action Subscription::OnDeadline(Instant now, RandomSource& random) {
  if (retry_at_ <= now) return Fresh(now);
  if (no_notify_at_ <= now) {
    // 4.1.2.2, 4.1.2.4
    const bool is_last = wants_end_ || state_ == State::kEnding || expires_ == 0;
    return is_last ? Over() : Wait(now, 0, random);
  }
  if (until_ <= now) return wants_end_ ? Over() : Wait(now, 0, random);
  if (refresh_at_ > now) return Action::kNone;
  refresh_at_ = kNever;
  if (sending_) return Action::kNone;
  sending_ = true;
  no_notify_at_ = After(now, timer_n_);
  return Action::kSend;
}

}  // namespace sansip
