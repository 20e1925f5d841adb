#include "sansip/tests/conformance/directed_user.h"

#include <cstdlib>

#include "sansip/tests/conformance/wire_message.h"

namespace sansip::conformance {

void DirectedUser::OnAction(sim::Node& node, Instant now, const UserAgentAction& action) {
  told_.push_back({now, sim::ActionText(action)});
  if (const auto* incoming = std::get_if<ua::Incoming>(&action)) call_ = incoming->call;
  if (const auto* ended = std::get_if<ua::Ended>(&action)) end_cause_ = EndCauseName(ended->cause);
  if (const auto* credentials = std::get_if<ua::NeedCredentials>(&action)) {
    realm_ = credentials->realm;
    is_proxy_realm_ = credentials->is_proxy;
  }
  if (std::holds_alternative<ua::OfferReceived>(action) && answers_offers_) {
    node.At(now, [this](sim::Node& self, Instant then) { Direct(self, then, "answers offer"); });
  }
}

InputResult DirectedUser::Call(sim::Node& node, Instant now, bool with_offer) {
  const std::string from = node.Identity();
  CallDraft draft{.target = target_, .from = from, .session_timer = node.agent().options().session_timer};
  if (with_offer) draft.content.body = description_;
  const InputResult placed = node.Do(now, ua::input::PlaceCall{draft});
  if (placed.error == VerbError::kNone) call_ = placed.placed;
  return placed;
}

std::string DirectedUser::Direct(sim::Node& node, Instant now, std::string_view verb) {
  const std::vector<std::string> words = Words(verb);
  const int status = words.empty() ? 0 : std::atoi(words.back().c_str());
  const Content content{.body = description_};
  InputResult result;
  if (verb == "calls" || verb == "calls without offer") {
    result = Call(node, now, verb == "calls");
  } else if (verb == "answers") {
    result = node.Do(now, ua::input::Answer{call_, content});
  } else if (verb == "hangs up") {
    result = node.Do(now, ua::input::HangUp{call_, {}});
  } else if (verb == "re-invites") {
    result = node.Do(now, ua::input::Reinvite{call_, content});
  } else if (verb == "answers offer") {
    result = node.Do(now, ua::input::AnswerOffer{call_, content});
  } else if (verb.starts_with("rings ")) {
    result = node.Do(now, ua::input::Ring{call_, status, {}});
  } else if (verb.starts_with("refuses offer ")) {
    result = node.Do(now, ua::input::RefuseOffer{call_, status, {}});
  } else if (verb.starts_with("refuses ")) {
    result = node.Do(now, ua::input::Refuse{call_, status, {}});
  } else if (verb == "gives credentials") {
    CredentialsAnswer answer{
        .call = call_, .realm = realm_, .is_proxy = is_proxy_realm_, .user = "ua", .password = "secret"};
    if (!registration_.is_nil()) answer.registration = registration_, answer.call = {};
    if (!question_.is_nil()) answer.standalone = question_, answer.call = {};
    result = node.Do(now, ua::input::GiveCredentials{answer});
  } else if (verb == "registers") {
    const std::string address = node.Identity();
    const std::string registrar = "sip:" + target_.substr(target_.find('@') + 1);
    result = node.Do(now, ua::input::Register{{.registrar = registrar, .address = address}});
    registration_ = result.registered;
  } else if (verb == "asks for bindings") {
    const std::string address = node.Identity();
    const std::string registrar = "sip:" + target_.substr(target_.find('@') + 1);
    const StandaloneDraft draft{.method = "REGISTER", .target = registrar, .from = address};
    result = node.Do(now, ua::input::SendRequest{draft});
    question_ = result.asked;
  } else if (verb == "unregisters") {
    result = node.Do(now, ua::input::Unregister{registration_});
  } else {
    return "a user cannot do that";
  }
  return result.error == VerbError::kNone ? "" : std::string(VerbErrorName(result.error));
}

}  // namespace sansip::conformance
