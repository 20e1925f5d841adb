// Requests of the peer within a dialog (RFC 3261 12.2.2, 14.2, 15.1.2; RFC 3311 5.2; RFC 5407 3).

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/dialog/user_agent_info.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {

bool UserAgentState::IsSameSession(std::string_view last, std::string_view fresh) const {
  if (last.empty() || fresh.empty()) return false;
  return options_.same_session == nullptr ? last == fresh : options_.same_session(last, fresh);
}

// 14.1: an INVITE of ours without final response or ACK, or our 2xx without its ACK.
bool UserAgentState::InviteOpen(const Call& call) const {
  if (call.ack_wanted || !call.ack.is_nil() || !call.success.id.is_nil()) return true;
  const Outgoing* modify = outgoing_.Find(call.modify);
  return modify != nullptr && modify->kind == Outgoing::Kind::kReinvite &&
         modify->stage != Outgoing::Stage::kWaiting;
}

void UserAgent::Impl::OnDialogRequest(TransactionId id, DialogId dialog_id, const MessageView& request) {
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const CallId call_id = dialog.call;
  Call& call = *calls_.Find(call_id);
  Touch(call_id, call);
  const Method method = request.method();
  CSeq cseq;
  if (!CSeqOf(request, cseq) || !TakeRemoteCSeq(dialog, cseq.number)) {
    ++counters_.old_cseqs;
    return Refuse(id, 500);
  }
  const bool is_event = method == Method::kNotify || method == Method::kSubscribe;
  if (is_event && References{*this}.OnEvent(id, call, dialog, request)) return;
  // RFC 5407 2: when the session is over only BYE is accepted,
  // but for the PRACK of what was sent before (RFC 3262 3).
  const bool is_late_prack = method == Method::kPrack && !call.open_invite.is_nil();
  const bool is_over = call.ended || dialog.state == Dialog::State::kEnded;
  // A BYE that crosses ours is accepted (RFC 5407 3.2.3); after one of its own there is no dialog (15.1.2).
  const bool is_bye = method == Method::kBye && !dialog.peer_left;
  if (is_over && !is_bye && !is_late_prack) {
    ++counters_.unknown_dialogs;
    return Refuse(id, 481);
  }
  if (!Inspect(id, request, {.dialog = MessageFacts::Dialog::kKnown}, &call)) return;
  if (method == Method::kBye) return OnBye(id, call_id, call, dialog_id, request);
  if (method == Method::kOptions) return OnOptions(id, true);
  if (method != Method::kInvite && method != Method::kUpdate && method != Method::kPrack) {
    return OnOwnRequest(id, call_id, request);
  }
  const std::string_view description = DescriptionOf(request);
  // RFC 3261 13.2.2.4: a fork that the call has not gone on with ends with its INVITE, or when its 2xx comes.
  // Until then it has no session.
  const bool has_lost = !call.dialog.is_nil() && dialog_id != call.dialog;
  if (has_lost && (method == Method::kInvite || !description.empty())) return Refuse(id, 488);
  servers_[id.slot].call = call_id;
  ++call.open;
  if (!call.packages.is_nil()) Packages{*this}.OnRequest(id, call, dialog_id, request);
  if (method == Method::kInvite) return OnReinvite(id, call_id, call, dialog, request, description);
  if (method == Method::kPrack) return OnPrack(id, call_id, call, dialog_id, request);
  OnUpdate(id, call_id, call, dialog_id, request, description);
}

// 15.1.2. What is pending on the dialog is answered 487, by EndCall().
void UserAgent::Impl::OnBye(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                            const MessageView& bye) {
  servers_[id.slot].call = call_id;
  ++call.open;
  Refuse(id, 200);
  Dialog& dialog = *dialogs_.Find(dialog_id);
  dialog.state = Dialog::State::kEnded;
  dialog.peer_left = true;
  if (dialog_id != call.dialog) return EndFork(call_id, call, bye);
  ForgetSuccess(call_id, call);
  if (call.bye_on_ack) {
    call.bye_on_ack = false;
    --held_byes_;
  }
  if (Outgoing* ack = outgoing_.Find(call.ack)) ack->bye_after = false;
  Advance(call, UsageEvent::kBye);
  EndCall(call_id, call, EndCause::kRemoteBye, 0, &bye, "RFC 3261 15.1.2");
}

// A BYE on another dialog than the call's. A callee may not send one on an early dialog (15), but does after
// a 2xx of which no copy arrived (13.3.1.4). If no fork is left the call is over, and the INVITE, which
// nobody will answer, ends by a CANCEL (9.1); the layer waits for its final response so long and no longer.
void UserAgent::Impl::EndFork(CallId call_id, Call& call, const MessageView& bye) {
  if (!call.dialog.is_nil() || call.ended) return;
  for (const DialogId fork : call.forks) {
    if (dialogs_.Find(fork)->state != Dialog::State::kEnded) return;
  }
  Outgoing& invite = *outgoing_.Find(call.invite);
  if (!call.cancelling) layer_.Cancel(now_, invite.transaction, inner_);
  FlushTransmits();
  Advance(call, UsageEvent::kBye);
  EndCall(call_id, call, call.cancelling ? call.cancel_cause : EndCause::kRemoteBye, 0, &bye,
          "RFC 3261 15.1.2");
}

// The session timer's and the target's part of an INVITE or UPDATE. False: refused.
bool UserAgent::Impl::TakeRequest(TransactionId id, CallId call_id, Call& call, const MessageView& request,
                                  bool offered) {
  const SessionTimerFacts facts = ReadSessionTimerFacts(request);
  call.timer->OnPeerMessage(facts, true);
  Dialog& dialog = *dialogs_.Find(call.dialog);
  dialog.allows_update = facts.allows_update.value_or(dialog.allows_update);
  const SessionTimerAnswer timer = AnswerSessionTimer(call.wish, facts, call.timer->memory().interval);
  if (timer.refuse_status != 0) {
    draft_.Clear();
    const SessionTimerLines lines(timer);
    draft_.AddAll(lines.lines());
    RespondInAnyCase(id, timer.refuse_status);
    return false;
  }
  CountTolerated(ToleratedInRequest(facts));
  call.request.target.clear();
  const DialogError error = ContactTarget(request, dialog_limits_, call.request.target);
  if (error != DialogError::kNone && error != DialogError::kMissingContact) {
    call.request.target.clear();
    Refuse(id, 400);
    return false;
  }
  CSeq cseq;
  SANSIP_CHECK(CSeqOf(request, cseq));
  call.request.id = id;
  call.request.is_update = request.method() == Method::kUpdate;
  call.request.offered = offered;
  call.request.settled = call.request.moved = false;
  call.request.needs_reliable = HasToken(request, HeaderId::kRequire, "100rel");
  call.request.takes_reliable =
      call.request.needs_reliable || HasToken(request, HeaderId::kSupported, "100rel");
  call.request.cseq = cseq.number;
  call.request.timer = timer;
  Touch(call_id, call);
  return true;
}

void UserAgent::Impl::OnReinvite(TransactionId id, CallId call_id, Call& call, Dialog& dialog,
                                 const MessageView& invite, std::string_view offer) {
  // 14.2: the first one has no final response yet.
  if (!call.request.id.is_nil()) return RefuseForNow(id);
  // RFC 6141 5.4: who has moved may not have heard our 2xx, and acknowledges it no more.
  if (call.state == UsageState::kEstablished && !call.success.id.is_nil()) {
    const bool is_named = ContactTarget(invite, dialog_limits_, uri_scratch_) == DialogError::kNone;
    call.success.is_given_up = call.success.moved || (is_named && uri_scratch_ != dialog.remote_target);
    // The answer to an offer of ours may still be on its way.
    if (call.success.is_given_up && !call.success.offers) ForgetSuccess(call_id, call);
  }
  const bool local_offer_open = dialog.offer_answer.state() == OfferAnswer::State::kLocalOffer;
  if (InviteOpen(call) || local_offer_open || call.state < UsageState::kEstablished) {
    ++counters_.overlapping_offers;
    return Refuse(id, 491);
  }
  if (!dialog.offer_answer.CanOffer()) return RefuseForNow(id);  // an UPDATE's offer waits for the user
  if (!TakeRequest(id, call_id, call, invite, !offer.empty())) return;
  dialog.offer_answer.Mark();
  if (OpenInvite* open = FindOpen(call)) {
    // What was left of the INVITE before is over: this one has numbers of its own (RFC 3262 3).
    open->rseq = 0;
    open->unacknowledged = false;
  }
  call.request.moved = !call.request.target.empty() && call.request.target != dialog.remote_target;
  OfferOrRefresh(call_id, call, dialog, invite, offer);
  // RFC 6141 4.6: a new target is confirmed at once, while the user decides about the session.
  if (!call.request.moved || call.request.id != id) return;
  const bool is_reliable = call.request.takes_reliable && call.reliability != ReliableProvisionals::kNo;
  OpenInvite* const open = is_reliable && !offer.empty() ? OpenOf(call) : nullptr;
  if (open == nullptr) {
    return Arm(call_id, call, CallTimer::kUpdateAnswer, After(now_, options_.update_answer_max));
  }
  open->sent.Clear();
  static_cast<void>(SendReliable(call_id, call, 183));
}

// By a request to it where no response can, and the user takes time; what that brings is nobody's news.
void UserAgent::Impl::ConfirmTarget(CallId call_id, Call& call) {
  Dialog& dialog = *dialogs_.Find(call.dialog);
  if (!call.request.moved || !dialog.allows_update || !call.modify.is_nil()) return;
  dialog.remote_target.assign(call.request.target);
  StartModify(call_id, call,
              {.kind = Outgoing::Kind::kUpdate, .dialog = call.dialog, .is_refresh = true, .is_early = true},
              {});
}

// An offer that is the session in force, or none where there is no session, is a refresh; others are the
// user's.
void UserAgent::Impl::OfferOrRefresh(CallId call_id, Call& call, Dialog& dialog, const MessageView& request,
                                     std::string_view offer) {
  OfferAnswer& exchange = dialog.offer_answer;
  const bool is_update = call.request.is_update;
  const bool is_refresh = offer.empty()
                              ? is_update || exchange.local().empty()
                              : IsSameSession(exchange.remote(), offer) && !exchange.local().empty();
  if (!offer.empty()) SANSIP_CHECK(exchange.OnRemoteOffer(offer));
  if (!is_refresh) {
    if (is_update) {
      Arm(call_id, call, CallTimer::kUpdateAnswer, After(now_, options_.update_answer_max));
    }
    return Emit(ua::OfferReceived{call_id, call.cookie, &request, offer,
                                  is_update ? OfferPlace::kUpdate : OfferPlace::kReinvite, call.dialog});
  }
  VerbError error = VerbError::kNone;
  const Content content{.body = offer.empty() ? std::string_view() : exchange.local(),
                        .content_type = SessionType()};
  if (!SendSuccess(call_id, call, content, error)) return RefuseRequest(call_id, call, 500, {});
  TellTimer(call_id, call, false, true);
}

// The pending INVITE or UPDATE within the dialog is refused; the session stays as it is.
void UserAgent::Impl::RefuseRequest(CallId call_id, Call& call, int status, const Content& content) {
  Dialog& dialog = *dialogs_.Find(call.dialog);
  draft_.Clear();
  draft_.AddAll(content.headers);
  RespondInAnyCase(call.request.id, status);
  if (!call.request.settled || !call.request.offered) dialog.offer_answer.OnFailure();
  if (!call.request.is_update) dialog.offer_answer.RollBack();
  CloseOpenInvite(call_id, call);
  Stop(call_id, call, CallTimer::kUpdateAnswer);
  call.request.id = {};
  call.request.target.clear();
  Touch(call_id, call);
  if (!call.ended) Emit(ua::Reinvited{call_id, call.cookie, nullptr, status, false});
}

}  // namespace sansip
