// Inputs, the drain of the layer's actions, deadlines.

#include <algorithm>
#include <utility>

#include "sansip/dialog/user_agent_info.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {
namespace {

constexpr std::size_t kDraftLinesMax = 128;    // ours are below 24, the user's are limited
constexpr std::size_t kDraftBytesMax = 65536;  // composed values: identities, routes

TransactionOptions Composed(TransactionOptions options) {
  options.is_composed = true;
  options.finds_merged = true;  // 8.2.2.2
  return options;
}

// An ended one lasts as long as a transaction names it, or a REFER within its dialog.
std::size_t CallsMax(const UserAgentOptions& options) {
  return options.limits.calls_max + options.transactions.transactions_max + options.limits.subscriptions_max;
}

// An ended one lasts as long as a transaction names it.
std::size_t StandalonesMax(const UserAgentOptions& options) {
  const UserAgentLimits& limits = options.limits;
  return limits.requests_max + limits.subscriptions_max + limits.publications_max +
         options.transactions.transactions_max;
}

}  // namespace

UserAgentState::UserAgentState(const UserAgentOptions& options, RandomSource& random)
    : options_(options),
      busy_(options.busy),
      calls_(CallsMax(options), has_removed_),
      bindings_(2 * options.limits.registrations_max, has_removed_),
      standalones_(StandalonesMax(options), has_removed_),
      compositor_({options.limits.event_states_max, options.event_expires, options.event_expires_min,
                   options.event_expires_max},
                  has_removed_),
      layer_(Composed(options.transactions), random),
      random_(random),
      dialogs_((options.limits.forks_max + 1) * CallsMax(options) + 2 * options.limits.registrations_max +
                   2 * StandalonesMax(options),
               random, has_removed_),
      outgoing_(2 * options.limits.unlocated_max + 2 * options.transactions.transactions_max +
                    2 * options.limits.registrations_max + 2 * StandalonesMax(options),
                has_removed_),
      open_invites_(CallsMax(options), has_removed_),
      packages_(CallsMax(options), has_removed_),
      credentials_(options.limits.credentials_max, options.proxy_realm),
      draft_(kDraftLinesMax, kDraftBytesMax) {
  dialog_limits_.identity_bytes_max = options_.limits.identity_bytes_max;
  dialog_limits_.routes_max = options_.limits.routes_max;
  allow_.assign("INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE");
  if (options_.limits.subscriptions_max > 0) allow_ += ", NOTIFY";
  if (!options_.events.empty() || options_.takes_refer) allow_ += ", SUBSCRIBE";
  if (options_.takes_refer) allow_ += ", REFER";
  if (!options_.published_events.empty()) allow_ += ", PUBLISH";
  allow_events_ = AllEvents(options_.events, options_.published_events);
  if (!options_.methods.empty()) allow_.append(", ").append(options_.methods);
  if (options_.info_packages && !IsAmong("INFO", options_.methods)) allow_ += ", INFO";
  allow_ += kAndPrack;
  supported_.assign("timer");
  if (options_.takes_refer) supported_ += ", norefersub";
  if (options_.takes_target_dialog) supported_ += ", tdialog";
  if (options_.takes_replaces) supported_ += ", replaces";
  if (options_.takes_join) supported_ += ", join";
  supported_ += kAndReliably;
}

// ---- one event

void UserAgent::Impl::Begin(Instant now, UserAgentSink& out) {
  SANSIP_CHECK(out.room() >= kActionsPerEventMax);
  SANSIP_CHECK(out_ == nullptr);
  if (now < now_) ++counters_.clamped_nows;
  now_ = std::max(now, now_);
  out_ = &out;
  if (has_removed_) Recycle();
  layer_.BeginOuterEvent();
}

// What the layer says is handled in its order; its transmissions go out as soon as they are there.
void UserAgent::Impl::Drain() {
  for (std::size_t i = 0; i < inner_.size(); ++i) {
    if (flushed_ < inner_.size()) FlushTransmits();
    const Action& action = inner_[i];  // what is appended meanwhile moves nothing
    if (std::holds_alternative<action::Transmit>(action)) continue;
    if (const auto* request = std::get_if<action::DeliverRequest>(&action)) {
      HandleRequest(request->id, *request->request, request->is_merged);
    } else if (const auto* response = std::get_if<action::DeliverResponse>(&action)) {
      HandleResponse(response->id, response->cookie, *response->response);
    } else if (const auto* failed = std::get_if<action::Failed>(&action)) {
      HandleFailed(failed->cookie, failed->id, failed->reason);
    } else if (const auto* gone = std::get_if<action::Gone>(&action)) {
      HandleGone(gone->id, gone->cookie);
    }
  }
  if (flushed_ < inner_.size()) FlushTransmits();
  inner_.Clear();
  flushed_ = 0;
  Settle();
}

void UserAgent::Impl::FlushTransmits() {
  for (; flushed_ < inner_.size(); ++flushed_) {
    if (const auto* transmit = std::get_if<action::Transmit>(&inner_[flushed_])) Emit(*transmit);
  }
}

void UserAgent::Impl::Finish() {
  if (!inner_.empty() || !touched_.empty()) Drain();
  out_ = nullptr;
  origin_ = nullptr;
  authentication_info_ = {};
  SANSIP_DCHECK(touched_.empty());
}

// What a change of a call may entail: its session timer waits or goes on, and a call without anything open
// goes.
void UserAgent::Impl::Settle() {
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    Call& call = *touched_[i].call;
    const bool has_timer =
        call.timer && !call.ended && (call.timer->runs() || call.timers.IsArmed(CallTimer::kSession));
    const bool is_done = call.ended && call.open == 0;
    if (has_timer || is_done || !call.open_invite.is_nil()) {
      SettleCall(touched_[i].id, call);
    } else {
      call.touched = false;
    }
  }
  touched_.clear();
}

void UserAgent::Impl::SettleCall(CallId id, Call& touched) {
  Call* const call = &touched;
  call->touched = false;
  if (call->timer && !call->ended) {
    bool pending = !call->request.id.is_nil() || !call->modify.is_nil() || InviteOpen(*call);
    if (const Dialog* dialog = pending ? nullptr : dialogs_.Find(call->dialog)) {
      pending = !dialog->offer_answer.CanOffer();
    }
    if (pending != call->offer_pending)
      pending ? call->timer->OnOfferPending() : call->timer->OnOfferSettled();
    call->offer_pending = pending;
    if (call->timers.DeadlineOf(CallTimer::kSession) != call->timer->next_deadline()) {
      Arm(id, *call, CallTimer::kSession, call->timer->next_deadline());
    }
  }
  const OpenInvite* open = FindOpen(*call);
  if (open != nullptr && call->state == UsageState::kEstablished && call->request.id.is_nil() &&
      open->is_idle()) {
    open_invites_.Remove(std::exchange(call->open_invite, {}));
  }
  if (!call->ended || call->open > 0 || call->bye_on_ack) return;
  Advance(*call, UsageEvent::kDone);
  open_invites_.Remove(call->open_invite);
  packages_.Remove(call->packages);
  deadlines_.Remove(id.slot);
  DropForks(*call, true);
  dialogs_.Remove(call->seed);
  dialogs_.Remove(call->dialog);
  Emit(ua::CallGone{id, call->cookie});
  calls_.Remove(id);
}

// ---- inputs

void UserAgent::Impl::OnMessage(Instant now, const Origin& origin, const MessageView& message,
                                UserAgentSink& out, std::string_view authentication_info) {
  Begin(now, out);
  origin_ = &origin;
  authentication_info_ = authentication_info;
  // 8.1.3.3: a response with several Vias is not for us.
  if (message.is_request()) {
    layer_.OnMessage(now_, origin, message, inner_);
  } else if (HasSeveralVias(message)) {
    ++counters_.misdirected_responses;
  } else {
    // RFC 5407 E: also a provisional that comes late.
    const bool is_provisional = message.status_code() < 200;
    const auto dropped = [&] {
      const TransactionCounters& counters = layer_.counters();
      return counters.stray_responses + (is_provisional ? counters.retransmissions_in : 0);
    };
    const std::uint64_t before = dropped();
    layer_.OnMessage(now_, origin, message, inner_);
    if (dropped() != before) OnStrayResponse(message);
  }
  Finish();
}

void UserAgent::Impl::OnUnparsable(Instant now, const Origin& origin, std::string_view bytes,
                                   ParseError error, UserAgentSink& out) {
  Begin(now, out);
  layer_.OnUnparsable(now_, origin, bytes, error, inner_);
  Finish();
}

void UserAgent::Impl::OnTransportError(Instant now, TransactionId id, UserAgentSink& out) {
  Begin(now, out);
  layer_.OnTransportError(now_, id, inner_);
  Finish();
}

void UserAgent::Impl::OnFlowFailed(Instant now, FlowId flow, UserAgentSink& out) {
  Begin(now, out);
  if (!flow.is_nil()) {
    failed_flows_[failed_flow_next_++ % failed_flows_.size()] = flow;
    batch_.Clear();
    layer_.OnFlowFailed(now_, flow, batch_);
    for (const Action& action : batch_) inner_.Append(action);
    // RFC 5626 4.2: as deadlines, for they may be many.
    bindings_.ForEach([&](RegistrationId id, const Binding& bound) {
      if (bound.flow != flow) return;
      Binding& binding = *bindings_.Find(id);
      binding.flow = {};
      binding.flow_failed = now_;
      ArmRegistration(id, binding);
    });
  }
  Finish();
}

void UserAgent::Impl::OnLocated(Instant now, Cookie cookie, const Path& path, UserAgentSink& out) {
  Begin(now, out);
  const OutgoingId id{static_cast<std::uint32_t>(cookie.value),
                      static_cast<std::uint32_t>(cookie.value >> 32)};
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr || request->stage != Outgoing::Stage::kLocating) {
    ++counters_.stale_cookies;
  } else {
    --locating_;
    SendLocated(id, *request, path);
  }
  Finish();
}

void UserAgent::Impl::OnLocateFailed(Instant now, Cookie cookie, UserAgentSink& out) {
  Begin(now, out);
  const OutgoingId id{static_cast<std::uint32_t>(cookie.value),
                      static_cast<std::uint32_t>(cookie.value >> 32)};
  Outgoing* request = outgoing_.Find(id);
  if (request == nullptr || request->stage != Outgoing::Stage::kLocating) {
    ++counters_.stale_cookies;
  } else {
    --locating_;
    NoPath(id, *request);
  }
  Finish();
}

// ---- deadlines

Instant UserAgent::Impl::next_deadline() const {
  if (shutdown_slot_ < shutdown_end_) return now_;
  return std::min({layer_.next_deadline(), deadlines_.next_deadline(), binding_deadlines_.next_deadline(),
                   standalone_deadlines_.next_deadline(), answer_deadlines_.next_deadline(),
                   compositor_.next_deadline()});
}

void UserAgent::Impl::OnDeadline(Instant now, UserAgentSink& out) {
  Begin(now, out);
  while (out.room() >= kBatchRoom) {
    if (layer_.next_deadline() <= now_) {
      batch_.Clear();
      layer_.OnDeadline(now_, batch_);
      for (const Action& action : batch_) inner_.Append(action);
    } else if (deadlines_.next_deadline() <= now_) {
      const CallId id = calls_.IdAt(deadlines_.Earliest()->owner);
      const CallTimer timer = calls_.Find(id)->timers.Earliest()->name;
      FireTimer(id, timer);
    } else if (binding_deadlines_.next_deadline() <= now_) {
      FireRegistration(bindings_.IdAt(binding_deadlines_.Earliest()->owner));
    } else if (standalone_deadlines_.next_deadline() <= now_) {
      FireStandalone(standalones_.IdAt(standalone_deadlines_.Earliest()->owner));
    } else if (answer_deadlines_.next_deadline() <= now_) {
      FireUnanswered();
    } else if (compositor_.next_deadline() <= now_) {
      const Compositor::Expired over = compositor_.TakeExpired();
      Emit(ua::EventStateChanged{.state = over.state,
                                 .resource = over.resource,
                                 .event = over.event,
                                 .change = EventStateChange::kExpired});
    } else if (shutdown_slot_ < shutdown_end_) {
      ShutdownStep();
    } else {
      break;
    }
    Drain();
  }
  Finish();
}

void UserAgentState::Arm(CallId id, Call& call, CallTimer timer, Instant at) {
  if (at == kNever && !call.timers.IsArmed(timer)) return;  // as mostly: many are stopped in case they run
  const std::uint64_t before = FirstOrder(call);
  call.timers.Arm(timer, at, deadlines_.NextOrder());
  SetDeadline(id, call, before);
}

void UserAgentState::SetDeadline(CallId id, const Call& call, std::uint64_t first_order_before) {
  const auto* earliest = call.timers.Earliest();
  if (earliest == nullptr) return deadlines_.Remove(id.slot);
  if (earliest->order != first_order_before) deadlines_.Set(id.slot, earliest->at, earliest->order);
}

// No ACK to our 2xx is waited for any more.
void UserAgentState::ForgetSuccess(CallId id, Call& call) {
  call.success = {};
  StopIf(id, call, [](CallTimer timer) { return timer == CallTimer::kResend || timer == CallTimer::kNoAck; });
}

void UserAgent::Impl::FireTimer(CallId id, CallTimer timer) {
  Call& call = *calls_.Find(id);
  Touch(id, call);
  Stop(id, call, timer);
  switch (timer) {
    case CallTimer::kExpires:
      HangUpNow(call, id, EndCause::kExpired, {});
      return;
    case CallTimer::kRinging:
      return RingAgain(id, call);
    case CallTimer::kReliable:
      return FireReliable(id, call);
    case CallTimer::kResend:
      layer_.ResendFinal(now_, call.success.id, inner_);
      ++counters_.successes_resent;
      call.success.gap = std::min(2 * call.success.gap, options_.transactions.timers.t2);
      Arm(id, call, CallTimer::kResend, After(now_, call.success.gap));
      return;
    case CallTimer::kNoAck: {
      // RFC 3261 13.3.1.4: the dialog is confirmed, but the session is ended.
      Stop(id, call, CallTimer::kResend);
      const bool is_given_up = std::exchange(call.success, {}).is_given_up;
      Dialog* dialog = dialogs_.Find(call.dialog);
      if (dialog != nullptr) dialog->offer_answer.OnFailure();
      if (is_given_up && !call.bye_on_ack) return;  // RFC 6141 5.4
      if (call.bye_on_ack) {
        call.bye_on_ack = false;
        --held_byes_;
      }
      if (!Advance(call, UsageEvent::kNoAck)) Advance(call, UsageEvent::kBye);
      SendBye(id, call, call.dialog);
      EndCall(id, call, EndCause::kNoAck, 0, nullptr, "RFC 3261 13.3.1.4");
      return;
    }
    case CallTimer::kModify: {
      Outgoing* request = outgoing_.Find(call.modify);
      if (request != nullptr && call.ended) return layer_.Cancel(now_, request->transaction, inner_);
      return ResumeModify(id, call);
    }
    case CallTimer::kUpdateAnswer: {
      const OpenInvite* open = FindOpen(call);
      if (open != nullptr && !open->inner.is_nil()) return OnInnerUnanswered(id, call);
      if (call.request.id.is_nil()) return;
      return call.request.is_update ? RefuseRequest(id, call, 504, {}) : ConfirmTarget(id, call);
    }
    case CallTimer::kCredentials:
      call.auth.RefuseAll();
      return ResumeUnauthorized(id, call);
    case CallTimer::kSession: {
      SinkOf<SessionTimerAction, SessionTimer::kActionsPerEventMax> actions;
      call.timer->OnDeadline(now_, actions);
      TakeTimerActions(id, call, actions, true, 0, nullptr);
      return;
    }
  }
}

// 13.3.1.1; RFC 3262 3: where the last one was reliable, by another of its kind.
void UserAgent::Impl::RingAgain(CallId id, Call& call) {
  OpenInvite* open = FindOpen(call);
  if (open != nullptr && open->rseq != 0 && call.provisional_status == open->status) {
    if (open->unacknowledged || open->answer_held || call.request.id.is_nil()) return;
    open->sent.Clear();
    static_cast<void>(SendReliable(id, call, open->status));
    return;
  }
  Dialog& dialog = *dialogs_.Find(call.dialog);
  draft_.Clear();
  DraftDialogHeaders(call, dialog);
  call.provisional.AddTo(draft_);
  if (Respond(call.request.id, call.provisional_status, call.provisional.body()) != RespondError::kNone)
    return;
  Arm(id, call, CallTimer::kRinging, After(now_, options_.ringing_repeat));
}

// One open call, registration, subscription or publication per step.
void UserAgent::Impl::ShutdownStep() {
  const std::uint32_t slot = shutdown_slot_++;
  if (slot >= shutdown_end_ - standalones_.slots()) {
    const StandaloneId id = standalones_.IdAt(slot - (shutdown_end_ - standalones_.slots()));
    Standalone* const owner = standalones_.Find(id);
    if (owner != nullptr && !owner->is_over) WithdrawStandalone(id, *owner, EventReason::kProbation);
    return;
  }
  const std::uint32_t bindings_end = shutdown_end_ - standalones_.slots();
  if (slot >= bindings_end - bindings_.slots()) {
    const RegistrationId binding_id = bindings_.IdAt(slot - (bindings_end - bindings_.slots()));
    Binding* const binding = bindings_.Find(binding_id);
    if (binding != nullptr) Perform(binding_id, binding->machine.Remove(), 0, nullptr);
    return;
  }
  const CallId id = calls_.IdAt(slot);
  Call* call = calls_.Find(id);
  if (call == nullptr || call->ended || call->cancelling) return;
  Touch(id, *call);
  HangUpNow(*call, id, EndCause::kShutdown, {});
}

// ---- what the layer says

void UserAgent::Impl::HandleResponse(TransactionId id, Cookie cookie, const MessageView& response) {
  const OutgoingId outgoing_id{static_cast<std::uint32_t>(cookie.value),
                               static_cast<std::uint32_t>(cookie.value >> 32)};
  Outgoing* request = outgoing_.Find(outgoing_id);
  if (request == nullptr || request->transaction != id) return;  // of an attempt that was given up
  if (options_.session_id) HearAnswer(*request, response);
  if (request->kind == Outgoing::Kind::kRegister) return OnRegisterResponse(outgoing_id, *request, response);
  if (request->call.is_nil()) return OnStandaloneResponse(outgoing_id, *request, response);
  Call& call = *calls_.Find(request->call);
  Touch(request->call, call);
  const bool is_of_dialog =
      request->kind == Outgoing::Kind::kPrack || request->kind == Outgoing::Kind::kUpdate;
  if (is_of_dialog && dialogs_.Find(request->dialog) == nullptr) {  // of a fork that is over
    if (response.status_code() >= 200) MakeFinal(outgoing_id, *request);
    return;
  }
  if (options_.digest_hashes != nullptr && TakeChallenge(outgoing_id, *request, response)) return;
  if (request->says_packages && request->kind != Outgoing::Kind::kInvite) {
    Packages{*this}.OnResponse(*request, request->dialog, response);
  }
  switch (request->kind) {
    case Outgoing::Kind::kInvite:
      return OnInviteResponse(outgoing_id, *request, response);
    case Outgoing::Kind::kReinvite:
    case Outgoing::Kind::kUpdate:
      return OnModifyResponse(outgoing_id, *request, response);
    case Outgoing::Kind::kPrack:
    case Outgoing::Kind::kBye:
      // 15.1.1: whatever the answer, the dialog is over; another path is worth a try.
      if (response.status_code() < 200) return;
      if (response.status_code() == 503 && TryNextPath(outgoing_id, *request, 503)) return;
      if (WasOvertaken(*request, response)) return SendAgain(outgoing_id, *request);
      if (request->offered) return OnPrackOutcome(outgoing_id, *request, response.status_code(), &response);
      // A PRACK that fails leaves the INVITE to the peer (RFC 3262 3: 5xx).
      return MakeFinal(outgoing_id, *request);
    case Outgoing::Kind::kStandalone:
      return OnStandaloneResponse(outgoing_id, *request, response);
    case Outgoing::Kind::kAck:
    case Outgoing::Kind::kRegister:
      return;
  }
}

void UserAgent::Impl::HandleFailed(Cookie cookie, TransactionId id, FailureReason reason) {
  const OutgoingId outgoing_id{static_cast<std::uint32_t>(cookie.value),
                               static_cast<std::uint32_t>(cookie.value >> 32)};
  Outgoing* request = outgoing_.Find(outgoing_id);
  if (request == nullptr || request->transaction != id) return;  // timer H: that call has ended already
  Call* const call = calls_.Find(request->call);
  if (call != nullptr) Touch(request->call, *call);
  const bool is_ack = request->stage == Outgoing::Stage::kFinal;
  if (is_ack && WantsAnother(*request)) return Resynchronize(request->call, *call, true);
  if (request->stage != Outgoing::Stage::kSent) return;
  // 8.1.3.1: a timeout counts as a 408, a transport error as a 503.
  const int status = reason == FailureReason::kTransportError ? kUnreached : kNoResponse;
  const bool is_cancelled = request->kind == Outgoing::Kind::kInvite && call->cancelling;
  if (!is_cancelled && TryNextPath(outgoing_id, *request, status)) return;
  NoPath(outgoing_id, *request);
}

void UserAgent::Impl::HandleGone(TransactionId id, Cookie cookie) {
  if (cookie.value == 0) {
    if (id.slot >= servers_.size() || servers_[id.slot].generation != id.generation) return;
    ServerRecord& record = servers_[id.slot];
    if (record.waits) StopWaiting(id);
    if (record.says_packages) Packages{*this}.OnAnswered(id, 500);
    if (!record.refer.is_nil()) References{*this}.OnTransactionGone(id, record.refer);
    if (Call* call = calls_.Find(record.call)) {
      --call->open;
      Touch(record.call, *call);
    }
    record = {};
    return;
  }
  const OutgoingId outgoing_id{static_cast<std::uint32_t>(cookie.value),
                               static_cast<std::uint32_t>(cookie.value >> 32)};
  Outgoing* request = outgoing_.Find(outgoing_id);
  if (request == nullptr) return;
  --request->transactions;
  if (request->call.is_nil()) return FreeIfDone(outgoing_id, *request);
  Call& call = *calls_.Find(request->call);
  Touch(request->call, call);
  // 13.2.2.4: 64*T1 after the first 2xx the remaining early dialogs are over.
  if (request->kind == Outgoing::Kind::kInvite && request->transaction == id &&
      request->stage == Outgoing::Stage::kFinal) {
    DropForks(call, false);
    if (call.dialog.is_nil() && !call.ended) {
      // Its 2xx was of a dialog that the user had ended (15.1.1).
      Advance(call, UsageEvent::kBye);
      EndCall(request->call, call, EndCause::kLocalBye, 0, nullptr, "RFC 3261 15.1.1");
    }
  }
  FreeIfDone(outgoing_id, *request);
}

bool UserAgent::Impl::IsConsistent() const {
  bool consistent = layer_.IsConsistent() && dialogs_.IsConsistent() && deadlines_.IsConsistent();
  std::size_t live = 0, locating = 0, held = 0, queued = 0, waiting = 0, reports = 0;
  std::array<std::size_t, Standalone::kKinds> standalones_live{};
  calls_.ForEach([&](CallId id, const Call& call) {
    live += !call.ended;
    held += call.bye_on_ack;
    const auto* earliest = call.timers.Earliest();
    consistent =
        consistent && deadlines_.DeadlineOf(id.slot) == (earliest == nullptr ? kNever : earliest->at) &&
        call.state != UsageState::kMorgue &&
        call.open_invite.is_nil() == (open_invites_.Find(call.open_invite) == nullptr) &&
        !(call.ended && call.open == 0 && !call.bye_on_ack) && (!call.timer || call.timer->IsConsistent());
  });
  outgoing_.ForEach([&](OutgoingId, const Outgoing& request) {
    locating += request.stage == Outgoing::Stage::kLocating;
    consistent = consistent &&
                 (calls_.Find(request.call) != nullptr || bindings_.Find(request.registration) != nullptr ||
                  standalones_.Find(request.standalone) != nullptr);
  });
  standalones_.ForEach([&](StandaloneId, const Standalone& owner) {
    if (!owner.is_over) ++standalones_live[static_cast<std::size_t>(owner.kind)];
    queued += owner.queued;
    reports += owner.report_at != kNever;
    consistent = consistent && !(owner.is_over && owner.open == 0);
  });
  for (const ServerRecord& record : servers_) waiting += record.waits;
  return consistent && live == live_ && locating == locating_ && held == held_byes_ && queued == queued_ &&
         waiting == unanswered_ && reports == held_reports_ && standalones_live == standalones_live_ &&
         standalone_deadlines_.IsConsistent() && answer_deadlines_.IsConsistent() &&
         compositor_.IsConsistent();
}

}  // namespace sansip
