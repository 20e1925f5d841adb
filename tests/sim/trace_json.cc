#include "sansip/tests/sim/trace_json.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "sansip/core/message/header_id.h"
#include "sansip/dialog/user_agent_action_name.h"

namespace sansip::sim {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    if ((c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c > 0x7E) return false;
  }
  return true;
}

Json TextJson(std::string_view text) {
  std::string safe = WithoutPasswords(text);
  if (IsPlain(safe)) return safe;
  return Json{{"base64", Base64(safe)}};
}

template <typename Tag>
Json IdJson(Id<Tag> id) {
  return Json::array({id.slot, id.generation});
}

Json DurationJson(Duration duration) {
  if (duration == kForever) return nullptr;
  return duration.count();
}

Json ReliabilityJson(std::optional<ReliableProvisionals> wish) {
  return wish ? static_cast<int>(*wish) : -1;  // as the options say
}

Json WishJson(const SessionTimerWish& wish) {
  return {{"enabled", wish.enabled},
          {"session_expires", wish.session_expires},
          {"min_se", wish.min_se},
          {"refresher", static_cast<int>(wish.refresher)},
          {"method", static_cast<int>(wish.method)}};
}

Json HeadersJson(std::span<const HeaderLine> headers) {
  Json json = Json::array();
  for (const HeaderLine& line : headers) {
    const std::string_view name = line.id == HeaderId::kOther ? line.name : HeaderName(line.id);
    json.push_back(Json::array({TextJson(name), TextJson(line.value)}));
  }
  return json;
}

Json ContentJson(const Content& content) {
  return {{"body", TextJson(content.body)},
          {"type", TextJson(content.content_type)},
          {"headers", HeadersJson(content.headers)},
          {"reason", TextJson(content.reason)}};
}

Json ListJson(std::span<const std::string_view> texts) {
  Json json = Json::array();
  for (const std::string_view text : texts) json.push_back(TextJson(text));
  return json;
}

Json OptionsJson(const RegistrationOptions& options) {
  return {{"expires", options.expires},
          {"expires_max", options.expires_max},
          {"refresh_margin", DurationJson(options.refresh_margin)},
          {"retry_min", DurationJson(options.retry_min)},
          {"retry_max", DurationJson(options.retry_max)}};
}

Json StandaloneJson(const StandaloneDraft& draft) {
  return {{"method", TextJson(draft.method)}, {"target", TextJson(draft.target)},
          {"from", TextJson(draft.from)},     {"contact_user", TextJson(draft.contact_user)},
          {"routes", ListJson(draft.routes)}, {"registration", IdJson(draft.registration)},
          {"call", IdJson(draft.call)},       {"content", ContentJson(draft.content)},
          {"expires", draft.expires},         {"event", TextJson(draft.event)},
          {"accept", TextJson(draft.accept)}, {"info_package", TextJson(draft.info_package)},
          {"takes_forks", draft.takes_forks}, {"options", OptionsJson(draft.options)},
          {"yields", draft.yields},           {"cookie", draft.cookie.value}};
}

Json HostPortJson(const HostPort& host) { return Json::array({TextJson(host.host), host.port}); }

Json OriginJson(const Origin& origin) {
  return {{"flow", IdJson(origin.flow)},
          {"transport", std::string(TransportName(origin.transport))},
          {"host", std::string(BareIpTextOf(origin.source).view())},
          {"port", origin.source.port},
          {"scope", origin.source.scope_id}};
}

// One overload per input; what they have in common is added outside.
struct InputJson {
  Json operator()(const ua::input::Message& in) const {
    Json json = {{"origin", OriginJson(in.origin)}, {"bytes", Base64(WithoutPasswords(in.message->bytes()))}};
    if (!in.authentication_info.empty()) json["authentication_info"] = TextJson(in.authentication_info);
    return json;
  }
  Json operator()(const ua::input::Unparsable& in) const {
    return {{"origin", OriginJson(in.origin)},
            {"bytes", Base64(WithoutPasswords(in.bytes))},
            {"code", static_cast<int>(in.error.code)},
            {"offset", in.error.offset}};
  }
  Json operator()(const ua::input::TransportError& in) const { return {{"id", IdJson(in.id)}}; }
  Json operator()(const ua::input::FlowFailed& in) const { return {{"flow", IdJson(in.flow)}}; }
  Json operator()(const ua::input::KeepAliveAnswered& in) const { return {{"flow", IdJson(in.flow)}}; }
  Json operator()(const ua::input::Deadline&) const { return Json::object(); }
  Json operator()(const ua::input::Located& in) const {
    return {{"cookie", in.cookie.value},
            {"flow", IdJson(in.path.flow)},
            {"transport", std::string(TransportName(in.path.transport))},
            {"sent_by", HostPortJson(in.path.sent_by)},
            {"contact", HostPortJson(in.path.contact)},
            {"request_bytes_max", in.path.request_bytes_max}};
  }
  Json operator()(const ua::input::LocateFailed& in) const { return {{"cookie", in.cookie.value}}; }
  Json operator()(const ua::input::PlaceCall& in) const {
    return {{"reference", IdJson(in.draft.reference)},
            {"target", TextJson(in.draft.target)},
            {"from", TextJson(in.draft.from)},
            {"contact_user", TextJson(in.draft.contact_user)},
            {"replaces", TextJson(in.draft.replaces)},
            {"joins", TextJson(in.draft.joins)},
            {"routes", ListJson(in.draft.routes)},
            {"registration", IdJson(in.draft.registration)},
            {"content", ContentJson(in.draft.content)},
            {"session_timer", WishJson(in.draft.session_timer)},
            {"reliable_provisionals", ReliabilityJson(in.draft.reliable_provisionals)},
            {"expires", DurationJson(in.draft.expires)},
            {"yields", in.draft.yields},
            {"cookie", in.draft.cookie.value}};
  }
  Json operator()(const ua::input::Ring& in) const {
    return {{"call", IdJson(in.call)},
            {"status", in.status},
            {"content", ContentJson(in.content)},
            {"reliability", static_cast<int>(in.reliability)}};
  }
  Json operator()(const ua::input::Answer& in) const {
    return {{"call", IdJson(in.call)}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::Refuse& in) const {
    return {{"call", IdJson(in.call)}, {"status", in.status}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::HangUp& in) const {
    return {{"call", IdJson(in.call)}, {"headers", HeadersJson(in.headers)}, {"dialog", IdJson(in.dialog)}};
  }
  Json operator()(const ua::input::Reinvite& in) const {
    return {{"call", IdJson(in.call)}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::Update& in) const {
    return {{"call", IdJson(in.call)}, {"content", ContentJson(in.content)}, {"dialog", IdJson(in.dialog)}};
  }
  Json operator()(const ua::input::LoseContact& in) const { return {{"call", IdJson(in.call)}}; }
  Json operator()(const ua::input::OfferInPrack& in) const {
    return {{"call", IdJson(in.call)}, {"content", ContentJson(in.content)}, {"dialog", IdJson(in.dialog)}};
  }
  Json operator()(const ua::input::AnswerOffer& in) const {
    return {{"call", IdJson(in.call)}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::RefuseOffer& in) const {
    return {{"call", IdJson(in.call)}, {"status", in.status}, {"content", ContentJson(in.answer)}};
  }
  // Never with the password: a replay tells where it would have been needed.
  Json operator()(const ua::input::GiveCredentials& in) const {
    return {{"call", IdJson(in.answer.call)},
            {"registration", IdJson(in.answer.registration)},
            {"standalone", IdJson(in.answer.standalone)},
            {"realm", TextJson(in.answer.realm)},
            {"is_proxy", in.answer.is_proxy},
            {"refused", in.answer.refused},
            {"user", TextJson(in.answer.user)}};
  }
  Json operator()(const ua::input::Register& in) const {
    Json json = OptionsJson(in.draft.options);
    json["registrar"] = TextJson(in.draft.registrar);
    json["address"] = TextJson(in.draft.address);
    json["contact_user"] = TextJson(in.draft.contact_user);
    json["contacts"] = ListJson(in.draft.contacts);
    json["routes"] = ListJson(in.draft.routes);
    json["instance"] = TextJson(in.draft.instance);
    json["reg_id"] = in.draft.reg_id;
    json["pn_provider"] = TextJson(in.draft.pn_provider);
    json["pn_param"] = TextJson(in.draft.pn_param);
    json["pn_prid"] = TextJson(in.draft.pn_prid);
    json["removes_all"] = in.draft.removes_all;
    json["cookie"] = in.draft.cookie.value;
    return json;
  }
  Json operator()(const ua::input::Unregister& in) const {
    return {{"registration", IdJson(in.registration)}};
  }
  Json operator()(const ua::input::RefreshRegistration& in) const {
    return {{"registration", IdJson(in.registration)}};
  }
  Json operator()(const ua::input::SendRequest& in) const { return StandaloneJson(in.draft); }
  Json operator()(const ua::input::RespondTo& in) const {
    return {{"id", IdJson(in.id)}, {"status", in.status}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::Subscribe& in) const { return StandaloneJson(in.draft); }
  Json operator()(const ua::input::Notify& in) const {
    Json json = {{"standalone", IdJson(in.standalone)},
                 {"state", static_cast<int>(in.draft.state)},
                 {"reason", static_cast<int>(in.draft.reason)},
                 {"content", ContentJson(in.draft.content)}};
    if (in.draft.retry_after) json["retry_after"] = *in.draft.retry_after;
    return json;
  }
  Json operator()(const ua::input::Publish& in) const { return StandaloneJson(in.draft); }
  Json operator()(const ua::input::Republish& in) const {
    return {{"standalone", IdJson(in.standalone)}, {"content", ContentJson(in.content)}};
  }
  Json operator()(const ua::input::Withdraw& in) const { return {{"standalone", IdJson(in.standalone)}}; }
  Json operator()(const ua::input::Refer& in) const {
    return {{"call", IdJson(in.draft.call)},           {"target", TextJson(in.draft.target)},
            {"from", TextJson(in.draft.from)},         {"contact_user", TextJson(in.draft.contact_user)},
            {"routes", ListJson(in.draft.routes)},     {"registration", IdJson(in.draft.registration)},
            {"refer_to", TextJson(in.draft.refer_to)}, {"referred_by", TextJson(in.draft.referred_by)},
            {"wants_reports", in.draft.wants_reports}, {"content", ContentJson(in.draft.content)},
            {"cookie", in.draft.cookie.value}};
  }
  Json operator()(const ua::input::Transfer& in) const {
    return {{"call", IdJson(in.call)}, {"other", IdJson(in.other)}, {"target", TextJson(in.target)}};
  }
  Json operator()(const ua::input::AnswerRefer& in) const {
    return {{"standalone", IdJson(in.standalone)}, {"status", in.status}};
  }
  Json operator()(const ua::input::Report& in) const {
    return {{"standalone", IdJson(in.standalone)}, {"status", in.status}};
  }
  Json operator()(const ua::input::Shutdown&) const { return Json::object(); }
  Json operator()(const ua::input::SetCookie& in) const {
    return {{"call", IdJson(in.call)}, {"cookie", in.cookie.value}};
  }
  Json operator()(const ua::input::SetBusy& in) const { return {{"busy", in.busy}}; }
  Json operator()(const ua::input::SetInfoPackages& in) const {
    return {{"call", IdJson(in.call)}, {"packages", TextJson(in.packages)}};
  }
};

// What the actions have, under their fields' names.
struct ActionJson {
  Json& json;
  Instant start;

  template <typename A>
  void operator()(const A& action) const {
    if constexpr (requires { action.call; }) json["call"] = IdJson(action.call);
    if constexpr (requires { action.registration; }) json["registration"] = IdJson(action.registration);
    if constexpr (requires { action.standalone; }) json["standalone"] = IdJson(action.standalone);
    if constexpr (requires { action.cookie; }) json["cookie"] = action.cookie.value;
    if constexpr (requires { action.flow; }) json["flow"] = IdJson(action.flow);
    if constexpr (requires { action.id; }) json["id"] = IdJson(action.id);
    if constexpr (requires { action.dialog; }) json["dialog"] = IdJson(action.dialog);
    if constexpr (requires { action.message; }) json["message"] = action.message != nullptr;
    if constexpr (requires { action.status; }) json["status"] = action.status;
    if constexpr (requires { action.offer; }) json["offer"] = TextJson(action.offer);
    if constexpr (requires { action.answer; }) json["answer"] = TextJson(action.answer);
    if constexpr (requires { action.place; }) json["place"] = static_cast<int>(action.place);
    if constexpr (requires { action.is_early; }) json["is_early"] = action.is_early;
    if constexpr (requires { action.by_us; }) json["by_us"] = action.by_us;
    if constexpr (requires { action.target; }) json["target"] = TextJson(action.target);
    if constexpr (requires { action.leaves_sips; }) json["leaves_sips"] = action.leaves_sips;
    if constexpr (requires { action.is_downgraded; }) {
      if (action.is_downgraded) json["is_downgraded"] = true;
    }
    Rest(action);
  }

 private:
  void Rest(const ua::Transmit& action) const { json["wire"] = Base64(WithoutPasswords(action.wire)); }
  void Rest(const ua::Locate& action) const {
    json["next_hop"] = TextJson(action.next_hop);
    json["failed_flow"] = IdJson(action.failed_flow);
    json["wire_bytes_estimate"] = action.wire_bytes_estimate;
    json["failed"] = action.failed;
    json["sips"] = action.sips;
  }
  void Rest(const ua::NeedCredentials& action) const {
    json["realm"] = TextJson(action.realm);
    json["is_proxy"] = action.is_proxy;
    json["was_rejected"] = action.was_rejected;
  }
  void Rest(const ua::RegistrationChanged& action) const {
    json["state"] = static_cast<int>(action.state);
    json["expires"] = action.expires;
    json["next"] = DurationJson(action.next == kNever ? kForever : action.next - start);
  }
  void Rest(const ua::RequestEnded& action) const {
    json["outcome"] = std::string(RequestOutcomeName(action.outcome));
    json["clause"] = TextJson(action.clause);
  }
  void Rest(const ua::SubscriptionChanged& action) const {
    json["state"] = static_cast<int>(action.state);
    json["next"] = SinceStart(action.next);
    json["until"] = SinceStart(action.until);
  }
  void Rest(const ua::Notified& action) const {
    json["forked_from"] = IdJson(action.forked_from);
    json["state"] = static_cast<int>(action.state);
    json["reason"] = static_cast<int>(action.reason);
  }
  void Rest(const ua::SubscriptionRequested& action) const {
    json["subscribed_to"] = TextJson(action.event);
    json["expires"] = action.expires;
    json["is_refresh"] = action.is_refresh;
  }
  void Rest(const ua::EventStateChanged& action) const {
    json["resource"] = TextJson(action.resource);
    json["event"] = TextJson(action.event);
    json["change"] = std::string(EventStateChangeName(action.change));
    json["expires"] = action.expires;
  }
  void Rest(const ua::PublicationChanged& action) const {
    json["state"] = static_cast<int>(action.state);
    json["expires"] = action.expires;
    json["next"] = SinceStart(action.next);
  }
  void Rest(const ua::Incoming& action) const {
    if (!action.replaced.is_nil()) json["replaced"] = IdJson(action.replaced);
    if (!action.joined.is_nil()) json["joined"] = IdJson(action.joined);
  }
  void Rest(const ua::ReferChanged& action) const {
    json["stage"] = std::string(ReferStageName(action.stage));
    if (!action.forked_from.is_nil()) json["forked_from"] = IdJson(action.forked_from);
  }
  void Rest(const ua::ReferReceived& action) const {
    json["replaces"] = TextJson(action.replaces);
    json["method"] = std::string(MethodName(action.method));
    json["wants_reports"] = action.wants_reports;
  }
  void Rest(const ua::Refreshed& action) const {
    json["interval"] = action.interval;
    json["we_refresh"] = action.we_refresh;
    json["is_refresh"] = action.is_refresh;
  }
  void Rest(const ua::RefreshFailed& action) const {
    json["next"] = SinceStart(action.next);
    json["end"] = SinceStart(action.end);
  }
  void Rest(const ua::SessionExpiring& action) const {
    json["reason"] = std::string(SessionEndReasonName(action.reason));
    json["end"] = SinceStart(action.end);
  }
  void Rest(const ua::Ended& action) const {
    json["clause"] = TextJson(action.clause);
    json["cause"] = std::string(EndCauseName(action.cause));
    if (action.retry_after > 0) json["retry_after"] = action.retry_after;
  }
  template <typename A>
  void Rest(const A&) const {}
  Json SinceStart(Instant at) const { return DurationJson(at == kNever ? kForever : at - start); }
};

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j <= bytes.size() ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 0xFF);
  }
  return bytes;
}

std::string WithoutPasswords(std::string_view text) {
  std::string safe(text);
  for (std::size_t i = 0; i + 4 < safe.size(); ++i) {
    const bool is_scheme =
        (safe[i] | 0x20) == 's' && (safe[i + 1] | 0x20) == 'i' && (safe[i + 2] | 0x20) == 'p';
    if (!is_scheme) continue;
    std::size_t user = i + 3;
    if ((safe[user] | 0x20) == 's') ++user;
    if (user >= safe.size() || safe[user] != ':') continue;
    const std::size_t end = safe.find_first_of("@ <>\"\r\n", ++user);
    if (end == std::string::npos || safe[end] != '@') continue;
    const std::size_t colon = safe.find(':', user);
    if (colon == std::string::npos || colon > end) continue;
    for (std::size_t at = colon + 1; at < end; ++at) safe[at] = '*';
  }
  return safe;
}

Json JsonOf(const UserAgentInput& input) {
  Json json = {{"input", std::string(InputName(input))}};
  json.update(std::visit(InputJson{}, input));
  return json;
}

Json JsonOf(const InputResult& result) {
  Json json = {{"placed", IdJson(result.placed)}, {"error", std::string(VerbErrorName(result.error))}};
  if (!result.registered.is_nil()) json["registered"] = IdJson(result.registered);
  if (!result.asked.is_nil()) json["asked"] = IdJson(result.asked);
  return json;
}

Json JsonOf(const UserAgentAction& action, Instant start) {
  Json json = {{"action", std::string(ActionName(action))}};
  std::visit(ActionJson{json, start}, action);
  return json;
}

Json JsonOf(const UserAgentOptions& options) {
  const TransactionOptions& transactions = options.transactions;
  const UserAgentLimits& limits = options.limits;
  static_assert(sizeof(UserAgentLimits) == 19 * sizeof(std::size_t),
                "a limit is missing below and in ReadOptions");
  return {{"t1", transactions.timers.t1.count()},
          {"t2", transactions.timers.t2.count()},
          {"t4", transactions.timers.t4.count()},
          {"d", transactions.timers.d.count()},
          {"transactions_max", transactions.transactions_max},
          {"message_bytes_max", transactions.message_bytes_max},
          {"buffered_bytes_max", transactions.buffered_bytes_max},
          {"event_states_max", limits.event_states_max},
          {"calls_max", limits.calls_max},
          {"forks_max", limits.forks_max},
          {"body_bytes_max", limits.body_bytes_max},
          {"routes_max", limits.routes_max},
          {"identity_bytes_max", limits.identity_bytes_max},
          {"extra_headers_max", limits.extra_headers_max},
          {"unlocated_max", limits.unlocated_max},
          {"paths_max", limits.paths_max},
          {"redirects_max", limits.redirects_max},
          {"targets_max", limits.targets_max},
          {"reinvite_retries_max", limits.reinvite_retries_max},
          {"registrations_max", limits.registrations_max},
          {"contacts_max", limits.contacts_max},
          {"requests_max", limits.requests_max},
          {"subscriptions_max", limits.subscriptions_max},
          {"publications_max", limits.publications_max},
          {"credentials_max", limits.credentials_max},
          {"unanswered_max", limits.unanswered_max},
          {"session_timer", WishJson(options.session_timer)},
          {"contact_user", TextJson(options.contact_user)},
          {"contact_user_first", options.contact_user_first},
          {"user_agent", TextJson(options.user_agent)},
          {"accept", TextJson(options.accept)},
          {"capabilities", TextJson(options.capabilities)},
          {"follow_redirects", options.follow_redirects},
          {"methods", TextJson(options.methods)},
          {"message_types", TextJson(options.message_types)},
          {"message_status", options.message_status},
          {"request_answer_max", options.request_answer_max.count()},
          {"info_packages", options.info_packages ? TextJson(*options.info_packages) : Json()},
          {"info_types", TextJson(options.info_types)},
          {"events", TextJson(options.events)},
          {"event_types", TextJson(options.event_types)},
          {"notify_gap", options.notify_gap.count()},
          {"published_events", TextJson(options.published_events)},
          {"publish_types", TextJson(options.publish_types)},
          {"event_expires", options.event_expires},
          {"event_expires_min", options.event_expires_min},
          {"event_expires_max", options.event_expires_max},
          {"takes_refer", options.takes_refer},
          {"refer_expires", options.refer_expires},
          {"takes_replaces", options.takes_replaces},
          {"takes_join", options.takes_join},
          {"takes_target_dialog", options.takes_target_dialog},
          {"session_id", options.session_id},
          {"tells_keep_alives", options.tells_keep_alives},
          {"busy", options.busy},
          {"reliable_provisionals", static_cast<int>(options.reliable_provisionals)},
          {"ringing_repeat", options.ringing_repeat.count()},
          {"reliable_repeat", options.reliable_repeat.count()},
          {"update_answer_max", options.update_answer_max.count()},
          {"proxy_realm", TextJson(options.proxy_realm)},
          {"credentials_wait_max", options.credentials_wait_max.count()},
          {"digest_hashes", options.digest_hashes != nullptr},
          {"same_session", options.same_session != nullptr}};
}

}  // namespace sansip::sim
