// The end of calls as the user asks for it: of one, of one early dialog, of everything (RFC 3261 9.1, 15).

#include "sansip/dialog/user_agent_impl.h"

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

}  // namespace sansip
