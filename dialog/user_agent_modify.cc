// Our re-INVITE and UPDATE within a dialog, for the user or for the session timer (RFC 3261 14.1, RFC
// 3311 5.1, RFC 4028 7.4, 10), and what the session timer asks for.

#include <algorithm>
#include <array>
#include <optional>

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/dialog/user_agent_impl.h"

namespace sansip {
// 14.1: 2.1 to 4.0 s for the owner of the Call-ID, 0 to 2.0 s for the other, in steps of 10 ms.
Duration GlareWait(RandomSource& random, bool owns_call_id) {
  constexpr Duration kStep = std::chrono::milliseconds(10);
  return kStep * (owns_call_id ? 210 + UniformBelow(random, 191) : UniformBelow(random, 201));
}

std::optional<std::uint32_t> RetryAfterOf(const MessageView& response) {
  RetryAfter after;
  const std::optional<std::string_view> value = response.First(HeaderId::kRetryAfter);
  if (!value || !ParseRetryAfter(*value, after).ok()) return std::nullopt;
  return after.delay.seconds;
}

OutgoingId UserAgent::Impl::StartModify(CallId call_id, Call& call, const ModifyDraft& draft,
                                        const Content& content) {
  const OutgoingId id = NewOutgoing(draft.kind, call_id, call, draft.dialog);
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr) return id;
  Dialog& dialog = *dialogs_.Find(draft.dialog);
  request->is_refresh = draft.is_refresh;
  request->is_early = draft.is_early;
  request->content.Assign(content.body, content.content_type, content.headers);
  request->offered = !content.body.empty();
  if (draft.kind == Outgoing::Kind::kReinvite) dialog.offer_answer.Mark();
  if (request->offered) SANSIP_CHECK(dialog.offer_answer.OnLocalOffer(content.body));
  request->cseq = NextLocalCSeq(dialog, 1);
  call.modify = id;
  Touch(call_id, call);
  Locate(id, *request);
  return id;
}

void UserAgent::Impl::OnModifyResponse(OutgoingId id, Outgoing& request, const MessageView& response) {
  const int status = response.status_code();
  if (status < 200) return OnReinviteProvisional(request, response);
  if (status < 300 && !request.is_early) return OnModifySuccess(id, request, response);
  if (status == 503) {
    // Kept for the case that no other path works.
    request.retry_after = RetryAfterOf(response);
    if (TryNextPath(id, request, status)) return;
  }
  if (request.is_early) return OnEarlyUpdateOutcome(id, request, status, &response);
  OnModifyFailure(id, request, status, &response);
}

void UserAgent::Impl::OnReinviteProvisional(Outgoing& request, const MessageView& response) {
  Call& call = *calls_.Find(request.call);
  if (request.kind != Outgoing::Kind::kReinvite || call.ended || !IsReliable(call, response)) return;
  Dialog& dialog = *dialogs_.Find(request.dialog);
  if (!TakeRSeq(dialog, response)) return;
  Emit(ua::Progress{request.call, call.cookie, request.dialog, &response, response.status_code(), true});
  OnReliable(request.call, call, request.dialog, request, response);
}

void UserAgent::Impl::OnModifySuccess(OutgoingId id, Outgoing& request, const MessageView& response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  Dialog& dialog = *dialogs_.Find(request.dialog);
  const bool is_invite = request.kind == Outgoing::Kind::kReinvite;
  if (request.stage == Outgoing::Stage::kFinal) {
    // A copy of the 2xx.
    if (!is_invite) return;
    if (request.is_given_up && request.cseq > dialog.ack_cseq) return AckGivenUp(call_id, call, request);
    return RepeatAck(call_id, call, request.dialog, request.cseq);
  }
  MakeFinal(id, request);
  if (call.ended) {
    // RFC 5407 3.2.3: the handshake is finished all the same.
    if (is_invite) StartAck(call_id, call, request.dialog, request.cseq, {}, false);
    return;
  }
  // 12.2.1.2: the target is the 2xx's Contact, if it has one.
  const DialogError error = ContactTarget(response, dialog_limits_, uri_scratch_);
  if (error == DialogError::kNone) dialog.remote_target.assign(uri_scratch_);
  const SessionTimerFacts facts = ReadSessionTimerFacts(response);
  call.timer->OnPeerMessage(facts, false);
  dialog.allows_update = facts.allows_update.value_or(dialog.allows_update);
  if (is_invite) dialog.offer_answer.Unmark();
  const std::uint32_t interval_before = call.timer->status().interval;
  CountTolerated(call.timer->On2xxReceived(now_, is_invite ? Method::kInvite : Method::kUpdate, request.cseq,
                                           request.sent, facts));

  const std::string_view description = DescriptionOf(response);
  if (request.settled) {
    // RFC 6337 3.1: what its reliable provisional said holds.
  } else if (request.offered) {
    const bool is_same = IsSameSession(dialog.offer_answer.remote(), description);
    if (description.empty() || !dialog.offer_answer.OnRemoteAnswer(description)) {
      dialog.offer_answer.OnFailure();
    } else if (!request.is_refresh || !is_same) {
      Emit(ua::AnswerReceived{call_id, call.cookie, request.dialog, &response, description, false});
    }
  } else if (is_invite && !description.empty()) {
    TakeLateOffer(call_id, call, dialog, request, response);
  }
  if (is_invite && !call.ack_wanted && call.ack.is_nil()) {
    StartAck(call_id, call, request.dialog, request.cseq, {}, false);
  }
  if (call.ended) return;  // there was no way for the ACK
  if (!request.is_refresh) {
    Emit(ua::Reinvited{call_id, call.cookie, &response, response.status_code(), true});
  }
  if (request.is_refresh || call.timer->status().interval > 0 || interval_before > 0) {
    TellTimer(call_id, call, true, request.is_refresh);
  }
}

// The 2xx offers: the session in force is answered as before, the rest is the user's (13.2.2.4).
void UserAgent::Impl::TakeLateOffer(CallId call_id, Call& call, Dialog& dialog, const Outgoing& request,
                                    const MessageView& response) {
  const std::string_view offer = DescriptionOf(response);
  OfferAnswer& exchange = dialog.offer_answer;
  const bool is_same =
      request.is_refresh && IsSameSession(exchange.remote(), offer) && !exchange.local().empty();
  if (!exchange.OnRemoteOffer(offer)) return;
  if (is_same) {
    const Content answer{.body = exchange.local(), .content_type = SessionType()};
    StartAck(call_id, call, request.dialog, request.cseq, answer, false);
    SANSIP_CHECK(exchange.OnLocalAnswer(exchange.local()));
    return;
  }
  call.ack_wanted = true;
  call.ack_cseq = request.cseq;
  Emit(ua::OfferReceived{call_id, call.cookie, &response, offer, OfferPlace::kSuccess});
}

// 14.1: everything stays as it was before the request.
void UserAgent::Impl::OnModifyFailure(OutgoingId id, Outgoing& request, int status,
                                      const MessageView* response) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  if (call.ended) return MakeFinal(id, request);
  Dialog& dialog = *dialogs_.Find(request.dialog);
  // One that waits for credentials has its offer no longer open.
  if (request.offered && !request.settled && request.stage != Outgoing::Stage::kWaiting) {
    dialog.offer_answer.OnFailure();
  }
  const bool is_undone = request.kind == Outgoing::Kind::kReinvite && dialog.offer_answer.RollBack();
  // RFC 3261 8.1.3.1: no way to the peer counts as a 503, which is none of the ends of 12.2.1.2.
  if (status == kUnreached) status = 503;
  const bool is_lost = status == kNoResponse || status == 408 || status == 481;

  RefreshFailure failure{
      .status = status,
      .method = request.kind == Outgoing::Kind::kUpdate ? RefreshMethod::kUpdate : RefreshMethod::kReinvite,
      .sent = request.sent};
  if (response != nullptr) {
    failure.answer = ReadSessionTimerFacts(*response);
    failure.retry_after = RetryAfterOf(*response);
  } else if (status == 503) {
    failure.retry_after = request.retry_after;
  }
  SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> actions;
  const bool may_retry = !request.is_refresh && !is_lost;
  call.timer->OnRefreshFailed(now_, failure, random_, actions);
  if (may_retry && RetryModify(id, request, call, dialog, status, response)) {
    return TakeTimerActions(call_id, call, actions, false, status, response);
  }
  const bool is_refresh = request.is_refresh;
  MakeFinal(id, request);
  if (is_refresh) ++counters_.refreshes_failed;
  if (is_refresh && !is_lost) TellFailedRefresh(call_id, call, status, response);
  if (!is_refresh && !is_lost) {
    Emit(ua::Reinvited{call_id, call.cookie, response, status, true});
  }
  TakeTimerActions(call_id, call, actions, is_refresh, status, response);
  if (is_undone && !is_lost && !call.ended) Resynchronize(call_id, call, !dialog.allows_update);
  // 12.2.1.2: nobody is there any more.
  if (!is_lost || call.ended) return;
  EndWithBye(call_id, call, EndCause::kDialogLost, status, response, "RFC 3261 12.2.1.2", {});
}

// RFC 6141 3.4: the peer may or may not have undone what was agreed before its refusal; an offer of what was
// in force before makes both sure.
void UserAgent::Impl::Resynchronize(CallId call_id, Call& call, bool by_reinvite) {
  const Dialog& dialog = *dialogs_.Find(call.dialog);
  if (!call.modify.is_nil() || !dialog.offer_answer.CanOffer() || dialog.offer_answer.local().empty()) return;
  const auto kind = by_reinvite ? Outgoing::Kind::kReinvite : Outgoing::Kind::kUpdate;
  StartModify(call_id, call, {.kind = kind, .dialog = call.dialog},
              {.body = dialog.offer_answer.local(), .content_type = SessionType()});
}

// RFC 6141 5.3: a re-INVITE was refused, and its ACK finds nobody because the peer has moved meanwhile. That
// ends nothing; a new re-INVITE makes both sure of the session.
bool UserAgentState::WantsAnother(const Outgoing& reinvite) {
  const Call* const call = calls_.Find(reinvite.call);
  const Dialog* const dialog = dialogs_.Find(reinvite.dialog);
  if (reinvite.kind != Outgoing::Kind::kReinvite || call == nullptr || dialog == nullptr) return false;
  if (call->ended || InviteOpen(*call) || !call->request.id.is_nil()) return false;
  return RouteOf(*dialog, uri_scratch_, reinvite.target).request_uri != reinvite.request_uri;
}

void UserAgent::Impl::TellFailedRefresh(CallId call_id, const Call& call, int status,
                                        const MessageView* response) {
  const SessionTimerStatus timer = call.timer->status();
  if (timer.interval == 0) return;
  const bool at_once = timer.state == SessionTimerState::kRefreshing;
  Emit(ua::RefreshFailed{call_id, call.cookie, response, status, at_once ? now_ : timer.next_refresh,
                         timer.end});
}

// The user's own: after a 491 when the timer says so, after a 422 with a larger Min-SE, to where a 3xx says,
// at most so often.
bool UserAgent::Impl::RetryModify(OutgoingId id, Outgoing& request, Call& call, Dialog& dialog, int status,
                                  const MessageView* response) {
  if (request.retries >= options_.limits.reinvite_retries_max) return false;
  if (status != 491) {
    if (response == nullptr || (request.offered && !dialog.offer_answer.CanOffer())) return false;
    std::uint32_t min_se = call.timer->memory().min_se_seen;
    if (request.sent.min_se) min_se = *request.sent.min_se;
    const bool is_worth_it =
        status == 422 ? RetryAfter422(request.sent, ReadSessionTimerFacts(*response), request.retries, min_se)
                      : FollowWithin(request, *response);
    if (!is_worth_it) return false;
  }
  ++request.retries;
  request.transaction = {};
  request.paths_failed = 0;
  request.settled = false;
  if (status == 491) {
    request.stage = Outgoing::Stage::kWaiting;
    Arm(request.call, call, CallTimer::kModify, After(now_, GlareWait(random_, dialog.owns_call_id)));
    return true;
  }
  if (status < 400) {
    Emit(ua::Redirected{
        .call = request.call, .cookie = call.cookie, .message = response, .target = request.target});
  }
  dialog.offer_answer.Mark();
  if (request.offered) SANSIP_CHECK(dialog.offer_answer.OnLocalOffer(request.content.body()));
  request.cseq = NextLocalCSeq(dialog, 1);
  Locate(id, request);
  return true;
}

// 12.2.1.2: a 3xx within a dialog is followed as outside of one, and the route set stays. Of the Contacts the
// first of the highest q; that they lead nowhere is seen by the limit.
bool UserAgentState::FollowWithin(Outgoing& request, const MessageView& response) {
  const int status = response.status_code();
  if (!options_.follow_redirects || status < 300 || status >= 400 || status == 305) return false;
  if (request.retries >= options_.limits.reinvite_retries_max) return false;
  const Dialog& dialog = *dialogs_.Find(request.dialog);
  if (dialog.state == Dialog::State::kEnded) return false;  // a BYE has gone, or come
  RedirectTargets targets;
  targets.Begin(request.target.empty() ? dialog.remote_target : request.target);
  targets.AddFrom(response, options_.limits.targets_max, options_.limits.identity_bytes_max);
  const std::string_view target = targets.Next();
  if (target.empty() || (dialog.secure && !IsSips(target))) return false;
  request.target.assign(target);
  request.flow = {};
  request.wire_bytes = 0;
  ++counters_.redirects_followed;
  return true;
}

// Sent again as soon as nothing else is under way in the dialog (14.1).
void UserAgent::Impl::ResumeModify(CallId call_id, Call& call) {
  Outgoing* request = outgoing_.Find(call.modify);
  if (request == nullptr || request->stage != Outgoing::Stage::kWaiting) return;
  Dialog* dialog = dialogs_.Find(request->dialog);
  if (dialog == nullptr) return MakeFinal(call.modify, *request);  // its fork is over
  // RFC 4028 7.4: begun while it rang, it is a session refresh request like any other by now.
  if (call.state == UsageState::kEstablished) request->is_early = false;
  const bool is_beside = !request->is_early && (InviteOpen(call) || !call.request.id.is_nil());
  if (is_beside || !dialog->offer_answer.CanOffer()) {
    return Arm(call_id, call, CallTimer::kModify, After(now_, options_.transactions.timers.t1));
  }
  request->settled = false;
  if (request->kind == Outgoing::Kind::kReinvite) dialog->offer_answer.Mark();
  if (request->offered) SANSIP_CHECK(dialog->offer_answer.OnLocalOffer(request->content.body()));
  request->cseq = NextLocalCSeq(*dialog, 1);
  Locate(call.modify, *request);
}

void UserAgent::Impl::TakeTimerActions(CallId call_id, Call& call, const SessionTimerSink& actions,
                                       bool is_refresh, int status, const MessageView* message) {
  for (const SessionTimerAction& action : actions) {
    if (call.ended) return;
    Touch(call_id, call);
    if (const auto* refresh = std::get_if<session_timer_action::Refresh>(&action)) {
      const Dialog& dialog = *dialogs_.Find(call.dialog);
      const bool by_update = refresh->method == RefreshMethod::kUpdate;
      // RFC 4028 7.4: an UPDATE has no offer; a re-INVITE has the last one, unchanged.
      const std::string_view offer = by_update ? std::string_view() : dialog.offer_answer.local();
      const OutgoingId id =
          StartModify(call_id, call,
                      {.kind = by_update ? Outgoing::Kind::kUpdate : Outgoing::Kind::kReinvite,
                       .dialog = call.dialog,
                       .is_refresh = true},
                      {.body = offer, .content_type = SessionType()});
      if (id.is_nil()) {
        SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> ends;
        call.timer->OnRefreshFailed(now_, {.status = 500, .method = refresh->method}, random_, ends);
      }
    } else if (const auto* expiring = std::get_if<session_timer_action::Expiring>(&action)) {
      Emit(ua::SessionExpiring{call_id, call.cookie, expiring->reason, expiring->end});
    } else if (const auto* end = std::get_if<session_timer_action::End>(&action)) {
      if (!is_refresh) return;  // a change of the user's failed: the dialog is lost, says the caller
      constexpr std::array kReason = {
          HeaderLine{HeaderId::kReason, "SIP;cause=408;text=\"Session expired\"", {}}};
      Emit(ua::SessionExpiring{call_id, call.cookie, end->reason, now_});
      EndWithBye(call_id, call, EndCause::kSessionExpired, std::max(status, 0), message,
                 SessionEndReasonClause(end->reason), kReason);
    }
  }
}

}  // namespace sansip
