// `sansip answer --publish-events`: states that peers publish (RFC 3903) are told to those that subscribe to
// them (RFC 6665). Of several publications for one resource the latest is the state.
#include <algorithm>
#include <string>

#include "fmt/core.h"
#include "nlohmann/json.hpp"
#include "sansip/cli/agent.h"
#include "sansip/core/uri/sip_uri.h"

namespace sansip::cli {

void Agent::Take(const ua::EventStateChanged& action) {
  EventState state{.resource = std::string(action.resource), .event = std::string(action.event)};
  const bool is_over =
      action.change == EventStateChange::kRemoved || action.change == EventStateChange::kExpired;
  const bool has_body = action.message != nullptr && !action.message->body().empty();
  if (has_body) {
    state.content_type = action.message->First(HeaderId::kContentType).value_or("");
    state.body = action.message->body();
  }
  nlohmann::ordered_json fields = {{"resource", state.resource},
                                   {"package", state.event},
                                   {"change", EventStateChangeName(action.change)}};
  if (!is_over) fields["expires"] = action.expires;
  if (has_body) {
    fields["content_type"] = state.content_type;
    fields["body"] = state.body;
  }
  const std::string text =
      fmt::format("{} of {}: {}", state.event, state.resource, EventStateChangeName(action.change));
  tasks_.emplace_back([this, id = action.state.value(), is_over, has_body, state = std::move(state),
                       fields = std::move(fields), text] {
    reporter_->Tell(loop_->Now(), 0, "event_state", fields, text);
    if (is_over) event_states_.erase(id);
    if (has_body) {
      event_states_[id] = state;
      event_states_[id].order = ++event_changes_;
    }
    if (is_over || has_body) TellWatchers(state.resource, state.event);
  });
}

void Agent::Take(const ua::SubscriptionRequested& action) {
  if (action.is_refresh) return;  // its NOTIFY says what the last one did
  Watcher watcher{.id = action.standalone,
                  .resource = std::string(action.message->request_uri()),
                  .event = std::string(action.event.substr(0, action.event.find(';')))};
  tasks_.emplace_back([this, watcher = std::move(watcher)] {
    std::erase_if(watchers_, [this](const Watcher& one) { return !user_agent_.FindStandalone(one.id); });
    watchers_.push_back(watcher);
    TellWatcher(watcher);
  });
}

void Agent::TellWatchers(const std::string& resource, const std::string& event) {
  for (const Watcher& watcher : watchers_) {
    if (watcher.event == event && EquivalentUris(watcher.resource, resource)) TellWatcher(watcher);
  }
}

// A watcher that does not take the body's type hears that there is a subscription, and no more.
void Agent::TellWatcher(const Watcher& watcher) {
  NotifyDraft draft;
  draft.state = Substate::kActive;
  const EventState* latest = nullptr;
  for (const auto& [id, state] : event_states_) {
    if (state.event != watcher.event || !EquivalentUris(watcher.resource, state.resource)) continue;
    if (latest == nullptr || state.order > latest->order) latest = &state;
  }
  if (latest != nullptr) draft.content = {.body = latest->body, .content_type = latest->content_type};
  if (Do(ua::input::Notify{watcher.id, draft}).error != VerbError::kBadHeader) return;
  draft.content = {};
  (void)Do(ua::input::Notify{watcher.id, draft});
}

}  // namespace sansip::cli
