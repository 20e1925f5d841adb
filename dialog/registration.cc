#include "sansip/dialog/registration.h"

#include <algorithm>
#include <utility>

namespace sansip {
// What another try cannot change: the request or the user is wrong (21.4), or nobody wants it (21.6). A 401
// or 407 that comes here found no credentials.
bool IsRefusedForGood(int status) {
  switch (status) {
    case 408:
    case 423:  // of a registrar that cannot be pleased now
    case 430:  // RFC 5626 11.5: another flow may do
    case 480:
    case 491:
      return false;
    default:
      return status < 500 || status == 501 || status == 505 || status == 513 || status == 555 ||
             status >= 600;
  }
}

bool IsTooBrief(std::uint32_t asked, std::uint32_t least) {
  constexpr std::uint32_t kLongEnough = 3600;
  return asked > 0 && asked < kLongEnough && asked < least;
}

Duration RetryWait(const RegistrationOptions& options, std::uint32_t failures, RandomSource& random,
                   bool others_up) {
  constexpr std::uint32_t kSteps = 1000, kDoublingsMax = 40;
  Duration wait = options.retry_min * (others_up ? 3 : 1);
  for (std::uint32_t i = 0; i < std::min(failures, kDoublingsMax) && wait < options.retry_max; ++i) wait *= 2;
  wait = std::min(wait, options.retry_max);
  return wait / 2 + wait / (2 * kSteps) * UniformBelow(random, kSteps + 1);
}

Registration::Action Registration::Start() {
  if (state_ != State::kIdle) return Action::kNone;
  state_ = State::kSending;
  return Action::kSend;
}

Registration::Action Registration::Remove() {
  switch (state_) {
    case State::kSending:
      wants_removal_ = true;  // 10.2: not before its final response
      return Action::kNone;
    case State::kRegistered:
    case State::kWaiting:
      if (!is_bound_) return Over();
      state_ = State::kRemoving;
      deadline_ = kNever;
      return Action::kRemove;
    case State::kIdle:
      return Over();
    case State::kRemoving:
    case State::kOver:
      return Action::kNone;
  }
  return Action::kNone;
}

Registration::Action Registration::Renew() {
  if (state_ == State::kSending) wants_renewal_ = true;
  if (state_ != State::kRegistered && state_ != State::kWaiting) return Action::kNone;
  state_ = State::kSending;
  deadline_ = kNever;
  return Action::kSend;
}

Registration::Action Registration::Over() {
  state_ = State::kOver;
  is_bound_ = false;
  deadline_ = kNever;
  return Action::kTell;
}

Registration::Action Registration::OnAnswer(Instant now, const Answer& answer, RandomSource& random) {
  if (state_ == State::kRemoving) return Over();  // what is left of the binding runs out
  if (state_ != State::kSending) return Action::kNone;
  const bool is_lost = answer.is_lost && !wants_removal_;
  if (is_lost) is_bound_ = false;
  if (answer.status < 300 && !is_lost) {
    is_bound_ = true;
    briefs_ = 0;
    is_unproved_ = answer.is_unproved;
    if (!is_unproved_) failures_ = 0;
    // 10.3: the registrar may grant less. None at all counts as a second, so that time goes on.
    const Duration granted = std::chrono::seconds(std::max<std::uint32_t>(answer.granted, 1));
    bound_until_ = After(now, granted);
    if (wants_removal_) {
      state_ = State::kRemoving;
      return Action::kRemove;
    }
    if (std::exchange(wants_renewal_, false)) return Action::kSend;
    state_ = State::kRegistered;
    const Duration wanted = std::max<Duration>(options_.refresh_margin, std::chrono::seconds(answer.lead));
    deadline_ = After(now, granted - std::min(wanted, granted / 2));
    return Action::kTell;
  }
  if (answer.status == 423 && answer.min_expires && *answer.min_expires > expires_ &&
      *answer.min_expires <= options_.expires_max && briefs_ < kBriefsMax && !wants_removal_) {
    ++briefs_;
    expires_ = *answer.min_expires;
    return Action::kSend;  // 10.2.8
  }
  if (now >= bound_until_) is_bound_ = false;
  if (wants_removal_) {
    if (!is_bound_) return Over();
    state_ = State::kRemoving;
    return Action::kRemove;
  }
  if (!is_lost && IsRefusedForGood(answer.status)) return Over();
  wants_renewal_ = false;  // the next one has it
  return Wait(now, answer, random);
}

// 10.2.7: not at once.
Registration::Action Registration::Wait(Instant now, const Answer& answer, RandomSource& random) {
  const Duration wait = RetryWait(options_, ++failures_, random, answer.others_up);
  state_ = State::kWaiting;
  deadline_ = After(now, std::max<Duration>(wait, std::chrono::seconds(answer.retry_after)));
  return Action::kTell;
}

void Registration::OnKeepAliveAnswered() {
  if (std::exchange(is_unproved_, false)) failures_ = 0;
}

Registration::Action Registration::OnFlowFailed(Instant now, bool others_up, RandomSource& random) {
  if (state_ != State::kRegistered) return Action::kNone;  // a REGISTER is under way, or due
  if (std::exchange(is_unproved_, false)) ++failures_;
  state_ = State::kWaiting;
  // 4.5: "MUST wait", even where a refresh was due before: it would be the one that makes the flow.
  deadline_ = After(now, RetryWait(options_, failures_, random, others_up));
  return Action::kTell;
}

Registration::Action Registration::OnDeadline(Instant now) {
  if (now < deadline_) return Action::kNone;
  deadline_ = kNever;
  state_ = State::kSending;
  return Action::kSend;
}

}  // namespace sansip
