// UPDATE, both ways, and the offers that go beside an INVITE without final response (RFC 3311 5, RFC
// 6337 3.2).

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

// ---- ours

VerbError UserAgentState::CheckUpdate(const Call& call, const Dialog& dialog, bool offers) const {
  if (call.ended || call.cancelling || dialog.state == Dialog::State::kEnded || !dialog.allows_update) {
    return VerbError::kWrongState;
  }
  if (call.state == UsageState::kPreparative)
    return VerbError::kWrongState;  // RFC 3261 12.1.1: no tag was told
  const OpenInvite* open = open_invites_.Find(call.open_invite);
  if (open != nullptr && open->answer_held) return VerbError::kWrongState;
  if (!call.modify.is_nil() || call.state == UsageState::kMoratorium) return VerbError::kPending;
  const bool is_established = call.state == UsageState::kEstablished;
  const bool is_beside = !call.request.id.is_nil();
  if (is_established && (InviteOpen(call) || (is_beside && !call.request.settled)))
    return VerbError::kPending;
  if (!offers) return VerbError::kNone;
  // RFC 3311 5.1: the first exchange is made, and none is open.
  const bool is_unheard =
      open != nullptr && ((open->unacknowledged && open->described) || !open->inner.is_nil());
  if (!is_established && !dialog.agreed) return VerbError::kPending;
  return is_unheard || !dialog.offer_answer.CanOffer() ? VerbError::kPending : VerbError::kNone;
}

VerbError UserAgent::Impl::Update(Instant now, CallId id, const Content& content, UserAgentSink& out,
                                  DialogId dialog_id) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (dialog_id.is_nil()) dialog_id = call->dialog;
  if (dialog_id.is_nil() && !call->forks.empty()) dialog_id = call->forks.back();
  const Dialog* dialog = dialogs_.Find(dialog_id);
  const bool is_calls = dialog != nullptr && dialog->call == id && dialog->state != Dialog::State::kSeed &&
                        (call->dialog.is_nil() || call->dialog == dialog_id);
  if (!is_calls) return VerbError::kWrongState;
  VerbError error = CheckUpdate(*call, *dialog, !content.body.empty());
  if (error == VerbError::kNone) error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  const bool is_early = call->state != UsageState::kEstablished || !call->request.id.is_nil();
  const OutgoingId update = StartModify(
      id, *call, {.kind = Outgoing::Kind::kUpdate, .dialog = dialog_id, .is_early = is_early}, content);
  if (update.is_nil()) error = VerbError::kPending;
  Finish();
  return error;
}

// `response` null: there is none.
void UserAgent::Impl::OnEarlyUpdateOutcome(OutgoingId id, Outgoing& request, int status,
                                           const MessageView* response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  const DialogId dialog_id = request.dialog;
  Dialog* dialog = dialogs_.Find(dialog_id);
  // On a fork that lost: TakeWinner() has let go of it, so that nobody would send it again.
  const bool has_lost = !call.dialog.is_nil() && dialog_id != call.dialog;
  if (call.ended || dialog == nullptr || has_lost || request.stage == Outgoing::Stage::kFinal)
    return MakeFinal(id, request);
  OfferAnswer& exchange = dialog->offer_answer;
  const bool is_success = status >= 200 && status < 300;
  if (is_success && ContactTarget(*response, dialog_limits_, uri_scratch_) == DialogError::kNone) {
    dialog->remote_target.assign(uri_scratch_);
  }
  const std::string_view answer = is_success ? DescriptionOf(*response) : std::string_view();
  if (request.offered && request.stage != Outgoing::Stage::kWaiting) {
    if (!answer.empty() && exchange.OnRemoteAnswer(answer)) {
      const bool is_early = call.state <= UsageState::kEarly;
      Emit(ua::AnswerReceived{call_id, call.cookie, request.dialog, response, answer, is_early});
    } else {
      exchange.OnFailure();  // RFC 3311 5.3: as before
    }
  }
  if (is_success && call.state > UsageState::kEarly && call.dialog == request.dialog) {
    const SessionTimerFacts facts = ReadSessionTimerFacts(*response);
    // RFC 4028 7.2: answered with a timer, so when the session had begun. Without one it may have been
    // answered before, and says nothing of the timer that the INVITE's 2xx has begun since.
    if (facts.session_expires) {
      call.timer->OnPeerMessage(facts, false);
      CountTolerated(call.timer->On2xxReceived(now_, Method::kUpdate, request.cseq, request.sent, facts));
      TellTimer(call_id, call, true, false);
    }
  }
  if (status == 491 && request.retries < options_.limits.reinvite_retries_max) {
    ++request.retries;
    request.transaction = {};
    request.paths_failed = 0;
    request.stage = Outgoing::Stage::kWaiting;
    Arm(call_id, call, CallTimer::kModify, After(now_, GlareWait(random_, dialog->owns_call_id)));
  } else {
    const bool is_asked = !request.is_refresh;
    MakeFinal(id, request);
    if (is_asked) Emit(ua::Reinvited{call_id, call.cookie, response, std::max(status, 0), true});
    // RFC 3311 5.3: nobody is there any more. Of several forks, before the 2xx, the others may be; this one
    // ends alone, as nobody knows which session it has.
    const bool is_lost = status == kNoResponse || status == 408 || status == 481;
    if (is_lost && !call.cancelling) {
      if (!call.dialog.is_nil() || call.forks.size() <= 1)
        return HangUpNow(call, call_id, EndCause::kDialogLost, {});
      SendBye(call_id, call, dialog_id);
    }
  }
  ResumeAnswer(call_id, call);
}

// ---- the peer's

void UserAgent::Impl::OnUpdate(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                               const MessageView& update, std::string_view offer) {
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const bool is_established = call.state == UsageState::kEstablished || call.state == UsageState::kMoratorium;
  const OpenInvite* open = FindOpen(call);
  const bool has_inner = open != nullptr && !open->inner.is_nil();
  const bool is_beside = !is_established || !call.request.id.is_nil() || dialog_id != call.dialog;
  // RFC 3311 5.2: an UPDATE before the last one's answer; an offer across one of ours or one not yet
  // answered.
  if (call.request.is_update && !call.request.id.is_nil()) return RefuseForNow(id);
  if (has_inner && !open->inner_is_prack) return RefuseForNow(id);
  if (!offer.empty()) {
    const OfferAnswer& exchange = dialog.offer_answer;
    const bool is_before_first = !is_established && !dialog.agreed && exchange.CanOffer();
    if (exchange.local_offer_open() || (is_before_first && call.role == UsageRole::kCaller)) {
      ++counters_.overlapping_offers;
      return Refuse(id, 491);
    }
    const bool is_unanswered = !call.request.id.is_nil() && !call.request.settled;
    if (is_unanswered || has_inner || is_before_first || !exchange.CanOffer()) return RefuseForNow(id);
    if (is_beside) return TakeInnerOffer(id, call_id, call, dialog_id, update, offer);
  } else if (is_beside) {
    // Beside an open INVITE, or on a fork that lost, it refreshes the target and nothing else (RFC
    // 5407 3.3.2).
    const DialogError error = ContactTarget(update, dialog_limits_, uri_scratch_);
    if (error == DialogError::kNone) dialog.remote_target.assign(uri_scratch_);
    draft_.Clear();
    if (!call.contact.empty()) draft_.Add(HeaderId::kContact, call.contact);
    DraftCapabilities(false, &call);
    RespondInAnyCase(id, 200);
    return;
  }
  if (!TakeRequest(id, call_id, call, update, !offer.empty())) return;
  OfferOrRefresh(call_id, call, dialog, update, offer);
}

// In UPDATE or PRACK, where none is open.
void UserAgent::Impl::TakeInnerOffer(TransactionId id, CallId call_id, Call& call, DialogId dialog_id,
                                     const MessageView& request, std::string_view offer) {
  OpenInvite* open = OpenOf(call);
  if (open == nullptr) return Refuse(id, 500);
  OfferAnswer& exchange = dialogs_.Find(dialog_id)->offer_answer;
  const bool is_same = IsSameSession(exchange.remote(), offer) && !exchange.local().empty();
  SANSIP_CHECK(exchange.OnRemoteOffer(offer));
  open->inner = id;
  open->inner_is_prack = request.method() == Method::kPrack;
  open->inner_dialog = dialog_id;
  open->inner_target.clear();
  if (!open->inner_is_prack && ContactTarget(request, dialog_limits_, uri_scratch_) == DialogError::kNone) {
    open->inner_target.assign(uri_scratch_);
  }
  if (is_same) {
    VerbError error = VerbError::kNone;
    const Content answer{.body = exchange.local(), .content_type = SessionType()};
    if (!AnswerInner(call_id, call, answer, error)) RefuseInner(call_id, call, 500, {});
    return;
  }
  Arm(call_id, call, CallTimer::kUpdateAnswer, After(now_, options_.update_answer_max));
  Emit(ua::OfferReceived{call_id, call.cookie, &request, offer,
                         open->inner_is_prack ? OfferPlace::kPrack : OfferPlace::kUpdate, dialog_id});
}

bool UserAgent::Impl::AnswerInner(CallId call_id, Call& call, const Content& content, VerbError& error) {
  OpenInvite& open = *FindOpen(call);
  Dialog& dialog = *dialogs_.Find(open.inner_dialog);
  draft_.Clear();
  // RFC 3262 table 1: no Contact to a PRACK.
  if (!open.inner_is_prack && !call.contact.empty()) draft_.Add(HeaderId::kContact, call.contact);
  DraftCapabilities(false, &call);
  draft_.AddAll(content.headers);
  if (!content.body.empty()) draft_.Add(HeaderId::kContentType, content.content_type);
  if (Respond(open.inner, 200, content.body) != RespondError::kNone) {
    error = VerbError::kTooLong;
    return false;
  }
  content.body.empty() ? dialog.offer_answer.OnFailure()
                       : static_cast<void>(dialog.offer_answer.OnLocalAnswer(content.body));
  if (!open.inner_target.empty()) dialog.remote_target.assign(open.inner_target);
  open.inner = {};
  Stop(call_id, call, CallTimer::kUpdateAnswer);
  Emit(ua::Reinvited{call_id, call.cookie, nullptr, 200, false});
  ResumeAnswer(call_id, call);
  return true;
}

// RFC 3262 3: a PRACK that matches has a 2xx in any case, `content` is its answer.
void UserAgent::Impl::RefuseInner(CallId call_id, Call& call, int status, const Content& content) {
  OpenInvite& open = *FindOpen(call);
  VerbError error = VerbError::kNone;
  if (open.inner_is_prack &&
      (AnswerInner(call_id, call, content, error) || AnswerInner(call_id, call, {}, error))) {
    return;
  }
  draft_.Clear();
  draft_.AddAll(content.headers);
  RespondInAnyCase(open.inner, status);
  dialogs_.Find(open.inner_dialog)->offer_answer.OnFailure();
  open.inner = {};
  Stop(call_id, call, CallTimer::kUpdateAnswer);
  Emit(ua::Reinvited{call_id, call.cookie, nullptr, status, false});
  ResumeAnswer(call_id, call);
}

// RFC 3311 5.2: 504. A PRACK's offer cannot be refused, and what the peer makes of none is unknown: RFC 6337
// 2.3 ends the dialog.
void UserAgent::Impl::OnInnerUnanswered(CallId call_id, Call& call) {
  const bool is_prack = FindOpen(call)->inner_is_prack;
  FindOpen(call)->answer_held = FindOpen(call)->answer_held && !is_prack;
  RefuseInner(call_id, call, 504, {});
  if (is_prack && !call.ended && !call.request.id.is_nil()) {
    RejectInvite(call_id, call, EndCause::kNoPrack, "RFC 6337 2.3");
  }
}

}  // namespace sansip
