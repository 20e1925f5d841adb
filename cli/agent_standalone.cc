// What an agent does outside of calls: `sansip options`, `message`, `subscribe` and `register --query`, and
// the MESSAGEs that come in meanwhile.
#include <array>
#include <chrono>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/agent.h"
#include "sansip/core/message/status_code.h"
#include "sansip/dialog/listed_bindings.h"
#include "sansip/dialog/message_expiry.h"
#include "sansip/transport/locate.h"

namespace sansip::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string HeaderText(const MessageView* message, HeaderId id) {
  if (message == nullptr) return {};
  std::string text;
  for (std::size_t i = 0; i < message->header_count(); ++i) {
    if (message->index().headers[i].id != id) continue;
    if (!text.empty()) text += ", ";
    text += message->header(i).value;
  }
  return text;
}

// A body with its type, where there is one.
Json BodyOf(const MessageView& message) {
  Json fields = Json::object();
  if (message.body().empty()) return fields;
  fields["content_type"] = HeaderText(&message, HeaderId::kContentType);
  fields["body"] = message.body();
  return fields;
}

std::string_view NameOf(Subscription::State state) {
  constexpr std::array<std::string_view, 7> kNames = {"idle",    "asked",  "pending", "active",
                                                      "waiting", "ending", "over"};
  return kNames[static_cast<std::size_t>(state)];
}

ExitCode ExitCodeOf(RequestOutcome outcome) {
  switch (outcome) {
    case RequestOutcome::kAccepted:
      return ExitCode::kOk;
    case RequestOutcome::kRefused:
      return ExitCode::kRefused;
    case RequestOutcome::kTimedOut:
      return ExitCode::kTimedOut;
    case RequestOutcome::kUnreachable:
    case RequestOutcome::kTooLong:
      return ExitCode::kUnreachable;
    case RequestOutcome::kAbandoned:
      return ExitCode::kLocalResource;
  }
  return ExitCode::kInternal;
}

// What a subscription failed with.
ExitCode ExitCodeOf(int status) {
  if (status == 408) return ExitCode::kTimedOut;
  return status == 503 ? ExitCode::kUnreachable : ExitCode::kRefused;
}

}  // namespace

void Agent::StartTask() {
  const std::string& next_hop = options_.proxy.empty() ? options_.target : options_.proxy;
  const Located located = Locate(next_hop, 0, SystemResolver());
  const SocketAddress remote = located.targets.empty() ? SocketAddress{} : located.targets.front().address;
  std::string uri = options_.from;
  if (options_.task == AgentTask::kBindings) uri = AddressOfRecord();
  if (uri.empty())
    uri = fmt::format("sip:{}@{}", options_.user, HostTextOf(LocalAddressTowards(remote)).view());
  const std::string from = fmt::format("<{}>", uri);
  const std::string route = fmt::format("<{}>", options_.proxy);
  const std::array<std::string_view, 1> routes = {route};
  StandaloneDraft draft{.target = options_.target, .from = from, .contact_user = options_.user};
  if (!options_.proxy.empty()) draft.routes = routes;
  InputResult result;
  if (options_.task == AgentTask::kRefer) {
    result = SendRefer(from, route);
  } else if (options_.task == AgentTask::kSubscribe) {
    draft.event = options_.event;
    draft.accept = options_.event_accept;
    draft.options.expires = options_.event_expires;
    result = Do(ua::input::Subscribe{draft});
  } else {
    const bool is_message = options_.task == AgentTask::kMessage;
    draft.method = is_message ? "MESSAGE" : options_.task == AgentTask::kBindings ? "REGISTER" : "OPTIONS";
    if (is_message) draft.content = {.body = options_.text, .content_type = "text/plain"};
    result = Do(ua::input::SendRequest{draft});
  }
  if (result.error == VerbError::kNone) return;
  is_task_over_ = true;
  reporter_->Error(loop_->Now(), 0, ExitCode::kUsage,
                   fmt::format("cannot ask {}: {}", options_.target, VerbErrorName(result.error)));
  Count(ExitCode::kUsage);
}

void Agent::FailTask(ExitCode exit, int status, std::string_view what) {
  const std::string phrase = status == 0 ? "" : fmt::format(" ({} {})", status, ReasonPhrase(status));
  const std::string hint = locate_error_.empty() ? "run again with -v to see the messages" : locate_error_;
  reporter_->Error(loop_->Now(), 0, exit, fmt::format("{}: {}{}: {}", options_.target, what, phrase, hint));
  Count(exit);
  if (totals_.status == 0 && exit == ExitCode::kRefused) totals_.status = status;
}

// One that went out within a call: its cookie is the call's.
void Agent::TellCallRequest(const ua::RequestEnded& action) {
  Json fields = {{"outcome", RequestOutcomeName(action.outcome)}};
  std::string text = fmt::format("request in the call: {}", RequestOutcomeName(action.outcome));
  if (action.status != 0) {
    fields["status"] = action.status;
    text += fmt::format(" ({} {})", action.status, ReasonPhrase(action.status));
  }
  if (action.message != nullptr) fields.update(BodyOf(*action.message));
  tasks_.emplace_back(
      [this, number = action.cookie.value, fields = std::move(fields), text = std::move(text)] {
        reporter_->Tell(loop_->Now(), number, "request", fields, text);
      });
}

// What a registrar lists, for programs and for people.
void Agent::TellBindings(const MessageView& response) {
  Json list = Json::array();
  std::string text;
  ListedBindings all(response);
  for (ListedBinding one; all.Next(one);) {
    Json binding = {{"uri", one.uri}, {"expires", one.expires}};
    if (one.q) binding["q"] = *one.q / 1000.0;
    for (const auto& [name, value] :
         {std::pair{"instance", one.instance}, std::pair{"reg_id", one.reg_id},
          std::pair{"pub_gruu", one.pub_gruu}, std::pair{"temp_gruu", one.temp_gruu}}) {
      if (!value.empty()) binding[name] = value;
    }
    list.push_back(std::move(binding));
    text += fmt::format("\n           {} for {} s", one.uri, one.expires);
    if (!one.instance.empty()) text += fmt::format(", {}", one.instance);
  }
  if (list.empty()) text = " nothing";
  const Json fields = {
      {"registrar", options_.registrar}, {"address", AddressOfRecord()}, {"bindings", std::move(list)}};
  tasks_.emplace_back([this, fields, text = fmt::format("bound to {}:{}", AddressOfRecord(), text)] {
    reporter_->Tell(loop_->Now(), 0, "bindings", fields, text);
  });
}

void Agent::Take(const ua::RequestEnded& action) {
  if (options_.task == AgentTask::kCalls) return TellCallRequest(action);
  const bool is_listed = action.outcome == RequestOutcome::kAccepted && action.message != nullptr;
  if (options_.task == AgentTask::kBindings && is_listed) TellBindings(*action.message);
  Json fields = {{"target", options_.target}, {"outcome", RequestOutcomeName(action.outcome)}};
  if (action.status != 0) fields["status"] = action.status;
  for (const auto& [id, name] :
       {std::pair{HeaderId::kServer, "server"}, std::pair{HeaderId::kUserAgent, "user_agent"},
        std::pair{HeaderId::kAllow, "allow"}, std::pair{HeaderId::kSupported, "supported"},
        std::pair{HeaderId::kAccept, "accept"}, std::pair{HeaderId::kAllowEvents, "allow_events"}}) {
    const std::string text = HeaderText(action.message, id);
    if (!text.empty()) fields[name] = text;
  }
  if (action.message != nullptr) fields.update(BodyOf(*action.message));
  std::string text = fmt::format("{}: {}", options_.target, RequestOutcomeName(action.outcome));
  if (action.status != 0) text += fmt::format(" ({} {})", action.status, ReasonPhrase(action.status));
  for (const char* name : {"allow", "supported", "accept", "allow_events", "server", "user_agent"}) {
    if (fields.contains(name))
      text += fmt::format("\n           {}: {}", name, fields[name].get<std::string>());
  }
  tasks_.emplace_back([this, fields = std::move(fields), text = std::move(text), status = action.status,
                       outcome = action.outcome] {
    is_task_over_ = true;
    reporter_->Tell(loop_->Now(), 0, "request", fields, text);
    const ExitCode exit = ExitCodeOf(outcome);
    exit == ExitCode::kOk ? Count(exit) : FailTask(exit, status, RequestOutcomeName(outcome));
  });
}

void Agent::Take(const ua::RequestReceived& action) {
  const MessageView& message = *action.message;
  Json fields = {{"from", HeaderText(&message, HeaderId::kFrom)},
                 {"to", HeaderText(&message, HeaderId::kTo)}};
  fields.update(BodyOf(message));
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  // RFC 3428 7: shown late, and marked.
  const std::optional<std::int64_t> expiry = ExpiryOf(message, now);
  const bool is_expired = expiry && *expiry <= now;
  if (is_expired) fields["expired"] = true;
  if (expiry) fields["expires_in"] = *expiry - now;
  std::string text = fmt::format("{}message from {}: {}", is_expired ? "expired " : "",
                                 HeaderText(&message, HeaderId::kFrom), message.body());
  tasks_.emplace_back([this, call = action.call, fields = std::move(fields), text = std::move(text)] {
    std::uint64_t number = 0;
    for (const auto& [each, one] : calls_) {
      if (!call.is_nil() && one.id == call) number = each;
    }
    reporter_->Tell(loop_->Now(), number, "message", fields, text);
  });
}

void Agent::Take(const ua::Notified& action) {
  const MessageView& message = *action.message;
  Json fields = {{"target", options_.target},
                 {"package", HeaderText(&message, HeaderId::kEvent)},
                 {"state", HeaderText(&message, HeaderId::kSubscriptionState)}};
  fields.update(BodyOf(message));
  std::string text = fmt::format("{} of {}: {}", HeaderText(&message, HeaderId::kEvent), options_.target,
                                 HeaderText(&message, HeaderId::kSubscriptionState));
  if (!message.body().empty()) text += fmt::format("\n{}", message.body());
  const bool is_last = options_.once;
  tasks_.emplace_back(
      [this, fields = std::move(fields), text = std::move(text), is_last, id = action.standalone] {
        reporter_->Tell(loop_->Now(), 0, "notified", fields, text);
        has_notice_ = true;
        if (is_last) (void)Do(ua::input::Withdraw{id});
      });
}

void Agent::Take(const ua::SubscriptionChanged& action) {
  if (options_.task != AgentTask::kSubscribe) {  // a peer's, or of a REFER that came in
    if (action.state == Subscription::State::kOver) {
      tasks_.emplace_back([this, id = action.standalone] {
        std::erase_if(watchers_, [id](const Watcher& watcher) { return watcher.id == id; });
      });
    }
    return;
  }
  tasks_.emplace_back(
      [this, id = action.standalone, state = action.state, status = action.status, until = action.until] {
        const Instant now = loop_->Now();
        Json fields = {{"target", options_.target}, {"state", NameOf(state)}};
        if (status != 0) fields["status"] = status;
        if (until != kNever) {
          fields["expires"] = std::chrono::duration_cast<std::chrono::seconds>(until - now).count();
        }
        std::string text = fmt::format("subscription to {}: {}", options_.target, NameOf(state));
        if (status != 0) text += fmt::format(" ({} {})", status, ReasonPhrase(status));
        reporter_->Tell(now, 0, "subscription", fields, text);
        if (state == Subscription::State::kOver) {
          is_task_over_ = true;
          const bool is_fine = has_notice_ && status < 300;
          const bool is_told = shutdown_end_ != kNever;
          if (is_fine || is_told) return Count(ExitCode::kOk);
          if (totals_.exit == ExitCode::kOk) FailTask(ExitCodeOf(status), status, "not subscribed");
          return;
        }
        // At first a failure is the end, later it is tried again.
        if (state != Subscription::State::kWaiting || has_notice_) return;
        FailTask(ExitCodeOf(status), status, "not subscribed");
        (void)Do(ua::input::Withdraw{id});
      });
}

}  // namespace sansip::cli
