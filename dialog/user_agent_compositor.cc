// PUBLISH requests of peers (RFC 3903 6), answered at once.

#include "sansip/core/message/fields/event.h"
#include "sansip/core/message/fields/list.h"
#include "sansip/core/message/option_list.h"
#include "sansip/dialog/user_agent_check.h"
#include "sansip/dialog/user_agent_impl.h"

namespace sansip {

std::string AllEvents(std::string_view events, std::string_view published) {
  std::string all(events);
  while (!published.empty()) {
    const std::string_view one = TakeListed(published);
    if (!IsServed(all, one)) all.append(all.empty() ? "" : ", ").append(one);
  }
  return all;
}

void UserAgent::Impl::OnPublish(TransactionId id, const MessageView& request) {
  if (shut_down_) return Refuse(id, 503);
  const std::string_view resource = request.request_uri();
  if (options_.publishes != nullptr && !options_.publishes(resource)) return Refuse(id, 404);  // step 1
  EventField event;
  if (!ParseEvent(request.First(HeaderId::kEvent).value_or(""), event).ok() ||
      !IsServed(options_.published_events, event.type)) {  // step 2
    ++counters_.refused_events;
    return Refuse(id, 489, HeaderId::kAllowEvents, allow_events_);
  }
  PublishFacts facts{.resource = resource,
                     .event = event.type,
                     .expires = SecondsOf(request, HeaderId::kExpires),
                     .has_body = !request.body().empty()};
  ElementsOf tags(request, HeaderId::kSipIfMatch);
  std::string_view tag, another;
  if (request.Has(HeaderId::kSipIfMatch)) {  // step 3
    if (!tags.Next(tag) || tags.Next(another) || !IsToken(tag)) return Refuse(id, 400);
    facts.if_match = tag;
  }
  if (resource.size() > options_.limits.identity_bytes_max) return Refuse(id, 414);
  const Compositor::Outcome outcome = compositor_.OnPublish(now_, facts, random_);
  draft_.Clear();
  switch (outcome.status) {
    case 200:
      break;
    case 423:
      ++counters_.refused_events;
      draft_.Compose(HeaderId::kMinExpires, options_.event_expires_min);
      return RespondInAnyCase(id, 423);
    case 503:
      ++counters_.refused_limit;
      return Refuse(id, 503, HeaderId::kRetryAfter, "60");
    default:
      return Refuse(id, outcome.status);
  }
  ++counters_.publishes_received;
  draft_.Compose(HeaderId::kExpires, outcome.expires);
  draft_.Add(HeaderId::kSipEtag, outcome.entity_tag);
  RespondInAnyCase(id, 200);
  if (outcome.state.is_nil()) return;  // it never was
  Emit(
      ua::EventStateChanged{outcome.state, &request, resource, facts.event, outcome.expires, outcome.change});
}

}  // namespace sansip
