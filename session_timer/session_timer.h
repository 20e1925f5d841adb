// The session timer of one dialog: RFC 4028 7.2, 9 and 10, over the decisions of negotiation.h.
//
// A machine without I/O: verbs in, actions out, one deadline. Its owner reports every INVITE and UPDATE that
// gets a 2xx in the dialog, in either direction, for they all refresh and negotiate anew; the machine says
// when to refresh and when to give the session up. It starts with the 2xx to the INVITE; before, UPDATEs
// start nothing.
//
//   Off --2xx, we refresh--> Waiting --half the interval--> Refreshing --2xx--> Waiting
//   Off --2xx, peer does---> Listening                          |--retry later--> Waiting
//                                                               |--no more tries--> Waning
//   Listening --expiry - min(32 s, interval/3)--> Ended         `--timeout, 408, 481--> Ended
//   Waiting, Refreshing, Waning --expiry--> Ended          any --2xx without Session-Expires--> Off
//
// The whole table, with what is ignored and why, is kSessionTimerTable in session_timer_table.h.
//
// Laws (those of the border, transaction/layer.h, as far as they apply; each has a test of its own name):
//  1. One call is one event.
//  2. The sink is empty on entry of the outermost object; this one only appends.
//  3. It calls nobody but the RandomSource it is given for a glare's wait.
//  4. Time is an argument; a `now` earlier than the latest is clamped.
//  5. It borrows the wish, for its life, and nothing else.
//  6. Deadlines are honest: OnDeadline(next_deadline()) makes progress, early calls are no-ops.
//  7. At most kActionsPerEventMax actions per event.
//  8. A late outcome (of a refresh that another 2xx has overtaken) is an ordinary answer.
//  9. Equal deadlines fire in the order end, notice, refresh.
// 10. One owner, no threads, no globals, at most 64 bytes.
#ifndef SANSIP_SESSION_TIMER_SESSION_TIMER_H_
#define SANSIP_SESSION_TIMER_SESSION_TIMER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "sansip/core/action/sink.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/method.h"
#include "sansip/session_timer/negotiation.h"
#include "sansip/session_timer/refresher.h"
#include "sansip/session_timer/session_timer_table.h"
#include "sansip/session_timer/tolerance.h"

namespace sansip {

enum class SessionEndReason : std::uint8_t {
  kNotRefreshedByPeer,  // the lead point before the expiry passed (RFC 4028 10)
  kNotRefreshedByUs,    // the expiry passed without a 2xx to any try
  kRefreshTimedOut,     // timeout or 408
  kNoDialog,            // 481
};
std::string_view SessionEndReasonName(SessionEndReason reason);    // "not-refreshed-by-peer"
std::string_view SessionEndReasonText(SessionEndReason reason);    // the same for people
std::string_view SessionEndReasonClause(SessionEndReason reason);  // "RFC 4028 10"

namespace session_timer_action {

// Send a session refresh request now, with HeadersForRequest(): an UPDATE without a body, or a re-INVITE with
// the unchanged offer and the identical o= line (7.4). Answer with On2xxReceived or OnRefreshFailed.
struct Refresh {
  RefreshMethod method = RefreshMethod::kReinvite;
};
// The session will end soon unless it is refreshed.
struct Expiring {
  SessionEndReason reason = SessionEndReason::kNotRefreshedByPeer;
  Instant end;
};
// Send BYE, with a Reason. The machine is done.
struct End {
  SessionEndReason reason = SessionEndReason::kNotRefreshedByPeer;
};

}  // namespace session_timer_action

using SessionTimerAction =
    std::variant<session_timer_action::Refresh, session_timer_action::Expiring, session_timer_action::End>;
using SessionTimerSink = Sink<SessionTimerAction>;

// A session refresh request that got a final response other than 2xx, or none.
struct RefreshFailure {
  int status = kTransactionTimedOut;
  RefreshMethod method = RefreshMethod::kReinvite;
  std::optional<std::uint32_t> retry_after = {};  // seconds, of a 500 or 503
  SessionTimerHeaders sent = {};                  // for a 422
  SessionTimerFacts answer = {};                  // of a 422
};

// What the owner may show of a timer.
struct SessionTimerStatus {
  SessionTimerState state = SessionTimerState::kOff;
  std::uint32_t interval = 0;  // seconds; 0: none
  bool we_refresh = false;
  Instant next_refresh = kNever;  // ours
  Instant expiry = kNever;
  Instant end = kNever;  // when this side gives up, unrefreshed
  // Of the last INVITE or UPDATE, of either side's: 200, or the status with which an own one failed, 0
  // without any response; -1: none yet.
  int last_outcome = -1;
};

class SessionTimer {
 public:
  static constexpr std::size_t kActionsPerEventMax = 2;
  static constexpr int kTriesMax = 8;  // refreshes within one interval

  // `owns_call_id`: this side began the dialog (RFC 3261 14.1). The wish must outlive the timer.
  SessionTimer(const SessionTimerWish& wish, bool owns_call_id);

  // Every message of the peer in the dialog, and the INVITE or 2xx that made it: what it allows.
  // RFC 4028 7.4: a refresh request received *on* the dialog (not the one that creates it) leaves its Min-SE.
  void OnPeerMessage(const SessionTimerFacts& facts, bool is_refresh_request_in_dialog);

  // The first transmission of a 2xx to the peer's INVITE or UPDATE (9). What was tolerated in it as late.
  SessionTimerTolerances On2xxSent(Instant now, Method method, const SessionTimerAnswer& answer);
  // The first 2xx to an own INVITE or UPDATE (7.2). A copy of one is recognised by its CSeq and ignored.
  SessionTimerTolerances On2xxReceived(Instant now, Method method, std::uint32_t cseq,
                                       const SessionTimerHeaders& sent, const SessionTimerFacts& answer);
  // Any own INVITE or UPDATE in the dialog that failed, sent as a refresh or not.
  void OnRefreshFailed(Instant now, const RefreshFailure& failure, RandomSource& random,
                       SessionTimerSink& out);

  // No refresh starts between these two: an INVITE transaction or an offer is open, in either direction.
  void OnOfferPending();
  void OnOfferSettled();

  void OnCallEnded();  // by anything else: all is stopped
  void OnDeadline(Instant now, SessionTimerSink& out);
  [[nodiscard]] Instant next_deadline() const;  // O(1); kNever when idle

  SessionTimerHeaders HeadersForRequest() const { return HeadersForRefresh(*wish_, memory_); }
  bool runs() const { return state_ != SessionTimerState::kOff && state_ != SessionTimerState::kEnded; }
  SessionTimerStatus status() const;
  const SessionTimerMemory& memory() const { return memory_; }
  bool IsConsistent() const;

  // All but the wish, for a snapshot and out of one (dialog/snapshot_form.h). A refresh under way is not
  // stored: it is due.
  template <typename Form>
  void Fields(Form& form) {
    if (state_ == SessionTimerState::kRefreshing) {
      state_ = SessionTimerState::kWaiting;
      refresh_at_ = form.now();
    }
    form.Choice(state_, SessionTimerState::kEnded);
    form.Time(agreed_);
    form.Time(refresh_at_);
    form.Number(memory_.interval);
    form.Number(memory_.min_se_seen);
    memory_.we_refresh = form.Flag(memory_.we_refresh);
    form.Number(last_invite_);
    form.Number(tries_);
    owns_call_id_ = form.Flag(owns_call_id_);
    established_ = form.Flag(established_);
    noticed_ = form.Flag(noticed_);
    peer_allows_update_ = form.Flag(peer_allows_update_);
    update_refused_ = form.Flag(update_refused_);
    changed_once_ = form.Flag(changed_once_);
    unchanged_once_ = form.Flag(unchanged_once_);
    by_both_ = form.Flag(by_both_);
    latest_ = form.now();
    offer_pending_ = false;
  }

 private:
  void Clamp(Instant now);
  void Take(SessionTimerEvent event, SessionEndReason reason, SessionTimerSink* out);
  void Agree(std::uint32_t interval, bool we_refresh);
  void Start();
  void Stop();
  SessionTimerEvent EventOf(const RefreshFailure& failure, RandomSource& random);
  SessionTimerEvent RetryAt(Instant at);
  SessionTimerEvent RetryOnceChanged();
  RefreshMethod MethodToUse() const;
  Duration Interval() const;
  Instant Expiry() const;
  Instant EndAt() const;
  Instant NoticeAt() const;
  Instant RefreshAt() const;

  const SessionTimerWish* wish_;
  Instant latest_;               // the latest now
  Instant agreed_;               // when the 2xx was sent or received
  Instant refresh_at_ = kNever;  // in Waiting
  SessionTimerMemory memory_;
  std::uint32_t last_invite_ = 0;  // CSeq + 1 of the own INVITE whose 2xx was seen; 0: none
  std::int16_t last_outcome_ = -1;
  SessionTimerState state_ = SessionTimerState::kOff;
  std::uint8_t tries_ = 0;  // refreshes since the 2xx
  bool owns_call_id_ : 1;
  bool established_ : 1;  // by the 2xx to the INVITE
  bool offer_pending_ : 1;
  bool noticed_ : 1;  // Expiring was said
  bool peer_allows_update_ : 1;
  bool update_refused_ : 1;  // 405 or 501: re-INVITE from now on
  bool changed_once_ : 1;    // the one changed retry was made
  bool unchanged_once_ : 1;  // the one retry without Retry-After was made
  bool by_both_ : 1;         // the peer agreed to the interval in force
};

static_assert(sizeof(SessionTimer) <= 64);

}  // namespace sansip

#endif  // SANSIP_SESSION_TIMER_SESSION_TIMER_H_
