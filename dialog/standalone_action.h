// What a user agent tells of requests outside of calls, of subscriptions and of publications; see
// dialog/user_agent_action.h for the rest, and for what is borrowed how long.
#ifndef SANSIP_DIALOG_STANDALONE_ACTION_H_
#define SANSIP_DIALOG_STANDALONE_ACTION_H_

#include <cstdint>
#include <string_view>

#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/fields/subscription_state.h"
#include "sansip/dialog/compositor.h"
#include "sansip/dialog/registration.h"
#include "sansip/dialog/subscription.h"

namespace sansip {

class MessageView;

// What became of a request outside of calls, or of one within that is none of the call's own.
enum class RequestOutcome : std::uint8_t {
  kAccepted,     // 2xx; of a MESSAGE: it arrived, perhaps on its way only (202); nobody need have read it
  kRefused,      // any other final response
  kTimedOut,     // none, or a 408
  kUnreachable,  // no path, or every path failed
  kTooLong,      // RFC 3428 8: a MESSAGE above 1300 bytes, and no path with congestion control
  kAbandoned,    // its call ended first, or a limit of ours was reached
};
std::string_view RequestOutcomeName(RequestOutcome outcome);

namespace ua {

// The end of a SendRequest: its id is stale from here on. `message`: the final response, where there was one.
struct RequestEnded {
  StandaloneId standalone;
  Cookie cookie;
  CallId call;  // nil: outside of calls
  const MessageView* message = nullptr;
  std::string_view clause;
  int status = 0;  // 0: none
  RequestOutcome outcome = RequestOutcome::kAccepted;
};

// A request of a peer's, of one of the options' `methods`. `id` nil: it was answered with `status`; else
// RespondTo, within `request_answer_max`. An INFO of one of `info_packages` has its Info-Package, and the
// body or part of it that is the package's; it is answered with 200 unless it is malformed (RFC 6086 4.2.2),
// by itself if RespondTo does not.
struct RequestReceived {
  TransactionId id;
  CallId call;  // within whose dialog; nil: outside
  const MessageView* message = nullptr;
  int status = 0;
  std::string_view info_package = {}, info = {};
};

// A subscription is where `state` says (dialog/subscription.h), at the notifier kPending, kActive or kOver;
// kOver: its id is stale from here on. `status`: of the response that led there, 408 for none, 503 for no
// path, 0 where it was no response.
struct SubscriptionChanged {
  StandaloneId standalone;
  Cookie cookie;
  const MessageView* message = nullptr;
  Instant next;   // kWaiting: the next try
  Instant until;  // kPending, kActive: the end, if it is not refreshed; kNever: not known
  int status = 0;
  Subscription::State state = Subscription::State::kActive;
};

// A NOTIFY, answered with 200. `forked_from`: not nil in the first of a further notifier's (RFC 6665 4.1.4):
// `standalone` is a new subscription.
struct Notified {
  StandaloneId standalone, forked_from;
  Cookie cookie;
  const MessageView* message = nullptr;
  EventReason reason = EventReason::kNone;
  Substate state = Substate::kActive;
};

// A SUBSCRIBE for one of `events`, answered with 200; a NOTIFY follows at once (RFC 6665 4.2.1.2), pending or
// as the last one. A Notify before its Locate is answered decides what it says. `expires` 0: the state is
// wanted once.
struct SubscriptionRequested {
  StandaloneId standalone;
  Cookie cookie;
  const MessageView* message = nullptr;
  std::string_view event;
  std::uint32_t expires = 0;  // seconds granted
  bool is_refresh = false;
};

// A peer's publication for one of `published_events`, answered with 200 (RFC 3903 6): a state is new,
// changed, holds longer, was removed or ran out. What its body says is put together with the others, and told
// to subscribers, by the user. After kRemoved and kExpired the id is stale.
struct EventStateChanged {
  EventStateId state;
  const MessageView* message = nullptr;  // the PUBLISH; null: kExpired
  std::string_view resource = {};        // its Request-URI
  std::string_view event = {};           // a package
  std::uint32_t expires = 0;             // seconds granted
  EventStateChange change = EventStateChange::kPublished;
};

// A publication is where `state` says, as of a registration; kRegistered: it holds for `expires` seconds.
struct PublicationChanged {
  StandaloneId standalone;
  Cookie cookie;
  const MessageView* message = nullptr;
  Instant next;
  std::uint32_t expires = 0;
  int status = 0;
  Registration::State state = Registration::State::kRegistered;
};

}  // namespace ua

}  // namespace sansip

#endif  // SANSIP_DIALOG_STANDALONE_ACTION_H_
