// When a subscription is asked for, refreshed, asked for again and ended, by the subscriber (RFC 6665 4.1): a
// machine of its own that sends nothing and knows no message but the facts of an answer or a NOTIFY. The user
// agent gives it outcomes and carries out its actions.
//
//              Start               NOTIFY                   terminated, and a reason to wait;
//    kIdle ----------> kNotifyWait -------> kPending, ----> no NOTIFY for 64*T1; run out
//                        ^   |              kActive                  |
//     terminated, and no |   | failure        |  | End               v
//     reason to wait; or |   +--------------- | -|-------------> kWaiting
//     the wait is over   +--------------------+  v
//                                            kEnding ---> kOver   (refused for good: -> kOver)
//
// The dialog comes with the first NOTIFY (4.4.1), so that nothing can be ended before that. A SUBSCRIBE that
// nobody notifies about within timer N (64*T1) has failed (4.1.2.4). What is known of the time left is what
// the peer said last, in a 2xx or a NOTIFY (4.1.3). A subscription for 0 seconds asks for the state once.
#ifndef SANSIP_DIALOG_SUBSCRIPTION_H_
#define SANSIP_DIALOG_SUBSCRIPTION_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/dialog/registration.h"

namespace sansip {

// Of an answer within a subscription, to a refresh (RFC 6665 4.1.2.2) or a NOTIFY (4.2.2): it is over.
bool EndsSubscription(int status);

class Subscription {
 public:
  enum class State : std::uint8_t { kIdle, kNotifyWait, kPending, kActive, kWaiting, kEnding, kOver };
  enum class Action : std::uint8_t {
    kNone,
    kSend,       // a SUBSCRIBE for expires(), in the dialog if there is one
    kSendFresh,  // the same, with a new Call-ID and From tag: the old dialog is of no use (4.1.2.2, 4.4.2)
    kRemove,     // a SUBSCRIBE for 0 seconds, in the dialog
  };
  // A final answer to a SUBSCRIBE.
  struct Answer {
    int status = 0;                                 // 408 for none at all, 503 for no path
    std::optional<std::uint32_t> granted = {};      // of a 2xx
    std::optional<std::uint32_t> min_expires = {};  // of a 423
    std::uint32_t retry_after = 0;                  // seconds
    bool is_unsubscribed = false;                   // of a 2xx: no NOTIFY will come (RFC 4488)
  };
  // A NOTIFY.
  struct Notice {
    Substate substate = Substate::kActive;
    EventReason reason = EventReason::kNone;
    std::optional<std::uint32_t> expires = {}, retry_after = {};
  };

  Subscription() = default;
  // `timer_n`: 64*T1.
  Subscription(const RegistrationOptions& options, Duration timer_n)
      : options_(options), timer_n_(timer_n), expires_(options.expires) {}

  // That of a REFER (RFC 3515 2.4.4): how long it lasts the NOTIFYs say; it is neither refreshed nor, once
  // over, asked for again (2.4.7).
  static Subscription OfRefer(Duration timer_n);

  [[nodiscard]] Action Start(Instant now);
  // There is a dialog already: a fork of another subscription (4.1.4).
  void Join(Instant now);
  [[nodiscard]] Action End(Instant now);
  [[nodiscard]] Action OnAnswer(Instant now, const Answer& answer, RandomSource& random);
  [[nodiscard]] Action OnNotify(Instant now, const Notice& notice, RandomSource& random);
  [[nodiscard]] Action OnDeadline(Instant now, RandomSource& random);  // early: kNone

  State state() const { return state_; }
  std::uint32_t expires() const { return expires_; }  // to ask for
  // A NOTIFY that belongs to no dialog yet may begin one (4.1.2.4).
  bool takes_new_dialogs(Instant now) const { return now < forks_until_; }
  Instant next_deadline() const;
  Instant until() const { return until_; }        // kNever: not known
  Instant next_try() const { return retry_at_; }  // in kWaiting
  const RegistrationOptions& options() const { return options_; }

  // For a snapshot and out of one (snapshot_form.h). What has no dialog yet is asked for anew at once; a
  // refresh under way is not stored: it is due.
  template <typename Form>
  void Fields(Form& form) {
    const bool has_dialog = state_ == State::kPending || state_ == State::kActive;
    if (has_dialog && sending_) refresh_at_ = form.now();
    if (!has_dialog && state_ != State::kWaiting) {
      state_ = State::kWaiting;
      refresh_at_ = until_ = kNever;
      retry_at_ = form.now();
    }
    options_.Fields(form);
    form.Length(timer_n_);
    form.Choice(state_, State::kOver);
    form.Number(expires_);
    form.Number(failures_);
    form.Time(refresh_at_);
    form.Time(until_);
    form.Time(retry_at_);
  }
  bool IsConsistent() const {
    const bool has_dialog = state_ == State::kPending || state_ == State::kActive;
    return has_dialog ? retry_at_ == kNever && until_ != kNever
                      : state_ == State::kWaiting && retry_at_ != kNever && refresh_at_ == kNever &&
                            until_ == kNever;
  }
  // Not one that is asked for once, or ends.
  bool goes_on() const {
    return expires_ > 0 && !wants_end_ && state_ != State::kEnding && state_ != State::kOver;
  }

 private:
  Action Over();
  Action Fresh(Instant now);
  Action Again(Instant now, RandomSource& random);
  Action Wait(Instant now, std::uint32_t retry_after, RandomSource& random);
  Action SendRemoval(Instant now);
  void SetUntil(Instant now, std::uint32_t seconds);
  void StopAll();

  RegistrationOptions options_;
  Duration timer_n_{};
  State state_ = State::kIdle;
  bool is_refer_ = false;
  bool sending_ = false;  // a SUBSCRIBE has no final response yet
  bool wants_end_ = false;
  std::uint8_t briefs_ = 0;    // 423s in a row
  std::uint8_t restarts_ = 0;  // at once, in a row
  std::uint32_t expires_ = 0, failures_ = 0;
  Instant started_{}, forks_until_{};
  Instant no_notify_at_ = kNever, refresh_at_ = kNever, until_ = kNever, retry_at_ = kNever;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_SUBSCRIPTION_H_
