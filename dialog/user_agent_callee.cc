// Requests that begin something: inspection (RFC 3261 8.2), an INVITE that comes in and its 2xx (13.3),
// CANCEL (9.2), the ACK to our 2xx, OPTIONS (11.2).

#include <array>
#include <optional>
#include <utility>

#include "sansip/core/message/body_handling.h"
#include "sansip/core/message/fields/cseq.h"
#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/request_uri.h"
#include "sansip/core/message/option_list.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/user_agent_info.h"

namespace sansip {

std::string_view TypeOf(std::string_view value) { return Trim(value.substr(0, value.find(';'))); }

bool IsAmong(std::string_view name, std::string_view list) {
  while (!list.empty()) {
    if (EqualsIgnoreCase(TypeOf(TakeListed(list)), name)) return true;
  }
  return false;
}

namespace {

bool IsEncoded(const MessageView& message) {
  const std::optional<std::string_view> encoding = message.First(HeaderId::kContentEncoding);
  return encoding && !EqualsIgnoreCase(Trim(*encoding), "identity");
}

// RFC 5621 4.2: the first part that describes a session. What has to be refused has been; a response cannot
// be.
[[gnu::noinline]] std::string_view DescriptionInParts(const MessageView& message, std::string_view types) {
  std::array<BodyPart, 4> parts;
  const BodyChoice choice =
      ChooseParts(message, {.types = types, .dispositions = "session", .leaves_out_required = true}, parts);
  return choice.part_count > 0 ? parts[0].content : std::string_view();
}

// RFC 3261 26.4.4
bool IsDowngraded(const MessageView& invite) {
  const std::string_view to = *invite.First(HeaderId::kTo);
  return IsSips(to.substr(to.find('<') + 1)) && !IsSips(invite.request_uri());
}

// RFC 3262 3
bool TakesReliable(const MessageView& invite) {
  return HasToken(invite, HeaderId::kRequire, "100rel") || HasToken(invite, HeaderId::kSupported, "100rel");
}

}  // namespace

// RFC 3261 20.11: a session's unless Content-Disposition says otherwise.
std::string_view UserAgentState::DescriptionOf(const MessageView& message) const {
  if (message.body().empty() || message.body().size() > options_.limits.body_bytes_max) return {};
  const std::string_view type = message.First(HeaderId::kContentType).value_or(""), usual = SessionType();
  const bool is_usual = type == usual;
  if (!is_usual && !IsAmong(TypeOf(type), options_.accept))
    return DescriptionInParts(message, options_.accept);
  if (IsEncoded(message)) return {};
  const std::optional<std::string_view> disposition = message.First(HeaderId::kContentDisposition);
  // 13.2.1: without one only a session description's own type is a session's.
  const bool is_session = disposition ? EqualsIgnoreCase(TypeOf(*disposition), "session")
                                      : is_usual || EqualsIgnoreCase(TypeOf(type), usual);
  return is_session ? message.body() : std::string_view();
}

void UserAgent::Impl::HandleRequest(TransactionId id, const MessageView& request, bool is_merged) {
  if (id.is_nil()) return OnAck(request);
  if (id.slot >= servers_.size()) servers_.resize(std::size_t{id.slot} + 1);
  servers_[id.slot] = {.generation = id.generation, .call = {}, .tag = NewTag(), .refer = {}, .dialog = {}};
  if (!authentication_info_.empty()) KeepInfo(id);
  if (request.method() == Method::kCancel) return OnCancel(id, request);

  const std::string_view to_tag = ToTag(request);
  DialogId dialog;
  MessageFacts facts;
  if (!to_tag.empty()) {
    dialog = dialogs_.Find(request.First(HeaderId::kCallId).value_or(""), to_tag, FromTag(request));
    facts.dialog = dialog.is_nil() ? MessageFacts::Dialog::kUnknown : MessageFacts::Dialog::kKnown;
  }
  HearRequest(id, request, dialog);
  if (!dialog.is_nil() && !dialogs_.Find(dialog)->standalone.is_nil()) {
    return OnUsageRequest(id, dialog, request);
  }
  if (!dialog.is_nil()) return OnDialogRequest(id, dialog, request);
  if (request.method() == Method::kNotify && OnFirstNotify(id, request)) return;
  facts.is_merged = is_merged;
  if (!Inspect(id, request, facts)) return;
  if (const int status = StatusOfTarget(request); status != 0) return Refuse(id, status);
  if (request.method() == Method::kInvite) return OnInitialInvite(id, request, DescriptionOf(request));
  if (request.method() == Method::kSubscribe) return OnSubscribe(id, request);
  if (request.method() == Method::kPublish && !options_.published_events.empty())
    return OnPublish(id, request);
  if (request.method() != Method::kOptions) return OnOwnRequest(id, {}, request);
  OnOptions(id, false);
}

// 8.2.2.1. 0: it is for us.
int UserAgentState::StatusOfTarget(const MessageView& request) const {
  NameAddr to;
  if (options_.answers_to != nullptr && ParseNameAddr(*request.First(HeaderId::kTo), to, nullptr).ok() &&
      !options_.answers_to(to.uri)) {
    return 403;
  }
  return options_.serves != nullptr && !options_.serves(request.request_uri()) ? 404 : 0;
}

// Bodies of requests that are none of a call's own have types of their own.
ElementPolicy UserAgentState::PolicyOf(const MessageView& request, const Call* call) const {
  ElementPolicy policy = Policy(call);
  switch (request.method()) {
    case Method::kInvite:
    case Method::kUpdate:
    case Method::kPrack:
    case Method::kBye:
    case Method::kOptions:
      return policy;
    case Method::kMessage:
      policy.types = options_.message_types;
      policy.multiparts = false;  // told whole
      return policy;
    case Method::kPublish:
      policy.multiparts = false;
      policy.types = options_.published_events.empty() ? "*/*" : std::string_view(options_.publish_types);
      return policy;
    default:
      policy.types = "*/*";
      return policy;
  }
}

// 8.2. False: refused.
bool UserAgent::Impl::Inspect(TransactionId id, const MessageView& request, const MessageFacts& facts,
                              const Call* call) {
  const ElementPolicy policy = PolicyOf(request, call);
  const Verdict verdict = VerdictOf(request, {}, policy, facts);
  if (verdict.accepted()) return true;
  CountRefusal(verdict.status);
  if (verdict.status == 489 && !allow_events_.empty()) {
    Refuse(id, 489, HeaderId::kAllowEvents, allow_events_);  // RFC 6665 8.3.2
    return false;
  }
  if (verdict.header == HeaderId::kOther) {
    Refuse(id, verdict.status);
    return false;
  }
  answer_value_.resize(options_.limits.identity_bytes_max);
  ValueWriter value(answer_value_);
  WriteAnswerHeader(verdict, request, policy, value);
  Refuse(id, verdict.status, verdict.header, value.text());
  return false;
}

void UserAgentState::CountRefusal(int status) {
  switch (status) {
    case 405:
    case 501:
      ++counters_.refused_method;
      break;
    case 413:
      ++counters_.refused_limit;
      break;
    case 406:
    case 415:
      ++counters_.refused_body;
      break;
    case 420:
      ++counters_.refused_extension;
      break;
    case 481:
      ++counters_.unknown_dialogs;
      break;
    case 482:
      ++counters_.merged_requests;
      break;
    case 489:
      ++counters_.refused_events;
      break;
    default:
      break;
  }
}

// 11.2: the code that an INVITE would get.
void UserAgent::Impl::OnOptions(TransactionId id, bool in_dialog) {
  draft_.Clear();
  DraftCapabilities(true);
  int status = 200;
  if (!in_dialog && shut_down_) status = 503;
  if (!in_dialog && !shut_down_ && (busy_ || live_ >= options_.limits.calls_max)) status = 486;
  const std::string_view body = status == 200 ? std::string_view(options_.capabilities) : std::string_view();
  if (!body.empty()) draft_.Add(HeaderId::kContentType, SessionType());
  static_cast<void>(Respond(id, status, body));
}

void UserAgent::Impl::OnInitialInvite(TransactionId id, const MessageView& invite, std::string_view offer) {
  CallId replaced, joined;
  if (const int status = StatusOfInvite(invite, replaced, joined); status != 0) return Refuse(id, status);
  const SessionTimerFacts facts = ReadSessionTimerFacts(invite);
  const SessionTimerAnswer timer = AnswerSessionTimer(options_.session_timer, facts);
  if (timer.refuse_status != 0) {
    draft_.Clear();
    const SessionTimerLines lines(timer);
    draft_.AddAll(lines.lines());
    RespondInAnyCase(id, timer.refuse_status);
    return;
  }
  if (options_.reliable_provisionals == ReliableProvisionals::kRequired && !TakesReliable(invite)) {
    ++counters_.refused_extension;
    return Refuse(id, 421, HeaderId::kRequire, "100rel");  // 21.4.15
  }
  const DialogId dialog_id = dialogs_.Add();
  const CallId call_id = dialog_id.is_nil() ? CallId{} : calls_.Add();
  if (call_id.is_nil()) {
    dialogs_.Remove(dialog_id);
    ++counters_.refused_limit;
    return Refuse(id, 503);
  }
  Dialog& dialog = *dialogs_.Find(dialog_id);
  const DialogError error = FormFromRequest(invite, dialog_limits_, TagOf(id), dialog);
  if (error != DialogError::kNone) {
    dialogs_.Remove(dialog_id);
    calls_.Remove(call_id);
    if (error == DialogError::kTooLong) ++counters_.refused_limit;
    return Refuse(id, error == DialogError::kTooLong ? 500 : 400);
  }
  dialog.call = call_id;
  NameDialog(id, dialog, DialogOf(replaced));
  SipUri request_uri;
  const SipUri* const uri = SipRequestUri(invite, request_uri) ? &request_uri : nullptr;
  const bool is_tls = origin_->transport == Transport::kTls || origin_->transport == Transport::kWss;
  dialog.secure = is_tls && uri && uri->is_sips;
  dialogs_.Index(dialog_id);
  Call& call = *calls_.Find(call_id);
  ++live_;
  ++counters_.calls_received;
  Touch(call_id, call);
  call.role = UsageRole::kCallee;
  call.dialog = dialog_id;
  call.wish = options_.session_timer;
  call.timer.emplace(call.wish, false);
  call.timer->OnPeerMessage(facts, false);
  CountTolerated(ToleratedInRequest(facts));
  call.reliability = options_.reliable_provisionals;
  dialog.allows_update = facts.allows_update.value_or(false);
  call.request = {.id = id,
                  .offered = !offer.empty(),
                  .takes_reliable = call.reliability != ReliableProvisionals::kNo && TakesReliable(invite),
                  .needs_reliable = HasToken(invite, HeaderId::kRequire, "100rel"),
                  .cseq = *dialog.remote_cseq,
                  .timer = timer,
                  .target = {}};
  servers_[id.slot].call = call_id;
  ++call.open;
  ComposeCalleeContact(call, dialog, invite.request_uri(), uri);
  DeltaSeconds expires;
  const std::optional<std::string_view> value = invite.First(HeaderId::kExpires);
  if (value && ParseDeltaSeconds(*value, expires).ok())
    Arm(call_id, call, CallTimer::kExpires, After(now_, std::chrono::seconds(expires.seconds)));
  if (!offer.empty()) SANSIP_CHECK(dialog.offer_answer.OnRemoteOffer(offer));
  call.replaces = replaced;
  Packages{*this}.Begin(call);
  if (!call.packages.is_nil()) Packages{*this}.OnRequest(id, call, dialog_id, invite);
  Emit(ua::Incoming{call_id, &invite, offer, replaced, joined, IsDowngraded(invite)});
}

// `uri`: the Request-URI; null: not a SIP one.
void UserAgent::Impl::ComposeCalleeContact(Call& call, const Dialog& dialog, std::string_view request_uri,
                                           const SipUri* uri) {
  const bool has_user = uri && uri->has_user && !options_.contact_user_first;
  call.contact_user.assign(has_user ? uri->user : std::string_view(options_.contact_user));
  HostPort host = origin_->contact;
  if (host.host.empty() && uri) host = {uri->host, uri->port};
  // 12.1.1: SIPS in the Request-URI, the top Record-Route, or without one the Contact.
  const std::string_view next_hop =
      dialog.routes.empty() ? std::string_view(dialog.remote_target) : RouteOf(dialog, uri_scratch_).next_hop;
  const bool sips = (uri && uri->is_sips) || EqualsIgnoreCase(UriScheme(next_hop), "sips");
  if (bindings_.size() > 0) ChooseCalleeGruu(request_uri, call.contact);
  ComposeTarget(call.contact_user, host, origin_->transport, origin_->flow, sips, call.contact);
}

// Our 2xx to the INVITE, re-INVITE or UPDATE that waits. False: it cannot be made; nothing has happened.
bool UserAgent::Impl::SendSuccess(CallId call_id, Call& call, const Content& content, VerbError& error) {
  Dialog& dialog = *dialogs_.Find(call.dialog);
  const Call::Request& request = call.request;
  const bool is_initial = call.state <= UsageState::kEarly && !request.is_update;
  // RFC 6337 3.1: what a reliable provisional has described is not said again.
  const std::string_view body = request.settled ? std::string_view() : content.body;
  draft_.Clear();
  DraftDialogHeaders(call, dialog);
  const SessionTimerLines timer(request.timer);
  draft_.AddAll(timer.lines());
  draft_.AddAll(content.headers);
  if (!body.empty()) draft_.Add(HeaderId::kContentType, content.content_type);
  if (Respond(request.id, 200, body) != RespondError::kNone) {
    error = VerbError::kTooLong;
    return false;
  }
  Touch(call_id, call);
  if (is_initial) {
    Advance(call, UsageEvent::kSuccess);
    dialog.state = Dialog::State::kConfirmed;
    dialog.agreed = true;
    ++counters_.calls_answered;
    Stop(call_id, call, CallTimer::kExpires);
  }
  // RFC 6141 4.6: with our 2xx its Contact is the target.
  if (!request.target.empty()) dialog.remote_target.assign(request.target);
  bool offers = false;
  if (request.offered && !request.settled) {
    body.empty() ? dialog.offer_answer.OnFailure()
                 : static_cast<void>(dialog.offer_answer.OnLocalAnswer(body));
  } else if (!request.is_update && !body.empty()) {
    SANSIP_CHECK(dialog.offer_answer.OnLocalOffer(body));
    offers = true;
  }
  CountTolerated(
      call.timer->On2xxSent(now_, request.is_update ? Method::kUpdate : Method::kInvite, request.timer));
  Stop(call_id, call, CallTimer::kUpdateAnswer);
  if (!request.is_update) {
    CloseOpenInvite(call_id, call);
    dialog.offer_answer.Unmark();
    // 13.3.1.4, on every transport.
    const TimerValues& timers = options_.transactions.timers;
    call.success = {
        .id = request.id, .cseq = request.cseq, .gap = timers.t1, .offers = offers, .moved = request.moved};
    Arm(call_id, call, CallTimer::kResend, After(now_, timers.t1));
    Arm(call_id, call, CallTimer::kNoAck, After(now_, timers.transaction_timeout()));
  }
  call.request.id = {};
  call.request.target.clear();
  if (is_initial) EndReplaced(call);
  return true;
}

// RFC 3891 3: BYE for a confirmed dialog, CANCEL for an early one.
void UserAgent::Impl::EndReplaced(Call& call) {
  const CallId id = std::exchange(call.replaces, {});
  Call* const replaced = calls_.Find(id);
  if (replaced == nullptr || replaced->ended || replaced->cancelling) return;
  Touch(id, *replaced);
  HangUpNow(*replaced, id, EndCause::kReplaced, {});
}

void UserAgent::Impl::TellTimer(CallId call_id, Call& call, bool by_us, bool is_refresh) {
  const SessionTimerStatus status = call.timer->status();
  if (is_refresh) ++(by_us ? counters_.refreshes_sent : counters_.refreshes_received);
  Emit(ua::Refreshed{call_id, call.cookie, status.interval, by_us, status.we_refresh, is_refresh});
}

void UserAgentState::CountTolerated(SessionTimerTolerances tolerated) {
  if (tolerated.empty()) return;
  for (std::size_t i = 0; i < kSessionTimerTolerances; ++i) {
    if (tolerated.Has(static_cast<SessionTimerTolerance>(i))) ++counters_.session_timers_tolerated[i];
  }
}

// 9.2
void UserAgent::Impl::OnCancel(TransactionId id, const MessageView& cancel) {
  const TransactionId request = layer_.RequestOf(id);
  const bool is_known = !request.is_nil() && request.slot < servers_.size() &&
                        servers_[request.slot].generation == request.generation;
  if (!is_known) return Refuse(id, 481);
  servers_[id.slot].tag = servers_[request.slot].tag;
  HearRequest(id, cancel, {});
  // RFC 7989 8: as from the INVITE's end, and nothing is learnt.
  if (const ServerSession* const session = SessionOf(request))
    SessionOf(id)->uuids.local = session->uuids.local;
  Refuse(id, 200);
  const TransactionId invite = layer_.InviteOf(id);
  if (invite.is_nil()) return;
  const CallId call_id = servers_[invite.slot].call;
  Call* call = calls_.Find(call_id);
  if (call == nullptr || call->request.id != invite) return;  // it has its final response
  if (call->state > UsageState::kEarly) {
    if (!call->request.settled) return RefuseRequest(call_id, *call, 487, {});
    // RFC 6141 3.8: what is changed already stays.
    VerbError error = VerbError::kNone;
    const OpenInvite* open = FindOpen(*call);
    if (open != nullptr && open->answer_held) return;
    if (!AnswerOrHold(call_id, *call, {}, error)) RefuseRequest(call_id, *call, 487, {});
    return;
  }
  Refuse(invite, 487);
  call->request.id = {};
  Advance(*call, UsageEvent::kFailure);
  EndCall(call_id, *call, EndCause::kRemoteCancel, 487, nullptr, "RFC 3261 9.2");
}

// 13.3.1.4; not subject to the order of sequence numbers (12.2.2).
void UserAgent::Impl::OnAck(const MessageView& ack) {
  const DialogId dialog_id =
      dialogs_.Find(ack.First(HeaderId::kCallId).value_or(""), ToTag(ack), FromTag(ack));
  Dialog* dialog = dialogs_.Find(dialog_id);
  Call* call = dialog == nullptr ? nullptr : calls_.Find(dialog->call);
  CSeq cseq;
  if (call == nullptr || call->success.id.is_nil() || !CSeqOf(ack, cseq) ||
      cseq.number != call->success.cseq) {
    ++counters_.stray_acks;
    return;
  }
  const CallId call_id = dialog->call;
  Touch(call_id, *call);
  HearAck(*dialog, ack);
  const bool offered = call->success.offers;  // else an open offer is an UPDATE's
  ForgetSuccess(call_id, *call);
  const bool is_first = Advance(*call, UsageEvent::kAck);
  const std::string_view answer = DescriptionOf(ack);
  if (offered && dialog->offer_answer.state() == OfferAnswer::State::kLocalOffer) {
    if (answer.empty()) {
      dialog->offer_answer.OnFailure();
    } else if (dialog->offer_answer.OnRemoteAnswer(answer) && !call->ended) {
      Emit(ua::AnswerReceived{call_id, call->cookie, dialog_id, &ack, answer, false});
    }
  }
  if (is_first && !call->ended) Emit(ua::Confirmed{call_id, call->cookie, &ack});
  if (!call->bye_on_ack) return;
  call->bye_on_ack = false;
  --held_byes_;
  Advance(*call, UsageEvent::kBye);
  SendBye(call_id, *call, dialog_id);
}

}  // namespace sansip
