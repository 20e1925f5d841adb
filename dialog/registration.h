// When a binding at a registrar is made, refreshed and removed (RFC 3261 10.2; 423: 10.2.8): a machine of its
// own that sends nothing and knows no message but the facts of an answer. The user agent gives it outcomes
// and carries out its actions.
//
//              Start          2xx                  refresh is due
//    kIdle ----------> kSending -----> kRegistered ---------------> kSending
//                        | ^                 |
//          failure that  | | due             | Remove
//          may pass      v |                 v
//                      kWaiting -------> kRemoving ------> kOver    (final failure: kSending -> kOver)
//                             Remove: no binding, kOver at once
//
// One REGISTER at a time (10.2): Remove during one takes effect when it has its outcome. A refresh is due
// `refresh_margin` before the end of the binding, at half of it where that is short. RFC 5626 4.5: after the
// n-th failure in a row the wait is 2^n times `retry_min`, thrice that while another flow of the device is up
// (90 s to 30), at most `retry_max`, drawn from its upper half (no crowd comes back at once to a registrar
// that restarts); Retry-After lengthens it. The row ends with a 2xx, or, where answers to keep-alives are
// told, with the first of those: a flow that fails before is a failure, too. A 2xx that lists others'
// contacts and no longer ours is such a failure: the registrar has lost the binding.
//
// A publication (RFC 3903 4) is such soft state, too: PUBLISH for REGISTER, and Renew when its state changes.
#ifndef SANSIP_DIALOG_REGISTRATION_H_
#define SANSIP_DIALOG_REGISTRATION_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"

namespace sansip {

struct RegistrationOptions {
  std::uint32_t expires = 3600;                        // asked for, seconds
  Duration refresh_margin = std::chrono::seconds(60);  // above 64*T1: a timeout is over before the end
  Duration retry_min = std::chrono::seconds(30);       // RFC 5626 4.5: base-time
  Duration retry_max = std::chrono::seconds(1800);     // max-time
  std::uint32_t expires_max = 86400 * 7;               // of a 423's Min-Expires: more is not followed

  template <typename Form>
  void Fields(Form& form) {  // snapshot_form.h
    form.Number(expires);
    form.Length(refresh_margin);
    form.Length(retry_min);
    form.Length(retry_max);
    form.Number(expires_max);
  }
};

inline constexpr std::uint8_t kBriefsMax = 2;  // 423s that are followed, one after the other

// The wait before another try: `retry_min`, or with `others_up` three of it, doubled so many times.
Duration RetryWait(const RegistrationOptions& options, std::uint32_t failures, RandomSource& random,
                   bool others_up = false);
// By whoever grants: 423, where `least` seconds are asked for, but never for an hour, nor for an end (RFC
// 6665 4.2.1.1, RFC 3903 6).
bool IsTooBrief(std::uint32_t asked, std::uint32_t least);
// Of a final response: another try cannot change it.
bool IsRefusedForGood(int status);

class Registration {
 public:
  enum class State : std::uint8_t { kIdle, kSending, kRegistered, kWaiting, kRemoving, kOver };
  // What is to be done now.
  enum class Action : std::uint8_t {
    kNone,
    kSend,    // a REGISTER for expires()
    kRemove,  // a REGISTER that asks for 0 seconds
    kTell,    // nothing to send; the state says what there is
  };
  // A final answer. 2xx: `granted`, what is left of our binding.
  struct Answer {
    int status = 0;  // 408 for none at all, 503 for no path (8.1.3.1)
    std::uint32_t granted = 0;
    std::optional<std::uint32_t> min_expires = {};  // of a 423
    std::uint32_t retry_after = 0;                  // seconds
    std::uint32_t lead = 0;    // seconds before the end that a refresh is wanted at least
    bool is_lost = false;      // a 2xx that shows no binding of ours
    bool others_up = false;    // another flow of this device is registered
    bool is_unproved = false;  // a 2xx whose flow is successful with a keep-alive that is answered
  };

  explicit Registration(const RegistrationOptions& options = {})
      : options_(options), expires_(options.expires) {}

  [[nodiscard]] Action Start();
  [[nodiscard]] Action Remove();
  [[nodiscard]] Action Renew();  // now, or when the answer under way is here
  [[nodiscard]] Action OnAnswer(Instant now, const Answer& answer, RandomSource& random);
  [[nodiscard]] Action OnDeadline(Instant now);  // early: kNone
  // The flow that is bound is no more (RFC 5626 4.5): another REGISTER makes a new one, after a wait.
  void OnKeepAliveAnswered();
  [[nodiscard]] Action OnFlowFailed(Instant now, bool others_up, RandomSource& random);

  State state() const { return state_; }
  bool is_bound() const { return is_bound_; }  // the registrar has a binding of ours, as far as is known
  std::uint32_t expires() const { return expires_; }  // to ask for
  Instant next_deadline() const { return deadline_; }
  Instant bound_until() const { return bound_until_; }
  std::uint32_t failures() const { return failures_; }  // in a row
  bool is_unproved() const { return is_unproved_; }

  // What was bound may be no more: out of a snapshot, its flow was that of another process (RFC 5626 4.2).
  void ExpectRefresh(Instant now) {
    if (state_ == State::kRegistered) deadline_ = now;
  }

  // For a snapshot and out of one (snapshot_form.h). A REGISTER under way is not stored: it is due.
  template <typename Form>
  void Fields(Form& form) {
    if (state_ == State::kIdle || state_ == State::kSending) {
      state_ = State::kWaiting;
      deadline_ = form.now();
    }
    options_.Fields(form);
    form.Choice(state_, State::kOver);
    is_bound_ = form.Flag(is_bound_);
    form.Number(expires_);
    form.Number(failures_);
    form.Time(deadline_);
    form.Time(bound_until_);
  }
  bool IsConsistent() const {
    return (state_ == State::kRegistered || state_ == State::kWaiting) == (deadline_ != kNever);
  }
  bool wants_removal() const { return wants_removal_ || state_ == State::kRemoving; }

 private:
  Action Wait(Instant now, const Answer& answer, RandomSource& random);
  Action Over();

  RegistrationOptions options_;
  State state_ = State::kIdle;
  bool is_bound_ = false;
  bool wants_removal_ = false, wants_renewal_ = false;
  bool is_unproved_ = false;  // not stored: the flow of another process is none
  std::uint32_t expires_;
  std::uint32_t failures_ = 0;
  std::uint8_t briefs_ = 0;  // 423s in a row
  Instant deadline_ = kNever, bound_until_{};
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_REGISTRATION_H_
