#include "sansip/dialog/user_agent.h"

#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

UserAgent::UserAgent(const UserAgentOptions& options, RandomSource& random)
    : impl_(std::make_unique<Impl>(options, random)) {}
UserAgent::~UserAgent() = default;

void UserAgent::OnMessage(Instant now, const Origin& origin, const MessageView& message, UserAgentSink& out,
                          std::string_view authentication_info) {
  impl_->OnMessage(now, origin, message, out, authentication_info);
}
void UserAgent::OnUnparsable(Instant now, const Origin& origin, std::string_view bytes, ParseError error,
                             UserAgentSink& out) {
  impl_->OnUnparsable(now, origin, bytes, error, out);
}
void UserAgent::OnTransportError(Instant now, TransactionId id, UserAgentSink& out) {
  impl_->OnTransportError(now, id, out);
}
void UserAgent::OnFlowFailed(Instant now, FlowId flow, UserAgentSink& out) {
  impl_->OnFlowFailed(now, flow, out);
}
void UserAgent::OnKeepAliveAnswered(Instant now, FlowId flow, UserAgentSink& out) {
  impl_->OnKeepAliveAnswered(now, flow, out);
}
void UserAgent::OnDeadline(Instant now, UserAgentSink& out) { impl_->OnDeadline(now, out); }
void UserAgent::OnLocated(Instant now, Cookie cookie, const Path& path, UserAgentSink& out) {
  impl_->OnLocated(now, cookie, path, out);
}
void UserAgent::OnLocateFailed(Instant now, Cookie cookie, UserAgentSink& out) {
  impl_->OnLocateFailed(now, cookie, out);
}

Placed UserAgent::PlaceCall(Instant now, const CallDraft& draft, UserAgentSink& out) {
  return impl_->PlaceCall(now, draft, out);
}
VerbError UserAgent::Ring(Instant now, CallId call, int status, const Content& content, UserAgentSink& out,
                          Reliability reliability) {
  return impl_->Ring(now, call, status, content, out, reliability);
}
VerbError UserAgent::Answer(Instant now, CallId call, const Content& content, UserAgentSink& out) {
  return impl_->Answer(now, call, content, out);
}
VerbError UserAgent::Refuse(Instant now, CallId call, int status, const Content& content,
                            UserAgentSink& out) {
  return impl_->Refuse(now, call, status, content, out);
}
VerbError UserAgent::HangUp(Instant now, CallId call, std::span<const HeaderLine> headers, UserAgentSink& out,
                            DialogId dialog) {
  return impl_->HangUp(now, call, headers, out, dialog);
}
VerbError UserAgent::Reinvite(Instant now, CallId call, const Content& content, UserAgentSink& out) {
  return impl_->Reinvite(now, call, content, out);
}
VerbError UserAgent::Update(Instant now, CallId call, const Content& content, UserAgentSink& out,
                            DialogId dialog) {
  return impl_->Update(now, call, content, out, dialog);
}
VerbError UserAgent::LoseContact(Instant now, CallId call, UserAgentSink& out) {
  return impl_->LoseContact(now, call, out);
}
VerbError UserAgent::OfferInPrack(Instant now, CallId call, const Content& content, UserAgentSink& out,
                                  DialogId dialog) {
  return impl_->OfferInPrack(now, call, content, out, dialog);
}
VerbError UserAgent::AnswerOffer(Instant now, CallId call, const Content& content, UserAgentSink& out) {
  return impl_->AnswerOffer(now, call, content, out);
}
VerbError UserAgent::RefuseOffer(Instant now, CallId call, int status, const Content& answer,
                                 UserAgentSink& out) {
  return impl_->RefuseOffer(now, call, status, answer, out);
}
VerbError UserAgent::GiveCredentials(Instant now, const CredentialsAnswer& answer, UserAgentSink& out) {
  return impl_->GiveCredentials(now, answer, out);
}
Registering UserAgent::Register(Instant now, const RegistrationDraft& draft, UserAgentSink& out) {
  return impl_->Register(now, draft, out);
}
VerbError UserAgent::Unregister(Instant now, RegistrationId id, UserAgentSink& out) {
  return impl_->Unregister(now, id, out);
}
VerbError UserAgent::RefreshRegistration(Instant now, RegistrationId id, UserAgentSink& out) {
  return impl_->RefreshRegistration(now, id, out);
}
Asked UserAgent::SendRequest(Instant now, const StandaloneDraft& draft, UserAgentSink& out) {
  return impl_->SendRequest(now, draft, out);
}
VerbError UserAgent::RespondTo(Instant now, TransactionId request, int status, const Content& content,
                               UserAgentSink& out) {
  return impl_->RespondTo(now, request, status, content, out);
}
Asked UserAgent::Subscribe(Instant now, const StandaloneDraft& draft, UserAgentSink& out) {
  return impl_->Subscribe(now, draft, out);
}
VerbError UserAgent::Notify(Instant now, StandaloneId id, const NotifyDraft& draft, UserAgentSink& out) {
  return impl_->Notify(now, id, draft, out);
}
Asked UserAgent::Publish(Instant now, const StandaloneDraft& draft, UserAgentSink& out) {
  return impl_->Publish(now, draft, out);
}
VerbError UserAgent::Republish(Instant now, StandaloneId id, const Content& state, UserAgentSink& out) {
  return impl_->Republish(now, id, state, out);
}
Asked UserAgent::Refer(Instant now, const ReferDraft& draft, UserAgentSink& out) {
  return impl_->Refer(now, draft, out);
}
Asked UserAgent::Transfer(Instant now, CallId call, std::string_view target, UserAgentSink& out) {
  return impl_->Transfer(now, call, target, out);
}
Asked UserAgent::Transfer(Instant now, CallId call, CallId other, UserAgentSink& out) {
  return impl_->Transfer(now, call, other, out);
}
VerbError UserAgent::AcceptRefer(Instant now, StandaloneId id, UserAgentSink& out) {
  return impl_->AnswerRefer(now, id, 202, out);
}
VerbError UserAgent::RefuseRefer(Instant now, StandaloneId id, int status, UserAgentSink& out) {
  return status < 300 ? VerbError::kBadStatus : impl_->AnswerRefer(now, id, status, out);
}
VerbError UserAgent::Report(Instant now, StandaloneId id, int status, UserAgentSink& out) {
  return impl_->Report(now, id, status, out);
}
VerbError UserAgent::Withdraw(Instant now, StandaloneId id, UserAgentSink& out) {
  return impl_->Withdraw(now, id, out);
}
void UserAgent::Shutdown(Instant now, UserAgentSink& out) { impl_->Shutdown(now, out); }
VerbError UserAgent::SetInfoPackages(CallId call, std::string_view packages) {
  return impl_->SetInfoPackages(call, packages);
}
VerbError UserAgent::SetCookie(CallId call, Cookie cookie) { return impl_->SetCookie(call, cookie); }
void UserAgent::SetBusy(bool busy) { impl_->busy_ = busy; }

std::size_t UserAgent::Snapshot(Instant now, std::span<char> out) const { return impl_->Snapshot(now, out); }
RestoreError UserAgent::Restore(std::span<const char> snapshot, Instant now, Duration elapsed) {
  return impl_->Restore(snapshot, now, elapsed);
}

std::size_t UserAgent::Calls(std::span<CallId> out) const { return impl_->calls_.Ids(out); }
std::size_t UserAgent::Registrations(std::span<RegistrationId> out) const {
  return impl_->bindings_.Ids(out);
}
std::optional<CallView> UserAgent::Find(CallId call) const { return impl_->Find(call); }
std::optional<RegistrationView> UserAgent::FindRegistration(RegistrationId id) const {
  return impl_->FindRegistration(id);
}
std::size_t UserAgent::registrations() const { return impl_->bindings_.size(); }
std::size_t UserAgent::Standalones(std::span<StandaloneId> out) const { return impl_->standalones_.Ids(out); }
std::optional<StandaloneView> UserAgent::FindStandalone(StandaloneId id) const {
  return impl_->FindStandalone(id);
}
std::size_t UserAgent::standalones() const { return impl_->standalones_.size(); }
std::size_t UserAgent::event_states() const { return impl_->compositor_.size(); }
std::size_t UserAgent::calls_live() const { return impl_->live_; }
std::size_t UserAgent::calls_kept() const { return impl_->calls_.size(); }
std::size_t UserAgent::client_transactions_pending() const { return impl_->pending(); }
bool UserAgent::Refers(FlowId flow) const { return impl_->layer_.Refers(flow); }
Instant UserAgent::next_deadline() const { return impl_->next_deadline(); }
const UserAgentCounters& UserAgent::counters() const { return impl_->counters_; }
const TransactionLayer& UserAgent::transaction_layer() const { return impl_->layer_; }
const UserAgentOptions& UserAgent::options() const { return impl_->options_; }
bool UserAgent::IsConsistent() const { return impl_->IsConsistent(); }

std::optional<CallView> UserAgent::Impl::Find(CallId id) const {
  const Call* call = calls_.Find(id);
  if (call == nullptr) return std::nullopt;
  CallView view;
  view.role = call->role;
  view.state = call->state;
  view.cookie = call->cookie;
  const Dialog* dialog = dialogs_.Find(call->dialog);
  if (dialog == nullptr && !call->forks.empty()) dialog = dialogs_.Find(call->forks.back());
  if (dialog == nullptr) dialog = dialogs_.Find(call->seed);
  if (dialog != nullptr) {
    view.owns_call_id = dialog->owns_call_id;
    view.call_id = dialog->call_id;
    view.local_tag = dialog->local_tag;
    view.remote_tag = dialog->remote_tag;
    view.local_address = dialog->local_address;
    view.remote_address = dialog->remote_address;
    view.remote_target = dialog->remote_target;
    view.secure = dialog->secure;
    view.routes = dialog->routes;
    view.local_body = dialog->offer_answer.local();
    view.remote_body = dialog->offer_answer.remote();
    view.local_cseq = dialog->local_cseq;
    view.remote_cseq = dialog->remote_cseq;
    view.local_uuid = dialog->session.local;
    view.remote_uuid = dialog->session.remote;
    view.local_offer_open = dialog->offer_answer.local_offer_open();
    view.remote_offer_open = dialog->offer_answer.state() == OfferAnswer::State::kRemoteOffer;
  }
  for (const DialogId fork : call->forks) {
    view.early_dialogs += dialogs_.Find(fork)->state == Dialog::State::kEarly;
  }
  const InfoPackages* const packages = packages_.Find(call->packages);
  if (packages != nullptr) view.info_packages = packages->SetOf(call->dialog);
  if (call->timer) view.session_timer = call->timer->status();
  return view;
}

std::optional<StandaloneView> UserAgentState::FindStandalone(StandaloneId id) const {
  const Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return std::nullopt;
  StandaloneView view;
  view.kind = owner->kind;
  view.is_refer = owner->is_refer;
  view.cookie = owner->cookie;
  view.event = owner->event;
  view.target_dialog = owner->names;
  const Call* const call = calls_.Find(owner->call);
  const Dialog* dialog = dialogs_.Find(call == nullptr ? owner->dialog : call->dialog);
  if (dialog == nullptr) dialog = dialogs_.Find(owner->seed);
  if (dialog != nullptr) view.remote_address = dialog->remote_address;
  view.publication = owner->publication.state();
  view.subscription = owner->subscription.state();
  view.until = owner->kind == StandaloneKind::kPublication ? owner->publication.bound_until()
               : owner->kind == StandaloneKind::kNotifier  ? owner->until
                                                           : owner->subscription.until();
  if (owner->kind != StandaloneKind::kNotifier) return view;
  view.subscription = owner->state == Substate::kTerminated ? Subscription::State::kEnding
                      : owner->state == Substate::kPending  ? Subscription::State::kPending
                                                            : Subscription::State::kActive;
  return view;
}

std::string_view EndCauseName(EndCause cause) {
  switch (cause) {
    case EndCause::kLocalBye:
      return "local-bye";
    case EndCause::kRemoteBye:
      return "remote-bye";
    case EndCause::kLocalCancel:
      return "local-cancel";
    case EndCause::kRemoteCancel:
      return "remote-cancel";
    case EndCause::kLocalRefusal:
      return "local-refusal";
    case EndCause::kRefused:
      return "refused";
    case EndCause::kTimedOut:
      return "timed-out";
    case EndCause::kUnreachable:
      return "unreachable";
    case EndCause::kNoAck:
      return "no-ack";
    case EndCause::kNoPrack:
      return "no-prack";
    case EndCause::kExpired:
      return "expired";
    case EndCause::kSessionExpired:
      return "session-expired";
    case EndCause::kDialogLost:
      return "dialog-lost";
    case EndCause::kProtocolError:
      return "protocol-error";
    case EndCause::kShutdown:
      return "shutdown";
    case EndCause::kReplaced:
      return "replaced";
    case EndCause::kLocalLimit:
      return "local-limit";
  }
  return {};
}

std::string_view RequestOutcomeName(RequestOutcome outcome) {
  switch (outcome) {
    case RequestOutcome::kAccepted:
      return "accepted";
    case RequestOutcome::kRefused:
      return "refused";
    case RequestOutcome::kTimedOut:
      return "timed-out";
    case RequestOutcome::kUnreachable:
      return "unreachable";
    case RequestOutcome::kTooLong:
      return "too-long";
    case RequestOutcome::kAbandoned:
      return "abandoned";
  }
  return {};
}

std::string_view VerbErrorName(VerbError error) {
  switch (error) {
    case VerbError::kNone:
      return "none";
    case VerbError::kStale:
      return "stale";
    case VerbError::kWrongState:
      return "wrong-state";
    case VerbError::kPending:
      return "pending";
    case VerbError::kTooManyCalls:
      return "too-many-calls";
    case VerbError::kBadUri:
      return "bad-uri";
    case VerbError::kBadHeader:
      return "bad-header";
    case VerbError::kBadStatus:
      return "bad-status";
    case VerbError::kBadMethod:
      return "bad-method";
    case VerbError::kTooLong:
      return "too-long";
    case VerbError::kShutDown:
      return "shut-down";
  }
  return {};
}

}  // namespace sansip
