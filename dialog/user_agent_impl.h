// The inside of UserAgent. One event: Begin, the layer or a verb, Drain, Settle. See the .cc files by theme:
// _events (inputs, deadlines), _send (paths, drafts, responses), _caller (responses to our INVITE), _callee
// (INVITEs that come in), _dialog (requests within), _modify (our re-INVITE, UPDATE, and the session timer),
// _moved, _reliable (our provisionals), _prack (theirs), _early (offers beside an open INVITE), _session_id,
// _verbs, _auth, _register, _standalone (what is no call's), _info, _subscribe, _notify, _publish, _refer,
// _end.
#ifndef SANSIP_DIALOG_USER_AGENT_IMPL_H_
#define SANSIP_DIALOG_USER_AGENT_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sansip/core/message/verdict.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/user_agent.h"
#include "sansip/dialog/user_agent_binding.h"
#include "sansip/dialog/user_agent_call.h"
#include "sansip/dialog/user_agent_check.h"
#include "sansip/dialog/user_agent_standalone.h"
#include "sansip/dialog/user_agent_state.h"

namespace sansip {

class UserAgent::Impl : public UserAgentState {
 public:
  using UserAgentState::UserAgentState;

  void OnMessage(Instant now, const Origin& origin, const MessageView& message, UserAgentSink& out,
                 std::string_view authentication_info);
  void OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                    UserAgentSink& out);
  void OnTransportError(Instant now, TransactionId id, UserAgentSink& out);
  void OnFlowFailed(Instant now, FlowId flow, UserAgentSink& out);
  void OnKeepAliveAnswered(Instant now, FlowId flow, UserAgentSink& out);  // _register.cc
  void OnDeadline(Instant now, UserAgentSink& out);
  void OnLocated(Instant now, Cookie cookie, const Path& path, UserAgentSink& out);
  void OnLocateFailed(Instant now, Cookie cookie, UserAgentSink& out);
  Instant next_deadline() const;
  bool IsConsistent() const;
  Placed PlaceCall(Instant now, const CallDraft& draft, UserAgentSink& out);
  VerbError LoseContact(Instant now, CallId id, UserAgentSink& out);  // _moved.cc
  VerbError Ring(Instant now, CallId id, int status, const Content& content, UserAgentSink& out,
                 Reliability reliability);  // _reliable.cc
  VerbError Update(Instant now, CallId id, const Content& content, UserAgentSink& out, DialogId dialog);
  VerbError OfferInPrack(Instant now, CallId id, const Content& content, UserAgentSink& out, DialogId dialog);
  VerbError Answer(Instant now, CallId id, const Content& content, UserAgentSink& out);
  VerbError Refuse(Instant now, CallId id, int status, const Content& content, UserAgentSink& out);
  VerbError HangUp(Instant now, CallId id, std::span<const HeaderLine> headers, UserAgentSink& out,
                   DialogId dialog);
  VerbError Reinvite(Instant now, CallId id, const Content& content, UserAgentSink& out);
  VerbError AnswerOffer(Instant now, CallId id, const Content& content, UserAgentSink& out);
  VerbError RefuseOffer(Instant now, CallId id, int status, const Content& answer, UserAgentSink& out);
  Registering Register(Instant now, const RegistrationDraft& asked, UserAgentSink& out);  // _register.cc
  VerbError Unregister(Instant now, RegistrationId id, UserAgentSink& out);
  VerbError RefreshRegistration(Instant now, RegistrationId id, UserAgentSink& out);
  std::optional<RegistrationView> FindRegistration(RegistrationId id) const;
  Asked SendRequest(Instant now, const StandaloneDraft& draft, UserAgentSink& out);  // _standalone.cc
  VerbError RespondTo(Instant now, TransactionId id, int status, const Content& content, UserAgentSink& out);
  Asked Subscribe(Instant now, const StandaloneDraft& draft, UserAgentSink& out);
  VerbError Notify(Instant now, StandaloneId id, const NotifyDraft& draft, UserAgentSink& out);  // _notify.cc
  Asked Publish(Instant now, const StandaloneDraft& draft, UserAgentSink& out);  // _publish.cc
  VerbError Republish(Instant now, StandaloneId id, const Content& state, UserAgentSink& out);
  VerbError Withdraw(Instant now, StandaloneId id, UserAgentSink& out);   // _standalone.cc
  Asked Refer(Instant now, const ReferDraft& draft, UserAgentSink& out);  // _refer.cc
  Asked Transfer(Instant now, CallId id, std::string_view target, UserAgentSink& out);
  Asked Transfer(Instant now, CallId id, CallId other, UserAgentSink& out);
  VerbError AnswerRefer(Instant now, StandaloneId id, int status, UserAgentSink& out);
  VerbError Report(Instant now, StandaloneId id, int status, UserAgentSink& out);
  VerbError GiveCredentials(Instant now, const CredentialsAnswer& answer, UserAgentSink& out);  // _auth.cc
  void Shutdown(Instant now, UserAgentSink& out);
  VerbError SetCookie(CallId id, Cookie cookie);
  VerbError SetInfoPackages(CallId id, std::string_view packages);  // _info.cc
  std::optional<CallView> Find(CallId id) const;
  std::size_t pending() const {
    return layer_.client_transactions_without_final() + locating_ + held_byes_ + queued_ + held_reports_;
  }

 private:
  struct References;  // user_agent_refer.h: REFER, in both roles
  struct Packages;    // user_agent_info.h: INFO
  void Begin(Instant now, UserAgentSink& out);
  void Drain();
  void Settle();
  void Finish();
  void FlushTransmits();
  void Emit(const auto& action) { out_->Append(action); }
  void HandleRequest(TransactionId id, const MessageView& request, bool is_merged);
  void HandleResponse(TransactionId id, Cookie cookie, const MessageView& response);
  void HandleFailed(Cookie cookie, TransactionId id, FailureReason reason);
  void HandleGone(TransactionId id, Cookie cookie);
  void FireTimer(CallId id, CallTimer timer);
  void RingAgain(CallId id, Call& call);
  void ShutdownStep();
  void HangUpNow(Call& call, CallId id, EndCause cause, std::span<const HeaderLine> headers);
  void SettleCall(CallId id, Call& touched);
  bool Advance(Call& call, UsageEvent event);
  void EndCall(CallId id, Call& call, EndCause cause, int status, const MessageView* message,
               std::string_view clause);
  void EndWithBye(CallId id, Call& call, EndCause cause, int status, const MessageView* message,
                  std::string_view clause, std::span<const HeaderLine> headers);

  // ---- sending
  OutgoingId NewOutgoing(Outgoing::Kind kind, CallId id, Call& call, DialogId dialog);
  void Locate(OutgoingId id, Outgoing& request);
  void SendLocated(OutgoingId id, Outgoing& request, const Path& path);
  void SendAckLocated(OutgoingId id, Outgoing& request, const Path& path);
  bool TryNextPath(OutgoingId id, Outgoing& request, int status);  // false: there is none
  void NoPath(OutgoingId id, Outgoing& request);
  void FreeIfDone(OutgoingId id, Outgoing& request);
  void MakeFinal(OutgoingId id, Outgoing& request);
  void DraftRequest(const Outgoing& request, const Call& call, const Dialog& dialog);
  void DraftRAck(const Outgoing& request);
  void DraftHead(const Dialog& dialog, const Outgoing& request);
  void DraftCapabilities(bool with_accept, const Call* call = nullptr);
  void DraftDialogHeaders(const Call& call, const Dialog& dialog);
  void SendRegisterLocated(OutgoingId id, Outgoing& request, const Path& path);
  // What draft_ holds, in a transaction of its own, or another Path asked for. False: refused, and counted.
  bool StartTransaction(OutgoingId id, Outgoing& request, const Path& path);
  void LocateLong(OutgoingId id, Outgoing& request, std::size_t wire_bytes);  // another Path, for its size
  RespondError Respond(TransactionId id, int status, std::string_view body = {},
                       std::string_view reason = {});
  void RespondInAnyCase(TransactionId id, int status);
  void Refuse(TransactionId id, int status, HeaderId header = HeaderId::kOther, std::string_view value = {});
  void RefuseSharing(TransactionId id);  // RFC 6665 4.5.2
  void RefuseForNow(TransactionId id);   // 500 with Retry-After 0 to 10 (14.2, RFC 3311 5.2)

  // ---- caller
  void OnInviteResponse(OutgoingId id, Outgoing& request, const MessageView& response);
  void OnProvisional(Call& call, CallId call_id, Outgoing& request, const MessageView& response);
  void OnInviteSuccess(OutgoingId id, Outgoing& request, const MessageView& response);
  void TakeWinner(CallId call_id, Call& call, DialogId dialog_id, Outgoing& request,
                  const MessageView& response);
  void OnInviteFailure(OutgoingId id, Outgoing& request, int status, const MessageView* response);
  bool Redirect(OutgoingId id, Outgoing& request, int status, const MessageView* response);
  void SendAgain(OutgoingId id, Outgoing& request);
  DialogId ForkOf(Call& call, CallId call_id, const MessageView& response, bool is_success);
  void DropForks(Call& call, bool all);
  void StartAck(CallId call_id, Call& call, DialogId dialog, std::uint32_t cseq, const Content& content,
                bool bye_after);
  void RepeatAck(CallId call_id, Call& call, DialogId dialog_id, std::uint32_t cseq);
  void GiveUp(OutgoingId id, Outgoing& invite);  // _moved.cc
  OutgoingId InviteAnew(CallId call_id, Call& call, Outgoing& old);
  void AckGivenUp(CallId call_id, Call& call, const Outgoing& reinvite);
  void OnStrayResponse(const MessageView& response);
  void OnLateProvisional(const MessageView& response);
  void SendBye(CallId call_id, Call& call, DialogId dialog);

  // ---- callee
  bool Inspect(TransactionId id, const MessageView& request, const MessageFacts& facts,
               const Call* call = nullptr);
  void OnInitialInvite(TransactionId id, const MessageView& invite, std::string_view offer);
  void ComposeCalleeContact(Call& call, const Dialog& dialog, std::string_view request_uri,
                            const SipUri* uri);
  void OnOptions(TransactionId id, bool in_dialog);
  void OnCancel(TransactionId id, const MessageView& cancel);
  void OnAck(const MessageView& ack);
  bool SendSuccess(CallId call_id, Call& call, const Content& content, VerbError& error);
  void RefuseRequest(CallId call_id, Call& call, int status, const Content& content);
  void TellTimer(CallId call_id, Call& call, bool by_us, bool is_refresh);
  void EndReplaced(Call& call);

  // ---- in a dialog
  void OnDialogRequest(TransactionId id, DialogId dialog_id, const MessageView& request);
  void OnBye(TransactionId id, CallId call_id, Call& call, DialogId dialog_id, const MessageView& bye);
  void EndFork(CallId call_id, Call& call, const MessageView& bye);
  void ConfirmTarget(CallId call_id, Call& call);
  void OnReinvite(TransactionId id, CallId call_id, Call& call, Dialog& dialog, const MessageView& invite,
                  std::string_view offer);
  void OnUpdate(TransactionId id, CallId call_id, Call& call, DialogId dialog_id, const MessageView& update,
                std::string_view offer);
  bool TakeRequest(TransactionId id, CallId call_id, Call& call, const MessageView& request, bool offered);
  void OfferOrRefresh(CallId call_id, Call& call, Dialog& dialog, const MessageView& request,
                      std::string_view offer);

  // ---- reliable provisionals of ours (RFC 3262 3)
  OpenInvite* OpenOf(Call& call);  // made if there is none; null: no room
  VerbError CheckRing(const Call& call, const Content& content, Reliability reliability, bool& reliable);
  bool RingUnreliably(CallId call_id, Call& call, int status, const Content& content);
  bool SendReliable(CallId call_id, Call& call, int status);  // open->sent
  bool WriteReliable(Call& call, const OpenInvite& open);
  void FireReliable(CallId call_id, Call& call);
  void RejectInvite(CallId call_id, Call& call, EndCause cause, std::string_view clause);
  void OnPrack(TransactionId id, CallId call_id, Call& call, DialogId dialog_id, const MessageView& prack);
  void TakePrackDescription(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                            const MessageView& prack);
  bool AnswerOrHold(CallId call_id, Call& call, const Content& content, VerbError& error);
  bool SendAnswer(CallId call_id, Call& call, const Content& content, VerbError& error);
  void ResumeAnswer(CallId call_id, Call& call);
  void CloseOpenInvite(CallId call_id, Call& call);

  // ---- the peer's (RFC 3262 4)
  bool TakeRSeq(Dialog& dialog, const MessageView& response);
  void OnReliable(CallId call_id, Call& call, DialogId dialog_id, Outgoing& request,
                  const MessageView& response);
  void StartPrack(CallId call_id, Call& call, const OpenInvite::Offer& provisional, const Content& content);
  void AnswerProvisional(CallId call_id, Call& call, const Content& content);
  void OnPrackOutcome(OutgoingId id, Outgoing& request, int status, const MessageView* response);

  // ---- offers beside an open INVITE (RFC 3311 5)
  void TakeInnerOffer(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                      const MessageView& request, std::string_view offer);
  bool AnswerInner(CallId call_id, Call& call, const Content& content, VerbError& error);
  void RefuseInner(CallId call_id, Call& call, int status, const Content& content);
  void OnInnerUnanswered(CallId call_id, Call& call);
  void OnEarlyUpdateOutcome(OutgoingId id, Outgoing& request, int status, const MessageView* response);

  // ---- our re-INVITE and UPDATE
  OutgoingId StartModify(CallId call_id, Call& call, const ModifyDraft& draft, const Content& content);
  void OnModifyResponse(OutgoingId id, Outgoing& request, const MessageView& response);
  void OnReinviteProvisional(Outgoing& request, const MessageView& response);
  void Resynchronize(CallId call_id, Call& call, bool by_reinvite);
  void OnModifySuccess(OutgoingId id, Outgoing& request, const MessageView& response);
  void TakeLateOffer(CallId call_id, Call& call, Dialog& dialog, const Outgoing& request,
                     const MessageView& response);
  void OnModifyFailure(OutgoingId id, Outgoing& request, int status, const MessageView* response);
  bool RetryModify(OutgoingId id, Outgoing& request, Call& call, Dialog& dialog, int status,
                   const MessageView* response);
  void TakeTimerActions(CallId call_id, Call& call, const SessionTimerSink& actions, bool is_refresh,
                        int status, const MessageView* message);
  void TellFailedRefresh(CallId call_id, const Call& call, int status, const MessageView* response);

  // ---- registrations
  void Perform(RegistrationId id, Registration::Action action, int status, const MessageView* message);
  void StartRegister(RegistrationId id, Binding& binding);
  void DraftRegister(Outgoing& request, Binding& binding, const Dialog& seed, const Path& path);
  void OnRegisterResponse(OutgoingId id, Outgoing& request, const MessageView& response);
  void ResumeRegister(RegistrationId id, Binding& binding);
  void OnRegisterOutcome(OutgoingId id, Outgoing& request, int status, const MessageView* response);
  void FireRegistration(RegistrationId id);
  void ArmRegistration(RegistrationId id, const Binding& binding);
  void SettleRegistration(RegistrationId id);

  // ---- requests outside of calls, and none of the call's own within
  bool StartStandalone(StandaloneId id, std::string_view method, DialogId dialog);
  void StartInTurn(StandaloneId id);
  void SendStandaloneLocated(OutgoingId id, Outgoing& request, const Path& path);
  void DraftStandalone(Outgoing& request, Standalone& owner, const Dialog& dialog);
  void OnStandaloneResponse(OutgoingId id, Outgoing& request, const MessageView& response);
  bool FollowRedirect(OutgoingId id, Outgoing& request, RedirectTargets& targets, std::size_t& redirects,
                      const MessageView& response, ua::Redirected told);
  bool TakeTarget(int status, const MessageView* response, RedirectTargets& targets, Dialog& seed,
                  ua::Redirected told);
  void OnStandaloneOutcome(OutgoingId id, Outgoing& request, int status, const MessageView* response);
  void EndRequest(StandaloneId id, Standalone& owner, RequestOutcome outcome, int status,
                  const MessageView* response);
  void ResumeStandalone(StandaloneId id, Standalone& owner);
  void FireStandalone(StandaloneId id);
  void SettleStandalone(StandaloneId id);
  void EndStandalone(StandaloneId id, Standalone& owner);
  void WithdrawStandalone(StandaloneId id, Standalone& owner, EventReason reason);
  void OnOwnRequest(TransactionId id, CallId call, const MessageView& request);
  bool AwaitAnswer(TransactionId id, CallId call);  // the user's; false: refused
  void OnUsageRequest(TransactionId id, DialogId dialog_id, const MessageView& request);
  void FireUnanswered();

  // ---- subscriptions and publications
  void Perform(StandaloneId id, Subscription::Action action, int status, const MessageView* message);
  void RenewSeed(StandaloneId id, Standalone& owner);
  void OnSubscribeOutcome(StandaloneId id, Standalone& owner, int status, const MessageView* response);
  bool OnFirstNotify(TransactionId id, const MessageView& request);
  void OnNotify(TransactionId id, StandaloneId owner_id, Dialog& dialog, const MessageView& request,
                StandaloneId forked_from);
  Standalone& JoinFork(const Standalone& first, StandaloneId fork_id);
  void OnSubscribe(TransactionId id, const MessageView& request);
  StandaloneId AddNotifier(TransactionId id, const MessageView& request);  // nil: refused
  void OnSubscribeAgain(TransactionId id, StandaloneId owner_id, Dialog& dialog, const MessageView& request);
  std::optional<std::uint32_t> GrantedTo(TransactionId id, const MessageView& request);
  void AcceptSubscribe(TransactionId id, StandaloneId owner_id, Standalone& owner, const MessageView& request,
                       std::uint32_t granted, bool is_refresh);
  void StartNotify(StandaloneId id, Standalone& owner);
  void DraftNotify(Standalone& owner);
  void OnNotifyOutcome(StandaloneId id, Standalone& owner, int status, const MessageView* response);
  void Perform(StandaloneId id, Registration::Action action, int status, const MessageView* message);
  void OnPublish(TransactionId id, const MessageView& request);
  void OnPublishOutcome(StandaloneId id, Standalone& owner, int status, const MessageView* response);
  // ---- credentials
  bool TakeOwnChallenge(OutgoingId id, Outgoing& request, const MessageView& response, DigestClient& auth,
                        const ua::NeedCredentials& question, Instant& ask_until);
  DigestClient::Verdict Judge(Outgoing& request, const MessageView& response, DigestClient& auth,
                              ua::NeedCredentials question);
  void TakeProof(const Outgoing& request, const MessageView& response, DigestClient& auth,
                 const ua::NeedCredentials& owner);
  bool ResumeChallenged(OutgoingId id, Outgoing& request, DigestClient& auth, Instant& ask_until);
  bool TakeChallenge(OutgoingId id, Outgoing& request, const MessageView& response);  // false: it stands
  void AddCredentials(Outgoing& request, DigestClient& auth);
  void SendAuthorized(OutgoingId id, Outgoing& request);
  void ResumeUnauthorized(CallId call_id, Call& call);
  void ResumeModify(CallId call_id, Call& call);
};

}  // namespace sansip

#endif  // SANSIP_DIALOG_USER_AGENT_IMPL_H_
