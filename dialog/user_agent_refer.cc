// REFER (RFC 3515) in both roles, and how a call that was asked for so is told of.

#include "sansip/dialog/user_agent_refer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/refer_sub.h"
#include "sansip/core/message/fields/refer_to.h"
#include "sansip/core/message/fields/referred_by.h"
#include "sansip/core/message/fields/replaces.h"
#include "sansip/core/message/status_code.h"
#include "sansip/core/uri/escape.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip {
namespace {

constexpr std::string_view kFragmentType = "message/sipfrag;version=2.0";  // RFC 3420 2
constexpr std::string_view kVersion = "SIP/2.0 ";

// The decimal digits of a number that needs no more.
struct Digits {
  explicit Digits(std::uint32_t number)
      : size(static_cast<std::size_t>(std::to_chars(text.data(), text.data() + text.size(), number).ptr -
                                      text.data())) {}
  std::string_view view() const { return {text.data(), size}; }
  std::array<char, 10> text;
  std::size_t size;
};

// RFC 3515 2.4.5: of the status line that the body begins with. 0: there is none.
int StatusIn(std::string_view fragment) {
  if (!fragment.starts_with(kVersion)) return 0;
  const std::string_view rest = fragment.substr(kVersion.size());
  int status = 0;
  const char* const end = rest.data() + std::min<std::size_t>(rest.size(), 3);
  const auto [ptr, error] = std::from_chars(rest.data(), end, status);
  return error == std::errc() && ptr == end && status >= 100 && status <= 699 ? status : 0;
}

void SetFragment(Standalone& owner, int status) {
  KeptText& line = owner.accept;  // a notifier's own
  line.assign(kVersion);
  line += Digits(static_cast<std::uint32_t>(status)).view();
  line += ' ';
  line += ReasonPhrase(status);
  line += "\r\n";
  owner.content.Assign(line, kFragmentType, {});
  owner.refer_status = status;
}

// What a call that has ended without an answer is told as (2.4.5).
int StatusOf(EndCause cause, int status) {
  if (status >= 300) return status;
  switch (cause) {
    case EndCause::kTimedOut:
      return 408;
    case EndCause::kUnreachable:
      return 503;
    case EndCause::kLocalCancel:
    case EndCause::kExpired:
    case EndCause::kShutdown:
      return 487;
    default:
      return 500;
  }
}

}  // namespace

std::string_view ReferStageName(ReferStage stage) {
  constexpr std::array<std::string_view, 4> kNames = {"accepted", "reported", "refused", "ended"};
  return kNames[static_cast<std::size_t>(stage)];
}

bool NamesReference(std::string_view value, std::uint32_t cseq) {
  EventField event;
  if (!ParseEvent(value, event).ok() || event.type != kReferEvent) return false;
  return event.id.empty() || event.id == Digits(cseq).view();
}

bool IsUnreported(const MessageView& message) {
  const std::optional<std::string_view> value = message.First(HeaderId::kReferSub);
  ReferSub refer_sub;
  return value && ParseReferSub(*value, refer_sub).ok() && !refer_sub.subscribes;
}

// ---- who sends it

namespace {

VerbError CheckRefer(const ReferDraft& draft, const UserAgentLimits& limits) {
  ReferTo refer_to;
  ReferredBy referred_by;
  if (std::max(draft.refer_to.size(), draft.referred_by.size()) > limits.identity_bytes_max) {
    return VerbError::kTooLong;
  }
  if (HasControl(draft.refer_to) || !ParseReferTo(draft.refer_to, refer_to).ok()) return VerbError::kBadUri;
  const bool is_said = !draft.referred_by.empty();
  if (is_said && (HasControl(draft.referred_by) || !ParseReferredBy(draft.referred_by, referred_by).ok())) {
    return VerbError::kBadHeader;
  }
  return VerbError::kNone;
}

// RFC 3261 20: a URI with a comma, question mark or semicolon stands in brackets.
std::string Bracketed(std::string_view refer_to) {
  std::string text;
  const bool is_uri = refer_to.find('<') == std::string_view::npos;
  if (is_uri) text += '<';
  text += refer_to;
  if (is_uri) text += '>';
  return text;
}

}  // namespace

Asked UserAgent::Impl::Refer(Instant now, const ReferDraft& given, UserAgentSink& out) {
  if (shut_down_) return {{}, VerbError::kShutDown};
  ReferDraft draft = given;
  const std::string refer_to = Bracketed(given.refer_to);
  draft.refer_to = refer_to;
  if (!draft.call.is_nil()) {
    const Call* const call = calls_.Find(draft.call);
    if (call == nullptr) return ++counters_.stale_ids, Asked{{}, VerbError::kStale};
    const Dialog* const dialog = dialogs_.Find(call->dialog);
    if (call->ended || dialog == nullptr || dialog->state != Dialog::State::kConfirmed) {
      return {{}, VerbError::kWrongState};
    }
    if (IsAskedOutside(*dialog)) return References{*this}.StartOutside(now, draft, draft.call, out);
  }
  return References{*this}.Start(now, draft, {}, out);
}

// RFC 6665 4.5.2
Asked UserAgent::Impl::References::StartOutside(Instant now, ReferDraft draft, CallId target,
                                                UserAgentSink& out) {
  const Call& call = *agent.calls_.Find(target);
  const Dialog& dialog = *agent.dialogs_.Find(call.dialog);
  // Copies: a new dialog may move the others.
  const std::string uri(dialog.remote_target), from(dialog.local_address), user(call.contact_user);
  draft.call = {};
  draft.target = uri;
  draft.from = from;
  draft.contact_user = user;
  return Start(now, draft, target, out);
}

// `target`: the call that a Target-Dialog names; nil: none does.
Asked UserAgent::Impl::References::Start(Instant now, const ReferDraft& draft, CallId target,
                                         UserAgentSink& out) {
  const StandaloneDraft request{.target = draft.target,
                                .from = draft.from,
                                .contact_user = draft.contact_user,
                                .routes = draft.routes,
                                .registration = draft.registration,
                                .call = draft.call,
                                .content = draft.content,
                                .cookie = draft.cookie};
  const UserAgentLimits& limits = agent.options_.limits;
  VerbError error = CheckStandalone(request, limits, agent.uri_scratch_);
  if (error == VerbError::kNone) error = CheckRefer(draft, limits);
  if (error != VerbError::kNone) return {{}, error};
  agent.Begin(now, out);
  const StandaloneId id = agent.AddStandalone(Standalone::Kind::kSubscriber, limits.subscriptions_max);
  if (id.is_nil() || (draft.call.is_nil() && agent.AddSeed(id, request).is_nil())) {
    agent.Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  ++agent.counters_.subscriptions_made;
  Standalone& owner = *agent.standalones_.Find(id);
  owner.is_refer = true;
  owner.event.assign(kReferEvent);
  owner.reports = draft.wants_reports;
  owner.refer_to.assign(draft.refer_to);
  owner.referred_by.assign(draft.referred_by);
  if (!target.is_nil()) agent.AimAt(owner, target);
  if (draft.call.is_nil()) {
    owner.takes_forks = true;  // RFC 3515 3.9
    agent.dialogs_.Index(owner.seed);
  } else {
    owner.cookie = draft.cookie;
    owner.content.Assign(draft.content.body, draft.content.content_type, draft.content.headers);
    JoinCall(id, owner, draft.call);
  }
  owner.subscription = Subscription::OfRefer(agent.options_.transactions.timers.transaction_timeout());
  agent.Perform(id, owner.subscription.Start(agent.now_), 0, nullptr);
  agent.Finish();
  return {id, VerbError::kNone};
}

// RFC 5589 6.1
Asked UserAgent::Impl::Transfer(Instant now, CallId id, std::string_view target, UserAgentSink& out) {
  const Call* const call = calls_.Find(id);
  const Dialog* const dialog = call == nullptr ? nullptr : dialogs_.Find(call->dialog);
  ReferDraft draft{.call = id, .refer_to = target};
  if (dialog != nullptr) draft.referred_by = dialog->local_address;
  return Refer(now, draft, out);
}

// RFC 5589 7.3, RFC 3891 4: to the Contact that `other` has, by the identifiers that are its peer's. An early
// dialog that its peer did not begin cannot be replaced.
Asked UserAgent::Impl::Transfer(Instant now, CallId id, CallId other_id, UserAgentSink& out) {
  const Call* const other = calls_.Find(other_id);
  if (other == nullptr) return ++counters_.stale_ids, Asked{{}, VerbError::kStale};
  const Dialog* const dialog = dialogs_.Find(other->dialog);
  if (other->ended || id == other_id || dialog == nullptr || dialog->state != Dialog::State::kConfirmed) {
    return {{}, VerbError::kWrongState};
  }
  std::string replaces(dialog->call_id);
  replaces.append(";to-tag=").append(dialog->remote_tag.empty() ? "0" : std::string_view(dialog->remote_tag));
  replaces.append(";from-tag=").append(dialog->local_tag);
  KeptText target;
  AssignRequestUri(target, dialog->remote_target);
  target += "?Replaces=" + EscapeUriHeader(replaces);
  return Transfer(now, id, target, out);
}

void UserAgent::Impl::References::Draft(const Outgoing& request, Standalone& owner) {
  DraftSpace& draft = agent.draft_;
  owner.refer_cseq = request.cseq;
  draft.Add(HeaderId::kContact, owner.contact);
  draft.Add(HeaderId::kReferTo, owner.refer_to);
  if (!owner.referred_by.empty()) draft.Add(HeaderId::kReferredBy, owner.referred_by);
  agent.DraftTarget(owner);
  draft.Add(HeaderId::kAllow, agent.Policy().methods);
  const bool says_path = agent.supported_.find("path") != std::string::npos;  // RFC 3327 5.1
  const std::string_view unreported = says_path ? "norefersub, path" : "norefersub";
  draft.Add(HeaderId::kSupported, owner.reports ? agent.Policy().options : unreported);
  if (!owner.reports) draft.Add(HeaderId::kReferSub, "false");
}

// That it is about.
CallId CallOf(const Standalone& owner) { return owner.call.is_nil() ? owner.names : owner.call; }

void UserAgent::Impl::References::TakeReport(StandaloneId id, Standalone& owner, const MessageView& notify,
                                             StandaloneId forked_from) {
  const int status = StatusIn(notify.body());
  if (status != 0) owner.refer_status = status;
  owner.is_accepted = true;  // RFC 3515 2.4.4: it may come before the 2xx
  AssignUnfolded(owner.event, notify.First(HeaderId::kEvent).value_or(kReferEvent));  // 2.4.6: the same id
  agent.Emit(ua::ReferChanged{id, owner.cookie, CallOf(owner), &notify, owner.refer_status,
                              ReferStage::kReported, forked_from});
}

void UserAgent::Impl::References::Tell(StandaloneId id, Standalone& owner, int status,
                                       const MessageView* message) {
  const auto tell = [&](int told, ReferStage stage) {
    agent.Emit(ua::ReferChanged{id, owner.cookie, CallOf(owner), message, told, stage});
  };
  if (status >= 200 && status < 300 && !owner.is_accepted) {
    owner.is_accepted = true;
    tell(status, ReferStage::kAccepted);
  }
  if (owner.subscription.state() != Subscription::State::kOver || owner.is_over) return;
  if (!owner.is_accepted) return tell(status == 0 ? 408 : status, ReferStage::kRefused);
  tell(owner.refer_status, ReferStage::kEnded);
}

// ---- who receives it

void UserAgent::Impl::References::OnRefer(TransactionId id, CallId call_id, const MessageView& request) {
  Call* const call = agent.calls_.Find(call_id);
  CSeq cseq;
  if (!CSeqOf(request, cseq) || (call != nullptr && agent.dialogs_.Find(call->dialog) == nullptr)) {
    return agent.Refuse(id, 403);
  }
  StandaloneId owner_id;
  if (call == nullptr) {
    owner_id = agent.AddNotifier(id, request);
    if (owner_id.is_nil()) return;
  } else {
    owner_id = agent.AddStandalone(Standalone::Kind::kNotifier, agent.options_.limits.subscriptions_max);
    if (owner_id.is_nil()) {
      ++agent.counters_.refused_limit;
      return agent.Refuse(id, 503, HeaderId::kRetryAfter, "60");
    }
    Standalone& within = *agent.standalones_.Find(owner_id);
    JoinCall(owner_id, within, call_id);
    within.contact = call->contact;
  }
  Standalone& owner = *agent.standalones_.Find(owner_id);
  owner.is_refer = true;
  Method method = Method::kInvite;
  if (!TakeReferTo(id, request, owner, method) || !agent.AwaitAnswer(id, call_id)) {
    agent.EndStandalone(owner_id, owner);
    return agent.SettleStandalone(owner_id);
  }
  ++agent.counters_.subscriptions_received;
  agent.servers_[id.slot].refer = owner_id;
  owner.request = id;
  owner.refer_cseq = cseq.number;
  owner.event.assign(kReferEvent);
  if (call != nullptr && std::exchange(call->was_referred, true)) {
    owner.event += ";id=";  // 2.4.6: from the second on
    owner.event += Digits(cseq.number).view();
  }
  owner.reports = !IsUnreported(request);
  agent.Emit(
      ua::ReferReceived{owner_id, call_id, &request, owner.refer_to, owner.replaces, method, owner.reports});
}

// What is asked for. False: it is refused.
bool UserAgent::Impl::References::TakeReferTo(TransactionId id, const MessageView& request, Standalone& owner,
                                              Method& method) {
  const std::string_view value = request.First(HeaderId::kReferTo).value_or("");
  const std::optional<std::string_view> by = request.First(HeaderId::kReferredBy);
  ReferTo refer_to;
  ReferredBy referred_by;
  Replaces replaces;
  const std::size_t max = agent.options_.limits.identity_bytes_max;
  if (!ParseReferTo(value, refer_to).ok() || (by && !ParseReferredBy(*by, referred_by).ok())) {
    return agent.Refuse(id, 400), false;
  }
  if (!ParseSipUri(refer_to.address.uri)) return agent.Refuse(id, 416), false;  // 2.4.2: not to be accepted
  if (value.size() > max || (by && by->size() > max)) {
    ++agent.counters_.refused_limit;
    return agent.Refuse(id, 500), false;
  }
  agent.answer_value_.resize(max);
  const auto field = EmbeddedField(refer_to, HeaderId::kReplaces, agent.answer_value_);
  if (field && !ParseReplaces(*field, replaces).ok()) return agent.Refuse(id, 400), false;
  owner.replaces.assign(field.value_or(""));
  AssignRequestUri(owner.refer_to, refer_to.address.uri);
  if (by) AssignUnfolded(owner.referred_by, *by);
  std::string_view name;
  method = ReferredMethod(refer_to, name);
  return true;
}

// 2.4.2: there must be a final response; the user's answer goes into a NOTIFY then.
void UserAgent::Impl::References::OnUnanswered(StandaloneId id) {
  Standalone* const owner = agent.standalones_.Find(id);
  if (owner != nullptr && !owner->is_over) Accept(id, *owner, Substate::kPending);
}

void UserAgent::Impl::References::OnTransactionGone(TransactionId request, StandaloneId id) {
  Standalone* const owner = agent.standalones_.Find(id);
  if (owner == nullptr || owner->is_over || owner->request != request) return;
  owner->request = {};
  End(id, *owner, 408);
}

void UserAgent::Impl::References::Accept(StandaloneId id, Standalone& owner, Substate state) {
  const TransactionId request = std::exchange(owner.request, {});
  if (agent.servers_[request.slot].waits) agent.StopWaiting(request);
  const Dialog& dialog = *agent.dialogs_.Find(owner.dialog);
  agent.draft_.Clear();
  if (owner.call.is_nil() && !dialog.routes.empty()) agent.draft_.Add(HeaderId::kRecordRoute, dialog.routes);
  agent.draft_.Add(HeaderId::kContact, owner.contact);
  if (!owner.reports) agent.draft_.Add(HeaderId::kReferSub, "false");  // RFC 4488 4
  agent.DraftCapabilities(false);
  agent.RespondInAnyCase(request, 202);
  owner.until = After(agent.now_, std::chrono::seconds(agent.options_.refer_expires));
  owner.state = state;
  SetFragment(owner, 100);
  if (owner.reports) return agent.StartNotify(id, owner);  // 2.4.4: at once
  agent.ArmStandalone(id, owner);
}

void UserAgent::Impl::References::Report(StandaloneId id, Standalone& owner, int status) {
  if (owner.is_over || owner.state == Substate::kTerminated) return;
  if (status < 200 && status == owner.refer_status) return;
  SetFragment(owner, status);
  if (status >= 200) return agent.WithdrawStandalone(id, owner, EventReason::kNoresource);  // 2.4.7
  owner.state = Substate::kActive;
  if (owner.reports) agent.StartNotify(id, owner);
}

bool UserAgent::Impl::References::CanReport(StandaloneId id, Standalone& owner) {
  const TransactionId request = std::exchange(owner.request, {});
  if (!request.is_nil()) {
    agent.StopWaiting(request);
    agent.Refuse(request, 480);
  }
  if (request.is_nil() && owner.reports) return true;
  End(id, owner, 0);
  return false;
}

void UserAgent::Impl::References::End(StandaloneId id, Standalone& owner, int status) {
  agent.Emit(
      ua::SubscriptionChanged{id, owner.cookie, nullptr, kNever, kNever, status, Subscription::State::kOver});
  agent.EndStandalone(id, owner);
  agent.SettleStandalone(id);
}

namespace {

bool IsReference(const Standalone* owner) {
  return owner != nullptr && owner->is_refer && !owner->is_over &&
         owner->kind == Standalone::Kind::kNotifier && owner->state != Substate::kTerminated;
}

}  // namespace

VerbError UserAgent::Impl::AnswerRefer(Instant now, StandaloneId id, int status, UserAgentSink& out) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return ++counters_.stale_ids, VerbError::kStale;
  if (!IsReference(owner) || owner->request.is_nil()) return VerbError::kWrongState;
  if (status > 699) return VerbError::kBadStatus;
  Begin(now, out);
  if (status < 300) {
    References{*this}.Accept(id, *owner, Substate::kActive);
  } else {
    const TransactionId request = std::exchange(owner->request, {});
    StopWaiting(request);
    Refuse(request, status);
    EndStandalone(id, *owner);
    SettleStandalone(id);
  }
  Finish();
  return VerbError::kNone;
}

VerbError UserAgent::Impl::Report(Instant now, StandaloneId id, int status, UserAgentSink& out) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return ++counters_.stale_ids, VerbError::kStale;
  if (!IsReference(owner) || !owner->request.is_nil()) return VerbError::kWrongState;
  if (status < 100 || status > 699) return VerbError::kBadStatus;
  Begin(now, out);
  References{*this}.Report(id, *owner, status);
  Finish();
  return VerbError::kNone;
}

bool UserAgent::Impl::References::Complete(CallDraft& draft) {
  const Standalone* const owner = agent.standalones_.Find(draft.reference);
  if (!IsReference(owner)) return false;
  if (draft.target.empty()) draft.target = owner->refer_to;
  if (draft.from.empty()) draft.from = agent.dialogs_.Find(owner->dialog)->local_address;
  if (draft.contact_user.empty()) draft.contact_user = owner->contact_user;
  if (draft.replaces.empty() && draft.joins.empty()) draft.replaces = owner->replaces;
  return true;
}

// RFC 3892 2.2: Referred-By as it came. Who does not know Replaces or Join must not take it as a new call.
std::span<const HeaderLine> UserAgent::Impl::References::LinesFor(const CallDraft& draft) {
  const Standalone* const owner = agent.standalones_.Find(draft.reference);
  if (owner == nullptr && draft.replaces.empty() && draft.joins.empty()) return draft.content.headers;
  std::vector<HeaderLine>& lines = agent.kept_lines_;
  lines.assign(draft.content.headers.begin(), draft.content.headers.end());
  if (owner != nullptr && !owner->referred_by.empty()) {
    lines.push_back({HeaderId::kReferredBy, owner->referred_by, {}});
  }
  if (!draft.replaces.empty()) {
    lines.push_back({HeaderId::kReplaces, draft.replaces, {}});
    lines.push_back({HeaderId::kRequire, "replaces", {}});
  } else if (!draft.joins.empty()) {
    lines.push_back({HeaderId::kJoin, draft.joins, {}});
    lines.push_back({HeaderId::kRequire, "join", {}});
  }
  return lines;
}

void UserAgent::Impl::References::Follow(StandaloneId id, Call& call) {
  Standalone& owner = *agent.standalones_.Find(id);
  call.reference = id;
  if (!owner.request.is_nil()) Accept(id, owner, Substate::kActive);
}

void UserAgent::Impl::References::OnCallAt(Call& call, int status) {
  const StandaloneId id = call.reference;
  if (id.is_nil()) return;
  if (status >= 200) call.reference = {};
  if (Standalone* const owner = agent.standalones_.Find(id)) Report(id, *owner, status);
}

void UserAgent::Impl::References::OnCallEnded(Call& call, EndCause cause, int status) {
  if (!call.reference.is_nil()) OnCallAt(call, StatusOf(cause, status));
}

// ---- within a call

// The call, and with it its dialog, stays as long as one of these does.
void UserAgent::Impl::References::JoinCall(StandaloneId id, Standalone& owner, CallId call_id) {
  Call& call = *agent.calls_.Find(call_id);
  owner.call = call_id;
  owner.dialog = call.dialog;
  owner.contact_user = call.contact_user;
  owner.next_in_call = std::exchange(call.references, id);
  ++call.open;
  agent.Touch(call_id, call);
}

void UserAgent::Impl::References::LeaveCall(StandaloneId id, Standalone& owner) {
  if (owner.call.is_nil()) return;
  Call& call = *agent.calls_.Find(owner.call);
  StandaloneId* link = &call.references;
  while (*link != id) link = &agent.standalones_.Find(*link)->next_in_call;
  *link = owner.next_in_call;
  owner.dialog = {};  // the call's
  --call.open;
  agent.Touch(owner.call, call);
}

bool UserAgent::Impl::References::OnEvent(TransactionId id, Call& call, Dialog& dialog,
                                          const MessageView& request) {
  const bool is_notify = request.method() == Method::kNotify;
  const auto kind = is_notify ? Standalone::Kind::kSubscriber : Standalone::Kind::kNotifier;
  StandaloneId found;  // without an id in Event the oldest
  for (StandaloneId at = call.references; !at.is_nil(); at = agent.standalones_.Find(at)->next_in_call) {
    const Standalone& owner = *agent.standalones_.Find(at);
    if (owner.kind == kind && !owner.is_over && agent.IsEventOf(owner, request)) found = at;
  }
  if (found.is_nil()) return false;
  if (!agent.Inspect(id, request, {.dialog = MessageFacts::Dialog::kKnown}, &call)) return true;
  is_notify ? agent.OnNotify(id, found, dialog, request, {})
            : agent.OnSubscribeAgain(id, found, dialog, request);
  return true;
}

}  // namespace sansip
