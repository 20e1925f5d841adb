// The user agent core (RFC 3261 8 to 15; RFC 3262; RFC 3264's order of offers, 3311's UPDATE, 4028 composed
// from session_timer, 5407's races, 6026 and 6141): the facade that most programs use. It owns the
// transaction layer, the dialogs and their session timers, and speaks in calls.
//
// Sans-IO: every input has its time, every effect is an action in the caller's sink. The ten laws of the
// border are those at the top of core/transaction/layer.h; here the outermost object is this one. What
// differs:
//  - Requests are sent by way of ua::Locate: the owner finds a Path and answers OnLocated or OnLocateFailed
//    with the cookie, in another call (8.1.2). One request is at most `paths_max` Locates,
//    and one more if its size rules out the Path that came first (18.1.1).
//  - OnFlowFailed, Shutdown: what does not fit into the sink comes from OnDeadline; next_deadline() says so.
//  - Shards: by Call-ID.
//
// A page of it, without error handling:
//
//   agent.PlaceCall(now, {.target = bob, .from = "<sip:al@a.example>", .content = {.body = sdp}}, out);
//   ... ua::Locate -> agent.OnLocated(now, locate.cookie, path, out) -> ua::Transmit: the INVITE
//   ... agent.OnMessage(now, origin, view, out) -> ua::Progress, ua::Answered, ua::AnswerReceived, ua::Locate
//   ... agent.OnLocated(...) -> ua::Transmit: the ACK; ua::Confirmed
//   agent.HangUp(now, call, {}, out) -> ua::Ended, and a Locate for the BYE
#ifndef SANSIP_DIALOG_USER_AGENT_H_
#define SANSIP_DIALOG_USER_AGENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "sansip/core/base/address.h"
#include "sansip/core/base/ids.h"
#include "sansip/core/base/random.h"
#include "sansip/core/base/time.h"
#include "sansip/core/message/draft.h"
#include "sansip/core/message/message_view.h"
#include "sansip/core/message/parse_error.h"
#include "sansip/core/transaction/snapshot.h"
#include "sansip/dialog/standalone_draft.h"
#include "sansip/dialog/user_agent_action.h"
#include "sansip/dialog/user_agent_options.h"
#include "sansip/dialog/user_agent_view.h"
#include "sansip/session_timer/negotiation.h"

namespace sansip {

// A call to place. Everything is copied.
struct CallDraft {
  // Of a ReferReceived that this call answers: it is accepted if that was not done, its Replaces and
  // Referred-By go into the INVITE, and the peer is told of the call's progress and outcome. `target` and
  // `from`, where empty, are as the REFER says. Nil: none.
  StandaloneId reference = {};
  std::string_view target = {};        // the Request-URI and To: SIP, SIPS; tel with `routes`
  std::string_view from = {};          // a name-addr without tag: "\"Al\" <sip:al@example.com>"
  std::string_view contact_user = {};  // of Contact; empty: the options'
  // Values of Replaces or Join, the tags as the callee has them: of a call of its own, which it must know how
  // to replace or join.
  std::string_view replaces = {}, joins = {};
  std::span<const std::string_view> routes = {};  // preloaded, name-addrs: "<sip:proxy.example.com;lr>"
  // Its Service-Route follows `routes` (RFC 3608 6.1), and a GRUU that it got is the Contact (RFC 5627 4.4),
  // the temporary one where `from` is anonymous; nil: none.
  RegistrationId registration = {};
  Content content = {};  // without a body: the callee offers (13.2.1)
  SessionTimerWish session_timer = {};
  std::optional<ReliableProvisionals> reliable_provisionals = {};  // RFC 3262; nullopt: the options'
  Duration expires = kForever;  // Expires; whole seconds: the INVITE is cancelled then
  bool yields = false;          // as of StandaloneDraft; without a body the callee offers
  Cookie cookie = {};
};

// An address of record to register (RFC 3261 10.2). Everything is copied.
struct RegistrationDraft {
  std::string_view registrar = {};  // the Request-URI, without a user (10.2); empty: address's host (10.2.6)
  std::string_view address = {};    // of record, a name-addr: To and From
  std::string_view contact_user = {};               // of the Contact that is ours; empty: the options'
  std::span<const std::string_view> contacts = {};  // further ones, name-addrs, perhaps with q (10.2.1.2)
  std::span<const std::string_view> routes = {};    // preloaded
  // RFC 5626 4.1: the URN of this device, the same for ever; empty: none. With it GRUUs are asked for (RFC
  // 5627), which calls to this binding are answered with.
  std::string_view instance = {};
  // RFC 5626 4.2.1: which of the device's flows this one is, 1 to 2^31 - 1, the same after every start; 0: it
  // is no outbound registration. Each flow is a registration of its own, `routes` its way; no `contacts`
  // then.
  std::uint32_t reg_id = 0;
  // RFC 8599 4.1, of the Contact: how to wake the device up. No provider: not at all.
  std::string_view pn_provider = {}, pn_param = {}, pn_prid = {};
  bool removes_all = false;  // Unregister removes what others bound, too (10.2.2: Contact *)
  RegistrationOptions options = {};
  Cookie cookie = {};
};

// What ua::NeedCredentials asks for. The password is hashed for its realm at once and not kept.
struct CredentialsAnswer {
  CallId call = {};                  // or
  RegistrationId registration = {};  // or
  StandaloneId standalone = {};      // as it was asked
  std::string_view realm = {};       // as it was asked about
  bool is_proxy = false;
  bool refused = false;  // there are none: the request fails with its 401 or 407
  std::string_view user = {}, password = {};
};

// The caller is late, or asks for what cannot be. Nothing has happened then.
enum class VerbError : std::uint8_t {
  kNone,
  kStale,       // no such call
  kWrongState,  // the call is not in a state for it: see each verb
  kPending,     // an offer or a re-INVITE is under way: try again after it
  kTooManyCalls,
  kBadUri,     // a URI or address that cannot be read, or is not SIP
  kBadHeader,  // CR, LF, NUL; a name that is no token; a header the user agent writes itself
  kBadStatus,  // not a status for this verb
  kBadMethod,  // not a method for this verb
  kTooLong,    // a limit on bytes or counts
  kShutDown,   // after Shutdown
};
std::string_view VerbErrorName(VerbError error);

// Of a provisional response of ours (RFC 3262 3).
enum class Reliability : std::uint8_t {
  kByOption,    // reliable where UserAgentOptions::reliable_provisionals and the peer allow it
  kReliable,    // must be
  kUnreliable,  // sent once
};

struct Placed {
  CallId call;  // nil on error
  VerbError error = VerbError::kNone;
};

struct Registering {
  RegistrationId registration;  // nil on error
  VerbError error = VerbError::kNone;
};

struct Asked {
  StandaloneId standalone;  // nil on error
  VerbError error = VerbError::kNone;
};

class UserAgent {
 public:
  // Law 7. The largest event is a deadline batch: each of its at most eight transaction failures ends a call.
  static constexpr std::size_t kActionsPerEventMax = 96;

  // `random` must be unpredictable in production (19.3) and must outlive the user agent.
  UserAgent(const UserAgentOptions& options, RandomSource& random);
  ~UserAgent();
  UserAgent(const UserAgent&) = delete;
  UserAgent& operator=(const UserAgent&) = delete;

  // From the transport. `authentication_info`: for the request's 2xx (RFC 7616 3.5); empty: none.
  void OnMessage(Instant now, const Origin& origin, const MessageView& message, UserAgentSink& out,
                 std::string_view authentication_info = {});
  void OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                    UserAgentSink& out);
  void OnTransportError(Instant now, TransactionId id, UserAgentSink& out);  // one send failed
  void OnFlowFailed(Instant now, FlowId flow, UserAgentSink& out);           // all on it
  void OnKeepAliveAnswered(Instant now, FlowId flow, UserAgentSink& out);  // RFC 5626 4.5: tells_keep_alives
  void OnDeadline(Instant now, UserAgentSink& out);
  // Answers to ua::Locate. A cookie that waits for nothing is counted.
  void OnLocated(Instant now, Cookie cookie, const Path& path, UserAgentSink& out);
  void OnLocateFailed(Instant now, Cookie cookie, UserAgentSink& out);

  // From the user.
  [[nodiscard]] Placed PlaceCall(Instant now, const CallDraft& draft, UserAgentSink& out);
  // An incoming call, or a re-INVITE after its OfferReceived, before the final response: 101 to 199, as often
  // as wanted. A description in it is a preview of Answer's (13.2.1); the last one is repeated every minute
  // (13.3.1.1).
  //
  // Reliable (RFC 3262 3, 5): repeated until PrackReceived; kPending while two are on their way. The first
  // description is the answer, or the offer where the INVITE has none, in which case the first reliable one
  // needs it: kByOption is unreliable without. Further descriptions are left out. kWrongState: the peer does
  // not take reliable ones; kUnreliable, and it insists on them; Answer was called.
  [[nodiscard]] VerbError Ring(Instant now, CallId call, int status, const Content& content,
                               UserAgentSink& out, Reliability reliability = Reliability::kByOption);
  // An incoming call: 200, with the answer to its offer or with our offer. Without a body the call has no
  // session. Where a reliable provisional has described the session the body is left out (RFC 6337 3.1), and
  // the 200 waits for that provisional's PRACK and for exchanges that are open (RFC 3262 5).
  [[nodiscard]] VerbError Answer(Instant now, CallId call, const Content& content, UserAgentSink& out);
  // An incoming call: 300 to 699. `content` may have Contact (3xx, 485), Retry-After, Warning, Reason ... and
  // a body: choices (21.3.1), capabilities (21.4.26).
  [[nodiscard]] VerbError Refuse(Instant now, CallId call, int status, const Content& content,
                                 UserAgentSink& out);
  // Ends any call, by what its state asks for: CANCEL (held until a provisional: 9.1), BYE (held until the
  // ACK of our 2xx: 15), 480 before our answer. `headers` go into a BYE or 480: Reason (RFC 3326) ...
  // `dialog`: an early one of a call placed ends alone, by a BYE, and the call goes on with the others.
  [[nodiscard]] VerbError HangUp(Instant now, CallId call, std::span<const HeaderLine> headers,
                                 UserAgentSink& out, DialogId dialog = {});
  // An established call: offers `content.body`; without a body the peer offers in its 2xx, which comes as
  // OfferReceived. kPending while an INVITE or an offer is open in either direction (14.1).
  [[nodiscard]] VerbError Reinvite(Instant now, CallId call, const Content& content, UserAgentSink& out);
  // The same by UPDATE (RFC 3311), without which no dialog is asked before it is established: `dialog` is an
  // early one of a call placed, nil the last of them. Without a body it only tells our Contact. kWrongState:
  // the peer has not allowed it. kPending also: before the first offer and answer are made reliably (5.1).
  [[nodiscard]] VerbError Update(Instant now, CallId call, const Content& content, UserAgentSink& out,
                                 DialogId dialog = {});
  // We have another address and lost the old one (RFC 6141 5.5): an INVITE or re-INVITE that waits for its
  // answer is cancelled and given up, and goes out anew; else an established call's peer is told by UPDATE or
  // re-INVITE. kPending: something else is under way; kWrongState: a callee before its answer.
  [[nodiscard]] VerbError LoseContact(Instant now, CallId call, UserAgentSink& out);
  // After a reliable Progress that brought or followed the answer, before its PRACK's Locate is answered: the
  // PRACK carries a further offer, whose answer comes with its 2xx (RFC 3262 5), then Reinvited. `dialog` as
  // of Update. kWrongState: there is no such PRACK; kPending: an offer is open, or the first has no answer
  // yet.
  [[nodiscard]] VerbError OfferInPrack(Instant now, CallId call, const Content& content, UserAgentSink& out,
                                       DialogId dialog = {});
  // After OfferReceived. Refusing in OfferPlace::kSuccess ends the call after the ACK, which carries
  // `answer`, a valid answer that refuses every stream, if given (13.2.2.4); status is unused there. So in
  // kProvisional: after the PRACK the call is cancelled. A PRACK cannot be refused (RFC 3262 3): its 200 has
  // `answer`. A re-INVITE that a reliable provisional has answered is not refused any more: kWrongState, undo
  // it by Update, then AnswerOffer (RFC 6141 3.3).
  [[nodiscard]] VerbError AnswerOffer(Instant now, CallId call, const Content& content, UserAgentSink& out);
  [[nodiscard]] VerbError RefuseOffer(Instant now, CallId call, int status, const Content& answer,
                                      UserAgentSink& out);
  // After NeedCredentials. kWrongState: that realm was not asked about, or no more.
  [[nodiscard]] VerbError GiveCredentials(Instant now, const CredentialsAnswer& answer, UserAgentSink& out);
  // Registers, refreshes in time, and tries again after failures until Unregister (dialog/registration.h).
  [[nodiscard]] Registering Register(Instant now, const RegistrationDraft& draft, UserAgentSink& out);
  // Removes the bindings, then RegistrationChanged with kOver.
  [[nodiscard]] VerbError Unregister(Instant now, RegistrationId id, UserAgentSink& out);
  // A REGISTER now, or as soon as the one under way has its answer: when a push notification has come (RFC
  // 8599 4.1.3), or the network is back. kWrongState: it is being removed.
  [[nodiscard]] VerbError RefreshRegistration(Instant now, RegistrationId id, UserAgentSink& out);
  // OPTIONS (11), MESSAGE (RFC 3428) or any method without a verb of its own; ends as RequestEnded. MESSAGEs
  // to one target, or within one call, go out one after the other (RFC 3428 8). REGISTER asks a registrar,
  // `target`, for the bindings of `from` and changes none (10.2.3): ListedBindings reads the 2xx.
  [[nodiscard]] Asked SendRequest(Instant now, const StandaloneDraft& draft, UserAgentSink& out);
  // After RequestReceived: 200 to 699. kStale: answered, or too late.
  [[nodiscard]] VerbError RespondTo(Instant now, TransactionId request, int status, const Content& content,
                                    UserAgentSink& out);
  // Subscribes, refreshes in time, and subscribes again where RFC 6665 4.1.3 says so, until Withdraw.
  [[nodiscard]] Asked Subscribe(Instant now, const StandaloneDraft& draft, UserAgentSink& out);
  // After SubscriptionRequested: now, and whenever the state changes. One NOTIFY at a time: while one is
  // under way the latest state waits. kBadHeader: also a body that the SUBSCRIBE's Accept has not.
  [[nodiscard]] VerbError Notify(Instant now, StandaloneId id, const NotifyDraft& draft, UserAgentSink& out);
  // Publishes, refreshes in time (RFC 3903), until Withdraw. Republish: the state has changed.
  [[nodiscard]] Asked Publish(Instant now, const StandaloneDraft& draft, UserAgentSink& out);
  [[nodiscard]] VerbError Republish(Instant now, StandaloneId id, const Content& state, UserAgentSink& out);
  // Asks a peer to send a request to `refer_to`, within a call or outside: ReferChanged tells how that goes.
  [[nodiscard]] Asked Refer(Instant now, const ReferDraft& draft, UserAgentSink& out);
  // An established call goes on to `target`, a URI, or takes the place of `other`, an established one (RFC
  // 5589): HangUp once ReferChanged says 200, or take the call back. Of `other` our peer's peer hangs up.
  [[nodiscard]] Asked Transfer(Instant now, CallId call, std::string_view target, UserAgentSink& out);
  [[nodiscard]] Asked Transfer(Instant now, CallId call, CallId other, UserAgentSink& out);
  // After ReferReceived. Accepted, the peer hears "100 Trying", then what PlaceCall or Report brings.
  [[nodiscard]] VerbError AcceptRefer(Instant now, StandaloneId id, UserAgentSink& out);
  // 300 to 699; kWrongState: it was accepted, perhaps unasked: Report 603 then.
  [[nodiscard]] VerbError RefuseRefer(Instant now, StandaloneId id, int status, UserAgentSink& out);
  // How far a request is that no PlaceCall follows: 100 to 699, the last of them 200 or above.
  [[nodiscard]] VerbError Report(Instant now, StandaloneId id, int status, UserAgentSink& out);
  // Ends a subscription, a publication, or what a peer subscribed to (noresource).
  [[nodiscard]] VerbError Withdraw(Instant now, StandaloneId id, UserAgentSink& out);
  // BYE, CANCEL, 480, or the removal of bindings, subscriptions and publications for everything open; new
  // calls are refused with 503 from now on. Batched: see next_deadline().
  void Shutdown(Instant now, UserAgentSink& out);
  [[nodiscard]] VerbError SetCookie(CallId call, Cookie cookie);
  // RFC 6086 5.2.2: what this call takes instead of `info_packages`: told by its next INVITE, re-INVITE,
  // UPDATE or answer to one, and in force with its 2xx. kWrongState: the options have none.
  [[nodiscard]] VerbError SetInfoPackages(CallId call, std::string_view packages);
  void SetBusy(bool busy);  // INVITE and OPTIONS get 486 (11.2)

  // Established calls, registrations, subscriptions and publications as bytes (user_agent_snapshot.h).
  // Returns the bytes needed, written if `out` holds as many. Linear.
  std::size_t Snapshot(Instant now, std::span<char> out) const;
  // Into a user agent that was not used yet. `now`: of this process' clock; `elapsed`: since the snapshot, by
  // a clock that both processes share. What became due meanwhile comes from OnDeadline. Ids are new; cookies
  // are what they were. On an error nothing is restored.
  [[nodiscard]] RestoreError Restore(std::span<const char> snapshot, Instant now, Duration elapsed);

  // The state.
  std::optional<CallView> Find(CallId call) const;  // nullopt: gone
  // Those not gone, as many as `out` holds; how many there are.
  std::size_t Calls(std::span<CallId> out) const;
  std::size_t Registrations(std::span<RegistrationId> out) const;
  std::optional<RegistrationView> FindRegistration(RegistrationId id) const;
  std::size_t registrations() const;  // not over, or not gone
  std::size_t Standalones(std::span<StandaloneId> out) const;
  std::optional<StandaloneView> FindStandalone(StandaloneId id) const;
  std::size_t standalones() const;   // requests, subscriptions and publications: not over, or not gone
  std::size_t event_states() const;  // that peers have published here
  std::size_t calls_live() const;    // not ended
  std::size_t calls_kept() const;    // not gone
  // Client transactions without a final response, and requests that wait for a Path: a program may end at 0.
  std::size_t client_transactions_pending() const;
  bool Refers(FlowId flow) const;               // is the flow in use? (it must not be evicted)
  [[nodiscard]] Instant next_deadline() const;  // O(1); kNever when idle
  const UserAgentCounters& counters() const;
  const TransactionLayer& transaction_layer() const;  // to be looked at: counters, memory, what lives
  const UserAgentOptions& options() const;
  bool IsConsistent() const;  // DCHECKed after every input

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_H_
