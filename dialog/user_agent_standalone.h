// What a user agent has under way outside of calls: a request, a subscription, of either role, or a
// publication. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_STANDALONE_H_
#define SANSIP_DIALOG_USER_AGENT_STANDALONE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sansip/core/auth/digest_client.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/dialog/kept_content.h"
#include "sansip/dialog/kept_text.h"
#include "sansip/dialog/redirect_targets.h"
#include "sansip/dialog/registration.h"
#include "sansip/dialog/subscription.h"
#include "sansip/dialog/user_agent_call.h"
#include "sansip/dialog/user_agent_view.h"

namespace sansip {

struct Standalone {
  using Kind = StandaloneKind;
  static constexpr std::size_t kKinds = 4;

  Kind kind = Kind::kRequest;
  bool is_over = false;  // was told
  Cookie cookie;
  CallId call;      // of a request within a call's dialog
  DialogId seed;    // what its requests outside of dialogs are made of; a notifier has none
  DialogId dialog;  // of a subscription; nil before the first NOTIFY
  DigestClient auth;
  OutgoingId outgoing;            // the latest; nil: none under way
  std::uint32_t retry_after = 0;  // of the last response, seconds
  std::uint32_t open = 0;         // requests not gone
  Instant ask_until = kNever;     // while the user looks for credentials
  KeptText contact_user, contact;
  KeptText event;          // a value of Event, or of a request's Info-Package
  KeptText target_dialog;  // of Target-Dialog (RFC 4538), for what is sent outside; empty: none
  CallId names;            // from outside: the call whose dialog its Target-Dialog names; nil: none
  KeptContent content;

  // A request.
  KeptText method;
  std::uint32_t expires = 0;
  std::uint64_t order = 0;
  bool queued = false;  // another MESSAGE to the same peer comes first (RFC 3428 8)
  bool yields = false;  // as of Outgoing
  RedirectTargets targets;
  std::size_t redirects = 0;

  // A subscriber.
  Subscription subscription;
  Subscription::State told = Subscription::State::kIdle;
  RegistrationOptions options;
  KeptText accept;
  bool takes_forks = false;

  // A publication: the machine is the same as of a registration.
  Registration publication;
  KeptText entity_tag;         // RFC 3903 4.1; empty: there is no state of ours
  bool is_unsent = false;      // `content` is newer than what was sent
  bool carries_state = false;  // the PUBLISH under way

  // A notifier.
  Substate state = Substate::kPending;
  EventReason reason = EventReason::kNone;
  std::optional<std::uint32_t> end_retry_after;
  Instant until = kNever;
  bool notify_again = false;  // the state changed while a NOTIFY was under way
  bool is_last_sent = false;  // the NOTIFY that says terminated

  // What a REFER subscribed to, of either role (RFC 3515 2.4.4). Within a call the dialog is the call's.
  bool is_refer = false;
  bool reports = true;           // RFC 4488: or there is no subscription
  std::uint32_t refer_cseq = 0;  // of the REFER: the event's id (2.4.6)
  StandaloneId next_in_call;     // the one before it in the same call
  KeptText refer_to;             // the REFER to send, or the target that was named
  KeptText referred_by;          // a value of Referred-By; empty: none
  KeptText replaces;             // what was asked for: a value of Replaces
  int refer_status = 0;          // of what was asked for, as reported last; 0: nothing was
  bool is_accepted = false;      // the REFER has its 2xx, or a NOTIFY that says as much
  TransactionId request;         // of the peer's; nil: answered
  Instant report_at = kNever;    // held back until then (3.10, notify_gap) ...
  Instant report_next{};         // ... and the next one must be

  void Reset();
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_STANDALONE_H_
