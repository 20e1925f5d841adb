// The records of a user agent: its calls and the requests it sends. Private to dialog/user_agent*.
#ifndef SANSIP_DIALOG_USER_AGENT_CALL_H_
#define SANSIP_DIALOG_USER_AGENT_CALL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sansip/core/auth/digest_client.h"
#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/method.h"
#include "sansip/core/timer/timer_slots.h"
#include "sansip/dialog/info_packages.h"
#include "sansip/dialog/invite_usage.h"
#include "sansip/dialog/kept_content.h"
#include "sansip/dialog/kept_text.h"
#include "sansip/dialog/redirect_targets.h"
#include "sansip/dialog/user_agent_action.h"
#include "sansip/dialog/user_agent_options.h"
#include "sansip/session_timer/session_timer.h"

namespace sansip {

using OutgoingId = Id<struct OutgoingTag>;

// Outcomes of a request that are no status codes.
inline constexpr int kNoResponse = kTransactionTimedOut;  // as a 408 (RFC 3261 8.1.3.1)
inline constexpr int kUnreached = -1;                     // no path, or a transport error: as a 503

// A request of ours, from the wish for a Path to the end of its last transaction.
struct Outgoing {
  enum class Kind : std::uint8_t {
    kInvite,
    kReinvite,
    kUpdate,
    kPrack,
    kBye,
    kAck,
    kRegister,
    kStandalone,
  };
  enum class Stage : std::uint8_t {
    kWaiting,   // for a timer: a re-INVITE after a 491 (RFC 3261 14.1); for credentials
    kLocating,  // for a Path
    kSent,
    kFinal,  // has its outcome; transactions of it may linger
  };

  Kind kind = Kind::kInvite;
  Stage stage = Stage::kLocating;
  CallId call;                  // nil: outside of calls
  RegistrationId registration;  // of kRegister
  StandaloneId standalone;      // of kStandalone
  DialogId dialog;              // the seed, for the INVITE that creates one and for REGISTER
  std::uint32_t cseq = 0;
  TransactionId transaction;       // the latest
  std::uint32_t transactions = 0;  // not gone
  std::uint8_t paths_failed = 0;
  FlowId flow;                 // of the latest Path
  std::size_t wire_bytes = 0;  // as the latest Locate said: at least so many (18.1.1)
  std::uint8_t retries = 0;    // after 491, Retry-After, 422, 415, 416, 420, and a 3xx within its dialog
  bool is_refresh = false;     // for the session timer, unasked
  bool offered = false;        // with a description
  bool settled = false;        // kReinvite: offer and answer are made before its 2xx (RFC 3262 5)
  bool is_early = false;       // kUpdate: beside an INVITE without final response
  bool says_packages = false;  // it has a Recv-Info, and no final response
  bool yields = false;         // may go without what the peer does not take (RFC 3261 8.1.3.5)
  std::uint32_t rack_rseq = 0, rack_cseq = 0;  // kPrack
  bool bye_after = false;                      // kAck: the dialog is not wanted
  bool is_given_up = false;                    // kInvite, kReinvite: another was sent instead (RFC 6141 5.5)
  int failed_status = kUnreached;              // of the path that failed last
  std::optional<std::uint32_t> retry_after;    // seconds, of its 503
  SessionTimerHeaders sent;                    // for the 2xx
  DigestAttempt attempt;                       // with credentials (22.2)
  int unauthorized_status = 0;                 // 401 or 407: waits for credentials
  KeptContent content;
  KeptText request_uri, next_hop;
  KeptText target;       // of a 3xx within its dialog (12.2.1.2); empty: the dialog's
  KeptText method_text;  // of kStandalone

  void Reset();
};
// A re-INVITE or UPDATE to be.
struct ModifyDraft {
  Outgoing::Kind kind = Outgoing::Kind::kReinvite;
  DialogId dialog;
  bool is_refresh = false;
  bool is_early = false;
};

Method MethodOf(const Outgoing& request);
std::string_view MethodTextOf(const Outgoing& request);

inline constexpr std::string_view kAndPrack = ", PRACK";      // the end of Allow, where it is taken
inline constexpr std::string_view kAndReliably = ", 100rel";  // the end of Supported, likewise
bool IsSips(std::string_view uri);  // by its scheme: whether it is a URI is seen elsewhere
// A name-addr for `contact`.
void ComposeContact(std::string_view user, const HostPort& host, Transport transport, bool sips,
                    KeptText& contact);

enum class CallTimer : std::uint8_t {
  kExpires,       // of the INVITE (13.2.1, 13.3.1)
  kRinging,       // the last provisional again (13.3.1.1)
  kResend,        // our 2xx again (13.3.1.4)
  kNoAck,         // 64*T1 after our first 2xx
  kModify,        // the wait after a 491 (14.1); after the end, for the final response to a re-INVITE
  kUpdateAnswer,  // RFC 3311 5.2: prompt; RFC 6141 4.6: or its new target gets an UPDATE
  kReliable,      // our reliable provisional again, or its end (RFC 3262 3)
  kSession,       // the session timer's next deadline
  kCredentials,   // the user takes too long to find them
};
inline constexpr std::size_t kCallTimers = 9;

using OpenInviteId = Id<struct OpenInviteTag>;

// What a call has only while an INVITE is open and reliable provisionals (RFC 3262), or offers beside the
// INVITE's (RFC 3311), are under way.
struct OpenInvite {
  // Our reliable provisionals. One at a time (3): another waits for the PRACK of the one before.
  std::uint32_t rseq = 0;  // of the last; 0: none yet
  std::uint32_t cseq = 0;
  bool unacknowledged = false;
  bool described = false;  // it has a session description: the 2xx waits for its PRACK
  int status = 0;
  Duration gap{};
  Instant give_up;
  KeptContent sent;
  int held_status = 0;  // 0: none waits
  KeptContent held;
  bool answer_held = false;  // the user's answer to the INVITE waits
  KeptContent answer;

  // An offer of the peer's in UPDATE or PRACK that the user has not answered.
  TransactionId inner;
  bool inner_is_prack = false;
  DialogId inner_dialog;
  KeptText inner_target;  // the UPDATE's Contact, for our 2xx

  // Offers in reliable provisionals: the PRACK waits for the user's answer.
  struct Offer {
    DialogId dialog;
    std::uint32_t rseq = 0, cseq = 0;
  };
  std::vector<Offer> offers;
  OutgoingId prack;  // of ours, the latest; perhaps gone

  bool is_idle() const {
    return !unacknowledged && held_status == 0 && !answer_held && inner.is_nil() && offers.empty();
  }
  void Reset();
};

struct Call {
  // An INVITE or UPDATE of the peer that has no final response yet.
  struct Request {
    TransactionId id;  // nil: none
    bool is_update = false;
    bool offered = false;
    bool settled = false;         // its offer and answer are made, in a reliable provisional and a PRACK
    bool moved = false;           // an INVITE with a new target
    bool takes_reliable = false;  // the peer supports reliable provisionals ...
    bool needs_reliable = false;  // ... and insists on them
    std::uint32_t cseq = 0;
    SessionTimerAnswer timer;
    KeptText target;  // its Contact: the remote target after our 2xx (RFC 6141 4.6); empty: none
  };
  // Our 2xx to an INVITE, until its ACK.
  struct Success {
    TransactionId id;  // nil: none
    std::uint32_t cseq = 0;
    Duration gap{};
    bool offers = false;       // the ACK brings the answer
    bool moved = false;        // it took a new target of the peer's
    bool is_given_up = false;  // another INVITE came from elsewhere: no ACK will
  };

  UsageRole role = UsageRole::kCaller;
  UsageState state = UsageState::kPreparative;
  Cookie cookie;
  bool ended = false;       // Ended was told
  bool cancelling = false;  // HangUp, Expires or Shutdown before the final response
  EndCause cancel_cause = EndCause::kLocalCancel;
  bool touched = false;        // in the list of calls to settle
  bool offer_pending = false;  // as the session timer was told
  bool bye_on_ack = false;     // 15: BYE is held until our 2xx is acknowledged
  bool ack_wanted = false;     // a 2xx with an offer waits for the user's answer
  std::uint32_t open = 0;      // outgoing requests and server transactions that name the call

  DialogId seed;                // caller: what the INVITE is made of
  DialogId dialog;              // the call's; nil until a 2xx came
  std::vector<DialogId> forks;  // caller: all dialogs, `dialog` among them

  OutgoingId invite, modify, ack;
  std::uint32_t ack_cseq = 0;  // of the 2xx that ack_wanted is about
  DigestClient auth;
  std::vector<OutgoingId> unauthorized;  // wait for credentials
  Request request;
  Success success;
  OpenInviteId open_invite;            // nil: nothing of the kind
  InfoPackagesId packages;             // nil: the call has none (RFC 6086)
  ReliableProvisionals reliability{};  // of our INVITEs

  std::uint32_t expires = 0;      // of the INVITE, seconds; 0: none
  std::uint32_t retry_after = 0;  // of its refusal, likewise
  KeptText contact;               // our Contact value, as sent last
  KeptText contact_user;
  KeptContent provisional;  // as sent last
  int provisional_status = 0;
  KeptContent bye;  // header lines for a BYE that is held

  SessionTimerWish wish;
  std::optional<SessionTimer> timer;
  std::uint32_t min_se_seen = 0;  // of 422s before there is a dialog
  std::uint8_t interval_retries = 0;

  RedirectTargets targets;
  std::size_t redirects = 0;

  StandaloneId reference;     // the REFER that it was placed for, while that is to be told of it; nil: none
  StandaloneId references;    // the latest REFER within its dialog, not gone; nil: none
  CallId replaces;            // by our 2xx (RFC 3891 3); nil: none
  bool was_referred = false;  // the peer has sent one

  TimerSlots<CallTimer, kCallTimers> timers;

  void Reset();
};

// What is known of a server transaction, by its slot.
struct ServerRecord {
  std::uint32_t generation = 0;  // 0: none
  CallId call;
  std::uint64_t tag = 0;       // the To tag of its responses (8.2.6.2)
  bool waits = false;          // for RespondTo
  StandaloneId refer;          // REFER: what it asks for
  bool is_bodyless = false;    // its 2xx has no body (RFC 3428 7, RFC 6086 4.3.2)
  bool is_of_package = false;  // INFO: it has a 200 if the user is too slow (RFC 6086 4.2.2)
  bool says_packages = false;  // it has a Recv-Info, and so has its 2xx (RFC 6086 5.2.3)
  DialogId dialog;             // of says_packages
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_CALL_H_
