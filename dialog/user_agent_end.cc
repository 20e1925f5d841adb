// The end of calls, whoever wants it, and as the user asks for it: of one, of one early dialog, of everything
// (RFC 3261 9.1, 15).

#include <utility>

#include "sansip/dialog/user_agent_refer.h"

namespace sansip {

VerbError UserAgent::Impl::HangUp(Instant now, CallId id, std::span<const HeaderLine> headers,
                                  UserAgentSink& out, DialogId dialog_id) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (call->ended || call->cancelling) return VerbError::kWrongState;
  const bool is_fork = !dialog_id.is_nil() && dialog_id != call->dialog;
  const Dialog* const dialog = dialogs_.Find(dialog_id);
  // 15: on an early dialog only the caller may.
  if (is_fork && (dialog == nullptr || dialog->call != id || dialog->state != Dialog::State::kEarly ||
                  !call->dialog.is_nil())) {
    return VerbError::kWrongState;
  }
  const VerbError error = CheckHeaders(headers, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  if (is_fork) {
    Touch(id, *call);
    call->bye.Assign({}, {}, headers);
    SendBye(id, *call, dialog_id);
    call->bye.Clear();
    Finish();
    return VerbError::kNone;
  }
  Touch(id, *call);
  const bool is_open = call->state <= UsageState::kEarly;
  const bool is_callers = call->role == UsageRole::kCaller;
  HangUpNow(*call, id,
            !is_open     ? EndCause::kLocalBye
            : is_callers ? EndCause::kLocalCancel
                         : EndCause::kLocalRefusal,
            headers);
  Finish();
  return VerbError::kNone;
}

void UserAgent::Impl::HangUpNow(Call& call, CallId id, EndCause cause, std::span<const HeaderLine> headers) {
  if (call.state > UsageState::kEarly) {
    return EndWithBye(id, call, cause, 0, nullptr, "RFC 3261 15.1.1", headers);
  }
  if (call.role == UsageRole::kCallee) {
    const int status = cause == EndCause::kExpired ? 487 : 480;  // 13.3.1, 21.4.18
    draft_.Clear();
    draft_.AddAll(headers);
    RespondInAnyCase(call.request.id, status);
    call.request.id = {};
    Advance(call, UsageEvent::kFailure);
    return EndCall(id, call, cause, status, nullptr, "RFC 3261 13.3.1");
  }
  Outgoing* invite = outgoing_.Find(call.invite);
  if (invite == nullptr || invite->stage != Outgoing::Stage::kSent) {
    if (invite != nullptr) MakeFinal(call.invite, *invite);
    DropForks(call, true);
    Advance(call, UsageEvent::kFailure);
    return EndCall(id, call, cause, 0, nullptr, "RFC 3261 9.1");
  }
  // 9.1: the layer holds the CANCEL until a provisional; the end comes with the final response.
  call.cancelling = true;
  call.cancel_cause = cause;
  layer_.Cancel(now_, invite->transaction, inner_);
  FlushTransmits();
}

void UserAgent::Impl::Shutdown(Instant now, UserAgentSink& out) {
  Begin(now, out);
  shut_down_ = true;
  compositor_.Clear();
  shutdown_slot_ = 0;
  shutdown_end_ = calls_.slots() + bindings_.slots() + standalones_.slots();
  while (shutdown_slot_ < shutdown_end_ && out.room() >= kBatchRoom) {
    ShutdownStep();
    Drain();
  }
  Finish();
}

bool UserAgent::Impl::Advance(Call& call, UsageEvent event) {
  const std::optional<UsageState> next = NextUsageState(call.role, call.state, event);
  if (next) call.state = *next;
  return next.has_value();
}

void UserAgent::Impl::EndCall(CallId id, Call& call, EndCause cause, int status, const MessageView* message,
                              std::string_view clause) {
  if (call.ended) return;
  call.ended = true;
  --live_;
  ++counters_.calls_ended;
  if (cause == EndCause::kSessionExpired) ++counters_.sessions_expired;
  if (call.timer) call.timer->OnCallEnded();
  // But for those of our 2xx, which may still want its ACK, and of a request that waits for credentials.
  StopIf(id, call, [](CallTimer timer) {
    return timer != CallTimer::kResend && timer != CallTimer::kNoAck && timer != CallTimer::kCredentials;
  });
  // 15.1.2: the peer's INVITE or UPDATE that waits for its answer.
  if (!call.request.id.is_nil()) {
    Refuse(call.request.id, 487);
    call.request = {};
  }
  // 13.2.2.4: a 2xx whose offer nobody will answer is acknowledged all the same.
  if (std::exchange(call.ack_wanted, false)) StartAck(id, call, call.dialog, call.ack_cseq, {}, false);
  CloseOpenInvite(id, call);
  if (OpenInvite* open = FindOpen(call)) {
    open->offers.clear();
    if (!open->inner.is_nil()) Refuse(std::exchange(open->inner, {}), open->inner_is_prack ? 200 : 487);
  }
  // A change of the session that was not sent is not wanted any more (14.1).
  Outgoing* modify = outgoing_.Find(call.modify);
  if (modify != nullptr && modify->stage != Outgoing::Stage::kSent) {
    const OutgoingId modify_id = call.modify;
    call.modify = {};
    MakeFinal(modify_id, *modify);
  } else if (modify != nullptr && modify->kind == Outgoing::Kind::kReinvite) {
    // One that was sent should be answered 487 now; a peer that never does must not hold it for ever.
    Arm(id, call, CallTimer::kModify, After(now_, options_.transactions.timers.transaction_timeout()));
  }
  Emit(ua::Ended{id, call.cookie, message, clause, status, cause, call.retry_after});
  References{*this}.OnCallEnded(call, cause, status);
  Touch(id, call);
}

// With a BYE, at once or when our 2xx is acknowledged.
void UserAgent::Impl::EndWithBye(CallId id, Call& call, EndCause cause, int status,
                                 const MessageView* message, std::string_view clause,
                                 std::span<const HeaderLine> headers) {
  call.bye.Assign({}, {}, headers);
  if (call.ack_wanted) {
    // 13.2.2.4: the 2xx is acknowledged first.
    call.ack_wanted = false;
    StartAck(id, call, call.dialog, call.ack_cseq, {}, true);
  } else if (Outgoing* ack = outgoing_.Find(call.ack)) {
    ack->bye_after = true;
  } else if (!call.success.id.is_nil()) {
    // 15: not before the ACK of our 2xx, or 64*T1.
    if (!call.bye_on_ack) ++held_byes_;
    call.bye_on_ack = true;
  } else {
    SendBye(id, call, call.dialog);
  }
  if (!call.bye_on_ack) Advance(call, UsageEvent::kBye);
  EndCall(id, call, cause, status, message, clause);
}

}  // namespace sansip
