// Publications (RFC 3903 4, 5): PUBLISH requests, the entity-tags of their answers, and the machine that both
// belong to, which is that of registrations.

#include <algorithm>
#include <utility>

#include "sansip/core/message/fields/entity_tag.h"
#include "sansip/core/message/fields/event.h"
#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

Asked UserAgent::Impl::Publish(Instant now, const StandaloneDraft& draft, UserAgentSink& out) {
  if (shut_down_) return {{}, VerbError::kShutDown};
  VerbError error = CheckStandalone(draft, options_.limits, uri_scratch_);
  EventField event;
  const bool has_event = ParseEvent(draft.event, event).ok();
  // 4.2: an initial one has a body; and it would remove nothing.
  const bool has_state = !draft.content.body.empty() && draft.options.expires > 0;
  if (error == VerbError::kNone && (!has_event || !has_state)) error = VerbError::kBadHeader;
  if (!draft.call.is_nil()) error = VerbError::kWrongState;
  if (error != VerbError::kNone) return {{}, error};
  Begin(now, out);
  const StandaloneId id = AddStandalone(Standalone::Kind::kPublication, options_.limits.publications_max);
  if (id.is_nil() || AddSeed(id, draft).is_nil()) {
    Finish();
    return {{}, VerbError::kTooManyCalls};
  }
  Standalone& owner = *standalones_.Find(id);
  owner.publication = Registration(draft.options);
  Perform(id, owner.publication.Start(), 0, nullptr);
  Finish();
  return {id, VerbError::kNone};
}

VerbError UserAgent::Impl::Republish(Instant now, StandaloneId id, const Content& state, UserAgentSink& out) {
  Standalone* const owner = standalones_.Find(id);
  if (owner == nullptr || owner->is_over) return ++counters_.stale_ids, VerbError::kStale;
  const bool is_ending = owner->publication.state() == Registration::State::kRemoving;
  if (owner->kind != Standalone::Kind::kPublication || is_ending) return VerbError::kWrongState;
  const VerbError error = CheckContent(state, options_.limits);
  if (error != VerbError::kNone) return error;
  if (state.body.empty()) return VerbError::kBadHeader;  // 4.4
  Begin(now, out);
  owner->content.Assign(state.body, state.content_type, state.headers);
  owner->is_unsent = true;
  // 4: one at a time; the latest state goes when the answer is here.
  Perform(id, owner->publication.Renew(), 0, nullptr);
  Finish();
  return VerbError::kNone;
}

void UserAgent::Impl::Perform(StandaloneId id, Registration::Action action, int status,
                              const MessageView* message) {
  Standalone& owner = *standalones_.Find(id);
  Registration& machine = owner.publication;
  // 4.5: what has no tag cannot be removed; it is not there.
  if (action == Registration::Action::kRemove && owner.entity_tag.empty()) {
    action = machine.OnAnswer(now_, {.status = status}, random_);
  }
  if (action == Registration::Action::kTell) {
    const bool holds = machine.state() == Registration::State::kRegistered;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(machine.bound_until() - now_);
    Emit(ua::PublicationChanged{id, owner.cookie, message, machine.next_deadline(),
                                holds ? static_cast<std::uint32_t>(left.count()) : 0, status,
                                machine.state()});
    if (machine.state() == Registration::State::kOver) EndStandalone(id, owner);
  }
  ArmStandalone(id, owner);
  const bool sends = action == Registration::Action::kSend || action == Registration::Action::kRemove;
  if (!sends) return SettleStandalone(id);
  ++counters_.publishes_sent;
  if (!StartStandalone(id, MethodName(Method::kPublish), owner.seed)) {
    OnPublishOutcome(id, owner, kUnreached, nullptr);
  }
}

void UserAgent::Impl::OnPublishOutcome(StandaloneId id, Standalone& owner, int status,
                                       const MessageView* response) {
  // RFC 3261 8.1.3.1
  if (status == kNoResponse) status = 408;
  if (status == kUnreached) status = 503;
  Registration& machine = owner.publication;
  Registration::Answer answer{.status = status, .retry_after = std::exchange(owner.retry_after, 0)};
  const bool is_accepted = response != nullptr && status < 300;
  if (!is_accepted && owner.carries_state) owner.is_unsent = true;
  if (is_accepted) {
    answer.granted = SecondsOf(*response, HeaderId::kExpires).value_or(machine.expires());
    const std::string_view value = response->First(HeaderId::kSipEtag).value_or("");
    EntityTag tag;
    // 4.3, 4.4: each answer has a new one. Without it the next PUBLISH can only be an initial one.
    owner.entity_tag.clear();
    if (ParseEntityTag(value, tag).ok() && tag.text.size() <= options_.limits.identity_bytes_max) {
      owner.entity_tag.assign(tag.text);
    }
  } else if (response != nullptr) {
    answer.min_expires = SecondsOf(*response, HeaderId::kMinExpires);
  }
  if (status == 412 && !std::exchange(owner.entity_tag, {}).empty() &&
      machine.state() == Registration::State::kSending) {
    // 5: the state is gone; it is published anew, without the tag.
    return Perform(id, Registration::Action::kSend, status, response);
  }
  Perform(id, machine.OnAnswer(now_, answer, random_), status, response);
}

}  // namespace sansip
