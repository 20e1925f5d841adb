// Requests on their way out: a Path, a draft, a transaction. And the making of responses.

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "sansip/core/message/output.h"
#include "sansip/core/text/ascii.h"
#include "sansip/dialog/user_agent_info.h"

namespace sansip {
namespace {

// Below what the start line, names of header fields, Via and Max-Forwards take in any request.
constexpr std::size_t kBytesOfOtherFieldsMin = 150;

}  // namespace

Method MethodOf(const Outgoing& request) {
  switch (request.kind) {
    case Outgoing::Kind::kInvite:
    case Outgoing::Kind::kReinvite:
      return Method::kInvite;
    case Outgoing::Kind::kUpdate:
      return Method::kUpdate;
    case Outgoing::Kind::kPrack:
      return Method::kPrack;
    case Outgoing::Kind::kBye:
      return Method::kBye;
    case Outgoing::Kind::kAck:
      return Method::kAck;
    case Outgoing::Kind::kRegister:
      return Method::kRegister;
    case Outgoing::Kind::kStandalone:
      return MethodFromName(request.method_text);
  }
  return Method::kExtension;
}

std::string_view MethodTextOf(const Outgoing& request) {
  return request.kind == Outgoing::Kind::kStandalone ? request.method_text : MethodName(MethodOf(request));
}

bool IsSips(std::string_view uri) {
  constexpr std::string_view kScheme = "sips:";
  return !uri.starts_with("sip:") && EqualsIgnoreCase(uri.substr(0, kScheme.size()), kScheme);
}

namespace {

std::string_view TransportParameter(Transport transport, bool sips) {
  switch (transport) {
    case Transport::kUdp:
      return {};
    case Transport::kTcp:
      return sips ? std::string_view() : ";transport=tcp";
    case Transport::kTls:
      return sips ? std::string_view() : ";transport=tls";
    case Transport::kSctp:
      return ";transport=sctp";
    case Transport::kWs:
    case Transport::kWss:
      return ";transport=ws";
  }
  return {};
}

// RFC 3261 18.1.1: without its limit where a Path for so many bytes was asked for; else `path` itself.
const Path& LimitedPath(const Outgoing& request, const Path& path, Path& storage) {
  if (path.request_bytes_max == 0 || request.wire_bytes <= path.request_bytes_max) return path;
  storage = path;
  storage.request_bytes_max = 0;
  return storage;
}

}  // namespace

OutgoingId UserAgent::Impl::NewOutgoing(Outgoing::Kind kind, CallId id, Call& call, DialogId dialog) {
  const OutgoingId outgoing = outgoing_.Add();
  if (outgoing.is_nil()) return outgoing;
  Outgoing& request = *outgoing_.Find(outgoing);
  request.kind = kind;
  request.call = id;
  request.dialog = dialog;
  request.stage = Outgoing::Stage::kWaiting;
  ++call.open;
  return outgoing;
}

// RFC 3261 8.1.2, 12.2.1.1: where it goes is asked.
void UserAgent::Impl::Locate(OutgoingId id, Outgoing& request) {
  const Dialog& dialog = *dialogs_.Find(request.dialog);
  const RequestRoute route = RouteOf(dialog, request.request_uri, request.target);
  request.next_hop.assign(route.next_hop);
  request.stage = Outgoing::Stage::kLocating;
  ++locating_;
  if (locating_ > options_.limits.unlocated_max) {
    ++counters_.refused_limit;
    --locating_;
    request.failed_status = kUnreached;
    return NoPath(id, request);
  }
  request.wire_bytes = std::max(request.wire_bytes, EstimateBytes(request, dialog, route));
  Emit(ua::Locate{Cookie{id.value()}, request.next_hop, request.flow,
                  static_cast<std::uint32_t>(request.wire_bytes), request.paths_failed,
                  IsSips(route.request_uri)});
}

std::size_t UserAgentState::EstimateBytes(const Outgoing& request, const Dialog& dialog,
                                          const RequestRoute& route) const {
  return kBytesOfOtherFieldsMin + request.content.bytes() + request.request_uri.size() + route.routes.size() +
         dialog.local_address.size() + dialog.remote_address.size() + dialog.call_id.size() +
         dialog.local_tag.size() + dialog.remote_tag.size() + options_.user_agent.size();
}

bool UserAgent::Impl::TryNextPath(OutgoingId id, Outgoing& request, int status) {
  request.failed_status = status;
  ++counters_.paths_failed;
  Call* const call = calls_.Find(request.call);  // null: a REGISTER
  const bool is_unwanted = call != nullptr && call->ended && request.kind != Outgoing::Kind::kBye;
  if (is_unwanted || request.paths_failed + 1u >= options_.limits.paths_max) return false;
  if (dialogs_.Find(request.dialog) == nullptr) return false;
  ++request.paths_failed;
  request.transaction = {};
  if (request.kind == Outgoing::Kind::kInvite) {
    DropForks(*call, true);
    Advance(*call, UsageEvent::kRetried);
  }
  Locate(id, request);
  return true;
}

// Every path there was has failed, or there is none.
void UserAgent::Impl::NoPath(OutgoingId id, Outgoing& request) {
  const int status = request.failed_status;
  if (request.stage == Outgoing::Stage::kLocating) request.stage = Outgoing::Stage::kSent;
  if (request.kind == Outgoing::Kind::kRegister) return OnRegisterOutcome(id, request, status, nullptr);
  if (request.kind == Outgoing::Kind::kStandalone) return OnStandaloneOutcome(id, request, status, nullptr);
  Call& call = *calls_.Find(request.call);
  Touch(request.call, call);
  switch (request.kind) {
    case Outgoing::Kind::kInvite:
      return OnInviteFailure(id, request, status, nullptr);
    case Outgoing::Kind::kReinvite:
    case Outgoing::Kind::kUpdate:
      if (request.is_early) return OnEarlyUpdateOutcome(id, request, status, nullptr);
      return OnModifyFailure(id, request, status, nullptr);
    case Outgoing::Kind::kPrack:
    case Outgoing::Kind::kBye:
      return request.offered ? OnPrackOutcome(id, request, status, nullptr) : MakeFinal(id, request);
    case Outgoing::Kind::kAck:
      MakeFinal(id, request);
      if (request.dialog != call.dialog) return;
      Advance(call, UsageEvent::kLost);
      return EndCall(request.call, call, EndCause::kUnreachable, 0, nullptr, "RFC 3261 13.2.2.4");
    case Outgoing::Kind::kRegister:
    case Outgoing::Kind::kStandalone:
      return;
  }
}

void UserAgent::Impl::MakeFinal(OutgoingId id, Outgoing& request) {
  if (request.stage == Outgoing::Stage::kLocating) --locating_;
  request.stage = Outgoing::Stage::kFinal;
  if (request.says_packages) Packages{*this}.OnFinal(request);
  if (Call* const call = calls_.Find(request.call)) {
    if (call->modify == id) call->modify = {};
    if (call->ack == id) call->ack = {};
    Touch(request.call, *call);
  }
  FreeIfDone(id, request);
}

void UserAgent::Impl::FreeIfDone(OutgoingId id, Outgoing& request) {
  if (request.stage != Outgoing::Stage::kFinal || request.transactions > 0) return;
  const RegistrationId registration = request.registration;
  const StandaloneId standalone = request.standalone;
  if (Call* const call = calls_.Find(request.call)) {
    --call->open;
    if (call->invite == id) {
      call->invite = {};
      // No further fork can come, and no copy of a 2xx.
      if (!call->dialog.is_nil()) dialogs_.Remove(std::exchange(call->seed, {}));
      for (const DialogId fork : call->forks) dialogs_.ReleaseAck(fork, request.cseq);
    }
    if (request.kind == Outgoing::Kind::kReinvite) dialogs_.ReleaseAck(request.dialog, request.cseq);
  }
  outgoing_.Remove(id);
  if (Standalone* const owner = standalones_.Find(standalone)) {
    --owner->open;
    SettleStandalone(standalone);
  }
  if (registration.is_nil()) return;
  --bindings_.Find(registration)->open;
  SettleRegistration(registration);
}

// ---- drafts

void ComposeContact(std::string_view user, const HostPort& host, Transport transport, bool sips,
                    KeptText& contact) {
  const DecimalText port(host.port);
  const bool has_port = host.port != 0;
  contact.Join("<sip", std::string_view("s", sips), ":", user, std::string_view("@", !user.empty()),
               host.host, std::string_view(":", has_port),
               port.view().substr(0, has_port ? port.view().size() : 0), TransportParameter(transport, sips),
               ">");
}

// A draft begins, with what 8.1.1 wants of every request.
void UserAgent::Impl::DraftHead(const Dialog& dialog, const Outgoing& request) {
  draft_.Clear();
  head_ = {.route = {},
           .from = dialog.local_address,
           .from_tag = dialog.local_tag,
           .to = dialog.remote_address,
           .to_tag = dialog.remote_tag,
           .call_id = dialog.call_id,
           .cseq = request.cseq};
  if (dialog.routes.empty()) return;
  const RequestRoute route = RouteOf(dialog, uri_scratch_, request.target);
  head_.route = route.routes;
  if (!route.target_is_last_route) return;
  const std::string_view comma = route.routes.empty() ? "" : ", ";
  const std::string_view target = request.target.empty() ? dialog.remote_target : request.target;
  head_.route = draft_.Join({route.routes, comma, "<", target, ">"});
}

void UserAgent::Impl::DraftRequest(const Outgoing& request, const Call& call, const Dialog& dialog) {
  DraftHead(dialog, request);
  const bool is_prack = request.kind == Outgoing::Kind::kPrack;
  const bool refreshes_target =
      request.kind != Outgoing::Kind::kBye && request.kind != Outgoing::Kind::kAck && !is_prack;
  if (refreshes_target) {
    draft_.Add(HeaderId::kContact, call.contact);
    draft_.Add(HeaderId::kAllow, AllowOf(&call));
    if (!allow_events_.empty()) draft_.Add(HeaderId::kAllowEvents, allow_events_);  // RFC 6665 4.4.4
  }
  if (request.kind != Outgoing::Kind::kAck) {
    draft_.Add(HeaderId::kSupported, SupportedOf(&call));
  }
  if (request.kind == Outgoing::Kind::kInvite && call.reliability == ReliableProvisionals::kRequired) {
    draft_.Add(HeaderId::kRequire, "100rel");  // RFC 3262 4
  }
  if (is_prack) DraftRAck(request);
  if (request.kind == Outgoing::Kind::kInvite && call.expires > 0) {
    draft_.Compose(HeaderId::kExpires, call.expires);
  }
  if (!options_.user_agent.empty()) draft_.Add(HeaderId::kUserAgent, options_.user_agent);
  request.content.AddTo(draft_);
}

// RFC 3262 7.2
void UserAgent::Impl::DraftRAck(const Outgoing& request) {
  std::array<char, 16> cseq;
  const char* const end = std::to_chars(cseq.data(), cseq.data() + cseq.size(), request.rack_cseq).ptr;
  draft_.Compose(HeaderId::kRAck, request.rack_rseq,
                 {" ", {cseq.data(), static_cast<std::size_t>(end - cseq.data())}, " INVITE"});
}

void UserAgent::Impl::SendLocated(OutgoingId id, Outgoing& request, const Path& path) {
  if (request.kind == Outgoing::Kind::kRegister) return SendRegisterLocated(id, request, path);
  if (request.kind == Outgoing::Kind::kStandalone) return SendStandaloneLocated(id, request, path);
  Call& call = *calls_.Find(request.call);
  Touch(request.call, call);
  Dialog* const found = dialogs_.Find(request.dialog);
  if (found == nullptr) return NoPath(id, request);  // of a fork that is over
  Dialog& dialog = *found;
  if (request.kind == Outgoing::Kind::kAck) return SendAckLocated(id, request, path);
  request.stage = Outgoing::Stage::kSent;
  const RequestRoute route = RouteOf(dialog, request.request_uri, request.target);
  if (request.kind == Outgoing::Kind::kInvite || request.kind == Outgoing::Kind::kReinvite) dialog.rseq = 0;
  if (request.kind != Outgoing::Kind::kBye && request.kind != Outgoing::Kind::kPrack) {
    // 8.1.1.8, 12.1.1, 12.2.1.1
    const bool sips = IsSips(route.request_uri) || IsSips(route.next_hop) || dialog.secure;
    ComposeTarget(call.contact_user, path.contact, path.transport, path.flow, sips, call.contact);
    request.sent = request.kind == Outgoing::Kind::kInvite
                       ? HeadersForInitialInvite(call.wish, call.min_se_seen)
                   : request.is_early ? SessionTimerHeaders()
                                      : call.timer->HeadersForRequest();
  }
  if (request.kind == Outgoing::Kind::kInvite) {
    const bool is_tls = path.transport == Transport::kTls || path.transport == Transport::kWss;
    dialog.secure = is_tls && IsSips(route.request_uri);  // 12.1.2
  }
  DraftRequest(request, call, dialog);
  const SessionTimerLines timer(request.sent);
  draft_.AddAll(timer.lines());
  if (!call.packages.is_nil()) Packages{*this}.Draft(request);
  AddCredentials(request, call.auth);
  if (StartTransaction(id, request, path)) return;
  if (request.kind != Outgoing::Kind::kInvite) {
    request.failed_status = 500;
    return NoPath(id, request);
  }
  MakeFinal(id, request);
  Advance(call, UsageEvent::kFailure);
  EndCall(request.call, call, EndCause::kLocalLimit, 0, nullptr, "RFC 3261 8.1.2");
}

bool UserAgent::Impl::StartTransaction(OutgoingId id, Outgoing& request, const Path& path) {
  Started started{{}, StartError::kMessageTooLong};
  if (options_.session_id) DraftSession(dialogs_.Find(request.dialog)->session);
  if (!draft_.overflowed()) {
    Path limited;
    started = layer_.SendRequest(now_, LimitedPath(request, path, limited),
                                 {.method = MethodOf(request),
                                  .extension_method = request.method_text,
                                  .request_uri = request.request_uri,
                                  .head = &head_,
                                  .headers = draft_.lines(),
                                  .body = request.content.body()},
                                 Cookie{id.value()}, inner_);
    FlushTransmits();
  }
  if (started.error == StartError::kTooLongForPath) {
    LocateLong(id, request, started.wire_bytes);
    return true;
  }
  request.flow = path.flow;
  if (started.error == StartError::kNone) {
    request.transaction = started.id;
    ++request.transactions;
    return true;
  }
  ++counters_.refused_limit;
  return false;
}

// RFC 3261 18.1.1: who answers with a Path for less than was asked for knows of no better one.
void UserAgent::Impl::LocateLong(OutgoingId id, Outgoing& request, std::size_t wire_bytes) {
  request.wire_bytes = wire_bytes;
  Locate(id, request);
}

// 13.2.2.4: the ACK goes past the transactions and is kept for copies of its 2xx.
void UserAgent::Impl::SendAckLocated(OutgoingId id, Outgoing& request, const Path& path) {
  const CallId call_id = request.call;
  Call& call = *calls_.Find(call_id);
  const DialogId dialog_id = request.dialog;
  Dialog& dialog = *dialogs_.Find(dialog_id);
  RouteOf(dialog, request.request_uri);
  DraftRequest(request, call, dialog);
  draft_.AddAll(call.auth.AuthorizeAck());  // 22.1
  if (options_.session_id) DraftSession(dialog.session);
  const bool is_last = request.cseq >= dialog.ack_cseq;
  KeptAck* const kept = is_last ? &dialogs_.AckOf(dialog) : nullptr;
  if (!draft_.overflowed()) {
    const std::size_t before = inner_.size();
    Path limited;
    const Started started = layer_.SendOutside(now_, LimitedPath(request, path, limited),
                                               {.method = Method::kAck,
                                                .request_uri = request.request_uri,
                                                .head = &head_,
                                                .headers = draft_.lines(),
                                                .body = request.content.body()},
                                               inner_);
    if (started.error == StartError::kTooLongForPath) return LocateLong(id, request, started.wire_bytes);
    for (std::size_t i = before; i < inner_.size(); ++i) {
      const auto* transmit = std::get_if<action::Transmit>(&inner_[i]);
      if (transmit == nullptr || kept == nullptr) continue;
      kept->wire.assign(transmit->wire);
      dialog.has_acked = true;
    }
    FlushTransmits();
  }
  if (kept != nullptr) {
    kept->content = request.content;
    kept->flow = path.flow;
    dialog.ack_cseq = request.cseq;
  }
  const bool bye_after = request.bye_after;
  request.stage = Outgoing::Stage::kFinal;  // it was counted as located already
  MakeFinal(id, request);
  if (dialog_id == call.dialog && Advance(call, UsageEvent::kAck) && !call.ended) {
    Emit(ua::Confirmed{call_id, call.cookie, nullptr});
  }
  if (bye_after) SendBye(call_id, call, dialog_id);
}

// ---- responses

HexText::HexText(std::uint64_t bits) {
  static constexpr auto kPairs = [] {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kDigits[i & 15], kDigits[i >> 4]};
    return pairs;
  }();
  for (std::size_t i = 0; i < digits_.size(); i += 2, bits >>= 8) {
    std::memcpy(&digits_[i], kPairs[bits & 255].data(), 2);
  }
}

// RFC 3261 8.2.6.2: the tag is the same in every response to a request, and unpredictable.
std::string_view UserAgentState::TagOf(TransactionId id) {
  if (id.slot >= servers_.size() || servers_[id.slot].generation != id.generation) return {};
  tag_text_ = HexText(servers_[id.slot].tag);
  return tag_text_.view();
}

RespondError UserAgent::Impl::Respond(TransactionId id, int status, std::string_view body,
                                      std::string_view reason) {
  if (!options_.user_agent.empty()) draft_.Add(HeaderId::kServer, options_.user_agent);
  const bool says_packages = status >= 200 && id.slot < servers_.size() && servers_[id.slot].says_packages;
  if (says_packages && status < 300) Packages{*this}.DraftAnswer(id);
  if (options_.session_id) DraftSession(id);
  const std::string_view info = kept_infos_.empty() ? std::string_view() : InfoOf(id, status);
  if (!info.empty()) draft_.Add(HeaderId::kAuthenticationInfo, info);
  if (draft_.overflowed()) return RespondError::kMessageTooLong;
  const RespondError error = layer_.SendResponse(
      now_, id,
      {.status_code = status, .reason = reason, .to_tag = TagOf(id), .headers = draft_.lines(), .body = body},
      inner_);
  FlushTransmits();
  if (options_.session_id && error == RespondError::kNone) OnSessionAnswered(id, status);
  if (says_packages && error == RespondError::kNone) Packages{*this}.OnAnswered(id, status);
  return error;
}

void UserAgent::Impl::Refuse(TransactionId id, int status, HeaderId header, std::string_view value) {
  draft_.Clear();
  if (header != HeaderId::kOther) draft_.Add(header, value);
  RespondInAnyCase(id, status);
}

// A request must not stay without its final response: what has no room is left out, and what may not be sent
// to this method (RFC 4320 4) becomes a 500.
void UserAgent::Impl::RespondInAnyCase(TransactionId id, int status) {
  if (Respond(id, status) == RespondError::kNone) return;
  draft_.Clear();
  if (Respond(id, status) == RespondError::kNone) return;
  draft_.Clear();
  if (Respond(id, 500) != RespondError::kNone) ++counters_.refused_limit;
}

// RFC 6665 4.5.2: and why.
void UserAgent::Impl::RefuseSharing(TransactionId id) {
  draft_.Clear();
  if (Respond(id, 403, {}, "Dialogs Are Not Shared") != RespondError::kNone) RespondInAnyCase(id, 403);
}

void UserAgent::Impl::RefuseForNow(TransactionId id) {
  ++counters_.overlapping_offers;
  draft_.Clear();
  draft_.Compose(HeaderId::kRetryAfter, UniformBelow(random_, 11));
  RespondInAnyCase(id, 500);
}

// What this user agent is, for the verdict on a message; DraftCapabilities says the same to the peer. A call
// may have been placed with other reliable provisionals than the options say.
ElementPolicy UserAgentState::Policy(const Call* call) const {
  return {.methods = AllowOf(call),
          .options = SupportedOf(call),
          .types = options_.accept,
          .body_bytes_max = options_.limits.body_bytes_max};
}

void UserAgent::Impl::DraftCapabilities(bool with_accept, const Call* call) {
  draft_.Add(HeaderId::kAllow, AllowOf(call));
  if (!allow_events_.empty()) draft_.Add(HeaderId::kAllowEvents, allow_events_);  // RFC 6665 4.4.4
  draft_.Add(HeaderId::kSupported, SupportedOf(call));
  if (!with_accept) return;
  options_.info_types.empty()
      ? draft_.Add(HeaderId::kAccept, options_.accept)
      : draft_.Compose(HeaderId::kAccept, {options_.accept, ", ", options_.info_types});  // RFC 6086 4.3.1
  draft_.Add(HeaderId::kAcceptEncoding, "identity");
  draft_.Add(HeaderId::kAcceptLanguage, "*");
}

// 12.1.1, 13.3.1: of a 101-199 or 2xx.
void UserAgent::Impl::DraftDialogHeaders(const Call& call, const Dialog& dialog) {
  const bool creates = call.state == UsageState::kPreparative || call.state == UsageState::kEarly;
  if (creates && !dialog.routes.empty()) draft_.Add(HeaderId::kRecordRoute, dialog.routes);
  draft_.Add(HeaderId::kContact, call.contact);
  DraftCapabilities(false, &call);
}

}  // namespace sansip
