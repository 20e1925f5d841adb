// What an agent does about its account: it registers, gives the password, and removes the binding at the end.
#include <array>
#include <chrono>
#include <utility>

#include "fmt/core.h"
#include "sansip/cli/agent.h"
#include "sansip/cli/device_instance.h"
#include "sansip/cli/outcome.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/transport/openssl_hashes.h"

namespace sansip::cli {
namespace {

constexpr Duration kUnregisterTime = std::chrono::seconds(5);

}  // namespace

std::string Agent::AddressOfRecord() const {
  if (!options_.from.empty()) return options_.from;
  const std::optional<SipUri> registrar = ParseSipUri(options_.registrar);
  std::string address =
      fmt::format("{}:{}@{}", registrar->is_sips ? "sips" : "sip", options_.user, registrar->host);
  if (registrar->port != 0) address += fmt::format(":{}", registrar->port);
  return address;
}

void Agent::Register() {
  const std::string address = fmt::format("<{}>", AddressOfRecord());
  const std::string route = fmt::format("<{}>", options_.proxy);
  const std::array<std::string_view, 1> routes = {route};
  RegistrationDraft draft{.registrar = options_.registrar, .address = address, .contact_user = options_.user};
  if (!options_.proxy.empty()) draft.routes = routes;
  draft.options.expires = options_.register_expires;
  if (options_.reg_id > 0 && options_.instance.empty())
    options_.instance = DeviceInstance(MachineName(), AddressOfRecord(), OpensslHashes());
  draft.instance = options_.instance;
  draft.reg_id = options_.reg_id;
  const InputResult result = Do(ua::input::Register{draft});
  registration_ = result.registered;
  if (result.error == VerbError::kNone) return;
  reporter_->Error(loop_->Now(), 0, ExitCode::kInternal,
                   fmt::format("cannot register: {}", VerbErrorName(result.error)));
  Count(ExitCode::kInternal);
  Shutdown();
}

void Agent::Take(const ua::NeedCredentials& action) {
  const bool has_answer = options_.password && !action.was_rejected;
  tasks_.emplace_back([this, call = action.call, registration = action.registration,
                       standalone = action.standalone, realm = std::string(action.realm),
                       is_proxy = action.is_proxy, has_answer] {
    CredentialsAnswer answer{.call = call,
                             .registration = registration,
                             .standalone = standalone,
                             .realm = realm,
                             .is_proxy = is_proxy};
    answer.refused = !has_answer;
    if (has_answer) {
      answer.user = options_.user;
      answer.password = *options_.password;
    }
    (void)Do(ua::input::GiveCredentials{answer});
  });
}

void Agent::Take(const ua::ProofFailed&) {
  tasks_.emplace_back([this] {
    reporter_->Note(loop_->Now(), 0, "a response is not of who knows the password (rspauth is wrong)");
  });
}

void Agent::Take(const ua::RegistrationChanged& action) {
  tasks_.emplace_back([this, state = action.state, status = action.status, expires = action.expires,
                       next = action.next, reason = ReasonOf(action.message, action.status)] {
    if (state == Registration::State::kRegistered) return OnRegistered(expires);
    if (state == Registration::State::kWaiting) return OnRegistrationWaiting(status, reason, next);
    OnRegistrationOver(status, reason);
  });
}

void Agent::OnRegistered(std::uint32_t expires) {
  RegisteredFacts facts;
  if (const std::optional<RegistrationView> view = user_agent_.FindRegistration(registration_)) {
    facts = {view->path, view->service_route, view->pub_gruu, view->temp_gruu, view->is_outbound};
    KeepAlive(*view, facts);
  }
  reporter_->Registered(loop_->Now(), options_.registrar, AddressOfRecord(), expires, facts);
  const bool is_first = !was_registered_;
  was_registered_ = true;
  if (is_first && options_.is_caller) PlaceCalls();
  if (options_.registers_only && options_.once) shutdown_end_ = loop_->Now();
}

// RFC 5626 4.4: over the flow that the registrar has bound.
void Agent::KeepAlive(const RegistrationView& view, RegisteredFacts& facts) {
  const Flow* const flow = driver_->flows().Find(view.flow);
  if (view.flow != kept_alive_) is_alive_ = false;
  kept_alive_ = {};
  if (flow == nullptr) return;
  const KeepAlives::Kind kind = KeepAlives::KindOf(flow->transport);
  const bool is_by_stun = kind == KeepAlives::Kind::kBindings;
  if (is_by_stun && (options_.stun == StunUse::kOff || has_no_stun_)) return;
  const Duration flow_timer = std::chrono::seconds(view.flow_timer);
  if (!driver_->KeepAlive(view.flow, flow_timer, *random_)) return;
  kept_alive_ = view.flow;
  facts.keep_alive =
      std::chrono::duration_cast<std::chrono::seconds>(KeepAlives::GapOf(kind, flow_timer).most).count();
  facts.is_by_stun = is_by_stun;
}

void Agent::NoteAlive(Instant now, FlowId flow) {
  if (flow != kept_alive_ || std::exchange(is_alive_, true)) return;
  const std::optional<SocketAddress> mapped = driver_->MappedAddress(flow);
  reporter_->FlowAlive(now, options_.registrar, mapped ? std::string(TextOf(*mapped).view()) : "");
}

// Over UDP, before anything was answered: the peer has said "outbound" and has no STUN. The RFC would fail
// such a flow again and again.
void Agent::NoteFlowFailed() {
  const Flow* const flow = driver_->flows().Find(std::exchange(kept_alive_, {}));
  if (flow == nullptr || IsReliable(flow->transport) || std::exchange(is_alive_, false)) return;
  if (options_.stun != StunUse::kAuto) return;
  has_no_stun_ = true;
  reporter_->Note(loop_->Now(), 0, "nobody answers STUN there: from now on without keep-alives");
}

void Agent::OnRegistrationWaiting(int status, const std::string& reason, Instant next) {
  const Instant now = loop_->Now();
  if (status == 430) NoteFlowFailed();
  const bool is_last = !was_registered_ && (options_.is_caller || options_.once);
  reporter_->RegistrationFailed(now, options_.registrar, status, reason,
                                is_last ? std::nullopt : std::optional(next - now));
  if (!is_last) return;
  FailRegistration(status, reason);
  Shutdown();
}

void Agent::OnRegistrationOver(int status, const std::string& reason) {
  registration_ = {};
  driver_->StopKeepAlive(kept_alive_);
  if (is_unregistering_ || shutdown_end_ != kNever) {
    if (was_registered_) reporter_->Unregistered(loop_->Now(), options_.registrar, status);
    return;
  }
  reporter_->RegistrationFailed(loop_->Now(), options_.registrar, status, reason, std::nullopt);
  FailRegistration(status, reason);
  Shutdown();
}

void Agent::FailRegistration(int status, const std::string& reason) {
  ExitCode exit = ExitCode::kRefused;
  std::string hint = "check --register, --user and --password-file";
  if (status == 408) {
    exit = ExitCode::kTimedOut;
    hint = "is it running, are address, port and transport right?";
  } else if (!locate_error_.empty()) {
    exit = ExitCode::kUnreachable;
    hint = locate_error_;
  }
  reporter_->Error(loop_->Now(), 0, exit,
                   fmt::format("{}: not registered ({} {}): {}", options_.registrar, status, reason, hint));
  Count(exit);
  if (totals_.status == 0) totals_.status = status;
}

// When the last call is over, or nothing else is left after a signal.
void Agent::UnregisterAtEnd() {
  const bool waits = registration_.is_nil() || is_unregistering_ || shutdown_end_ != kNever;
  if (waits || options_.registers_only || !AreCallsOver()) return;
  is_unregistering_ = true;
  shutdown_end_ = After(loop_->Now(), kUnregisterTime);
  (void)Do(ua::input::Unregister{registration_});
}

}  // namespace sansip::cli
