// What a user agent asks for and tells: plain data, in the words of calls, to be executed in order.
//
// Views and message pointers are borrowed: valid until the next call into the user agent (`message` pointers:
// as long as the message given to OnMessage). `call` names the call, `cookie` is the user's word from
// CallDraft (zero for incoming calls until SetCookie).
#ifndef SANSIP_DIALOG_USER_AGENT_ACTION_H_
#define SANSIP_DIALOG_USER_AGENT_ACTION_H_

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

#include "sansip/core/action/action.h"
#include "sansip/core/action/sink.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/dialog/refer_action.h"
#include "sansip/dialog/registration.h"
#include "sansip/dialog/standalone_action.h"
#include "sansip/session_timer/session_timer.h"

namespace sansip {

class MessageView;

// Why a call ended. Ended.status has the status code that goes with it, 0 where there is none.
enum class EndCause : std::uint8_t {
  kLocalBye,        // HangUp
  kRemoteBye,       // RFC 3261 15.1.2
  kLocalCancel,     // HangUp of an unanswered call of ours (9.1)
  kRemoteCancel,    // 9.2
  kLocalRefusal,    // Refuse, or HangUp of an unanswered incoming call
  kRefused,         // by the peer, with `status` (3xx that is not followed, 4xx, 5xx, 6xx)
  kTimedOut,        // no response, or a 408 (8.1.3.1)
  kUnreachable,     // no path, or every path failed (8.1.3.1: as a 503)
  kNoAck,           // our 2xx was never acknowledged (13.3.1.4)
  kNoPrack,         // nor our reliable provisional (RFC 3262 3), or its PRACK's offer not answered in time
  kExpired,         // the INVITE's Expires passed (13.2.1, 13.3.1)
  kSessionExpired,  // RFC 4028 10
  kDialogLost,      // 481, 408 or no response to a request within the dialog (12.2.1.2)
  kProtocolError,   // what the peer sent cannot be made a dialog of
  kShutdown,        // Shutdown
  kReplaced,        // by the call that was answered instead (RFC 3891 3)
  kLocalLimit,      // a limit of ours, or no buffer space
};
std::string_view EndCauseName(EndCause cause);

enum class OfferPlace : std::uint8_t { kSuccess, kReinvite, kUpdate, kProvisional, kPrack };

namespace ua {

// Send these bytes; see core/action/action.h. A failed send with a nil id is told by OnFlowFailed alone.
using Transmit = action::Transmit;

// How can this request be sent (RFC 3261 8.1.2, RFC 3263)? Answer OnLocated or OnLocateFailed with the
// cookie, now or later. One request keeps its cookie: `failed` paths of it were tried before, `failed_flow`
// last (an answer names the next one). `next_hop` is a SIP or SIPS URI; `sips`: the Request-URI is one, so
// only TLS will do (8.1.2).
//
// `wire_bytes_estimate` is never above the request's size. If a Path's request_bytes_max turns out too small
// the same question comes again, with the size itself. A Path for less than this question says is taken: the
// owner knows whether a datagram is all that is left (18.1.1).
struct Locate {
  Cookie cookie;
  std::string_view next_hop;
  FlowId failed_flow;
  std::uint32_t wire_bytes_estimate = 0;
  std::uint8_t failed = 0;
  bool sips = false;
};

// An INVITE that makes a new call. An empty `offer`: Answer brings the offer, the ACK its answer. `replaced`:
// it is to take the place of that call of ours, nobody is to be alerted, and Answer ends that call (RFC 3891
// 3). `joined`: its media are to be mixed with that call's; 488 if that cannot be (RFC 3911 4). May the
// sender?
struct Incoming {
  CallId call;
  const MessageView* message = nullptr;
  std::string_view offer;
  CallId replaced = {}, joined = {};
  // To is a sips URI, the Request-URI is none: somebody on the way may have changed it, and the user should
  // know (RFC 3261 26.4.4).
  bool is_downgraded = false;
};

// 101 to 199. `dialog` is nil for a response without To tag; forks have a dialog each. A description in it
// comes as AnswerReceived if it is the dialog's first. `is_reliable`: in order, once, and a PRACK goes (RFC
// 3262 4), by itself unless an OfferReceived follows; also to a re-INVITE of ours.
struct Progress {
  CallId call;
  Cookie cookie;
  DialogId dialog;
  const MessageView* message = nullptr;
  int status = 0;
  bool is_reliable = false;
};

// The PRACK of our last reliable provisional: `status` arrived (RFC 3262 3). The next one may go.
struct PrackReceived {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;
  int status = 0;
};

// A 3xx is followed: the call, or what `cookie` names, goes on to `target` (8.1.3.4).
struct Redirected {
  CallId call = {};
  Cookie cookie = {};
  const MessageView* message = nullptr;
  std::string_view target = {};
  bool leaves_sips = false;  // from a sips URI to another scheme: the user should know (8.1.3.4)
  RegistrationId registration =
      {};  // whose REGISTER it is, if not nil; the next one begins where it was told
};

// A request was challenged (RFC 3261 22.2, 22.3): GiveCredentials for this realm, now or later, or refuse.
// Until then the request waits, at most `credentials_wait_max`. `was_rejected`: what was given before is
// wrong. Each realm is asked about once, unless its server rejects what was given or changes the algorithm.
// It may come after Ended, for the BYE.
struct NeedCredentials {
  CallId call = {};                  // or
  RegistrationId registration = {};  // or
  StandaloneId standalone = {};      // whose request it was; the others are nil
  Cookie cookie = {};
  std::string_view realm = {};
  bool is_proxy = false;
  bool was_rejected = false;
};

// A final response that should prove the server's knowledge of the password proves the contrary (RFC
// 7616 3.5: rspauth): it comes from elsewhere, or was changed on the way. The response counts all the same;
// who wants otherwise ends what it is about.
struct ProofFailed {
  CallId call = {};                  // or
  RegistrationId registration = {};  // or
  StandaloneId standalone = {};      // whose request it was; the others are nil
  Cookie cookie = {};
  const MessageView* message = nullptr;
};

// The first 2xx to the INVITE. `dialog` is the call's from here on; the other forks are ended.
struct Answered {
  CallId call;
  Cookie cookie;
  DialogId dialog;
  const MessageView* message = nullptr;
  int status = 0;
};

// ACK sent (message null) or received.
struct Confirmed {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;
};

// The peer offers: AnswerOffer or RefuseOffer. In kSuccess, a 2xx to an INVITE without offer, the answer goes
// with the ACK; in kProvisional, a reliable provisional, with its PRACK. An empty `offer` (kReinvite only):
// the peer wants an offer, AnswerOffer brings it. Several at once (forks) are answered in the order of
// `dialog`s.
struct OfferReceived {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;
  std::string_view offer;
  OfferPlace place = OfferPlace::kReinvite;
  DialogId dialog = {};
};

// The answer to the last local offer. `dialog` tells forks apart; `is_early`: the INVITE has no 2xx yet.
struct AnswerReceived {
  CallId call;
  Cookie cookie;
  DialogId dialog;
  const MessageView* message = nullptr;
  std::string_view answer;
  bool is_early = false;
};

// A re-INVITE or UPDATE that could change the session has its final response: 2xx, it holds; else all is as
// before (14.1). For one of the peer's, after our 2xx.
struct Reinvited {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;  // the response to ours; null for the peer's or without response
  int status = 0;
  bool by_us = false;
};

// A 2xx to an INVITE or UPDATE set the session timer anew (RFC 4028); interval 0: it runs no longer.
// `is_refresh`: that was all it did; otherwise it came with the call or with a change of the session.
struct Refreshed {
  CallId call;
  Cookie cookie;
  std::uint32_t interval = 0;  // seconds
  bool by_us = false;          // whose request it was
  bool we_refresh = false;     // who refreshes next
  bool is_refresh = false;
};

// A refresh of ours failed, and the call goes on (RFC 4028 10). Another try is made at `next`, kNever: none
// is; unrefreshed, the call ends at `end`.
struct RefreshFailed {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;  // null: none came
  int status = 0;                        // 503 where no path worked (RFC 3261 8.1.3.1)
  Instant next;
  Instant end;
};

// The session timer will end the call at `end` unless a refresh comes in time (RFC 4028 10). With `end` not
// after now it does so in this event: BYE and Ended follow. Of every call that ends as kSessionExpired.
struct SessionExpiring {
  CallId call;
  Cookie cookie;
  SessionEndReason reason = SessionEndReason::kNotRefreshedByPeer;
  Instant end;
};

// The call is over for the user: media stops now. Transactions may still be open.
struct Ended {
  CallId call;
  Cookie cookie;
  const MessageView* message = nullptr;  // that ended it, where one did
  std::string_view clause;               // "RFC 3261 15.1.2"
  int status = 0;
  EndCause cause = EndCause::kLocalBye;
  std::uint32_t retry_after =
      0;  // seconds, of the INVITE's refusal: also of a 503 after which no way was left
};

// A registration is where `state` says (dialog/registration.h): kRegistered, bound for `expires` seconds
// (also after every refresh); kWaiting, the next REGISTER comes at `next`; kOver, for good: its id is stale
// from here on. `status`: of the final response, 408 for none, 503 for no path, 430 where the flow failed
// that was bound (RFC 5626); `message`: it, where there was one.
struct RegistrationChanged {
  RegistrationId registration;
  Cookie cookie;
  const MessageView* message = nullptr;
  Instant next;
  std::uint32_t expires = 0;
  int status = 0;
  Registration::State state = Registration::State::kRegistered;
};

// Nothing is left of the call; its id is stale from here on. The last action that ever names it.
struct CallGone {
  CallId call;
  Cookie cookie;
};

}  // namespace ua

using UserAgentAction =
    std::variant<ua::Transmit, ua::Locate, ua::Incoming, ua::Progress, ua::PrackReceived, ua::Redirected,
                 ua::NeedCredentials, ua::Answered, ua::Confirmed, ua::OfferReceived, ua::AnswerReceived,
                 ua::Reinvited, ua::Refreshed, ua::RefreshFailed, ua::SessionExpiring, ua::Ended,
                 ua::CallGone, ua::RegistrationChanged, ua::RequestEnded, ua::RequestReceived,
                 ua::SubscriptionChanged, ua::Notified, ua::SubscriptionRequested, ua::PublicationChanged,
                 ua::ProofFailed, ua::ReferChanged, ua::ReferReceived, ua::EventStateChanged>;
static_assert(std::is_trivially_copyable_v<UserAgentAction> && sizeof(UserAgentAction) <= 72);

using UserAgentSink = Sink<UserAgentAction>;

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_ACTION_H_
