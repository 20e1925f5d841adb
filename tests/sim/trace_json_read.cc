#include <algorithm>
#include <optional>
#include <type_traits>

#include "sansip/core/message/header_id.h"
#include "sansip/tests/sim/trace_json.h"

namespace sansip::sim {
namespace {

// What a file says is believed only where its kind is right; else the fallback stands.
template <typename T>
T NumberAt(const Json& json, const char* key, T fallback = {}) {
  const auto found = json.find(key);
  if (found == json.end()) return fallback;
  if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->template get<bool>() : fallback;
  } else {
    return found->is_number_integer() ? found->template get<T>() : fallback;
  }
}

std::optional<ReliableProvisionals> ReliabilityAt(const Json& json) {
  const int number = NumberAt(json, "reliable_provisionals", -1);
  if (number < 0 || number > static_cast<int>(ReliableProvisionals::kRequired)) return std::nullopt;
  return static_cast<ReliableProvisionals>(number);
}

const Json& At(const Json& json, const char* key) {
  static const Json kNothing;
  const auto found = json.find(key);
  return found == json.end() ? kNothing : *found;
}

std::string TextOf(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_object() && At(json, "base64").is_string()) {
    return FromBase64(At(json, "base64").get<std::string>()).value_or("");
  }
  return {};
}

template <typename IdType>
IdType IdAt(const Json& json, const char* key) {
  const Json& id = At(json, key);
  if (!id.is_array() || id.size() != 2 || !id[0].is_number_integer() || !id[1].is_number_integer()) return {};
  return {id[0].get<std::uint32_t>(), id[1].get<std::uint32_t>()};
}

SessionTimerWish WishAt(const Json& json, const char* key) {
  const Json& wish = At(json, key);
  SessionTimerWish read;
  if (!wish.is_object()) return read;
  read.enabled = NumberAt(wish, "enabled", read.enabled);
  read.session_expires = NumberAt(wish, "session_expires", read.session_expires);
  read.min_se = NumberAt(wish, "min_se", read.min_se);
  read.refresher = static_cast<Refresher>(NumberAt(wish, "refresher", 0) % 3);
  read.method = static_cast<RefreshMethod>(NumberAt(wish, "method", 0) % 2);
  return read;
}

Transport TransportAt(const Json& json) {
  return TransportFromName(TextOf(At(json, "transport"))).value_or(Transport::kUdp);
}

Origin OriginAt(const Json& json) {
  const Json& origin = At(json, "origin");
  Origin read;
  if (!origin.is_object()) return read;
  read.flow = IdAt<FlowId>(origin, "flow");
  read.transport = TransportAt(origin);
  if (const auto source = ParseIp(TextOf(At(origin, "host")), NumberAt<std::uint16_t>(origin, "port"))) {
    read.source = *source;
    read.source.scope_id = NumberAt<std::uint32_t>(origin, "scope");
  }
  return read;
}

void ReadLimits(const Json& json, UserAgentLimits& limits) {
  limits.calls_max = NumberAt(json, "calls_max", limits.calls_max);
  limits.forks_max = NumberAt(json, "forks_max", limits.forks_max);
  limits.body_bytes_max = NumberAt(json, "body_bytes_max", limits.body_bytes_max);
  limits.routes_max = NumberAt(json, "routes_max", limits.routes_max);
  limits.identity_bytes_max = NumberAt(json, "identity_bytes_max", limits.identity_bytes_max);
  limits.extra_headers_max = NumberAt(json, "extra_headers_max", limits.extra_headers_max);
  limits.unlocated_max = NumberAt(json, "unlocated_max", limits.unlocated_max);
  limits.paths_max = NumberAt(json, "paths_max", limits.paths_max);
  limits.redirects_max = NumberAt(json, "redirects_max", limits.redirects_max);
  limits.targets_max = NumberAt(json, "targets_max", limits.targets_max);
  limits.reinvite_retries_max = NumberAt(json, "reinvite_retries_max", limits.reinvite_retries_max);
  limits.event_states_max = NumberAt(json, "event_states_max", limits.event_states_max);
  limits.registrations_max = NumberAt(json, "registrations_max", limits.registrations_max);
  limits.contacts_max = NumberAt(json, "contacts_max", limits.contacts_max);
  limits.requests_max = NumberAt(json, "requests_max", limits.requests_max);
  limits.subscriptions_max = NumberAt(json, "subscriptions_max", limits.subscriptions_max);
  limits.publications_max = NumberAt(json, "publications_max", limits.publications_max);
  limits.credentials_max = NumberAt(json, "credentials_max", limits.credentials_max);
  limits.unanswered_max = NumberAt(json, "unanswered_max", limits.unanswered_max);
}

Duration DurationAt(const Json& json, const char* key, Duration fallback) {
  return Duration(NumberAt<std::int64_t>(json, key, fallback.count()));
}

RegistrationOptions RegistrationOptionsOf(const Json& json) {
  RegistrationOptions options;
  options.expires = NumberAt(json, "expires", options.expires);
  options.expires_max = NumberAt(json, "expires_max", options.expires_max);
  options.refresh_margin = DurationAt(json, "refresh_margin", options.refresh_margin);
  options.retry_min = DurationAt(json, "retry_min", options.retry_min);
  options.retry_max = DurationAt(json, "retry_max", options.retry_max);
  return options;
}

// Older traces have none of them.
void ReadRequestOptions(const Json& json, UserAgentOptions& options) {
  options.methods = TextOf(At(json, "methods"));
  options.message_types = TextOf(At(json, "message_types"));
  options.message_status = NumberAt(json, "message_status", options.message_status);
  options.request_answer_max = DurationAt(json, "request_answer_max", options.request_answer_max);
  if (At(json, "info_packages").is_string()) options.info_packages = TextOf(At(json, "info_packages"));
  options.info_types = TextOf(At(json, "info_types"));
  options.events = TextOf(At(json, "events"));
  options.event_types = TextOf(At(json, "event_types"));
  options.notify_gap = DurationAt(json, "notify_gap", options.notify_gap);
  options.published_events = TextOf(At(json, "published_events"));
  options.publish_types = TextOf(At(json, "publish_types"));
  options.event_expires = NumberAt(json, "event_expires", options.event_expires);
  options.event_expires_min = NumberAt(json, "event_expires_min", options.event_expires_min);
  options.event_expires_max = NumberAt(json, "event_expires_max", options.event_expires_max);
  options.takes_refer = NumberAt(json, "takes_refer", options.takes_refer);
  options.refer_expires = NumberAt(json, "refer_expires", options.refer_expires);
  options.takes_replaces = NumberAt(json, "takes_replaces", options.takes_replaces);
  options.takes_join = NumberAt(json, "takes_join", options.takes_join);
  options.takes_target_dialog = NumberAt(json, "takes_target_dialog", options.takes_target_dialog);
  options.session_id = NumberAt(json, "session_id", options.session_id);
  options.tells_keep_alives = NumberAt(json, "tells_keep_alives", options.tells_keep_alives);
}

}  // namespace

bool ReadOptions(const Json& json, UserAgentOptions& options) {
  if (!json.is_object()) return false;
  TransactionOptions& transactions = options.transactions;
  transactions.timers.t1 = DurationAt(json, "t1", transactions.timers.t1);
  transactions.timers.t2 = DurationAt(json, "t2", transactions.timers.t2);
  transactions.timers.t4 = DurationAt(json, "t4", transactions.timers.t4);
  transactions.timers.d = DurationAt(json, "d", transactions.timers.d);
  transactions.transactions_max = NumberAt(json, "transactions_max", transactions.transactions_max);
  transactions.message_bytes_max = NumberAt(json, "message_bytes_max", transactions.message_bytes_max);
  transactions.buffered_bytes_max = NumberAt(json, "buffered_bytes_max", transactions.buffered_bytes_max);
  ReadLimits(json, options.limits);
  options.session_timer = WishAt(json, "session_timer");
  options.contact_user = TextOf(At(json, "contact_user"));
  options.contact_user_first = NumberAt(json, "contact_user_first", options.contact_user_first);
  options.user_agent = TextOf(At(json, "user_agent"));
  options.accept = TextOf(At(json, "accept"));
  options.capabilities = TextOf(At(json, "capabilities"));
  options.follow_redirects = NumberAt(json, "follow_redirects", options.follow_redirects);
  if (json.contains("methods")) ReadRequestOptions(json, options);
  options.busy = NumberAt(json, "busy", options.busy);
  options.reliable_provisionals = ReliabilityAt(json).value_or(options.reliable_provisionals);
  options.ringing_repeat = DurationAt(json, "ringing_repeat", options.ringing_repeat);
  options.reliable_repeat = DurationAt(json, "reliable_repeat", options.reliable_repeat);
  options.update_answer_max = DurationAt(json, "update_answer_max", options.update_answer_max);
  options.proxy_realm = TextOf(At(json, "proxy_realm"));
  options.credentials_wait_max = DurationAt(json, "credentials_wait_max", options.credentials_wait_max);
  return true;
}

std::string_view StoredInput::Keep(const Json& json) { return texts_.emplace_back(TextOf(json)); }

std::span<const HeaderLine> StoredInput::KeepHeaders(const Json& json) {
  std::vector<HeaderLine>& lines = headers_.emplace_back();
  if (!json.is_array()) return {};
  for (const Json& line : json) {
    if (!line.is_array() || line.size() != 2) continue;
    const std::string_view name = Keep(line[0]);
    lines.push_back({.id = HeaderIdFromName(name), .value = Keep(line[1]), .name = name});
  }
  return lines;
}

Content StoredInput::KeepContent(const Json& json) {
  if (!json.is_object()) return {};
  return {Keep(At(json, "body")), Keep(At(json, "type")), KeepHeaders(At(json, "headers")),
          Keep(At(json, "reason"))};
}

Path StoredInput::KeepPath(const Json& json) {
  const auto host = [this](const Json& pair) -> HostPort {
    if (!pair.is_array() || pair.size() != 2 || !pair[1].is_number_integer()) return {};
    return {Keep(pair[0]), pair[1].get<std::uint16_t>()};
  };
  return {IdAt<FlowId>(json, "flow"), TransportAt(json), host(At(json, "sent_by")), host(At(json, "contact")),
          NumberAt(json, "request_bytes_max", std::size_t{0})};
}

std::span<const std::string_view> StoredInput::KeepList(const Json& json,
                                                        std::vector<std::string_view>& list) {
  if (json.is_array()) {
    for (const Json& text : json) list.push_back(Keep(text));
  }
  return list;
}

RegistrationDraft StoredInput::KeepRegistration(const Json& json) {
  RegistrationDraft draft;
  draft.registrar = Keep(At(json, "registrar"));
  draft.address = Keep(At(json, "address"));
  draft.contact_user = Keep(At(json, "contact_user"));
  draft.contacts = KeepList(At(json, "contacts"), contacts_);
  draft.routes = KeepList(At(json, "routes"), routes_);
  draft.instance = Keep(At(json, "instance"));
  draft.reg_id = NumberAt(json, "reg_id", draft.reg_id);
  draft.pn_provider = Keep(At(json, "pn_provider"));
  draft.pn_param = Keep(At(json, "pn_param"));
  draft.pn_prid = Keep(At(json, "pn_prid"));
  draft.removes_all = NumberAt(json, "removes_all", false);
  draft.options = RegistrationOptionsOf(json);
  draft.cookie = {NumberAt<std::uint64_t>(json, "cookie")};
  return draft;
}

// What every draft of a request has.
template <typename Draft>
Draft StoredInput::KeepAddressed(const Json& json) {
  Draft draft;
  draft.target = Keep(At(json, "target"));
  draft.from = Keep(At(json, "from"));
  draft.contact_user = Keep(At(json, "contact_user"));
  draft.routes = KeepList(At(json, "routes"), routes_);
  draft.registration = IdAt<RegistrationId>(json, "registration");
  draft.content = KeepContent(At(json, "content"));
  draft.cookie = {NumberAt<std::uint64_t>(json, "cookie")};
  return draft;
}

StandaloneDraft StoredInput::KeepStandalone(const Json& json) {
  auto draft = KeepAddressed<StandaloneDraft>(json);
  draft.method = Keep(At(json, "method"));
  draft.call = IdAt<CallId>(json, "call");
  draft.expires = NumberAt(json, "expires", draft.expires);
  draft.event = Keep(At(json, "event"));
  draft.accept = Keep(At(json, "accept"));
  draft.info_package = Keep(At(json, "info_package"));
  draft.takes_forks = NumberAt(json, "takes_forks", false);
  draft.yields = NumberAt(json, "yields", false);
  draft.options = RegistrationOptionsOf(At(json, "options"));
  return draft;
}

ReferDraft StoredInput::KeepRefer(const Json& json) {
  auto draft = KeepAddressed<ReferDraft>(json);
  draft.call = IdAt<CallId>(json, "call");
  draft.refer_to = Keep(At(json, "refer_to"));
  draft.referred_by = Keep(At(json, "referred_by"));
  draft.wants_reports = NumberAt(json, "wants_reports", true);
  return draft;
}

// False: it is none of requests outside of calls.
bool StoredInput::ReadStandalone(std::string_view name, const Json& json) {
  const auto id = IdAt<StandaloneId>(json, "standalone");
  const auto is = [name](const UserAgentInput& input) { return InputName(input) == name; };
  if (is(ua::input::SendRequest{})) {
    input_ = ua::input::SendRequest{KeepStandalone(json)};
  } else if (is(ua::input::RespondTo{})) {
    input_ = ua::input::RespondTo{IdAt<TransactionId>(json, "id"), NumberAt(json, "status", 0),
                                  KeepContent(At(json, "content"))};
  } else if (is(ua::input::Subscribe{})) {
    input_ = ua::input::Subscribe{KeepStandalone(json)};
  } else if (is(ua::input::Notify{})) {
    NotifyDraft draft;
    draft.state = static_cast<Substate>(NumberAt<unsigned>(json, "state") % 4);
    draft.reason = static_cast<EventReason>(NumberAt<unsigned>(json, "reason") % 8);
    if (json.contains("retry_after")) draft.retry_after = NumberAt<std::uint32_t>(json, "retry_after");
    draft.content = KeepContent(At(json, "content"));
    input_ = ua::input::Notify{id, draft};
  } else if (is(ua::input::Publish{})) {
    input_ = ua::input::Publish{KeepStandalone(json)};
  } else if (is(ua::input::Republish{})) {
    input_ = ua::input::Republish{id, KeepContent(At(json, "content"))};
  } else if (is(ua::input::Withdraw{})) {
    input_ = ua::input::Withdraw{id};
  } else if (is(ua::input::Refer{})) {
    input_ = ua::input::Refer{KeepRefer(json)};
  } else if (is(ua::input::Transfer{})) {
    input_ = ua::input::Transfer{IdAt<CallId>(json, "call"), IdAt<CallId>(json, "other"),
                                 Keep(At(json, "target"))};
  } else if (is(ua::input::AnswerRefer{})) {
    input_ = ua::input::AnswerRefer{id, NumberAt(json, "status", 0)};
  } else if (is(ua::input::Report{})) {
    input_ = ua::input::Report{id, NumberAt(json, "status", 0)};
  } else {
    return false;
  }
  return true;
}

CallDraft StoredInput::KeepDraft(const Json& json) {
  auto draft = KeepAddressed<CallDraft>(json);
  draft.reference = IdAt<StandaloneId>(json, "reference");
  draft.replaces = Keep(At(json, "replaces"));
  draft.joins = Keep(At(json, "joins"));
  draft.session_timer = WishAt(json, "session_timer");
  draft.reliable_provisionals = ReliabilityAt(json);
  draft.expires = DurationAt(json, "expires", kForever);
  draft.yields = NumberAt(json, "yields", false);
  return draft;
}

bool StoredInput::KeepMessage(const Json& json) {
  const std::optional<std::string> bytes = FromBase64(TextOf(At(json, "bytes")));
  if (!bytes) return false;
  const std::string_view kept = texts_.emplace_back(*bytes);
  const Origin origin = OriginAt(json);
  if (json.contains("code")) {
    const ParseError error{static_cast<ParseCode>(NumberAt(json, "code", 1)),
                           NumberAt<std::uint32_t>(json, "offset")};
    input_ = ua::input::Unparsable{origin, kept, error};
    return true;
  }
  index_ = std::make_unique<MessageIndex>();
  const Framing framing = IsReliable(origin.transport) ? Framing::kStream : Framing::kDatagram;
  if (!Parser().Parse(kept, framing, *index_).ok()) return false;
  view_ = std::make_unique<MessageView>(kept, *index_);
  input_ = ua::input::Message{origin, view_.get(), Keep(At(json, "authentication_info"))};
  return true;
}

bool StoredInput::ReadVerb(std::string_view name, const Json& json) {
  const auto call = IdAt<CallId>(json, "call");
  const auto is = [name](const UserAgentInput& input) { return InputName(input) == name; };
  if (is(ua::input::PlaceCall{})) {
    input_ = ua::input::PlaceCall{KeepDraft(json)};
  } else if (is(ua::input::Ring{})) {
    const int reliability = std::clamp(NumberAt(json, "reliability", 0), 0, 2);
    input_ = ua::input::Ring{call, NumberAt(json, "status", 0), KeepContent(At(json, "content")),
                             static_cast<Reliability>(reliability)};
  } else if (is(ua::input::Answer{})) {
    input_ = ua::input::Answer{call, KeepContent(At(json, "content"))};
  } else if (is(ua::input::Refuse{})) {
    input_ = ua::input::Refuse{call, NumberAt(json, "status", 0), KeepContent(At(json, "content"))};
  } else if (is(ua::input::HangUp{})) {
    input_ = ua::input::HangUp{call, KeepHeaders(At(json, "headers")), IdAt<DialogId>(json, "dialog")};
  } else if (is(ua::input::Reinvite{})) {
    input_ = ua::input::Reinvite{call, KeepContent(At(json, "content"))};
  } else if (is(ua::input::Update{})) {
    input_ = ua::input::Update{call, KeepContent(At(json, "content")), IdAt<DialogId>(json, "dialog")};
  } else if (is(ua::input::LoseContact{})) {
    input_ = ua::input::LoseContact{call};
  } else if (is(ua::input::OfferInPrack{})) {
    const auto dialog = IdAt<DialogId>(json, "dialog");
    input_ = ua::input::OfferInPrack{call, KeepContent(At(json, "content")), dialog};
  } else if (is(ua::input::AnswerOffer{})) {
    input_ = ua::input::AnswerOffer{call, KeepContent(At(json, "content"))};
  } else if (is(ua::input::RefuseOffer{})) {
    input_ = ua::input::RefuseOffer{call, NumberAt(json, "status", 0), KeepContent(At(json, "content"))};
  } else if (is(ua::input::GiveCredentials{})) {
    input_ = ua::input::GiveCredentials{{.call = call,
                                         .registration = IdAt<RegistrationId>(json, "registration"),
                                         .standalone = IdAt<StandaloneId>(json, "standalone"),
                                         .realm = Keep(At(json, "realm")),
                                         .is_proxy = NumberAt(json, "is_proxy", false),
                                         .refused = NumberAt(json, "refused", false),
                                         .user = Keep(At(json, "user"))}};
  } else if (is(ua::input::Register{})) {
    input_ = ua::input::Register{KeepRegistration(json)};
  } else if (is(ua::input::Unregister{})) {
    input_ = ua::input::Unregister{IdAt<RegistrationId>(json, "registration")};
  } else if (is(ua::input::RefreshRegistration{})) {
    input_ = ua::input::RefreshRegistration{IdAt<RegistrationId>(json, "registration")};
  } else if (is(ua::input::Shutdown{})) {
    input_ = ua::input::Shutdown{};
  } else if (is(ua::input::SetCookie{})) {
    input_ = ua::input::SetCookie{call, {NumberAt<std::uint64_t>(json, "cookie")}};
  } else if (is(ua::input::SetInfoPackages{})) {
    input_ = ua::input::SetInfoPackages{call, Keep(At(json, "packages"))};
  } else if (is(ua::input::SetBusy{})) {
    input_ = ua::input::SetBusy{NumberAt(json, "busy", false)};
  } else {
    return ReadStandalone(name, json);
  }
  return true;
}

bool StoredInput::Read(const Json& json) {
  if (!json.is_object()) return false;
  const std::string name = TextOf(At(json, "input"));
  const auto is = [&name](const UserAgentInput& input) { return InputName(input) == name; };
  if (is(ua::input::Message{}) || is(ua::input::Unparsable{})) return KeepMessage(json);
  if (is(ua::input::Deadline{})) {
    input_ = ua::input::Deadline{};
  } else if (is(ua::input::Located{})) {
    input_ = ua::input::Located{{NumberAt<std::uint64_t>(json, "cookie")}, KeepPath(json)};
  } else if (is(ua::input::LocateFailed{})) {
    input_ = ua::input::LocateFailed{{NumberAt<std::uint64_t>(json, "cookie")}};
  } else if (is(ua::input::TransportError{})) {
    input_ = ua::input::TransportError{IdAt<TransactionId>(json, "id")};
  } else if (is(ua::input::FlowFailed{})) {
    input_ = ua::input::FlowFailed{IdAt<FlowId>(json, "flow")};
  } else if (is(ua::input::KeepAliveAnswered{})) {
    input_ = ua::input::KeepAliveAnswered{IdAt<FlowId>(json, "flow")};
  } else {
    return ReadVerb(name, json);
  }
  return true;
}

}  // namespace sansip::sim
