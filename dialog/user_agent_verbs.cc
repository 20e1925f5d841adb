// What the user asks: checked first, so that an error has no effect.

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/replaces.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/text/scan_line.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/core/uri/tel_uri.h"
#include "sansip/dialog/uri_wishes.h"
#include "sansip/dialog/user_agent_info.h"
#include "sansip/dialog/user_agent_refer.h"

namespace sansip {
bool HasControl(std::string_view text) {
  if (text.empty() || FindControl(text, 0) == text.size()) return false;  // as nearly always
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= '\r' && (c == '\r' || c == '\n' || c == '\0');
  });
}

bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "-.!%*_+`'~";  // RFC 3261 25.1
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (ToLower(c) >= 'a' && ToLower(c) <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

namespace {

// Header fields that the user agent or the transaction layer writes.
bool IsOurs(HeaderId id) {
  switch (id) {
    case HeaderId::kVia:
    case HeaderId::kFrom:
    case HeaderId::kTo:
    case HeaderId::kCallId:
    case HeaderId::kCSeq:
    case HeaderId::kMaxForwards:
    case HeaderId::kRoute:
    case HeaderId::kRecordRoute:
    case HeaderId::kContact:
    case HeaderId::kContentType:
    case HeaderId::kContentLength:
    case HeaderId::kContentEncoding:
    case HeaderId::kAllow:
    case HeaderId::kSupported:
    case HeaderId::kRequire:
    case HeaderId::kUnsupported:
    case HeaderId::kExpires:
    case HeaderId::kSessionExpires:
    case HeaderId::kMinSe:
    case HeaderId::kRAck:
    case HeaderId::kRSeq:
    case HeaderId::kEvent:
    case HeaderId::kAllowEvents:
    case HeaderId::kSubscriptionState:
    case HeaderId::kSipEtag:
    case HeaderId::kSipIfMatch:
    case HeaderId::kInfoPackage:
    case HeaderId::kRecvInfo:
      return true;
    default:
      return false;
  }
}

std::string_view RouteUriOf(std::string_view route) {
  NameAddr address;
  std::string_view rest;
  if (HasControl(route) || !ParseNameAddr(route, address, &rest).ok() || !Trim(rest).empty()) return {};
  return address.uri;
}

// A name-addr without tag, of a SIP or SIPS URI where it has to be one.
bool ReadAddress(std::string_view text, NameAddr& address) {
  std::string_view rest;
  return !HasControl(text) && ParseNameAddr(text, address, &rest).ok() && Trim(rest).empty() &&
         !address.is_star && !Parameter(address.parameters, "tag");
}

bool IsAddress(std::string_view text) {
  NameAddr address;
  return ReadAddress(text, address);
}

bool IsContactUser(std::string_view user, KeptText& scratch) {
  if (user.empty()) return true;
  scratch.assign("sip:");
  scratch += user;
  scratch += "@host.invalid";
  return ParseSipUri(scratch).has_value();
}

// 8.1.1.1: a SIP or SIPS URI; or the number of a tel URI, where a route says who is to be asked.
bool IsTarget(std::string_view target, std::span<const std::string_view> routes) {
  TelUri tel;
  std::size_t fault = 0;
  if (HasControl(target)) return false;
  return ParseSipUri(target) || (!routes.empty() && ParseTelUri(target, tel, fault));
}

VerbError CheckRoutes(std::span<const std::string_view> routes, const UserAgentLimits& limits) {
  std::size_t bytes = 0;
  for (const std::string_view route : routes) {
    const std::string_view uri = RouteUriOf(route);
    if (uri.empty() || !ParseSipUri(uri)) return VerbError::kBadUri;
    bytes += route.size() + 2;
  }
  const bool fits = routes.size() <= limits.routes_max && bytes <= DialogLimits().routes_bytes_max;
  return fits ? VerbError::kNone : VerbError::kTooLong;
}

// `from` gets what draft.from is.
VerbError CheckDraft(const CallDraft& draft, const UserAgentLimits& limits, KeptText& scratch,
                     NameAddr& from) {
  if (!IsTarget(draft.target, draft.routes)) return VerbError::kBadUri;
  const std::string_view method = MethodName(Method::kInvite);
  if (MethodOfUri(draft.target, method) != method) return VerbError::kBadMethod;  // 19.1.5
  if (!ReadAddress(draft.from, from) || !IsContactUser(draft.contact_user, scratch)) {
    return VerbError::kBadUri;
  }
  const VerbError routes = CheckRoutes(draft.routes, limits);
  if (routes != VerbError::kNone) return routes;
  if (std::max({draft.target.size(), draft.from.size(), draft.contact_user.size(), draft.replaces.size(),
                draft.joins.size()}) > limits.identity_bytes_max) {
    return VerbError::kTooLong;
  }
  if (HasControl(draft.replaces) || HasControl(draft.joins)) return VerbError::kBadHeader;
  Replaces replaces;
  Join join;
  if ((!draft.replaces.empty() && !ParseReplaces(draft.replaces, replaces).ok()) ||
      (!draft.joins.empty() && (!draft.replaces.empty() || !ParseJoin(draft.joins, join).ok()))) {
    return VerbError::kBadHeader;  // RFC 3891 3: not both
  }
  return CheckContent(draft.content, limits, HeaderId::kRequire);
}

}  // namespace

VerbError CheckHeaders(std::span<const HeaderLine> headers, const UserAgentLimits& limits, HeaderId besides) {
  if (headers.size() > limits.extra_headers_max) return VerbError::kTooLong;
  for (const HeaderLine& header : headers) {
    const HeaderId id = header.id == HeaderId::kOther ? HeaderIdFromName(header.name) : header.id;
    if (IsOurs(id) && id != besides) return VerbError::kBadHeader;
    if (HasControl(header.value)) return VerbError::kBadHeader;
    if (header.id == HeaderId::kOther && !IsToken(header.name)) return VerbError::kBadHeader;
    if (header.value.size() + header.name.size() > limits.identity_bytes_max) return VerbError::kTooLong;
  }
  return VerbError::kNone;
}

VerbError CheckContent(const Content& content, const UserAgentLimits& limits, HeaderId besides) {
  if (content.body.size() > limits.body_bytes_max) return VerbError::kTooLong;
  if (!content.body.empty() && (content.content_type.empty() || HasControl(content.content_type) ||
                                content.content_type.size() > limits.identity_bytes_max)) {
    return VerbError::kBadHeader;
  }
  if (HasControl(content.reason)) return VerbError::kBadHeader;
  return CheckHeaders(content.headers, limits, besides);
}

// RFC 5626 4.1, 10; RFC 8599 4.1: what will stand in the Contact.
bool IsDevice(std::string_view instance, std::uint32_t reg_id, const UserAgentLimits& limits) {
  constexpr std::string_view kScheme = "urn:";
  constexpr std::uint32_t kRegIdMax = 0x7FFFFFFF;
  if (instance.empty()) return reg_id == 0;
  return EqualsIgnoreCase(instance.substr(0, kScheme.size()), kScheme) && reg_id <= kRegIdMax &&
         instance.size() <= limits.identity_bytes_max && instance.find_first_of("\"<>\\ ") == instance.npos &&
         !HasControl(instance);
}

bool IsPush(const RegistrationDraft& draft, KeptText& scratch) {
  for (const std::string_view value : {draft.pn_provider, draft.pn_param, draft.pn_prid}) {
    scratch.assign("sip:host.invalid;pn-prid=");
    scratch += value;
    if (value.find_first_of(";?,<> ") != value.npos || HasControl(value)) return false;
    if (!value.empty() && !ParseSipUri(scratch)) return false;
  }
  return !draft.pn_provider.empty() || (draft.pn_param.empty() && draft.pn_prid.empty());
}

VerbError CheckRegistration(const RegistrationDraft& draft, const UserAgentLimits& limits,
                            KeptText& scratch) {
  const std::optional<SipUri> registrar = ParseSipUri(draft.registrar);
  // RFC 3261 10.2: no user in the Request-URI, and To a SIP or SIPS URI.
  if (!registrar || HasControl(draft.registrar) || registrar->has_user || !registrar->headers.empty()) {
    return VerbError::kBadUri;
  }
  NameAddr address;
  if (!IsAddress(draft.address) || !IsContactUser(draft.contact_user, scratch)) return VerbError::kBadUri;
  SANSIP_CHECK(ParseNameAddr(draft.address, address, nullptr).ok());
  if (!ParseSipUri(address.uri)) return VerbError::kBadUri;
  if (!IsDevice(draft.instance, draft.reg_id, limits) || !IsPush(draft, scratch))
    return VerbError::kBadHeader;
  // RFC 5626 6: a registrar refuses more than one contact with a reg-id.
  if (draft.reg_id > 0 && !draft.contacts.empty()) return VerbError::kBadHeader;
  std::size_t bytes = std::max({draft.registrar.size(), draft.address.size(), draft.contact_user.size(),
                                draft.pn_provider.size() + draft.pn_param.size() + draft.pn_prid.size()});
  for (const std::string_view contact : draft.contacts) {
    if (!IsAddress(contact) || contact.find('<') == std::string_view::npos) return VerbError::kBadUri;
    bytes = std::max(bytes, contact.size());
  }
  if (draft.contacts.size() > limits.contacts_max || bytes > limits.identity_bytes_max) {
    return VerbError::kTooLong;
  }
  return CheckRoutes(draft.routes, limits);
}

VerbError UserAgentState::CheckMethod(const StandaloneDraft& draft) const {
  if (!IsToken(draft.method) || draft.method.size() > options_.limits.identity_bytes_max) {
    return VerbError::kBadMethod;
  }
  switch (MethodFromName(draft.method)) {
    case Method::kOptions:
    case Method::kExtension:
      break;
    case Method::kMessage: {
      // RFC 3428 4: without a Date nobody knows what Expires counts from.
      const auto is_date = [](const HeaderLine& line) { return line.id == HeaderId::kDate; };
      const auto& headers = draft.content.headers;
      if (draft.expires > 0 && std::none_of(headers.begin(), headers.end(), is_date)) {
        return VerbError::kBadHeader;
      }
      break;
    }
    case Method::kInfo:
      // RFC 6086 4.2.2: only within the dialog of an INVITE.
      if (draft.call.is_nil()) return VerbError::kBadMethod;
      break;
    case Method::kRegister: {
      // RFC 3261 10.2, 10.2.3: whose bindings stands in To; whoever changes some has a verb for it.
      const std::optional<SipUri> registrar = ParseSipUri(draft.target);
      if (!draft.call.is_nil() || draft.expires > 0) return VerbError::kBadMethod;
      if (!registrar || registrar->has_user || !registrar->headers.empty()) return VerbError::kBadUri;
      break;
    }
    default:
      return VerbError::kBadMethod;
  }
  return VerbError::kNone;
}

VerbError CheckStandalone(const StandaloneDraft& draft, const UserAgentLimits& limits, KeptText& scratch,
                          HeaderId besides) {
  const VerbError content = CheckContent(draft.content, limits, besides);
  if (content != VerbError::kNone || !draft.call.is_nil()) return content;
  if (!IsTarget(draft.target, draft.routes)) return VerbError::kBadUri;
  if (!IsAddress(draft.from) || !IsContactUser(draft.contact_user, scratch)) return VerbError::kBadUri;
  if (std::max({draft.target.size(), draft.from.size(), draft.contact_user.size(), draft.event.size(),
                draft.accept.size()}) > limits.identity_bytes_max) {
    return VerbError::kTooLong;
  }
  return HasControl(draft.accept) ? VerbError::kBadHeader : CheckRoutes(draft.routes, limits);
}

// 8.1.1.4, 19.3: unpredictable, 128 and 64 bits.
void UserAgentState::NameSeed(Dialog& seed) {
  const HexText high(random_.Next()), low(random_.Next()), tag(random_.Next());
  seed.call_id.Join(high.view(), low.view());
  seed.local_tag.assign(tag.view());
  if (options_.session_id) seed.session = {.local = NewUuid(random_), .remote = {}};  // RFC 7989 4.2
}

// 10.2: the address of record is in From and in To.
void UserAgentState::AskOfOneself(const Standalone& owner) {
  Dialog& seed = *dialogs_.Find(owner.seed);
  seed.remote_address = seed.local_address;
}

// 8.1.1, 19.1.1: To is the target without its headers and method.
void UserAgentState::BeginSeed(Dialog& seed, const NameAddr& from, std::string_view target) {
  seed.owns_call_id = true;
  NameSeed(seed);
  AssignAddress(seed.local_address, from);
  if (from.display_name.empty() && IsAnonymous(from.uri)) {
    seed.local_address.assign("\"Anonymous\" <").append(from.uri).append(">");  // 20.20
  }
  AssignRequestUri(uri_scratch_, target);
  seed.remote_address.Join("<", uri_scratch_, ">");
  seed.remote_target.assign(target);
}

// RFC 3608 6.1: the Service-Route comes last.
void UserAgentState::RouteSeed(Dialog& seed, std::span<const std::string_view> routes,
                               RegistrationId registration) {
  for (const std::string_view route : routes) {
    if (!seed.routes.empty()) seed.routes += ", ";
    seed.routes += route;
  }
  // 6.1: not of a registration that ran out.
  const Binding* const binding = bindings_.Find(registration);
  if (binding != nullptr && binding->machine.is_bound() && now_ < binding->machine.bound_until()) {
    if (!seed.routes.empty() && !binding->service_route.empty()) seed.routes += ", ";
    seed.routes += binding->service_route;
  }
}

// "display <uri>" of a name-addr.
void AssignAddress(KeptText& text, std::string_view value) {
  NameAddr address;
  SANSIP_CHECK(ParseNameAddr(value, address, nullptr).ok());
  AssignAddress(text, address);
}

// RFC 3323 4.1.1.3
bool IsAnonymous(std::string_view from) { return from.find("@anonymous.invalid") != std::string_view::npos; }

// 8.1.1.8. Who does not say who it is does not say so in Contact, either.
std::string_view UserAgentState::ContactUser(std::string_view given, std::string_view from) const {
  return !given.empty() || IsAnonymous(from) ? given : std::string_view(options_.contact_user);
}

Placed UserAgent::Impl::PlaceCall(Instant now, const CallDraft& given, UserAgentSink& out) {
  if (shut_down_) return {{}, VerbError::kShutDown};
  CallDraft draft = given;
  if (!draft.reference.is_nil() && !References{*this}.Complete(draft)) {
    return ++counters_.stale_ids, Placed{{}, VerbError::kStale};
  }
  if (live_ >= options_.limits.calls_max) return {{}, VerbError::kTooManyCalls};
  std::optional<UriWishes> wishes;
  if (draft.target.find('?') != draft.target.npos) {
    draft.content = wishes.emplace(draft.target, Method::kInvite, draft.content).content();
  }
  NameAddr from;
  const VerbError error = CheckDraft(draft, options_.limits, uri_scratch_, from);
  if (error != VerbError::kNone) return {{}, error};
  Begin(now, out);
  const DialogId seed_id = dialogs_.Add();
  const CallId call_id = seed_id.is_nil() ? CallId{} : calls_.Add();
  const OutgoingId invite_id =
      call_id.is_nil() ? OutgoingId{}
                       : NewOutgoing(Outgoing::Kind::kInvite, call_id, *calls_.Find(call_id), seed_id);
  if (invite_id.is_nil()) {
    calls_.Remove(call_id);
    dialogs_.Remove(seed_id);
    Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  Dialog& seed = *dialogs_.Find(seed_id);
  seed.call = call_id;
  BeginSeed(seed, from, draft.target);
  RouteSeed(seed, draft.routes, draft.registration);
  Call& call = *calls_.Find(call_id);
  ++live_;
  ++counters_.calls_placed;
  call.role = UsageRole::kCaller;
  call.cookie = draft.cookie;
  call.seed = seed_id;
  call.invite = invite_id;
  call.wish = draft.session_timer;
  call.reliability = draft.reliable_provisionals.value_or(options_.reliable_provisionals);
  call.contact_user.assign(ContactUser(draft.contact_user, draft.from));
  if (const Binding* const binding = bindings_.Find(draft.registration)) {
    ChooseGruu(*binding, draft.from, call.contact);
  }
  Packages{*this}.Begin(call);
  if (draft.expires != kForever) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(draft.expires).count();
    call.expires = static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 1, UINT32_MAX));
    Arm(call_id, call, CallTimer::kExpires, After(now_, std::chrono::seconds(call.expires)));
  }
  Outgoing& invite = *outgoing_.Find(invite_id);
  invite.content.Assign(draft.content.body, draft.content.content_type, References{*this}.LinesFor(draft));
  invite.offered = !draft.content.body.empty();
  invite.yields = draft.yields;
  if (invite.offered) SANSIP_CHECK(seed.offer_answer.OnLocalOffer(draft.content.body));
  invite.cseq = NextLocalCSeq(seed, 1);
  Touch(call_id, call);
  if (!draft.reference.is_nil()) {
    GoOnWithSession(seed, draft.reference);
    References{*this}.Follow(draft.reference, call);
  }
  Locate(invite_id, invite);
  Finish();
  return {call_id, VerbError::kNone};
}

VerbError UserAgent::Impl::Answer(Instant now, CallId id, const Content& content, UserAgentSink& out) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  const OpenInvite* open = FindOpen(*call);
  if (call->role != UsageRole::kCallee || call->ended || call->state > UsageState::kEarly ||
      (open != nullptr && open->answer_held)) {
    return VerbError::kWrongState;
  }
  VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  static_cast<void>(AnswerOrHold(id, *call, content, error));
  Finish();
  return error;
}

VerbError UserAgent::Impl::Refuse(Instant now, CallId id, int status, const Content& content,
                                  UserAgentSink& out) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (call->role != UsageRole::kCallee || call->ended || call->state > UsageState::kEarly) {
    return VerbError::kWrongState;
  }
  if (status < 300 || status > 699) return VerbError::kBadStatus;
  const bool may_name_contact = status < 400 || status == 485;
  VerbError error =
      CheckContent(content, options_.limits, may_name_contact ? HeaderId::kContact : HeaderId::kOther);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  draft_.Clear();
  draft_.AddAll(content.headers);
  if (!content.body.empty()) draft_.Add(HeaderId::kContentType, content.content_type);
  if (Respond(call->request.id, status, content.body, content.reason) == RespondError::kNone) {
    call->request.id = {};
    Advance(*call, UsageEvent::kFailure);
    EndCall(id, *call, EndCause::kLocalRefusal, status, nullptr, "RFC 3261 13.3.1.3");
  } else {
    error = VerbError::kTooLong;
  }
  Finish();
  return error;
}

VerbError UserAgent::Impl::Reinvite(Instant now, CallId id, const Content& content, UserAgentSink& out) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (call->ended || call->state != UsageState::kEstablished) return VerbError::kWrongState;
  const Dialog& dialog = *dialogs_.Find(call->dialog);
  if (InviteOpen(*call) || !call->modify.is_nil() || !call->request.id.is_nil() ||
      !dialog.offer_answer.CanOffer()) {
    return VerbError::kPending;
  }
  VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  const ModifyDraft reinvite{.kind = Outgoing::Kind::kReinvite, .dialog = call->dialog};
  if (StartModify(id, *call, reinvite, content).is_nil()) error = VerbError::kPending;
  Finish();
  return error;
}

VerbError UserAgent::Impl::AnswerOffer(Instant now, CallId id, const Content& content, UserAgentSink& out) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  const OpenInvite* open = FindOpen(*call);
  const bool is_held = open != nullptr && open->answer_held;
  const bool is_requested = !call->request.id.is_nil() && call->state > UsageState::kEarly && !is_held;
  const bool is_inner = open != nullptr && !open->inner.is_nil();
  const bool is_provisional = open != nullptr && !open->offers.empty();
  if (call->ended || (!call->ack_wanted && !is_requested && !is_inner && !is_provisional)) {
    return VerbError::kWrongState;
  }
  VerbError error = CheckContent(content, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  Touch(id, *call);
  if (is_inner) {
    static_cast<void>(AnswerInner(id, *call, content, error));
  } else if (is_provisional) {
    AnswerProvisional(id, *call, content);
  } else if (call->ack_wanted) {
    Dialog& dialog = *dialogs_.Find(call->dialog);
    call->ack_wanted = false;
    content.body.empty() ? dialog.offer_answer.OnFailure()
                         : static_cast<void>(dialog.offer_answer.OnLocalAnswer(content.body));
    StartAck(id, *call, call->dialog, call->ack_cseq, content, false);
  } else {
    static_cast<void>(AnswerOrHold(id, *call, content, error));
  }
  Finish();
  return error;
}

VerbError UserAgent::Impl::RefuseOffer(Instant now, CallId id, int status, const Content& answer,
                                       UserAgentSink& out) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  const OpenInvite* open = FindOpen(*call);
  const bool is_inner = open != nullptr && !open->inner.is_nil();
  const bool is_provisional = open != nullptr && !open->offers.empty();
  // RFC 6141 3.3: what was carried out is not refused any more.
  const bool is_requested =
      !call->request.id.is_nil() && call->state > UsageState::kEarly && !call->request.settled;
  if (call->ended || (!call->ack_wanted && !is_requested && !is_inner && !is_provisional)) {
    return VerbError::kWrongState;
  }
  const bool has_status = is_inner ? !open->inner_is_prack : !is_provisional && !call->ack_wanted;
  if (has_status && (status < 300 || status > 699)) return VerbError::kBadStatus;
  const bool is_update = is_inner || (is_requested && call->request.is_update);
  if (has_status && is_update && status == 408) return VerbError::kBadStatus;  // RFC 4320 4
  const VerbError error = CheckContent(answer, options_.limits);
  if (error != VerbError::kNone) return error;
  Begin(now, out);
  Touch(id, *call);
  if (is_inner) {
    RefuseInner(id, *call, status, answer);
  } else if (is_provisional) {
    AnswerProvisional(id, *call, answer);
    const bool is_established = call->state > UsageState::kEarly;
    if (!call->cancelling) {
      HangUpNow(*call, id, is_established ? EndCause::kLocalBye : EndCause::kLocalCancel, {});
    }
  } else if (call->ack_wanted) {
    call->ack_wanted = false;
    dialogs_.Find(call->dialog)->offer_answer.OnFailure();
    StartAck(id, *call, call->dialog, call->ack_cseq, answer, true);
    Advance(*call, UsageEvent::kBye);
    EndCall(id, *call, EndCause::kLocalBye, 0, nullptr, "RFC 3261 13.2.2.4");
  } else {
    RefuseRequest(id, *call, status, answer);
  }
  Finish();
  return error;
}

VerbError UserAgent::Impl::SetCookie(CallId id, Cookie cookie) {
  Call* call = calls_.Find(id);
  if (call == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  call->cookie = cookie;
  return VerbError::kNone;
}

}  // namespace sansip
