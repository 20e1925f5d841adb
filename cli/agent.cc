// Life and time of an agent: listening, locating, deadlines, the end. What calls do is in agent_calls.cc.
#include "sansip/cli/agent.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/help_text.h"
#include "sansip/core/uri/sip_uri.h"
#include "sansip/rtp/sdp/description.h"
#include "sansip/transport/openssl_hashes.h"

namespace sansip::cli {
namespace {

constexpr Duration kShutdownTime = std::chrono::seconds(5);
constexpr Duration kLingerUdp = std::chrono::milliseconds(500);
constexpr Duration kFlushTime = std::chrono::seconds(1);  // for what TCP has not taken yet
constexpr std::size_t kCallsBesideOnesOwn = 16;
const OpensslHashes kHashes;

SocketAddress Loopback() { return *ParseIp("127.0.0.1", 0); }

}  // namespace

UserAgentOptions UserAgentOptionsOf(const AgentOptions& options) {
  UserAgentOptions result;
  result.transactions.timers = options.timers;
  result.limits.calls_max = options.calls_at_once + (options.is_caller ? kCallsBesideOnesOwn : 0);
  result.session_timer = options.session_timer;
  result.contact_user = options.user;
  result.contact_user_first = options.is_user_given;
  result.user_agent = fmt::format("sansip/{}", kVersion);
  sdp::LocalMedia media;
  media.rtp = options.listen.empty() ? Loopback() : options.listen.front().address;
  result.capabilities = sdp::Capabilities(media, 0);
  result.follow_redirects = options.follow_redirects;
  result.reliable_provisionals = options.reliable_provisionals;
  result.busy = options.is_caller || options.registers_only;
  if (options.task == AgentTask::kCalls) result.methods = "MESSAGE";
  result.takes_refer = options.task == AgentTask::kCalls && options.takes_refer;
  result.takes_target_dialog = result.takes_refer;
  result.takes_replaces = options.takes_replaces;
  result.session_id = options.session_id;
  result.tells_keep_alives = options.stun != StunUse::kOff;
  result.published_events = result.events = options.published_events;
  result.notify_gap = std::chrono::seconds(1);  // RFC 3903 14.2
  result.digest_hashes = &kHashes;
  result.same_session = &sdp::SameSession;
  return result;
}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Create(const AgentOptions& options, EventLoop* loop,
                                                     RandomSource* random, Reporter* reporter) {
  const UserAgentOptions user_agent_options = UserAgentOptionsOf(options);
  std::unique_ptr<TraceObserver> trace;
  if (const std::string& path = options.output.trace_path; !path.empty()) {
    auto recorder = sim::TraceRecorder::Create(path, user_agent_options, loop->Now(), *random);
    if (recorder == nullptr) {
      return absl::NotFoundError(fmt::format("cannot write the trace {}: {}", path, std::strerror(errno)));
    }
    trace = std::make_unique<TraceObserver>(std::move(recorder));
  }
  std::unique_ptr<Agent> agent(
      new Agent(options, user_agent_options, loop, random, reporter, std::move(trace)));
  auto driver = SipDriver::Create(loop, &agent->executor_);
  if (!driver.ok()) return driver.status();
  agent->driver_ = *std::move(driver);
  agent->executor_.Attach(agent->driver_.get());
  if (const absl::Status status = agent->Listen(); !status.ok()) return status;
  if (const absl::Status status = agent->RestoreState(); !status.ok()) return status;
  return agent;
}

Agent::Agent(const AgentOptions& options, const UserAgentOptions& user_agent_options, EventLoop* loop,
             RandomSource* random, Reporter* reporter, std::unique_ptr<TraceObserver> trace)
    : options_(options),
      loop_(loop),
      random_(random),
      reporter_(reporter),
      trace_(std::move(trace)),
      user_agent_(user_agent_options, trace_ == nullptr ? *random : trace_->random()),
      core_(&user_agent_),
      executor_(loop, &core_, this) {
  if (trace_ != nullptr) core_.Add(trace_.get());
  if (!options.state_path.empty()) state_.emplace(options.state_path);
  core_.Add(this);
  if (options.required.realm.empty()) return;
  // RFC 8760 2.6 holds end to end only: who is registered is called by way of a proxy, which retargets.
  const bool wants_same_uri = options.registrar.empty();
  core_.Guard(&challenger_.emplace(options.required, wants_same_uri, kHashes, *random));
  options_.required.users.clear();  // their hashes are all that is needed
}

absl::Status Agent::Listen() {
  std::vector<ListenAddress> wanted = options_.listen;
  if (wanted.empty() && (options_.is_caller || options_.registers_only)) {
    // Where the target is reached from; if it cannot be found, the call will say so.
    const std::string& target = options_.is_caller ? options_.target : options_.registrar;
    const Located located = Locate(options_.proxy.empty() ? target : options_.proxy, 0, SystemResolver());
    SocketAddress local = *ParseIp("0.0.0.0", 0);
    if (!located.targets.empty()) {
      const SocketAddress source = RoutedSource(located.targets.front().address);
      if (source.family != SocketAddress::Family::kNone) local = source;
    }
    local.port = 0;
    wanted = {{Transport::kUdp, local}};
  } else if (wanted.empty()) {
    const SocketAddress any = *ParseIp("0.0.0.0", 5060);
    wanted = {{Transport::kUdp, any}};
  }
  // RFC 3261 18.2.1: who is reached over UDP is reached over TCP too.
  std::stable_partition(wanted.begin(), wanted.end(),
                        [](const ListenAddress& one) { return one.transport == Transport::kUdp; });
  for (const ListenAddress& one : wanted) {
    const bool is_udp = one.transport == Transport::kUdp;
    const bool is_done = std::any_of(bound_.begin(), bound_.end(), [&](const ListenAddress& bound) {
      return !is_udp && bound.transport == one.transport && bound.address == one.address;
    });
    if (is_done) continue;
    const absl::StatusOr<SocketAddress> address =
        is_udp ? driver_->ListenOnUdpAndTcp(one.address) : driver_->Listen(one.transport, one.address);
    if (!address.ok()) {
      return absl::Status(address.status().code(),
                          fmt::format("cannot listen on {}: {}", ListenAddressText(one),
                                      std::string_view(address.status().message().data(),
                                                       address.status().message().size())));
    }
    bound_.push_back({one.transport, *address});
    reporter_->Bound(loop_->Now(), bound_.back());
    if (!is_udp) continue;
    bound_.push_back({Transport::kTcp, *address});
    reporter_->Bound(loop_->Now(), bound_.back());
  }
  return absl::OkStatus();
}

bool Agent::HasUdp() const {
  return std::any_of(bound_.begin(), bound_.end(),
                     [](const ListenAddress& one) { return one.transport == Transport::kUdp; });
}

SocketAddress Agent::LocalAddressTowards(const SocketAddress& remote) const {
  for (const ListenAddress& one : bound_) {
    if (one.address.family == remote.family && !IsWildcard(one.address)) return one.address;
  }
  const SocketAddress source = RoutedSource(remote);
  return source.family == SocketAddress::Family::kNone ? Loopback() : source;
}

SocketAddress Agent::LocalAddressOfLastMessage() const {
  const std::optional<SocketAddress> contact = ParseIp(last_contact_host_, 0);
  if (contact && !IsWildcard(*contact)) return *contact;
  return LocalAddressTowards(last_source_);
}

// ---- The executor ----

InputResult Agent::Do(const UserAgentInput& input) {
  return executor_.Call([&](Instant now, UserAgentSink& out) { return core_.Apply(now, input, out); });
}

void Agent::OnInput(Instant now, const UserAgentInput& input) {
  if (const auto* alive = std::get_if<ua::input::KeepAliveAnswered>(&input)) NoteAlive(now, alive->flow);
  const auto* message = std::get_if<ua::input::Message>(&input);
  if (message == nullptr) return;
  last_source_ = message->origin.source;
  last_contact_host_ = message->origin.contact.host;
  const bool is_answered = message->message->is_request() && message->message->method() != Method::kAck;
  if (is_answered && !IsReliable(message->origin.transport)) has_udp_request_ = true;
}

void Agent::OnActions(Instant now, const UserAgentInput& input, const InputResult& result,
                      const UserAgentSink&) {
  NoteState(now);
  const auto* place = std::get_if<ua::input::PlaceCall>(&input);
  if (place == nullptr || result.error != VerbError::kNone) return;
  Call& call = *Find(place->draft.cookie);
  call.id = result.placed;
  const std::optional<CallView> view = user_agent_.Find(call.id);
  reporter_->Calling(now, call.number, false, place->draft.from, place->draft.target,
                     view ? view->call_id : "");
}

void Agent::OnTurnedAway(Instant now, const UserAgentInput&, const UserAgentSink&) {
  const auto& failed = challenger_->failed_login();
  if (!failed) return;
  const AddressText source = TextOf(failed->source);
  nlohmann::ordered_json fields = {{"realm", options_.required.realm}, {"source", source.view()}};
  if (!failed->user.empty()) fields["user"] = failed->user;
  reporter_->Tell(
      now, 0, "login_failed", fields,
      fmt::format("wrong credentials{} from {}",
                  failed->user.empty() ? "" : fmt::format(" of {}", failed->user), source.view()));
}

void Agent::Execute(Instant, const UserAgentAction& action) {
  std::visit([this](const auto& one) { Take(one); }, action);
}

void Agent::React(Instant) {
  while (!tasks_.empty()) {
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
}

void Agent::Take(const ua::Locate& action) {
  Attempts attempts{.failed = action.failed};
  if (const Flow* const flow = driver_->flows().Find(action.failed_flow)) {
    attempts.transport = flow->transport;
    attempts.address = flow->remote;
    attempts.was_refused = flow->is_refused;
  }
  tasks_.emplace_back([this, cookie = action.cookie, next_hop = std::string(action.next_hop),
                       bytes = action.wire_bytes_estimate,
                       attempts] { AnswerLocate(cookie, next_hop, bytes, attempts); });
}

void Agent::AnswerLocate(Cookie cookie, const std::string& next_hop, std::size_t bytes, Attempts attempts) {
  const std::optional<SipUri> uri = ParseSipUri(next_hop);
  const bool may_choose = uri && !UriParameter(*uri, "transport");
  // RFC 3428 8: by what has congestion control, where somebody speaks it there.
  const bool prefers_tcp = options_.task == AgentTask::kMessage && may_choose && HasUdp();
  Located located = Locate(next_hop, bytes, SystemResolver(), prefers_tcp ? 0 : DatagramRequestBytesMax(0));
  if (located.error != LocateError::kNone) locate_error_ = LocateErrorText(located.error, next_hop);
  if (prefers_tcp && bytes <= DatagramRequestBytesMax(0)) {
    for (Target& target : located.targets) target.is_fall_back = false;  // a firewall is no refusal
  }
  for (;;) {
    const std::size_t next = NextTarget(located, attempts);
    if (next == located.targets.size()) break;
    const Target& target = located.targets[next];
    attempts = {.failed = next + 1, .transport = target.transport, .address = target.address};
    // Who listens on TCP alone wants to be reached over TCP.
    const bool wants_tcp = target.transport == Transport::kUdp && may_choose && !HasUdp();
    if (wants_tcp && target.is_fall_back) continue;
    const absl::StatusOr<FlowId> flow =
        driver_->FlowTo(wants_tcp ? Transport::kTcp : target.transport, target.address);
    if (!flow.ok()) {
      locate_error_ = std::string(flow.status().message());
      attempts.was_refused = absl::IsUnavailable(flow.status());
      continue;
    }
    if (const std::optional<Path> path = driver_->PathFor(*flow)) {
      Do(ua::input::Located{.cookie = cookie, .path = *path});
      return;
    }
  }
  Do(ua::input::LocateFailed{cookie});
}

// ---- Time ----

void Agent::Step(Instant until) {
  executor_.Step(std::min(until, next_deadline()));
  const Instant now = loop_->Now();
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, call] : calls_) numbers.push_back(number);
  for (const std::uint64_t number : numbers) {
    if (Call* const call = Find(Cookie{number})) OnTime(*call, now);
  }
  UnregisterAtEnd();
  SaveState(now);
}

Instant Agent::next_deadline() const {
  Instant earliest =
      std::min({user_agent_.next_deadline(), driver_->next_deadline(), shutdown_end_, state_due_});
  for (const auto& [number, call] : calls_) {
    earliest = std::min({earliest, call.answer_at, call.cancel_at, call.hangup_at, call.reinvite_at,
                         call.transfer_at, call.after_start.due(), call.after_ack.due()});
    if (call.media != nullptr) earliest = std::min(earliest, call.media->endpoint().next_deadline());
  }
  if (settled_ != kNever) {
    earliest = std::min(earliest, After(settled_, driver_->queued_bytes() > 0 ? kFlushTime : Linger()));
  }
  return earliest;
}

void Agent::OnTime(Call& call, Instant now) {
  const std::uint64_t number = call.number;
  if (call.media != nullptr) {
    rtp::MediaEndpoint& endpoint = call.media->endpoint();
    if (endpoint.next_deadline() <= now) endpoint.OnDeadline(now);
    if (!endpoint.status().ok() && !call.verdict) {
      const absl::string_view text = endpoint.status().message();
      return GiveUp(call, ExitCode::kLocalResource, std::string_view(text.data(), text.size()));
    }
  }
  if (call.answer_at <= now) {
    call.answer_at = kNever;
    AnswerCall(call);
  }
  if (Find(Cookie{number}) == nullptr) return;
  if (std::min(call.cancel_at, call.hangup_at) <= now) {
    call.cancel_at = call.hangup_at = call.reinvite_at = call.transfer_at = kNever;
    (void)Do(ua::input::HangUp{.call = call.id, .headers = {}});
    return;
  }
  if (call.transfer_at <= now) return Transfer(call);
  if (call.reinvite_at <= now) Reinvite(call);
  RunScript(number, now);
}

void Agent::Start() {
  if (options_.task != AgentTask::kCalls) return StartTask();
  ResumeCalls();
  if (!options_.registrar.empty() && registration_.is_nil()) return Register();
  if (options_.is_caller && (options_.registrar.empty() || was_registered_)) PlaceCalls();
}

// ---- The end ----

void Agent::Shutdown() {
  shutdown_end_ = After(loop_->Now(), kShutdownTime);
  Do(ua::input::Shutdown{});
}

Duration Agent::Linger() const {
  if (user_agent_.calls_kept() == 0 && options_.task == AgentTask::kCalls) return Duration::zero();
  return options_.linger.value_or(has_udp_request_ ? kLingerUdp : Duration::zero());
}

bool Agent::AreCallsOver() const {
  const bool is_last = options_.is_caller ? calls_counted() >= options_.calls.value_or(1)
                                          : options_.calls && calls_counted() >= *options_.calls;
  return (is_last || shutdown_end_ != kNever) && calls_.empty() && user_agent_.calls_live() == 0 &&
         user_agent_.client_transactions_pending() == 0;
}

bool Agent::IsSettled() const {
  return AreCallsOver() && (options_.task == AgentTask::kCalls || is_task_over_) &&
         (registration_.is_nil() || (options_.once && options_.registers_only));
}

void Agent::Abandon() {
  for (auto& [number, call] : calls_) {
    Fail(call, ExitCode::kTimedOut, fmt::format("{}: no final response before the end", call.peer));
  }
}

bool Agent::is_done() {
  const Instant now = loop_->Now();
  if (!IsSettled()) {
    settled_ = kNever;
    if (now < shutdown_end_) return false;
    Abandon();
    return true;
  }
  if (settled_ == kNever) settled_ = now;
  if (driver_->queued_bytes() > 0 && now < After(settled_, kFlushTime)) return false;
  return now >= std::min(After(settled_, Linger()), shutdown_end_);
}

}  // namespace sansip::cli
