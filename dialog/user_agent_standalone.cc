// Requests outside of calls, and those within that are none of the call's own: OPTIONS (RFC 3261 11), MESSAGE
// (RFC 3428), INFO (RFC 6086) and whatever the user names. Also what they have in common with subscriptions
// and publications: seeds, credentials, redirection, the end.

#include <algorithm>
#include <utility>

#include "sansip/core/base/check.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/uri_wishes.h"
#include "sansip/dialog/user_agent_info.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {
namespace {

constexpr int kTooBig = -2;                     // an outcome: RFC 3428 8
constexpr std::size_t kMessageBytesMax = 1300;  // over what has no congestion control
constexpr std::string_view kImScheme = "im:";   // RFC 3428 5, RFC 3861

constexpr std::size_t IndexOf(Standalone::Kind kind) { return static_cast<std::size_t>(kind); }

RequestOutcome OutcomeOf(int status, const MessageView* response) {
  if (status >= 200 && status < 300) return RequestOutcome::kAccepted;
  if (status == kNoResponse || status == 408) return RequestOutcome::kTimedOut;
  if (status == kUnreached) return RequestOutcome::kUnreachable;
  if (status == kTooBig) return RequestOutcome::kTooLong;
  return response == nullptr && status == 500 ? RequestOutcome::kAbandoned : RequestOutcome::kRefused;
}

std::string_view ClauseOf(RequestOutcome outcome, int status, const MessageView* response) {
  switch (outcome) {
    case RequestOutcome::kTooLong:
      return "RFC 3428 8";
    case RequestOutcome::kAbandoned:
      return "RFC 3261 12.2.1";
    default:
      if (response == nullptr && (status == 401 || status == 407)) return "RFC 3261 22.2";
      return response == nullptr ? "RFC 3261 8.1.3.1" : "RFC 3261 8.1.3";
  }
}

}  // namespace

// ---- what all have

StandaloneId UserAgentState::AddStandalone(Standalone::Kind kind, std::size_t max) {
  std::size_t& live = standalones_live_[IndexOf(kind)];
  std::size_t beside = 0;  // both roles of subscriptions have one limit
  if (kind == Standalone::Kind::kNotifier) beside = standalones_live_[IndexOf(Standalone::Kind::kSubscriber)];
  if (kind == Standalone::Kind::kSubscriber) beside = standalones_live_[IndexOf(Standalone::Kind::kNotifier)];
  const StandaloneId id = live + beside >= max ? StandaloneId{} : standalones_.Add();
  if (id.is_nil()) return id;
  ++live;
  standalones_.Find(id)->kind = kind;
  return id;
}

// One that was never told of.
void UserAgentState::DropStandalone(StandaloneId id) {
  --standalones_live_[IndexOf(standalones_.Find(id)->kind)];
  standalones_.Remove(id);
}

// RFC 4538 3: required, so that a refusal is one by who has read it.
void UserAgentState::DraftTarget(const Standalone& owner) {
  if (owner.target_dialog.empty()) return;
  draft_.Add(HeaderId::kTargetDialog, owner.target_dialog);
  draft_.Add(HeaderId::kRequire, "tdialog");
}

// What its requests outside of dialogs are made of. Nil: there are too many dialogs; the owner is gone.
DialogId UserAgentState::AddSeed(StandaloneId id, const StandaloneDraft& draft) {
  Standalone& owner = *standalones_.Find(id);
  owner.cookie = draft.cookie;
  owner.content.Assign(draft.content.body, draft.content.content_type, draft.content.headers);
  owner.contact_user.assign(ContactUser(draft.contact_user, draft.from));
  owner.event.assign(draft.event);
  owner.accept.assign(draft.accept);
  owner.expires = draft.expires;
  owner.options = draft.options;
  owner.takes_forks = draft.takes_forks;
  owner.targets.Begin(draft.target);
  const DialogId seed_id = dialogs_.Add();
  if (seed_id.is_nil()) {
    DropStandalone(id);
    return seed_id;
  }
  owner.seed = seed_id;
  Dialog& seed = *dialogs_.Find(seed_id);
  seed.standalone = id;
  NameAddr from;
  SANSIP_CHECK(ParseNameAddr(draft.from, from, nullptr).ok());
  BeginSeed(seed, from, draft.target);
  RouteSeed(seed, draft.routes, draft.registration);
  if (const Binding* const binding = bindings_.Find(draft.registration)) {
    ChooseGruu(*binding, draft.from, owner.contact);
  }
  return seed_id;
}

// False: no room for another request; nothing has happened.
bool UserAgent::Impl::StartStandalone(StandaloneId id, std::string_view method, DialogId dialog) {
  Standalone& owner = *standalones_.Find(id);
  const OutgoingId outgoing = outgoing_.Add();
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request == nullptr) return ++counters_.refused_limit, false;
  request->kind = Outgoing::Kind::kStandalone;
  request->standalone = id;
  request->call = owner.call;
  request->dialog = dialog;
  request->method_text.assign(method);
  request->content = owner.content;
  request->yields = owner.yields;
  request->cseq = NextLocalCSeq(*dialogs_.Find(dialog), 1);
  if (Call* const call = calls_.Find(owner.call)) {
    ++call->open;
    Touch(owner.call, *call);
  }
  owner.outgoing = outgoing;
  ++owner.open;
  Locate(outgoing, *request);
  return true;
}

void UserAgent::Impl::SendStandaloneLocated(OutgoingId id, Outgoing& request, const Path& path) {
  Standalone& owner = *standalones_.Find(request.standalone);
  const Dialog* const dialog = dialogs_.Find(request.dialog);
  request.stage = Outgoing::Stage::kSent;
  if (dialog == nullptr) return OnStandaloneOutcome(id, request, kUnreached, nullptr);
  const bool is_of_package = MethodOf(request) == Method::kInfo && !owner.event.empty();
  if (is_of_package && !Packages{*this}.IsWanted(calls_.Find(request.call), owner.event)) {
    return OnStandaloneOutcome(id, request, 500, nullptr);  // RFC 6086 5.2.2: not wanted any more
  }
  Path limited = path;
  if (MethodOf(request) == Method::kMessage && !sansip::IsReliable(path.transport)) {
    // RFC 3428 8: longer ones want a path with congestion control.
    if (request.wire_bytes > kMessageBytesMax) return OnStandaloneOutcome(id, request, kTooBig, nullptr);
    const std::size_t max = path.request_bytes_max == 0 ? kMessageBytesMax : path.request_bytes_max;
    limited.request_bytes_max = std::min(max, kMessageBytesMax);
  }
  const RequestRoute route = RouteOf(*dialog, request.request_uri, request.target);
  const bool sips = IsSips(route.request_uri) || IsSips(route.next_hop);
  ComposeTarget(owner.contact_user, path.contact, path.transport, path.flow, sips, owner.contact);
  DraftStandalone(request, owner, *dialog);
  Call* const call = calls_.Find(request.call);
  AddCredentials(request, call == nullptr ? owner.auth : call->auth);
  if (!StartTransaction(id, request, limited)) OnStandaloneOutcome(id, request, 500, nullptr);
}

void UserAgent::Impl::DraftStandalone(Outgoing& request, Standalone& owner, const Dialog& dialog) {
  DraftHead(dialog, request);
  switch (owner.kind) {
    case Standalone::Kind::kRequest:
      // 11.1: Contact and Accept are of OPTIONS; RFC 3428 4: a MESSAGE has no Contact.
      if (request.method_text == MethodName(Method::kOptions)) {
        draft_.Add(HeaderId::kContact, owner.contact);
        DraftCapabilities(true);
      }
      // RFC 3261 10.2.3: no Contact; RFC 5627 4.2: GRUUs are listed, too.
      if (request.method_text == MethodName(Method::kRegister))
        draft_.Add(HeaderId::kSupported, "path, gruu");
      if (owner.expires > 0) draft_.Compose(HeaderId::kExpires, owner.expires);
      if (MethodOf(request) == Method::kInfo && !owner.event.empty()) Packages{*this}.DraftInfo(owner);
      break;
    case Standalone::Kind::kSubscriber:
      if (request.method_text == MethodName(Method::kRefer)) {
        References{*this}.Draft(request, owner);
        break;
      }
      draft_.Add(HeaderId::kContact, owner.contact);
      draft_.Add(HeaderId::kEvent, owner.event);
      if (owner.dialog.is_nil()) DraftTarget(owner);
      draft_.Compose(HeaderId::kExpires, owner.subscription.state() == Subscription::State::kEnding
                                             ? 0
                                             : owner.subscription.expires());
      if (!owner.accept.empty()) draft_.Add(HeaderId::kAccept, owner.accept);
      draft_.Add(HeaderId::kAllow, Policy().methods);
      if (!owner.dialog.is_nil()) request.content.Clear();  // a filter stands until another one comes
      break;
    case Standalone::Kind::kNotifier:
      request.content = owner.content;
      DraftNotify(owner);
      break;
    case Standalone::Kind::kPublication: {
      const bool removes = owner.publication.state() == Registration::State::kRemoving;
      draft_.Add(HeaderId::kEvent, owner.event);
      draft_.Compose(HeaderId::kExpires, removes ? 0 : owner.publication.expires());
      // RFC 3903 4.1: a refresh and a removal have the tag and no body.
      if (!owner.entity_tag.empty()) draft_.Add(HeaderId::kSipIfMatch, owner.entity_tag);
      owner.carries_state = !removes && (owner.entity_tag.empty() || owner.is_unsent);
      owner.is_unsent = false;
      owner.carries_state ? void(request.content = owner.content) : request.content.Clear();
      break;
    }
  }
  if (!options_.user_agent.empty()) draft_.Add(HeaderId::kUserAgent, options_.user_agent);
  request.content.AddTo(draft_);
}

void UserAgent::Impl::OnStandaloneResponse(OutgoingId id, Outgoing& request, const MessageView& response) {
  const int status = response.status_code();
  if (status < 200 || request.stage != Outgoing::Stage::kSent) return;
  Standalone& owner = *standalones_.Find(request.standalone);
  if (owner.outgoing != id) return OnStandaloneOutcome(id, request, status, &response);  // given up
  if (request.call.is_nil()) {
    const ua::NeedCredentials question{.standalone = request.standalone, .cookie = owner.cookie};
    if (TakeOwnChallenge(id, request, response, owner.auth, question, owner.ask_until)) {
      return ArmStandalone(request.standalone, owner);
    }
  }
  owner.retry_after = RetryAfterOf(response).value_or(0);
  if (status == 503 && TryNextPath(id, request, status)) return;
  if (request.dialog == owner.seed) {
    if (FollowRedirect(id, request, owner.targets, owner.redirects, response, {.cookie = owner.cookie}))
      return;
    if (GoWithLess(request, response)) return SendAgain(id, request);
  } else if (FollowWithin(request, response)) {
    ++request.retries;
    Emit(ua::Redirected{
        .call = request.call, .cookie = owner.cookie, .message = &response, .target = request.target});
    return SendAgain(id, request);
  }
  OnStandaloneOutcome(id, request, status, &response);
}

// 8.1.3.4: as of a call. False: the response stands. `told`: whose request it is.
bool UserAgent::Impl::FollowRedirect(OutgoingId id, Outgoing& request, RedirectTargets& targets,
                                     std::size_t& redirects, const MessageView& response,
                                     ua::Redirected told) {
  const int status = response.status_code();
  if (!options_.follow_redirects || status < 300 || status >= 400) return false;
  if (redirects >= options_.limits.redirects_max) return false;
  ++redirects;
  Dialog& seed = *dialogs_.Find(request.dialog);
  if (!TakeTarget(status, &response, targets, seed, told)) return false;
  SendAgain(id, request);
  return true;
}

// The end of one request of it: a final response, or none.
void UserAgent::Impl::OnStandaloneOutcome(OutgoingId id, Outgoing& request, int status,
                                          const MessageView* response) {
  const StandaloneId owner_id = request.standalone;
  Standalone& owner = *standalones_.Find(owner_id);
  const bool is_current = owner.outgoing == id && !owner.is_over;
  if (owner.outgoing == id) owner.outgoing = {};
  ++owner.open;  // until all is said
  MakeFinal(id, request);
  if (is_current) {
    switch (owner.kind) {
      case Standalone::Kind::kRequest:
        EndRequest(owner_id, owner, OutcomeOf(status, response), status, response);
        break;
      case Standalone::Kind::kSubscriber:
        OnSubscribeOutcome(owner_id, owner, status, response);
        break;
      case Standalone::Kind::kNotifier:
        OnNotifyOutcome(owner_id, owner, status, response);
        break;
      case Standalone::Kind::kPublication:
        OnPublishOutcome(owner_id, owner, status, response);
        break;
    }
  }
  --owner.open;
  SettleStandalone(owner_id);
}

void UserAgent::Impl::ResumeStandalone(StandaloneId id, Standalone& owner) {
  const OutgoingId outgoing = owner.outgoing;
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request == nullptr || !ResumeChallenged(outgoing, *request, owner.auth, owner.ask_until)) {
    return ArmStandalone(id, owner);
  }
  OnStandaloneOutcome(outgoing, *request, request->unauthorized_status, nullptr);
}

void UserAgent::Impl::FireStandalone(StandaloneId id) {
  Standalone& owner = *standalones_.Find(id);
  if (owner.ask_until <= now_) {
    owner.ask_until = kNever;
    owner.auth.RefuseAll();
    return ResumeStandalone(id, owner);
  }
  switch (owner.kind) {
    case Standalone::Kind::kRequest:
      return ArmStandalone(id, owner);
    case Standalone::Kind::kSubscriber:
      return Perform(id, owner.subscription.OnDeadline(now_, random_), 408, nullptr);
    case Standalone::Kind::kPublication:
      return Perform(id, owner.publication.OnDeadline(now_), 0, nullptr);
    case Standalone::Kind::kNotifier:
      if (owner.report_at <= now_) {
        owner.report_at = kNever;
        --held_reports_;
        return StartNotify(id, owner);
      }
      // RFC 6665 4.2.1.4: it ran out.
      return WithdrawStandalone(id, owner, EventReason::kTimeout);
  }
}

void UserAgentState::ArmStandalone(StandaloneId id, const Standalone& owner) {
  const Instant at = owner.is_over
                         ? kNever
                         : std::min({owner.subscription.next_deadline(), owner.publication.next_deadline(),
                                     owner.until, owner.ask_until, owner.report_at});
  if (at == standalone_deadlines_.DeadlineOf(id.slot)) return;
  standalone_deadlines_.Set(id.slot, at, standalone_deadlines_.NextOrder());
}

// It was told to be over. What waits to be sent is not wanted any more.
void UserAgent::Impl::EndStandalone(StandaloneId id, Standalone& owner) {
  if (owner.is_over) return;
  owner.is_over = true;
  --standalones_live_[IndexOf(owner.kind)];
  if (owner.queued) --queued_;
  owner.queued = false;
  if (std::exchange(owner.report_at, kNever) != kNever) --held_reports_;
  ArmStandalone(id, owner);
  const OutgoingId outgoing = std::exchange(owner.outgoing, {});
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request == nullptr || request->stage == Outgoing::Stage::kSent) return;
  ++owner.open;
  MakeFinal(outgoing, *request);
  --owner.open;
}

// One that is over goes with its last request.
void UserAgent::Impl::SettleStandalone(StandaloneId id) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->open > 0 || !owner->is_over) return;
  standalone_deadlines_.Remove(id.slot);
  if (owner->is_refer) References{*this}.LeaveCall(id, *owner);
  dialogs_.Remove(owner->seed);
  dialogs_.Remove(owner->dialog);
  standalones_.Remove(id);
}

VerbError UserAgent::Impl::Withdraw(Instant now, StandaloneId id, UserAgentSink& out) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return ++counters_.stale_ids, VerbError::kStale;
  if (owner->kind == Standalone::Kind::kRequest) return VerbError::kWrongState;
  Begin(now, out);
  WithdrawStandalone(id, *owner, EventReason::kNoresource);
  Finish();
  return VerbError::kNone;
}

// `reason`: of a notifier's end.
void UserAgent::Impl::WithdrawStandalone(StandaloneId id, Standalone& owner, EventReason reason) {
  switch (owner.kind) {
    case Standalone::Kind::kRequest:
      if (owner.queued) EndRequest(id, owner, RequestOutcome::kAbandoned, 0, nullptr);
      return SettleStandalone(id);
    case Standalone::Kind::kSubscriber:
      return Perform(id, owner.subscription.End(now_), 0, nullptr);
    case Standalone::Kind::kPublication:
      return Perform(id, owner.publication.Remove(), 0, nullptr);
    case Standalone::Kind::kNotifier:
      if (owner.state == Substate::kTerminated) return;
      if (owner.is_refer && !References{*this}.CanReport(id, owner)) return;
      owner.state = Substate::kTerminated;
      owner.reason = reason;
      owner.until = kNever;
      return StartNotify(id, owner);
  }
}

// ---- requests of ours

Asked UserAgent::Impl::SendRequest(Instant now, const StandaloneDraft& given, UserAgentSink& out) {
  if (shut_down_) return {{}, VerbError::kShutDown};
  StandaloneDraft draft = given;
  const bool is_within = !draft.call.is_nil();
  if (is_within) {
    const Call* const call = calls_.Find(draft.call);
    if (call == nullptr) return ++counters_.stale_ids, Asked{{}, VerbError::kStale};
    const Dialog* const dialog = dialogs_.Find(call->dialog);
    if (call->ended || dialog == nullptr || dialog->state != Dialog::State::kConfirmed) {
      return {{}, VerbError::kWrongState};
    }
  } else if (draft.method == MethodName(Method::kMessage) && draft.target.starts_with(kImScheme)) {
    im_target_.assign("sip:");
    im_target_ += draft.target.substr(kImScheme.size());
    draft.target = im_target_;
  }
  if (draft.method.empty()) draft.method = MethodOfUri(draft.target, {});
  const UriWishes wishes(draft.target, MethodFromName(draft.method), draft.content);
  draft.content = wishes.content();
  VerbError error = CheckMethod(draft);
  if (MethodOfUri(draft.target, draft.method) != draft.method) error = VerbError::kBadMethod;
  if (error == VerbError::kNone) {
    error = CheckStandalone(draft, options_.limits, uri_scratch_, HeaderId::kRequire);
  }
  if (error == VerbError::kNone) error = Packages{*this}.Check(draft, calls_.Find(draft.call));
  if (error != VerbError::kNone) return {{}, error};
  Begin(now, out);
  const StandaloneId id = AddStandalone(Standalone::Kind::kRequest, options_.limits.requests_max);
  if (id.is_nil() || (!is_within && AddSeed(id, draft).is_nil())) {
    Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  Standalone& owner = *standalones_.Find(id);
  owner.method.assign(draft.method);
  if (draft.method == MethodName(Method::kRegister)) AskOfOneself(owner);
  owner.order = ++next_order_;
  owner.yields = draft.yields;
  owner.call = draft.call;
  if (is_within) {
    owner.cookie = draft.cookie;
    owner.expires = draft.expires;
    owner.event.assign(draft.info_package);
    owner.contact_user = calls_.Find(draft.call)->contact_user;
    owner.content.Assign(draft.content.body, draft.content.content_type, draft.content.headers);
  }
  StartInTurn(id);
  Finish();
  return {id, VerbError::kNone};
}

// RFC 3428 8: a MESSAGE waits for the one before it to the same peer. There are at most `requests_max`.
void UserAgent::Impl::StartInTurn(StandaloneId id) {
  Standalone& owner = *standalones_.Find(id);
  if (IsQueued(MethodFromName(owner.method))) {
    bool is_next = true;
    standalones_.ForEach([&](StandaloneId, const Standalone& other) {
      is_next = is_next && !(other.order < owner.order && IsBefore(other, owner));
    });
    if (owner.queued == is_next) is_next ? --queued_ : ++queued_;
    owner.queued = !is_next;
    if (!is_next) return;
  }
  const Call* const call = calls_.Find(owner.call);
  const DialogId dialog = call == nullptr ? owner.seed : call->dialog;
  const bool is_possible = dialogs_.Find(dialog) != nullptr && (call == nullptr || !call->ended);
  if (is_possible && StartStandalone(id, owner.method, dialog)) {
    ++counters_.requests_sent;
    return;
  }
  EndRequest(id, owner, RequestOutcome::kAbandoned, 0, nullptr);
  SettleStandalone(id);
}

// Both are MESSAGEs to the same peer, and `other` has no outcome.
bool UserAgentState::IsBefore(const Standalone& other, const Standalone& owner) const {
  if (other.kind != Standalone::Kind::kRequest || other.is_over || other.call != owner.call) return false;
  if (!IsQueued(MethodFromName(other.method))) return false;
  if (!owner.call.is_nil()) return true;
  return dialogs_.Find(other.seed)->remote_address == dialogs_.Find(owner.seed)->remote_address;
}

void UserAgent::Impl::EndRequest(StandaloneId id, Standalone& owner, RequestOutcome outcome, int status,
                                 const MessageView* response) {
  Emit(ua::RequestEnded{id, owner.cookie, owner.call, response, ClauseOf(outcome, status, response),
                        std::max(status, 0), outcome});
  EndStandalone(id, owner);
  // The next one in the queue.
  StandaloneId next;
  std::uint64_t order = UINT64_MAX;
  if (queued_ > 0 && IsQueued(MethodFromName(owner.method))) {
    standalones_.ForEach([&](StandaloneId other_id, const Standalone& other) {
      if (!other.queued || other.order > order || !IsBefore(other, owner)) return;
      next = other_id;
      order = other.order;
    });
  }
  Call* const call = calls_.Find(owner.call);
  const bool is_lost = status == kNoResponse || status == 408 || status == 481;
  if (call != nullptr && !call->ended && is_lost) {
    // 12.2.1.2
    EndWithBye(owner.call, *call, EndCause::kDialogLost, status, response, "RFC 3261 12.2.1.2", {});
  }
  if (!next.is_nil()) StartInTurn(next);
}

// ---- requests of the peer

void UserAgent::Impl::OnOwnRequest(TransactionId id, CallId call_id, const MessageView& request) {
  const Method method = request.method();
  if (method == Method::kNotify) {
    ++counters_.unknown_dialogs;
    return Refuse(id, 481);  // RFC 6665 4.1.3: of no subscription
  }
  if (method == Method::kSubscribe) return RefuseSharing(id);  // a dialog of its own is asked for
  if (shut_down_) return Refuse(id, 503);
  ++counters_.requests_received;
  if (method == Method::kRefer && options_.takes_refer)
    return References{*this}.OnRefer(id, call_id, request);
  if (method == Method::kInfo && Packages{*this}.OnInfo(id, call_id, request)) return;
  ServerRecord& record = servers_[id.slot];
  record.is_bodyless = method == Method::kMessage;
  if (record.is_bodyless && options_.message_status != 0) {
    Refuse(id, options_.message_status);
    return Emit(ua::RequestReceived{{}, call_id, &request, options_.message_status});
  }
  if (AwaitAnswer(id, call_id)) Emit(ua::RequestReceived{id, call_id, &request, 0});
}

bool UserAgent::Impl::AwaitAnswer(TransactionId id, CallId call_id) {
  if (unanswered_ >= options_.limits.unanswered_max) {
    ++counters_.refused_limit;
    Refuse(id, 503, HeaderId::kRetryAfter, "5");
    return false;
  }
  ServerRecord& record = servers_[id.slot];
  if (Call* const call = calls_.Find(call_id)) {
    record.call = call_id;
    ++call->open;
  }
  record.waits = true;
  ++unanswered_;
  answer_deadlines_.Set(id.slot, After(now_, options_.request_answer_max), answer_deadlines_.NextOrder());
  return true;
}

void UserAgentState::StopWaiting(TransactionId id) {
  servers_[id.slot].waits = false;
  --unanswered_;
  answer_deadlines_.Remove(id.slot);
}

VerbError UserAgent::Impl::RespondTo(Instant now, TransactionId id, int status, const Content& content,
                                     UserAgentSink& out) {
  const bool waits = id.slot < servers_.size() && servers_[id.slot].generation == id.generation &&
                     !id.is_nil() && servers_[id.slot].waits;
  if (!waits || !servers_[id.slot].refer.is_nil()) return ++counters_.stale_ids, VerbError::kStale;
  if (status < 200 || status > 699) return VerbError::kBadStatus;
  VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  if (servers_[id.slot].is_bodyless && status < 300 && !content.body.empty()) return VerbError::kBadHeader;
  Begin(now, out);
  draft_.Clear();
  draft_.AddAll(content.headers);
  if (!content.body.empty()) draft_.Add(HeaderId::kContentType, content.content_type);
  const RespondError responded = Respond(id, status, content.body, content.reason);
  if (responded == RespondError::kNone) {
    StopWaiting(id);
  } else {
    error = responded == RespondError::kMessageTooLong ? VerbError::kTooLong : VerbError::kBadStatus;
  }
  Finish();
  return error;
}

// The user is too slow.
void UserAgent::Impl::FireUnanswered() {
  const std::uint32_t slot = answer_deadlines_.Earliest()->owner;
  ServerRecord& record = servers_[slot];
  StopWaiting({slot, record.generation});
  ++counters_.requests_unanswered;
  if (!record.refer.is_nil()) return References{*this}.OnUnanswered(record.refer);
  Refuse({slot, record.generation}, record.is_of_package ? 200 : 480);
}

}  // namespace sansip
