// Registrations: REGISTER requests, what their answers say, and the machine that both belong to (RFC 3261
// 10.2; 3327, 3608).

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "sansip/core/message/fields/delta_seconds.h"
#include "sansip/core/message/fields/feature_caps.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/fields/name_addr.h"
#include "sansip/core/message/fields/outbound.h"
#include "sansip/core/text/ascii.h"
#include "sansip/core/text/char_class.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/dialog/listed_bindings.h"
#include "sansip/dialog/user_agent_impl.h"

namespace sansip {
namespace {

struct Granted {
  std::uint32_t seconds = 0;
  bool is_listed = false;  // our contact is among those of the response
};

// RFC 5626 6: instance and reg-id are the key then, whatever became of the URI. 4.1: URNs in any case; those
// of UUIDs, which others are rare beside.
bool IsOfFlow(const ListedBinding& listed, const Binding& binding) {
  return binding.reg_id != 0 && EqualsIgnoreCase(listed.instance, binding.instance) &&
         listed.reg_id == std::to_string(binding.reg_id);
}

// RFC 5627 4.2: each 2xx says it anew.
void AssignGruu(std::string_view uri, std::size_t bytes_max, KeptText& gruu) {
  const bool is_usable = uri.size() <= bytes_max && !HasControl(uri) && ParseSipUri(uri).has_value();
  gruu.assign(is_usable ? uri : std::string_view());
}

// What is left of our binding (10.2.4). A registrar that rewrote its contact, as behind a NAT, lists none
// such: then what it says of all, or what was asked for.
Granted TakeContact(const MessageView& response, std::size_t bytes_max, Binding& binding) {
  const std::uint32_t general = SecondsOf(response, HeaderId::kExpires).value_or(binding.machine.expires());
  NameAddr own;
  if (!ParseNameAddr(binding.contact, own, nullptr).ok()) return {general};
  binding.pub_gruu.clear();
  binding.temp_gruu.clear();
  ListedBindings all(response, general);
  for (ListedBinding listed; all.Next(listed);) {
    if (!IsOfFlow(listed, binding) && !EquivalentUris(listed.uri, own.uri)) continue;
    AssignGruu(listed.pub_gruu, bytes_max, binding.pub_gruu);
    AssignGruu(listed.temp_gruu, bytes_max, binding.temp_gruu);
    return {listed.expires, true};
  }
  return {general};
}

}  // namespace

void AssignList(const MessageView& message, HeaderId id, std::size_t bytes_max, KeptText& list,
                KeptText& scratch) {
  list.clear();
  ElementsOf elements(message, id);
  for (std::string_view element; elements.Next(element);) {
    if (list.size() + element.size() + 2 > bytes_max) break;
    if (!list.empty()) list += ", ";
    AssignUnfolded(scratch, element);
    list += scratch;
  }
}

namespace {

// RFC 8599 4.1.2, 5: what proxies on the way do for who sleeps. Each 2xx says it anew.
void TakePush(const MessageView& response, std::size_t bytes_max, Binding& binding) {
  const auto take = [&](std::string_view name, KeptText& text) {
    const std::string_view value = FeatureCapability(response, name).value_or("");
    const bool is_usable = value.size() <= bytes_max && IsAll(kParamChar, value);
    text.assign(is_usable ? value : std::string_view());
  };
  take("+sip.pns", binding.push_service);
  take("+sip.pnspurr", binding.push_purr);
  DeltaSeconds lead;
  const std::string_view value = FeatureCapability(response, "+sip.pnsreg").value_or("");
  binding.push_lead = ParseDeltaSeconds(value, lead).ok() ? lead.seconds : 0;
}

// What a 2xx says; of each list no more than `bytes_max`.
void TakeBound(const MessageView& response, std::size_t bytes_max, KeptText& scratch, Binding& binding,
               Registration::Answer& answer) {
  const Granted granted = TakeContact(response, bytes_max, binding);
  answer.granted = granted.seconds;
  // 10.3: all bindings are listed. A registrar that has shown ours before and does no longer has lost it.
  answer.is_lost = binding.was_listed && !granted.is_listed;
  binding.was_listed = granted.is_listed;
  binding.is_outbound =
      binding.reg_id > 0 && !binding.is_plain && HasToken(response, HeaderId::kRequire, "outbound");
  FlowTimer timer;
  const std::string_view value = response.First(HeaderId::kFlowTimer).value_or("");
  binding.flow_timer = ParseFlowTimer(value, timer).ok() ? timer.seconds : 0;
  if (!binding.push.empty()) TakePush(response, bytes_max, binding);
  answer.lead = binding.push_lead;
  // RFC 3608 5.2, RFC 3327 5.1: each 2xx says them anew. 10.2: a Record-Route says nothing.
  AssignList(response, HeaderId::kServiceRoute, bytes_max, binding.service_route, scratch);
  AssignList(response, HeaderId::kPath, bytes_max, binding.path, scratch);
}

// RFC 8599 4.1
void AssignPush(const RegistrationDraft& draft, KeptText& parameters) {
  parameters.clear();
  if (draft.pn_provider.empty()) return;
  parameters.append(";pn-provider=").append(draft.pn_provider);
  if (!draft.pn_param.empty()) parameters.append(";pn-param=").append(draft.pn_param);
  if (!draft.pn_prid.empty()) parameters.append(";pn-prid=").append(draft.pn_prid);
}

// 10.2.6: the address of record without its user is the registrar. Empty: no such URI.
std::string_view RegistrarOf(const RegistrationDraft& draft, KeptText& scratch) {
  if (!draft.registrar.empty()) return draft.registrar;
  NameAddr address;
  if (!ParseNameAddr(draft.address, address, nullptr).ok()) return {};
  const std::optional<SipUri> uri = ParseSipUri(address.uri);
  if (!uri) return {};
  scratch.assign(uri->is_sips ? "sips:" : "sip:");
  scratch += uri->host;
  if (uri->port != 0) scratch += ':' + std::to_string(uri->port);
  return scratch;
}

}  // namespace

std::optional<std::uint32_t> SecondsOf(const MessageView& message, HeaderId id) {
  const std::optional<std::string_view> value = message.First(id);
  Expires expires;
  if (!value || !ParseExpires(*value, expires).ok()) return std::nullopt;
  return expires.seconds;
}

void Binding::Reset() {
  machine = Registration();
  cookie = {};
  seed = {};
  auth.Reset();
  outgoing = {};
  open = retry_after = 0;
  ask_until = flow_failed = kNever;
  flow = {};
  redirects = 0;
  reg_id = 0;
  flow_timer = push_lead = 0;
  removes_all = is_plain = was_listed = is_outbound = false;
  for (KeptText* text : {&registrar, &contact_user, &contact, &more_contacts, &service_route, &path,
                         &instance, &push, &push_service, &push_purr, &pub_gruu, &temp_gruu}) {
    text->clear();
  }
}

Registering UserAgent::Impl::Register(Instant now, const RegistrationDraft& asked, UserAgentSink& out) {
  RegistrationDraft draft = asked;
  KeptText registrar;
  draft.registrar = RegistrarOf(asked, registrar);
  if (shut_down_) return {{}, VerbError::kShutDown};
  if (bindings_.size() >= options_.limits.registrations_max) return {{}, VerbError::kTooManyCalls};
  const VerbError error = CheckRegistration(draft, options_.limits, uri_scratch_);
  if (error != VerbError::kNone) return {{}, error};
  Begin(now, out);
  const DialogId seed_id = dialogs_.Add();
  const RegistrationId id = seed_id.is_nil() ? RegistrationId{} : bindings_.Add();
  if (id.is_nil()) {
    dialogs_.Remove(seed_id);
    Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  Dialog& seed = *dialogs_.Find(seed_id);
  NameSeed(seed);  // 10.2: one Call-ID for all of them
  AssignAddress(seed.local_address, draft.address);
  seed.remote_address = seed.local_address;
  RouteSeed(seed, draft.routes, {});
  Binding& binding = *bindings_.Find(id);
  binding.machine = Registration(draft.options);
  binding.cookie = draft.cookie;
  binding.seed = seed_id;
  binding.registrar.assign(draft.registrar);
  binding.removes_all = draft.removes_all;
  binding.instance.assign(draft.instance);
  binding.reg_id = draft.reg_id;
  Support("path");                            // RFC 3327 5.1
  if (draft.reg_id > 0) Support("outbound");  // RFC 5626 4.3
  AssignPush(draft, binding.push);
  binding.contact_user.assign(draft.contact_user.empty() ? std::string_view(options_.contact_user)
                                                         : draft.contact_user);
  for (const std::string_view contact : draft.contacts) {
    binding.more_contacts += ", ";
    binding.more_contacts += contact;
  }
  Perform(id, binding.machine.Start(), 0, nullptr);
  Finish();
  return {id, VerbError::kNone};
}

VerbError UserAgent::Impl::Unregister(Instant now, RegistrationId id, UserAgentSink& out) {
  Binding* const binding = bindings_.Find(id);
  if (binding == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  Begin(now, out);
  Perform(id, binding->machine.Remove(), 0, nullptr);
  Finish();
  return VerbError::kNone;
}

VerbError UserAgent::Impl::RefreshRegistration(Instant now, RegistrationId id, UserAgentSink& out) {
  Binding* const binding = bindings_.Find(id);
  if (binding == nullptr) return ++counters_.stale_ids, VerbError::kStale;
  if (binding->machine.state() == Registration::State::kOver || binding->machine.wants_removal()) {
    return VerbError::kWrongState;
  }
  Begin(now, out);
  Perform(id, binding->machine.Renew(), 0, nullptr);
  Finish();
  return VerbError::kNone;
}

std::optional<RegistrationView> UserAgent::Impl::FindRegistration(RegistrationId id) const {
  const Binding* const binding = bindings_.Find(id);
  if (binding == nullptr) return std::nullopt;
  const Dialog& seed = *dialogs_.Find(binding->seed);
  return RegistrationView{.state = binding->machine.state(),
                          .cookie = binding->cookie,
                          .is_bound = binding->machine.is_bound(),
                          .bound_until = binding->machine.bound_until(),
                          .call_id = seed.call_id,
                          .contact = binding->contact,
                          .service_route = binding->service_route,
                          .path = binding->path,
                          .pub_gruu = binding->pub_gruu,
                          .temp_gruu = binding->temp_gruu,
                          .is_outbound = binding->is_outbound,
                          .flow = binding->flow,
                          .flow_timer = binding->flow_timer,
                          .push_service = binding->push_service,
                          .push_purr = binding->push_purr,
                          .push_lead = binding->push_lead,
                          .cseq = seed.local_cseq};
}

// Carries out what the machine says. `status` and `message`: what made it say so.
void UserAgent::Impl::Perform(RegistrationId id, Registration::Action action, int status,
                              const MessageView* message) {
  Binding& binding = *bindings_.Find(id);
  const Registration& machine = binding.machine;
  if (action == Registration::Action::kTell) {
    const bool is_bound = machine.state() == Registration::State::kRegistered;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(machine.bound_until() - now_);
    Emit(ua::RegistrationChanged{id, binding.cookie, message, machine.next_deadline(),
                                 is_bound ? static_cast<std::uint32_t>(left.count()) : 0, status,
                                 machine.state()});
  }
  ArmRegistration(id, binding);
  if (action == Registration::Action::kSend || action == Registration::Action::kRemove) {
    return StartRegister(id, binding);
  }
  SettleRegistration(id);
}

void UserAgent::Impl::StartRegister(RegistrationId id, Binding& binding) {
  const OutgoingId outgoing = outgoing_.Add();
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request == nullptr) {
    // Too many other requests wait for a Path or for credentials: as if none led there.
    ++counters_.refused_limit;
    return Perform(id, binding.machine.OnAnswer(now_, {.status = 503}, random_), 503, nullptr);
  }
  // 21.3.3: a redirection is for one request. 10.2.4: others go where the first one went.
  Dialog& seed = *dialogs_.Find(binding.seed);
  seed.remote_target.assign(binding.registrar);
  binding.targets.LeaveProxy(seed.routes);
  binding.targets.Begin(binding.registrar);
  binding.redirects = 0;
  request->kind = Outgoing::Kind::kRegister;
  request->registration = id;
  request->dialog = binding.seed;
  request->cseq = NextLocalCSeq(seed, 1);
  binding.outgoing = outgoing;
  ++binding.open;
  ++counters_.registers_sent;
  Locate(outgoing, *request);
}

void UserAgent::Impl::DraftRegister(Outgoing& request, Binding& binding, const Dialog& seed,
                                    const Path& path) {
  // 10.2.1: sips for sips.
  const bool sips = IsSips(seed.remote_target);
  ComposeContact(binding.contact_user, path.contact, path.transport, sips, binding.contact);
  binding.contact.pop_back();  // before the bracket
  binding.contact += binding.push;
  binding.contact += '>';
  const bool removes = binding.machine.state() == Registration::State::kRemoving;
  DraftHead(seed, request);
  if (removes && binding.removes_all) {
    draft_.Add(HeaderId::kContact, "*");  // 10.2.2: alone
  } else {
    const std::string_view open = binding.instance.empty() ? "" : ";+sip.instance=\"<";
    const std::string_view close = binding.instance.empty() ? "" : ">\"";
    const bool is_flow = binding.reg_id > 0 && !binding.is_plain;
    const std::string reg_id = is_flow ? ";reg-id=" + std::to_string(binding.reg_id) : "";
    draft_.Compose(HeaderId::kContact,
                   {binding.contact, open, binding.instance, close, reg_id, binding.more_contacts});
  }
  draft_.Compose(HeaderId::kExpires, removes ? 0 : binding.machine.expires());
  draft_.Add(HeaderId::kAllow, Policy().methods);
  // RFC 3327 5.1, RFC 5626 4.2.1, RFC 5627 4.1
  draft_.Add(HeaderId::kSupported, binding.instance.empty()                  ? "path"
                                   : binding.reg_id == 0 || binding.is_plain ? "path, gruu"
                                                                             : "path, outbound, gruu");
  if (!options_.user_agent.empty()) draft_.Add(HeaderId::kUserAgent, options_.user_agent);
  AddCredentials(request, binding.auth);
}

void UserAgent::Impl::SendRegisterLocated(OutgoingId id, Outgoing& request, const Path& path) {
  Binding& binding = *bindings_.Find(request.registration);
  Dialog& seed = *dialogs_.Find(request.dialog);
  request.stage = Outgoing::Stage::kSent;
  RouteOf(seed, request.request_uri);
  DraftRegister(request, binding, seed, path);
  if (!StartTransaction(id, request, path)) OnRegisterOutcome(id, request, 500, nullptr);
}

void UserAgent::Impl::OnRegisterResponse(OutgoingId id, Outgoing& request, const MessageView& response) {
  const int status = response.status_code();
  if (status < 200 || request.stage != Outgoing::Stage::kSent) return;
  Binding& binding = *bindings_.Find(request.registration);
  const ua::NeedCredentials question{.registration = request.registration, .cookie = binding.cookie};
  if (TakeOwnChallenge(id, request, response, binding.auth, question, binding.ask_until)) {
    return ArmRegistration(request.registration, binding);
  }
  // 21.5.4: what a 503 says of the time is of use if no other path is left.
  binding.retry_after = RetryAfterOf(response).value_or(0);
  if (status == 503 && TryNextPath(id, request, status)) return;
  if (FollowRedirect(id, request, binding.targets, binding.redirects, response,
                     {.cookie = binding.cookie, .registration = request.registration})) {
    return;
  }
  OnRegisterOutcome(id, request, status, &response);
}

void UserAgent::Impl::ResumeRegister(RegistrationId id, Binding& binding) {
  const OutgoingId outgoing = binding.outgoing;
  Outgoing* const request = outgoing_.Find(outgoing);
  if (request == nullptr || !ResumeChallenged(outgoing, *request, binding.auth, binding.ask_until)) {
    return ArmRegistration(id, binding);
  }
  OnRegisterOutcome(outgoing, *request, request->unauthorized_status, nullptr);
}

void UserAgent::Impl::OnRegisterOutcome(OutgoingId id, Outgoing& request, int status,
                                        const MessageView* response) {
  const RegistrationId registration = request.registration;
  Binding& binding = *bindings_.Find(registration);
  // 8.1.3.1
  if (status == kNoResponse) status = 408;
  if (status == kUnreached) status = 503;
  Registration::Answer answer{.status = status,
                              .retry_after = std::exchange(binding.retry_after, 0),
                              .others_up = HasOtherFlow(binding)};
  if (response != nullptr) {
    answer.min_expires = SecondsOf(*response, HeaderId::kMinExpires);
    if (status < 300) {
      TakeBound(*response, options_.limits.identity_bytes_max, uri_scratch_, binding, answer);
      // RFC 5626 4.5: a flow that has proved itself, and is refreshed, needs no other proof.
      const Registration& machine = binding.machine;
      const bool is_proved =
          binding.flow == request.flow && machine.failures() == 0 && !machine.is_unproved();
      answer.is_unproved = options_.tells_keep_alives && binding.is_outbound && !is_proved;
      binding.flow = binding.is_outbound ? request.flow : FlowId{};
    }
  }
  if (status >= 300) ++counters_.registers_failed;
  binding.outgoing = {};
  ++binding.open;  // until the machine has spoken
  MakeFinal(id, request);
  --binding.open;
  if (status == 439 && binding.reg_id > 0 && !binding.is_plain) {
    // RFC 5626 4.2.1: the first hop cannot do it. Once, and for good.
    binding.is_plain = true;
    return Perform(registration, Registration::Action::kSend, 0, nullptr);
  }
  Perform(registration, binding.machine.OnAnswer(now_, answer, random_), status, response);
}

// What is said in every Supported from some registration on. `option` is part of no other that is said.
void UserAgentState::Support(std::string_view option) {
  if (supported_.find(option) != supported_.npos) return;
  supported_.insert(supported_.size() - kAndReliably.size(), std::string(", ").append(option));
}

// RFC 5626 4.5: is another flow of the same device and address up?
bool UserAgentState::HasOtherFlow(const Binding& binding) const {
  if (binding.reg_id == 0) return false;
  const KeptText& address = dialogs_.Find(binding.seed)->local_address;
  bool has_other = false;
  bindings_.ForEach([&](RegistrationId, const Binding& other) {
    has_other = has_other || (&other != &binding && other.is_outbound && !other.flow.is_nil() &&
                              other.machine.is_bound() && other.instance == binding.instance &&
                              dialogs_.Find(other.seed)->local_address == address);
  });
  return has_other;
}

// ---- what the dialogs get of it

// RFC 5627 4.4: a GRUU for Contact, the temporary one where the caller does not say who it is.
void UserAgentState::ChooseGruu(const Binding& binding, std::string_view from, KeptText& contact) const {
  const KeptText& gruu = IsAnonymous(from) ? binding.temp_gruu : binding.pub_gruu;
  const bool is_bound = binding.machine.is_bound() && now_ < binding.machine.bound_until();
  if (gruu.empty() || !is_bound) return;
  contact.assign("<").append(gruu).append(">");
}

// Our Contact within a call or subscription. A GRUU that is chosen stays; else RFC 5626 4.3: "ob" over a flow
// that is registered, so that what follows comes back over it.
void UserAgentState::ComposeTarget(std::string_view user, const HostPort& host, Transport transport,
                                   FlowId flow, bool sips, KeptText& contact) const {
  constexpr std::string_view kSips = "<sips:";
  const std::string_view chosen = contact;
  const bool is_gruu = chosen.find(";gr=") != chosen.npos || chosen.ends_with(";gr>");
  if (is_gruu && chosen.starts_with(kSips) == sips) return;
  ComposeContact(user, host, transport, sips, contact);
  bool is_registered = false;
  std::string_view purr;  // RFC 8599 6: for requests within a dialog to wake who sleeps, too
  bindings_.ForEach([&](RegistrationId, const Binding& binding) {
    is_registered = is_registered || (binding.is_outbound && binding.flow == flow);
    if (purr.empty() && binding.machine.is_bound() && binding.contact_user == user) purr = binding.push_purr;
  });
  if (!is_registered && purr.empty()) return;
  contact.pop_back();
  if (!purr.empty()) contact.append(";pn-purr=").append(purr);
  contact.append(is_registered ? ";ob>" : ">");
}

// The same for who is asked: the GRUU of the binding that the Request-URI is the contact of.
void UserAgentState::ChooseCalleeGruu(std::string_view request_uri, KeptText& contact) const {
  contact.clear();
  bindings_.ForEach([&](RegistrationId, const Binding& binding) {
    NameAddr own;
    if (binding.pub_gruu.empty() || !contact.empty()) return;
    if (!ParseNameAddr(binding.contact, own, nullptr).ok() || !EquivalentUris(own.uri, request_uri)) return;
    ChooseGruu(binding, {}, contact);
  });
}

void UserAgent::Impl::OnKeepAliveAnswered(Instant now, FlowId flow, UserAgentSink& out) {
  Begin(now, out);
  bindings_.ForEach([&](RegistrationId id, const Binding& bound) {
    if (!flow.is_nil() && bound.flow == flow) bindings_.Find(id)->machine.OnKeepAliveAnswered();
  });
  Finish();
}

void UserAgent::Impl::FireRegistration(RegistrationId id) {
  Binding& binding = *bindings_.Find(id);
  if (binding.ask_until <= now_) {
    binding.ask_until = kNever;
    binding.auth.RefuseAll();
    return ResumeRegister(id, binding);
  }
  if (binding.flow_failed <= now_) {
    binding.flow_failed = kNever;
    // RFC 5626 11.5: the status that others would get.
    return Perform(id, binding.machine.OnFlowFailed(now_, HasOtherFlow(binding), random_), 430, nullptr);
  }
  Perform(id, binding.machine.OnDeadline(now_), 0, nullptr);
}

void UserAgent::Impl::ArmRegistration(RegistrationId id, const Binding& binding) {
  const Instant at = std::min({binding.machine.next_deadline(), binding.ask_until, binding.flow_failed});
  if (at == binding_deadlines_.DeadlineOf(id.slot)) return;
  binding_deadlines_.Set(id.slot, at, binding_deadlines_.NextOrder());
}

// One that is over goes with its last request.
void UserAgent::Impl::SettleRegistration(RegistrationId id) {
  Binding* const binding = bindings_.Find(id);
  if (binding == nullptr || binding->open > 0) return;
  if (binding->machine.state() != Registration::State::kOver) return;
  binding_deadlines_.Remove(id.slot);
  dialogs_.Remove(binding->seed);
  bindings_.Remove(id);
}

}  // namespace sansip
